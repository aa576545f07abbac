"""A participant's own plan: whose it is, stored in place of the one before, and the warnings that it answers.

Only use cases that asked the policy come here, inside ``writing()`` where something is stored.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.assignments import Assignment
from hto_track.models.load import PlannedInternshipDay, PlannedMove
from hto_track.models.warnings import AnswerKind, WarningAnswer
from hto_track.rules.own_plan import OwnPlan, WorkMove
from hto_track.rules.standing import Standing, judge
from hto_track.services import audit, facts
from hto_track.services.facts import CohortFacts, CohortGround, MemberFacts
from hto_track.services.own_plan_rows import written
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.views import CohortPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """One participant, judged on a date, for who may do an action with them."""

    found: CohortFacts
    standing: Standing

    @property
    def ground(self) -> CohortGround:
        """The cohort they are in."""
        return self.found.ground

    @property
    def plan(self) -> CohortPlan:
        """What is planned for everyone in it."""
        return self.found.plan

    @property
    def person(self) -> MemberFacts:
        """What is known of them."""
        return self.found.members[0]

    @property
    def code(self) -> str:
        """The participant's code."""
        return self.person.member.code

    @property
    def participant_id(self) -> int:
        """The participant's id."""
        return self.person.member.id


def planner_of(session: Session, actor: Actor, action: Action, participant_code: str, on: date) -> Planner:
    """A participant with whom ``actor`` may do ``action``; NotFound or Forbidden as the policy says."""
    ground = facts.ground_of_participant(session, participant_code)
    known = facts.facts_of_participant(session, ground, participant_code)
    if not known.members:
        raise NotFound(f"There is no participant {participant_code}")
    person = known.members[0]
    require(actor, action, subject_of(ground.cohort, participant_id=person.member.id))
    return Planner(found=known, standing=judge(person.facts, on))


def with_days(plan: OwnPlan, days: Mapping[date, int], on: date) -> OwnPlan:
    """``plan`` with other internship days after ``on``; those up to it are past, and stay."""
    return replace(plan, days={day: minutes for day, minutes in plan.days.items() if day <= on} | dict(days))


def store_plan(session: Session, actor: Actor, who: Planner, before: OwnPlan, after: OwnPlan, action: str) -> None:
    """Let ``after`` be what is kept in place of ``before``; for use inside ``writing()``."""
    if written(before) == written(after):
        return
    _store_work(session, who, before.work, after.work)
    gone = [on for on in before.days if on not in after.days or after.days[on] != before.days[on]]
    session.execute(
        delete(PlannedInternshipDay)
        .where(PlannedInternshipDay.participant_id == who.participant_id, PlannedInternshipDay.planned_on.in_(gone))
        .execution_options(synchronize_session=False)
    )
    now = clock.now()
    session.add_all(
        PlannedInternshipDay(participant_id=who.participant_id, planned_on=on, minutes=minutes, planned_at=now)
        for on, minutes in after.days.items()
        if before.days.get(on) != minutes
    )
    session.flush()
    subject = audit.of_participant(who.code, "plan")
    audit.record(session, actor, action, subject, before=_said(before), after=_said(after))


def _said(plan: OwnPlan) -> dict[str, list[str]]:
    """A plan as the trail keeps it: a line for each part."""
    return {
        "work": [
            f"{move.assignment}: {move.from_monday.isoformat()} → {move.to_monday.isoformat()}, {move.minutes} min"
            for move in sorted(plan.work)
        ],
        "days": [f"{on.isoformat()}: {minutes} min" for on, minutes in sorted(plan.days.items())],
    }


def _store_work(session: Session, who: Planner, before: Collection[WorkMove], after: Collection[WorkMove]) -> None:
    codes = {move.assignment for move in (*before, *after)}
    query = select(Assignment.code, Assignment.id).where(
        Assignment.cohort_id == who.ground.cohort.id, Assignment.code.in_(codes)
    )
    ids = {code: assignment_id for code, assignment_id in session.execute(query)}
    for move in set(before) - set(after):
        session.execute(
            delete(PlannedMove)
            .where(
                PlannedMove.participant_id == who.participant_id,
                PlannedMove.assignment_id == ids[move.assignment],
                PlannedMove.from_monday == move.from_monday,
                PlannedMove.to_monday == move.to_monday,
            )
            .execution_options(synchronize_session=False)
        )
    now = clock.now()
    session.add_all(
        PlannedMove(
            participant_id=who.participant_id,
            assignment_id=ids[move.assignment],
            from_monday=move.from_monday,
            to_monday=move.to_monday,
            minutes=move.minutes,
            planned_at=now,
        )
        for move in after
        if move not in before
    )


def take_answers_back(session: Session, participant_id: int, answered_at: datetime) -> None:
    """Take back the answers "planned" that keeping a plan at that moment gave."""
    session.execute(
        delete(WarningAnswer)
        .where(
            WarningAnswer.participant_id == participant_id,
            WarningAnswer.kind == AnswerKind.PLANNED,
            WarningAnswer.answered_at == answered_at,
            WarningAnswer.note.is_(None),
        )
        .execution_options(synchronize_session=False)
    )
