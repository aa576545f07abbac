"""The dates of an assignment of a whole cohort: what others would mean, and moving them."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from hto_track import clock
from hto_track.rules.due_dates import AssignmentDates
from hto_track.services import due_dates as service
from hto_track.services.due_date_preview import due_date_planning
from hto_track.services.due_dates import DUE, OPENS, REASON, SEEN, Move
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date
from hto_track.web.pictures.due_dates import due_date_page, moved_text
from hto_track.web.planning import PLANNED_AHEAD
from hto_track.web.sent_forms import render_refused, sent_form

PAGE = "due_dates/form.html"


def form(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    """The dates of an assignment; ``?opent=1-6&inleveren=10-7`` shows what those would mean."""
    wanted, errors = _dates(request.args) if DUE in request.args else (None, {})
    planning = due_date_planning(signed_in_actor(), cohort_code, assignment_code, wanted, clock.today())
    page = due_date_page(planning, asked=request.args)
    return render_template(PAGE, page=page, errors=errors | (page.preview.errors if page.preview else {}))


def move(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    """Move them."""
    actor, on = signed_in_actor(), clock.today()
    wanted, errors = _dates(request.form)
    if wanted is None:
        return _refused(cohort_code, assignment_code, None, errors)
    asked = Move(to=wanted, seen=request.form.get(SEEN, ""), reason=request.form.get(REASON))
    try:
        moved = service.move_due_dates(actor, cohort_code, assignment_code, asked, on, sent_form())
    except Refused as refused:
        return _refused(cohort_code, assignment_code, wanted, errors_by_field(refused))
    key = request.form.get("key", "")
    undo_url = (
        url_for("due_dates.undo", cohort_code=cohort_code, assignment_code=assignment_code, form_key=key)
        if moved.is_change and key
        else None
    )
    say_done(moved_text(moved), undo_url=undo_url)
    return _to_page(cohort_code, assignment_code)


def undo(cohort_code: str, assignment_code: str, form_key: str) -> ResponseReturnValue:
    """Give back the dates from before a form."""
    try:
        moved = service.undo_move(signed_in_actor(), cohort_code, assignment_code, form_key, clock.today())
        say_done(moved_text(moved))
    except Refused as refused:
        say_refused(refused)
    return _to_page(cohort_code, assignment_code)


def _to_page(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    return redirect(url_for("due_dates.form", cohort_code=cohort_code, assignment_code=assignment_code))


def _refused(
    cohort_code: str, assignment_code: str, wanted: AssignmentDates | None, errors: dict[str, str]
) -> ResponseReturnValue:
    """The page again with what was filled in, and what stands by now."""
    planning = due_date_planning(signed_in_actor(), cohort_code, assignment_code, wanted, clock.today())
    page = due_date_page(planning, asked=request.form, errors=errors)
    return render_refused(PAGE, page=page, errors=errors)


def _dates(values: MultiDict[str, str]) -> tuple[AssignmentDates | None, dict[str, str]]:
    """The dates that were filled in, or what is wrong with them, by field."""
    near = clock.today() + PLANNED_AHEAD
    opens_on, due_on = (parse_date(values.get(name, ""), near) for name in (OPENS, DUE))
    if opens_on is None or due_on is None:
        example = date(2026, 11, 17).strftime("%d-%m-%Y")
        said = _("Fill in a date like %(example)s.", example=example)
        return None, {name: said for name, on in ((OPENS, opens_on), (DUE, due_on)) if on is None}
    return AssignmentDates(opens_on=opens_on, due_on=due_on), {}
