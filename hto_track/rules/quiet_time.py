"""When a mail may go: outside the quiet hours of its addressee, and news on working days alone.

RULES.md section 6 says what is mailed; this says no more than how long it may wait. Local times are of Amsterdam, through both
clock changes: an hour that is skipped or repeated makes nothing go too early, or never.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from hto_track.rules.calendar import is_public_holiday
from hto_track.rules.days import AMSTERDAM

SATURDAY = 5
FIRST_HOUR = time(8)
"""When the first working day after free days begins."""
HEAD_START = timedelta(hours=3)
"""How long before a lesson somebody has to know of it, to change their way there."""


class Haste(StrEnum):
    """How long a mail may wait."""

    AWAITED = "awaited"
    """Somebody sits waiting for it: a link to sign in with. It goes at once, always."""
    NEWS = "news"
    """It goes on working days, outside quiet hours."""
    DIGEST = "digest"
    """It has a day and an hour of its own, a Sunday evening too: only quiet hours hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """From when until when somebody wants no news, by the clock on the wall; over midnight where the first is the later.

    The same time twice is no quiet hours at all.
    """

    from_at: time
    until_at: time

    def covers(self, at: time) -> bool:
        """Whether the clock stands within them; the first moment does, the last does not."""
        if self.from_at <= self.until_at:
            return self.from_at <= at < self.until_at
        return at >= self.from_at or at < self.until_at


USUAL = Quiet(from_at=time(22), until_at=time(7))
"""Of who set none."""


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday."""
    return day.weekday() < SATURDAY and not is_public_holiday(day)


def may_go(moment: datetime, haste: Haste, quiet: Quiet) -> bool:
    """Whether a mail may go at ``moment``, which has a time zone."""
    return _held_until(moment, haste, quiet) is None


def next_moment(earliest: datetime, haste: Haste, quiet: Quiet) -> datetime:
    """The first moment, not before ``earliest``, at which a mail may go; in UTC."""
    moment = earliest.astimezone(UTC)
    while (later := _held_until(moment, haste, quiet)) is not None:
        moment = later
    return moment


def comes_too_late(moment: datetime, begins: datetime) -> bool:
    """Whether news of ``moment`` that waited as news does would be read too late by who goes to what ``begins`` then."""
    return next_moment(moment, Haste.NEWS, USUAL) > begins - HEAD_START


def _held_until(moment: datetime, haste: Haste, quiet: Quiet) -> datetime | None:
    """A later moment before which it may certainly not go; None when it may."""
    if haste is Haste.AWAITED:
        return None
    local = moment.astimezone(AMSTERDAM)
    if haste is Haste.NEWS:
        if not is_working_day(local.date()):
            return _at(_next_working_day(local.date()), FIRST_HOUR)
        if local.time() < FIRST_HOUR and not is_working_day(local.date() - timedelta(days=1)):
            return _at(local.date(), FIRST_HOUR)
    return _next_reading(moment, quiet.until_at) if quiet.covers(local.time()) else None


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _next_reading(moment: datetime, at: time) -> datetime:
    """The first moment after ``moment`` at which clocks show ``at``; where they skip it, one beside it."""
    today = moment.astimezone(AMSTERDAM).date()
    days = (today, today + timedelta(days=1))
    readings = (_at(day, at.replace(fold=fold)) for day in days for fold in (0, 1))
    return min(reading for reading in readings if reading > moment)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)
