"""One's own data to take along, and erasing a person."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.documents.own_data import own_data_document, own_data_json
from hto_track.services import erasure
from hto_track.services.own_data import own_data
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.own_data import own_data_text
from hto_track.web.pictures.privacy import erasure_page, own_parts
from hto_track.web.sent_forms import render_refused

FILE = "mijn-gegevens"


def own() -> ResponseReturnValue:
    """What is held on the participant who is signed in, and how to take it along."""
    return render_template("privacy/own.html", parts=own_parts(own_data(signed_in_actor())))


def own_json() -> ResponseReturnValue:
    """All of it, for another program."""
    data = own_data(signed_in_actor())
    content = own_data_json(
        data.name, data.made_at, data.people, ((section.name, section.rows) for section in data.sections)
    )
    return _file(content, "application/json", "json")


def own_pdf() -> ResponseReturnValue:
    """All of it, to read."""
    return _file(own_data_document(own_data_text(own_data(signed_in_actor()))), "application/pdf", "pdf")


def show_erasure(participant_code: str) -> ResponseReturnValue:
    """What erasing a participant does; nothing is done yet."""
    plan = erasure.plan_erasure(signed_in_actor(), participant_code, clock.today())
    return render_template("privacy/erasure.html", page=erasure_page(plan), errors={})


def erase(participant_code: str) -> ResponseReturnValue:
    """Erase a participant."""
    actor, today = signed_in_actor(), clock.today()
    try:
        erasure.erase_participant(actor, participant_code, today)
    except Refused as refused:
        page = erasure_page(erasure.plan_erasure(actor, participant_code, today))
        return render_refused("privacy/erasure.html", page=page, errors=errors_by_field(refused))
    say_done(_("%(code)s is erased.", code=participant_code))
    return redirect(url_for("privacy.erasure", participant_code=participant_code))


def _file(content: str | bytes, mimetype: str, ending: str) -> Response:
    return Response(
        content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{FILE}.{ending}"'}
    )
