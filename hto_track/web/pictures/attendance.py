"""The list of a lesson as it is filled in, and the lessons of a cohort to choose from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.formats import clock_from_to, day, sentence
from hto_track.rules.attendance import ATTENDED
from hto_track.rules.facts import Mark
from hto_track.services.attendance import MarkConflict, MarksRecorded
from hto_track.services.attendance_lists import CohortLessons, LessonAttendance, LessonCount
from hto_track.services.views import LessonPlan
from hto_track.web.sent_forms import new_key

# In the order in which a row offers them.
WORDS: dict[Mark, Any] = {
    Mark.PRESENT: _l("Present"),
    Mark.ABSENT: _l("Absent"),
    Mark.LATE: _l("Late"),
    Mark.EXCUSED: _l("Excused"),
    Mark.MADE_UP: _l("Made up"),
}
ICONS = {
    Mark.PRESENT: "check",
    Mark.LATE: "clock",
    Mark.ABSENT: "x",
    Mark.EXCUSED: "mail-check",
    Mark.MADE_UP: "history",
}
NO_MARK = "none"
"""What a form says for no mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A mark that can be given: a chip. ``id`` stays the same when the row is shown anew, so that the focus stays."""

    value: str
    id: str
    text: str
    icon: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A participant. ``seen`` goes along with the form, ``key`` makes a tap on this row alone carried out once."""

    code: str
    id: str
    name: str
    seen: str
    key: str
    choices: tuple[Choice, ...]
    error: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendancePage:
    """The whole page."""

    title: str
    eyebrow: str
    cohort_code: str
    cohort_name: str
    lesson_number: int
    key: str
    everyone_key: str
    rows: tuple[Row, ...]
    counted: str
    nobody: str
    can_be_filled: bool
    hint: str


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


def attendance_page(
    listed: LessonAttendance,
    on: date,
    *,
    conflicts: Collection[MarkConflict] = (),
    chosen: Mapping[str, Mark | None] | None = None,
    errors: Mapping[str, str] | None = None,
) -> AttendancePage:
    """The list; ``chosen`` are the marks of a form that was refused, ``errors`` its sentences, by code."""
    lesson = listed.lesson
    by_code = {conflict.participant: conflict for conflict in conflicts}
    filled = {row.participant: row.mark for row in listed.rows} | dict(chosen or {})
    options: list[Mark | None] = [mark for mark in WORDS if mark in listed.recordable]
    if Mark.PRESENT not in listed.recordable:
        options.append(None)  # an announced absence can be taken back; a mark that was given is changed into another
    marks = [row.mark for row in listed.rows]
    return AttendancePage(
        title=lesson.title or _("Lesson %(number)s", number=lesson.number),
        eyebrow=_(
            "Lesson %(number)s · %(day)s, %(time)s",
            number=lesson.number,
            day=day(lesson.on),
            time=clock_from_to(lesson.starts_at, lesson.ends_at),
        ),
        cohort_code=listed.cohort.code,
        cohort_name=listed.cohort.name,
        lesson_number=lesson.number,
        key=new_key(),
        everyone_key=new_key(),
        rows=tuple(
            Row(
                code=row.participant,
                id=f"rij-{row.id}",
                name=row.name,
                seen=said(row.mark),
                key=new_key(),
                choices=tuple(
                    Choice(
                        value=said(option),
                        id=f"f-{row.id}-{said(option)}",
                        text=_word(option),
                        icon=ICONS[option] if option else "check",
                        is_chosen=filled[row.participant] == option,
                    )
                    for option in options
                    if option is not Mark.MADE_UP or row.make_ups_left or row.mark is option
                ),
                error=(errors or {}).get(row.participant, ""),
                note=_conflict(by_code[row.participant]) if row.participant in by_code else "",
            )
            for row in listed.rows
        ),
        counted=present_of(sum(mark in ATTENDED for mark in marks), len(marks))
        if lesson.on <= on
        else _("%(marked)s excused", marked=marks.count(Mark.EXCUSED)),
        nobody=_nobody(lesson),
        can_be_filled=Mark.PRESENT in listed.recordable and None in marks,
        hint="" if lesson.on <= on else _("This lesson is still to come. You can note who will not be there."),
    )


def lessons_page(lessons: CohortLessons, on: date) -> LessonsPage:
    """The lessons of a cohort."""
    lines = [(count.lesson.on, _line(count, lessons.current, on)) for count in lessons.lessons]
    return LessonsPage(
        cohort_code=lessons.cohort.code,
        cohort_name=lessons.cohort.name,
        come=tuple(line for held_on, line in reversed(lines) if held_on <= on),
        upcoming=tuple(line for held_on, line in lines if held_on > on),
    )


def done_text(recorded: MarksRecorded) -> str:
    """What is said after marks were stored."""
    if not recorded.changes:
        return _("Nothing was changed.")
    if recorded.attended is None:
        return _("Noted.")
    return _("%(count)s.", count=present_of(recorded.attended, recorded.expected))


def present_of(attended: int, expected: int) -> str:
    """``18 van 18 aanwezig``."""
    return _("%(attended)s of %(expected)s present", attended=attended, expected=expected)


def said(mark: Mark | None) -> str:
    """A mark as a form says it."""
    return mark.value if mark else NO_MARK


def _word(mark: Mark | None) -> str:
    return str(WORDS[mark]) if mark else _("Will be there")


def _conflict(conflict: MarkConflict) -> str:
    stands = str(WORDS[conflict.stands]) if conflict.stands else _("no mark")
    wanted = str(WORDS[conflict.wanted]) if conflict.wanted else _("no mark")
    return _(
        "Someone else changed this meanwhile: it is now %(stands)s, you chose %(wanted)s. Choose which one stays.",
        stands=stands.lower(),
        wanted=wanted.lower(),
    )


def _nobody(lesson: LessonPlan) -> str:
    if lesson.cancelled:
        return _("This lesson is cancelled: there is no attendance to record.")
    return _("This lesson is in nobody's training.")


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
