"""``hto-track jobs``: the scheduled jobs, and one of them now."""

from datetime import datetime
from typing import Any

import click
from tabulate import tabulate

from hto_track import clock
from hto_track.cli.application import Faults, with_application
from hto_track.jobs.running import run_job, tell_lesson_news, was_run
from hto_track.jobs.table import BY_NAME, JOBS, LESSON_NEWS, SEND_MAIL, Job
from hto_track.rules.days import AMSTERDAM, FIRST_YEAR, LAST_YEAR
from hto_track.services.jobs import Run, latest_runs
from hto_track.services.policy import CONSOLE
from hto_track.services.sending import send_due

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class LocalMoment(click.ParamType):
    """A moment in Amsterdam like 2026-06-14T18:00."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, or wrong usage."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a moment like 2026-06-14T18:00", param, ctx)
        if not FIRST_YEAR < moment.year < LAST_YEAR:  # with a year to either side for time zones and next slots
            self.fail(f"{value!r} is not between {FIRST_YEAR} and {LAST_YEAR}", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


@click.group()
def jobs() -> None:
    """Scheduled jobs."""


@jobs.command("list")
@with_application
def list_jobs() -> None:
    """Each job: when, what came of its last run, when it runs next."""
    now, runs = clock.now(), latest_runs(CONSOLE, BY_NAME)
    rows = [
        (
            job.name,
            _when(job),
            _said(runs.get(job.name)),
            f"{job.timetable.next(now).astimezone(AMSTERDAM):%Y-%m-%d %H:%M}",
        )
        for job in JOBS
    ]
    rows.append((LESSON_NEWS, "every minute", "see the outbox", "ten minutes after a change"))
    rows.append((SEND_MAIL, "every minute", "see the outbox", "within a minute"))
    click.echo(tabulate(rows, headers=("Job", "When", "Last run", "Next run")))


@jobs.command()
@click.argument("name", type=click.Choice([*BY_NAME, LESSON_NEWS, SEND_MAIL]))
@click.option("--at", type=LocalMoment(), default=None, help="The slot of that moment, like 2026-06-14T18:00.")
@with_application
def run(name: str, at: datetime | None) -> None:
    """Run the slot of job NAME that belongs to today, or to the date of --at."""
    moment = at or clock.now()
    if name == SEND_MAIL:
        counts = send_due(CONSOLE, moment)
        click.echo(f"{counts.sent} sent, {counts.deferred} put off, {counts.dead} given up")
        return
    if name == LESSON_NEWS:
        click.echo(f"{tell_lesson_news(moment)} mails put in the outbox")
        return
    job = BY_NAME[name]
    day = job.timetable.latest(moment.astimezone(AMSTERDAM).date())
    if was_run(job, day):
        click.echo(f"{name} of {day} has run already")
        return
    outcome = run_job(job, day)
    if outcome.error:
        raise Faults(f"{name} of {day} failed in part: {outcome.error}")
    click.echo(f"{name} of {day}: {_counts(outcome)}")


def _when(job: Job) -> str:
    day = "every day" if job.timetable.weekday is None else WEEKDAYS[job.timetable.weekday]
    return f"{day} {job.timetable.at:%H:%M}"


def _said(run: Run | None) -> str:
    if run is None:
        return "never"
    return f"{run.slot}: {run.error or _counts(run)}"


def _counts(run: Run) -> str:
    return ", ".join(f"{key} {number}" for key, number in run.summary.items())
