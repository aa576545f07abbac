"""The year of a cohort: months as small calendars with lessons as chips, and below them the list with its history."""

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day, day_plain, day_short_dated, days_from_to, language, sentence, weekday, weekday_short
from hto_track.rules.lesson_dates import NamedHoliday
from hto_track.services.planning import CohortPlanning, DueDate, PlannedLesson
from hto_track.services.views import CohortSummary
from hto_track.web.pictures.planning_words import (
    ClashLine,
    clash_lines,
    history_lines,
    holiday_name,
    lesson_title,
    when,
)

MONDAY_FIRST = Calendar(firstweekday=0)
A_MONDAY = date(2026, 6, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A lesson on its day; ``kind``: past, off (cancelled), warn, or nothing special. Times as an address says them."""

    number: int
    href: str
    label: str
    kind: str
    starts: str
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """A day of a month. ``iso`` is what dragging a lesson here asks for, ``said`` what is read aloud then."""

    iso: str
    number: int
    said: str
    kind: str
    is_today: bool
    is_open: bool
    """Whether a lesson of the cohort can be here."""
    chips: tuple[Chip, ...]
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month, its weeks from Monday; what lies in another month is None. ``notes`` name its holidays and due dates."""

    id: str
    title: str
    weeks: tuple[tuple[DayCell | None, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLine:
    """A lesson in the list."""

    number: int
    href: str
    title: str
    when: str
    tag: str
    tag_kind: str
    tag_icon: str
    clashes: tuple[ClashLine, ...]
    cancelled_because: str
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentLine:
    """An assignment in the list, with its dates."""

    href: str
    title: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningPage:
    """The whole page; ``weekdays`` are short and in full."""

    title: str
    cohort_code: str
    cohort_name: str
    weekdays: tuple[tuple[str, str], ...]
    months: tuple[Month, ...]
    upcoming: tuple[LessonLine, ...]
    past: tuple[LessonLine, ...]
    past_title: str
    assignments: tuple[AssignmentLine, ...]


def planning_page(planning: CohortPlanning, on: date) -> PlanningPage:
    """The year as it is planned."""
    cohort = planning.cohort
    upcoming = [lesson for lesson in planning.lessons if lesson.stands.slot.on >= on]
    past = [lesson for lesson in reversed(planning.lessons) if lesson.stands.slot.on < on]
    return PlanningPage(
        title=_title(planning, upcoming),
        cohort_code=cohort.code,
        cohort_name=cohort.name,
        weekdays=tuple(
            (weekday_short(at), weekday(at)) for at in (A_MONDAY + timedelta(days=days) for days in range(7))
        ),
        months=_months(planning, on) if planning.lessons else (),
        upcoming=tuple(_line(cohort, lesson, on) for lesson in upcoming),
        past=tuple(_line(cohort, lesson, on) for lesson in past),
        past_title=ngettext("%(num)s lesson until today", "%(num)s lessons until today", len(past)),
        assignments=tuple(_assignment(cohort, task, on) for task in planning.due),
    )


def _assignment(cohort: CohortSummary, task: DueDate, on: date) -> AssignmentLine:
    dates = {"opens": day_short_dated(task.opens_on, on), "due": day_short_dated(task.due_on, on)}
    return AssignmentLine(
        href=url_for("due_dates.form", cohort_code=cohort.code, assignment_code=task.code),
        title=f"{task.code} {task.title}",
        when=sentence(_("begins %(opens)s, to hand in %(due)s", **dates)),
    )


def _title(planning: CohortPlanning, upcoming: list[PlannedLesson]) -> str:
    if not planning.lessons:
        return _("No lessons yet")
    given = [lesson for lesson in upcoming if not lesson.stands.cancelled]
    clashing = sum(bool(lesson.clashes) for lesson in given)
    said: str = ngettext("%(num)s lesson to come", "%(num)s lessons to come", len(given))
    if not clashing:
        return said
    return ngettext(
        "%(lessons)s, %(num)s on a day to look at", "%(lessons)s, %(num)s on a day to look at", clashing, lessons=said
    )


def _months(planning: CohortPlanning, on: date) -> tuple[Month, ...]:
    cohort = planning.cohort
    lessons: defaultdict[date, list[PlannedLesson]] = defaultdict(list)
    due: defaultdict[date, list[str]] = defaultdict(list)
    for lesson in planning.lessons:
        lessons[lesson.stands.slot.on].append(lesson)
    for task in planning.due:
        due[task.due_on].append(task.code)
    first = min([cohort.start_on, *lessons])
    last = max([cohort.end_on, *lessons])
    months = [
        (year, month)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if (first.year, first.month) <= (year, month) <= (last.year, last.month)
    ]
    return tuple(_month(year, month, cohort, planning.school_holidays, lessons, due, on) for year, month in months)


def _month(
    year: int,
    month: int,
    cohort: CohortSummary,
    holidays: tuple[NamedHoliday, ...],
    lessons: dict[date, list[PlannedLesson]],
    due: dict[date, list[str]],
    on: date,
) -> Month:
    weeks = tuple(
        tuple(
            _cell(at, cohort, holidays, lessons.get(at, []), due.get(at, []), on) if at.month == month else None
            for at in week
        )
        for week in MONDAY_FIRST.monthdatescalendar(year, month)
    )
    days = [at for at in MONDAY_FIRST.itermonthdates(year, month) if at.month == month]
    here = [holiday for holiday in holidays if holiday.first_day <= days[-1] and holiday.last_day >= days[0]]
    return Month(
        id=f"m-{year}-{month:02d}",
        title=sentence(str(format_date(days[0], "MMMM y", locale=language()))),
        weeks=weeks,
        notes=(
            *(f"{holiday.name}: {days_from_to(holiday.first_day, holiday.last_day)}" for holiday in here),
            *(f"{name}: {day_plain(at)}" for at in days if (name := holiday_name(at))),
            *(
                _("Due: %(codes)s on %(day)s", codes=", ".join(due[at]), day=day_plain(at))
                for at in days
                if due.get(at)
            ),
        ),
    )


def _cell(
    at: date,
    cohort: CohortSummary,
    holidays: tuple[NamedHoliday, ...],
    lessons: list[PlannedLesson],
    due: list[str],
    on: date,
) -> DayCell:
    school = [holiday.name for holiday in holidays if holiday.first_day <= at <= holiday.last_day]
    names = ([holiday_name(at)] if holiday_name(at) else []) + school
    said = [day(at), *names, *(_("lesson %(number)s", number=lesson.number) for lesson in lessons)]
    return DayCell(
        iso=at.isoformat(),
        number=at.day,
        said=", ".join(said),
        kind="free" if names else "",
        is_today=at == on,
        is_open=at >= cohort.start_on,
        chips=tuple(_chip(cohort, lesson, on) for lesson in lessons),
        due=_("Due: %(codes)s", codes=", ".join(due)) if due else "",
    )


def _chip(cohort: CohortSummary, lesson: PlannedLesson, on: date) -> Chip:
    label = _("Lesson %(number)s, %(when)s", number=lesson.number, when=when(lesson.stands.slot))
    if lesson.stands.title:
        label = f"{label}, {lesson.stands.title}"
    tag, _kind, _icon = _state(lesson, on)
    kind = "past" if lesson.stands.slot.on < on else "warn" if lesson.clashes else ""
    return Chip(
        number=lesson.number,
        href=_href(cohort, lesson),
        label=f"{label}, {tag.lower()}" if tag else label,
        kind="off" if lesson.stands.cancelled else kind,
        starts=f"{lesson.stands.slot.starts_at:%H:%M}",
        ends=f"{lesson.stands.slot.ends_at:%H:%M}",
    )


def _href(cohort: CohortSummary, lesson: PlannedLesson) -> str:
    return url_for("planning.lesson", cohort_code=cohort.code, lesson_number=lesson.number)


def _line(cohort: CohortSummary, lesson: PlannedLesson, on: date) -> LessonLine:
    tag, tag_kind, tag_icon = _state(lesson, on)
    reason = lesson.stands.cancel_reason
    return LessonLine(
        number=lesson.number,
        href=_href(cohort, lesson),
        title=lesson_title(lesson),
        when=sentence(when(lesson.stands.slot)),
        tag=tag,
        tag_kind=tag_kind,
        tag_icon=tag_icon,
        clashes=clash_lines(lesson.clashes, lesson.stands.slot),
        cancelled_because=_("It does not take place: %(reason)s", reason=reason) if reason else "",
        history=history_lines(lesson, on),
    )


def _state(lesson: PlannedLesson, on: date) -> tuple[str, str, str]:
    """What is particular about a lesson: words, class, icon; nothing for most."""
    if lesson.stands.cancelled:
        return _("Cancelled"), "", "minus"
    if lesson.clashes:
        return _("Look at this day"), "warn", "triangle-alert"
    if lesson.history and lesson.stands.slot.on >= on:
        return _("Changed"), "", "history"
    return "", "", ""
