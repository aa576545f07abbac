"""Writes docs/access.md from the tables: ``python -m tests.access.write_docs``."""

from collections.abc import Iterable, Mapping

from hto_track.config import ROOT
from hto_track.models.accounts import Role
from hto_track.services.policy import POLICY
from hto_track.web.urls import PAGES
from tests.access import cells
from tests.access.people import INSIDE, NOBODY, OUTSIDE, SIGNED_IN, Person
from tests.access.route import Route
from tests.access.routes import ROUTES
from tests.access.services import SERVICES, WITHOUT_ACTOR

FILE = ROOT / "docs" / "access.md"
COMMAND = "python -m tests.access.write_docs"
SHOWN = {
    cells.OK: "✓",
    cells.TO_SIGN_IN: "→",
    cells.FORBIDDEN: "no",
    cells.NOT_THERE: "·",
    cells.MAY: "✓",
    cells.MAY_NOT: "no",
    cells.UNKNOWN: "·",
    cells.NOTHING: "·",
}
STATIC = "/static/<path:filename>"

BEGINNING = f"""# Who may what

Made from the tables of `tests/access/` by `{COMMAND}`; do not change it here. Each cell was decided by hand, and
each is asked for by a real request or a real call of a service whenever the tests run. A route or a service without its row
fails them.

Everything is asked about one cohort and one participant in it.
"""
ROUTES_BEGIN = """
## Pages

✓ let in (or refused on the merits of a form) · **no** told that it is not for them (403) · **·** not there (404) · **→** sent
to the page to sign in. Whoever is of another cohort, college, placement, route or programme meets the same page as for a code
that does not exist.
"""
SERVICES_BEGIN = """
## Services

✓ may · **no** forbidden · **·** not found, or told nothing. Pages, commands and jobs reach what is stored through these alone.
"""
POLICY_BEGIN = """
## The policy

`hto_track/services/policy.py`: which role holds which action, in its own scope.
"""
WITHOUT_BEGIN = """
## Services that are not told who asks
"""


def text() -> str:
    """The whole document."""
    return "".join(
        [BEGINNING, *_people(), ROUTES_BEGIN, *_routes(), SERVICES_BEGIN, *_services(), *_policy(), *_rest()]
    )


def _people() -> Iterable[str]:
    yield "\n| column | who |\n|---|---|\n"
    yield from (f"| {person.letter} | {person.title} |\n" for person in (NOBODY, *SIGNED_IN))


def _routes() -> Iterable[str]:
    rules = {(page.endpoint, method): page.rule for page in PAGES for method in page.methods}
    people = (NOBODY, *INSIDE, *OUTSIDE)
    yield "\n" + _head("address", "method", "who", people=people)
    for rule, route in sorted(((rules.get(route.key, STATIC), route) for route in ROUTES), key=_by_address):
        asked = (
            "".join(f"?{name}={value}" for name, value in (route.form or {}).items()) if route.method == "GET" else ""
        )
        yield _line(f"`{rule}{asked}`", route.method, route.pattern.says, cells=route.pattern.cells, people=people)


def _by_address(row: tuple[str, Route]) -> tuple[str, str]:
    return row[0], row[1].method


def _services() -> Iterable[str]:
    yield "\n" + _head("service", "who", people=SIGNED_IN)
    for service in sorted(SERVICES, key=lambda service: service.name):
        yield _line(f"`{service.name}`", service.pattern.says, cells=service.pattern.cells, people=SIGNED_IN)


def _policy() -> Iterable[str]:
    yield POLICY_BEGIN + "\n| action | " + " | ".join(role.value.replace("_", " ") for role in Role) + " |\n"
    yield "|---|" + ":-:|" * len(Role) + "\n"
    for action, roles in POLICY.items():
        yield (
            f"| {action.value.replace('_', ' ')} | "
            + " | ".join("✓" if role in roles else "" for role in Role)
            + " |\n"
        )


def _rest() -> Iterable[str]:
    yield WITHOUT_BEGIN + "\n| service | why |\n|---|---|\n"
    yield from (f"| `{name}` | {why} |\n" for name, why in sorted(WITHOUT_ACTOR.items()))


def _head(*words: str, people: tuple[Person, ...]) -> str:
    titles = " | ".join((*words, *(person.letter for person in people)))
    return f"| {titles} |\n|" + "---|" * len(words) + ":-:|" * len(people) + "\n"


def _line(*words: str, cells: Mapping[str, str], people: tuple[Person, ...]) -> str:
    return "| " + " | ".join((*words, *(SHOWN[cells[person.name]] for person in people))) + " |\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
