"""Planning lessons: what is stored and written down, what is refused, two planners at once, and undoing."""

from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant
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
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.transaction import writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.planning_cases import TO_COME, assignment, changes, evening, mark, move, stands, tie
from tests.trail import trail

WAS = evening(date(2026, 9, 1))
WEDNESDAY = date(2026, 9, 9)
PAST_THE_END = date(2026, 12, 22)


def fields_of(refused: pytest.ExceptionInfo[Refused]) -> list[str | None]:
    return [refusal.field for refusal in refused.value.refusals]


def cancel(cast: Cast, number: int = TO_COME, reason: str = "Docent ziek", by: Actor | None = None) -> Planned:
    return cancel_lesson(by or cast.chaima, cast.cohort, number, stands(cast, number).version, reason, TODAY)


def put_back(cast: Cast) -> Planned:
    """At the date it had."""
    return move(cast, stands(cast).slot.on)


def add(cast: Cast, day: date, by: Actor | None = None, **more: bool) -> Planned:
    return add_lesson(by or cast.chaima, cast.cohort, evening(day), "Terugkomavond", TODAY, **more)


def end_of_cohort() -> date:
    db.session.rollback()
    return db.session.scalars(select(Cohort.end_on).where(Cohort.code == "C-1")).one()


class TestMoving:
    def test_a_moved_lesson_keeps_its_number_and_its_history(self, cast: Cast) -> None:
        planned = move(cast, WEDNESDAY, reason="Lokaal bezet")
        assert (planned.before and planned.before.slot, planned.after and planned.after.slot) == (
            WAS,
            evening(WEDNESDAY),
        )
        assert stands(cast).slot == evening(WEDNESDAY)
        (kept,) = changes()
        assert (kept.was_on, kept.was_starts_at, kept.was_ends_at, kept.was_cancelled) == (
            date(2026, 9, 1),
            time(18, 30),
            time(21, 30),
            False,
        )
        assert (kept.reason, kept.changed_by, kept.told_at) == ("Lokaal bezet", cast.chaima.ref, None)

    def test_it_is_written_down(self, cast: Cast) -> None:
        move(cast, WEDNESDAY)
        (entry,) = trail("move_lesson")
        assert (entry.actor, entry.subject) == (cast.chaima.ref, "cohort/C-1/lessons/3")
        assert (entry.before, entry.after) == ({"date": "2026-09-01"}, {"date": "2026-09-09"})

    def test_a_lesson_moved_to_where_it_stands_changes_nothing(self, cast: Cast) -> None:
        planned = move(cast, date(2026, 9, 1))
        assert not planned.is_change
        assert changes() == [] and trail("move_lesson") == []

    def test_a_held_lesson_without_marks_that_is_still_to_come_is_planned_again(self, cast: Cast) -> None:
        move(cast, WEDNESDAY, number=2)
        assert stands(cast, 2).state is LessonState.PLANNED

    @pytest.mark.parametrize(
        ("day", "starts", "ends", "field"),
        [
            (date(2026, 3, 8), time(18, 30), time(21), "op"),
            (PAST_THE_END, time(18, 30), time(21), "einde"),
            (WEDNESDAY, time(21), time(21), "tot"),
            (date(2026, 4, 14), time(21), time(22), "van"),
        ],
    )
    def test_where_it_cannot_be_it_is_refused_at_the_field(
        self, cast: Cast, day: date, starts: time, ends: time, field: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            move(cast, day, to=evening(day, starts, ends))
        assert fields_of(refused) == [field]
        assert stands(cast).slot == WAS and changes() == []

    def test_right_after_another_lesson_of_that_day_is_fine(self, cast: Cast) -> None:
        move(cast, WEDNESDAY, to=evening(date(2026, 4, 14), time(21, 30), time(22)))
        assert stands(cast).slot.starts_at == time(21, 30)

    def test_a_cancelled_lesson_leaves_its_time_free(self, cast: Cast) -> None:
        cancel(cast, 2)
        move(cast, date(2026, 4, 14))
        assert stands(cast).slot.on == date(2026, 4, 14)

    def test_a_lesson_with_marks_cannot_be_still_to_come(self, cast: Cast) -> None:
        mark(cast, 2)
        with pytest.raises(Refused) as refused:
            move(cast, WEDNESDAY, number=2)
        assert fields_of(refused) == ["op"]
        move(cast, date(2026, 4, 15), number=2)
        assert stands(cast, 2).slot.on == date(2026, 4, 15)

    def test_a_lesson_with_announced_absences_alone_can_be_moved(self, cast: Cast) -> None:
        mark(cast, TO_COME, Mark.EXCUSED)
        move(cast, WEDNESDAY)
        assert stands(cast).slot.on == WEDNESDAY

    def test_a_lesson_of_another_cohort_is_not_there(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            move(cast, WEDNESDAY, by=cast.otto)
        assert stands(cast).slot == WAS

    def test_a_reason_too_long_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            move(cast, WEDNESDAY, reason="x" * 501)
        assert fields_of(refused) == ["reden"]

    def test_the_clock_change_shifts_no_lesson(self, cast: Cast) -> None:
        """In the night to 25 October the clocks go back: the lesson of that week stays at half past six."""
        move(cast, date(2026, 10, 27))
        assert stands(cast).slot == evening(date(2026, 10, 27))
        move(cast, date(2026, 10, 20))
        assert stands(cast).slot == evening(date(2026, 10, 20))


class TestEndOfCohort:
    def test_it_moves_along_when_that_was_said(self, cast: Cast) -> None:
        planned = move(cast, PAST_THE_END, by=cast.hanna, moves_end=True)
        assert planned.end == (date(2026, 12, 18), PAST_THE_END)
        assert end_of_cohort() == PAST_THE_END
        (entry,) = trail("move_cohort_end")
        assert (entry.subject, entry.after) == ("cohort/C-1", {"end_on": "2026-12-22"})

    def test_a_teacher_cannot_let_it_move(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            move(cast, PAST_THE_END, moves_end=True)
        assert fields_of(refused) == ["einde"]
        assert end_of_cohort() == date(2026, 12, 18)

    def test_nothing_moves_when_the_date_lies_within(self, cast: Cast) -> None:
        assert move(cast, WEDNESDAY, by=cast.hanna, moves_end=True).end is None
        assert end_of_cohort() == date(2026, 12, 18)


class TestTiedDates:
    def test_those_that_were_chosen_move_by_as_many_days(self, cast: Cast) -> None:
        tie(due=TO_COME, due_on=date(2026, 9, 4))
        chosen = MoveAlong(code="A1", which=TiedTo.DUE, seen=date(2026, 9, 4))
        planned = move(cast, WEDNESDAY, along=(chosen,))
        assert assignment().due_on == date(2026, 9, 12)
        assert [(one.code, one.before, one.after) for one in planned.along] == [
            ("A1", date(2026, 9, 4), date(2026, 9, 12))
        ]
        (entry,) = trail("move_assignment")
        assert (entry.subject, entry.before, entry.after) == (
            "cohort/C-1/assignments/A1",
            {"due_on": "2026-09-04"},
            {"due_on": "2026-09-12"},
        )

    def test_those_that_were_not_chosen_stay(self, cast: Cast) -> None:
        tie(due=TO_COME, due_on=date(2026, 9, 1))
        move(cast, WEDNESDAY)
        assert assignment().due_on == date(2026, 9, 1)

    def test_one_that_someone_else_changed_is_refused_with_the_lesson_untouched(self, cast: Cast) -> None:
        tie(due=TO_COME, due_on=date(2026, 9, 8))
        with pytest.raises(Refused) as refused:
            move(cast, WEDNESDAY, along=(MoveAlong(code="A1", which=TiedTo.DUE, seen=date(2026, 9, 1)),))
        assert fields_of(refused) == ["mee"]
        assert stands(cast).slot == WAS and changes() == []

    def test_one_that_the_lesson_did_not_lay_out_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            move(cast, WEDNESDAY, along=(MoveAlong(code="A1", which=TiedTo.DUE, seen=date(2026, 7, 3)),))
        assert assignment().due_on == date(2026, 7, 3)

    def test_nothing_is_due_before_it_opens(self, cast: Cast) -> None:
        tie(opens=TO_COME, opens_on=date(2026, 9, 1), due_on=date(2026, 9, 4))
        with pytest.raises(Refused) as refused:
            move(cast, WEDNESDAY, along=(MoveAlong(code="A1", which=TiedTo.OPENS, seen=date(2026, 9, 1)),))
        assert fields_of(refused) == ["mee"]
        assert stands(cast).slot == WAS
        assert assignment().opens_on == date(2026, 9, 1)


class TestCancelling:
    def test_it_says_why(self, cast: Cast) -> None:
        cancel(cast, reason=" Docent ziek ")
        assert (stands(cast).state, stands(cast).cancel_reason) == (LessonState.CANCELLED, "Docent ziek")
        (kept,) = changes()
        assert (kept.was_on, kept.was_cancelled, kept.reason) == (date(2026, 9, 1), False, "Docent ziek")
        (entry,) = trail("cancel_lesson")
        assert entry.after == {"lesson_state": "cancelled", "cancel_reason": "Docent ziek"}

    def test_without_a_reason_it_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            cancel(cast, reason="  ")
        assert fields_of(refused) == ["reden"]
        assert not stands(cast).cancelled

    def test_a_lesson_that_was_given_is_not_cancelled(self, cast: Cast) -> None:
        mark(cast, 2)
        with pytest.raises(Refused) as refused:
            cancel(cast, 2)
        assert "wie er" in str(refused.value) or "who was" in str(refused.value)
        assert not stands(cast, 2).cancelled

    def test_announced_absences_do_not_stand_in_the_way(self, cast: Cast) -> None:
        mark(cast, TO_COME, Mark.EXCUSED)
        cancel(cast)
        assert stands(cast).cancelled

    def test_put_back_it_stands_where_it_was(self, cast: Cast) -> None:
        cancel(cast)
        put_back(cast)
        assert (stands(cast).slot, stands(cast).state, stands(cast).cancel_reason) == (WAS, LessonState.PLANNED, None)
        assert [kept.was_cancelled for kept in changes()] == [False, True]
        assert trail("put_back_lesson")[0].before == {"lesson_state": "cancelled", "cancel_reason": "Docent ziek"}

    def test_it_is_not_put_back_where_another_lesson_came(self, cast: Cast) -> None:
        cancel(cast)
        add(cast, date(2026, 9, 1))
        with pytest.raises(Refused) as refused:
            put_back(cast)
        assert fields_of(refused) == ["van"]


class TestAdding:
    def test_it_gets_the_next_number(self, cast: Cast) -> None:
        planned = add(cast, WEDNESDAY)
        assert (planned.number, planned.before) == (4, None)
        assert (stands(cast, 4).slot, stands(cast, 4).title) == (evening(WEDNESDAY), "Terugkomavond")
        (kept,) = changes()
        assert (kept.was_on, kept.was_cancelled) == (None, False)

    def test_on_top_of_another_one_it_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            add(cast, date(2026, 9, 1))
        assert fields_of(refused) == ["van"]

    def test_a_form_sent_twice_adds_one(self, cast: Cast) -> None:
        form = SentForm(key="k", content="c")
        first = add_lesson(cast.chaima, cast.cohort, evening(WEDNESDAY), None, TODAY, form)
        assert add_lesson(cast.chaima, cast.cohort, evening(WEDNESDAY), None, TODAY, form) == first
        assert len(db.session.scalars(select(Lesson).where(Lesson.cohort_id == cast.cohort_id)).all()) == 4


class TestTitle:
    def test_another_title_is_written_down_and_told_to_nobody(self, cast: Cast) -> None:
        rename_lesson(cast.anja, cast.cohort, TO_COME, "Les 3", "Toetsen maken")
        assert stands(cast).title == "Toetsen maken"
        assert changes() == []
        assert trail("rename_lesson")[0].after == {"title": "Toetsen maken"}

    def test_who_saw_an_older_one_is_asked(self, cast: Cast) -> None:
        rename_lesson(cast.anja, cast.cohort, TO_COME, "Les 3", "Toetsen maken")
        with pytest.raises(Refused) as refused:
            rename_lesson(cast.chaima, cast.cohort, TO_COME, "Les 3", "Toetsen nakijken")
        assert fields_of(refused) == ["titel"]
        assert stands(cast).title == "Toetsen maken"


class TestTwoPlanners:
    def test_the_second_is_asked_and_nothing_is_lost(self, cast: Cast) -> None:
        seen = stands(cast).version
        move(cast, WEDNESDAY, by=cast.anja)
        with pytest.raises(Refused) as refused:
            move(cast, date(2026, 9, 15), seen=seen)
        assert fields_of(refused) == ["seen"]
        assert "9 sep" in str(refused.value).lower() and "15 sep" in str(refused.value).lower()
        assert stands(cast).slot.on == WEDNESDAY

    def test_two_who_want_the_same_do_not_conflict(self, cast: Cast) -> None:
        seen = stands(cast).version
        move(cast, WEDNESDAY, by=cast.anja)
        assert not move(cast, WEDNESDAY, seen=seen).is_change

    def test_who_cancels_what_another_moved_is_asked(self, cast: Cast) -> None:
        seen = stands(cast).version
        move(cast, WEDNESDAY, by=cast.anja)
        with pytest.raises(Refused) as refused:
            cancel_lesson(cast.chaima, cast.cohort, TO_COME, seen, "Docent ziek", TODAY)
        assert fields_of(refused) == ["seen"]
        assert not stands(cast).cancelled

    def test_of_two_at_the_same_moment_one_stands_and_the_other_is_told(self, app: Flask, cast: Cast) -> None:
        seen = stands(cast).version
        days = (WEDNESDAY, date(2026, 9, 15))
        results = at_once(
            app,
            *(
                lambda day=day: move_lesson(cast.chaima, cast.cohort, TO_COME, Move(to=evening(day), seen=seen), TODAY)
                for day in days
            ),
        )
        assert sum(isinstance(result, Refused) for result in results) == 1
        assert len(changes()) == 1

    def test_two_lessons_put_on_the_same_evening_at_once_are_not_both_there(self, app: Flask, cast: Cast) -> None:
        results = at_once(app, lambda: add(cast, WEDNESDAY), lambda: add(cast, WEDNESDAY))
        assert sum(isinstance(result, Refused) for result in results) == 1
        assert stands(cast, 4).slot.on == WEDNESDAY


def test_a_participant_plans_nothing(cast: Cast) -> None:
    with writing() as session:
        assert session.scalars(select(Participant)).first() is not None
    for actor in (cast.bram, cast.femke, cast.karel):
        with pytest.raises(Exception) as raised:
            move(cast, WEDNESDAY, by=actor)
        assert type(raised.value).__name__ in ("Forbidden", "NotFound")
