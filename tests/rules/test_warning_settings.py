"""The settings that say when warnings begin: bounds, red after amber, and what others would do."""

from dataclasses import fields, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.facts import Facts, Programme, Thresholds
from hto_track.rules.standing import Standing, judge
from hto_track.rules.warning_settings import (
    LIMITS,
    SETTINGS,
    FaultKind,
    LevelCounts,
    Setting,
    Unit,
    count_levels,
    faults,
    value_of,
    with_value,
)
from hto_track.rules.warnings import Level, alarms
from tests.rules.cases import HOUR, day, facts_of, lesson
from tests.rules.strategies import facts as any_facts

BY_NAME = {setting.name: setting for setting in SETTINGS}


def with_one(name: str, value: Fraction | int) -> Programme:
    return with_value(Programme(), BY_NAME[name], value)


def test_every_threshold_can_be_set() -> None:
    assert {setting.name for setting in LIMITS} == {field.name for field in fields(Thresholds)}


def test_the_defaults_are_sound() -> None:
    assert faults(Programme()) == ()


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("overload_amber", Fraction(99, 100), FaultKind.OUT_OF_BOUNDS),
        ("overload_amber", Fraction(1), None),
        ("overload_red", Fraction(149, 100), FaultKind.BELOW_AMBER),
        ("overload_red", Fraction(3, 2), None),
        ("overload_red", Fraction(501, 100), FaultKind.OUT_OF_BOUNDS),
        ("overload_red_with_job", 19 * HOUR, FaultKind.OUT_OF_BOUNDS),
        ("silent_red", 20, FaultKind.BELOW_AMBER),
        ("silent_red", 21, None),
        ("silent_amber", 0, FaultKind.OUT_OF_BOUNDS),
        ("unconfirmed_red", 13, FaultKind.BELOW_AMBER),
        ("min_attendance", Fraction(101, 100), FaultKind.OUT_OF_BOUNDS),
        ("advertised_weekly", 0, FaultKind.OUT_OF_BOUNDS),
    ],
)
def test_what_is_out_of_bounds_or_red_before_amber_is_a_fault(
    name: str, value: Fraction | int, kind: FaultKind | None
) -> None:
    found = [(fault.setting.name, fault.kind) for fault in faults(with_one(name, value))]
    assert found == ([(name, kind)] if kind else [])


def test_amber_above_red_is_said_at_red() -> None:
    assert [fault.setting.name for fault in faults(with_one("silent_amber", 36))] == ["silent_red"]


@given(st.sampled_from(SETTINGS), st.integers(0, 400))
def test_a_setting_is_what_it_was_set_to_and_no_other_changes(setting: Setting, number: int) -> None:
    value = Fraction(number, 100) if setting.unit is Unit.SHARE else number
    changed = with_value(Programme(), setting, value)
    for each in SETTINGS:
        assert value_of(changed, each) == (value if each is setting else value_of(Programme(), each))


def _full_week(minutes: int) -> tuple[Facts, Standing]:
    """On day 7 the next week is one lesson of so many minutes, and the room is ten hours."""
    facts = facts_of(
        programme={"internship_min": 0, "prep_per_lesson": 0},
        lessons=(lesson(day(10), minutes=minutes),),
        enrolment={"study_weekly": 10 * HOUR, "job_weekly": 0},
    )
    return facts, judge(facts, day(7))


def test_people_are_counted_by_the_highest_of_their_levels() -> None:
    people = [_full_week(minutes) for minutes in (900, 901, 1200, 1201)]
    settings = people[0][0].programme
    assert count_levels(people, settings) == LevelCounts(amber=2, red=1)
    lower = with_value(settings, BY_NAME["overload_amber"], Fraction(7, 5))
    assert count_levels(people, lower) == LevelCounts(amber=3, red=1)
    lower = with_value(lower, BY_NAME["overload_red"], Fraction(3, 2))
    assert count_levels(people, lower) == LevelCounts(amber=1, red=3)


def test_what_is_no_threshold_changes_the_standing_itself() -> None:
    facts = facts_of(
        programme={"internship_min": 0, "prep_per_lesson": 0},
        lessons=(lesson(day(10), minutes=901),),
        enrolment={"job_weekly": 0},
    )
    people = [(facts, judge(facts, day(7)))]
    assert count_levels(people, facts.programme) == LevelCounts(amber=0, red=0)
    less = replace(facts.programme, advertised_weekly=10 * HOUR)
    assert count_levels(people, less) == LevelCounts(amber=1, red=0)


@given(any_facts, st.integers(-20, 60))
def test_with_the_settings_as_they_are_everybody_is_counted_as_they_stand(facts: Facts, number: int) -> None:
    standing = judge(facts, day(number))
    levels = {alarm.level for alarm in alarms(facts, standing)}
    counted = count_levels([(facts, standing)], facts.programme)
    assert (counted.red, counted.amber) == (Level.RED in levels, bool(levels) and Level.RED not in levels)
