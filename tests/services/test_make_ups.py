"""Missed lessons that were made up: chained to the lesson missed, counted once, gone with their mark."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from hto_track.documents.sheets import Sheet, Tables
from hto_track.extensions import db
from hto_track.models.lessons import Lesson, LessonState, MakeUp
from hto_track.rules.facts import Mark
from hto_track.services.attendance import MarkChange, mark_everyone_present, record_marks, undo_marks
from hto_track.services.attendance_lists import AttendanceRow, lesson_attendance
from hto_track.services.form_answers import SentForm
from hto_track.services.importing import import_files
from hto_track.services.make_ups import MakeUpAsked, make_up_form, record_make_up
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.standings import participant_standing
from hto_track.services.transaction import writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail


def add_lesson(cohort_id: int, number: int, held_on: date, state: LessonState = LessonState.PLANNED) -> int:
    """A further lesson; its id."""
    with writing() as session:
        lesson = Lesson(
            cohort_id=cohort_id,
            number=number,
            held_on=held_on,
            starts_at=time(18, 30),
            ends_at=time(21, 0),
            state=state,
        )
        session.add(lesson)
        session.flush()
        return lesson.id


def mark(cast: Cast, given: Mark | None, *, seen: Mark | None = None, lesson: int = 1, form: str = "") -> Any:
    """Chaima gives Bram a mark."""
    change = MarkChange(participant=cast.participant, seen=seen, mark=given)
    sent = SentForm(key=form, content=form) if form else None
    return record_marks(cast.chaima, cast.cohort, lesson, [change], TODAY, sent)


def make_up(cast: Cast, *, seen: Mark | None = Mark.ABSENT, lesson: int = 1, form: str = "", **asked: Any) -> Any:
    """Chaima notes how Bram made up a lesson."""
    sent = SentForm(key=form, content=form) if form else None
    how = MakeUpAsked(seen=seen, **asked)
    return record_make_up(cast.chaima, cast.cohort, lesson, cast.participant, how, TODAY, sent)


def row(cast: Cast, lesson: int = 1) -> AttendanceRow:
    """Bram on the list of a lesson."""
    return lesson_attendance(cast.chaima, cast.cohort, lesson, TODAY).rows[0]


def chains() -> list[tuple[date, int | None]]:
    """All that is kept of lessons made up."""
    return [(kept.made_up_on, kept.at_lesson_id) for kept in db.session.scalars(select(MakeUp).order_by(MakeUp.id))]


@pytest.fixture
def elsewhere(cast: Cast) -> int:
    """A lesson of the other cohort at the same college."""
    return add_lesson(cast.other_cohort_id, 9, date(2026, 5, 12))


def test_a_lesson_made_up_elsewhere_counts_and_says_where(cast: Cast, elsewhere: int) -> None:
    mark(cast, Mark.ABSENT)
    make_up(cast, at_lesson_id=elsewhere)
    found = row(cast)
    assert found.mark is Mark.MADE_UP
    assert found.made_up is not None
    assert (found.made_up.on, found.made_up.at_cohort, found.made_up.at_number) == (date(2026, 5, 12), "C-2", 9)
    outlook = participant_standing(cast.anja, cast.participant, TODAY).member.standing.attendance
    assert (outlook.held, outlook.attended, outlook.made_up) == (1, 1, 1)
    entry = trail()[-1]
    assert entry.subject == "participant/C1-01/lessons/1"
    assert (entry.before, entry.after) == (
        {"mark": "absent"},
        {"mark": "made_up", "made_up_on": "2026-05-12", "made_up_at": "C-2 9"},
    )


def test_a_lesson_made_up_otherwise_has_a_day_alone(cast: Cast) -> None:
    mark(cast, Mark.EXCUSED)
    make_up(cast, seen=Mark.EXCUSED, on=date(2026, 3, 20))
    assert chains() == [(date(2026, 3, 20), None)]


def test_one_lesson_serves_a_participant_once(cast: Cast, elsewhere: int) -> None:
    make_up(cast, seen=None, at_lesson_id=elsewhere)
    with pytest.raises(Refused) as refused:
        make_up(cast, seen=None, lesson=2, at_lesson_id=elsewhere)
    assert [refusal.field for refusal in refused.value.refusals] == ["at"]
    assert chains() == [(date(2026, 5, 12), elsewhere)]
    assert elsewhere not in {
        other.id for other in make_up_form(cast.chaima, cast.cohort, 2, cast.participant, TODAY).others
    }
    # It serves the neighbour too.
    asked = MakeUpAsked(seen=None, at_lesson_id=elsewhere)
    record_make_up(cast.chaima, cast.cohort, 2, cast.neighbour, asked, TODAY)
    assert len(chains()) == 2


def test_a_lesson_attended_for_itself_makes_up_no_other(cast: Cast) -> None:
    mark(cast, Mark.PRESENT, lesson=2)
    second = db.session.scalars(select(Lesson.id).where(Lesson.number == 2)).one()
    with pytest.raises(Refused):
        make_up(cast, seen=None, at_lesson_id=second)


def test_a_lesson_that_makes_up_another_is_not_attended_for_itself_too(cast: Cast) -> None:
    second = db.session.scalars(select(Lesson.id).where(Lesson.number == 2)).one()
    make_up(cast, seen=None, at_lesson_id=second)
    assert row(cast, 2).makes_up == 1
    with pytest.raises(Refused) as refused:
        mark(cast, Mark.LATE, lesson=2)
    assert [refusal.field for refusal in refused.value.refusals] == [cast.participant]
    assert lesson_attendance(cast.chaima, cast.cohort, 2, TODAY).to_fill == 1
    recorded = mark_everyone_present(cast.chaima, cast.cohort, 2, TODAY)
    assert [change.participant for change in recorded.changes] == [cast.neighbour]
    mark(cast, Mark.ABSENT, lesson=2)
    assert row(cast, 2).mark is Mark.ABSENT


@pytest.mark.parametrize(
    ("held_on", "state"), [(date(2026, 9, 8), LessonState.PLANNED), (date(2026, 5, 12), LessonState.CANCELLED)]
)
def test_a_lesson_to_come_or_cancelled_makes_up_nothing(cast: Cast, held_on: date, state: LessonState) -> None:
    other = add_lesson(cast.other_cohort_id, 9, held_on, state)
    assert make_up_form(cast.chaima, cast.cohort, 1, cast.participant, TODAY).others != ()
    with pytest.raises(Refused):
        make_up(cast, seen=None, at_lesson_id=other)
    assert chains() == []


def test_a_lesson_does_not_make_up_itself(cast: Cast) -> None:
    with pytest.raises(Refused):
        make_up(cast, seen=None, at_lesson_id=cast.lesson_id)


@pytest.mark.parametrize("on", [None, date(2026, 6, 15), date(2026, 3, 8)])
def test_a_day_that_cannot_be_is_refused_at_its_field(cast: Cast, on: date | None) -> None:
    with pytest.raises(Refused) as refused:
        make_up(cast, seen=None, on=on)
    assert [refusal.field for refusal in refused.value.refusals] == ["on"]
    assert row(cast).mark is None


def test_beyond_the_limit_nothing_is_made_up(cast: Cast) -> None:
    for number in range(11, 15):
        add_lesson(cast.cohort_id, number, date(2026, 5, number))
        make_up(cast, seen=None, lesson=number, on=TODAY)
    assert not make_up_form(cast.chaima, cast.cohort, 1, cast.participant, TODAY).can_be_made_up
    with pytest.raises(Refused):
        make_up(cast, seen=None, on=TODAY)
    assert len(chains()) == 4
    # One of the four may be corrected: it takes up its own place.
    make_up(cast, seen=Mark.MADE_UP, lesson=11, on=date(2026, 6, 1))
    assert sorted(chains())[0][0] == date(2026, 6, 1)


def test_how_it_was_made_up_goes_with_its_mark_and_comes_back_when_that_is_undone(cast: Cast, elsewhere: int) -> None:
    make_up(cast, seen=None, at_lesson_id=elsewhere)
    mark(cast, Mark.ABSENT, seen=Mark.MADE_UP, form="k1")
    assert chains() == []
    undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert chains() == [(date(2026, 5, 12), elsewhere)]


def test_undoing_a_correction_gives_back_where_it_was_made_up_first(cast: Cast, elsewhere: int) -> None:
    make_up(cast, seen=None, at_lesson_id=elsewhere)
    make_up(cast, seen=Mark.MADE_UP, on=TODAY, form="k1")
    assert chains() == [(TODAY, None)]
    undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert chains() == [(date(2026, 5, 12), elsewhere)]


def test_a_place_that_was_taken_meanwhile_is_not_given_back_twice(cast: Cast, elsewhere: int) -> None:
    make_up(cast, seen=None, at_lesson_id=elsewhere)
    mark(cast, Mark.ABSENT, seen=Mark.MADE_UP, form="k1")
    make_up(cast, seen=None, lesson=2, at_lesson_id=elsewhere)
    undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert chains() == [(date(2026, 5, 12), elsewhere), (date(2026, 5, 12), None)]


def test_undoing_a_make_up_gives_back_the_mark_that_stood(cast: Cast, elsewhere: int) -> None:
    mark(cast, Mark.ABSENT)
    make_up(cast, at_lesson_id=elsewhere, form="k1")
    undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert (row(cast).mark, chains()) == (Mark.ABSENT, [])


def test_how_a_lesson_was_made_up_is_taken_back_and_the_mark_stays(cast: Cast) -> None:
    mark(cast, Mark.MADE_UP)
    make_up(cast, seen=Mark.MADE_UP, on=TODAY, form="k1")
    undone = undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert len(undone.changes) == 1
    assert (row(cast).mark, chains()) == (Mark.MADE_UP, [])


def test_how_someone_else_says_a_lesson_was_made_up_stays_when_the_first_takes_back(cast: Cast) -> None:
    make_up(cast, on=date(2026, 5, 1), seen=None, form="k1")
    make_up(cast, on=date(2026, 5, 2), seen=Mark.MADE_UP)
    undone = undo_marks(cast.chaima, cast.cohort, 1, "k1", TODAY)
    assert [conflict.stands for conflict in undone.conflicts] == [Mark.MADE_UP]
    made_up = row(cast).made_up
    assert made_up is not None and made_up.on == date(2026, 5, 2)


def test_what_was_done_at_one_lesson_is_not_taken_back_at_another(cast: Cast) -> None:
    mark(cast, Mark.PRESENT, form="k1")
    mark(cast, Mark.PRESENT, lesson=2)
    with pytest.raises(NotFound):
        undo_marks(cast.chaima, cast.cohort, 2, "k1", TODAY)
    assert (row(cast).mark, row(cast, 2).mark) == (Mark.PRESENT, Mark.PRESENT)


def test_a_mark_that_someone_else_changed_stays(cast: Cast) -> None:
    mark(cast, Mark.LATE)
    recorded = make_up(cast, seen=Mark.ABSENT, on=TODAY)
    assert [conflict.stands for conflict in recorded.conflicts] == [Mark.LATE]
    assert chains() == []


def test_a_form_sent_twice_is_carried_out_once(cast: Cast, elsewhere: int) -> None:
    first = make_up(cast, seen=None, at_lesson_id=elsewhere, form="k1")
    assert make_up(cast, seen=None, at_lesson_id=elsewhere, form="k1").attended == first.attended
    assert len(chains()) == 1


def test_two_who_use_one_lesson_twice_at_once_are_not_both_let(app: Any, cast: Cast, elsewhere: int) -> None:
    results = at_once(
        app,
        lambda: make_up(cast, seen=None, lesson=1, at_lesson_id=elsewhere),
        lambda: make_up(cast, seen=None, lesson=2, at_lesson_id=elsewhere),
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert len(chains()) == 1


def test_a_file_that_changes_the_mark_takes_the_make_up_along_and_leaves_the_others(cast: Cast) -> None:
    make_up(cast, seen=None, on=TODAY)
    make_up(cast, seen=None, lesson=2, on=TODAY)
    head = ["cohort_code", "lesson_no", "participant_code", "mark"]
    rows = [head, ["C-1", "1", "C1-01", "absent"], ["C-1", "2", "C1-01", "made_up"]]
    sheet = Sheet(name="attendance", file="attendance.csv", rows=list(enumerate(rows, start=1)))
    import_files(CONSOLE, Tables(sheets=(sheet,)), TODAY)
    second = db.session.scalars(select(Lesson.id).where(Lesson.number == 2)).one()
    assert db.session.scalars(select(MakeUp.lesson_id)).all() == [second]


def test_who_comes_to_make_up_is_on_the_list_of_that_lesson_for_who_may_know_them(cast: Cast, elsewhere: int) -> None:
    make_up(cast, seen=None, at_lesson_id=elsewhere)
    guests = lesson_attendance(cast.chaima, cast.other_cohort, 9, TODAY).guests
    assert [(guest.name, guest.cohort, guest.missed) for guest in guests] == [("Bram de Wit", "C-1", 1)]
    assert lesson_attendance(cast.otto, cast.other_cohort, 9, TODAY).guests == ()


def test_there_is_no_form_for_whose_lesson_it_is_not(cast: Cast) -> None:
    with pytest.raises(NotFound):
        make_up_form(cast.chaima, cast.cohort, 1, cast.other_participant, TODAY)


def test_a_form_costs_as_many_queries_however_many_lessons_there_are(cast: Cast, count_queries: Any) -> None:
    make_up_form(cast.chaima, cast.cohort, 1, cast.participant, TODAY)
    with count_queries() as few:
        make_up_form(cast.chaima, cast.cohort, 1, cast.participant, TODAY)
    for number in range(11, 21):
        add_lesson(cast.other_cohort_id, number, date(2026, 5, number))
    with count_queries() as many:
        make_up_form(cast.chaima, cast.cohort, 1, cast.participant, TODAY)
    assert len(few) == len(many) == 6
