"""What people type, read leniently in both languages (UX.md section 8): durations, times and dates."""

import re
from datetime import time
from decimal import Decimal

from hto_track.rules.rounding import MINUTES_PER_HOUR, minutes_of
from hto_track.typed import parse_date

__all__ = ["parse_date", "parse_duration", "parse_time", "parse_whole"]

_SPACES = re.compile(r"\s+")
_DECIMAL = re.compile(r"(\d{1,3})?(?:[.,](\d{1,4}))?(?:u|uur|uren|h|hour|hours)?", re.ASCII)
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3})(?::(\d{2})|(?:u|uur|h)(\d{1,2})(?:m|min|minuten)?)", re.ASCII)
_MINUTES = re.compile(r"(\d{1,4})(?:m|min|minuten|minutes)", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:u|uur|h)?", re.ASCII)


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
