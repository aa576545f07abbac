"""What people type, read leniently in both languages (UX.md section 8): durations, times and dates."""

import re
from datetime import date, time, timedelta
from decimal import Decimal

from hto_track.rules.days import FIRST_YEAR, LAST_YEAR
from hto_track.rules.rounding import MINUTES_PER_HOUR, minutes_of

_SPACES = re.compile(r"\s+")
_DECIMAL = re.compile(r"(\d{1,3})?(?:[.,](\d{1,4}))?(?:u|uur|uren|h|hour|hours)?", re.ASCII)
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3})(?::(\d{2})|(?:u|uur|h)(\d{1,2})(?:m|min|minuten)?)", re.ASCII)
_MINUTES = re.compile(r"(\d{1,4})(?:m|min|minuten|minutes)", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:u|uur|h)?", re.ASCII)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "januari", "january"),
            ("feb", "februari", "february"),
            ("mrt", "maart", "mar", "march"),
            ("apr", "april"),
            ("mei", "may"),
            ("jun", "juni", "june"),
            ("jul", "juli", "july"),
            ("aug", "augustus", "august"),
            ("sep", "sept", "september"),
            ("okt", "oktober", "oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?| ?([a-z]+)\.?(?: ?(\d{4}|\d{2}))?)", re.ASCII
)
_YEARS_BACK = 8
"""How far 29 February may lie back."""


def parse_whole(text: str) -> int | None:
    """A whole number of at most nine figures, such as an id that a form carries; None for anything else."""
    match = _WHOLE.fullmatch(text.strip())
    return int(match[0]) if match else None


def parse_duration(text: str) -> int | None:
    """Minutes, from hours as ``2,5`` = ``2.5`` = ``2:30`` = ``2u30`` = ``2 uur 30`` = ``150 min``; None for anything else.

    Halves of a minute go up. A sign, a thousands separator or 60 minutes and more after hours is anything else.
    """
    said = _SPACES.sub("", text.casefold())
    if match := _MINUTES.fullmatch(said):
        return int(match[1])
    if match := _HOURS_AND_MINUTES.fullmatch(said):
        minutes = int(match[2] or match[3])
        return int(match[1]) * MINUTES_PER_HOUR + minutes if minutes < MINUTES_PER_HOUR else None
    match = _DECIMAL.fullmatch(said)
    if match is None or (match[1] is None and match[2] is None):
        return None
    return minutes_of(Decimal(f"{match[1] or 0}.{match[2] or 0}"))


def parse_time(text: str) -> time | None:
    """A time of the day, from ``9``, ``9.30``, ``09:30``, ``9:30 uur``; None for anything else."""
    match = _TIME.fullmatch(_SPACES.sub("", text.casefold()))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour, minute) if hour < 24 and minute < MINUTES_PER_HOUR else None


def parse_date(text: str, today: date) -> date | None:
    """A date, from ``17-11-2026``, ``17/11/2026``, ``17-11``, ``17 nov``, ``17 november 2026``, ``2026-11-17``.

    The day comes first. Without a year it is the latest such day that is at most half a year ahead. None for anything else,
    and for a year that no date can be in.
    """
    said = _SPACES.sub(" ", text.casefold()).strip()
    if match := _ISO_DATE.fullmatch(said):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    match = _DAY_FIRST.fullmatch(said)
    if match is None:
        return None
    month = int(match[2]) if match[2] else _MONTHS.get(match[4])
    if month is None:
        return None
    day = int(match[1])
    if written_year := match[3] or match[5]:
        year = int(written_year)
        return _date(year if year > 99 else 2000 + year, month, day)
    years = range(today.year + 1, today.year - _YEARS_BACK - 1, -1)
    days = [found for year in years if (found := _date(year, month, day))]
    half_a_year_on = today + timedelta(days=182)
    return next((found for found in days if found <= half_a_year_on), None)


def _date(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
