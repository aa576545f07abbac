"""Assignments, what is handed in for them, and what is judged."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, one_of
from hto_track.rules.facts import AttemptOutcome


class Assignment(Base):
    """An assignment of a cohort; every participant's. ``estimated_minutes`` is what it should take."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("cohort_id", "code"),
        CheckConstraint("due_on >= opens_on", name="due_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    opens_on: Mapped[date]
    due_on: Mapped[date]
    estimated_minutes: Mapped[int]
    mandatory: Mapped[bool]


class AssignmentOutcome(Base):
    """That an assignment bears a learning outcome."""

    __tablename__ = "assignment_outcomes"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    learning_outcome_id: Mapped[int] = mapped_column(ForeignKey("learning_outcomes.id"), primary_key=True)


class Attempt(Base):
    """What a participant handed in for an assignment; number 0 is an exemption from it."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("participant_id", "assignment_id", "number"),
        CheckConstraint("(assessed_on IS NULL) = (outcome IS NULL)", name="outcome_with_date"),
        CheckConstraint("(number = 0) = (outcome IS NOT NULL AND outcome = 'exempt')", name="exempt_is_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    number: Mapped[int]
    submitted_on: Mapped[date]
    assessed_on: Mapped[date | None]
    outcome: Mapped[AttemptOutcome | None] = mapped_column(one_of(AttemptOutcome))
    resit_due_on: Mapped[date | None]
    assessor: Mapped[str | None] = mapped_column(String(254))


class Extension(Base):
    """A due date of one participant's own."""

    __tablename__ = "extensions"
    __table_args__ = (UniqueConstraint("participant_id", "assignment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    due_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(String(500))


class StudyLogRow(Base):
    """Time a participant spent on their own study, on an assignment or on none."""

    __tablename__ = "study_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    logged_on: Mapped[date]
    minutes: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(500))
