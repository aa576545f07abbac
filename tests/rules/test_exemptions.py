"""RULES.md section 7: what a file for a follow-on route says on a date."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.exemptions import RouteFile, open_route_files, state_seen
from hto_track.rules.facts import Basis, ExemptionRecord, ExemptionState, RouteFacts, RouteModule
from hto_track.rules.requirement import RequirementState
from tests.rules.cases import day

MET, ON_TRACK = RequirementState.MET, RequirementState.ON_TRACK
PROPOSED, REQUESTED, GRANTED = ExemptionState.PROPOSED, ExemptionState.REQUESTED, ExemptionState.GRANTED

MODULES = (
    RouteModule(code="AD1-2", term=1, credits=Fraction(20), basis=Basis.AUTOMATIC),
    RouteModule(code="AD1-1", term=1, credits=Fraction(10), basis=Basis.AUTOMATIC),
    RouteModule(code="AD2-1", term=2, credits=Fraction(15), basis=Basis.INDIVIDUAL),
    RouteModule(code="AD2-2", term=2, credits=Fraction(15), basis=Basis.NONE),
    RouteModule(code="AD3-1", term=3, credits=Fraction(30)),
)


def _record(module: str, state: str, requested: int | None = None, decided: int | None = None) -> ExemptionRecord:
    return ExemptionRecord(
        module=module,
        state=ExemptionState(state),
        requested_on=None if requested is None else day(requested),
        decided_on=None if decided is None else day(decided),
    )


def _file(*records: ExemptionRecord, diploma: RequirementState = ON_TRACK, on: int = 50) -> RouteFile:
    route = RouteFacts(code="AD-TO", credits=Fraction(120), terms=4, modules=MODULES, records=records)
    (file,) = open_route_files((route,), diploma, day(on))
    return file


def _states(file: RouteFile) -> dict[str, str | None]:
    return {module.code: module.state and module.state.value for module in file.modules}


def test_modules_go_by_term_and_code() -> None:
    assert [module.code for module in _file().modules] == ["AD1-1", "AD1-2", "AD2-1", "AD2-2", "AD3-1"]


def test_a_module_without_an_agreement_has_basis_none() -> None:
    assert [module.basis.value for module in _file().modules] == ["automatic"] * 2 + ["individual", "none", "none"]


@pytest.mark.parametrize("diploma", [ON_TRACK, RequirementState.AT_RISK, RequirementState.OUT_OF_REACH])
def test_nothing_is_proposed_before_the_diploma_is_met(diploma: RequirementState) -> None:
    assert set(_states(_file(diploma=diploma)).values()) == {None}


def test_a_diploma_met_proposes_the_automatic_modules() -> None:
    assert _states(_file(diploma=MET)) == {
        "AD1-1": "proposed",
        "AD1-2": "proposed",
        "AD2-1": None,
        "AD2-2": None,
        "AD3-1": None,
    }


def test_a_record_stands_before_a_proposal() -> None:
    assert _states(_file(_record("AD1-1", "refused", 10, 20), diploma=MET))["AD1-1"] == "refused"
    assert _states(_file(_record("AD1-1", "refused", 60, 70), diploma=MET))["AD1-1"] == "proposed"


@pytest.mark.parametrize(
    ("record", "on", "seen"),
    [
        (_record("M", "granted", 10, 20), 9, None),
        (_record("M", "granted", 10, 20), 10, REQUESTED),
        (_record("M", "granted", 10, 20), 19, REQUESTED),
        (_record("M", "granted", 10, 20), 20, GRANTED),
        (_record("M", "granted", None, 20), 19, None),
        (_record("M", "granted", None, 20), 20, GRANTED),
        (_record("M", "proposed"), -500, PROPOSED),  # without a date always
        (_record("M", "requested", 10), 9, None),
        (_record("M", "requested", 10), 10, REQUESTED),
        (_record("M", "granted", 30, 20), 25, None),  # seen from its request
        (_record("M", "granted", 30, 20), 30, GRANTED),
    ],
)
def test_a_record_is_seen_from_its_request_and_as_decided_from_its_decision(
    record: ExemptionRecord, on: int, seen: ExemptionState | None
) -> None:
    assert state_seen(record, day(on)) is seen


@pytest.mark.parametrize("state", [state.value for state in ExemptionState if state is not GRANTED])
def test_only_what_is_granted_counts(state: str) -> None:
    file = _file(_record("AD1-1", state, 10, 20))
    assert (file.credits_exempt, file.credits_left, file.terms_left) == (0, 120, 3)


def test_totals() -> None:
    # Term 1 whole (10 + 20) and half of term 2 (15): terms 2 and 3 still have a module to do.
    file = _file(
        _record("AD1-1", "granted", 1, 2), _record("AD1-2", "granted", 1, 2), _record("AD2-1", "granted", 1, 2)
    )
    assert (file.credits, file.credits_exempt, file.credits_left) == (120, 45, 75)
    assert (file.terms, file.terms_left) == (4, 2)


def test_totals_see_no_decision_of_tomorrow() -> None:
    records = (_record("AD1-1", "granted", 10, 50),)
    assert _file(*records, on=49).credits_exempt == 0
    assert _file(*records, on=50).credits_exempt == 10


def _route(code: str, *, basis: Basis | None = None, records: tuple[ExemptionRecord, ...] = ()) -> RouteFacts:
    module = RouteModule(code="M", term=1, credits=Fraction(5), basis=basis)
    return RouteFacts(code=code, credits=Fraction(5), terms=1, modules=(module,), records=records)


def test_routes_go_by_code_and_those_with_no_agreement_and_no_record_are_left_out() -> None:
    routes = (
        _route("Z", basis=Basis.NONE),
        _route("Y"),
        _route("X", records=(_record("M", "requested", 10),)),
        _route("W", records=(_record("M", "requested", 60),)),  # not seen yet
    )
    assert [file.code for file in open_route_files(routes, ON_TRACK, day(50))] == ["X", "Z"]


DATES = st.one_of(st.none(), st.dates(day(-50), day(150)))
RECORDS = st.builds(
    lambda states: tuple(
        ExemptionRecord(module=module.code, state=state, requested_on=requested, decided_on=decided)
        for module, (state, requested, decided) in zip(MODULES, states, strict=False)
    ),
    st.lists(st.tuples(st.sampled_from(ExemptionState), DATES, DATES), max_size=len(MODULES)),
)


@given(RECORDS, st.dates(day(-50), day(150)), st.sampled_from(RequirementState))
def test_exempt_and_left_are_the_whole(
    records: tuple[ExemptionRecord, ...], on: date, diploma: RequirementState
) -> None:
    route = RouteFacts(code="AD-TO", credits=Fraction(90), terms=3, modules=MODULES, records=records)
    (file,) = open_route_files((route,), diploma, on)
    granted = [module for module in file.modules if module.state is GRANTED]
    assert file.credits_exempt + file.credits_left == file.credits == 90
    assert file.credits_exempt == sum(module.credits for module in granted)
    assert 0 <= file.credits_exempt <= 90
    assert file.terms_left == len({module.term for module in file.modules if module not in granted})


@given(RECORDS, st.dates(day(-50), day(150)), st.sampled_from(RequirementState))
def test_a_file_does_not_know_what_comes_later(
    records: tuple[ExemptionRecord, ...], on: date, diploma: RequirementState
) -> None:
    def known(record: ExemptionRecord) -> ExemptionRecord | None:
        seen_from = record.requested_on or record.decided_on
        if seen_from is not None and seen_from > on:
            return None
        if record.decided_on is not None and record.decided_on > on:
            return ExemptionRecord(module=record.module, state=REQUESTED, requested_on=record.requested_on)
        return record

    def file_of(seen: tuple[ExemptionRecord, ...]) -> tuple[RouteFile, ...]:
        route = RouteFacts(code="AD-TO", credits=Fraction(90), terms=3, modules=MODULES, records=seen)
        return open_route_files((route,), diploma, on)

    assert file_of(records) == file_of(tuple(seen for record in records if (seen := known(record))))
