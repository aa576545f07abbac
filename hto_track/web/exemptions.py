"""Exemptions for the follow-on routes: one participant's files, and what waits for the board of examiners."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.services.exemptions import requests_waiting, route_files
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.exemptions import files_picture, waiting_picture


def overview() -> ResponseReturnValue:
    """The requests that wait for a decision, the oldest first."""
    return render_template(
        "exemptions/overview.html", page=waiting_picture(requests_waiting(signed_in_actor(), clock.today()))
    )


def of_participant(participant_code: str) -> ResponseReturnValue:
    """What one participant need not do again, route by route."""
    files = route_files(signed_in_actor(), participant_code, clock.today())
    return render_template("exemptions/of_participant.html", page=files_picture(files))
