"""Someone of the cast who has met every requirement of the diploma."""

from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.diploma import CheckpointRecord, FinalAssessment
from hto_track.models.internship import InternshipEntry, Placement, SchoolType
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.participants import Participant
from hto_track.models.programmes import Checkpoint
from hto_track.rules.facts import Activity, AttemptOutcome, EntryState, Mark
from hto_track.services.transaction import writing
from tests.cast import Cast

READY_ON = date(2026, 6, 12)
"""The day of the closing interview, the last thing that was asked."""


def make_ready(cast: Cast, participant: str = "C1-01") -> None:
    """Give ``participant`` all that the diploma asks, the last of it on ``READY_ON``; no lesson is still to come."""
    with writing() as session:
        person = session.scalars(select(Participant).where(Participant.code == participant)).one()
        session.execute(
            update(Lesson).where(Lesson.cohort_id == person.cohort_id, Lesson.number == 3).values(held_on=READY_ON)
        )
        for lesson in session.scalars(select(Lesson).where(Lesson.cohort_id == person.cohort_id)):
            session.add(Attendance(participant_id=person.id, lesson_id=lesson.id, mark=Mark.PRESENT))
        for assignment in session.scalars(select(Assignment).where(Assignment.cohort_id == person.cohort_id)):
            session.add(
                Attempt(
                    participant_id=person.id,
                    assignment_id=assignment.id,
                    number=1,
                    submitted_on=date(2026, 6, 2),
                    assessed_on=date(2026, 6, 9),
                    outcome=AttemptOutcome.PASSED,
                )
            )
        checkpoint = session.scalars(select(Checkpoint)).one()
        session.add(
            CheckpointRecord(participant_id=person.id, checkpoint_id=checkpoint.id, recorded_on=date(2026, 3, 30))
        )
        session.add(FinalAssessment(participant_id=person.id, held_on=READY_ON, passed=True, resit_allowed=True))
        _internship(session, person)


def _internship(session: Session, person: Participant) -> None:
    placement = session.scalars(select(Placement).where(Placement.participant_id == person.id)).first()
    if placement is None:
        placement = Placement(
            participant_id=person.id,
            school="Vakcollege Noord",
            school_type=SchoolType.VMBO,
            start_on=date(2026, 4, 1),
            end_on=date(2026, 12, 18),
        )
        session.add(placement)
        session.flush()
    for week in range(10):
        worked_on = date(2026, 4, 1) + timedelta(weeks=week)
        session.add(
            InternshipEntry(
                participant_id=person.id,
                placement_id=placement.id,
                worked_on=worked_on,
                break_minutes=0,
                minutes=8 * 60,
                activity=Activity.TEACH,
                state=EntryState.CONFIRMED,
                submitted_on=worked_on,
                decided_on=worked_on,
            )
        )
