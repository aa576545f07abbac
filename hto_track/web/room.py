"""Ruimte: how much room somebody has for the study; looked at before it is saved, by themselves or by their project leader."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.formats import hours
from hto_track.services import room as service
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.load_answers import ROOM, Asked, read_room
from hto_track.web.pictures.room import room_page
from hto_track.web.sent_forms import render_refused, sent_form


def mine() -> ResponseReturnValue:
    """One's own room; ``?werk=40&ruimte=10`` shows what those hours would mean."""
    return _shown(None)


def of_participant(participant_code: str) -> ResponseReturnValue:
    """The room of a participant, for their project leader."""
    return _shown(participant_code)


def save() -> ResponseReturnValue:
    """Save one's own room."""
    return _saved(None)


def save_of(participant_code: str) -> ResponseReturnValue:
    """Save the room of a participant."""
    return _saved(participant_code)


def agree() -> ResponseReturnValue:
    """Keep one's own room as it stands as what was agreed on at the intake."""
    return _agreed(None)


def agree_of(participant_code: str) -> ResponseReturnValue:
    """The same for a participant."""
    return _agreed(participant_code)


def undo(form_key: str) -> ResponseReturnValue:
    """Give back one's own room as it was before a form."""
    return _undone(None, form_key)


def undo_of(participant_code: str, form_key: str) -> ResponseReturnValue:
    """The same for a participant."""
    return _undone(participant_code, form_key)


def _shown(code: str | None) -> ResponseReturnValue:
    asked = read_room(request.args) if ROOM in request.args else None
    view = service.room_of(signed_in_actor(), code, clock.today(), asked.room if asked else None)
    errors, seen = (asked.errors, request.args.get("seen", "")) if asked else ({}, "")
    return render_template("room/form.html", page=room_page(view, code, asked, seen), errors=errors)


def _saved(code: str | None) -> ResponseReturnValue:
    actor, on, asked = signed_in_actor(), clock.today(), read_room(request.form)
    if asked.room is None:
        return _refused(code, asked, asked.errors)
    try:
        saved = service.give_room(actor, code, asked.room, request.form.get("seen", ""), on, sent_form())
    except Refused as refused:
        return _refused(code, asked, errors_by_field(refused))
    said = _("Saved: %(room)s a week for the study.", room=hours(saved.after.study or 0))
    if saved.stored_expectation:
        said += " " + _("What to expect is kept with it.")
    say_done(said, undo_url=_to("undo", code, form_key=request.form.get("key", "")))
    return redirect(_to("mine", code))


def _agreed(code: str | None) -> ResponseReturnValue:
    is_new = service.agree_on_room(signed_in_actor(), code, clock.today())
    say_done(_("Kept as agreed on at the intake.") if is_new else _("It was kept already. Nothing was changed."))
    return redirect(_to("mine", code))


def _undone(code: str | None, form_key: str) -> ResponseReturnValue:
    try:
        service.undo_room(signed_in_actor(), code, form_key)
        say_done(_("The room is as it was."))
    except Refused as refused:
        say_refused(refused)
    return redirect(_to("mine", code))


def _refused(code: str | None, asked: Asked, errors: dict[str, str]) -> ResponseReturnValue:
    """The page again with what was filled in, beside what stands by now."""
    view = service.room_of(signed_in_actor(), code, clock.today(), asked.room if not errors.keys() - {"seen"} else None)
    seen = "" if "seen" in errors else request.form.get("seen", "")
    return render_refused("room/form.html", page=room_page(view, code, asked, seen), errors=errors)


def _to(name: str, code: str | None, **values: Any) -> str:
    if code is None:
        return url_for(f"room.{name}", **values)
    endpoint = "room.of_participant" if name == "mine" else f"room.{name}_of"
    return url_for(endpoint, participant_code=code, **values)
