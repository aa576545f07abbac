"""Closing interviews: planning an evening, moving and cancelling, and what came of them."""

from datetime import time

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from hto_track import clock
from hto_track.services.final_assessments import (
    InterviewPlan,
    cancel_interview,
    cohort_interviews,
    move_interview,
    plan_interviews,
    preview_interviews,
    undo_cancelling,
)
from hto_track.services.final_outcomes import InterviewOutcome, record_interview, undo_recording
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date, parse_time, parse_whole
from hto_track.web.pictures.interviews import RESULTS, InterviewPage, interview_page, interviews_page, preview_page
from hto_track.web.sent_forms import render_refused, sent_form

Typed = MultiDict[str, str]


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """Who of a cohort is ready, who has an appointment, and of whom the outcome is asked."""
    actor = signed_in_actor()
    page = interviews_page(cohort_interviews(actor, cohort_code, clock.today()), actor.name)
    return render_template("interviews/of_cohort.html", page=page, errors={})


def preview(cohort_code: str) -> ResponseReturnValue:
    """The evening as it would be: nothing is stored, and nobody is told."""
    actor, on, typed = signed_in_actor(), clock.today(), request.args
    known = cohort_interviews(actor, cohort_code, on)
    try:
        plan = _plan(typed)
        slots = preview_interviews(actor, cohort_code, plan, typed.getlist("wie"), on)
    except Refused as refused:
        return _plan_refused(refused, cohort_code, typed)
    page = preview_page(known, slots, plan.planned_on, typed)
    return render_template("interviews/preview.html", page=page)


def plan(cohort_code: str) -> ResponseReturnValue:
    """Plan the evening, and tell each of theirs."""
    actor, on, typed = signed_in_actor(), clock.today(), request.form
    try:
        slots = plan_interviews(actor, cohort_code, _plan(typed), typed.getlist("wie"), on, sent_form())
    except Refused as refused:
        return _plan_refused(refused, cohort_code, typed)
    say_done(ngettext("%(num)s interview is planned.", "%(num)s interviews are planned.", len(slots)))
    return _to_list(cohort_code)


def of_participant(cohort_code: str, participant_code: str) -> ResponseReturnValue:
    """One participant: the appointment, what came of interviews, and the forms."""
    page = _page(cohort_code, participant_code)
    return render_template("interviews/of_participant.html", page=page, errors={}, refused="")


def move(cohort_code: str, participant_code: str) -> ResponseReturnValue:
    """Give an appointment another day, time, place or assessors."""
    actor, on, typed = signed_in_actor(), clock.today(), request.form
    _page(cohort_code, participant_code)
    try:
        move_interview(actor, participant_code, typed.get("seen", ""), _plan(typed), on, sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, participant_code, "move")
    say_done(_("The appointment is saved."))
    return _to_list(cohort_code)


def cancel(cohort_code: str, participant_code: str) -> ResponseReturnValue:
    """Cancel an appointment."""
    _page(cohort_code, participant_code)
    try:
        cancel_interview(signed_in_actor(), participant_code, request.form.get("seen", ""), sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, participant_code, "cancel")
    key = request.form.get("key")
    undo_url = url_for("interviews.undo_cancel", cohort_code=cohort_code, form_key=key) if key else None
    say_done(_("The appointment is cancelled."), undo_url=undo_url)
    return _to_list(cohort_code)


def undo_cancel(cohort_code: str, form_key: str) -> ResponseReturnValue:
    """Give back the appointment that a form cancelled."""
    try:
        undo_cancelling(signed_in_actor(), cohort_code, form_key)
        say_done(_("Undone."))
    except Refused as refused:
        say_refused(refused)
    return _to_list(cohort_code)


def record(cohort_code: str, participant_code: str) -> ResponseReturnValue:
    """Record what came of an interview."""
    actor, on = signed_in_actor(), clock.today()
    _page(cohort_code, participant_code)
    try:
        record_interview(actor, participant_code, _outcome(), on, sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, participant_code, "record")
    key = request.form.get("key")
    undo_url = url_for("interviews.undo_record", cohort_code=cohort_code, form_key=key) if key else None
    say_done(_("The outcome is saved."), undo_url=undo_url)
    return _to_list(cohort_code)


def undo_record(cohort_code: str, form_key: str) -> ResponseReturnValue:
    """Take back the outcome that a form recorded."""
    try:
        undo_recording(signed_in_actor(), cohort_code, form_key)
        say_done(_("Undone."))
    except Refused as refused:
        say_refused(refused)
    return _to_list(cohort_code)


def _page(cohort_code: str, participant_code: str) -> InterviewPage:
    actor = signed_in_actor()
    known = cohort_interviews(actor, cohort_code, clock.today())
    person = next((each for each in known.candidates if each.person.member.code == participant_code), None)
    if person is None:
        raise NotFound(f"There is no participant {participant_code} in cohort {cohort_code}")
    return interview_page(known, person, actor.name, request.form)


def _refused(refused: Refused, cohort_code: str, participant_code: str, form: str) -> ResponseReturnValue:
    return render_refused(
        "interviews/of_participant.html",
        page=_page(cohort_code, participant_code),
        errors=errors_by_field(refused),
        refused=form,
    )


def _plan_refused(refused: Refused, cohort_code: str, typed: Typed) -> ResponseReturnValue:
    actor = signed_in_actor()
    known = cohort_interviews(actor, cohort_code, clock.today())
    page = interviews_page(known, actor.name, typed, typed.getlist("wie"))
    return render_refused("interviews/of_cohort.html", page=page, errors=errors_by_field(refused))


def _to_list(cohort_code: str) -> ResponseReturnValue:
    return redirect(url_for("interviews.of_cohort", cohort_code=cohort_code))


def _plan(typed: Typed) -> InterviewPlan:
    """The plan that a form says; Refused with everything in it that cannot be read."""
    planned_on = parse_date(typed.get("planned_on", ""), clock.today())
    starts_at, minutes = parse_time(typed.get("starts_at", "")), parse_whole(typed.get("minutes", ""))
    refusals = []
    if planned_on is None:
        refusals.append(Refusal(message=_("Fill in a date like 17-11-2026"), field="planned_on"))
    if starts_at is None:
        refusals.append(Refusal(message=_("Fill in a time like 18.30"), field="starts_at"))
    if minutes is None:
        refusals.append(Refusal(message=_("Fill in how many minutes one takes, for example 45"), field="minutes"))
    if planned_on is None or starts_at is None or minutes is None:
        raise Refused(refusals)
    return InterviewPlan(
        planned_on=planned_on,
        starts_at=time(starts_at.hour, starts_at.minute),
        minutes=minutes,
        location=typed.get("location"),
        assessors=typed.get("assessors"),
    )


def _outcome() -> InterviewOutcome:
    typed, on = request.form, clock.today()
    result, held_on = RESULTS.get(typed.get("result", "")), parse_date(typed.get("held_on", ""), on)
    refusals = []
    if result is None:
        refusals.append(Refusal(message=_("Choose what came of it."), field="result"))
    if held_on is None:
        refusals.append(Refusal(message=_("Fill in a date like 17-11-2026"), field="held_on"))
    if result is None or held_on is None:
        raise Refused(refusals)
    _words, passed, resit_allowed = result
    return InterviewOutcome(held_on=held_on, passed=passed, resit_allowed=resit_allowed, assessor=typed.get("assessor"))
