"""Exact values as the numbers of ``--json`` (FORMATS.md): rounded half up, whole ones without a point."""

from datetime import date
from fractions import Fraction

from hto_track.rules.rounding import hours_of, round_half_up

RATE_PLACES = 4


def hours(minutes: Fraction | int) -> float | int:
    """Minutes as hours with at most two decimals."""
    return _plain(float(hours_of(minutes)))


def hours_or_none(minutes: Fraction | int | None) -> float | int | None:
    """Minutes as hours, or null."""
    return None if minutes is None else hours(minutes)


def rate(share: Fraction | None) -> float | int | None:
    """A share with four decimals, or null."""
    return None if share is None else _plain(float(round_half_up(share, RATE_PLACES)))


def credits_of(value: Fraction) -> float | int:
    """Credits (EC) with at most two decimals."""
    return _plain(float(round_half_up(value, 2)))


def iso(day: date | None) -> str | None:
    """A date as 2026-06-14, or null."""
    return None if day is None else day.isoformat()


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() else number
