"""The ways out of a week that is too full: what can move, and what it brings (RULES.md sections 5 and 6).

The first suggestion is to move work, never to work harder. A way is offered when it takes something out of the week and
makes no other week fuller than its room, or fuller than it was above it. What it *brings* is how much less lies above the
room then, over all weeks; the way that brings most comes first, and of equals what one can do without asking anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from hto_track.rules.assignments import AssignmentState
from hto_track.rules.days import monday_of
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.internship_spread import (
    EVERY_DAY,
    HALF_HOUR,
    SpreadInternship,
    feasible_dates,
    level,
    spread_internship,
)
from hto_track.rules.own_plan import AS_PLANNED, Outlook, OwnPlan, WeekAhead, WorkMove, combined, dates_ahead, outlook
from hto_track.rules.standing import Standing

VISIT_GRAIN = 60
"""Internship days are shifted by whole hours."""
LATER_BY = (timedelta(weeks=1), timedelta(weeks=2))
"""The extensions that are thought of: the shortest that brings most. Two weeks are what a college usually gives."""
WORK_TO_DO = frozenset({AssignmentState.OPEN, AssignmentState.RESIT, AssignmentState.OVERDUE})


class WayKind(StrEnum):
    """What moves; in the order in which ways that bring as much are offered."""

    BEGIN_EARLIER = "begin_earlier"
    SHIFT_INTERNSHIP = "shift_internship"
    EXTENSION = "extension"
    RELEASE = "release"


ASKED = frozenset({WayKind.EXTENSION, WayKind.RELEASE})
"""What is not somebody's own to decide: it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A week whose load a way changes: its study load before and after, and its room then."""

    monday: date
    before: Fraction
    after: Fraction
    room: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way out of the week of ``monday``: what would be done otherwise (``change``), and what that brings.

    ``code`` is the assignment it is about, ``due_on`` the date an extension would run to, ``minutes`` what leaves the week, or
    what is released there. ``week`` is the week itself, ``landings`` the others that change.
    """

    kind: WayKind
    monday: date
    change: OwnPlan
    minutes: Fraction
    brings: Fraction
    week: Landing
    landings: tuple[Landing, ...]
    code: str | None = None
    due_on: date | None = None

    @property
    def is_enough(self) -> bool:
        """Whether the week fits then."""
        return self.week.after <= self.week.room


@dataclass(frozen=True, slots=True, kw_only=True)
class FullWeek:
    """A week ahead above the room, by how much, and the ways out of it, the best first."""

    monday: date
    study: Fraction
    room: Fraction
    ways: tuple[Way, ...]

    @property
    def over(self) -> Fraction:
        """How much lies above the room."""
        return self.study - self.room


def full_weeks(facts: Facts, standing: Standing, plan: OwnPlan = AS_PLANNED) -> tuple[FullWeek, ...]:
    """The weeks ahead that are too full with ``plan``, in order, each with its ways out; none for who does not take part."""
    if standing.span.status is EnrolmentStatus.APPLIED:
        return ()
    now = outlook(facts, standing, plan)
    return tuple(_full(each, facts, standing, now) for each in now.full)


def fullest_week(facts: Facts, standing: Standing, plan: OwnPlan = AS_PLANNED) -> FullWeek | None:
    """Of the weeks that are too full the one with most above its room, the earliest of equals; None when all fit."""
    if standing.span.status is EnrolmentStatus.APPLIED:
        return None
    now = outlook(facts, standing, plan)
    fullest = max(now.full, key=lambda each: each.over, default=None)
    return _full(fullest, facts, standing, now) if fullest else None


def _full(each: WeekAhead, facts: Facts, standing: Standing, now: Outlook) -> FullWeek:
    return FullWeek(
        monday=each.monday,
        study=each.week.study,
        room=each.room,
        ways=ways_out_of(each, facts, standing, now),
    )


def ways_out_of(week: WeekAhead, facts: Facts, standing: Standing, now: Outlook) -> tuple[Way, ...]:
    """The ways out of one week of ``now``; that which brings most first."""
    found = [
        *_earlier(week, standing, now),
        *_internship(week, facts, standing, now),
        *_later(week, standing, now),
        *_release(week, now),
    ]
    ways = [way for one in found if (way := _judged(one, week, facts, standing, now))]
    order = list(WayKind)
    best: dict[tuple[WayKind, str | None], Way] = {}
    for way in sorted(
        ways, key=lambda way: (-way.brings, order.index(way.kind), way.due_on or date.min, way.code or "")
    ):
        best.setdefault((way.kind, way.code), way)
    return tuple(best.values())


@dataclass(frozen=True, slots=True)
class _Found:
    kind: WayKind
    change: OwnPlan
    code: str | None = None
    due_on: date | None = None


def _judged(found: _Found, week: WeekAhead, facts: Facts, standing: Standing, now: Outlook) -> Way | None:
    """What a change does to every week; None when it brings next to nothing, or makes another week fuller than it should."""
    after = outlook(facts, standing, combined(now.counted, found.change))
    changed = [
        (before, then)
        for before, then in zip(now.weeks, after.weeks, strict=True)
        if before.week.study != then.week.study or before.room != then.room
    ]
    here = next((then for before, then in changed if before.monday == week.monday), None)
    brings = now.over - after.over
    if here is None or here.over >= week.over or any(then.over > before.over for before, then in changed):
        return None
    if brings < HALF_HOUR and brings < week.over:
        return None
    return Way(
        kind=found.kind,
        code=found.code,
        due_on=found.due_on,
        monday=week.monday,
        change=found.change,
        minutes=max(week.week.study - here.week.study, here.room - week.room),
        brings=brings,
        week=_landing(week, here),
        landings=tuple(_landing(before, then) for before, then in changed if before.monday != week.monday),
    )


def _landing(before: WeekAhead, after: WeekAhead) -> Landing:
    return Landing(monday=before.monday, before=before.week.study, after=after.week.study, room=after.room)


def _earlier(week: WeekAhead, standing: Standing, now: Outlook) -> Iterator[_Found]:
    """Work that is open by then and planned here, done in the weeks before it that have room; levelled over those."""
    span = standing.span
    for one in now.assignments.mandatory:
        code = one.assignment.code
        planned = now.work[code].get(week.monday, Fraction(0)) if code in now.work else Fraction(0)
        opens = monday_of(one.assignment.opens_on)
        roomy = [
            each
            for each in now.weeks
            if opens <= each.monday < week.monday and each.left >= HALF_HOUR and dates_ahead(span, each.monday)
        ]
        most = min(ceil(week.over / HALF_HOUR) * HALF_HOUR, int(planned // HALF_HOUR) * HALF_HOUR)
        if one.state not in WORK_TO_DO or not roomy or not most:
            continue
        into = level(
            most,
            start={each.monday: each.week.study for each in roomy},
            holds={each.monday: int(each.left) for each in roomy},
        )
        moves = tuple(
            WorkMove(assignment=code, from_monday=week.monday, to_monday=monday, minutes=into[monday])
            for monday in sorted(into)
        )
        yield _Found(WayKind.BEGIN_EARLIER, OwnPlan(work=moves), code)


def _internship(week: WeekAhead, facts: Facts, standing: Standing, now: Outlook) -> Iterator[_Found]:
    """The internship days laid anew around the week, as far as other weeks have room for them."""
    here = now.internship.get(week.monday, Fraction(0))
    remaining = standing.internship.remaining
    if here < HALF_HOUR or not remaining:
        return
    dates = feasible_dates(facts, standing.span, usual_weekdays(facts, now.counted))
    without = {each.monday: each.week.study - now.internship.get(each.monday, Fraction(0)) for each in now.weeks}
    holds = {each.monday: int(max(each.room, each.week.study) - without[each.monday]) for each in now.weeks}

    def laid_out(stays: int) -> SpreadInternship:
        """With at most ``stays`` minutes in this week."""
        around = {**holds, week.monday: stays}
        return spread_internship(remaining, dates, grain=VISIT_GRAIN, without=without, week_holds=around)

    spread = laid_out(0)
    if spread.left:  # what found no other place stays
        spread = laid_out(ceil(Fraction(spread.left, VISIT_GRAIN)) * VISIT_GRAIN)
    if not spread.left:
        yield _Found(WayKind.SHIFT_INTERNSHIP, OwnPlan(days=spread.days))


def usual_weekdays(facts: Facts, plan: OwnPlan) -> frozenset[int]:
    """The weekdays on which somebody planned to go, else those on which they went; every day of who did neither."""
    known = frozenset(on.weekday() for on in plan.days) or frozenset(entry.on.weekday() for entry in facts.internship)
    return known & EVERY_DAY or EVERY_DAY


def _later(week: WeekAhead, standing: Standing, now: Outlook) -> Iterator[_Found]:
    """Another due date for work planned here, on the terms of ``services/extensions.py``: later, not after the last day."""
    for one in now.assignments.mandatory:
        code = one.assignment.code
        if one.attempts_used or one.state not in WORK_TO_DO or not now.work.get(code, {}).get(week.monday):
            continue
        for later in LATER_BY:
            due_on = min(max(one.due_on, standing.span.on) + later, standing.span.last)
            if due_on > one.due_on:
                yield _Found(WayKind.EXTENSION, OwnPlan(extended={code: due_on}), code, due_on)


def _release(week: WeekAhead, now: Outlook) -> Iterator[_Found]:
    """Hours free from the job in this week, as far as there is a job in it."""
    job = now.load.job - now.counted.release.get(week.monday, 0)
    minutes = min(ceil(week.over / HALF_HOUR) * HALF_HOUR, job)
    if minutes > 0:
        yield _Found(WayKind.RELEASE, OwnPlan(release={week.monday: minutes}))
