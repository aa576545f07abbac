"""The scheduler: APScheduler as the clock; what is due is told by the table and the books.

One tick a minute does all that is due. Between ticks the mails go every few seconds: somebody may be waiting for one to
sign in with.
"""

import logging
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from hto_track import clock
from hto_track.extensions import db
from hto_track.jobs.election import Election
from hto_track.jobs.running import run_due, send_mail
from hto_track.services.policy import CONSOLE
from hto_track.services.scheduler_pulse import note_pulse

SENDING_EVERY_SECONDS = 3
log = logging.getLogger(__name__)


def run_scheduler(app: Flask, is_orphaned: Callable[[], bool]) -> None:
    """Tick every minute, the first time at once, until SIGTERM or SIGINT, or until ``is_orphaned`` says so.

    Of either job one runs at a time; the two may run beside each other, as two schedulers may.
    """
    with app.app_context():
        election = Election(db.engine)
    scheduler = BlockingScheduler(timezone=UTC)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    def due(what: Callable[[datetime], object]) -> None:
        if is_orphaned():
            log.warning("The server that started this scheduler is gone: stopping")
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            work(app, election, what)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # A run that is late or overlaps the one before is left out; that a slow mail server makes them overlap is no news
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    # In UTC, where no hour is skipped or repeated
    scheduler.add_job(due, "cron", args=[run_due], second=0, next_run_time=datetime.now(UTC), **once)
    scheduler.add_job(due, "interval", args=[send_mail], seconds=SENDING_EVERY_SECONDS, **once)
    log.info("The scheduler runs")
    try:
        scheduler.start()
    finally:
        election.withdraw()


def work(app: Flask, election: Election, what: Callable[[datetime], object]) -> None:
    """Do ``what`` is due now, if this scheduler is the one to work, and let it be seen. A fault is logged; the next run tries
    again.
    """
    with app.app_context():
        try:
            if election.is_won():
                note_pulse(CONSOLE, clock.now())
                what(clock.now())
        except Exception:
            log.exception("A run of the scheduler failed")
