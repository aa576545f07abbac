"""All accounts, for administrators: finding one, giving and taking roles, putting an address right, signing out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track import clock
from hto_track.models.accounts import Role
from hto_track.services import account_administration as administration
from hto_track.services import sessions
from hto_track.services.invitations import invite_by_mail
from hto_track.services.passkeys import remove_passkeys_of
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.role_scopes import ScopeAsked
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.invitations import role_named
from hto_track.web.parsing import parse_whole
from hto_track.web.pictures.accounts import account_picture, accounts_picture, new_picture, role_withdrawal
from hto_track.web.sent_forms import render_refused, sent_form

NOTHING_TYPED = {
    "email": "",
    "name": "",
    "role": Role.PROJECT_LEADER.value,
    "cohort": "",
    "programme": "",
    "route": "",
}


def overview() -> ResponseReturnValue:
    """The accounts that ``?zoek=`` finds by name or address, a page at a time."""
    search = request.args.get("zoek", "")
    found = administration.all_accounts(signed_in_actor(), search, parse_whole(request.args.get("pagina", "")) or 1)
    return render_template("accounts/overview.html", page=accounts_picture(found, search, clock.today()))


def new() -> ResponseReturnValue:
    """Whom to give which role; ``?email=`` and ``?name=`` fill in who."""
    typed = NOTHING_TYPED | {name: request.args.get(name, "") for name in ("email", "name")}
    page = new_picture(administration.scopes_to_give(signed_in_actor()))
    return render_template("accounts/new.html", page=page, typed=typed, errors={})


def invite() -> ResponseReturnValue:
    """Give somebody a role, and mail them."""
    actor = signed_in_actor()
    typed = {name: request.form.get(name, "") for name in NOTHING_TYPED}
    asked = ScopeAsked(
        cohort=typed["cohort"] or None, programme=typed["programme"] or None, route=typed["route"] or None
    )
    try:
        user_id = invite_by_mail(actor, typed["email"], typed["name"], role_named(typed["role"]), asked, sent_form())
    except Refused as refused:
        page = new_picture(administration.scopes_to_give(actor))
        return render_refused("accounts/new.html", page=page, typed=typed, errors=errors_by_field(refused))
    say_done(_("An invitation to %(email)s is on its way.", email=typed["email"].strip().lower()))
    return redirect(url_for("accounts.account", user_id=user_id))


def account(user_id: int) -> ResponseReturnValue:
    """One account."""
    found = administration.one_account(signed_in_actor(), user_id)
    typed = {"email": found.email, "name": found.name}
    return render_template("accounts/account.html", page=account_picture(found, clock.today()), typed=typed, errors={})


def correct(user_id: int) -> ResponseReturnValue:
    """Put the address and the name of an account right."""
    actor = signed_in_actor()
    typed = {"email": request.form.get("email", ""), "name": request.form.get("name", "")}
    try:
        administration.correct_account(actor, user_id, typed["email"], typed["name"], sent_form())
    except Refused as refused:
        page = account_picture(administration.one_account(actor, user_id), clock.today())
        return render_refused("accounts/account.html", page=page, typed=typed, errors=errors_by_field(refused))
    say_done(_("Saved."))
    return redirect(url_for("accounts.account", user_id=user_id))


def end_sessions(user_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    ended = sessions.end_sessions_of(signed_in_actor(), user_id)
    say_done(ngettext("Signed out on %(num)s device.", "Signed out on %(num)s devices.", ended))
    return redirect(url_for("accounts.account", user_id=user_id))


def remove_passkeys(user_id: int) -> ResponseReturnValue:
    """Take away the passkeys of somebody who lost theirs."""
    removed = remove_passkeys_of(signed_in_actor(), user_id)
    say_done(
        ngettext(
            "%(num)s passkey removed, and signed out everywhere.",
            "%(num)s passkeys removed, and signed out everywhere.",
            removed,
        )
        if removed
        else _("There is no passkey any more.")
    )
    return redirect(url_for("accounts.account", user_id=user_id))


def withdrawal(user_id: int, grant_id: int) -> ResponseReturnValue:
    """Which role is about to be taken, and what that does."""
    found = administration.one_account(signed_in_actor(), user_id)
    role = next((role for role in found.roles if role.grant_id == grant_id), None)
    if role is None:
        raise NotFound
    return render_template("invitations/withdraw.html", page=role_withdrawal(found, role))


def withdraw(user_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role."""
    try:
        administration.withdraw_role(signed_in_actor(), user_id, grant_id)
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(_("The role is withdrawn."))
    return redirect(url_for("accounts.account", user_id=user_id))
