"""The figures of a cohort without names, and which of them are too small to be shown.

A count below five tells who it is about, and so does one that follows from the others by subtraction. Counts that add up to
a total that the reader may know are therefore shown or hidden together (``shown``). Means are over five people or more.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from hto_track.rules.assignments import AssignmentStanding, AssignmentState
from hto_track.rules.attention import Attention
from hto_track.rules.days import monday_of
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.load import Week
from hto_track.rules.standing import Standing
from hto_track.rules.warnings import WarningCode

FEWEST = 5
"""The fewest people that a figure may be about."""
TAKING_PART = frozenset({EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED, EnrolmentStatus.COMPLETED})
"""Whom means are about: not who only applied or stopped."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A count of people. ``count`` is None where it is not shown; ``is_few`` says that it is 1 to 4."""

    count: int | None
    is_few: bool = False


FEW, HIDDEN = Cell(count=None, is_few=True), Cell(count=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is counted of one participant; minutes. ``week`` is None for who has no study week now."""

    status: EnrolmentStatus
    attention: Attention
    warnings: frozenset[WarningCode]
    has_diploma: bool
    attendance: Fraction | None
    due: int
    """Mandatory assignments whose own due date is past, the exempt ones left out."""
    on_time: int
    """Those of ``due`` that were handed in by then, whatever came of it."""
    confirmed: int
    week: Week | None
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanWeek:
    """The mean load of this week by series, and the mean room, in minutes; preparation is with the lessons."""

    lessons: Fraction
    assignments: Fraction
    internship: Fraction
    room: Fraction

    @property
    def study(self) -> Fraction:
        """All series together."""
        return self.lessons + self.assignments + self.internship


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFigures:
    """A cohort in figures; None and hidden cells are about too few people.

    ``attendance`` and ``on_time`` are shares, ``confirmed`` minutes a participant. ``warnings`` counts the participants
    with an open one of each code, ``above_room`` those whose study load of this week is more than their room.
    """

    people: Cell
    statuses: dict[EnrolmentStatus, Cell]
    attention: dict[Attention, Cell]
    warnings: dict[WarningCode, Cell]
    diplomas: Cell
    attendance: Fraction | None
    on_time: Fraction | None
    confirmed: Fraction | None
    week: MeanWeek | None
    above_room: Cell


def person_of(
    facts: Facts, standing: Standing, attention: Attention, warnings: Iterable[WarningCode], *, has_diploma: bool
) -> Person:
    """What is counted of the participant of ``standing``."""
    span = standing.span
    due = [
        assignment
        for assignment in standing.assignments.mandatory
        if assignment.state is not AssignmentState.EXEMPT and assignment.first_due_on < span.judged_on
    ]
    is_active, this_monday = span.status is EnrolmentStatus.ACTIVE, monday_of(span.on)
    return Person(
        status=span.status,
        attention=attention,
        warnings=frozenset(warnings),
        has_diploma=has_diploma,
        attendance=standing.attendance.rate,
        due=len(due),
        on_time=sum(map(_was_on_time, due)),
        confirmed=standing.internship.confirmed,
        week=next((week for week in standing.load.weeks if is_active and week.monday == this_monday), None),
        capacity=standing.load.capacity,
    )


def cohort_figures(people: Iterable[Person]) -> CohortFigures:
    """The figures of a cohort with these people."""
    everyone = tuple(people)
    part = [person for person in everyone if person.status in TAKING_PART]
    attended = [person.attendance for person in part if person.attendance is not None]
    weeks = [(person.week, person.capacity) for person in everyone if person.week is not None]
    return CohortFigures(
        people=FEW if 0 < len(everyone) < FEWEST else Cell(count=len(everyone)),
        statuses=shown({status: sum(person.status is status for person in everyone) for status in EnrolmentStatus}),
        attention=shown({part: sum(person.attention is part for person in everyone) for part in Attention}),
        warnings={code: _counted([code in person.warnings for person in everyone]) for code in WarningCode},
        diplomas=_counted([person.has_diploma for person in everyone]),
        attendance=_mean(attended),
        on_time=_share([(person.on_time, person.due) for person in part if person.due]),
        confirmed=_mean([person.confirmed for person in part]),
        week=_mean_week(weeks),
        above_room=_counted([week.study > capacity for week, capacity in weeks]),
    )


def shown(counts: Mapping[K, int]) -> dict[K, Cell]:
    """Which of ``counts`` may be seen by who knows their total.

    Nothing is hidden when none is from 1 to 4. One that is few takes the next smallest with it; several hide each other. Where
    even then it could be worked out (all of them 1, say), and in totals below ten, every count is hidden: also for who knows
    this rule a few stay at least two numbers. The tests try all ways to divide up to thirty people.
    """
    few = {key for key, count in counts.items() if 0 < count < FEWEST}
    if not few:
        return {key: Cell(count=count) for key, count in counts.items()}
    also = _hidden_with(few, counts)
    if also is None:
        return dict.fromkeys(counts, HIDDEN)
    return {key: FEW if key in few else HIDDEN if key in also else Cell(count=count) for key, count in counts.items()}


def _hidden_with(few: set[K], counts: Mapping[K, int]) -> set[K] | None:
    """What must be hidden along with ``few``; None when only hiding everything helps."""
    total_of_few, most = sum(counts[key] for key in few), FEWEST - 1
    if sum(counts.values()) < 2 * FEWEST:
        return None
    if len(few) > 1:
        return set() if len(few) < total_of_few < most * len(few) else None
    others = sorted((key for key, count in counts.items() if count >= FEWEST), key=lambda key: counts[key])
    if not others:
        return None
    # Who adds up what is shown knows the sum of both, that the other is five or more, and no more than the next one.
    both = total_of_few + counts[others[0]]
    highest = min(most, both - FEWEST)
    lowest = max(1, both - (counts[others[1]] - 1)) if len(others) > 1 else 1
    return {others[0]} if lowest < highest else None


def _counted(holds: Sequence[bool]) -> Cell:
    """How many of ``holds`` are true, where those that are not may be too few as well."""
    count = sum(holds)
    return shown({True: count, False: len(holds) - count})[True]


def _was_on_time(standing: AssignmentStanding) -> bool:
    return any(
        attempt.number == 1 and attempt.submitted_on <= standing.first_due_on
        for attempt in standing.assignment.attempts
    )


def _mean(values: Sequence[Fraction | int]) -> Fraction | None:
    return sum(map(Fraction, values), Fraction(0)) / len(values) if len(values) >= FEWEST else None


def _share(parts: Sequence[tuple[int, int]]) -> Fraction | None:
    """The share over all people together; None when they are too few."""
    if len(parts) < FEWEST:
        return None
    return Fraction(sum(part for part, _whole in parts), sum(whole for _part, whole in parts))


def _mean_week(weeks: Sequence[tuple[Week, int]]) -> MeanWeek | None:
    lessons = _mean([week.lessons + week.preparation for week, _room in weeks])
    assignments = _mean([week.assignments for week, _room in weeks])
    internship = _mean([week.internship for week, _room in weeks])
    room = _mean([room for _week, room in weeks])
    if lessons is None or assignments is None or internship is None or room is None:
        return None
    return MeanWeek(lessons=lessons, assignments=assignments, internship=internship, room=room)
