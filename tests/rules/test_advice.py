"""The way out of the heaviest week ahead. Room is 12 hours a week."""

from dataclasses import replace
from fractions import Fraction

from hto_track.rules.advice import Advice, BeginEarlier, Move, advise
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.standing import judge
from tests.rules.cases import HOUR, assignment, day, facts_of, log, placement, with_enrolment

NO_INTERNSHIP = {"internship_min": 0}


def advised(facts: Facts, on: int) -> Advice | None:
    return advise(facts, judge(facts, day(on)))


def test_what_is_open_already_is_begun_in_the_lighter_week_before() -> None:
    """A1: 28 hours over 4 weeks, 7 a week; A2: 20 in week 3. So week 3 has 27, 15 above 12; week 2 has 7, 5 left."""
    work = (assignment("A1", opens=1, due=28, hours=28), assignment("A2", opens=15, due=21, hours=20))
    assert advised(facts_of(programme=NO_INTERNSHIP, assignments=work), 0) == Advice(
        monday=day(15),
        over=Fraction(15 * HOUR),
        begin_earlier=BeginEarlier(monday=day(1), room=Fraction(5 * HOUR), assignment="A1"),
        move_internship=None,
    )


def test_a_day_of_internship_moves_to_the_earliest_week_with_most_room() -> None:
    """80 hours over 80 school days: 5 a week. A1 adds 14 in week 1: 19, 7 above. Every other week has 7 left."""
    facts = facts_of(assignments=(assignment("A1", opens=1, due=7, hours=14),), placements=(placement(),))
    advice = advised(facts, 0)
    assert advice is not None
    assert (advice.monday, advice.over) == (day(1), 7 * HOUR)
    assert advice.move_internship == Move(monday=day(8), room=Fraction(7 * HOUR))


def test_without_a_placement_there_is_no_day_of_internship_to_move() -> None:
    advice = advised(facts_of(assignments=(assignment("A1", opens=1, due=7, hours=14),)), 0)
    assert advice is not None
    assert advice.move_internship is None


def test_a_week_of_exactly_the_room_needs_no_advice_and_a_minute_more_does() -> None:
    def week_of(minutes: int) -> Facts:
        return facts_of(programme=NO_INTERNSHIP, study_log=(log(1, minutes / HOUR),))

    assert advised(week_of(12 * HOUR), 1) is None
    just_above = advised(week_of(12 * HOUR + 1), 1)
    assert just_above is not None
    assert just_above.over == 1


def test_an_hour_to_spare_is_worth_moving_to_and_a_minute_less_is_not() -> None:
    """A1 fills week 1 with 11 hours (or a minute more) and goes on in week 2, that A2 makes too full."""
    for spare, expected in ((HOUR, True), (HOUR - 1, False)):
        weekly = 12 * HOUR - spare
        a1 = replace(assignment("A1", opens=1, due=14), estimate=2 * weekly)
        facts = facts_of(programme=NO_INTERNSHIP, assignments=(a1, assignment("A2", opens=8, due=14, hours=10)))
        advice = advised(facts, 0)
        assert advice is not None
        assert (advice.begin_earlier is not None) is expected


def test_who_has_stopped_gets_no_advice() -> None:
    full_week = facts_of(study_log=(log(2, 20),))
    assert advised(full_week, 5) is not None
    assert advised(with_enrolment(full_week, status=EnrolmentStatus.WITHDRAWN, status_on=day(3)), 5) is None
