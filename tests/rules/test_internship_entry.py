"""What is refused when internship hours are entered, just below, at and just above each threshold (RULES.md section 3)."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.days import Days
from hto_track.rules.facts import Placement
from hto_track.rules.internship_entry import EntryFault, EntryRequest, WorkedTime, entry_faults, overlap

THAT_DAY = date(2026, 5, 12)
FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)


def request(work: WorkedTime, **changes: object) -> EntryRequest:
    sound = EntryRequest(
        work=work,
        placement=Placement(start_on=FIRST, end_on=LAST),
        active=Days.between(date(2026, 3, 1), date(2026, 12, 31)),
        today=date(2026, 12, 31),
    )
    return replace(sound, **changes)  # type: ignore[arg-type]


def between(start: str, end: str, break_minutes: int = 0, on: date = THAT_DAY) -> WorkedTime:
    return WorkedTime(
        on=on, starts_at=time.fromisoformat(start), ends_at=time.fromisoformat(end), break_minutes=break_minutes
    )


def hours(minutes: int, on: date = THAT_DAY) -> WorkedTime:
    return WorkedTime(on=on, minutes_given=minutes)


@pytest.mark.parametrize(
    ("end", "faults"),
    [
        ("08:59", (EntryFault.END_NOT_AFTER_START,)),
        ("09:00", (EntryFault.END_NOT_AFTER_START,)),
        ("09:01", ()),
    ],
)
def test_the_end_lies_after_the_start(end: str, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(between("09:00", end))) == faults


@pytest.mark.parametrize(
    ("minutes", "faults"), [(59, ()), (60, (EntryFault.NO_TIME_LEFT,)), (61, (EntryFault.NO_TIME_LEFT,))]
)
def test_a_break_leaves_time(minutes: int, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(between("09:00", "10:00", minutes))) == faults


@pytest.mark.parametrize(("minutes", "faults"), [(0, (EntryFault.NO_TIME_LEFT,)), (1, ())])
def test_hours_without_times_are_more_than_none(minutes: int, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(hours(minutes))) == faults


@pytest.mark.parametrize(("minutes", "faults"), [(599, ()), (600, ()), (601, (EntryFault.TOO_MUCH_ON_ONE_DATE,))])
def test_ten_hours_on_one_date_are_kept(minutes: int, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(hours(minutes))) == faults


@pytest.mark.parametrize(("minutes", "faults"), [(239, ()), (240, ()), (241, (EntryFault.TOO_MUCH_ON_ONE_DATE,))])
def test_hours_of_one_date_are_added_up(minutes: int, faults: tuple[EntryFault, ...]) -> None:
    others = (hours(200), between("08:00", "11:00", 20))
    assert entry_faults(request(hours(minutes), others=others)) == faults


def test_hours_of_another_date_are_not_added() -> None:
    others = (hours(600, date(2026, 5, 11)), hours(600, date(2026, 5, 13)))
    assert entry_faults(request(hours(600), others=others)) == ()


def test_the_break_does_not_count_towards_ten_hours() -> None:
    assert entry_faults(request(between("08:00", "18:30", 30))) == ()
    assert entry_faults(request(between("08:00", "18:31", 30))) == (EntryFault.TOO_MUCH_ON_ONE_DATE,)


@pytest.mark.parametrize(("start", "faults"), [("11:59", (EntryFault.OVERLAP,)), ("12:00", ()), ("12:01", ())])
def test_an_entry_may_begin_when_another_ends(start: str, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(between(start, "13:00"), others=(between("10:00", "12:00"),))) == faults


@pytest.mark.parametrize(("end", "faults"), [("09:59", ()), ("10:00", ()), ("10:01", (EntryFault.OVERLAP,))])
def test_an_entry_may_end_when_another_begins(end: str, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(between("09:00", end), others=(between("10:00", "12:00"),))) == faults


def test_an_entry_inside_another_overlaps() -> None:
    assert entry_faults(request(between("10:30", "11:00"), others=(between("10:00", "12:00"),))) == (
        EntryFault.OVERLAP,
    )


def test_hours_without_times_overlap_with_nothing() -> None:
    assert entry_faults(request(hours(60), others=(between("10:00", "12:00"),))) == ()
    assert entry_faults(request(between("10:00", "12:00"), others=(hours(60),))) == ()


def test_the_same_times_on_another_date_do_not_overlap() -> None:
    assert entry_faults(request(between("10:00", "12:00"), others=(between("10:00", "12:00", on=FIRST),))) == ()


def test_an_entry_that_is_not_live_takes_no_time() -> None:
    others = (between("08:00", "18:00"),)
    assert entry_faults(request(between("09:00", "10:00"), others=others, is_live=False)) == ()
    assert entry_faults(request(hours(601), is_live=False)) == (EntryFault.TOO_MUCH_ON_ONE_DATE,)


@pytest.mark.parametrize(
    ("today", "faults"),
    [
        (date(2026, 5, 11), (EntryFault.AFTER_TODAY,)),
        (date(2026, 5, 12), ()),
        (date(2026, 5, 13), ()),
    ],
)
def test_an_entry_lies_not_after_today(today: date, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(hours(60), today=today)) == faults


@pytest.mark.parametrize(
    ("on", "faults"),
    [
        (date(2026, 3, 31), (EntryFault.BEFORE_PLACEMENT,)),
        (date(2026, 4, 1), ()),
        (date(2026, 4, 2), ()),
        (date(2026, 6, 29), ()),
        (date(2026, 6, 30), ()),
        (date(2026, 7, 1), (EntryFault.AFTER_PLACEMENT,)),
    ],
)
def test_an_entry_lies_within_its_placement(on: date, faults: tuple[EntryFault, ...]) -> None:
    assert entry_faults(request(hours(60, on))) == faults


@pytest.mark.parametrize(
    ("on", "is_refused"),
    [
        (date(2026, 5, 9), True),
        (date(2026, 5, 10), False),
        (date(2026, 5, 14), False),
        (date(2026, 5, 15), True),
        (date(2026, 5, 17), True),
        (date(2026, 5, 18), False),
    ],
)
def test_an_entry_lies_in_the_active_span(on: date, is_refused: bool) -> None:
    active = Days.between(date(2026, 5, 10), date(2026, 6, 1)).without(
        (Days.between(date(2026, 5, 15), date(2026, 5, 17)),)
    )
    faults = entry_faults(request(hours(60, on), active=active))
    assert faults == ((EntryFault.OUTSIDE_ACTIVE_SPAN,) if is_refused else ())


def test_all_reasons_are_given_at_once() -> None:
    work = between("09:00", "20:00", on=date(2027, 1, 1))
    faults = entry_faults(request(work, others=(between("08:00", "10:00", on=date(2027, 1, 1)),)))
    assert faults == (
        EntryFault.TOO_MUCH_ON_ONE_DATE,
        EntryFault.OVERLAP,
        EntryFault.AFTER_TODAY,
        EntryFault.AFTER_PLACEMENT,
        EntryFault.OUTSIDE_ACTIVE_SPAN,
    )


TIMES = st.builds(lambda minute: time(minute // 60, minute % 60), st.integers(0, 24 * 60 - 1))


@given(TIMES, TIMES, TIMES, TIMES)
def test_overlap_is_sharing_a_minute(start: time, end: time, other_start: time, other_end: time) -> None:
    one = WorkedTime(on=THAT_DAY, starts_at=start, ends_at=end)
    other = WorkedTime(on=THAT_DAY, starts_at=other_start, ends_at=other_end)
    if start < end and other_start < other_end:
        assert overlap(one, other) is bool(_minutes(one) & _minutes(other))
        assert overlap(one, other) is overlap(other, one)


def _minutes(work: WorkedTime) -> set[int]:
    assert work.starts_at and work.ends_at
    return set(range(work.starts_at.hour * 60 + work.starts_at.minute, work.ends_at.hour * 60 + work.ends_at.minute))
