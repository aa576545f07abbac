"""What to do about the heaviest week ahead: the first suggestion is to move work, never to work harder."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from flask_babel import gettext as _

from hto_track.formats import hours
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.days import monday_of
from hto_track.rules.load import Week
from hto_track.services.views import CohortPlan, MemberStanding

WEEKS_LOOKED_AT = 8
WORTH_MOVING_TO = 60
"""A week with an hour to spare, in minutes."""
A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Which week is too full, by how much, and a way out."""

    heading: str
    ways_out: tuple[str, ...]


def advice_for(person: MemberStanding, plan: CohortPlan, *, yours: bool) -> Advice | None:
    """The advice about the heaviest week above the room, of this one and the seven after it; None when all fit."""
    standing = person.standing
    if standing.span.judged_on != standing.span.on:
        return None
    first = monday_of(standing.span.on)
    ahead = [each for each in standing.load.weeks if first <= each.monday < first + WEEKS_LOOKED_AT * A_WEEK]
    room = standing.load.capacity
    heaviest = max(ahead, key=lambda each: each.study, default=None)
    if heaviest is None or heaviest.study <= room:
        return None
    said = {"week": _number(heaviest.monday), "hours": hours(heaviest.study - room, 1)}
    heading = (
        _("Week %(week)s is too full: %(hours)s above your room.", **said)
        if yours
        else _("Week %(week)s is too full: %(hours)s above the room.", **said)
    )
    lighter = [each for each in ahead if each.monday > first and room - each.study >= WORTH_MOVING_TO]
    ways = [
        way
        for way in (
            _begin_earlier(person, plan, heaviest, lighter, room),
            _move_internship(person, heaviest, lighter, room),
        )
        if way
    ]
    return Advice(
        heading=heading,
        ways_out=tuple(ways)
        or (_("Ask the project leader whether a date can move, or whether there can be more room."),),
    )


def _begin_earlier(
    person: MemberStanding, plan: CohortPlan, heaviest: Week, lighter: list[Week], room: int
) -> str | None:
    """An assignment worked on in the heaviest week, to be begun in a lighter week before it."""
    titles = {assignment.code: assignment.title for assignment in plan.assignments}
    sunday = heaviest.monday + timedelta(days=6)
    waiting = [
        item
        for item in person.standing.assignments.mandatory
        if item.state in (AssignmentState.OPEN, AssignmentState.RESIT)
        and item.assignment.opens_on <= sunday
        and item.due_on >= heaviest.monday
    ]
    for item in sorted(waiting, key=lambda item: item.due_on):
        before = [each for each in lighter if monday_of(item.assignment.opens_on) <= each.monday < heaviest.monday]
        if before:
            lightest = min(before, key=lambda each: each.study)
            return _(
                "Do more on “%(title)s” in week %(week)s already: there is still %(hours)s of room.",
                title=titles.get(item.assignment.code, item.assignment.code),
                week=_number(lightest.monday),
                hours=hours(room - lightest.study, 1),
            )
    return None


def _move_internship(person: MemberStanding, heaviest: Week, lighter: list[Week], room: int) -> str | None:
    """An internship day of the heaviest week, to a lighter week with school days in it."""
    school_days = person.standing.span.school_days
    if not heaviest.internship or not person.facts.placements:
        return None
    with_school = [each for each in lighter if school_days.count_within(each.monday, each.monday + timedelta(days=6))]
    if not with_school:
        return None
    best: Week = max(with_school, key=lambda each: (_spare(each, room), -each.monday.toordinal()))
    return _(
        "Move a day of internship from week %(week)s to week %(other)s, where %(hours)s of room is left.",
        week=_number(heaviest.monday),
        other=_number(best.monday),
        hours=hours(_spare(best, room), 1),
    )


def _spare(each: Week, room: int) -> Fraction:
    return room - each.study


def _number(monday: date) -> int:
    return monday.isocalendar().week
