"""A block copied from a spreadsheet, or a file: the same tidy rows whatever it came from, and text that reads back."""

import io
from datetime import date, datetime, time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from hto_track.documents.pasted_table import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    PastedTable,
    TableFault,
    as_text,
    csv_to_take,
    file_table,
    pasted_table,
    tidy,
)
from hto_track.documents.sheets import OutTable
from hto_track.documents.workbooks import workbook_bytes


def cells(table: PastedTable) -> list[tuple[str, ...]]:
    assert table.fault is None
    return [row.cells for row in table.rows]


@pytest.mark.parametrize(
    "text",
    [
        "code\tles 3\r\nK-1\tx\r\n",
        "code\tles 3\rK-1\tx\r",
        "\ufeffcode;les 3\nK-1;x",
        "code,les 3\nK-1,x\n\n",
        "\n\n code \t les\u00a03 \t\t\nK-1\tx\n",
    ],
)
def test_a_block_is_read_however_it_was_parted_and_ended(text: str) -> None:
    assert cells(pasted_table(text)) == [("code", "les 3"), ("K-1", "x")]


def test_a_row_keeps_its_line_when_others_are_empty_or_broken() -> None:
    table = pasted_table('code\tles\n\n"K\n1"\tx\nK-2\t\n')
    assert [(row.line, row.cells) for row in table.rows] == [
        (1, ("code", "les")),
        (3, ("K 1", "x")),
        (5, ("K-2", "")),
    ]


def test_quotes_that_do_not_match_are_signs_like_any_other() -> None:
    assert cells(pasted_table('code\tles\n"Jan\tx\nPiet\ty "z"')) == [("code", "les"), ('"Jan', "x"), ("Piet", 'y "z"')]


def test_a_cell_longer_than_a_csv_reader_takes_is_a_cell() -> None:
    assert len(cells(pasted_table(f"a\tb\n{'c' * 150_000}\td"))[1][0]) == 150_000


def test_a_name_is_composed_and_what_no_keyboard_makes_is_shown() -> None:
    assert tidy("  Zoe\u0308\u00a0de \n Wit ") == "Zoë de Wit"
    assert tidy("x\x00\x1b") == "x\ufffd\ufffd"
    assert tidy("'=1+1") == "=1+1"
    assert tidy("'s-Gravenzande") == "'s-Gravenzande"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", TableFault.EMPTY),
        (" \t \n\t", TableFault.EMPTY),
        ("Jan\nPiet", TableFault.ONE_COLUMN),
        ("x" * (MOST_CHARACTERS + 1), TableFault.TOO_LONG),
        ("a\tb\n" * (MOST_ROWS + 1), TableFault.TOO_MANY_ROWS),
        ("\n" * 2 * MOST_ROWS + "a\tb", TableFault.TOO_MANY_ROWS),
        ("\t".join("a" * (MOST_COLUMNS + 1)), TableFault.TOO_MANY_COLUMNS),
        (("\t".join("a" * MOST_COLUMNS) + "\n") * (MOST_CELLS // MOST_COLUMNS + 1), TableFault.TOO_MANY_ROWS),
    ],
)
def test_what_is_no_table_says_why(text: str, fault: TableFault) -> None:
    assert pasted_table(text).fault is fault


def test_the_most_that_fits_is_read() -> None:
    assert len(pasted_table(("\t".join("a" * MOST_COLUMNS) + "\n") * (MOST_CELLS // MOST_COLUMNS)).rows) == 60
    assert len(pasted_table("a\tb\n" * MOST_ROWS).rows) == MOST_ROWS


def workbook(*rows: tuple[object, ...], sheet: str = "Blad1") -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(at, column, cell, day if isinstance(cell, date) else None)
    return packed.getvalue()


def test_a_workbook_gives_dates_numbers_and_truth_as_text() -> None:
    content = workbook(
        ("Naam", 3, date(2026, 6, 9), datetime.combine(date(2026, 6, 9), time(18, 30)), 46182),
        (),
        ("Zoë", True, 1.0, "=1+1", None),
    )
    table = file_table("lijst.xlsx", content)
    assert [(row.line, row.cells) for row in table.rows] == [
        (1, ("Naam", "3", "2026-06-09", "2026-06-09 18:30", "46182")),
        (3, ("Zoë", "TRUE", "1", "0", "")),
    ]


@pytest.mark.parametrize("name", ["lijst.csv", "LIJST.CSV", "lijst.txt", "lijst.tsv"])
def test_a_text_file_is_read_as_what_was_pasted(name: str) -> None:
    assert cells(file_table(name, "\ufeffnaam;les 3\r\nZoë;x\r\n".encode())) == [("naam", "les 3"), ("Zoë", "x")]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("lijst.pdf", b"%PDF", TableFault.NOT_A_TABLE),
        ("lijst.xlsx", b"PK nothing", TableFault.UNREADABLE),
        ("lijst.csv", "naam;Zoë".encode("latin-1"), TableFault.NOT_UTF8),
        ("lijst.txt", "naam;Zoë".encode("latin-1"), TableFault.NOT_UTF8),
        ("lijst.csv", b"", TableFault.EMPTY),
        ("lijst.xlsx", workbook(), TableFault.EMPTY),
        ("lijst.csv", b"x" * (MOST_BYTES + 1), TableFault.TOO_LONG),
        ("lijst.csv", b'naam;les\n"Jan;x', TableFault.UNREADABLE),
    ],
)
def test_a_file_that_is_no_table_says_why(name: str, content: bytes, fault: TableFault) -> None:
    assert file_table(name, content).fault is fault


ANY_CELLS = st.text(st.characters(codec="utf-8"), max_size=12)
ANY_TABLE = st.lists(st.lists(ANY_CELLS, min_size=2, max_size=5), min_size=1, max_size=6)


@given(rows=ANY_TABLE)
def test_any_table_reads_back_from_the_box_it_is_shown_in(rows: list[list[str]]) -> None:
    table = pasted_table("\n".join("\t".join(tidy(cell) for cell in row) for row in rows))
    if table.fault is None:
        again = pasted_table(as_text(table).replace("\n", "\r\n"))
        assert [(row.line, row.cells) for row in again.rows] == [(row.line, row.cells) for row in table.rows]


@given(text=st.text(max_size=300))
def test_any_text_is_a_table_or_a_fault(text: str) -> None:
    table = pasted_table(text)
    assert (table.fault is None) == bool(table.rows)
    assert len({len(row.cells) for row in table.rows}) <= 1


@given(name=st.text(max_size=20))
def test_what_looks_like_a_formula_stays_text_and_reads_back(name: str) -> None:
    said = "=" + tidy(name)
    out = OutTable(name="list", columns=("Naam", "Les 1"), rows=[(said, "x"), ("+31", "x"), ("@a", None), ("-", 1)])
    written = csv_to_take(out)
    assert not any(line.startswith(("=", "+", "-", "@", '"=')) for line in written.removeprefix("\ufeff").splitlines())
    expected = [("Naam", "Les 1"), (tidy(said), "x"), ("+31", "x"), ("@a", ""), ("-", "1")]
    assert cells(file_table("lijst.csv", written.encode())) == expected
    assert cells(file_table("lijst.xlsx", workbook_bytes([out]))) == expected
