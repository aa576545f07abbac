"""Placements at schools and the hours worked there."""

from datetime import date, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, one_of
from hto_track.rules.facts import Activity, EntryState


class SchoolType(StrEnum):
    """The kinds of school that take an internship."""

    VMBO = "vmbo"
    MBO = "mbo"


class Placement(Base):
    """A participant's period at a school under a supervising qualified teacher."""

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("participant_id", "school", "start_on"),
        CheckConstraint("end_on >= start_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    school: Mapped[str] = mapped_column(String(200))
    school_type: Mapped[SchoolType] = mapped_column(one_of(SchoolType))
    supervisor_name: Mapped[str | None] = mapped_column(String(200))
    supervisor_email: Mapped[str | None] = mapped_column(String(254), index=True)
    start_on: Mapped[date]
    end_on: Mapped[date]
    agreed_minutes: Mapped[int | None]


class InternshipEntry(Base):
    """Hours at a placement on one date. With ``starts_at`` and ``ends_at`` or without; ``minutes`` is what counts."""

    __tablename__ = "internship_entries"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_of_a_day"),
        CheckConstraint("break_minutes >= 0", name="break_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    worked_on: Mapped[date]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    break_minutes: Mapped[int]
    minutes: Mapped[int]
    activity: Mapped[Activity] = mapped_column(one_of(Activity))
    state: Mapped[EntryState] = mapped_column(one_of(EntryState))
    submitted_on: Mapped[date]
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(String(254))
    reason: Mapped[str | None] = mapped_column(String(500))
    """Why it was rejected or withdrawn."""
    note: Mapped[str | None] = mapped_column(String(500))
