"""Taking out what tells who somebody is: what erasing on request and erasing in time share (docs/privacy.md).

Rows stay, so that every figure that was made of them stays the same; only words, names and addresses go. The register of
diplomas is never touched. Everything here works inside the ``writing()`` of its caller.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, null, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from hto_track import clock
from hto_track.models.accounts import FormAnswer, Grant, QuietHours, Role, User
from hto_track.models.assignments import Attempt, Extension, StudyLogRow
from hto_track.models.diploma import CheckpointRecord, FinalAssessment, PlannedFinalAssessment
from hto_track.models.exemptions import Exemption
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import AuditContent, AuditEntry, JobRequest, JobRun, MailState, OutboxMail
from hto_track.models.load import LoadRequest, LoadVerdict, RequestState
from hto_track.models.participants import Participant, Pause
from hto_track.models.privacy import EmployerShare, RetentionNotice
from hto_track.models.sign_in import CollegeIdentity, Passkey, PasskeyChallenge, SignInLink, SignInSession
from hto_track.models.warnings import Warning, WarningAnswer
from hto_track.services import audit, trail
from hto_track.services.calendar_memory import forget_calendars, forget_own_events
from hto_track.services.outbox import erased_address
from hto_track.services.policy import Actor
from hto_track.services.work_files import forget_work

Column = InstrumentedAttribute[Any]

GIVEN_NAME = "Gewist"
"""The given name of everyone who was erased; their family name becomes their code."""

NOTES: tuple[Column, ...] = (
    Pause.reason,
    Extension.reason,
    Attempt.feedback,
    InternshipEntry.note,
    InternshipEntry.reason,
    StudyLogRow.note,
    CheckpointRecord.note,
    Warning.snooze_note,
    WarningAnswer.note,
    LoadVerdict.advice,
    LoadRequest.note,
    LoadRequest.answer,
)
"""What people wrote in words of their own (DataKind.LOGS)."""
SUPERVISION: tuple[Column, ...] = (Placement.supervisor_name, Placement.supervisor_email, InternshipEntry.decided_by)
"""Who supervised and who decided (DataKind.AGREEMENTS)."""
JUDGED_BY: tuple[Column, ...] = (
    Attempt.assessor,
    FinalAssessment.assessor,
    PlannedFinalAssessment.assessors,
    CheckpointRecord.recorded_by,
    Exemption.decided_by,
    Exemption.reason,
)
"""Who judged a result, and why: it goes with the result's person (DataKind.RESULTS)."""
STAYS: dict[Column, str] = {
    LoadRequest.decided_by: "the number of an account: it tells who it was only as long as the account does",
    Placement.school: "hours are counted by school; without the person it names nobody",
    PlannedFinalAssessment.location: "a room; the appointment itself goes with the person",
}
"""Text about a participant that no erasure takes, and why; a test holds every column of text to one of these lists."""

FEWEST_DIGITS, SHORTEST_NAME = 7, 5
"""Of what can tell who somebody is, wherever it stands."""

WITHDRAW_ROLE = "withdraw_role"
"""What ``inviting.take_role`` sets down: for who once was somebody here, and is no more."""

OF_AN_ACCOUNT = (SignInSession, SignInLink, Passkey, PasskeyChallenge, CollegeIdentity, FormAnswer, QuietHours, Grant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A participant, and the account that is theirs.

    ``former`` are further accounts that may see this enrolment or could before an address was put right, and nothing else.
    ``account_stays`` when it has another role or enrolment too; ``elsewhere`` are the codes of the other enrolments of the
    same address. Either way the person stays known here, and what is theirs there is left alone.
    """

    row: Participant
    account: User | None
    account_stays: bool
    elsewhere: tuple[str, ...]
    former: tuple[User, ...] = ()

    @property
    def gone(self) -> tuple[User, ...]:
        """The accounts that go with them."""
        own = (self.account,) if self.account and not self.account_stays else ()
        return (*own, *self.former)

    @property
    def stays_known(self) -> bool:
        """Whether the person is here for something else too."""
        return self.account_stays or bool(self.elsewhere)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where mails to them went, in lower case."""
        accounts = (self.account, *self.former) if self.account else self.former
        own = (self.row.email, *(account.email for account in accounts))
        return tuple(dict.fromkeys(address.lower() for address in own))

    @property
    def tell_tales(self) -> tuple[str, ...]:
        """What would tell who it is, wherever it stands in a text.

        Not a single name nor a dash for a telephone: those stand in what is about everybody, and would take that along.
        """
        accounts = (self.account, *self.former) if self.account else self.former
        of_accounts = (word for account in accounts for word in (account.name, account.email))
        known = (self.row.name, self.row.email, self.row.phone, *of_accounts)
        return tuple(dict.fromkeys(word for word in known if word and _tells_who(word)))

    @property
    def refs(self) -> tuple[str, ...]:
        """What the audit trail calls the accounts that go with them."""
        return tuple(audit.of_user(account.id) for account in self.gone)


def find_person(session: Session, row: Participant) -> Person:
    """A participant with their account: the one that may see this enrolment, else one of their address without any role."""
    account = session.scalars(
        select(User)
        .outerjoin(Grant, Grant.user_id == User.id)
        .where(
            User.erased_at.is_(None),
            or_(Grant.participant_id == row.id, and_(Grant.id.is_(None), User.email == row.email.lower())),
        )
        .order_by(Grant.id.is_(None), User.id)
        .limit(1)
    ).first()
    elsewhere = session.scalars(
        select(Participant.code)
        .where(
            Participant.id != row.id,
            Participant.erased_on.is_(None),
            func.lower(Participant.email) == row.email.lower(),
        )
        .order_by(Participant.code)
    ).all()
    others = None
    if account is not None:
        others = session.scalar(
            select(func.count())
            .select_from(Grant)
            .where(Grant.user_id == account.id, or_(Grant.participant_id.is_(None), Grant.participant_id != row.id))
        )
    return Person(
        row=row,
        account=account,
        account_stays=bool(others),
        elsewhere=tuple(elsewhere),
        former=_former_accounts(session, row, account),
    )


def _former_accounts(session: Session, row: Participant, account: User | None) -> tuple[User, ...]:
    """Who else sees this enrolment, or did by what the audit trail says of roles taken back, and has no other role."""
    taken = session.execute(
        select(AuditEntry.subject, AuditContent.before)
        .join(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .where(AuditEntry.action == WITHDRAW_ROLE)
    )
    ids = {
        int(audit.parts_of(subject)[1])
        for subject, before in taken
        if before and before.get("participant_id") == row.id and before.get("role") == Role.PARTICIPANT
    }
    sees = select(Grant.user_id).where(Grant.participant_id == row.id)
    elsewhere = or_(Grant.participant_id.is_(None), Grant.participant_id != row.id)
    query = select(User).where(
        or_(User.id.in_(ids), User.id.in_(sees)),
        User.id != (account.id if account else 0),
        User.erased_at.is_(None),
        ~exists().where(Grant.user_id == User.id, elsewhere),
    )
    return tuple(session.scalars(query.order_by(User.id)))


def forget_person(session: Session, actor: Actor, person: Person, on: date) -> None:
    """Erase a participant: the rows and figures stay, nothing in them tells who it was."""
    row = person.row
    refs, tell_tales = person.refs, () if person.stays_known else person.tell_tales
    _forget_mails_of(session, person)
    clear(session, [row.id], (*NOTES, *SUPERVISION, *JUDGED_BY))
    forget_work(session, row.id)
    session.execute(delete(EmployerShare).where(EmployerShare.participant_id == row.id))
    session.execute(delete(PlannedFinalAssessment).where(PlannedFinalAssessment.participant_id == row.id))
    asked = (LoadRequest.participant_id == row.id, LoadRequest.state == RequestState.ASKED)
    session.execute(update(LoadRequest).where(*asked).values(state=RequestState.WITHDRAWN))  # nobody is there to answer
    _forget_accounts(session, person)
    _forget_errors(session, tell_tales)
    session.execute(
        delete(RetentionNotice).where(RetentionNotice.subject == row.code, RetentionNotice.carried_out_on.is_(None))
    )
    session.execute(update(RetentionNotice).where(RetentionNotice.subject == row.code).values(held_reason=None))
    row.given_name, row.name_prefix, row.family_name = GIVEN_NAME, None, row.code
    row.email = erased_address(f"participant-{row.id}")
    row.phone = row.employer = row.fund = row.sector = row.prior_education = row.source_channel = None
    row.erased_on = on
    session.flush()
    gone = trail.entries_about(session, row.code, refs, tell_tales)
    audit.erase_contents(session, actor, audit.of_participant(row.code), trail.these(gone))


def forget_words(
    session: Session, actor: Actor, row: Participant, columns: Iterable[Column], names: Collection[str]
) -> None:
    """Empty ``columns`` of one participant, and what the audit trail keeps of them under ``names``."""
    clear(session, [row.id], columns)
    gone = trail.entries_holding(session, row.code, names)
    if gone:
        audit.erase_contents(session, actor, audit.of_participant(row.code), trail.these(gone))


def clear(session: Session, participant_ids: Collection[int], columns: Iterable[Column]) -> None:
    """Empty ``columns`` in every row of these participants."""
    for model, own in _by_model(columns).items():
        session.execute(
            update(model)
            .where(model.participant_id.in_(participant_ids), or_(*(column.is_not(None) for column in own)))
            .values({column: None for column in own})
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def with_words(session: Session, participant_ids: Collection[int], columns: Iterable[Column]) -> dict[int, int]:
    """In how many rows of each of these participants one of ``columns`` says something; one query for each table."""
    found: defaultdict[int, int] = defaultdict(int)
    for model, own in _by_model(columns).items():
        query = (
            select(model.participant_id, func.count())
            .where(model.participant_id.in_(participant_ids), or_(*(column.is_not(None) for column in own)))
            .group_by(model.participant_id)
        )
        for participant_id, count in session.execute(query):
            found[participant_id] += count
    return dict(found)


def mails_about(person: Person) -> ColumnElement[bool]:
    """The mails about a participant or to them."""
    about = OutboxMail.participant_id == person.row.id
    if person.stays_known:
        return about
    return or_(about, func.lower(OutboxMail.recipient).in_(person.addresses), OutboxMail.subject_key.in_(person.refs))


def forget_mails(session: Session, which: ColumnElement[bool]) -> int:
    """Blank mails; what still waits is given up, for nothing empty may go out. How many there were."""
    emptied = session.scalars(
        update(OutboxMail)
        .where(which, OutboxMail.body != "")
        .values(subject=GIVEN_NAME, body="", recipient="", secrets=null(), last_error=None)
        .returning(OutboxMail.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.body == "", OutboxMail.state == MailState.WAITING)
        .values(state=MailState.DEAD, lease=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return len(emptied)


def _forget_mails_of(session: Session, person: Person) -> None:
    """Theirs are blanked; in what others were sent (a leader's digest) their code takes the place of their name."""
    forget_mails(session, mails_about(person))
    named = or_(*(OutboxMail.body.contains(word, autoescape=True) for word in person.tell_tales))
    for mail in session.scalars(
        select(OutboxMail).where(named, func.lower(OutboxMail.recipient).not_in(person.addresses))
    ):
        for word in map(trail.as_words, person.tell_tales):
            mail.body = word.sub(lambda _found: person.row.code, mail.body)
            mail.subject = word.sub(lambda _found: person.row.code, mail.subject)
    session.flush()


def _tells_who(word: str) -> bool:
    """Whether ``word`` can be but one person's: an address, a telephone number, or a given name with a family name."""
    is_number = sum(character.isdigit() for character in word) >= FEWEST_DIGITS
    names = [part for part in word.split() if part.isalpha() or len(part) > 1]
    return is_number or "@" in word.strip("@") or (len(names) > 1 and len(word) >= SHORTEST_NAME)


def _forget_accounts(session: Session, person: Person) -> None:
    # Of an account that stays its other roles are not ours to take.
    session.execute(delete(Grant).where(Grant.participant_id == person.row.id))
    if person.account is not None:
        forget_own_events(session, person.account.id, person.row.code)
    forget_calendars(session, [account.id for account in person.gone])
    for account in person.gone:
        for model in OF_AN_ACCOUNT:
            session.execute(delete(model).where(model.user_id == account.id))
        account.email, account.name = erased_address(f"user-{account.id}"), GIVEN_NAME
        account.password_hash = None
        account.invited_at = account.first_signed_in_at = account.last_signed_in_at = None
        account.erased_at = clock.now()


def _forget_errors(session: Session, tell_tales: Collection[str]) -> None:
    """What a job said when it failed may have quoted anything."""
    for model in (JobRun, JobRequest):
        named = or_(false(), *(model.error.contains(word, autoescape=True) for word in tell_tales))
        session.execute(
            update(model).where(named).values(error=GIVEN_NAME).execution_options(synchronize_session=False)
        )


def _by_model(columns: Iterable[Column]) -> dict[Any, list[Column]]:
    by_model: defaultdict[Any, list[Column]] = defaultdict(list)
    for column in columns:
        by_model[column.class_].append(column)
    return dict(by_model)
