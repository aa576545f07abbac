"""Whether a scheduler is at work: it says so at most once a minute, and whoever looks sees when it last did.

No judgement rests on it, so it leaves the revision as it is: what was worked out before stays fresh.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from hto_track.models.ledger import SchedulerPulse
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.transaction import noting, reading

THE_ROW = 1
BEAT = timedelta(minutes=1)
ALIVE = timedelta(minutes=3)
"""As long as a pulse tells that a scheduler is at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """When a scheduler last was at work (None: never), and whether one is at the moment it was asked for."""

    seen_at: datetime | None
    is_alive: bool


def note_pulse(actor: Actor, now: datetime) -> None:
    """A scheduler is at work at ``now``. Written where nothing was in the last minute, or the clock was set back."""
    require_anywhere(actor, Action.RUN_JOBS)
    seen_at = reading().scalars(select(SchedulerPulse.seen_at)).one_or_none()
    if seen_at is not None and now - BEAT < seen_at <= now:
        return
    with noting() as session:
        insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(
            insert(SchedulerPulse)
            .values(id=THE_ROW, seen_at=now)
            .on_conflict_do_update(
                index_elements=["id"],
                set_={"seen_at": now},
                where=or_(SchedulerPulse.seen_at <= now - BEAT, SchedulerPulse.seen_at > now),
            )
        )


def scheduler_pulse(actor: Actor, now: datetime) -> Pulse:
    """Whether a scheduler is at work at ``now``; one whose clock runs a little ahead counts. Forbidden."""
    require_anywhere(actor, Action.VIEW_JOBS)
    seen_at = reading().scalars(select(SchedulerPulse.seen_at)).one_or_none()
    return Pulse(seen_at=seen_at, is_alive=seen_at is not None and now - ALIVE < seen_at <= now + BEAT)
