"""From sheets of text to rows of values, with every cell that does not fit as a fault."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.documents.sheets import Sheet, Tables
from hto_track.services.importing.faults import Fault, fault_of
from hto_track.services.importing.files import FILES, FORMATS, Column, FileFormat, Row
from hto_track.services.importing.kinds import Unfit

Tick = Callable[[int], None]
"""Told how many rows are done."""

ROWS_PER_TICK = 1000


@dataclass(slots=True)
class ParsedRow:
    """A row as the file gives it. A cell that does not fit is missing from ``values``."""

    number: int
    values: Row
    cells: list[str]


@dataclass(slots=True)
class ParsedFile:
    """A file's rows. ``is_whole`` is false when it could not be read: then nobody knows what it would have held."""

    format: FileFormat
    file: str
    places: dict[str, int] = field(default_factory=dict)
    """Where each column stands."""
    rows: list[ParsedRow] = field(default_factory=list)
    is_whole: bool = True

    def fault(self, row: ParsedRow, column: str, expected: Any) -> Fault:
        """That what stands in ``column`` of ``row`` is not what was expected."""
        place = self.places.get(column)
        value = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
        return Fault(file=self.file, row=row.number, column=column, value=value, expected=expected)


def parse(tables: Tables, tick: Tick) -> tuple[dict[str, ParsedFile], list[Fault]]:
    """The known files among ``tables`` by name, in the order of ``FILES``, and all that is wrong with them by itself."""
    faults = [fault_of(problem) for problem in tables.problems]
    parsed: dict[str, ParsedFile] = {}
    for problem in tables.problems:
        if problem.table is None:
            continue
        if problem.table in FORMATS:
            parsed[problem.table] = ParsedFile(FORMATS[problem.table], problem.file, is_whole=False)
        else:
            faults.append(_unknown(problem.file))
    for sheet in tables.sheets:
        if sheet.name not in FORMATS:
            faults.append(_unknown(sheet.file))
            continue
        parsed[sheet.name] = _parse_sheet(sheet, FORMATS[sheet.name], faults, tick)
    return {format.name: parsed[format.name] for format in FILES if format.name in parsed}, faults


def _unknown(file: str) -> Fault:
    return Fault(file=file, expected=_l("one of these names: %(names)s", names=", ".join(FORMATS)))


def _parse_sheet(sheet: Sheet, format: FileFormat, faults: list[Fault], tick: Tick) -> ParsedFile:
    parsed = ParsedFile(format, sheet.file)
    if not sheet.rows:
        faults.append(Fault(file=sheet.file, row=1, expected=_columns_expected(format)))
        parsed.is_whole = False
        return parsed
    header_number, header = sheet.rows[0]
    header = [_name(name) for name in header]
    _place_columns(parsed, header_number, header, faults)
    columns = [(column, parsed.places[column.name]) for column in format.columns if column.name in parsed.places]
    if parsed.is_whole:
        _parse_rows(parsed, sheet, header, columns, faults, tick)
        _check_keys(parsed, faults)
    return parsed


def tidy(cell: str) -> str:
    """The text of a cell without the space around it, in Unicode's composed form."""
    return unicodedata.normalize("NFC", cell).strip()


def _name(cell: str) -> str:
    return tidy(cell).casefold()


def _columns_expected(format: FileFormat) -> Any:
    required = ", ".join(column.name for column in format.columns if column.required)
    return _l("a header row with at least %(columns)s", columns=required)


def _place_columns(parsed: ParsedFile, number: int, header: list[str], faults: list[Fault]) -> None:
    """Say where the columns stand; a header that leaves doubt about it makes the file unreadable."""
    names = [column.name for column in parsed.format.columns]

    def fault(column: str, expected: Any) -> None:
        faults.append(Fault(file=parsed.file, row=number, column=column, expected=expected))
        parsed.is_whole = False

    for place, name in enumerate(header):
        if not name:
            continue
        if name not in names:
            fault(name, _l("only these columns: %(columns)s", columns=", ".join(names)))
        elif name in parsed.places:
            fault(name, _l("each column once"))
        else:
            parsed.places[name] = place
    for column in parsed.format.columns:
        if column.required and column.name not in parsed.places:
            fault(column.name, _l("a column of this name"))


def _parse_rows(
    parsed: ParsedFile,
    sheet: Sheet,
    header: list[str],
    columns: list[tuple[Column, int]],
    faults: list[Fault],
    tick: Tick,
) -> None:
    width = len(header)
    nameless = [place for place, name in enumerate(header) if not name]
    readers = [(column, place, _reader(column)) for column, place in columns]
    for done, (number, cells) in enumerate(sheet.rows[1:], 1):
        if done % ROWS_PER_TICK == 0:
            tick(ROWS_PER_TICK)
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        row = ParsedRow(number, {}, cells)
        if [_name(cell) for cell in cells[:width]] == header:
            faults.append(Fault(file=parsed.file, row=number, expected=_l("data, not the header again")))
            continue
        parsed.rows.append(row)
        if len(cells) > width or nameless:
            _check_nameless(parsed, row, [*nameless, *range(width, len(cells))], faults)
        values = row.values
        for column, place, read in readers:
            value = read(cells[place])
            if isinstance(value, Unfit):
                faults.append(parsed.fault(row, column.name, value.expected))
            else:
                values[column.name] = value
    tick(len(sheet.rows) % ROWS_PER_TICK)


def _check_nameless(parsed: ParsedFile, row: ParsedRow, places: list[int], faults: list[Fault]) -> None:
    for place in places:
        if row.cells[place].strip():
            faults.append(
                Fault(
                    file=parsed.file,
                    row=row.number,
                    column=str(place + 1),
                    value=row.cells[place].strip(),
                    expected=_l("no cell here: the header has no name for this column"),
                )
            )


def _reader(column: Column) -> Callable[[str], Any]:
    """Text to value, or to the ``Unfit`` that it is; what was read before is remembered, for tables repeat themselves."""
    known: dict[str, Any] = {}

    def read(cell: str) -> Any:
        try:
            return known[cell]
        except KeyError:
            value = known[cell] = _value(column, cell)
            return value

    return read


def _value(column: Column, cell: str) -> Any:
    content = tidy(cell)
    if not content:
        return Unfit(_l("a filled cell")) if column.required else column.default
    try:
        return column.kind.parse(content)
    except Unfit as unfit:
        return unfit


def _check_keys(parsed: ParsedFile, faults: list[Fault]) -> None:
    """What must be there once is there once."""
    if parsed.format.repeats:
        return
    key = parsed.format.key
    first_rows: dict[tuple[Any, ...], int] = {}
    for row in parsed.rows:
        values = row.values
        try:
            found = tuple([values[name] for name in key])
        except KeyError:
            continue
        first = first_rows.setdefault(found, row.number)
        if first != row.number:
            expected = _l("each %(key)s once; row %(row)s has it too", key=" + ".join(key), row=first)
            faults.append(parsed.fault(row, key[-1], expected))
