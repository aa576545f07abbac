"""Figures and dates in both languages (UX.md section 8)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from hto_track import formats

WEDNESDAY = date(2026, 11, 18)
CASES: list[tuple[Callable[..., str], tuple[Any, ...], str, str]] = [
    (formats.number, (Decimal("2.5"),), "2,5", "2.5"),
    (formats.number, (1250,), "1.250", "1,250"),
    (formats.number, (0.125,), "0,13", "0.13"),
    (formats.number, (Fraction(-1, 3), 1), "-0,3", "-0.3"),
    (formats.number, (Fraction(1, 2), 0), "1", "1"),
    (formats.hours, (150,), "2,5 uur", "2.5 hours"),
    (formats.hours, (60,), "1 uur", "1 hour"),
    (formats.hours, (Fraction(905, 3), 1), "5 uur", "5 hours"),
    (formats.hours_short, (75,), "1,25 u", "1.25 h"),
    (formats.percent, (Fraction(11, 12),), "92%", "92%"),
    (formats.percent, (0.645,), "65%", "65%"),
    (formats.day, (WEDNESDAY,), "wo 18 november", "Wed 18 November"),
    (formats.day_short, (WEDNESDAY,), "18 nov", "18 Nov"),
    (formats.day_year, (date(2026, 3, 1),), "1 mrt 2026", "1 Mar 2026"),
    (formats.day_numeric, (WEDNESDAY,), "18-11-2026", "18/11/2026"),
    (formats.days_from_to, (date(2026, 11, 16), date(2026, 11, 22)), "16 t/m 22 november", "16 to 22 November"),
    (
        formats.days_from_to,
        (date(2026, 11, 30), date(2026, 12, 6)),
        "30 november t/m 6 december",
        "30 November to 6 December",
    ),
    (formats.clock_from_to, (time(18, 30), time(21, 0)), "18.30–21.00 uur", "18:30–21:00"),
    (formats.clock_time, (time(9, 5),), "9.05 uur", "09:05"),
    (formats.week, (date(2026, 12, 31),), "week 53", "week 53"),
    (formats.week, (date(2027, 1, 4),), "week 1", "week 1"),
    (formats.when, (WEDNESDAY, WEDNESDAY), "vandaag", "today"),
    (formats.when, (WEDNESDAY, date(2026, 11, 17)), "morgen, woensdag", "tomorrow, Wednesday"),
    (formats.when, (WEDNESDAY, date(2026, 11, 12)), "woensdag", "Wednesday"),
    (formats.when, (WEDNESDAY, date(2026, 11, 11)), "over 7 dagen", "in 7 days"),
    (formats.moment, (datetime(2026, 11, 17, 19, 42, tzinfo=UTC),), "di 17 nov, 20.42 uur", "Tue 17 Nov, 20:42"),
    (formats.moment, (datetime(2026, 10, 25, 0, 30, tzinfo=UTC),), "zo 25 okt, 2.30 uur", "Sun 25 Oct, 02:30"),
    (formats.moment, (datetime(2026, 10, 25, 1, 30, tzinfo=UTC),), "zo 25 okt, 2.30 uur", "Sun 25 Oct, 02:30"),
    (formats.moment, (datetime(2026, 3, 29, 1, 0, tzinfo=UTC),), "zo 29 mrt, 3.00 uur", "Sun 29 Mar, 03:00"),
]


@pytest.mark.parametrize(("function", "arguments", "dutch", "english"), CASES)
def test_it_is_said_in_both_languages(
    sqlite_app: Flask, function: Callable[..., str], arguments: tuple[Any, ...], dutch: str, english: str
) -> None:
    with force_locale("nl"):
        assert function(*arguments).replace(formats.NBSP, " ") == dutch
    with force_locale("en"):
        assert function(*arguments).replace(formats.NBSP, " ") == english


def test_a_number_and_its_unit_stay_on_one_line(sqlite_app: Flask) -> None:
    for said in (formats.hours(150), formats.hours_short(150), formats.week(WEDNESDAY), formats.clock_time(time(9, 0))):
        assert " " not in said
