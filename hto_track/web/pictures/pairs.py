"""The geometry of a chart of pairs: for each week a column of how it is, and beside it one of how it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, TOP, BOTTOM = 168, 24, 24
MOST_NAMED = 10
"""Of more weeks, only as many have their name and their numbers in the chart; the table has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairColumn:
    """A column of a pair: ``kind`` before or after, ``said`` the number on top of it, if there is room."""

    kind: str
    x: str
    y: str
    width: str
    height: str
    middle: str
    said: str
    said_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairName:
    """What stands beneath a pair."""

    x: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairChart:
    """Widths are percentages and heights pixels, as text ready for SVG attributes."""

    id: str
    title: str
    description: str
    height: int
    columns: tuple[PairColumn, ...]
    names: tuple[PairName, ...]
    base_y: int
    name_y: int


def pair_chart(pairs: Sequence[tuple[str, int, int]], *, chart_id: str, title: str, description: str) -> PairChart:
    """The chart of ``pairs``: a name, how many before and how many after."""
    tallest = max((max(before, after) for _name, before, after in pairs), default=0) or 1
    width, is_named = 100 / max(1, len(pairs)), len(pairs) <= MOST_NAMED
    every = -(-len(pairs) // MOST_NAMED)
    columns: list[PairColumn] = []
    for at, (_name, before, after) in enumerate(pairs):
        for side, (kind, number) in enumerate((("before", before), ("after", after))):
            left = at * width + width * (0.12 + 0.39 * side)
            columns.append(_column(kind, number, tallest, left, width * 0.37, is_named=is_named))
    return PairChart(
        id=chart_id,
        title=title,
        description=description,
        height=HEIGHT,
        columns=tuple(columns),
        names=tuple(
            PairName(x=f"{(at + 0.5) * width:.2f}", text=name)
            for at, (name, _before, _after) in enumerate(pairs)
            if at % every == 0
        ),
        base_y=HEIGHT - BOTTOM,
        name_y=HEIGHT - 6,
    )


def _column(kind: str, number: int, tallest: int, left: float, width: float, *, is_named: bool) -> PairColumn:
    tall = number / tallest * (HEIGHT - TOP - BOTTOM)
    top = HEIGHT - BOTTOM - tall
    return PairColumn(
        kind=kind,
        x=f"{left:.2f}",
        y=f"{top:.1f}",
        width=f"{width:.2f}",
        height=f"{tall:.1f}",
        middle=f"{left + width / 2:.2f}",
        said=str(number) if is_named else "",
        said_y=f"{top - 6:.1f}",
    )
