"""What a plan can be changed by: a change makes of the facts before it those after it.

Each maker says what it moves; several changes at once are one change after the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from hto_track.rules.facts import Assignment, Facts, Lesson
from hto_track.rules.lesson_dates import Slot

Change = Callable[[Facts], Facts]
"""What is known of somebody before it, and what would be after it."""


def lesson_at(number: int, slot: Slot, cohort_end_on: date) -> Change:
    """A lesson put at ``slot``; one that no lesson has the number of is added. The cohort then ends on ``cohort_end_on``."""

    def change(facts: Facts) -> Facts:
        mark = next((lesson.mark for lesson in facts.lessons if lesson.number == number), None)
        there = Lesson(number=number, on=slot.on, start=slot.starts_at, minutes=slot_minutes(slot), mark=mark)
        return replace(
            facts,
            enrolment=replace(facts.enrolment, cohort_end_on=cohort_end_on),
            lessons=(*(lesson for lesson in facts.lessons if lesson.number != number), there),
        )

    return change


def dates_moved(opens: Mapping[str, date], due: Mapping[str, date]) -> Change:
    """Assignments that open and are due on other dates, by their code; somebody's own extension stays."""

    def moved(assignment: Assignment) -> Assignment:
        return replace(
            assignment,
            opens_on=opens.get(assignment.code, assignment.opens_on),
            due_on=due.get(assignment.code, assignment.due_on),
        )

    return lambda facts: replace(facts, assignments=tuple(map(moved, facts.assignments)))


def one_after_another(*changes: Change) -> Change:
    """All of them, as one change."""

    def change(facts: Facts) -> Facts:
        for each in changes:
            facts = each(facts)
        return facts

    return change


def slot_minutes(slot: Slot) -> int:
    """The length of a lesson there."""
    start, end = (datetime.combine(slot.on, at) for at in (slot.starts_at, slot.ends_at))
    return int((end - start).total_seconds()) // 60
