"""The load as people expect it, plan it and look back on it. What it is on a date is worked out, never stored."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, JsonText, UtcDateTime, one_of


class LoadExpectation(Base):
    """What a participant was told to expect, and said they had room for, when they began; weeks in minutes.

    Stored once, at the intake, so that it can stand beside what came true.
    """

    __tablename__ = "load_expectations"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    stored_on: Mapped[date]
    job_weekly_minutes: Mapped[int]
    release_weekly_minutes: Mapped[int]
    study_weekly_minutes: Mapped[int]
    travel_minutes: Mapped[int]
    weeks: Mapped[dict[str, Any]] = mapped_column(JsonText)
    """The expected study load of each week by its Monday, in minutes: ``{"2026-02-02": 660}``."""


class Verdict(StrEnum):
    """How the load was, said afterwards."""

    LIGHTER = "lighter"
    AS_EXPECTED = "as_expected"
    HEAVIER = "heavier"


class LoadVerdict(Base):
    """What a participant says of the load afterwards; shown beforehand to who comes next, never with a name."""

    __tablename__ = "load_verdicts"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    given_on: Mapped[date]
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict))
    advice: Mapped[str | None] = mapped_column(String(280))
    """One sentence for who comes next."""
    may_be_shown: Mapped[bool]
    """Whether that sentence may stand on the public page."""


class PlannedMove(Base):
    """Work on an assignment that a participant means to do in another week than the programme plans it; in minutes.

    ``from_monday`` loses what ``to_monday`` gains. It changes no figure of the rules: it is the plan that stands beside them.
    """

    __tablename__ = "planned_moves"
    __table_args__ = (
        UniqueConstraint("participant_id", "assignment_id", "from_monday", "to_monday"),
        CheckConstraint("minutes > 0", name="some_minutes"),
        CheckConstraint("from_monday != to_monday", name="another_week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    from_monday: Mapped[date]
    to_monday: Mapped[date]
    minutes: Mapped[int]
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlannedInternshipDay(Base):
    """A school day on which a participant means to do internship hours, and how many minutes."""

    __tablename__ = "planned_internship_days"
    __table_args__ = (
        UniqueConstraint("participant_id", "planned_on"),
        CheckConstraint("minutes > 0", name="some_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    planned_on: Mapped[date]
    minutes: Mapped[int]
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RequestKind(StrEnum):
    """What a participant can ask for to get out of a week that is too full."""

    EXTENSION = "extension"
    RELEASE = "release"


class RequestState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class LoadRequest(Base):
    """What a participant asks for: another due date of an assignment, or hours of release from the job in a week."""

    __tablename__ = "load_requests"
    __table_args__ = (
        CheckConstraint("(kind = 'extension') = (assignment_id IS NOT NULL)", name="extension_of_assignment"),
        CheckConstraint("(kind = 'extension') = (asked_due_on IS NOT NULL)", name="extension_until"),
        CheckConstraint("(kind = 'release') = (monday IS NOT NULL)", name="release_in_week"),
        CheckConstraint("(kind = 'release') = (minutes IS NOT NULL)", name="release_of_minutes"),
        CheckConstraint("(state IN ('granted', 'refused')) = (decided_at IS NOT NULL)", name="decided_when_judged"),
        Index(
            "uq_load_requests_one_extension",
            "participant_id",
            "assignment_id",
            unique=True,
            sqlite_where=text("state = 'asked' AND kind = 'extension'"),
            postgresql_where=text("state = 'asked' AND kind = 'extension'"),
        ),
        Index(
            "uq_load_requests_one_release",
            "participant_id",
            "monday",
            unique=True,
            sqlite_where=text("state = 'asked' AND kind = 'release'"),
            postgresql_where=text("state = 'asked' AND kind = 'release'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(one_of(RequestKind))
    state: Mapped[RequestState] = mapped_column(one_of(RequestState))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    asked_due_on: Mapped[date | None]
    monday: Mapped[date | None]
    minutes: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(500))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    """``Actor.ref`` of who granted or refused it."""
    answer: Mapped[str | None] = mapped_column(String(500))
    """What they wrote to the participant."""
