"""Lessons and who was there."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime, one_of
from hto_track.rules.facts import Mark


class LessonState(StrEnum):
    """As the college keeps it; rules ask only whether a lesson is cancelled (RULES.md section 1)."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Lesson(Base):
    """A lesson of a cohort; it keeps its number when it moves."""

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("cohort_id", "number"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    number: Mapped[int]
    held_on: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    title: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[LessonState] = mapped_column(one_of(LessonState))


class LessonMove(Base):
    """A date that a lesson was moved from."""

    __tablename__ = "lesson_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    from_date: Mapped[date]
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attendance(Base):
    """The mark of one participant at one lesson."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("participant_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    mark: Mapped[Mark] = mapped_column(one_of(Mark))
