"""The audit trail: append-only, each row's hash covering the one before it; its head sealed with the secret key.

A row names people by id and code alone and seals its content (what was before, what after), which lies beside it under a
salt. When a person is erased the contents about them are deleted: the chain stays whole, and the seal tells nothing.
``services/audit_chain.py`` proves it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import Settings
from hto_track.models.base import json_text, moment_text
from hto_track.models.ledger import AuditContent, AuditEntry, AuditHead
from hto_track.services.policy import Actor

FIRST_HASH = "0" * 64
ERASURE = "erase_person"
"""The action of the entry that accounts for contents that are gone; its content lists them."""
INSTALLATION = "installation"
"""The subject of what is about the installation as a whole."""
KINDS = frozenset({"participant", "cohort", "programme", "template", "user", "file", "mail", "retention", INSTALLATION})
"""What a subject begins with: it never holds a name or an address, for it stays when a person is erased."""
BEYOND_SLASH = chr(ord("/") + 1)
"""What is within a subject comes after the subject with a slash, and before it with this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was done to a subject, with what it found and what it left."""

    action: str
    subject: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def of_participant(code: str, *within: str | int) -> str:
    """The subject that is a participant, or something of theirs: ``participant/ZH05-01/hours/7``."""
    return _subject("participant", code, *within)


def of_cohort(code: str, *within: str | int) -> str:
    """The subject that is a cohort, or something of it that is no single participant's: ``cohort/ZH-05/lessons/3``."""
    return _subject("cohort", code, *within)


def of_template(code: str, *within: str | int) -> str:
    """The subject that is a programme template, or something of it: ``template/HTO-ZH/versions/2``."""
    return _subject("template", code, *within)


def of_programme(code: str) -> str:
    """The subject that is a programme."""
    return _subject("programme", code)


def of_user(user_id: int) -> str:
    """The subject that is an account; ``Actor.ref`` calls it the same."""
    return _subject("user", user_id)


def of_file(name: str) -> str:
    """The subject that is a kind of file; what an import did to a participant or a cohort is about them."""
    return _subject("file", name)


def of_mail(mail_id: int) -> str:
    """The subject that is a mail of the outbox."""
    return _subject("mail", mail_id)


def parts_of(subject: str) -> tuple[str, ...]:
    """A subject taken apart: its kind, then what ``of_participant`` and the others were given."""
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in subject.split("/"))


def about(*subjects: str) -> ColumnElement[bool]:
    """The entries about these subjects, or about something of theirs."""
    return or_(*(_is_or_is_within(_known(subject)) for subject in subjects))


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append what ``actor`` did to ``subject``, in the transaction of the change itself.

    Only inside ``writing()``: the lock it holds keeps the chain one chain.
    """
    record_all(session, actor, [Change(action=action, subject=subject, before=before, after=after)])


def record_all(session: Session, actor: Actor, changes: Iterable[Change]) -> None:
    """The same for many changes at once, in as many queries as for one."""
    changes = tuple(changes)
    if not changes:
        return
    at, head = clock.now(), head_of(session)
    was_sound = is_sealed(head)
    entries, contents = [], []
    for change in changes:
        number, salt = head.entries + 1, secrets.token_hex(16)
        seal = content_seal(salt, _text(change.before), _text(change.after))
        said = (actor.ref, change.action, _known(change.subject), seal, head.hash)
        entry = {
            "id": number,
            "at": at,
            "actor": actor.ref,
            "action": change.action,
            "subject": change.subject,
            "content_seal": seal,
            "previous_hash": head.hash,
            "hash": entry_hash(str(number), moment_text(at), *said),
        }
        entries.append(entry)
        contents.append({"entry_id": number, "salt": salt, "before": change.before, "after": change.after})
        head.entries, head.hash = number, str(entry["hash"])
    # A head that somebody changed stays unsealed: the next write must not make it look right again.
    head.seal = head_seal(head) if was_sound else ""
    session.add(head)
    session.execute(insert(AuditEntry), entries)
    session.execute(
        insert(AuditContent).execution_options(render_nulls=True), contents
    )  # one statement, not one per gap
    session.flush()


def erase_contents(session: Session, actor: Actor, subject: str, which: ColumnElement[bool]) -> None:
    """Delete the contents of the entries ``which``, and account for it in an entry about ``subject``.

    What accounts for an earlier erasure stays.
    """
    gone = session.scalars(
        select(AuditContent.entry_id)
        .join(AuditEntry, AuditEntry.id == AuditContent.entry_id)
        .where(which, AuditEntry.action != ERASURE)
        .order_by(AuditEntry.id)
    ).all()
    session.execute(
        delete(AuditContent)
        .where(AuditContent.entry_id.in_(select(AuditEntry.id).where(which, AuditEntry.action != ERASURE)))
        .execution_options(synchronize_session=False)
    )
    record(session, actor, ERASURE, subject, after={"contents_erased": list(gone)})


def head_of(session: Session) -> AuditHead:
    """The head as it stands. Where it is gone and entries are not, one that ends at the last of them, unsealed."""
    session.flush()
    head = session.scalars(select(AuditHead), execution_options={"populate_existing": True}).one_or_none()
    if head is not None:
        return head
    last = session.execute(select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)).first()
    number, last_hash = last or (0, FIRST_HASH)
    return AuditHead(id=1, entries=number, hash=last_hash, seal="")


def is_sealed(head: AuditHead) -> bool:
    """Whether the head is as it was sealed, by this installation's secret key; before the first entry it has no seal."""
    if head.entries == 0:
        return head.hash == FIRST_HASH
    return hmac.compare_digest(head.seal.encode(), head_seal(head).encode())


def head_seal(head: AuditHead) -> str:
    """HMAC-SHA256 of what the head says, under the secret key."""
    settings: Settings = current_app.extensions["hto_settings"]
    said = f"audit head\n{head.entries}\n{head.hash}"
    return hmac.new(settings.secret_key.encode(), said.encode(), hashlib.sha256).hexdigest()


def content_seal(salt: str | bytes, before: str | bytes | None, after: str | bytes | None) -> str:
    """What an entry says of its content: of its very bytes, as they are stored."""
    return _sha256(salt, before, after)


def entry_hash(*parts: str | bytes | None) -> str:
    """The hash of an entry: of the very bytes of its columns, the hash itself left out."""
    return _sha256(*parts)


def _sha256(*parts: str | bytes | None) -> str:
    """Of each part with its length before it, so that no byte can move from one into the next."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"-" if data is None else b"%d:%s" % (len(data), data))
    return digest.hexdigest()


def _text(content: dict[str, Any] | None) -> str | None:
    return None if content is None else json_text(content)


def _subject(*parts: str | int) -> str:
    return "/".join(str(part).replace("%", "%25").replace("/", "%2F") for part in parts)


def _known(subject: str) -> str:
    if subject.partition("/")[0] not in KINDS:
        raise ValueError(f"a subject is made by of_participant, of_cohort …: {subject!r} says not what kind it is")
    return subject


def _is_or_is_within(subject: str) -> ColumnElement[bool]:
    """As a range, for which the index serves: texts here are in order of their bytes."""
    beyond = subject + BEYOND_SLASH
    return or_(AuditEntry.subject == subject, and_(AuditEntry.subject > f"{subject}/", AuditEntry.subject < beyond))
