"""RULES.md section 3: internship hours. 80 hours over 80 school days, unless a test says otherwise."""

from fractions import Fraction
from typing import Any

import pytest

from hto_track.rules.facts import EntryState, InternshipEntry
from hto_track.rules.internship import Internship, judge_internship, state_seen
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import span_of
from tests.rules.cases import HOUR, day, entry, facts_of, pause, placement

MET, ON_TRACK = RequirementState.MET, RequirementState.ON_TRACK
AT_RISK, OUT_OF_REACH = RequirementState.AT_RISK, RequirementState.OUT_OF_REACH


def _judge(entries: tuple[InternshipEntry, ...], on: int, **known: Any) -> Internship:
    facts = facts_of(internship=entries, **known)
    return judge_internship(facts, span_of(facts, day(on)))


def _worked(hours: float, on: int, **known: Any) -> Internship:
    """With ``hours`` confirmed on the first day."""
    return _judge((entry(1, hours),), on, **known)


@pytest.mark.parametrize(
    ("on", "seen"),
    [
        (9, None),
        (10, None),  # its own date, but not handed in yet
        (11, None),
        (12, EntryState.SUBMITTED),
        (14, EntryState.SUBMITTED),
        (15, EntryState.CONFIRMED),
        (16, EntryState.CONFIRMED),
    ],
)
def test_an_entry_is_seen_as_its_dates_come(on: int, seen: EntryState | None) -> None:
    one = entry(10, 4, submitted=12, decided=15)
    assert state_seen(one, span_of(facts_of(), day(on))) is seen


@pytest.mark.parametrize(("on", "seen"), [(14, EntryState.SUBMITTED), (15, EntryState.REJECTED)])
def test_a_rejection_is_seen_from_its_own_date(on: int, seen: EntryState) -> None:
    one = entry(10, 4, "rejected", submitted=12, decided=15)
    assert state_seen(one, span_of(facts_of(), day(on))) is seen


def test_an_entry_is_not_seen_before_its_own_date() -> None:
    early = entry(10, 4, submitted=5, decided=6)
    assert state_seen(early, span_of(facts_of(), day(9))) is None
    assert state_seen(early, span_of(facts_of(), day(10))) is EntryState.CONFIRMED


def test_a_decision_without_a_date_is_of_the_day_itself() -> None:
    one = InternshipEntry(on=day(10), minutes=60, state=EntryState.CONFIRMED, submitted_on=day(10))
    assert state_seen(one, span_of(facts_of(), day(10))) is EntryState.CONFIRMED


def test_each_state_is_added_up_apart_and_draft_and_withdrawn_nowhere() -> None:
    entries = (
        entry(1, 4),
        entry(2, 3.5),
        entry(3, 2, "submitted"),
        entry(4, 1.5, "rejected"),
        entry(5, 7, "draft"),
        entry(8, 7, "withdrawn"),
    )
    found = _judge(entries, 8)
    assert (found.confirmed, found.awaiting, found.rejected, found.counted) == (450, 120, 90, 570)
    # 80 - 7.5 - 2 = 70.5 hours
    assert (found.remaining, found.extra) == (4230, 0)


@pytest.mark.parametrize(("hours", "extra", "remaining"), [(79, 0, 1), (80, 0, 0), (100, 0, 0), (101, 1, 0)])
def test_extra_lies_above_the_maximum(hours: int, extra: int, remaining: int) -> None:
    found = _worked(hours, 2)
    assert (found.confirmed, found.extra, found.remaining) == (hours * HOUR, extra * HOUR, remaining * HOUR)


def test_hours_that_wait_leave_less_to_do_but_meet_nothing() -> None:
    found = _judge((entry(1, 79), entry(2, 1, "submitted")), 2)
    assert (found.remaining, found.pace_needed, found.state) == (0, 0, ON_TRACK)


@pytest.mark.parametrize(("on", "left"), [(0, 80), (1, 79), (5, 75), (6, 75), (7, 75), (8, 74), (111, 0), (112, 0)])
def test_school_days_left_lie_after_the_date(on: int, left: int) -> None:
    # Days 6 and 7 are a weekend; day 110 is the last Friday.
    assert _judge((), on).school_days_left == left


def test_school_days_left_leave_pauses_out_and_know_no_placements() -> None:
    found = _judge((), 7, enrolment={"pauses": (pause(8, 14),)}, placements=(placement(1, 20),))
    assert found.school_days_left == 70


@pytest.mark.parametrize(
    ("on", "pace"),
    [
        (0, 5),  # 80 hours over 80 school days: 1 a day, 5 a week
        (56, 10),  # over 40: 2 a day
        (98, 40),  # over 10: 8 a day
        (105, 80),  # over the 5 of the last week
    ],
)
def test_the_pace_is_hours_a_week_of_five_school_days(on: int, pace: int) -> None:
    assert _judge((), on).pace_needed == pace * HOUR


def test_the_pace_is_exact() -> None:
    # 80 hours over 79 days.
    assert _judge((), 1).pace_needed == Fraction(80 * HOUR * 5, 79)


@pytest.mark.parametrize(
    ("on", "left", "pace"),
    [
        (105, 5, 10),  # a Sunday: the whole last week is left
        (106, 4, 10),  # fewer than five days are counted as five
        (109, 1, 10),
    ],
)
def test_the_last_week_asks_no_more_than_its_hours(on: int, left: int, pace: int) -> None:
    found = _worked(70, on)
    assert (found.school_days_left, found.pace_needed) == (left, pace * HOUR)


@pytest.mark.parametrize(("on", "pace"), [(109, 10 * HOUR), (110, None), (112, None), (130, None)])
def test_without_a_school_day_left_there_is_no_pace(on: int, pace: int | None) -> None:
    assert _worked(70, on).pace_needed == pace


def test_with_nothing_left_to_do_the_pace_is_zero_even_at_the_end() -> None:
    assert _worked(80, 112).pace_needed == 0


@pytest.mark.parametrize(("minutes", "state"), [(4799, ON_TRACK), (4800, MET), (4801, MET)])
def test_the_requirement_is_met_from_the_minimum_on(minutes: int, state: RequirementState) -> None:
    assert _worked(minutes / HOUR, 2).state is state


@pytest.mark.parametrize(
    ("remaining", "state"),
    [
        (HOUR * 64 - 1, ON_TRACK),
        (HOUR * 64, ON_TRACK),  # 64 hours over 40 days: exactly 8 a week
        (HOUR * 64 + 1, AT_RISK),
    ],
)
def test_more_than_eight_hours_a_week_is_at_risk(remaining: int, state: RequirementState) -> None:
    assert _worked((4800 - remaining) / HOUR, 56).state is state


@pytest.mark.parametrize(
    ("remaining", "state"),
    [
        (HOUR * 48 - 1, AT_RISK),
        (HOUR * 48, AT_RISK),  # 48 hours over 10 days: exactly 24 a week
        (HOUR * 48 + 1, OUT_OF_REACH),
    ],
)
def test_more_than_24_hours_a_week_is_out_of_reach(remaining: int, state: RequirementState) -> None:
    # Day 98 is the Sunday two weeks before the end: 10 school days are left.
    found = _worked((4800 - remaining) / HOUR, 98)
    assert found.school_days_left == 10
    assert found.state is state


@pytest.mark.parametrize(("hours_left", "state"), [(19, AT_RISK), (20, AT_RISK), (20.25, OUT_OF_REACH)])
def test_more_than_ten_hours_a_school_day_is_out_of_reach(hours_left: float, state: RequirementState) -> None:
    # Two school days are left, so 20 hours; the pace is 20 / 5 * 5 = 20 hours a week, under 24.
    found = _worked(80 - hours_left, 108)
    assert found.school_days_left == 2
    assert found.state is state


def test_hours_left_after_the_last_school_day_are_out_of_reach() -> None:
    assert _worked(79.5, 110).state is OUT_OF_REACH


def test_minimum_and_maximum_are_the_programmes() -> None:
    found = _worked(60, 2, programme={"internship_min": 60 * HOUR, "internship_max": 50 * HOUR})
    assert (found.minimum, found.maximum, found.extra, found.state) == (3600, 3000, 600, MET)
