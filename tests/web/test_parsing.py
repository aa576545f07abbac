"""What people type is read leniently, and never as something else."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.rounding import round_half_up
from hto_track.web.parsing import parse_date, parse_duration, parse_time, parse_whole

TODAY = date(2026, 6, 14)


@pytest.mark.parametrize(
    "text",
    ["2,5", "2.5", "2:30", "2u30", "2 u 30", "2h30", "2h30m", "2 uur 30", "2,5 uur", "2.5 hours", "150 min", " 2,50u "],
)
def test_two_and_a_half_hours_can_be_said_in_many_ways(text: str) -> None:
    assert parse_duration(text) == 150


@pytest.mark.parametrize(
    ("text", "minutes"), [("3", 180), ("0", 0), (",5", 30), ("0,25", 15), ("1u5", 65), ("7:05", 425), ("0,0083", 0)]
)
def test_other_lengths(text: str, minutes: int) -> None:
    assert parse_duration(text) == minutes


@pytest.mark.parametrize(
    "text",
    ["", " ", ",", "-1", "+2", "twee", "1.000,5", "2,5,5", "2:5", "2:60", "2u75", "1e3", "٣", "2;5", "NaN", "99999"],
)
def test_what_is_no_length_is_none(text: str) -> None:
    assert parse_duration(text) is None


@given(st.integers(0, 999 * 60))
def test_every_length_is_read_back_from_each_way_of_writing_it(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    assert parse_duration(f"{hours}:{rest:02d}") == minutes
    assert parse_duration(f"{hours}u{rest}") == minutes
    decimal = f"{round_half_up(minutes, 0) / 60:.4f}"
    assert parse_duration(decimal) == parse_duration(decimal.replace(".", ",")) == minutes


@pytest.mark.parametrize(("text", "number"), [("7", 7), (" 007 ", 7), ("1" * 10, None), ("-1", None), ("٣", None)])
def test_whole_numbers(text: str, number: int | None) -> None:
    assert parse_whole(text) == number


@given(st.text(max_size=12))
def test_no_text_at_all_breaks_the_parsers(text: str) -> None:
    minutes, day, moment = parse_duration(text), parse_date(text, TODAY), parse_time(text)
    assert minutes is None or minutes >= 0
    assert day is None or isinstance(day, date)
    assert moment is None or isinstance(moment, time)


@pytest.mark.parametrize(
    "text",
    ["10-6-2026", "10/06/2026", "10.06.2026", "2026-06-10", "10-6", "10 jun", "10 juni 2026", "10 June", "10-06-26"],
)
def test_a_day_can_be_said_in_many_ways(text: str) -> None:
    assert parse_date(text, TODAY) == date(2026, 6, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("17-11", date(2026, 11, 17)),
        ("14-12", date(2025, 12, 14)),
        ("15 december", date(2025, 12, 15)),
        ("1 jan", date(2026, 1, 1)),
        ("29-02", date(2024, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_nearest_that_makes_sense(text: str, day: date) -> None:
    assert parse_date(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "29-02-2027", "31-6", "0-1", "1-13", "10 foo", "10", "10-6-", "6/2026", "morgen", "10-6-202"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_date(text, TODAY) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_is_read_back_from_each_way_of_writing_it(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day:%y}"):
        assert parse_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [("9", time(9)), ("9.30", time(9, 30)), ("09:30 uur", time(9, 30)), ("24:00", None), ("9:60", None)],
)
def test_times_of_the_day(text: str, moment: time | None) -> None:
    assert parse_time(text) == moment
