"""The scheduler as a process: mails go at once and not at the next minute, and two schedulers send none twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.ledger import JobRun, MailState, OutboxMail
from hto_track.services.job_requests import TAKEN_FOR, ask_for_job, latest_requests, take_request
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import CONSOLE
from hto_track.services.scheduler_pulse import scheduler_pulse
from hto_track.services.transaction import noting
from tests.cast import Cast
from tests.mail_server import MailServer, mail_server

PATIENCE_SECONDS = 60
"""As long as there is from one tick to the next: what needs several ticks does not come in time."""
Start = Callable[[int], subprocess.Popen[str]]


@pytest.fixture
def start(app: Flask) -> Iterator[Start]:
    """``start(port)``: a scheduler on this database that sends to this port."""
    started: list[subprocess.Popen[str]] = []

    def run(port: int) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HTO_")} | {
            "HTO_DATABASE_URL": app.extensions["hto_settings"].database_url,
            "HTO_SECRET_KEY": "a key of the tests alone",
            "HTO_TODAY": "2026-06-14",
            "HTO_SMTP_HOST": "127.0.0.1",
            "HTO_SMTP_PORT": str(port),
        }
        command = [sys.executable, "-m", "hto_track", "scheduler"]
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.send_signal(signal.SIGTERM)
        _output, errors = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
        assert "Traceback" not in errors and "maximum number" not in errors, errors


def until(holds: Callable[[], object], what: str, last: float) -> None:
    while not holds():
        if time.monotonic() > last:
            pytest.fail(f"{what}: not in time")
        db.session.remove()
        time.sleep(0.1)  # between two looks at another process


def queue(*numbers: int) -> None:
    with noting() as session:
        queue_mails(
            session,
            (
                Mail(
                    kind="sign_in",
                    subject_key=f"user/{number}",
                    period="x",
                    recipient="bram@example.org",
                    subject="Inloggen",
                    body="[[link]]",
                    secrets={"link": "x"},
                )
                for number in numbers
            ),
        )
    db.session.remove()


def has_ticked() -> bool:
    db.session.rollback()
    return bool(db.session.scalar(select(func.count()).select_from(JobRun)))


def all_sent() -> bool:
    db.session.rollback()
    return set(db.session.scalars(select(OutboxMail.state))) <= {MailState.SENT}


def accepted(server: MailServer) -> list[str]:
    return [message["Message-ID"] for message in server.accepted]


def test_several_mails_one_after_the_other_go_before_the_next_minute_is_there(app: Flask, start: Start) -> None:
    with mail_server() as server:
        start(server.port)
        until(has_ticked, "the first tick", time.monotonic() + PATIENCE_SECONDS)
        last = time.monotonic() + PATIENCE_SECONDS
        for number in range(1, 5):
            queue(number)
            until(lambda number=number: len(server.accepted) == number, f"mail {number}", last)


def test_two_schedulers_send_each_mail_once(app: Flask, start: Start) -> None:
    queue(*range(30))
    with mail_server() as server:
        for _ in range(2):
            start(server.port)
        until(all_sent, "all mails", time.monotonic() + PATIENCE_SECONDS)
        queue(*range(30, 60))
        until(all_sent, "all mails", time.monotonic() + PATIENCE_SECONDS)
        assert len(accepted(server)) == len(set(accepted(server))) == 60


def test_what_was_asked_for_while_no_scheduler_ran_is_done_once_one_runs_and_it_says_that_it_lives(
    cast: Cast, start: Start
) -> None:
    """The one that took it before was killed: its request is taken again, and done once."""
    asked = ask_for_job(cast.gijs, "leader_digest", date(2026, 6, 8))
    take_request(CONSOLE, clock.now() - TAKEN_FOR)
    assert not scheduler_pulse(cast.gijs, clock.now()).is_alive

    def is_done() -> bool:
        db.session.rollback()
        return latest_requests(cast.gijs, ["leader_digest"])["leader_digest"].done_at is not None

    with mail_server() as server:
        start(server.port)
        until(is_done, "what was asked for", time.monotonic() + PATIENCE_SECONDS)
        assert scheduler_pulse(cast.gijs, clock.now()).is_alive
    done = latest_requests(cast.gijs, ["leader_digest"])["leader_digest"]
    assert (done.id, done.error, done.summary["mails"]) == (asked.id, None, 2)
    queued = select(func.count()).select_from(OutboxMail).where(OutboxMail.kind == "leader_digest")
    assert db.session.scalar(queued) == 2
