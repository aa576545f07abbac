"""What a reader sees when a page is not there, not theirs, or not working: what happened and what to do, never a traceback."""

import math
import secrets
from contextlib import suppress

from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoSuchPage

from hto_track.extensions import db
from hto_track.services.policy import Action
from hto_track.services.refusals import Forbidden, NotFound, TooOften
from hto_track.web.access import current_actor, let_in
from hto_track.web.large_uploads import read_to_its_end
from hto_track.web.own_assignments import refuse_too_large
from hto_track.web.passkeys import show_waiting, waits_for_passkey

NEVER_SHOWN = frozenset({"csrf_token", "key", "password", "old_password", "new_password"})
LONGEST_SHOWN = 500


def init_app(app: Flask) -> None:
    """Register the pages for what can go wrong."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(NoSuchPage, _not_found)
    app.register_error_handler(MethodNotAllowed, _not_found)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(Exception, _broken)


def _not_found(_error: Exception) -> ResponseReturnValue:
    return render_template("errors/not_found.html"), 404


def _forbidden(error: Exception) -> ResponseReturnValue:
    """Not for this account; or only after a passkey, for a role that waits for it."""
    actor, action = current_actor(), next(iter(error.args), None)
    if actor is not None and waits_for_passkey(actor, action):
        target = request.full_path.rstrip("?") if request.method == "GET" else url_for("home")
        return show_waiting(actor, target=target), 403
    return render_template("errors/forbidden.html"), 403


def _too_often(error: TooOften) -> ResponseReturnValue:
    seconds = math.ceil(error.wait.total_seconds())
    page = render_template("errors/too_often.html", minutes=math.ceil(seconds / 60))
    return page, 429, {"Retry-After": str(seconds)}


def _form_too_old(_error: Exception) -> ResponseReturnValue:
    return render_template("errors/form_too_old.html", filled_in=_filled_in()), 400


def _too_large(_error: Exception) -> ResponseReturnValue:
    """In words where they can be read: on the page that the form is on, where that is the reader's.

    Only of who is signed in is all of it read: nobody else keeps us busy.
    """
    actor = current_actor()
    if actor is not None:
        read_to_its_end()
        if request.endpoint == "own_assignments.hand_in" and let_in(actor, Action.HAND_IN_WORK):
            with suppress(NotFound, Forbidden):
                return refuse_too_large(**(request.view_args or {}))
    return render_template("errors/too_large.html"), 413


def _broken(error: Exception) -> ResponseReturnValue:
    """The last resort: logged under a code that the reader can quote; what they filled in is shown again.

    The log says which page, not at which address: that of a mailed link is its key.
    """
    if isinstance(error, HTTPException):
        return error
    code = secrets.token_hex(4)
    current_app.logger.error("Error %s at %s %s", code, request.method, request.url_rule, exc_info=error)
    db.session.rollback()
    g.signed_in = None  # the menu must not ask a database that may be the fault
    return render_template("errors/broken.html", code=code, filled_in=_filled_in()), 500


def _filled_in() -> list[tuple[str, str]]:
    try:
        values = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return []
    return [(name, value[:LONGEST_SHOWN]) for name, value in values if name not in NEVER_SHOWN and value]
