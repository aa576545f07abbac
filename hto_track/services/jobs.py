"""The books of the scheduled jobs: which slot was worked, what came of it.

A slot is claimed by an insert in the transaction of its effect. So a slot is worked once whoever tries, a crash leaves
neither claim nor effect, and whoever comes next works it. A slot that failed may be claimed again.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.ledger import JobRun
from hto_track.services.job_failures import tell_failure
from hto_track.services.policy import Action, Actor, may_anywhere, require_anywhere
from hto_track.services.transaction import reading, writing

LONGEST_ERROR = 1000
WITHHELD = "?"
"""What stands in place of an error for who may not run jobs: it may name somebody they may not know of."""
MOST_RUNS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One turn of a job, or of a part of it: ``name`` like "evaluate_warnings:ZH-05", ``slot`` like "2026-06-14"."""

    name: str
    slot: str

    def part(self, name: str) -> "Slot":
        """The same turn of one part of the job."""
        return Slot(name=f"{self.name}:{name}", slot=self.slot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A slot that was worked: when, and what came of it; ``error`` where it failed."""

    name: str
    slot: str
    started_at: datetime
    finished_at: datetime | None
    summary: dict[str, Any]
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A turn of a job, and its parts that failed, each as the run of its own name."""

    run: Run
    failed: tuple[Run, ...]


def claim(session: Session, slot: Slot) -> bool:
    """Take ``slot`` in the caller's transaction; False when it was worked already.

    Where two try at once, the second waits for the first to commit or roll back.
    """
    return _write(session, slot, clock.now(), {}, None)


def sum_up(session: Session, slot: Slot, summary: dict[str, Any]) -> None:
    """Write down what came of a claimed slot, in the same transaction."""
    session.execute(
        update(JobRun)
        .where(JobRun.name == slot.name, JobRun.slot == slot.slot)
        .values(summary=summary, finished_at=clock.now())
    )


def is_worked(slot: Slot) -> bool:
    """Whether the slot was worked and did not fail: a first look, so that what is done is not prepared once more."""
    run = find_run(slot)
    return run is not None and run.error is None


def find_run(slot: Slot) -> Run | None:
    """What came of a slot, None while nobody worked it."""
    row = reading().scalars(select(JobRun).where(JobRun.name == slot.name, JobRun.slot == slot.slot)).one_or_none()
    return None if row is None else _run(row)


def record_failure(slot: Slot, error: str) -> None:
    """Write down that ``slot`` failed; one that was worked after all stays as it is."""
    with writing() as session:
        _write(session, slot, clock.now(), {}, error[:LONGEST_ERROR])


def finish_job(slot: Slot, started_at: datetime, fault: str | None = None) -> Run:
    """Close the turn of a whole job: the sums of its parts, and which of them failed; ``fault`` where it had none at all.

    The administrators are told of a failure in the same transaction.
    """
    with writing() as session:
        rows = session.scalars(
            select(JobRun)
            .where(JobRun.name.startswith(f"{slot.name}:", autoescape=True), JobRun.slot == slot.slot)
            .order_by(JobRun.name)
        ).all()
        summary: dict[str, Any] = {"parts": len(rows)}
        for row in rows:
            for key, number in (row.summary or {}).items():
                summary[key] = summary.get(key, 0) + number
        failed = [f"{part_of(row.name)}: {row.error}" for row in rows if row.error]
        error = fault or "; ".join(failed) or None
        written = _write(session, slot, started_at, summary, error and error[:LONGEST_ERROR])
        if written and error is not None:
            parts, wrong = (0, 0) if fault else (len(rows), len(failed))
            tell_failure(session, slot.name, slot.slot, started_at, parts=parts, failed=wrong)
    run = find_run(slot)
    assert run is not None
    return run


def part_of(name: str) -> str:
    """Which part of a job a run is of: "ZH-05" of "evaluate_warnings:ZH-05"."""
    return name.partition(":")[2]


def latest_runs(actor: Actor, names: Collection[str]) -> dict[str, Run]:
    """The last turn of each of these jobs that ever ran, by name."""
    require_anywhere(actor, Action.VIEW_JOBS)
    latest = select(func.max(JobRun.id)).where(JobRun.name.in_(names)).group_by(JobRun.name)
    rows = reading().scalars(select(JobRun).where(JobRun.id.in_(latest)))
    return {row.name: _as_told(actor, _run(row)) for row in rows}


def past_runs(actor: Actor, name: str) -> tuple[PastRun, ...]:
    """The last thirty turns of a job, the latest first, with what failed in them; in two queries. Forbidden."""
    require_anywhere(actor, Action.VIEW_JOBS)
    session = reading()
    turns = session.scalars(
        select(JobRun).where(JobRun.name == name).order_by(JobRun.slot.desc(), JobRun.id.desc()).limit(MOST_RUNS)
    ).all()
    slots = [row.slot for row in turns if row.error is not None]
    failed = session.scalars(
        select(JobRun)
        .where(JobRun.name.startswith(f"{name}:", autoescape=True), JobRun.slot.in_(slots), JobRun.error.is_not(None))
        .order_by(JobRun.name)
    ).all()
    return tuple(
        PastRun(
            run=_as_told(actor, _run(row)),
            failed=tuple(_as_told(actor, _run(part)) for part in failed if part.slot == row.slot),
        )
        for row in turns
    )


def _as_told(actor: Actor, run: Run) -> Run:
    """A run without the words of its error for who may not run jobs."""
    return run if run.error is None or may_anywhere(actor, Action.RUN_JOBS) else replace(run, error=WITHHELD)


def _write(session: Session, slot: Slot, started_at: datetime, summary: dict[str, Any], error: str | None) -> bool:
    """Insert the row of ``slot``, or write over one that failed; False when it stands without an error."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    outcome = {"started_at": started_at, "finished_at": clock.now(), "summary": summary, "error": error}
    written = session.execute(
        insert(JobRun)
        .values(name=slot.name, slot=slot.slot, **outcome)
        .on_conflict_do_update(index_elements=["name", "slot"], set_=outcome, where=JobRun.error.is_not(None))
        .returning(JobRun.id)
    )
    return written.scalar_one_or_none() is not None


def _run(row: JobRun) -> Run:
    return Run(
        name=row.name,
        slot=row.slot,
        started_at=row.started_at,
        finished_at=row.finished_at,
        summary=row.summary or {},
        error=row.error,
    )
