"""A missed lesson that was made up: when and where."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services.make_ups import MakeUpAsked, make_up_form, record_make_up
from hto_track.services.refusals import Refusal, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.forms import errors_by_field
from hto_track.web.lessons import back_to_list, mark_said
from hto_track.web.parsing import parse_date, parse_whole
from hto_track.web.pictures.make_ups import OTHERWISE, make_up_page
from hto_track.web.sent_forms import render_refused, sent_form


def ask(cohort_code: str, lesson_number: int, participant_code: str) -> ResponseReturnValue:
    """The form."""
    on = clock.today()
    asked = make_up_form(signed_in_actor(), cohort_code, lesson_number, participant_code, on)
    return render_template("lessons/make_up.html", page=make_up_page(asked, on), errors={})


def save(cohort_code: str, lesson_number: int, participant_code: str) -> ResponseReturnValue:
    """Mark the lesson made up."""
    actor, on = signed_in_actor(), clock.today()
    try:
        recorded = record_make_up(actor, cohort_code, lesson_number, participant_code, _asked(), on, sent_form())
    except Refused as refused:
        asked = make_up_form(actor, cohort_code, lesson_number, participant_code, on)
        errors = {("" if name == participant_code else name): text for name, text in errors_by_field(refused).items()}
        page = make_up_page(asked, on, request.form)
        return render_refused("lessons/make_up.html", page=page, errors=errors)
    return back_to_list(cohort_code, lesson_number, recorded)


def _asked() -> MakeUpAsked:
    """What the form says; Refused for a date or a lesson that cannot be read."""
    seen = mark_said(request.form.get("seen", ""))
    at = request.form.get("at", OTHERWISE)
    if at == OTHERWISE:
        return MakeUpAsked(seen=seen, on=_date())
    # A number that is none is no lesson of the list: the service says so.
    return MakeUpAsked(seen=seen, at_lesson_id=parse_whole(at) or 0)


def _date() -> date | None:
    typed = request.form.get("on", "").strip()
    found = parse_date(typed, clock.today())
    if typed and found is None:
        raise Refused([Refusal(message=_("Fill in a date, such as 17-11-2026."), field="on")])
    return found
