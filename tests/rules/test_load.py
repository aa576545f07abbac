"""RULES.md section 5: load, by hand. Minutes by week; ``_week(load, 2)`` is the second week, of days 8 to 14.

An assignment A1 of 28 hours over days 1 to 28 is an hour a day; 80 hours of internship over 80 school days are five a
week.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from hto_track.rules.facts import EnrolmentStatus, Facts, Mark
from hto_track.rules.load import Load, Week
from hto_track.rules.standing import judge
from tests.rules.cases import (
    HOUR,
    assignment,
    attempt,
    day,
    entry,
    facts_of,
    lesson,
    log,
    pause,
    school_holiday,
)

BARE: dict[str, Any] = {"internship_min": 0, "prep_per_lesson": 0}
LONG_AFTER = 130
"""A date after the last week: every week is behind it and shows the original plan."""


def _load(on: int, *, programme: dict[str, Any] = BARE, **known: Any) -> Load:
    return judge(facts_of(programme=programme, **known), day(on)).load


def _week(load: Load, number: int) -> Week:
    return load.weeks[number - 1]


def _assignments(load: Load) -> list[Fraction]:
    return [week.assignments for week in load.weeks]


def test_there_is_a_week_for_each_from_the_first_to_the_last_day() -> None:
    load = _load(1, enrolment={"start_on": day(14), "end_on": day(29)})
    assert [week.monday for week in load.weeks] == [day(8), day(15), day(22), day(29)]


def test_without_a_date_in_the_active_span_all_weeks_are_of_nothing() -> None:
    load = _load(1, enrolment={"pauses": (pause(1, 112),)}, programme={}, assignments=(assignment(),))
    assert [week.study for week in load.weeks] == [0] * 16
    assert (load.next4, load.next4_mean, load.this_week) == ((), None, 0)


def test_a_pause_at_either_end_is_shown() -> None:
    load = _load(1, enrolment={"pauses": (pause(1, 14), pause(99, 112))})
    assert (load.weeks[0].monday, load.weeks[-1].monday) == (day(1), day(106))


def test_a_pause_in_the_middle_stands_as_weeks_of_nothing() -> None:
    load = _load(LONG_AFTER, enrolment={"pauses": (pause(8, 21),)}, programme={})
    assert len(load.weeks) == 16
    assert [_week(load, number).study for number in (2, 3)] == [0, 0]
    assert _week(load, 4).internship == Fraction(80 * HOUR, 70) * 5


@pytest.mark.parametrize("on", [1, LONG_AFTER])
def test_a_lesson_is_its_length_and_the_travel_once(on: int) -> None:
    given = (lesson(day(10)), lesson(day(11), minutes=90), replace(lesson(day(12)), cancelled=True))
    load = _load(on, lessons=given, enrolment={"travel": 30})
    assert [week.lessons for week in load.weeks[:3]] == [0, 180 + 30 + 90 + 30, 0]


@pytest.mark.parametrize("on", [0, LONG_AFTER])
def test_preparation_lies_in_the_seven_days_before_the_lesson(on: int) -> None:
    # An hour over days 3 to 9: five of them in week 1, two in week 2.
    load = _load(on, lessons=(lesson(day(10)),), programme={"internship_min": 0})
    assert [week.preparation for week in load.weeks[:3]] == [Fraction(300, 7), Fraction(120, 7), 0]


def test_preparation_lies_within_the_active_span_or_falls_away() -> None:
    only: dict[str, Any] = {"programme": {"internship_min": 0}}
    assert _week(_load(0, lessons=(lesson(day(3)),), **only), 1).preparation == 60  # over days 1 and 2
    assert _week(_load(0, lessons=(lesson(day(1)),), **only), 1).preparation == 0
    paused = _load(0, lessons=(lesson(day(15)),), enrolment={"pauses": (pause(8, 13),)}, **only)
    assert [week.preparation for week in paused.weeks[:3]] == [0, 60, 0]  # all of it on day 14


@pytest.mark.parametrize("on", [0, LONG_AFTER])
def test_an_assignment_is_spread_from_its_opening_to_its_due_date(on: int) -> None:
    given = (assignment("A1", opens=5, due=18, hours=14), assignment("A2", mandatory=False))
    # An hour a day: days 5 to 7, 8 to 14, 15 to 18.
    assert _assignments(_load(on, assignments=given))[:4] == [180, 420, 240, 0]


def test_the_original_plan_follows_pauses_late_starts_and_extensions_but_no_resit() -> None:
    failed = (attempt(1, 20, 25, "failed"),)
    own: dict[str, Any] = {"assignments": (assignment(attempts=failed),)}
    assert _assignments(_load(LONG_AFTER, **own))[:5] == [420, 420, 420, 420, 0]
    paused: dict[str, Any] = {"pauses": (pause(8, 14),)}
    assert _assignments(_load(LONG_AFTER, enrolment=paused, **own))[:6] == [420, 0, 420, 420, 420, 0]
    extended = (assignment(extended_to=day(14)),)  # 28 hours over 14 days
    assert _assignments(_load(LONG_AFTER, assignments=extended))[:3] == [840, 840, 0]


def test_what_is_due_after_the_last_day_is_spread_up_to_it() -> None:
    # Days 106 to 112 of days 106 to 119.
    load = _load(LONG_AFTER, assignments=(assignment(opens=106, due=119, hours=7),))
    assert _week(load, 16).assignments == 7 * HOUR


def test_the_internship_is_spread_over_the_school_days() -> None:
    load = _load(LONG_AFTER, programme={}, holidays=(school_holiday(1, 7),))
    assert [week.internship for week in load.weeks] == [0] + [Fraction(80 * HOUR, 75) * 5] * 15


def test_what_remains_of_the_internship_is_spread_over_the_school_days_left() -> None:
    # On day 56, with 40 hours confirmed and 10 waiting, 30 are left for 40 school days: 3.75 hours in each week of five.
    given = (entry(1, 40), entry(2, 10, "submitted"), entry(3, 9, "rejected"))
    load = _load(56, programme={}, internship=given)
    assert [week.internship for week in load.weeks[8:]] == [225] * 8
    assert [week.internship for week in load.weeks[:7]] == [300] * 7


# An open assignment, A1: an hour a day over days 1 to 28.


@pytest.mark.parametrize(
    ("on", "logs", "ahead"),
    [
        (7, (), [0, 420, 420, 420]),  # who does not log is believed to follow the plan: 21 of 28 hours left
        (7, (log(3, 5, "A1"),), [300, 420, 420, 420]),  # 28 - 5 = 23 is more than the plan still holds
        (7, (log(3, 7, "A1"),), [420, 420, 420, 420]),  # 28 - 7 = 21: the same
        (7, (log(3, 14, "A1"),), [840, 280, 280, 280]),  # 14 left over 21 days: 40 minutes a day
        (7, (log(7, 14, "A1"),), [840, 280, 280, 280]),  # logged on the date itself
        (7, (log(3, 21, "A1"),), [1260, 140, 140, 140]),  # 7 left, a quarter
        (7, (log(3, 27, "A1"),), [1620, 140, 140, 140]),  # never below a quarter
        (7, (log(3, 14, "A2"), log(3, 14)), [1680, 420, 420, 420]),  # what is logged on something else
        (7, (log(8, 14, "A1"),), [0, 420, 420, 420]),  # logged after the date
    ],
)
def test_what_remains_of_an_open_assignment_is_spread_over_the_days_left(on: int, logs: Any, ahead: list[int]) -> None:
    load = _load(on, assignments=(assignment(),), study_log=logs)
    assert _assignments(load)[:4] == ahead


@pytest.mark.parametrize(
    ("on", "per_day"),
    [
        (20, Fraction(60)),  # the plan still holds 8 of 28 hours
        (21, Fraction(60)),  # 7 of 28, exactly a quarter
        (22, Fraction(420, 6)),  # 6 hours by plan, but a quarter is 7: over 6 days
    ],
)
def test_a_quarter_is_left_until_it_is_handed_in(on: int, per_day: Fraction) -> None:
    load = _load(on, assignments=(assignment(),))
    ahead = sum((week.assignments for week in load.weeks[on // 7 :]), Fraction(0))
    assert ahead == per_day * (28 - on)


def test_an_open_assignment_without_days_left_takes_the_next_two_weeks() -> None:
    # On the due date itself: a quarter, 7 hours, over days 29 to 42.
    assert _assignments(_load(28, assignments=(assignment(),)))[3:7] == [0, 210, 210, 0]


def test_days_left_in_a_pause_are_no_days_left() -> None:
    # An extension to day 28, a pause from day 22: on day 21 no day of the plan is left after it.
    known: dict[str, Any] = {
        "assignments": (assignment(extended_to=day(28)),),
        "enrolment": {"pauses": (pause(22, 34),)},
    }
    # A quarter, 7 hours, over the 14 dates after day 21 that lie in the active span: day 35 alone.
    assert _assignments(_load(21, **known))[3:7] == [0, 420, 0, 0]


def test_an_assignment_whose_dates_all_fall_away_takes_nothing() -> None:
    # Days 1 to 14 are paused, all it had; the next two weeks after day 10 would have days 15 to 24.
    known: dict[str, Any] = {
        "assignments": (assignment(extended_to=day(14)),),
        "enrolment": {"pauses": (pause(1, 14),)},
    }
    assert _assignments(_load(10, **known)) == [0] * 16


def test_an_assignment_that_is_still_to_open_is_planned_whole() -> None:
    assert _assignments(_load(7, assignments=(assignment(opens=15, due=42),)))[:7] == [0, 0, 420, 420, 420, 420, 0]


@pytest.mark.parametrize(
    ("on", "first_week", "ahead"),
    [
        # Failed on day 25, due on day 53. On day 35 14 hours over days 36 to 53: 7, 7 and 4 of 18 days.
        (35, 6, [Fraction(840 * 7, 18), Fraction(840 * 7, 18), Fraction(840 * 4, 18), Fraction(0)]),
        # On day 53 no day is left: over days 54 to 67, 3, 7 and 4 of them.
        (53, 8, [Fraction(180), Fraction(420), Fraction(240), Fraction(0)]),
        # On day 54 it is overdue: over days 55 to 68.
        (54, 8, [Fraction(120), Fraction(420), Fraction(300), Fraction(0)]),
    ],
)
def test_a_resit_takes_half_the_estimate(on: int, first_week: int, ahead: list[Fraction]) -> None:
    load = _load(on, assignments=(assignment(attempts=(attempt(1, 20, 25, "failed"),)),))
    assert _assignments(load)[first_week - 1 : first_week + 3] == ahead


def test_an_overdue_assignment_takes_half_the_estimate_in_the_next_two_weeks() -> None:
    # On day 30: 14 hours over days 31 to 44, an hour a day: 5 in week 5, 7 in week 6, 2 in week 7.
    assert _assignments(_load(30, assignments=(assignment(),)))[4:8] == [300, 420, 120, 0]


def test_at_the_end_what_is_overdue_takes_the_days_that_are_left() -> None:
    # On day 110: 14 hours over days 111 and 112.
    assert _assignments(_load(110, assignments=(assignment(),)))[15] == 840


@pytest.mark.parametrize(
    "attempts",
    [
        (attempt(1, 5),),
        (attempt(1, 5, 6, "passed"),),
        (attempt(0, 5, 6, "exempt"),),
        (attempt(1, 2, 3, "failed"), attempt(2, 4, 5, "failed")),
    ],
)
def test_what_is_handed_in_passed_exempt_or_failed_takes_nothing_more(attempts: Any) -> None:
    assert _assignments(_load(7, assignments=(assignment(attempts=attempts),))) == [0] * 16


def test_the_job_is_what_is_left_after_release_and_is_no_study_load() -> None:
    load = _load(7, enrolment={"job_weekly": 36 * HOUR, "release_weekly": 4 * HOUR}, lessons=(lesson(day(9)),))
    assert load.job == 32 * HOUR
    week = _week(load, 2)
    assert (week.job, week.study, week.with_job) == (32 * HOUR, 180, 32 * HOUR + 180)


@pytest.mark.parametrize(("given", "capacity"), [(None, 12 * HOUR), (8 * HOUR, 8 * HOUR)])
def test_the_room_is_what_they_gave_else_what_was_advertised(given: int | None, capacity: int) -> None:
    assert _load(7, enrolment={"study_weekly": given}).capacity == capacity


def test_actual_is_what_was_attended_worked_and_logged_up_to_the_date() -> None:
    marks = (Mark.PRESENT, Mark.LATE, Mark.MADE_UP, None, Mark.ABSENT, Mark.EXCUSED)
    given = tuple(lesson(day(number), mark) for number, mark in enumerate(marks, start=1))
    entries = (entry(1, 2), entry(2, 1, "submitted"), entry(3, 4, "rejected"), entry(4, 4, "draft"), entry(8, 5))
    known: dict[str, Any] = {
        "lessons": given,
        "internship": entries,
        "study_log": (log(5, 1.5, "A1"), log(6, 0.5), log(7, 1)),
    }
    load = _load(6, enrolment={"travel": 15}, **known)
    actual = _week(load, 1).actual
    assert actual is not None
    assert actual.lessons == 4 * (180 + 15)
    assert actual.internship == 180
    assert actual.study_log == 120
    assert _week(load, 2).actual is None
    later = _week(_load(LONG_AFTER, enrolment={"travel": 15}, **known), 2).actual
    assert later is not None and (later.lessons, later.internship, later.study_log) == (0, 300, 0)


def test_a_lesson_to_come_is_no_actual() -> None:
    given = (lesson(day(1)), lesson(day(3)))
    actual = _week(_load(2, lessons=given), 1).actual
    assert actual is not None and actual.lessons == 180


def test_the_week_of_the_date_is_what_was_done_and_what_is_still_planned() -> None:
    # On Wednesday, day 10.
    given = (
        lesson(day(8), Mark.PRESENT),  # attended: 3 hours
        lesson(day(9), Mark.ABSENT),  # missed: nothing
        lesson(day(12)),  # to come: 3 hours; its preparation over days 5 to 11, of which day 11 is ahead: 60/7
        lesson(day(20)),  # preparation over days 13 to 19, of which 13 and 14 are in this week: 120/7
    )
    known: dict[str, Any] = {
        "lessons": given,
        "assignments": (assignment(),),  # 18 hours left by plan over 18 days: 4 days of this week
        "internship": (entry(8, 4), entry(10, 2, "submitted"), entry(11, 9)),  # 6 done; 74 left over 72 school days
        "study_log": (log(8, 1, "A1"), log(10, 2), log(11, 9)),  # 3 logged
    }
    week = _week(_load(10, programme={}, **known), 2)
    assert week.lessons == 180 + 180
    assert week.preparation == Fraction(60, 7) + Fraction(120, 7)
    assert week.assignments == 180 + 4 * 60
    assert week.internship == 360 + Fraction(74 * HOUR, 72) * 2
    assert week.study == week.lessons + week.preparation + week.assignments + week.internship


def test_a_week_before_it_keeps_the_original_plan_beside_what_was_done() -> None:
    known: dict[str, Any] = {
        "assignments": (assignment(),),
        "study_log": (log(2, 1, "A1"),),
        "internship": (entry(3, 10),),
    }
    week = _week(_load(10, programme={}, **known), 1)
    assert (week.assignments, week.internship) == (420, 300)
    assert week.actual is not None and (week.actual.study_log, week.actual.internship) == (60, 600)


def test_in_a_pause_the_week_has_no_study_load_but_keeps_what_was_done() -> None:
    known: dict[str, Any] = {
        "enrolment": {"pauses": (pause(8, 14),)},
        "study_log": (log(9, 2),),
        "internship": (entry(10, 3),),
    }
    load = _load(10, programme={}, **known)
    week = _week(load, 2)
    assert (week.study, load.this_week) == (0, 0)
    assert week.actual is not None and (week.actual.study_log, week.actual.internship) == (120, 180)


@pytest.mark.parametrize(("on", "study"), [(0, 0), (1, 60), (7, 60), (112, 60), (113, 0)])
def test_this_week_is_the_week_of_the_date(on: int, study: int) -> None:
    given = tuple(lesson(day(number), Mark.PRESENT, minutes=60) for number in range(1, 112, 7))
    assert _load(on, lessons=given).this_week == study


@pytest.mark.parametrize(
    ("on", "mondays"),
    [
        (7, [8, 15, 22, 29]),  # a Sunday: the week after it begins tomorrow
        (8, [15, 22, 29, 36]),
        (0, [1, 8, 15, 22]),
        (-21, [1]),  # the Sunday before day -20: the weeks of days -20, -13, -6 and 1 follow
        (-20, [1, 8]),
        (91, [92, 99, 106]),
        (105, [106]),
        (106, []),
    ],
)
def test_the_next_four_are_the_weeks_after_that_of_the_date(on: int, mondays: list[int]) -> None:
    assert [week.monday for week in _load(on).next4] == [day(number) for number in mondays]


def test_the_next_four_skip_weeks_without_an_active_day() -> None:
    load = _load(7, enrolment={"pauses": (pause(15, 28),)}, lessons=(lesson(day(8)), lesson(day(29), minutes=60)))
    assert [week.monday for week in load.next4] == [day(8), day(29)]
    assert load.next4_mean == 120


def test_a_week_with_one_active_day_is_one_of_the_four() -> None:
    load = _load(7, enrolment={"pauses": (pause(15, 20),)})
    assert [week.monday for week in load.next4] == [day(8), day(15), day(22), day(29)]


def test_their_mean_is_null_where_there_is_none() -> None:
    assert _load(106).next4_mean is None


def test_after_a_withdrawal_the_load_is_that_of_its_date() -> None:
    facts: Facts = facts_of(
        enrolment={"status": EnrolmentStatus.WITHDRAWN, "status_on": day(10)},
        assignments=(assignment(),),
        lessons=(lesson(day(9), Mark.PRESENT), lesson(day(10)), lesson(day(20))),
        internship=(entry(8, 4), entry(12, 2)),
        study_log=(log(9, 1), log(11, 5)),
    )
    at_once, later = judge(facts, day(10)).load, judge(facts, day(60)).load
    assert at_once == later
    assert len(later.weeks) == 2
    week = _week(later, 2)
    assert (week.lessons, week.assignments, week.internship, later.this_week) == (360, 60, 240, 660)
