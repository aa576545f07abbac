"""What somebody was told to expect, beside what came true; and when they are asked how it was.

The figures of RULES.md section 5 stand as they are: here they are only laid beside what was stored at the intake.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from hto_track.rules.beforehand import tell_beforehand
from hto_track.rules.days import monday_of
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.load import Load
from hto_track.rules.rounding import round_half_up
from hto_track.rules.span import Span

ASKED_BEFORE_END = timedelta(weeks=4)
"""From so long before their last day somebody is asked how the load was."""
FEWEST_VOICES = 5
"""With fewer answers nothing is said of them: it could be told who said what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideWeek:
    """A week as it was expected and as it is now, in minutes. ``spent`` is None in weeks that are not over."""

    monday: date
    expected: int
    planned: Fraction
    spent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The year as expected beside the year as it came; *so far* are the weeks that are over."""

    weeks: tuple[BesideWeek, ...]

    @property
    def over(self) -> tuple[BesideWeek, ...]:
        """The weeks that are over."""
        return tuple(week for week in self.weeks if week.spent is not None)

    @property
    def expected_so_far(self) -> int:
        """What the weeks that are over were to take."""
        return sum(week.expected for week in self.over)

    @property
    def planned_so_far(self) -> Fraction:
        """What is planned for those weeks by now."""
        return sum((week.planned for week in self.over), Fraction(0))

    @property
    def spent_so_far(self) -> int:
        """What was spent in them, as far as is known."""
        return sum(week.spent or 0 for week in self.over)

    @property
    def expected(self) -> int:
        """What the whole year was to take."""
        return sum(week.expected for week in self.weeks)

    @property
    def planned(self) -> Fraction:
        """What the whole year takes as it is planned now."""
        return sum((week.planned for week in self.weeks), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklySpent:
    """What earlier people spent in a week, in minutes: the one in the middle of ``people``."""

    minutes: Fraction
    people: int


def expected_weeks(facts: Facts) -> dict[date, int]:
    """The study load of each week as it was to be told before the first day: whole minutes by Monday, halves up.

    What has become known of the person since (marks, attempts, hours, an extension) is left out; a pause and an own start or
    end stay, for they are the person's year.
    """
    return {week.monday: int(round_half_up(week.study, 0)) for week in tell_beforehand(_before_anything(facts)).weeks}


def stands_beside(expected: Mapping[date, int], load: Load, span: Span) -> Beside:
    """The weeks of either, in order; those before the week of today are over."""
    by_monday = {week.monday: week for week in load.weeks}
    this_monday = monday_of(span.judged_on)

    def week_of(monday: date) -> BesideWeek:
        now = by_monday.get(monday)
        spent = now.actual.total if now is not None and now.actual is not None else 0
        return BesideWeek(
            monday=monday,
            expected=expected.get(monday, 0),
            planned=now.study if now is not None else Fraction(0),
            spent=spent if monday < this_monday else None,
        )

    return Beside(weeks=tuple(week_of(monday) for monday in sorted(expected.keys() | by_monday.keys())))


def is_asked_how_it_was(span: Span) -> bool:
    """Whether somebody is asked how the load was: in the last four weeks, and once their last day has come."""
    return span.status is not EnrolmentStatus.APPLIED and span.on > span.last - ASKED_BEFORE_END


def weekly_spent(people: Collection[tuple[int, int]]) -> WeeklySpent | None:
    """The median week of who logs, of the minutes and weeks of each; None for fewer than five people."""
    weekly = sorted(Fraction(minutes, weeks) for minutes, weeks in people if weeks)
    if len(weekly) < FEWEST_VOICES:
        return None
    middle = len(weekly) // 2
    median = weekly[middle] if len(weekly) % 2 else (weekly[middle - 1] + weekly[middle]) / 2
    return WeeklySpent(minutes=median, people=len(weekly))


def _before_anything(facts: Facts) -> Facts:
    return replace(
        facts,
        enrolment=replace(facts.enrolment, status=EnrolmentStatus.ACTIVE, status_on=None),
        lessons=tuple(replace(lesson, mark=None) for lesson in facts.lessons),
        assignments=tuple(replace(each, attempts=(), extended_to=None) for each in facts.assignments),
        placements=(),
        internship=(),
        study_log=(),
        final_assessments=(),
        checkpoints=(),
    )


def above_from(load: Load, monday: date) -> int:
    """In how many weeks from that of ``monday`` on there is more than the room."""
    return sum(load.is_above_room(week) for week in load.weeks if week.monday >= monday)
