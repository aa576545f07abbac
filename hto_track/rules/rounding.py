"""Exact values to figures: halves go up (RULES.md section 0)."""

from decimal import Decimal
from fractions import Fraction
from math import floor

MINUTES_PER_HOUR = 60


def round_half_up(value: Fraction | int, places: int) -> Decimal:
    """``value`` with ``places`` decimals, a half upwards."""
    scale: int = 10**places
    return Decimal(floor(value * scale + Fraction(1, 2))) / scale


def hours_of(minutes: Fraction | int) -> Decimal:
    """Minutes as hours with two decimals, rounded from their exact value."""
    return round_half_up(Fraction(minutes) / MINUTES_PER_HOUR, 2)


def minutes_of(hours: Decimal) -> int:
    """Hours as whole minutes, a half upwards."""
    return floor(Fraction(hours) * MINUTES_PER_HOUR + Fraction(1, 2))
