"""The headers of every answer: nothing from elsewhere, nothing inline, nothing personal kept by a cache (SECURITY.md 4.10)."""

import secrets

from flask import Flask, g, request
from werkzeug.wrappers import Response

from hto_track.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers of every answer."""

    @app.after_request
    def _set(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = _content_security_policy()
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if settings.production:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static" and "Cache-Control" not in answer.headers:
            answer.headers["Cache-Control"] = "no-store"
        return answer


def csp_nonce() -> str:
    """The word that lets a script element of this very answer run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def _content_security_policy() -> str:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    return (
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
