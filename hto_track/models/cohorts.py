"""A cohort and the calendar it keeps."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, one_of
from hto_track.rules.calendar import Region


class Cohort(Base):
    """A group that goes through a programme together."""

    __tablename__ = "cohorts"
    __table_args__ = (CheckConstraint("end_on >= start_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    name: Mapped[str | None] = mapped_column(String(200))
    region: Mapped[Region] = mapped_column(one_of(Region))
    start_on: Mapped[date]
    end_on: Mapped[date]
    location: Mapped[str | None] = mapped_column(String(200))
    min_participants: Mapped[int]
    max_participants: Mapped[int]
    leader_email: Mapped[str | None] = mapped_column(String(254))
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_versions.id"), index=True)
    """What it was laid out from; None when it came from files."""
    open_until: Mapped[date | None]
    """The last date on which anybody may see beforehand what a year in it takes; None when nobody may."""


class SchoolHoliday(Base):
    """A school holiday of a region, both days included."""

    __tablename__ = "school_holidays"
    __table_args__ = (UniqueConstraint("region", "school_year", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_year: Mapped[str] = mapped_column(String(9))
    region: Mapped[Region] = mapped_column(one_of(Region))
    name: Mapped[str] = mapped_column(String(100))
    first_day: Mapped[date]
    last_day: Mapped[date]
