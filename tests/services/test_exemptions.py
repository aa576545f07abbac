"""A participant's files for the follow-on routes, and who may open them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.rules.facts import Basis, ExemptionState
from hto_track.services.exemptions import requests_waiting, route_files
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import writing
from tests.cast import Cast

TODAY = date(2026, 6, 14)


@pytest.fixture
def route(cast: Cast) -> Cast:
    """A route of two modules of 7.5 and 22.5 EC, the first agreed as individual, without totals of its own."""
    with writing() as session:
        route = Route(code="AD", title="Associate Degree")
        other = Route(code="ZZ", title="Without agreement or record")
        session.add_all((route, other))
        session.flush()
        first = RouteModule(route_id=route.id, code="M1", title="Eerste", term=1, credits=Decimal("7.5"))
        second = RouteModule(route_id=route.id, code="M2", title="Tweede", term=2, credits=Decimal("22.5"))
        session.add_all(
            (first, second, RouteModule(route_id=other.id, code="Z1", title="Z", term=1, credits=Decimal(5)))
        )
        session.flush()
        programme_id = session.get_one(Cohort, cast.cohort_id).programme_id
        session.add(Agreement(programme_id=programme_id, module_id=first.id, basis=Basis.INDIVIDUAL))
        session.add(
            Exemption(
                participant_id=cast.participant_id,
                module_id=first.id,
                state=ExemptionState.GRANTED,
                requested_on=date(2026, 5, 1),
                decided_on=date(2026, 6, 1),
            )
        )
    return cast


def test_a_route_without_totals_counts_its_modules(route: Cast) -> None:
    [file] = route_files(CONSOLE, route.participant, TODAY).files
    assert (file.code, file.credits, file.credits_exempt, file.credits_left) == ("AD", 30, 7.5, 22.5)
    assert (file.terms, file.terms_left) == (2, 1)


def test_before_the_decision_the_module_stands_as_requested(route: Cast) -> None:
    [file] = route_files(CONSOLE, route.participant, date(2026, 5, 31)).files
    assert [module.state for module in file.modules] == [ExemptionState.REQUESTED, None]


def test_another_participant_has_a_file_of_their_own(route: Cast) -> None:
    [file] = route_files(CONSOLE, route.neighbour, TODAY).files
    assert file.credits_exempt == 0


def test_the_board_of_examiners_opens_every_file_and_a_participant_their_own(route: Cast) -> None:
    assert route_files(route.femke, route.participant, TODAY).files
    assert route_files(route.bram, route.participant, TODAY).files
    for actor, code in ((route.bram, route.neighbour), (route.otto, route.participant), (route.els, route.participant)):
        with pytest.raises(NotFound):
            route_files(actor, code, TODAY)


def test_what_waits_is_requested_and_not_yet_decided(route: Cast) -> None:
    """Bram's request of 1 May was decided on 1 June."""
    assert [each.participant for each in requests_waiting(route.femke, date(2026, 5, 31))] == [route.participant]
    assert requests_waiting(route.femke, date(2026, 4, 30)) == ()
    assert requests_waiting(route.femke, TODAY) == ()


def test_only_the_board_of_examiners_sees_what_waits(route: Cast) -> None:
    for actor in (route.anja, route.bram, route.chaima, route.gijs):
        with pytest.raises(Forbidden):
            requests_waiting(actor, TODAY)


def test_a_route_with_totals_of_its_own_keeps_them(route: Cast) -> None:
    with writing() as session:
        row = session.scalars(select(Route).where(Route.code == "AD")).one()
        row.credits, row.terms = Decimal(120), 4
    [file] = route_files(CONSOLE, route.participant, TODAY).files
    assert (file.credits, file.credits_left, file.terms, file.terms_left) == (120, 112.5, 4, 1)
