"""Load: planned and actual minutes by ISO week (RULES.md section 5).

A week is known by its Monday. Before the week of ``on`` the original plan holds, after it the plan as of ``on``; in it,
what was done up to ``on`` and what is planned after it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hto_track.rules.assignments import Assignments, AssignmentStanding, AssignmentState, dates_to_work
from hto_track.rules.attendance import ATTENDED, lessons_of
from hto_track.rules.days import Days, monday_of, mondays
from hto_track.rules.facts import EntryState, Facts, Lesson
from hto_track.rules.internship import Internship, state_seen
from hto_track.rules.span import Span, spread

PREPARATION_DAYS = 7
CATCH_UP_DAYS = 14
WEEKS_AHEAD = 4

Minutes = Mapping[date, Fraction]
"""Minutes by the Monday of their week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualWeek:
    """Minutes that were spent in a week, as far as is known."""

    lessons: int = 0
    internship: int = 0
    study_log: int = 0

    @property
    def total(self) -> int:
        """All of it together."""
        return self.lessons + self.internship + self.study_log


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The load of one ISO week in minutes. ``actual`` is None in weeks that are still to come."""

    monday: date
    lessons: Fraction
    preparation: Fraction
    assignments: Fraction
    internship: Fraction
    job: int
    actual: ActualWeek | None

    @property
    def study(self) -> Fraction:
        """The study load: lessons, preparation, assignments and internship."""
        return self.lessons + self.preparation + self.assignments + self.internship

    @property
    def with_job(self) -> Fraction:
        """The study load on top of the job."""
        return self.study + self.job


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The weeks from the first to the last day, pauses as zeros; ``capacity`` and ``job`` in minutes a week."""

    weeks: tuple[Week, ...]
    this_week: Fraction
    next4: tuple[Week, ...]
    capacity: int
    job: int

    @property
    def next4_mean(self) -> Fraction | None:
        """The mean study load of the weeks ahead; None when none of them has a date in the active span."""
        return sum((week.study for week in self.next4), Fraction(0)) / len(self.next4) if self.next4 else None

    @property
    def spent(self) -> int:
        """What was spent up to now, as far as is known."""
        return sum(week.actual.total for week in self.weeks if week.actual is not None)

    def room_left(self, week: Week) -> Fraction:
        """The capacity less the study load of ``week``; below 0 when it does not fit."""
        return self.capacity - week.study

    def is_above_room(self, week: Week) -> bool:
        """Whether the study load of ``week`` is more than the capacity."""
        return week.study > self.capacity


@dataclass(frozen=True, slots=True)
class _Plan:
    lessons: Minutes
    preparation: Minutes
    assignments: Minutes
    internship: Minutes


def plan_load(facts: Facts, span: Span, assignments: Assignments, internship: Internship) -> Load:
    """Every week of the active span, asked for ``span.on``."""
    enrolment = facts.enrolment
    job = enrolment.job_weekly - enrolment.release_weekly
    capacity = facts.programme.advertised_weekly if enrolment.study_weekly is None else enrolment.study_weekly
    this_monday = monday_of(span.judged_on)
    original = _original_plan(facts, span, assignments, internship.minimum)
    ahead = _plan_as_of(facts, span, assignments, internship.remaining)
    actual = _actual(facts, span)
    active_weeks = span.active.count_by_week()

    def week_of(monday: date) -> Week:
        done = None if monday > this_monday else actual.get(monday, ActualWeek())
        if monday not in active_weeks:
            parts = (Fraction(0),) * 4
        elif monday < this_monday:
            parts = _parts(original, monday)
        else:
            parts = _parts(ahead, monday)
        lessons, preparation, assignment, internship_part = parts
        if monday == this_monday and monday in active_weeks and done is not None:
            lessons += done.lessons
            assignment += done.study_log
            internship_part += done.internship
        return Week(
            monday=monday,
            lessons=lessons,
            preparation=preparation,
            assignments=assignment,
            internship=internship_part,
            job=job,
            actual=done,
        )

    weeks = tuple(week_of(monday) for monday in mondays(span.first, span.last))
    last_ahead = this_monday + timedelta(weeks=WEEKS_AHEAD)
    return Load(
        weeks=weeks,
        this_week=next((week.study for week in weeks if week.monday == this_monday), Fraction(0)),
        next4=tuple(week for week in weeks if this_monday < week.monday <= last_ahead and week.monday in active_weeks),
        capacity=capacity,
        job=job,
    )


def planned_on_assignment(facts: Facts, span: Span, standing: AssignmentStanding) -> Minutes:
    """The minutes still planned on one mandatory assignment, as of ``span.on``: its part of the study load of each week."""
    logged = _logged_by_assignment(facts, span).get(standing.assignment.code, 0)
    return _assignment_ahead(standing, logged, span)


def _parts(plan: _Plan, monday: date) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    none = Fraction(0)
    return (
        plan.lessons.get(monday, none),
        plan.preparation.get(monday, none),
        plan.assignments.get(monday, none),
        plan.internship.get(monday, none),
    )


def _added_up(parts: Iterable[Minutes]) -> Minutes:
    total: dict[date, Fraction] = {}
    for part in parts:
        for monday, minutes in part.items():
            total[monday] = total.get(monday, Fraction(0)) + minutes
    return total


def _lessons(lessons: Iterable[Lesson], travel: int) -> Minutes:
    return _added_up({monday_of(lesson.on): Fraction(lesson.minutes + travel)} for lesson in lessons)


def _preparation(facts: Facts, span: Span, kept: Callable[[Days], Days]) -> Minutes:
    """The preparation of each lesson over the 7 dates before it; of these, those that ``kept`` keeps."""
    parts = []
    for lesson in lessons_of(facts, span):
        week_before = span.active.within(lesson.on - timedelta(days=PREPARATION_DAYS), lesson.on - timedelta(days=1))
        counted = kept(week_before)
        if counted:
            minutes = Fraction(facts.programme.prep_per_lesson * len(counted), len(week_before))
            parts.append(spread(minutes, counted))
    return _added_up(parts)


def _original_plan(facts: Facts, span: Span, assignments: Assignments, internship_minimum: int) -> _Plan:
    return _Plan(
        lessons=_lessons(lessons_of(facts, span), facts.enrolment.travel),
        preparation=_preparation(facts, span, kept=lambda days: days),
        assignments=_added_up(
            spread(standing.assignment.estimate, dates_to_work(standing.assignment, standing.first_due_on, span))
            for standing in assignments.mandatory
        ),
        internship=spread(internship_minimum, span.school_days),
    )


def work_ahead(facts: Facts, span: Span, assignments: Assignments) -> dict[str, Minutes]:
    """What is planned on the dates after ``judged_on`` for each mandatory assignment, by its code."""
    logged = _logged_by_assignment(facts, span)
    return {
        standing.assignment.code: _assignment_ahead(standing, logged.get(standing.assignment.code, 0), span)
        for standing in assignments.mandatory
    }


def internship_ahead(span: Span, remaining: int) -> Minutes:
    """What is planned of the internship on the dates after ``judged_on``: ``remaining`` minutes spread over the school days."""
    return spread(remaining, span.school_days.after(span.judged_on))


def _plan_as_of(facts: Facts, span: Span, assignments: Assignments, internship_remaining: int) -> _Plan:
    """What is planned on the dates after ``judged_on``."""
    now = span.judged_on
    return _Plan(
        lessons=_lessons((lesson for lesson in lessons_of(facts, span) if lesson.on > now), facts.enrolment.travel),
        preparation=_preparation(facts, span, kept=lambda days: days.after(now)),
        assignments=_added_up(work_ahead(facts, span, assignments).values()),
        internship=internship_ahead(span, internship_remaining),
    )


def _assignment_ahead(standing: AssignmentStanding, logged: int, span: Span) -> Minutes:
    """The minutes still planned on one assignment, by its state."""
    now, estimate = span.judged_on, standing.assignment.estimate
    catch_up = span.active.within(now + timedelta(days=1), now + timedelta(days=CATCH_UP_DAYS))
    if standing.state is AssignmentState.OPEN:
        planned = dates_to_work(standing.assignment, standing.due_on, span)
        left = planned.after(now)
        return spread(_remaining(estimate, logged, len(left), len(planned)), left or catch_up)
    if standing.state is AssignmentState.RESIT:
        return spread(Fraction(estimate, 2), span.active.within(now + timedelta(days=1), standing.due_on) or catch_up)
    if standing.state is AssignmentState.OVERDUE:
        return spread(Fraction(estimate, 2), catch_up)
    return {}


def _remaining(estimate: int, logged: int, dates_left: int, dates_planned: int) -> Fraction:
    """What remains of an open assignment: at most what the plan still holds, never below a quarter of the estimate."""
    if not dates_planned:
        return Fraction(0)
    by_plan = Fraction(estimate * dates_left, dates_planned)
    return max(Fraction(estimate, 4), min(Fraction(estimate - logged), by_plan))


def _logged_by_assignment(facts: Facts, span: Span) -> dict[str, int]:
    logged: dict[str, int] = {}
    for row in facts.study_log:
        if row.assignment is not None and row.on <= span.judged_on:
            logged[row.assignment] = logged.get(row.assignment, 0) + row.minutes
    return logged


def _actual(facts: Facts, span: Span) -> dict[date, ActualWeek]:
    """What was spent on dates up to ``judged_on``, by week; an unmarked lesson is believed to have been attended."""
    now = span.judged_on
    lessons: dict[date, int] = {}
    internship: dict[date, int] = {}
    study_log: dict[date, int] = {}
    for lesson in lessons_of(facts, span):
        if lesson.on <= now and (lesson.mark is None or lesson.mark in ATTENDED):
            _add(lessons, lesson.on, lesson.minutes + facts.enrolment.travel)
    for entry in facts.internship:
        if entry.on <= now and state_seen(entry, span) in (EntryState.SUBMITTED, EntryState.CONFIRMED):
            _add(internship, entry.on, entry.minutes)
    for row in facts.study_log:
        if row.on <= now:
            _add(study_log, row.on, row.minutes)
    return {
        monday: ActualWeek(
            lessons=lessons.get(monday, 0), internship=internship.get(monday, 0), study_log=study_log.get(monday, 0)
        )
        for monday in lessons.keys() | internship.keys() | study_log.keys()
    }


def _add(sums: dict[date, int], on: date, minutes: int) -> None:
    monday = monday_of(on)
    sums[monday] = sums.get(monday, 0) + minutes
