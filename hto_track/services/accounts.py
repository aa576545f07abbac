"""Accounts: who someone is, and what they may do where.

Reading an account asks no policy: it is how an actor comes to be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.services.policy import Actor, ActorGrant
from hto_track.services.transaction import reading

GRANT_COLUMNS = (
    Grant.role,
    Grant.cohort_id,
    Grant.participant_id,
    Grant.college,
    Grant.route_id,
    Grant.programme_id,
)
"""What a query asks for, in an outer join, to make grants of its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone who can sign in, and the roles they have."""

    email: str
    name: str
    roles: tuple[Role, ...]
    cohort_code: str | None = None
    """Of a participant: the cohort they are in."""


def actor_by_email(email: str) -> Actor | None:
    """Who has the account of this e-mail address, in whatever case it is written; None without one."""
    rows = (
        reading()
        .execute(
            select(User.id, User.email, User.name, *GRANT_COLUMNS)
            .outerjoin(Grant, Grant.user_id == User.id)
            .where(User.email == email.strip().lower(), User.erased_at.is_(None))
            .order_by(Grant.id)
        )
        .all()
    )
    if not rows:
        return None
    user_id, known_as, name, *_grant = rows[0]
    return Actor(email=known_as, name=name, user_id=user_id, grants=grants_of(row[3:] for row in rows))


def grants_of(rows: Iterable[Sequence[Any]]) -> tuple[ActorGrant, ...]:
    """The grants that rows of ``GRANT_COLUMNS`` say; a row of nothing but None is none."""
    return tuple(
        ActorGrant(
            role=role,
            cohort_id=cohort_id,
            participant_id=participant_id,
            college=college,
            route_id=route_id,
            programme_id=programme_id,
        )
        for role, cohort_id, participant_id, college, route_id, programme_id in rows
        if role is not None
    )


def demo_accounts() -> tuple[Account, ...]:
    """Every account with a role, for the sign-in page of the demo alone.

    By role in the order of ``Role``, participants of the newest cohort first, then by name.
    """
    query = (
        select(User, Grant.role, Cohort.code, Cohort.start_on)
        .join(Grant, Grant.user_id == User.id)
        .outerjoin(Participant, Participant.id == Grant.participant_id)
        .outerjoin(Cohort, Cohort.id == Participant.cohort_id)
        .where(User.erased_at.is_(None))
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
