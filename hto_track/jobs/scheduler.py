"""The scheduler: APScheduler as the clock, one tick a minute; what is due is told by the table and the books."""

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
from hto_track.jobs.running import run_due

log = logging.getLogger(__name__)


def run_scheduler(app: Flask, is_orphaned: Callable[[], bool]) -> None:
    """Tick every minute, the first time at once, until SIGTERM or SIGINT, or until ``is_orphaned`` says so."""
    with app.app_context():
        election = Election(db.engine)
    scheduler = BlockingScheduler(timezone=UTC)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    def tick() -> None:
        if is_orphaned():
            log.warning("The server that started this scheduler is gone: stopping")
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            work(app, election)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # In UTC, where no hour is skipped or repeated; a tick that is late or overlaps another is left out
    scheduler.add_job(
        tick, "cron", second=0, coalesce=True, max_instances=1, misfire_grace_time=None, next_run_time=datetime.now(UTC)
    )
    log.info("The scheduler runs")
    try:
        scheduler.start()
    finally:
        election.withdraw()


def work(app: Flask, election: Election) -> None:
    """One tick: what is due now, if this scheduler is the one to work. A fault is logged; the next tick tries again."""
    with app.app_context():
        try:
            if election.is_won():
                run_due(clock.now())
        except Exception:
            log.exception("A tick of the scheduler failed")
