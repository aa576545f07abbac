"""Every route of the site, asked for by everyone, is answered as the table says."""

import pytest

from tests.access import cells
from tests.access.asking import ask, cell_of, rules_of, text_of, values_of
from tests.access.people import PEOPLE
from tests.access.route import Route
from tests.access.routes import ROUTES, named_twice
from tests.access.site import AccessSite
from tests.access.world import READERS_OF

GETS = "GET"


def _id(route: Route) -> str:
    return route.title


def test_every_route_has_its_row_and_every_row_its_route(access_site: AccessSite) -> None:
    routed, decided = set(rules_of(access_site.app)), {route.key for route in ROUTES}
    missing = [f"{method} {endpoint}" for endpoint, method in sorted(routed - decided)]
    left_over = [f"{method} {endpoint}" for endpoint, method in sorted(decided - routed)]
    assert not missing, f"decide who may ask for {', '.join(missing)}: add a row to tests/access/routes.py"
    assert not left_over, f"no such route any more: take {', '.join(left_over)} out of tests/access/routes.py"
    assert list(named_twice()) == []


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method != GETS], ids=_id)
def test_what_changes_brings_a_form(route: Route) -> None:
    assert route.form is not None, "say what a form holds that would do it: tests that it does nothing elsewhere use it"


@pytest.mark.parametrize("route", ROUTES, ids=_id)
def test_everyone_is_answered_as_the_table_says(site: AccessSite, route: Route) -> None:
    rule = rules_of(site.app)[route.key]
    values = values_of(route, site.world, site.world.own)
    found, faults, done = {}, [], False
    for person in PEOPLE:
        answer = ask(site, person.name, route, rule, values)
        found[person.name] = cell = cell_of(answer)
        done = done or answer.status_code < 400
        changed = site.changed()
        if changed and (route.method == GETS or cell != cells.OK):
            faults.append(f"{person.name} is answered {answer.status_code}, and changed {', '.join(changed)}")
        if not route.is_by_link:
            faults += [f"{person.name} reads of {name}" for name in _strangers(person.name, text_of(answer))]
        answer.close()
        if route.method != GETS:
            site.put_back()
    assert found == dict(route.pattern.cells), f"{route.pattern.says}: this is what the table says"
    assert faults == []
    assert done or route.method == GETS or route.refused or cells.OK not in found.values(), (
        "the form of this row does nothing: make it one that would"
    )


def _strangers(reader: str, text: str) -> list[str]:
    """The names in a page of those with whom its reader has nothing to do."""
    return [name for name, readers in READERS_OF.items() if name in text and reader not in readers]
