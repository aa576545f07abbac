"""CSV files: UTF-8, comma or semicolon."""

import csv
import io
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from pathlib import PurePath

from hto_track.documents.sheets import Cell, OutTable, Problem, ProblemKind, Sheet, Tables

DELIMITERS = (",", ";")
LONGEST_HEADER = 10_000


def csv_table(file: str, content: bytes) -> Tables:
    """The table of one CSV file; a problem when it is not UTF-8 or its quotes do not match."""
    name = PurePath(file).stem.casefold()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        line = content[content.rfind(b"\n", 0, error.start) + 1 :].split(b"\n", 1)[0]
        shown = line.decode("utf-8", "replace").strip()
        return Tables(problems=(Problem(file=file, kind=ProblemKind.NOT_UTF8, table=name, row=row, value=shown),))
    if "\n" not in text:
        text = text.replace("\r", "\n")  # as spreadsheets on old Macs end their lines
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
        for number, cells in enumerate(reader, 1):
            if any(map(str.strip, cells)):
                rows.append((number, cells))
    except csv.Error:
        return Tables(problems=(Problem(file=file, kind=ProblemKind.QUOTES, table=name, row=number + 1),))
    return Tables(sheets=(Sheet(name=name, file=file, rows=rows),))


def _delimiter_of(text: str) -> str:
    """The delimiter that gives the header the most cells; what later rows hold does not matter."""
    header = next((line for line in io.StringIO(text) if line.strip(" \t\r\n,;")), "")[:LONGEST_HEADER]
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), [])))


def csv_lines(table: OutTable) -> Iterator[str]:
    """The lines of a table as CSV with commas, its header first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in (table.columns, *table.rows):
        writer.writerow(map(text_of, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def text_of(cell: Cell) -> str:
    """A cell as FORMATS.md writes it; nothing for None."""
    match cell:
        case None:
            return ""
        case time():
            return cell.strftime("%H:%M")
        case Decimal():
            return format(cell.normalize(), "f")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
