"""What tables are made of while they travel between files and services: plain values, text or typed cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

Cell = str | int | Decimal | date | time | None
"""What a cell that we write may hold; a string stays text, whatever it looks like."""


class ProblemKind(StrEnum):
    """Why a file, or a part of it, could not be read."""

    NOT_FOUND = "not_found"
    CLOSED = "closed"
    NO_TABLES = "no_tables"
    NOT_A_TABLE = "not_a_table"
    TWICE = "twice"
    NOT_UTF8 = "not_utf8"
    QUOTES = "quotes"
    WORKBOOK = "workbook"
    TOO_BIG = "too_big"
    ERROR_CELL = "error_cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be read. ``row`` counts as a spreadsheet does, from 1; ``table`` is the one it hides."""

    file: str
    kind: ProblemKind
    table: str | None = None
    row: int | None = None
    column: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its name without ending, the file as its reader knows it, and its rows of text by spreadsheet number.

    The first row is the header; rows without any text are left out.
    """

    name: str
    file: str
    rows: list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What was found: sheets, and what could not be read."""

    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutTable:
    """A table to write: the name without ending, its column names and its rows.

    A workbook hides the columns that ``hidden`` names; they are in it like any other.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]] = ()
    hidden: frozenset[str] = frozenset()


def twice(sheet: Sheet, other: Sheet) -> Problem:
    """That there is a table of this name already."""
    return Problem(file=sheet.file, kind=ProblemKind.TWICE, value=other.file)
