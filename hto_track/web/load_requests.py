"""Asking for room that others decide on, and answering it."""

from contextlib import suppress
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.models.load import RequestState
from hto_track.services import load_requests as service
from hto_track.services.enrolments import own_enrolment
from hto_track.services.load_requests import Asked
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_whole
from hto_track.web.pictures.load_requests import requests_page
from hto_track.web.sent_forms import render_refused, sent_form


def ask() -> ResponseReturnValue:
    """Ask for an extension, or for hours of release."""
    actor = signed_in_actor()
    asked = Asked(
        code=request.form.get("opdracht"),
        due_on=_date(request.form.get("tot", "")),
        monday=_date(request.form.get("week", "")),
        minutes=parse_whole(request.form.get("minuten", "")),
        note=request.form.get("toelichting", ""),
    )
    try:
        service.ask(actor, own_enrolment(actor), asked, clock.today(), sent_form())
    except Refused as refused:
        say_refused(refused)
        return redirect(url_for("ahead.mine"))
    say_done(_("You asked for it. You get a mail when there is an answer."))
    return redirect(url_for("ahead.mine", _anchor="gevraagd"))


def withdraw(request_id: int) -> ResponseReturnValue:
    """Take back what was asked."""
    actor = signed_in_actor()
    try:
        service.withdraw_request(actor, own_enrolment(actor), request_id, clock.today())
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(_("Taken back. Nobody has to answer it any more."))
    return redirect(url_for("ahead.mine"))


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """What the people of a cohort ask."""
    asked = service.requests_to_answer(signed_in_actor(), cohort_code, clock.today())
    return render_template("load_requests/of_cohort.html", page=requests_page(asked), errors={})


def answer(cohort_code: str, request_id: int) -> ResponseReturnValue:
    """Grant or refuse a request."""
    actor, on = signed_in_actor(), clock.today()
    grant, said = request.form.get("antwoord") == "ja", request.form.get(f"answer-{request_id}", "")
    try:
        view = service.answer_request(actor, cohort_code, request_id, grant=grant, said=said, on=on, form=sent_form())
    except Refused as refused:
        asked = service.requests_to_answer(actor, cohort_code, on)
        page = requests_page(asked, {request_id: said})
        return render_refused("load_requests/of_cohort.html", page=page, errors=errors_by_field(refused))
    key = request.form.get("key", "")
    said_done = (
        _("%(name)s gets it, and gets a mail in ten minutes.", name=view.given_name)
        if view.state is RequestState.GRANTED
        else _("%(name)s gets your answer by mail in ten minutes.", name=view.given_name)
    )
    say_done(said_done, undo_url=url_for("load_requests.undo", cohort_code=cohort_code, form_key=key) if key else None)
    return redirect(url_for("load_requests.of_cohort", cohort_code=cohort_code))


def undo(cohort_code: str, form_key: str) -> ResponseReturnValue:
    """Take an answer back."""
    try:
        service.undo_answer(signed_in_actor(), cohort_code, form_key, clock.today())
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(_("Your answer is taken back."))
    return redirect(url_for("load_requests.of_cohort", cohort_code=cohort_code))


def _date(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
