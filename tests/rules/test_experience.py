"""What is learned from logs: only of finished work, and only for the part of its weeks that was logged."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from hto_track.rules.experience import PREPARATION, Learned, StudyLog, Work, experience_of, finished_work, learned_of
from hto_track.rules.facts import Facts
from hto_track.rules.span import span_of
from tests.rules.cases import HOUR, assignment, attempt, day, facts_of, lessons, log
from tests.rules.strategies import facts as any_facts
from tests.rules.strategies import moments


def works(facts: Facts, on: int) -> dict[str, tuple[int, int, float]]:
    """What was finished by a day, by code: estimate, logged, share logged."""
    return {
        work.code: (work.estimate, work.logged, work.share_logged)
        for work in finished_work(facts, span_of(facts, day(on)))
    }


def test_work_counts_once_it_is_handed_in() -> None:
    """A1 over four weeks, logged in each: 30 hours where 28 were estimated."""
    a1 = assignment("A1", opens=1, due=28, hours=28, attempts=(attempt(1, 28),))
    facts = facts_of(
        assignments=(a1,), study_log=(log(3, 5, "A1"), log(10, 5, "A1"), log(17, 10, "A1"), log(24, 10, "A1"))
    )
    assert works(facts, 27) == {}
    assert works(facts, 28) == {"A1": (28 * HOUR, 30 * HOUR, 1.0)}


def test_work_without_a_log_teaches_nothing() -> None:
    a1 = assignment("A1", attempts=(attempt(1, 28),))
    assert works(facts_of(assignments=(a1,)), 28) == {}


def test_an_exemption_is_no_work() -> None:
    a1 = assignment("A1", attempts=(attempt(0, 5, 5, "exempt"),))
    assert works(facts_of(assignments=(a1,), study_log=(log(3, 5, "A1"),)), 28) == {}


def test_who_logs_in_some_weeks_counts_for_those() -> None:
    """Handed in on day 56, the last of eight weeks, of which three were logged: 3 of three quarters of 8 is a half."""
    a1 = assignment("A1", opens=1, due=56, attempts=(attempt(1, 56),))
    facts = facts_of(assignments=(a1,), study_log=(log(3, 4, "A1"), log(10, 4, "A1"), log(17, 4, "A1")))
    assert works(facts, 56) == {"A1": (28 * HOUR, 12 * HOUR, 0.5)}


def test_with_hardly_anything_logged_nothing_is_learned() -> None:
    """One of eight weeks is a sixth of three quarters: less than a fifth."""
    a1 = assignment("A1", opens=1, due=56, attempts=(attempt(1, 56),))
    assert works(facts_of(assignments=(a1,), study_log=(log(3, 4, "A1"),)), 56) == {}


def test_what_is_logged_on_no_assignment_is_preparation_of_the_lessons_so_far() -> None:
    facts = facts_of(lessons=lessons("pppp", upcoming=4), study_log=(log(1, 2), log(3, 1)))
    assert works(facts, 4) == {PREPARATION: (4 * HOUR, 3 * HOUR, 1.0)}


def test_when_it_was_done_is_told_in_tenths_of_the_time_to_the_due_date() -> None:
    """Twenty days: day 1 is in the first tenth, day 20 in the last, day 21 in the first after the due date."""
    a1 = assignment("A1", opens=1, due=20, attempts=(attempt(1, 22),))
    facts = facts_of(
        assignments=(a1,), study_log=(log(1, 1, "A1"), log(20, 2, "A1"), log(21, 3, "A1"), log(99, 9, "A1"))
    )
    (work,) = finished_work(facts, span_of(facts, day(28)))
    assert [minutes // HOUR for minutes in work.when] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0]


def test_an_experience_adds_up_people_and_names_nobody() -> None:
    a1 = assignment("A1", opens=1, due=28, hours=28, attempts=(attempt(1, 28),))
    rows = tuple(log(number, 7, "A1") for number in (3, 10, 17, 24))
    one, two = (facts_of(assignments=(a1,), study_log=given) for given in (rows, rows[:2] + rows[3:]))
    known = experience_of(finished_work(facts, span_of(facts, day(28))) for facts in (one, two, facts_of()))
    assert known.people == 2
    assert known.of("A1").works == 2
    assert known.of("A1").logged == 49 * HOUR
    assert known.of("A1").expected == 56 * HOUR
    assert known.of("A2") == Learned()


def test_what_is_expected_is_the_estimate_for_the_part_that_was_logged() -> None:
    work = Work(code="A1", estimate=28 * HOUR, logged=12 * HOUR, share_logged=0.5)
    assert (learned_of([work, work]).logged, learned_of([work, work]).expected) == (24 * HOUR, 28 * HOUR)


@given(any_facts, moments)
def test_the_order_of_people_and_rows_does_not_matter(facts: Facts, on: date) -> None:
    turned = replace(facts, study_log=facts.study_log[::-1], assignments=facts.assignments[::-1])
    first, second = (finished_work(each, span_of(each, on)) for each in (facts, turned))
    assert sorted(first, key=lambda work: work.code) == sorted(second, key=lambda work: work.code)
    assert learned_of(first) == learned_of(second)


@given(any_facts, moments)
def test_a_share_is_a_share_and_logs_are_whole(facts: Facts, on: date) -> None:
    for work in finished_work(facts, span_of(facts, on)):
        assert 0 < work.share_logged <= 1
        assert work.logged > 0
        assert sum(work.when) in (0, work.logged)


def test_weeks_are_iso_weeks() -> None:
    seen = StudyLog.of((log(7, 1), log(8, 1)), day(20))
    assert seen.mondays == (day(1), day(8))
    assert seen.share_logged(day(1), day(28)) == pytest.approx(float(Fraction(2, 3)))
