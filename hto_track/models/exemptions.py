"""Follow-on routes, what was agreed with them, and each participant's exemptions."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, ExactDecimal, one_of
from hto_track.rules.facts import Basis, ExemptionState


class RouteKind(StrEnum):
    """Where a route leads."""

    ASSOCIATE_DEGREE = "associate_degree"
    PDG = "pdg"
    SECOND_DEGREE = "second_degree"
    INSTRUCTOR = "instructor"
    OTHER = "other"


class Route(Base):
    """A vervolgroute. ``credits`` in EC; without them the sum of its modules counts."""

    __tablename__ = "routes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[RouteKind | None] = mapped_column(one_of(RouteKind))
    college: Mapped[str | None] = mapped_column(String(200))
    terms: Mapped[int | None]
    credits: Mapped[Decimal | None] = mapped_column(ExactDecimal)


class RouteModule(Base):
    """A module of a route, in one of its terms (half-years)."""

    __tablename__ = "route_modules"
    __table_args__ = (UniqueConstraint("route_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey("routes.id"))
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    term: Mapped[int]
    credits: Mapped[Decimal] = mapped_column(ExactDecimal)


class Agreement(Base):
    """What a programme and a route agreed on one module."""

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("programme_id", "module_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("route_modules.id"), index=True)
    basis: Mapped[Basis] = mapped_column(one_of(Basis))


class Exemption(Base):
    """What was asked and decided on one module for one participant."""

    __tablename__ = "exemptions"
    __table_args__ = (UniqueConstraint("participant_id", "module_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("route_modules.id"), index=True)
    state: Mapped[ExemptionState] = mapped_column(one_of(ExemptionState))
    requested_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(String(254))
    reason: Mapped[str | None] = mapped_column(String(1000))
