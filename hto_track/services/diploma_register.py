"""Looking into the register: what a document is worth, whose diplomas stand, and a diploma as it was issued."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.documents.diploma import register_numbers_in
from hto_track.models.diploma import Diploma
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.standing import Standing, judge
from hto_track.services import facts
from hto_track.services.policy import Action, Actor, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import CohortPlan, CohortSummary, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """A diploma as it was issued; ``document`` is the PDF, the same bytes for ever."""

    register_number: str
    holder: str
    awarded_on: date
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """A line of the register."""

    register_number: str
    participant_id: int
    holder: str
    awarded_on: date
    awarded_by: str
    ground: str | None
    revoked_on: date | None
    revoked_by: str | None
    revoked_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiplomaCandidate:
    """A participant as the college looks at them: where they stand, and what the register has of them, latest first."""

    member: Member
    standing: Standing
    entries: tuple[RegisterEntry, ...]

    @property
    def in_force(self) -> RegisterEntry | None:
        """The diploma that was not revoked, if there is one."""
        return next((entry for entry in self.entries if entry.revoked_on is None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortDiplomas:
    """Everyone of a cohort on a date, in order of code, and what the register has of them."""

    cohort: CohortSummary
    plan: CohortPlan
    on: date
    candidates: tuple[DiplomaCandidate, ...]


class Verdict(StrEnum):
    """What the register says of a document."""

    VALID = "valid"
    REVOKED = "revoked"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the register says of a document. Whose it is, only of one that is ours to the last byte."""

    verdict: Verdict
    register_number: str | None = None
    holder: str | None = None
    programme: str | None = None
    college: str | None = None
    awarded_on: date | None = None
    revoked_on: date | None = None


def verify_document(document: bytes) -> Verification:
    """What the register says of a document. Anyone who holds one may ask: it says nothing that the document does not."""
    session = reading()
    digest = hashlib.sha256(document).hexdigest()
    row = session.scalars(select(Diploma).where(Diploma.document_sha256 == digest)).one_or_none()
    if row is not None:
        return Verification(
            verdict=Verdict.REVOKED if row.revoked_on else Verdict.VALID,
            register_number=row.register_number,
            holder=row.holder_name,
            programme=row.programme_title,
            college=row.college,
            awarded_on=row.awarded_on,
            revoked_on=row.revoked_on,
        )
    carried = register_numbers_in(document)
    ours = set(session.scalars(select(Diploma.register_number).where(Diploma.register_number.in_(carried))))
    number = next((number for number in carried if number in ours), None)
    return Verification(verdict=Verdict.ALTERED if number else Verdict.UNKNOWN, register_number=number)


def cohort_diplomas(actor: Actor, cohort_code: str, on: date) -> CohortDiplomas:
    """Everyone of a cohort as the college looks at them; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.AWARD_DIPLOMA, subject_of(ground.cohort))
    known = facts.facts_of_cohort(session, ground)
    entries = entries_of(session, [person.member.id for person in known.members])
    note_reading(actor, Seen.DIPLOMA, cohort_id=ground.cohort.id)
    return CohortDiplomas(
        cohort=ground.cohort,
        plan=known.plan,
        on=on,
        candidates=tuple(
            DiplomaCandidate(
                member=person.member,
                standing=judge(person.facts, on),
                entries=tuple(entry for entry in entries if entry.participant_id == person.member.id),
            )
            for person in known.members
        ),
    )


def issued_document(actor: Actor, register_number: str) -> Award:
    """A diploma that was issued, as it was issued; a revoked one only for who may award. NotFound, Forbidden."""
    session = reading()
    found = session.execute(
        select(Diploma, Participant.code)
        .join(Participant, Participant.id == Diploma.participant_id)
        .where(Diploma.register_number == register_number)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no diploma {register_number}")
    row, participant_code = found
    ground = facts.ground_of_participant(session, participant_code)
    subject = subject_of(ground.cohort, participant_id=row.participant_id)
    require(actor, Action.AWARD_DIPLOMA if row.revoked_on else Action.VIEW_PARTICIPANT, subject)
    award, holder_id = award_of(row), row.participant_id
    note_reading(actor, Seen.FILES, participant_id=holder_id)
    return award


def award_of(row: Diploma) -> Award:
    """The diploma that a row of the register holds."""
    return Award(
        register_number=row.register_number,
        holder=row.holder_name,
        awarded_on=row.awarded_on,
        document=row.document,
    )


def entries_of(session: Session, participant_ids: list[int]) -> tuple[RegisterEntry, ...]:
    """What the register has of these participants, latest first."""
    rows = session.scalars(
        select(Diploma).where(Diploma.participant_id.in_(participant_ids)).order_by(Diploma.id.desc())
    )
    return tuple(
        RegisterEntry(
            register_number=row.register_number,
            participant_id=row.participant_id,
            holder=row.holder_name,
            awarded_on=row.awarded_on,
            awarded_by=row.awarded_by,
            ground=row.ground,
            revoked_on=row.revoked_on,
            revoked_by=row.revoked_by,
            revoked_reason=row.revoked_reason,
        )
        for row in rows
    )
