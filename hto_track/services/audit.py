"""The audit trail: append-only, each row's hash covering the one before it."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.ledger import AuditEntry
from hto_track.services.policy import Actor

FIRST_HASH = "0" * 64


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append what ``actor`` did to ``subject`` (a code), in the transaction of the change itself.

    Only inside ``writing()``: the lock it holds keeps the chain one chain.
    """
    session.flush()
    previous = session.scalars(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)).first() or FIRST_HASH
    at = clock.now()
    entry = AuditEntry(
        at=at,
        actor=actor.email,
        action=action,
        subject=subject,
        before=before,
        after=after,
        previous_hash=previous,
        hash=_hash(previous, at, actor.email, action, subject, before, after),
    )
    session.add(entry)
    session.flush()


def broken_entries(session: Session) -> Iterator[int]:
    """The ids of audit rows whose hash does not follow from their content and the row before them."""
    previous = FIRST_HASH
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(1000):
        expected = _hash(previous, entry.at, entry.actor, entry.action, entry.subject, entry.before, entry.after)
        if entry.previous_hash != previous or entry.hash != expected:
            yield entry.id
        previous = entry.hash


def _hash(previous: str, at: datetime, *content: object) -> str:
    canonical = json.dumps([previous, at.isoformat(), *content], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
