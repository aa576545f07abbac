"""The forecast beside its two baselines, on a few of the simulated cohorts that ``make bench-forecast`` has many of."""

from bench.forecast import ALL, AT_WEEKS, NEXT, measure
from bench.simulation import simulate

SEEDS = range(7_000, 7_010)


def test_the_forecast_is_closer_than_the_plan_and_the_own_average() -> None:
    table = measure(map(simulate, SEEDS))
    for at in AT_WEEKS:
        for horizon in (NEXT, ALL):
            found = table[at, horizon]
            assert found.weeks > 100
            assert found.forecast < found.plan < found.average
            assert 0.7 < found.within / found.weeks < 0.9


def test_a_seed_is_one_cohort() -> None:
    assert simulate(1) == simulate(1)
    assert simulate(1) != simulate(2)


def test_what_is_logged_was_truly_spent() -> None:
    """A log may round a little up, but never holds a week of work that was not done."""
    for person in simulate(3).people:
        assert all(minutes >= 0 for minutes in person.truth.values())
        logged = sum(row.minutes for row in person.facts.study_log)
        assert logged <= 1.2 * sum(person.truth.values())
