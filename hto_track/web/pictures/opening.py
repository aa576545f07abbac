"""Until when a cohort is open for who thinks of joining, and the address to pass on."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from hto_track.formats import (
    day_year,
)
from hto_track.services.beforehand import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPage:
    """Until when a cohort is open, with the address to pass on."""

    cohort_code: str
    title: str
    cohort_name: str
    state: str
    is_open: bool
    open_until: str
    seen: str
    ends: str
    address: str
    key: str


def opening_page(opening: Opening, asked: str | None, key: str) -> OpeningPage:
    """The page to open or close a cohort; ``asked`` is what was filled in, in a form that was refused."""
    stands = opening.open_until
    return OpeningPage(
        cohort_code=opening.code,
        title=_("Open for who thinks of joining"),
        cohort_name=opening.name,
        state=_("Open until %(day)s.", day=day_year(stands))
        if stands
        else _("Not open: nobody without access sees it."),
        is_open=stands is not None,
        open_until=asked if asked is not None else (day_year(stands) if stands else ""),
        seen=stands.isoformat() if stands else "",
        ends=_("At the latest the last day: %(day)s.", day=day_year(opening.end_on)),
        address=url_for("beforehand.cohort", cohort_code=opening.code, _external=True),
        key=key,
    )
