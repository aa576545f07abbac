"""What to do about the heaviest week ahead, in words (rules/advice.py)."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from hto_track.formats import hours
from hto_track.rules import advice as rule
from hto_track.services.views import CohortPlan, MemberStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Which week is too full, by how much, and a way out."""

    heading: str
    ways_out: tuple[str, ...]


def advice_for(person: MemberStanding, plan: CohortPlan, *, yours: bool) -> Advice | None:
    """The advice about the heaviest week above the room; None when all weeks ahead fit."""
    advice = rule.advise(person.facts, person.standing)
    if advice is None:
        return None
    said = {"week": _number(advice.monday), "hours": hours(advice.over, 1)}
    return Advice(
        heading=_("Week %(week)s is too full: %(hours)s above your room.", **said)
        if yours
        else _("Week %(week)s is too full: %(hours)s above the room.", **said),
        ways_out=_ways_out(advice, plan)
        or (_("Ask the project leader whether a date can move, or whether there can be more room."),),
    )


def _ways_out(advice: rule.Advice, plan: CohortPlan) -> tuple[str, ...]:
    ways = []
    if advice.begin_earlier:
        titles = {assignment.code: assignment.title for assignment in plan.assignments}
        ways.append(
            _(
                "Do more on “%(title)s” in week %(week)s already: there is still %(hours)s of room.",
                title=titles.get(advice.begin_earlier.assignment, advice.begin_earlier.assignment),
                week=_number(advice.begin_earlier.monday),
                hours=hours(advice.begin_earlier.room, 1),
            )
        )
    if advice.move_internship:
        ways.append(
            _(
                "Move a day of internship from week %(week)s to week %(other)s, where %(hours)s of room is left.",
                week=_number(advice.monday),
                other=_number(advice.move_internship.monday),
                hours=hours(advice.move_internship.room, 1),
            )
        )
    return tuple(ways)


def _number(monday: date) -> int:
    return monday.isocalendar().week
