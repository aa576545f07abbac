"""What a year in a cohort will take, told before somebody says yes: the original plan of RULES.md section 5 for a newcomer.

Nothing is reckoned here that ``load.py`` does not reckon: a newcomer has facts like anybody else, without a mark, an hour or
an attempt, judged as of the day before their first. Beside those figures stand what makes a week heavy, what would make the
year fit, and how many working days the internship asks.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from hto_track.rules.assignments import dates_to_work, judge_assignments
from hto_track.rules.attendance import lessons_of
from hto_track.rules.calendar import SchoolCalendar
from hto_track.rules.days import monday_of
from hto_track.rules.facts import Assignment, Enrolment, Facts, Lesson, Programme
from hto_track.rules.internship import judge_internship
from hto_track.rules.load import Week, plan_load
from hto_track.rules.span import Span, span_of, spread

WORKING_DAYS = frozenset(range(5))
"""Monday to Friday, 0 to 4."""
HEAVIEST = 4
"""So many weeks are named."""
INTERNSHIP_DAY = 8 * 60
"""A day at a school is reckoned at eight hours."""
EVENING = time(17)
"""A lesson that begins before this on somebody's working day is in their working time."""
ROOM_STEP = 30
"""Room is said in half hours."""
SPARED_SHARE = 10
"""One week in so many may stay above the room when it is said what nearly fits: those are weeks one can plan for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPlan:
    """What is planned for everyone in a cohort."""

    programme: Programme
    calendar: SchoolCalendar
    start_on: date
    end_on: date
    lessons: tuple[Lesson, ...]
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody says of their own life, in minutes a week; ``room`` is all they have for the study, ``release`` of it
    is given by their employer, and ``travel`` is there and back for one lesson. ``workdays`` are 0 (Monday) to 6.
    """

    job: int
    room: int
    release: int = 0
    travel: int = 0
    workdays: frozenset[int] = WORKING_DAYS


class Fit(StrEnum):
    """Whether a year fits."""

    ALWAYS = "always"
    MOSTLY = "mostly"
    NOT = "not"


class Why(StrEnum):
    """What fills a week."""

    LESSONS = "lessons"
    PREPARATION = "preparation"
    ASSIGNMENT = "assignment"
    INTERNSHIP = "internship"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that fills a week: ``code`` of an assignment, ``is_due`` when it is due in that week, ``lessons`` by number."""

    why: Why
    minutes: Fraction
    code: str = ""
    is_due: bool = False
    lessons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyWeek:
    """A week that asks much, and why, most minutes first; the reasons together are its study load."""

    week: Week
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The whole year in minutes; ``lessons`` without the travel."""

    lessons: Fraction
    travel: int
    preparation: Fraction
    assignments: Fraction
    internship: Fraction

    @property
    def together(self) -> Fraction:
        """All of it."""
        return self.lessons + self.travel + self.preparation + self.assignments + self.internship


@dataclass(frozen=True, slots=True, kw_only=True)
class InternshipDays:
    """The internship is on school days: how many days it takes, how many school days are free of work, and how many days
    off somebody has to arrange for the rest.
    """

    minutes: int
    needed: int
    free: int
    school_days: int

    @property
    def days_off(self) -> int:
        """The working days that have to be freed."""
        return max(0, self.needed - self.free)

    @property
    def is_feasible(self) -> bool:
        """Whether there are as many school days as it takes."""
        return self.school_days >= self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDay:
    """The lessons on one day of the week, 0 (Monday) to 6; ``in_working_time`` begin on a working day before the evening."""

    weekday: int
    lessons: int
    in_working_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beforehand:
    """A year told beforehand. ``weeks`` are all of them; a week without study counts nowhere but in the picture."""

    first: date
    last: date
    weeks: tuple[Week, ...]
    room: int
    job: int
    """The job less the release."""
    heaviest: tuple[HeavyWeek, ...]
    totals: Totals
    internship: InternshipDays
    lesson_days: tuple[LessonDay, ...]

    @property
    def busy(self) -> tuple[Week, ...]:
        """The weeks in which something is planned."""
        return tuple(week for week in self.weeks if week.study)

    @property
    def above(self) -> int:
        """In how many weeks there is more than the room."""
        return sum(week.study > self.room for week in self.weeks)

    @property
    def fitting(self) -> int:
        """In how many of the busy weeks it fits."""
        return len(self.busy) - self.above

    @property
    def mean(self) -> Fraction:
        """The study load of a busy week on average."""
        return sum((week.study for week in self.busy), Fraction(0)) / (len(self.busy) or 1)

    @property
    def fit(self) -> Fit:
        """Always; mostly, when the mean fits and at least half of the weeks do; else not."""
        if not self.above:
            return Fit.ALWAYS
        fits_mostly = self.mean <= self.room and 2 * self.fitting >= len(self.busy)
        return Fit.MOSTLY if fits_mostly else Fit.NOT

    @property
    def spared(self) -> int:
        """How many weeks may stay above the room that nearly fits."""
        return len(self.busy) // SPARED_SHARE

    @property
    def room_for_all(self) -> int:
        """The smallest room, in half hours, in which every week fits."""
        return room_for(self.weeks, spared=0)

    @property
    def room_for_most(self) -> int:
        """The smallest room in which all but ``spared`` weeks fit."""
        return room_for(self.weeks, spared=self.spared)

    @property
    def lacking(self) -> int:
        """What the room lacks for nearly all weeks: so many hours more, of one's own or of release."""
        return max(0, self.room_for_most - self.room)


def look_ahead(plan: YearPlan, answers: Answers, on: date) -> Beforehand:
    """The year of ``plan`` for who answers so: from its start, or from ``on`` for who would join it while it runs."""
    facts = newcomer(plan, answers, on)
    return tell_beforehand(facts, answers.workdays)


def newcomer(plan: YearPlan, answers: Answers, on: date) -> Facts:
    """Somebody who would begin in ``plan``: no earlier than ``on``."""
    return Facts(
        programme=plan.programme,
        calendar=plan.calendar,
        enrolment=Enrolment(
            cohort_start_on=plan.start_on,
            cohort_end_on=plan.end_on,
            start_on=max(plan.start_on, on),
            job_weekly=answers.job,
            release_weekly=answers.release,
            study_weekly=answers.room,
            travel=answers.travel,
        ),
        lessons=plan.lessons,
        assignments=plan.assignments,
    )


def tell_beforehand(facts: Facts, workdays: frozenset[int] = WORKING_DAYS) -> Beforehand:
    """What lies before the person of ``facts``, of whom nothing is known yet, as of the day before their first."""
    span = span_of(facts, span_of(facts, facts.enrolment.cohort_start_on).first - timedelta(days=1))
    load = plan_load(facts, span, judge_assignments(facts, span), judge_internship(facts, span))
    heaviest = sorted((week for week in load.weeks if week.study), key=lambda week: (-week.study, week.monday))
    lessons = lessons_of(facts, span)
    travel = facts.enrolment.travel * len(lessons)
    return Beforehand(
        first=span.first,
        last=span.last,
        weeks=load.weeks,
        room=load.capacity,
        job=load.job,
        heaviest=_with_reasons(facts, span, heaviest[:HEAVIEST]),
        totals=Totals(
            lessons=_sum(week.lessons for week in load.weeks) - travel,
            travel=travel,
            preparation=_sum(week.preparation for week in load.weeks),
            assignments=_sum(week.assignments for week in load.weeks),
            internship=_sum(week.internship for week in load.weeks),
        ),
        internship=_internship_days(facts, span, workdays if facts.enrolment.job_weekly else frozenset()),
        lesson_days=_lesson_days(lessons, workdays if facts.enrolment.job_weekly else frozenset()),
    )


def room_for(weeks: Sequence[Week], *, spared: int) -> int:
    """The smallest room, in half hours, that at most ``spared`` of ``weeks`` are above."""
    loads = sorted((week.study for week in weeks), reverse=True)
    return ceil(loads[spared] / ROOM_STEP) * ROOM_STEP if spared < len(loads) else 0


def _sum(parts: Iterable[Fraction]) -> Fraction:
    return sum(parts, Fraction(0))


def _with_reasons(facts: Facts, span: Span, weeks: Sequence[Week]) -> tuple[HeavyWeek, ...]:
    numbers: dict[date, list[int]] = {}
    for lesson in lessons_of(facts, span):
        numbers.setdefault(monday_of(lesson.on), []).append(lesson.number)
    work = [
        (item, spread(item.assignment.estimate, dates_to_work(item.assignment, item.first_due_on, span)))
        for item in judge_assignments(facts, span).mandatory
    ]

    def reasons(week: Week) -> tuple[Reason, ...]:
        found = [
            Reason(why=Why.LESSONS, minutes=week.lessons, lessons=tuple(numbers.get(week.monday, ()))),
            Reason(why=Why.PREPARATION, minutes=week.preparation),
            Reason(why=Why.INTERNSHIP, minutes=week.internship),
            *(
                Reason(
                    why=Why.ASSIGNMENT,
                    minutes=by_week.get(week.monday, Fraction(0)),
                    code=item.assignment.code,
                    is_due=monday_of(item.first_due_on) == week.monday,
                )
                for item, by_week in work
            ),
        ]
        return tuple(sorted((reason for reason in found if reason.minutes), key=lambda reason: -reason.minutes))

    return tuple(HeavyWeek(week=week, reasons=reasons(week)) for week in weeks)


def _internship_days(facts: Facts, span: Span, workdays: frozenset[int]) -> InternshipDays:
    minutes = facts.programme.internship_min
    return InternshipDays(
        minutes=minutes,
        needed=ceil(minutes / INTERNSHIP_DAY),
        free=sum(day.weekday() not in workdays for day in span.school_days),
        school_days=len(span.school_days),
    )


def _lesson_days(lessons: Sequence[Lesson], workdays: frozenset[int]) -> tuple[LessonDay, ...]:
    all_of_them = Counter(lesson.on.weekday() for lesson in lessons)
    working = Counter(
        lesson.on.weekday() for lesson in lessons if lesson.on.weekday() in workdays and lesson.start < EVENING
    )
    return tuple(
        LessonDay(weekday=weekday, lessons=all_of_them[weekday], in_working_time=working[weekday])
        for weekday in sorted(all_of_them)
    )
