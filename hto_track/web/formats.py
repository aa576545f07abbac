"""What every template can use: icons, addresses of static files, and who is reading. Figures come as words from pictures."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, request
from flask_babel import get_translations
from jinja2 import StrictUndefined

from hto_track import formats
from hto_track.web import navigation
from hto_track.web.access import current_session, seconds_left
from hto_track.web.headers import csp_nonce
from hto_track.web.icons import icon
from hto_track.web.passkeys import passkey_origin
from hto_track.web.pictures.roles import roles_in_words
from hto_track.web.shell import shell


def init_app(app: Flask) -> None:
    """Give the templates of ``app`` what they can use."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["sentence"] = formats.sentence
    app.jinja_env.globals.update(
        icon=icon,
        static=static_url,
        csp_nonce=csp_nonce,
        opens=navigation.opens,
        passkey_origin=passkey_origin,
        tabs_of_cohort=navigation.tabs_of_cohort,
    )
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.context_processor(_reader)


def static_url(name: str) -> str:
    """The address of a static file, with its content in it: a browser may keep it for ever."""
    return f"{request.script_root}/static/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    path = Path(__file__).resolve().parent.parent / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _gettext(message: str) -> str:
    return str(_catalogue().ugettext(message))


def _ngettext(one: str, many: str, count: int) -> str:
    return str(_catalogue().ungettext(one, many, count))


def _catalogue() -> Any:
    """The reader's catalogue, found once a language: flask_babel looks for it at each word, and a page has many."""
    catalogues: dict[str, Any] = current_app.extensions.setdefault("hto_catalogues", {})
    reader_language = formats.language()
    if reader_language not in catalogues:
        catalogues[reader_language] = get_translations()
    return catalogues[reader_language]


def _reader() -> dict[str, Any]:
    """Who reads, in what language, and what their menu is."""
    found = current_session()
    actor = found and found.actor
    surroundings = shell()
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return {
        "actor": actor,
        "idle_seconds": seconds_left(found) if found else None,
        "actor_roles": roles_in_words(actor) if actor else (),
        "menu": navigation.menu_for(actor),
        "language": surroundings.language,
        "shell": surroundings,
        "here_quoted": quote(here),
    }
