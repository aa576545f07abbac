"""Due dates near by that ask less of a cohort: found by what each of them would do to everyone's weeks (RULES.md section 5)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from hto_track.rules.assignments import judge_assignments
from hto_track.rules.calendar import SchoolCalendar
from hto_track.rules.days import monday_of
from hto_track.rules.due_dates import AssignmentDates
from hto_track.rules.facts import Assignment, Facts
from hto_track.rules.load import Minutes, planned_on_assignment
from hto_track.rules.room_change import People, counted
from hto_track.rules.span import Span

NEAR = timedelta(weeks=3)
"""How far from a date one looks for a better one."""
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BetterDate:
    """A due date that asks less: how many are above their room in the weeks that it touches, as it is and then.

    ``fewer_weeks`` is what dates are compared by: so many weeks to come fewer above the room, over everyone, than with the
    date wanted.
    """

    due_on: date
    before: int
    after: int
    fewer_weeks: int


def better_dates(
    people: People, code: str, wanted: AssignmentDates, possible: Iterable[date], on: date
) -> tuple[BetterDate, ...]:
    """At most three of the ``possible`` due dates that leave fewer weeks above the room than ``wanted`` does, the best first.

    None brings more participants above their room than are now. Of one week only the best, of equal ones the nearest to the
    one wanted: days of one week hardly differ. The weeks are those from that of ``on``, as of ``on`` (RULES.md section 5); an
    assignment that is not mandatory has no load and no better date.
    """
    loads = [
        _LoadWithout.of(facts, standing.span, standing.load.capacity, weeks, code)
        for _who, (facts, standing) in counted(people)
        if (weeks := {week.monday: week.study for week in standing.load.weeks if week.monday >= monday_of(on)})
    ]
    known = [load for load in loads if load is not None]
    if not known:
        return ()

    most = _outcome(known, wanted).weeks_above
    of_week: dict[date, tuple[tuple[int, int, int, date], BetterDate]] = {}
    for due_on in possible:
        found = _outcome(known, AssignmentDates(opens_on=wanted.opens_on, due_on=due_on))
        rank = (found.weeks_above, found.after, abs((due_on - wanted.due_on).days), due_on)
        monday = monday_of(due_on)
        is_better = found.weeks_above < most and found.after <= found.before
        if is_better and (monday not in of_week or rank < of_week[monday][0]):
            better = BetterDate(
                due_on=due_on, before=found.before, after=found.after, fewer_weeks=most - found.weeks_above
            )
            of_week[monday] = (rank, better)
    return tuple(better for _rank, better in sorted(of_week.values(), key=lambda one: one[0])[:MOST_SUGGESTIONS])


def possible_dates(
    wanted: AssignmentDates,
    stands: AssignmentDates,
    cohort_end_on: date,
    taken: Collection[date],
    calendar: SchoolCalendar,
    on: date,
) -> Iterator[date]:
    """The due dates within three weeks of the one wanted that nothing is against, other than that one itself.

    School days up to the end of the cohort on which no other assignment is due (``taken``); never sooner than the one that
    stands: to take time away from people is for whoever plans to choose.
    """
    day = max(wanted.due_on - NEAR, on, wanted.opens_on, stands.due_on)
    while day <= min(wanted.due_on + NEAR, cohort_end_on):
        if day != wanted.due_on and day not in taken and calendar.is_school_day(day):
            yield day
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of a date: who is above their room in the weeks that it touches, and in how many weeks to come, over everyone."""

    before: int
    after: int
    weeks_above: int


@dataclass(frozen=True, slots=True)
class _LoadWithout:
    """Somebody's weeks to come, and what of them is planned on the assignment: the rest is the same whenever it is due."""

    facts: Facts
    span: Span
    capacity: int
    weeks: dict[date, Fraction]
    assignment: Assignment
    planned: Minutes

    @classmethod
    def of(
        cls, facts: Facts, span: Span, capacity: int, weeks: dict[date, Fraction], code: str
    ) -> "_LoadWithout | None":
        assignment = next((item for item in facts.assignments if item.code == code and item.mandatory), None)
        if assignment is None:
            return None
        return cls(facts, span, capacity, weeks, assignment, _planned(facts, span, assignment))

    def with_dates(self, dates: AssignmentDates) -> dict[date, Fraction]:
        """What the study load becomes in the weeks in which it changes."""
        moved = replace(self.assignment, opens_on=dates.opens_on, due_on=dates.due_on)
        planned = _planned(self.facts, self.span, moved)
        none = Fraction(0)
        more = {
            week: planned.get(week, none) - self.planned.get(week, none)
            for week in planned.keys() | self.planned.keys()
        }
        return {week: self.weeks[week] + minutes for week, minutes in more.items() if minutes}


def _planned(facts: Facts, span: Span, assignment: Assignment) -> Minutes:
    alone = replace(facts, assignments=(assignment,))
    return planned_on_assignment(facts, span, judge_assignments(alone, span).standings[0])


def _outcome(loads: list[_LoadWithout], dates: AssignmentDates) -> _Outcome:
    changed = [(load, load.with_dates(dates)) for load in loads]
    touched = {week for _load, weeks in changed for week in weeks}
    before = after = weeks_above = 0
    for load, weeks in changed:
        becomes = load.weeks | weeks
        above = {week for week, minutes in becomes.items() if minutes > load.capacity}
        before += any(load.weeks.get(week, 0) > load.capacity for week in touched)
        after += not above.isdisjoint(touched)
        weeks_above += len(above)
    return _Outcome(before, after, weeks_above)
