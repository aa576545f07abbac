"""Assignments: what waits for assessment, and assessing it."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignment_lists import (
    Assessable,
    AssignmentToAssess,
    assignment_to_assess,
    cohort_assignments,
)
from hto_track.services.assignments import Assessment, assess_attempt, exempt_from_assignment, record_submission
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date, parse_whole
from hto_track.web.pictures.assignments import AssessPage, assess_page, assignment_page, assignments_page
from hto_track.web.sent_forms import render_refused, sent_form


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """The assignments of a cohort, with how many wait."""
    known = cohort_assignments(signed_in_actor(), cohort_code, clock.today())
    return render_template("assignments/of_cohort.html", page=assignments_page(known))


def assignment(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    """An assignment with everyone's work, what waits first."""
    known = assignment_to_assess(signed_in_actor(), cohort_code, assignment_code, clock.today())
    return render_template("assignments/assignment.html", page=assignment_page(known))


def work(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Someone's work, to be assessed."""
    page = _page(cohort_code, assignment_code, participant_code)
    return render_template("assignments/work.html", page=page, errors={}, refused="")


def assess(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Assess the attempt that the form shows."""
    actor, on = signed_in_actor(), clock.today()
    _require_there(cohort_code, assignment_code, participant_code)
    try:
        assess_attempt(actor, participant_code, assignment_code, _assessment(on), on, sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, assignment_code, participant_code, "assess")
    say_done(_("The assessment is saved."))
    return _to_list(cohort_code, assignment_code)


def submission(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Record that work was handed in."""
    actor, on = signed_in_actor(), clock.today()
    _require_there(cohort_code, assignment_code, participant_code)
    try:
        submitted_on = _date("submitted_on", on)
        record_submission(actor, participant_code, assignment_code, submitted_on, on, sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, assignment_code, participant_code, "submission")
    say_done(_("Noted: handed in."))
    return _to_list(cohort_code, assignment_code)


def exempt(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Exempt someone from an assignment."""
    actor, on, reason = signed_in_actor(), clock.today(), request.form.get("reason", "")
    _require_there(cohort_code, assignment_code, participant_code)
    try:
        exempt_from_assignment(actor, participant_code, assignment_code, reason, on, sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, assignment_code, participant_code, "exemption")
    say_done(_("The exemption is saved."))
    return _to_list(cohort_code, assignment_code)


def _page(cohort_code: str, assignment_code: str, participant_code: str) -> AssessPage:
    known, person = _require_there(cohort_code, assignment_code, participant_code)
    return assess_page(known, person, clock.today(), request.form)


def _require_there(
    cohort_code: str, assignment_code: str, participant_code: str
) -> tuple[AssignmentToAssess, Assessable]:
    """Someone's work at its address; NotFound when they are not in that cohort, of which the services are not told."""
    known = assignment_to_assess(signed_in_actor(), cohort_code, assignment_code, clock.today())
    person = next((person for person in known.people if person.member.code == participant_code), None)
    if person is None:
        raise NotFound(f"There is no participant {participant_code} in cohort {cohort_code}")
    return known, person


def _refused(
    refused: Refused, cohort_code: str, assignment_code: str, participant_code: str, form: str
) -> ResponseReturnValue:
    page = _page(cohort_code, assignment_code, participant_code)
    return render_refused("assignments/work.html", page=page, errors=errors_by_field(refused), refused=form)


def _to_list(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    return redirect(url_for("assignments.assignment", cohort_code=cohort_code, assignment_code=assignment_code))


def _assessment(on: date) -> Assessment:
    """The assessment that the form says; Refused with everything in it that cannot be read."""
    refusals: list[Refusal] = []
    dates: dict[str, date | None] = {}
    for name in ("assessed_on", "submitted_on", "resit_due_on"):
        try:
            dates[name] = _date(name, on) if name == "assessed_on" or request.form.get(name, "").strip() else None
        except Refused as refused:
            refusals.extend(refused.refusals)
    attempt, outcome = parse_whole(request.form.get("attempt", "")), request.form.get("outcome", "")
    if outcome not in (AttemptOutcome.PASSED, AttemptOutcome.FAILED):
        refusals.append(Refusal(message=_("Choose passed or failed."), field="outcome"))
    if refusals or attempt is None:
        raise Refused(refusals or [Refusal(message=_("The attempts changed meanwhile. Open the page again and look."))])
    return Assessment(
        attempt=attempt,
        outcome=AttemptOutcome(outcome),
        assessed_on=dates["assessed_on"] or on,
        resit_due_on=dates["resit_due_on"],
        submitted_on=dates["submitted_on"],
    )


def _date(name: str, on: date) -> date:
    typed = parse_date(request.form.get(name, ""), on)
    if typed is None:
        raise Refused([Refusal(message=_("Fill in a date like 17-11-2026"), field=name)])
    return typed
