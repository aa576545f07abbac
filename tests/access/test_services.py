"""Every service, used by everyone, answers as the table says."""

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType

import pytest

from hto_track import services
from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.services.policy import POLICY, Action, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from tests.access import cells
from tests.access.people import NAMES
from tests.access.service import Service
from tests.access.services import SERVICES, WITHOUT_ACTOR
from tests.access.site import AccessSite

OPENS = frozenset({"reading", "writing", "noting"})
"""What a function calls to read or to write."""
ASKS = "policy."
"""The policy itself is asked, not used."""


def _modules() -> Iterator[tuple[str, ModuleType]]:
    """Every module of the services by its own name; those of a package by the name of the package."""
    for found in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        name = found.name.removeprefix(f"{services.__name__}.").split(".")[0]
        yield name, import_module(found.name)


def _functions() -> Iterator[tuple[str, Callable[..., object]]]:
    for name, module in _modules():
        for word, function in inspect.getmembers(module, inspect.isfunction):
            if not word.startswith("_") and function.__module__ == module.__name__:
                yield f"{name}.{word}", function


def _takes_actor(function: Callable[..., object]) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and first.annotation is Actor


def _opens(function: Callable[..., object]) -> bool:
    """Whether it reads or writes itself, and not in a transaction that it is given."""
    tree = ast.parse(inspect.getsource(inspect.unwrap(function)))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return bool(called & OPENS)


def test_every_service_has_its_row_and_every_row_its_service() -> None:
    there = {name for name, function in _functions() if _takes_actor(function) and not name.startswith(ASKS)}
    decided = [service.name for service in SERVICES]
    missing, left_over = sorted(there - set(decided)), sorted(set(decided) - there)
    assert not missing, f"decide who may use {', '.join(missing)}: add a row to tests/access/services.py"
    assert not left_over, f"no such service any more: take {', '.join(left_over)} out of tests/access/services.py"
    assert len(decided) == len(set(decided))


def test_who_is_not_told_who_asks_stands_on_the_list_with_the_reason() -> None:
    there = {name for name, function in _functions() if not _takes_actor(function) and _opens(function)}
    there |= {name for name in WITHOUT_ACTOR if name.startswith("transaction.")}
    missing, left_over = sorted(there - set(WITHOUT_ACTOR)), sorted(set(WITHOUT_ACTOR) - there)
    assert not missing, f"let {', '.join(missing)} take an Actor first, or say in WITHOUT_ACTOR why not"
    assert not left_over, f"take {', '.join(left_over)} out of WITHOUT_ACTOR"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_row_uses_the_service_of_its_name(service: Service) -> None:
    assert service.name.split(".")[1] in service.call.__code__.co_names


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_everyone_may_what_the_table_says(site: AccessSite, service: Service) -> None:
    found, faults = {}, []
    for name in NAMES:
        found[name] = _outcome(service, site, name)
        db.session.remove()
        changed = site.changed()
        if changed and found[name] != cells.MAY:
            faults.append(f"{name}: {found[name]}, and changed {', '.join(changed)}")
        site.put_back()
    assert found == dict(service.pattern.cells), f"{service.pattern.says}: this is what the table says"
    assert faults == []


def _outcome(service: Service, site: AccessSite, name: str) -> str:
    try:
        said = service.call(site.actor(name), site.world)
    except Forbidden:
        return cells.MAY_NOT
    except NotFound:
        return cells.UNKNOWN
    except Refused:
        return cells.MAY
    return cells.NOTHING if service.leaves_out and not said else cells.MAY


@pytest.mark.parametrize("action", Action)
def test_every_action_names_its_roles(action: Action) -> None:
    assert POLICY[action] and POLICY[action] <= set(Role)
