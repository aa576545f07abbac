"""A form comes from a page of ours, twice made sure: by its token (Flask-WTF), and by what the browser says of its origin."""

from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import CSRFError

from hto_track.config import Settings

ELSEWHERE = ("cross-site", "same-site")
"""What a browser says (Sec-Fetch-Site) of a request that another page made it send."""


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse every POST that a browser says comes from elsewhere. The token lasts as long as its session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    known_as = urlsplit(settings.base_url).netloc

    @app.before_request
    def _refuse_from_elsewhere() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        origin = request.headers.get("Origin")
        is_foreign = origin is not None and urlsplit(origin).netloc not in (known_as, request.host)
        if is_foreign or request.headers.get("Sec-Fetch-Site") in ELSEWHERE:
            raise CSRFError("the form came from elsewhere")
