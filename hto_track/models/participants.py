"""The people of a cohort, and what is agreed with one of them alone."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, one_of
from hto_track.rules.facts import EnrolmentStatus


class Participant(Base):
    """A person's enrolment in a cohort. Week figures and travel in minutes."""

    __tablename__ = "participants"
    __table_args__ = (CheckConstraint("release_weekly_minutes <= job_weekly_minutes", name="release_within_job"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    given_name: Mapped[str] = mapped_column(String(100))
    name_prefix: Mapped[str | None] = mapped_column(String(40))
    family_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    employer: Mapped[str | None] = mapped_column(String(200))
    fund: Mapped[str | None] = mapped_column(String(100))
    sector: Mapped[str | None] = mapped_column(String(100))
    job_weekly_minutes: Mapped[int]
    release_weekly_minutes: Mapped[int]
    study_weekly_minutes: Mapped[int | None]
    travel_minutes: Mapped[int]
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]
    prior_education: Mapped[str | None] = mapped_column(String(100))
    in_education: Mapped[bool]
    source_channel: Mapped[str | None] = mapped_column(String(100))
    status: Mapped[EnrolmentStatus] = mapped_column(one_of(EnrolmentStatus))
    status_on: Mapped[date | None]
    erased_on: Mapped[date | None]
    """When everything that tells who this is was removed; the figures stay."""
    evaluated_on: Mapped[date | None]
    """The date of the last evaluation of warnings; an evaluation on or before it changes nothing."""

    @property
    def name(self) -> str:
        """Given name, prefix and family name, as spoken."""
        return " ".join(part for part in (self.given_name, self.name_prefix, self.family_name) if part)


class Pause(Base):
    """Dates on which a participant does nothing, both included.

    The reason never says more than the participant wrote.
    """

    __tablename__ = "pauses"
    __table_args__ = (
        UniqueConstraint("participant_id", "start_on"),
        CheckConstraint("end_on >= start_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    start_on: Mapped[date]
    end_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(String(500))
