"""A year as people know it: a little calendar for each month, with what each date is drawn into it.

Geometry alone: a month is a drawing of 7 columns and as many rows as it has weeks, Monday first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hto_track import formats

CELL, HEAD, GAP = 24, 22, 1
COLUMNS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMark:
    """What a date is: the class of its ground, and of what is drawn over it, both possibly empty."""

    ground: str = ""
    over: str = ""
    has_dot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """A date of a month with where it stands."""

    number: str
    x: int
    y: int
    text_x: int
    text_y: int
    dot_x: int
    dot_y: int
    mark: DayMark
    text_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCalendar:
    """A month; ``label`` says in words what the drawing shows."""

    name: str
    label: str
    view_box: str
    days: tuple[DayCell, ...]


def months_between(
    first: date, last: date, mark_of: Callable[[date], DayMark], label_of: Callable[[date], str]
) -> tuple[MonthCalendar, ...]:
    """The months from that of ``first`` to that of ``last``; ``label_of`` is asked with the first day of each."""
    return tuple(_month(start, mark_of, label_of(start)) for start in _starts(first, last))


def _starts(first: date, last: date) -> Iterator[date]:
    start = first.replace(day=1)
    while start <= last:
        yield start
        start = (start + timedelta(days=31)).replace(day=1)


def _month(start: date, mark_of: Callable[[date], DayMark], label: str) -> MonthCalendar:
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    rows = (start.weekday() + end.day - 1) // COLUMNS + 1
    return MonthCalendar(
        name=formats.sentence(formats.month_year(start)),
        label=label,
        view_box=f"0 0 {COLUMNS * CELL} {HEAD + rows * CELL}",
        days=tuple(_day(start + timedelta(days=at), start, mark_of) for at in range(end.day)),
    )


def _day(on: date, start: date, mark_of: Callable[[date], DayMark]) -> DayCell:
    row, column = divmod(start.weekday() + on.day - 1, COLUMNS)
    mark = mark_of(on)
    x, y = column * CELL + GAP, HEAD + row * CELL + GAP
    return DayCell(
        number=str(on.day),
        x=x,
        y=y,
        text_x=x + CELL // 2 - GAP,
        text_y=y + CELL // 2 + 3,
        dot_x=x + CELL - 6,
        dot_y=y + 4,
        mark=mark,
        text_class=f"t-{mark.ground}" if mark.ground else "t-day",
    )
