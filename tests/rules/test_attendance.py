"""RULES.md section 1: attendance. ``lessons("pla")`` is a lesson a day: present, late, absent."""

from dataclasses import replace
from datetime import time
from fractions import Fraction
from typing import Any

import pytest

from hto_track.rules.attendance import Attendance, judge_attendance, lessons_of
from hto_track.rules.facts import EnrolmentStatus, Lesson
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import span_of
from tests.rules.cases import day, facts_of, lesson, lessons, pause

MET, ON_TRACK = RequirementState.MET, RequirementState.ON_TRACK
AT_RISK, OUT_OF_REACH = RequirementState.AT_RISK, RequirementState.OUT_OF_REACH


def _judge(given: tuple[Lesson, ...], on: int, **known: Any) -> Attendance:
    facts = facts_of(lessons=given, **known)
    return judge_attendance(facts, span_of(facts, day(on)))


def test_each_mark_is_counted_where_it_belongs() -> None:
    # p, l and m attended; e and a missed; one unmarked; two still to come after day 6.
    found = _judge(lessons("pleam.", upcoming=2), on=6)
    assert (found.held, found.attended, found.missed, found.made_up) == (5, 3, 2, 1)
    assert (found.unmarked, found.upcoming, found.lessons) == (1, 2, 8)
    assert found.rate == Fraction(3, 5)


@pytest.mark.parametrize(("on", "held", "upcoming"), [(2, 2, 2), (3, 3, 1), (4, 4, 0)])
def test_a_lesson_is_held_from_its_own_date(on: int, held: int, upcoming: int) -> None:
    found = _judge(lessons("pppp"), on=on)
    assert (found.held, found.upcoming) == (held, upcoming)


def test_cancelled_lessons_and_those_outside_the_active_span_are_not_theirs() -> None:
    given = (
        lesson(day(1)),
        replace(lesson(day(2)), cancelled=True),
        lesson(day(9)),
        lesson(day(111)),
        lesson(day(112)),
    )
    facts = facts_of(lessons=given, enrolment={"start_on": day(2), "end_on": day(111), "pauses": (pause(8, 14),)})
    assert [one.on for one in lessons_of(facts, span_of(facts, day(1)))] == [day(111)]


def test_lessons_go_by_date_then_start_then_number() -> None:
    given = (
        lesson(day(2), number=1),
        lesson(day(1), number=4),
        lesson(day(1), number=3),
        lesson(day(1), number=5, start=time(9)),
    )
    facts = facts_of(lessons=given)
    assert [one.number for one in lessons_of(facts, span_of(facts, day(1)))] == [5, 3, 4, 1]


def test_without_lessons_nothing_can_be_said() -> None:
    found = _judge((), on=50)
    assert (found.rate, found.attainable, found.projected, found.state) == (None, None, None, ON_TRACK)


def test_before_the_first_lesson_the_rate_is_unknown() -> None:
    found = _judge(lessons("", first=10, upcoming=5), on=5)
    assert (found.rate, found.attainable, found.projected, found.state) == (None, 1, 1, ON_TRACK)


@pytest.mark.parametrize(
    ("marks", "repairable"),
    [
        ("ppp", 0),  # nothing missed
        ("aaa", 3),  # all three can still be made up
        ("aaaa", 4),
        ("aaaaa", 4),  # four at most
        ("aaam", 3),  # one of the four is used: min(3, 4 - 1)
        ("aaaam", 3),
        ("aaammmm", 0),  # all four are used
        ("aaammmmm", 0),  # never below nothing
    ],
)
def test_what_is_missed_can_be_made_up_within_the_limit(marks: str, repairable: int) -> None:
    assert _judge(lessons(marks), on=20).repairable == repairable


@pytest.mark.parametrize(("on", "repairable"), [(111, 2), (112, 0), (113, 0)])
def test_nothing_can_be_made_up_from_the_last_day_on(on: int, repairable: int) -> None:
    assert _judge(lessons("aa"), on=on).repairable == repairable


def test_attainable_counts_all_that_can_still_come_good() -> None:
    # 1 attended + min(5, 4) repairable + 1 unmarked + 3 upcoming, of 10 lessons.
    assert _judge(lessons("paaaaa.", upcoming=3), on=7).attainable == Fraction(9, 10)


@pytest.mark.parametrize(
    ("marks", "recent"),
    [
        ("", Fraction(1)),
        ("a", Fraction(5, 6)),  # the five not yet there count as attended
        ("aaaaaa", Fraction(0)),
        ("apppppp", Fraction(1)),  # the seventh back no longer counts
        ("paaaaaa", Fraction(0)),
        ("pap.pap", Fraction(4, 6)),  # an unmarked one is not held
    ],
)
def test_recent_is_the_share_of_the_last_six_held(marks: str, recent: Fraction) -> None:
    assert _judge(lessons(marks, upcoming=1), on=len(marks)).recent == recent


def test_projected_carries_the_recent_share_on() -> None:
    # p, a held: recent = (1 + 4) / 6; (1 + (1 unmarked + 2 upcoming) * 5/6) / 5 = 3.5 / 5.
    found = _judge(lessons("pa.", upcoming=2), on=3)
    assert found.recent == Fraction(5, 6)
    assert found.projected == Fraction(7, 10)


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ("p" * 15 + "a" * 5, AT_RISK),  # 0.75, but four can still be made up
        ("p" * 16 + "a" * 4, MET),  # 0.80
        ("p" * 17 + "a" * 3, MET),  # 0.85
    ],
)
def test_after_the_last_lesson_four_in_five_is_met(marks: str, state: RequirementState) -> None:
    assert _judge(lessons(marks), on=30).state is state


@pytest.mark.parametrize(("on", "state"), [(111, AT_RISK), (112, OUT_OF_REACH)])
def test_too_little_is_out_of_reach_once_nothing_can_be_made_up(on: int, state: RequirementState) -> None:
    assert _judge(lessons("p" * 15 + "a" * 5), on=on).state is state


def test_attendance_is_not_met_while_a_lesson_is_to_come() -> None:
    assert _judge(lessons("p" * 20, upcoming=1), on=20).state is ON_TRACK


def test_an_unmarked_lesson_counts_against_being_met() -> None:
    # 16 of 20 marked is 0.80, but of 21 it is 0.76; the unmarked one may still come good: (16 + 1 * 2/6) / 21 = 0.78.
    found = _judge(lessons("p" * 16 + "aaaa."), on=30)
    assert found.rate == Fraction(4, 5)
    assert found.state is AT_RISK


def test_attendance_is_not_met_when_nothing_was_held() -> None:
    found = _judge(lessons("..."), on=30)
    assert (found.held, found.unmarked, found.upcoming, found.state) == (0, 3, 0, ON_TRACK)


@pytest.mark.parametrize(
    ("missed", "state"),
    [
        (3, AT_RISK),  # attainable 17/20; projected (7 + 10 * 3/6) / 20 = 0.60
        (4, AT_RISK),  # attainable 16/20 = 0.80
        (5, OUT_OF_REACH),  # attainable 15/20 = 0.75
    ],
)
def test_out_of_reach_begins_below_what_is_attainable(missed: int, state: RequirementState) -> None:
    found = _judge(lessons("p" * (10 - missed) + "a" * missed, upcoming=10), on=10, programme={"make_up_limit": 0})
    assert found.attainable == Fraction(20 - missed, 20)
    assert found.state is state


@pytest.mark.parametrize(
    ("marks", "upcoming", "projected", "state"),
    [
        ("aapppppp", 2, Fraction(8, 10), ON_TRACK),  # recent 1: (6 + 2) / 10
        ("aappppppp", 2, Fraction(9, 11), ON_TRACK),
        ("aaapppppp", 2, Fraction(8, 11), AT_RISK),  # (6 + 2) / 11 = 0.73
    ],
)
def test_at_risk_begins_below_what_is_projected(
    marks: str, upcoming: int, projected: Fraction, state: RequirementState
) -> None:
    found = _judge(lessons(marks, upcoming=upcoming), on=len(marks))
    assert (found.projected, found.state) == (projected, state)


def test_the_minimum_is_the_programmes() -> None:
    given = lessons("p" * 7 + "a" * 3)
    assert _judge(given, on=30, programme={"min_attendance": Fraction(7, 10)}).state is MET
    assert _judge(given, on=30, programme={"min_attendance": Fraction(71, 100)}).state is not MET


def test_a_withdrawal_takes_the_lessons_after_it_away() -> None:
    enrolment = {"status": EnrolmentStatus.WITHDRAWN, "status_on": day(3)}
    found = _judge(lessons("ppp", upcoming=5), on=4, enrolment=enrolment)
    assert (found.lessons, found.upcoming) == (3, 0)
