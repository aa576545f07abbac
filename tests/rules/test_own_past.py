"""What counts of one participant, worked out by hand: four weeks of June 2026 that are over, and a month after them."""

from datetime import date
from fractions import Fraction
from typing import Any

from hto_track.rules.facts import EnrolmentStatus, Facts, Mark
from hto_track.rules.own_past import Parts, PersonPast, Stretch, counts_in, month_number, person_past
from hto_track.rules.standing import judge
from tests.rules.cases import HOUR, assignment, attempt, day, entry, facts_of, lesson, log, pause

PASSED = (attempt(1, 21, 22, "passed"),)


def past(facts: Facts, on: int = 29) -> PersonPast:
    """Asked for on a Monday: four weeks are over."""
    return person_past(facts, judge(facts, day(on)))


def one(**changes: Any) -> Facts:
    """A lesson on day 8, an assignment of 28 hours over four weeks, four hours at a school, and what is logged."""
    given: dict[str, Any] = {
        "lessons": (lesson(day(8), Mark.PRESENT),),
        "assignments": (assignment(attempts=PASSED),),
        "internship": (entry(5, 4),),
        "study_log": (log(3, 2, "A1"), log(10, 1)),
    }
    return facts_of(**(given | changes))


def test_a_month_is_what_was_planned_at_first_beside_what_was_done() -> None:
    assert past(one()).months == {
        1: Stretch(
            weeks=4,
            logged=2,
            planned=Parts(
                lessons=Fraction(3 * HOUR),
                preparation=Fraction(HOUR),
                assignments=Fraction(28 * HOUR),
                internship=Fraction(20 * HOUR),
            ),
            spent=Parts(
                lessons=Fraction(3 * HOUR),
                preparation=Fraction(HOUR),
                assignments=Fraction(2 * HOUR),
                internship=Fraction(4 * HOUR),
            ),
        )
    }


def test_the_week_of_today_is_not_over_and_a_week_is_of_the_month_of_its_thursday() -> None:
    assert past(one(), on=28).months[1].weeks == 3
    months = past(one(), on=43).months
    assert {number: stretch.weeks for number, stretch in months.items()} == {1: 4, 2: 2}, "29 June is a week of July"


def test_months_go_on_over_new_year() -> None:
    assert month_number(date(2025, 12, 29)) == month_number(date(2025, 12, 22)) + 1, "its Thursday is 1 January"
    assert month_number(date(2026, 12, 28)) == month_number(date(2026, 12, 21))


def test_a_week_in_a_pause_counts_nowhere() -> None:
    paused = one(enrolment={"pauses": (pause(8, 14),)})
    assert past(paused).months[1].weeks == 3
    assert past(paused).months[1].logged == 1, "what was logged in it neither"


def test_hours_on_a_finished_assignment_count_for_who_kept_a_log_meanwhile() -> None:
    assert past(one()).spent_on == {"A1": 2 * HOUR}
    once = one(study_log=(log(3, 2, "A1"),))
    assert past(once).spent_on == {}, "one week of three is less than half"
    handed_in = one(assignments=(assignment(attempts=(attempt(1, 21),)),))
    assert past(handed_in).spent_on == {}, "handed in is not finished"
    exempt = one(assignments=(assignment(attempts=(attempt(0, 1, 1, "exempt"),)),))
    assert past(exempt).spent_on == {}
    elsewhere = one(study_log=(log(3, 2), log(10, 1)))
    assert past(elsewhere).spent_on == {}, "who logged nothing on it did not do it in no time"


def test_what_was_logged_for_a_resit_is_not_in_it() -> None:
    again = one(
        assignments=(assignment(attempts=(attempt(1, 14, 15, "failed"), attempt(2, 21, 22, "passed"))),),
        study_log=(log(3, 2, "A1"), log(10, 1, "A1"), log(18, 5, "A1")),
    )
    assert past(again).spent_on == {"A1": 3 * HOUR}


def test_what_was_not_done_by_then_is_not_known_then() -> None:
    assert past(one(), on=20).spent_on == {}


def test_preparation_is_what_was_logged_on_no_assignment_a_lesson() -> None:
    assert past(one()).preparation == HOUR
    assert past(one(lessons=())).preparation is None
    assert past(one(study_log=(log(3, 1), log(10, 1)))).preparation is None, "here assignments do not stand apart"
    assert past(one(study_log=(log(3, 1, "A1"), log(4, 1)))).preparation is None, "one week of four is no log"


def test_what_people_were_told_stands_beside_the_weeks_that_are_over() -> None:
    facts = one()
    told = {day(1): 600, day(8): 660, day(29): 9999}
    known = person_past(facts, judge(facts, day(29)), told, "heavier")
    assert known.was_told and known.verdict == "heavier"
    assert known.whole.expected == 1260


def test_who_only_applied_is_not_looked_back_on() -> None:
    assert not counts_in(one(enrolment={"status": EnrolmentStatus.APPLIED}))
    assert counts_in(one(enrolment={"status": EnrolmentStatus.WITHDRAWN, "status_on": day(20)}))


def test_who_left_counts_up_to_the_week_they_left_in() -> None:
    left = one(enrolment={"status": EnrolmentStatus.WITHDRAWN, "status_on": day(17)})
    assert past(left, on=60).months[1].weeks == 2
