"""Calendar subscriptions: an address of one's own, and what was told there, so that a change is told as one."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, JsonText, UtcDateTime


class CalendarSubscription(Base):
    """That someone reads their agenda, or that of a cohort, in a calendar of their own.

    The address is made from ``nonce`` with the secret key, so that its owner can see it again and nobody else can make it;
    a new nonce makes a new address and ends the old one.
    """

    __tablename__ = "calendar_subscriptions"
    __table_args__ = (
        UniqueConstraint("user_id", "cohort_id"),
        Index(
            "uq_calendar_subscriptions_one_own",
            "user_id",
            unique=True,
            sqlite_where=text("cohort_id IS NULL"),
            postgresql_where=text("cohort_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    """None for the owner's own agenda: all that concerns them."""
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalendarEvent(Base):
    """An event as it was last told at a subscription: its SEQUENCE rises with its content, and what is gone is cancelled."""

    __tablename__ = "calendar_events"
    __table_args__ = (
        UniqueConstraint("subscription_id", "uid"),
        CheckConstraint("sequence >= 0", name="sequence_from_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("calendar_subscriptions.id"))
    uid: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    """What was told, as ``services/agenda.py`` writes it down: other content is another SEQUENCE."""
    sequence: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
