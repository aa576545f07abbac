"""Finding what the audit trail keeps of one person, to let go of it."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, false, or_, select
from sqlalchemy.orm import Session

from hto_track.models.base import json_text
from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.services import audit


def these(entry_ids: Collection[int]) -> ColumnElement[bool]:
    """The entries of these ids."""
    return AuditEntry.id.in_(entry_ids)


def entries_about(session: Session, code: str, refs: Collection[str], tell_tales: Collection[str]) -> list[int]:
    """The ids of the entries whose content says something of a person.

    They are about them or about their account, or have one of ``tell_tales`` in them as words of their own. What their account
    did to somebody else is not among them: it says something of that other, and must not go with who did it.
    """
    of_person = or_(audit.about(audit.of_participant(code)), AuditEntry.subject.in_(refs))
    found = set(session.scalars(select(AuditEntry.id).where(of_person)))
    said = or_(false(), *(_says(word) for word in tell_tales))
    for entry_id, *content in session.execute(
        select(AuditContent.entry_id, AuditContent.before, AuditContent.after).where(said)
    ):
        if any(_says_as_words(content, word) for word in tell_tales):
            found.add(entry_id)
    return sorted(found)


def as_words(word: str) -> re.Pattern[str]:
    """``word`` where it stands by itself: "Bo de Wit", and not the first half of "Bo de Witte"."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def entries_holding(session: Session, code: str, names: Collection[str]) -> list[int]:
    """The ids of the entries about a person whose content has a text under one of ``names``."""
    query = (
        select(AuditEntry.id, AuditContent.before, AuditContent.after)
        .join(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .where(audit.about(audit.of_participant(code)))
        .order_by(AuditEntry.id)
    )
    return [entry_id for entry_id, *content in session.execute(query) if any(_under(content, names))]


def _says(word: str) -> ColumnElement[bool]:
    """Whether a content, which is stored as JSON, has ``word`` in it, as it is or in small letters."""
    written = {json.dumps(each, ensure_ascii=False)[1:-1] for each in (word, word.lower())}
    return or_(
        *(
            cast(column, Text).contains(each, autoescape=True)
            for column in (AuditContent.before, AuditContent.after)
            for each in sorted(written)
        )
    )


def _says_as_words(content: Collection[dict[str, Any] | None], word: str) -> bool:
    written = as_words(json.dumps(word, ensure_ascii=False)[1:-1])
    return any(written.search(json_text(part)) for part in content if part is not None)


def _under(content: Any, names: Collection[str]) -> Iterator[bool]:
    match content:
        case dict():
            for key, value in content.items():
                if key in names and isinstance(value, str) and value:
                    yield True
                yield from _under(value, names)
        case list():
            for value in content:
                yield from _under(value, names)
