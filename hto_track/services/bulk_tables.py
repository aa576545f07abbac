"""What pasted marks and pasted results have in common: who a row is about, and how a cell is judged before it is stored."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.documents.pasted_table import PastedRow, tidy
from hto_track.services.views import CohortSummary

WHO_HEADERS = frozenset(
    {
        *("code", "deelnemercode", "deelnemer", "participant", "participant code", "participant_code", "wie", "who"),
        *("naam", "name", "volledige naam", "full name", "e-mail", "email", "e-mailadres", "e-mail address", "mail"),
    }
)


class CellState(StrEnum):
    """What a pasted cell would do."""

    PLAIN = "plain"
    """Nothing by itself: it is empty, or belongs to another cell."""
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"
    MEANWHILE = "meanwhile"
    """It would change what somebody else changed since the preview."""
    NEWER = "newer"
    """It is as it was when the list was taken along; what stands was changed since, and stays."""
    ASKED = "asked"
    """It was changed, and so was what stands, into something else: that stays unless it is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewCell:
    """A pasted cell: its text, what it would do, what stands and what would, and a ``sentence`` where it is wrong.

    One that is asked has the ``choice`` by which it is chosen, and whether it was.
    """

    text: str = ""
    state: CellState = CellState.PLAIN
    was: str | None = None
    becomes: str | None = None
    sentence: Any = None
    choice: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewColumn:
    """A pasted column that is not of who it is about: what it is of, or a ``sentence`` where nobody knows that."""

    title: str
    meant: Any = None
    sentence: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A pasted row: its line, whose it is by name (as pasted where nobody was found, with a ``sentence``), and its cells."""

    line: int
    who: str
    code: str | None = None
    sentence: Any = None
    cells: tuple[PreviewCell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a pasted table would do. ``sentence`` says why there is no telling, for a table that is none."""

    cohort: CohortSummary
    columns: tuple[PreviewColumn, ...] = ()
    rows: tuple[PreviewRow, ...] = ()
    sentence: Any = None

    def count(self, state: CellState) -> int:
        """How many cells are in a state; a row or a column that is not known is wrong once."""
        cells = sum(cell.state is state for row in self.rows for cell in row.cells)
        if state is not CellState.WRONG:
            return cells
        sentences = [self.sentence, *(part.sentence for part in self.columns), *(part.sentence for part in self.rows)]
        return cells + sum(sentence is not None for sentence in sentences)

    @property
    def chosen(self) -> int:
        """How many of the cells that are asked were chosen."""
        return sum(cell.is_chosen for row in self.rows for cell in row.cells)

    @property
    def to_store(self) -> int:
        """How many cells would be stored once what is asked is answered; none when anything is wrong."""
        if self.count(CellState.WRONG):
            return 0
        return self.to_store_unchosen + self.chosen

    @property
    def to_store_unchosen(self) -> int:
        """How many of those are stored whatever is chosen."""
        return sum(self.count(state) for state in (CellState.NEW, CellState.CHANGED, CellState.MEANWHILE))

    @property
    def to_choose(self) -> int:
        """How many cells can be chosen; none when anything is wrong."""
        return 0 if self.count(CellState.WRONG) else self.count(CellState.ASKED)

    @property
    def can_be_stored(self) -> bool:
        """Whether nothing is wrong or asked, and something is to be stored."""
        return self.to_store > 0 and not self.count(CellState.MEANWHILE)


class NotStored(Exception):
    """A pasted table of which nothing was stored: ``preview`` shows what is wrong with it, or what somebody else changed.

    ``seen`` is what the preview shows of what stands, to come back with.
    """

    def __init__(self, preview: Preview, seen: Any) -> None:
        super().__init__("nothing was stored")
        self.preview, self.seen = preview, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How many cells were stored; ``kept`` of an undo: those that somebody changed since, which stay."""

    new: int = 0
    changed: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Somebody:
    """A participant as a table may call them: by code, by name, by e-mail address."""

    id: int
    code: str
    name: str
    email: str

    @property
    def said(self) -> str:
        """As a sentence calls them."""
        return f"{self.name} · {self.code}"


class People:
    """The people of a cohort, to be found by what a table calls them."""

    def __init__(self, people: Iterable[Somebody]) -> None:
        self._called: defaultdict[str, dict[int, Somebody]] = defaultdict(dict)
        for person in people:
            for name in (person.code, person.name, person.email):
                if name:
                    self._called[tidy(name).casefold()][person.id] = person

    def called(self, text: str) -> tuple[Somebody, ...]:
        """Those whom a cell may mean."""
        return tuple(self._called.get(text.casefold(), {}).values())

    def found(self, cells: Sequence[str]) -> tuple[Somebody | None, Any]:
        """Whom the cells of a row that say who it is mean together; nobody, with a sentence, where that is not clear.

        A code is enough; beside it a name that nobody has may stand, but not the name of somebody else.
        """
        said = [cell for cell in cells if cell]
        if not said:
            return None, _l("Say who this is: a code, or a name as it is shown here.")
        meant = [found for cell in said if (found := self.called(cell))]
        if not meant:
            return None, _l("Nobody in this cohort is called %(who)s. Use the code, or the name as it is shown here.",
                            who=said[0])  # fmt: skip
        among = [person for person in meant[0] if all(person in found for found in meant[1:])]
        if len(among) == 1:
            return among[0], None
        if among:
            return None, _l("More than one person is called %(who)s. Use the code.", who=said[0])
        return None, _l("%(one)s and %(other)s are two people.", one=meant[0][0].said, other=meant[1][0].said)


def who_columns(first: PastedRow, people: People) -> tuple[tuple[int, ...], bool]:
    """Which columns say who a row is about, and whether the first row is a header: it is not when it names somebody."""
    for at, cell in enumerate(first.cells):
        if cell and people.called(cell):
            beside = at + 1 < len(first.cells) and people.called(first.cells[at + 1])
            return ((at, at + 1) if beside else (at,)), False
    named = tuple(at for at, cell in enumerate(first.cells) if cell.casefold().rstrip(".:") in WHO_HEADERS)
    return named, True


def whose(
    rows: Sequence[PastedRow], who: Sequence[int], people: People, of_what: Callable[[PastedRow], str]
) -> list[tuple[PastedRow, PreviewRow]]:
    """The rows with whose they are; a second row of one person is wrong when it is ``of_what`` the first is."""
    found: list[tuple[PastedRow, PreviewRow]] = []
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        person, sentence = people.found([row.cells[at] for at in who])
        if person is not None:
            first = lines.setdefault((person.code, of_what(row)), row.line)
            if first != row.line:
                sentence = _l("This is on line %(line)s too.", line=first)
        pasted = " · ".join(row.cells[at] for at in who if row.cells[at])
        said, code = (person.name, person.code) if person else (pasted, None)
        found.append((row, PreviewRow(line=row.line, who=said, code=code, sentence=sentence)))
    return found
