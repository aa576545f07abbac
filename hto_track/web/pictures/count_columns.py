"""The geometry of a chart of people by week, two counts beside each other: by the plan, and likely."""

from collections.abc import Sequence
from dataclasses import dataclass

from hto_track.web.pictures.charts import Frame, Part
from hto_track.web.pictures.charts import _px as pixels
from hto_track.web.pictures.charts import _share as percentage


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOfCounts:
    """Two counts of one week beside each other: by the plan, and likely."""

    planned: Part
    likely: Part
    planned_text: str
    likely_text: str
    planned_x: str
    likely_x: str
    planned_y: str
    likely_y: str
    name: str
    middle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountColumns:
    """Counts of people by week, two a week."""

    id: str
    title: str
    description: str
    height: int
    base_y: str
    name_y: int
    pairs: tuple[PairOfCounts, ...]


COUNTS = Frame(height=128, top=20, bottom=24, share=0.7, corner="2", band_corner="6")


def count_columns(
    weeks: Sequence[tuple[str, int, int]], most: int, *, chart_id: str, title: str, description: str
) -> CountColumns:
    """The chart of ``weeks``: a name, how many by the plan, how many likely; of ``most`` people at most."""
    frame, base = COUNTS, COUNTS.height - COUNTS.bottom
    highest = max([min(4, most), 1, *(count for _name, planned, likely in weeks for count in (planned, likely))])
    scale, width = (base - frame.top) / highest, 100 / max(1, len(weeks))
    bar = width * frame.share / 2

    def part(kind: str, x: float, count: int) -> Part:
        return Part(
            kind=kind,
            x=percentage(x),
            width=percentage(bar * 0.92),
            y=pixels(base - count * scale),
            height=pixels(count * scale),
        )

    def pair(at: int, name: str, planned: int, likely: int) -> PairOfCounts:
        left = at * width + width * (1 - frame.share) / 2
        return PairOfCounts(
            planned=part("planned", left, planned),
            likely=part("likely", left + bar, likely),
            planned_text=str(planned),
            likely_text=str(likely),
            planned_x=percentage(left + bar * 0.46),
            likely_x=percentage(left + bar * 1.46),
            planned_y=pixels(base - planned * scale - 4),
            likely_y=pixels(base - likely * scale - 4),
            name=name,
            middle=percentage(at * width + width / 2),
        )

    return CountColumns(
        id=chart_id,
        title=title,
        description=description,
        height=frame.height,
        base_y=pixels(base + 0.5),
        name_y=base + 18,
        pairs=tuple(pair(at, *week) for at, week in enumerate(weeks)),
    )
