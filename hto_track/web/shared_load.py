"""What people share with their employer."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.services.shared_load import shared_load
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.shared_load import shared_load_picture


def with_me() -> ResponseReturnValue:
    """The load of everyone who shares with the actor at this moment."""
    people = shared_load_picture(shared_load(signed_in_actor(), clock.today()))
    return render_template("shared_load/with_me.html", people=people)
