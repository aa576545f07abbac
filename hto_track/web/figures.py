"""The figures of programmes, without names."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.services.figures import programme_figures
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.figures import figures_picture


def overview() -> ResponseReturnValue:
    """Every cohort in the actor's reach, in figures."""
    return render_template(
        "figures/overview.html", page=figures_picture(programme_figures(signed_in_actor(), clock.today()))
    )
