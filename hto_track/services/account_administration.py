"""Every account, for administrators: who has which role, taking roles back, putting an address right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Route
from hto_track.models.internship import Placement
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.models.sign_in import LinkPurpose, Passkey, SignInSession
from hto_track.services import audit, form_answers, role_scopes, sessions
from hto_track.services.form_answers import SentForm
from hto_track.services.inviting import end_links, sound_address, sound_name, take_role
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.role_scopes import RoleHeld
from hto_track.services.transaction import reading, writing

ON_A_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account with its roles."""

    id: int
    name: str
    email: str
    roles: tuple[RoleHeld, ...]
    invited_at: datetime | None
    first_signed_in_at: datetime | None
    last_signed_in_at: datetime | None
    sessions: int
    """On how many devices they are signed in."""
    passkeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage:
    """So many accounts of ``total``, by name; pages count from 1."""

    accounts: tuple[AccountView, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """What a role can be given for: codes and titles, by code."""

    cohorts: tuple[tuple[str, str], ...]
    programmes: tuple[tuple[str, str], ...]
    routes: tuple[tuple[str, str], ...]


def all_accounts(actor: Actor, search: str, page: int) -> AccountsPage:
    """The accounts whose name or address has ``search`` in it, ``ON_A_PAGE`` at a time; a page too far is the last one."""
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    session, which = reading(), _found_by(search)
    total = session.scalars(select(func.count(User.id)).where(which)).one()
    pages = max(1, -(-total // ON_A_PAGE))
    page = min(max(1, page), pages)
    users = session.scalars(
        select(User)
        .where(which)
        .order_by(func.lower(User.name), User.id)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    ).all()
    return AccountsPage(accounts=_views(session, users), total=total, page=page, pages=pages)


def one_account(actor: Actor, user_id: int) -> AccountView:
    """An account; NotFound for none, or one that was erased."""
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    session = reading()
    return _views(session, [_user(session, user_id)])[0]


def scopes_to_give(actor: Actor) -> Scopes:
    """The cohorts, programmes and routes that there are."""
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    session = reading()
    cohorts = session.execute(select(Cohort.code, func.coalesce(Cohort.name, Cohort.code)).order_by(Cohort.code))
    programmes = session.execute(select(Programme.code, Programme.title).order_by(Programme.code))
    routes = session.execute(select(Route.code, Route.title).order_by(Route.code))
    return Scopes(
        cohorts=tuple((code, title) for code, title in cohorts),
        programmes=tuple((code, title) for code, title in programmes),
        routes=tuple((code, title) for code, title in routes),
    )


def withdraw_role(actor: Actor, user_id: int, grant_id: int) -> RoleHeld:
    """Take a role from an account: gone at the person's next click.

    NotFound for a grant that is not theirs; Refused for the last administrator.
    """
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    with writing() as session:
        _user(session, user_id)
        grant = session.get(Grant, grant_id)
        if grant is None or grant.user_id != user_id:
            raise NotFound
        if grant.role is Role.ADMINISTRATOR and _administrators(session) == {user_id}:
            raise refuse(_l("This is the last administrator: nobody could give a role any more."))
        held = role_scopes.held_by(session, [user_id])[user_id]
        take_role(session, actor, grant)
        return next(role for role in held if role.grant_id == grant_id)


def correct_account(actor: Actor, user_id: int, email: str, name: str, form: SentForm | None = None) -> None:
    """Put the address and the name of an account right (AVG article 16).

    Another address ends every session and link of the account, and is put right too where the person goes by the old one: as a
    participant, as who leads a cohort, as a supervisor. What a participant shares with an employer stays with the address that
    they chose. Refused for what is no address, and for one that another account has. NotFound.
    """
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    address, said = sound_address(email), sound_name(name)
    if not said:
        raise refuse(_l("Fill in a name."), field="name")
    with writing() as session:
        user = _user(session, user_id)
        if form_answers.answered(session, actor, form) is not None:
            return
        if session.scalars(select(User.id).where(User.email == address, User.id != user_id)).first() is not None:
            raise refuse(_l("Another account has this address already."), field="email")
        before, after = {"email": user.email, "name": user.name}, {"email": address, "name": said}
        if before != after:
            former, user.email, user.name = user.email, address, said
            audit.record(session, actor, "correct_account", audit.of_user(user_id), before=before, after=after)
            if former != address:
                _move(session, actor, user, former)
        form_answers.remember(session, actor, form, {"user": user_id})


def _move(session: Session, actor: Actor, user: User, former: str) -> None:
    sessions.end_all(session, user.id)
    end_links(session, user.id, *LinkPurpose)
    for row, column, subject in (
        *_enrolments(session, user.id),
        *_led(session, user.id),
        *_supervised(session, user.id, former),
    ):
        found = getattr(row, column)
        if found is not None and found.strip().lower() == former:
            setattr(row, column, user.email)
            before, after = {column: found}, {column: user.email}
            audit.record(session, actor, "correct_account", subject, before=before, after=after)


Known = Iterator[tuple[Participant | Cohort | Placement, str, str]]
"""Rows that know a person by an address, the column it is in, and what the audit trail calls them."""


def _enrolments(session: Session, user_id: int) -> Known:
    own = select(Grant.participant_id).where(Grant.user_id == user_id, Grant.role == Role.PARTICIPANT)
    for row in session.scalars(select(Participant).where(Participant.id.in_(own))).all():
        yield row, "email", audit.of_participant(row.code)


def _led(session: Session, user_id: int) -> Known:
    led = select(Grant.cohort_id).where(Grant.user_id == user_id, Grant.role == Role.PROJECT_LEADER)
    for row in session.scalars(select(Cohort).where(Cohort.id.in_(led))).all():
        yield row, "leader_email", audit.of_cohort(row.code)


def _supervised(session: Session, user_id: int, former: str) -> Known:
    supervises = select(Grant.id).where(Grant.user_id == user_id, Grant.role == Role.SUPERVISOR).exists()
    query = (
        select(Placement, Participant.code)
        .join(Participant, Participant.id == Placement.participant_id)
        .where(func.lower(Placement.supervisor_email) == former, supervises)
    )
    for row, code in session.execute(query).all():
        yield row, "supervisor_email", audit.of_participant(code, "placements", row.id)


def _administrators(session: Session) -> set[int]:
    query = (
        select(Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.ADMINISTRATOR, User.erased_at.is_(None))
    )
    return set(session.scalars(query))


def _found_by(search: str) -> ColumnElement[bool]:
    known, word = User.erased_at.is_(None), search.strip()
    if not word:
        return known
    return known & or_(User.name.icontains(word, autoescape=True), User.email.icontains(word, autoescape=True))


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or user.erased_at is not None:
        raise NotFound
    return user


def _views(session: Session, users: Sequence[User]) -> tuple[AccountView, ...]:
    ids = [user.id for user in users]
    held, now = role_scopes.held_by(session, ids), clock.now()
    in_use = dict(
        session.execute(
            select(SignInSession.user_id, func.count())
            .where(SignInSession.user_id.in_(ids), SignInSession.idle_until > now, SignInSession.ends_at > now)
            .group_by(SignInSession.user_id)
        )
        .tuples()
        .all()
    )
    passkeys = dict(
        session.execute(select(Passkey.user_id, func.count()).where(Passkey.user_id.in_(ids)).group_by(Passkey.user_id))
        .tuples()
        .all()
    )
    return tuple(
        AccountView(
            id=user.id,
            name=user.name,
            email=user.email,
            roles=held.get(user.id, ()),
            invited_at=user.invited_at,
            first_signed_in_at=user.first_signed_in_at,
            last_signed_in_at=user.last_signed_in_at,
            sessions=in_use.get(user.id, 0),
            passkeys=passkeys.get(user.id, 0),
        )
        for user in users
    )
