"""A participant's assignments: what is to be done, by when and why then, and what came of it (RULES.md section 2)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, Attempt, Extension
from hto_track.models.privacy import Seen
from hto_track.rules.assignments import (
    DONE,
    AssignmentStanding,
    AssignmentState,
    judge_assignments,
    judge_outcomes,
    outcomes_begun,
)
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import span_of
from hto_track.services import facts
from hto_track.services.assignments import AttemptView, attempt_view
from hto_track.services.enrolments import own_enrolment
from hto_track.services.facts import CohortFacts, CohortGround, MemberFacts
from hto_track.services.hand_in_views import HandInView, hand_ins_by_attempt
from hto_track.services.policy import Action, Actor, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import AssignmentPlan, CohortSummary, Member


class DueBecause(StrEnum):
    """Why a due date is what it is."""

    PLANNED = "planned"
    EXTENSION = "extension"
    TIME_LOST = "time_lost"
    """Days before their first day, or in a pause."""
    RESIT = "resit"


class Progress(StrEnum):
    """How far a learning outcome is."""

    DONE = "done"
    BUSY = "busy"
    TO_DO = "to_do"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAssignment:
    """An assignment as it stands for one participant."""

    plan: AssignmentPlan
    standing: AssignmentStanding
    because: DueBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeProgress:
    """A learning outcome that mandatory assignments bear."""

    code: str
    title: str
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAssignments:
    """All assignments of one participant, what is to be done first; and the learning outcomes, in order of code.

    How many are done is of the mandatory assignments, and of the outcomes.
    """

    cohort: CohortSummary
    member: Member
    on: date
    assignments: tuple[OwnAssignment, ...]
    outcomes: tuple[OutcomeProgress, ...]
    done: int
    mandatory: int
    outcomes_done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAttempt:
    """An attempt, and what was handed in for it, the newest first."""

    attempt: AttemptView
    hand_ins: tuple[HandInView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentPage:
    """One assignment with what exactly is expected; ``criteria`` is None as long as no teacher wrote it down.

    ``attempts`` are latest first. ``takes_work`` unless it is done, or no attempt is left; ``attempts_left`` without the one
    that waits.
    """

    cohort: CohortSummary
    member: Member
    on: date
    item: OwnAssignment
    criteria: str | None
    outcomes: tuple[OutcomeProgress, ...]
    extension_reason: str | None
    attempts: tuple[OwnAttempt, ...]
    takes_work: bool
    attempts_left: int


_TO_DO = (AssignmentState.OVERDUE, AssignmentState.RESIT, AssignmentState.OPEN)
_ORDER = {state: 0 for state in _TO_DO} | {AssignmentState.SUBMITTED: 1, AssignmentState.FAILED: 2}


def own_assignments(actor: Actor, on: date) -> ParticipantAssignments:
    """The assignments of the participant that the actor is; NotFound for who takes part in nothing."""
    return participant_assignments(actor, own_enrolment(actor), on)


def participant_assignments(actor: Actor, participant_code: str, on: date) -> ParticipantAssignments:
    """The assignments of a participant; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = facts.ground_of_participant(session, participant_code)
    known, person = _known(session, ground, participant_code)
    require(actor, Action.VIEW_PARTICIPANT, subject_of(ground.cohort, participant_id=person.member.id))
    items = _items(known, person, on)
    mandatory = [item for item in items if item.plan.mandatory]
    outcomes = _outcomes(known, person, on)
    listed = ParticipantAssignments(
        cohort=ground.cohort,
        member=person.member,
        on=on,
        assignments=tuple(sorted(items, key=_order)),
        outcomes=outcomes,
        done=sum(item.standing.state in DONE for item in mandatory),
        mandatory=len(mandatory),
        outcomes_done=sum(outcome.progress is Progress.DONE for outcome in outcomes),
    )
    note_reading(actor, Seen.ASSIGNMENTS, participant_id=person.member.id)
    return listed


def own_assignment(actor: Actor, assignment_code: str, on: date) -> AssignmentPage:
    """One assignment of the participant that the actor is. NotFound, Forbidden."""
    session, participant_code = reading(), own_enrolment(actor)
    ground = facts.ground_of_participant(session, participant_code)
    known, person = _known(session, ground, participant_code)
    require(actor, Action.HAND_IN_WORK, subject_of(ground.cohort, participant_id=person.member.id))
    item = next((item for item in _items(known, person, on) if item.plan.code == assignment_code), None)
    if item is None:
        raise NotFound(f"There is no assignment {assignment_code} in cohort {ground.cohort.code}")
    assignment_id, criteria, reason = session.execute(
        select(Assignment.id, Assignment.criteria, Extension.reason)
        .outerjoin(
            Extension,
            (Extension.assignment_id == Assignment.id) & (Extension.participant_id == person.member.id),
        )
        .where(Assignment.cohort_id == ground.cohort.id, Assignment.code == assignment_code)
    ).one()
    attempts = _attempts(session, person.member.id, assignment_id)
    used = item.standing.attempts_used
    waits = item.standing.state is AssignmentState.SUBMITTED
    bears = item.standing.assignment.outcomes
    return AssignmentPage(
        cohort=ground.cohort,
        member=person.member,
        on=on,
        item=item,
        criteria=criteria,
        outcomes=tuple(outcome for outcome in _outcomes(known, person, on) if outcome.code in bears),
        extension_reason=reason,
        attempts=attempts,
        takes_work=waits or item.standing.state in _TO_DO,
        attempts_left=max(0, ground.programme.max_attempts - used),
    )


def _known(session: Session, ground: CohortGround, participant_code: str) -> tuple[CohortFacts, MemberFacts]:
    known = facts.facts_of_participant(session, ground, participant_code)
    if not known.members:
        raise NotFound(f"There is no participant {participant_code}")
    return known, known.members[0]


def _items(known: CohortFacts, person: MemberFacts, on: date) -> tuple[OwnAssignment, ...]:
    standings = judge_assignments(person.facts, span_of(person.facts, on)).standings
    return tuple(
        OwnAssignment(plan=plan, standing=standing, because=due_because(standing))
        for plan, standing in zip(known.plan.assignments, standings, strict=True)
    )


def due_because(standing: AssignmentStanding) -> DueBecause:
    """Why the due date of ``standing`` is what it is."""
    assignment = standing.assignment
    if standing.attempts_used and standing.state in _TO_DO:
        return DueBecause.RESIT
    if assignment.extended_to is not None:
        return DueBecause.EXTENSION
    return DueBecause.TIME_LOST if standing.first_due_on != assignment.due_on else DueBecause.PLANNED


def _order(item: OwnAssignment) -> tuple[int, date, str]:
    return _ORDER.get(item.standing.state, 3), item.standing.due_on, item.plan.code


def _outcomes(known: CohortFacts, person: MemberFacts, on: date) -> tuple[OutcomeProgress, ...]:
    judged = judge_assignments(person.facts, span_of(person.facts, on))
    begun = outcomes_begun(judged)

    def progress(code: str, state: RequirementState) -> Progress:
        if state is RequirementState.MET:
            return Progress.DONE
        return Progress.BUSY if code in begun else Progress.TO_DO

    return tuple(
        OutcomeProgress(code=code, title=known.plan.outcomes.get(code, code), progress=progress(code, state))
        for code, state in judge_outcomes(judged).states.items()
    )


def _attempts(session: Session, participant_id: int, assignment_id: int) -> tuple[OwnAttempt, ...]:
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.participant_id == participant_id, Attempt.assignment_id == assignment_id)
        .order_by(Attempt.number.desc())
    ).all()
    handed_in = hand_ins_by_attempt(session, [row.id for row in rows])
    return tuple(OwnAttempt(attempt=attempt_view(row), hand_ins=handed_in.get(row.id, ())) for row in rows)
