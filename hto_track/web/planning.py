"""Planning lessons: the year of a cohort, and one lesson with what another date would mean."""

from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from hto_track import clock
from hto_track.rules.lesson_dates import Slot
from hto_track.services import lesson_planning as service
from hto_track.services.lesson_planning import Move, MoveAlong
from hto_track.services.planned import Planned
from hto_track.services.planning import cohort_planning
from hto_track.services.planning_preview import TiedTo
from hto_track.services.planning_preview import lesson_planning as lesson_to_plan
from hto_track.services.planning_refusals import REASON
from hto_track.services.planning_undo import undo_planning
from hto_track.services.refusals import NotFound, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date, parse_time
from hto_track.web.pictures.lesson_planning import done_text, lesson_page
from hto_track.web.pictures.planning import planning_page
from hto_track.web.sent_forms import render_refused, sent_form

PLANNED_AHEAD = timedelta(days=120)
"""A date without a year is planned rather ahead than back: up to ten months from now, where one logs up to half a year."""


def year(cohort_code: str) -> ResponseReturnValue:
    """The year of a cohort."""
    on = clock.today()
    planning = cohort_planning(signed_in_actor(), cohort_code, on)
    return render_template("planning/year.html", page=planning_page(planning, on))


def lesson(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """A lesson to plan; ``?op=2026-06-23&van=18:30&tot=21:30`` shows what that would mean."""
    return _shown(cohort_code, lesson_number)


def new(cohort_code: str) -> ResponseReturnValue:
    """A lesson to add; asked the same way."""
    return _shown(cohort_code, None)


def move(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """Put a lesson on another date, with what was ticked."""
    slot, errors = _slot(request.form)
    if slot is None:
        return _refused(cohort_code, lesson_number, None, errors)
    wanted = Move(
        to=slot,
        seen=request.form.get("seen", ""),
        reason=request.form.get("reden"),
        along=tuple(map(_along, request.form.getlist("mee"))),
        moves_end="einde" in request.form,
    )
    try:
        planned = service.move_lesson(signed_in_actor(), cohort_code, lesson_number, wanted, clock.today(), sent_form())
    except Refused as refused:
        return _refused(cohort_code, lesson_number, slot, errors_by_field(refused))
    return _done(cohort_code, planned)


def add(cohort_code: str) -> ResponseReturnValue:
    """Add a lesson."""
    slot, errors = _slot(request.form)
    if slot is None:
        return _refused(cohort_code, None, None, errors)
    title, moves_end = request.form.get("titel"), "einde" in request.form
    try:
        planned = service.add_lesson(
            signed_in_actor(), cohort_code, slot, title, clock.today(), sent_form(), moves_end=moves_end
        )
    except Refused as refused:
        return _refused(cohort_code, None, slot, errors_by_field(refused))
    return _done(cohort_code, planned)


def cancel(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """Cancel a lesson, and say why."""
    seen, reason = request.form.get("seen", ""), request.form.get("waarom", "")
    try:
        planned = service.cancel_lesson(
            signed_in_actor(), cohort_code, lesson_number, seen, reason, clock.today(), sent_form()
        )
    except Refused as refused:
        errors = errors_by_field(refused)
        if REASON in errors:
            errors["waarom"] = errors.pop(REASON)  # the page has two reasons: of a move, and this one
        return _refused(cohort_code, lesson_number, None, errors)
    return _done(cohort_code, planned)


def rename(cohort_code: str, lesson_number: int) -> ResponseReturnValue:
    """Give a lesson another title."""
    seen, title = request.form.get("seen", ""), request.form.get("titel", "")
    try:
        planned = service.rename_lesson(signed_in_actor(), cohort_code, lesson_number, seen, title, sent_form())
    except Refused as refused:
        return _refused(cohort_code, lesson_number, None, errors_by_field(refused))
    return _done(cohort_code, planned)


def undo(cohort_code: str, form_key: str) -> ResponseReturnValue:
    """Give back how it was before a form."""
    try:
        say_done(done_text(undo_planning(signed_in_actor(), cohort_code, form_key, clock.today())))
    except Refused as refused:
        say_refused(refused)
    return redirect(url_for("planning.year", cohort_code=cohort_code))


def _shown(cohort_code: str, number: int | None) -> ResponseReturnValue:
    """The page of a lesson, with a preview where a date is asked for; one that cannot be read is said at its field."""
    on = clock.today()
    slot, errors = _slot(request.args) if "op" in request.args else (None, {})
    planning = lesson_to_plan(signed_in_actor(), cohort_code, number, slot, on)
    page = lesson_page(planning, on, asked=request.args)
    errors |= page.preview.errors if page.preview else {}
    return render_template("planning/lesson.html", page=page, errors=errors)


def _refused(cohort_code: str, number: int | None, slot: Slot | None, errors: dict[str, str]) -> ResponseReturnValue:
    """The page again with what was filled in, and what stands by now."""
    on = clock.today()
    planning = lesson_to_plan(signed_in_actor(), cohort_code, number, slot, on)
    page = lesson_page(
        planning,
        on,
        asked=request.form,
        ticked=request.form.getlist("mee"),
        ends_later="einde" in request.form,
        errors=errors,
    )
    return render_refused("planning/lesson.html", page=page, errors=errors)


def _done(cohort_code: str, planned: Planned) -> ResponseReturnValue:
    key = request.form.get("key", "")
    undo_url = url_for("planning.undo", cohort_code=cohort_code, form_key=key) if planned.is_change and key else None
    say_done(done_text(planned), undo_url=undo_url)
    return redirect(url_for("planning.year", cohort_code=cohort_code))


def _slot(values: MultiDict[str, str]) -> tuple[Slot | None, dict[str, str]]:
    """The date and times that were filled in, or what is wrong with them, by field."""
    on = parse_date(values.get("op", ""), clock.today() + PLANNED_AHEAD)
    starts, ends = parse_time(values.get("van", "")), parse_time(values.get("tot", ""))
    errors = {}
    if on is None:
        errors["op"] = _("Fill in a date like %(example)s.", example=_example())
    if starts is None:
        errors["van"] = _("Fill in a time like 18:30.")
    if ends is None:
        errors["tot"] = _("Fill in a time like 21:30.")
    if on is None or starts is None or ends is None:
        return None, errors
    return Slot(on=on, starts_at=starts, ends_at=ends), {}


def _example() -> str:
    return date(2026, 11, 17).strftime("%d-%m-%Y")


def _along(value: str) -> MoveAlong:
    """A ticked date; NotFound for one that no page offers."""
    try:
        code, which, seen = value.rsplit("/", 2)
        return MoveAlong(code=code, which=TiedTo(which), seen=date.fromisoformat(seen))
    except ValueError:
        raise NotFound(f"There is no date {value!r} to move along") from None
