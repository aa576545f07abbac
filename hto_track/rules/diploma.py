"""The diploma (RULES.md section 4): closing interview, checkpoints, the state over all of it, the expected date."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from hto_track.rules.assignments import DONE, Assignments
from hto_track.rules.attendance import lessons_of
from hto_track.rules.facts import Checkpoint, EnrolmentStatus, EntryState, Facts
from hto_track.rules.internship import Internship, state_seen
from hto_track.rules.requirement import RequirementState, worst
from hto_track.rules.span import Span

EARLIEST_FORECAST = timedelta(days=21)
STILL_TO_BE_DONE = timedelta(days=14)
LATEST_FORECAST = timedelta(days=365)
A_WEEK = timedelta(weeks=1)
FEWEST_SCHOOL_DAYS = 20
NEVER_EXPECTED = frozenset({EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED, EnrolmentStatus.APPLIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """The state of each checkpoint, by code in the programme's order, and the requirement over them."""

    states: dict[str, RequirementState]
    state: RequirementState


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """The six requirements of the diploma."""

    attendance: RequirementState
    assignments: RequirementState
    outcomes: RequirementState
    internship: RequirementState
    final_assessment: RequirementState
    checkpoints: RequirementState

    @property
    def state(self) -> RequirementState:
        """The state of the diploma: the worst of its requirements, met only when all are."""
        return worst(state for _, state in self.by_name())

    def by_name(self) -> tuple[tuple[str, RequirementState], ...]:
        """Each requirement's name and state, in the order of RULES.md."""
        return (
            ("attendance", self.attendance),
            ("assignments", self.assignments),
            ("outcomes", self.outcomes),
            ("internship", self.internship),
            ("final_assessment", self.final_assessment),
            ("checkpoints", self.checkpoints),
        )


def judge_final_assessment(facts: Facts, span: Span) -> RequirementState:
    """Met when one was passed, out of reach when the latest failed without resit, else on track."""
    seen = sorted((held for held in facts.final_assessments if held.on <= span.on), key=lambda held: held.on)
    if any(held.passed for held in seen):
        return RequirementState.MET
    if seen and not seen[-1].resit_allowed:
        return RequirementState.OUT_OF_REACH
    return RequirementState.ON_TRACK


def judge_checkpoints(facts: Facts, span: Span) -> Checkpoints:
    """Each checkpoint: met once recorded, at risk when past its due date, else on track."""
    states = {checkpoint.code: _checkpoint_state(checkpoint, span) for checkpoint in facts.checkpoints}
    return Checkpoints(states=states, state=worst(states.values()))


def checkpoint_due_on(checkpoint: Checkpoint, span: Span) -> date | None:
    """The first day plus as many weeks as the programme gives; None without them."""
    return None if checkpoint.due_week is None else span.first + timedelta(weeks=checkpoint.due_week)


def expected_on(
    facts: Facts,
    span: Span,
    *,
    requirements: Requirements,
    assignments: Assignments,
    internship: Internship,
) -> date | None:
    """The earliest date on which this participant will be there if they go on as they did; None if unknown."""
    if span.status in NEVER_EXPECTED or span.on < span.first + EARLIEST_FORECAST:
        return None
    if requirements.state in (RequirementState.MET, RequirementState.OUT_OF_REACH):
        return None
    parts = [span.on + STILL_TO_BE_DONE]
    parts.extend(lesson.on for lesson in lessons_of(facts, span))
    parts.extend(standing.due_on for standing in assignments.mandatory if standing.state not in DONE)
    if internship.remaining:
        worked_off_on = internship_worked_off_on(facts, span, internship.remaining)
        if worked_off_on is None:
            return None
        parts.append(worked_off_on)
    return min(max(parts), span.last + LATEST_FORECAST)


def weeks_late(expected_on: date, span: Span) -> int | None:
    """By how many weeks ``expected_on`` lies after the last day, a week begun counted whole; 0 when it is on time.

    None for a year or more: that is where an expected date is cut off.
    """
    late = expected_on - span.last
    return None if late >= LATEST_FORECAST else max(0, ceil(late / A_WEEK))


def _checkpoint_state(checkpoint: Checkpoint, span: Span) -> RequirementState:
    if any(recorded_on <= span.on for recorded_on in checkpoint.recorded_on):
        return RequirementState.MET
    due_on = checkpoint_due_on(checkpoint, span)
    is_late = due_on is not None and span.judged_on > due_on
    return RequirementState.AT_RISK if is_late else RequirementState.ON_TRACK


def internship_worked_off_on(facts: Facts, span: Span, remaining: int) -> date | None:
    """The school day on which ``remaining`` minutes are worked off at the recent pace; None without such a pace."""
    if not facts.placements:
        return None
    window_start = min(placement.start_on for placement in facts.placements)
    school_days = span.school_days.count_within(window_start, span.on)
    worked = sum(
        entry.minutes
        for entry in facts.internship
        if entry.on >= window_start and state_seen(entry, span) in (EntryState.CONFIRMED, EntryState.SUBMITTED)
    )
    if school_days < FEWEST_SCHOOL_DAYS or not worked:
        return None
    days_it_takes = ceil(Fraction(remaining * school_days, worked))
    if days_it_takes > LATEST_FORECAST.days + (span.last - span.on).days:
        return span.last + LATEST_FORECAST
    return facts.calendar.nth_school_day_after(span.on, days_it_takes, span.paused)
