"""Who has an account, and what each may do where."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime, one_of


class Role(StrEnum):
    """The parties of a cohort; what each may do is the table in ``services/policy.py``."""

    ADMINISTRATOR = "administrator"
    PROJECT_LEADER = "project_leader"
    COLLEGE = "college"
    """A teacher of the college."""
    COLLEGE_ADMINISTRATION = "college_administration"
    PARTICIPANT = "participant"
    SUPERVISOR = "supervisor"
    EMPLOYER = "employer"
    EXAMINATION_BOARD = "examination_board"
    OBSERVER = "observer"
    """Of a programme: its figures, without names."""


class User(Base):
    """Someone with an account, known by their e-mail address (kept in lower case)."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """argon2id; only where the installation allows passwords."""
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the latest invitation went out."""
    first_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person behind it was erased: nobody can sign in with it any more."""


class Grant(Base):
    """A role in a scope: a leader's cohort, a college by its name, a participant's own enrolment, a board's route, an
    observer's programme.

    A supervisor's scope is the placements that name their e-mail address, an employer's the participants who share with it.
    An administrator has no scope; a board without a route judges them all.
    """

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("role != 'project_leader' OR cohort_id IS NOT NULL", name="leader_has_cohort"),
        CheckConstraint("role != 'participant' OR participant_id IS NOT NULL", name="participant_has_enrolment"),
        CheckConstraint(
            "role NOT IN ('college', 'college_administration') OR college IS NOT NULL", name="college_has_name"
        ),
        CheckConstraint("role != 'observer' OR programme_id IS NOT NULL", name="observer_has_programme"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    college: Mapped[str | None] = mapped_column(String(200))
    route_id: Mapped[int | None] = mapped_column(ForeignKey("routes.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormAnswer(Base):
    """The answer a form got, so that the same form sent twice is carried out once."""

    __tablename__ = "form_answers"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuietHours(Base):
    """When somebody wants no news by mail: from one local time to another, over midnight where the first is the later.

    Who has no row has the usual ones (services/quiet_hours.py). What somebody waits for, a link to sign in with, goes always.
    """

    __tablename__ = "quiet_hours"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    from_at: Mapped[time]
    until_at: Mapped[time]
