"""A table as people have it at hand: a block copied from a spreadsheet, or a CSV file or workbook (FORMATS.md reads those).

Whatever it came from it becomes the same rows of tidy text, and text again that reads back as the same rows: a page shows a
file that was chosen in the box where it can be mended. Nothing here raises for what is in a table: ``fault`` says why there
is none.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from hto_track.documents.csv_files import text_of
from hto_track.documents.sheets import Cell, OutTable, Problem, ProblemKind, Sheet
from hto_track.documents.tables import file_tables

TAB = "\t"
BYTE_ORDER_MARK = "\ufeff"
LIST_DELIMITERS = (";", ",")
FORMULA_SIGNS = ("=", "+", "-", "@")
GUARD = "'"
"""Before a text that a spreadsheet would take for a formula: so spreadsheets themselves say that it is none."""
TEXT_ENDINGS = frozenset({".txt", ".tsv", ".tab"})
MOST_BYTES = 2 * 1024 * 1024
"""Of a file."""
MOST_CHARACTERS = 200_000
"""Of a block of text."""
MOST_ROWS = 500
MOST_COLUMNS = 100
MOST_CELLS = 6_000
"""Of the rectangle around a table: 40 people at 100 lessons, with room to spare."""


class TableFault(StrEnum):
    """Why there is no table."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    ONE_COLUMN = "one_column"
    NOT_A_TABLE = "not_a_table"
    NOT_UTF8 = "not_utf8"
    UNREADABLE = "unreadable"
    ERROR_CELL = "error_cell"


_FAULTS = {
    ProblemKind.NOT_A_TABLE: TableFault.NOT_A_TABLE,
    ProblemKind.NO_TABLES: TableFault.EMPTY,
    ProblemKind.NOT_UTF8: TableFault.NOT_UTF8,
    ProblemKind.TOO_BIG: TableFault.TOO_LONG,
    ProblemKind.ERROR_CELL: TableFault.ERROR_CELL,
}


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A row that is not empty: its line, counted from 1 as a spreadsheet does, and its cells, as many as the widest has."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedTable:
    """The rows, of one width; or a ``fault``, at a ``line`` where that is known."""

    rows: tuple[PastedRow, ...] = ()
    fault: TableFault | None = None
    line: int | None = None


def tidy(cell: str) -> str:
    """The text of a cell on one line, in Unicode's composed form; what no keyboard makes is shown as what it is not."""
    words = " ".join(unicodedata.normalize("NFC", cell).split())
    if not words.isprintable():
        words = "".join("\ufffd" if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in words)
    return words.removeprefix(GUARD) if words.startswith(tuple(GUARD + sign for sign in FORMULA_SIGNS)) else words


def pasted_table(text: str) -> PastedTable:
    """The table in a block of text: its cells parted by tabs, else by semicolons or commas, as its first line shows."""
    if len(text) > MOST_CHARACTERS:
        return PastedTable(fault=TableFault.TOO_LONG)
    lines = text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")
    return _table(_cells_of(lines, _delimiter_of(lines)))


def file_table(name: str, content: bytes) -> PastedTable:
    """The table of a file by its name's ending: of a workbook the first sheet that is not empty."""
    if len(content) > MOST_BYTES:
        return PastedTable(fault=TableFault.TOO_LONG)
    if PurePath(name).suffix.casefold() in TEXT_ENDINGS:
        try:
            return pasted_table(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return PastedTable(fault=TableFault.NOT_UTF8)
    tables = file_tables(name, content)
    problem = _problem(tables.problems, tables.sheets)
    if problem is not None:
        return PastedTable(fault=_FAULTS.get(problem.kind, TableFault.UNREADABLE), line=problem.row)
    return _table(tables.sheets[0].rows if tables.sheets else ())


def as_text(table: PastedTable) -> str:
    """The table as text that reads back as the same rows, each on its own line."""
    lines: list[str] = []
    for row in table.rows:
        lines += [""] * (row.line - 1 - len(lines))
        written = io.StringIO()
        csv.writer(written, delimiter=TAB, lineterminator="").writerow(row.cells)
        lines.append(written.getvalue())
    return "\n".join(lines)


def csv_to_take(table: OutTable) -> str:
    """A table as CSV that a spreadsheet opens as what it is: UTF-8 said, parted by semicolons, text never a formula."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=LIST_DELIMITERS[0], lineterminator="\r\n")
    for row in (table.columns, *table.rows):
        writer.writerow(map(_guarded, row))
    return BYTE_ORDER_MARK + written.getvalue()


def _guarded(cell: Cell) -> str:
    text = text_of(cell)
    return GUARD + text if isinstance(cell, str) and text.startswith(FORMULA_SIGNS) else text


def _problem(problems: Sequence[Problem], sheets: Sequence[Sheet]) -> Problem | None:
    """What is wrong with the file, or with its first sheet: what the others hold does not matter."""
    return next((problem for problem in problems if not sheets or problem.file == sheets[0].file), None)


def _delimiter_of(text: str) -> str:
    header = next((line for line in text.split("\n") if line.strip(" \t;,")), "")
    if TAB in header:
        return TAB
    return max(LIST_DELIMITERS, key=header.count)


def _cells_of(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The cells by line; where quotes do not match they are signs like any other, as in a list that was typed."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        return [(number, line_of.split(delimiter)) for number, line_of in enumerate(text.split("\n"), 1)]
    return rows


def _table(numbered: Iterable[tuple[int, Sequence[str]]]) -> PastedTable:
    """Within the bounds: first by counting, for tidying takes time."""
    filled: list[tuple[int, Sequence[str]]] = []
    for line, cells in numbered:
        if not any(map(str.strip, cells)):
            continue
        filled.append((line, cells))
        if len(filled) > MOST_ROWS or line > 2 * MOST_ROWS:
            return PastedTable(fault=TableFault.TOO_MANY_ROWS)
    if not filled:
        return PastedTable(fault=TableFault.EMPTY)
    width = max(len(cells) - _blanks_after(cells) for _, cells in filled)
    if width > MOST_COLUMNS:
        return PastedTable(fault=TableFault.TOO_MANY_COLUMNS)
    if len(filled) * width > MOST_CELLS:
        return PastedTable(fault=TableFault.TOO_MANY_ROWS)
    if width < 2:
        return PastedTable(fault=TableFault.ONE_COLUMN)
    return PastedTable(rows=tuple(PastedRow(line, _filled_up(cells, width)) for line, cells in filled))


def _filled_up(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple([*map(tidy, cells[:width]), *[""] * (width - len(cells))])


def _blanks_after(cells: Sequence[str]) -> int:
    """How many cells at the end of a row are empty."""
    return next((at for at, cell in enumerate(reversed(cells)) if cell.strip()), len(cells))
