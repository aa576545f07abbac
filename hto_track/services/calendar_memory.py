"""What was told at a subscription: an event is known by its UID, and its SEQUENCE rises with what is told of it.

What is no longer there is told as cancelled for ninety days. Nothing is written when there is nothing new to tell.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hto_track.models.agenda import CalendarEvent, CalendarSubscription
from hto_track.services.agenda_items import AgendaItem

Content = dict[str, Any]
CANCELLED_FOR = timedelta(days=90)
"""How long it is told that something is no longer there."""
PAST = timedelta(days=180)
"""How far back a feed reaches: what is longer ago leaves it in silence."""
TOLD = (
    "cohort",
    "cohort_name",
    "participant",
    "number",
    "code",
    "minutes",
    "title",
    "location",
    "cancelled",
    "reason",
)
"""What of an item is told beside when it is. Not how work stands, nor who was there: a calendar is no place for it."""
GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as it is told: ``content`` is what ``content_of`` makes of an item, with ``gone`` when it fell away."""

    key: str
    content: Content
    sequence: int
    told_at: datetime

    @property
    def on(self) -> date:
        """The date it is on, or was."""
        return date.fromisoformat(self.content["on"])


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is to be told, and what has to be written for it: the same as ``told`` where it is new, and what is forgotten."""

    told: tuple[Told, ...]
    changed: tuple[Told, ...]
    forgotten: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether all was told before."""
        return not self.changed and not self.forgotten


def content_of(item: AgendaItem) -> Content:
    """What is told of an item, in no language, as plain JSON; what there is nothing of is left out."""
    content: Content = {"kind": item.kind.value, "on": item.on.isoformat(), "is_own": item.is_own}
    if item.starts_at is not None and item.ends_at is not None:
        content |= {"starts_at": item.starts_at.isoformat("minutes"), "ends_at": item.ends_at.isoformat("minutes")}
    if item.moved_from is not None:
        content["moved_from"] = item.moved_from.isoformat()
    return content | {name: value for name in TOLD if (value := getattr(item, name))}


def remembered(session: Session, subscription_id: int) -> dict[str, Told]:
    """What was told, by key."""
    rows = session.scalars(
        select(CalendarEvent)
        .where(CalendarEvent.subscription_id == subscription_id)
        .execution_options(populate_existing=True)
    )
    return {row.uid: Told(key=row.uid, content=row.content, sequence=row.sequence, told_at=row.told_at) for row in rows}


def news(items: Iterable[AgendaItem], before: dict[str, Told], now: datetime, on: date) -> News:
    """What ``items`` are to a subscription that was told ``before``, on the date ``on`` at the moment ``now``."""
    there = {item.key: content_of(item) for item in items if item.on >= on - PAST}
    told: list[Told] = []
    changed: list[Told] = []
    for key, content in there.items():
        known = before.get(key)
        if known is None or known.content != content:
            known = Told(key=key, content=content, sequence=known.sequence + 1 if known else 0, told_at=now)
            changed.append(known)
        told.append(known)
    forgotten: list[str] = []
    for key, known in before.items():
        if key in there:
            continue
        is_gone = known.content.get(GONE, False)
        if known.on < on - PAST or (is_gone and known.told_at + CANCELLED_FOR <= now):
            forgotten.append(key)
            continue
        if not is_gone:
            known = Told(key=key, content=known.content | {GONE: True}, sequence=known.sequence + 1, told_at=now)
            changed.append(known)
        told.append(known)
    in_order = sorted(told, key=lambda one: (one.on, one.content.get("starts_at", "~"), one.key))
    return News(told=tuple(in_order), changed=tuple(changed), forgotten=tuple(forgotten))


def remember(session: Session, subscription_id: int, found: News) -> None:
    """Write down what is new, in the transaction of the caller, which holds the subscription."""
    rows = {
        row.uid: row
        for row in session.scalars(
            select(CalendarEvent).where(
                CalendarEvent.subscription_id == subscription_id,
                CalendarEvent.uid.in_([one.key for one in found.changed]),
            )
        )
    }
    for one in found.changed:
        row = rows.get(one.key)
        if row is None:
            row = CalendarEvent(subscription_id=subscription_id, uid=one.key)
            session.add(row)
        row.content, row.sequence, row.told_at = one.content, one.sequence, one.told_at
    session.execute(
        delete(CalendarEvent).where(
            CalendarEvent.subscription_id == subscription_id, CalendarEvent.uid.in_(found.forgotten)
        )
    )


def forget_calendars(session: Session, user_ids: Collection[int]) -> None:
    """End every subscription of these accounts, with what was told there."""
    own = select(CalendarSubscription.id).where(CalendarSubscription.user_id.in_(user_ids))
    session.execute(delete(CalendarEvent).where(CalendarEvent.subscription_id.in_(own)))
    session.execute(delete(CalendarSubscription).where(CalendarSubscription.user_id.in_(user_ids)))


def forget_own_events(session: Session, user_id: int, participant_code: str) -> None:
    """What was told to an account, which goes on, of an enrolment of its own."""
    rows = session.scalars(
        select(CalendarEvent)
        .join(CalendarSubscription, CalendarSubscription.id == CalendarEvent.subscription_id)
        .where(CalendarSubscription.user_id == user_id)
    )
    for row in rows:
        if row.content["is_own"] and row.content.get("participant") == participant_code:
            session.delete(row)
