"""Closing interviews that were held, and who may look after them: what planning and recording them share."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import formats
from hto_track.models.diploma import FinalAssessment, PlannedFinalAssessment
from hto_track.rules.closing import Closing, closing_of
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.standing import Standing
from hto_track.services import audit, facts
from hto_track.services.appointments import version_of
from hto_track.services.facts import MemberFacts
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, Refusal
from hto_track.services.standings import subject_of

LEFT = (EnrolmentStatus.APPLIED, EnrolmentStatus.WITHDRAWN)
"""With whom no closing interview is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One that was held."""

    held_on: date
    passed: bool
    resit_allowed: bool
    assessor: str | None


def load_person(
    session: Session, actor: Actor, action: Action, participant_code: str, cohort_code: str | None = None
) -> MemberFacts:
    """What is known of a participant with whom ``actor`` may do ``action``; NotFound or Forbidden as the policy says.

    NotFound too when they are not of the cohort ``cohort_code``, where one is given.
    """
    ground = facts.ground_of_participant(session, participant_code)
    if cohort_code not in (None, ground.cohort.code):
        raise NotFound(f"There is no participant {participant_code} in cohort {cohort_code}")
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


def about(participant_code: str) -> str:
    """What the audit trail calls somebody's closing interview."""
    return audit.of_participant(participant_code, "interview")


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
