"""Cohorts whose truth is known: what really was spent, and what of it was logged, attended, handed in and confirmed.

Nothing here is taken from the model that it judges: work piles up towards its due date, comes in evenings of unequal
length, stops in weeks of illness, and is logged whole, in part, for a while or never. ``World`` holds what can be
changed, ``WORLDS`` those that results are reported of. Everything follows from one seed.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import cache
from math import exp
from random import Random

from hto_track.config import ROOT
from hto_track.rules.calendar import Region, SchoolCalendar, SchoolHoliday
from hto_track.rules.days import monday_of
from hto_track.rules.facts import (
    Assignment,
    Attempt,
    AttemptOutcome,
    Enrolment,
    EnrolmentStatus,
    EntryState,
    Facts,
    InternshipEntry,
    Lesson,
    Mark,
    Pause,
    Placement,
    Programme,
    StudyLogRow,
)

HOUR = 60
ARRANGED_BEFORE = timedelta(weeks=4)
FIRST_START, LATEST_START = date(2025, 11, 3), date(2027, 9, 6)
"""Cohorts that begin between these end before the known school holidays do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is true of all cohorts of a world. Sizes are of logarithms, shares are 0 to 1."""

    name: str
    programme_mean: float = 0.0
    """How much more than the programme's figures people really need, on average (0: as planned; 0.3: a third more)."""
    programme_spread: float = 0.30
    person_spread: float = 0.35
    assignment_spread: float = 0.40
    own_spread: float = 0.25
    """Of one person's work on one assignment, after their pace and its difficulty."""
    evening_spread: float = 0.45
    logs_all: float = 0.35
    logs_part: float = 0.30
    logs_at_first: float = 0.15
    """Who logs for so many months and then no more; the rest never logs."""
    logged_evenings: float = 1.0
    """The share of evenings that is logged in weeks in which somebody logs."""
    ill_weeks: float = 1.2
    leaves: float = 0.08
    pauses: float = 0.06


MIXED = World(name="mixed")
WORLDS = (
    MIXED,
    World(name="as planned", programme_mean=0.0, programme_spread=0.05, person_spread=0.15, assignment_spread=0.12),
    World(name="heavier", programme_mean=0.35, programme_spread=0.15),
    World(name="lighter", programme_mean=-0.35, programme_spread=0.15),
    World(name="hardly logged", logs_all=0.10, logs_part=0.30, logs_at_first=0.15),
    World(name="logged thinly", logged_evenings=0.4),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A programme: settings, the assignments by week number of opening and due, and how difficult each really is."""

    programme: Programme
    assignments: tuple[tuple[str, int, int, int, bool], ...]
    """Code, week it opens, week it is due, estimate in minutes, mandatory."""
    weeks: int
    lesson_minutes: int
    lesson_every: int
    bias: float
    prep_bias: float
    difficulty: dict[str, float]


@dataclass(frozen=True, slots=True)
class Simulated:
    """One participant: all that will ever be known, and the minutes that were truly spent by the Monday of their week."""

    facts: Facts
    truth: dict[date, float]
    left_on: date | None

    def known_on(self, on: date) -> Facts:
        """The facts with the plans as they stood: a placement is arranged four weeks before it begins."""
        arranged = tuple(one for one in self.facts.placements if one.start_on <= on + ARRANGED_BEFORE)
        return replace(self.facts, placements=arranged)


@dataclass(frozen=True, slots=True)
class SimulatedCohort:
    """A cohort, and the earlier ones of the same programme."""

    start_on: date
    people: tuple[Simulated, ...]
    earlier: tuple[tuple[Simulated, ...], ...]


@cache
def _calendars() -> dict[Region, SchoolCalendar]:
    holidays: dict[Region, list[SchoolHoliday]] = defaultdict(list)
    with (ROOT / "hto_track" / "data" / "school_holidays.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, last = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
            holidays[Region(row["region"])].append(SchoolHoliday(first_day=first, last_day=last))
    return {region: SchoolCalendar.of(tuple(known)) for region, known in holidays.items()}


def simulate(seed: int, world: World = MIXED) -> SimulatedCohort:
    """The cohort of ``seed`` in ``world``, with none to three earlier ones of the same programme."""
    random = Random(seed)
    template = _template(random, world)
    start = FIRST_START + timedelta(days=random.randrange((LATEST_START - FIRST_START).days))
    region = random.choice(list(Region))
    earlier = tuple(
        _cohort(random, world, template, start - timedelta(weeks=30 * (at + 1)), region)
        for at in range(random.randrange(4))
    )
    return SimulatedCohort(start_on=start, people=_cohort(random, world, template, start, region), earlier=earlier)


def _template(random: Random, world: World) -> Template:
    weeks = random.randrange(38, 46)
    count = random.randrange(8, 13)
    assignments, difficulty = [], {}
    for at in range(count):
        opens = max(0, round(at * (weeks - 8) / count + random.uniform(-1.5, 1.5)))
        due = min(weeks - 3, opens + random.randrange(3, 9))
        code = f"A{at + 1}"
        assignments.append((code, opens, due, random.choice((6, 8, 10, 12, 14, 18, 24)) * HOUR, random.random() > 0.1))
        difficulty[code] = exp(random.gauss(0, world.assignment_spread))
    return Template(
        programme=Programme(prep_per_lesson=random.choice((45, 60, 60, 90)), internship_min=80 * HOUR),
        assignments=tuple(assignments),
        weeks=weeks,
        lesson_minutes=random.choice((150, 180)),
        lesson_every=random.choice((1, 1, 2)),
        bias=exp(random.gauss(world.programme_mean, world.programme_spread)),
        prep_bias=exp(random.gauss(world.programme_mean, world.programme_spread)),
        difficulty=difficulty,
    )


def _cohort(random: Random, world: World, template: Template, start: date, region: Region) -> tuple[Simulated, ...]:
    calendar = _calendars()[region]
    end = start + timedelta(weeks=template.weeks)
    evening = start + timedelta(days=random.randrange(4))
    evenings = [evening + timedelta(weeks=at) for at in range(0, template.weeks - 1, template.lesson_every)]
    lessons = [day for day in evenings if calendar.is_school_day(day)]
    return tuple(
        _Life(random, world, template, calendar, start, end, lessons).lived() for _ in range(random.randrange(12, 19))
    )


@dataclass
class _Life:
    """One participant's year while it is lived."""

    random: Random
    world: World
    template: Template
    calendar: SchoolCalendar
    start: date
    end: date
    evenings: list[date]
    truth: dict[date, float] = field(default_factory=lambda: defaultdict(float))
    log: list[StudyLogRow] = field(default_factory=list)
    off: set[date] = field(default_factory=set)
    """Dates on which nothing is done: ill, or paused."""
    first: date = field(init=False)
    last: date = field(init=False)
    pauses: tuple[Pause, ...] = field(init=False)
    pace: float = field(init=False)
    procrastination: float = field(init=False)
    travel: int = field(init=False)
    logged_weeks: float = 0.0
    logs_until: date = field(init=False)
    logs_preparation: bool = False
    unlabelled: float = 0.0
    week_is_logged: dict[date, bool] = field(default_factory=dict)

    def lived(self) -> Simulated:
        """The whole year, cut off where somebody leaves."""
        random, world = self.random, self.world
        self.first = self.start + timedelta(weeks=random.choice((0, 0, 0, 0, 0, 0, 0, 3)))
        self.last = self.end
        left_on = None
        if random.random() < world.leaves:
            left_on = self.last = self.first + timedelta(weeks=random.randrange(5, self.template.weeks - 3))
        self.pauses = self._pauses()
        self._fall_ill()
        self.pace = exp(random.gauss(0, world.person_spread))
        self.procrastination = random.uniform(0.5, 3.5)
        self._choose_logging()
        lessons = self._lessons()
        assignments = tuple(self._assignment(*row) for row in self.template.assignments)
        placement, entries = self._internship()
        status = EnrolmentStatus.WITHDRAWN if left_on else EnrolmentStatus.ACTIVE
        facts = Facts(
            programme=self.template.programme,
            calendar=self.calendar,
            enrolment=Enrolment(
                cohort_start_on=self.start,
                cohort_end_on=self.end,
                start_on=self.first,
                status=status,
                status_on=left_on,
                pauses=self.pauses,
                travel=self.travel,
            ),
            lessons=lessons,
            assignments=assignments,
            placements=placement,
            internship=entries,
            study_log=tuple(sorted(self.log, key=lambda row: (row.on, row.minutes))),
        )
        return Simulated(facts, dict(self.truth), left_on)

    def _pauses(self) -> tuple[Pause, ...]:
        if self.random.random() >= self.world.pauses:
            return ()
        first = self.first + timedelta(weeks=self.random.randrange(6, 28))
        last = first + timedelta(days=self.random.randrange(13, 35))
        self.off.update(first + timedelta(days=at) for at in range((last - first).days + 1))
        return (Pause(start_on=first, end_on=last),)

    def _fall_ill(self) -> None:
        for _ in range(round(self.random.expovariate(1 / self.world.ill_weeks)) if self.world.ill_weeks else 0):
            first = monday_of(self.first + timedelta(weeks=self.random.randrange(self.template.weeks)))
            self.off.update(first + timedelta(days=at) for at in range(7))

    def _choose_logging(self) -> None:
        """Who logs what: the share of weeks that is logged, until when, preparation too or not, and how often on nothing."""
        random, world, drawn = self.random, self.world, self.random.random()
        self.logged_weeks, self.logs_until = 0.0, self.end
        if drawn < world.logs_all:
            self.logged_weeks = 0.97
        elif drawn < world.logs_all + world.logs_part:
            self.logged_weeks = random.uniform(0.25, 0.8)
        elif drawn < world.logs_all + world.logs_part + world.logs_at_first:
            self.logged_weeks = 0.9
            self.logs_until = self.start + timedelta(weeks=random.randrange(5, 20))
        self.logs_preparation = random.random() < 0.7
        self.unlabelled = random.choice((0.0, 0.0, 0.1, 0.3))

    def _spend(self, on: date, minutes: float, assignment: str | None) -> None:
        """Minutes of own study that were truly spent, and perhaps logged."""
        if on > self.last:
            return
        monday = monday_of(on)
        self.truth[monday] += minutes
        if monday not in self.week_is_logged:
            self.week_is_logged[monday] = on <= self.logs_until and self.random.random() < self.logged_weeks
        if self.world.logged_evenings < 1 and self.random.random() > self.world.logged_evenings:
            return
        if not self.week_is_logged[monday] or (assignment is None and not self.logs_preparation):
            return
        label = None if self.random.random() < self.unlabelled else assignment
        rounded = max(15, 15 * round(minutes * exp(self.random.gauss(0, 0.1)) / 15))
        self.log.append(StudyLogRow(on=on, minutes=rounded, assignment=label))

    def _lessons(self) -> tuple[Lesson, ...]:
        random = self.random
        self.travel = random.choice((0, 0, 30, 45, 60))
        comes = random.betavariate(14, 1.8)
        prep_pace = self.template.prep_bias * exp(random.gauss(0, 0.35))
        lessons = []
        for number, on in enumerate(self.evenings, 1):
            here = self.first <= on <= self.last
            attended = here and on not in self.off and random.random() < comes
            mark: Mark | None = Mark.PRESENT if attended else random.choice((Mark.ABSENT, Mark.EXCUSED))
            if here and attended:
                self.truth[monday_of(on)] += self.template.lesson_minutes + self.travel
            if here and (attended or random.random() < 0.4) and random.random() < 0.85:
                day = on - timedelta(days=random.randrange(1, 7))
                minutes = self.template.programme.prep_per_lesson * prep_pace * exp(random.gauss(0, 0.4)) / 0.85
                if day >= self.first and day not in self.off:
                    self._spend(day, minutes, None)
            if random.random() < 0.03:
                mark = None
            lessons.append(
                Lesson(number=number, on=on, start=time(18, 30), minutes=self.template.lesson_minutes, mark=mark)
            )
        return tuple(lessons)

    def _assignment(self, code: str, opens: int, due: int, estimate: int, mandatory: bool) -> Assignment:
        random, world = self.random, self.world
        opens_on, due_on = self.start + timedelta(weeks=opens), self.start + timedelta(weeks=due)
        own = exp(random.gauss(0, world.own_spread))
        total = estimate * self.template.bias * self.template.difficulty[code] * self.pace * own
        attempts: tuple[Attempt, ...] = ()
        if mandatory or random.random() < 0.4:
            paused = sum(
                opens_on <= day <= due_on for pause in self.pauses for day in _days(pause.start_on, pause.end_on)
            )
            late = max(0, (self.first - opens_on).days) if self.first > opens_on else 0
            handed_in = due_on + timedelta(days=paused + late + round(random.gauss(-1, 6)))
            handed_in = max(handed_in, opens_on + timedelta(days=8), self.first + timedelta(days=10))
            self._work(max(opens_on, self.first), handed_in, total, code)
            attempts = self._attempts(handed_in, total, code)
        return Assignment(
            code=code, opens_on=opens_on, due_on=due_on, estimate=estimate, mandatory=mandatory, attempts=attempts
        )

    def _work(self, opens_on: date, until: date, total: float, code: str) -> None:
        days = [day for day in _days(opens_on, until) if day not in self.off] or [until]
        weights = [
            exp(self.procrastination * at / len(days)) * (1.5 if day.weekday() >= 5 else 1.0)
            for at, day in enumerate(days)
        ]
        evenings = _evenly(self.random, days, weights, max(1, round(total / 110)))
        shares = [exp(self.random.gauss(0, self.world.evening_spread)) for _ in evenings]
        for day, share in zip(evenings, shares, strict=True):
            self._spend(day, total * share / sum(shares), code)

    def _attempts(self, handed_in: date, total: float, code: str) -> tuple[Attempt, ...]:
        if handed_in > self.last:
            return ()
        random = self.random
        assessed = handed_in + timedelta(days=random.randrange(5, 22))
        if random.random() < 0.88:
            return (Attempt(number=1, submitted_on=handed_in, assessed_on=assessed, outcome=AttemptOutcome.PASSED),)
        first = Attempt(number=1, submitted_on=handed_in, assessed_on=assessed, outcome=AttemptOutcome.FAILED)
        again = assessed + timedelta(days=random.randrange(10, 30))
        self._work(assessed, again, total * random.uniform(0.2, 0.7), code)
        if again > self.last:
            return (first,)
        passed = again + timedelta(days=10)
        return (
            first,
            Attempt(number=2, submitted_on=again, assessed_on=passed, outcome=AttemptOutcome.PASSED),
        )

    def _internship(self) -> tuple[tuple[Placement, ...], tuple[InternshipEntry, ...]]:
        random = self.random
        begins = self.first + timedelta(weeks=random.randrange(4, 15))
        eager, usual = random.uniform(0.6, 0.95), random.uniform(2.5, 5.0) * HOUR
        enough, done, entries = 80 * HOUR * random.uniform(1.0, 1.12), 0, []
        for monday in _days(monday_of(begins), self.last)[::7]:
            days = [
                day
                for day in _days(monday, monday + timedelta(days=4))
                if begins <= day <= self.last and day not in self.off and self.calendar.is_school_day(day)
            ]
            left = max(1, (self.end - monday).days // 7)
            hurry = min(1.0, max(eager, (enough - done) / left / usual))
            if not days or done >= enough or random.random() > hurry:
                continue
            for on in sorted(random.sample(days, min(len(days), 1 + (random.random() < 0.2)))):
                minutes = max(60, min(600, 15 * round(usual * exp(random.gauss(0, 0.25)) / 15)))
                done += minutes
                self.truth[monday] += minutes
                sent = on + timedelta(days=random.choice((0, 0, 1, 3, 8)))
                entries.append(
                    InternshipEntry(
                        on=on,
                        minutes=minutes,
                        state=EntryState.CONFIRMED,
                        submitted_on=sent,
                        decided_on=sent + timedelta(days=random.randrange(1, 15)),
                    )
                )
        return (Placement(start_on=begins, end_on=self.end),), tuple(entries)


def _evenly(random: Random, days: list[date], weights: list[float], count: int) -> list[date]:
    """``count`` of ``days`` by weight, kept apart as evenings of one's own are: one in each equal part of the weight."""
    marks = [(at + random.random()) / count * sum(weights) for at in range(count)]
    chosen, reached, day = [], 0.0, -1
    for mark in marks:
        while day < 0 or (reached < mark and day < len(days) - 1):
            day += 1
            reached += weights[day]
        chosen.append(days[day])
    return chosen


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]
