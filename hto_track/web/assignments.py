"""Assignments: what waits for assessment, and assessing it."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assessment_changes import (
    Correction,
    Remark,
    correct_assessment,
    remark_on_attempt,
    undo_form,
)
from hto_track.services.assignment_lists import (
    Assessable,
    AssignmentToAssess,
    assignment_to_assess,
    cohort_assignments,
)
from hto_track.services.assignments import Assessment, assess_attempt, exempt_from_assignment, record_submission
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date, parse_whole
from hto_track.web.pictures.assignments import BUTTONS, AssessPage, assess_page, assignments_page, verdict
from hto_track.web.pictures.class_screen import ClassPage, class_page
from hto_track.web.pictures.class_screen import Refusal as RowRefusal
from hto_track.web.sent_forms import render_refused, sent_form


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """The assignments of a cohort, with how many wait."""
    known = cohort_assignments(signed_in_actor(), cohort_code, clock.today())
    return render_template("assignments/of_cohort.html", page=assignments_page(known))


def assignment(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    """An assignment with everyone's work, what waits first."""
    page = _class_page(cohort_code, assignment_code, focus=request.args.get("rij", ""))
    return render_template("assignments/assignment.html", page=page, errors={})


def judge(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Assess from the class screen, with one click: the attempt that the row shows, today."""
    actor, on, typed = signed_in_actor(), clock.today(), request.form
    _known, person = _require_there(cohort_code, assignment_code, participant_code)
    outcome, attempt = typed.get("outcome", ""), parse_whole(typed.get("attempt", ""))
    try:
        if outcome not in BUTTONS or attempt is None:
            raise refuse(_("Choose passed or failed."), "outcome")
        assessment = Assessment(
            attempt=attempt,
            outcome=AttemptOutcome(outcome),
            assessed_on=on,
            feedback=typed.get("feedback"),
            seen_work=parse_whole(typed.get("work", "")),
        )
        assess_attempt(actor, participant_code, assignment_code, assessment, on, sent_form())
    except Refused as refused:
        return _row_refused(refused, cohort_code, assignment_code, participant_code)
    said = _("%(name)s: %(outcome)s.", name=person.member.name, outcome=verdict(AttemptOutcome(outcome)).lower())
    say_done(said, undo_url=_undo_url(cohort_code, assignment_code))
    return _to_list(cohort_code, assignment_code, participant_code)


def undo(cohort_code: str, assignment_code: str, form_key: str) -> ResponseReturnValue:
    """Take back what a form did to an attempt."""
    try:
        undo_form(signed_in_actor(), cohort_code, assignment_code, form_key)
        say_done(_("Undone."))
    except Refused as refused:
        say_refused(refused)
    return _to_list(cohort_code, assignment_code)


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
    say_done(_("The assessment is saved."), undo_url=_undo_url(cohort_code, assignment_code))
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
    say_done(_("Noted: handed in."), undo_url=_undo_url(cohort_code, assignment_code))
    return _to_list(cohort_code, assignment_code)


def exempt(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Exempt someone from an assignment."""
    actor, on, reason = signed_in_actor(), clock.today(), request.form.get("reason", "")
    _require_there(cohort_code, assignment_code, participant_code)
    try:
        exempt_from_assignment(actor, participant_code, assignment_code, reason, on, sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, assignment_code, participant_code, "exemption")
    say_done(_("The exemption is saved."), undo_url=_undo_url(cohort_code, assignment_code))
    return _to_list(cohort_code, assignment_code)


def remark(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Store the feedback of an assessed attempt, and when it is to be done again."""
    actor, on, typed = signed_in_actor(), clock.today(), request.form
    _require_there(cohort_code, assignment_code, participant_code)
    try:
        said = Remark(
            attempt=_attempt(),
            seen=typed.get("seen", ""),
            feedback=typed.get("feedback"),
            resit_due_on=_date("resit_due_on", on) if typed.get("resit_due_on", "").strip() else None,
        )
        remark_on_attempt(actor, participant_code, assignment_code, said, sent_form())
    except Refused as refused:
        return _refused(refused, cohort_code, assignment_code, participant_code, "remark")
    say_done(_("Saved."))
    return _to_work(cohort_code, assignment_code, participant_code)


def correct(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    """Put an assessment right that was a mistake: from its own page, or where two assessed the same work."""
    actor, typed = signed_in_actor(), request.form
    _require_there(cohort_code, assignment_code, participant_code)
    to, is_from_list = typed.get("to"), typed.get("from") == "list"
    try:
        if to not in ("", *BUTTONS):
            raise refuse(_("Choose what it should have been."), "to")
        outcome = AttemptOutcome(to) if to else None
        correction = Correction(
            attempt=_attempt(), seen=typed.get("seen", ""), outcome=outcome, reason=typed.get("why", "")
        )
        correct_assessment(actor, participant_code, assignment_code, correction, sent_form())
    except Refused as refused:
        if is_from_list:
            return _row_refused(refused, cohort_code, assignment_code, participant_code)
        return _refused(refused, cohort_code, assignment_code, participant_code, "correction")
    say_done(_("The assessment is put right."))
    if is_from_list:
        return _to_list(cohort_code, assignment_code, participant_code)
    return _to_work(cohort_code, assignment_code, participant_code)


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


def _class_page(
    cohort_code: str, assignment_code: str, *, focus: str = "", refusal: RowRefusal | None = None
) -> ClassPage:
    on = clock.today()
    known = assignment_to_assess(signed_in_actor(), cohort_code, assignment_code, on)
    return class_page(known, on, focus=focus, refusal=refusal)


def _row_refused(
    refused: Refused, cohort_code: str, assignment_code: str, participant_code: str
) -> ResponseReturnValue:
    sentence = next(iter(errors_by_field(refused).values()))
    refusal = RowRefusal(participant=participant_code, sentence=sentence, typed=request.form)
    page = _class_page(cohort_code, assignment_code, refusal=refusal)
    return render_refused("assignments/assignment.html", page=page, errors={participant_code: sentence})


def _undo_url(cohort_code: str, assignment_code: str) -> str | None:
    key = request.form.get("key", "")
    if not key:
        return None
    return url_for("assignments.undo", cohort_code=cohort_code, assignment_code=assignment_code, form_key=key)


def _to_list(cohort_code: str, assignment_code: str, row: str = "") -> ResponseReturnValue:
    """The class screen; of a row that is replaced in place the focus stays in it."""
    asked = row if row and request.headers.get("HX-Request") else None
    address = url_for("assignments.assignment", cohort_code=cohort_code, assignment_code=assignment_code, rij=asked)
    return redirect(address)


def _to_work(cohort_code: str, assignment_code: str, participant_code: str) -> ResponseReturnValue:
    return redirect(
        url_for(
            "assignments.work",
            cohort_code=cohort_code,
            assignment_code=assignment_code,
            participant_code=participant_code,
        )
    )


def _attempt() -> int:
    number = parse_whole(request.form.get("attempt", ""))
    if number is None:
        raise refuse(_("The attempts changed meanwhile. Open the page again and look."))
    return number


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
        feedback=request.form.get("feedback"),
        seen_work=parse_whole(request.form.get("work", "")),
    )


def _date(name: str, on: date) -> date:
    typed = parse_date(request.form.get(name, ""), on)
    if typed is None:
        raise Refused([Refusal(message=_("Fill in a date like 17-11-2026"), field=name)])
    return typed
