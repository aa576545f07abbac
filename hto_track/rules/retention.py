"""How long what is known of people is kept, and what of it is due to go on a date (docs/privacy.md)."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from hto_track.rules.facts import Enrolment, EnrolmentStatus
from hto_track.rules.span import ENDED, last_day

LONGEST = 100
"""In years: nothing about a person is kept longer by a setting; what is to stay for good has no period."""
NOTICE = timedelta(days=14)
"""How long an announcement stands before it is carried out."""


class DataKind(StrEnum):
    """What is kept for the same time."""

    APPLICATIONS = "applications"
    """People who applied and never took part: then everything that tells who they are."""
    LOGS = "logs"
    """What people wrote: notes, reasons, explanations."""
    AGREEMENTS = "agreements"
    """Who supervised at the school, and who decided on hours."""
    RESULTS = "results"
    """Attendance, results, hours by name: then everything that tells who it was."""
    MAILS = "mails"
    READINGS = "readings"
    """Who looked at whom."""
    SIGN_IN = "sign_in"
    """Old links and sessions, counts of attempts, answers to forms."""


OF_ONE_PERSON = (DataKind.APPLICATIONS, DataKind.LOGS, DataKind.AGREEMENTS, DataKind.RESULTS)
"""Their period begins when the enrolment is over, for each person on another day; the others go by age alone."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time to keep something: a number of years ("y"), months ("m") or days ("d")."""

    number: int
    unit: str

    def __str__(self) -> str:
        """As in the settings: ``2y``."""
        return f"{self.number}{self.unit}"

    def before(self, on: date) -> date:
        """The last date whose data are over this period on ``on``: 2 years before 2026-06-14 is 2024-06-14.

        A date that is not in that month becomes the month's last: a year before 29 February is 28 February.
        """
        if self.unit == "d":
            return on - timedelta(days=self.number)
        months = on.year * 12 + on.month - 1 - self.number * (12 if self.unit == "y" else 1)
        first = date(months // 12, months % 12 + 1, 1)
        following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
        return first.replace(day=min(on.day, (following - timedelta(days=1)).day))


def period_from(text: str) -> Period | None:
    """The period that ``2y``, ``18m`` or ``30d`` says; None for anything else, nothing and more than a hundred years."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})([ymd])", text.strip().lower(), re.ASCII)
    if match is None:
        return None
    number, unit = int(match[1]), match[2]
    return Period(number, unit) if number <= LONGEST * {"y": 1, "m": 12, "d": 365}[unit] else None


def _years(number: int) -> Period:
    return Period(number, "y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """How long each kind is kept; the defaults are those of docs/privacy.md."""

    applications: Period = field(default=_years(1))
    logs: Period = field(default=_years(2))
    agreements: Period = field(default=_years(7))
    results: Period = field(default=_years(10))
    mails: Period = field(default=_years(1))
    readings: Period = field(default=_years(2))
    sign_in: Period = field(default=Period(30, "d"))

    def of(self, kind: DataKind) -> Period:
        """The period of ``kind``."""
        period: Period = getattr(self, kind.value)
        return period


def over_since(enrolment: Enrolment, on: date) -> date | None:
    """The day from which an enrolment is over, as it is known on ``on``; None while it is not.

    An application is over on the cohort's first day, or on the later day of its own status: who did not take part by then
    will not. Any other enrolment is over on its last day (RULES.md section 0).
    """
    if enrolment.status is EnrolmentStatus.APPLIED:
        over = max(enrolment.cohort_start_on, enrolment.status_on or enrolment.cohort_start_on)
    else:
        over = last_day(enrolment, on)
    return over if over <= on else None


def is_due(enrolment: Enrolment, kind: DataKind, periods: Periods, on: date) -> bool:
    """Whether what is of ``kind`` about this one person is to go on ``on``."""
    applied = enrolment.status is EnrolmentStatus.APPLIED
    if applied != (kind is DataKind.APPLICATIONS):
        return False
    over = over_since(enrolment, on)
    return over is not None and over <= periods.of(kind).before(on)


def may_be_erased(enrolment: Enrolment, on: date) -> bool:
    """Whether a person may be erased on ``on``: who takes part may not, or the cohort's books would lose sight of them.

    An application may be erased at any time, a withdrawal or completion from its own day, anyone else after their last day.
    """
    if enrolment.status is EnrolmentStatus.APPLIED:
        return True
    if enrolment.status in ENDED and enrolment.status_on is not None and enrolment.status_on <= on:
        return True
    return last_day(enrolment, on) < on
