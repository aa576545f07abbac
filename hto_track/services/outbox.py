"""The outbox: a mail is stored in the transaction of what it tells, once for its kind, subject and period."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Any

from flask import current_app
from sqlalchemy import Insert, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import Settings
from hto_track.models.ledger import MailState, OutboxMail

LONGEST_SUBJECT = 300
LONGEST_KEY = 128
ERASED = "@erased.invalid"
"""What the addresses of erased people end with: a name that no mail server can ever have (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail to queue. ``kind``, ``subject_key`` and ``period`` say which it is; ``participant_id`` whom it is about."""

    kind: str
    subject_key: str
    period: str
    recipient: str
    subject: str
    body: str
    """Where it says ``[[link]]``, the mail that goes out has the word "link" of ``secrets``."""
    secrets: dict[str, str] | None = None
    """What is for the addressee alone."""
    participant_id: int | None = None
    not_before: datetime | None = None
    """When it may go out; None is at once."""


def queue_mails(session: Session, mails: Iterable[Mail]) -> None:
    """Put ``mails`` in the outbox, in the caller's transaction; one that was ever queued before is left as it is.

    A mail whose address cannot be one is stored as dead, with the reason: it holds up nothing and stays to be seen.
    Nothing is queued for who was erased.
    """
    rows = [_row(mail) for mail in mails if not is_erased(mail.recipient)]
    if rows:
        insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        once: Insert = insert(OutboxMail).on_conflict_do_nothing()
        session.execute(once, rows)


def take_back_waiting(session: Session, kinds: Collection[str], subject_key: str) -> str | None:
    """Take back the mails of these kinds about a subject that nobody began to send; the kind of the latest, if any."""
    gone = session.execute(
        delete(OutboxMail)
        .where(
            OutboxMail.kind.in_(kinds),
            OutboxMail.subject_key == subject_key,
            OutboxMail.state == MailState.WAITING,
            OutboxMail.attempts == 0,
            OutboxMail.lease.is_(None),
        )
        .returning(OutboxMail.id, OutboxMail.kind)
        .execution_options(synchronize_session=False)
    )
    found = sorted((row.id, row.kind) for row in gone)
    return found[-1][1] if found else None


def erased_address(whose: str) -> str:
    """The address that takes the place of an erased person's: nobody can have it, and nothing is sent to it."""
    return f"erased-{whose}{ERASED}"


def is_erased(address: str) -> bool:
    """Whether an address took the place of an erased person's."""
    return address.strip().lower().endswith(ERASED)


def message_of(mail: OutboxMail) -> EmailMessage:
    """The message on the line: text, and the same as simple HTML. ValueError for an address that is none."""
    settings: Settings = current_app.extensions["hto_settings"]
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = _address(mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    body = mail.body
    for word, secret in (mail.secrets or {}).items():
        body = body.replace(f"[[{word}]]", secret)
    message.set_content(body)
    message.add_alternative(_html(body), subtype="html")
    return message


def _row(mail: Mail) -> dict[str, Any]:
    now = clock.now()
    fault = address_fault(mail.recipient)
    return {
        "kind": mail.kind,
        "subject_key": _key(mail.subject_key),
        "period": mail.period,
        "participant_id": mail.participant_id,
        "recipient": _one_line(mail.recipient)[:254],
        "subject": _one_line(mail.subject)[:LONGEST_SUBJECT],
        "body": mail.body,
        "secrets": mail.secrets,
        "message_id": _message_id(mail),
        "state": MailState.DEAD if fault else MailState.WAITING,
        "last_error": fault,
        "attempts": 0,
        "next_attempt_at": mail.not_before or now,
        "queued_at": now,
    }


def _key(subject_key: str) -> str:
    """``subject_key``, or a digest of one that is too long for its column."""
    return subject_key if len(subject_key) <= LONGEST_KEY else hashlib.sha256(subject_key.encode()).hexdigest()


def _message_id(mail: Mail) -> str:
    """The same for the same mail, whoever sends it and how often: the receiving side can tell a repetition."""
    settings: Settings = current_app.extensions["hto_settings"]
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    which = "\n".join((mail.kind, mail.subject_key, mail.period))
    return f"<{hashlib.sha256(which.encode()).hexdigest()[:40]}@{domain}>"


def _one_line(text: str) -> str:
    """``text`` without line breaks, so that no header can be slipped in through it."""
    return " ".join(text.split())


def _address(recipient: str) -> Address:
    """One address and nothing else; ValueError for anything more or less."""
    try:
        address = Address(addr_spec=recipient)
    except (MessageError, IndexError) as error:
        raise ValueError(str(error)) from None
    if not address.domain or not address.username or any(sign in recipient for sign in "\r\n\t ,;<>"):
        raise ValueError("not one address")
    return address


def address_fault(recipient: str) -> str | None:
    """What is wrong with an address, None when it can be one."""
    try:
        _address(recipient)
    except ValueError:
        return f"{_one_line(recipient)[:254]!r} is not an e-mail address"
    return None


def _html(body: str) -> str:
    """The text as paragraphs, its web addresses as links."""
    paragraphs = "".join(
        f"<p>{'<br>'.join(map(_html_line, paragraph.splitlines()))}</p>" for paragraph in body.strip().split("\n\n")
    )
    return f'<!doctype html><html lang="nl"><body>{paragraphs}</body></html>'


def _html_line(line: str) -> str:
    text = escape(line)
    if line.startswith(("http://", "https://")) and " " not in line:
        return f'<a href="{text}">{text}</a>'
    return text
