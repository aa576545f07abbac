"""The geometry of charts: minutes in, percentages and pixels out, as text ready for SVG attributes.

Widths are percentages, so that a chart fits every screen while its text keeps its size; heights are pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import pi

Minutes = Fraction | int

SERIES = ("lessons", "assignments", "internship")
"""Preparation is shown with the lessons it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A rectangle of one series."""

    kind: str
    x: str
    width: str
    y: str = "0"
    height: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """What a week will really take: a line from low to high with a dot at what is likely."""

    low_y: str
    likely_y: str
    high_y: str
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One week. ``over`` is the frame around a week above the room, ``actual_y`` where the line of what was done lies, and
    ``plan_y`` that of another plan than the bars are of.
    """

    left: str
    width: str
    middle: str
    parts: tuple[Part, ...]
    over: Part | None
    is_now: bool
    total: str
    total_class: str
    name: str
    name_class: str
    under: str
    actual_y: str | None
    plan_y: str | None
    whisker: Whisker | None
    actual_left: str
    actual_right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekColumns:
    """Stacked bars by week, with the room as a line over them."""

    id: str
    title: str
    description: str
    height: int
    corner: str
    band_corner: str
    columns: tuple[Column, ...]
    room_y: str
    base_y: str
    name_y: int
    under_y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """What a column is drawn from: minutes by series, and the words around it."""

    lessons: Minutes
    assignments: Minutes
    internship: Minutes
    is_now: bool
    is_over: bool
    total: str
    name: str
    under: str
    actual: Minutes | None = None
    plan: Minutes | None = None
    """The same week by another plan than the bars are of."""
    likely: tuple[float, float, float] | None = None
    """What it will really take: low, likely and high."""
    name_class: str = ""

    @property
    def sum(self) -> Fraction:
        """All series together."""
        return Fraction(self.lessons + self.assignments + self.internship)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The measures of a column chart, in pixels; ``share`` of a column's width that its bar takes."""

    height: int
    top: int
    bottom: int
    share: float
    corner: str
    band_corner: str


EIGHT_WEEKS = Frame(height=216, top=42, bottom=40, share=0.58, corner="2.5", band_corner="10")
WHOLE_YEAR = Frame(height=176, top=14, bottom=28, share=0.74, corner="1", band_corner="3")


def week_columns(
    weeks: Sequence[WeekFigures], room: Minutes, frame: Frame, *, chart_id: str, title: str, description: str
) -> WeekColumns:
    """The chart of ``weeks``; its scale leaves air above the highest of bars, lines and room."""
    lines = (Fraction(line or 0) for week in weeks for line in (week.actual, week.plan))
    tallest = max([Fraction(room), *(week.sum for week in weeks), *lines])
    highest = max([float(tallest), *(week.likely[2] for week in weeks if week.likely)])
    scale = (frame.height - frame.top - frame.bottom) / (highest * 1.04 or 1)
    base = frame.height - frame.bottom
    width = 100 / max(1, len(weeks))
    return WeekColumns(
        id=chart_id,
        title=title,
        description=description,
        height=frame.height,
        corner=frame.corner,
        band_corner=frame.band_corner,
        columns=tuple(_column(week, at * width, width, base, scale, frame) for at, week in enumerate(weeks)),
        room_y=_px(base - float(room) * scale),
        base_y=_px(base + 0.5),
        name_y=base + 18,
        under_y=base + 34,
    )


def _column(week: WeekFigures, left: float, width: float, base: int, scale: float, frame: Frame) -> Column:
    margin = width * (1 - frame.share) / 2
    parts, y = [], float(base)
    for kind, minutes in zip(SERIES, (week.lessons, week.assignments, week.internship), strict=True):
        height = float(minutes) * scale
        if height < 0.5:
            continue
        y -= height
        parts.append(
            Part(
                kind=kind,
                x=_share(left + margin),
                width=_share(width * frame.share),
                y=_px(y + 0.5),
                height=_px(max(0.5, height - 1)),
            )
        )
    over = None
    if week.is_over:
        frame_margin = margin * 0.7
        over = Part(
            kind="over",
            x=_share(left + frame_margin),
            width=_share(width - 2 * frame_margin),
            y=_px(y - 2),
            height=_px(base - y + 3),
        )
    return Column(
        left=_share(left),
        width=_share(width),
        middle=_share(left + width / 2),
        parts=tuple(parts),
        over=over,
        is_now=week.is_now,
        total=week.total,
        total_class="t-over" if week.is_over else "t-b",
        name=week.name,
        name_class="t-b" if week.is_now else week.name_class,
        under=week.under,
        actual_y=None if week.actual is None else _px(base - float(week.actual) * scale),
        plan_y=None if week.plan is None else _px(base - float(week.plan) * scale),
        whisker=_whisker(week.likely, left + width / 2, width, base, scale) if week.likely else None,
        actual_left=_share(left + width * 0.06),
        actual_right=_share(left + width * 0.94),
    )


def _whisker(likely: tuple[float, float, float], middle: float, width: float, base: int, scale: float) -> Whisker:
    low_y, likely_y, high_y = (_px(base - minutes * scale) for minutes in likely)
    return Whisker(
        low_y=low_y,
        likely_y=likely_y,
        high_y=high_y,
        left=_share(middle - width * 0.1),
        right=_share(middle + width * 0.1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomBar:
    """This week against the room."""

    label: str
    parts: tuple[Part, ...]
    room_x: str
    room_anchor: str
    room_text: str


def room_bar(figures: Sequence[Minutes], room: Minutes, *, label: str, room_text: str) -> RoomBar:
    """The series of one week end to end, with a mark at the room; the bar is a third longer than the longer of both."""
    whole = float(max(Fraction(room), sum(map(Fraction, figures), Fraction(0)))) * 1.3 or 1
    parts, x = [], 0.0
    for kind, minutes in zip(SERIES, figures, strict=True):
        width = float(minutes) / whole * 100
        if width > 0.6:
            parts.append(Part(kind=kind, x=_share(x), width=_share(width - 0.5)))
        x += width
    at = float(room) / whole * 100
    anchor = "middle" if 25 <= at <= 72 else "end" if at > 72 else "start"
    return RoomBar(label=label, parts=tuple(parts), room_x=_share(at), room_anchor=anchor, room_text=room_text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Hours of the internship around a circle that ends at the maximum; dashes are drawn lengths and gaps."""

    label: str
    confirmed: str | None
    awaiting: str | None
    minimum_angle: str
    total: str
    total_class: str
    aim: str


_CIRCLE = 2 * pi * 52
_ROOMY = 3


def ring(confirmed: int, awaiting: int, minimum: int, maximum: int, *, label: str, total: str, aim: str) -> Ring:
    """The ring of so many minutes confirmed and awaiting; the mark stands at the minimum."""
    whole = max(maximum, minimum, 1)

    def dashes(minutes: int) -> str | None:
        drawn = min(1.0, minutes / whole) * _CIRCLE
        return f"{drawn:.1f} {_CIRCLE:.1f}" if minutes else None

    return Ring(
        label=label,
        confirmed=dashes(confirmed),
        awaiting=dashes(confirmed + awaiting) if awaiting else None,
        minimum_angle=f"{minimum / whole * 360:.1f}",
        total=total,
        total_class="n" if len(total) <= _ROOMY else "n-long",
        aim=aim,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Pieces beside each other."""

    label: str
    parts: tuple[Part, ...]


def segments(kinds: Sequence[str], *, label: str) -> Strip:
    """One equal piece for each of ``kinds``."""
    width = 100 / max(1, len(kinds))
    return Strip(
        label=label,
        parts=tuple(
            Part(kind=kind, x=_share(at * width + 0.5), width=_share(width - 1)) for at, kind in enumerate(kinds)
        ),
    )


def shares(counts: Iterable[tuple[str, int]], *, label: str) -> Strip:
    """Pieces as wide as their count, those of nobody left out."""
    present = [(kind, count) for kind, count in counts if count]
    total = sum(count for _, count in present)
    parts, x = [], 0.0
    for kind, count in present:
        width = count / total * 100
        parts.append(Part(kind=kind, x=_share(x), width=_share(width - 0.6)))
        x += width
    return Strip(label=label, parts=tuple(parts))


def count_bar(kind: str, share: Fraction) -> Part:
    """A bar as long as its share of the whole, 0 to 1."""
    return Part(kind=kind, x="0", width=_share(float(share) * 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A few weeks as small bars: two paths, one of weeks within the room and one of those above it, and the room's height."""

    within: str
    above: str
    room_y: str


_SPARK_HEIGHT, _SPARK_AIR = 34, 2
_BAR, _STEP = 10, 14.5
SPARK_SCALE = Fraction(5, 3)
"""How many times the room fits in a spark's height; higher bars are cut off at the top."""


def spark(weeks: Iterable[tuple[Minutes, bool]], room: Minutes) -> Spark:
    """The spark of ``weeks``: minutes, and whether they are above ``room``."""
    whole = float(room * SPARK_SCALE) or 1.0
    height = _SPARK_HEIGHT - _SPARK_AIR
    paths: dict[bool, list[str]] = {True: [], False: []}
    for at, (minutes, is_above) in enumerate(weeks):
        tall = min(height, float(minutes) / whole * height)
        if tall >= 0.5:
            paths[is_above].append(_bar(at * _STEP, tall))
    return Spark(
        within="".join(paths[False]),
        above="".join(paths[True]),
        room_y=_px(_SPARK_HEIGHT - float(room) / whole * height),
    )


def _bar(x: float, tall: float) -> str:
    """A bar that stands on the ground line, rounded at its top."""
    r = min(1.5, tall)
    side, roof = _px(tall - r), _BAR - 2 * r
    return f"M{x:g} 34v-{side}q0-{r:g} {r:g}-{r:g}h{roof:g}q{r:g} 0 {r:g} {r:g}v{side}z"


def _share(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _px(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
