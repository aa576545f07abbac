"""How the load was: asked once on one's own path, changed on a page of its own."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.models.load import Verdict
from hto_track.services import verdicts as service
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.expected import verdict_page
from hto_track.web.sent_forms import render_refused, sent_form


def form() -> ResponseReturnValue:
    """What one said, to change it."""
    asked = service.own_verdict(signed_in_actor(), clock.today())
    return render_template("load/verdict.html", page=verdict_page(asked, None), errors={})


def save() -> ResponseReturnValue:
    """Say it."""
    actor, on, filled_in = signed_in_actor(), clock.today(), request.form
    chosen = next((verdict for verdict in Verdict if verdict.value == filled_in.get("verdict")), None)
    try:
        service.give_verdict(actor, chosen, filled_in.get("advice", ""), "tonen" in filled_in, on, sent_form())
    except Refused as refused:
        page = verdict_page(service.own_verdict(actor, on), filled_in)
        return render_refused("load/verdict.html", page=page, errors=errors_by_field(refused))
    say_done(_("Thank you. Who comes next knows better what to expect."))
    return redirect(url_for("traject.mine"))
