"""When slots are due, and that each comes once whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from hto_track.jobs.table import JOBS
from hto_track.jobs.timetable import MONDAY, SUNDAY, Timetable
from hto_track.rules.days import AMSTERDAM

EVERY_DAY = Timetable(at=time(6, 30))
ON_SUNDAY = Timetable(at=time(18), weekday=SUNDAY, lasts=timedelta(hours=24))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-06-14T06:29:59", date(2026, 6, 13)),
        ("2026-06-14T06:30:00", date(2026, 6, 14)),
        ("2026-06-14T23:59:59", date(2026, 6, 14)),
        ("2026-06-15T00:00:00", date(2026, 6, 14)),
    ],
)
def test_the_slot_of_a_day_is_due_from_its_time_until_that_of_the_next(now: str, slot: date) -> None:
    assert EVERY_DAY.due(local(now)) == slot


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-06-14T17:59:59", None),
        ("2026-06-14T18:00:00", date(2026, 6, 14)),
        ("2026-06-15T18:00:00", date(2026, 6, 14)),
        ("2026-06-15T18:00:01", None),
        ("2026-06-20T18:00:00", None),
    ],
)
def test_a_weekly_slot_is_left_out_when_it_is_older_than_a_day(now: str, slot: date | None) -> None:
    assert ON_SUNDAY.due(local(now)) == slot


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-06-14T17:59", "2026-06-14T18:00"),
        ("2026-06-14T18:00", "2026-06-21T18:00"),
        ("2026-06-15T12:00", "2026-06-21T18:00"),
    ],
)
def test_the_next_run_is_the_first_after_now(now: str, moment: str) -> None:
    assert ON_SUNDAY.next(local(now)) == local(moment)


def test_the_latest_slot_of_a_date_is_that_of_its_weekday_before_it() -> None:
    monday = Timetable(at=time(7, 30), weekday=MONDAY)
    assert [monday.latest(date(2026, 6, day)) for day in (14, 15, 16)] == [
        date(2026, 6, 8),
        date(2026, 6, 15),
        date(2026, 6, 15),
    ]


@pytest.mark.parametrize("at", [time(2), time(2, 30), time(2, 59, 59)])
def test_no_job_is_set_in_the_hour_that_a_clock_change_skips_or_repeats(at: time) -> None:
    with pytest.raises(ValueError, match="clock change"):
        Timetable(at=at)
    assert Timetable(at=time(1, 59)) and Timetable(at=time(3))


@pytest.mark.parametrize("changes_on", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_each_slot_comes_once_around_a_clock_change(changes_on: date) -> None:
    """Every minute of four days, in UTC as the scheduler counts them."""
    start = datetime.combine(changes_on - timedelta(days=2), time(22), UTC)
    minutes = [start + timedelta(minutes=number) for number in range(4 * 24 * 60)]
    for job in JOBS:
        begun = [
            (slot, minute.astimezone(AMSTERDAM))
            for previous, minute in zip(minutes, minutes[1:], strict=False)
            if (slot := job.timetable.due(minute)) is not None and slot != job.timetable.due(previous)
        ]
        slots = [slot for slot, _minute in begun]
        assert len(slots) == len(set(slots))
        assert all(minute.replace(tzinfo=None) == datetime.combine(slot, job.timetable.at) for slot, minute in begun)
    kept = [job for job in JOBS if job.timetable.weekday is None and job.timetable.lasts is None]
    days = {job.name: job.timetable.due(minutes[-1]) for job in kept}
    assert days == {"evaluate_warnings": changes_on + timedelta(days=2)}
