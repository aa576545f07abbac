"""Reading a calendar elsewhere in tests: what an address says, and rows changed under it."""

from typing import Any

from sqlalchemy import select, update

from hto_track.documents.calendar_file import CalendarEntry
from hto_track.extensions import db
from hto_track.models.agenda import CalendarEvent
from hto_track.models.lessons import Lesson
from hto_track.services.calendar_feed import (
    CalendarFeed,
    Subscription,
    read_feed,
)
from hto_track.services.transaction import writing

NETWORK = "192.0.2.0/24"
LESSON_3 = "lesson-3@hto.test"


def read(one: Subscription) -> dict[str, CalendarEntry]:
    """What the address says, by UID."""
    return {entry.uid: entry for entry in feed(one).entries}


def feed(one: Subscription) -> CalendarFeed:
    db.session.rollback()
    return read_feed(token_of(one), NETWORK)


def token_of(one: Subscription) -> str:
    return one.address.rsplit("/", 1)[1].removesuffix(".ics")


def change(which: object, **values: object) -> None:
    with writing() as session:
        session.execute(update(which).values(**values))  # type: ignore[call-overload]


def change_lesson(number: int, **values: object) -> None:
    with writing() as session:
        session.execute(update(Lesson).where(Lesson.number == number).values(**values))


def memory() -> list[tuple[Any, ...]]:
    """All that was told, as it is stored."""
    db.session.rollback()
    columns = (CalendarEvent.uid, CalendarEvent.sequence, CalendarEvent.told_at, CalendarEvent.content)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(CalendarEvent.id))]
