"""A college's own people: its administration invites teachers and colleagues, and takes roles back."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.programmes import Programme
from hto_track.services import form_answers
from hto_track.services.form_answers import SentForm
from hto_track.services.inviting import (
    account_at,
    has_come_in,
    invite,
    is_known_to,
    name_for,
    sound_address,
    sound_name,
    take_role,
)
from hto_track.services.policy import Action, Actor, Subject, may, require, require_anywhere
from hto_track.services.refusals import Forbidden, NotFound, refuse
from hto_track.services.role_scopes import works_at
from hto_track.services.transaction import reading, writing

ROLES = (Role.COLLEGE, Role.COLLEGE_ADMINISTRATION)
"""The roles at a college, which its administration gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody with a role at a college; known by address alone until they have come in, as on the list of a cohort."""

    grant_id: int
    role: Role
    name: str
    email: str
    college: str
    invited_at: datetime | None
    first_signed_in_at: datetime | None
    last_signed_in_at: datetime | None
    has_come_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class College:
    """A college with its people, the administration first, then by name."""

    name: str
    people: tuple[Colleague, ...]


def colleagues(actor: Actor) -> tuple[College, ...]:
    """The colleges whose people the actor invites, by name; Forbidden for who invites at none."""
    require_anywhere(actor, Action.INVITE_COLLEAGUE)
    session = reading()
    people = _people(session, actor)
    return tuple(
        College(name=college, people=tuple(person for person in people if person.college == college))
        for college in sorted(_colleges(session))
        if may(actor, Action.INVITE_COLLEAGUE, Subject(college=college))
    )


def invite_colleague(
    actor: Actor, college: str, email: str, name: str, role: Role, form: SentForm | None = None
) -> str:
    """Invite somebody by address as a teacher or for the administration of a college, or remind them: the address.

    A new account is known by ``name``. NotFound for a college that the actor does not invite for, Forbidden for any other
    role, Refused for what is no address.
    """
    with writing() as session:
        _require(session, actor, college)
        if role not in ROLES:
            raise Forbidden(role)
        address, said = sound_address(email), sound_name(name)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return str(earlier["address"])
        invite(session, actor, account_at(session, address, said or None), works_at(college, role))
        form_answers.remember(session, actor, form, {"address": address})
        return address


def colleague(actor: Actor, grant_id: int) -> Colleague:
    """Whose role at a college a grant is; NotFound for none that the actor may take back."""
    return _colleague(reading(), actor, grant_id)


def withdraw_colleague(actor: Actor, grant_id: int) -> Colleague:
    """Take back a role at a college: it is gone at the person's next click.

    Refused for the last of the administration: a college could invite nobody any more. NotFound as ``colleague``.
    """
    with writing() as session:
        person = _colleague(session, actor, grant_id)
        if person.role is Role.COLLEGE_ADMINISTRATION and not may(actor, Action.MANAGE_ACCOUNTS, Subject()):
            others = [
                each for each in _people(session, actor) if (each.role, each.college) == (person.role, person.college)
            ]
            if len(others) == 1:
                raise refuse(_l("A college keeps at least one person of its administration. Add another one first."))
        take_role(session, actor, session.get_one(Grant, grant_id))
        return person


def _require(session: Session, actor: Actor, college: str) -> None:
    if college not in _colleges(session):
        raise NotFound
    require(actor, Action.INVITE_COLLEAGUE, Subject(college=college))


def _colleges(session: Session) -> set[str]:
    of_programmes = session.scalars(select(Programme.college).where(Programme.college.is_not(None)))
    of_people = session.scalars(select(Grant.college).where(Grant.role.in_(ROLES), Grant.college.is_not(None)))
    return {college for college in (*of_programmes, *of_people) if college is not None}


def _colleague(session: Session, actor: Actor, grant_id: int) -> Colleague:
    person = next((person for person in _people(session, actor) if person.grant_id == grant_id), None)
    if person is None:
        raise NotFound
    require(actor, Action.INVITE_COLLEAGUE, Subject(college=person.college))
    return person


def _people(session: Session, actor: Actor) -> list[Colleague]:
    query = (
        select(Grant, User)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role.in_(ROLES), Grant.college.is_not(None), User.erased_at.is_(None))
    )
    people = [
        Colleague(
            grant_id=grant.id,
            role=grant.role,
            name=name_for(user, grant, actor),
            email=user.email,
            college=grant.college or "",
            invited_at=user.invited_at,
            first_signed_in_at=user.first_signed_in_at if is_known_to(user, grant, actor) else None,
            last_signed_in_at=user.last_signed_in_at if is_known_to(user, grant, actor) else None,
            has_come_in=has_come_in(user, grant),
        )
        for grant, user in session.execute(query)
    ]
    return sorted(people, key=lambda one: (one.role is Role.COLLEGE, one.name.casefold(), one.grant_id))
