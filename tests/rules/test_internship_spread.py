"""The internship hours that remain, spread over the days somebody can go: no exact solver finds a lower highest week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from hto_track.rules.days import monday_of
from hto_track.rules.internship_spread import SpreadInternship, feasible_dates, level, spread_internship
from hto_track.rules.span import span_of
from tests.rules.cases import HOUR, day, facts_of, pause, placement, school_holiday

WEEK = timedelta(weeks=1)
MONDAYS = tuple(day(1) + at * WEEK for at in range(9))


@dataclass(frozen=True)
class Case:
    """Something to spread; the study load of each week is whole minutes, so that a solver's peak can be compared exactly."""

    minutes: int
    dates: tuple[date, ...]
    without: dict[date, Fraction]
    grain: int
    most: int
    week_holds: dict[date, int]

    def spread(self) -> SpreadInternship:
        return spread_internship(
            self.minutes,
            self.dates,
            grain=self.grain,
            most=self.most,
            without=self.without,
            week_holds=self.week_holds,
        )

    def fits(self) -> bool:
        return self.spread().left == 0


def weeks_of(case: Case, days: dict[date, int]) -> dict[date, Fraction]:
    """The load of every week that has a date to go on."""
    loads = {monday_of(on): case.without[monday_of(on)] for on in case.dates}
    for on, minutes in days.items():
        loads[monday_of(on)] += minutes
    return loads


def some_case(chance: Random) -> Case:
    weeks = MONDAYS[: chance.randint(1, 9)]
    dates = tuple(
        monday + timedelta(days=at)
        for monday in weeks
        for at in range(5)
        if chance.random() < chance.choice((0.3, 0.9))
    )
    grain, most = chance.choice((15, 30, 60, 120, 240)), chance.choice((240, 300, 480, 600))
    fit = most // grain * grain * len(dates)
    few = chance.sample(weeks, chance.randint(0, len(weeks) // 3))
    return Case(
        minutes=chance.randint(0, max(1, round(fit * chance.choice((0.2, 0.6, 1))))),
        dates=dates,
        without={monday: Fraction(chance.randint(0, 1500)) for monday in weeks},
        grain=grain,
        most=most,
        week_holds={monday: chance.randint(0, 900) for monday in few},
    )


def solved(case: Case) -> float | None:
    """The lowest peak as an exact solver finds it: whole blocks on each date and a smaller one; None if none fit."""
    blocks, rest = divmod(case.minutes, case.grain)
    count, weeks = len(case.dates), sorted({monday_of(on) for on in case.dates})
    a_date = case.most // case.grain
    # Of each date how many blocks, of each date whether the smaller one, and the peak.
    peak = 2 * count
    rows, low, high = [], [], []

    def row(values: dict[int, float], at_least: float, at_most: float) -> None:
        rows.append(values)
        low.append(at_least)
        high.append(at_most)

    infinite = float("inf")
    row({at: 1 for at in range(count)}, blocks, blocks)
    row({count + at: 1 for at in range(count)}, min(1, rest), min(1, rest))
    for at in range(count):
        row({at: 1, count + at: 1}, 0, a_date)
    for monday in weeks:
        own = [at for at, on in enumerate(case.dates) if monday_of(on) == monday]
        laid = {at: float(case.grain) for at in own} | {count + at: float(rest) for at in own}
        row({peak: 1} | {at: -value for at, value in laid.items()}, float(case.without[monday]), infinite)
        if monday in case.week_holds:
            row(dict.fromkeys(laid, 1), 0, case.week_holds[monday] // case.grain)
    matrix = [[values.get(at, 0.0) for at in range(peak + 1)] for values in rows]
    answer = milp(
        c=[0.0] * peak + [1.0],
        constraints=LinearConstraint(matrix, low, high),
        bounds=Bounds([0] * (peak + 1), [a_date] * count + [1] * count + [infinite]),
        integrality=[1] * peak + [0],
    )
    return None if answer.x is None else float(answer.fun)


def test_of_a_thousand_cases_none_has_a_lower_peak() -> None:
    chance, compared = Random(20260614), 0  # noqa: S311 no secret
    while compared < 1000:
        case = some_case(chance)
        found = case.spread()
        if not case.dates or found.left:
            continue
        best = solved(case)
        assert best is not None, case
        assert found.peak == round(best), (case, found, best)
        assert max(weeks_of(case, found.days).values()) == found.peak
        compared += 1


def test_what_does_not_fit_fits_in_no_other_way() -> None:
    chance, compared = Random(5), 0  # noqa: S311 no secret
    while compared < 50:
        case = some_case(chance)
        left = case.spread().left
        if left and case.dates:
            # A solver finds no way either to lay out as many whole blocks as there are minutes.
            assert solved(case) is None, case
            compared += 1


def ways_to_lay(case: Case) -> Iterator[dict[date, Fraction]]:
    """Every way to lay out whole blocks and the smaller one, as the loads of the weeks."""
    weeks = sorted({monday_of(on) for on in case.dates})
    blocks, rest = divmod(case.minutes, case.grain)
    holds = {
        monday: min(
            case.most // case.grain * sum(monday_of(on) == monday for on in case.dates),
            case.week_holds.get(monday, 10**6) // case.grain,
        )
        for monday in weeks
    }
    for laid in product(*(range(holds[monday] + 1) for monday in weeks)):
        if sum(laid) != blocks:
            continue
        for small in range(len(weeks)) if rest else (-1,):
            if small >= 0 and laid[small] == holds[weeks[small]]:
                continue
            yield {
                monday: case.without[monday] + count * case.grain + (rest if at == small else 0)
                for at, (monday, count) in enumerate(zip(weeks, laid, strict=True))
            }


small_cases = st.builds(
    lambda minutes, present, loads, grain, most, held: Case(
        minutes=minutes,
        dates=tuple(MONDAYS[at // 2] + timedelta(days=at % 2) for at, there in enumerate(present) if there),
        without=dict(zip(MONDAYS, loads, strict=False)),
        grain=grain,
        most=most,
        week_holds={MONDAYS[0]: held} if held is not None else {},
    ),
    st.integers(0, 900),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.lists(st.fractions(0, 600, max_denominator=7), min_size=4, max_size=4),
    st.sampled_from([60, 90, 120]),
    st.sampled_from([120, 240]),
    st.none() | st.integers(0, 400),
)


@given(small_cases)
def test_no_other_plan_has_lower_weeks_from_the_highest_down(case: Case) -> None:
    found = case.spread()
    others = [sorted(loads.values(), reverse=True) for loads in ways_to_lay(case)]
    if not others:
        assert found.left or not case.minutes or not case.dates
        return
    assert not found.left
    assert sorted(weeks_of(case, found.days).values(), reverse=True) == min(others)


@given(small_cases)
def test_every_minute_is_laid_out_or_said_to_be_left(case: Case) -> None:
    found = case.spread()
    assert sum(found.days.values()) + found.left == case.minutes
    assert set(found.days) <= set(case.dates)
    assert all(0 < minutes <= case.most for minutes in found.days.values())
    for monday, held in case.week_holds.items():
        assert sum(minutes for on, minutes in found.days.items() if monday_of(on) == monday) <= held


def test_hours_go_to_the_lowest_weeks_and_level_them() -> None:
    """Loads of 10, 4 and 6 hours, and 8 hours to lay out: 4 fills up to 6, then both rise to 9."""
    weeks = dict(zip(MONDAYS, (Fraction(10 * HOUR), Fraction(4 * HOUR), Fraction(6 * HOUR)), strict=False))
    found = spread_internship(8 * HOUR, MONDAYS[:3], grain=HOUR, without=weeks)
    assert found.days == {MONDAYS[1]: 5 * HOUR, MONDAYS[2]: 3 * HOUR}
    assert (found.peak, found.left) == (10 * HOUR, 0)


def test_a_week_has_full_visits_and_no_crumbs() -> None:
    week = [day(1) + timedelta(days=at) for at in range(5)]
    found = spread_internship(18 * HOUR, week, without={})
    assert found.days == {day(1): 8 * HOUR, day(2): 8 * HOUR, day(3): 2 * HOUR}


def test_what_the_days_do_not_hold_is_said() -> None:
    found = spread_internship(20 * HOUR, [day(1), day(2)], without={})
    assert (found.days, found.left) == ({day(1): 8 * HOUR, day(2): 8 * HOUR}, 4 * HOUR)
    assert spread_internship(60, [], without={}).left == 60


def test_no_day_is_longer_than_hours_may_be_logged() -> None:
    assert spread_internship(20 * HOUR, [day(1)], most=20 * HOUR, without={}).days == {day(1): 10 * HOUR}


def test_the_last_block_is_as_long_as_what_is_left() -> None:
    found = spread_internship(7 * HOUR + 25, [day(1), day(8)], grain=4 * HOUR, without={day(1): Fraction(60)})
    assert found.days == {day(1): 3 * HOUR + 25, day(8): 4 * HOUR}


def test_work_is_levelled_over_weeks_in_the_same_way() -> None:
    start = {MONDAYS[0]: Fraction(600), MONDAYS[1]: Fraction(300)}
    assert level(120, start, {MONDAYS[0]: 300, MONDAYS[1]: 60}) == {MONDAYS[1]: 60, MONDAYS[0]: 60}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, [9, 10, 11, 12]),
        ({"holidays": (school_holiday(9, 9),)}, [10, 11, 12]),
        ({"enrolment": {"pauses": (pause(10, 11),)}}, [9, 12]),
        ({"placements": (placement(1, 5), placement(11, 12))}, [11, 12]),
        ({"placements": (placement(1, 8),)}, [9, 10, 11, 12]),
    ],
)
def test_one_can_go_on_school_days_ahead_within_a_placement(
    known: dict[str, tuple[object, ...]], expected: list[int]
) -> None:
    facts = facts_of(**known)  # type: ignore[arg-type]
    found = [on for on in feasible_dates(facts, span_of(facts, day(8))) if on <= day(14)]
    assert found == [day(number) for number in expected]
    mondays_alone = feasible_dates(facts, span_of(facts, day(8)), {0})
    assert all(on.weekday() == 0 for on in mondays_alone)
