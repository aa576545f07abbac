"""Who signs in, and what each may do where."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime, one_of


class Role(StrEnum):
    """The parties of a cohort; what each may do is the table in ``services/policy.py``."""

    ADMINISTRATOR = "administrator"
    PROJECT_LEADER = "project_leader"
    COLLEGE = "college"
    PARTICIPANT = "participant"
    SUPERVISOR = "supervisor"
    EXAMINATION_BOARD = "examination_board"


class User(Base):
    """Someone with an account, known by their e-mail address (kept in lower case)."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Grant(Base):
    """A role in a scope: a leader's cohort, a college by its name, a participant's own enrolment.

    A supervisor's scope is the placements that name their e-mail address; administrators and the board have no scope.
    """

    __tablename__ = "grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    college: Mapped[str | None] = mapped_column(String(200))


class FormAnswer(Base):
    """The answer a form got, so that the same form sent twice is carried out once."""

    __tablename__ = "form_answers"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
