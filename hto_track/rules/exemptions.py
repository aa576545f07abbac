"""Follow-on routes and exemptions (RULES.md section 7)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hto_track.rules.facts import Basis, ExemptionRecord, ExemptionState, RouteFacts, RouteModule
from hto_track.rules.requirement import RequirementState


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleExemption:
    """Where one module stands for one participant; ``state`` is None while nothing was asked or proposed."""

    code: str
    term: int
    credits: Fraction
    basis: Basis
    state: ExemptionState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFile:
    """A participant's file for one route; credits in EC, ``terms_left`` those with a module that is not granted."""

    code: str
    credits: Fraction
    credits_exempt: Fraction
    credits_left: Fraction
    terms: int
    terms_left: int
    modules: tuple[ModuleExemption, ...]


def open_route_files(routes: tuple[RouteFacts, ...], diploma: RequirementState, on: date) -> tuple[RouteFile, ...]:
    """The files on ``on``, in order of code; a route without an agreement or a record seen by then is left out."""
    return tuple(
        _route_file(route, diploma, on)
        for route in sorted(routes, key=lambda route: route.code)
        if any(module.basis is not None for module in route.modules)
        or any(state_seen(record, on) is not None for record in route.records)
    )


def state_seen(record: ExemptionRecord, on: date) -> ExemptionState | None:
    """The state in which ``on`` sees a record.

    It is seen from its request (else its decision, else always), as decided from its decision.
    """
    if record.decided_on is not None and record.decided_on > on:
        is_requested = record.requested_on is not None and record.requested_on <= on
        return ExemptionState.REQUESTED if is_requested else None
    seen_from = record.requested_on or record.decided_on
    return record.state if seen_from is None or seen_from <= on else None


def _route_file(route: RouteFacts, diploma: RequirementState, on: date) -> RouteFile:
    seen = {record.module: state_seen(record, on) for record in route.records}
    modules = tuple(
        _module(module, seen.get(module.code), diploma)
        for module in sorted(route.modules, key=lambda module: (module.term, module.code))
    )
    exempt = sum((module.credits for module in modules if _is_granted(module)), Fraction(0))
    return RouteFile(
        code=route.code,
        credits=route.credits,
        credits_exempt=exempt,
        credits_left=route.credits - exempt,
        terms=route.terms,
        terms_left=len({module.term for module in modules if not _is_granted(module)}),
        modules=modules,
    )


def _module(module: RouteModule, state: ExemptionState | None, diploma: RequirementState) -> ModuleExemption:
    basis = module.basis or Basis.NONE
    if state is None and basis is Basis.AUTOMATIC and diploma is RequirementState.MET:
        state = ExemptionState.PROPOSED
    return ModuleExemption(code=module.code, term=module.term, credits=module.credits, basis=basis, state=state)


def _is_granted(module: ModuleExemption) -> bool:
    return module.state is ExemptionState.GRANTED
