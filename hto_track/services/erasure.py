"""Erasing a person on request: what goes and what stays is shown first, then done, and never undone (docs/privacy.md)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Attempt, StudyLogRow
from hto_track.models.cohorts import Cohort
from hto_track.models.diploma import Diploma
from hto_track.models.internship import InternshipEntry
from hto_track.models.ledger import AuditContent, OutboxMail
from hto_track.models.lessons import Attendance
from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare, Reading, RetentionNotice
from hto_track.models.programmes import Programme
from hto_track.models.sign_in import Passkey, SignInSession
from hto_track.models.warnings import Warning
from hto_track.rules.facts import EntryState
from hto_track.rules.retention import may_be_erased
from hto_track.services import trail, values
from hto_track.services.forgetting import (
    JUDGED_BY,
    NOTES,
    SUPERVISION,
    Person,
    find_person,
    forget_person,
    mails_about,
    with_words,
)
from hto_track.services.policy import Action, Actor, Subject, require
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.transaction import reading, writing
from hto_track.services.work_files import count_work


class Goes(StrEnum):
    """What erasing takes away."""

    NAME = "name"
    NOTES = "notes"
    WORK = "work"
    SUPERVISION = "supervision"
    JUDGED_BY = "judged_by"
    MAILS = "mails"
    ACCOUNT = "account"
    SESSIONS = "sessions"
    PASSKEYS = "passkeys"
    SHARES = "shares"
    TRAIL = "trail"


class Stays(StrEnum):
    """What erasing leaves, without a name."""

    DIPLOMAS = "diplomas"
    ATTENDANCE = "attendance"
    ATTEMPTS = "attempts"
    HOURS = "hours"
    STUDY = "study"
    WARNINGS = "warnings"
    READINGS = "readings"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePlan:
    """What erasing a participant does; counts are of rows. ``waiting`` are minutes that nobody decided on yet.

    ``refusals`` say why it cannot be done now. ``elsewhere`` are other enrolments of the same person, which stay as they are,
    and so does the account when ``account_stays``.
    """

    code: str
    name: str
    cohort_code: str
    cohort_name: str
    goes: dict[Goes, int]
    stays: dict[Stays, int]
    waiting: int
    account_stays: bool
    elsewhere: tuple[str, ...]
    erased_on: date | None
    refusals: tuple[Refusal, ...]


def plan_erasure(actor: Actor, participant_code: str, on: date) -> ErasurePlan:
    """What would go and what would stay; nothing changes. NotFound, Forbidden."""
    session = reading()
    row, cohort, programme = _participant(session, actor, participant_code)
    person = find_person(session, row)
    return ErasurePlan(
        code=row.code,
        name=row.name,
        cohort_code=cohort.code,
        cohort_name=cohort.name or cohort.code,
        goes=_goes(session, person) if row.erased_on is None else {},
        stays=_stays(session, row),
        waiting=_waiting(session, row),
        account_stays=person.account_stays,
        elsewhere=person.elsewhere,
        erased_on=row.erased_on,
        refusals=_refusals(session, row, cohort, programme, on),
    )


def erase_participant(actor: Actor, participant_code: str, on: date) -> None:
    """Erase a participant as of ``on``: the register of diplomas is kept whole, the rest loses every name.

    Refused for who was erased before, who still takes part, and whom an administrator keeps for now. NotFound, Forbidden.
    """
    with writing() as session:
        row, cohort, programme = _participant(session, actor, participant_code)
        refusals = _refusals(session, row, cohort, programme, on)
        if refusals:
            raise Refused(refusals)
        forget_person(session, actor, find_person(session, row), on)


def _participant(session: Session, actor: Actor, code: str) -> tuple[Participant, Cohort, Programme]:
    found = session.execute(
        select(Participant, Cohort, Programme)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Participant.code == code)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, cohort, programme = found
    subject = Subject(
        cohort_id=cohort.id, participant_id=row.id, college=programme.college, programme_id=cohort.programme_id
    )
    require(actor, Action.ERASE_PERSON, subject)
    return row, cohort, programme


def _refusals(
    session: Session, row: Participant, cohort: Cohort, programme: Programme, on: date
) -> tuple[Refusal, ...]:
    if row.erased_on is not None:
        return (Refusal(message=_l("%(code)s was erased already.", code=row.code)),)
    refusals = []
    if not may_be_erased(values.enrolment(row, (), values.cohort_summary(cohort, programme)), on):
        refusals.append(
            Refusal(
                message=_l(
                    "%(name)s still takes part. Wait until the last day has passed, or bring in the withdrawal first: under"
                    " “Import files”, with a participants.csv in which the status is withdrawn and status_on the date.",
                    name=row.name,
                )
            )
        )
    held = select(RetentionNotice.held_reason).where(
        RetentionNotice.subject == row.code, RetentionNotice.held_on.is_not(None)
    )
    refusals += [
        Refusal(message=_l("An administrator keeps these data for now: %(reason)s", reason=reason))
        for reason in session.scalars(held)
    ]
    return tuple(refusals)


def _goes(session: Session, person: Person) -> dict[Goes, int]:
    row, gone = person.row, [account.id for account in person.gone]
    goes: dict[Goes, int] = {Goes.NAME: 1}
    for kind, columns in ((Goes.NOTES, NOTES), (Goes.SUPERVISION, SUPERVISION), (Goes.JUDGED_BY, JUDGED_BY)):
        goes[kind] = with_words(session, [row.id], columns).get(row.id, 0)
    goes[Goes.WORK] = count_work(session, [row.id]).get(row.id, 0)
    goes[Goes.MAILS] = _count(session, OutboxMail, and_(mails_about(person), OutboxMail.body != ""))
    goes[Goes.ACCOUNT] = len(gone)
    goes[Goes.SESSIONS] = _count(session, SignInSession, SignInSession.user_id.in_(gone))
    goes[Goes.PASSKEYS] = _count(session, Passkey, Passkey.user_id.in_(gone))
    goes[Goes.SHARES] = _count(session, EmployerShare, EmployerShare.participant_id == row.id)
    entries = trail.entries_about(session, row.code, person.refs, () if person.stays_known else person.tell_tales)
    goes[Goes.TRAIL] = _count(session, AuditContent, AuditContent.entry_id.in_(entries))
    return goes


def _stays(session: Session, row: Participant) -> dict[Stays, int]:
    of_person: dict[Stays, Any] = {
        Stays.DIPLOMAS: Diploma,
        Stays.ATTENDANCE: Attendance,
        Stays.ATTEMPTS: Attempt,
        Stays.HOURS: InternshipEntry,
        Stays.STUDY: StudyLogRow,
        Stays.WARNINGS: Warning,
        Stays.READINGS: Reading,
    }
    return {kind: _count(session, model, model.participant_id == row.id) for kind, model in of_person.items()}


def _waiting(session: Session, row: Participant) -> int:
    return (
        session.scalar(
            select(func.sum(InternshipEntry.minutes)).where(
                InternshipEntry.participant_id == row.id, InternshipEntry.state == EntryState.SUBMITTED
            )
        )
        or 0
    )


def _count(session: Session, model: Any, which: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(which)) or 0
