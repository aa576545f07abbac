"""The lessons of a cohort, with how far their lists are filled."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from hto_track.formats import clock_from_to, day, sentence
from hto_track.services.attendance_lists import CohortLessons, LessonCount


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLine:
    """A lesson in the list of a cohort."""

    number: int
    title: str
    when: str
    state: str
    state_class: str
    state_icon: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonsPage:
    """The lessons of a cohort, those that have come first, the latest on top."""

    cohort_code: str
    cohort_name: str
    come: tuple[LessonLine, ...]
    upcoming: tuple[LessonLine, ...]


def lessons_page(lessons: CohortLessons, on: date) -> LessonsPage:
    """The lessons of a cohort."""
    lines = [(count.lesson.on, _line(count, lessons.current, on)) for count in lessons.lessons]
    return LessonsPage(
        cohort_code=lessons.cohort.code,
        cohort_name=lessons.cohort.name,
        come=tuple(line for held_on, line in reversed(lines) if held_on <= on),
        upcoming=tuple(line for held_on, line in lines if held_on > on),
    )


def _line(count: LessonCount, current: int | None, on: date) -> LessonLine:
    lesson = count.lesson
    state, kind, icon = _state(count, on)
    return LessonLine(
        number=lesson.number,
        title=lesson.title or _("Lesson %(number)s", number=lesson.number),
        when=_("%(day)s, %(time)s", day=sentence(day(lesson.on)), time=clock_from_to(lesson.starts_at, lesson.ends_at)),
        state=state,
        state_class=kind,
        state_icon=icon,
        is_current=lesson.number == current,
    )


def _state(count: LessonCount, on: date) -> tuple[str, str, str]:
    """How far the list is filled, in words, with its class and icon."""
    if count.lesson.cancelled:
        return _("Cancelled"), "", "minus"
    if count.lesson.on > on:
        said_so = _("%(marked)s excused", marked=count.marked) if count.marked else _("To come")
        return said_so, "", "calendar-days"
    if count.marked == count.expected:
        return _("Complete"), "ok", "check"
    return _("%(marked)s of %(expected)s filled in", marked=count.marked, expected=count.expected), "warn", "pencil"
