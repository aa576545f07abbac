"""What another date of a lesson does to the room of a cohort: who is above it, before and after (RULES.md section 5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from hto_track.rules.days import monday_of
from hto_track.rules.facts import Assignment, EnrolmentStatus, Facts, Lesson
from hto_track.rules.lesson_dates import Slot
from hto_track.rules.load import Load
from hto_track.rules.standing import Standing, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """A lesson put at ``slot``, with what moves along: ``opens`` and ``due`` dates by the code of the assignment.

    A ``number`` that no lesson has yet is a lesson added. ``end_on`` is the last day of the cohort then.
    """

    number: int
    slot: Slot
    end_on: date
    opens: Mapping[str, date]
    due: Mapping[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOfRoom:
    """How many participants have a study load above their room in the week of ``monday``."""

    monday: date
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChange:
    """The weeks to come that a change touches, in order, and how many participants are above their room in any of them."""

    weeks: tuple[WeekOfRoom, ...]
    before: int
    after: int


def room_change(people: Iterable[tuple[Facts, Standing]], change: PlanChange, on: date) -> RoomChange:
    """What ``change`` does to these participants, asked for ``on``; who only applied, or left, is left out."""
    loads = [
        (standing.load, judge(_changed(facts, change), on).load)
        for facts, standing in people
        if standing.span.goes_on and standing.span.status is not EnrolmentStatus.APPLIED
    ]
    touched = sorted(
        {monday for before, after in loads for monday in _differing(before, after) if monday >= monday_of(on)}
    )
    return RoomChange(
        weeks=tuple(
            WeekOfRoom(
                monday=monday,
                before=sum(_is_above(before, (monday,)) for before, _after in loads),
                after=sum(_is_above(after, (monday,)) for _before, after in loads),
            )
            for monday in touched
        ),
        before=sum(_is_above(before, touched) for before, _after in loads),
        after=sum(_is_above(after, touched) for _before, after in loads),
    )


def slot_minutes(slot: Slot) -> int:
    """The length of a lesson there."""
    start, end = (datetime.combine(slot.on, at) for at in (slot.starts_at, slot.ends_at))
    return int((end - start).total_seconds()) // 60


def _changed(facts: Facts, change: PlanChange) -> Facts:
    slot = change.slot
    mark = next((lesson.mark for lesson in facts.lessons if lesson.number == change.number), None)
    moved = Lesson(number=change.number, on=slot.on, start=slot.starts_at, minutes=slot_minutes(slot), mark=mark)
    return replace(
        facts,
        enrolment=replace(facts.enrolment, cohort_end_on=change.end_on),
        lessons=(*(lesson for lesson in facts.lessons if lesson.number != change.number), moved),
        assignments=tuple(_moved_along(assignment, change) for assignment in facts.assignments),
    )


def _moved_along(assignment: Assignment, change: PlanChange) -> Assignment:
    return replace(
        assignment,
        opens_on=change.opens.get(assignment.code, assignment.opens_on),
        due_on=change.due.get(assignment.code, assignment.due_on),
    )


def _differing(before: Load, after: Load) -> Iterable[date]:
    """The weeks in which two loads are not the same."""
    loads = [{week.monday: week.study for week in load.weeks} for load in (before, after)]
    return (monday for monday in loads[0].keys() | loads[1].keys() if loads[0].get(monday) != loads[1].get(monday))


def _is_above(load: Load, mondays: Collection[date]) -> bool:
    return any(week.monday in mondays and load.is_above_room(week) for week in load.weeks)
