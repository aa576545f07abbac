"""The list of a lesson on paper: names, boxes to tick, room to sign."""

from dataclasses import dataclass

from flask_babel import gettext as _

from hto_track.formats import day_year
from hto_track.rules.facts import Mark
from hto_track.services.attendance_lists import AttendanceRow, LessonAttendance
from hto_track.web.pictures.attendance import WORDS, eyebrow_of, made_up_text, title_of

BOXES = (Mark.PRESENT, Mark.LATE, Mark.ABSENT)
EMPTY_LINES = 3
"""For who comes along and is not on the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """A participant: of each box whether it is ticked, with what goes beside the name."""

    number: str
    name: str
    note: str
    ticked: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedList:
    """The whole page."""

    title: str
    eyebrow: str
    cohort_code: str
    cohort_name: str
    lesson_number: int
    boxes: tuple[str, ...]
    rows: tuple[PrintedRow, ...]
    guests: tuple[PrintedRow, ...]
    foot: str


def printed_list(listed: LessonAttendance) -> PrintedList:
    """The list with what is known by now; boxes are empty where there is no mark."""
    nothing = (False,) * len(BOXES)
    known = tuple(
        PrintedRow(
            number=str(number),
            name=row.name,
            note=_note(listed, row),
            ticked=tuple(row.mark is mark for mark in BOXES),
        )
        for number, row in enumerate(listed.rows, start=1)
    )
    guests = tuple(
        PrintedRow(
            number="",
            name=guest.name,
            note=_("makes up lesson %(number)s of %(cohort)s", number=guest.missed, cohort=guest.cohort),
            ticked=nothing,
        )
        for guest in listed.guests
    )
    lesson = listed.lesson
    return PrintedList(
        title=title_of(lesson),
        eyebrow=eyebrow_of(lesson),
        cohort_code=listed.cohort.code,
        cohort_name=listed.cohort.name,
        lesson_number=lesson.number,
        boxes=tuple(str(WORDS[mark]) for mark in BOXES),
        rows=known,
        guests=(*guests, *(PrintedRow(number="", name="", note="", ticked=nothing) for _line in range(EMPTY_LINES))),
        foot=_(
            "%(cohort)s, lesson %(number)s, %(date)s",
            cohort=listed.cohort.name,
            number=lesson.number,
            date=day_year(lesson.on),
        ),
    )


def _note(listed: LessonAttendance, row: AttendanceRow) -> str:
    if row.mark is Mark.MADE_UP and row.made_up is not None:
        return made_up_text(row.made_up, of=listed.cohort.code)
    if row.mark in (Mark.EXCUSED, Mark.MADE_UP):
        return str(WORDS[row.mark]).lower()
    return _("made up lesson %(number)s here", number=row.makes_up) if row.makes_up is not None else ""
