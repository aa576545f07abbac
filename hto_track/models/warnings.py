"""Warnings: one per participant and code while it stands, and what happened to it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime, one_of
from hto_track.rules.warnings import Level, WarningCode


class WarningEventKind(StrEnum):
    """What an evaluation can do to a warning (RULES.md section 6)."""

    OPENED = "opened"
    ESCALATED = "escalated"
    EASED = "eased"
    CLOSED = "closed"


class Warning(Base):
    """A warning as its last evaluation left it.

    ``misses`` and ``red_misses`` count evaluations in a row, see the rule.
    """

    __tablename__ = "warnings"
    __table_args__ = (
        Index(
            "uq_warnings_one_open",
            "participant_id",
            "code",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    code: Mapped[WarningCode] = mapped_column(one_of(WarningCode))
    level: Mapped[Level] = mapped_column(one_of(Level))
    opened_on: Mapped[date]
    escalated_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    misses: Mapped[int]
    red_misses: Mapped[int]
    snoozed_until: Mapped[date | None]
    snooze_note: Mapped[str | None] = mapped_column(String(500))


class WarningEvent(Base):
    """Something an evaluation did to a warning, with the figures it rested on."""

    __tablename__ = "warning_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    warning_id: Mapped[int] = mapped_column(ForeignKey("warnings.id"), index=True)
    kind: Mapped[WarningEventKind] = mapped_column(one_of(WarningEventKind))
    on: Mapped[date] = mapped_column("happened_on")
    level: Mapped[Level] = mapped_column(one_of(Level))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class AnswerKind(StrEnum):
    """What a participant says to a warning about them."""

    SEEN = "seen"
    PLANNED = "planned"
    CALL_ME = "call_me"


class WarningAnswer(Base):
    """What a participant answered to a warning. It closes nothing: whoever guides them sees it beside the figures."""

    __tablename__ = "warning_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    warning_id: Mapped[int] = mapped_column(ForeignKey("warnings.id"), index=True)
    kind: Mapped[AnswerKind] = mapped_column(one_of(AnswerKind))
    note: Mapped[str | None] = mapped_column(String(500))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
