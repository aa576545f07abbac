"""What a change of the plan does to the room of a cohort: who is above it, before and after (RULES.md section 5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hto_track.rules.days import monday_of
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.load import Load
from hto_track.rules.plan_changes import Change
from hto_track.rules.standing import Standing, judge

People = Mapping[str, tuple[Facts, Standing]]
"""What is known of each participant and what it amounts to, by their code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOfRoom:
    """How many participants have a study load above their room in the week of ``monday``."""

    monday: date
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChange:
    """The weeks to come that a change touches, in order, and how many participants are above their room in any of them.

    ``rising`` are the codes of who is so only after it, ``falling`` of who is so only before it.
    """

    weeks: tuple[WeekOfRoom, ...]
    before: int
    after: int
    rising: tuple[str, ...] = ()
    falling: tuple[str, ...] = ()


def room_change(people: People, change: Change, on: date) -> RoomChange:
    """What ``change`` does to these participants, asked for ``on``; who only applied, or left, is left out."""
    loads = {code: (standing.load, judge(change(facts), on).load) for code, (facts, standing) in counted(people)}
    touched = sorted(
        {monday for before, after in loads.values() for monday in _differing(before, after) if monday >= monday_of(on)}
    )
    above = {code: (_is_above(before, touched), _is_above(after, touched)) for code, (before, after) in loads.items()}
    return RoomChange(
        weeks=tuple(
            WeekOfRoom(
                monday=monday,
                before=sum(_is_above(before, (monday,)) for before, _after in loads.values()),
                after=sum(_is_above(after, (monday,)) for _before, after in loads.values()),
            )
            for monday in touched
        ),
        before=sum(before for before, _after in above.values()),
        after=sum(after for _before, after in above.values()),
        rising=tuple(code for code, (before, after) in above.items() if after and not before),
        falling=tuple(code for code, (before, after) in above.items() if before and not after),
    )


def counted(people: People) -> Iterable[tuple[str, tuple[Facts, Standing]]]:
    """Those for whom something is planned: not who only applied, nor who left."""
    return (
        (code, (facts, standing))
        for code, (facts, standing) in people.items()
        if standing.span.goes_on and standing.span.status is not EnrolmentStatus.APPLIED
    )


def _differing(before: Load, after: Load) -> Iterable[date]:
    """The weeks in which two loads are not the same."""
    loads = [{week.monday: week.study for week in load.weeks} for load in (before, after)]
    return (monday for monday in loads[0].keys() | loads[1].keys() if loads[0].get(monday) != loads[1].get(monday))


def _is_above(load: Load, mondays: Collection[date]) -> bool:
    return any(week.monday in mondays and load.is_above_room(week) for week in load.weeks)
