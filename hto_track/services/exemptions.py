"""A participant's files for the follow-on routes (RULES.md section 7)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.models.participants import Participant
from hto_track.rules.exemptions import RouteFile, open_route_files, state_seen
from hto_track.rules.facts import ExemptionRecord, ExemptionState, RouteFacts
from hto_track.rules.facts import RouteModule as ModuleFacts
from hto_track.rules.standing import judge
from hto_track.services import facts
from hto_track.services.policy import Action, Actor, require, require_anywhere
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFiles:
    """A participant's route files, with the titles of routes and modules by code."""

    member: Member
    files: tuple[RouteFile, ...]
    route_titles: dict[str, str]
    module_titles: dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """A request that the board of examiners has not decided on."""

    participant: str
    name: str
    cohort: str
    route: str
    module: str
    requested_on: date


def requests_waiting(actor: Actor, on: date) -> tuple[WaitingRequest, ...]:
    """Every exemption requested by ``on`` and not decided on by then, the oldest first; Forbidden for who decides none."""
    require_anywhere(actor, Action.DECIDE_EXEMPTION)
    query = (
        select(Exemption, Participant, Cohort.name, Cohort.code, Route.title, RouteModule.title)
        .join(Participant, Participant.id == Exemption.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(RouteModule, RouteModule.id == Exemption.module_id)
        .join(Route, Route.id == RouteModule.route_id)
        .where(Exemption.requested_on <= on)
        .order_by(Exemption.requested_on, Participant.code, RouteModule.code)
    )
    return tuple(
        WaitingRequest(
            participant=participant.code,
            name=participant.name,
            cohort=cohort_name or cohort_code,
            route=route,
            module=module,
            requested_on=row.requested_on,
        )
        for row, participant, cohort_name, cohort_code, route, module in reading().execute(query)
        if row.requested_on is not None and state_seen(_record(row, ""), on) is ExemptionState.REQUESTED
    )


def route_files(actor: Actor, participant_code: str, on: date) -> RouteFiles:
    """The files as they stand on ``on``; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = facts.ground_of_participant(session, participant_code)
    known = facts.facts_of_participant(session, ground, participant_code)
    if not known.members:
        raise NotFound(f"There is no participant {participant_code}")
    person = known.members[0]
    require(actor, Action.VIEW_EXEMPTIONS, subject_of(ground.cohort, participant_id=person.member.id))
    diploma = judge(person.facts, on).requirements.state
    routes, route_titles, module_titles = _routes(session, ground.cohort.programme_id, person.member.id)
    return RouteFiles(
        member=person.member,
        files=open_route_files(routes, diploma, on),
        route_titles=route_titles,
        module_titles=module_titles,
    )


def _routes(
    session: Session, programme_id: int, participant_id: int
) -> tuple[tuple[RouteFacts, ...], dict[str, str], dict[tuple[str, str], str]]:
    query = (
        select(Route, RouteModule, Agreement.basis, Exemption)
        .join(RouteModule, RouteModule.route_id == Route.id)
        .outerjoin(Agreement, and_(Agreement.module_id == RouteModule.id, Agreement.programme_id == programme_id))
        .outerjoin(Exemption, and_(Exemption.module_id == RouteModule.id, Exemption.participant_id == participant_id))
        .order_by(Route.code, RouteModule.term, RouteModule.code)
    )
    rows: dict[str, Route] = {}
    modules: defaultdict[str, list[ModuleFacts]] = defaultdict(list)
    records: defaultdict[str, list[ExemptionRecord]] = defaultdict(list)
    module_titles: dict[tuple[str, str], str] = {}
    for route, module, basis, exemption in session.execute(query):
        rows[route.code] = route
        module_titles[route.code, module.code] = module.title
        modules[route.code].append(
            ModuleFacts(code=module.code, term=module.term, credits=Fraction(module.credits), basis=basis)
        )
        if exemption is not None:
            records[route.code].append(_record(exemption, module.code))
    routes = tuple(
        RouteFacts(
            code=code,
            credits=_credits(route, modules[code]),
            terms=route.terms if route.terms is not None else len({module.term for module in modules[code]}),
            modules=tuple(modules[code]),
            records=tuple(records[code]),
        )
        for code, route in rows.items()
    )
    return routes, {code: route.title for code, route in rows.items()}, module_titles


def _record(row: Exemption, module: str) -> ExemptionRecord:
    return ExemptionRecord(module=module, state=row.state, requested_on=row.requested_on, decided_on=row.decided_on)


def _credits(route: Route, modules: list[ModuleFacts]) -> Fraction:
    if route.credits is not None:
        return Fraction(route.credits)
    return sum((module.credits for module in modules), Fraction(0))
