"""Assignments and learning outcomes (RULES.md section 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from hto_track.rules.days import Days
from hto_track.rules.facts import Assignment, Attempt, AttemptOutcome, Facts
from hto_track.rules.requirement import RequirementState, worst
from hto_track.rules.span import Span

RESIT_DAYS = 28


class AssignmentState(StrEnum):
    """Where one assignment of one participant stands on a date."""

    PASSED = "passed"
    EXEMPT = "exempt"
    SUBMITTED = "submitted"
    FAILED = "failed"
    OVERDUE = "overdue"
    RESIT = "resit"
    OPEN = "open"


DONE = frozenset({AssignmentState.PASSED, AssignmentState.EXEMPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentStanding:
    """One assignment of one participant.

    ``due_on`` is the date its state rests on, ``first_due_on`` that of attempt 1.
    """

    assignment: Assignment
    state: AssignmentState
    due_on: date
    first_due_on: date
    attempts_used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignments:
    """All assignments of one participant, in the cohort's order, and the requirement over the mandatory ones."""

    standings: tuple[AssignmentStanding, ...]
    state: RequirementState

    @property
    def mandatory(self) -> tuple[AssignmentStanding, ...]:
        """Those that the diploma asks."""
        return tuple(standing for standing in self.standings if standing.assignment.mandatory)

    @property
    def done(self) -> tuple[AssignmentStanding, ...]:
        """Those of the mandatory ones that are passed or exempt."""
        return tuple(standing for standing in self.mandatory if standing.state in DONE)

    @property
    def share_done(self) -> Fraction:
        """The share of the mandatory ones that is done, 0 to 1; 0 where there are none."""
        return Fraction(len(self.done), len(self.mandatory) or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The learning outcomes that mandatory assignments bear, by code, and the requirement over them."""

    states: dict[str, RequirementState]
    state: RequirementState

    @property
    def achieved(self) -> tuple[str, ...]:
        """The codes that are met, in order."""
        return tuple(code for code, state in self.states.items() if state is RequirementState.MET)


def judge_assignments(facts: Facts, span: Span) -> Assignments:
    """The state of each assignment, and the requirement ``assignments``, as of ``span.on``."""
    standings = tuple(_standing(assignment, facts.programme.max_attempts, span) for assignment in facts.assignments)
    return Assignments(
        standings=standings,
        state=_requirement(standing.state for standing in standings if standing.assignment.mandatory),
    )


def judge_outcomes(assignments: Assignments) -> Outcomes:
    """The requirement ``outcomes``: each outcome judged over the mandatory assignments that bear it."""
    bearing: dict[str, list[AssignmentState]] = {}
    for standing in assignments.mandatory:
        for code in standing.assignment.outcomes:
            bearing.setdefault(code, []).append(standing.state)
    states = {code: _requirement(bearing[code]) for code in sorted(bearing)}
    return Outcomes(states=states, state=worst(states.values()))


def outcomes_begun(assignments: Assignments) -> frozenset[str]:
    """The codes of the outcomes for which something was handed in, or was not asked, for some mandatory assignment."""
    begun = (item for item in assignments.mandatory if item.attempts_used or item.state in DONE)
    return frozenset(code for item in begun for code in item.assignment.outcomes)


def first_due_on(assignment: Assignment, span: Span) -> date:
    """The participant's own due date of the first attempt: their extension, else ``due_on`` moved by the days lost.

    Lost are the dates from ``opens_on`` on that lie before the first day or in a pause.
    """
    if assignment.extended_to is not None:
        return assignment.extended_to
    due_on = assignment.due_on
    counted_until = assignment.opens_on
    while counted_until <= due_on:
        lost = _days_lost(counted_until, due_on, span)
        counted_until, due_on = due_on + timedelta(days=1), due_on + timedelta(days=lost)
    return due_on


def _days_lost(first: date, last: date, span: Span) -> int:
    early = max(0, (min(last, span.first - timedelta(days=1)) - first).days + 1)
    return early + span.paused.count_within(max(first, span.first), last)


def _standing(assignment: Assignment, max_attempts: int, span: Span) -> AssignmentStanding:
    seen = _attempts_seen(assignment.attempts, span.on)
    real = [attempt for attempt in seen if attempt.number > 0]
    first_due = first_due_on(assignment, span)
    due_on = _due_on(real, first_due)
    return AssignmentStanding(
        assignment=assignment,
        state=_state(seen, real, max_attempts, is_late=due_on < span.judged_on),
        due_on=due_on,
        first_due_on=first_due,
        attempts_used=len(real),
    )


def _attempts_seen(attempts: Iterable[Attempt], on: date) -> list[Attempt]:
    """What ``on`` can see, by number: an attempt once submitted, its assessment and an exemption once assessed."""
    seen = []
    for attempt in sorted(attempts, key=lambda attempt: attempt.number):
        assessed = attempt.assessed_on is not None and attempt.assessed_on <= on
        if attempt.number == 0:
            if assessed:
                seen.append(attempt)
        elif attempt.submitted_on <= on:
            seen.append(attempt if assessed else Attempt(number=attempt.number, submitted_on=attempt.submitted_on))
    return seen


def _due_on(real: list[Attempt], first_due: date) -> date:
    """The date the state rests on: of the resit after the latest failure, else of the first attempt."""
    failures = [attempt for attempt in real if attempt.outcome is AttemptOutcome.FAILED and attempt.assessed_on]
    if not failures:
        return first_due
    latest = failures[-1]
    if latest.resit_due_on is not None:
        return latest.resit_due_on
    assert latest.assessed_on is not None
    return latest.assessed_on + timedelta(days=RESIT_DAYS)


def _state(seen: list[Attempt], real: list[Attempt], max_attempts: int, *, is_late: bool) -> AssignmentState:
    outcomes = {attempt.outcome for attempt in seen}
    if AttemptOutcome.PASSED in outcomes:
        return AssignmentState.PASSED
    if AttemptOutcome.EXEMPT in outcomes:
        return AssignmentState.EXEMPT
    if real and real[-1].outcome is None:
        return AssignmentState.SUBMITTED
    if real and len(real) >= max_attempts:
        return AssignmentState.FAILED
    if is_late:
        return AssignmentState.OVERDUE
    return AssignmentState.RESIT if real else AssignmentState.OPEN


def _requirement(states: Iterable[AssignmentState]) -> RequirementState:
    present = set(states)
    if present <= DONE:
        return RequirementState.MET
    if AssignmentState.FAILED in present:
        return RequirementState.OUT_OF_REACH
    if present & {AssignmentState.OVERDUE, AssignmentState.RESIT}:
        return RequirementState.AT_RISK
    return RequirementState.ON_TRACK


def dates_to_work(assignment: Assignment, due_on: date, span: Span) -> Days:
    """The dates of the active span from ``opens_on`` to ``due_on``."""
    return span.active.within(assignment.opens_on, due_on)
