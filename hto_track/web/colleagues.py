"""The people of a college, for its administration: inviting colleagues, reminding them, taking a role back."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.models.accounts import Role
from hto_track.services.colleagues import colleague, colleagues, invite_colleague, withdraw_colleague
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.invitations import role_named
from hto_track.web.pictures.accounts import colleague_withdrawal, colleagues_picture
from hto_track.web.sent_forms import render_refused, sent_form

NOTHING_TYPED = {"email": "", "name": "", "role": Role.COLLEGE.value, "college": ""}


def overview() -> ResponseReturnValue:
    """Everyone of the college, and who has not come in yet."""
    page = colleagues_picture(colleagues(signed_in_actor()), clock.today())
    return render_template("accounts/colleagues.html", page=page, typed=NOTHING_TYPED, errors={})


def invite() -> ResponseReturnValue:
    """Invite a colleague by address, or remind one."""
    actor = signed_in_actor()
    typed = {name: request.form.get(name, "") for name in NOTHING_TYPED}
    try:
        address = invite_colleague(
            actor, typed["college"], typed["email"], typed["name"], role_named(typed["role"]), sent_form()
        )
    except Refused as refused:
        page = colleagues_picture(colleagues(actor), clock.today())
        return render_refused("accounts/colleagues.html", page=page, typed=typed, errors=errors_by_field(refused))
    say_done(_("An invitation to %(email)s is on its way.", email=address))
    return redirect(url_for("colleagues.overview"))


def withdrawal(grant_id: int) -> ResponseReturnValue:
    """Whose role is about to be taken back, and what that does."""
    page = colleague_withdrawal(colleague(signed_in_actor(), grant_id))
    return render_template("invitations/withdraw.html", page=page)


def withdraw(grant_id: int) -> ResponseReturnValue:
    """Take a role back."""
    try:
        taken = withdraw_colleague(signed_in_actor(), grant_id)
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(_("The access of %(name)s is withdrawn.", name=taken.name))
    return redirect(url_for("colleagues.overview"))
