"""Reading the audit trail in tests: entries with their content beside them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.services.transaction import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """An entry of the trail; without ``before`` and ``after`` when its content was erased."""

    id: int
    actor: str
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def trail(action: str | None = None) -> list[TrailEntry]:
    """Every entry, or those of one action, in order."""
    rows = reading().execute(
        select(AuditEntry, AuditContent)
        .outerjoin(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .order_by(AuditEntry.id)
    )
    return [
        TrailEntry(
            id=entry.id,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            before=content.before if content else None,
            after=content.after if content else None,
        )
        for entry, content in rows
        if action in (None, entry.action)
    ]
