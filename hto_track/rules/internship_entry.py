"""What is refused when internship hours are entered (RULES.md section 3): at a form and at an import alike."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from hto_track.rules.days import Days
from hto_track.rules.facts import EntryState, Placement
from hto_track.rules.internship import MOST_MINUTES_PER_DATE

LIVE = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.CONFIRMED})
"""The states in which an entry takes up its time."""


class EntryFault(StrEnum):
    """Why an entry is refused."""

    END_NOT_AFTER_START = "end_not_after_start"
    NO_TIME_LEFT = "no_time_left"
    TOO_MUCH_ON_ONE_DATE = "too_much_on_one_date"
    OVERLAP = "overlap"
    AFTER_TODAY = "after_today"
    BEFORE_PLACEMENT = "before_placement"
    AFTER_PLACEMENT = "after_placement"
    OUTSIDE_ACTIVE_SPAN = "outside_active_span"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedTime:
    """Hours on a date, in minutes: given as such, or with the times they were worked between, less ``break_minutes``."""

    on: date
    starts_at: time | None = None
    ends_at: time | None = None
    break_minutes: int = 0
    minutes_given: int = 0

    @property
    def minutes(self) -> int:
        """What counts; 0 or less when the times leave nothing."""
        if self.starts_at is None or self.ends_at is None:
            return self.minutes_given
        return _minute_of(self.ends_at) - _minute_of(self.starts_at) - self.break_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRequest:
    """An entry as it is asked for, and what it is judged by.

    ``others`` are the other live entries of the same participant, of any date; ``active`` is the active span as ``today``
    sees it (``rules.span.span_of``). Hours of an entry that is not live itself take no time from the others.
    """

    work: WorkedTime
    placement: Placement
    active: Days
    today: date
    others: tuple[WorkedTime, ...] = ()
    is_live: bool = True


def entry_faults(request: EntryRequest) -> tuple[EntryFault, ...]:
    """Every reason to refuse ``request``, in the order of ``EntryFault``; none when it is sound."""
    faults = set(_faults_of_time(request)) | set(_faults_of_date(request))
    return tuple(fault for fault in EntryFault if fault in faults)


def _faults_of_time(request: EntryRequest) -> tuple[EntryFault, ...]:
    work = request.work
    if work.starts_at is not None and work.ends_at is not None and work.ends_at <= work.starts_at:
        return (EntryFault.END_NOT_AFTER_START,)
    if work.minutes <= 0:
        return (EntryFault.NO_TIME_LEFT,)
    others = [other for other in request.others if request.is_live and other.on == work.on]
    faults = []
    if work.minutes + sum(other.minutes for other in others) > MOST_MINUTES_PER_DATE:
        faults.append(EntryFault.TOO_MUCH_ON_ONE_DATE)
    if any(overlap(work, other) for other in others):
        faults.append(EntryFault.OVERLAP)
    return tuple(faults)


def _faults_of_date(request: EntryRequest) -> tuple[EntryFault, ...]:
    on, placement = request.work.on, request.placement
    found = {
        EntryFault.AFTER_TODAY: on > request.today,
        EntryFault.BEFORE_PLACEMENT: on < placement.start_on,
        EntryFault.AFTER_PLACEMENT: on > placement.end_on,
        EntryFault.OUTSIDE_ACTIVE_SPAN: on not in request.active,
    }
    return tuple(fault for fault, holds in found.items() if holds)


def overlap(one: WorkedTime, other: WorkedTime) -> bool:
    """Whether the given times of two entries share a minute; entries without times overlap with none."""
    if one.on != other.on or one.starts_at is None or one.ends_at is None:
        return False
    if other.starts_at is None or other.ends_at is None:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _minute_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute
