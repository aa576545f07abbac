"""Pages: views that parse, call a service and answer. No queries, no rules, no figures made here."""

from datetime import timedelta

from flask import Flask

from hto_track.config import Settings
from hto_track.services.sessions import HOME_LASTS
from hto_track.web import access, addresses, errors, formats, headers, own_forms, unstorable
from hto_track.web.urls import PAGES

COOKIE_LASTS = HOME_LASTS.in_all
"""The session that it names may end sooner: that is kept on the server (services/sessions.py)."""
STATIC_FILES_LAST = timedelta(days=365)
"""Their addresses carry their content (formats.static_url)."""


def init_app(app: Flask) -> None:
    """Register every page; RuntimeError when a route and the table of pages differ."""
    settings: Settings = app.extensions["hto_settings"]
    app.config.update(
        PERMANENT_SESSION_LIFETIME=COOKIE_LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_FILES_LAST,
    )
    formats.init_app(app)
    headers.init_app(app, settings)
    errors.init_app(app)
    own_forms.init_app(app, settings)
    unstorable.init_app(app)
    addresses.init_app(app)
    access.init_app(app, PAGES)
