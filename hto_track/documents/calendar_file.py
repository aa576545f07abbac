"""A calendar as programs read it (iCalendar, RFC 5545 and 7986): bytes from plain values.

Times are those of the clock in Amsterdam and say so (TZID), with the rules of summer time in the file itself: a lesson at
18:30 is at 18:30 in March and in April, wherever the calendar is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unicodedata import category

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDatetime, vText
from icalendar.prop import vDuration

from hto_track.rules.days import AMSTERDAM

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODID = "-//HTO Track//Agenda//NL"
READ_AGAIN_AFTER = timedelta(hours=4)
"""How often a program is asked to look again."""
SUMMER_SINCE, WINTER_SINCE = datetime(1981, 3, 29, 2), datetime(1996, 10, 27, 3)
"""From when on the rules of today hold: the last Sunday of March, and that of October."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """An event. Without ``starts_at`` it is the whole day's, and keeps nobody busy. ``told_at`` is when it last changed."""

    uid: str
    sequence: int
    told_at: datetime
    on: date
    starts_at: time | None = None
    ends_at: time | None = None
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    category: str = ""
    is_cancelled: bool = False


def calendar_bytes(name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """The file of a calendar called ``name``: the same bytes for the same entries."""
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", _text(name))
    calendar.add("X-WR-CALNAME", _text(name))
    calendar.add("X-WR-TIMEZONE", AMSTERDAM.key)
    calendar.add("REFRESH-INTERVAL", vDuration(READ_AGAIN_AFTER), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(READ_AGAIN_AFTER))
    calendar.add_component(_time_zone())
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical(sorted=False))


def _time_zone() -> Timezone:
    zone = Timezone()
    zone.add("TZID", AMSTERDAM.key)
    zone.add("X-LIC-LOCATION", AMSTERDAM.key)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, since, month, before, after, name in (
        (TimezoneDaylight(), SUMMER_SINCE, 3, winter, summer, "CEST"),
        (TimezoneStandard(), WINTER_SINCE, 10, summer, winter, "CET"),
    ):
        part.add("DTSTART", vDatetime(since))
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("TZNAME", name)
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", after)
        zone.add_component(part)
    return zone


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("UID", _text(entry.uid))
    event.add("DTSTAMP", entry.told_at.astimezone(UTC).replace(microsecond=0))
    event.add("LAST-MODIFIED", entry.told_at.astimezone(UTC).replace(microsecond=0))
    event.add("SEQUENCE", entry.sequence)
    for name, value in _from_to(entry):
        event.add(name, value)
    event.add("SUMMARY", _text(entry.summary))
    if entry.description:
        event.add("DESCRIPTION", _text(entry.description))
    if entry.location:
        event.add("LOCATION", _text(entry.location))
    if entry.url:
        event.add("URL", entry.url)
    if entry.category:
        event.add("CATEGORIES", [_text(entry.category)])
    event.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if entry.is_cancelled or entry.starts_at is None else "OPAQUE")
    return event


def _from_to(entry: CalendarEntry) -> tuple[tuple[str, Any], tuple[str, Any]]:
    if entry.starts_at is None or entry.ends_at is None:
        return ("DTSTART", entry.on), ("DTEND", entry.on + timedelta(days=1))
    start, end = (datetime.combine(entry.on, at, AMSTERDAM) for at in (entry.starts_at, entry.ends_at))
    return ("DTSTART", start), ("DTEND", end)


def _text(said: str) -> vText:
    """What a line of a file can hold: control characters that somebody typed or pasted would break it."""
    lines = said.replace("\r\n", "\n").translate(_LINE_ENDS)
    return vText("".join(letter for letter in lines if letter in "\n\t" or category(letter) not in ("Cc", "Cs")))


_LINE_ENDS = {ord(letter): "\n" for letter in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"}
