"""The home page of each role: where their work begins."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hto_track.web.access import let_in, request_needs, signed_in_actor
from hto_track.web.passkeys import show_waiting

LANDINGS = (
    "college_work.mine",
    "cohorts.overview",
    "traject.mine",
    "confirmations.mine",
    "exemptions.overview",
    "figures.overview",
    "shared_load.with_me",
)
"""The first of these that is there and lets the actor in."""


def home() -> ResponseReturnValue:
    """Send the actor to where their work begins; first to their passkey, when a role of theirs waits for it."""
    actor, needs = signed_in_actor(), request_needs()
    landing = next((name for name in LANDINGS if (name, "GET") in needs and let_in(actor, needs[name, "GET"])), None)
    address = url_for(landing) if landing else None
    if actor.withheld:
        return show_waiting(actor, target=url_for("home"), onward=address)
    return redirect(address) if address else render_template("errors/nothing_here.html")
