"""What somebody means to do otherwise than the programme plans it, and the weeks that come of it.

It stands beside RULES.md section 5 and changes none of its figures: the weeks of ``rules/load.py`` as of ``on`` are taken, and
what is moved is taken out of one and put into another. An extension alone is judged anew, by the rules as they are: that is
what the load will be once it is given. What was planned for a week that is past, and work that is handed in, no longer counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from hto_track.rules.assignments import Assignments, judge_assignments
from hto_track.rules.days import monday_of
from hto_track.rules.facts import Facts
from hto_track.rules.internship_spread import feasible_dates
from hto_track.rules.load import Load, Minutes, Week, internship_ahead, plan_load, work_ahead
from hto_track.rules.span import Span
from hto_track.rules.standing import Standing
from hto_track.rules.warnings import WarningCode, alarms

WEEKS_LOOKED_AT = 13
"""This week and the twelve after it."""
SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class WorkMove:
    """``minutes`` of work on ``assignment`` (a code) done in the week of ``to_monday`` in place of that of ``from_monday``."""

    assignment: str
    from_monday: date
    to_monday: date
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """What is done otherwise, asked for or only tried.

    ``days`` are the internship days in minutes; what remains beyond them is spread as the programme does, and without any all
    of it is. ``release`` are minutes free from the job by week: as much more room. ``extended`` are due dates by assignment.
    """

    work: tuple[WorkMove, ...] = ()
    days: Mapping[date, int] = field(default_factory=dict)
    release: Mapping[date, int] = field(default_factory=dict)
    extended: Mapping[str, date] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything as the programme plans it."""
        return not (self.work or self.days or self.release or self.extended)


AS_PLANNED = OwnPlan()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekAhead:
    """A week with a plan: its load by parts, and the room in it, in minutes."""

    week: Week
    room: Fraction

    @property
    def monday(self) -> date:
        """Its Monday."""
        return self.week.monday

    @property
    def over(self) -> Fraction:
        """How much of the study load lies above the room; 0 when it fits."""
        return max(Fraction(0), self.week.study - self.room)

    @property
    def left(self) -> Fraction:
        """How much room is left; 0 when it is full."""
        return max(Fraction(0), self.room - self.week.study)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The weeks from that of ``on`` to the last day with a plan; ``work`` are the minutes on an assignment by week.

    ``internship`` is what is planned of it by week, without what was done this week already. ``counted`` is as much of the plan
    as still counts.
    """

    weeks: tuple[WeekAhead, ...]
    work: Mapping[str, Minutes]
    internship: Minutes
    counted: OwnPlan
    assignments: Assignments
    load: Load

    @property
    def near(self) -> tuple[WeekAhead, ...]:
        """The weeks that are looked at: this one and the twelve after it."""
        return self.weeks[:WEEKS_LOOKED_AT]

    @property
    def over(self) -> Fraction:
        """All that lies above the room, over all weeks."""
        return sum((each.over for each in self.weeks), Fraction(0))

    @property
    def full(self) -> tuple[WeekAhead, ...]:
        """Those of the weeks that are looked at that are too full."""
        return tuple(each for each in self.near if each.over)

    @property
    def over_near(self) -> Fraction:
        """What lies above the room in the weeks that are looked at."""
        return sum((each.over for each in self.full), Fraction(0))

    @property
    def peak(self) -> Fraction:
        """The study load of the fullest week; 0 where there is none."""
        return max((each.week.study for each in self.weeks), default=Fraction(0))

    def week(self, monday: date) -> WeekAhead | None:
        """The week of ``monday``, None when it does not lie ahead."""
        return next((each for each in self.weeks if each.monday == monday), None)


def outlook(facts: Facts, standing: Standing, plan: OwnPlan = AS_PLANNED) -> Outlook:
    """The weeks ahead of ``standing`` with ``plan``; none after a withdrawal or completion."""
    span = standing.span
    assignments, load, extended = _extended(facts, standing, plan.extended)
    this_monday = monday_of(span.on)
    weeks = [week for week in load.weeks if week.monday >= this_monday] if span.goes_on else []
    mondays = [week.monday for week in weeks]
    work = {code: dict(minutes) for code, minutes in work_ahead(facts, span, assignments).items()}
    moved = tuple(_moved(plan.work, work, mondays, assignments, span))
    by_rule = internship_ahead(span, standing.internship.remaining)
    days = _days_that_count(plan.days, feasible_dates(facts, span), standing.internship.remaining)
    internship = _internship(days, standing.internship.remaining, span) if days else by_rule
    release = {monday: min(minutes, load.job) for monday, minutes in plan.release.items() if monday in mondays}
    changes = dict.fromkeys(mondays, 0)
    for move in moved:
        changes[move.from_monday] -= move.minutes
        changes[move.to_monday] += move.minutes
    none = Fraction(0)
    return Outlook(
        weeks=tuple(
            WeekAhead(
                week=replace(
                    week,
                    assignments=week.assignments + changes[week.monday],
                    internship=week.internship - by_rule.get(week.monday, none) + internship.get(week.monday, none),
                ),
                room=Fraction(load.capacity + release.get(week.monday, 0)),
            )
            for week in weeks
        ),
        work=work,
        internship=internship,
        counted=OwnPlan(work=moved, days=days, release=release, extended=extended),
        assignments=assignments,
        load=load,
    )


def warnings_ended(facts: Facts, standing: Standing, plan: OwnPlan) -> frozenset[WarningCode]:
    """The warnings about the load that hold on the date of ``standing`` and would not with ``plan`` (RULES.md section 6)."""
    codes = frozenset({WarningCode.OVERLOAD, WarningCode.SUSTAINED_LOAD})
    found = outlook(facts, standing, plan)
    weeks = {each.monday: each.week for each in found.weeks}
    with_plan = replace(found.load, next4=tuple(weeks.get(week.monday, week) for week in found.load.next4))
    holding = {alarm.code for alarm in alarms(facts, standing)}
    left = {alarm.code for alarm in alarms(facts, replace(standing, load=with_plan))}
    return codes & (holding - left)


def combined(plan: OwnPlan, more: OwnPlan) -> OwnPlan:
    """``plan`` with ``more`` on top of it: work between the same weeks adds up, ``more`` decides on the internship days."""
    work: dict[tuple[str, date, date], int] = {}
    for move in (*plan.work, *more.work):
        key = (move.assignment, move.from_monday, move.to_monday)
        work[key] = work.get(key, 0) + move.minutes
    release = {
        monday: plan.release.get(monday, 0) + more.release.get(monday, 0)
        for monday in sorted(plan.release.keys() | more.release.keys())
    }
    return OwnPlan(
        work=tuple(
            WorkMove(assignment=code, from_monday=out, to_monday=into, minutes=minutes)
            for (code, out, into), minutes in work.items()
        ),
        days=more.days or plan.days,
        release=release,
        extended={**plan.extended, **more.extended},
    )


def dates_ahead(span: Span, monday: date) -> tuple[date, ...]:
    """The dates of the active span after ``span.on`` in the week of ``monday``: those on which something can still be done."""
    return tuple(span.active.within(max(monday, span.on + timedelta(days=1)), monday + SUNDAY))


def _extended(
    facts: Facts, standing: Standing, wanted: Mapping[str, date]
) -> tuple[Assignments, Load, dict[str, date]]:
    """The assignments and the load with the due dates that are ``wanted``, of work that can still get another one."""
    open_codes = {one.assignment.code for one in standing.assignments.standings if not one.attempts_used}
    due = {code: on for code, on in wanted.items() if code in open_codes and on >= standing.span.on}
    if not due:
        return standing.assignments, standing.load, {}
    later = replace(
        facts,
        assignments=tuple(replace(one, extended_to=due.get(one.code, one.extended_to)) for one in facts.assignments),
    )
    assignments = judge_assignments(later, standing.span)
    return assignments, plan_load(later, standing.span, assignments, standing.internship), due


def _moved(
    wanted: Iterable[WorkMove],
    work: dict[str, dict[date, Fraction]],
    mondays: Iterable[date],
    assignments: Assignments,
    span: Span,
) -> Iterator[WorkMove]:
    """The moves that still count, each with as much as is left to move; ``work`` is brought up to date with them."""
    ahead = set(mondays)
    opens = {one.assignment.code: monday_of(one.assignment.opens_on) for one in assignments.standings}
    for move in wanted:
        planned = work.get(move.assignment)
        if planned is None or not {move.from_monday, move.to_monday} <= ahead:
            continue
        if move.to_monday < opens[move.assignment] or not dates_ahead(span, move.to_monday):
            continue
        minutes = min(move.minutes, int(planned.get(move.from_monday, Fraction(0))))
        if minutes > 0:
            planned[move.from_monday] -= minutes
            planned[move.to_monday] = planned.get(move.to_monday, Fraction(0)) + minutes
            yield replace(move, minutes=minutes)


def _days_that_count(wanted: Mapping[date, int], possible: Iterable[date], remaining: int) -> dict[date, int]:
    """The days that lie ahead and on which one can go, the earliest first, until nothing remains to be done."""
    days, left, feasible = {}, remaining, set(possible)
    for on in sorted(wanted):
        minutes = min(wanted[on], left)
        if on in feasible and minutes > 0:
            days[on] = minutes
            left -= minutes
    return days


def _internship(days: Mapping[date, int], remaining: int, span: Span) -> Minutes:
    """The days by week, and what they do not hold as the programme spreads it."""
    planned = dict(internship_ahead(span, remaining - sum(days.values())))
    for on, minutes in days.items():
        monday = monday_of(on)
        planned[monday] = planned.get(monday, Fraction(0)) + minutes
    return planned
