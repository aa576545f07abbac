"""When jobs are due: local times in Amsterdam, one slot a date, none in the hour that a clock change skips or repeats."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hto_track.rules.days import AMSTERDAM

SKIPPED_OR_REPEATED = (time(2), time(3))
SUNDAY, MONDAY = 6, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A local time on every day, or on one weekday (Monday is 0).

    What was missed while no scheduler ran is caught up with for the latest slot alone, and not when that slot is older
    than ``lasts`` (None: however old).
    """

    at: time
    weekday: int | None = None
    lasts: timedelta | None = None

    def __post_init__(self) -> None:
        """ValueError for a time that a clock change may skip or repeat."""
        first, last = SKIPPED_OR_REPEATED
        if first <= self.at < last:
            raise ValueError("no job between 02:00 and 03:00: a clock change skips or repeats that hour")

    def due(self, now: datetime) -> date | None:
        """The date of the slot that is due at the moment ``now``; None when the latest one is too old."""
        local = now.astimezone(AMSTERDAM)
        slot = self.latest(local.date() if local.time() >= self.at else local.date() - timedelta(days=1))
        if self.lasts is not None and now - self.moment(slot) > self.lasts:
            return None
        return slot

    def latest(self, day: date) -> date:
        """The date of the last slot on or before ``day``."""
        return day if self.weekday is None else day - timedelta(days=(day.weekday() - self.weekday) % 7)

    def next(self, now: datetime) -> datetime:
        """The moment of the first slot after ``now``."""
        local = now.astimezone(AMSTERDAM)
        day = local.date() if local.time() < self.at else local.date() + timedelta(days=1)
        if self.weekday is not None:
            day += timedelta(days=(self.weekday - day.weekday()) % 7)
        return self.moment(day)

    def moment(self, slot: date) -> datetime:
        """The moment of the slot of a date."""
        return datetime.combine(slot, self.at, AMSTERDAM)
