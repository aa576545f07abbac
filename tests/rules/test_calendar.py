"""RULES.md section 0: school days, school holidays, weeks."""

from datetime import date, timedelta

import pytest

from hto_track.rules.calendar import SchoolCalendar, is_public_holiday
from hto_track.rules.days import Days, monday_of, mondays, week_name
from tests.rules.cases import NO_HOLIDAYS, day, school_holiday

# Easter Sundays as printed in any almanac.
EASTER = {
    2024: date(2024, 3, 31),
    2025: date(2025, 4, 20),
    2026: date(2026, 4, 5),
    2027: date(2027, 3, 28),
    2028: date(2028, 4, 16),
    2029: date(2029, 4, 1),
    2030: date(2030, 4, 21),
}


def _weekdays_off(year: int) -> set[date]:
    """The public holidays of RULES.md section 0 that fall on Monday to Friday."""
    easter = EASTER[year]
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day = date(year, 4, 26)
    listed = {
        date(year, 1, 1),
        easter - timedelta(days=2),  # Good Friday
        easter + timedelta(days=1),  # Easter Monday
        kings_day,
        easter + timedelta(days=39),  # Ascension Day
        easter + timedelta(days=50),  # Whit Monday
        date(year, 12, 25),
        date(year, 12, 26),
    }
    if year % 5 == 0:
        listed.add(date(year, 5, 5))
    return {holiday for holiday in listed if holiday.weekday() < 5}


@pytest.mark.parametrize("year", EASTER)
def test_the_school_days_of_a_year_are_its_weekdays_less_the_public_holidays(year: int) -> None:
    dates = Days.between(date(year, 1, 1), date(year, 12, 31))
    off = {one for one in dates if one.weekday() < 5 and not NO_HOLIDAYS.is_school_day(one)}
    assert off == _weekdays_off(year)


def test_kings_day_moves_to_saturday_when_it_falls_on_a_sunday() -> None:
    assert date(2025, 4, 27).weekday() == 6
    assert is_public_holiday(date(2025, 4, 26))
    assert not is_public_holiday(date(2025, 4, 27))


def test_liberation_day_is_off_once_in_five_years() -> None:
    assert is_public_holiday(date(2025, 5, 5))
    assert not is_public_holiday(date(2026, 5, 5))


def test_a_weekend_is_no_school_day() -> None:
    week = [NO_HOLIDAYS.is_school_day(day(number)) for number in range(1, 8)]
    assert week == [True] * 5 + [False] * 2


def test_both_ends_of_a_school_holiday_belong_to_it() -> None:
    calendar = SchoolCalendar.of((school_holiday(2, 4),))
    assert [calendar.is_school_day(day(number)) for number in range(1, 6)] == [True, False, False, False, True]


def test_outside_school_holidays_weekends_stay() -> None:
    calendar = SchoolCalendar.of((school_holiday(2, 4),))
    assert list(calendar.outside_holidays(Days.between(day(1), day(7)))) == [day(1), day(5), day(6), day(7)]


def test_a_calendar_knows_how_far_it_reaches() -> None:
    assert SchoolCalendar.of((school_holiday(20, 30), school_holiday(2, 4))).known_until == day(30)
    assert NO_HOLIDAYS.known_until is None


@pytest.mark.parametrize(
    ("count", "besides", "reached"),
    [
        (1, Days(()), day(2)),  # Tuesday follows Monday
        (4, Days(()), day(5)),
        (5, Days(()), day(8)),  # over the weekend
        (1, Days.between(day(2), day(3)), day(4)),
    ],
)
def test_the_nth_school_day_is_counted_from_the_day_after(count: int, besides: Days, reached: date) -> None:
    assert NO_HOLIDAYS.nth_school_day_after(day(1), count, besides) == reached


@pytest.mark.parametrize(
    ("on", "name", "monday"),
    [
        (date(2026, 6, 14), "2026-W24", date(2026, 6, 8)),  # a Sunday ends its week
        (date(2026, 6, 15), "2026-W25", date(2026, 6, 15)),
        (date(2027, 1, 3), "2026-W53", date(2026, 12, 28)),  # the week belongs to the year of its Thursday
        (date(2027, 1, 4), "2027-W01", date(2027, 1, 4)),
    ],
)
def test_a_week_is_an_iso_week(on: date, name: str, monday: date) -> None:
    assert (week_name(on), monday_of(on)) == (name, monday)


def test_mondays_run_from_the_week_of_the_first_to_that_of_the_last() -> None:
    assert mondays(day(7), day(8)) == (day(1), day(8))
    assert mondays(day(1), day(7)) == (day(1),)


def test_days_are_counted_by_week() -> None:
    assert Days.between(day(6), day(9)).count_by_week() == {day(1): 2, day(8): 2}


def test_a_part_of_days_includes_both_its_ends() -> None:
    some = Days.between(day(1), day(10)).without([Days.between(day(4), day(5))])
    assert list(some.within(day(3), day(6))) == [day(3), day(6)]
    assert some.count_within(day(3), day(6)) == 2
    assert some.count_within(day(6), day(3)) == 0
    assert list(some.after(day(8))) == [day(9), day(10)]
    assert day(6) in some and day(5) not in some and day(11) not in some
    assert not Days.between(day(2), day(1))


def test_a_question_reaches_past_the_known_holidays_the_day_after_the_last_of_them() -> None:
    calendar = SchoolCalendar.of((school_holiday(20, 30),))
    assert not calendar.reaches_past(day(30))
    assert calendar.reaches_past(day(31))
    assert NO_HOLIDAYS.reaches_past(day(1))
