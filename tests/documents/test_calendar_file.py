"""The calendar file, read back by another library than the one that wrote it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hto_track.documents.calendar_file import CalendarEntry, calendar_bytes

TOLD_AT = datetime(2026, 6, 14, 12, 30, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MOST_OCTETS = 75
"""Of a line (RFC 5545, 3.1)."""


def entry(**changes: Any) -> CalendarEntry:
    """An evening lesson."""
    values: dict[str, Any] = {
        "uid": "lesson-1@hto.test",
        "sequence": 0,
        "told_at": TOLD_AT,
        "on": date(2026, 3, 24),
        "starts_at": time(18, 30),
        "ends_at": time(21, 0),
        "summary": "Pedagogisch klimaat",
    }
    return CalendarEntry(**(values | changes))


def read_back(*entries: CalendarEntry) -> list[Any]:
    """The events of the file, by vobject."""
    calendar = vobject.readOne(calendar_bytes("Agenda", entries).decode())
    return list(calendar.contents.get("vevent", []))


def test_an_event_comes_back_as_it_was() -> None:
    (event,) = read_back(
        entry(
            sequence=3,
            description="Les 4\nGroep ZH-05",
            location="Rotterdam, lokaal B2.14",
            url="https://hto.example.org/agenda?week=2026-W13",
            category="Les",
        )
    )
    assert event.uid.value == "lesson-1@hto.test"
    assert event.sequence.value == "3"
    assert event.dtstamp.value == event.last_modified.value == TOLD_AT
    assert event.summary.value == "Pedagogisch klimaat"
    assert event.description.value == "Les 4\nGroep ZH-05"
    assert event.location.value == "Rotterdam, lokaal B2.14"
    assert event.url.value == "https://hto.example.org/agenda?week=2026-W13"
    assert event.categories.value == ["Les"]
    assert (event.status.value, event.transp.value) == ("CONFIRMED", "OPAQUE")


@pytest.mark.parametrize(
    ("on", "hour_in_utc"),
    [
        (date(2026, 3, 27), 17),  # before the clock goes forward on Sunday 29 March
        (date(2026, 3, 31), 16),
        (date(2026, 10, 23), 16),  # before it goes back on Sunday 25 October
        (date(2026, 10, 27), 17),
        (date(2026, 12, 29), 17),  # in week 53
        (date(2028, 3, 28), 16),
    ],
)
def test_a_lesson_is_at_half_past_six_by_the_clock_on_either_side_of_a_change(on: date, hour_in_utc: int) -> None:
    (event,) = read_back(entry(on=on))
    start = event.dtstart.value
    assert (start.hour, start.minute, start.date()) == (18, 30, on)
    assert start.astimezone(UTC).hour == hour_in_utc


def test_the_file_says_when_the_clock_changes_in_every_year() -> None:
    """What vobject makes of our VTIMEZONE alone, against the zone's own data."""
    calendar = vobject.readOne(calendar_bytes("Agenda", [entry()]).decode())
    ours = calendar.vtimezone.gettzinfo()
    day = datetime(2026, 1, 1, 12)
    while day.year < 2031:
        assert day.replace(tzinfo=ours).utcoffset() == day.replace(tzinfo=AMSTERDAM).utcoffset(), day
        day += timedelta(days=1)


def test_a_due_date_is_the_whole_day_and_keeps_nobody_busy() -> None:
    content = calendar_bytes("Agenda", [entry(starts_at=None, ends_at=None)])
    assert b"DTSTART;VALUE=DATE:20260324\r\nDTEND;VALUE=DATE:20260325\r\n" in content
    (event,) = read_back(entry(starts_at=None, ends_at=None))
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 3, 24), date(2026, 3, 25))
    assert event.transp.value == "TRANSPARENT"


def test_what_is_off_is_cancelled_and_keeps_nobody_busy() -> None:
    (event,) = read_back(entry(is_cancelled=True))
    assert (event.status.value, event.transp.value) == ("CANCELLED", "TRANSPARENT")


def test_the_calendar_says_its_name_and_when_to_look_again_and_rings_no_bell() -> None:
    content = calendar_bytes("HTO Track, Groep ZH-05", [entry()]).decode()
    for line in (
        "METHOD:PUBLISH",
        "X-WR-CALNAME:HTO Track\\, Groep ZH-05",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "DTSTART;TZID=Europe/Amsterdam:20260324T183000",
    ):
        assert f"{line}\r\n" in content
    assert "VALARM" not in content


def test_the_same_entries_make_the_same_bytes() -> None:
    assert calendar_bytes("Agenda", [entry()]) == calendar_bytes("Agenda", [entry()])


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("een\r\ntwee\rdrie", "een\ntwee\ndrie"),
        ("een\u2028twee\x0bdrie", "een\ntwee\ndrie"),
        ("bel\x07 en \x00 nul", "bel en  nul"),
        ("BEGIN:VEVENT\nSUMMARY:ingebroken", "BEGIN:VEVENT\nSUMMARY:ingebroken"),
    ],
)
def test_what_would_break_a_line_does_not(typed: str, stands: str) -> None:
    (event,) = read_back(entry(summary=typed, description=typed))
    assert event.summary.value == event.description.value == stands


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)
DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))
TIMES = st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]).map(sorted)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    st.lists(
        st.builds(
            entry,
            uid=st.integers(1, 10**9).map("lesson-{}@hto.test".format),
            sequence=st.integers(0, 10**6),
            on=DAYS,
            summary=TEXT,
            description=TEXT,
            location=TEXT,
            is_cancelled=st.booleans(),
        ),
        max_size=5,
    ),
    TIMES,
)
def test_whatever_is_written_is_read_back(entries: list[CalendarEntry], times: list[time]) -> None:
    start, end = (at.replace(second=0, microsecond=0) for at in times)
    timed = [entry(uid=one.uid, sequence=one.sequence, on=one.on, starts_at=start, ends_at=end) for one in entries]
    events = read_back(*entries, *timed)
    assert len(events) == 2 * len(entries)
    for one, event in zip(entries, events, strict=False):
        said = (event.uid.value, event.sequence.value, event.summary.value, event.status.value)
        assert said == (one.uid, str(one.sequence), one.summary, "CANCELLED" if one.is_cancelled else "CONFIRMED")
        assert (getattr(event, "description", None) is None) == (one.description == "")
        assert not one.description or event.description.value == one.description
        assert not one.location or event.location.value == one.location
        assert event.dtstart.value.date() == one.on
    for one, event in zip(timed, events[len(entries) :], strict=True):
        local = event.dtstart.value
        assert (local.date(), local.hour, local.minute) == (one.on, start.hour, start.minute)
    content = calendar_bytes("Agenda", [*entries, *timed])
    assert all(len(line) <= MOST_OCTETS for line in content.split(b"\r\n"))
