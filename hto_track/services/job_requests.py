"""Asking for a job to be run now: a scheduler takes it up, once, and says what came of it.

To work a turn twice is safe (services/jobs.py). So a request whose scheduler died is taken again after a while, and what it
had done by then stays done.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, or_, select, update

from hto_track import clock
from hto_track.formats import clock_time, day_plain, moment
from hto_track.models.ledger import JobRequest
from hto_track.rules.days import AMSTERDAM
from hto_track.services import audit
from hto_track.services.jobs import LONGEST_ERROR, WITHHELD, Slot, find_run
from hto_track.services.policy import Action, Actor, may_anywhere, require_anywhere
from hto_track.services.refusals import refuse
from hto_track.services.transaction import noting, reading, writing

TAKEN_FOR = timedelta(minutes=30)
"""How long a request stays with the scheduler that took it; one that is not done by then is taken again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """A job that was asked for: ``slot`` is the turn, None for a job without; ``summary`` and ``error`` what came of it."""

    id: int
    name: str
    slot: str | None
    asked_at: datetime
    taken_at: datetime | None
    done_at: datetime | None
    summary: dict[str, Any]
    error: str | None


def ask_for_job(actor: Actor, name: str, slot: date | None) -> Requested:
    """Ask for the turn of ``slot`` of a job (None: a job without slots). One that was asked for already is not asked twice.

    Refused when that turn was worked without a fault: it stays as it is. Forbidden.
    """
    require_anywhere(actor, Action.RUN_JOBS)
    turn = slot.isoformat() if slot else None
    with writing() as session:
        run = find_run(Slot(name=name, slot=turn)) if turn else None
        if slot is not None and run is not None and run.error is None:
            raise refuse(_ran_already(slot, run.started_at))
        waiting = session.scalars(
            select(JobRequest).where(
                JobRequest.name == name, JobRequest.slot.is_not_distinct_from(turn), JobRequest.done_at.is_(None)
            )
        ).first()
        if waiting is not None:
            return _requested(waiting)
        row = JobRequest(name=name, slot=turn, asked_at=clock.now(), asked_by=actor.ref)
        session.add(row)
        session.flush()
        audit.record(session, actor, "ask_for_job", audit.INSTALLATION, after={"job": name, "slot": turn})
        return _requested(row)


def take_request(actor: Actor, now: datetime) -> Requested | None:
    """The longest waiting request, which is the caller's from now on; None when there is none. Forbidden.

    Of several who try, each request goes to one.
    """
    require_anywhere(actor, Action.RUN_JOBS)
    free = and_(
        JobRequest.done_at.is_(None),
        or_(JobRequest.taken_at.is_(None), JobRequest.taken_at <= now - TAKEN_FOR),
    )
    longest = select(JobRequest.id).where(free).order_by(JobRequest.id).limit(1)
    if reading().scalars(longest).first() is None:
        return None
    with noting() as session:
        taken = session.execute(
            update(JobRequest)
            .where(JobRequest.id == longest.scalar_subquery(), free)
            .values(taken_at=now)
            .returning(JobRequest.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        return None if taken is None else _requested(session.get_one(JobRequest, taken, populate_existing=True))


def finish_request(actor: Actor, request_id: int, summary: dict[str, Any], error: str | None) -> None:
    """Write down what came of a request. Forbidden."""
    require_anywhere(actor, Action.RUN_JOBS)
    with noting() as session:
        session.execute(
            update(JobRequest)
            .where(JobRequest.id == request_id)
            .values(done_at=clock.now(), summary=summary, error=error and error[:LONGEST_ERROR])
        )


def latest_requests(actor: Actor, names: Collection[str]) -> dict[str, Requested]:
    """The last request of each of these jobs, by name. Forbidden."""
    require_anywhere(actor, Action.VIEW_JOBS)
    latest = select(func.max(JobRequest.id)).where(JobRequest.name.in_(names)).group_by(JobRequest.name)
    rows = reading().scalars(
        select(JobRequest).where(JobRequest.id.in_(latest)).execution_options(populate_existing=True)
    )
    found = {row.name: _requested(row) for row in rows}
    if may_anywhere(actor, Action.RUN_JOBS):
        return found
    return {name: replace(one, error=one.error and WITHHELD) for name, one in found.items()}


def _ran_already(slot: date, at: datetime) -> Any:
    local = at.astimezone(AMSTERDAM)
    if slot == clock.today() == local.date():
        return _l("This job ran today already, at %(time)s.", time=clock_time(local.time()))
    return _l("This job ran for %(day)s already, on %(moment)s.", day=day_plain(slot), moment=moment(at))


def _requested(row: JobRequest) -> Requested:
    return Requested(
        id=row.id,
        name=row.name,
        slot=row.slot,
        asked_at=row.asked_at,
        taken_at=row.taken_at,
        done_at=row.done_at,
        summary=row.summary or {},
        error=row.error,
    )
