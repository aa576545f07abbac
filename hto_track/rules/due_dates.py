"""Other dates for an assignment of a whole cohort: whether they can be, what is against them, and whose own dates move with
them (RULES.md section 2).

A fault makes dates impossible; a clash is shown beforehand, and whoever plans decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from hto_track.rules.assignments import AssignmentState, first_due_on
from hto_track.rules.calendar import is_public_holiday
from hto_track.rules.facts import Assignment
from hto_track.rules.lesson_dates import NamedHoliday
from hto_track.rules.room_change import People, counted
from hto_track.rules.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDates:
    """When an assignment of a cohort opens and is due, both days included."""

    opens_on: date
    due_on: date


class DateFault(StrEnum):
    """Why an assignment cannot have such dates; what stands already can stay."""

    DUE_BEFORE_OPENING = "due_before_opening"
    DUE_IS_PAST = "due_is_past"
    """It would be due before today: people would be late for something that they could not know."""
    OPENS_BEFORE_COHORT = "opens_before_cohort"


def date_faults(
    dates: AssignmentDates, stands: AssignmentDates, cohort_start_on: date, on: date
) -> tuple[DateFault, ...]:
    """Why ``dates`` cannot take the place of those that stand."""
    found = {
        DateFault.DUE_BEFORE_OPENING: dates.due_on < dates.opens_on,
        DateFault.DUE_IS_PAST: dates.due_on != stands.due_on and dates.due_on < on,
        DateFault.OPENS_BEFORE_COHORT: dates.opens_on != stands.opens_on and dates.opens_on < cohort_start_on,
    }
    return tuple(fault for fault, holds in found.items() if holds)


class DueClashKind(StrEnum):
    """What can be against a due date, in the order in which it is said."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    SAME_DAY = "same_day"
    """Other assignments are due that day."""
    AFTER_COHORT = "after_cohort"
    SOONER = "sooner"
    """It takes time away from people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueClash:
    """Something against a due date; ``names`` say what: holidays, assignments."""

    kind: DueClashKind
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSurroundings:
    """What is known around a due date: of the cohort, and when its other assignments are due, by code."""

    cohort_end_on: date
    school_holidays: tuple[NamedHoliday, ...] = ()
    others: Mapping[str, date] = field(default_factory=dict)


def due_clashes(dates: AssignmentDates, stands: AssignmentDates, around: DueSurroundings) -> tuple[DueClash, ...]:
    """What there is against being due on ``dates.due_on``, where that is another day than it was."""
    due_on = dates.due_on
    if due_on == stands.due_on:
        return ()
    school = tuple(
        holiday.name for holiday in around.school_holidays if holiday.first_day <= due_on <= holiday.last_day
    )
    same_day = tuple(code for code, other in around.others.items() if other == due_on)
    found = (
        (DueClashKind.PUBLIC_HOLIDAY, is_public_holiday(due_on), ()),
        (DueClashKind.SCHOOL_HOLIDAY, bool(school), school),
        (DueClashKind.SAME_DAY, bool(same_day), same_day),
        (DueClashKind.AFTER_COHORT, due_on > around.cohort_end_on, ()),
        (DueClashKind.SOONER, due_on < stands.due_on, ()),
    )
    return tuple(DueClash(kind=kind, names=names) for kind, holds, names in found if holds)


class Stays(StrEnum):
    """Why somebody's own due date does not move with the cohort's."""

    EXTENDED = "extended"
    HANDED_IN = "handed_in"
    """Handed in, passed, exempt, failed, or to be done again by a date of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDates:
    """What a move of the cohort's dates is to one participant: when it opened and was due for them, and when it does then."""

    before: AssignmentDates
    after: AssignmentDates
    stays: Stays | None

    @property
    def is_touched(self) -> bool:
        """Whether anything becomes other than it was."""
        return self.before != self.after


def own_dates(people: People, code: str, before: AssignmentDates, after: AssignmentDates) -> dict[str, OwnDates]:
    """The dates of each participant for whom something is planned, by their code.

    ``before`` and ``after`` are the cohort's; whichever of them ``people`` were judged with.
    """
    found = {}
    for who, (_facts, standing) in counted(people):
        own = next((item for item in standing.assignments.standings if item.assignment.code == code), None)
        if own is None:
            continue
        is_open = not own.attempts_used and own.state in (AssignmentState.OPEN, AssignmentState.OVERDUE)
        was = _own(own.assignment, before, standing.span)
        becomes = _own(own.assignment, after, standing.span) if is_open else was
        extended = own.assignment.extended_to is not None
        stays = None if is_open and not extended else Stays.EXTENDED if is_open else Stays.HANDED_IN
        found[who] = OwnDates(before=was, after=becomes, stays=stays)
    return found


def _own(assignment: Assignment, dates: AssignmentDates, span: Span) -> AssignmentDates:
    planned = replace(assignment, opens_on=dates.opens_on, due_on=dates.due_on)
    return AssignmentDates(opens_on=max(dates.opens_on, span.first), due_on=first_due_on(planned, span))
