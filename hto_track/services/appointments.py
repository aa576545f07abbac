"""The appointment of a closing interview, from row to value and back."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.diploma import PlannedFinalAssessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """An interview still to be held, or of which nothing was recorded yet. ``version`` changes with it."""

    planned_on: date
    starts_at: time
    ends_at: time
    location: str | None
    assessors: str | None
    version: str

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return minutes_between(self.starts_at, self.ends_at)


def appointments_of(session: Session, participant_ids: Collection[int]) -> dict[int, Appointment]:
    """The appointments of these participants, by participant; one query."""
    rows = session.scalars(
        select(PlannedFinalAssessment).where(PlannedFinalAssessment.participant_id.in_(participant_ids))
    )
    return {row.participant_id: appointment_of(row) for row in rows}


def restored(session: Session, participant_id: int, was: dict[str, Any]) -> PlannedFinalAssessment:
    """The appointment that ``written`` wrote down, stored again."""
    row = PlannedFinalAssessment(
        participant_id=participant_id,
        planned_on=date.fromisoformat(was["planned_on"]),
        starts_at=time.fromisoformat(was["starts_at"]),
        ends_at=time.fromisoformat(was["ends_at"]),
        location=was["location"],
        assessors=was["assessors"],
    )
    session.add(row)
    return row


def appointment_of(row: PlannedFinalAssessment) -> Appointment:
    """An appointment as it stands."""
    return Appointment(
        planned_on=row.planned_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        location=row.location,
        assessors=row.assessors,
        version=version_of(row),
    )


def version_of(row: PlannedFinalAssessment) -> str:
    """What changes whenever an appointment does."""
    return hashlib.sha256("|".join(map(str, written(row).values())).encode()).hexdigest()[:16]


def written(row: PlannedFinalAssessment) -> dict[str, Any]:
    """An appointment as the audit trail keeps it."""
    return {
        "planned_on": row.planned_on.isoformat(),
        "starts_at": row.starts_at.isoformat("minutes"),
        "ends_at": row.ends_at.isoformat("minutes"),
        "location": row.location,
        "assessors": row.assessors,
    }


def words(text: str | None) -> str | None:
    """What was written, on one line; None when nothing was."""
    return " ".join((text or "").split()) or None


def minutes_between(start: time, end: time) -> int:
    """From one time of a day to a later one."""
    return (end.hour - start.hour) * 60 + end.minute - start.minute
