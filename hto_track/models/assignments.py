"""Assignments, what is handed in for them, and what is judged."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime, one_of
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
    criteria: Mapped[str | None] = mapped_column(Text)
    """What exactly is expected, in plain text: shown to participants from the first day."""
    opens_with_lesson: Mapped[int | None]
    due_with_lesson: Mapped[int | None]
    """The numbers of the lessons that its dates were laid out by: when one moves, moving the date is offered."""


class DueDateChange(Base):
    """When an assignment was open and due before those dates were moved for its whole cohort, and whether its people know."""

    __tablename__ = "due_date_changes"
    __table_args__ = (Index("ix_due_date_changes_untold", "told_at", "changed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(64))
    """``Actor.ref`` of who moved them, who need not be told."""
    was_opens_on: Mapped[date]
    was_due_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(String(500))
    """Why, as everybody is told."""
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the participants were told; until then one mail gathers what changed."""


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
    feedback: Mapped[str | None] = mapped_column(String(4000))
    """What the assessor wrote to the participant; of attempt 0, why they are exempt. Shown once there is an outcome."""
    untold_since: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When it was assessed here, until the mail of the day tells the participant so; nothing of what was imported."""


class HandInKind(StrEnum):
    """How work is handed in."""

    FILE = "file"
    LINK = "link"


class HandIn(Base):
    """Work handed in for an attempt: a file or a link. A later one for the same attempt takes its place, both are kept."""

    __tablename__ = "hand_ins"
    __table_args__ = (
        CheckConstraint("(kind = 'link') = (link IS NOT NULL)", name="link_given"),
        CheckConstraint("(kind = 'file') = (content_sha256 IS NOT NULL)", name="file_given"),
        CheckConstraint("(content_sha256 IS NULL) = (file_name IS NULL)", name="file_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[HandInKind] = mapped_column(one_of(HandInKind))
    link: Mapped[str | None] = mapped_column(String(2000))
    file_name: Mapped[str | None] = mapped_column(String(200))
    content_sha256: Mapped[str | None] = mapped_column(ForeignKey("file_contents.sha256"), index=True)


class FileContent(Base):
    """The bytes of a file by their hash: the same file is kept once, and gone with the last that names it."""

    __tablename__ = "file_contents"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


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
