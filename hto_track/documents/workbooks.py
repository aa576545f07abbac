"""XLSX workbooks: read within bounds, written with text that stays text.

A workbook comes from outside and is small when packed, so nothing of it is believed: its XML parts are unpacked under a
limit, their cells counted, and only what passed is handed to the reader, which keeps each sheet whole in memory.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from xml.parsers import expat

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from hto_track.documents.sheets import OutTable, Problem, ProblemKind, Sheet, Tables, twice

MOST_PARTS = 1_000
MOST_BYTES = 256 * 1024 * 1024
"""Unpacked, all parts together; 100,000 rows of attendance take about 25 MB."""
MOST_CELLS = 8_000_000
"""Of the rectangle from A1 around a sheet's cells."""
MOST_TEXT = 1_000_000_000
"""Characters, were every text cell of a sheet as long as the longest text of the workbook."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


class _TooBig(Exception):
    """The workbook would not fit in memory."""


class _Unreadable(Exception):
    """The workbook is damaged, locked, or none."""


def workbook_tables(file: str, content: bytes) -> Tables:
    """The tables of a workbook's sheets, empty ones left out; a problem when it is damaged, locked or far too big."""
    try:
        parts = _unpacked(content)
        contents = {name: _scanned(part) for name, part in parts.items() if name.startswith("xl/")}
        _check_text(contents.values())
        return _tables_of(file, _repacked(parts), contents)
    except _TooBig:
        return Tables(problems=(Problem(file=file, kind=ProblemKind.TOO_BIG),))
    except (
        _Unreadable,
        CalamineError,
        zipfile.BadZipFile,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ):
        return Tables(problems=(Problem(file=file, kind=ProblemKind.WORKBOOK),))


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The XML parts a reader of values needs; pictures, macros and the like stay behind."""
    parts: dict[str, bytes] = {}
    room = MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if len(archive.infolist()) > MOST_PARTS:
            raise _TooBig
        for entry in archive.infolist():
            if not _is_needed(entry.filename):
                continue
            if entry.file_size > room:
                raise _TooBig
            if entry.filename in parts:
                raise _Unreadable
            try:
                parts[entry.filename] = archive.read(entry)
            except Exception as damage:  # zlib and lzma have errors of their own
                raise _Unreadable from damage
            room -= len(parts[entry.filename])
    if _WORKBOOK not in parts:
        raise _Unreadable
    return parts


def _is_needed(name: str) -> bool:
    return name == "[Content_Types].xml" or (name.startswith(("xl/", "_rels/")) and name.endswith((".xml", ".rels")))


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    """An archive of what was counted: the original may unpack to more than it says."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    return packed


@dataclass(slots=True)
class _Contents:
    """What was counted in one part."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    shared_texts: int = 0
    longest_text: int = 0
    text_length: int = 0
    errors: list[tuple[int, int]] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """The sheets of the workbook, and the relations that say where they are."""


def _scanned(part: bytes) -> _Contents:
    """Walk a part; _TooBig when the rectangle around its cells is, _Unreadable when it declares entities."""
    contents = _Contents()
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                _count_cell(contents, attributes)
            case "row":
                contents.row = _whole(attributes.get("r"), contents.row + 1)
                contents.column = 0
            case "si":
                contents.text_length = 0
                parser.CharacterDataHandler = text
            case "sheet" | "Relationship" as element:
                contents.elements.append((element, attributes))

    def end(name: str) -> None:
        if name.rpartition(":")[2] == "si":
            contents.longest_text = max(contents.longest_text, contents.text_length)
            parser.CharacterDataHandler = None

    def text(data: str) -> None:
        contents.text_length += len(data)

    def refuse(*_declaration: object) -> None:
        raise _Unreadable

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(part, True)
    return contents


def _count_cell(contents: _Contents, attributes: dict[str, str]) -> None:
    reference = attributes.get("r")
    if reference is None:
        contents.column += 1
    else:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise _Unreadable
        contents.column = _column_number(found[1])
        contents.row = int(found[2])
    contents.last_row = max(contents.last_row, contents.row)
    contents.last_column = max(contents.last_column, contents.column)
    if contents.last_row * contents.last_column > MOST_CELLS:
        raise _TooBig
    kind = attributes.get("t")
    if kind == "s":
        contents.shared_texts += 1
    elif kind == "e":
        contents.errors.append((contents.row, contents.column))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _whole(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 7):
        raise _Unreadable
    return int(text)


def _check_text(contents: Iterable[_Contents]) -> None:
    """The reader repeats a shared text in each cell that names it."""
    counted = list(contents)
    longest = max(part.longest_text for part in counted)
    if any(part.shared_texts * longest > MOST_TEXT for part in counted):
        raise _TooBig


def _tables_of(file: str, packed: io.BytesIO, contents: dict[str, _Contents]) -> Tables:
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    parts = _parts_by_sheet(contents)
    with CalamineWorkbook.from_filelike(packed) as workbook:
        for metadata in workbook.sheets_metadata:
            if metadata.typ is not SheetTypeEnum.WorkSheet:
                continue
            name = metadata.name.strip().casefold().removesuffix(".csv")
            label = f"{file} [{metadata.name}]"
            rows = [
                (number, cells)
                for number, row in enumerate(_rows(workbook, metadata.name), 1)
                if any(map(str.strip, cells := [_text(cell) for cell in row]))
            ]
            if rows:
                found = Sheet(name=name, file=label, rows=rows)
                other = next((sheet for sheet in sheets if sheet.name == name), None)
                if other is None:
                    sheets.append(found)
                else:
                    problems.append(twice(found, other))
            for row_number, column in contents[parts[metadata.name]].errors if metadata.name in parts else ():
                problems.append(_error_cell(name, label, rows, row_number, column))
    if not sheets and not problems:
        problems.append(Problem(file=file, kind=ProblemKind.NO_TABLES))
    return Tables(sheets=tuple(sheets), problems=tuple(problems))


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[Any]]:
    sheet = workbook.get_sheet_by_name(name)
    return sheet.to_python(skip_empty_area=False) if sheet.end is not None else []


def _parts_by_sheet(contents: dict[str, _Contents]) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name."""
    relations = contents.get(_RELATIONS, _Contents()).elements
    targets = {attributes.get("Id"): attributes.get("Target", "") for _, attributes in relations}
    parts: dict[str, str] = {}
    for _, attributes in contents[_WORKBOOK].elements:
        relation = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), None)
        target = targets.get(relation, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in contents:
            parts[attributes.get("name", "")] = part
    return parts


def _error_cell(name: str, label: str, rows: list[tuple[int, list[str]]], row: int, column: int) -> Problem:
    header = rows[0][1] if rows else []
    return Problem(
        file=label,
        kind=ProblemKind.ERROR_CELL,
        table=name,
        row=row,
        column=(header[column - 1].strip() if column <= len(header) else "") or str(column),
    )


def _text(cell: Any) -> str:
    """A cell as its reader would type it into a CSV file."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return _number(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat()
        case timedelta():
            hours, seconds = divmod(round(cell.total_seconds()), 3600)
            return f"{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}"
        case _:
            return str(cell)


def _number(value: int | float) -> str:
    """As a spreadsheet shows it: 15 digits, whole numbers without a fraction, no exponent."""
    if isinstance(value, int):
        return str(value)
    shown = Decimal(format(value, ".15g"))
    return format(shown, "f") if shown.is_finite() and abs(shown.adjusted()) < 30 else str(value)


def workbook_bytes(tables: Iterable[OutTable]) -> bytes:
    """A workbook with a sheet per table: dates, times and numbers as such, text as text whatever it looks like."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as workbook:
        formats = {
            kind: workbook.add_format({"num_format": pattern})
            for kind, pattern in ((date, "yyyy-mm-dd"), (time, "hh:mm"), (str, "@"))
        }
        heading = workbook.add_format({"bold": True, "num_format": "@"})
        for table in tables:
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(table.columns):
                sheet.write_string(0, column, name, heading)
            for number, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    match cell:
                        case None:
                            continue
                        case date() | time():
                            sheet.write_datetime(
                                number, column, cell, formats[time if isinstance(cell, time) else date]
                            )
                        case int() | Decimal():
                            sheet.write_number(number, column, cell)
                        case _:
                            sheet.write_string(number, column, cell, formats[str])
            sheet.autofit()
            for column, name in enumerate(table.columns):
                if name in table.hidden:
                    sheet.set_column(column, column, None, None, {"hidden": True})
    return packed.getvalue()
