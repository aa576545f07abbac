"""Who sees what of a participant, since when, and who looked: for that participant.

What a party sees is not written here: it is what the one table of the policy says of its role.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.models.internship import Placement
from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare, Seen
from hto_track.models.programmes import Programme
from hto_track.services.enrolments import own_enrolment
from hto_track.services.policy import POLICY, Action, Actor, Subject, require, require_anywhere
from hto_track.services.readings import Look, looks_at
from hto_track.services.references import people_of
from hto_track.services.sharing import Share
from hto_track.services.transaction import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Someone of a party. ``where`` is the school of a supervisor and the routes of a board, empty where there is none."""

    name: str
    since: datetime | date
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Those with a role over the participant, and what the policy lets that role do."""

    role: Role
    actions: tuple[Action, ...]
    people: tuple[Onlooker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """That somebody looked in the hour that began at ``hour``; ``who`` is None when that cannot be told any more."""

    who: str | None
    seen: Seen
    hour: datetime
    whole_cohort: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoSees:
    """Everything of the page; parties in the order of ``PARTIES``, looks latest first."""

    employer: str | None
    college: str | None
    parties: tuple[Party, ...]
    shares: tuple[Share, ...]
    """By address, the latest of each."""
    looks: tuple[Looked, ...]


PARTIES = (
    Role.PROJECT_LEADER,
    Role.COLLEGE,
    Role.COLLEGE_ADMINISTRATION,
    Role.SUPERVISOR,
    Role.EXAMINATION_BOARD,
    Role.EMPLOYER,
    Role.OBSERVER,
    Role.ADMINISTRATOR,
)
"""Every role but the participant's own."""


@dataclass(frozen=True, slots=True)
class _Enrolment:
    participant: Participant
    cohort: Cohort
    programme: Programme


def who_sees(actor: Actor) -> WhoSees:
    """Who sees what of the participant who asks, in the latest cohort they are in; NotFound for who takes part in none."""
    require_anywhere(actor, Action.VIEW_WHO_SEES)
    code, session = own_enrolment(actor), reading()
    row = session.execute(
        select(Participant, Cohort, Programme)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Participant.code == code)
    ).one()
    own = _Enrolment(*row)
    require(actor, Action.VIEW_WHO_SEES, Subject(participant_id=own.participant.id))
    shares = _shares(session, actor)
    people = _granted(session, own)
    people[Role.SUPERVISOR] = _supervisors(session, own.participant.id)
    people[Role.EMPLOYER] = [
        Onlooker(name=share.email, since=share.shared_at) for share in shares if share.ended_at is None
    ]
    return WhoSees(
        employer=own.participant.employer,
        college=own.programme.college,
        parties=tuple(
            Party(role=role, actions=actions_of(role), people=tuple(people.get(role, ()))) for role in PARTIES
        ),
        shares=shares,
        looks=_named(session, looks_at(session, own.participant.id, own.cohort.id)),
    )


def actions_of(role: Role) -> tuple[Action, ...]:
    """What the policy lets ``role`` do, in the order of ``Action``."""
    return tuple(action for action in Action if role in POLICY[action])


def _granted(session: Session, own: _Enrolment) -> dict[Role, list[Onlooker]]:
    """Whose grants cover the participant, by role in order of name, each person once with their earliest."""
    routes = _routes(session, own)
    grants = session.execute(
        select(User.id, User.name, Grant.role, Grant.route_id, Grant.granted_at)
        .join(User, User.id == Grant.user_id)
        .where(
            User.erased_at.is_(None),
            or_(
                Grant.role == Role.ADMINISTRATOR,
                and_(Grant.role == Role.PROJECT_LEADER, Grant.cohort_id == own.cohort.id),
                and_(
                    Grant.role.in_((Role.COLLEGE, Role.COLLEGE_ADMINISTRATION)),
                    Grant.college == own.programme.college,
                ),
                and_(Grant.role == Role.OBSERVER, Grant.programme_id == own.programme.id),
                and_(
                    Grant.role == Role.EXAMINATION_BOARD,
                    or_(Grant.route_id.is_(None), Grant.route_id.in_(list(routes))),
                ),
            ),
        )
        .order_by(User.name, User.id, Grant.granted_at)
    )
    people: dict[tuple[Role, int], Onlooker] = {}
    for user_id, name, role, route_id, granted_at in grants:
        if role is Role.EXAMINATION_BOARD and not routes:
            continue  # there is nothing of theirs to see
        known = people.get((role, user_id))
        where = (*(known.where if known else ()), *((routes[route_id],) if route_id is not None else ()))
        people[role, user_id] = Onlooker(name=name, since=known.since if known else granted_at, where=where)
    by_role: dict[Role, list[Onlooker]] = {}
    for (role, _user_id), onlooker in people.items():
        by_role.setdefault(role, []).append(onlooker)
    return by_role


def _routes(session: Session, own: _Enrolment) -> dict[int, str]:
    """The routes on which the participant has a file: agreed with the programme, or with a record of their own."""
    agreed = select(Agreement.module_id).where(Agreement.programme_id == own.programme.id)
    recorded = select(Exemption.module_id).where(Exemption.participant_id == own.participant.id)
    rows = session.execute(
        select(Route.id, Route.title)
        .join(RouteModule, RouteModule.route_id == Route.id)
        .where(or_(RouteModule.id.in_(agreed), RouteModule.id.in_(recorded)))
        .distinct()
    )
    return {route_id: title for route_id, title in rows}


def _supervisors(session: Session, participant_id: int) -> list[Onlooker]:
    rows = session.scalars(
        select(Placement)
        .where(Placement.participant_id == participant_id, Placement.supervisor_email.is_not(None))
        .order_by(Placement.start_on, Placement.id)
    )
    return [
        Onlooker(name=row.supervisor_name or row.supervisor_email or "", since=row.start_on, where=(row.school,))
        for row in rows
    ]


def _shares(session: Session, actor: Actor) -> tuple[Share, ...]:
    """The latest of each address, of every enrolment of the actor: what was once turned on can be turned off."""
    own = [grant.participant_id for grant in actor.grants if grant.role is Role.PARTICIPANT]
    rows = session.scalars(
        select(EmployerShare).where(EmployerShare.participant_id.in_(own)).order_by(EmployerShare.id)
    )
    latest = {(row.participant_id, row.email): row for row in rows}
    return tuple(
        Share(id=row.id, email=row.email, shared_at=row.shared_at, ended_at=row.ended_at)
        for row in sorted(latest.values(), key=lambda row: (row.email, row.id))
    )


def _named(session: Session, looks: Iterable[Look]) -> tuple[Looked, ...]:
    looks = tuple(looks)
    people = people_of(session, {look.reader for look in looks})
    names = {ref: someone.name for ref, someone in people.items()}
    return tuple(
        Looked(who=names.get(look.reader), seen=look.seen, hour=look.hour, whole_cohort=look.whole_cohort)
        for look in looks
    )
