"""Accounts: who someone is, what they may do where, and the links with which they sign in.

Reading an account asks no policy: it is how an actor comes to be. A link carries the account's e-mail address, signed and
dated; it works until it is too old, as often as needed, so that a mail scanner that opens it breaks nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import Select, select
from sqlalchemy.engine import Row

from hto_track.config import Settings
from hto_track.models.accounts import Grant, Role, User
from hto_track.services.policy import Actor, ActorGrant
from hto_track.services.refusals import refuse
from hto_track.services.transaction import reading

LINK_LASTS_DAYS = 7
LINK_PATH = "/sign-in/"
_SALT = "sign-in link"
_SECONDS_PER_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone who can sign in, and the roles they have."""

    email: str
    name: str
    roles: tuple[Role, ...]


def actor_by_id(user_id: int) -> Actor | None:
    """Who has this account, with their grants, in one query; None when there is no such account (any more)."""
    return _actor(reading().execute(_with_grants().where(User.id == user_id)).all())


def actor_by_email(email: str) -> Actor | None:
    """Who has the account of this e-mail address, in whatever case it is written; None without one."""
    return _actor(reading().execute(_with_grants().where(User.email == email.strip().lower())).all())


def demo_accounts() -> tuple[Account, ...]:
    """Every account with a role, for the sign-in page of the demo alone; by role in the order of ``Role``, then by name."""
    roles: dict[tuple[str, str], list[Role]] = {}
    for user, grant in reading().execute(_with_grants()):
        if grant is not None:
            held = roles.setdefault((user.name, user.email), [])
            if grant.role not in held:
                held.append(grant.role)
    order = tuple(Role)
    accounts = [
        Account(email=email, name=name, roles=tuple(sorted(held, key=order.index)))
        for (name, email), held in roles.items()
    ]
    return tuple(sorted(accounts, key=lambda account: (order.index(account.roles[0]), account.name, account.email)))


def sign_in_link(email: str) -> str:
    """The address with which the account of ``email`` signs in; it works for ``LINK_LASTS_DAYS`` days."""
    settings: Settings = current_app.extensions["hto_settings"]
    return f"{settings.base_url}{LINK_PATH}{_serializer().dumps(email.strip().lower())}"


def redeem(token: str) -> Actor:
    """Whose link this is; Refused when it is too old, not ours, or of an account that is gone. It changes nothing."""
    try:
        email = _serializer().loads(token, max_age=LINK_LASTS_DAYS * _SECONDS_PER_DAY)
    except SignatureExpired:
        raise refuse(_l("This link no longer works: it was made more than 7 days ago. Ask for a new one.")) from None
    except BadSignature:
        raise refuse(_l("This link does not work. Copy it whole from the mail, or ask for a new one.")) from None
    actor = actor_by_email(email)
    if actor is None:
        raise refuse(_l("There is no account for this link any more. Ask for a new invitation."))
    return actor


def _with_grants() -> Select[tuple[User, Grant]]:
    return select(User, Grant).outerjoin(Grant, Grant.user_id == User.id).order_by(User.id, Grant.id)


def _actor(rows: Iterable[Row[tuple[User, Grant]]]) -> Actor | None:
    found = list(rows)
    if not found:
        return None
    user = found[0][0]
    grants: list[Grant | None] = [row[1] for row in found]
    return Actor(
        email=user.email,
        name=user.name,
        user_id=user.id,
        grants=tuple(
            ActorGrant(
                role=grant.role,
                cohort_id=grant.cohort_id,
                participant_id=grant.participant_id,
                college=grant.college,
            )
            for grant in grants
            if grant is not None
        ),
    )


def _serializer() -> URLSafeTimedSerializer:
    settings: Settings = current_app.extensions["hto_settings"]
    return URLSafeTimedSerializer(settings.secret_key, salt=_SALT)
