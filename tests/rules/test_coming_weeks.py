"""The week that comes next, and the heaviest of eight."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.coming_weeks import WEEKS_AHEAD, coming_weeks
from hto_track.rules.days import monday_of
from hto_track.rules.facts import Facts
from hto_track.rules.standing import judge
from hto_track.rules.warning_figures import hours_above_room
from tests.rules.cases import HOUR, day, facts_of, lesson
from tests.rules.strategies import facts as any_facts

BARE = {"internship_min": 0, "prep_per_lesson": 0}


def test_the_next_week_and_the_heaviest_are_those_after_this_one() -> None:
    facts = facts_of(
        programme=BARE, lessons=(lesson(day(3)), lesson(day(10)), lesson(day(24)), lesson(day(25)), lesson(day(31)))
    )
    found = coming_weeks(judge(facts, day(7)).load, day(7))
    assert found.next_week is not None and found.heaviest is not None
    assert (found.next_week.monday, found.next_week.study) == (day(8), 3 * HOUR)
    assert (found.heaviest.monday, found.heaviest.study) == (day(22), 6 * HOUR)


def test_of_two_as_heavy_the_first_is_said() -> None:
    facts = facts_of(programme=BARE, lessons=(lesson(day(17)), lesson(day(24))))
    heaviest = coming_weeks(judge(facts, day(1)).load, day(1)).heaviest
    assert heaviest is not None and heaviest.monday == day(15)


def test_a_ninth_week_is_too_far_and_an_empty_one_is_not_heavy() -> None:
    facts = facts_of(programme=BARE, lessons=(lesson(day(64)),))
    assert coming_weeks(judge(facts, day(1)).load, day(1)).heaviest is None
    assert coming_weeks(judge(facts, day(8)).load, day(8)).heaviest is not None


def test_after_the_last_week_nothing_comes() -> None:
    found = coming_weeks(judge(facts_of(), day(112)).load, day(112))
    assert found.next_week is None and found.heaviest is None


@given(any_facts, st.integers(-20, 130))
def test_none_of_the_weeks_to_come_is_heavier(facts: Facts, number: int) -> None:
    on = day(number)
    load = judge(facts, on).load
    ahead = [monday_of(on) + timedelta(weeks=at) for at in range(1, WEEKS_AHEAD + 1)]
    heaviest = coming_weeks(load, on).heaviest
    studies = [week.study for week in load.weeks if week.monday in ahead]
    assert (heaviest.study if heaviest else 0) == max(studies, default=0)


def test_what_lies_above_the_room_is_never_said_as_nothing() -> None:
    assert hours_above_room({"study": 19.12, "capacity": 12.0}, "study") == 7.12
    assert hours_above_room({"study": 12.0, "capacity": 12.0}, "study") == 0.25
