"""Sharing one's load with an employer: off until the participant turns it on, and off again at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare
from hto_track.services import audit, employer_news, form_answers, mail_texts
from hto_track.services.attempts import Limit, count_attempt
from hto_track.services.enrolments import own_enrolment
from hto_track.services.form_answers import SentForm
from hto_track.services.inviting import can_be_address
from hto_track.services.outbox import Mail, queue_mails, withhold
from hto_track.services.policy import Action, Actor, Subject, require, require_anywhere
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.sign_in_links import INVITATION_LASTS, invitation_link
from hto_track.services.transaction import writing

MOST_EMPLOYERS = 5
"""At the same time."""
PER_PARTICIPANT = Limit(name="share", most=10, within=timedelta(days=1))
"""Each time somebody is mailed who did not ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a participant shares with one address, or shared; ``ended_at`` is None while they do."""

    id: int
    email: str
    shared_at: datetime
    ended_at: datetime | None


def share_with_employer(actor: Actor, email: str, form: SentForm | None = None) -> Share:
    """Share one's load with the employer at ``email``, who is mailed a link; nothing changes for one it is shared with.

    The address gets an account with the role of employer where it has none. Refused for what is no address, for one's own,
    and beyond ``MOST_EMPLOYERS``; TooOften.
    """
    require_anywhere(actor, Action.SHARE_WITH_EMPLOYER)
    code, address = own_enrolment(actor), email.strip().lower()
    if not can_be_address(address):
        raise refuse(_l("There is something missing in this e-mail address."), field="email")
    count_attempt(PER_PARTICIPANT, actor.ref)
    with writing() as session:
        participant = session.scalars(select(Participant).where(Participant.code == code)).one()
        require(actor, Action.SHARE_WITH_EMPLOYER, Subject(participant_id=participant.id))
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return _view(session.get_one(EmployerShare, earlier["share"]))
        if address in (actor.email.lower(), participant.email.lower()):
            raise refuse(_l("This is your own address. Fill in that of your employer."), field="email")
        row = _in_force(session, participant.id, address)
        if row is None:
            employer = _employer(session, address)
            row = _start(session, actor, participant, address)
            _mail_link(session, participant, employer, row)
        form_answers.remember(session, actor, form, {"share": row.id})
        return _view(row)


def stop_sharing(actor: Actor, share_id: int) -> Share:
    """Share no more, from this moment on. Stopping twice changes nothing. NotFound for what is not one's own."""
    require_anywhere(actor, Action.SHARE_WITH_EMPLOYER)
    with writing() as session:
        row, participant = _own(session, actor, share_id)
        if row.ended_at is None:
            row.ended_at = clock.now()
            subject = _subject(participant, row)
            audit.record(session, actor, "stop_sharing", subject, before={"employer": row.email})
            withhold(session, (employer_news.KIND,), OutboxMail.subject_key == subject)
        return _view(row)


def share_again(actor: Actor, share_id: int) -> Share:
    """Share again with an address that it was shared with before, from this moment on; nobody is mailed.

    Nothing changes where it is shared with that address already. NotFound for what is not one's own; Refused beyond
    ``MOST_EMPLOYERS``.
    """
    require_anywhere(actor, Action.SHARE_WITH_EMPLOYER)
    with writing() as session:
        row, participant = _own(session, actor, share_id)
        again = _in_force(session, participant.id, row.email) or _start(session, actor, participant, row.email)
        return _view(again)


def _own(session: Session, actor: Actor, share_id: int) -> tuple[EmployerShare, Participant]:
    found = session.execute(
        select(EmployerShare, Participant)
        .join(Participant, Participant.id == EmployerShare.participant_id)
        .where(EmployerShare.id == share_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, participant = found
    require(actor, Action.SHARE_WITH_EMPLOYER, Subject(participant_id=participant.id))
    return row, participant


def _in_force(session: Session, participant_id: int, address: str) -> EmployerShare | None:
    return session.scalars(
        select(EmployerShare).where(
            EmployerShare.participant_id == participant_id,
            EmployerShare.email == address,
            EmployerShare.ended_at.is_(None),
        )
    ).one_or_none()


def _start(session: Session, actor: Actor, participant: Participant, address: str) -> EmployerShare:
    shared_with = session.scalars(
        select(func.count()).where(EmployerShare.participant_id == participant.id, EmployerShare.ended_at.is_(None))
    ).one()
    if shared_with >= MOST_EMPLOYERS:
        raise refuse(_l("You share with %(most)s addresses already. Turn one off first.", most=MOST_EMPLOYERS), "email")
    row = EmployerShare(participant_id=participant.id, email=address, shared_at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, actor, "share_with_employer", _subject(participant, row), after={"employer": row.email})
    return row


def _employer(session: Session, address: str) -> User:
    """The account of ``address``, made where there is none, with the role of employer."""
    user = session.scalars(select(User).where(User.email == address)).one_or_none()
    if user is None:
        user = User(email=address, name=address)
        session.add(user)
        session.flush()
    has_role = select(Grant.id).where(Grant.user_id == user.id, Grant.role == Role.EMPLOYER).limit(1)
    if session.scalars(has_role).first() is None:
        session.add(Grant(user_id=user.id, role=Role.EMPLOYER, granted_at=clock.now()))
    user.invited_at = clock.now()
    return user


def _mail_link(session: Session, participant: Participant, employer: User, row: EmployerShare) -> None:
    text = mail_texts.shared_load(participant.name, participant.given_name, INVITATION_LASTS)
    mail = Mail(
        kind="shared_load",
        subject_key=f"{participant.code}/user/{employer.id}",
        period=row.shared_at.isoformat(),
        recipient=row.email,
        subject=text.subject,
        body=text.body,
        secrets={"link": invitation_link(session, employer)},
        participant_id=participant.id,
    )
    queue_mails(session, [mail])


def _subject(participant: Participant, row: EmployerShare) -> str:
    return audit.of_participant(participant.code, "share", row.id)


def _view(row: EmployerShare) -> Share:
    return Share(id=row.id, email=row.email, shared_at=row.shared_at, ended_at=row.ended_at)
