"""What is another cohort's is not there: not in an address, not in a field of a form, and nothing tells that it exists."""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.access import cells
from tests.access.asking import ask, named_in, rules_of, said, values_of
from tests.access.people import EVERYWHERE, INSIDE
from tests.access.route import Route
from tests.access.routes import ROUTES
from tests.access.site import AccessSite
from tests.access.things import Values
from tests.access.world import NOBODYS, TOGETHER

HIDDEN = 404
REFUSED = (404, 422)
BORDERED = tuple(person.name for person in INSIDE if person.name not in EVERYWHERE)


def _id(route: Route) -> str:
    return route.title


def _let_in(route: Route) -> list[str]:
    """Who is let in as someone of C-1, and so has nothing to do with C-3."""
    return [name for name in BORDERED if route.pattern.cells[name] == cells.OK]


def _with(values: Values, other: Values, names: set[str]) -> Values:
    """``values``, but of ``other`` what goes by ``names``, with what belongs to it."""
    moved = names | {more for name in names for more in TOGETHER.get(name, ())}
    return values | {name: other[name] for name in moved}


def _moved(names: set[str]) -> Iterator[set[str]]:
    """Each of the names alone, and all of them."""
    yield from ({name} for name in sorted(names))
    if len(names) > 1:
        yield names


def _difference(there: TestResponse, nowhere: TestResponse) -> str:
    (status, text), (other_status, other_text) = said(there), said(nowhere)
    lines = zip(text.splitlines(), other_text.splitlines(), strict=False)
    return f"{status} and {other_status}, {next((pair for pair in lines if pair[0] != pair[1]), '')}"


@pytest.mark.parametrize("route", ROUTES, ids=_id)
def test_every_value_of_an_address_or_a_form_has_its_like_elsewhere(access_site: AccessSite, route: Route) -> None:
    in_address, in_form = named_in(route, rules_of(access_site.app)[route.key])
    known = set(access_site.world.elsewhere) | NOBODYS
    assert (in_address | in_form) <= known, "give tests/access/world.py one of C-3, or say that it is nobody's"


@pytest.mark.parametrize("route", ROUTES, ids=_id)
def test_in_an_address_what_is_elsewhere_is_not_there(site: AccessSite, route: Route) -> None:
    rule, world = rules_of(site.app)[route.key], site.world
    values, elsewhere, ghost = (values_of(route, world, things) for things in (world.own, world.elsewhere, world.ghost))
    faults = []
    for names in _moved(rule.arguments - NOBODYS):
        for name in BORDERED:
            there, nowhere = (
                ask(site, name, route, rule, asked)
                for asked in (_with(values, elsewhere, names), _with(values, ghost, names))
            )
            which = ", ".join(sorted(names))
            if name in _let_in(route) and there.status_code != HIDDEN:
                faults.append(f"{name} is answered {there.status_code} for {which} of C-3")
            if said(there) != said(nowhere):
                faults.append(f"{name} can tell that {which} of C-3 exists: {_difference(there, nowhere)}")
            if changed := site.changed():
                faults.append(f"{name} changed {', '.join(changed)} with {which} of C-3")
                site.put_back()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.form], ids=_id)
def test_in_a_form_what_is_elsewhere_changes_nothing(site: AccessSite, route: Route) -> None:
    rule, world = rules_of(site.app)[route.key], site.world
    values, elsewhere, ghost = (values_of(route, world, things) for things in (world.own, world.elsewhere, world.ghost))
    faults = []
    _, in_form = named_in(route, rule)
    for names in _moved(in_form - NOBODYS):
        for name in _let_in(route):
            there = ask(site, name, route, rule, _with(values, elsewhere, names))
            which = ", ".join(sorted(names))
            if changed := site.changed():
                faults.append(f"{name} changed {', '.join(changed)} with {which} of C-3")
            site.put_back()
            nowhere = ask(site, name, route, rule, _with(values, ghost, names))
            site.put_back()
            if route.method == "GET":
                asked = [things[each] for each in names for things in (elsewhere, ghost)]
                if said(there, *asked) != said(nowhere, *asked):
                    faults.append(f"{name} can tell that {which} of C-3 exists: {_difference(there, nowhere)}")
            elif there.status_code not in REFUSED or there.status_code != nowhere.status_code:
                faults.append(
                    f"{name} is answered {there.status_code} for {which} of C-3, {nowhere.status_code} for none"
                )
    assert not faults, "\n".join(faults)
