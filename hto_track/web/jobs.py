"""The scheduled jobs: when each ran, how long it took, what came of it, when it runs next; and one of them now."""

from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.jobs.table import BY_NAME, SLOTLESS
from hto_track.services.job_requests import ask_for_job, latest_requests
from hto_track.services.jobs import latest_runs, past_runs
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.scheduler_pulse import scheduler_pulse
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.pictures.jobs import JobPage, asked_text, job_page, jobs_picture, slotless_page


def overview() -> ResponseReturnValue:
    """All jobs, one card each."""
    actor, now = signed_in_actor(), clock.now()
    picture = jobs_picture(latest_runs(actor, BY_NAME), scheduler_pulse(actor, now), now)
    return render_template("jobs/overview.html", jobs=picture)


def job(job_name: str) -> ResponseReturnValue:
    """One job, with its last turns; NotFound for none of the table."""
    return render_template("jobs/job.html", page=_page(job_name))


def run(job_name: str) -> ResponseReturnValue:
    """Ask for a job now: the turn that belongs to today."""
    _require_known(job_name)
    try:
        ask_for_job(signed_in_actor(), job_name, _turn(job_name))
        say_done(asked_text(job_name))
    except Refused as refused:
        say_refused(refused)
    return redirect(url_for("jobs.job", job_name=job_name))


def _page(job_name: str) -> JobPage:
    _require_known(job_name)
    actor, now = signed_in_actor(), clock.now()
    pulse, requested = scheduler_pulse(actor, now), latest_requests(actor, [job_name]).get(job_name)
    if job_name in SLOTLESS:
        return slotless_page(job_name, requested, pulse, now)
    return job_page(BY_NAME[job_name], past_runs(actor, job_name), requested, pulse, now)


def _turn(job_name: str) -> date | None:
    return BY_NAME[job_name].timetable.latest(clock.today()) if job_name in BY_NAME else None


def _require_known(job_name: str) -> None:
    if job_name not in BY_NAME and job_name not in SLOTLESS:
        raise NotFound(f"There is no job {job_name}")
