"""Programme templates: what a cohort is laid out from, in versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, JsonText, UtcDateTime


class ProgrammeTemplate(Base):
    """A trajectsjabloon: a programme as it is given time and again."""

    __tablename__ = "programme_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    college: Mapped[str | None] = mapped_column(String(200))


class TemplateVersion(Base):
    """A version of a template: a draft until it is published, and from then on never changed.

    ``content`` is a whole ``rules.template.Template`` as plain JSON: a version is read, compared and published in one piece.
    """

    __tablename__ = "template_versions"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("programme_templates.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    note: Mapped[str | None] = mapped_column(String(500))
    """What changed since the version before."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"), index=True)
    """The programme whose requirements are those of this version; None until a cohort is laid out from it."""
