"""The parts of an invitation, inside the transaction of the use case: an account, a role, a link, a mail."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.sign_in import LinkPurpose, SignInLink
from hto_track.services import audit, invitation_texts
from hto_track.services.invitation_texts import Welcome
from hto_track.services.outbox import Mail, address_fault, is_erased, queue_mails
from hto_track.services.policy import INSTALLATION, Action, Actor, may
from hto_track.services.refusals import refuse
from hto_track.services.role_scopes import Scope, same_scope
from hto_track.services.sign_in_links import INVITATION_LASTS, invitation_link

LONGEST_ADDRESS = 200
"""An account that nobody knows by name goes by its address, and names are no longer."""
LONGEST_NAME = 200


def sound_address(email: str) -> str:
    """``email`` as accounts are known; Refused when it cannot be an address."""
    address = email.strip().lower()
    if not can_be_address(address):
        raise refuse(_l("%(email)s is not an e-mail address.", email=email.strip()), field="email")
    return address


def can_be_address(address: str) -> bool:
    """Whether an account can have this address, and mail go there; nobody has that of an erased person."""
    return (
        not is_erased(address)
        and address.isprintable()
        and len(address) <= LONGEST_ADDRESS
        and address_fault(address) is None
    )


def sound_name(name: str) -> str:
    """``name`` on one line; Refused when it is too long."""
    said = " ".join(name.split())
    if len(said) > LONGEST_NAME or not said.isprintable():
        raise refuse(_l("Keep it within %(most)s characters.", most=LONGEST_NAME), field="name")
    return said


def account_at(session: Session, address: str, name: str | None) -> User:
    """The account of ``address``; made where there is none, and known by ``name``, else by the address."""
    user = session.scalars(select(User).where(User.email == address)).one_or_none()
    if user is None:
        user = User(email=address, name=name or address)
        session.add(user)
        session.flush()
    return user


def has_come_in(user: User, grant: Grant) -> bool:
    """Whether somebody signed in since they have a role: before, who gave it is not told whether there was an account."""
    return user.last_signed_in_at is not None and user.last_signed_in_at > grant.granted_at


def is_known_to(user: User, grant: Grant, actor: Actor) -> bool:
    """Whether who invites may know more of an account with a role than its address."""
    return has_come_in(user, grant) or user.id == actor.user_id or may(actor, Action.MANAGE_ACCOUNTS, INSTALLATION)


def name_for(user: User, grant: Grant, actor: Actor) -> str:
    """What an account with a role goes by for who invites."""
    return user.name if is_known_to(user, grant, actor) else user.email


def take_role(session: Session, actor: Actor, grant: Grant) -> None:
    """Take a role from an account: gone at the next click. Links to come in with are of no use without any role."""
    user_id = grant.user_id
    session.delete(grant)
    session.flush()
    audit.record(session, actor, "withdraw_role", audit.of_user(user_id), before=written_down(grant))
    if not session.scalar(select(exists().where(Grant.user_id == user_id))):
        end_links(session, user_id)


def invite(session: Session, actor: Actor, user: User, scope: Scope) -> str:
    """Give an account a role, unless it has it, and mail a link to come in with; it replaces the ones before.

    Who had the role, was invited and never came in is reminded. The link, for who invites at the machine itself.
    """
    held = _held(session, user, scope)
    if held is None:
        give_role(session, actor, user, scope)
    is_waiting = held is not None and user.invited_at is not None and not has_come_in(user, held)
    now, said = clock.now(), invitation_texts.reminder if is_waiting else invitation_texts.invitation
    text = said(welcome_to(actor, scope, user.name), INVITATION_LASTS)
    end_links(session, user.id)
    link = invitation_link(session, user)
    mail = Mail(
        kind="invitation",
        subject_key=audit.of_user(user.id),
        period=now.isoformat(),
        recipient=user.email,
        subject=text.subject,
        body=text.body,
        secrets={"link": link},
        participant_id=scope.participant_id,
    )
    queue_mails(session, [mail])
    user.invited_at = now
    after = {"role": scope.grant.role.value, "reminder": is_waiting}
    audit.record(session, actor, "invite_user", audit.of_user(user.id), after=after)
    return link


def welcome_to(actor: Actor, scope: Scope, name: str) -> Welcome:
    """What an invitation to ``scope`` tells whoever goes by ``name``."""
    return Welcome(
        name=scope.given_name or name,
        by=actor,
        role=scope.grant.role,
        where=scope.where,
        cohort=scope.cohort.name if scope.cohort else "",
    )


def _held(session: Session, user: User, scope: Scope) -> Grant | None:
    """The role, as the account has it already."""
    held = session.scalars(select(Grant).where(Grant.user_id == user.id, Grant.role == scope.grant.role))
    return next((grant for grant in held if same_scope(grant, scope.grant)), None)


def give_role(session: Session, actor: Actor, user: User, scope: Scope) -> None:
    """Give the account a role that it has not; who gave it is set down. No mail goes out."""
    scope.grant.user_id = user.id
    session.add(scope.grant)
    session.flush()
    audit.record(session, actor, "give_role", audit.of_user(user.id), after=written_down(scope.grant))


def end_access_at(session: Session, actor: Actor, former: Mapping[int, str]) -> None:
    """Take participation from the accounts at addresses that are no longer the participants': ``former`` by participant id.

    An account at another address than the former one is left alone: somebody chose it.
    """
    query = (
        select(Grant, User.email)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.PARTICIPANT, Grant.participant_id.in_(former))
    )
    for grant, email in session.execute(query).all():
        if email == former[grant.participant_id].strip().lower():
            take_role(session, actor, grant)


def end_links(session: Session, user_id: int, *purposes: LinkPurpose) -> None:
    """Let links that an account has not used work no more: those of ``purposes``, else invitations."""
    now = clock.now()
    session.execute(
        update(SignInLink)
        .where(
            SignInLink.user_id == user_id,
            SignInLink.purpose.in_(purposes or (LinkPurpose.INVITATION,)),
            SignInLink.used_at.is_(None),
            SignInLink.ends_at > now,
        )
        .values(ends_at=now)
    )


def written_down(grant: Grant) -> dict[str, Any]:
    """A grant as the audit trail keeps it: the role, and the scopes that it uses."""
    scopes = ("cohort_id", "participant_id", "college", "route_id", "programme_id")
    used = {name: getattr(grant, name) for name in scopes if getattr(grant, name) is not None}
    return {"role": Role(grant.role).value} | used
