"""Two months as a small picture beside the agenda: which days have what."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from hto_track import formats

MONTHS = 2
_WEEKS = Calendar()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A day of the month, empty outside it; ``kinds`` are the classes of what is on it."""

    day: str
    is_today: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A week."""

    number: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month."""

    title: str
    weekdays: tuple[str, ...]
    rows: tuple[Row, ...]


def months_picture(first: date, today: date, kinds: dict[date, tuple[str, ...]]) -> tuple[Month, ...]:
    """The month in which the week from ``first`` ends, and the one after it."""
    begin = (first + timedelta(days=6)).replace(day=1)
    months = []
    for _ in range(MONTHS):
        months.append(_month(begin, today, kinds))
        begin = (begin + timedelta(days=31)).replace(day=1)
    return tuple(months)


def _month(begin: date, today: date, kinds: dict[date, tuple[str, ...]]) -> Month:
    weeks = _WEEKS.monthdatescalendar(begin.year, begin.month)
    return Month(
        title=formats.sentence(formats.month_year(begin)),
        weekdays=tuple(formats.weekday_short(day) for day in weeks[0]),
        rows=tuple(
            Row(
                number=str(week[0].isocalendar().week),
                cells=tuple(
                    Cell(day=str(day.day), is_today=day == today, kinds=kinds.get(day, ()))
                    if day.month == begin.month
                    else Cell(day="")
                    for day in week
                ),
            )
            for week in weeks
        ),
    )
