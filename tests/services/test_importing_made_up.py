"""An import knows what was made up where: one evening counts once (RULES.md section 1)."""

from typing import Any

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.lessons import Attendance, MakeUp
from hto_track.rules.facts import Mark
from hto_track.services.attendance import MarkChange, record_marks, undo_marks
from hto_track.services.attendance_lists import lesson_attendance
from hto_track.services.form_answers import SentForm
from hto_track.services.make_ups import MakeUpAsked, make_up_form, record_make_up
from hto_track.services.standings import participant_standing
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.importable import faults_of, imported

HEADER = "cohort_code,lesson_no,participant_code,mark"


def made_up_at_2(cast: Cast) -> None:
    """Bram missed lesson 1 and made it up at lesson 2."""
    others = make_up_form(cast.chaima, cast.cohort, 1, cast.participant, TODAY).others
    at = next(other.id for other in others if (other.cohort, other.number) == (cast.cohort, 2))
    record_make_up(cast.chaima, cast.cohort, 1, cast.participant, MakeUpAsked(seen=None, at_lesson_id=at), TODAY)


def marks(cast: Cast, *rows: tuple[int, str]) -> dict[str, str | bytes]:
    """A file of marks of Bram, by number of the lesson."""
    lines = [f"{cast.cohort},{number},{cast.participant},{mark}" for number, mark in rows]
    return {"attendance": "\n".join((HEADER, *lines))}


def mark_at(cast: Cast, lesson: int) -> Mark | None:
    return lesson_attendance(cast.chaima, cast.cohort, lesson, TODAY).rows[0].mark


def attended(cast: Cast) -> int:
    return participant_standing(cast.anja, cast.participant, TODAY).member.standing.attendance.attended


@pytest.mark.parametrize("mark", ["present", "late"])
def test_nobody_is_marked_where_they_made_up_another_lesson(cast: Cast, mark: str) -> None:
    made_up_at_2(cast)
    (fault,) = faults_of(marks(cast, (1, "made_up"), (2, mark)))
    assert (fault.file, fault.row, fault.column, fault.value) == ("attendance.csv", 3, "mark", mark)
    assert "lesson 1 was made up here" in str(fault) or "les 1 is hier ingehaald" in str(fault)
    assert mark_at(cast, 2) is None
    assert attended(cast) == 1


def test_who_made_up_there_may_be_marked_as_not_there_for_it(cast: Cast) -> None:
    made_up_at_2(cast)
    imported(marks(cast, (2, "absent")))
    assert (mark_at(cast, 2), attended(cast)) == (Mark.ABSENT, 1)


def test_a_file_that_takes_back_what_was_made_up_may_mark_the_evening_for_itself(cast: Cast) -> None:
    made_up_at_2(cast)
    imported(marks(cast, (1, "absent"), (2, "present")))
    assert db.session.scalars(select(MakeUp)).all() == []
    assert attended(cast) == 1


def test_what_counts_twice_since_before_comes_back_unchanged_by_its_own_file(cast: Cast) -> None:
    made_up_at_2(cast)
    at = db.session.scalars(select(MakeUp.at_lesson_id)).one()
    with writing() as session:
        session.add(Attendance(participant_id=cast.participant_id, lesson_id=at, mark=Mark.PRESENT))
    result = imported(marks(cast, (1, "made_up"), (2, "present")))
    assert (result.total.created, result.total.updated, result.total.unchanged) == (0, 0, 2)


def test_a_make_up_comes_not_back_at_an_evening_that_counts_for_itself_by_now(cast: Cast) -> None:
    made_up_at_2(cast)
    change: Any = MarkChange(participant=cast.participant, seen=Mark.MADE_UP, mark=Mark.ABSENT)
    record_marks(cast.chaima, cast.cohort, 1, [change], TODAY, SentForm(key="one", content="one"))
    imported(marks(cast, (2, "present")))
    undone = undo_marks(cast.chaima, cast.cohort, 1, "one", TODAY)
    assert [conflict.participant for conflict in undone.conflicts] == [cast.participant]
    assert (mark_at(cast, 1), attended(cast)) == (Mark.ABSENT, 1)
