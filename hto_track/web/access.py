"""Who may open which page: every request is checked against the one table of the site (urls.py), deny by default.

The table says which action of the policy a page needs somewhere; the service behind it then asks whether that action may be
done with the very thing. ``PUBLIC`` pages are for everyone, ``BY_LINK`` ones for who was mailed their address, ``SIGNED_IN``
ones for whoever has an account.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import Flask, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from hto_track import clock
from hto_track.services.policy import Action, Actor, may_anywhere
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.sessions import SignedIn, end_session, signed_in

TOKEN = "token"  # noqa: S105 the name of a key, not a secret
"""The key under which the cookie keeps the word of the session."""


class Door(Enum):
    """A page that asks for no action of the policy."""

    PUBLIC = "public"
    BY_LINK = "by_link"
    """The address itself is the key: who has it was mailed it."""
    SIGNED_IN = "signed_in"


PUBLIC, BY_LINK, SIGNED_IN = Door.PUBLIC, Door.BY_LINK, Door.SIGNED_IN
Needs = Door | Action


@dataclass(frozen=True, slots=True)
class Page:
    """A row of the site's table: what answers ``methods`` on ``rule``, and what it takes to be let in."""

    rule: str
    endpoint: str
    methods: tuple[str, ...]
    view: Callable[..., Any]
    needs: Needs


def init_app(app: Flask, pages: Iterable[Page]) -> None:
    """Register the pages and check every request against them; RuntimeError when a route and the table differ."""
    needs: dict[tuple[str, str], Needs] = {("static", "GET"): PUBLIC}
    views: dict[str, Callable[..., Any]] = {}
    for page in pages:
        if page.endpoint in views and views[page.endpoint] is not page.view:
            raise RuntimeError(f"two views share the endpoint {page.endpoint}: give each its own")
        views[page.endpoint] = page.view
        app.add_url_rule(page.rule, page.endpoint, page.view, methods=page.methods, provide_automatic_options=False)
        needs.update({(page.endpoint, method): page.needs for method in page.methods})
    _require_same(app, needs)
    app.extensions["hto_needs"] = needs
    app.before_request(_check)


def current_session() -> SignedIn | None:
    """Who is signed in and with which session, loaded once a request."""
    if "signed_in" not in g:
        token = session.get(TOKEN)
        g.signed_in = signed_in(token) if isinstance(token, str) else None
    found: SignedIn | None = g.signed_in
    return found


def current_actor() -> Actor | None:
    """Who is signed in."""
    found = current_session()
    return found and found.actor


def signed_in_session() -> SignedIn:
    """Who is signed in and with which session; Forbidden when nobody is. For views behind ``SIGNED_IN`` or an action."""
    found = current_session()
    if found is None:
        raise Forbidden
    return found


def signed_in_actor() -> Actor:
    """Who is signed in; Forbidden when nobody is. For views behind ``SIGNED_IN`` or an action."""
    return signed_in_session().actor


def seconds_left(found: SignedIn) -> int:
    """In how many seconds a session ends when it is not used."""
    return int((found.idle_until - clock.now()).total_seconds())


def enter(token: str) -> None:
    """Keep the word of a new session in a fresh cookie: what was in it before is gone, so that nobody can have planted it.

    Who was signed in here before is signed out.
    """
    before = current_session()
    if before is not None:
        with suppress(NotFound):  # ended elsewhere this very moment
            end_session(before.actor, before.session_id)
    session.clear()
    session[TOKEN] = token
    session.permanent = True
    g.pop("signed_in", None)


def let_in(actor: Actor, needs: Needs) -> bool:
    """Whether ``actor`` has what a page needs, somewhere."""
    return not isinstance(needs, Action) or may_anywhere(actor, needs)


def safe_next(target: str | None) -> str:
    """``target`` when it is a path of this site, else the home page: nobody is sent elsewhere by a link to us.

    A browser takes two slashes and more for an address elsewhere, where ``urlsplit`` sees a host only after just two.
    """
    if target and target.startswith("/") and target[1:2] != "/" and "\\" not in target and target.isprintable():
        return target
    return url_for("home")


def _require_same(app: Flask, needs: dict[tuple[str, str], Needs]) -> None:
    routed = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    if routed != needs.keys():
        differing = ", ".join(f"{method} {endpoint}" for endpoint, method in sorted(routed ^ needs.keys()))
        raise RuntimeError(f"routes and the table of pages differ: {differing}")


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such page, or not by this method: Flask answers 404 or 405
    method = "GET" if request.method == "HEAD" else request.method
    table: dict[tuple[str, str], Needs] = request_needs()
    needs = table.get((request.endpoint, method))
    if needs is None:
        raise Forbidden
    if needs in (PUBLIC, BY_LINK):
        return None
    actor = current_actor()
    if actor is None:
        asked = request.full_path.rstrip("?") if method == "GET" else None
        return redirect(url_for("sign_in.choose", next=asked))
    if not let_in(actor, needs):
        raise Forbidden(needs)
    return None


def request_needs() -> dict[tuple[str, str], Needs]:
    """What each endpoint and method of this application needs."""
    table: dict[tuple[str, str], Needs] = current_app.extensions["hto_needs"]
    return table
