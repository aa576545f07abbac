"""Jobs as they run: what is due, once, in parts, by any number of processes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.jobs.election import Election
from hto_track.jobs.running import run_due, run_job, was_run
from hto_track.jobs.table import BY_NAME
from hto_track.models.cohorts import Cohort
from hto_track.models.ledger import JobRun, MailState
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.models.warnings import Warning, WarningEvent
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.jobs import Slot, claim, find_run, latest_runs
from hto_track.services.refusals import Forbidden
from hto_track.services.transaction import reading, writing
from tests.cast import Cast
from tests.mail_server import mail_server, use_mail_server
from tests.services.warning_cases import let_hours_wait, mails, warnings_stored

Counting = Callable[[], AbstractContextManager[list[str]]]
SUNDAY = date(2026, 6, 14)
EVALUATION, PARTICIPANTS, LEADERS = (
    BY_NAME[name] for name in ("evaluate_warnings", "participant_digest", "leader_digest")
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def runs() -> list[tuple[str, str]]:
    session = reading()
    session.rollback()
    query = select(JobRun.name, JobRun.slot).order_by(JobRun.name, JobRun.slot)
    return [(name, slot) for name, slot in session.execute(query)]


def kinds() -> list[str]:
    return sorted({mail.kind for mail in mails()})


class TestClaims:
    def test_a_slot_is_claimed_once(self, app: Flask) -> None:
        slot = Slot(name="job", slot="2026-06-14")
        with writing() as session:
            assert claim(session, slot)
        with writing() as session:
            assert not claim(session, slot)
            assert claim(session, Slot(name="job", slot="2026-06-15"))

    def test_a_claim_is_gone_with_the_transaction_of_its_effect(self, app: Flask) -> None:
        slot = Slot(name="job", slot="2026-06-14")

        def failing() -> None:
            with writing() as session:
                claim(session, slot)
                raise KeyError

        with pytest.raises(KeyError):
            failing()
        assert find_run(slot) is None


class TestEvaluation:
    def test_every_cohort_is_evaluated_once_for_the_date(self, cast: Cast) -> None:
        run = run_job(EVALUATION, SUNDAY)
        assert run.error is None
        assert run.summary["parts"] == 2
        assert run.summary["participants"] == 3
        assert run.summary["opened"] == warnings_stored() > 0
        assert runs() == [
            ("evaluate_warnings", "2026-06-14"),
            ("evaluate_warnings:C-1", "2026-06-14"),
            ("evaluate_warnings:C-2", "2026-06-14"),
        ]

    def test_run_again_it_changes_nothing(self, cast: Cast) -> None:
        first = run_job(EVALUATION, SUNDAY)
        before = warnings_stored(), len(mails())
        assert run_job(EVALUATION, SUNDAY) == first
        assert (warnings_stored(), len(mails())) == before

    def test_what_another_process_left_undone_is_taken_up(self, cast: Cast) -> None:
        """A crash after the first cohort: its claim stands with its effect, the second has neither."""
        first, *_rest = EVALUATION.parts()
        first.work(SUNDAY, Slot(name="evaluate_warnings", slot="2026-06-14").part(first.key))
        left = warnings_stored()
        assert not was_run(EVALUATION, SUNDAY)
        run = run_job(EVALUATION, SUNDAY)
        assert run.summary["parts"] == 2
        assert warnings_stored() > left

    def test_one_cohorts_fault_does_not_stop_the_others_and_is_tried_again_by_hand(self, cast: Cast) -> None:
        with writing() as session:
            broken = session.scalars(select(Cohort).where(Cohort.code == "C-1")).one()
            programme = session.get_one(Programme, broken.programme_id)
            copy = Programme(
                **{
                    column.key: getattr(programme, column.key)
                    for column in Programme.__table__.columns
                    if column.key not in ("id", "code", "thresholds")
                },
                code="BROKEN",
                thresholds={"no such threshold": 1.0},
            )
            session.add(copy)
            session.flush()
            broken.programme_id = copy.id
            copy_id, programme_id = copy.id, programme.id
        run = run_job(EVALUATION, SUNDAY)
        assert run.error is not None and run.error.startswith("C-1: TypeError")
        assert not was_run(EVALUATION, SUNDAY)
        assert {slot for _name, slot in runs()} == {"2026-06-14"}
        assert warnings_stored() > 0, "C-2 was evaluated"

        run_due(local("2026-06-14T06:31"))
        assert find_run(Slot(name="evaluate_warnings", slot="2026-06-14")) == run, "not tried every minute"

        with writing() as session:
            session.get_one(Cohort, cast.cohort_id).programme_id = programme_id
            session.delete(session.get_one(Programme, copy_id))
        assert run_job(EVALUATION, SUNDAY).error is None
        assert was_run(EVALUATION, SUNDAY)

    def test_a_missed_evaluation_is_made_up_for_the_latest_date_alone(self, cast: Cast) -> None:
        run_due(local("2026-06-10T06:30"))
        run_due(local("2026-06-14T05:00"))
        assert {slot for name, slot in runs() if name == "evaluate_warnings"} == {"2026-06-10", "2026-06-13"}

    def test_each_cohort_costs_the_same_queries(self, cast: Cast, count_queries: Counting) -> None:
        parts = list(EVALUATION.parts())
        counts = []
        for part in parts:
            with count_queries() as queries:
                part.work(SUNDAY, Slot(name="evaluate_warnings", slot="2026-06-14").part(part.key))
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 30


class TestDigests:
    @pytest.fixture(autouse=True)
    def evaluated(self, cast: Cast) -> None:
        run_job(EVALUATION, SUNDAY)

    def test_on_sunday_evening_each_participant_with_an_open_warning_gets_one_mail(self, cast: Cast) -> None:
        run_due(local("2026-06-14T17:59"))
        assert "participant_digest" not in kinds()
        run_due(local("2026-06-14T18:00"))
        run_due(local("2026-06-14T18:01"))
        digests = [mail for mail in mails() if mail.kind == "participant_digest"]
        warned = reading().scalars(
            select(Participant.email)
            .where(Participant.id.in_(select(Warning.participant_id)))
            .order_by(Participant.email)
        )
        assert sorted(mail.recipient for mail in digests) == list(warned)
        assert all(mail.period == "2026-06-14" for mail in digests)

    def test_a_digest_missed_for_more_than_a_day_is_left_out(self, cast: Cast) -> None:
        run_due(local("2026-06-15T18:01"))
        assert "participant_digest" not in kinds()

    def test_on_monday_each_leader_gets_one_mail_about_their_own_cohorts(self, cast: Cast) -> None:
        run_due(local("2026-06-15T07:30"))
        run_due(local("2026-06-15T07:31"))
        digests = {mail.recipient: mail for mail in mails() if mail.kind == "leader_digest"}
        assert sorted(digests) == ["anja@example.org", "otto@example.org"]
        assert len([mail for mail in mails() if mail.kind == "leader_digest"]) == 2
        assert "C-1" in digests["anja@example.org"].body
        assert "C-2" not in digests["anja@example.org"].body
        assert "http://hto.test/groepen" in digests["anja@example.org"].body

    def test_a_leader_of_nothing_that_runs_or_warns_gets_no_mail(self, cast: Cast) -> None:
        with writing() as session:
            for person in session.scalars(select(Participant)):
                person.status, person.status_on = EnrolmentStatus.WITHDRAWN, date(2026, 3, 9)
        day = date(2027, 1, 4)
        for on in (day - timedelta(days=2), day - timedelta(days=1)):
            run_job(EVALUATION, on)
        run_job(LEADERS, day)
        assert "leader_digest" not in kinds()

    def test_a_snoozed_warning_is_left_out_of_the_leaders_mail(self, cast: Cast) -> None:
        with writing() as session:
            for warning in session.scalars(select(Warning)):
                warning.snoozed_until, warning.snooze_note = date(2026, 7, 1), "later"
        run_job(LEADERS, date(2026, 6, 15))
        [to_anja] = [mail for mail in mails() if mail.kind == "leader_digest" and "anja" in mail.recipient]
        assert "Bram" not in to_anja.body and "Noor" not in to_anja.body


class TestTheBooks:
    def test_the_last_run_of_each_job_is_told(self, cast: Cast) -> None:
        run_job(EVALUATION, SUNDAY - timedelta(days=1))
        run_job(EVALUATION, SUNDAY)
        latest = latest_runs(cast.anja, BY_NAME)
        assert set(latest) == {"evaluate_warnings"}
        assert latest["evaluate_warnings"].slot == "2026-06-14"

    def test_a_participant_may_not_look_into_them(self, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            latest_runs(cast.bram, BY_NAME)


TICK = """
import sys
from datetime import datetime
from hto_track.app import create_app
from hto_track.jobs.running import run_due
with create_app().app_context():
    sys.stdin.readline()
    run_due(datetime.fromisoformat(sys.argv[1]))
"""


@pytest.fixture
def at_once(app: Flask) -> Iterator[Callable[[datetime], None]]:
    """Run what is due at a moment in two processes, both made ready before either begins.

    Their clock stands on the day before: whatever the time of day, no hour is quiet from then to that moment.
    """
    started: list[subprocess.Popen[str]] = []

    def run(now: datetime) -> None:
        environment = os.environ | {
            "HTO_DATABASE_URL": app.extensions["hto_settings"].database_url,
            "HTO_SECRET_KEY": "a key of the tests alone",
            "HTO_TODAY": (now.astimezone(AMSTERDAM).date() - timedelta(days=1)).isoformat(),
            "HTO_SMTP_HOST": app.extensions["hto_settings"].smtp_host or "",
            "HTO_SMTP_PORT": str(app.extensions["hto_settings"].smtp_port),
        }
        command = [sys.executable, "-c", TICK, now.isoformat()]
        for _ in range(2):
            started.append(
                subprocess.Popen(
                    command,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in started:
            _output, errors = process.communicate()
            assert process.returncode == 0, errors
            assert "Traceback" not in errors

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


class TestTwoProcesses:
    def test_one_date_evaluated_by_two_processes_at_once_gives_one_set_of_warnings_and_one_mail_each(
        self, cast: Cast, app: Flask, at_once: Callable[[datetime], None]
    ) -> None:
        let_hours_wait(cast)
        db.session.remove()
        with mail_server() as server:
            use_mail_server(app, server.port)
            at_once(local("2026-06-12T12:00"))
            sent = [message["Message-ID"] for message in server.accepted]
        session = reading()
        pairs = session.execute(select(Warning.participant_id, Warning.code)).all()
        assert len(pairs) == len(set(pairs)) > 3
        assert session.scalar(select(func.count()).select_from(WarningEvent)) == len(pairs)
        assert len(sent) == len(set(sent)) == len(pairs)
        assert {mail.state for mail in mails()} == {MailState.SENT}
        run = find_run(Slot(name="evaluate_warnings", slot="2026-06-12"))
        assert run is not None
        assert (run.summary["opened"], run.summary["parts"], run.error) == (len(pairs), 2, None)

    def test_a_digest_queued_by_two_processes_at_once_is_one_mail_each(
        self, cast: Cast, at_once: Callable[[datetime], None]
    ) -> None:
        run_job(EVALUATION, SUNDAY)
        db.session.remove()
        at_once(local("2026-06-14T18:00"))
        recipients = [mail.recipient for mail in mails() if mail.kind == "participant_digest"]
        assert len(recipients) == len(set(recipients)) > 0


class TestElection:
    def test_of_two_schedulers_one_works_on_postgresql_and_the_other_takes_over(self, app: Flask) -> None:
        first, second = Election(db.engine), Election(db.engine)
        try:
            if db.engine.dialect.name == "postgresql":
                assert first.is_won()
                assert first.is_won()
                assert not second.is_won()
                first.withdraw()
            assert second.is_won()
        finally:
            first.withdraw()
            second.withdraw()
