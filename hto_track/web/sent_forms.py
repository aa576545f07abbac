"""Forms on their way in and out: the key that makes one carried out once, and the answer when it is refused."""

import hashlib
import json
import secrets

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hto_track.services.form_answers import SentForm

LONGEST_KEY = 64
NOT_FILLED_IN = ("csrf_token", "key")


def new_key() -> str:
    """A key for a form that is about to be shown."""
    return secrets.token_urlsafe(24)


def sent_form() -> SentForm | None:
    """The form of this request: its key, and a digest of where it went and what was filled in; None without a key of ours."""
    key = request.form.get("key", "")
    if not key or len(key) > LONGEST_KEY:
        return None
    filled_in = sorted(item for item in request.form.items(multi=True) if item[0] not in NOT_FILLED_IN)
    return SentForm(key=key, content=hashlib.sha256(json.dumps([request.path, filled_in]).encode()).hexdigest())


def render_refused(template: str, **values: object) -> ResponseReturnValue:
    """The page again with its errors: 422, but 200 for htmx, which puts no other answer into the page."""
    return render_template(template, **values), 200 if request.headers.get("HX-Request") else 422
