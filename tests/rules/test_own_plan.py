"""What somebody plans otherwise: it moves hours, makes none and loses none, and is over when its week is."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hto_track.rules.days import monday_of
from hto_track.rules.facts import Facts
from hto_track.rules.own_plan import Outlook, OwnPlan, WorkMove, combined, outlook, warnings_ended
from hto_track.rules.standing import judge
from hto_track.rules.warnings import WarningCode
from tests.rules.cases import HOUR, assignment, attempt, day, entry, facts_of, placement
from tests.rules.strategies import dates as any_date
from tests.rules.strategies import facts as any_facts
from tests.rules.strategies import moments

NO_INTERNSHIP = {"internship_min": 0}
mondays = any_date.map(monday_of)
plans = st.builds(
    OwnPlan,
    work=st.lists(
        st.builds(
            WorkMove,
            assignment=st.sampled_from(["A1", "A2", "A3", "A9"]),
            from_monday=mondays,
            to_monday=mondays,
            minutes=st.integers(1, 2000),
        ).filter(lambda move: move.from_monday != move.to_monday),
        max_size=6,
    ).map(tuple),
    days=st.dictionaries(any_date, st.integers(1, 600), max_size=12),
    release=st.dictionaries(mondays, st.integers(1, 2400), max_size=3),
)


def planned(facts: Facts, plan: OwnPlan, on: int = 0) -> Outlook:
    return outlook(facts, judge(facts, day(on)), plan)


def hours(found: Outlook, part: str) -> list[Fraction]:
    return [getattr(each.week, part) / HOUR for each in found.weeks[:4]]


def move(hours_: int, out: int = 15, into: int = 1) -> WorkMove:
    return WorkMove(assignment="A1", from_monday=day(out), to_monday=day(into), minutes=hours_ * HOUR)


def four_weeks(hours_: int = 28) -> Facts:
    """A1, 7 hours a week in the first four."""
    return facts_of(programme=NO_INTERNSHIP, assignments=(assignment("A1", opens=1, due=28, hours=hours_),))


def test_work_is_taken_out_of_one_week_and_put_into_another() -> None:
    assert hours(planned(four_weeks(), OwnPlan(work=(move(4),))), "assignments") == [11, 7, 3, 7]


def test_no_more_moves_than_is_planned_there() -> None:
    found = planned(four_weeks(), OwnPlan(work=(move(5), move(6, into=8))))
    assert hours(found, "assignments") == [12, 9, 0, 7]
    assert [one.minutes for one in found.counted.work] == [5 * HOUR, 2 * HOUR]


def test_what_is_past_or_handed_in_no_longer_counts() -> None:
    plan = OwnPlan(work=(move(4),), days={day(1): 60}, release={day(1): 60})
    assert planned(four_weeks(), plan, on=8).counted.is_empty
    handed_in = facts_of(programme=NO_INTERNSHIP, assignments=(assignment("A1", attempts=(attempt(1, 1),)),))
    assert planned(handed_in, OwnPlan(work=(move(4),)), on=2).counted.is_empty


def test_this_week_still_counts_as_long_as_a_day_of_it_is_left() -> None:
    assert planned(four_weeks(), OwnPlan(work=(move(4),)), on=6).counted.work
    assert not planned(four_weeks(), OwnPlan(work=(move(4),)), on=7).counted.work


def test_nothing_is_done_before_it_opens() -> None:
    later = facts_of(programme=NO_INTERNSHIP, assignments=(assignment("A1", opens=8, due=21, hours=14),))
    assert planned(later, OwnPlan(work=(move(4),))).counted.is_empty
    assert planned(later, OwnPlan(work=(move(4, into=8),))).counted.work


def test_planned_days_come_first_and_the_rest_is_spread_as_the_programme_does() -> None:
    """80 hours, of which 16 on two planned days: the other 64 over 80 school days, 4 a week."""
    found = planned(facts_of(placements=(placement(),)), OwnPlan(days={day(1): 8 * HOUR, day(9): 8 * HOUR}))
    assert hours(found, "internship") == [12, 12, 4, 4]


def test_planned_days_beyond_what_remains_fall_away_the_latest_first() -> None:
    known = facts_of(internship=(entry(1, 74),))
    found = planned(known, OwnPlan(days={day(9): 4 * HOUR, day(10): 4 * HOUR}), on=2)
    assert found.counted.days == {day(9): 4 * HOUR, day(10): 2 * HOUR}
    assert hours(found, "internship") == [74, 6, 0, 0]


def test_released_hours_are_room_and_never_more_than_the_job_has() -> None:
    found = planned(four_weeks(), OwnPlan(release={day(8): 5 * HOUR, day(15): 90 * HOUR}))
    assert [each.room / HOUR for each in found.weeks[:3]] == [12, 17, 52]


def test_an_extension_is_as_the_rules_judge_it() -> None:
    facts = four_weeks()
    found = planned(facts, OwnPlan(extended={"A1": day(56)}))
    assert hours(found, "assignments") == [Fraction(7, 2)] * 4
    assert found.counted.extended == {"A1": day(56)}


def test_moves_between_the_same_weeks_add_up() -> None:
    both = combined(OwnPlan(work=(move(2),), release={day(1): 30}), OwnPlan(work=(move(1),), release={day(1): 30}))
    assert both.work == (move(3),)
    assert both.release == {day(1): 60}


def test_a_plan_that_empties_the_week_ends_the_warnings_about_the_load() -> None:
    """A2 in week 2 alone: 19 hours with A1's 7 on top is 26, above 2 times 12."""
    facts = facts_of(
        programme=NO_INTERNSHIP,
        assignments=(assignment("A1", opens=1, due=28, hours=40), assignment("A2", opens=1, due=14, hours=32)),
    )
    standing = judge(facts, day(1))
    assert warnings_ended(facts, standing, OwnPlan()) == frozenset()
    out = OwnPlan(work=(WorkMove(assignment="A2", from_monday=day(8), to_monday=day(1), minutes=14 * HOUR),))
    assert warnings_ended(facts, standing, out) == {WarningCode.OVERLOAD}


@settings(max_examples=150)
@given(any_facts, moments, plans)
def test_a_plan_makes_no_hours_and_loses_none(known: Facts, on: date, plan: OwnPlan) -> None:
    standing = judge(known, on)
    before, after = outlook(known, standing), outlook(known, standing, plan)
    assert [each.monday for each in before.weeks] == [each.monday for each in after.weeks]
    for part in ("lessons", "preparation", "assignments", "internship"):
        sums = [sum(getattr(each.week, part) for each in found.weeks) for found in (before, after)]
        assert sums[0] == sums[1]
        assert all(getattr(each.week, part) >= 0 for each in after.weeks)
    assert all(each.room >= each_before.room for each, each_before in zip(after.weeks, before.weeks, strict=True))


@settings(max_examples=150)
@given(any_facts, moments, plans)
def test_what_counts_of_a_plan_is_the_whole_of_it(known: Facts, on: date, plan: OwnPlan) -> None:
    standing = judge(known, on)
    once = outlook(known, standing, plan)
    again = outlook(known, standing, once.counted)
    assert again.counted == once.counted
    assert again.weeks == once.weeks


@given(any_facts, moments)
def test_without_a_plan_the_weeks_are_those_of_the_rules(known: Facts, on: date) -> None:
    standing = judge(known, on)
    found = outlook(known, standing)
    ahead = [week for week in standing.load.weeks if week.monday >= monday_of(on)] if standing.span.goes_on else []
    assert [each.week for each in found.weeks] == ahead
