"""The appointment of a closing interview, and the interviews that were held: what planning and recording them share."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import formats
from hto_track.models.diploma import FinalAssessment, PlannedFinalAssessment
from hto_track.rules.closing import Closing, closing_of
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.standing import Standing
from hto_track.services import audit, facts
from hto_track.services.facts import MemberFacts
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, Refusal
from hto_track.services.standings import subject_of

LEFT = (EnrolmentStatus.APPLIED, EnrolmentStatus.WITHDRAWN)
"""With whom no closing interview is held."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One that was held."""

    held_on: date
    passed: bool
    resit_allowed: bool
    assessor: str | None


def appointments_of(session: Session, participant_ids: Collection[int]) -> dict[int, Appointment]:
    """The appointments of these participants, by participant; one query."""
    rows = session.scalars(
        select(PlannedFinalAssessment).where(PlannedFinalAssessment.participant_id.in_(participant_ids))
    )
    return {row.participant_id: appointment_of(row) for row in rows}


def load_person(session: Session, actor: Actor, action: Action, participant_code: str) -> MemberFacts:
    """What is known of a participant with whom ``actor`` may do ``action``; NotFound or Forbidden as the policy says."""
    ground = facts.ground_of_participant(session, participant_code)
    person = facts.facts_of_participant(session, ground, participant_code).members[0]
    require(actor, action, subject_of(ground.cohort, participant_id=person.member.id))
    return person


def load_appointment(
    session: Session, actor: Actor, action: Action, participant_code: str
) -> tuple[MemberFacts, PlannedFinalAssessment]:
    """A participant and their appointment; NotFound when there is none."""
    person = load_person(session, actor, action, participant_code)
    row = session.scalars(
        select(PlannedFinalAssessment).where(PlannedFinalAssessment.participant_id == person.member.id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"{participant_code} has no appointment")
    return person, row


def changed_since(row: PlannedFinalAssessment, seen: str) -> Iterator[Refusal]:
    """That an appointment is another than the one that was looked at, with what stands."""
    if version_of(row) != seen:
        yield Refusal(
            message=_l(
                "Someone else changed this appointment meanwhile: it is now on %(day)s, %(time)s. Look, and try again.",
                day=formats.day(row.planned_on),
                time=formats.clock_from_to(row.starts_at, row.ends_at),
            )
        )


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


def about(participant_code: str) -> str:
    """What the audit trail calls somebody's closing interview."""
    return audit.of_participant(participant_code, "interview")


def words(text: str | None) -> str | None:
    """What was written, on one line; None when nothing was."""
    return " ".join((text or "").split()) or None


def minutes_between(start: time, end: time) -> int:
    """From one time of a day to a later one."""
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def refusals_of_state(standing: Standing, name: str, field: str) -> Iterator[Refusal]:
    """Why nobody holds a closing interview with somebody any more."""
    match closing_of(standing.requirements, None, standing.span.on):
        case Closing.PASSED:
            yield Refusal(message=_l("%(name)s passed the closing interview already.", name=name), field=field)
        case Closing.OUT_OF_REACH:
            message = _l("%(name)s did not pass the closing interview, and gets no resit.", name=name)
            yield Refusal(message=message, field=field)


def interviews_of(session: Session, participant_ids: Collection[int]) -> dict[int, tuple[Interview, ...]]:
    """The interviews that were held with these participants, latest first; one query."""
    found: dict[int, tuple[Interview, ...]] = {}
    rows = session.scalars(
        select(FinalAssessment)
        .where(FinalAssessment.participant_id.in_(participant_ids))
        .order_by(FinalAssessment.held_on.desc())
    )
    for row in rows:
        held = Interview(held_on=row.held_on, passed=row.passed, resit_allowed=row.resit_allowed, assessor=row.assessor)
        found[row.participant_id] = (*found.get(row.participant_id, ()), held)
    return found
