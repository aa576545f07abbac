"""Laying out: the evenings of a template between the holidays, by hand, by property, and for every start of three years."""

from csv import DictReader
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.cli.demo_database import DATA
from hto_track.rules.calendar import Region, SchoolHoliday, is_public_holiday
from hto_track.rules.days import AMSTERDAM, week_name
from hto_track.rules.layout import (
    Clash,
    ClashKind,
    Layout,
    OtherLesson,
    RegionHolidays,
    Wishes,
    lay_out,
    out_of_order,
)
from hto_track.rules.template import Rhythm, Template, TemplateAssignment, TemplateLesson, expected_hours

WEEK = timedelta(weeks=1)


@cache
def holidays_of(region: Region) -> RegionHolidays:
    """The school holidays that ship with the package."""
    with (DATA / "school_holidays.csv").open(encoding="utf-8") as file:
        rows = [row for row in DictReader(file) if row["region"] == region.value]
    return RegionHolidays(
        tuple(
            SchoolHoliday(
                first_day=date.fromisoformat(row["first_day"]),
                last_day=date.fromisoformat(row["last_day"]),
                name=row["name"],
            )
            for row in rows
        )
    )


def template(count: int, weekday: int = 1, interval: int = 1) -> Template:
    return Template(
        rhythm=Rhythm(interval_weeks=interval, weekday=weekday, starts_at=time(18, 30), ends_at=time(21, 30)),
        lessons=tuple(TemplateLesson(number=number) for number in range(1, count + 1)),
    )


def dates(laid: Layout) -> list[date]:
    return [evening.on for evening in laid.evenings]


MIDDEN = holidays_of(Region.MIDDEN)
OF_2027 = """
    03-02 03-09 03-16 03-23 03-30 04-06 04-13 04-20 05-11 05-18 05-25 06-01 06-08 06-15 06-22 06-29 07-06 07-13
    08-31 09-07 09-14 09-21 09-28 10-05 10-12 10-26 11-02 11-09 11-16 11-23 11-30 12-07 12-14 12-21
"""
"""The template cohort of DOMAIN.md section 4, but the two evenings of 2028."""


def test_the_template_cohort_of_2027_falls_where_it_was_worked_out_by_hand() -> None:
    wishes = Wishes(without=frozenset({date(2027, 5, 4)}))
    laid = lay_out(template(36), date(2027, 3, 2), MIDDEN, wishes)
    assert dates(laid) == [
        *(date.fromisoformat(f"2027-{day}") for day in OF_2027.split()),
        date(2028, 1, 11),
        date(2028, 1, 18),
    ]
    assert [(each.on.strftime("%m-%d"), [reason.name for reason in each.reasons]) for each in laid.skipped] == [
        ("04-27", ["King's Day", "Meivakantie"]),
        ("05-04", [""]),
        *((day, ["Zomervakantie"]) for day in ("07-20", "07-27", "08-03", "08-10", "08-17", "08-24")),
        ("10-19", ["Herfstvakantie"]),
        ("12-28", ["Kerstvakantie"]),
        ("01-04", ["Kerstvakantie"]),
    ]


def test_remembrance_day_is_an_evening_that_somebody_should_look_at() -> None:
    laid = lay_out(template(9), date(2027, 3, 2), MIDDEN)
    assert laid.evenings[8].on == date(2027, 5, 4)
    assert laid.evenings[8].clashes == (Clash(kind=ClashKind.REMEMBRANCE_DAY),)
    assert [evening.number for evening in laid.evenings if evening.clashes] == [9]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (date(2029, 12, 5), ClashKind.SAINT_NICHOLAS),
        (date(2030, 12, 24), ClashKind.CHRISTMAS_EVE),
        (date(2030, 12, 31), ClashKind.NEW_YEARS_EVE),
        (date(2029, 5, 4), ClashKind.REMEMBRANCE_DAY),
    ],
)
def test_evenings_at_home_are_told_where_no_holiday_is(start: date, kind: ClashKind) -> None:
    laid = lay_out(template(1, weekday=start.weekday()), start, RegionHolidays(()))
    assert [clash.kind for clash in laid.evenings[0].clashes] == [kind, ClashKind.HOLIDAYS_UNKNOWN]


def test_past_the_holidays_that_are_known_it_says_so() -> None:
    last = MIDDEN.calendar.known_until
    assert last == date(2028, 8, 20)
    laid = lay_out(template(3, weekday=0), date(2028, 7, 3), MIDDEN)
    assert [(evening.on, [clash.kind for clash in evening.clashes]) for evening in laid.evenings] == [
        (date(2028, 7, 3), []),
        (date(2028, 8, 21), [ClashKind.HOLIDAYS_UNKNOWN]),
        (date(2028, 8, 28), [ClashKind.HOLIDAYS_UNKNOWN]),
    ]


def test_the_first_evening_is_the_start_itself_or_the_weekday_after_it() -> None:
    assert [
        dates(lay_out(template(1), start, MIDDEN)) for start in (date(2027, 3, 2), date(2027, 3, 3), date(2027, 3, 9))
    ] == [[date(2027, 3, 2)], [date(2027, 3, 9)], [date(2027, 3, 9)]]


def test_every_two_weeks_goes_on_from_the_evening_before_and_not_from_the_one_that_was_not_free() -> None:
    laid = lay_out(template(8, interval=2), date(2027, 6, 22), MIDDEN)
    assert [day.strftime("%m-%d") for day in dates(laid)] == [
        "06-22",
        "07-06",
        "08-31",
        "09-14",
        "09-28",
        "10-12",
        "10-26",
        "11-09",
    ]
    assert [each.on.strftime("%m-%d") for each in laid.skipped] == [
        *("07-20", "07-27", "08-03", "08-10", "08-17", "08-24")
    ]


def test_every_two_weeks_from_march_gives_eighteen_meetings_before_the_new_year() -> None:
    laid = lay_out(template(18, interval=2), date(2027, 3, 2), MIDDEN)
    months = [(day.month, day.day) for day in dates(laid)]
    assert months[:10] == [(3, 2), (3, 16), (3, 30), (4, 13), (5, 4), (5, 18), (6, 1), (6, 15), (6, 29), (7, 13)]
    assert months[10:] == [(8, 31), (9, 14), (9, 28), (10, 12), (10, 26), (11, 9), (11, 23), (12, 7)]


def test_week_53_is_a_week_like_any_other() -> None:
    laid = lay_out(template(4), date(2026, 12, 15), RegionHolidays(()))
    assert [week_name(day) for day in dates(laid)] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]
    in_two = lay_out(template(3, interval=2), date(2026, 12, 15), RegionHolidays(()))
    assert [week_name(day) for day in dates(in_two)] == ["2026-W51", "2026-W53", "2027-W02"]


@pytest.mark.parametrize(
    ("start", "hours_from_utc"),
    [(date(2027, 3, 23), [1, 2]), (date(2027, 10, 26), [2, 1]), (date(2026, 10, 20), [2, 1])],
)
def test_an_evening_keeps_its_hour_and_its_length_when_the_clock_changes(
    start: date, hours_from_utc: list[int]
) -> None:
    laid = lay_out(template(2), start, RegionHolidays(()))
    begin = [datetime.combine(evening.on, evening.starts_at, AMSTERDAM) for evening in laid.evenings]
    end = [datetime.combine(evening.on, evening.ends_at, AMSTERDAM) for evening in laid.evenings]
    assert [moment.utcoffset() for moment in begin] == [timedelta(hours=hours) for hours in hours_from_utc]
    assert [moment.time() for moment in begin] == [time(18, 30), time(18, 30)]
    assert [last.astimezone(UTC) - first.astimezone(UTC) for first, last in zip(begin, end, strict=True)] == [
        timedelta(hours=3)
    ] * 2


def test_another_date_moves_its_lesson_alone_and_is_looked_at_again() -> None:
    wishes = Wishes(dates={2: date(2027, 5, 5), 3: date(2027, 5, 6)})
    laid = lay_out(template(4), date(2027, 3, 2), MIDDEN, wishes)
    assert [(evening.on, evening.laid_on, evening.is_moved) for evening in laid.evenings] == [
        (date(2027, 3, 2), date(2027, 3, 2), False),
        (date(2027, 5, 5), date(2027, 3, 9), True),
        (date(2027, 5, 6), date(2027, 3, 16), True),
        (date(2027, 3, 23), date(2027, 3, 23), False),
    ]
    assert laid.evenings[2].clashes == (
        Clash(kind=ClashKind.PUBLIC_HOLIDAY, name="Ascension Day"),
        Clash(kind=ClashKind.ANOTHER_WEEKDAY),
    )
    assert out_of_order(laid.evenings) == (4,)
    assert laid.end_on == date(2027, 5, 6)


def test_two_lessons_on_one_date_are_out_of_order() -> None:
    laid = lay_out(template(2), date(2027, 3, 2), MIDDEN, Wishes(dates={2: date(2027, 3, 2)}))
    assert out_of_order(laid.evenings) == (2,)


@pytest.mark.parametrize(
    ("start", "end", "clashes"),
    [
        (time(16), time(18, 30), False),
        (time(16), time(18, 31), True),
        (time(21, 29), time(22), True),
        (time(21, 30), time(22), False),
    ],
)
def test_another_cohort_in_the_room_clashes_while_it_is_there(start: time, end: time, clashes: bool) -> None:
    other = OtherLesson(name="ZH-07", on=date(2027, 3, 2), starts_at=start, ends_at=end)
    laid = lay_out(template(2), date(2027, 3, 2), MIDDEN, others=[other])
    assert (laid.evenings[0].clashes == (Clash(kind=ClashKind.SAME_ROOM, name="ZH-07"),)) is clashes
    assert laid.evenings[1].clashes == ()


def test_assignments_take_the_dates_of_their_lessons_and_say_when_these_are_holidays() -> None:
    asked = replace(
        template(6),
        weeks_after=3,
        assignments=(TemplateAssignment(code="A1", title="Lesplan", opens_with=1, due_with=3, estimate=480),),
    )
    laid = lay_out(asked, date(2027, 3, 2), MIDDEN)
    assert [(each.opens_on, each.due_on, each.clashes) for each in laid.assignments] == [
        (date(2027, 3, 2), date(2027, 3, 16), ())
    ]
    assert laid.end_on == date(2027, 4, 6) + 3 * WEEK
    moved = lay_out(asked, date(2027, 3, 2), MIDDEN, Wishes(dates={3: date(2027, 3, 29)}))
    assert moved.assignments[0].due_on == date(2027, 3, 29)
    assert moved.assignments[0].clashes == (Clash(kind=ClashKind.PUBLIC_HOLIDAY, name="Easter Monday"),)


STARTS = [date(2025, 12, 29) + at * WEEK for at in range(157)]
"""The Mondays of every week of 2026 to 2028."""


def _must_hold(laid: Layout, asked: Template, start: date, holidays: RegionHolidays) -> None:
    days, interval = dates(laid), asked.rhythm.interval_weeks
    assert len(days) == len(asked.lessons)
    assert start <= days[0]
    assert all(day.weekday() == asked.rhythm.weekday for day in days)
    assert not [day for day in days if is_public_holiday(day) or day in holidays.calendar.school_holidays]
    gaps = [(later - earlier) // WEEK for earlier, later in zip(days, days[1:], strict=False)]
    assert all(gap >= interval for gap in gaps)
    left_out = {each.on for each in laid.skipped}
    assert all(each.reasons for each in laid.skipped)
    for earlier, later in zip(days, days[1:], strict=False):  # the first free week: none in between was free
        between = range(interval, (later - earlier) // WEEK)
        assert all(earlier + at * WEEK in left_out for at in between)


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("interval", [1, 2])
def test_ten_months_from_every_week_of_three_years_have_no_evening_on_a_holiday(region: Region, interval: int) -> None:
    asked, holidays = template(36 // interval, interval=interval), holidays_of(region)
    minutes = 36 // interval * 180
    known_until = holidays.calendar.known_until
    assert known_until is not None
    reached = 0
    for at, start in enumerate(STARTS):
        on_day = replace(asked, rhythm=replace(asked.rhythm, weekday=at % 6))
        laid = lay_out(on_day, start, holidays)
        _must_hold(laid, on_day, start, holidays)
        assert sum(_minutes(laid)) == expected_hours(on_day).lessons == minutes
        past = [evening.on for evening in laid.evenings if evening.on > known_until]
        assert [evening.on for evening in laid.evenings if _says_unknown(evening.clashes)] == past
        reached += not past
    assert reached > 70


def _minutes(laid: Layout) -> list[int]:
    return [
        (evening.ends_at.hour - evening.starts_at.hour) * 60 + evening.ends_at.minute - evening.starts_at.minute
        for evening in laid.evenings
    ]


def _says_unknown(clashes: tuple[Clash, ...]) -> bool:
    return Clash(kind=ClashKind.HOLIDAYS_UNKNOWN) in clashes


@given(
    start=st.dates(date(2025, 9, 1), date(2031, 12, 31)),
    weekday=st.integers(0, 5),
    interval=st.integers(1, 4),
    count=st.integers(1, 60),
    region=st.sampled_from(Region),
    without=st.frozensets(st.dates(date(2026, 1, 1), date(2029, 1, 1)), max_size=20),
)
def test_whatever_is_asked_no_evening_is_on_a_holiday_or_out_of_rhythm(
    start: date, weekday: int, interval: int, count: int, region: Region, without: frozenset[date]
) -> None:
    asked, holidays = template(count, weekday, interval), holidays_of(region)
    laid = lay_out(asked, start, holidays, Wishes(without=without))
    _must_hold(laid, asked, start, holidays)
    assert not without.intersection(dates(laid))
