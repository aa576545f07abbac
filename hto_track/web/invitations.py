"""Who has access to a cohort: inviting, reminding, adding a colleague, taking a role back."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.models.accounts import Role
from hto_track.services.access_lists import cohort_access
from hto_track.services.cohort_invitations import (
    add_colleague,
    invite_people,
    may_withdraw,
    move_access,
    plan_first_invitations,
    plan_invitations,
    plan_withdrawal,
    roles_to_give,
    withdraw_access,
)
from hto_track.services.refusals import Forbidden, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.invitations import access_picture, confirm_picture, invited_text, withdrawal_picture
from hto_track.web.sent_forms import render_refused, sent_form

WHO = "wie"
NOTHING_TYPED = {"email": "", "name": "", "role": Role.PROJECT_LEADER.value}


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """Everyone of a cohort, and who has not come in yet."""
    return render_template("invitations/cohort.html", page=_page(cohort_code), typed=NOTHING_TYPED, errors={})


def confirm(cohort_code: str) -> ResponseReturnValue:
    """Whom inviting would mail what: those ``?wie=`` names, or with ``?allen=ja`` everyone not invited yet."""
    actor = signed_in_actor()
    try:
        plan = (
            plan_first_invitations(actor, cohort_code)
            if request.args.get("allen") == "ja"
            else plan_invitations(actor, cohort_code, request.args.getlist(WHO))
        )
    except Refused as refused:
        say_refused(refused)
        return redirect(url_for("invitations.of_cohort", cohort_code=cohort_code))
    return render_template("invitations/confirm.html", page=confirm_picture(plan))


def invite(cohort_code: str) -> ResponseReturnValue:
    """Mail the people of the form."""
    try:
        invited = invite_people(signed_in_actor(), cohort_code, request.form.getlist(WHO), sent_form())
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(invited_text(invited))
    return redirect(url_for("invitations.of_cohort", cohort_code=cohort_code))


def add(cohort_code: str) -> ResponseReturnValue:
    """Invite a colleague by address."""
    typed = {name: request.form.get(name, "") for name in NOTHING_TYPED}
    try:
        address = add_colleague(
            signed_in_actor(), cohort_code, typed["email"], typed["name"], role_named(typed["role"]), sent_form()
        )
    except Refused as refused:
        return render_refused(
            "invitations/cohort.html", page=_page(cohort_code), typed=typed, errors=errors_by_field(refused)
        )
    say_done(_("An invitation to %(email)s is on its way.", email=address))
    return redirect(url_for("invitations.of_cohort", cohort_code=cohort_code))


def move(cohort_code: str) -> ResponseReturnValue:
    """Let a participant in at the address that the cohort has for them."""
    try:
        address = move_access(signed_in_actor(), cohort_code, request.form.get(WHO, ""), sent_form())
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(
            _("The old address sees nothing here any more. An invitation to %(email)s is on its way.", email=address)
        )
    return redirect(url_for("invitations.of_cohort", cohort_code=cohort_code))


def withdrawal(cohort_code: str, grant_id: int) -> ResponseReturnValue:
    """Whose role is about to be taken back, and what that does."""
    try:
        plan = plan_withdrawal(signed_in_actor(), cohort_code, grant_id)
    except Refused as refused:
        say_refused(refused)
        return redirect(url_for("invitations.of_cohort", cohort_code=cohort_code))
    return render_template("invitations/withdraw.html", page=withdrawal_picture(plan))


def withdraw(cohort_code: str, grant_id: int) -> ResponseReturnValue:
    """Take a role back."""
    try:
        taken = withdraw_access(signed_in_actor(), cohort_code, grant_id)
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(_("The access of %(name)s is withdrawn.", name=taken.person.name))
    return redirect(url_for("invitations.of_cohort", cohort_code=cohort_code))


def role_named(value: str) -> Role:
    """The role that a form names; Forbidden for none that there is."""
    if value not in tuple(Role):
        raise Forbidden(value)
    return Role(value)


def _page(cohort_code: str) -> object:
    actor = signed_in_actor()
    access = cohort_access(actor, cohort_code)
    gives = roles_to_give(actor, access.cohort)
    return access_picture(access, gives, lambda person: may_withdraw(actor, access, person), clock.today())
