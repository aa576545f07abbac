"""``hto-track check`` names what is not whole."""

from datetime import date, time

from sqlalchemy import text

from hto_track.extensions import db
from hto_track.models.assignments import Attempt
from hto_track.models.internship import InternshipEntry
from hto_track.models.lessons import Attendance
from hto_track.rules.facts import Activity, EntryState, Mark
from hto_track.services.integrity import faults
from hto_track.services.transaction import writing
from tests.cast import Cast


def test_the_example_is_whole(example_app: object) -> None:
    assert faults() == []


def test_a_mark_at_another_cohorts_lesson_is_named(cast: Cast) -> None:
    with writing() as session:
        other = db.session.execute(text("SELECT id FROM participants WHERE code = 'C2-01'")).scalar_one()
        session.add(Attendance(participant_id=other, lesson_id=cast.lesson_id, mark=Mark.PRESENT))
    [fault] = faults()
    assert fault.startswith("C2-01 has a mark at lesson")


def test_a_gap_in_attempts_is_named(cast: Cast) -> None:
    with writing() as session:
        session.add(
            Attempt(
                participant_id=cast.participant_id,
                assignment_id=cast.assignment_id,
                number=2,
                submitted_on=date(2026, 6, 1),
            )
        )
    assert faults() == ["C1-01 has an attempt 2 without an attempt 1"]


def test_minutes_that_the_times_do_not_leave_are_named(cast: Cast) -> None:
    with writing() as session:
        entry = InternshipEntry(
            participant_id=cast.participant_id,
            placement_id=cast.placement_id,
            worked_on=date(2026, 6, 1),
            starts_at=time(9),
            ends_at=time(12),
            break_minutes=15,
            minutes=180,
            activity=Activity.OBSERVE,
            state=EntryState.SUBMITTED,
            submitted_on=date(2026, 6, 1),
        )
        session.add(entry)
        session.flush()
        entry_id = entry.id
    assert faults() == [f"Internship entry {entry_id} says 180 minutes, its times say 165"]
