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
from sqlalchemy import ColumnElement, Insert, delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import Settings
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.rules.quiet_time import USUAL, Haste, Quiet, next_moment
from hto_track.services.mail_kinds import haste_of
from hto_track.services.quiet_hours import quiet_by_address

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
    """When it may go out at the earliest; None is at once. News waits longer where rules/quiet_time.py says so."""


def queue_mails(session: Session, mails: Iterable[Mail]) -> None:
    """Put ``mails`` in the outbox, in the caller's transaction; one that was ever queued before is left as it is.

    A mail whose address cannot be one is stored as dead, with the reason: it holds up nothing and stays to be seen.
    Nothing is queued for who was erased. What nobody sits waiting for keeps to quiet hours and working days.
    """
    alive = [mail for mail in mails if not is_erased(mail.recipient)]
    waits = {mail.recipient for mail in alive if haste_of(mail.kind) is not Haste.AWAITED}
    quiet, now = quiet_by_address(session, waits) if waits else {}, clock.now()
    rows = [_row(mail, quiet.get(mail.recipient.strip().lower(), USUAL), now) for mail in alive]
    if rows:
        insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        once: Insert = insert(OutboxMail).on_conflict_do_nothing()
        session.execute(once, rows)


def take_back_waiting(session: Session, kinds: Collection[str], subject_key: str) -> str | None:
    """Take back the mails of these kinds about a subject that nobody began to send; the kind of the latest, if any."""
    found = take_back(session, kinds, OutboxMail.subject_key == subject_key)
    return found[-1] if found else None


def take_back(session: Session, kinds: Collection[str], which: ColumnElement[bool]) -> tuple[str, ...]:
    """Take back the mails of these kinds, among ``which``, that nobody began to send: their kinds, the latest last."""
    gone = session.execute(
        delete(OutboxMail)
        .where(
            OutboxMail.kind.in_(kinds),
            which,
            OutboxMail.state == MailState.WAITING,
            OutboxMail.attempts == 0,
            OutboxMail.lease.is_(None),
        )
        .returning(OutboxMail.id, OutboxMail.kind)
        .execution_options(synchronize_session=False)
    )
    return tuple(kind for _id, kind in sorted((row.id, row.kind) for row in gone))


def withhold(session: Session, kinds: Collection[str], which: ColumnElement[bool]) -> None:
    """Let no mail of these kinds among ``which`` go any more, also of those that were tried in vain: it may not be said now.

    One that is being sent at this moment is not in our hands any more.
    """
    session.execute(
        delete(OutboxMail)
        .where(
            OutboxMail.kind.in_(kinds),
            which,
            OutboxMail.state == MailState.WAITING,
            or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until <= clock.now()),
        )
        .execution_options(synchronize_session=False)
    )


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


def _row(mail: Mail, quiet: Quiet, now: datetime) -> dict[str, Any]:
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
        "next_attempt_at": next_moment(max(now, mail.not_before or now), haste_of(mail.kind), quiet),
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


_BUTTON = (
    "display:inline-block;padding:14px 22px;border-radius:8px;background:#0b5563;color:#ffffff;"
    "font-weight:bold;text-decoration:none"
)
_LETTER = "font-family:Figtree,Verdana,sans-serif;font-size:17px;line-height:1.5;color:#1b2530;max-width:34em"
_SMALL = "font-size:13px;color:#4b5663"


def _html(body: str) -> str:
    """The text as paragraphs; the words above an address as a button that leads there, with the address below it."""
    paragraphs = "".join(_html_paragraph(paragraph.splitlines()) for paragraph in body.strip().split("\n\n"))
    return f'<!doctype html><html lang="nl"><body><div style="{_LETTER}">{paragraphs}</div></body></html>'


def _html_paragraph(lines: list[str]) -> str:
    if len(lines) == 2 and lines[0].endswith(":") and _is_address(lines[1]):
        label, address = escape(lines[0].removesuffix(":")), escape(lines[1])
        return (
            f'<p><a href="{address}" style="{_BUTTON}">{label}</a></p>'
            f'<p style="{_SMALL}"><a href="{address}">{address}</a></p>'
        )
    return f"<p>{'<br>'.join(map(_html_line, lines))}</p>"


def _html_line(line: str) -> str:
    text = escape(line)
    return f'<a href="{text}">{text}</a>' if _is_address(line) else text


def _is_address(line: str) -> bool:
    return line.startswith(("http://", "https://", "mailto:")) and " " not in line
