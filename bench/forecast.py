"""How far the forecast is off, in simulated cohorts whose truth is known, beside two baselines.

Of each week after week 8, 16, 24 and 32 of a cohort: the hours that were truly spent, against the forecast, against the
programme's figure (the study load that RULES.md section 5 plans) and against the person's own average of hours so far (as
logged, attended and confirmed: what the page can know). Weeks after somebody left are not counted. The seeds reported of
are others than those the model's constants were chosen on (from 5000 on, ``docs/forecast.md``).
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from math import sqrt

from bench.simulation import MIXED, WORLDS, Simulated, SimulatedCohort, World, simulate
from hto_track.rules.experience import experience_of, finished_work
from hto_track.rules.forecast import ForecastWeek, forecast
from hto_track.rules.load import Load
from hto_track.rules.span import span_of
from hto_track.rules.standing import judge

AT_WEEKS = (8, 16, 24, 32)
NEXT, ALL = 4, 1000
"""Horizons: the next four weeks, and all that come."""
REPORTED_FROM = 2_000_000
COHORTS, COHORTS_OF_OTHER_WORLDS = 200, 40
HOUR = 60


@dataclass(slots=True)
class Errors:
    """What was forecast against what was true, in minutes: sums over weeks, and the gain of each cohort."""

    weeks: int = 0
    forecast: float = 0.0
    plan: float = 0.0
    average: float = 0.0
    within: int = 0
    width: float = 0.0
    gains: list[float] = field(default_factory=list)
    """Per cohort how much closer than the plan the forecast was, in minutes a week."""

    def add(self, week: ForecastWeek, average: float, truth: float) -> None:
        """One week of one person."""
        self.weeks += 1
        self.forecast += abs(week.likely - truth)
        self.plan += abs(week.plan - truth)
        self.average += abs(average - truth)
        self.within += week.low <= truth <= week.high
        self.width += week.high - week.low

    def join(self, cohort: "Errors") -> None:
        """Those of one cohort besides."""
        for name in ("weeks", "forecast", "plan", "average", "within", "width"):
            setattr(self, name, getattr(self, name) + getattr(cohort, name))
        if cohort.weeks:
            self.gains.append((cohort.plan - cohort.forecast) / cohort.weeks)

    def hours(self, minutes: float) -> float:
        """The mean of a sum of minutes over the weeks, in hours."""
        return minutes / max(1, self.weeks) / HOUR

    @property
    def gain_error(self) -> float:
        """The standard error of the mean gain over cohorts, in hours."""
        mean = sum(self.gains) / len(self.gains)
        variance = sum((gain - mean) ** 2 for gain in self.gains) / max(1, len(self.gains) - 1)
        return sqrt(variance / len(self.gains)) / HOUR


Table = dict[tuple[int, int], Errors]
"""By week of the cohort and horizon."""


def measure(cohorts: Iterable[SimulatedCohort]) -> Table:
    """The errors over these cohorts."""
    table = {(at, horizon): Errors() for at in AT_WEEKS for horizon in (NEXT, ALL)}
    for cohort in cohorts:
        for at in AT_WEEKS:
            near, far = Errors(), Errors()
            _measure_cohort(cohort, at, near, far)
            table[at, NEXT].join(near)
            table[at, ALL].join(far)
    return table


def _measure_cohort(cohort: SimulatedCohort, at: int, near: Errors, far: Errors) -> None:
    on = cohort.start_on + timedelta(weeks=at)
    everybody = (*cohort.people, *(person for earlier in cohort.earlier for person in earlier))
    experience = experience_of(finished_work(one.facts, span_of(one.facts, on)) for one in everybody)
    for person in cohort.people:
        if person.left_on is not None and person.left_on <= on:
            continue
        facts = person.known_on(on)
        standing = judge(facts, on)
        average = own_average(standing.load)
        for number, week in enumerate(forecast(facts, standing, experience).weeks):
            if _has_left(person, week):
                break
            truth = person.truth.get(week.monday, 0.0)
            far.add(week, average, truth)
            if number < NEXT:
                near.add(week, average, truth)


def _has_left(person: Simulated, week: ForecastWeek) -> bool:
    return person.left_on is not None and week.monday + timedelta(days=6) >= person.left_on


def own_average(load: Load) -> float:
    """The person's own average of minutes a week so far, as far as is known."""
    past = [week.actual.total for week in load.weeks if week.actual is not None]
    return float(Fraction(sum(past), max(1, len(past))))


def print_table(world: World, cohorts: int) -> None:
    """Measure ``cohorts`` of a world and print what came out."""
    table = measure(simulate(REPORTED_FROM + seed, world) for seed in range(cohorts))
    print(f"\n{cohorts} cohorts, {world.name}: mean absolute error of weekly hours")
    print("                      forecast    plan  own average   closer than plan   in range   width of range")
    for (at, horizon), found in sorted(table.items(), key=lambda item: (item[0][1], item[0][0])):
        name = "next 4 weeks" if horizon == NEXT else "all to come"
        gain = found.hours(found.plan - found.forecast)
        share = gain / found.hours(found.plan)
        print(
            f"week {at:>2}  {name:<12}  {found.hours(found.forecast):8.2f}  {found.hours(found.plan):6.2f}"
            f"  {found.hours(found.average):11.2f}   {gain:5.2f} ± {found.gain_error:.2f} ({share:4.0%})"
            f"   {found.within / max(1, found.weeks):8.0%}   {found.hours(found.width):11.1f}"
        )


def main() -> None:
    """The table of the mixed world, and of others beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=COHORTS)
    parser.add_argument("--others", type=int, default=COHORTS_OF_OTHER_WORLDS, help="cohorts of each other world")
    chosen = parser.parse_args()
    for world in WORLDS:
        print_table(world, chosen.cohorts if world is MIXED else chosen.others)


if __name__ == "__main__":
    main()
