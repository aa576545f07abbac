"""Dates as people type them, read leniently in both languages (UX.md section 8): in forms and in pasted tables."""

import re
from datetime import date, timedelta

from hto_track.rules.days import FIRST_YEAR, LAST_YEAR

_SPACES = re.compile(r"\s+")
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
