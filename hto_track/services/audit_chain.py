"""Proving the audit trail: every byte of every row must be what was written, none may be missing, none may be added.

What it cannot see: a database put back whole as it was before, or rows written by who holds the secret key. Against those the
head that ``hto-track check`` prints is kept elsewhere, and compared.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import LargeBinary, Row, Text, cast, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.services import audit

COLUMNS = (AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
CONTENT = (AuditContent.salt, AuditContent.before, AuditContent.after)
SEALS = (AuditEntry.content_seal, AuditEntry.previous_hash, AuditEntry.hash)
ROWS_AT_ONCE = 1000


def chain_faults(session: Session) -> Iterator[str]:
    """One sentence per fault, with the number of the entry; a content that is gone needs a later erasure that lists it."""
    number, previous = 0, {audit.FIRST_HASH.encode()}
    missing: dict[int, None] = {}
    for row in session.execute(_rows(session)):
        yield from _gap(number + 1, row.id - 1)
        follows = row.id != number + 1 or row.previous_hash in previous
        hashed = audit.entry_hash(
            str(row.id), row.recorded_at, row.actor, row.action, row.subject, row.content_seal, row.previous_hash
        ).encode()
        content_stands = row.entry_id is None or _seal(row) == row.content_seal
        if row.hash != hashed or not follows or not content_stands:
            yield f"Audit entry {row.id} is not what was written"
        elif row.entry_id is None:
            missing[row.id] = None
        elif row.action == audit.ERASURE.encode():
            for erased in json.loads(row.after or "{}").get("contents_erased", ()):
                missing.pop(erased, None)
        # Whichever of the two the next one follows: that this one was changed is said already.
        number, previous = row.id, {row.hash, hashed}
    yield from (f"Audit entry {gone} has lost its content, and no erasure says so" for gone in missing)
    yield from _head_faults(session, number, previous)


def _head_faults(session: Session, last: int, hashes: set[bytes]) -> Iterator[str]:
    head = audit.head_of(session)
    yield from _gap(last + 1, head.entries)
    if not audit.is_sealed(head):
        yield "The head of the audit trail is not sealed by this installation's key: it was changed, or the key was"
    elif head.entries < last or (head.entries == last and head.hash.encode() not in hashes):
        yield f"The audit trail does not end where its head says, at entry {head.entries}"


def _gap(first: int, last: int) -> Iterator[str]:
    if first == last:
        yield f"Audit entry {first} is missing"
    elif first < last:
        yield f"Audit entries {first} to {last} are missing"


def _seal(row: Row[Any]) -> bytes:
    return audit.content_seal(row.salt, row.before, row.after).encode()


def _rows(session: Session) -> Any:
    """Every entry with its content, as bytes: what cannot be read any more must be named, not stumbled over."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"

    def raw(column: InstrumentedAttribute[Any]) -> Any:
        text = type_coerce(column, Text)
        value = cast(text, LargeBinary) if is_sqlite else func.convert_to(text, "UTF8", type_=LargeBinary)
        return value.label(column.expression.name)

    return (
        select(AuditEntry.id, AuditContent.entry_id, *(raw(column) for column in (*COLUMNS, *SEALS, *CONTENT)))
        .outerjoin(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .order_by(AuditEntry.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
