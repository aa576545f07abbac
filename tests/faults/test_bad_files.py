"""Files as they should not be: the example with a broken cell in each file, and bytes that are nothing at all."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hto_track.config import ROOT
from hto_track.documents.tables import file_tables, read_tables
from hto_track.extensions import db
from hto_track.models.base import Base
from hto_track.services.importing import Fault, FaultyFiles, import_files
from hto_track.services.importing.files import FORMATS
from hto_track.services.policy import CONSOLE
from tests.conftest import TODAY
from tests.importable import SMALL, faults_of, with_cell

ZH04 = ROOT / "hto_track" / "data" / "zh-04"

BROKEN = {
    "agreements": (5, "basis", "misschien"),
    "assignments": (4, "due_on", "2025-02-30"),
    "attempts": (100, "outcome", "goed"),
    "attendance": (400, "mark", "ziek"),
    "checkpoint_records": (30, "date", "ooit"),
    "checkpoints": (3, "due_week", "6,5"),
    "cohorts": (2, "max_participants", "14"),
    "exemptions": (3, "module_code", "HTOZH-AD9-9"),
    "extensions": (6, "assignment_code", "A99"),
    "final_assessments": (9, "outcome", "exempt"),
    "internship_hours": (200, "break_minutes", "1000"),
    "learning_outcomes": (2, "title", ""),
    "lessons": (20, "end", "17:00"),
    "participants": (7, "study_hours_per_week", "0"),
    "pauses": (2, "end_on", "2025-05-19"),
    "placements": (12, "school_type", "havo"),
    "programmes": (2, "min_attendance", "80"),
    "route_modules": (2, "credits", "1.000,5"),
    "routes": (2, "terms", "0"),
    "study_log": (300, "hours", "-1"),
}
"""By file the row, the column and what is put there; the cohort's own limit of participants is below its minimum."""


def break_all(folder: Path) -> Path:
    for path in ZH04.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        row, column, value = BROKEN[path.stem]
        rows[row - 1][rows[0].index(column)] = value
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def stored_rows() -> int:
    db.session.rollback()
    return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables)


def test_one_broken_cell_in_each_file_each_named_in_one_run_and_nothing_stored(app: Flask, tmp_path: Path) -> None:
    before = stored_rows()
    with pytest.raises(FaultyFiles) as refused:
        import_files(CONSOLE, read_tables(break_all(tmp_path)), TODAY)
    named = {(fault.file, fault.row, fault.value) for fault in refused.value.faults}
    assert named >= {(f"{file}.csv", row, value) for file, (row, _column, value) in BROKEN.items() if file != "cohorts"}
    assert ("cohorts.csv", 2, "15") in named  # min_participants, which is now above the maximum
    assert len(refused.value.faults) == len(BROKEN)
    assert stored_rows() == before


def said(content: bytes, name: str) -> tuple[Fault, ...]:
    try:
        import_files(CONSOLE, file_tables(name, content), TODAY)
    except FaultyFiles as refused:
        return refused.faults
    return ()


ONE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@ONE_DATABASE
@given(content=st.binary(max_size=400), name=st.sampled_from([*(f"{name}.csv" for name in FORMATS), "book.xlsx"]))
def test_arbitrary_bytes_are_faults(sqlite_app: Flask, content: bytes, name: str) -> None:
    faults = said(content, name)
    assert faults
    assert all("\n" not in str(fault) for fault in faults)


CELLS = [
    (file, row, column.name)
    for file, text in SMALL.items()
    for column in FORMATS[file].columns
    for row in range(2, 2 + text.count("\n"))
]
ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["0", "-1", "1e9", "1.000,5", "29-02-2027", "25:00", "\x00", "=1+1", "K1-01", "A1", "2026-05-12", "9" * 400]
    ),
)


@ONE_DATABASE
@given(place=st.sampled_from(CELLS), value=ODD)
def test_arbitrary_text_in_any_cell_is_stored_or_a_fault(
    sqlite_app: Flask, place: tuple[str, int, str], value: str
) -> None:
    file, row, column = place
    buffer = io.StringIO()
    csv.writer(buffer).writerow([value])
    quoted = buffer.getvalue().rstrip("\r\n")
    for fault in faults_of(with_cell(file, row, column, quoted)):
        assert fault.file and fault.row and len(str(fault).splitlines()) == 1
    db.session.rollback()
