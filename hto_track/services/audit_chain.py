"""Proving the audit trail: every byte of every row must be what was written, none may be missing, none may be added.

What it cannot see: a database put back whole as it was before, and rows written by who holds the secret key. Against those
the end of the trail, which ``hto-track check`` prints, is kept elsewhere and handed back to it later.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, Row, Text, cast, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.services import audit
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.refusals import Refusal, Refused
from hto_track.services.transaction import reading, writing

COLUMNS = (AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
CONTENT = (AuditContent.salt, AuditContent.before, AuditContent.after)
SEALS = (AuditEntry.content_seal, AuditEntry.previous_hash, AuditEntry.hash)
ROWS_AT_ONCE = 1000


SEALING = "seal_audit_trail"
UNSEALED = "The head of the audit trail is not sealed by this installation's key: it was changed, or the key was"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The number and the hash of the last entry: who keeps it knows that far what the trail was."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def end_of_trail() -> End:
    """Where the trail ends, as its head says."""
    head = audit.head_of(reading())
    return End(number=head.entries, hash=head.hash)


def fault_of_end(kept: str) -> str | None:
    """What is wrong with the trail by an end that was kept elsewhere, as ``End`` is printed; None when it still holds it."""
    number, _colon, hash_kept = kept.strip().partition(":")
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    entry = reading().get(AuditEntry, int(number)) if is_number else None
    stands = entry.hash if entry is not None else audit.FIRST_HASH if number == "0" else None
    return None if hash_kept == stands else f"The audit trail does not hold what was kept of it: {kept}"


def seal_anew(actor: Actor) -> None:
    """Seal the trail with the key as it is now, after the key was changed: allowed only when nothing else is wrong with it.

    Refused with what is wrong; that it was sealed anew is an entry.
    """
    require_anywhere(actor, Action.RUN_JOBS)
    with writing() as session:
        wrong = [fault for fault in chain_faults(session) if fault != UNSEALED]
        if wrong:
            raise Refused([Refusal(message=fault) for fault in wrong])
        head = audit.head_of(session)
        head.seal = audit.head_seal(head)
        session.add(head)
        audit.record(session, actor, SEALING, audit.INSTALLATION)


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
        yield UNSEALED
    if head.entries < last or (head.entries == last and head.hash.encode() not in hashes):
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
