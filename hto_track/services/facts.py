"""From rows to facts, in one place and in a constant number of queries, whatever the number of participants."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort, SchoolHoliday
from hto_track.models.ledger import Revision
from hto_track.models.load import RequestKind
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules import calendar, facts
from hto_track.rules.facts import Facts
from hto_track.services import fact_rows, values
from hto_track.services.refusals import NotFound
from hto_track.services.views import CohortPlan, CohortSummary, DiplomaAward, DiplomaInForce, Member, PlacementView


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortGround:
    """A cohort before its people are read: its name, its programme's settings, its calendar, and the revision it is of."""

    cohort: CohortSummary
    programme: facts.Programme
    calendar: calendar.SchoolCalendar
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What is known of one participant; ``not_in_yet`` of who should sign in and never did, ``asks`` what nobody answered."""

    member: Member
    not_in_yet: bool
    asks: tuple[RequestKind, ...]
    facts: Facts
    placements: tuple[PlacementView, ...]
    awards: tuple[DiplomaAward, ...]

    def diploma_on(self, on: date) -> DiplomaInForce | None:
        """The diploma in force on ``on``: awarded by then and not revoked."""
        for award in self.awards:
            if award.awarded_on <= on and (award.revoked_on is None or award.revoked_on > on):
                return DiplomaInForce(register_number=award.register_number, awarded_on=award.awarded_on)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFacts:
    """A cohort's plan and what is known of its people, in order of code."""

    ground: CohortGround
    plan: CohortPlan
    members: tuple[MemberFacts, ...]


# One row a cohort: a row for each of its holidays would make its two entities as many times.
_HOLIDAYS = (
    select(
        func.aggregate_strings(cast(SchoolHoliday.first_day, String) + "/" + cast(SchoolHoliday.last_day, String), " ")
    )
    .where(SchoolHoliday.region == Cohort.region)
    .correlate(Cohort)
    .scalar_subquery()
)
_GROUND = select(
    Cohort,
    Programme,
    _HOLIDAYS.label("holidays"),
    select(Revision.number).scalar_subquery().label("revision"),
).join(Programme, Programme.id == Cohort.programme_id)
# Made once: every page asks one of these, and making a statement takes longer than running it.
_GROUND_OF_COHORT = _GROUND.where(Cohort.code == bindparam("code"))
_GROUNDS_OF_COHORTS = _GROUND.where(Cohort.id.in_(bindparam("ids", expanding=True)))
_GROUND_OF_PARTICIPANT = _GROUND.where(
    Cohort.id == select(Participant.cohort_id).where(Participant.code == bindparam("code")).scalar_subquery()
)


def cohort_ground(session: Session, cohort_code: str) -> CohortGround:
    """The ground of a cohort, in one query; NotFound when there is none of that code."""
    return _one_ground(session, _GROUND_OF_COHORT, cohort_code)


def cohort_grounds(session: Session, cohort_ids: Collection[int]) -> dict[int, CohortGround]:
    """The grounds of these cohorts by id, in one query."""
    return {row.Cohort.id: _ground(row) for row in session.execute(_GROUNDS_OF_COHORTS, {"ids": list(cohort_ids)})}


def ground_of_participant(session: Session, participant_code: str) -> CohortGround:
    """The ground of the cohort that a participant is in, in one query; NotFound when there is none of that code."""
    return _one_ground(session, _GROUND_OF_PARTICIPANT, participant_code)


def facts_of_cohort(session: Session, ground: CohortGround) -> CohortFacts:
    """Everyone of a cohort."""
    return _load(session, [ground], Participant.cohort_id == ground.cohort.id)[0]


def facts_of_cohorts(session: Session, grounds: Sequence[CohortGround]) -> list[CohortFacts]:
    """Everyone of each of these cohorts, in as many queries as for one."""
    return _load(session, grounds, Participant.cohort_id.in_([ground.cohort.id for ground in grounds]))


def facts_of_participant(session: Session, ground: CohortGround, participant_code: str) -> CohortFacts:
    """One participant of a cohort."""
    who = and_(Participant.cohort_id == ground.cohort.id, Participant.code == participant_code)
    return _load(session, [ground], who)[0]


def _one_ground(session: Session, query: Select[Any], code: str) -> CohortGround:
    row = session.execute(query, {"code": code}).one_or_none()
    if row is None:
        raise NotFound(f"There is no cohort or participant {code}")
    return _ground(row)


def _ground(row: Row[Any]) -> CohortGround:
    return CohortGround(
        cohort=values.cohort_summary(row.Cohort, row.Programme),
        programme=values.programme_settings(row.Programme),
        calendar=_calendar(row.holidays or ""),
        revision=row.revision,
    )


@lru_cache(maxsize=64)
def _calendar(holidays: str) -> calendar.SchoolCalendar:
    """The calendar of one region, of its holidays as ``_HOLIDAYS`` has them."""
    periods = (map(date.fromisoformat, holiday.split("/")) for holiday in holidays.split())
    return calendar.SchoolCalendar.of(
        tuple(calendar.SchoolHoliday(first_day=first, last_day=last) for first, last in periods)
    )


def _load(session: Session, grounds: Sequence[CohortGround], who: ColumnElement[bool]) -> list[CohortFacts]:
    cohort_ids = [ground.cohort.id for ground in grounds]
    people = fact_rows.participants(session, who)
    lesson_plans, marks = fact_rows.lessons_of(session, cohort_ids, who)
    tasks = fact_rows.assignments_of(session, cohort_ids)
    attempts, extensions = fact_rows.attempts(session, who), fact_rows.extensions(session, who)
    placements, entries = fact_rows.internship(session, who)
    study_log = fact_rows.study_log(session, who)
    final_assessments = fact_rows.final_assessments(session, who)
    programme_ids = {ground.cohort.programme_id for ground in grounds}
    checkpoint_plans, recorded = fact_rows.checkpoints_of(session, programme_ids, who)

    def assignments_of(participant_id: int, own: fact_rows.Tasks) -> tuple[facts.Assignment, ...]:
        return tuple(
            facts.Assignment(
                code=plan.code,
                opens_on=plan.opens_on,
                due_on=plan.due_on,
                estimate=plan.estimate,
                mandatory=plan.mandatory,
                outcomes=own.bears[assignment_id],
                attempts=tuple(attempts[participant_id, assignment_id]),
                extended_to=extensions.get((participant_id, assignment_id)),
            )
            for assignment_id, plan in own.plans.items()
        )

    def facts_of(person: fact_rows.Person, ground: CohortGround) -> Facts:
        cohort = ground.cohort
        return Facts(
            programme=ground.programme,
            calendar=ground.calendar,
            enrolment=values.enrolment(person.row, person.pauses.values(), cohort),
            lessons=tuple(
                facts.Lesson(
                    number=plan.number,
                    on=plan.on,
                    start=plan.starts_at,
                    minutes=values.lesson_minutes(plan),
                    cancelled=plan.cancelled,
                    mark=marks.get((person.row.id, lesson_id)),
                )
                for lesson_id, plan in lesson_plans[cohort.id].items()
            ),
            assignments=assignments_of(person.row.id, tasks[cohort.id]),
            placements=tuple(
                facts.Placement(start_on=placement.start_on, end_on=placement.end_on)
                for placement in placements[person.row.id]
            ),
            internship=tuple(entries[person.row.id]),
            study_log=tuple(study_log[person.row.id]),
            final_assessments=tuple(final_assessments[person.row.id]),
            checkpoints=tuple(
                facts.Checkpoint(
                    code=plan.code,
                    due_week=plan.due_week,
                    recorded_on=tuple(recorded[person.row.id, checkpoint_id]),
                )
                for checkpoint_id, plan in checkpoint_plans[cohort.programme_id].items()
            ),
        )

    by_cohort: defaultdict[int, list[fact_rows.Person]] = defaultdict(list)
    for person in people:
        by_cohort[person.row.cohort_id].append(person)
    return [
        CohortFacts(
            ground=ground,
            plan=CohortPlan(
                lessons=tuple(lesson_plans[ground.cohort.id].values()),
                assignments=tuple(tasks[ground.cohort.id].plans.values()),
                checkpoints=tuple(checkpoint_plans[ground.cohort.programme_id].values()),
                outcomes=tasks[ground.cohort.id].titles,
            ),
            members=tuple(
                MemberFacts(
                    member=values.member(person.row),
                    not_in_yet=person.not_in_yet,
                    asks=person.asks,
                    facts=facts_of(person, ground),
                    placements=tuple(placements[person.row.id]),
                    awards=tuple(person.awards.values()),
                )
                for person in by_cohort[ground.cohort.id]
            ),
        )
        for ground in grounds
    ]
