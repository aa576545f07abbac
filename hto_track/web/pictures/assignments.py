"""Assignments as teachers assess them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.formats import day, day_numeric, day_plain
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignment_lists import Assessable, AssignmentToAssess, CohortAssignments
from hto_track.services.assignments import AttemptView
from hto_track.web.sent_forms import new_key

STATES: dict[AssignmentState, tuple[Any, str, str]] = {
    AssignmentState.SUBMITTED: (_l("Waits for you"), "warn", "inbox"),
    AssignmentState.PASSED: (_l("Passed"), "ok", "check"),
    AssignmentState.EXEMPT: (_l("Exempt"), "ok", "check"),
    AssignmentState.FAILED: (_l("No attempts left"), "bad", "circle-alert"),
    AssignmentState.OVERDUE: (_l("Not handed in yet"), "warn", "clock"),
    AssignmentState.RESIT: (_l("Resit"), "warn", "history"),
    AssignmentState.OPEN: (_l("Open"), "", "minus"),
}
OUTCOMES: dict[AttemptOutcome, Any] = {
    AttemptOutcome.PASSED: _l("Passed"),
    AttemptOutcome.FAILED: _l("Not passed"),
    AttemptOutcome.EXEMPT: _l("Exempt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentLine:
    """An assignment in the list of a cohort."""

    code: str
    title: str
    details: str
    state: str
    state_class: str
    state_icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentsPage:
    """The assignments of a cohort."""

    cohort_code: str
    cohort_name: str
    lines: tuple[AssignmentLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Someone in the list of an assignment."""

    code: str
    name: str
    details: str
    state: str
    state_class: str
    state_icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentPage:
    """An assignment with everyone's work."""

    cohort_code: str
    cohort_name: str
    code: str
    title: str
    eyebrow: str
    lines: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessPage:
    """Someone's work for an assignment, and the forms for what can be done with it now."""

    cohort_code: str
    assignment_code: str
    assignment_title: str
    participant_code: str
    name: str
    eyebrow: str
    state: str
    state_class: str
    state_icon: str
    history: tuple[str, ...]
    attempt: str
    attempt_title: str
    asks_submission: bool
    asks_resit: bool
    can_be_exempted: bool
    outcomes: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    assess_key: str
    submission_key: str
    exemption_key: str


def assignments_page(known: CohortAssignments) -> AssignmentsPage:
    """The assignments of a cohort, with how many wait."""
    return AssignmentsPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        lines=tuple(
            AssignmentLine(
                code=count.assignment.code,
                title=f"{count.assignment.code} {count.assignment.title}",
                details=_(
                    "By %(day)s · %(done)s of %(people)s done",
                    day=day_plain(count.assignment.due_on),
                    done=count.done,
                    people=count.people,
                ),
                state=_("%(num)s waiting", num=count.waiting) if count.waiting else _("Nothing waits"),
                state_class="warn" if count.waiting else "",
                state_icon="inbox" if count.waiting else "check",
            )
            for count in known.assignments
        ),
    )


def assignment_page(known: AssignmentToAssess) -> AssignmentPage:
    """Everyone's work for an assignment."""
    return AssignmentPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        code=known.assignment.code,
        title=f"{known.assignment.code} {known.assignment.title}",
        eyebrow=_("By %(date)s", date=day_plain(known.assignment.due_on)),
        lines=tuple(
            PersonLine(
                code=person.member.code,
                name=person.member.name,
                details=_detail(person),
                state=str(STATES[person.standing.state][0]),
                state_class=STATES[person.standing.state][1],
                state_icon=STATES[person.standing.state][2],
            )
            for person in known.people
        ),
    )


def assess_page(
    known: AssignmentToAssess, person: Assessable, on: date, typed: Mapping[str, str] | None = None
) -> AssessPage:
    """One person's work; ``typed`` is what was filled in before."""
    words, kind, icon = STATES[person.standing.state]
    waits = person.standing.state is AssignmentState.SUBMITTED
    values = {
        "outcome": "",
        "assessed_on": day_numeric(on),
        "submitted_on": day_numeric(on),
        "resit_due_on": "",
        "reason": "",
    }
    number = person.next_attempt
    return AssessPage(
        cohort_code=known.cohort.code,
        assignment_code=known.assignment.code,
        assignment_title=f"{known.assignment.code} {known.assignment.title}",
        participant_code=person.member.code,
        name=person.member.name,
        eyebrow=f"{known.assignment.code} {known.assignment.title}",
        state=str(words),
        state_class=kind,
        state_icon=icon,
        history=tuple(map(_told, person.attempts)),
        attempt="" if number is None else str(number),
        attempt_title=""
        if number is None
        else _("Assess attempt %(number)s, the last", number=number)
        if person.is_last_attempt
        else _("Assess attempt %(number)s", number=number),
        asks_submission=number is not None and not waits,
        asks_resit=number is not None and not person.is_last_attempt,
        can_be_exempted=number is not None,
        outcomes=tuple(
            (outcome.value, str(OUTCOMES[outcome])) for outcome in (AttemptOutcome.PASSED, AttemptOutcome.FAILED)
        ),
        values=values | {name: value for name, value in (typed or {}).items() if name in values},
        assess_key=new_key(),
        submission_key=new_key(),
        exemption_key=new_key(),
    )


def _detail(person: Assessable) -> str:
    if person.standing.state is AssignmentState.SUBMITTED and person.attempts:
        return _("Attempt %(number)s, handed in on %(day)s", number=person.attempts[-1].number,
                 day=day(person.attempts[-1].submitted_on))  # fmt: skip
    if person.attempts:
        return _told(person.attempts[-1])
    return _("By %(date)s", date=day_plain(person.standing.due_on))


def _told(attempt: AttemptView) -> str:
    """An attempt in one sentence."""
    if attempt.number == 0 and attempt.assessed_on:
        return _("Exempt since %(day)s", day=day(attempt.assessed_on))
    if attempt.outcome is None or attempt.assessed_on is None:
        return _("Attempt %(number)s: handed in on %(day)s", number=attempt.number, day=day(attempt.submitted_on))
    said = _(
        "Attempt %(number)s: %(outcome)s on %(day)s",
        number=attempt.number,
        outcome=str(OUTCOMES[attempt.outcome]).lower(),
        day=day(attempt.assessed_on),
    )
    if attempt.resit_due_on:
        return _("%(attempt)s, resit by %(day)s", attempt=said, day=day(attempt.resit_due_on))
    return said
