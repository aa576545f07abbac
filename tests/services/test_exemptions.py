"""A participant's files for the follow-on routes, and who may open them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from hto_track.models.accounts import Role
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.rules.facts import Basis, ExemptionState
from hto_track.services.exemptions import requests_waiting, route_files
from hto_track.services.policy import CONSOLE, Actor, ActorGrant
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import reading, writing
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


def board_of(cast: Cast, code: str | None) -> Actor:
    """Femke, on the board of one route, or of all."""
    route_id = reading().scalars(select(Route.id).where(Route.code == code)).one() if code else None
    reading().rollback()
    return replace(cast.femke, grants=(ActorGrant(role=Role.EXAMINATION_BOARD, route_id=route_id),))


def test_a_board_opens_who_its_route_has_to_do_with_and_nobody_else(route: Cast) -> None:
    """Bram's programme has an agreement with AD, and nothing with ZZ."""
    assert [file.code for file in route_files(board_of(route, "AD"), route.participant, TODAY).files] == ["AD"]
    with pytest.raises(NotFound):
        route_files(board_of(route, "ZZ"), route.participant, TODAY)


def test_a_board_sees_the_file_of_its_own_route_alone_while_others_see_them_all(route: Cast) -> None:
    with writing() as session:
        module_id = session.scalars(select(RouteModule.id).where(RouteModule.code == "Z1")).one()
        session.add(
            Exemption(
                participant_id=route.participant_id,
                module_id=module_id,
                state=ExemptionState.REQUESTED,
                requested_on=date(2026, 6, 1),
            )
        )
    for actor in (route.anja, route.bram, route.chaima, route.hanna, route.gijs, board_of(route, None)):
        assert [file.code for file in route_files(actor, route.participant, TODAY).files] == ["AD", "ZZ"]
    for code in ("AD", "ZZ"):
        assert [file.code for file in route_files(board_of(route, code), route.participant, TODAY).files] == [code]
    with pytest.raises(NotFound):
        route_files(board_of(route, "ZZ"), route.neighbour, TODAY)
    assert [each.module for each in requests_waiting(board_of(route, "ZZ"), TODAY)] == ["Z"]
    assert requests_waiting(board_of(route, "AD"), TODAY) == ()
    assert [each.module for each in requests_waiting(board_of(route, None), TODAY)] == ["Z"]


def test_somebody_with_nothing_agreed_or_recorded_is_not_there_for_any_board(cast: Cast) -> None:
    for actor in (cast.femke, board_of(cast, None)):
        with pytest.raises(NotFound):
            route_files(actor, cast.participant, TODAY)
