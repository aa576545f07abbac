"""Tables in and out: what Dutch spreadsheets make of CSV, workbooks within bounds, and text that stays text."""

import io
import zipfile
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from hto_track.documents import workbooks
from hto_track.documents.csv_files import csv_lines, csv_table, text_of
from hto_track.documents.sheets import OutTable, ProblemKind, Tables
from hto_track.documents.tables import NotWritten, file_tables, read_tables, write_tables
from hto_track.documents.workbooks import workbook_bytes, workbook_tables

Rows = list[tuple[int, list[str]]]


def rows_of(tables: Tables) -> Rows:
    assert tables.problems == ()
    (sheet,) = tables.sheets
    return sheet.rows


def kinds_of(tables: Tables) -> list[ProblemKind]:
    return [problem.kind for problem in tables.problems]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,x;y\n",
        b"a;b\n1;x;y\n".replace(b"x;y", b'"x;y"'),
        b'\xef\xbb\xbfa;b\r\n1;"x;y"\r\n',
        b"a,b\r1,x;y\r",
        b"a,b\n1,x;y",
    ],
)
def test_delimiter_line_ends_and_mark_are_found_out(content: bytes) -> None:
    assert rows_of(csv_table("t.csv", content)) == [(1, ["a", "b"]), (2, ["1", "x;y"])]


def test_the_delimiter_is_that_of_the_header_whatever_the_rows_hold() -> None:
    assert rows_of(csv_table("t.csv", b"a;b\nx,y,z;1,5\n")) == [(1, ["a", "b"]), (2, ["x,y,z", "1,5"])]
    assert rows_of(csv_table("t.csv", b"a,b\nx;y;z;w,1\n")) == [(1, ["a", "b"]), (2, ["x;y;z;w", "1"])]


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    rows = rows_of(csv_table("t.csv", b'a,b\n\n"two\nlines",1\n,\nlast,2\n'))
    assert rows == [(1, ["a", "b"]), (3, ["two\nlines", "1"]), (5, ["last", "2"])]


def test_quotes_and_commas_in_cells_are_kept() -> None:
    assert rows_of(csv_table("t.csv", b'a,b\n"Rotterdam, ""B2""",5" pijp\n'))[1] == (2, ['Rotterdam, "B2"', '5" pijp'])


def test_a_byte_that_is_not_utf8_is_named_with_its_row() -> None:
    (problem,) = csv_table("T.csv", b"a,b\n1,2\nCaf\xe9,3\n").problems
    assert (problem.kind, problem.row, problem.table) == (ProblemKind.NOT_UTF8, 3, "t")
    assert problem.value == "Caf\N{REPLACEMENT CHARACTER},3"


def test_a_quote_without_its_pair_is_named_where_it_opens() -> None:
    (problem,) = csv_table("t.csv", b'a,b\n1,2\n3,"4\n5,6\n').problems
    assert (problem.kind, problem.row) == (ProblemKind.QUOTES, 3)


def test_a_cell_as_long_as_a_book_is_refused() -> None:
    assert kinds_of(csv_table("t.csv", b"a,b\n1," + b"x" * 200_000)) == [ProblemKind.QUOTES]


def test_a_folder_gives_its_csv_files_and_nothing_else(tmp_path: Path) -> None:
    for name in ("Lessons.CSV", "cohorts.csv", "readme.txt", ".lessons.csv", "._cohorts.csv", "cohorts.xlsx"):
        (tmp_path / name).write_bytes(b"a,b\n1,2\n")
    (tmp_path / "attempts.csv").mkdir()
    tables = read_tables(tmp_path)
    assert {(sheet.name, sheet.file) for sheet in tables.sheets} == {
        ("lessons", "Lessons.CSV"),
        ("cohorts", "cohorts.csv"),
    }
    assert tables.problems == ()


def test_two_files_of_one_name_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "lessons.csv").write_bytes(b"a\n1\n")
    (tmp_path / "LESSONS.csv").write_bytes(b"a\n1\n")
    assert kinds_of(read_tables(tmp_path)) == [ProblemKind.TWICE]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("empty", None, ProblemKind.NO_TABLES),
        ("missing", None, ProblemKind.NOT_FOUND),
        ("notes.txt", b"a,b", ProblemKind.NOT_A_TABLE),
        ("old.xls", b"\xd0\xcf\x11\xe0", ProblemKind.NOT_A_TABLE),
        ("locked.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), ProblemKind.WORKBOOK),
        ("broken.xlsx", b"PK\x03\x04 and then nothing", ProblemKind.WORKBOOK),
        ("empty.xlsx", b"", ProblemKind.WORKBOOK),
    ],
)
def test_what_is_no_table_is_one_problem(tmp_path: Path, name: str, content: bytes | None, kind: ProblemKind) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name == "empty":
        path.mkdir()
    assert kinds_of(read_tables(path)) == [kind]


def test_one_csv_file_may_be_read_alone(tmp_path: Path) -> None:
    (tmp_path / "lessons.csv").write_bytes(b"a\n1\n")
    assert [sheet.name for sheet in read_tables(tmp_path / "lessons.csv").sheets] == ["lessons"]


def spreadsheet(*names: str, write: object = None) -> bytes:
    """A workbook as a person makes it: dates, times, numbers and truths as such."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        for name in names or ("lessons",):
            sheet = book.add_worksheet(name)
            if callable(write):
                write(book, sheet)
            else:
                sheet.write_row(0, 0, ["a", "b"])
                sheet.write_row(1, 0, ["x", 1])
    return packed.getvalue()


def test_spreadsheet_cells_become_the_text_a_person_would_type() -> None:
    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        def shown(pattern: str) -> object:
            return book.add_format({"num_format": pattern})

        sheet.write_string(0, 0, "header")
        sheet.write_datetime(1, 0, date(2026, 3, 10), shown("dd-mm-yyyy"))
        sheet.write_datetime(2, 0, time(18, 30), shown("hh:mm"))
        sheet.write_datetime(3, 0, timedelta(hours=18, minutes=30), shown("[h]:mm"))
        sheet.write_number(4, 0, 0.770833333333333, shown("hh:mm:ss"))
        sheet.write_number(5, 0, 1.0)
        sheet.write_number(6, 0, 0.1 + 0.2)
        sheet.write_number(7, 0, 1234567)
        sheet.write_boolean(8, 0, True)
        sheet.write_string(9, 0, "007")
        sheet.write_formula(10, 0, "=1+1", None, 2)
        sheet.write_number(11, 0, 1e300)
        sheet.write_number(12, 0, 46091.0, shown("yyyy-mm-dd hh:mm"))
        sheet.write_number(13, 0, 46091.5, shown("yyyy-mm-dd hh:mm"))

    rows = rows_of(workbook_tables("t.xlsx", spreadsheet(write=write)))
    assert [cells[0] for _, cells in rows] == [
        "header",
        "2026-03-10",
        "18:30:00",
        "18:30:00",
        "18:30:00",
        "1",
        "0.3",
        "1234567",
        "TRUE",
        "007",
        "2",
        "1e+300",
        "2026-03-10",
        "2026-03-10 12:00",
    ]


def test_sheets_are_named_with_their_workbook_and_empty_ones_left_out() -> None:
    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        if sheet.name != "Blad1":
            sheet.write_string(1, 1, "a")

    tables = workbook_tables("zh.xlsx", spreadsheet("Lessons", "cohorts.csv", "Blad1", write=write))
    assert [(sheet.name, sheet.file) for sheet in tables.sheets] == [
        ("lessons", "zh.xlsx [Lessons]"),
        ("cohorts", "zh.xlsx [cohorts.csv]"),
    ]
    assert tables.sheets[0].rows == [(2, ["", "a"])]


def test_two_sheets_of_one_name_are_a_problem() -> None:
    assert kinds_of(workbook_tables("t.xlsx", spreadsheet("lessons", "lessons.csv"))) == [ProblemKind.TWICE]


def test_a_workbook_without_any_cell_is_a_problem() -> None:
    empty = spreadsheet(write=lambda book, sheet: None)
    assert kinds_of(workbook_tables("t.xlsx", empty)) == [ProblemKind.NO_TABLES]


def test_the_error_of_a_formula_is_named_with_its_cell() -> None:
    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, ["code", "hours"])
        sheet.write_row(1, 0, ["x", 1])
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")

    tables = workbook_tables("t.xlsx", spreadsheet("cohorts", "lessons", write=write))
    assert [(problem.file, problem.row, problem.column) for problem in tables.problems] == [
        ("t.xlsx [cohorts]", 3, "hours"),
        ("t.xlsx [lessons]", 3, "hours"),
    ]


def parts_of(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    archive_bytes = io.BytesIO()
    with zipfile.ZipFile(archive_bytes, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return archive_bytes.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(xml: str) -> bytes:
    """A workbook whose only sheet holds ``xml`` as its rows."""
    parts = parts_of(spreadsheet())
    start, end = parts[SHEET].index(b"<sheetData>"), parts[SHEET].index(b"</sheetData>")
    parts[SHEET] = parts[SHEET][:start] + b"<sheetData>" + xml.encode() + parts[SHEET][end:]
    return packed(parts)


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
        "<x:row xmlns:x='y' r='9'><x:c r='XFD1048576'><x:v>1</x:v></x:c></x:row>",
    ],
)
def test_two_cells_a_world_apart_are_too_big(xml: str) -> None:
    assert kinds_of(workbook_tables("t.xlsx", with_sheet(xml))) == [ProblemKind.TOO_BIG]


def test_a_long_text_in_many_cells_is_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parts_of(with_sheet('<row r="1">' + '<c t="s"><v>0</v></c>' * 50 + "</row>"))
    parts["xl/sharedStrings.xml"] = b"<sst><si><t>" + b"x" * 1000 + b"</t></si></sst>"
    monkeypatch.setattr(workbooks, "MOST_TEXT", 50_000)
    assert kinds_of(workbook_tables("t.xlsx", packed(parts))) != [ProblemKind.TOO_BIG]
    monkeypatch.setattr(workbooks, "MOST_TEXT", 49_999)
    assert kinds_of(workbook_tables("t.xlsx", packed(parts))) == [ProblemKind.TOO_BIG]


def test_a_workbook_that_unpacks_to_more_than_the_bound_is_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    content = spreadsheet()
    total = sum(len(part) for name, part in parts_of(content).items() if not name.startswith("docProps"))
    monkeypatch.setattr(workbooks, "MOST_BYTES", total)
    assert kinds_of(workbook_tables("t.xlsx", content)) == []
    monkeypatch.setattr(workbooks, "MOST_BYTES", total - 1)
    assert kinds_of(workbook_tables("t.xlsx", content)) == [ProblemKind.TOO_BIG]


def test_a_workbook_of_too_many_parts_is_too_big() -> None:
    parts = parts_of(spreadsheet()) | {f"xl/media/{at}.png": b"" for at in range(workbooks.MOST_PARTS)}
    assert kinds_of(workbook_tables("t.xlsx", packed(parts))) == [ProblemKind.TOO_BIG]


def test_a_workbook_that_declares_entities_is_refused() -> None:
    parts = parts_of(spreadsheet())
    parts[SHEET] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts[SHEET].partition(b"?>")[2].lstrip()
    assert kinds_of(workbook_tables("t.xlsx", packed(parts))) == [ProblemKind.WORKBOOK]


def test_a_document_that_only_looks_like_a_workbook_is_refused() -> None:
    assert kinds_of(workbook_tables("t.xlsx", packed({"content.xml": b"<x/>"}))) == [ProblemKind.WORKBOOK]


def test_no_upload_of_any_bytes_raises() -> None:
    content = spreadsheet()
    for at in range(0, len(content), 97):
        torn = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        workbook_tables("t.xlsx", torn)
        workbook_tables("t.xlsx", content[:at])


@given(st.binary(max_size=300), st.sampled_from(["lessons.csv", "lessons.xlsx", "lessons", "x.CSV"]))
def test_arbitrary_bytes_are_tables_or_problems(content: bytes, name: str) -> None:
    tables = file_tables(name, content)
    assert all(number >= 1 and any(map(str.strip, cells)) for sheet in tables.sheets for number, cells in sheet.rows)


FORMULAS = ("=1+1", "+31 6 1234", "-5", "@SUM(A1)", '=HYPERLINK("x")', "http://example.org", "1e5", "007", "TRUE", "")


@pytest.mark.parametrize("path", ["out.xlsx", "out"])
def test_what_looks_like_a_formula_comes_back_as_it_went(tmp_path: Path, path: str) -> None:
    table = OutTable(name="lessons", columns=("code", "text"), rows=[("x", text) for text in FORMULAS])
    write_tables([table], tmp_path / path)
    assert rows_of(read_tables(tmp_path / path)) == [
        (1, ["code", "text"]),
        *((number, ["x", text]) for number, text in enumerate(FORMULAS, 2)),
    ]


def test_workbooks_hold_text_as_text_and_no_formula() -> None:
    table = OutTable(name="lessons", columns=("text",), rows=[(text,) for text in FORMULAS])
    sheet = parts_of(workbook_bytes([table]))[SHEET]
    assert b"<f>" not in sheet and b"hyperlink" not in sheet


def test_workbooks_hold_dates_times_and_numbers_as_such() -> None:
    row = (date(2026, 3, 10), time(18, 30), 5, Decimal("1.25"), "x", None)
    content = workbook_bytes([OutTable(name="t", columns=("a", "b", "c", "d", "e", "f"), rows=[row])])
    (_, cells) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("t").to_python()
    assert cells == [date(2026, 3, 10), time(18, 30), 5.0, 1.25, "x", ""]


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20).map(str.strip)
CELLS = st.one_of(
    TEXTS,
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, places=2).map(lambda number: number + 0),
    st.dates(date(1900, 3, 1), date(2199, 12, 31)),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    st.none(),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_tables_come_back_from_csv_as_their_text(rows: list[list[str | int | Decimal | date | time | None]]) -> None:
    table = OutTable(name="t", columns=("a", "b", "c"), rows=rows)
    found = rows_of(csv_table("t.csv", "".join(csv_lines(table)).encode("utf-8")))
    expected = [[text_of(cell) for cell in row] for row in rows]
    assert [cells for _, cells in found[1:]] == [row for row in expected if any(row)]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_text_comes_back_from_a_workbook_unchanged(rows: list[tuple[str, str]]) -> None:
    table = OutTable(name="t", columns=("a", "b"), rows=rows)
    found = rows_of(workbook_tables("t.xlsx", workbook_bytes([table])))
    assert [cells for _, cells in found[1:]] == [list(row) for row in rows if any(row)]


@pytest.mark.parametrize("path", ["there.xlsx", "there"])
def test_what_is_there_is_not_overwritten(tmp_path: Path, path: str) -> None:
    tables = [OutTable(name="t", columns=("a",), rows=[("1",)])]
    write_tables(tables, tmp_path / path)
    before = [file.read_bytes() for file in sorted(tmp_path.rglob("*.*")) if file.is_file()]
    with pytest.raises(NotWritten):
        write_tables([OutTable(name="t", columns=("a",), rows=[("2",)])], tmp_path / path)
    assert [file.read_bytes() for file in sorted(tmp_path.rglob("*.*")) if file.is_file()] == before


def test_an_empty_folder_and_an_empty_file_are_filled(tmp_path: Path) -> None:
    tables = [OutTable(name="t", columns=("a",), rows=[("1",)])]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.xlsx").touch()
    for name in ("empty", "empty.xlsx", "new/deep/folder", "new/deep/book.XLSX"):
        write_tables(tables, tmp_path / name)
        assert rows_of(read_tables(tmp_path / name)) == [(1, ["a"]), (2, ["1"])]
