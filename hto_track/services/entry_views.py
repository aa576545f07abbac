"""Entries of internship hours as services hand them on: to those who log them and to those who decide on them."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from hto_track.models.internship import InternshipEntry, Placement
from hto_track.rules.facts import Activity, EntryState
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services import values
from hto_track.services.views import PlacementView


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry of hours as it stands. ``version`` changes with it: who changes it says which version they saw."""

    id: int
    placement: PlacementView
    work: WorkedTime
    activity: Activity
    note: str | None
    state: EntryState
    submitted_on: date
    decided_on: date | None
    decided_by: str | None
    reason: str | None
    version: str


def entry_view(row: InternshipEntry, placement: Placement) -> EntryView:
    """An entry as it stands."""
    return EntryView(
        id=row.id,
        placement=values.placement_view(placement),
        work=work_of(row),
        activity=row.activity,
        note=row.note,
        state=row.state,
        submitted_on=row.submitted_on,
        decided_on=row.decided_on,
        decided_by=row.decided_by,
        reason=row.reason,
        version=entry_version(row),
    )


def entry_version(row: InternshipEntry) -> str:
    """What changes whenever the entry does, so that who decides on it can say what they saw."""
    return _version(row, row.state, row.reason)


def version_while_waiting(row: InternshipEntry) -> str:
    """What its version was before it was decided on: to know a decision that is sent once more."""
    return _version(row, EntryState.SUBMITTED, None)


def _version(row: InternshipEntry, state: EntryState, reason: str | None) -> str:
    content = "|".join(
        str(value)
        for value in (
            state.value,
            row.placement_id,
            row.worked_on,
            row.starts_at,
            row.ends_at,
            row.break_minutes,
            row.minutes,
            row.activity.value,
            row.note,
            reason,
        )
    )
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def work_of(row: InternshipEntry) -> WorkedTime:
    """When and how long was worked; without times, the hours as they were given."""
    return WorkedTime(
        on=row.worked_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        break_minutes=row.break_minutes,
        minutes_given=0 if row.starts_at else row.minutes,
    )


def written_down(row: InternshipEntry) -> dict[str, Any]:
    """An entry as the audit trail keeps it: no note, no reason."""
    return {
        "state": row.state,
        "placement": row.placement_id,
        "worked_on": row.worked_on.isoformat(),
        "minutes": row.minutes,
    }
