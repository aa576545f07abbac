"""Facts of a participant whose figures can be worked out by hand.

The cohort runs 16 weeks, Monday 1 June to Sunday 20 September 2026: 112 dates and 80 school days, for in those weeks
there is no public holiday and this calendar knows no school holidays. ``day(1)`` is the first day, ``day(112)`` the
last.
"""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from hto_track.rules.calendar import SchoolCalendar, SchoolHoliday
from hto_track.rules.facts import (
    Assignment,
    Attempt,
    AttemptOutcome,
    Enrolment,
    EntryState,
    Facts,
    InternshipEntry,
    Lesson,
    Mark,
    Pause,
    Placement,
    Programme,
    StudyLogRow,
)

START = date(2026, 6, 1)
END = date(2026, 9, 20)
NO_HOLIDAYS = SchoolCalendar.of(())
HOUR = 60


def day(number: int) -> date:
    """The date with this number: 1 is the first day of the cohort, 8 the Monday after it, 0 the day before it."""
    return START + timedelta(days=number - 1)


def facts_of(
    *,
    enrolment: dict[str, Any] | None = None,
    programme: dict[str, Any] | None = None,
    holidays: tuple[SchoolHoliday, ...] = (),
    **known: Any,
) -> Facts:
    """Facts of someone of whom nothing else is known."""
    return Facts(
        programme=Programme(**(programme or {})),
        calendar=SchoolCalendar.of(holidays),
        enrolment=Enrolment(cohort_start_on=START, cohort_end_on=END, **(enrolment or {})),
        **known,
    )


def with_enrolment(facts: Facts, **changes: Any) -> Facts:
    """The same facts with something else agreed."""
    return replace(facts, enrolment=replace(facts.enrolment, **changes))


def lesson(on: date, mark: Mark | None = None, *, number: int | None = None, **changes: Any) -> Lesson:
    """An evening of three hours; its number is its date's unless one is given."""
    given: dict[str, Any] = {"start": time(18, 30), "minutes": 3 * HOUR} | changes
    return Lesson(number=on.toordinal() if number is None else number, on=on, mark=mark, **given)


def lessons(marks: str, *, first: int = 1, upcoming: int = 0) -> tuple[Lesson, ...]:
    """A lesson a day from ``day(first)``.

    Marks: p(resent), l(ate), e(xcused), a(bsent), m(ade up), and a dot for a lesson without one; then ``upcoming``
    without.
    """
    by_letter = {"p": Mark.PRESENT, "l": Mark.LATE, "e": Mark.EXCUSED, "a": Mark.ABSENT, "m": Mark.MADE_UP, ".": None}
    return tuple(
        lesson(day(first + at), by_letter[letter], number=at + 1) for at, letter in enumerate(marks + "." * upcoming)
    )


def assignment(code: str = "A1", *, opens: int = 1, due: int = 28, hours: int = 28, **changes: Any) -> Assignment:
    """An assignment over days ``opens`` to ``due``."""
    return Assignment(code=code, opens_on=day(opens), due_on=day(due), estimate=hours * HOUR, **changes)


def attempt(
    number: int, submitted: int, assessed: int | None = None, outcome: str | None = None, **changes: Any
) -> Attempt:
    """An attempt with the numbers of its days."""
    return Attempt(
        number=number,
        submitted_on=day(submitted),
        assessed_on=None if assessed is None else day(assessed),
        outcome=None if outcome is None else AttemptOutcome(outcome),
        **changes,
    )


def entry(
    on: int, hours: float, state: str = "confirmed", *, submitted: int | None = None, decided: int | None = None
) -> InternshipEntry:
    """Internship hours; submitted and decided on their own date unless other days are given."""
    return InternshipEntry(
        on=day(on),
        minutes=round(hours * HOUR),
        state=EntryState(state),
        submitted_on=day(on if submitted is None else submitted),
        decided_on=day(on if decided is None else decided) if state in ("confirmed", "rejected") else None,
    )


def log(on: int, hours: float, assignment: str | None = None) -> StudyLogRow:
    """A row of the study log."""
    return StudyLogRow(on=day(on), minutes=round(hours * HOUR), assignment=assignment)


def pause(first: int, last: int) -> Pause:
    """A pause over these days, both included."""
    return Pause(start_on=day(first), end_on=day(last))


def placement(first: int = 1, last: int = 112) -> Placement:
    """A placement over these days, both included."""
    return Placement(start_on=day(first), end_on=day(last))


def school_holiday(first: int, last: int) -> SchoolHoliday:
    """A school holiday over these days, both included."""
    return SchoolHoliday(first_day=day(first), last_day=day(last))
