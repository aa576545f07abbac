"""RULES.md section 5, over any facts: the weeks are the days added up, nothing is lost, and logging never looks worse."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings

from hto_track.rules.facts import Facts, StudyLogRow
from hto_track.rules.load import Load, Week
from hto_track.rules.standing import judge
from tests.rules.day_by_day import PARTS, Reading, monday, study_by_week
from tests.rules.strategies import facts, log_rows, moments


def _later_weeks(load: Load, judged_on: date) -> list[Week]:
    return [week for week in load.weeks if week.monday > judged_on]


@settings(max_examples=300)  # the strongest of all: two readings of one text
@given(facts, moments)
def test_a_week_is_its_days_added_up(known: Facts, on: date) -> None:
    standing = judge(known, on)
    expected = study_by_week(known, standing, on)
    found = {week.monday: {part: getattr(week, part) for part in PARTS} for week in standing.load.weeks}
    assert found == expected


@given(facts, moments)
def test_a_load_is_never_negative_and_its_parts_add_up(known: Facts, on: date) -> None:
    load = judge(known, on).load
    for week in load.weeks:
        parts = [week.lessons, week.preparation, week.assignments, week.internship]
        assert min(parts) >= 0
        assert week.study == sum(parts)
        assert week.with_job == week.study + known.enrolment.job_weekly - known.enrolment.release_weekly


@given(facts, moments)
def test_the_next_four_and_this_week_are_of_the_weeks_shown(known: Facts, on: date) -> None:
    load, reading = judge(known, on).load, Reading(known, on)
    this_monday = monday(reading.judged_on)
    with_a_day = {monday(one) for one in reading.active}
    ahead = [this_monday + timedelta(days=7 * number) for number in (1, 2, 3, 4)]
    assert [week.monday for week in load.next4] == [one for one in ahead if one in with_a_day]
    by_monday = {week.monday: week for week in load.weeks}
    assert load.this_week == (by_monday[this_monday].study if this_monday in by_monday else 0)
    assert all(by_monday[week.monday] == week for week in load.next4)
    if load.next4:
        assert load.next4_mean == sum(week.study for week in load.next4) / Fraction(len(load.next4))
    else:
        assert load.next4_mean is None


@given(facts, moments)
def test_what_remains_of_the_internship_is_planned_whole(known: Facts, on: date) -> None:
    standing = judge(known, on)
    load, internship, judged_on = standing.load, standing.internship, standing.span.judged_on
    planned = sum((week.internship for week in _later_weeks(load, judged_on)), Fraction(0))
    for week in load.weeks:
        if week.monday == monday(judged_on) and week.actual is not None:
            # What is planned on the rest of this week, without what was done in it.
            active = any(0 <= (one - week.monday).days < 7 for one in Reading(known, on).active)
            planned += week.internship - (week.actual.internship if active else 0)
    assert planned == (internship.remaining if len(standing.span.school_days.after(judged_on)) else 0)


@given(facts)
def test_the_original_plan_of_the_internship_is_its_minimum(known: Facts) -> None:
    standing = judge(known, date(2027, 6, 1))
    assume(standing.span.school_days)
    assume(standing.span.judged_on >= standing.span.last + timedelta(days=7))
    assert sum(week.internship for week in standing.load.weeks) == known.programme.internship_min


@given(facts, log_rows, moments)
def test_logging_study_time_never_makes_what_is_ahead_look_worse(known: Facts, row: StudyLogRow, on: date) -> None:
    before = judge(known, on)
    after = judge(replace(known, study_log=(*known.study_log, row)), on)
    for earlier, later in zip(before.load.next4, after.load.next4, strict=True):
        assert later.study <= earlier.study
    judged_on = before.span.judged_on
    for earlier, later in zip(_later_weeks(before.load, judged_on), _later_weeks(after.load, judged_on), strict=True):
        assert later.study <= earlier.study


@given(facts, moments)
def test_actual_is_known_up_to_the_week_of_the_date_and_no_further(known: Facts, on: date) -> None:
    standing = judge(known, on)
    for week in standing.load.weeks:
        assert (week.actual is None) == (week.monday > standing.span.judged_on)
