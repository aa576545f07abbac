"""Recording attendance: what is stored, what is refused, and two people at one list."""

from datetime import date, time

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.lessons import Attendance, Lesson, LessonState
from hto_track.models.participants import Participant, Pause
from hto_track.rules.facts import EnrolmentStatus, Mark
from hto_track.services.attendance import (
    MarkChange,
    mark_everyone_present,
    marks_recorded,
    record_marks,
    undo_marks,
)
from hto_track.services.attendance_lists import LessonAttendance, cohort_lessons, lesson_attendance
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail


def change(cast: Cast, mark: Mark | None, *, seen: Mark | None = None, of: str | None = None) -> MarkChange:
    """A change of Bram's mark, or of that of the participant ``of``."""
    return MarkChange(participant=of or cast.participant, seen=seen, mark=mark)


def marks_of(listed: LessonAttendance) -> dict[str, Mark | None]:
    """The marks on a list, by code."""
    return {row.participant: row.mark for row in listed.rows}


def marks_at(cast: Cast, lesson: int = 1) -> dict[str, Mark | None]:
    """The marks that Chaima sees at a lesson of the cohort."""
    return marks_of(lesson_attendance(cast.chaima, cast.cohort, lesson, TODAY))


def add_lesson(cast: Cast, number: int, held_on: date, state: LessonState = LessonState.PLANNED) -> None:
    """A further lesson of the cohort."""
    with writing() as session:
        session.add(
            Lesson(
                cohort_id=cast.cohort_id,
                number=number,
                held_on=held_on,
                starts_at=time(18, 30),
                ends_at=time(21, 0),
                state=state,
            )
        )


def test_a_list_names_those_whose_lesson_it_is_without_marks(cast: Cast) -> None:
    listed = lesson_attendance(cast.chaima, cast.cohort, 1, TODAY)
    assert [(row.participant, row.name, row.mark) for row in listed.rows] == [
        ("C1-01", "Bram de Wit", None),
        ("C1-02", "Noor Visser", None),
    ]
    assert listed.recordable == tuple(Mark)


def test_who_was_withdrawn_paused_or_only_applied_is_not_on_the_list(cast: Cast) -> None:
    with writing() as session:
        people = {row.code: row for row in session.scalars(select(Participant))}
        session.add(Pause(participant_id=people["C1-01"].id, start_on=date(2026, 4, 14), end_on=date(2026, 4, 14)))
        people["C1-02"].status, people["C1-02"].status_on = EnrolmentStatus.WITHDRAWN, date(2026, 4, 13)
    assert marks_at(cast, 2) == {}
    assert list(marks_at(cast, 1)) == ["C1-01", "C1-02"]
    with writing() as session:
        session.scalars(select(Participant).where(Participant.code == "C1-01")).one().status = EnrolmentStatus.APPLIED
    assert list(marks_at(cast, 1)) == ["C1-02"]


def test_marks_are_stored_and_written_down(cast: Cast) -> None:
    recorded = record_marks(
        cast.chaima,
        cast.cohort,
        1,
        [change(cast, Mark.PRESENT), change(cast, Mark.LATE, of=cast.neighbour)],
        TODAY,
    )
    assert len(recorded.changes) == 2
    assert marks_at(cast) == {"C1-01": Mark.PRESENT, "C1-02": Mark.LATE}
    assert [(entry.actor, entry.action, entry.subject, entry.before, entry.after) for entry in trail()] == [
        (cast.chaima.ref, "record_mark", "participant/C1-01/lessons/1", {"mark": None}, {"mark": "present"}),
        (cast.chaima.ref, "record_mark", "participant/C1-02/lessons/1", {"mark": None}, {"mark": "late"}),
    ]


def test_a_mark_can_be_changed_and_taken_away(cast: Cast) -> None:
    record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.PRESENT)], TODAY)
    record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.ABSENT, seen=Mark.PRESENT)], TODAY)
    assert marks_at(cast)["C1-01"] is Mark.ABSENT
    record_marks(cast.chaima, cast.cohort, 1, [change(cast, None, seen=Mark.ABSENT)], TODAY)
    assert db.session.scalars(select(Attendance)).all() == []


def test_a_mark_that_someone_else_changed_stays_and_the_other_rows_are_stored(cast: Cast) -> None:
    record_marks(cast.anja, cast.cohort, 1, [change(cast, Mark.EXCUSED)], TODAY)
    recorded = record_marks(
        cast.chaima,
        cast.cohort,
        1,
        [change(cast, Mark.ABSENT), change(cast, Mark.PRESENT, of=cast.neighbour)],
        TODAY,
    )
    conflict = recorded.conflicts[0]
    assert (conflict.participant, conflict.wanted, conflict.stands) == ("C1-01", Mark.ABSENT, Mark.EXCUSED)
    assert marks_at(cast) == {"C1-01": Mark.EXCUSED, "C1-02": Mark.PRESENT}


def test_two_people_who_give_the_same_mark_do_not_conflict(cast: Cast) -> None:
    record_marks(cast.anja, cast.cohort, 1, [change(cast, Mark.ABSENT)], TODAY)
    recorded = record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.ABSENT)], TODAY)
    assert recorded.changes == recorded.conflicts == ()


def test_everyone_present_fills_only_rows_without_a_mark(cast: Cast) -> None:
    record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.EXCUSED)], TODAY)
    recorded = mark_everyone_present(cast.chaima, cast.cohort, 1, TODAY)
    assert [change.participant for change in recorded.changes] == ["C1-02"]
    assert (recorded.attended, recorded.expected, recorded.conflicts) == (1, 2, ())
    assert marks_at(cast) == {"C1-01": Mark.EXCUSED, "C1-02": Mark.PRESENT}


def test_a_list_says_how_many_were_there_excused_themselves_and_are_still_to_be_filled_in(cast: Cast) -> None:
    def counted(lesson: int = 1) -> tuple[int, int, int]:
        listed = lesson_attendance(cast.chaima, cast.cohort, lesson, TODAY)
        return listed.attended, listed.excused, listed.to_fill

    assert counted() == (0, 0, 2)
    record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.EXCUSED)], TODAY)
    assert counted() == (0, 1, 1)
    mark_everyone_present(cast.chaima, cast.cohort, 1, TODAY)
    assert counted() == (1, 1, 0)


def test_undo_gives_back_the_marks_that_stood_before(cast: Cast) -> None:
    record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.EXCUSED)], TODAY)
    form = SentForm(key="k1", content="c")
    record_marks(
        cast.chaima,
        cast.cohort,
        1,
        [change(cast, Mark.LATE, seen=Mark.EXCUSED), change(cast, Mark.PRESENT, of=cast.neighbour)],
        TODAY,
        form,
    )
    undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert marks_at(cast) == {"C1-01": Mark.EXCUSED, "C1-02": None}


def test_undo_leaves_what_someone_changed_since(cast: Cast) -> None:
    mark_everyone_present(cast.chaima, cast.cohort, 1, TODAY, SentForm(key="k1", content="c"))
    record_marks(cast.anja, cast.cohort, 1, [change(cast, Mark.LATE, seen=Mark.PRESENT)], TODAY)
    undone = undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert [conflict.stands for conflict in undone.conflicts] == [Mark.LATE]
    assert marks_at(cast) == {"C1-01": Mark.LATE, "C1-02": None}


def test_nobody_can_undo_a_form_of_someone_else(cast: Cast) -> None:
    mark_everyone_present(cast.chaima, cast.cohort, 1, TODAY, SentForm(key="k1", content="c"))
    with pytest.raises(NotFound):
        undo_marks(cast.anja, cast.cohort, 1, "k1", TODAY)
    assert marks_at(cast)["C1-01"] is Mark.PRESENT


def test_a_form_sent_twice_is_carried_out_once(cast: Cast) -> None:
    form = SentForm(key="k1", content="c")
    first = record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.PRESENT)], TODAY, form)
    record_marks(cast.anja, cast.cohort, 1, [change(cast, None, seen=Mark.PRESENT)], TODAY)
    assert record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.PRESENT)], TODAY, form) == first
    assert marks_at(cast)["C1-01"] is None
    assert marks_recorded(cast.chaima, "k1") == first


def test_a_form_sent_again_with_other_marks_is_refused(cast: Cast) -> None:
    record_marks(cast.chaima, cast.cohort, 1, [change(cast, Mark.PRESENT)], TODAY, SentForm(key="k1", content="one"))
    with pytest.raises(Refused):
        record_marks(
            cast.chaima,
            cast.cohort,
            1,
            [change(cast, Mark.ABSENT, seen=Mark.PRESENT)],
            TODAY,
            SentForm(key="k1", content="two"),
        )
    assert marks_at(cast)["C1-01"] is Mark.PRESENT


@pytest.mark.parametrize("mark", [mark for mark in Mark if mark is not Mark.EXCUSED])
def test_a_lesson_to_come_takes_only_an_announced_absence(cast: Cast, mark: Mark) -> None:
    assert lesson_attendance(cast.chaima, cast.cohort, 3, TODAY).recordable == (Mark.EXCUSED,)
    with pytest.raises(Refused):
        record_marks(cast.chaima, cast.cohort, 3, [change(cast, mark)], TODAY)
    record_marks(cast.chaima, cast.cohort, 3, [change(cast, Mark.EXCUSED)], TODAY)
    assert marks_at(cast, 3)["C1-01"] is Mark.EXCUSED


def test_a_lesson_of_today_takes_every_mark(cast: Cast) -> None:
    add_lesson(cast, 9, TODAY)
    record_marks(cast.chaima, cast.cohort, 9, [change(cast, Mark.PRESENT)], TODAY)
    assert marks_at(cast, 9)["C1-01"] is Mark.PRESENT


def test_everyone_present_is_refused_at_a_lesson_to_come(cast: Cast) -> None:
    with pytest.raises(Refused):
        mark_everyone_present(cast.chaima, cast.cohort, 3, TODAY)
    assert db.session.scalars(select(Attendance)).all() == []


def test_a_cancelled_lesson_takes_no_mark(cast: Cast) -> None:
    add_lesson(cast, 9, date(2026, 5, 12), LessonState.CANCELLED)
    assert marks_at(cast, 9) == {}
    with pytest.raises(Refused):
        record_marks(cast.chaima, cast.cohort, 9, [change(cast, Mark.PRESENT)], TODAY)


def test_someone_of_another_cohort_is_refused_and_nothing_of_the_form_is_stored(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        record_marks(
            cast.chaima,
            cast.cohort,
            1,
            [change(cast, Mark.PRESENT), change(cast, Mark.PRESENT, of=cast.other_participant)],
            TODAY,
        )
    assert [refusal.field for refusal in refused.value.refusals] == [cast.other_participant]
    assert db.session.scalars(select(Attendance)).all() == []


def test_the_last_lesson_that_may_be_made_up_is_stored_and_the_next_refused(cast: Cast) -> None:
    for number in range(11, 16):
        add_lesson(cast, number, date(2026, 5, number))
    for number in range(11, 15):
        left = lesson_attendance(cast.chaima, cast.cohort, number, TODAY).rows[0].make_ups_left
        assert left == 15 - number
        record_marks(cast.chaima, cast.cohort, number, [change(cast, Mark.MADE_UP)], TODAY)
    with pytest.raises(Refused) as refused:
        record_marks(cast.chaima, cast.cohort, 15, [change(cast, Mark.MADE_UP)], TODAY)
    assert [refusal.field for refusal in refused.value.refusals] == [cast.participant]
    # The fourth may stay as it is, and be corrected: it takes up its own place.
    assert lesson_attendance(cast.chaima, cast.cohort, 14, TODAY).rows[0].make_ups_left == 1
    record_marks(cast.chaima, cast.cohort, 14, [change(cast, Mark.ABSENT, seen=Mark.MADE_UP)], TODAY)
    record_marks(cast.chaima, cast.cohort, 15, [change(cast, Mark.MADE_UP)], TODAY)


def test_there_is_no_list_of_a_lesson_that_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotFound):
        lesson_attendance(cast.chaima, cast.cohort, 99, TODAY)


def test_the_lesson_of_the_latest_evening_is_current_and_each_says_how_many_are_marked(cast: Cast) -> None:
    record_marks(cast.chaima, cast.cohort, 2, [change(cast, Mark.PRESENT)], TODAY)
    lessons = cohort_lessons(cast.chaima, cast.cohort, TODAY)
    assert [(count.lesson.number, count.expected, count.marked) for count in lessons.lessons] == [
        (1, 2, 0),
        (2, 2, 1),
        (3, 2, 0),
    ]
    assert lessons.current == 2
    assert cohort_lessons(cast.chaima, cast.cohort, date(2026, 3, 9)).current == 1


def test_a_list_costs_six_queries(cast: Cast, count_queries) -> None:
    lesson_attendance(cast.chaima, cast.cohort, 1, TODAY)  # that she looks is noted once an hour
    with count_queries() as queries:
        lesson_attendance(cast.chaima, cast.cohort, 1, TODAY)
    assert len(queries) == 6
