"""What will be known after an import: the stored rows that its codes reach, and the import's own laid over them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from hto_track.models.assignments import AssignmentOutcome
from hto_track.services.importing.files import FORMATS, Row
from hto_track.services.importing.parsing import ParsedFile, ParsedRow, tidy
from hto_track.services.importing.stores import OUTCOMES, STORES

Key = tuple[Any, ...]

CODES_AT_ONCE = 5_000
GROUND = (
    "participants",
    "cohorts",
    "programmes",
    "learning_outcomes",
    "checkpoints",
    "lessons",
    "assignments",
    "routes",
    "route_modules",
    "placements",
    "pauses",
)
"""What rows of other files point to or are judged by; participants first, because they lead to cohorts and programmes."""


@dataclass(slots=True)
class StoredRow:
    """A row as it is stored, under the file's names."""

    id: int
    values: Row


@dataclass(slots=True)
class Draft:
    """A row of the import as it is going to be stored; ``stored`` is what it replaces."""

    parsed: ParsedRow
    stored: StoredRow | None
    values: Row

    def is_news(self, names: Iterable[str]) -> bool:
        """Whether it is a new row, or one of which one of ``names`` changes."""
        return self.stored is None or any(map(self.differs, names))

    def differs(self, name: str) -> bool:
        """Whether the value under ``name`` is another than the stored one, told apart as a file can tell."""
        assert self.stored is not None
        value, stored = self.values.get(name), self.stored.values[name]
        return value != stored and not (isinstance(stored, str) and value == (tidy(stored) or None))


@dataclass(slots=True)
class Known:
    """Stored rows and drafts by file; ``unreadable`` are the files of which nobody knows what they would have held."""

    stored: dict[str, list[StoredRow]] = field(default_factory=dict)
    drafts: dict[str, list[Draft]] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    _rows: dict[str, dict[Key, Row]] = field(default_factory=dict)

    def rows(self, file: str) -> dict[Key, Row]:
        """The rows of ``file`` by their key, as they will be; of two with the same key the first."""
        if file not in self._rows:
            key = FORMATS[file].key
            self._rows[file] = {key_of(row.values, key): row.values for row in self.stored.get(file, ())} | {
                key_of(draft.values, key): draft.values for draft in reversed(self.drafts.get(file, []))
            }
        return self._rows[file]

    def row(self, file: str, *key: Any) -> Row:
        """One of them; an empty one when there is none."""
        return self.rows(file).get(key, {})


def key_of(values: Row, names: tuple[str, ...]) -> Key:
    """The values under ``names``."""
    return tuple([values.get(name) for name in names])


def load_stored(session: Session, parsed: dict[str, ParsedFile]) -> dict[str, list[StoredRow]]:
    """The stored rows that the codes of the import reach, by file."""
    codes = _codes_named(parsed.values())
    stored: dict[str, list[StoredRow]] = {}
    for file in (*GROUND, *(name for name in parsed if name not in GROUND)):
        stored[file] = stored_rows(session, file, codes.get(STORES[file].scope, set()))
        if file == "participants":
            codes.setdefault("cohort_code", set()).update(row.values["cohort_code"] for row in stored[file])
        if file == "cohorts":
            codes.setdefault("programme_code", set()).update(row.values["programme_code"] for row in stored[file])
    return stored


def _codes_named(files: Iterable[ParsedFile]) -> dict[str, set[Any]]:
    codes: dict[str, set[Any]] = {}
    for name in {store.scope for store in STORES.values()}:
        codes[name] = {
            row.values[name] for file in files if name in file.places for row in file.rows if name in row.values
        }
    return codes


def stored_rows(session: Session, file: str, codes: Iterable[Any]) -> list[StoredRow]:
    """The stored rows of ``file`` whose scope is one of ``codes``, in the order in which they were stored."""
    column = STORES[file].scope_column()
    ordered = sorted(codes)
    rows: list[StoredRow] = []
    for start in range(0, len(ordered), CODES_AT_ONCE):
        rows += rows_where(session, file, column.in_(ordered[start : start + CODES_AT_ONCE]))
    return rows


def rows_where(session: Session, file: str, condition: ColumnElement[bool]) -> list[StoredRow]:
    """The stored rows of ``file`` for which ``condition`` holds, in the order in which they were stored."""
    rows = []
    for found in session.execute(STORES[file].select().where(condition)).mappings():
        values = dict(found)
        rows.append(StoredRow(values.pop("id"), values))
    if file == "assignments" and rows:
        _add_outcomes(session, rows)
    return rows


def _add_outcomes(session: Session, assignments: list[StoredRow]) -> None:
    borne: dict[int, list[str]] = {row.id: [] for row in assignments}
    ids = sorted(borne)
    for start in range(0, len(ids), CODES_AT_ONCE):
        query = (
            select(AssignmentOutcome.assignment_id, OUTCOMES.c.code)
            .join(OUTCOMES, AssignmentOutcome.learning_outcome_id == OUTCOMES.c.id)
            .where(AssignmentOutcome.assignment_id.in_(ids[start : start + CODES_AT_ONCE]))
        )
        for assignment_id, code in session.execute(query):
            borne[assignment_id].append(code)
    for row in assignments:
        row.values["outcome_codes"] = tuple(sorted(borne[row.id]))
