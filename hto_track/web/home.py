"""The home page of each role: where their work begins."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hto_track.web.access import let_in, request_needs, signed_in_actor

LANDINGS = (
    "cohorts.overview",
    "traject.mine",
    "confirmations.mine",
    "exemptions.overview",
)
"""The first of these that is there and lets the actor in."""


def home() -> ResponseReturnValue:
    """Send the actor to where their work begins."""
    actor, needs = signed_in_actor(), request_needs()
    for endpoint in LANDINGS:
        if (endpoint, "GET") in needs and let_in(actor, needs[endpoint, "GET"]):
            return redirect(url_for(endpoint))
    return render_template("errors/nothing_here.html")
