"""The diploma: the participant's requirements, what the college awards, the document, and the register."""

from datetime import date

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services.diploma import award_diploma, revoke_diploma
from hto_track.services.diploma_register import cohort_diplomas, issued_document
from hto_track.services.refusals import NotFound, Refused, refuse
from hto_track.services.standings import own_standing, participant_standing
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date
from hto_track.web.pictures.diploma import AwardPage, award_page, diplomas_page, own_diploma
from hto_track.web.sent_forms import render_refused, sent_form


def mine() -> ResponseReturnValue:
    """What the diploma still asks of the participant who is signed in."""
    standing = own_standing(signed_in_actor(), clock.today())
    return render_template("diploma/mine.html", page=own_diploma(standing))


def document(register_number: str) -> ResponseReturnValue:
    """The diploma as it was issued."""
    award = issued_document(signed_in_actor(), register_number)
    return Response(
        award.document,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="diploma-{award.register_number}.pdf"'},
    )


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """Who of a cohort can be awarded, who was, and who is on the way."""
    known = cohort_diplomas(signed_in_actor(), cohort_code, clock.today())
    return render_template("diploma/of_cohort.html", page=diplomas_page(known))


def candidate(cohort_code: str, participant_code: str) -> ResponseReturnValue:
    """One participant: the requirements, the register, and the forms to award and to revoke."""
    page = _page(cohort_code, participant_code)
    return render_template("diploma/candidate.html", page=page, errors={}, refused="")


def award(cohort_code: str, participant_code: str) -> ResponseReturnValue:
    """Award the diploma, in the reader's own name."""
    actor = signed_in_actor()
    try:
        on, ground = _date("on"), request.form.get("ground")
        awarded = award_diploma(actor, cohort_code, participant_code, on, actor.email, ground, sent_form())
    except Refused as refused:
        page = _page(cohort_code, participant_code)
        return render_refused("diploma/candidate.html", page=page, errors=errors_by_field(refused), refused="award")
    say_done(_("Diploma %(number)s is awarded to %(name)s.", number=awarded.register_number, name=awarded.holder))
    return redirect(url_for("diploma.candidate", cohort_code=cohort_code, participant_code=participant_code))


def revoke(cohort_code: str, participant_code: str) -> ResponseReturnValue:
    """Revoke the diploma in force, with a reason."""
    actor = signed_in_actor()
    try:
        on, reason = _date("revoked_on"), request.form.get("reason", "")
        revoked = revoke_diploma(actor, cohort_code, participant_code, on, actor.email, reason, sent_form())
    except Refused as refused:
        errors = errors_by_field(refused)
        if "on" in errors:
            errors["revoked_on"] = errors.pop("on")
        page = _page(cohort_code, participant_code)
        return render_refused("diploma/candidate.html", page=page, errors=errors, refused="revoke")
    say_done(_("Diploma %(number)s is revoked.", number=revoked.register_number))
    return redirect(url_for("diploma.candidate", cohort_code=cohort_code, participant_code=participant_code))


def _page(cohort_code: str, participant_code: str) -> AwardPage:
    actor, on = signed_in_actor(), clock.today()
    known = cohort_diplomas(actor, cohort_code, on)
    person = next((person for person in known.candidates if person.member.code == participant_code), None)
    if person is None:
        raise NotFound(f"There is no participant {participant_code} in cohort {cohort_code}")
    return award_page(known, person, participant_standing(actor, participant_code, on), request.form)


def _date(name: str) -> date:
    typed = parse_date(request.form.get(name, ""), clock.today())
    if typed is None:
        raise refuse(_("Fill in a date like 17-11-2026"), name)
    return typed
