"""Signing in: by a mailed link or code, or in the demo by choosing a role; and signing out."""

from typing import Any

from flask import current_app, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track.config import Settings
from hto_track.services import sessions, sign_in_links
from hto_track.services.accounts import demo_accounts
from hto_track.services.attempts import network_of
from hto_track.services.demo import sign_in_as
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.sign_in_links import LinkSpent
from hto_track.web.access import current_session, enter, safe_next, seconds_left, signed_in_session
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.roles import sign_in_choices
from hto_track.web.sent_forms import render_refused
from hto_track.web.ways import ways_in

ASKED = "asked"
"""The key under which the cookie keeps the word with which a code was asked for."""
ADDRESS = "address"
"""And what was filled in as one's address, so that a mistake in it can be seen."""
NEXT = "next"


def choose() -> ResponseReturnValue:
    """In the demo the roles to choose from; elsewhere the ways to sign in."""
    if offers_roles():
        return render_template(
            "sign_in/choose_role.html",
            choices=sign_in_choices(demo_accounts()),
            next=request.args.get("next", ""),
        )
    return render_template("sign_in/ask.html", next=request.args.get("next", ""), email="", errors={}, ways=ways_in())


def as_role() -> ResponseReturnValue:
    """Sign in as one of the demo's accounts; there is no such page outside the demo."""
    if not offers_roles():
        raise NotFound
    enter(sign_in_as(request.form.get("email", ""), device()))
    return redirect(safe_next(request.form.get("next")))


def ask() -> ResponseReturnValue:
    """Mail a link and a code, and go where the code can be typed; it shows in nothing whether there is such an account."""
    email, target = request.form.get("email", ""), request.form.get("next", "")
    try:
        asked = sign_in_links.ask_for_link(email, network_of(request.remote_addr))
    except Refused as refused:
        return render_refused(
            "sign_in/ask.html", next=target, email=email, errors=errors_by_field(refused), ways=ways_in()
        )
    session[ASKED] = asked
    session[ADDRESS] = email.strip()
    session[NEXT] = safe_next(target)
    session.permanent = True  # a phone may close the browser while the mail is read
    return redirect(url_for("sign_in.code"))


def code() -> ResponseReturnValue:
    """Where to type the code of the mail."""
    if ASKED not in session:
        return redirect(url_for("sign_in.choose"))
    return render_template("sign_in/code.html", errors={}, **_code_page())


def with_code() -> ResponseReturnValue:
    """Sign in with the code of the mail."""
    try:
        token = sign_in_links.use_code(
            session.get(ASKED, ""), request.form.get("code", ""), network_of(request.remote_addr), device()
        )
    except Refused as refused:
        return render_refused("sign_in/code.html", errors=errors_by_field(refused), **_code_page())
    target = safe_next(session.get(NEXT))
    enter(token)
    return redirect(target)


def show_link(token: str) -> ResponseReturnValue:
    """Who signs in with this link. Opening it does nothing, so that a mail scanner can."""
    try:
        return render_template("sign_in/link.html", owner=sign_in_links.link_owner(token), token=token)
    except Refused as refused:
        return _link_refused(refused)


def with_link(token: str) -> ResponseReturnValue:
    """Sign in with this link."""
    target = safe_next(session.get(NEXT))
    try:
        word = sign_in_links.use_link(token, network_of(request.remote_addr), device())
    except Refused as refused:
        return _link_refused(refused)
    enter(word)
    return redirect(target)


def out() -> ResponseReturnValue:
    """Sign out: the session ends here, and on the server."""
    found = current_session()
    if found is not None:
        sessions.end_session(found.actor, found.session_id)
    session.clear()
    say_done(_("You are signed out."))
    return redirect(url_for("sign_in.choose"))


def stay() -> ResponseReturnValue:
    """Stay signed in: any request is a use of the session. In how many seconds it ends unused."""
    return jsonify(seconds=seconds_left(signed_in_session()))


def device() -> str:
    """What the browser says it is."""
    return request.headers.get("User-Agent", "")


def offers_roles() -> bool:
    """Whether this is the demo."""
    settings: Settings = current_app.extensions["hto_settings"]
    return settings.offers_roles


def _link_refused(refused: Refused) -> ResponseReturnValue:
    """Why a link does not sign in, and how to get one that does: at once, where we know whose it was."""
    email = refused.email if isinstance(refused, LinkSpent) else ""
    return render_template("sign_in/link_refused.html", refusals=refused.refusals, email=email), 410


def _code_page() -> dict[str, Any]:
    minutes = int(sign_in_links.SIGN_IN_LASTS.total_seconds()) // 60
    return {"address": session.get(ADDRESS, ""), "minutes": minutes, "digits": sign_in_links.CODE_DIGITS}
