"""A job that somebody asks for now: taken up once, a turn that was worked stays as it is, and a failure is told once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.jobs.running import run_due, run_job, run_requested
from hto_track.jobs.table import BY_NAME
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.ledger import JobRequest, JobRun, OutboxMail
from hto_track.models.programmes import Programme
from hto_track.services.job_requests import (
    TAKEN_FOR,
    Requested,
    ask_for_job,
    finish_request,
    latest_requests,
    take_request,
)
from hto_track.services.job_texts import JOB_PAGE
from hto_track.services.jobs import MOST_RUNS, WITHHELD, Slot, find_run, finish_job, past_runs, record_failure
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, Refused
from hto_track.services.scheduler_pulse import note_pulse, scheduler_pulse
from hto_track.services.transaction import revision, writing
from hto_track.web.urls import PAGES
from tests.at_once import at_once
from tests.cast import Cast
from tests.services.due_date_cases import NEW_DUE, due, move
from tests.trail import trail

SUNDAY = date(2026, 6, 14)
EVALUATION = BY_NAME["evaluate_warnings"]
Counting = Callable[[], AbstractContextManager[list[str]]]
NOON = datetime(2026, 6, 14, 12, tzinfo=UTC)


def break_a_cohort(cast: Cast) -> int:
    """Give C-1 a programme whose settings cannot be read; the id of the one it had."""
    with writing() as session:
        cohort = session.get_one(Cohort, cast.cohort_id)
        programme = session.get_one(Programme, cohort.programme_id)
        columns = {column.key: getattr(programme, column.key) for column in Programme.__table__.columns}
        own = {"code": "BROKEN", "thresholds": {"no such threshold": 1.0}}
        copy = Programme(**{name: value for name, value in (columns | own).items() if name != "id"})
        session.add(copy)
        session.flush()
        cohort.programme_id = copy.id
        return programme.id


def mend(cast: Cast, programme_id: int) -> None:
    with writing() as session:
        session.get_one(Cohort, cast.cohort_id).programme_id = programme_id


def request() -> Requested:
    db.session.rollback()
    return latest_requests(CONSOLE, ["evaluate_warnings", "send_mail", "lesson_news"]).popitem()[1]


def failures() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "job_failed").order_by(OutboxMail.id)))


class TestAsking:
    def test_it_waits_until_a_scheduler_takes_it_and_says_what_came_of_it(self, cast: Cast) -> None:
        asked = ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        assert (asked.slot, asked.taken_at, asked.done_at) == ("2026-06-14", None, None)
        run_due(datetime(2026, 6, 14, 3, tzinfo=UTC))  # five in the morning: not due yet
        done = request()
        assert done.id == asked.id and done.taken_at is not None and done.done_at is not None
        assert (done.error, done.summary["participants"]) == (None, 3)
        run = find_run(Slot(name="evaluate_warnings", slot="2026-06-14"))
        assert run is not None and run.summary == done.summary

    def test_who_asked_is_written_down(self, cast: Cast) -> None:
        ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        [entry] = trail("ask_for_job")
        assert (entry.actor, entry.subject) == (cast.gijs.ref, "installation")
        assert entry.after == {"job": "evaluate_warnings", "slot": "2026-06-14"}

    def test_asked_twice_it_waits_once(self, cast: Cast) -> None:
        first = ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        assert ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY) == first
        assert ask_for_job(cast.gijs, "send_mail", None) == ask_for_job(cast.gijs, "send_mail", None)

    def test_a_turn_that_was_worked_stays_and_says_when(self, cast: Cast) -> None:
        run_job(EVALUATION, SUNDAY)
        with pytest.raises(Refused) as refused:
            ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        assert refused.value.refusals[0].message._args[0] == "This job ran today already, at %(time)s."
        with writing() as session:
            session.execute(update(JobRun).values(started_at=NOON - timedelta(days=1)))
        with pytest.raises(Refused) as refused:
            ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        assert refused.value.refusals[0].message._args[0].startswith("This job ran for %(day)s already")
        assert db.session.scalars(select(JobRequest)).all() == []

    def test_a_turn_that_failed_is_tried_again(self, cast: Cast) -> None:
        programme_id = break_a_cohort(cast)
        run_job(EVALUATION, SUNDAY)
        mend(cast, programme_id)
        ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        run_requested(NOON)
        assert (request().error, request().summary["participants"]) == (None, 3)

    def test_jobs_without_turns_are_asked_for_too(self, cast: Cast) -> None:
        move(cast, due(NEW_DUE))
        ask_for_job(cast.gijs, "lesson_news", None)
        run_requested(clock.now() + timedelta(minutes=11))
        assert request().summary == {"mails": 4}
        ask_for_job(cast.gijs, "send_mail", None)
        run_requested(NOON)
        assert request().summary == {"sent": 0, "deferred": 0, "dead": 0}

    def test_what_is_asked_of_no_job_ends_with_its_fault_and_stops_no_other(self, cast: Cast) -> None:
        with writing() as session:
            session.add(JobRequest(name="gone", slot="2026-06-14", asked_at=NOON, asked_by="console"))
        ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        run_requested(NOON)
        gone = latest_requests(CONSOLE, ["gone"])["gone"]
        assert gone.done_at is not None and gone.error is not None and gone.error.startswith("KeyError")
        assert latest_requests(CONSOLE, ["evaluate_warnings"])["evaluate_warnings"].error is None

    def test_only_administrators_ask(self, cast: Cast) -> None:
        for actor in (cast.anja, cast.chaima, cast.bram):
            with pytest.raises(Forbidden):
                ask_for_job(actor, "evaluate_warnings", SUNDAY)


class TestTaking:
    def test_of_several_schedulers_one_takes_it(self, app: Flask, cast: Cast) -> None:
        ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        db.session.remove()
        taken = at_once(app, *[lambda: take_request(CONSOLE, NOON)] * 3)
        assert sum(one is not None for one in taken) == 1

    def test_several_requests_go_in_the_order_in_which_they_were_made(self, cast: Cast) -> None:
        first = ask_for_job(cast.gijs, "send_mail", None)
        second = ask_for_job(cast.gijs, "lesson_news", None)
        assert [one and one.id for one in (take_request(CONSOLE, NOON) for _ in range(3))] == [
            first.id,
            second.id,
            None,
        ]

    def test_one_whose_scheduler_died_is_taken_again_after_a_while(self, cast: Cast) -> None:
        asked = ask_for_job(cast.gijs, "evaluate_warnings", SUNDAY)
        take_request(CONSOLE, NOON)
        assert take_request(CONSOLE, NOON + TAKEN_FOR - timedelta(seconds=1)) is None
        again = take_request(CONSOLE, NOON + TAKEN_FOR)
        assert again is not None and again.id == asked.id
        finish_request(CONSOLE, asked.id, {}, None)
        assert take_request(CONSOLE, NOON + 9 * TAKEN_FOR) is None

    def test_looking_for_one_writes_nothing(self, cast: Cast) -> None:
        before = revision()
        run_requested(NOON)
        ask_for_job(cast.gijs, "send_mail", None)
        asked = revision()
        assert asked == before + 1
        take_request(CONSOLE, NOON)
        db.session.rollback()
        assert revision() == asked, "nothing that was worked out rests on it"


class TestFailures:
    def test_each_administrator_gets_one_mail_for_a_turn_however_often_it_is_tried(self, cast: Cast) -> None:
        break_a_cohort(cast)
        with writing() as session:
            another = User(email="gerda@example.org", name="Gerda Kok")
            session.add(another)
            session.flush()
            session.add(Grant(user_id=another.id, role=Role.ADMINISTRATOR, granted_at=clock.now()))
        run_job(EVALUATION, SUNDAY)
        assert [mail.recipient for mail in failures()] == ["gijs@example.org", "gerda@example.org"]
        run_job(EVALUATION, SUNDAY)
        assert len(failures()) == 2
        run_job(EVALUATION, SUNDAY + timedelta(days=1))
        assert len(failures()) == 4

    def test_the_mail_says_how_much_went_wrong_and_not_why(self, cast: Cast) -> None:
        break_a_cohort(cast)
        run_job(EVALUATION, SUNDAY)
        [mail] = failures()
        assert mail.subject == "‘Waarschuwingen bijwerken’ ging mis"
        assert "Van de 2 delen ging er 1 mis. De rest is klaar." in mail.body
        assert "http://hto.test/beheer/taken/evaluate_warnings" in mail.body.splitlines()
        assert mail.body.count("http") == 1 and mail.body.count("?") == 1
        assert "no such threshold" not in mail.body and "C-1" not in mail.body
        assert JOB_PAGE.format(name="<job_name>") in {page.rule for page in PAGES}

    def test_a_job_whose_parts_cannot_be_found_fails_as_a_whole_and_stops_no_other(
        self, app: Flask, cast: Cast
    ) -> None:
        """The last table that it asks for is gone: a real fault of the database."""
        with app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE attempts RENAME TO attempts_elsewhere")
        try:
            job = BY_NAME["assessment_news"]
            run = run_job(job, date(2026, 6, 15))
            assert run.error is not None and "attempts" in run.error
            [mail] = failures()
            assert "Er is niets van gedaan." in mail.body
        finally:
            with app.app_context(), db.engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE attempts_elsewhere RENAME TO attempts")
        assert run_job(BY_NAME["retention"], date(2026, 6, 15)).error is None

    def test_who_may_not_run_jobs_is_not_told_what_it_was(self, cast: Cast) -> None:
        break_a_cohort(cast)
        run_job(EVALUATION, SUNDAY)
        [told] = past_runs(cast.anja, "evaluate_warnings")
        assert told.run.error == WITHHELD and [part.error for part in told.failed] == [WITHHELD]
        [known] = past_runs(cast.gijs, "evaluate_warnings")
        assert [part.name for part in known.failed] == ["evaluate_warnings:C-1"]
        assert known.failed[0].error is not None and "no such threshold" in known.failed[0].error


class TestPastRuns:
    def test_the_last_thirty_turns_the_latest_first_in_two_queries(self, cast: Cast, count_queries: Counting) -> None:
        for days in range(MOST_RUNS + 5):
            finish_job(Slot(name="evaluate_warnings", slot=(SUNDAY + timedelta(days=days)).isoformat()), NOON)
        record_failure(Slot(name="evaluate_warnings:C-1", slot="2026-07-18"), "a fault")
        db.session.rollback()
        with count_queries() as queries:
            past = past_runs(cast.gijs, "evaluate_warnings")
        assert len(queries) == 2
        assert [one.run.slot for one in past] == sorted((one.run.slot for one in past), reverse=True)
        assert (len(past), past[0].run.slot) == (MOST_RUNS, (SUNDAY + timedelta(days=MOST_RUNS + 4)).isoformat())


class TestPulse:
    def test_it_is_written_at_most_once_a_minute_and_invalidates_nothing(self, cast: Cast) -> None:
        before = revision()
        assert not scheduler_pulse(cast.gijs, NOON).is_alive
        for seconds in (0, 3, 59):
            note_pulse(CONSOLE, NOON + timedelta(seconds=seconds))
            db.session.rollback()
            assert scheduler_pulse(cast.gijs, NOON).seen_at == NOON
        note_pulse(CONSOLE, NOON + timedelta(seconds=60))
        db.session.rollback()
        assert scheduler_pulse(cast.gijs, NOON).seen_at == NOON + timedelta(seconds=60)
        assert revision() == before

    @pytest.mark.parametrize(("later", "is_alive"), [(0, True), (179, True), (180, False), (-60, True), (-61, False)])
    def test_it_tells_for_three_minutes_that_a_scheduler_is_at_work(
        self, cast: Cast, later: int, is_alive: bool
    ) -> None:
        note_pulse(CONSOLE, NOON)
        assert scheduler_pulse(cast.gijs, NOON + timedelta(seconds=later)).is_alive is is_alive

    def test_a_clock_that_was_set_back_does_not_silence_it(self, cast: Cast) -> None:
        note_pulse(CONSOLE, NOON + timedelta(days=1))
        note_pulse(CONSOLE, NOON)
        db.session.rollback()
        assert scheduler_pulse(cast.gijs, NOON).is_alive

    def test_several_schedulers_at_once_write_one_row(self, app: Flask, cast: Cast) -> None:
        at_once(app, *[lambda: note_pulse(CONSOLE, NOON)] * 3)
        assert scheduler_pulse(cast.gijs, NOON).seen_at == NOON

    def test_who_may_look_into_jobs_sees_it(self, cast: Cast) -> None:
        assert not scheduler_pulse(cast.anja, NOON).is_alive
        with pytest.raises(Forbidden):
            scheduler_pulse(cast.bram, NOON)
        with pytest.raises(Forbidden):
            note_pulse(cast.anja, NOON)
