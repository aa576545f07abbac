"""Who looked at whom: kept once an hour for each reader and thing, and shown to the person it is about.

A page that cannot be noted is not shown: the note is a duty, not a courtesy.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.privacy import Reading, Seen
from hto_track.services.policy import Actor
from hto_track.services.transaction import noting, reading

Key = tuple[str, str, Seen, str]
"""A database, a reader, what was seen and of whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """That ``reader`` (as in the audit trail) looked at something in the hour that began at ``hour``."""

    reader: str
    seen: Seen
    hour: datetime
    whole_cohort: bool
    """A page about everyone of the cohort, not about this participant alone."""


class _Noted:
    """What this process noted in the running hour, so that looking again costs no query."""

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._keys: set[Key] = set()
        self._lock = Lock()

    def has(self, hour: datetime, key: Key) -> bool:
        with self._lock:
            return self._hour == hour and key in self._keys

    def add(self, hour: datetime, keys: Collection[Key]) -> None:
        with self._lock:
            if self._hour != hour:
                self._hour = hour
                self._keys.clear()
            self._keys.update(keys)


_noted = _Noted()


def note_reading(actor: Actor, seen: Seen, *, participant_id: int | None = None, cohort_id: int | None = None) -> None:
    """Note that ``actor`` looked at a participant, or at everyone of a cohort (one of the two is given).

    In a transaction of its own: it ends the read transaction, so that it comes after everything was read, and rows loaded
    before are of no use after it. Nothing is noted of the console, nor of participants who look at what is their own.
    """
    if participant_id is None:
        note_cohorts(actor, seen, () if cohort_id is None else (cohort_id,))
    else:
        note_participants(actor, seen, (participant_id,))


def note_participants(actor: Actor, seen: Seen, participant_ids: Collection[int]) -> None:
    """Note that ``actor`` looked at several participants at once, as ``note_reading``."""
    own = {grant.participant_id for grant in actor.grants}
    others = (one for one in participant_ids if one not in own)
    _note(actor, seen, {f"participant/{one}": {"participant_id": one, "cohort_id": None} for one in others})


def note_cohorts(actor: Actor, seen: Seen, cohort_ids: Collection[int]) -> None:
    """Note that ``actor`` looked at everyone of several cohorts at once, as ``note_reading``."""
    _note(actor, seen, {f"cohort/{one}": {"participant_id": None, "cohort_id": one} for one in cohort_ids})


def looks_at(session: Session, participant_id: int, cohort_id: int) -> tuple[Look, ...]:
    """Who looked at a participant of a cohort, or at the whole cohort with them in it; latest first."""
    rows = session.execute(
        select(Reading.reader, Reading.seen, Reading.hour, Reading.cohort_id)
        .where(or_(Reading.participant_id == participant_id, Reading.cohort_id == cohort_id))
        .order_by(Reading.hour.desc(), Reading.id.desc())
    )
    return tuple(
        Look(reader=row.reader, seen=row.seen, hour=row.hour, whole_cohort=row.cohort_id is not None) for row in rows
    )


def _note(actor: Actor, seen: Seen, subjects: dict[str, dict[str, int | None]]) -> None:
    if actor.is_console:
        return
    hour, database = clock.now().replace(minute=0, second=0, microsecond=0), str(reading().get_bind().engine.url)
    new = {key: of for key, of in subjects.items() if not _noted.has(hour, (database, actor.ref, seen, key))}
    if not new:
        return
    with noting() as session:
        insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        looks = [{"reader": actor.ref, "seen": seen, "subject_key": key, "hour": hour, **of} for key, of in new.items()]
        session.execute(insert(Reading).values(looks).on_conflict_do_nothing())
    _noted.add(hour, [(database, actor.ref, seen, key) for key in new])
