"""Is everything whole: references, the audit trail, and sums that must agree."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, func, not_, or_, select, text
from sqlalchemy.orm import Session, aliased

from hto_track.models.assignments import Attempt
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import Revision
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.participants import Participant
from hto_track.services.audit_chain import chain_faults
from hto_track.services.transaction import reading


def faults() -> list[str]:
    """One sentence per fault; none when everything is whole."""
    session = reading()
    return [
        *_broken_references(session),
        *chain_faults(session),
        *_crossed_cohorts(session),
        *_crossed_placements(session),
        *_attempt_gaps(session),
        *_wrong_durations(session),
        *([] if session.scalar(select(func.count()).select_from(Revision)) == 1 else ["The revision is not one row"]),
    ]


def _broken_references(session: Session) -> Iterator[str]:
    """SQLite alone can hold rows that refer to nothing: a tool that did not switch foreign keys on."""
    if session.get_bind().dialect.name != "sqlite":
        return
    for table, row_id, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield f"{table} row {row_id} refers to a row of {parent} that is not there"
    for (result,) in session.execute(text("PRAGMA integrity_check")):
        if result != "ok":
            yield f"The database file is damaged: {result}"


def _crossed_cohorts(session: Session) -> Iterator[str]:
    query = (
        select(Participant.code, Lesson.number)
        .join(Attendance, Attendance.participant_id == Participant.id)
        .join(Lesson, Lesson.id == Attendance.lesson_id)
        .where(Lesson.cohort_id != Participant.cohort_id)
    )
    for code, number in session.execute(query):
        yield f"{code} has a mark at lesson {number} of another cohort"


def _crossed_placements(session: Session) -> Iterator[str]:
    query = (
        select(InternshipEntry.id, Participant.code)
        .join(Placement, Placement.id == InternshipEntry.placement_id)
        .join(Participant, Participant.id == InternshipEntry.participant_id)
        .where(Placement.participant_id != InternshipEntry.participant_id)
    )
    for entry_id, code in session.execute(query):
        yield f"Internship entry {entry_id} of {code} is at somebody else's placement"


def _attempt_gaps(session: Session) -> Iterator[str]:
    before = aliased(Attempt)
    has_previous = exists().where(
        and_(
            before.participant_id == Attempt.participant_id,
            before.assignment_id == Attempt.assignment_id,
            before.number == Attempt.number - 1,
        )
    )
    query = (
        select(Participant.code, Attempt.number)
        .join(Attempt, Attempt.participant_id == Participant.id)
        .where(Attempt.number > 1, not_(has_previous))
    )
    for code, number in session.execute(query):
        yield f"{code} has an attempt {number} without an attempt {number - 1}"


def _wrong_durations(session: Session) -> Iterator[str]:
    """An entry's minutes are what its times and its break leave."""
    rows = session.execute(
        select(
            InternshipEntry.id,
            InternshipEntry.starts_at,
            InternshipEntry.ends_at,
            InternshipEntry.break_minutes,
            InternshipEntry.minutes,
        ).where(or_(InternshipEntry.starts_at.is_not(None), InternshipEntry.ends_at.is_not(None)))
    )
    for entry_id, start, end, break_minutes, minutes in rows:
        worked = (
            None
            if start is None or end is None
            else (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute) - break_minutes
        )
        if worked != minutes:
            yield f"Internship entry {entry_id} says {minutes} minutes, its times say {worked}"
