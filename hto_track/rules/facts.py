"""What is known of one enrolment: frozen values, filled by ``services/facts.py``, read by every rule.

Durations are whole minutes, dates are calendar dates in Europe/Amsterdam, shares are exact ``Fraction``s. Facts are
given whole; each rule itself leaves out what is dated after the date it is asked for (RULES.md section 0).
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from fractions import Fraction

from hto_track.rules.calendar import SchoolCalendar


class EnrolmentStatus(StrEnum):
    """As stored; what it is on a date is told by ``rules.span.status_on``."""

    APPLIED = "applied"
    ACTIVE = "active"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


class Mark(StrEnum):
    """The attendance of one participant at one lesson."""

    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"
    MADE_UP = "made_up"


class AttemptOutcome(StrEnum):
    """How an attempt at an assignment was assessed; ``EXEMPT`` is attempt 0."""

    PASSED = "passed"
    FAILED = "failed"
    EXEMPT = "exempt"


class EntryState(StrEnum):
    """Where an entry of internship hours stands, as stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Activity(StrEnum):
    """What was done in internship hours."""

    OBSERVE = "observe"
    ASSIST = "assist"
    CO_TEACH = "co_teach"
    TEACH = "teach"
    PREPARE = "prepare"
    OTHER = "other"


class Basis(StrEnum):
    """What an agreement between a programme and a route says of a module (RULES.md section 7)."""

    AUTOMATIC = "automatic"
    INDIVIDUAL = "individual"
    NONE = "none"


class ExemptionState(StrEnum):
    """Where an exemption stands."""

    PROPOSED = "proposed"
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a warning is amber or red (RULES.md section 6); settings of the programme.

    Shares are of the capacity, hours with job are minutes a week, the rest are days or counts.
    """

    overload_amber: Fraction = Fraction(3, 2)
    overload_red: Fraction = Fraction(2)
    overload_red_with_job: int = 60 * 60
    sustained_amber: Fraction = Fraction(6, 5)
    sustained_red: Fraction = Fraction(3, 2)
    sustained_red_with_job: int = 55 * 60
    no_placement_amber: int = 42
    no_placement_red: int = 84
    overdue_amber_days: int = 7
    overdue_red_count: int = 3
    silent_amber: int = 21
    silent_red: int = 35
    unconfirmed_amber: int = 14
    unconfirmed_red: int = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The settings of a programme that rules read; time in minutes, ``min_attendance`` a share of 0 to 1."""

    min_attendance: Fraction = Fraction(4, 5)
    make_up_limit: int = 4
    internship_min: int = 80 * 60
    internship_max: int = 100 * 60
    max_attempts: int = 2
    prep_per_lesson: int = 60
    advertised_weekly: int = 12 * 60
    thresholds: Thresholds = Thresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Dates on which no time passes for an enrolment, both included."""

    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """One participant's place in a cohort; week figures in minutes, ``travel`` in minutes a lesson.

    ``cohort_start_on`` and ``cohort_end_on`` are the cohort's, ``start_on`` and ``end_on`` the participant's own, if
    any. ``study_weekly`` is the room they gave; None leaves it to the programme's advertised hours.
    """

    cohort_start_on: date
    cohort_end_on: date
    start_on: date | None = None
    end_on: date | None = None
    status: EnrolmentStatus = EnrolmentStatus.ACTIVE
    status_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    job_weekly: int = 40 * 60
    release_weekly: int = 0
    study_weekly: int | None = None
    travel: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson of the cohort, with the participant's mark if there is one."""

    number: int
    on: date
    start: time
    minutes: int
    cancelled: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt at an assignment; number 0 is an exemption.

    ``resit_due_on`` is what the college set when it failed.
    """

    number: int
    submitted_on: date
    assessed_on: date | None = None
    outcome: AttemptOutcome | None = None
    resit_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An assignment of the cohort, with what is this participant's own: attempts and extension.

    ``estimate`` in minutes.
    """

    code: str
    opens_on: date
    due_on: date
    estimate: int
    mandatory: bool = True
    outcomes: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    extended_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A period at a school under a supervising teacher, both dates included."""

    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InternshipEntry:
    """Hours at a school on one date, in minutes. ``decided_on`` is the day of confirming or rejecting."""

    on: date
    minutes: int
    state: EntryState
    submitted_on: date
    decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLogRow:
    """Minutes of own study on a date, on an assignment or on none."""

    on: date
    minutes: int
    assignment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalAssessment:
    """The closing interview, passed or not."""

    on: date
    passed: bool
    resit_allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the programme wants done besides, and the dates on which it was recorded.

    ``due_week`` counts from the first day.
    """

    code: str
    due_week: int | None = None
    recorded_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known of one enrolment: what every rule is told."""

    programme: Programme
    calendar: SchoolCalendar
    enrolment: Enrolment
    lessons: tuple[Lesson, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    placements: tuple[Placement, ...] = ()
    internship: tuple[InternshipEntry, ...] = ()
    study_log: tuple[StudyLogRow, ...] = ()
    final_assessments: tuple[FinalAssessment, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteModule:
    """A module of a follow-on route. ``basis`` is what the programme's agreement says, None without one."""

    code: str
    term: int
    credits: Fraction
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRecord:
    """What was asked and decided about one module for one participant."""

    module: str
    state: ExemptionState
    requested_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """A follow-on route as seen from one participant. ``credits`` of the whole route, in EC."""

    code: str
    credits: Fraction
    terms: int
    modules: tuple[RouteModule, ...] = ()
    records: tuple[ExemptionRecord, ...] = field(default=())
