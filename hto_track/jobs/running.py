"""Running what is due: each part by itself, so that one cohort's fault does not stop the others."""

import logging
from datetime import date, datetime

from hto_track import clock
from hto_track.jobs.table import JOBS, Job
from hto_track.services import lesson_news
from hto_track.services.jobs import Run, Slot, find_run, finish_job, is_worked, record_failure
from hto_track.services.policy import CONSOLE
from hto_track.services.sending import send_due

log = logging.getLogger(__name__)


def run_due(now: datetime) -> None:
    """Run every job whose slot is due at ``now`` and was not finished, tell what changed, then send the mails that are due.

    Any number of processes may do this at once. A slot of which parts failed is finished: it is not tried every minute.
    """
    for job in JOBS:
        day = job.timetable.due(now)
        if day is not None and find_run(_slot(job, day)) is None:
            run_job(job, day)
    tell_lesson_news(now)
    send_mail(now)


def tell_lesson_news(now: datetime) -> int:
    """Queue the news of the lessons that changed and have come to rest at ``now``; how many mails.

    It has no slots: what is told is marked so with the mails. One cohort's fault does not stop the others.
    """
    mails = 0
    for code in lesson_news.cohorts_with_news(CONSOLE, now):
        try:
            mails += lesson_news.tell_lesson_news(CONSOLE, code, now)
        except Exception:
            log.exception("What changed in the lessons of %s could not be told", code)
    return mails


def send_mail(now: datetime) -> None:
    """Send the mails that are due at ``now``; safe beside any other that does so."""
    send_due(CONSOLE, now)


def run_job(job: Job, day: date) -> Run:
    """Run a job for the slot of ``day``: its parts that were not worked yet or failed, and what came of all of them.

    A slot that was finished without a fault is left as it is.
    """
    slot = _slot(job, day)
    done = find_run(slot)
    if done is not None and done.error is None:
        return done
    started_at = clock.now()
    for part in job.parts():
        turn = slot.part(part.key)
        try:
            part.work(day, turn)
        except Exception as error:
            log.exception("%s of %s failed", turn.name, turn.slot)
            record_failure(turn, f"{type(error).__name__}: {error}")
    return finish_job(slot, started_at)


def was_run(job: Job, day: date) -> bool:
    """Whether the slot of ``day`` was finished without a fault."""
    return is_worked(_slot(job, day))


def _slot(job: Job, day: date) -> Slot:
    return Slot(name=job.name, slot=day.isoformat())
