"""Sets of dates in order, and ISO weeks: counting without walking a calendar."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
"""Where every date is a date, and every time of the day is read."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that a date may be in, of a fact or of a question: one outside them is a slip, and sums of dates could fail."""


@dataclass(frozen=True, slots=True)
class Days:
    """A set of dates, kept as ascending ordinals so that a part of it is found by bisection."""

    ordinals: tuple[int, ...]

    @classmethod
    def between(cls, first: date, last: date) -> Self:
        """All dates from ``first`` to ``last``, both included; none when ``last`` lies before ``first``."""
        return cls(tuple(range(first.toordinal(), last.toordinal() + 1)))

    def __len__(self) -> int:
        return len(self.ordinals)

    def __iter__(self) -> Iterator[date]:
        return map(date.fromordinal, self.ordinals)

    def __contains__(self, day: date) -> bool:
        ordinal = day.toordinal()
        at = bisect_left(self.ordinals, ordinal)
        return at < len(self.ordinals) and self.ordinals[at] == ordinal

    def within(self, first: date, last: date) -> "Days":
        """Those from ``first`` to ``last``, both included."""
        start = bisect_left(self.ordinals, first.toordinal())
        end = bisect_right(self.ordinals, last.toordinal())
        return Days(self.ordinals[start:end])

    def after(self, day: date) -> "Days":
        """Those later than ``day``."""
        return Days(self.ordinals[bisect_right(self.ordinals, day.toordinal()) :])

    def count_within(self, first: date, last: date) -> int:
        """How many lie from ``first`` to ``last``, both included."""
        return max(0, bisect_right(self.ordinals, last.toordinal()) - bisect_left(self.ordinals, first.toordinal()))

    def count_by_week(self) -> dict[date, int]:
        """How many lie in each ISO week, by its Monday; weeks without any are left out."""
        counts: dict[int, int] = {}
        for ordinal in self.ordinals:
            monday = ordinal - (ordinal - 1) % 7
            counts[monday] = counts.get(monday, 0) + 1
        return {date.fromordinal(monday): count for monday, count in counts.items()}

    def without(self, others: Iterable["Days"]) -> "Days":
        """Those that are in none of ``others``."""
        gone = set[int]().union(*(other.ordinals for other in others))
        return Days(tuple(ordinal for ordinal in self.ordinals if ordinal not in gone)) if gone else self


def monday_of(day: date) -> date:
    """The Monday of the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


def week_name(day: date) -> str:
    """The ISO week of ``day``, written ``2026-W24`` (RULES.md section 0)."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def mondays(first: date, last: date) -> tuple[date, ...]:
    """The Mondays of the ISO weeks from that of ``first`` to that of ``last``."""
    start = monday_of(first)
    return tuple(start + timedelta(days=at) for at in range(0, (monday_of(last) - start).days + 1, 7))
