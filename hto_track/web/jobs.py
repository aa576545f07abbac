"""The scheduled jobs: when each ran, what came of it, when it runs next."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.jobs.table import BY_NAME
from hto_track.services.jobs import latest_runs
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.jobs import jobs_picture


def overview() -> ResponseReturnValue:
    """All jobs, one card each."""
    runs = latest_runs(signed_in_actor(), BY_NAME)
    return render_template("jobs/overview.html", jobs=jobs_picture(runs, clock.now()))
