"""Named rows of cells: what each person is answered. Whoever a pattern does not name is told that it is not for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.access.people import NAMES, NOBODY

OK = "ok"
"""Let in: a page, a file, a redirect to one, or a refusal on its merits (400, 409, 410, 413, 422)."""
TO_SIGN_IN = "in"
"""Sent to the page to sign in."""
FORBIDDEN = "403"
NOT_THERE = "404"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Cells by the name of the person, and in words who is let in."""

    says: str
    cells: Mapping[str, str]


def pattern(says: str, ok: str = "", hidden: str = "", *, nobody: str = TO_SIGN_IN, others: str = FORBIDDEN) -> Pattern:
    """``ok`` names who is let in, ``hidden`` for whom it is not there, with spaces between the names."""
    cells = {NOBODY.name: nobody} | dict.fromkeys(NAMES, others)
    for names, cell in ((ok, OK), (hidden, NOT_THERE)):
        for name in names.split():
            if name not in cells or cells[name] != others:
                raise ValueError(f"{name} is nobody, or named twice, in {says!r}")
            cells[name] = cell
    return Pattern(says, cells)
