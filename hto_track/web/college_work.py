"""The college's own page: what waits for me, and all work that waits for assessment."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.services.college_work import college_work, work_waiting
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.college_work import queue_page, work_page


def mine() -> ResponseReturnValue:
    """What waits for the reader at their college, the oldest first."""
    return render_template("college_work/mine.html", page=work_page(college_work(signed_in_actor(), clock.today())))


def waiting() -> ResponseReturnValue:
    """All work that waits for assessment, the oldest first."""
    on = clock.today()
    return render_template("college_work/waiting.html", page=queue_page(work_waiting(signed_in_actor(), on), on))
