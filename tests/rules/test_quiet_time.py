"""When a mail may go: quiet hours, weekends and public holidays, through both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.days import AMSTERDAM
from hto_track.rules.quiet_time import USUAL, Haste, Quiet, comes_too_late, is_working_day, may_go, next_moment

FIVE_MINUTES = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=6)
"""From Maundy Thursday night over Easter Monday, and then as long as quiet hours can last."""

moments = st.integers(0, 600 * 288).map(lambda number: datetime(2026, 1, 1, tzinfo=UTC) + number * FIVE_MINUTES)
around_changes = st.builds(
    lambda change, number: change + number * FIVE_MINUTES,
    st.sampled_from([datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)]),
    st.integers(0, 12 * 12),
)
times = st.integers(0, 287).map(lambda number: time(number // 12, number % 12 * 5))
quiets = st.builds(Quiet, from_at=times, until_at=times)
hastes = st.sampled_from(Haste)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def goes(text: str, haste: Haste = Haste.NEWS, quiet: Quiet = USUAL) -> str:
    return next_moment(local(text), haste, quiet).astimezone(AMSTERDAM).isoformat()[:16]


@pytest.mark.parametrize(
    ("queued", "goes_at"),
    [
        ("2026-06-16T06:30", "2026-06-16T07:00"),  # a Tuesday, before the quiet hours end
        ("2026-06-16T07:00", "2026-06-16T07:00"),
        ("2026-06-16T21:59", "2026-06-16T21:59"),
        ("2026-06-16T22:00", "2026-06-17T07:00"),
        ("2026-06-12T21:59", "2026-06-12T21:59"),  # a Friday
        ("2026-06-12T22:00", "2026-06-15T08:00"),
        ("2026-06-13T12:00", "2026-06-15T08:00"),  # a Saturday
        ("2026-06-14T06:30", "2026-06-15T08:00"),  # a Sunday
        ("2026-06-15T06:30", "2026-06-15T08:00"),  # a Monday: the week begins at eight
        ("2026-04-02T22:00", "2026-04-07T08:00"),  # the night before Good Friday, to Tuesday after Easter
        ("2026-04-27T12:00", "2026-04-28T08:00"),  # King's Day
        ("2026-12-24T23:00", "2026-12-28T08:00"),  # Christmas, then a weekend
    ],
)
def test_news_goes_on_working_days_outside_quiet_hours(queued: str, goes_at: str) -> None:
    assert goes(queued) == goes_at


def test_what_somebody_waits_for_goes_in_the_night_of_a_weekend() -> None:
    assert goes("2026-06-14T03:00", Haste.AWAITED) == "2026-06-14T03:00"


@pytest.mark.parametrize(
    ("queued", "quiet", "goes_at"),
    [
        ("2026-06-14T18:00", USUAL, "2026-06-14T18:00"),
        ("2026-06-14T18:00", Quiet(from_at=time(17), until_at=time(9)), "2026-06-15T09:00"),
        ("2026-04-06T07:30", USUAL, "2026-04-06T07:30"),  # Easter Monday: the mail of that Monday
    ],
)
def test_a_digest_keeps_its_day_and_waits_for_quiet_hours_alone(queued: str, quiet: Quiet, goes_at: str) -> None:
    assert goes(queued, Haste.DIGEST, quiet) == goes_at


@pytest.mark.parametrize(
    ("queued", "until", "goes_at"),
    [
        # 29 March 2026: from 02:00 to 03:00 at once
        ("2026-03-29T01:30", time(2, 30), "2026-03-29T03:30"),
        # 25 October 2026: 02:00 to 03:00 twice
        ("2026-10-25T01:30", time(2, 30), "2026-10-25T02:30"),
    ],
)
def test_quiet_hours_end_in_the_night_of_a_clock_change(queued: str, until: time, goes_at: str) -> None:
    assert goes(queued, Haste.DIGEST, Quiet(from_at=time(23), until_at=until)) == goes_at


def test_in_the_hour_that_comes_twice_quiet_hours_come_twice() -> None:
    again = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    quiet = Quiet(from_at=time(23), until_at=time(2, 30))
    assert next_moment(again, Haste.DIGEST, quiet) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_same_time_twice_is_no_quiet_hours() -> None:
    assert goes("2026-06-16T03:00", quiet=Quiet(from_at=time(9), until_at=time(9))) == "2026-06-16T03:00"


@pytest.mark.parametrize(
    ("day", "works"),
    [(date(2026, 5, 5), True), (date(2030, 5, 5), False), (date(2025, 5, 5), False), (date(2026, 5, 14), False)],
)
def test_a_public_holiday_is_no_working_day(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@given(moments | around_changes, hastes, quiets)
def test_it_goes_at_the_first_moment_at_which_it_may(earliest: datetime, haste: Haste, quiet: Quiet) -> None:
    goes_at = next_moment(earliest, haste, quiet)
    assert may_go(goes_at, haste, quiet)
    assert next_moment(goes_at, haste, quiet) == goes_at
    assert timedelta(0) <= goes_at - earliest <= LONGEST_WAIT
    moment = earliest
    while moment < goes_at:
        assert not may_go(moment, haste, quiet)
        moment += FIVE_MINUTES


@given(moments | around_changes, moments | around_changes, hastes, quiets)
def test_what_is_queued_later_never_goes_earlier(one: datetime, other: datetime, haste: Haste, quiet: Quiet) -> None:
    first, second = sorted((one, other))
    assert next_moment(first, haste, quiet) <= next_moment(second, haste, quiet)


@given(moments | around_changes, quiets)
def test_no_news_goes_on_a_free_day_or_in_quiet_hours(earliest: datetime, quiet: Quiet) -> None:
    at = next_moment(earliest, Haste.NEWS, quiet).astimezone(AMSTERDAM)
    assert is_working_day(at.date())
    assert not quiet.covers(at.time())


@pytest.mark.parametrize(
    ("quiet", "at", "is_covered"),
    [
        (Quiet(from_at=time(10), until_at=time(11)), time(9, 59), False),
        (Quiet(from_at=time(10), until_at=time(11)), time(10), True),
        (Quiet(from_at=time(10), until_at=time(11)), time(11), False),
        (USUAL, time(22), True),
        (USUAL, time(0), True),
        (USUAL, time(7), False),
    ],
)
def test_quiet_hours_have_their_first_moment_and_not_their_last(quiet: Quiet, at: time, is_covered: bool) -> None:
    assert quiet.covers(at) is is_covered


@pytest.mark.parametrize(
    ("told", "begins", "is_late"),
    [
        (datetime(2026, 6, 13, 10), datetime(2026, 6, 13, 18, 30), True),
        (datetime(2026, 6, 13, 10), datetime(2026, 6, 15, 10), True),
        (datetime(2026, 6, 13, 10), datetime(2026, 6, 15, 11), False),
        (datetime(2026, 6, 16, 14), datetime(2026, 6, 16, 18, 30), False),
        (datetime(2026, 6, 16, 16), datetime(2026, 6, 16, 18, 30), True),
        (datetime(2026, 6, 16, 23), datetime(2026, 6, 17, 9), True),
        (datetime(2026, 6, 16, 23), datetime(2026, 6, 17, 18, 30), False),
    ],
)
def test_news_comes_too_late_within_three_hours_of_what_it_is_about(
    told: datetime, begins: datetime, is_late: bool
) -> None:
    assert comes_too_late(told.replace(tzinfo=AMSTERDAM), begins.replace(tzinfo=AMSTERDAM)) is is_late
