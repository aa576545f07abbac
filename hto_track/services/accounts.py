"""Accounts: who someone is, what they may do where, and the links with which they sign in.

Reading an account asks no policy: it is how an actor comes to be. A link carries the account's e-mail address, signed and
dated; it works until it is too old, as often as needed, so that a mail scanner that opens it breaks nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Row

from hto_track.config import Settings
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.services.policy import Actor, ActorGrant
from hto_track.services.refusals import refuse
from hto_track.services.transaction import reading

LINK_LASTS_DAYS = 7
LINK_PATH = "/sign-in/"
_SALT = "sign-in link"
_SECONDS_PER_DAY = 24 * 60 * 60


# Columns, not rows of the tables, and built once: every request asks this.
_WITH_GRANTS = (
    select(User.id, User.email, User.name, Grant.role, Grant.cohort_id, Grant.participant_id, Grant.college)
    .outerjoin(Grant, Grant.user_id == User.id)
    .order_by(Grant.id)
)
_BY_ID = _WITH_GRANTS.where(User.id == bindparam("user_id"))
_BY_EMAIL = _WITH_GRANTS.where(User.email == bindparam("email"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone who can sign in, and the roles they have."""

    email: str
    name: str
    roles: tuple[Role, ...]
    cohort_code: str | None = None
    """Of a participant: the cohort they are in."""


def actor_by_id(user_id: int) -> Actor | None:
    """Who has this account, with their grants, in one query; None when there is no such account (any more)."""
    return _actor(reading().execute(_BY_ID, {"user_id": user_id}).all())


def actor_by_email(email: str) -> Actor | None:
    """Who has the account of this e-mail address, in whatever case it is written; None without one."""
    return _actor(reading().execute(_BY_EMAIL, {"email": email.strip().lower()}).all())


def demo_accounts() -> tuple[Account, ...]:
    """Every account with a role, for the sign-in page of the demo alone.

    By role in the order of ``Role``, participants of the newest cohort first, then by name.
    """
    query = (
        select(User, Grant.role, Cohort.code, Cohort.start_on)
        .join(Grant, Grant.user_id == User.id)
        .outerjoin(Participant, Participant.id == Grant.participant_id)
        .outerjoin(Cohort, Cohort.id == Participant.cohort_id)
        .order_by(Grant.id)
    )
    order = tuple(Role)
    rows = sorted(
        reading().execute(query),
        key=lambda row: (order.index(row.role), -row.start_on.toordinal() if row.start_on else 0, row.User.name),
    )
    roles: dict[int, list[Role]] = {}
    for row in rows:
        held = roles.setdefault(row.User.id, [])
        if row.role not in held:
            held.append(row.role)
    firsts = {row.User.id: row for row in reversed(rows)}
    return tuple(
        Account(email=row.User.email, name=row.User.name, roles=tuple(held), cohort_code=row.code)
        for held, row in ((roles[user_id], firsts[user_id]) for user_id in roles)
    )


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


def _actor(rows: Iterable[Row[tuple[int, str, str, Role, int | None, int | None, str | None]]]) -> Actor | None:
    found = list(rows)
    if not found:
        return None
    user_id, email, name, *_grant = found[0]
    return Actor(
        email=email,
        name=name,
        user_id=user_id,
        grants=tuple(
            ActorGrant(role=role, cohort_id=cohort_id, participant_id=participant_id, college=college)
            for *_user, role, cohort_id, participant_id, college in found
            if role is not None
        ),
    )


def _serializer() -> URLSafeTimedSerializer:
    settings: Settings = current_app.extensions["hto_settings"]
    return URLSafeTimedSerializer(settings.secret_key, salt=_SALT)
