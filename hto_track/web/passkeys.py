"""Passkeys: the questions and answers that passkeys.js carries between the browser and us, and the page of a role that waits.

A refusal is answered in JSON: the sentence for each field, as in ``web/forms.py``.
"""

import json
import math
from typing import Any

from flask import current_app, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import RequestEntityTooLarge

from hto_track.config import Settings
from hto_track.services import passkeys
from hto_track.services.attempts import network_of
from hto_track.services.policy import POLICY, Action, Actor
from hto_track.services.refusals import Refused, TooOften
from hto_track.web.access import enter, safe_next, signed_in_actor, signed_in_session
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.passkeys import waiting_picture
from hto_track.web.sign_in import NEXT, device

LONGEST_BODY = 64 * 1024
"""Of what a browser sends; the largest of known passkeys is a tenth of it."""


def ask_for_new() -> ResponseReturnValue:
    """The question to a browser that is to make a passkey."""
    sent = _sent()
    try:
        return jsonify(passkeys.ask_for_new_passkey(signed_in_actor(), _text(sent, "name")))
    except Refused as refused:
        return _refused(refused)


def register() -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    sent, found = _sent(), signed_in_session()
    try:
        passkeys.register_passkey(found.actor, found.session_id, _text(sent, "name"), _answer(sent))
    except Refused as refused:
        return _refused(refused)
    say_done(_("Passkey made. You can sign in with it from now on."))
    return jsonify(next=safe_next(_text(sent, "next")))


def remove(passkey_id: int) -> ResponseReturnValue:
    """Remove a passkey."""
    try:
        name = passkeys.remove_passkey(signed_in_actor(), passkey_id)
    except Refused as refused:
        say_refused(refused.refusals[0].message)
    else:
        say_done(_("Passkey ‘%(name)s’ removed. It signs in nobody any more.", name=name))
    return redirect(url_for("account.mine"))


def ask() -> ResponseReturnValue:
    """The question to a browser whose owner signs in with a passkey."""
    _sent()
    try:
        return jsonify(passkeys.ask_for_passkey(network_of(request.remote_addr)))
    except Refused as refused:
        return _refused(refused)
    except TooOften as often:
        return _too_often(often)


def sign_in() -> ResponseReturnValue:
    """Sign in with the passkey that the browser proves; whoever was signed in there no longer is."""
    sent = _sent()
    target = safe_next(_text(sent, "next") or session.get(NEXT))
    try:
        token = passkeys.sign_in_with_passkey(_answer(sent), network_of(request.remote_addr), device())
    except Refused as refused:
        return _refused(refused)
    except TooOften as often:
        return _too_often(often)
    enter(token)
    return jsonify(next=target)


def waits_for_passkey(actor: Actor, action: object) -> bool:
    """Whether a role of ``actor`` that waits for a passkey holds ``action``."""
    return isinstance(action, Action) and not actor.withheld.isdisjoint(POLICY[action])


def show_waiting(actor: Actor, *, target: str, onward: str | None = None) -> str:
    """The page of an actor with a role that waits for a passkey; ``target`` comes after, ``onward`` goes on without."""
    picture = waiting_picture(actor, passkeys.own_passkeys(actor))
    return render_template("sign_in/passkey_needed.html", waiting=picture, next=target, onward=onward)


def passkey_origin() -> str | None:
    """Where passkeys work, for templates."""
    settings: Settings = current_app.extensions["hto_settings"]
    return settings.passkey_origin


def _sent() -> dict[str, Any]:
    """What the browser sent; nothing when that is no JSON object, so that it is refused for what is missing."""
    body = request.get_data()
    if len(body) > LONGEST_BODY:
        raise RequestEntityTooLarge
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    return value if isinstance(value, str) else ""


def _answer(sent: dict[str, Any]) -> dict[str, Any]:
    value = sent.get("answer")
    return value if isinstance(value, dict) else {}


def _refused(refused: Refused) -> ResponseReturnValue:
    return jsonify(errors=errors_by_field(refused)), 422


def _too_often(often: TooOften) -> ResponseReturnValue:
    seconds = math.ceil(often.wait.total_seconds())
    said = ngettext(
        "This was tried too often. Try again in %(num)s minute.",
        "This was tried too often. Try again in %(num)s minutes.",
        math.ceil(seconds / 60),
    )
    return jsonify(errors={"": said}), 429, {"Retry-After": str(seconds)}
