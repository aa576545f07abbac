"""RULES.md section 0: hours are whole minutes inside, numbers with two decimals outside, halves up."""

from decimal import Decimal
from fractions import Fraction

import pytest

from hto_track.rules.rounding import hours_of, minutes_of, round_half_up


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(5, 6), 4, "0.8333"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction(1, 8), 2, "0.13"),  # 0.125: a half goes up
        (Fraction(1249, 10000), 2, "0.12"),
        (Fraction(3, 8), 2, "0.38"),  # 0.375 up, not to the even 0.38 by chance
        (Fraction(1, 200), 2, "0.01"),
        (Fraction(2), 2, "2"),
    ],
)
def test_a_half_goes_up(value: Fraction, places: int, rounded: str) -> None:
    assert round_half_up(value, places) == Decimal(rounded)


@pytest.mark.parametrize(("minutes", "hours"), [(90, "1.5"), (100, "1.67"), (50, "0.83"), (Fraction(3, 10), "0.01")])
def test_minutes_become_hours_from_their_exact_value(minutes: Fraction | int, hours: str) -> None:
    # Fraction(3, 10) of a minute is 0.005 hours.
    assert hours_of(minutes) == Decimal(hours)


@pytest.mark.parametrize(("hours", "minutes"), [("1.5", 90), ("0.33", 20), ("0.325", 20), ("0.324", 19), ("0.01", 1)])
def test_hours_become_whole_minutes(hours: str, minutes: int) -> None:
    # 0.33 h = 19.8 min, 0.325 h = 19.5 min, 0.324 h = 19.44 min, 0.01 h = 0.6 min
    assert minutes_of(Decimal(hours)) == minutes
