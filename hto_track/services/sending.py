"""Sending what the outbox holds: leased in one transaction, sent outside any, marked in another.

Two senders never hold the same mail: a lease is a conditional update. A sender that dies leaves its lease to run out, and
the mail goes again with the same Message-ID. Nothing is lost while the mail server is away, and nothing is given up then;
what has become late by it, and nobody sits waiting for, still goes to nobody at night or on a free day.
"""

import smtplib
import socket
import ssl
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from flask import current_app
from sqlalchemy import ColumnElement, Row, and_, null, or_, select, update
from sqlalchemy.orm import Session

from hto_track.config import Settings
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.rules.quiet_time import USUAL, next_moment
from hto_track.services.mail_kinds import haste_of
from hto_track.services.outbox import message_of
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.quiet_hours import quiet_by_address
from hto_track.services.transaction import reading, writing

BATCH = 50
AWAITED = ("sign_in",)
"""Mails that somebody sits waiting for: they go before the others."""
LEASE = timedelta(minutes=10)
LATEST_START = timedelta(minutes=5)
"""No mail is begun later in its lease than this: what begins in time ends in time, at 30 seconds for each answer."""
TIMEOUT_SECONDS = 30
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720))
"""How long a mail waits after its first, second, … attempt; the last holds from there on."""
MOST_ATTEMPTS = 10
UNREACHABLE_WAIT = timedelta(minutes=5)
"""How long mails wait for a server that cannot be reached; that is no attempt of theirs."""
PERMANENT = 500
CLOSING = 421


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCounts:
    """What came of sending: sent, put off to a later attempt, given up."""

    sent: int = 0
    deferred: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class _Leased:
    id: int
    attempts: int
    message: EmailMessage


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the server made of a mail. Without ``error`` it took it."""

    error: str | None = None
    is_final: bool = False
    connection_lost: bool = False


def send_due(actor: Actor, now: datetime) -> SendCounts:
    """Send the mails whose time has come at ``now``; without settings for a mail server all stay waiting."""
    require_anywhere(actor, Action.RUN_JOBS)
    settings: Settings = current_app.extensions["hto_settings"]
    states: list[MailState] = []
    began = time.monotonic()
    while settings.smtp_host:
        lease, at = str(uuid.uuid4()), now + timedelta(seconds=time.monotonic() - began)
        due, batch = _lease(lease, at)
        outcome = _send_batch(settings, lease, batch, at) if batch else []
        states += outcome
        if due < BATCH or len(outcome) < len(batch):
            break
    return SendCounts(
        sent=states.count(MailState.SENT), deferred=states.count(MailState.WAITING), dead=states.count(MailState.DEAD)
    )


def _lease(lease: str, now: datetime) -> tuple[int, list[_Leased]]:
    """Take mails that are due, first those awaited, for ten minutes and this lease alone; how many were due, and those.

    What may not go at this hour is put off to when it may. No write where none is due.
    """
    due = and_(
        OutboxMail.state == MailState.WAITING,
        OutboxMail.next_attempt_at <= now,
        or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until <= now),
    )
    order = (OutboxMail.kind.not_in(AWAITED), OutboxMail.next_attempt_at, OutboxMail.id)
    longest_waiting = select(OutboxMail.id, OutboxMail.kind, OutboxMail.recipient).where(due).order_by(*order)
    if not reading().execute(longest_waiting.limit(1)).first():
        return 0, []
    with writing() as session:
        found = session.execute(longest_waiting.limit(BATCH)).all()
        may_go = _put_off(session, found, now)
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.id.in_(may_go))
            .values(lease=lease, leased_until=now + LEASE, attempts=OutboxMail.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        rows = session.scalars(
            select(OutboxMail).where(OutboxMail.lease == lease).order_by(OutboxMail.kind.not_in(AWAITED), OutboxMail.id)
        )
        return len(found), [_Leased(row.id, row.attempts, message_of(row)) for row in rows]


def _put_off(session: Session, found: Sequence[Row[tuple[int, str, str]]], now: datetime) -> list[int]:
    """Let those of ``found`` wait that became late and may not go at this hour; the ids of the others."""
    quiet = quiet_by_address(session, {recipient for _id, _kind, recipient in found})
    moments = {
        mail_id: next_moment(now, haste_of(kind), quiet.get(recipient.lower(), USUAL))
        for mail_id, kind, recipient in found
    }
    later = [{"id": mail_id, "next_attempt_at": moment} for mail_id, moment in moments.items() if moment > now]
    if later:
        session.execute(update(OutboxMail), later)
    return [mail_id for mail_id, moment in moments.items() if moment <= now]


def _send_batch(settings: Settings, lease: str, batch: list[_Leased], now: datetime) -> list[MailState]:
    """The state that each mail got which was tried; the rest of the lease is given back."""
    began = time.monotonic()
    states: list[MailState] = []
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        _give_back(lease, now + UNREACHABLE_WAIT, f"The mail server cannot be reached: {_said(error)}")
        return states
    try:
        for mail in batch:
            elapsed = timedelta(seconds=time.monotonic() - began)
            if elapsed > LATEST_START:
                break
            answer = _send(server, mail.message)
            states.append(_settle(lease, mail, answer, now + elapsed))
            if answer.connection_lost:
                break
    finally:
        server.close()
    if len(states) < len(batch):
        _give_back(lease, now, None)
    return states


def _connect(settings: Settings) -> smtplib.SMTP:
    assert settings.smtp_host is not None
    server = smtplib.SMTP(
        settings.smtp_host, settings.smtp_port, local_hostname=socket.gethostname(), timeout=TIMEOUT_SECONDS
    )
    try:
        if settings.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password or "")
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _send(server: smtplib.SMTP, message: EmailMessage) -> _Answer:
    """One mail over the line. Only what is said of the recipient or the content is final; 5xx to us as sender is not."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, text = next(iter(refused.recipients.values()))
        return _refused(code, text, is_final=code >= PERMANENT)
    except smtplib.SMTPDataError as refused:
        return _refused(refused.smtp_code, refused.smtp_error, is_final=refused.smtp_code >= PERMANENT)
    except smtplib.SMTPResponseException as refused:
        return _refused(refused.smtp_code, refused.smtp_error, is_final=False)
    except smtplib.SMTPNotSupportedError as error:
        return _Answer(_said(error), is_final=True)
    except (OSError, smtplib.SMTPException) as error:
        return _Answer(_said(error), connection_lost=True)
    return _Answer()


def _refused(code: int, text: bytes | str, *, is_final: bool) -> _Answer:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return _Answer(_shortened(f"{code} {said}"), is_final=is_final, connection_lost=code == CLOSING)


def _settle(lease: str, mail: _Leased, answer: _Answer, at: datetime) -> MailState:
    """Write down what came of a mail, if the lease is still ours; the state it has now."""
    if answer.error is None:
        state = MailState.SENT
    elif answer.is_final or mail.attempts >= MOST_ATTEMPTS:
        state = MailState.DEAD
    else:
        state = MailState.WAITING
    wait = BACKOFF[min(mail.attempts, len(BACKOFF)) - 1]
    with writing() as session:
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == mail.id, _held_under(lease))
            .values(
                state=state,
                lease=None,
                leased_until=None,
                next_attempt_at=at + wait if state is MailState.WAITING else at,
                sent_at=at if state is MailState.SENT else None,
                last_error=answer.error,
                **({} if state is MailState.WAITING else {"secrets": null()}),
            )
        )
    return state


def _give_back(lease: str, next_attempt_at: datetime, error: str | None) -> None:
    """Let go of mails that were leased and not tried: that was no attempt of theirs."""
    reason = {} if error is None else {"last_error": error}
    with writing() as session:
        session.execute(
            update(OutboxMail)
            .where(_held_under(lease))
            .values(
                lease=None,
                leased_until=None,
                attempts=OutboxMail.attempts - 1,
                next_attempt_at=next_attempt_at,
                **reason,
            )
            .execution_options(synchronize_session=False)
        )


def _held_under(lease: str) -> ColumnElement[bool]:
    return and_(OutboxMail.lease == lease, OutboxMail.state == MailState.WAITING)


def _said(error: Exception) -> str:
    return _shortened(str(error) or type(error).__name__)


def _shortened(text: str) -> str:
    return " ".join(text.split())[:500]
