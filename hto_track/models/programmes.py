"""A programme: its settings, what it wants learned and what it wants done besides."""

from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, ExactDecimal


class Programme(Base):
    """A scholingstraject and the settings its figures rest on (RULES.md); durations in minutes."""

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    college: Mapped[str | None] = mapped_column(String(200))
    min_attendance: Mapped[Decimal] = mapped_column(ExactDecimal)
    make_up_limit: Mapped[int]
    internship_min_minutes: Mapped[int]
    internship_max_minutes: Mapped[int]
    max_attempts: Mapped[int]
    prep_minutes_per_lesson: Mapped[int]
    advertised_weekly_minutes: Mapped[int]
    thresholds: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    """Only the warning thresholds that differ from the defaults of ``rules.facts.Thresholds``."""


class LearningOutcome(Base):
    """A leeruitkomst of a programme."""

    __tablename__ = "learning_outcomes"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))


class Checkpoint(Base):
    """What a programme wants done besides: start interview, agreement, VOG, school visit."""

    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    due_week: Mapped[int | None]
