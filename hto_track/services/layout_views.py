"""What laying out a cohort asks and shows: plain values, shared by looking at it first and doing it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from fractions import Fraction

from hto_track.rules.calendar import Region, SchoolHoliday
from hto_track.rules.layout import Clash, Layout
from hto_track.rules.template import ExpectedHours, Template
from hto_track.services.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When and where: what the evenings follow from. ``dates`` are those that somebody gave single lessons, by number."""

    start_on: date
    region: Region
    weekday: int
    starts_at: time
    ends_at: time
    location: str = ""
    end_on: date | None = None
    without: frozenset[date] = frozenset()
    dates: Mapping[int, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCohort:
    """What a cohort is called, who leads it, and how many it takes."""

    code: str
    name: str = ""
    leader_email: str = ""
    min_participants: int = 15
    max_participants: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutPreview:
    """A cohort as it would be laid out: nothing of it is stored. ``seen`` is a digest of its dates and what they run into.

    ``refusals`` keep it from being stored. ``holidays`` are the school holidays of the region, for drawing them.
    """

    template: Template
    layout: Layout
    end_on: date
    expected: ExpectedHours
    nominal: Fraction | None
    holidays: tuple[SchoolHoliday, ...]
    seen: str
    refusals: tuple[Refusal, ...]


def as_seen(layout: Layout, end_on: date) -> str:
    """A digest of what a page shows of a layout, by which storing tells that it was looked at as it is."""
    said = [
        (evening.number, evening.on, evening.starts_at, evening.ends_at, _said(evening.clashes))
        for evening in layout.evenings
    ]
    due = [(each.code, each.opens_on, each.due_on, _said(each.clashes)) for each in layout.assignments]
    return hashlib.sha256(repr((said, due, end_on)).encode()).hexdigest()


def _said(clashes: tuple[Clash, ...]) -> list[tuple[str, str]]:
    return [(clash.kind.value, clash.name) for clash in clashes]
