"""Who is signed in where: sessions are kept here, the browser has only a random word of which the hash is stored."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import Settings
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.sign_in import SignInMethod, SignInSession
from hto_track.services import audit
from hto_track.services.accounts import GRANT_COLUMNS, grants_of
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import noting, reading, writing

AT_HOME = frozenset({Role.PARTICIPANT, Role.SUPERVISOR, Role.EMPLOYER})
"""Roles that come once a week, on a device of their own, and see only what is theirs."""
LONGEST_DEVICE = 200
SEEN_EVERY = timedelta(minutes=5)
"""So often at most is noted that a session is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """How long a session lasts unused, and in all."""

    idle: timedelta
    in_all: timedelta


HOME_LASTS = Lasting(idle=timedelta(days=14), in_all=timedelta(days=90))
STAFF_LASTS = Lasting(idle=timedelta(hours=2), in_all=timedelta(hours=12))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is signed in, and with which session."""

    actor: Actor
    session_id: int
    method: SignInMethod
    idle_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """A session as its owner sees it."""

    id: int
    device: str
    method: SignInMethod
    started_at: datetime
    seen_at: datetime
    is_this: bool


# Columns, not rows of the tables, and built once: every request asks this.
_BY_TOKEN = (
    select(
        SignInSession.id,
        SignInSession.method,
        SignInSession.started_at,
        SignInSession.seen_at,
        SignInSession.idle_until,
        SignInSession.ends_at,
        User.id,
        User.email,
        User.name,
        *GRANT_COLUMNS,
    )
    .join(User, User.id == SignInSession.user_id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .where(SignInSession.token_hash == bindparam("token_hash"), User.erased_at.is_(None))
    .order_by(Grant.id)
)


def begin(session: Session, user: User, method: SignInMethod, device: str) -> str:
    """Begin a session of ``user``, inside ``writing()``: the word for their browser, which is kept nowhere else."""
    now, token = clock.now(), secrets.token_urlsafe(32)
    roles = session.scalars(select(Grant.role).where(Grant.user_id == user.id)).all()
    lasts = _lasts(roles)
    session.add(
        SignInSession(
            token_hash=_hash(token),
            user_id=user.id,
            method=method,
            device=device[:LONGEST_DEVICE],
            started_at=now,
            seen_at=now,
            idle_until=now + lasts.idle,
            ends_at=now + lasts.in_all,
        )
    )
    session.execute(delete(SignInSession).where(SignInSession.user_id == user.id, SignInSession.ends_at <= now))
    user.first_signed_in_at = user.first_signed_in_at or now
    user.last_signed_in_at = now
    itself = Actor(email=user.email, name=user.name, user_id=user.id)
    audit.record(session, itself, "sign_in", itself.ref, after={"method": method.value})
    return token


def signed_in(token: str) -> SignedIn | None:
    """Whose session this is, in one query; None for one that ended, was ended, or never was.

    Grants are read anew each time: a role withdrawn is gone at the next click. Every few minutes it is noted as in use.
    """
    rows = reading().execute(_BY_TOKEN, {"token_hash": _hash(token)}).all()
    now = clock.now()
    if not rows:
        return None
    session_id, method, started_at, seen_at, idle_until, ends_at, user_id, email, name, *_grant = rows[0]
    grants = grants_of(row[9:] for row in rows)
    lasts = _lasts(grant.role for grant in grants)
    # Who was given a role since has a session as short as that role's: it never outlasts what it began with either.
    ends_at = min(ends_at, started_at + lasts.in_all)
    idle_until = min(idle_until, seen_at + lasts.idle, ends_at)
    if not now < idle_until:
        return None
    withheld = _withheld(method) & {grant.role for grant in grants}
    actor = Actor(
        email=email,
        name=name,
        user_id=user_id,
        grants=tuple(grant for grant in grants if grant.role not in withheld),
        withheld=withheld,
    )
    if now - seen_at > SEEN_EVERY:
        idle_until = min(_note_use(session_id, now, lasts), ends_at)
    return SignedIn(actor=actor, session_id=session_id, method=method, idle_until=idle_until)


def own_sessions(actor: Actor, session_id: int) -> tuple[OwnSession, ...]:
    """The actor's sessions that have not ended, the one with ``session_id`` (this one) first, then by last use."""
    now = clock.now()
    rows = reading().scalars(
        select(SignInSession)
        .where(SignInSession.user_id == actor.user_id, SignInSession.ends_at > now, SignInSession.idle_until > now)
        .order_by((SignInSession.id == session_id).desc(), SignInSession.seen_at.desc(), SignInSession.id.desc())
    )
    return tuple(
        OwnSession(
            id=row.id,
            device=row.device,
            method=row.method,
            started_at=row.started_at,
            seen_at=row.seen_at,
            is_this=row.id == session_id,
        )
        for row in rows
    )


def end_session(actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions; NotFound for one that is another's, or none."""
    with writing() as session:
        row = session.get(SignInSession, session_id)
        if row is None or row.user_id != actor.user_id:
            raise NotFound
        session.delete(row)
        audit.record(session, actor, "end_session", actor.ref, after={"sessions": 1})


def end_other_sessions(actor: Actor, session_id: int) -> int:
    """End all sessions of the actor but this one; how many."""
    with writing() as session:
        ended = session.scalars(
            delete(SignInSession)
            .where(SignInSession.user_id == actor.user_id, SignInSession.id != session_id)
            .returning(SignInSession.id)
        ).all()
        audit.record(session, actor, "end_session", actor.ref, after={"sessions": len(ended)})
        return len(ended)


def end_sessions_of(actor: Actor, user_id: int) -> int:
    """End every session of an account, for an administrator; how many. NotFound, Forbidden."""
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    with writing() as session:
        if session.get(User, user_id) is None:
            raise NotFound
        ended = end_all(session, user_id)
        audit.record(session, actor, "end_session", audit.of_user(user_id), after={"sessions": ended})
        return ended


def end_all(session: Session, user_id: int) -> int:
    """End every session of an account, inside ``writing()``; how many. Who calls it says so in the audit trail."""
    return len(
        session.scalars(delete(SignInSession).where(SignInSession.user_id == user_id).returning(SignInSession.id)).all()
    )


def prove_by_passkey(session: Session, actor: Actor, session_id: int) -> None:
    """Note, inside ``writing()``, that the actor has just used a passkey in their session: it counts as begun with one.

    NotFound when it ended meanwhile: its number may be somebody else's by now.
    """
    row = session.get(SignInSession, session_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    row.method = SignInMethod.PASSKEY


def _note_use(session_id: int, now: datetime, lasts: Lasting) -> datetime:
    with noting() as session:
        row = session.get(SignInSession, session_id)
        if row is not None:  # ended this very moment
            row.seen_at, row.idle_until = now, now + lasts.idle
    return now + lasts.idle


def _lasts(roles: Iterable[Role]) -> Lasting:
    return HOME_LASTS if set(roles) <= AT_HOME else STAFF_LASTS


def _withheld(method: SignInMethod) -> frozenset[Role]:
    """The roles that this installation keeps for passkeys, in a session that began otherwise."""
    settings: Settings = current_app.extensions["hto_settings"]
    return frozenset() if method is SignInMethod.PASSKEY else settings.passkey_roles


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
