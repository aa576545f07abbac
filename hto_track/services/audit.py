"""The audit trail: append-only, each row's hash covering the one before it.

A row names people by id and code alone and seals its content (what was before, what after), which lies beside it under a
salt. When a person is erased the contents about them are deleted: the chain stays whole, and the seal tells nothing.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.services.policy import Actor

FIRST_HASH = "0" * 64
ERASURE = "erase_person"
"""The action of the entry that accounts for contents that are gone; its content lists them."""


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append what ``actor`` did to ``subject`` (a code, never a name or address), in the transaction of the change itself.

    Only inside ``writing()``: the lock it holds keeps the chain one chain.
    """
    session.flush()
    previous = session.scalars(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)).first() or FIRST_HASH
    at, salt = clock.now(), secrets.token_hex(16)
    seal = _seal(salt, before, after)
    entry = AuditEntry(
        at=at,
        actor=actor.ref,
        action=action,
        subject=subject,
        content_seal=seal,
        previous_hash=previous,
        hash=_hash(previous, at, actor.ref, action, subject, seal),
    )
    session.add(entry)
    session.flush()
    session.add(AuditContent(entry_id=entry.id, salt=salt, before=before, after=after))
    session.flush()


def about(codes: Collection[str]) -> ColumnElement[bool]:
    """The entries whose subject is one of ``codes``, or something of it: ``C1-01`` and ``C1-01/hours/7``."""
    itself = AuditEntry.subject.in_(codes)
    return or_(itself, *(AuditEntry.subject.startswith(f"{code}/", autoescape=True) for code in codes))


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
    session.execute(delete(AuditContent).where(AuditContent.entry_id.in_(gone)))
    record(session, actor, ERASURE, subject, after={"contents_erased": list(gone)})


def broken_entries(session: Session) -> Iterator[int]:
    """The ids of audit rows that do not follow from the row before them, or whose content is not what was sealed.

    A content that is gone must be accounted for by a later erasure.
    """
    previous = FIRST_HASH
    missing: dict[int, None] = {}
    for entry, content in session.execute(
        select(AuditEntry, AuditContent)
        .outerjoin(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .order_by(AuditEntry.id)
        .execution_options(yield_per=1000)
    ):
        expected = _hash(previous, entry.at, entry.actor, entry.action, entry.subject, entry.content_seal)
        changed = content is not None and _seal(content.salt, content.before, content.after) != entry.content_seal
        if entry.previous_hash != previous or entry.hash != expected or changed:
            yield entry.id
        elif content is None:
            missing[entry.id] = None
        elif entry.action == ERASURE:
            for erased in content.after["contents_erased"]:
                missing.pop(erased, None)
        previous = entry.hash
    yield from missing


def _seal(salt: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    return _sha256([salt, before, after])


def _hash(previous: str, at: datetime, *content: str) -> str:
    return _sha256([previous, at.isoformat(), *content])


def _sha256(content: list[Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
