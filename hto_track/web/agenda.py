"""The agenda, one's own and that of a cohort; and reading it in a calendar elsewhere."""

import re
from datetime import date, timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.documents.calendar_file import CONTENT_TYPE, calendar_bytes
from hto_track.rules.days import FIRST_YEAR, LAST_YEAR, monday_of
from hto_track.services import calendar_feed
from hto_track.services.agenda import cohort_agenda, own_agenda
from hto_track.services.attempts import network_of
from hto_track.services.calendar_feed import (
    CalendarFeed,
    download_cohort,
    download_own,
    end_subscription,
    own_calendars,
    read_feed,
    renew_address,
)
from hto_track.services.refusals import NotFound
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.pictures.agenda import agenda_page
from hto_track.web.pictures.calendars import calendars_page
from hto_track.web.sent_forms import sent_form

WEEKS = 8
"""How many weeks a page shows."""
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


def mine() -> ResponseReturnValue:
    """One's own agenda, from this week on or from ``?week=2026-W24``."""
    on = clock.today()
    first = _first_day(on)
    agenda = own_agenda(signed_in_actor(), first, _last_day(first), on)
    return render_template("agenda/agenda.html", page=agenda_page(agenda, on))


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """The same of a cohort."""
    on = clock.today()
    first = _first_day(on)
    agenda = cohort_agenda(signed_in_actor(), cohort_code, first, _last_day(first), on)
    return render_template("agenda/agenda.html", page=agenda_page(agenda, on))


def calendars() -> ResponseReturnValue:
    """The addresses with which calendars elsewhere read along; ``?groep=ZH-05`` offers that of a cohort."""
    found = own_calendars(signed_in_actor(), request.args.get("groep"))
    return render_template("agenda/calendars.html", page=calendars_page(found))


def subscribe() -> ResponseReturnValue:
    """Make an address for one's own agenda or that of a cohort."""
    cohort_code = request.form.get("cohort") or None
    calendar_feed.subscribe(signed_in_actor(), cohort_code)
    return redirect(url_for("agenda.calendars", groep=cohort_code))


def renew(subscription_id: int) -> ResponseReturnValue:
    """Make a new address in place of the old one."""
    renewed = renew_address(signed_in_actor(), subscription_id, sent_form())
    say_done(_("This is the new address. The old one works no more."))
    return redirect(url_for("agenda.calendars", groep=renewed.cohort_code))


def end(subscription_id: int) -> ResponseReturnValue:
    """Let no calendar read along any more at this address."""
    end_subscription(signed_in_actor(), subscription_id)
    say_done(_("The address works no more. You can make a new one at any time."))
    return redirect(url_for("agenda.calendars"))


def feed(token: str) -> ResponseReturnValue:
    """What a calendar reads. Kept by the reader alone, who is told when nothing changed since."""
    answer = _file(read_feed(token, network_of(request.remote_addr)))
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    answer.add_etag()
    return answer.make_conditional(request)


def download() -> ResponseReturnValue:
    """One's own agenda as a file, to be read in once."""
    return _download(download_own(signed_in_actor()), "hto-agenda.ics")


def download_of_cohort(cohort_code: str) -> ResponseReturnValue:
    """The agenda of a cohort as a file."""
    return _download(download_cohort(signed_in_actor(), cohort_code), f"hto-agenda-{cohort_code}.ics")


def _file(found: CalendarFeed) -> Response:
    answer = make_response(calendar_bytes(found.name, found.entries))
    answer.headers["Content-Type"] = CONTENT_TYPE
    return answer


def _download(found: CalendarFeed, name: str) -> Response:
    answer = _file(found)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _first_day(today: date) -> date:
    """The Monday of the week that is asked for; NotFound for what is no week."""
    asked = request.args.get("week")
    if asked is None:
        return monday_of(today)
    match = _WEEK.fullmatch(asked)
    if match is None or not FIRST_YEAR < int(match[1]) < LAST_YEAR:
        raise NotFound
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise NotFound from None


def _last_day(first: date) -> date:
    return first + timedelta(days=7 * WEEKS - 1)
