"""The way out of the heaviest week ahead: what can move to where there is room (RULES.md sections 5 and 6).

The first suggestion is to move work, never to work harder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hto_track.rules.assignments import AssignmentState
from hto_track.rules.days import monday_of
from hto_track.rules.facts import Facts
from hto_track.rules.load import Load, Week
from hto_track.rules.standing import Standing

WEEKS_LOOKED_AT = 8
WORTH_MOVING_TO = 60
"""A week with an hour to spare, in minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Work that can be done in the week of ``monday``, where ``room`` minutes are left."""

    monday: date
    room: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginEarlier(Move):
    """Do more on ``assignment`` (a code) in an earlier week."""

    assignment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The week (its Monday) that lies ``over`` minutes above the room, and what can move out of it."""

    monday: date
    over: Fraction
    begin_earlier: BeginEarlier | None
    move_internship: Move | None


def advise(facts: Facts, standing: Standing) -> Advice | None:
    """The advice about the heaviest week above the room, of this one and the seven after it; None when all fit."""
    span, load = standing.span, standing.load
    if not span.goes_on:
        return None
    first = monday_of(span.on)
    ahead = [week for week in load.weeks if first <= week.monday < first + timedelta(weeks=WEEKS_LOOKED_AT)]
    heaviest = max(ahead, key=lambda week: week.study, default=None)
    if heaviest is None or not load.is_above_room(heaviest):
        return None
    lighter = [week for week in ahead if week.monday > first and load.room_left(week) >= WORTH_MOVING_TO]
    return Advice(
        monday=heaviest.monday,
        over=-load.room_left(heaviest),
        begin_earlier=_begin_earlier(standing, heaviest, lighter),
        move_internship=_move_internship(facts, standing, heaviest, lighter),
    )


def _begin_earlier(standing: Standing, heaviest: Week, lighter: Sequence[Week]) -> BeginEarlier | None:
    """The assignment due first that is worked on in the heaviest week and can be done in a lighter one before it."""
    sunday = heaviest.monday + timedelta(days=6)
    waiting = [
        item
        for item in standing.assignments.mandatory
        if item.state in (AssignmentState.OPEN, AssignmentState.RESIT)
        and item.assignment.opens_on <= sunday
        and item.due_on >= heaviest.monday
    ]
    for item in sorted(waiting, key=lambda item: item.due_on):
        opens = monday_of(item.assignment.opens_on)
        before = [week for week in lighter if opens <= week.monday < heaviest.monday]
        if before:
            lightest = min(before, key=lambda week: week.study)
            return BeginEarlier(
                assignment=item.assignment.code, monday=lightest.monday, room=standing.load.room_left(lightest)
            )
    return None


def _move_internship(facts: Facts, standing: Standing, heaviest: Week, lighter: Sequence[Week]) -> Move | None:
    """The week with most room, the earliest of equals, that has a school day for a day of internship."""
    if not heaviest.internship or not facts.placements:
        return None
    load: Load = standing.load
    with_school = [
        week for week in lighter if standing.span.school_days.count_within(week.monday, week.monday + timedelta(days=6))
    ]
    if not with_school:
        return None
    best = max(with_school, key=lambda week: (load.room_left(week), -week.monday.toordinal()))
    return Move(monday=best.monday, room=load.room_left(best))
