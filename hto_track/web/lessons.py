"""Lessons: the list of a cohort, and who was there."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.rules.facts import Mark
from hto_track.services.attendance import (
    MarkChange,
    MarksRecorded,
    mark_everyone_present,
    marks_recorded,
    record_marks,
    undo_marks,
)
from hto_track.services.attendance_lists import cohort_lessons, lesson_attendance
from hto_track.services.refusals import NotFound, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.attendance import NO_MARK, attendance_page, done_text
from hto_track.web.pictures.lessons import lessons_page
from hto_track.web.pictures.printed_list import printed_list
from hto_track.web.sent_forms import render_refused, sent_form

MARK, SEEN = "mark-", "seen-"


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """The lessons of a cohort, with how far their lists are filled."""
    on = clock.today()
    lessons = cohort_lessons(signed_in_actor(), cohort_code, on)
    return render_template("lessons/of_cohort.html", page=lessons_page(lessons, on))


def tonight(cohort_code: str) -> ResponseReturnValue:
    """The list of the latest lesson that has come, else of the first."""
    current = cohort_lessons(signed_in_actor(), cohort_code, clock.today()).current
    if current is None:
        return redirect(url_for("lessons.of_cohort", cohort_code=cohort_code))
    return redirect(url_for("lessons.attendance", cohort_code=cohort_code, lesson_number=current))


def attendance(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """The list of a lesson; ``?form=`` shows what of a form was not stored, because someone else changed it."""
    actor, on = signed_in_actor(), clock.today()
    listed = lesson_attendance(actor, cohort_code, lesson_number, on)
    key = request.args.get("form")
    try:
        conflicts = marks_recorded(actor, key).conflicts if key else ()
    except NotFound:
        conflicts = ()
    page = attendance_page(listed, on, conflicts=conflicts)
    return render_template("lessons/attendance.html", page=page, errors={})


def record(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """Store the marks that were changed: of the row that was tapped, or of more."""
    actor, on, form = signed_in_actor(), clock.today(), sent_form()
    changes = _changes()
    try:
        recorded = record_marks(actor, cohort_code, lesson_number, changes, on, form)
    except Refused as refused:
        errors = errors_by_field(refused)
        listed = lesson_attendance(actor, cohort_code, lesson_number, on)
        page = attendance_page(listed, on, errors=errors)
        return render_refused("lessons/attendance.html", page=page, errors=errors)
    return back_to_list(cohort_code, lesson_number, recorded)


def everyone(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """Mark present whoever has no mark yet."""
    try:
        recorded = mark_everyone_present(signed_in_actor(), cohort_code, lesson_number, clock.today(), sent_form())
    except Refused as refused:
        say_refused(refused)
        return redirect(url_for("lessons.attendance", cohort_code=cohort_code, lesson_number=lesson_number))
    return back_to_list(cohort_code, lesson_number, recorded)


def undo(cohort_code: str, lesson_number: int, form_key: str) -> ResponseReturnValue:
    """Give back the marks that stood before a form."""
    try:
        recorded = undo_marks(signed_in_actor(), cohort_code, lesson_number, form_key, clock.today())
        say_done(done_text(recorded))
    except Refused as refused:
        say_refused(refused)
    return redirect(url_for("lessons.attendance", cohort_code=cohort_code, lesson_number=lesson_number))


def printed(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """The list on paper: to be signed, or to fill in where there is no phone."""
    listed = lesson_attendance(signed_in_actor(), cohort_code, lesson_number, clock.today())
    return render_template("lessons/printed.html", page=printed_list(listed))


def back_to_list(cohort_code: str, lesson_number: int, recorded: MarksRecorded) -> ResponseReturnValue:
    """To the list after marks were stored, with the way back and with what was not stored; to the row if it is one."""
    lesson: dict[str, Any] = {"cohort_code": cohort_code, "lesson_number": lesson_number}
    key = request.form.get("key", "")
    undo_url = url_for("lessons.undo", **lesson, form_key=key) if recorded.changes and key else None
    say_done(done_text(recorded), undo_url=undo_url)
    row = request.form.get("row") or None
    return redirect(url_for("lessons.attendance", **lesson, form=key if recorded.conflicts else None, _anchor=row))


def _changes() -> list[MarkChange]:
    """The rows whose mark is another than the one they were seen with."""
    changes = []
    for name, value in request.form.items():
        if not name.startswith(MARK):
            continue
        code = name.removeprefix(MARK)
        mark, seen = mark_said(value), mark_said(request.form.get(SEEN + code, NO_MARK))
        if mark != seen:
            changes.append(MarkChange(participant=code, seen=seen, mark=mark))
    return changes


def mark_said(value: str) -> Mark | None:
    """The mark that a form says; NotFound for one that no list offers."""
    if value == NO_MARK:
        return None
    try:
        return Mark(value)
    except ValueError:
        raise NotFound(f"There is no mark {value!r}") from None
