"""Running what is due: each part by itself, so that one cohort's fault does not stop the others."""

import logging
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from hto_track import clock
from hto_track.jobs.table import BY_NAME, JOBS, LESSON_NEWS, SEND_MAIL, Job
from hto_track.services import lesson_news
from hto_track.services.job_requests import Requested, finish_request, take_request
from hto_track.services.jobs import Run, Slot, find_run, finish_job, is_worked, record_failure
from hto_track.services.policy import CONSOLE
from hto_track.services.sending import send_due

log = logging.getLogger(__name__)


def run_due(now: datetime) -> None:
    """Run every job whose slot is due at ``now`` and was not finished, and what was asked for; tell what changed, send mails.

    Any number of processes may do this at once. A slot of which parts failed is finished: it is not tried every minute.
    """
    for job in JOBS:
        day = job.timetable.due(now)
        if day is not None and find_run(_slot(job, day)) is None:
            run_job(job, day)
    run_requested(now)
    tell_lesson_news(now)
    send_mail(now)


def run_requested(now: datetime) -> None:
    """Run what people asked for, each request by whoever takes it; a fault is theirs to read, and stops no other."""
    while (request := take_request(CONSOLE, now)) is not None:
        try:
            summary, error = _run_request(request, now)
        except Exception as fault:
            log.exception("%s, asked for at %s, failed", request.name, request.asked_at)
            summary, error = {}, _said(fault)
        finish_request(CONSOLE, request.id, summary, error)


def _run_request(request: Requested, now: datetime) -> tuple[dict[str, Any], str | None]:
    if request.name == SEND_MAIL:
        return asdict(send_due(CONSOLE, now)), None
    if request.name == LESSON_NEWS:
        return {"mails": tell_lesson_news(now)}, None
    run = run_job(BY_NAME[request.name], date.fromisoformat(request.slot or ""))
    return run.summary, run.error


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
    try:
        parts = tuple(job.parts())
    except Exception as error:
        log.exception("The parts of %s of %s could not be found", slot.name, slot.slot)
        return finish_job(slot, started_at, _said(error))
    for part in parts:
        turn = slot.part(part.key)
        try:
            part.work(day, turn)
        except Exception as error:
            log.exception("%s of %s failed", turn.name, turn.slot)
            record_failure(turn, _said(error))
    return finish_job(slot, started_at)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def was_run(job: Job, day: date) -> bool:
    """Whether the slot of ``day`` was finished without a fault."""
    return is_worked(_slot(job, day))


def _slot(job: Job, day: date) -> Slot:
    return Slot(name=job.name, slot=day.isoformat())
