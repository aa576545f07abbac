"""Lists for who assesses: a cohort's assignments, and everyone's work for one of them (RULES.md section 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.privacy import Seen
from hto_track.rules.assignments import DONE, AssignmentStanding, AssignmentState, judge_assignments
from hto_track.rules.facts import AttemptOutcome
from hto_track.rules.span import span_of
from hto_track.services import facts
from hto_track.services.assignments import AttemptView, attempt_view
from hto_track.services.hand_in_views import HandInView, hand_ins_by_attempt
from hto_track.services.policy import Action, Actor, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import AssignmentPlan, CohortSummary, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessable:
    """Someone's work for an assignment. ``next_attempt`` is the number that an assessment would be of, None for none."""

    member: Member
    standing: AssignmentStanding
    attempts: tuple[AttemptView, ...]
    next_attempt: int | None
    is_last_attempt: bool
    work: tuple[HandInView, ...]
    """What was handed in for the last attempt, the newest first."""

    @property
    def seen_work(self) -> int:
        """What ``Assessment.seen_work`` is of the attempt that would be assessed now."""
        waits = bool(self.attempts) and self.attempts[-1].number == self.next_attempt
        return self.work[0].id if waits and self.work else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCount:
    """An assignment with how many of the cohort's work waits, and how many are done with it."""

    assignment: AssignmentPlan
    waiting: int
    done: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentToAssess:
    """An assignment of a cohort with everyone's work: what waits for assessment first, then in order of code."""

    cohort: CohortSummary
    assignment: AssignmentPlan
    count: AssignmentCount
    people: tuple[Assessable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortAssignments:
    """The assignments of a cohort, in its order."""

    cohort: CohortSummary
    assignments: tuple[AssignmentCount, ...]


def cohort_assignments(actor: Actor, cohort_code: str, on: date) -> CohortAssignments:
    """The assignments of a cohort with what waits; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.ASSESS_ATTEMPT, subject_of(ground.cohort))
    known = facts.facts_of_cohort(session, ground)
    judged = [judge_assignments(person.facts, span_of(person.facts, on)).standings for person in known.members]
    return CohortAssignments(
        cohort=ground.cohort,
        assignments=tuple(
            _count(plan, [standings[at].state for standings in judged])
            for at, plan in enumerate(known.plan.assignments)
        ),
    )


def assignment_to_assess(actor: Actor, cohort_code: str, assignment_code: str, on: date) -> AssignmentToAssess:
    """An assignment with everyone's work on a date; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.ASSESS_ATTEMPT, subject_of(ground.cohort))
    known = facts.facts_of_cohort(session, ground)
    codes = [plan.code for plan in known.plan.assignments]
    if assignment_code not in codes:
        raise NotFound(f"There is no assignment {assignment_code} in cohort {cohort_code}")
    at = codes.index(assignment_code)
    attempts = _attempts_of(session, ground.cohort.id, assignment_code)
    handed_in = hand_ins_by_attempt(session, [views[-1].id for views in attempts.values()])
    people = []
    for person in known.members:
        standing = judge_assignments(person.facts, span_of(person.facts, on)).standings[at]
        views = tuple(attempts.get(person.member.id, ()))
        number = _next_number(views, ground.programme.max_attempts)
        people.append(
            Assessable(
                member=person.member,
                standing=standing,
                attempts=views,
                next_attempt=number,
                is_last_attempt=number == ground.programme.max_attempts,
                work=handed_in.get(views[-1].id, ()) if views else (),
            )
        )
    note_reading(actor, Seen.ASSIGNMENTS, cohort_id=ground.cohort.id)
    waiting_first = sorted(people, key=lambda person: person.standing.state is not AssignmentState.SUBMITTED)
    plan = known.plan.assignments[at]
    return AssignmentToAssess(
        cohort=ground.cohort,
        assignment=plan,
        count=_count(plan, [person.standing.state for person in people]),
        people=tuple(waiting_first),
    )


def _count(plan: AssignmentPlan, states: Sequence[AssignmentState]) -> AssignmentCount:
    return AssignmentCount(
        assignment=plan,
        waiting=states.count(AssignmentState.SUBMITTED),
        done=sum(state in DONE for state in states),
        people=len(states),
    )


def _attempts_of(session: Session, cohort_id: int, assignment_code: str) -> dict[int, list[AttemptView]]:
    found: dict[int, list[AttemptView]] = {}
    rows = session.scalars(
        select(Attempt)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Assignment.cohort_id == cohort_id, Assignment.code == assignment_code)
        .order_by(Attempt.number)
    )
    for row in rows:
        found.setdefault(row.participant_id, []).append(attempt_view(row))
    return found


def _next_number(attempts: tuple[AttemptView, ...], max_attempts: int) -> int | None:
    """The attempt that would be assessed now: the one that waits, else the next; None when it is done or used up."""
    if any(attempt.outcome in (AttemptOutcome.PASSED, AttemptOutcome.EXEMPT) for attempt in attempts):
        return None
    last = attempts[-1] if attempts else None
    if last is not None and last.outcome is None:
        return last.number
    number = last.number + 1 if last else 1
    return number if number <= max_attempts else None
