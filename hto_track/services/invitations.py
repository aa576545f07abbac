"""Inviting someone with any role, for administrators: an account, a role in a scope, and a link to sign in with."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hto_track.models.accounts import Role
from hto_track.services import form_answers
from hto_track.services.form_answers import SentForm
from hto_track.services.inviting import (
    account_at,
    invite,
    sound_address,
    sound_name,
)
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.role_scopes import ScopeAsked, scope_of
from hto_track.services.transaction import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What was sent, and to whom."""

    user_id: int
    email: str
    link: str


def invite_user(
    actor: Actor,
    email: str,
    role: Role,
    cohort_code: str | None = None,
    *,
    programme_code: str | None = None,
    route_code: str | None = None,
    name: str = "",
) -> Invitation:
    """Give ``email`` an account with ``role`` in its scope, and mail the link, for who sits at the machine itself.

    Inviting twice gives no second account or role: it makes a new link, and the ones before work no more. A new account
    is known by ``name``, else by its address. Refused for an address that is none, a name that is too long, and as
    ``role_scopes.scope_of``.
    """
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    asked = ScopeAsked(cohort=cohort_code, programme=programme_code, route=route_code)
    address, said = sound_address(email), sound_name(name)
    with writing() as session:
        return _invite(session, actor, address, said or None, role, asked)


def invite_by_mail(
    actor: Actor, email: str, name: str, role: Role, asked: ScopeAsked, form: SentForm | None = None
) -> int:
    """The same, telling nobody the link but the mail itself: the id of the account. A new account is known by ``name``."""
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    address, said = sound_address(email), sound_name(name)
    with writing() as session:
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return int(earlier["user"])
        user_id = _invite(session, actor, address, said or None, role, asked).user_id
        form_answers.remember(session, actor, form, {"user": user_id})
        return user_id


def _invite(
    session: Session, actor: Actor, address: str, name: str | None, role: Role, asked: ScopeAsked
) -> Invitation:
    scope = scope_of(session, address, role, asked)
    user = account_at(session, address, scope.name or name)
    return Invitation(user_id=user.id, email=user.email, link=invite(session, actor, user, scope))
