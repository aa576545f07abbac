"""Undoing what was planned: everything that moved along goes back too, and what someone changed since stays."""

from datetime import date

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson, LessonState
from hto_track.rules.facts import Mark
from hto_track.services.form_answers import SentForm
from hto_track.services.lesson_planning import (
    Move,
    MoveAlong,
    add_lesson,
    cancel_lesson,
    move_lesson,
    rename_lesson,
)
from hto_track.services.planned import Planned
from hto_track.services.planning_preview import TiedTo
from hto_track.services.planning_undo import undo_planning
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.planning_cases import TO_COME, assignment, changes, evening, mark, move, stands, tie
from tests.trail import trail

WAS = evening(date(2026, 9, 1))
WEDNESDAY = date(2026, 9, 9)
PAST_THE_END = date(2026, 12, 22)


def end_of_cohort() -> date:
    db.session.rollback()
    return db.session.scalars(select(Cohort.end_on).where(Cohort.code == "C-1")).one()


class TestUndoing:
    FORM = SentForm(key="form", content="c")

    def undo(self, cast: Cast, by: Actor | None = None) -> Planned:
        return undo_planning(by or cast.hanna, cast.cohort, "form", TODAY)

    def test_a_move_is_taken_back_with_all_that_moved_along(self, cast: Cast) -> None:
        tie(due=TO_COME, due_on=date(2026, 9, 1))
        along = (MoveAlong(code="A1", which=TiedTo.DUE, seen=date(2026, 9, 1)),)
        wanted = Move(to=evening(PAST_THE_END), seen=stands(cast).version, along=along, moves_end=True)
        move_lesson(cast.hanna, cast.cohort, TO_COME, wanted, TODAY, self.FORM)
        assert (assignment().due_on, end_of_cohort()) == (date(2026, 12, 22), PAST_THE_END)
        self.undo(cast)
        assert (stands(cast).slot, assignment().due_on, end_of_cohort()) == (
            WAS,
            date(2026, 9, 1),
            date(2026, 12, 18),
        )
        assert [kept.was_on for kept in changes()] == [date(2026, 9, 1), PAST_THE_END]

    def test_a_cancellation_is_taken_back(self, cast: Cast) -> None:
        cancel_lesson(cast.hanna, cast.cohort, TO_COME, stands(cast).version, "Docent ziek", TODAY, self.FORM)
        self.undo(cast)
        assert (stands(cast).cancelled, stands(cast).cancel_reason) == (False, None)

    def test_an_added_lesson_is_gone_again(self, cast: Cast) -> None:
        add_lesson(cast.hanna, cast.cohort, evening(WEDNESDAY), None, TODAY, self.FORM)
        assert self.undo(cast).after is None
        assert changes() == []
        assert len(db.session.scalars(select(Lesson).where(Lesson.cohort_id == cast.cohort_id)).all()) == 3
        assert trail("remove_lesson")[0].subject == "cohort/C-1/lessons/4"

    def test_an_added_lesson_with_marks_stays(self, cast: Cast) -> None:
        add_lesson(cast.hanna, cast.cohort, evening(WEDNESDAY), None, TODAY, self.FORM)
        mark(cast, 4, Mark.EXCUSED)
        with pytest.raises(Refused):
            self.undo(cast)
        assert stands(cast, 4).slot.on == WEDNESDAY

    def test_what_someone_changed_since_stays(self, cast: Cast) -> None:
        wanted = Move(to=evening(WEDNESDAY), seen=stands(cast).version)
        move_lesson(cast.hanna, cast.cohort, TO_COME, wanted, TODAY, self.FORM)
        move(cast, date(2026, 9, 15))
        with pytest.raises(Refused):
            self.undo(cast)
        assert stands(cast).slot.on == date(2026, 9, 15)

    def test_a_form_of_someone_else_is_not_there(self, cast: Cast) -> None:
        wanted = Move(to=evening(WEDNESDAY), seen=stands(cast).version)
        move_lesson(cast.hanna, cast.cohort, TO_COME, wanted, TODAY, self.FORM)
        with pytest.raises(NotFound):
            self.undo(cast, by=cast.chaima)

    def test_a_title_is_taken_back(self, cast: Cast) -> None:
        rename_lesson(cast.hanna, cast.cohort, TO_COME, "Les 3", None, self.FORM)
        self.undo(cast)
        assert stands(cast).title == "Les 3"


def test_a_late_end_stays_when_another_lesson_came_after_it(cast: Cast) -> None:
    form = SentForm(key="form", content="c")
    wanted = Move(to=evening(PAST_THE_END), seen=stands(cast).version, moves_end=True)
    move_lesson(cast.hanna, cast.cohort, TO_COME, wanted, TODAY, form)
    add_lesson(cast.chaima, cast.cohort, evening(date(2026, 12, 21)), None, TODAY)
    undo_planning(cast.hanna, cast.cohort, "form", TODAY)
    assert end_of_cohort() == PAST_THE_END


def test_a_form_of_another_cohort_undoes_nothing_here(cast: Cast) -> None:
    """Where a lesson of that number looks the same."""
    with writing() as session:
        like_it = Lesson(
            cohort_id=cast.other_cohort_id,
            number=TO_COME,
            held_on=WAS.on,
            starts_at=WAS.starts_at,
            ends_at=WAS.ends_at,
            state=LessonState.PLANNED,
        )
        session.add(like_it)
    rename_lesson(cast.hanna, cast.cohort, TO_COME, "Les 3", None, SentForm(key="form", content="c"))
    with pytest.raises(NotFound):
        undo_planning(cast.hanna, cast.other_cohort, "form", TODAY)
    db.session.rollback()
    query = select(Lesson.title).where(Lesson.cohort_id == cast.other_cohort_id)
    assert db.session.scalars(query).one() is None
