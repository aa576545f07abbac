"""Work handed in, in words: on the page of who handed it in and of who assesses it."""

from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _

from hto_track.formats import NBSP, moment, number
from hto_track.models.assignments import HandInKind
from hto_track.services.hand_in_views import HandInView

KILOBYTE = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInLine:
    """A file to take home, or a link that leads elsewhere."""

    href: str
    name: str
    details: str
    icon: str
    leads_elsewhere: bool


def hand_in_line(view: HandInView) -> HandInLine:
    """What was handed in, and when; of a link where it leads."""
    if view.kind is HandInKind.LINK:
        link = view.link or ""
        return HandInLine(
            href=link,
            name=urlsplit(link).hostname or link,
            details=_("Link, handed in %(moment)s", moment=moment(view.handed_in_at)),
            icon="eye",
            leads_elsewhere=True,
        )
    return HandInLine(
        href=url_for("hand_ins.file", hand_in_id=view.id),
        name=view.file_name or "",
        details=_("%(size)s, handed in %(moment)s", size=file_size(view.size or 0), moment=moment(view.handed_in_at)),
        icon="download",
        leads_elsewhere=False,
    )


def file_size(size: int) -> str:
    """Bytes as ``340 kB`` or ``1,2 MB``."""
    if size < KILOBYTE * KILOBYTE:
        return f"{number(max(Fraction(1), Fraction(size, KILOBYTE)), 0)}{NBSP}kB"
    return f"{number(Fraction(size, KILOBYTE * KILOBYTE), 1)}{NBSP}MB"
