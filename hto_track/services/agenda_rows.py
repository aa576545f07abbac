"""The queries behind ``agenda_items.py``: one function, one query, whatever the number of cohorts and people."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.lessons import Attendance, Lesson, LessonChange
from hto_track.models.participants import Participant
from hto_track.rules.facts import EntryState, Mark

LIVE = (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.CONFIRMED)
"""The states in which hours stand (RULES.md section 3)."""


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson, and what changed in it, first change first."""

    row: Lesson
    changes: list[LessonChange]


def lessons(session: Session, cohort_ids: Collection[int]) -> dict[int, list[PlannedLesson]]:
    """The lessons of each cohort."""
    found: dict[int, PlannedLesson] = {}
    query = (
        select(Lesson, LessonChange)
        .outerjoin(LessonChange, LessonChange.lesson_id == Lesson.id)
        .where(Lesson.cohort_id.in_(cohort_ids))
        .order_by(Lesson.id, LessonChange.changed_at, LessonChange.id)
    )
    for row, change in session.execute(query):
        lesson = found.setdefault(row.id, PlannedLesson(row, []))
        if change is not None:
            lesson.changes.append(change)
    by_cohort: defaultdict[int, list[PlannedLesson]] = defaultdict(list)
    for lesson in found.values():
        by_cohort[lesson.row.cohort_id].append(lesson)
    return by_cohort


def assignments(session: Session, cohort_ids: Collection[int]) -> dict[int, list[Assignment]]:
    """The assignments of each cohort."""
    by_cohort: defaultdict[int, list[Assignment]] = defaultdict(list)
    for row in session.scalars(select(Assignment).where(Assignment.cohort_id.in_(cohort_ids)).order_by(Assignment.id)):
        by_cohort[row.cohort_id].append(row)
    return by_cohort


def marks(session: Session, participant_ids: Collection[int]) -> dict[int, dict[int, Mark]]:
    """The marks of each participant, by lesson."""
    by_participant: defaultdict[int, dict[int, Mark]] = defaultdict(dict)
    query = select(Attendance.participant_id, Attendance.lesson_id, Attendance.mark)
    for participant_id, lesson_id, mark in session.execute(query.where(Attendance.participant_id.in_(participant_ids))):
        by_participant[participant_id][lesson_id] = mark
    return by_participant


def placements(
    session: Session, participant_ids: Collection[int]
) -> dict[int, list[tuple[Placement, list[InternshipEntry]]]]:
    """The placements of each participant with the hours that stand there."""
    found: dict[int, tuple[Placement, list[InternshipEntry]]] = {}
    stands = and_(InternshipEntry.placement_id == Placement.id, InternshipEntry.state.in_(LIVE))
    query = (
        select(Placement, InternshipEntry)
        .outerjoin(InternshipEntry, stands)
        .where(Placement.participant_id.in_(participant_ids))
        .order_by(Placement.start_on, Placement.id, InternshipEntry.id)
    )
    for placement, entry in session.execute(query):
        _, entries = found.setdefault(placement.id, (placement, []))
        if entry is not None:
            entries.append(entry)
    by_participant: defaultdict[int, list[tuple[Placement, list[InternshipEntry]]]] = defaultdict(list)
    for placement, entries in found.values():
        by_participant[placement.participant_id].append((placement, entries))
    return by_participant


def interviews(
    session: Session, participant_ids: Collection[int], cohort_ids: Collection[int]
) -> list[tuple[PlannedFinalAssessment, Participant]]:
    """The closing interviews planned with these participants, and with anybody of these cohorts who was not erased."""
    query = (
        select(PlannedFinalAssessment, Participant)
        .join(Participant, Participant.id == PlannedFinalAssessment.participant_id)
        .where(
            Participant.erased_on.is_(None),
            or_(Participant.id.in_(participant_ids), Participant.cohort_id.in_(cohort_ids)),
        )
        .order_by(PlannedFinalAssessment.id)
    )
    return [(planned, participant) for planned, participant in session.execute(query)]
