"""Where a role holds: found from the codes that somebody names, and said in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Grant, Role
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Route
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.services import facts
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.views import CohortSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeAsked:
    """The codes that were named; None for what was not."""

    cohort: str | None = None
    programme: str | None = None
    route: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A role in its scope, not yet somebody's. ``name`` is who the scope knows the person to be, if it does; ``given_name``
    what a mail calls them then.
    """

    grant: Grant
    where: str = ""
    cohort: CohortSummary | None = None
    name: str | None = None
    given_name: str | None = None
    participant_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """A role that somebody has; ``where`` it holds is empty for one that has no scope of its own."""

    grant_id: int
    role: Role
    where: str


MAY_NAME: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(),
    Role.PROJECT_LEADER: frozenset({"cohort"}),
    Role.COLLEGE: frozenset({"cohort"}),
    Role.COLLEGE_ADMINISTRATION: frozenset({"cohort"}),
    Role.PARTICIPANT: frozenset({"cohort"}),
    Role.SUPERVISOR: frozenset(),
    Role.EMPLOYER: frozenset(),
    Role.EXAMINATION_BOARD: frozenset({"route"}),
    Role.OBSERVER: frozenset({"cohort", "programme"}),
}
"""What says where each role holds."""

_SAYS_NOTHING = {
    "cohort": _l("This role has no cohort: leave it out."),
    "programme": _l("This role has no programme: leave it out."),
    "route": _l("This role has no route: leave it out."),
}


def scope_of(session: Session, address: str, role: Role, asked: ScopeAsked) -> Scope:
    """The grant of ``role`` that ``asked`` names, for the person at ``address``.

    A leader gets the cohort; a college's people the college of the cohort's programme; a participant their own enrolment in
    it; an observer the programme, or that of the cohort; a board of examiners the route, or all of them. A supervisor's scope
    is the placements that name the address. Refused for an employer (participants share themselves), for a scope that is
    missing, says nothing, or is not there.
    """
    if role is Role.EMPLOYER:
        raise refuse(
            _l("Nobody invites an employer: a participant shares with one, on the page “Who sees what”."), field="role"
        )
    named = {name for name in ("cohort", "programme", "route") if getattr(asked, name)}
    idle = sorted(named - MAY_NAME[role])
    if idle:
        raise Refused(Refusal(message=_SAYS_NOTHING[name], field=name) for name in idle)
    cohort = facts.cohort_ground(session, asked.cohort).cohort if asked.cohort else None
    match role:
        case Role.OBSERVER:
            return _of_programme(session, asked.programme, cohort)
        case Role.EXAMINATION_BOARD:
            return _of_route(session, asked.route)
        case Role.ADMINISTRATOR | Role.SUPERVISOR:
            return Scope(grant=_grant(role))
    if cohort is None:
        raise refuse(_l("This role needs a cohort: say which one."), field="cohort")
    match role:
        case Role.PROJECT_LEADER:
            return leads(cohort)
        case Role.PARTICIPANT:
            return _enrolment(session, address, cohort)
        case _:
            return works_at_college_of(cohort, role)


def leads(cohort: CohortSummary) -> Scope:
    """The role of who leads a cohort."""
    return Scope(grant=_grant(Role.PROJECT_LEADER, cohort_id=cohort.id), where=cohort.name, cohort=cohort)


def takes_part(participant: Participant, cohort: CohortSummary) -> Scope:
    """The role of a participant in their cohort."""
    return Scope(
        grant=_grant(Role.PARTICIPANT, participant_id=participant.id),
        where=cohort.name,
        cohort=cohort,
        name=participant.name,
        given_name=participant.given_name,
        participant_id=participant.id,
    )


def supervises(name: str | None, cohort: CohortSummary) -> Scope:
    """The role of a supervising teacher, invited for a cohort."""
    return Scope(grant=_grant(Role.SUPERVISOR), cohort=cohort, name=name)


def works_at_college_of(cohort: CohortSummary, role: Role) -> Scope:
    """A role at the college of a cohort's programme; Refused when it has none."""
    if cohort.college is None:
        raise refuse(_l("The programme of %(code)s has no college.", code=cohort.code), field="cohort")
    return Scope(grant=_grant(role, college=cohort.college), where=cohort.college, cohort=cohort)


def works_at(college: str, role: Role) -> Scope:
    """A role at a college."""
    return Scope(grant=_grant(role, college=college), where=college)


def held_by(session: Session, user_ids: list[int]) -> dict[int, tuple[RoleHeld, ...]]:
    """The roles of these accounts, in the order of ``Role``, in one query."""
    query = (
        select(Grant, Cohort, Participant, Programme.title, Route.title)
        .outerjoin(Participant, Participant.id == Grant.participant_id)
        .outerjoin(Cohort, Cohort.id == func.coalesce(Grant.cohort_id, Participant.cohort_id))
        .outerjoin(Programme, Programme.id == Grant.programme_id)
        .outerjoin(Route, Route.id == Grant.route_id)
        .where(Grant.user_id.in_(user_ids))
        .order_by(Grant.id)
    )
    order = tuple(Role)
    held: dict[int, list[RoleHeld]] = {}
    for grant, cohort, participant, programme, route in session.execute(query):
        where = _where(grant, cohort, participant, programme, route)
        held.setdefault(grant.user_id, []).append(RoleHeld(grant_id=grant.id, role=grant.role, where=where))
    return {user_id: tuple(sorted(roles, key=lambda one: order.index(one.role))) for user_id, roles in held.items()}


def same_scope(one: Grant, other: Grant) -> bool:
    """Whether two grants are the same role in the same scope, whoever has them."""
    columns = ("role", "cohort_id", "participant_id", "college", "route_id", "programme_id")
    return all(getattr(one, column) == getattr(other, column) for column in columns)


def _where(
    grant: Grant, cohort: Cohort | None, participant: Participant | None, programme: str | None, route: str | None
) -> str:
    match grant.role:
        case Role.PROJECT_LEADER if cohort is not None:
            return cohort.name or cohort.code
        case Role.PARTICIPANT if cohort is not None and participant is not None:
            return f"{cohort.name or cohort.code}, {participant.code}"
        case Role.COLLEGE | Role.COLLEGE_ADMINISTRATION:
            return grant.college or ""
        case Role.OBSERVER:
            return programme or ""
        case Role.EXAMINATION_BOARD:
            return route or _("all routes")
        case _:
            return ""


def _grant(role: Role, **scope: int | str) -> Grant:
    return Grant(granted_at=clock.now(), role=role, **scope)


def _of_programme(session: Session, code: str | None, cohort: CohortSummary | None) -> Scope:
    if cohort is None and code is None:
        raise refuse(_l("This role needs a programme, or a cohort of it: say which one."), field="programme")
    which = Programme.code == code if code is not None else Programme.id == (cohort.programme_id if cohort else None)
    programme = session.scalars(select(Programme).where(which)).one_or_none()
    if programme is None:
        raise NotFound(f"There is no programme {code}")
    if cohort is not None and cohort.programme_id != programme.id:
        raise refuse(
            _l("%(cohort)s is not of the programme %(programme)s.", cohort=cohort.code, programme=programme.code),
            field="programme",
        )
    return Scope(grant=_grant(Role.OBSERVER, programme_id=programme.id), where=programme.title, cohort=cohort)


def _of_route(session: Session, code: str | None) -> Scope:
    if code is None:
        return Scope(grant=_grant(Role.EXAMINATION_BOARD), where=_("all routes"))
    route = session.scalars(select(Route).where(Route.code == code)).one_or_none()
    if route is None:
        raise NotFound(f"There is no route {code}")
    return Scope(grant=_grant(Role.EXAMINATION_BOARD, route_id=route.id), where=route.title)


def _enrolment(session: Session, address: str, cohort: CohortSummary) -> Scope:
    participant = session.scalars(
        select(Participant)
        .where(
            Participant.cohort_id == cohort.id,
            func.lower(Participant.email) == address,
            Participant.erased_on.is_(None),
        )
        .order_by(Participant.code)
        .limit(1)
    ).one_or_none()
    if participant is None:
        raise refuse(
            _l("Nobody in %(code)s has the address %(email)s.", code=cohort.code, email=address), field="email"
        )
    return takes_part(participant, cohort)
