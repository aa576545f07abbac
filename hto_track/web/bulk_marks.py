"""Attendance in bulk: paste a table or choose a file, look at what it would do, store it; and take the list home."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.documents.pasted_table import csv_to_take
from hto_track.documents.workbooks import workbook_bytes
from hto_track.rules.facts import Mark
from hto_track.services.attendance_lists import cohort_lessons
from hto_track.services.bulk_marks import attendance_grid, preview_marks, store_marks, undo_bulk_marks
from hto_track.services.bulk_tables import NotStored, Preview, Stored
from hto_track.services.refusals import NotFound, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_whole
from hto_track.web.pasting import Pasted, pasted, seen_before, table_file
from hto_track.web.pictures.bulk_marks import attendance_table, mark_word, paste_page
from hto_track.web.pictures.pasting import PreviewPicture, preview_picture, stored_text, table_errors, undone_text
from hto_track.web.sent_forms import render_refused, sent_form


def paste(cohort_code: str) -> ResponseReturnValue:
    """Where a table is pasted; ``?les=`` says which lesson a column without a number is of."""
    page = _page(cohort_code, None, {}, None)
    return render_template("bulk/paste.html", page=page)


def preview(cohort_code: str) -> ResponseReturnValue:
    """What a table would do."""
    sent = pasted()
    shown, seen = preview_marks(signed_in_actor(), cohort_code, sent.table, _lesson(), clock.today())
    return _shown(cohort_code, sent, shown, preview_picture(shown, seen, mark_word))


def store(cohort_code: str) -> ResponseReturnValue:
    """Store the table that was looked at; the same page again when that is not what it would do any more."""
    sent = pasted()
    seen = {(code, int(number)): _mark(mark) for (code, number), mark in seen_before().items() if parse_whole(number)}
    try:
        stored = store_marks(
            signed_in_actor(),
            cohort_code,
            sent.table,
            _lesson(),
            seen,
            clock.today(),
            sent_form(),
            request.form.getlist("mine"),
        )
    except NotStored as instead:
        picture = preview_picture(instead.preview, instead.seen, mark_word)
        return _shown(cohort_code, sent, instead.preview, picture)
    except Refused as refused:
        return render_refused("bulk/paste.html", page=_page(cohort_code, sent, errors_by_field(refused), None))
    key = request.form.get("key", "")
    say_done(stored_text(stored), undo_url=_undo_url(cohort_code, key) if key else None)
    return redirect(url_for("lessons.of_cohort", cohort_code=cohort_code))


def undo(cohort_code: str, form_key: str) -> ResponseReturnValue:
    """Give back the marks from before a table."""
    try:
        undone: Stored = undo_bulk_marks(signed_in_actor(), cohort_code, form_key, clock.today())
        say_done(undone_text(undone))
    except Refused as refused:
        say_refused(refused)
    return redirect(url_for("lessons.of_cohort", cohort_code=cohort_code))


def as_csv(cohort_code: str) -> ResponseReturnValue:
    """The attendance of a cohort as CSV; of one lesson with ``?les=``."""
    grid = attendance_grid(signed_in_actor(), cohort_code, _lesson(), clock.today())
    return table_file(csv_to_take(attendance_table(grid)).encode(), f"{cohort_code}-{_('attendance')}.csv")


def as_workbook(cohort_code: str) -> ResponseReturnValue:
    """The same as a workbook."""
    grid = attendance_grid(signed_in_actor(), cohort_code, _lesson(), clock.today())
    return table_file(workbook_bytes([attendance_table(grid)]), f"{cohort_code}-{_('attendance')}.xlsx")


def _shown(cohort_code: str, sent: Pasted, shown: Preview, picture: PreviewPicture | None) -> ResponseReturnValue:
    errors = table_errors(sent.table, sent.field)
    if shown.sentence is not None:
        errors["text"] = str(shown.sentence)
    page = _page(cohort_code, sent, errors, picture)
    if errors or (picture and picture.faults):
        return render_refused("bulk/paste.html", page=page)
    return render_template("bulk/paste.html", page=page)


def _page(cohort_code: str, sent: Pasted | None, errors: dict[str, str], picture: PreviewPicture | None) -> object:
    lessons = cohort_lessons(signed_in_actor(), cohort_code, clock.today())
    return paste_page(lessons, _lesson(), sent.text if sent else "", errors, picture)


def _undo_url(cohort_code: str, key: str) -> str:
    return url_for("bulk_marks.undo", cohort_code=cohort_code, form_key=key)


def _lesson() -> int | None:
    """The lesson that was chosen, in the form or in the address."""
    return parse_whole(request.values.get("les", ""))


def _mark(text: str | None) -> Mark | None:
    """A mark that a preview showed; NotFound for one that none shows."""
    if text is None:
        return None
    try:
        return Mark(text)
    except ValueError:
        raise NotFound(f"There is no mark {text!r}") from None
