"""The forecast of the coming weeks: the plan where nothing is known, the data where much is, and nothing of tomorrow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hto_track.rules.experience import PREPARATION, Experience, Learned, experience_of, finished_work
from hto_track.rules.facts import Facts
from hto_track.rules.forecast import Basis, CrowdedWeek, Forecast, ForecastWeek, credible, crowded_weeks, forecast
from hto_track.rules.likely_range import REACH, likely_range
from hto_track.rules.standing import judge
from tests.rules.cases import HOUR, assignment, attempt, day, entry, facts_of, lesson, lessons, log, placement
from tests.rules.strategies import facts as any_facts
from tests.rules.strategies import moments

NO_INTERNSHIP = {"internship_min": 0}


def ahead(facts: Facts, on: date, experience: Experience | None = None) -> Forecast:
    return forecast(facts, judge(facts, on), experience or Experience())


def learned(hours: float, expected: float, works: int = 20) -> Learned:
    return Learned(works=works, logged=hours * HOUR, expected=expected * HOUR)


def likely_hours(found: Forecast) -> list[float]:
    return [round(week.likely / HOUR, 2) for week in found.weeks if week.likely]


def test_without_any_data_it_is_the_plan() -> None:
    """A1 open and half gone, A2 to come, lessons to come, internship: nothing logged, marked or done."""
    facts = facts_of(
        assignments=(assignment("A1", opens=1, due=28), assignment("A2", opens=30, due=50)),
        lessons=lessons("", upcoming=0) + (lesson(day(40)), lesson(day(47))),
    )
    found = ahead(facts, day(14))
    assert found.factors.basis is Basis.NOTHING
    assert [week.likely for week in found.weeks] == pytest.approx([week.plan for week in found.weeks])
    assert all(week.low < week.likely < week.high for week in found.weeks)


@given(any_facts, moments)
def test_who_has_nothing_logged_attended_or_placed_gets_the_plan(known: Facts, on: date) -> None:
    bare = replace(
        known,
        study_log=(),
        internship=(),
        placements=(),
        lessons=tuple(replace(each, mark=None) for each in known.lessons),
    )
    for week in ahead(bare, on).weeks:
        assert week.likely == pytest.approx(week.plan, abs=1e-6)


def test_what_others_needed_corrects_an_assignment() -> None:
    """200 hours where 100 were estimated, 28 estimated: programme (150 + 200) / (150 + 100) = 1.4, and of the assignment
    (1.5 · 28 · 1.4 + 200) / (1.5 · 28 + 100) = 1.8225: 28 hours become 51.03, a quarter in each of its four weeks.
    """
    facts = facts_of(programme=NO_INTERNSHIP, assignments=(assignment("A1", opens=8, due=35, hours=28),))
    found = ahead(facts, day(7), Experience(by_code={"A1": learned(200, 100)}, people=20))
    assert found.factors.basis is Basis.OTHERS
    assert found.factors.programme == pytest.approx(1.4)
    assert likely_hours(found) == [12.76] * 4
    assert [week.plan / HOUR for week in found.weeks[:4]] == [7.0] * 4


def test_with_much_data_it_is_the_data() -> None:
    facts = facts_of(programme=NO_INTERNSHIP, assignments=(assignment("A1", opens=8, due=35, hours=28),))
    found = ahead(facts, day(7), Experience(by_code={"A1": learned(3_000_000, 2_000_000)}, people=20))
    assert likely_hours(found) == [10.5] * 4


def test_somebodys_own_pace_is_told_from_what_they_finished() -> None:
    """54 hours where 36 were estimated: (18 + 54) / (18 + 36) = 4/3, on what the programme says."""
    done = assignment("A1", opens=1, due=28, hours=36, attempts=(attempt(1, 28),))
    rows = (log(3, 13.5, "A1"), log(10, 13.5, "A1"), log(17, 13.5, "A1"), log(24, 13.5, "A1"))
    found = ahead(facts_of(assignments=(done,), study_log=rows), day(28))
    assert found.factors.person == pytest.approx(4 / 3)
    assert found.factors.own_works == 1
    assert found.factors.basis is Basis.OWN


def test_less_than_planned_is_believed_in_part() -> None:
    """Who forgets to log did more than stands there: 0.8 is 0.84, a half is three quarters, and less is no less."""
    assert [credible(factor) for factor in (2, 1, 0.8, 0.5, 0.1)] == pytest.approx([2, 1, 0.84, 0.75, 0.75])


@given(st.floats(0.01, 3), st.floats(0.01, 3))
def test_what_is_believed_grows_with_what_is_logged(less: float, more: float) -> None:
    less, more = sorted((less, more))
    assert less <= credible(less) + 1e-9
    assert credible(less) <= credible(more) + 1e-9


@given(st.lists(st.integers(1, 40), min_size=4, max_size=4), st.integers(1, 20))
def test_more_logged_on_finished_work_never_lowers_the_pace(hours: list[int], more: int) -> None:
    done = assignment("A1", opens=1, due=28, hours=36, attempts=(attempt(1, 28),))
    known = Experience(by_code={"A1": learned(300, 200)}, people=9)

    def person(first: int) -> float:
        rows = tuple(log(3 + 7 * at, each, "A1") for at, each in enumerate([first, *hours[1:]]))
        return ahead(facts_of(assignments=(done,), study_log=rows), day(28), known).factors.person

    assert person(hours[0]) < person(hours[0] + more)


def test_who_logs_nothing_has_not_done_nothing() -> None:
    """Handed in without a log: no pace of their own, and what is open is believed to follow the plan."""
    done = assignment("A1", opens=1, due=28, attempts=(attempt(1, 28),))
    facts = facts_of(programme=NO_INTERNSHIP, assignments=(done, assignment("A2", opens=29, due=56)))
    found = ahead(facts, day(42))
    assert found.factors.person == 1
    assert [week.likely for week in found.weeks] == pytest.approx([week.plan for week in found.weeks])


def test_of_what_is_overdue_or_failed_half_is_left_where_nothing_is_known() -> None:
    """28 hours each, due on day 14 and failed on day 14: fourteen in all."""
    overdue = assignment("A1", opens=1, due=14)
    failed = assignment("A2", opens=1, due=14, attempts=(attempt(1, 10, 14, "failed"),))
    for task in (overdue, failed):
        found = ahead(facts_of(programme=NO_INTERNSHIP, assignments=(task,)), day(21))
        assert [week.likely for week in found.weeks] == pytest.approx([week.plan for week in found.weeks])
        assert sum(week.likely for week in found.weeks) == pytest.approx(14 * HOUR)


def test_who_logs_and_did_not_begin_has_more_before_them_than_the_plan() -> None:
    """Eight weeks of logs of preparation; A1 is half over, with nothing logged on it."""
    rows = tuple(log(3 + 7 * at, 1) for at in range(8))
    facts = facts_of(
        programme=NO_INTERNSHIP, assignments=(assignment("A1", opens=43, due=70, hours=28),), study_log=rows
    )
    found = ahead(facts, day(56))
    assert sum(week.likely for week in found.weeks) > sum(week.plan for week in found.weeks) * 1.2


def test_work_that_piles_up_is_expected_late() -> None:
    """A cohort that does all its work in the last three tenths: the last week of four takes the most."""
    late = replace(learned(1000, 1000), when=(0,) * 7 + (20_000,) * 3 + (0,) * 5)
    facts = facts_of(programme=NO_INTERNSHIP, assignments=(assignment("A1", opens=8, due=35, hours=28),))
    found = likely_hours(ahead(facts, day(7), Experience(by_code={"A1": late}, people=20)))
    assert sum(found) == pytest.approx(28, abs=0.05)
    assert found[0] <= found[1] < found[2] < found[3]
    assert found[3] > 14


def test_preparation_has_its_own_factor() -> None:
    """Of all: (120 + 200) / (120 + 100); nothing else was logged by anybody."""
    found = ahead(facts_of(), day(7), Experience(by_code={PREPARATION: learned(200, 100)}, people=20))
    assert found.factors.preparation == pytest.approx(320 / 220)
    assert found.factors.programme == 1


def test_who_misses_lessons_is_expected_to_miss_some() -> None:
    """2 of 6: (4 + 2) / (4 + 6) that they come."""
    assert ahead(facts_of(lessons=lessons("ppaaaa", upcoming=5)), day(6)).factors.lessons == pytest.approx(0.6)


def test_before_a_placement_begins_there_is_no_internship() -> None:
    found = ahead(facts_of(placements=(placement(57, 112),)), day(14))
    assert [week.likely for week in found.weeks if week.monday < day(57)] == [0] * 6
    assert [week.likely / HOUR for week in found.weeks if week.monday >= day(57)] == pytest.approx([10] * 8)


def test_somebodys_own_internship_pace_is_followed() -> None:
    """Ten hours in each of four weeks where 40 of 80 remain in twelve weeks: twice the planned pace and more."""
    weeks = (entry(1, 10), entry(8, 10), entry(15, 10), entry(22, 10))
    found = ahead(facts_of(placements=(placement(1, 112),), internship=weeks), day(28))
    assert found.weeks[0].likely > 1.5 * found.weeks[0].plan
    assert found.weeks[-1].likely < found.weeks[-1].plan


def test_who_stopped_has_no_weeks_ahead() -> None:
    facts = facts_of(enrolment={"status": "withdrawn", "status_on": day(20)})
    assert ahead(facts, day(30)).weeks == ()


def test_only_so_many_weeks_are_worked_out_as_are_asked() -> None:
    facts = facts_of()
    standing = judge(facts, day(7))
    few, all_of_them = forecast(facts, standing, Experience(), 3), forecast(facts, standing, Experience())
    assert len(few.weeks) == 3
    assert few.weeks == all_of_them.weeks[:3]


@given(any_facts, moments)
def test_a_range_holds_what_is_likely(known: Facts, on: date) -> None:
    standing = judge(known, on)
    found = forecast(known, standing, experience_of([finished_work(known, standing.span)]))
    for week in found.weeks:
        assert 0 <= week.low <= week.likely + 2 <= week.high + 4
        assert week.plan == float(next(each.study for each in standing.load.weeks if each.monday == week.monday))


@given(any_facts, moments)
def test_what_is_dated_later_does_not_matter(known: Facts, on: date) -> None:
    standing = judge(known, on)
    seen = replace(
        known,
        study_log=tuple(row for row in known.study_log if row.on <= on),
        internship=tuple(one for one in known.internship if one.on <= on and one.submitted_on <= on),
    )
    assume(seen != known)
    experience = experience_of([finished_work(known, standing.span)])
    again = judge(seen, on)
    assert forecast(seen, again, experience_of([finished_work(seen, again.span)])) == forecast(
        known, standing, experience
    )


@given(any_facts, moments)
def test_the_order_of_what_is_known_does_not_matter(known: Facts, on: date) -> None:
    turned = replace(
        known,
        study_log=known.study_log[::-1],
        internship=known.internship[::-1],
        lessons=known.lessons[::-1],
        placements=known.placements[::-1],
    )
    assert ahead(turned, on) == ahead(known, on)


def test_a_bare_quantity_reaches_as_far_both_ways() -> None:
    assert likely_range(600, 100, []) == (600 - REACH * 100, 600, 600 + REACH * 100)
    assert likely_range(60, 100, [])[0] == 0


def test_a_visit_that_mostly_comes_is_in_the_middle() -> None:
    """0 or 600 minutes, seven times of ten 600: the middle is near 600, the low end near 0."""
    low, likely, high = likely_range(0, 10, [(600, 0.7)])
    assert low < 10
    assert 585 < likely < 602
    assert 600 < high < 625


def test_people_above_their_room_are_counted_by_plan_and_by_what_is_likely() -> None:
    one = ForecastWeek(monday=day(8), low=0, likely=800, high=900, plan=700)
    two = ForecastWeek(monday=day(8), low=0, likely=700, high=900, plan=730)
    later = ForecastWeek(monday=day(15), low=0, likely=721, high=900, plan=0)
    load, factors = judge(facts_of(), day(1)).load, ahead(facts_of(), day(1)).factors
    assert load.capacity == 720
    people = [
        (load, Forecast(weeks=(one, later), factors=factors)),
        (load, Forecast(weeks=(two,), factors=factors)),
    ]
    assert crowded_weeks(people) == (
        CrowdedWeek(monday=day(8), planned=1, likely=1),
        CrowdedWeek(monday=day(8) + timedelta(days=7), planned=0, likely=1),
    )
