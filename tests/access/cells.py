"""Named rows of cells: what each person is answered. Whoever a pattern does not name is told that it is not for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.access.people import NAMES, NOBODY

OK = "ok"
"""Let in: a page, a file, a redirect to one, a refusal on its merits (400, 409, 410, 413, 422), a college away (502)."""
TO_SIGN_IN = "in"
"""Sent to the page to sign in."""
FORBIDDEN = "403"
NOT_THERE = "404"

MAY = "may"
"""Done, or refused on its merits."""
MAY_NOT = "forbidden"
UNKNOWN = "not found"
NOTHING = "nothing"
"""Told nothing, as if there were none."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Cells by the name of the person, and in words who is let in."""

    says: str
    cells: Mapping[str, str]


def pattern(says: str, ok: str = "", hidden: str = "", *, nobody: str = TO_SIGN_IN, others: str = FORBIDDEN) -> Pattern:
    """Of a route. ``ok`` names who is let in, ``hidden`` for whom it is not there, with spaces between the names."""
    return Pattern(says, {NOBODY.name: nobody} | _cells(says, others, {OK: ok, NOT_THERE: hidden}))


def use(says: str, may: str = "", forbidden: str = "", unknown: str = "", *, others: str = UNKNOWN) -> Pattern:
    """Of a service. ``may`` names who may use it, ``forbidden`` who knows of what it is about but may not."""
    return Pattern(says, _cells(says, others, {MAY: may, MAY_NOT: forbidden, UNKNOWN: unknown}))


def _cells(says: str, others: str, named: Mapping[str, str]) -> dict[str, str]:
    cells = dict.fromkeys(NAMES, others)
    for cell, names in named.items():
        for name in names.split():
            if cells.get(name) != others or cell == others:
                raise ValueError(f"{name} is nobody, or named twice, in {says!r}")
            cells[name] = cell
    return cells
