"""Moving the dates of an assignment for a whole cohort: stored once, asked back where someone else was first, undone."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.ledger import OutboxMail
from hto_track.rules.days import monday_of
from hto_track.services.calendar_feed import read_feed, subscribe
from hto_track.services.due_dates import Move, move_due_dates, undo_move, version
from hto_track.services.form_answers import SentForm
from hto_track.services.lesson_planning import MoveAlong
from hto_track.services.planning_preview import TiedTo, lesson_planning
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.standings import participant_standing
from hto_track.services.transaction import revision
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.due_date_cases import NEW_DUE, WAS, due, move, moves, standing
from tests.services.planning_cases import TO_COME, evening, tie
from tests.services.planning_cases import move as move_lesson
from tests.trail import trail

FORM = SentForm(key="form", content="c")


class TestMoving:
    def test_the_dates_are_stored_with_how_they_stood(self, cast: Cast) -> None:
        moved = move(cast, due(NEW_DUE, date(2026, 6, 15)), reason="  Toetsweek\nop school ")
        assert (moved.before, moved.after, moved.is_change) == (WAS, due(NEW_DUE, date(2026, 6, 15)), True)
        assert standing() == moved.after
        [kept] = moves()
        assert (kept.was_opens_on, kept.was_due_on, kept.reason, kept.told_at) == (
            WAS.opens_on,
            WAS.due_on,
            "Toetsweek op school",
            None,
        )
        assert kept.changed_by == cast.anja.ref

    def test_it_is_written_down_with_what_changed_alone(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE), reason="Toetsweek")
        entry = trail()[-1]
        assert (entry.action, entry.subject) == ("move_assignment", "cohort/C-1/assignments/A1")
        assert entry.before == {"due_on": "2026-07-03"}
        assert entry.after == {"due_on": "2026-07-10", "reason": "Toetsweek"}

    def test_what_people_are_judged_by_moves_with_it(self, cast: Cast) -> None:
        def planned() -> dict[date, object]:
            standing = participant_standing(cast.anja, cast.participant, TODAY).member.standing
            assert standing.assignments.standings[0].due_on == due_on
            return {week.monday: week.assignments for week in standing.load.weeks}

        due_on = WAS.due_on
        assert planned()[monday_of(date(2026, 7, 17))] == 0
        move(cast, due(due_on := date(2026, 7, 17)))
        assert planned()[monday_of(date(2026, 7, 17))] != 0

    def test_dates_that_stand_already_store_nothing(self, cast: Cast) -> None:
        assert not move(cast, WAS).is_change
        assert moves() == []

    @pytest.mark.parametrize(
        ("to", "field", "said"),
        [
            (due(date(2026, 6, 20), date(2026, 6, 21)), "inleveren", "before it opens"),
            (due(date(2026, 6, 13)), "inleveren", "has passed"),
            (due(WAS.due_on, date(2026, 3, 8)), "opent", "The cohort begins on"),
        ],
    )
    def test_dates_that_cannot_be_are_refused_at_their_field(
        self, cast: Cast, to: object, field: str, said: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            move(cast, to)  # type: ignore[arg-type]
        [refusal] = refused.value.refusals
        assert refusal.field == field
        assert said in refusal.message._args[0]
        assert (standing(), moves()) == (WAS, [])

    def test_a_reason_that_nobody_reads_to_the_end_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            move(cast, due(NEW_DUE), reason="x" * 501)
        assert refused.value.refusals[0].field == "reden"
        assert standing() == WAS

    def test_a_form_that_is_sent_twice_moves_them_once(self, cast: Cast) -> None:
        first = move(cast, due(NEW_DUE), form=FORM)
        assert move(cast, due(NEW_DUE), seen=version(WAS), form=FORM) == first
        assert len(moves()) == 1

    def test_who_comes_second_is_asked_and_nothing_is_lost(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE))
        with pytest.raises(Refused) as refused:
            move(cast, due(date(2026, 7, 7)), by=cast.chaima, seen=version(WAS))
        assert refused.value.refusals[0].field == "seen"
        assert standing() == due(NEW_DUE)

    def test_of_two_at_once_one_is_asked(self, app: Flask, cast: Cast) -> None:
        def attempt(on: date) -> str:
            try:
                move_due_dates(cast.anja, cast.cohort, "A1", Move(to=due(on), seen=version(WAS)), TODAY)
            except Refused:
                return "asked"
            return "moved"

        said = at_once(app, lambda: attempt(NEW_DUE), lambda: attempt(date(2026, 7, 7)))
        assert sorted(said) == ["asked", "moved"]  # type: ignore[type-var]
        assert len(moves()) == 1

    def test_who_wants_what_the_first_one_did_is_not_asked(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE))
        assert not move(cast, due(NEW_DUE), by=cast.chaima, seen=version(WAS)).is_change

    def test_not_of_another_cohort_nor_of_no_assignment_nor_by_who_takes_part(self, cast: Cast) -> None:
        wanted = Move(to=due(NEW_DUE), seen=version(WAS))
        for actor, cohort, code, error in (
            (cast.otto, cast.cohort, "A1", NotFound),
            (cast.anja, cast.cohort, "A9", NotFound),
            (cast.anja, cast.other_cohort, "A1", NotFound),
            (cast.gijs, cast.cohort, "A1", Forbidden),
        ):
            with pytest.raises(error):
                move_due_dates(actor, cohort, code, wanted, TODAY)
        assert moves() == []


class TestLessonsAndCalendars:
    def test_a_date_that_was_laid_out_by_a_lesson_stays_so_and_is_offered_from_where_it_stands(
        self, cast: Cast
    ) -> None:
        """Due on 4 September, the Friday of lesson 3; moved by hand to 11 September, then the lesson moves a week."""
        tie(due=TO_COME, due_on=date(2026, 9, 4))
        move(cast, due(date(2026, 9, 11)))
        a_week_later = evening(date(2026, 9, 8))
        preview = lesson_planning(cast.anja, cast.cohort, TO_COME, a_week_later, TODAY).preview
        assert preview is not None
        [tied] = preview.tied
        assert (tied.which, tied.stands, tied.becomes) == (TiedTo.DUE, date(2026, 9, 11), date(2026, 9, 18))
        along = (MoveAlong(code="A1", which=TiedTo.DUE, seen=date(2026, 9, 11)),)
        move_lesson(cast, a_week_later.on, along=along)
        assert standing().due_on == date(2026, 9, 18)

    def test_a_calendar_that_reads_along_is_told_with_a_higher_sequence(self, cast: Cast) -> None:
        address = subscribe(cast.bram).address
        token = address.rpartition("/")[2].removesuffix(".ics")

        def told() -> tuple[date, int]:
            entries = [entry for entry in read_feed(token, "n").entries if "Een les ontwerpen" in entry.summary]
            [entry] = entries
            return entry.on, entry.sequence

        assert told() == (WAS.due_on, 0)
        moved = move(cast, due(NEW_DUE), form=FORM)
        assert told() == (moved.after.due_on, 1)
        undo_move(cast.anja, cast.cohort, "A1", "form", TODAY)
        assert told() == (WAS.due_on, 2)


class TestUndoing:
    def test_the_dates_are_given_back(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE, date(2026, 6, 15)), form=FORM)
        undone = undo_move(cast.anja, cast.cohort, "A1", "form", TODAY)
        assert (standing(), undone.after) == (WAS, WAS)
        assert [kept.was_due_on for kept in moves()] == [WAS.due_on, NEW_DUE]

    def test_not_over_what_somebody_else_did_since(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE), form=FORM)
        move(cast, due(date(2026, 7, 7)), by=cast.chaima)
        with pytest.raises(Refused):
            undo_move(cast.anja, cast.cohort, "A1", "form", TODAY)
        assert standing().due_on == date(2026, 7, 7)

    def test_not_back_to_a_day_that_has_passed(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE), form=FORM)
        with pytest.raises(Refused):
            undo_move(cast.anja, cast.cohort, "A1", "form", WAS.due_on + timedelta(days=1))
        assert standing().due_on == NEW_DUE

    def test_only_ones_own_form_of_that_very_assignment(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE), form=FORM)
        for actor, cohort, code, key in (
            (cast.chaima, cast.cohort, "A1", "form"),
            (cast.anja, cast.cohort, "A2", "form"),
            (cast.anja, cast.other_cohort, "A1", "form"),
            (cast.anja, cast.cohort, "A1", "other"),
        ):
            with pytest.raises(NotFound):
                undo_move(actor, cohort, code, key, TODAY)
        assert standing().due_on == NEW_DUE


def test_nothing_is_queued_at_once(cast: Cast) -> None:
    move(cast, due(NEW_DUE))
    assert db.session.scalars(select(OutboxMail)).all() == []


def test_a_move_raises_the_revision(cast: Cast) -> None:
    before = revision()
    move(cast, due(NEW_DUE))
    db.session.rollback()
    assert revision() == before + 1
