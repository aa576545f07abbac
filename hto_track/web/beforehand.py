"""Before somebody says yes: does a year in this cohort fit in their life. For anybody, without an account; and opening it."""

from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.documents.beforehand_pdf import beforehand_document
from hto_track.formats import day_year
from hto_track.services import beforehand as service
from hto_track.services.beforehand import YearAhead
from hto_track.services.refusals import NotFound, Refused
from hto_track.web.access import current_actor, signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.load_answers import Asked, read_answers
from hto_track.web.parsing import parse_date
from hto_track.web.pictures.beforehand import beforehand_page, open_lines
from hto_track.web.pictures.beforehand_employer import employer_page
from hto_track.web.pictures.beforehand_paper import beforehand_text
from hto_track.web.pictures.opening import opening_page
from hto_track.web.sent_forms import new_key, render_refused, sent_form

OPENED_AHEAD = timedelta(days=120)
"""A date without a year is rather ahead than back: up to ten months from now."""


def overview() -> ResponseReturnValue:
    """The cohorts that are open."""
    return render_template("beforehand/overview.html", cohorts=open_lines(service.open_cohorts(clock.today())))


def cohort(cohort_code: str) -> ResponseReturnValue:
    """A year in a cohort; ``?werk=40&ruimte=10`` answers for those hours."""
    try:
        ahead, asked = _ahead(cohort_code)
    except NotFound:
        return render_template("beforehand/closed.html"), 404
    page = beforehand_page(ahead, asked)
    typing = bool(request.headers.get("HX-Request"))  # then only the answer is put into the page
    return render_template("beforehand/cohort.html", page=page, errors=asked.errors, typing=typing)


def employer(cohort_code: str) -> ResponseReturnValue:
    """The same for an employer; with hours that cannot be read, the page that says so."""
    try:
        ahead, asked = _ahead(cohort_code)
    except NotFound:
        return render_template("beforehand/closed.html"), 404
    if ahead.beforehand is None:
        return redirect(_as_asked(cohort_code))
    return render_template("beforehand/employer.html", page=employer_page(ahead, ahead.beforehand, asked))


def pdf(cohort_code: str) -> ResponseReturnValue:
    """The same on paper."""
    try:
        ahead, asked = _ahead(cohort_code)
    except NotFound:
        return render_template("beforehand/closed.html"), 404
    if ahead.beforehand is None:
        return redirect(_as_asked(cohort_code))
    content = beforehand_document(beforehand_text(ahead, ahead.beforehand, asked, clock.today()))
    answer, name = Response(content, mimetype="application/pdf"), _("does-this-fit")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-{ahead.cohort.code}.pdf")
    return answer


def opening(cohort_code: str) -> ResponseReturnValue:
    """Until when a cohort is open."""
    page = opening_page(service.opening_of(signed_in_actor(), cohort_code), None, new_key())
    return render_template("beforehand/opening.html", page=page, errors={})


def save_opening(cohort_code: str) -> ResponseReturnValue:
    """Open a cohort until a date, or close it."""
    actor, on, typed = signed_in_actor(), clock.today(), request.form.get("open_until", "")
    closes = "sluiten" in request.form
    open_until = None if closes else parse_date(typed, on + OPENED_AHEAD)
    try:
        if open_until is None and not closes:
            return _refused(cohort_code, typed, {"open_until": _("Fill in a date like 17-11-2026")})
        stored = service.open_cohort(actor, cohort_code, open_until, _seen(), on, sent_form())
    except Refused as refused:
        return _refused(cohort_code, typed, errors_by_field(refused))
    say_done(
        _("Open until %(day)s. Pass the address on.", day=day_year(stored.open_until))
        if stored.open_until
        else _("Closed: the page is gone for who has no access.")
    )
    return redirect(url_for("beforehand.opening", cohort_code=cohort_code))


def _refused(cohort_code: str, typed: str, errors: dict[str, str]) -> ResponseReturnValue:
    page = opening_page(service.opening_of(signed_in_actor(), cohort_code), typed, new_key())
    return render_refused("beforehand/opening.html", page=page, errors=errors)


def _ahead(cohort_code: str) -> tuple[YearAhead, Asked]:
    on = clock.today()
    asked = read_answers(request.args, service.open_cohort_of(cohort_code, on).advertised)
    return service.year_ahead(cohort_code, asked.answers, on, current_actor()), asked


def _as_asked(cohort_code: str) -> str:
    """The page with the form, with what was filled in."""
    asked = urlencode(list(request.args.items(multi=True)))  # by hand: to url_for some names mean something else
    return f"{url_for('beforehand.cohort', cohort_code=cohort_code)}?{asked}"


def _seen() -> date | None:
    """The date that the form was shown with."""
    try:
        return date.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        return None
