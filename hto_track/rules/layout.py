"""Laying out: from a template, a start and a calendar to the evenings of a cohort (RULES.md section 0).

Dates are calendar dates and times those of the clock on the wall in Europe/Amsterdam: an evening keeps its hour when the clock
changes, and counting by weeks knows no number of weeks in a year.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum

from hto_track.rules.calendar import SchoolCalendar, SchoolHoliday, is_public_holiday, public_holiday_names
from hto_track.rules.template import Rhythm, Template, times_of

WEEK = timedelta(weeks=1)


class ClashKind(StrEnum):
    """Why a date is no evening, or why somebody should look twice at one that is."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    CHOSEN = "chosen"
    """Whoever laid it out wanted no lesson then."""
    REMEMBRANCE_DAY = "remembrance_day"
    SAINT_NICHOLAS = "saint_nicholas"
    CHRISTMAS_EVE = "christmas_eve"
    NEW_YEARS_EVE = "new_years_eve"
    ANOTHER_WEEKDAY = "another_weekday"
    HOLIDAYS_UNKNOWN = "holidays_unknown"
    SAME_ROOM = "same_room"


EVENINGS_AT_HOME = {
    (5, 4): ClashKind.REMEMBRANCE_DAY,
    (12, 5): ClashKind.SAINT_NICHOLAS,
    (12, 24): ClashKind.CHRISTMAS_EVE,
    (12, 31): ClashKind.NEW_YEARS_EVE,
}
"""By month and day: no holidays, and yet evenings on which few come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """What a date runs into; ``name`` of the holiday or of the other cohort, where it has one."""

    kind: ClashKind
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A lesson with its date. ``laid_on`` is where the rhythm put it, ``on`` where it is."""

    number: int
    title: str
    on: date
    laid_on: date
    starts_at: time
    ends_at: time
    clashes: tuple[Clash, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Whether somebody gave it another date than the rhythm did."""
        return self.on != self.laid_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A date that the rhythm came by, and that is no evening."""

    on: date
    reasons: tuple[Clash, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDates:
    """An assignment with the dates that its lessons give it; ``clashes`` of the due date."""

    code: str
    title: str
    opens_on: date
    due_on: date
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The evenings in order of number, what was skipped in order of date, and the dates of assignments; ``end_on`` the last."""

    evenings: tuple[Evening, ...]
    skipped: tuple[Skipped, ...]
    assignments: tuple[AssignmentDates, ...]
    end_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLesson:
    """A lesson of another cohort at the same place, as its people may be told of it."""

    name: str
    on: date
    starts_at: time
    ends_at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What whoever lays out wants: dates without a lesson, and dates of single lessons by number."""

    without: frozenset[date] = frozenset()
    dates: Mapping[int, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegionHolidays:
    """The school holidays of a region by name."""

    holidays: tuple[SchoolHoliday, ...]

    @property
    def calendar(self) -> SchoolCalendar:
        """The same, as the other rules know them."""
        return SchoolCalendar.of(self.holidays)

    def reasons(self, day: date) -> tuple[Clash, ...]:
        """The public and the school holidays that ``day`` is in."""
        public = [Clash(kind=ClashKind.PUBLIC_HOLIDAY, name=name) for name in public_holiday_names(day)]
        school = [
            Clash(kind=ClashKind.SCHOOL_HOLIDAY, name=holiday.name)
            for holiday in self.holidays
            if holiday.first_day <= day <= holiday.last_day
        ]
        return (*public, *school)


def lay_out(
    template: Template,
    start_on: date,
    holidays: RegionHolidays,
    wishes: Wishes | None = None,
    others: Collection[OtherLesson] = (),
) -> Layout:
    """The evenings of ``template`` from ``start_on``.

    The first is on or after the start, on the weekday of the rhythm. The next is an interval after the one before it as the
    rhythm has it; where that is not free it is the first free week after. A date that somebody wishes moves its lesson alone.
    """
    wishes = wishes or Wishes()
    laid, skipped = _dates(template.rhythm, len(template.lessons), start_on, holidays, wishes.without)
    evenings = []
    for lesson, laid_on in zip(template.lessons, laid, strict=True):
        start, end = times_of(lesson, template.rhythm)
        evening = Evening(
            number=lesson.number,
            title=lesson.title,
            on=wishes.dates.get(lesson.number, laid_on),
            laid_on=laid_on,
            starts_at=start,
            ends_at=end,
        )
        evenings.append(replace(evening, clashes=tuple(_clashes(evening, template.rhythm, holidays, others))))
    last = max((evening.on for evening in evenings), default=start_on)
    return Layout(
        evenings=tuple(evenings),
        skipped=skipped,
        assignments=_assignments(template, {evening.number: evening.on for evening in evenings}, holidays),
        end_on=last + template.weeks_after * WEEK,
    )


def out_of_order(evenings: Iterable[Evening]) -> tuple[int, ...]:
    """The numbers of the lessons that do not come after the one before them."""
    in_order = tuple(evenings)
    return tuple(later.number for earlier, later in zip(in_order, in_order[1:], strict=False) if later.on <= earlier.on)


def _dates(
    rhythm: Rhythm, count: int, start_on: date, holidays: RegionHolidays, without: frozenset[date]
) -> tuple[list[date], tuple[Skipped, ...]]:
    dates: list[date] = []
    skipped: list[Skipped] = []
    calendar = holidays.calendar
    day = start_on + timedelta(days=(rhythm.weekday - start_on.weekday()) % 7)
    while len(dates) < count:
        if day in without or day in calendar.school_holidays or is_public_holiday(day):
            chosen = (Clash(kind=ClashKind.CHOSEN),) if day in without else ()
            skipped.append(Skipped(on=day, reasons=(*holidays.reasons(day), *chosen)))
            day += WEEK
        else:
            dates.append(day)
            day += rhythm.interval_weeks * WEEK
    return dates, tuple(skipped)


def _clashes(
    evening: Evening, rhythm: Rhythm, holidays: RegionHolidays, others: Collection[OtherLesson]
) -> Iterator[Clash]:
    yield from holidays.reasons(evening.on)
    soft = EVENINGS_AT_HOME.get((evening.on.month, evening.on.day))
    if soft is not None:
        yield Clash(kind=soft)
    if evening.on.weekday() != rhythm.weekday:
        yield Clash(kind=ClashKind.ANOTHER_WEEKDAY)
    if holidays.calendar.reaches_past(evening.on):
        yield Clash(kind=ClashKind.HOLIDAYS_UNKNOWN)
    for other in others:
        if other.on == evening.on and other.starts_at < evening.ends_at and evening.starts_at < other.ends_at:
            yield Clash(kind=ClashKind.SAME_ROOM, name=other.name)


def _assignments(
    template: Template, dates: Mapping[int, date], holidays: RegionHolidays
) -> tuple[AssignmentDates, ...]:
    return tuple(
        AssignmentDates(
            code=each.code,
            title=each.title,
            opens_on=dates[each.opens_with],
            due_on=dates[each.due_with],
            clashes=holidays.reasons(dates[each.due_with]),
        )
        for each in template.assignments
    )
