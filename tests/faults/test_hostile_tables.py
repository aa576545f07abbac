"""Files and blocks of text as nobody means well with, brought to where attendance and results are pasted."""

import io
import zipfile

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hto_track.documents.pasted_table import MOST_BYTES, TableFault, file_table, pasted_table
from hto_track.documents.sheets import OutTable
from hto_track.documents.workbooks import MOST_BYTES as MOST_UNPACKED
from hto_track.documents.workbooks import workbook_bytes
from hto_track.extensions import db
from hto_track.models.assignments import Attempt
from hto_track.models.lessons import Attendance
from hto_track.services.bulk_marks import preview_marks, store_marks
from hto_track.services.bulk_results import preview_results, store_results
from hto_track.services.bulk_tables import NotStored
from tests.cast import Cast, settle
from tests.conftest import TODAY

SOUND = workbook_bytes([OutTable(name="Blad1", columns=("code", "1"), rows=[("C1-01", "x")])])
ONE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)


def repacked(**parts: bytes) -> bytes:
    """A sound workbook with some of its parts replaced."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as sound, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in sound.infolist():
            archive.writestr(
                entry.filename, parts.get(entry.filename.rpartition("/")[2].replace(".", "_"), sound.read(entry))
            )
    return packed.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + SHEET % b"&b;"
FAR_AWAY = SHEET % b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MEGABYTE = b" " * 1024 * 1024
HOSTILE = {
    "an exe named .xlsx": ("a.xlsx", b"MZ\x90\x00" * 1000),
    "a workbook named .csv": ("a.csv", SOUND),
    "a zip of nothing": ("a.xlsx", b"PK\x05\x06" + b"\x00" * 18),
    "a workbook cut in half": ("a.xlsx", SOUND[: len(SOUND) // 2]),
    "entities within entities": ("a.xlsx", repacked(sheet1_xml=ENTITIES)),
    "a cell at the far end": ("a.xlsx", repacked(sheet1_xml=FAR_AWAY)),
    "larger than may be": ("a.csv", b"a;b\n" * (MOST_BYTES // 4 + 1)),
    "half a million commas": ("a.csv", b"," * 500_000 + b"x"),
    "half a million lines": ("a.csv", b"a,b\n" * 250_000),
    "one quote, never closed": ("a.csv", b'a,b\n"' + b"x\n" * 100_000),
    "no name at all": ("", b"a,b\nc,d"),
    "a name that climbs": ("../../../etc/passwd", b"root:x"),
    "a name of a null": ("a\x00.csv", b"\xff\xfe"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_no_table(name: str) -> None:
    table = file_table(*HOSTILE[name])
    assert table.fault is not None
    assert table.rows == ()


def test_what_unpacks_to_more_than_fits_is_no_table() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(MOST_UNPACKED // len(MEGABYTE) + 1):
                part.write(MEGABYTE)
    assert len(packed.getvalue()) < MOST_BYTES
    assert file_table("a.xlsx", packed.getvalue()).fault is TableFault.TOO_LONG


def test_a_sound_workbook_is_one() -> None:
    assert [row.cells for row in file_table("a.xlsx", repacked()).rows] == [("code", "1"), ("C1-01", "x")]


@ONE_DATABASE
@given(content=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xlsx", "a.txt", "a", ".csv"]))
def test_arbitrary_bytes_are_a_table_or_a_fault(content: bytes, name: str) -> None:
    table = file_table(name, content)
    assert (table.fault is None) == bool(table.rows)


@pytest.fixture
def settled(sqlite_app: Flask) -> Cast:
    """The cast, on SQLite alone: the database does not matter here."""
    return settle()


def rows_stored() -> int:
    db.session.rollback()
    return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Attendance, Attempt))


HEADERS = [
    "code\t1",
    "code\tA1",
    "naam\t9-6\t#1\t46091",
    "code\topdracht\tuitkomst\tdatum",
    "C1-01\tx",
    "code\t\x00\t'=1",
]


@ONE_DATABASE
@given(header=st.sampled_from(HEADERS), text=st.text(max_size=120))
def test_arbitrary_text_under_a_header_stores_nothing_that_was_not_looked_at(
    settled: Cast, header: str, text: str
) -> None:
    table = pasted_table(f"{header}\nC1-01\t{text}")
    before, chaima = rows_stored(), settled.chaima
    marks, seen_marks = preview_marks(chaima, settled.cohort, table, 1, TODAY)
    results, seen_results = preview_results(chaima, settled.cohort, table, "A1", TODAY)
    assert rows_stored() == before
    if not marks.can_be_stored:
        with pytest.raises(NotStored):
            store_marks(chaima, settled.cohort, table, 1, seen_marks, TODAY)
    if not results.can_be_stored:
        with pytest.raises(NotStored):
            store_results(chaima, settled.cohort, table, "A1", seen_results, TODAY)
    assert rows_stored() == before


def test_a_table_of_faults_is_told_apart_from_no_table() -> None:
    assert file_table("a.xlsx", b"").fault is TableFault.UNREADABLE
    assert pasted_table("\x00\t\x00\n\x00\t\x00").fault is None
