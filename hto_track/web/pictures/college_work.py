"""What waits for a college, in words: one list, the oldest first, one action a line."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import clock_from_to, day, sentence, when
from hto_track.services.college_work import CollegeWork, LessonAhead, WaitingWork, WorkItem, WorkKind
from hto_track.web.pictures.ages import waiting_since

ACTIONS: dict[WorkKind, tuple[Any, str]] = {
    WorkKind.ATTENDANCE: (_l("Fill in"), "clipboard-check"),
    WorkKind.OLD_GAPS: (_l("Fill in"), "clipboard-check"),
    WorkKind.ASSESS: (_l("Assess"), "inbox"),
    WorkKind.HOURS: (_l("Look at the evidence"), "clock"),
    WorkKind.REQUESTS: (_l("Answer"), "send"),
    WorkKind.PLAN_INTERVIEW: (_l("Plan"), "calendar-days"),
    WorkKind.RECORD_INTERVIEW: (_l("Save the outcome"), "pencil"),
    WorkKind.AWARD: (_l("Award"), "graduation-cap"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A lesson of today, with its one button."""

    title: str
    details: str
    counted: str
    href: str
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """Something that waits: what, where and since when, and what leads to it."""

    what: str
    details: str
    action: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    """The college's own page."""

    title: str
    evenings: tuple[Evening, ...]
    lines: tuple[WorkLine, ...]
    nothing: str
    leads_to_queue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """All work that waits for assessment, person by person."""

    lines: tuple[WorkLine, ...]


def work_page(work: CollegeWork) -> WorkPage:
    """What waits for the reader."""
    return WorkPage(
        title=ngettext("%(num)s thing waits for you", "%(num)s things wait for you", len(work.items))
        if work.items
        else _("Nothing waits for you"),
        evenings=tuple(_evening(lesson, at == 0) for at, lesson in enumerate(work.tonight)),
        lines=tuple(_line(item, work) for item in work.items),
        nothing=_nothing(work),
        leads_to_queue=any(item.kind is WorkKind.ASSESS for item in work.items),
    )


def queue_page(waiting: tuple[WaitingWork, ...], work_on: Any) -> QueuePage:
    """All work that waits on a date, the oldest first."""
    return QueuePage(
        lines=tuple(
            WorkLine(
                what=_("%(name)s, %(code)s", name=work.member.name, code=work.assignment.code),
                details=" · ".join(
                    (
                        work.cohort.name,
                        _("attempt %(number)s", number=work.attempt),
                        waiting_since(work.since, work_on),
                    )
                ),
                action=str(ACTIONS[WorkKind.ASSESS][0]),
                icon="inbox",
                href=url_for(
                    "assignments.assignment",
                    cohort_code=work.cohort.code,
                    assignment_code=work.assignment.code,
                    _anchor=f"rij-{work.member.id}",
                ),
            )
            for work in waiting
        )
    )


def _evening(ahead: LessonAhead, is_first: bool) -> Evening:
    lesson = ahead.lesson
    return Evening(
        title=lesson.title or _("Lesson %(number)s", number=lesson.number),
        details=_(
            "%(cohort)s · lesson %(number)s · %(time)s",
            cohort=ahead.cohort.name,
            number=lesson.number,
            time=clock_from_to(lesson.starts_at, lesson.ends_at),
        ),
        counted=_("%(marked)s of %(expected)s filled in", marked=ahead.marked, expected=ahead.expected)
        if ahead.marked
        else "",
        href=url_for("lessons.attendance", cohort_code=ahead.cohort.code, lesson_number=lesson.number),
        is_first=is_first and ahead.marked < ahead.expected,
    )


def _line(item: WorkItem, work: CollegeWork) -> WorkLine:
    action, icon = ACTIONS[item.kind]
    return WorkLine(
        what=_what(item),
        details=f"{item.cohort.name} · {waiting_since(item.since, work.on)}",
        action=str(action),
        icon=icon,
        href=_href(item),
    )


def _what(item: WorkItem) -> str:
    people = item.people
    if item.lesson:
        return ngettext(
            "Attendance of lesson %(number)s: %(num)s without a mark",
            "Attendance of lesson %(number)s: %(num)s without a mark",
            people,
            number=item.lesson.number,
        )
    if item.kind is WorkKind.ASSESS and item.assignment:
        title = f"{item.assignment.code} {item.assignment.title}"
        return ngettext("%(title)s: %(num)s to assess", "%(title)s: %(num)s to assess", people, title=title)
    match item.kind:
        case WorkKind.OLD_GAPS:
            return ngettext(
                "Attendance: %(num)s older list that is almost filled in",
                "Attendance: %(num)s older lists that are almost filled in",
                item.lists,
            )
        case WorkKind.HOURS:
            return ngettext(
                "Internship hours of %(num)s participant that no supervisor confirms",
                "Internship hours of %(num)s participants that no supervisor confirms",
                people,
            )
        case WorkKind.REQUESTS:
            return ngettext("Extension asked for: %(num)s", "Extensions asked for: %(num)s", people)
        case WorkKind.PLAN_INTERVIEW:
            return ngettext("Closing interview to plan: %(num)s", "Closing interviews to plan: %(num)s", people)
        case WorkKind.RECORD_INTERVIEW:
            return ngettext(
                "Closing interview without outcome: %(num)s", "Closing interviews without outcome: %(num)s", people
            )
    return ngettext("Diploma that can be awarded: %(num)s", "Diplomas that can be awarded: %(num)s", people)


def _href(item: WorkItem) -> str:
    cohort = item.cohort.code
    if item.lesson:
        return url_for("lessons.attendance", cohort_code=cohort, lesson_number=item.lesson.number)
    if item.assignment:
        return url_for("assignments.assignment", cohort_code=cohort, assignment_code=item.assignment.code)
    match item.kind:
        case WorkKind.OLD_GAPS:
            return url_for("lessons.of_cohort", cohort_code=cohort)
        case WorkKind.HOURS:
            return url_for("confirmations.mine")
        case WorkKind.REQUESTS:
            return url_for("load_requests.of_cohort", cohort_code=cohort)
        case WorkKind.AWARD:
            return url_for("diploma.of_cohort", cohort_code=cohort)
    return url_for("interviews.of_cohort", cohort_code=cohort)


def _nothing(work: CollegeWork) -> str:
    if work.items:
        return ""
    if work.next_lesson is None:
        return _("What must be filled in, assessed, planned or awarded will stand here.")
    lesson = work.next_lesson.lesson
    return _(
        "The next lesson is %(when)s: %(cohort)s, %(day)s.",
        when=when(lesson.on, work.on),
        cohort=work.next_lesson.cohort.name,
        day=sentence(day(lesson.on)),
    )
