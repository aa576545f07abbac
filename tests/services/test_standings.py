"""Where people stand: few queries whatever the number of people, never stale, and only for whom it concerns."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from hto_track.extensions import db
from hto_track.models.lessons import Attendance
from hto_track.models.participants import Participant
from hto_track.rules.facts import Mark
from hto_track.rules.standing import judge
from hto_track.rules.warnings import WarningCode
from hto_track.services import standings
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.standings import cohort_standings, cohorts_overview, participant_standing
from hto_track.services.transaction import writing
from hto_track.services.warnings import evaluate_cohort
from tests.cast import Cast

TODAY = date(2026, 6, 14)
MOST_QUERIES = 11
"""A board may ask 12: one more says who is looking."""
CountQueries = Callable[[], AbstractContextManager[list[str]]]


def forget_what_is_kept() -> None:
    """As in a process that has just begun."""
    standings._kept._values.clear()


@pytest.mark.usefixtures("example_app")
class TestTheExampleCohorts:
    def test_a_board_asks_a_constant_number_of_queries(self, count_queries: CountQueries) -> None:
        counts = []
        for cohort in ("ZH-04", "ZH-05"):
            forget_what_is_kept()
            with count_queries() as queries:
                found = cohort_standings(CONSOLE, cohort, TODAY)
            counts.append((len(queries), len(found.members)))
        assert [people for _, people in counts] == [17, 15]
        assert {asked for asked, _ in counts} == {MOST_QUERIES}

    def test_a_second_look_asks_only_whether_anything_was_written(self, count_queries: CountQueries) -> None:
        first = cohort_standings(CONSOLE, "ZH-05", TODAY)
        with count_queries() as queries:
            assert cohort_standings(CONSOLE, "ZH-05", TODAY) is first
        assert len(queries) == 1

    def test_one_participant_is_judged_like_the_same_one_of_the_cohort(self) -> None:
        for member in cohort_standings(CONSOLE, "ZH-05", TODAY).members:
            alone = participant_standing(CONSOLE, member.member.code, TODAY).member
            assert alone.facts == member.facts
            assert alone.standing == member.standing == judge(alone.facts, TODAY)

    def test_everyone_comes_in_order_of_code(self) -> None:
        codes = [member.member.code for member in cohort_standings(CONSOLE, "ZH-05", TODAY).members]
        assert codes == sorted(codes)
        assert len(codes) == 15

    def test_the_overview_begins_with_the_cohort_that_began_last(self) -> None:
        assert [found.cohort.code for found in cohorts_overview(CONSOLE, TODAY)] == ["ZH-05", "ZH-04"]

    def test_a_second_overview_asks_two_queries_whatever_the_number_of_cohorts(
        self, count_queries: CountQueries
    ) -> None:
        cohorts_overview(CONSOLE, TODAY)
        with count_queries() as queries:
            assert len(cohorts_overview(CONSOLE, TODAY)) == 2
        assert len(queries) == 2

    def test_an_open_warning_says_the_figures_of_the_date_it_is_shown_on(self) -> None:
        evaluate_cohort(CONSOLE, "ZH-05", date(2026, 3, 29))
        member = next(m for m in cohort_standings(CONSOLE, "ZH-05", TODAY).members if m.member.code == "ZH05-03")
        attendance = next(warning for warning in member.warnings if warning.code is WarningCode.ATTENDANCE)
        assert attendance.opened_on == date(2026, 3, 29)
        assert attendance.figures["held"] == member.standing.attendance.held


class TestTheCast:
    def test_what_was_just_written_is_seen_at_once(self, cast: Cast) -> None:
        before = cohort_standings(CONSOLE, cast.cohort, TODAY).members[0].standing.attendance.held
        with writing() as session:
            session.add(Attendance(participant_id=cast.participant_id, lesson_id=cast.lesson_id, mark=Mark.PRESENT))
        after = cohort_standings(CONSOLE, cast.cohort, TODAY).members[0].standing.attendance.held
        assert (before, after) == (0, 1)

    def test_a_write_that_is_rolled_back_leaves_nothing(self, cast: Cast) -> None:
        class BreaksOffError(Exception):
            pass

        before = cohort_standings(CONSOLE, cast.cohort, TODAY)
        with pytest.raises(BreaksOffError), writing() as session:
            session.add(Attendance(participant_id=cast.participant_id, lesson_id=cast.lesson_id, mark=Mark.PRESENT))
            session.flush()
            raise BreaksOffError
        assert cohort_standings(CONSOLE, cast.cohort, TODAY) is before

    def test_small_and_capital_letters_of_codes_are_ordered_alike_by_every_database(self, cast: Cast) -> None:
        with writing() as session:
            if session.get_bind().dialect.name == "postgresql":  # as where the server was set up for a language
                session.execute(text('ALTER TABLE participants ALTER code TYPE varchar(64) COLLATE "und-x-icu"'))
            for old, new in ((cast.participant, "b-1"), (cast.neighbour, "C-1")):
                session.execute(update(Participant).where(Participant.code == old).values(code=new))
        found = [member.member.code for member in cohort_standings(CONSOLE, cast.cohort, TODAY).members]
        assert found == sorted(found)
        assert found.index("C-1") < found.index("b-1")

    def test_who_sees_a_cohort_sees_it_and_who_does_not_is_told_of_none(self, cast: Cast) -> None:
        for actor in (cast.anja, cast.chaima, cast.gijs):
            assert cohort_standings(actor, cast.cohort, TODAY).cohort.code == cast.cohort
        for actor in (cast.otto, cast.bram, cast.els, cast.dirk):
            with pytest.raises((NotFound, Forbidden)):
                cohort_standings(actor, cast.cohort, TODAY)
        with pytest.raises(NotFound):
            cohort_standings(cast.otto, cast.cohort, TODAY)

    def test_a_participant_sees_themselves_and_no_neighbour(self, cast: Cast) -> None:
        assert participant_standing(cast.bram, cast.participant, TODAY).member.member.name == "Bram de Wit"
        for code in (cast.neighbour, cast.other_participant, "C9-99"):
            with pytest.raises(NotFound):
                participant_standing(cast.bram, code, TODAY)

    def test_the_overview_holds_only_what_the_actor_leads(self, cast: Cast) -> None:
        assert [found.cohort.code for found in cohorts_overview(cast.otto, TODAY)] == [cast.other_cohort]


def test_a_cohort_without_people_stands_without_people(app: Flask, cast: Cast) -> None:
    with writing() as session:
        for row in session.scalars(select(Participant).where(Participant.cohort_id == cast.other_cohort_id)):
            session.delete(row)
    db.session.expire_all()
    assert cohort_standings(CONSOLE, cast.other_cohort, TODAY).members == ()
