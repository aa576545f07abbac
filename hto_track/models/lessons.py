"""Lessons and who was there."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
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
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    """What everybody is told of why it is cancelled; nothing while it is not."""


class LessonChange(Base):
    """When a lesson was before it was added, moved, cancelled or put back: its history, and what its people are told of.

    Without ``was_on`` and its times it was not there yet.
    """

    __tablename__ = "lesson_changes"
    __table_args__ = (
        Index("ix_lesson_changes_untold", "told_at", "changed_at"),
        CheckConstraint(
            "(was_on IS NULL) = (was_starts_at IS NULL) AND (was_on IS NULL) = (was_ends_at IS NULL)",
            name="was_at_all_or_not",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(64))
    """``Actor.ref`` of who changed it, who need not be told."""
    was_on: Mapped[date | None]
    was_starts_at: Mapped[time | None]
    was_ends_at: Mapped[time | None]
    was_cancelled: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(500))
    """Why it was changed, as everybody is told."""
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When whoever it touches was told; until then one mail gathers what changed."""


class Attendance(Base):
    """The mark of one participant at one lesson."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("participant_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    mark: Mapped[Mark] = mapped_column(one_of(Mark))
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the participant said beforehand that they would not come; they are never asked why."""


class MakeUp(Base):
    """How a missed lesson was made up: when, and where if at another lesson, which serves a participant once.

    That it counts is the mark of the missed lesson alone.
    """

    __tablename__ = "make_ups"
    __table_args__ = (
        UniqueConstraint("participant_id", "lesson_id"),
        UniqueConstraint("participant_id", "at_lesson_id"),
        CheckConstraint("at_lesson_id IS NULL OR at_lesson_id != lesson_id", name="at_another_lesson"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    """The lesson that was missed."""
    made_up_on: Mapped[date]
    at_lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id"), index=True)
    """The lesson of this or another cohort where it was made up; None for a task, online, or alone with the teacher."""
