"""When a lesson is, whether it can be then, and what there is against that date.

A fault makes a date impossible. A clash does not: it is shown before a lesson is put there, and whoever plans decides.
Dates and times are those of the clock in Amsterdam: a lesson at half past six stays there when the clocks change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from functools import lru_cache

import holidays

from hto_track.rules.calendar import is_public_holiday
from hto_track.rules.days import monday_of

FULL_WEEK = 2
"""So many due dates in one week are worth a word."""
HOLIDAY_LANGUAGES = {"nl": "nl", "en": "en_US"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a lesson is: one date, from a time to a later one."""

    on: date
    starts_at: time
    ends_at: time

    def overlaps(self, other: "Slot") -> bool:
        """Whether both are going on at some moment; one that begins as the other ends does not."""
        return self.on == other.on and self.starts_at < other.ends_at and other.starts_at < self.ends_at


class SlotFault(StrEnum):
    """Why a lesson of a cohort cannot be at a slot."""

    ENDS_BEFORE_START = "ends_before_start"
    BEFORE_COHORT = "before_cohort"
    AFTER_COHORT = "after_cohort"
    OVERLAPS = "overlaps"
    """Another lesson of the same cohort is then."""
    MARKED = "marked"
    """Who was there is recorded: it cannot be still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortDates:
    """The dates that a cohort runs, both included, and when its other lessons are (the cancelled ones left out)."""

    start_on: date
    end_on: date
    others: Mapping[int, Slot]


def slot_faults(slot: Slot, cohort: CohortDates, *, is_marked: bool, on: date) -> tuple[SlotFault, ...]:
    """Why a lesson cannot be at ``slot``; ``is_marked`` when somebody has a mark that is no absence announced beforehand."""
    found = {
        SlotFault.ENDS_BEFORE_START: slot.ends_at <= slot.starts_at,
        SlotFault.BEFORE_COHORT: slot.on < cohort.start_on,
        SlotFault.AFTER_COHORT: slot.on > cohort.end_on,
        SlotFault.OVERLAPS: bool(overlapping(slot, cohort.others)),
        SlotFault.MARKED: is_marked and slot.on > on,
    }
    return tuple(fault for fault, holds in found.items() if holds)


def overlapping(slot: Slot, others: Mapping[int, Slot]) -> tuple[int, ...]:
    """The numbers of the lessons that go on at the same time."""
    return tuple(number for number, other in others.items() if slot.overlaps(other))


class ClashKind(StrEnum):
    """What can be against a date, in the order in which it is said."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    ELSEWHERE = "elsewhere"
    """Another cohort has a lesson in the same place."""
    OUT_OF_ORDER = "out_of_order"
    """A lesson with a higher number is before it, or one with a lower number after it."""
    DUE_DATES = "due_dates"
    """Several assignments are due in that week."""
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHoliday:
    """A school holiday with its name, both days included."""

    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonElsewhere:
    """When another cohort has a lesson in the same place."""

    cohort: str
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Something against a date. ``names`` say what: holidays, cohorts, assignments, participants; ``numbers`` lessons."""

    kind: ClashKind
    names: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known around a date. ``due`` are due dates by the code of the assignment, ``pauses`` by participant."""

    school_holidays: tuple[NamedHoliday, ...] = ()
    elsewhere: tuple[LessonElsewhere, ...] = ()
    lessons: Mapping[int, Slot] = field(default_factory=dict)
    """The cohort's own lessons that are not cancelled, by number."""
    due: Mapping[str, date] = field(default_factory=dict)
    paused: Mapping[str, frozenset[date]] = field(default_factory=dict)


def date_clashes(slot: Slot, around: Surroundings, number: int | None = None) -> tuple[Clash, ...]:
    """What there is against a lesson at ``slot``; ``number`` is its own, None for one that is on no list yet."""
    school = [holiday.name for holiday in around.school_holidays if holiday.first_day <= slot.on <= holiday.last_day]
    elsewhere = {lesson.cohort: None for lesson in around.elsewhere if lesson.slot.overlaps(slot)}
    due = [code for code, due_on in around.due.items() if monday_of(due_on) == monday_of(slot.on)]
    found = (
        Clash(kind=ClashKind.PUBLIC_HOLIDAY) if is_public_holiday(slot.on) else None,
        _named(ClashKind.SCHOOL_HOLIDAY, school),
        _named(ClashKind.ELSEWHERE, elsewhere),
        _out_of_order(slot, around.lessons, number),
        _named(ClashKind.DUE_DATES, due if len(due) >= FULL_WEEK else ()),
        _named(ClashKind.PAUSED, [name for name, dates in around.paused.items() if slot.on in dates]),
    )
    return tuple(clash for clash in found if clash is not None)


def _named(kind: ClashKind, names: Iterable[str]) -> Clash | None:
    said = tuple(names)
    return Clash(kind=kind, names=said) if said else None


def _out_of_order(slot: Slot, lessons: Mapping[int, Slot], number: int | None) -> Clash | None:
    if number is None:
        return None
    at = (slot.on, slot.starts_at)
    passed = tuple(
        other
        for other, when in lessons.items()
        if other != number and (other < number) != ((when.on, when.starts_at) < at)
    )
    return Clash(kind=ClashKind.OUT_OF_ORDER, numbers=passed) if passed else None


@lru_cache(maxsize=256)
def public_holiday_names(year: int, language: str) -> Mapping[date, str]:
    """The Dutch public holidays of a year by name, in Dutch or English."""
    return dict(holidays.country_holidays("NL", years=year, language=HOLIDAY_LANGUAGES[language]).items())
