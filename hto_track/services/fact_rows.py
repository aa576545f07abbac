"""The queries behind ``facts.py``: one function, one query, over the participants that ``who`` picks."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, User
from hto_track.models.assignments import Assignment, AssignmentOutcome, Attempt, Extension, StudyLogRow
from hto_track.models.diploma import CheckpointRecord, Diploma, FinalAssessment
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.load import LoadRequest, RequestKind, RequestState
from hto_track.models.participants import Participant, Pause
from hto_track.models.programmes import Checkpoint, LearningOutcome
from hto_track.rules import facts
from hto_track.rules.facts import Mark
from hto_track.rules.span import ENDED
from hto_track.services import values
from hto_track.services.views import AssignmentPlan, CheckpointPlan, DiplomaAward, LessonPlan, PlacementView


@dataclass(frozen=True, slots=True)
class Person:
    """A participant's row with what hangs on it alone, by id; ``not_in_yet`` of who should sign in and never did.

    ``asks`` are the kinds of their requests that nobody answered yet.
    """

    row: Participant
    not_in_yet: bool
    asks: tuple[RequestKind, ...]
    pauses: dict[int, facts.Pause]
    awards: dict[int, DiplomaAward]


def participants(session: Session, who: ColumnElement[bool]) -> list[Person]:
    """Who they are, with their pauses and diplomas, in order of code."""
    people: dict[int, Person] = {}
    came_in = exists().where(
        Grant.participant_id == Participant.id,
        User.id == Grant.user_id,
        User.last_signed_in_at > Grant.granted_at,  # as ``inviting.has_come_in`` says
    )
    query = (
        select(
            Participant,
            came_in,
            *(_waiting(kind) for kind in RequestKind),
            Pause.id,
            Pause.start_on,
            Pause.end_on,
            Diploma.id,
            Diploma.register_number,
            Diploma.awarded_on,
            Diploma.revoked_on,
        )
        .outerjoin(Pause, Pause.participant_id == Participant.id)
        .outerjoin(Diploma, Diploma.participant_id == Participant.id)
        .where(who)
    )
    for row, is_in, *asked, pause_id, start_on, end_on, diploma_id, number, awarded_on, revoked_on in session.execute(
        query
    ):
        not_in_yet = not is_in and row.status not in ENDED and row.erased_on is None
        asks = tuple(kind for kind, times in zip(RequestKind, asked, strict=True) for _time in range(times))
        person = people.setdefault(row.id, Person(row, not_in_yet, asks, {}, {}))
        if pause_id is not None:
            person.pauses[pause_id] = facts.Pause(start_on=start_on, end_on=end_on)
        if diploma_id is not None:
            person.awards[diploma_id] = DiplomaAward(
                register_number=number, awarded_on=awarded_on, revoked_on=revoked_on
            )
    # Here, because each database orders text in its own way: PostgreSQL by the language it was set up for.
    return sorted(people.values(), key=lambda person: person.row.code)


def _waiting(kind: RequestKind) -> ScalarSelect[int]:
    """How many requests of a kind a participant waits for; beside their row, so that it takes no query of its own."""
    waits = (
        LoadRequest.participant_id == Participant.id,
        LoadRequest.kind == kind,
        LoadRequest.state == RequestState.ASKED,
    )
    return select(func.count()).select_from(LoadRequest).where(*waits).correlate(Participant).scalar_subquery()


def lessons(
    session: Session, cohort_id: int, who: ColumnElement[bool]
) -> tuple[dict[int, LessonPlan], dict[tuple[int, int], Mark]]:
    """The cohort's lessons by id in order of date, and the marks by participant and lesson."""
    plans, marks = lessons_of(session, [cohort_id], who)
    return plans[cohort_id], marks


def lessons_of(
    session: Session, cohort_ids: Collection[int], who: ColumnElement[bool]
) -> tuple[dict[int, dict[int, LessonPlan]], dict[tuple[int, int], Mark]]:
    """The lessons of each cohort by id in order of date, and the marks by participant and lesson."""
    plans: dict[int, dict[int, LessonPlan]] = {cohort_id: {} for cohort_id in cohort_ids}
    marks: dict[tuple[int, int], Mark] = {}
    marked = (
        select(Attendance.lesson_id, Attendance.participant_id, Attendance.mark)
        .join(Participant, Participant.id == Attendance.participant_id)
        .where(who)
        .subquery()
    )
    query = (
        select(
            Lesson.cohort_id,
            Lesson.id,
            Lesson.number,
            Lesson.title,
            Lesson.held_on,
            Lesson.starts_at,
            Lesson.ends_at,
            Lesson.state,
            marked.c.participant_id,
            marked.c.mark,
        )
        .outerjoin(marked, marked.c.lesson_id == Lesson.id)
        .where(Lesson.cohort_id.in_(cohort_ids))
        .order_by(Lesson.held_on, Lesson.starts_at, Lesson.number)
    )
    for (
        cohort_id,
        lesson_id,
        number,
        title,
        held_on,
        starts_at,
        ends_at,
        state,
        participant_id,
        mark,
    ) in session.execute(query):
        if lesson_id not in plans[cohort_id]:
            plans[cohort_id][lesson_id] = LessonPlan(
                number=number, title=title, on=held_on, starts_at=starts_at, ends_at=ends_at, state=state
            )
        if participant_id is not None:
            marks[participant_id, lesson_id] = mark
    return plans, marks


@dataclass(frozen=True, slots=True)
class Tasks:
    """A cohort's assignments by id, the outcome codes each bears, and the outcomes' titles by code."""

    plans: dict[int, AssignmentPlan]
    bears: dict[int, tuple[str, ...]]
    titles: dict[str, str]


def assignments_of(session: Session, cohort_ids: Collection[int]) -> dict[int, Tasks]:
    """The assignments of each cohort."""
    found = {cohort_id: Tasks({}, {}, {}) for cohort_id in cohort_ids}
    query = (
        select(Assignment, LearningOutcome.code, LearningOutcome.title)
        .outerjoin(AssignmentOutcome, AssignmentOutcome.assignment_id == Assignment.id)
        .outerjoin(LearningOutcome, LearningOutcome.id == AssignmentOutcome.learning_outcome_id)
        .where(Assignment.cohort_id.in_(cohort_ids))
        .order_by(Assignment.opens_on, Assignment.due_on, Assignment.id, LearningOutcome.code)
    )
    for row, outcome_code, outcome_title in session.execute(query):
        tasks = found[row.cohort_id]
        if row.id not in tasks.plans:
            tasks.plans[row.id] = AssignmentPlan(
                code=row.code,
                title=row.title,
                opens_on=row.opens_on,
                due_on=row.due_on,
                mandatory=row.mandatory,
                estimate=row.estimated_minutes,
            )
            tasks.bears[row.id] = ()
        if outcome_code is not None:
            tasks.bears[row.id] += (outcome_code,)
            tasks.titles[outcome_code] = outcome_title
    return found


def _of(query: Select[Any], participant_id: Any, who: ColumnElement[bool]) -> Select[Any]:
    return query.join(Participant, Participant.id == participant_id).where(who)


def attempts(session: Session, who: ColumnElement[bool]) -> defaultdict[tuple[int, int], list[facts.Attempt]]:
    """Attempts by participant and assignment, in order of number."""
    attempts: defaultdict[tuple[int, int], list[facts.Attempt]] = defaultdict(list)
    query = select(
        Attempt.participant_id,
        Attempt.assignment_id,
        Attempt.number,
        Attempt.submitted_on,
        Attempt.assessed_on,
        Attempt.outcome,
        Attempt.resit_due_on,
    )
    for participant_id, assignment_id, number, submitted_on, assessed_on, outcome, resit_due_on in session.execute(
        _of(query, Attempt.participant_id, who).order_by(Attempt.number)
    ):
        attempts[participant_id, assignment_id].append(
            facts.Attempt(
                number=number,
                submitted_on=submitted_on,
                assessed_on=assessed_on,
                outcome=outcome,
                resit_due_on=resit_due_on,
            )
        )
    return attempts


def extensions(session: Session, who: ColumnElement[bool]) -> dict[tuple[int, int], date]:
    """Due dates of one's own, by participant and assignment."""
    query = select(Extension.participant_id, Extension.assignment_id, Extension.due_on)
    return {(row[0], row[1]): row[2] for row in session.execute(_of(query, Extension.participant_id, who))}


def internship(
    session: Session, who: ColumnElement[bool]
) -> tuple[defaultdict[int, list[PlacementView]], defaultdict[int, list[facts.InternshipEntry]]]:
    """Placements and entries of internship hours, by participant."""
    placements: defaultdict[int, list[PlacementView]] = defaultdict(list)
    entries: defaultdict[int, list[facts.InternshipEntry]] = defaultdict(list)
    query = (
        select(
            Placement,
            InternshipEntry.worked_on,
            InternshipEntry.minutes,
            InternshipEntry.state,
            InternshipEntry.submitted_on,
            InternshipEntry.decided_on,
        )
        .outerjoin(InternshipEntry, InternshipEntry.placement_id == Placement.id)
        .order_by(Placement.start_on, Placement.id, InternshipEntry.worked_on, InternshipEntry.id)
    )
    seen: set[int] = set()
    for row, worked_on, minutes, state, submitted_on, decided_on in session.execute(
        _of(query, Placement.participant_id, who)
    ):
        if row.id not in seen:
            seen.add(row.id)
            placements[row.participant_id].append(values.placement_view(row))
        if worked_on is not None:
            entries[row.participant_id].append(
                facts.InternshipEntry(
                    on=worked_on, minutes=minutes, state=state, submitted_on=submitted_on, decided_on=decided_on
                )
            )
    return placements, entries


def study_log(session: Session, who: ColumnElement[bool]) -> defaultdict[int, list[facts.StudyLogRow]]:
    """Study-log rows by participant, in order of date."""
    rows: defaultdict[int, list[facts.StudyLogRow]] = defaultdict(list)
    query = (
        select(StudyLogRow.participant_id, StudyLogRow.logged_on, StudyLogRow.minutes, Assignment.code)
        .outerjoin(Assignment, Assignment.id == StudyLogRow.assignment_id)
        .order_by(StudyLogRow.logged_on, StudyLogRow.id)
    )
    for participant_id, on, minutes, assignment in session.execute(_of(query, StudyLogRow.participant_id, who)):
        rows[participant_id].append(facts.StudyLogRow(on=on, minutes=minutes, assignment=assignment))
    return rows


def final_assessments(session: Session, who: ColumnElement[bool]) -> defaultdict[int, list[facts.FinalAssessment]]:
    """Closing interviews by participant."""
    rows: defaultdict[int, list[facts.FinalAssessment]] = defaultdict(list)
    query = select(
        FinalAssessment.participant_id, FinalAssessment.held_on, FinalAssessment.passed, FinalAssessment.resit_allowed
    )
    for participant_id, on, passed, resit_allowed in session.execute(_of(query, FinalAssessment.participant_id, who)):
        rows[participant_id].append(facts.FinalAssessment(on=on, passed=passed, resit_allowed=resit_allowed))
    return rows


def checkpoints_of(
    session: Session, programme_ids: Collection[int], who: ColumnElement[bool]
) -> tuple[dict[int, dict[int, CheckpointPlan]], defaultdict[tuple[int, int], list[date]]]:
    """The checkpoints of each programme by id, and the dates on which they were recorded, by participant and checkpoint."""
    plans: dict[int, dict[int, CheckpointPlan]] = {programme_id: {} for programme_id in programme_ids}
    recorded: defaultdict[tuple[int, int], list[date]] = defaultdict(list)
    records = (
        select(CheckpointRecord.checkpoint_id, CheckpointRecord.participant_id, CheckpointRecord.recorded_on)
        .join(Participant, Participant.id == CheckpointRecord.participant_id)
        .where(who)
        .subquery()
    )
    query = (
        select(
            Checkpoint.programme_id,
            Checkpoint.id,
            Checkpoint.code,
            Checkpoint.title,
            Checkpoint.due_week,
            records.c.participant_id,
            records.c.recorded_on,
        )
        .outerjoin(records, records.c.checkpoint_id == Checkpoint.id)
        .where(Checkpoint.programme_id.in_(programme_ids))
        .order_by(Checkpoint.id)
    )
    for programme_id, checkpoint_id, code, title, due_week, participant_id, recorded_on in session.execute(query):
        plans[programme_id][checkpoint_id] = CheckpointPlan(code=code, title=title, due_week=due_week)
        if participant_id is not None:
            recorded[participant_id, checkpoint_id].append(recorded_on)
    return plans, recorded
