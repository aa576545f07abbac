"""A programme as it is given time and again: a template, what is wrong with it, and what it asks in hours.

Durations are whole minutes, times local wall-clock times, lessons are known by their number. Expected hours are added up from
what the template asks; nominal hours come from its credits. Neither is ever derived from the other.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from hto_track.rules.facts import Programme
from hto_track.rules.rounding import MINUTES_PER_HOUR

HOURS_PER_CREDIT = 28
WEEKDAYS = range(6)
"""Monday to Saturday."""
INTERVALS = range(1, 5)
MOST_LESSONS = 120
MOST_ASSIGNMENTS = 60
MOST_WEEKS_AFTER = 26
MOST_MAKE_UPS, MOST_ATTEMPTS, MOST_WEEKS, MOST_CREDITS = 1000, 100, 1000, 1000
"""As files may hold them (FORMATS.md): beyond that it is a slip, and sums of dates could fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Every how many weeks there is a lesson, on which day (0 is Monday), and from when till when if it does not say itself."""

    interval_weeks: int = 1
    weekday: int = 1
    starts_at: time = time(18, 30)
    ends_at: time = time(21, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLesson:
    """A lesson by its number; with times of its own, or those of the rhythm."""

    number: int
    title: str = ""
    starts_at: time | None = None
    ends_at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateOutcome:
    """A learning outcome."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCheckpoint:
    """What is wanted done besides; ``due_week`` counts from the first day."""

    code: str
    title: str
    due_week: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateAssignment:
    """An assignment: open from one lesson and due with another. ``estimate`` in minutes."""

    code: str
    title: str
    opens_with: int
    due_with: int
    estimate: int
    mandatory: bool = True
    outcomes: tuple[str, ...] = ()
    criteria: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """All of it. ``weeks_after`` is how long a cohort goes on after its last lesson, ``credits`` the nominal size in EC."""

    rhythm: Rhythm = Rhythm()
    weeks_after: int = 0
    credits: Decimal | None = None
    requirements: Programme = Programme()
    lessons: tuple[TemplateLesson, ...] = ()
    assignments: tuple[TemplateAssignment, ...] = ()
    outcomes: tuple[TemplateOutcome, ...] = ()
    checkpoints: tuple[TemplateCheckpoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedHours:
    """Where the time goes, in minutes. ``optional`` is what assignments take that nobody has to do: it is in no total."""

    lessons: int
    preparation: int
    assignments: int
    internship: int
    optional: int

    @property
    def total(self) -> int:
        """Lessons, preparation, mandatory assignments and the least of the internship."""
        return self.lessons + self.preparation + self.assignments + self.internship


def times_of(lesson: TemplateLesson, rhythm: Rhythm) -> tuple[time, time]:
    """From when till when a lesson is given."""
    return lesson.starts_at or rhythm.starts_at, lesson.ends_at or rhythm.ends_at


def expected_hours(template: Template) -> ExpectedHours:
    """What the template asks of a participant, travel left out; lessons by the clock on the wall."""
    return ExpectedHours(
        lessons=sum(_minutes(*times_of(lesson, template.rhythm)) for lesson in template.lessons),
        preparation=template.requirements.prep_per_lesson * len(template.lessons),
        assignments=sum(each.estimate for each in template.assignments if each.mandatory),
        internship=template.requirements.internship_min,
        optional=sum(each.estimate for each in template.assignments if not each.mandatory),
    )


def nominal_minutes(template: Template) -> Fraction | None:
    """What the credits stand for at 28 hours each; None without credits."""
    if template.credits is None:
        return None
    return Fraction(template.credits) * HOURS_PER_CREDIT * MINUTES_PER_HOUR


def same_requirements(one: Template, other: Template) -> bool:
    """Whether two templates want the same of a participant, so that their cohorts can be of one programme."""
    return (
        one.requirements == other.requirements
        and set(one.outcomes) == set(other.outcomes)
        and set(one.checkpoints) == set(other.checkpoints)
    )


class Part(StrEnum):
    """Where in a template something is wrong."""

    RHYTHM = "rhythm"
    LESSONS = "lessons"
    ASSIGNMENTS = "assignments"
    OUTCOMES = "outcomes"
    CHECKPOINTS = "checkpoints"
    REQUIREMENTS = "requirements"


class FaultKind(StrEnum):
    """What is wrong."""

    NO_LESSONS = "no_lessons"
    TOO_MANY = "too_many"
    NUMBERS_WITH_GAPS = "numbers_with_gaps"
    OUT_OF_RANGE = "out_of_range"
    ENDS_BEFORE_START = "ends_before_start"
    CODE_MISSING = "code_missing"
    CODE_TWICE = "code_twice"
    TITLE_MISSING = "title_missing"
    NO_SUCH_LESSON = "no_such_lesson"
    DUE_NOT_AFTER_OPENING = "due_not_after_opening"
    NO_SUCH_OUTCOME = "no_such_outcome"
    CODE_WITH_SPACE = "code_with_space"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: of a setting or a row of a part (``at`` counts rows from 0), and ``said`` what was there."""

    part: Part
    kind: FaultKind
    name: str = ""
    at: int | None = None
    said: str = ""


def faults(template: Template) -> tuple[Fault, ...]:
    """Everything that keeps ``template`` from being laid out, in order of its parts."""
    return (
        *_rhythm_faults(template),
        *_lesson_faults(template),
        *_assignment_faults(template),
        *_code_faults(Part.OUTCOMES, template.outcomes),
        *_code_faults(Part.CHECKPOINTS, template.checkpoints),
        *_requirement_faults(template),
    )


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * MINUTES_PER_HOUR + end.minute - start.minute


def _rhythm_faults(template: Template) -> Iterator[Fault]:
    rhythm = template.rhythm
    if rhythm.interval_weeks not in INTERVALS:
        yield Fault(part=Part.RHYTHM, kind=FaultKind.OUT_OF_RANGE, name="interval_weeks")
    if rhythm.weekday not in WEEKDAYS:
        yield Fault(part=Part.RHYTHM, kind=FaultKind.OUT_OF_RANGE, name="weekday")
    if rhythm.ends_at <= rhythm.starts_at:
        yield Fault(part=Part.RHYTHM, kind=FaultKind.ENDS_BEFORE_START, name="ends_at")
    if not 0 <= template.weeks_after <= MOST_WEEKS_AFTER:
        yield Fault(part=Part.RHYTHM, kind=FaultKind.OUT_OF_RANGE, name="weeks_after")


def _lesson_faults(template: Template) -> Iterator[Fault]:
    lessons = template.lessons
    if not lessons:
        yield Fault(part=Part.LESSONS, kind=FaultKind.NO_LESSONS)
    if len(lessons) > MOST_LESSONS:
        yield Fault(part=Part.LESSONS, kind=FaultKind.TOO_MANY, said=str(MOST_LESSONS))
    if [lesson.number for lesson in lessons] != list(range(1, len(lessons) + 1)):
        yield Fault(part=Part.LESSONS, kind=FaultKind.NUMBERS_WITH_GAPS)
    for at, lesson in enumerate(lessons):
        start, end = times_of(lesson, template.rhythm)
        is_own = lesson.starts_at is not None or lesson.ends_at is not None
        if is_own and end <= start:
            yield Fault(part=Part.LESSONS, kind=FaultKind.ENDS_BEFORE_START, at=at, said=str(lesson.number))


def _assignment_faults(template: Template) -> Iterator[Fault]:
    if len(template.assignments) > MOST_ASSIGNMENTS:
        yield Fault(part=Part.ASSIGNMENTS, kind=FaultKind.TOO_MANY, said=str(MOST_ASSIGNMENTS))
    yield from _code_faults(Part.ASSIGNMENTS, template.assignments)
    numbers = {lesson.number for lesson in template.lessons}
    outcomes = {outcome.code for outcome in template.outcomes}
    for at, each in enumerate(template.assignments):
        for name, number in (("opens_with", each.opens_with), ("due_with", each.due_with)):
            if number not in numbers:
                yield Fault(
                    part=Part.ASSIGNMENTS, kind=FaultKind.NO_SUCH_LESSON, name=name, at=at, said=str(len(numbers))
                )
        if each.due_with <= each.opens_with:
            yield Fault(part=Part.ASSIGNMENTS, kind=FaultKind.DUE_NOT_AFTER_OPENING, name="due_with", at=at)
        if each.estimate < 0:
            yield Fault(part=Part.ASSIGNMENTS, kind=FaultKind.OUT_OF_RANGE, name="estimate", at=at)
        for code in each.outcomes:
            if code not in outcomes:
                yield Fault(part=Part.ASSIGNMENTS, kind=FaultKind.NO_SUCH_OUTCOME, name="outcomes", at=at, said=code)


def _code_faults(
    part: Part, rows: Iterable[TemplateAssignment | TemplateOutcome | TemplateCheckpoint]
) -> Iterator[Fault]:
    rows = tuple(rows)
    counted = Counter(row.code for row in rows)
    told: set[str] = set()
    for at, row in enumerate(rows):
        if not row.code:
            yield Fault(part=part, kind=FaultKind.CODE_MISSING, name="code", at=at, said=row.title)
        elif part is Part.OUTCOMES and any(map(str.isspace, row.code)):
            yield Fault(part=part, kind=FaultKind.CODE_WITH_SPACE, name="code", at=at, said=row.code)
        elif counted[row.code] > 1 and row.code in told:
            yield Fault(part=part, kind=FaultKind.CODE_TWICE, name="code", at=at, said=row.code)
        told.add(row.code)
        if not row.title:
            yield Fault(part=part, kind=FaultKind.TITLE_MISSING, name="title", at=at, said=row.code)


def _requirement_faults(template: Template) -> Iterator[Fault]:
    asked = template.requirements
    ranges = {
        "min_attendance": 0 <= asked.min_attendance <= 1,
        "make_up_limit": 0 <= asked.make_up_limit <= MOST_MAKE_UPS,
        "internship_min": asked.internship_min >= 0,
        "internship_max": asked.internship_max >= asked.internship_min,
        "max_attempts": 1 <= asked.max_attempts <= MOST_ATTEMPTS,
        "prep_per_lesson": asked.prep_per_lesson >= 0,
        "advertised_weekly": asked.advertised_weekly > 0,
        "credits": template.credits is None or 0 <= template.credits <= MOST_CREDITS,
    }
    for name, is_fine in ranges.items():
        if not is_fine:
            yield Fault(part=Part.REQUIREMENTS, kind=FaultKind.OUT_OF_RANGE, name=name)
    for at, checkpoint in enumerate(template.checkpoints):
        if checkpoint.due_week is not None and not 0 <= checkpoint.due_week <= MOST_WEEKS:
            yield Fault(
                part=Part.CHECKPOINTS, kind=FaultKind.OUT_OF_RANGE, name="due_week", at=at, said=checkpoint.code
            )
