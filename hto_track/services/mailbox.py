"""Looking into the outbox: what waits, what went, what was given up and why; and trying again what was given up."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import Settings
from hto_track.models.accounts import Role
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.participants import Participant
from hto_track.services import audit
from hto_track.services.outbox import address_fault
from hto_track.services.policy import INSTALLATION, Action, Actor, may, require_anywhere
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.transaction import reading, writing

MOST_SHOWN = 100
OWN_AFFAIRS = ("shared_load", "shared_overload")
"""The kinds of mail that only administrators see: with whom a participant shares is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A mail of the outbox. ``is_uncertain``: a sender died with it, so it may have arrived already."""

    id: int
    kind: str
    recipient: str
    subject: str
    state: MailState
    queued_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime
    attempts: int
    last_error: str | None
    is_uncertain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """The outbox as far as the actor may see it: how many in each state, and the latest of the state asked for."""

    counts: dict[MailState, int]
    last_sent_at: datetime | None
    mails: tuple[MailLine, ...]
    sends: bool
    """Whether there is a mail server in the settings; without one all stay waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRead:
    """A mail with its text; a sign-in link in it is for its addressee alone and left out."""

    line: MailLine
    body: str
    may_retry: bool


def mailbox(actor: Actor, state: MailState) -> Mailbox:
    """The counts, and the latest mails in ``state``. Forbidden for who may not look into the outbox."""
    require_anywhere(actor, Action.VIEW_OUTBOX)
    session, settings = reading(), _settings()
    seen = _seen_by(actor)
    sums = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(OutboxMail.state, func.count(), func.max(OutboxMail.sent_at)).where(seen).group_by(OutboxMail.state)
        )
    }
    order = OutboxMail.sent_at.desc() if state is MailState.SENT else OutboxMail.queued_at.desc()
    mails = session.scalars(
        select(OutboxMail)
        .where(OutboxMail.state == state, seen)
        .order_by(order, OutboxMail.id.desc())
        .limit(MOST_SHOWN)
    )
    return Mailbox(
        counts={each: sums[each][0] if each in sums else 0 for each in MailState},
        last_sent_at=sums[MailState.SENT][1] if MailState.SENT in sums else None,
        mails=tuple(map(_line, mails)),
        sends=settings.smtp_host is not None,
    )


def read_mail(actor: Actor, mail_id: int) -> MailRead:
    """One mail with its text. NotFound when there is none that the actor may see, Forbidden."""
    require_anywhere(actor, Action.VIEW_OUTBOX)
    mail = _find(reading(), actor, mail_id)
    return MailRead(
        line=_line(mail),
        body="\n".join(map(_shown, mail.body.splitlines())),
        may_retry=mail.state is MailState.DEAD and may(actor, Action.RUN_JOBS, INSTALLATION),
    )


def retry_mail(actor: Actor, mail_id: int) -> str:
    """Let a mail that was given up wait to be sent again; its subject. One that waits or went already is left as it is.

    Refused when its address can be none. NotFound, Forbidden.
    """
    require_anywhere(actor, Action.RUN_JOBS)
    with writing() as session:
        mail = _find(session, actor, mail_id)
        if mail.state is MailState.DEAD:
            if address_fault(mail.recipient):
                raise refuse(_l("%(recipient)s is not an e-mail address.", recipient=mail.recipient))
            mail.state, mail.attempts, mail.next_attempt_at = MailState.WAITING, 0, clock.now()
            audit.record(session, actor, "retry_mail", audit.of_mail(mail.id))
        return mail.subject


def _find(session: Session, actor: Actor, mail_id: int) -> OutboxMail:
    mail = session.scalars(select(OutboxMail).where(OutboxMail.id == mail_id, _seen_by(actor))).one_or_none()
    if mail is None:
        raise NotFound
    return mail


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """An administrator sees all; a leader what went to them and what is about the participants of their cohorts.

    But not with whom those share.
    """
    if may(actor, Action.VIEW_OUTBOX, INSTALLATION):
        return true()
    led = [grant.cohort_id for grant in actor.grants if grant.role is Role.PROJECT_LEADER]
    theirs = select(Participant.id).where(Participant.cohort_id.in_(led))
    about_theirs = and_(OutboxMail.participant_id.in_(theirs), OutboxMail.kind.not_in(OWN_AFFAIRS))
    return or_(OutboxMail.recipient == actor.email, about_theirs)


def _line(mail: OutboxMail) -> MailLine:
    died = mail.state is MailState.WAITING and mail.leased_until is not None and mail.leased_until <= clock.now()
    return MailLine(
        id=mail.id,
        kind=mail.kind,
        recipient=mail.recipient,
        subject=mail.subject,
        state=mail.state,
        queued_at=mail.queued_at,
        sent_at=mail.sent_at,
        next_attempt_at=mail.next_attempt_at,
        attempts=mail.attempts,
        last_error=mail.last_error,
        is_uncertain=died,
    )


def _shown(line: str) -> str:
    return _("(this line is for the addressee alone)") if "[[" in line and "]]" in line else line


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings
