"""Who saw what of whom, with whom someone shares, and what is to be forgotten when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime, one_of
from hto_track.rules.retention import DataKind


class Seen(StrEnum):
    """What was looked at."""

    COHORT = "cohort"
    TRAJECT = "traject"
    HOURS = "hours"
    ATTENDANCE = "attendance"
    ASSIGNMENTS = "assignments"
    DIPLOMA = "diploma"
    EXEMPTIONS = "exemptions"
    HISTORY = "history"
    SHARED_LOAD = "shared_load"
    FILES = "files"
    """Taken out as a workbook or a document."""


class Reading(Base):
    """That somebody looked at a participant, or at everyone of a cohort, within an hour: once an hour for each thing."""

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("reader", "seen", "subject_key", "hour"),
        CheckConstraint("(participant_id IS NULL) != (cohort_id IS NULL)", name="of_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reader: Mapped[str] = mapped_column(String(64))
    """As in the audit trail: ``user/7``, ``supervisor/12/3f9a…`` (of that placement), ``console``."""
    seen: Mapped[Seen] = mapped_column(one_of(Seen))
    subject_key: Mapped[str] = mapped_column(String(32))
    """``participant/7`` or ``cohort/2``: one column to be unique by, for NULL is like nothing."""
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class EmployerShare(Base):
    """That a participant shares their load with an employer, known by an e-mail address (kept in lower case)."""

    __tablename__ = "employer_shares"
    __table_args__ = (
        Index(
            "uq_employer_shares_one_in_force",
            "participant_id",
            "email",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RetentionNotice(Base):
    """That data of a kind will go: announced first, carried out on ``due_on`` or later."""

    __tablename__ = "retention_notices"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DataKind] = mapped_column(one_of(DataKind))
    subject: Mapped[str] = mapped_column(String(64))
    """A participant's code, or "" for what belongs to nobody in particular."""
    announced_on: Mapped[date]
    due_on: Mapped[date]
    held_on: Mapped[date | None]
    """An administrator keeps it for now."""
    held_reason: Mapped[str | None] = mapped_column(String(500))
    carried_out_on: Mapped[date | None]
