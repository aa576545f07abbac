"""What counts of one participant when a programme is looked back on: their months, and what they spent on what they finished.

Planned is the original plan of RULES.md section 5, spent what ``load.py`` calls actual, of the weeks that are over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from hto_track.rules.assignments import AssignmentStanding, AssignmentState
from hto_track.rules.attendance import lessons_of
from hto_track.rules.days import Days, monday_of
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.span import Span
from hto_track.rules.standing import Standing

KEPT_SHARE = Fraction(1, 2)
"""A log is kept up where something is in it in at least this share of the weeks."""
THURSDAY = timedelta(days=3)
"""A week is of the month that its Thursday is in, as an ISO week is of the year of its Thursday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Minutes by part of the study. Of what was spent, ``preparation`` is what was logged on no assignment."""

    lessons: Fraction = Fraction(0)
    preparation: Fraction = Fraction(0)
    assignments: Fraction = Fraction(0)
    internship: Fraction = Fraction(0)

    @property
    def total(self) -> Fraction:
        """All of it."""
        return self.lessons + self.preparation + self.assignments + self.internship

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(
            lessons=self.lessons + other.lessons,
            preparation=self.preparation + other.preparation,
            assignments=self.assignments + other.assignments,
            internship=self.internship + other.internship,
        )

    def per(self, count: int) -> "Parts":
        """A ``count``-th of each part; nothing of nothing."""
        share = Fraction(1, count) if count else Fraction(0)
        return Parts(
            lessons=self.lessons * share,
            preparation=self.preparation * share,
            assignments=self.assignments * share,
            internship=self.internship * share,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Weeks of somebody that are over: how many, in how many of them something was logged, what was planned and spent."""

    weeks: int = 0
    logged: int = 0
    planned: Parts = Parts()
    spent: Parts = Parts()
    expected: Fraction = Fraction(0)
    """What they were told to expect at the intake; 0 where nobody did."""

    @property
    def has_log(self) -> bool:
        """Whether anything was logged."""
        return self.logged > 0

    @property
    def is_kept_up(self) -> bool:
        """Whether something was logged in enough of the weeks to go by it."""
        return self.logged > 0 and self.logged >= KEPT_SHARE * self.weeks

    def __add__(self, other: "Stretch") -> "Stretch":
        return Stretch(
            weeks=self.weeks + other.weeks,
            logged=self.logged + other.logged,
            planned=self.planned + other.planned,
            spent=self.spent + other.spent,
            expected=self.expected + other.expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPast:
    """What counts of one participant: their months by the month of their cohort, and minutes by finished assignment."""

    months: Mapping[int, Stretch]
    spent_on: Mapping[str, int]
    lessons: int
    """Their lessons of the weeks that are over."""
    was_told: bool = False
    """Whether it was stored what they were told to expect."""
    verdict: str | None = None
    whole: Stretch = field(init=False)
    """All months."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "whole", sum(self.months.values(), Stretch()))

    @property
    def preparation(self) -> Fraction | None:
        """Minutes a lesson, of who kept a log in which assignments stand apart from the rest; else None."""
        whole = self.whole
        if not self.lessons or not whole.is_kept_up or not whole.spent.assignments:
            return None
        return whole.spent.preparation / self.lessons


def person_past(
    facts: Facts, standing: Standing, told: Mapping[date, int] | None = None, verdict: str | None = None
) -> PersonPast:
    """What counts of who has ``standing``; ``told`` is the load they were told to expect, by Monday."""
    span = standing.span
    this_monday = monday_of(span.judged_on)
    logged = {monday_of(row.on) for row in facts.study_log if row.on <= span.judged_on}
    return PersonPast(
        months=_months(facts, standing, this_monday, told or {}),
        spent_on={
            item.assignment.code: minutes
            for item in standing.assignments.standings
            if (minutes := _spent_on(item, facts, span, logged))
        },
        lessons=sum(lesson.on < this_monday for lesson in lessons_of(facts, span)),
        was_told=told is not None,
        verdict=verdict,
    )


def month_number(monday: date) -> int:
    """The month of a week, counted from the year 0."""
    thursday = monday + THURSDAY
    return thursday.year * 12 + thursday.month - 1


def counts_in(facts: Facts) -> bool:
    """Whether somebody is looked back on: whoever came, also who left; not who only applied."""
    return facts.enrolment.status is not EnrolmentStatus.APPLIED


def _months(facts: Facts, standing: Standing, this_monday: date, told: Mapping[date, int]) -> dict[int, Stretch]:
    on_assignments: dict[date, int] = {}
    rows: set[date] = set()
    for row in facts.study_log:
        monday = monday_of(row.on)
        rows.add(monday)
        if row.assignment is not None:
            on_assignments[monday] = on_assignments.get(monday, 0) + row.minutes
    active = standing.span.active.count_by_week()
    first = month_number(monday_of(facts.enrolment.cohort_start_on))
    months: dict[int, Stretch] = {}
    for week in standing.load.weeks:
        if week.monday >= this_monday or week.actual is None or week.monday not in active:
            continue
        worked = on_assignments.get(week.monday, 0)
        number = month_number(week.monday) - first + 1
        months[number] = months.get(number, Stretch()) + Stretch(
            weeks=1,
            logged=int(week.monday in rows),
            planned=Parts(
                lessons=week.lessons,
                preparation=week.preparation,
                assignments=week.assignments,
                internship=week.internship,
            ),
            spent=Parts(
                lessons=Fraction(week.actual.lessons),
                preparation=Fraction(week.actual.study_log - worked),
                assignments=Fraction(worked),
                internship=Fraction(week.actual.internship),
            ),
            expected=Fraction(told.get(week.monday, 0)),
        )
    return months


def _spent_on(item: AssignmentStanding, facts: Facts, span: Span, logged: Collection[date]) -> int | None:
    """Minutes logged on what somebody passed, a resit left out; None for who did not keep a log while they worked on it."""
    first = next((attempt for attempt in item.assignment.attempts if attempt.number == 1), None)
    if item.state is not AssignmentState.PASSED or first is None:
        return None
    until = span.judged_on if item.attempts_used == 1 else first.submitted_on
    weeks = _worked(span, item, first.submitted_on).count_by_week()
    if not weeks or len(weeks.keys() & set(logged)) < KEPT_SHARE * len(weeks):
        return None
    own = (row for row in facts.study_log if row.assignment == item.assignment.code and row.on <= until)
    return sum(row.minutes for row in own) or None


def _worked(span: Span, item: AssignmentStanding, submitted_on: date) -> Days:
    return span.active.within(min(item.assignment.opens_on, submitted_on), submitted_on)
