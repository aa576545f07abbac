"""A participant's files for the follow-on routes (RULES.md section 7)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.exemptions import RouteFile, open_route_files, state_seen
from hto_track.rules.facts import ExemptionRecord, ExemptionState, RouteFacts
from hto_track.rules.facts import RouteModule as ModuleFacts
from hto_track.rules.standing import judge
from hto_track.services import facts
from hto_track.services.policy import Action, Actor, Subject, may, require, require_anywhere
from hto_track.services.readings import note_participants, note_reading
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
    """Every exemption requested by ``on`` and not decided on by then, of the routes that the actor judges, the oldest first.

    Forbidden for who decides on none.
    """
    require_anywhere(actor, Action.DECIDE_EXEMPTION)
    query = (
        select(Exemption, Participant, Cohort.name, Cohort.code, Route.id, Route.title, RouteModule.title)
        .join(Participant, Participant.id == Exemption.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(RouteModule, RouteModule.id == Exemption.module_id)
        .join(Route, Route.id == RouteModule.route_id)
        .where(Exemption.requested_on <= on)
        .order_by(Exemption.requested_on, Participant.code, RouteModule.code)
    )
    waiting = [
        (participant.id, _waiting(row, participant, cohort_name or cohort_code, route, module))
        for row, participant, cohort_name, cohort_code, route_id, route, module in reading().execute(query)
        if state_seen(_record(row, ""), on) is ExemptionState.REQUESTED
        and may(actor, Action.DECIDE_EXEMPTION, Subject(route_ids=frozenset({route_id})))
    ]
    note_participants(actor, Seen.EXEMPTIONS, {participant_id for participant_id, _request in waiting})
    return tuple(request for _participant_id, request in waiting)


def route_files(actor: Actor, participant_code: str, on: date) -> RouteFiles:
    """The files as they stand on ``on``, all of them, or for a board of examiners those of its own routes.

    A participant is within a route's reach when it has an agreement with their programme, or when there is a record of theirs.
    NotFound or Forbidden as the policy says.
    """
    session = reading()
    ground = facts.ground_of_participant(session, participant_code)
    known = facts.facts_of_participant(session, ground, participant_code)
    if not known.members:
        raise NotFound(f"There is no participant {participant_code}")
    person = known.members[0]
    routes = _routes(session, ground.cohort.programme_id, person.member.id)
    person_alone = subject_of(ground.cohort, participant_id=person.member.id)
    require(actor, Action.VIEW_EXEMPTIONS, replace(person_alone, route_ids=routes.touched()))
    diploma = judge(person.facts, on).requirements.state
    note_reading(actor, Seen.EXEMPTIONS, participant_id=person.member.id)
    return RouteFiles(
        member=person.member,
        files=open_route_files(_in_reach(actor, person_alone, routes), diploma, on),
        route_titles=routes.titles,
        module_titles=routes.module_titles,
    )


def _waiting(row: Exemption, participant: Participant, cohort: str, route: str, module: str) -> WaitingRequest:
    assert row.requested_on is not None  # the query asks for those alone
    return WaitingRequest(
        participant=participant.code,
        name=participant.name,
        cohort=cohort,
        route=route,
        module=module,
        requested_on=row.requested_on,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Routes:
    """Every route, with what was agreed and recorded for one participant."""

    facts: tuple[RouteFacts, ...]
    ids: dict[str, int]
    titles: dict[str, str]
    module_titles: dict[tuple[str, str], str]

    def touched(self) -> frozenset[int]:
        """The ids of the routes with which something was agreed, or of which there is a record."""
        return frozenset(
            self.ids[route.code]
            for route in self.facts
            if route.records or any(module.basis is not None for module in route.modules)
        )


def _in_reach(actor: Actor, person: Subject, routes: _Routes) -> tuple[RouteFacts, ...]:
    """All routes for who sees the person apart from any; else those whose board of examiners the actor is on."""
    if may(actor, Action.VIEW_EXEMPTIONS, person):
        return routes.facts
    return tuple(
        route
        for route in routes.facts
        if may(actor, Action.VIEW_EXEMPTIONS, replace(person, route_ids=frozenset({routes.ids[route.code]})))
    )


def _routes(session: Session, programme_id: int, participant_id: int) -> _Routes:
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
    return _Routes(
        facts=routes,
        ids={code: route.id for code, route in rows.items()},
        titles={code: route.title for code, route in rows.items()},
        module_titles=module_titles,
    )


def _record(row: Exemption, module: str) -> ExemptionRecord:
    return ExemptionRecord(module=module, state=row.state, requested_on=row.requested_on, decided_on=row.decided_on)


def _credits(route: Route, modules: list[ModuleFacts]) -> Fraction:
    if route.credits is not None:
        return Fraction(route.credits)
    return sum((module.credits for module in modules), Fraction(0))
