"""What a list that is taken along remembers of the marks that it was made of, so that only what was changed comes back.

It is one cell a row, after all others: whoever sorts the rows, copies them or saves them as another kind of file keeps it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from hto_track.documents.pasted_table import PastedRow
from hto_track.rules.facts import Mark

Memory = Mapping[int, Mark | None]
"""The marks of somebody by number of the lesson, as they stood when the list was made."""

NONE = "-"
LETTERS: dict[Mark | None, str] = {
    None: NONE,
    Mark.PRESENT: "p",
    Mark.LATE: "l",
    Mark.EXCUSED: "e",
    Mark.ABSENT: "a",
    Mark.MADE_UP: "m",
}
"""The same whatever language the list is in."""
MARKS = {letter: mark for mark, letter in LETTERS.items()}

_MARK = re.compile(r"(\d{1,4})([plaem-])", re.ASCII)
_MEMORY = re.compile(r"(?P<code>.+): (?P<marks>\d{1,4}[plaem-](?: \d{1,4}[plaem-])*)", re.ASCII)


def memory_text(code: str, marks: Iterable[tuple[int, Mark | None]]) -> str:
    """What the row of a participant remembers: ``ZH05-01: 1p 2- 3l``."""
    return f"{code}: {' '.join(f'{number}{LETTERS[mark]}' for number, mark in marks)}"


def memory_column(rows: Sequence[PastedRow]) -> int | None:
    """The column of a table that remembers, wherever it stands and whatever is above it; None for a table without."""
    width = len(rows[0].cells) if rows else 0
    return next((at for at in range(width) if any(_MEMORY.fullmatch(row.cells[at]) for row in rows)), None)


def remembered(cell: str, code: str | None) -> Memory:
    """The marks that a row remembers of a participant; nothing where it is not about them: cells that went astray."""
    found = _MEMORY.fullmatch(cell)
    if found is None or code is None or found["code"].casefold() != code.casefold():
        return {}
    return {int(number): MARKS[letter] for number, letter in _MARK.findall(found["marks"])}
