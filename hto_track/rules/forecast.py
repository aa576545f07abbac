"""The forecast: how many minutes the coming weeks will really take, beside the load that RULES.md section 5 plans.

The programme's figures, corrected by what was logged. Every correction has one shape, (k·prior + logged) / (k + expected):
with nothing logged it is the prior, with much the data, and ``k`` says how much is much. ``expected`` are the estimates of
finished work, for the part of its weeks that was logged (``experience.py``).

- Assignments: estimate × factor of the assignment × factor of the person. The assignment's is shrunk towards that of the
  programme, which is shrunk towards 1; the person's is what they logged against what others needed for the same.
- When: the programme spreads evenly up to the due date. Where logs show that work piles up, or goes on afterwards, what
  remains is spread as they do. What was logged on it is done; who hardly logs is believed to follow that spread.
- Preparation: its own factor, of what was logged on no assignment. Lessons: the chance that they come.
- Internship: the hours that remain at a pace between the planned and their own of the last weeks, as whole days at a school
  where their rhythm is known. Before the first placement known begins there is none.

A week's hours are then a normal quantity (evenings, and what is not known yet of pace and difficulty) with lessons and
internship days that come or do not come. ``likely`` is its median, ``low`` to ``high`` what eight of ten weeks fall in, as
held to simulated cohorts by ``bench/forecast.py``. Where nothing was logged, attended or done yet, ``likely`` is the plan.
Sums are exact to their last digit whatever their order (``fsum``); nothing dated after ``on`` is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from math import fsum, sqrt

from hto_track.rules.assignments import AssignmentStanding, AssignmentState, dates_to_work
from hto_track.rules.days import Days, monday_of
from hto_track.rules.experience import (
    NEVER,
    PARTS,
    PREPARATION,
    TENTHS,
    Experience,
    Learned,
    StudyLog,
    Work,
    finished_work,
    learned_of,
)
from hto_track.rules.facts import EntryState, Facts
from hto_track.rules.internship import state_seen
from hto_track.rules.likely_range import likely_range
from hto_track.rules.load import CATCH_UP_DAYS, Load, Week
from hto_track.rules.span import Span
from hto_track.rules.standing import Standing

HOUR = 60.0
# How much is much: minutes of work, assignments' estimates, lessons or weeks at which data weigh as much as the prior.
PROGRAMME_WORK, PERSON_WORK, ESTIMATES = 150 * HOUR, 18 * HOUR, 1.5
PREPARATION_OF_ALL, PREPARATION_OF_ONE = 120 * HOUR, 8 * HOUR
LESSONS, INTERNSHIP_WEEKS, LOG_WEEKS = 4, 4.0, 4.0
TIMING_OF_ALL, TIMING_OF_ONE = 150 * HOUR, 150 * HOUR
# The size of what is not known, as shares of the hours they are about; and minutes.
PERSON_SPREAD, ASSIGNMENT_SPREAD, OWN_SPREAD, PREPARATION_SPREAD = 0.25, 0.25, 0.3, 0.4
EVENING, SCHOOL_DAY, SLACK = 130.0, 180.0, 45.0
LEAST_LEFT, LEFT_WHEN_OVERDUE = 0.25, 0.5
"""The shares of an assignment that are believed to remain: at least, and of one overdue (RULES.md section 5)."""
PACE_WEEKS, RHYTHM_WEEKS = 12, 2
"""Over how many weeks one's own internship pace is measured, and in how many of them there was some to call it a rhythm."""

Minutes = dict[date, float]
"""Minutes by the Monday of their week."""


class Basis(StrEnum):
    """What a forecast rests on besides the programme's figures."""

    NOTHING = "nothing"
    OTHERS = "others"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What the programme's figures are multiplied by (1: as planned), and how much data that rests on.

    ``lessons`` is the chance that a lesson is attended. ``people`` are the participants of this programme with a log to
    learn from, ``own_works`` the person's own pieces of work among theirs; ``log_share`` is how much they logged lately.
    """

    programme: float
    person: float
    preparation: float
    lessons: float
    people: int
    own_works: int
    log_share: float

    @property
    def study(self) -> float:
        """What an assignment of which nothing is known yet would be multiplied by."""
        return credible(self.programme * self.person)

    @property
    def basis(self) -> Basis:
        """What they rest on."""
        if self.own_works:
            return Basis.OWN
        return Basis.OTHERS if self.people else Basis.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastWeek:
    """One coming week in minutes: as likely more as less than ``likely``, eight times of ten from ``low`` to ``high``.

    ``plan`` is the study load of RULES.md section 5.
    """

    monday: date
    low: float
    likely: float
    high: float
    plan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The weeks after that of ``on``, up to the last day; none for whom no time passes any more."""

    weeks: tuple[ForecastWeek, ...]
    factors: Factors


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdedWeek:
    """How many people of a cohort lie above their room in a week: by the plan, and by what is likely."""

    monday: date
    planned: int
    likely: int


def crowded_weeks(people: Sequence[tuple[Load, Forecast]]) -> tuple[CrowdedWeek, ...]:
    """The weeks that any of these people has before them, each counted over all of them."""
    weeks = [(week, load.capacity) for load, ahead in people for week in ahead.weeks]
    return tuple(
        CrowdedWeek(
            monday=monday,
            planned=sum(week.plan > room for week, room in weeks if week.monday == monday),
            likely=sum(week.likely > room for week, room in weeks if week.monday == monday),
        )
        for monday in sorted({week.monday for week, _room in weeks})
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """All that was learned for one person: factors, the curve of when work is done, and how far their log is trusted."""

    factors: Factors
    experience: Experience
    curve: Sequence[float]
    log: StudyLog
    trust: float
    person_variance: float

    def logged_factor(self, code: str, estimate: int) -> float:
        return _of_assignment(self.experience, code, estimate, self.factors.programme) * self.factors.person

    def variance_of(self, code: str, estimate: int) -> float:
        unknown = ESTIMATES * estimate / (ESTIMATES * estimate + self.experience.of(code).expected or 1.0)
        logged = self.logged_factor(code, estimate)
        disbelief = (1 - logged / credible(logged)) / 2
        return self.person_variance + ASSIGNMENT_SPREAD**2 * unknown + disbelief**2


def forecast(facts: Facts, standing: Standing, experience: Experience, weeks: int | None = None) -> Forecast:
    """The coming ``weeks`` (all of them without) of the person of ``standing``, who may be among those of ``experience``."""
    span = standing.span
    known = _known(facts, standing, experience)
    coming = [week for week in standing.load.weeks if week.monday > monday_of(span.on)][:weeks]
    study, variance = _assignments(standing, known)
    at_school, day = _internship(facts, standing)
    return Forecast(
        weeks=tuple(
            _week(week, known, study.get(week.monday, 0.0), variance.get(week.monday, 0.0), at_school, day)
            if span.active.count_within(week.monday, week.monday + timedelta(days=6))
            else ForecastWeek(monday=week.monday, low=0.0, likely=0.0, high=0.0, plan=float(week.study))
            for week in coming
        ),
        factors=known.factors,
    )


def _shrunk(towards: float, weight: float, logged: float, expected: float) -> float:
    return (weight * towards + logged) / (weight + expected)


def credible(factor: float) -> float:
    """What is believed of a factor that logs show: less than planned only in part, and half of it or less not at all more.

    Who forgets to log did more than stands there, never less; so nobody is promised light weeks by a thin log.
    """
    if factor >= 1:
        return factor
    least = max(0.5, factor)
    return 1 - least + least * least


def _of_assignment(experience: Experience, code: str, estimate: int, programme: float) -> float:
    learned = experience.of(code)
    if not estimate:
        return programme
    return _shrunk(programme, ESTIMATES * estimate, learned.logged, learned.expected)


def _known(facts: Facts, standing: Standing, experience: Experience) -> _Known:
    span = standing.span
    log, own = StudyLog.of(facts.study_log, span.judged_on), finished_work(facts, span)
    tasks = [work for work in own if work.code != PREPARATION]
    all_tasks = [learned for code, learned in experience.by_code.items() if code != PREPARATION]
    programme = _shrunk(
        1.0,
        PROGRAMME_WORK,
        fsum(learned.logged for learned in all_tasks),
        fsum(learned.expected for learned in all_tasks),
    )
    # What others would have needed for the same work: who does as they do has the factor 1.
    expected = fsum(
        work.estimate * work.share_logged * _of_assignment(experience, work.code, work.estimate, programme)
        for work in tasks
    )
    known_weeks = min(8, max(0, (span.judged_on - span.first).days // 7))
    log_share = log.share_up_to(span.judged_on, span.judged_on, span.first)
    return _Known(
        factors=Factors(
            programme=programme,
            person=_shrunk(1.0, PERSON_WORK, fsum(work.logged for work in tasks), expected),
            preparation=_preparation(own, experience, programme),
            lessons=(LESSONS + standing.attendance.attended) / (LESSONS + standing.attendance.held),
            people=experience.people,
            own_works=len(own),
            log_share=log_share,
        ),
        experience=experience,
        curve=_curve(all_tasks, learned_of(tasks)),
        log=log,
        trust=log_share * known_weeks / (known_weeks + LOG_WEEKS),
        person_variance=PERSON_SPREAD**2 * PERSON_WORK / (PERSON_WORK + expected) + OWN_SPREAD**2,
    )


def _preparation(own: Sequence[Work], experience: Experience, programme: float) -> float:
    everybody, mine = experience.of(PREPARATION), learned_of(work for work in own if work.code == PREPARATION)
    prior = _shrunk(programme, PREPARATION_OF_ALL, everybody.logged, everybody.expected)
    return credible(_shrunk(prior, PREPARATION_OF_ONE, mine.logged, mine.expected))


_EVENLY = tuple(1 / TENTHS if part < TENTHS else 0.0 for part in range(PARTS))
_EVEN_CURVE = (0.0, *accumulate(_EVENLY))


def _curve(everybody: Sequence[Learned], own: Learned) -> Sequence[float]:
    """The share of an assignment that is done at each tenth of its time, from 0 to 1."""
    together = tuple(map(sum, zip(NEVER, *(learned.when for learned in everybody), strict=True)))
    usual = _timing(_EVENLY, TIMING_OF_ALL, together)
    if usual == _EVENLY and not any(own.when):
        return _EVEN_CURVE
    return (0.0, *accumulate(_timing(usual, TIMING_OF_ONE, own.when)))


def _timing(usual: Sequence[float], weight: float, when: Sequence[int]) -> Sequence[float]:
    total = sum(when)
    if not total:
        return usual
    return tuple((weight * share + minutes) / (weight + total) for share, minutes in zip(usual, when, strict=True))


def _done_at(curve: Sequence[float], dates: int, planned: int) -> float:
    """The share done after so many dates of the ``planned`` ones."""
    place = min(float(PARTS), dates * TENTHS / planned)
    part = min(int(place), PARTS - 1)
    return curve[part] + (place - part) * (curve[part + 1] - curve[part])


def _assignments(standing: Standing, known: _Known) -> tuple[Minutes, Minutes]:
    """The minutes that each coming week takes, and their variance as far as pace and difficulty are not known."""
    minutes: Minutes = {}
    variance: Minutes = {}
    for task in standing.assignments.mandatory:
        spread = known.variance_of(task.assignment.code, task.assignment.estimate)
        for monday, part in _assignment(task, standing.span, known).items():
            minutes[monday] = minutes.get(monday, 0.0) + part
            variance[monday] = variance.get(monday, 0.0) + spread * part * part
    return minutes, variance


def _assignment(task: AssignmentStanding, span: Span, known: _Known) -> Minutes:
    """What one assignment still takes, by week and by its state; as the plan of RULES.md has it where nothing is known."""
    now, assignment = span.judged_on, task.assignment
    logged = known.logged_factor(assignment.code, assignment.estimate)
    whole = assignment.estimate * credible(logged)
    believed = (
        known.log.by_code.get(assignment.code, 0) * credible(logged) / logged / max(known.factors.log_share, 0.25)
    )
    catch_up = span.active.within(now + timedelta(days=1), now + timedelta(days=CATCH_UP_DAYS))
    if task.state is AssignmentState.RESIT:
        left = span.active.within(now + timedelta(days=1), task.due_on) or catch_up
        return _piled(whole / 2, left, _EVEN_CURVE, 0, len(left))
    if task.state is AssignmentState.OVERDUE:
        by_log = max(LEAST_LEFT * whole, whole - believed)
        minutes = known.trust * by_log + (1 - known.trust) * LEFT_WHEN_OVERDUE * whole
        return _piled(minutes, catch_up, _EVEN_CURVE, 0, len(catch_up))
    if task.state is not AssignmentState.OPEN:
        return {}
    planned = len(dates_to_work(assignment, task.due_on, span))
    if not planned:
        return {}
    gone = planned - len(dates_to_work(assignment, task.due_on, span).after(now))
    done = known.trust * believed + (1 - known.trust) * whole * _done_at(known.curve, gone, planned)
    minutes = max(LEAST_LEFT * whole, whole - done)
    if gone == planned:
        return _piled(minutes, catch_up, _EVEN_CURVE, 0, len(catch_up))
    afterwards = timedelta(days=planned * (PARTS - TENTHS) // TENTHS)
    left = span.active.within(max(assignment.opens_on, now + timedelta(days=1)), task.due_on + afterwards)
    return _piled(minutes, left, known.curve, gone, planned)


def _piled(minutes: float, days: Days, curve: Sequence[float], gone: int, planned: int) -> Minutes:
    """``minutes`` over ``days`` as the curve goes on after ``gone`` of the ``planned`` dates; all of them by the last."""
    parts: Minutes = {}
    before = _done_at(curve, gone, planned) if planned else 0.0
    for monday, count in days.count_by_week().items():
        gone += count
        after = _done_at(curve, gone, planned)
        if after > before:
            parts[monday] = after - before
        before = after
    whole = fsum(parts.values())
    return {monday: minutes * part / whole for monday, part in parts.items()}


def _internship(facts: Facts, standing: Standing) -> tuple[Minutes, float]:
    """The internship of each coming week, and the length of what a week at school usually is; 0 while that is not known."""
    span, remaining = standing.span, standing.internship.remaining
    begins = min((placement.start_on for placement in facts.placements), default=None)
    days = span.school_days.after(span.on)
    if begins is not None and begins > span.on:
        days = days.within(begins, span.last)
    if not remaining or not days:
        return {}, 0.0
    pace, usual = _pace(facts, span, begins, planned=remaining / len(days) * 5)
    parts: Minutes = {}
    left, by_week = float(remaining), days.count_by_week()
    for monday, count in by_week.items():
        parts[monday] = min(left, pace * count / 5)
        left -= parts[monday]
    # What their pace leaves is done all the same, the later the more.
    weights = {monday: count * at for at, (monday, count) in enumerate(by_week.items(), 1)}
    whole = sum(weights.values())
    return {monday: part + left * weights[monday] / whole for monday, part in parts.items()}, usual


def _pace(facts: Facts, span: Span, begins: date | None, *, planned: float) -> tuple[float, float]:
    """Minutes a week between the planned pace and their own since they began, and the minutes of a week that has any."""
    if begins is None or begins >= span.on:
        return planned, 0.0
    since = max(span.first, begins, monday_of(span.on) - timedelta(weeks=PACE_WEEKS))
    entries = [
        entry
        for entry in facts.internship
        if since <= entry.on and state_seen(entry, span) in (EntryState.SUBMITTED, EntryState.CONFIRMED)
    ]
    minutes, weeks = sum(entry.minutes for entry in entries), len({monday_of(entry.on) for entry in entries})
    passed = span.school_days.count_within(since, span.on) / 5
    return _shrunk(planned, INTERNSHIP_WEEKS, minutes, passed), minutes / weeks if weeks >= RHYTHM_WEEKS else 0.0


def _week(
    week: Week, known: _Known, assignments: float, unknown: float, at_school: Mapping[date, float], day: float
) -> ForecastWeek:
    preparation = float(week.preparation) * known.factors.preparation
    steady, internship = assignments + preparation, at_school.get(week.monday, 0.0)
    variance = SLACK**2 + EVENING * steady + unknown + (PREPARATION_SPREAD * preparation) ** 2
    visits = [(float(week.lessons), known.factors.lessons)] if week.lessons else []
    if day and internship:
        chance = min(1.0, internship / day)
        visits.append((internship / chance, chance))
    else:
        steady += internship
        variance += SCHOOL_DAY * internship
    low, likely, high = likely_range(steady, sqrt(variance), visits)
    return ForecastWeek(monday=week.monday, low=low, likely=likely, high=high, plan=float(week.study))
