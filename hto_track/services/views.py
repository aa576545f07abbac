"""What services hand upwards about a cohort and its people: plain values beside the facts and judgements of the rules."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from hto_track.models.internship import SchoolType
from hto_track.models.lessons import LessonState
from hto_track.models.load import RequestKind
from hto_track.models.warnings import AnswerKind
from hto_track.rules.attention import Attention
from hto_track.rules.calendar import Region
from hto_track.rules.facts import Facts
from hto_track.rules.own_plan import AS_PLANNED, OwnPlan
from hto_track.rules.room_change import People
from hto_track.rules.standing import Standing
from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.appointments import Appointment
from hto_track.services.expectations import GivenVerdict, StoredExpectation


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSummary:
    """A cohort by name."""

    id: int
    code: str
    name: str
    programme_id: int
    programme_title: str
    college: str | None
    region: Region
    start_on: date
    end_on: date
    location: str | None
    leader_email: str | None
    min_participants: int
    max_participants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPlan:
    """A lesson of the cohort, for people."""

    number: int
    title: str | None
    on: date
    starts_at: time
    ends_at: time
    state: LessonState

    @property
    def cancelled(self) -> bool:
        """Whether it will not be, or was not, given."""
        return self.state is LessonState.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentPlan:
    """An assignment of the cohort, for people; ``estimate`` in minutes."""

    code: str
    title: str
    opens_on: date
    due_on: date
    mandatory: bool
    estimate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPlan:
    """What the programme wants done besides."""

    code: str
    title: str
    due_week: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPlan:
    """What is planned for everyone in a cohort. ``outcomes`` are the titles of learning outcomes by code."""

    lessons: tuple[LessonPlan, ...]
    assignments: tuple[AssignmentPlan, ...]
    checkpoints: tuple[CheckpointPlan, ...]
    outcomes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A participant by name."""

    id: int
    code: str
    name: str
    given_name: str
    email: str
    phone: str | None
    employer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementView:
    """A placement, for people."""

    id: int
    school: str
    school_type: SchoolType
    supervisor_name: str | None
    supervisor_email: str | None
    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """What a participant answered to a warning about them."""

    id: int
    kind: AnswerKind
    note: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningInForce:
    """A warning open on the date it was asked for, with the figures of its latest event by then, or of that date itself.

    ``answer`` is the latest that its participant gave by then.
    """

    id: int
    code: WarningCode
    level: Level
    opened_on: date
    escalated_on: date | None
    figures: dict[str, Any]
    snoozed_until: date | None
    snooze_note: str | None
    answer: AnswerGiven | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiplomaInForce:
    """A diploma that stands in the register on the date it was asked for."""

    register_number: str
    awarded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DiplomaAward:
    """A diploma of the register, in force or not."""

    register_number: str
    awarded_on: date
    revoked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStanding:
    """One participant: who, what is known, and what it amounts to; ``not_in_yet`` of who should sign in and never did.

    ``asks`` are the kinds of their requests that nobody answered yet.
    """

    member: Member
    facts: Facts
    standing: Standing
    warnings: tuple[WarningInForce, ...]
    attention: Attention
    diploma: DiplomaInForce | None
    not_in_yet: bool = False
    asks: tuple[RequestKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortStandings:
    """Everyone of a cohort on a date, in order of code, as of ``revision``: what is made of it is fresh while that stands."""

    cohort: CohortSummary
    plan: CohortPlan
    on: date
    revision: int
    members: tuple[MemberStanding, ...]


def people_by_code(standings: CohortStandings) -> People:
    """What the rules are told of a cohort's people, by code."""
    return {person.member.code: (person.facts, person.standing) for person in standings.members}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantStanding:
    """One participant on a date, with the plan of their cohort, their placements, the appointment of their closing interview,
    and what they themselves plan otherwise.
    """

    cohort: CohortSummary
    plan: CohortPlan
    on: date
    member: MemberStanding
    placements: tuple[PlacementView, ...]
    appointment: Appointment | None = None
    own_plan: OwnPlan = AS_PLANNED
    expectation: StoredExpectation | None = None
    verdict: GivenVerdict | None = None
