"""The language switch: a link that keeps the page."""

from flask import abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from hto_track.languages import COOKIE, LANGUAGES
from hto_track.web.access import safe_next

A_YEAR = 365 * 24 * 60 * 60


def choose(language: str) -> ResponseReturnValue:
    """Remember the language in a cookie and go back to the page."""
    if language not in LANGUAGES:
        abort(404)
    answer = redirect(safe_next(request.args.get("next")))
    answer.set_cookie(
        COOKIE,
        language,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer
