"""The geometry of looking back: where the middle half lies beside an estimate, and months as planned and as spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hto_track.web.pictures.charts import SERIES, Part

LABELS_TAKE = 13
"""So many percent of the width of the ranges."""
ROW, BAR, AXIS = 30, 14, 24
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
MOST_TICKS = 7
HEIGHT, TOP, BOTTOM = 190, 10, 24
MINUTES = 60
BAR_SHARE, GAP_SHARE = 0.34, 0.03
"""Of the width of a month: one column, and half of what is between the two."""
HALF_A_PIXEL = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRow:
    """One row: a bar over the middle half with a line at the median, and a mark at what was told. No bar of too few."""

    label: str
    label_y: int
    bar_y: int
    x: str
    width: str
    median_x: str
    mark_x: str
    mark_top: int
    mark_bottom: int
    has_bar: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeTick:
    """A number of hours under the rows."""

    x: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The middle half of several things, on one scale."""

    id: str
    title: str
    description: str
    height: int
    base_y: int
    axis_y: int
    bar_height: int
    rows: tuple[RangeRow, ...]
    ticks: tuple[RangeTick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeFigures:
    """What a row is drawn from, in minutes; ``middle`` is low, median, high."""

    label: str
    told: Fraction
    middle: tuple[Fraction, Fraction, Fraction] | None


def ranges(figures: Sequence[RangeFigures], *, chart_id: str, title: str, description: str) -> Ranges:
    """The chart of ``figures``, from 0 to beyond the highest of them."""
    tops = (each.middle[2] if each.middle else each.told for each in figures)
    highest = float(max((Fraction(MINUTES), *tops, *(each.told for each in figures))))
    step = next((step for step in STEPS if highest / MINUTES / step <= MOST_TICKS), STEPS[-1])
    per_minute = (98 - LABELS_TAKE) / highest
    base = len(figures) * ROW + 4
    return Ranges(
        id=chart_id,
        title=title,
        description=description,
        height=base + AXIS,
        base_y=base,
        axis_y=base + AXIS - 6,
        bar_height=BAR,
        rows=tuple(_row(at, each, per_minute) for at, each in enumerate(figures)),
        ticks=tuple(
            RangeTick(x=_x(hours * MINUTES, per_minute), text=str(hours))
            for hours in range(0, int(highest / MINUTES) + 1, step)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastColumn:
    """A month: what was planned as a frame, what was spent beside it in its parts; neither of too few."""

    planned: Part | None
    spent: tuple[Part, ...]
    middle: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastColumns:
    """Months beside each other, hours a week, with a line at what was told beforehand."""

    id: str
    title: str
    description: str
    height: int
    base_y: str
    told_y: str
    name_y: int
    columns: tuple[PastColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFigures:
    """What a month is drawn from, in minutes a week: planned in all, and spent by series; None of too few."""

    name: str
    planned: Fraction | None
    spent: tuple[Fraction, Fraction, Fraction] | None


def past_columns(
    months: Sequence[PastFigures], told: int, *, chart_id: str, title: str, description: str
) -> PastColumns:
    """The chart of ``months``."""
    totals = [sum(month.spent, Fraction(0)) for month in months if month.spent]
    planned = [month.planned for month in months if month.planned]
    scale = (HEIGHT - TOP - BOTTOM) / float(max([Fraction(told), Fraction(1), *totals, *planned]))
    base, width = HEIGHT - BOTTOM, 100 / max(1, len(months))
    return PastColumns(
        id=chart_id,
        title=title,
        description=description,
        height=HEIGHT,
        base_y=f"{base + 0.5:.1f}",
        told_y=f"{base - told * scale:.1f}",
        name_y=base + 17,
        columns=tuple(_column(month, at * width, width, base, scale) for at, month in enumerate(months)),
    )


def _x(minutes: Fraction | int, per_minute: float) -> str:
    return f"{LABELS_TAKE + float(minutes) * per_minute:.2f}"


def _row(at: int, each: RangeFigures, per_minute: float) -> RangeRow:
    low, median, high = each.middle or (Fraction(0), Fraction(0), Fraction(0))
    top = at * ROW + 6
    return RangeRow(
        label=each.label,
        label_y=top + BAR - 2,
        bar_y=top,
        x=_x(low, per_minute),
        width=f"{max(0.6, float(high - low) * per_minute):.2f}",
        median_x=_x(median, per_minute),
        mark_x=_x(each.told, per_minute),
        mark_top=top - 4,
        mark_bottom=top + BAR + 4,
        has_bar=each.middle is not None,
    )


def _column(month: PastFigures, left: float, width: float, base: int, scale: float) -> PastColumn:
    bar = width * BAR_SHARE
    parts, y = [], float(base)
    for kind, minutes in zip(SERIES, month.spent or (), strict=False):
        height = float(minutes) * scale
        if height >= HALF_A_PIXEL:
            y -= height
            x = f"{left + width / 2 + width * GAP_SHARE:.2f}"
            parts.append(
                Part(kind=kind, x=x, width=f"{bar:.2f}", y=f"{y + 0.5:.1f}", height=f"{max(0.5, height - 1):.1f}")
            )
    tall = float(month.planned or 0) * scale
    planned = Part(
        kind="planned",
        x=f"{left + width / 2 - bar - width * GAP_SHARE:.2f}",
        width=f"{bar:.2f}",
        y=f"{base - tall:.1f}",
        height=f"{tall:.1f}",
    )
    return PastColumn(
        planned=planned if month.planned else None,
        spent=tuple(parts),
        middle=f"{left + width / 2:.2f}",
        name=month.name,
    )
