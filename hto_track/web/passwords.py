"""Passwords, where the installation allows them: signing in with one, and setting one's own."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track.services import passwords
from hto_track.services.attempts import network_of
from hto_track.services.refusals import NotFound, Refused
from hto_track.web.access import enter, safe_next, signed_in_session
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.sent_forms import render_refused
from hto_track.web.sign_in import device
from hto_track.web.ways import ways_in


def ask() -> ResponseReturnValue:
    """The ways to sign in, with the one by password opened; there is no such page where passwords are not allowed."""
    ways = ways_in()
    if not ways.password:
        raise NotFound
    target = request.args.get("next", "")
    return render_template(
        "sign_in/ask.html", next=target, email="", errors={}, ways=ways, by_password=True, account=""
    )


def sign_in() -> ResponseReturnValue:
    """Sign in with an e-mail address and a password."""
    account, target = request.form.get("account", ""), request.form.get("next", "")
    try:
        token = passwords.sign_in_with_password(
            account, request.form.get("password", ""), network_of(request.remote_addr), device()
        )
    except Refused as refused:
        return render_refused(
            "sign_in/ask.html",
            next=target,
            email="",
            errors=errors_by_field(refused),
            ways=ways_in(),
            by_password=True,
            account=account,
        )
    enter(token)
    return redirect(safe_next(target))


def own() -> ResponseReturnValue:
    """Where to set one's own password."""
    found = signed_in_session()
    password = passwords.own_password(found.actor, found.session_id)
    return render_template("account/password.html", password=password, email=found.actor.email, errors={})


def save() -> ResponseReturnValue:
    """Set one's own password."""
    found = signed_in_session()
    try:
        passwords.set_password(
            found.actor,
            found.session_id,
            old=request.form.get("old_password", ""),
            new=request.form.get("new_password", ""),
        )
    except Refused as refused:
        password = passwords.own_password(found.actor, found.session_id)
        errors = errors_by_field(refused)
        return render_refused("account/password.html", password=password, email=found.actor.email, errors=errors)
    say_done(_("Your password is set. You are signed out everywhere else."))
    return redirect(url_for("account.mine"))
