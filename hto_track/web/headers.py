"""The headers of every answer: nothing from elsewhere, nothing inline, nothing personal kept by a cache (SECURITY.md 4.10)."""

import secrets

from flask import Flask, g, request
from werkzeug.wrappers import Response

from hto_track.config import Settings

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers of every answer."""

    @app.after_request
    def _set(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = _content_security_policy()
        answer.headers.update(ALWAYS)
        if settings.production or request.is_secure:
            answer.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
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
    """Scripts run by the word of this answer alone: not even a file of ours that somebody slipped into a page."""
    scripts = f"'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
