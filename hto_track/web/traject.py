"""One participant's path: their own page, and the same page for who guides them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.services.forecasts import participant_forecast
from hto_track.services.standings import own_standing, participant_standing
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.traject import Reader, traject_picture
from hto_track.web.pictures.weeks import WEEKS_AHEAD


def mine() -> ResponseReturnValue:
    """The participant's own path."""
    actor = signed_in_actor()
    standing = own_standing(actor, clock.today())
    path = traject_picture(standing, participant_forecast(actor, standing, WEEKS_AHEAD), Reader.PARTICIPANT)
    return render_template("load/traject.html", path=path)


def of_participant(participant_code: str) -> ResponseReturnValue:
    """The path of a participant, for leader and college, and for the participant under their own address."""
    actor = signed_in_actor()
    standing = participant_standing(actor, participant_code, clock.today())
    path = traject_picture(standing, participant_forecast(actor, standing, WEEKS_AHEAD), Reader.GUIDE)
    return render_template("load/traject.html", path=path)
