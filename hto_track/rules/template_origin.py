"""The template that a cohort was given by: its dates made into a rhythm, and its assignments tied to lesson numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from hto_track.rules.template import INTERVALS, MOST_WEEKS_AFTER, Rhythm, TemplateAssignment, TemplateLesson


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLesson:
    """A lesson of a cohort as it is planned, cancelled or not."""

    on: date
    starts_at: time
    ends_at: time
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAssignment:
    """An assignment of a cohort; ``estimate`` in minutes."""

    code: str
    title: str
    opens_on: date
    due_on: date
    estimate: int
    mandatory: bool
    outcomes: tuple[str, ...]
    criteria: str


def rhythm_of(lessons: Sequence[GivenLesson]) -> Rhythm:
    """What most lessons, in order, have in common: the weeks between them, the day, the times; the default without lessons."""
    if not lessons:
        return Rhythm()
    weeks = Counter(
        round((later.on - earlier.on).days / 7) for earlier, later in zip(lessons, lessons[1:], strict=False)
    )
    usual = [number for number, _ in weeks.most_common() if number in INTERVALS]
    days = [day for day, _ in Counter(lesson.on.weekday() for lesson in lessons).most_common() if day < 6]
    starts_at, ends_at = Counter((lesson.starts_at, lesson.ends_at) for lesson in lessons).most_common(1)[0][0]
    return Rhythm(
        interval_weeks=usual[0] if usual else 1, weekday=days[0] if days else 5, starts_at=starts_at, ends_at=ends_at
    )


def lessons_of(given: Sequence[GivenLesson], rhythm: Rhythm) -> tuple[TemplateLesson, ...]:
    """The lessons, numbered from 1 without gaps; times of their own only where they are not those of the rhythm."""
    usual = (rhythm.starts_at, rhythm.ends_at)
    return tuple(
        TemplateLesson(number=number, title=lesson.title)
        if (lesson.starts_at, lesson.ends_at) == usual
        else TemplateLesson(number=number, title=lesson.title, starts_at=lesson.starts_at, ends_at=lesson.ends_at)
        for number, lesson in enumerate(given, start=1)
    )


def assignments_of(given: Sequence[GivenAssignment], lessons: Sequence[GivenLesson]) -> tuple[TemplateAssignment, ...]:
    """The assignments, each tied to the lessons nearest to its dates (the earlier of two as near); none without two lessons.

    One that would be due with the lesson it opens with is due with the next, and of the last lesson opens one before.
    """
    if len(lessons) < 2:
        return ()
    return tuple(_tied(each, lessons) for each in given)


def weeks_after(last_lesson_on: date, end_on: date) -> int:
    """How many whole weeks a cohort goes on after its last lesson."""
    return min(MOST_WEEKS_AFTER, max(0, (end_on - last_lesson_on).days // 7))


def _tied(each: GivenAssignment, lessons: Sequence[GivenLesson]) -> TemplateAssignment:
    opens_with, due_with = _nearest(each.opens_on, lessons), _nearest(each.due_on, lessons)
    if due_with <= opens_with:
        due_with = min(opens_with + 1, len(lessons))
        opens_with = min(opens_with, due_with - 1)
    return TemplateAssignment(
        code=each.code,
        title=each.title,
        opens_with=opens_with,
        due_with=due_with,
        estimate=each.estimate,
        mandatory=each.mandatory,
        outcomes=each.outcomes,
        criteria=each.criteria,
    )


def _nearest(day: date, lessons: Sequence[GivenLesson]) -> int:
    return min(range(1, len(lessons) + 1), key=lambda number: abs((lessons[number - 1].on - day).days))
