"""The closing interview, the checkpoints reached, and the register of diplomas."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime


class FinalAssessment(Base):
    """A closing interview held with a participant."""

    __tablename__ = "final_assessments"
    __table_args__ = (UniqueConstraint("participant_id", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    held_on: Mapped[date]
    passed: Mapped[bool]
    resit_allowed: Mapped[bool]
    assessor: Mapped[str | None] = mapped_column(String(254))


class PlannedFinalAssessment(Base):
    """A closing interview still to be held: its appointment, gone once the outcome is recorded."""

    __tablename__ = "planned_final_assessments"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), unique=True)
    planned_on: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    location: Mapped[str | None] = mapped_column(String(200))
    assessors: Mapped[str | None] = mapped_column(String(500))


class CheckpointRecord(Base):
    """That a checkpoint was reached on a date."""

    __tablename__ = "checkpoint_records"
    __table_args__ = (UniqueConstraint("participant_id", "checkpoint_id", "recorded_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"), index=True)
    recorded_on: Mapped[date]
    recorded_by: Mapped[str | None] = mapped_column(String(254))
    note: Mapped[str | None] = mapped_column(String(500))


class Diploma(Base):
    """An entry in the register: never deleted, revoked with a reason. The issued document is kept as it was issued."""

    __tablename__ = "diplomas"
    __table_args__ = (
        Index(
            "uq_diplomas_one_in_force",
            "participant_id",
            unique=True,
            sqlite_where=text("revoked_on IS NULL"),
            postgresql_where=text("revoked_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    register_number: Mapped[str] = mapped_column(String(32), unique=True)
    holder_name: Mapped[str] = mapped_column(String(250))
    programme_title: Mapped[str] = mapped_column(String(200))
    college: Mapped[str | None] = mapped_column(String(200))
    awarded_on: Mapped[date]
    awarded_by: Mapped[str] = mapped_column(String(254))
    ground: Mapped[str | None] = mapped_column(String(1000))
    """Why it was awarded although not every requirement was met."""
    revoked_on: Mapped[date | None]
    revoked_by: Mapped[str | None] = mapped_column(String(254))
    revoked_reason: Mapped[str | None] = mapped_column(String(1000))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    document_sha256: Mapped[str] = mapped_column(String(64), unique=True)
