"""Attendance in bulk, in words: the page to paste on, and the list to take home."""

from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext as _

from hto_track.documents.sheets import OutTable
from hto_track.formats import day, day_numeric
from hto_track.rules.facts import Mark
from hto_track.services.attendance_lists import CohortLessons
from hto_track.services.bulk_marks import AttendanceGrid
from hto_track.web.pictures.attendance import WORDS
from hto_track.web.pictures.pasting import PastePage, PreviewPicture


def mark_word(mark: str | None) -> str:
    """A mark as a preview says it."""
    return str(WORDS[Mark(mark)]) if mark else _("no mark")


def attendance_table(grid: AttendanceGrid) -> OutTable:
    """The list to take home, in the shape that is read back; a workbook hides the column that remembers what it says."""
    headers = [
        _("Lesson %(number)s · %(day)s", number=lesson.number, day=day_numeric(lesson.on)) for lesson in grid.lessons
    ]
    memory = _("As it was (leave this)")
    return OutTable(
        name=_("attendance"),
        columns=(_("Code"), _("Name"), *headers, memory),
        rows=[
            (code, name, *(str(WORDS[mark]) if mark else None for mark in marks), told)
            for (code, name, marks), told in zip(grid.rows, grid.memories, strict=True)
        ],
        hidden=frozenset({memory}),
    )


def paste_page(
    lessons: CohortLessons,
    chosen: int | None,
    text: str,
    errors: Mapping[str, str],
    preview: PreviewPicture | None,
) -> PastePage:
    """The page to paste attendance on; the lesson of tonight is chosen."""
    cohort = lessons.cohort.code
    given = [count.lesson for count in lessons.lessons if not count.lesson.cancelled]
    numbers = [lesson.number for lesson in given]
    known = chosen if chosen in numbers else lessons.current
    words = tuple(str(word) for word in WORDS.values())
    return PastePage(
        title=_("Paste attendance"),
        cohort_code=cohort,
        back_href=url_for("lessons.of_cohort", cohort_code=cohort),
        back=_("The lessons"),
        here="les",
        preview_href=url_for("bulk_marks.preview", cohort_code=cohort),
        store_href=url_for("bulk_marks.store", cohort_code=cohort),
        downloads=(
            (url_for("bulk_marks.as_workbook", cohort_code=cohort), _("Attendance as a workbook (.xlsx)")),
            (url_for("bulk_marks.as_csv", cohort_code=cohort), _("Attendance as CSV")),
        ),
        intro=_(
            "Copy the cells in your spreadsheet and paste them here. You see first what changes; nothing is saved yet."
        ),
        choice_label=_("Lesson"),
        choice_hint=_("Counts for a column with marks that has no lesson above it."),
        choices=tuple(
            (str(lesson.number), _("%(number)s · %(day)s", number=lesson.number, day=day(lesson.on)))
            for lesson in given
        ),
        chosen=str(known) if known is not None else "",
        example=(
            (_("Name"), _("Lesson %(number)s", number=3), "9-6"),
            ("Samira Bakker", words[0].lower(), words[2].lower()),
            ("Tom Jansen", words[1].lower(), ""),
        ),
        words=words,
        text=text,
        errors=errors,
        preview=preview,
    )
