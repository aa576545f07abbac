"""Signing in: by an invitation link, or in the demo by choosing a role; and signing out."""

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hto_track.config import Settings
from hto_track.services.accounts import LINK_LASTS_DAYS, actor_by_email, demo_accounts, redeem
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refused
from hto_track.web.access import USER, safe_next
from hto_track.web.pictures.roles import sign_in_choices


def choose() -> ResponseReturnValue:
    """In the demo the roles to choose from; elsewhere how to sign in."""
    if not _offers_roles():
        return render_template("sign_in/by_link.html", days=LINK_LASTS_DAYS)
    return render_template(
        "sign_in/choose_role.html",
        choices=sign_in_choices(demo_accounts()),
        next=request.args.get("next", ""),
    )


def as_role() -> ResponseReturnValue:
    """Sign in as one of the demo's accounts; there is no such page outside the demo."""
    actor = actor_by_email(request.form.get("email", "")) if _offers_roles() else None
    if actor is None:
        raise NotFound
    _enter(actor)
    return redirect(safe_next(request.form.get("next")))


def show_link(token: str) -> ResponseReturnValue:
    """Who signs in with this link. Opening it does nothing, so that a mail scanner can."""
    try:
        return render_template("sign_in/link.html", owner=redeem(token))
    except Refused as refused:
        return render_template("sign_in/link_refused.html", refusals=refused.refusals), 410


def with_link(token: str) -> ResponseReturnValue:
    """Sign in with this link."""
    try:
        actor = redeem(token)
    except Refused as refused:
        return render_template("sign_in/link_refused.html", refusals=refused.refusals), 410
    _enter(actor)
    return redirect(url_for("home"))


def out() -> ResponseReturnValue:
    """Sign out."""
    session.clear()
    return redirect(url_for("sign_in.choose"))


def _enter(actor: Actor) -> None:
    """A fresh session: what was in it before the sign-in is gone, so that nobody can have planted it."""
    session.clear()
    session[USER] = actor.user_id
    session.permanent = True


def _offers_roles() -> bool:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings.offers_roles
