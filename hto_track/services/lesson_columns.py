"""The columns of a pasted table that hold marks: of which lesson each is, by its number, its date or its title."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track import formats
from hto_track.documents.pasted_table import PastedTable, tidy
from hto_track.services.bulk_tables import PreviewColumn
from hto_track.services.bulk_words import MARK_HEADERS
from hto_track.services.views import LessonPlan
from hto_track.typed import parse_date

_LESSON = re.compile(
    r"(?:(?:les|lesson|avond|evening|bijeenkomst|l) ?#?|#)(?P<named>\d{1,4})(?![-/.]?\d)(?:\W.*)?|(?P<bare>\d{1,4})(?:\.0)?"
)
"""``les 3``, ``lesson 3 · 09-06-2026``, ``#3``, ``3``; but ``9-6`` is a date."""
_MIDNIGHT_OR_TIME = re.compile(r"[ t]\d{1,2}[:.]\d{2}.*$")
_WEEKDAY = re.compile(r"^(?:ma|di|wo|do|vr|za|zo|mon?|tue?|wed?|thu?|fri?|sat?|sun?)[a-z]*\.?,? (?=\d)")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
SERIAL_DAY_0 = date(1899, 12, 30)
"""From which spreadsheets count their days."""


@dataclass(frozen=True, slots=True)
class LessonColumn:
    """A pasted column: of a lesson, or of nothing that is known."""

    at: int
    shown: PreviewColumn
    lesson: LessonPlan | None = None


def lesson_columns(
    plans: Sequence[LessonPlan],
    table: PastedTable,
    beside: Collection[int],
    has_header: bool,
    lesson_number: int | None,
) -> Iterator[LessonColumn]:
    """The columns ``beside`` those that hold something else, what each is of; those without anything in them left out."""
    header = table.rows[0].cells if has_header else ("",) * len(table.rows[0].cells)
    taken: dict[int, str] = {}
    for at, title in enumerate(header):
        if at in beside or not any(row.cells[at] for row in table.rows):
            continue
        lesson, sentence = _lesson_of(plans, title, None if has_header and not title else lesson_number)
        if lesson is not None and lesson.number in taken:
            sentence = _l("Lesson %(number)s has two columns.", number=lesson.number)
            lesson = None
        if lesson is not None:
            taken[lesson.number] = title
        meant = lesson and _l("Lesson %(number)s · %(day)s", number=lesson.number, day=formats.day(lesson.on))
        yield LessonColumn(at, PreviewColumn(title=title, meant=meant, sentence=sentence), lesson)


def _lesson_of(plans: Sequence[LessonPlan], title: str, lesson_number: int | None) -> tuple[LessonPlan | None, Any]:
    """The lesson that a header means: by number, by date, by title, or the one that was chosen."""
    said = title.casefold()
    if not said or said in MARK_HEADERS:
        chosen = [plan for plan in plans if plan.number == lesson_number]
        return (
            (chosen[0], None) if chosen else (None, _l("Put the number or the date of the lesson above this column."))
        )
    if match := _LESSON.fullmatch(said):
        found = [plan for plan in plans if plan.number == int(match["named"] or match["bare"])]
    else:
        found = _lessons_on(plans, said) or [plan for plan in plans if tidy(plan.title or "").casefold() == said]
    if len(found) == 1:
        return found[0], None
    if found:
        return None, _l("There are more lessons like this. Use the number of the lesson.")
    return None, _l(
        "This cohort has no such lesson. Put the number or the date of a lesson above this column, or leave it out."
    )


def _lessons_on(plans: Sequence[LessonPlan], said: str) -> list[LessonPlan]:
    """The lessons of a date, written in any way; a date without a year is of the year of the lesson."""
    if match := _SERIAL.fullmatch(said):
        serial = SERIAL_DAY_0 + timedelta(days=int(match[1]))
        return [plan for plan in plans if plan.on == serial]
    day = _WEEKDAY.sub("", _MIDNIGHT_OR_TIME.sub("", said))
    return [plan for plan in plans if parse_date(day, plan.on) == plan.on]
