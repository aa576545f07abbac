"""A participant's own plan as it is kept, as values: read, named by a version, and as plain JSON.

What of it still counts on a date is told by ``rules/own_plan.py``.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.models.load import LoadRequest, PlannedInternshipDay, PlannedMove, RequestKind, RequestState
from hto_track.rules.own_plan import OwnPlan, WorkMove


def kept_plans(session: Session, participant_ids: Collection[int]) -> dict[int, OwnPlan]:
    """What each of these participants keeps as their plan, with the hours of release they were granted; three queries."""
    work: dict[int, list[WorkMove]] = {}
    days: dict[int, dict[date, int]] = {}
    release: dict[int, dict[date, int]] = {}
    moves = select(PlannedMove, Assignment.code).join(Assignment, Assignment.id == PlannedMove.assignment_id)
    for row, code in session.execute(
        moves.where(PlannedMove.participant_id.in_(participant_ids)).order_by(PlannedMove.id)
    ):
        move = WorkMove(assignment=code, from_monday=row.from_monday, to_monday=row.to_monday, minutes=row.minutes)
        work.setdefault(row.participant_id, []).append(move)
    planned = select(PlannedInternshipDay).where(PlannedInternshipDay.participant_id.in_(participant_ids))
    for day in session.scalars(planned.order_by(PlannedInternshipDay.planned_on)):
        days.setdefault(day.participant_id, {})[day.planned_on] = day.minutes
    granted = select(LoadRequest.participant_id, LoadRequest.monday, LoadRequest.minutes).where(
        LoadRequest.participant_id.in_(participant_ids),
        LoadRequest.kind == RequestKind.RELEASE,
        LoadRequest.state == RequestState.GRANTED,
    )
    for whose, monday, minutes in session.execute(granted):
        own = release.setdefault(whose, {})
        own[monday] = own.get(monday, 0) + minutes
    return {
        whose: OwnPlan(work=tuple(work.get(whose, ())), days=days.get(whose, {}), release=release.get(whose, {}))
        for whose in work.keys() | days.keys() | release.keys()
    }


def kept_plan(session: Session, participant_id: int) -> OwnPlan:
    """What one participant keeps as their plan, with the hours of release they were granted."""
    return kept_plans(session, [participant_id]).get(participant_id, OwnPlan())


def version_of(*plans: OwnPlan) -> str:
    """What plans are known by: another one as soon as anything in one of them is different."""
    said = json.dumps([written(plan) for plan in plans], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def written(plan: OwnPlan) -> dict[str, Any]:
    """What of a plan is somebody's own to keep, as plain JSON: for the trail, for forms, for undoing."""
    return {
        "work": [
            [move.assignment, move.from_monday.isoformat(), move.to_monday.isoformat(), move.minutes]
            for move in sorted(plan.work)
        ],
        "days": {on.isoformat(): minutes for on, minutes in sorted(plan.days.items())},
    }


def from_written(said: Mapping[str, Any]) -> OwnPlan:
    """What ``written`` said."""
    return OwnPlan(
        work=tuple(
            WorkMove(
                assignment=code,
                from_monday=date.fromisoformat(out),
                to_monday=date.fromisoformat(into),
                minutes=minutes,
            )
            for code, out, into, minutes in said["work"]
        ),
        days={date.fromisoformat(on): minutes for on, minutes in said["days"].items()},
    )
