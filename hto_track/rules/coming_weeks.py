"""The weeks that come, for who looks ahead: the next one, and the heaviest (RULES.md section 5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from hto_track.rules.days import monday_of
from hto_track.rules.load import Load, Week

WEEKS_AHEAD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingWeeks:
    """The week after this one, None where nothing is left; and the first of the heaviest of eight, None where all are empty."""

    next_week: Week | None
    heaviest: Week | None


def coming_weeks(load: Load, on: date) -> ComingWeeks:
    """What comes after the week of ``on``."""
    first = monday_of(on) + timedelta(weeks=1)
    last = first + timedelta(weeks=WEEKS_AHEAD - 1)
    ahead = [week for week in load.weeks if first <= week.monday <= last]
    filled = [week for week in ahead if week.study]
    return ComingWeeks(
        next_week=next((week for week in ahead if week.monday == first), None),
        heaviest=max(filled, key=lambda week: week.study, default=None),
    )
