"""School days and school holidays (RULES.md section 0)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from hto_track.rules.days import Days


class Region(StrEnum):
    """The three regions that spread the Dutch school holidays."""

    NOORD = "noord"
    MIDDEN = "midden"
    ZUID = "zuid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolHoliday:
    """A school holiday of one region, both days included; only where it is told to people does it need its name."""

    first_day: date
    last_day: date
    name: str = ""


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The Dutch public holidays of a year; 5 May only in years divisible by 5."""
    return frozenset(holidays.country_holidays("NL", years=year))


@lru_cache(maxsize=256)
def _names_of_public_holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("NL", years=year, language="en_US"))


def public_holiday_names(day: date) -> tuple[str, ...]:
    """What ``day`` is called as a public holiday, in English: nothing for any other day, two names where two fall together."""
    name = _names_of_public_holidays(day.year).get(day)
    return tuple(name.split("; ")) if name else ()


def is_public_holiday(day: date) -> bool:
    """Whether ``day`` is a Dutch public holiday."""
    return day in public_holidays(day.year)


@dataclass(frozen=True)
class SchoolCalendar:
    """The school holidays of one region, as far as they are known."""

    school_holidays: frozenset[date]
    known_until: date | None
    """The last day of the latest holiday known, None when none is: a question past it is answered without holidays."""

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, school_holidays: tuple[SchoolHoliday, ...]) -> "SchoolCalendar":
        """The calendar that these holidays of one region make."""
        return cls(
            frozenset(day for holiday in school_holidays for day in Days.between(holiday.first_day, holiday.last_day)),
            max((holiday.last_day for holiday in school_holidays), default=None),
        )

    def reaches_past(self, day: date) -> bool:
        """Whether a question about ``day`` reaches past the school holidays that are known, and so has to say so."""
        return self.known_until is None or day > self.known_until

    def is_school_day(self, day: date) -> bool:
        """Monday to Friday, no public holiday, not in a school holiday of the region."""
        return day.weekday() < 5 and day not in self.school_holidays and not is_public_holiday(day)

    def school_days(self, days: Days) -> Days:
        """Those of ``days`` that are school days."""
        return Days(tuple(day.toordinal() for day in days if self.is_school_day(day)))

    def outside_holidays(self, days: Days) -> Days:
        """Those of ``days`` that lie in no school holiday; weekends and public holidays stay."""
        return Days(tuple(day.toordinal() for day in days if day not in self.school_holidays))

    def nth_school_day_after(self, day: date, count: int, besides: Days) -> date:
        """The ``count``-th school day after ``day`` that is not in ``besides``; ``count`` is 1 or more."""
        skipped = frozenset(besides)
        found = 0
        while found < count:
            day += timedelta(days=1)
            found += self.is_school_day(day) and day not in skipped
        return day
