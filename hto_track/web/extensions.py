"""A due date of somebody's own: the form to give one, change it or take it back."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.formats import day_year
from hto_track.services.extensions import extend_due_date, extension_of, withdraw_extension
from hto_track.services.refusals import Refused, refuse
from hto_track.web.access import safe_next, signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date
from hto_track.web.pictures.extensions import extension_page
from hto_track.web.sent_forms import render_refused, sent_form


def form(participant_code: str, assignment_code: str) -> ResponseReturnValue:
    """Someone's due date, and the form for another one."""
    known = extension_of(signed_in_actor(), participant_code, assignment_code, clock.today())
    page = extension_page(known, {"next": request.args.get("next", "")})
    return render_template("extensions/form.html", page=page, errors={})


def save(participant_code: str, assignment_code: str) -> ResponseReturnValue:
    """Give the extension that the form says."""
    actor, on = signed_in_actor(), clock.today()
    reason = request.form.get("reason", "")
    try:
        due_on = _due_on(on)
        given = extend_due_date(actor, participant_code, assignment_code, due_on, reason, _seen(), on, sent_form())
    except Refused as refused:
        return _refused(participant_code, assignment_code, refused)
    say_done(
        _(
            "%(name)s has until %(day)s for %(assignment)s and gets a mail.",
            name=given.member.given_name,
            day=day_year(due_on),
            assignment=assignment_code,
        )
    )
    return _back(participant_code)


def withdraw(participant_code: str, assignment_code: str) -> ResponseReturnValue:
    """Take an extension back."""
    try:
        known = withdraw_extension(signed_in_actor(), participant_code, assignment_code, _seen(), clock.today())
    except Refused as refused:
        return _refused(participant_code, assignment_code, refused)
    day = day_year(known.usual_due_on)
    say_done(
        _("The extension is withdrawn: %(assignment)s is due on %(day)s again.", assignment=assignment_code, day=day)
    )
    return _back(participant_code)


def _refused(participant_code: str, assignment_code: str, refused: Refused) -> ResponseReturnValue:
    known = extension_of(signed_in_actor(), participant_code, assignment_code, clock.today())
    page = extension_page(known, request.form)
    return render_refused("extensions/form.html", page=page, errors=errors_by_field(refused))


def _back(participant_code: str) -> ResponseReturnValue:
    usual = url_for("own_assignments.of_participant", participant_code=participant_code)
    return redirect(safe_next(request.form.get("next") or usual))


def _due_on(on: date) -> date:
    typed = parse_date(request.form.get("due_on", ""), on)
    if typed is None:
        raise refuse(_("Fill in a date like 17-11-2026"), "due_on")
    return typed


def _seen() -> date | None:
    """The extension that the form was shown with."""
    try:
        return date.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        return None
