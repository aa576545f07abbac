"""What attendance still allows, and who is missed without word: ``lessons("pla")`` is a lesson a day."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from hto_track.rules.attendance import absent_in_a_row, judge_attendance, lessons_of, lessons_to_spare
from hto_track.rules.facts import EnrolmentStatus, Facts, Lesson, Mark
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import span_of
from tests.rules import strategies
from tests.rules.cases import day, facts_of, lesson, lessons, pause


def _spare(given_lessons: tuple[Lesson, ...], on: int, **programme: Any) -> int:
    facts = facts_of(lessons=given_lessons, programme=programme)
    return lessons_to_spare(judge_attendance(facts, span_of(facts, day(on))), facts.programme.min_attendance)


def _in_a_row(given_lessons: tuple[Lesson, ...], on: int, **enrolment: Any) -> list[int]:
    facts = facts_of(lessons=given_lessons, enrolment=enrolment)
    return [one.number for one in absent_in_a_row(facts, span_of(facts, day(on)))]


@pytest.mark.parametrize(
    ("marks", "upcoming", "spare"),
    [
        ("", 10, 2),  # of 10 lessons 8 are asked
        ("pppp", 6, 2),
        ("ppaa", 6, 0),  # two of the ten are missed already
        ("paaa", 6, -1),  # 7 of 10 at most: one is to be made up
        ("paam", 6, 0),  # made up counts as attended
        ("ppp.", 6, 2),  # an unmarked lesson may still come good, or not
        ("pppppppppp", 1, 1),  # 10 of 11 are there and 9 asked, but only one is left to be missed
        ("", 0, 0),
    ],
)
def test_so_many_lessons_may_still_be_missed(marks: str, upcoming: int, spare: int) -> None:
    assert _spare(lessons(marks, upcoming=upcoming), len(marks)) == spare


def test_a_part_of_a_lesson_is_asked_as_a_whole_one() -> None:
    # 0.8 x 9 = 7.2, so 8 lessons are asked and one may be missed.
    assert _spare(lessons("", upcoming=9), 0) == 1
    assert _spare(lessons("", upcoming=9), 0, min_attendance=Fraction(7, 9)) == 2


def _filled(facts: Facts, on: Any, absent: int) -> Facts:
    """The same facts with the lessons that are open missed, as many as said, and the rest attended."""
    open_ones = [one for one in lessons_of(facts, span_of(facts, on)) if one.on > on or one.mark is None]
    marks = {one: Mark.ABSENT if at < absent else Mark.PRESENT for at, one in enumerate(open_ones)}
    return replace(facts, lessons=tuple(replace(one, mark=marks.get(one, one.mark)) for one in facts.lessons))


active = strategies.facts.filter(lambda facts: facts.enrolment.status is EnrolmentStatus.ACTIVE).filter(
    lambda facts: len({one.number for one in facts.lessons}) == len(facts.lessons)
)


@given(active, strategies.moments)
def test_who_misses_what_they_may_meets_the_minimum_and_one_lesson_more_is_too_much(facts: Facts, on: Any) -> None:
    attendance = judge_attendance(facts, span_of(facts, on))
    spare = lessons_to_spare(attendance, facts.programme.min_attendance)
    end = strategies.LATEST + (strategies.LATEST - strategies.EARLIEST)
    open_lessons = attendance.unmarked + attendance.upcoming
    assert spare <= open_lessons

    def met(missed: int) -> bool:
        filled = _filled(facts, on, missed)
        return judge_attendance(filled, span_of(filled, end)).state is RequirementState.MET

    if attendance.lessons:
        assert met(max(0, spare)) == (spare >= 0)
        if 0 <= spare < open_lessons:
            assert not met(spare + 1)


@given(active, strategies.moments)
def test_who_cannot_repair_what_is_lacking_is_out_of_reach(facts: Facts, on: Any) -> None:
    attendance = judge_attendance(facts, span_of(facts, on))
    spare = lessons_to_spare(attendance, facts.programme.min_attendance)
    if attendance.lessons and attendance.state is not RequirementState.MET:
        assert (attendance.state is RequirementState.OUT_OF_REACH) == (-spare > attendance.repairable)


@pytest.mark.parametrize(
    ("marks", "row"),
    [
        ("ppaaa", [3, 4, 5]),
        ("aaap", []),  # is back
        ("aaeaa", [4, 5]),  # an announced absence is with word
        ("aalaa", [4, 5]),
        ("aamaa", [4, 5]),
        ("aa.a.", [1, 2, 4]),  # without a mark nothing is known
        ("", []),
        ("...", []),
    ],
)
def test_absences_without_word_are_in_a_row_until_another_mark(marks: str, row: list[int]) -> None:
    assert _in_a_row(lessons(marks, upcoming=2), len(marks)) == row


def test_what_comes_after_the_date_does_not_count() -> None:
    assert _in_a_row(lessons("aaap"), 3) == [1, 2, 3]
    assert _in_a_row(lessons("aaaa"), 2) == [1, 2]


def test_a_lesson_in_a_pause_or_cancelled_is_not_theirs() -> None:
    cancelled = replace(lesson(day(4), Mark.PRESENT, number=4), cancelled=True)
    row = (*lessons("aaa"), cancelled, lesson(day(5), Mark.PRESENT, number=5), lesson(day(6), Mark.ABSENT, number=6))
    assert _in_a_row(row, 6, pauses=(pause(5, 5),)) == [1, 2, 3, 6]


def test_nobody_is_missed_after_the_end() -> None:
    assert _in_a_row(lessons("aaa", first=109), 112) == [1, 2, 3]
    assert _in_a_row(lessons("aaa", first=109), 113) == []
    assert _in_a_row(lessons("aaa"), 3, status=EnrolmentStatus.WITHDRAWN, status_on=day(3)) == [1, 2, 3]
    assert _in_a_row(lessons("aaa"), 4, status=EnrolmentStatus.WITHDRAWN, status_on=day(3)) == []


@given(strategies.facts, strategies.moments)
def test_a_row_holds_absences_alone_and_nothing_marked_otherwise_after_its_first(facts: Facts, on: Any) -> None:
    span = span_of(facts, on)
    row = absent_in_a_row(facts, span)
    assert all(one.mark is Mark.ABSENT for one in row)
    if row:
        mine = lessons_of(facts, span)
        since = [one for one in mine[mine.index(row[0]) :] if one.on <= on and one.mark is not None]
        assert tuple(since) == row
