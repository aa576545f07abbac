"""Every fault an import names: one cell of a sound set is changed, and that cell and no other is named."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from hto_track.services.importing import FaultyFiles
from tests.conftest import app_on_copy, fill_schema
from tests.databases import SqliteFiles
from tests.importable import SMALL, cells_of, faults_of, imported, only, text_of, with_cell, with_rows, without_columns

LONG = "x" * 5000


@pytest.fixture(scope="module")
def english(sqlite: SqliteFiles) -> Iterator[Flask]:
    """One empty database for all, which stays empty because all that is brought in is faulty; its reader is English."""
    with app_on_copy(sqlite, "schema", fill_schema) as app, force_locale("en"):
        yield app


def test_the_small_set_is_sound(sqlite_app: Flask) -> None:
    assert imported(SMALL).total.created > 0


CELLS = [
    # file, row, column, what is put there, a part of what is expected
    ("programmes", 2, "title", LONG, "at most 200 characters, not 5000"),
    ("programmes", 2, "title", "a\x00b", "text without control characters"),
    ("programmes", 2, "min_attendance", "80", "a number from 0 to 1"),
    ("programmes", 2, "min_attendance", "80%", "a number from 0 to 1"),
    ("programmes", 2, "make_up_limit", "-1", "a whole number from 0"),
    ("programmes", 2, "make_up_limit", "1.5", "a whole number from 0"),
    ("programmes", 2, "internship_min_hours", "101", "at most internship_max_hours, 100"),
    ("programmes", 2, "internship_max_hours", "1.000,5", "without a sign between the thousands"),
    ("programmes", 2, "max_attempts", "0", "a whole number from 1"),
    ("programmes", 2, "advertised_weekly_hours", "169", "hours from 0 to 168"),
    ("checkpoints", 2, "due_week", "soon", "a whole number"),
    ("routes", 2, "kind", "master", "one of: associate_degree, pdg"),
    ("routes", 2, "credits", "-1", "a number from 0"),
    ("route_modules", 2, "term", "0", "a whole number from 1"),
    ("agreements", 2, "module_code", "M9", "something stored or imported as module_code of AD"),
    ("agreements", 2, "route_code", "AX", "something stored or imported as route_code"),
    ("agreements", 3, "basis", "perhaps", "one of: automatic, individual, none"),
    ("school_holidays", 2, "region", "west", "one of: noord, midden, zuid"),
    ("school_holidays", 2, "last_day", "2026-07-10", "a date on or after first_day, 2026-07-11"),
    ("cohorts", 2, "region", "", "a filled cell"),
    ("cohorts", 3, "end_on", "2026-03-08", "a date on or after start_on, 2026-03-09"),
    ("cohorts", 2, "min_participants", "21", "at most max_participants, 20"),
    ("cohorts", 2, "leader_email", "anja", "an e-mail address"),
    ("lessons", 4, "date", "29-02-2027", "a date that exists"),
    ("lessons", 4, "date", "2026/03/10", "a date like 2026-03-10 or 10-03-2026"),
    ("lessons", 4, "date", "2026-12-19", "a date of the cohort, 2026-03-09 to 2026-12-18"),
    ("lessons", 4, "date", "2026-03-08", "a date of the cohort, 2026-03-09 to 2026-12-18"),
    ("lessons", 2, "start", "24:00", "a time like 18:30"),
    ("lessons", 2, "start", "half zeven", "a time like 18:30"),
    ("lessons", 2, "end", "18:30", "a time after the start, 18:30"),
    ("lessons", 2, "state", "moved", "one of: planned, held, cancelled"),
    ("assignments", 3, "due_on", "2026-04-05", "a date on or after opens_on, 2026-04-06"),
    ("assignments", 3, "estimated_hours", "-2", "hours from 0"),
    ("assignments", 3, "mandatory", "perhaps", "yes or no"),
    ("assignments", 2, "outcome_codes", "LU1 LU9", "learning outcomes of HTO; LU9 is none"),
    ("participants", 4, "cohort_code", "K-9", "something stored or imported as cohort_code"),
    ("participants", 3, "given_name", "", "a filled cell"),
    ("participants", 3, "email", "noor at example.org", "an e-mail address"),
    ("participants", 2, "release_hours_per_week", "36,5", "at most job_hours_per_week, 36"),
    ("participants", 2, "job_hours_per_week", "169", "hours from 0 to 168"),
    ("participants", 2, "study_hours_per_week", "0", "more than 0 hours"),
    ("participants", 2, "travel_minutes", "1.5", "a whole number"),
    ("participants", 2, "in_education", "mbo", "yes or no"),
    ("participants", 2, "status", "stopped", "one of: applied, active, paused, withdrawn, completed"),
    ("participants", 3, "status_on", "", "a date, because the status is paused"),
    ("participants", 2, "status", "completed", None),
    ("participants", 2, "status", "withdrawn", None),
    ("pauses", 2, "end_on", "2026-05-03", "a date on or after start_on, 2026-05-04"),
    ("pauses", 2, "participant_code", "K1-99", "something stored or imported as participant_code"),
    ("placements", 2, "school_type", "havo", "one of: vmbo, mbo"),
    ("placements", 2, "end_on", "2026-03-31", "a date on or after start_on, 2026-04-01"),
    ("placements", 2, "supervisor_email", "dirk@", "an e-mail address"),
    ("attendance", 4, "mark", "ill", "one of: present, late, excused, absent, made_up"),
    ("attendance", 4, "lesson_no", "9", "something stored or imported as lesson_no of K-1"),
    ("attendance", 4, "cohort_code", "K-9", "something stored or imported as cohort_code"),
    ("attendance", 4, "participant_code", "K2-01", "a participant of cohort K-1"),
    ("attendance", 4, "participant_code", "K1-99", "something stored or imported as participant_code"),
    ("attendance", 5, "mark", "made_up", "the make_up_limit of the programme is 1"),
    ("attempts", 5, "assignment_code", "B1", "assignment_code of K-1"),
    ("attempts", 5, "attempt", "2", "attempt 1 before it"),
    ("attempts", 5, "attempt", "-1", "a whole number from 0"),
    ("attempts", 5, "assessed_on", "", "the date of the outcome"),
    ("attempts", 5, "assessed_on", "2026-03-27", "a date on or after submitted_on, 2026-03-28"),
    ("attempts", 5, "outcome", "", "the outcome of 2026-04-10"),
    ("attempts", 5, "outcome", "good", "one of: passed, failed, exempt"),
    ("attempts", 5, "outcome", "exempt", "exempt belongs to attempt 0"),
    ("attempts", 4, "outcome", "passed", "exempt, because the attempt is 0"),
    ("attempts", 4, "outcome", "", "exempt, because the attempt is 0"),
    ("attempts", 5, "resit_due_on", "2026-05-01", "a resit belongs to the attempt that failed"),
    ("extensions", 2, "due_on", "", "a filled cell"),
    ("extensions", 2, "assignment_code", "A9", "assignment_code of K-1"),
    ("internship_hours", 2, "school", "Elders", "the school of a placement of this participant"),
    ("internship_hours", 2, "hours", "3", "start and end, or hours, not both"),
    ("internship_hours", 3, "hours", "", "start and end, or hours"),
    ("internship_hours", 4, "end", "", "the end that belongs to the start"),
    ("internship_hours", 4, "start", "", "the start that belongs to the end"),
    ("internship_hours", 3, "activity", "sleep", "one of: observe"),
    ("internship_hours", 3, "state", "done", "one of: draft"),
    ("internship_hours", 3, "confirmed_on", "2026-04-18", "an empty cell: the state is submitted"),
    ("internship_hours", 2, "end", "09:00", "a time after the start, 09:00"),
    ("internship_hours", 2, "break_minutes", "210", "a break that leaves time"),
    ("internship_hours", 2, "break_minutes", "-5", "a whole number from 0"),
    ("internship_hours", 3, "hours", "0", "more than 0 hours"),
    ("internship_hours", 3, "hours", "10,25", "at most 10 hours on one date; this makes 10.25"),
    ("internship_hours", 2, "end", "20:00", "at most 10 hours on one date; this makes 10.5"),
    ("internship_hours", 3, "date", "2026-06-15", "a date up to today, 2026-06-14"),
    ("internship_hours", 3, "date", "2026-03-31", "a date within the placement, 2026-04-01 to 2026-12-18"),
    ("internship_hours", 3, "date", "2026-05-04", "a date on which the participant takes part"),
    ("study_log", 2, "hours", "0", "more than 0 hours"),
    ("study_log", 2, "hours", "25", "hours from 0 to 24"),
    ("study_log", 2, "assignment_code", "B1", "assignment_code of K-1"),
    ("final_assessments", 2, "outcome", "exempt", "one of: passed, failed"),
    ("final_assessments", 2, "date", "", "a filled cell"),
    ("checkpoint_records", 2, "checkpoint_code", "VISIT", "something stored or imported as checkpoint_code of HTO"),
    ("exemptions", 2, "state", "maybe", "one of: proposed"),
    ("exemptions", 2, "module_code", "M9", "something stored or imported as module_code of AD"),
    ("exemptions", 2, "reason", LONG, "at most 1000 characters, not 5000"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "expected"), CELLS)
def test_a_broken_cell_is_named_and_no_other(
    english: Flask, file: str, row: int, column: str, value: str, expected: str | None
) -> None:
    faults = faults_of(with_cell(file, row, column, value))
    if expected is None:  # the fault is said of a cell beside it
        assert {(fault.file, fault.row) for fault in faults} == {(f"{file}.csv", row)}
        return
    (fault,) = faults
    assert (fault.file, fault.row, fault.column, fault.value) == (f"{file}.csv", row, column, value)
    assert expected in str(fault.expected)


CODES = [
    ("programmes", 2, "programme_code", "", "a filled cell"),
    ("learning_outcomes", 2, "programme_code", "HTX", "something stored or imported as programme_code"),
    ("learning_outcomes", 3, "outcome_code", "LU 2", "a code without spaces"),
    ("checkpoints", 2, "programme_code", "HTX", "something stored or imported as programme_code"),
    ("route_modules", 3, "route_code", "AX", "something stored or imported as route_code"),
    ("cohorts", 3, "programme_code", "HTX", "something stored or imported as programme_code"),
    ("lessons", 4, "cohort_code", "K-9", "something stored or imported as cohort_code"),
    ("lessons", 3, "lesson_no", "two", "a whole number"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "expected"), CODES)
def test_a_broken_code_is_named_and_what_pointed_to_it(
    english: Flask, file: str, row: int, column: str, value: str, expected: str
) -> None:
    faults = faults_of(with_cell(file, row, column, value))
    (fault,) = (fault for fault in faults if (fault.file, fault.row) == (f"{file}.csv", row))
    assert (fault.column, fault.value) == (column, value)
    assert expected in str(fault.expected)
    assert all(
        "something stored or imported" in str(other.expected) or "learning outcomes of" in str(other.expected)
        for other in faults
        if other is not fault
    )


def test_a_fault_is_one_line_that_names_everything(english: Flask) -> None:
    (fault,) = faults_of(with_cell("lessons", 4, "date", "29-02-2027"))
    assert str(fault) == (
        'lessons.csv, row 4, column date: "29-02-2027"; expected a date that exists; this one is not in the calendar'
    )
    with force_locale("nl"):
        assert str(fault).startswith(
            'lessons.csv, rij 4, kolom date: "29-02-2027"; verwacht wordt een datum die bestaat'
        )


def test_a_value_of_many_lines_is_shown_on_one(english: Flask) -> None:
    files = with_cell("lessons", 4, "state", '"he\nld\u2028!"')
    (fault,) = faults_of(files)
    assert "\n" not in str(fault) and "\u2028" not in str(fault)


@pytest.mark.parametrize("file", SMALL)
def test_a_missing_required_column_is_named(english: Flask, file: str) -> None:
    required = {"routes": "title", "attendance": "mark"}.get(file, cells_of(SMALL[file])[0][0])
    (fault,) = faults_of(without_columns(file, required))
    assert (fault.file, fault.row, fault.column) == (f"{file}.csv", 1, required)
    assert str(fault.expected) == "a column of this name"


@pytest.mark.parametrize("file", SMALL)
def test_an_unknown_column_is_named(english: Flask, file: str) -> None:
    cells = cells_of(SMALL[file])
    (fault,) = faults_of(
        {**SMALL, file: text_of([[*row, "colour" if at == 0 else ""] for at, row in enumerate(cells)])}
    )
    assert (fault.file, fault.row, fault.column) == (f"{file}.csv", 1, "colour")
    assert str(fault.expected).startswith("only these columns: ")


def test_a_column_that_is_there_twice_is_named(english: Flask) -> None:
    cells = cells_of(SMALL["lessons"])
    (fault,) = faults_of({**SMALL, "lessons": text_of([[*row, row[5]] for row in cells])})
    assert (fault.row, fault.column, str(fault.expected)) == (1, "title", "each column once")


@pytest.mark.parametrize("file", [name for name in SMALL if name not in ("internship_hours", "study_log")])
def test_a_row_that_is_there_twice_is_named(english: Flask, file: str) -> None:
    rows = SMALL[file].split("\n")
    (fault,) = faults_of(with_rows(file, rows[1]))
    assert (fault.file, fault.row) == (f"{file}.csv", len(rows) + 1)
    assert "row 2 has it too" in str(fault.expected)


def test_a_participant_in_two_cohorts_of_the_file_is_named(english: Flask) -> None:
    cells = cells_of(SMALL["participants"])
    again = ["K-2", *cells[1][1:]]
    (fault,) = faults_of(with_rows("participants", ",".join(again)))
    assert (fault.row, fault.column, fault.value) == (5, "participant_code", "K1-01")


def test_the_header_again_among_the_data_is_named(english: Flask) -> None:
    (fault,) = faults_of(with_rows("attendance", SMALL["attendance"].split("\n")[0].upper()))
    assert (fault.row, str(fault.expected)) == (6, "data, not the header again")


def test_cells_beside_the_header_are_named(english: Flask) -> None:
    (fault,) = faults_of(with_rows("pauses", "K1-02,2026-05-04,2026-05-10,Vakantie, in mei"))
    assert (fault.row, fault.column, fault.value) == (3, "5", "in mei")


def test_cells_under_an_empty_header_are_named(english: Flask) -> None:
    (fault,) = faults_of({**SMALL, "pauses": "participant_code,start_on,,end_on\nK1-01,2026-05-04,oops,2026-05-10"})
    assert (fault.row, fault.column, fault.value) == (2, "3", "oops")


@pytest.mark.parametrize(
    ("content", "row", "expected"),
    [
        (b"cohort_code,lesson_no\nK-1,caf\xe9", 2, "text in UTF-8"),
        ("cohort_code;lesson_no".encode("utf-16"), 1, "text in UTF-8"),
        (b'cohort_code,lesson_no\nK-1,"1', 2, "quotation marks come in pairs"),
        (b'cohort_code,lesson_no\nK-1,"1"2', 2, "quotation marks come in pairs"),
        (b"", 1, "a header row with at least cohort_code, lesson_no, date, start, end"),
        (b"\r\n\r\n", 1, "a header row with at least"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_hides_nothing_else(
    english: Flask, content: bytes, row: int, expected: str
) -> None:
    """Attendance points to lessons that nobody can see: that is not said again for each mark."""
    (fault,) = faults_of({**SMALL, "lessons": content})
    assert (fault.file, fault.row) == ("lessons.csv", row)
    assert expected in str(fault.expected)


def test_a_file_of_another_name_is_named(english: Flask) -> None:
    (fault,) = faults_of({**SMALL, "atendance": SMALL["attendance"]})
    assert str(fault).startswith("atendance.csv: expected one of these names: programmes, learning_outcomes, ")


def test_faults_of_all_files_and_all_sorts_come_at_once(english: Flask) -> None:
    files = with_cell("lessons", 2, "date", "gisteren")
    files = with_cell("lessons", 3, "end", "18:00", files)
    files = with_cell("participants", 2, "release_hours_per_week", "40", files)
    files = with_cell("attendance", 4, "participant_code", "K9-99", files)
    files = with_cell("internship_hours", 3, "hours", "11", files)
    assert [(fault.file, fault.row) for fault in faults_of(files)] == [
        ("attendance.csv", 4),
        ("internship_hours.csv", 3),
        ("lessons.csv", 2),
        ("lessons.csv", 3),
        ("participants.csv", 2),
    ]


def test_a_refusal_says_the_faults_as_its_sentences(english: Flask) -> None:
    with pytest.raises(FaultyFiles) as refused:
        imported(with_cell("lessons", 2, "date", "gisteren"))
    assert [str(refusal) for refusal in refused.value.refusals] == [str(fault) for fault in refused.value.faults]


def test_codes_that_are_neither_stored_nor_imported_are_refused(english: Flask) -> None:
    faults = faults_of(only("attendance"))
    assert {(fault.column, fault.row) for fault in faults} == {
        (column, row) for column in ("cohort_code", "participant_code") for row in (2, 3, 4, 5)
    }


def test_a_gap_in_the_attempts_is_named_where_it_is(english: Flask) -> None:
    (fault,) = faults_of(with_cell("attempts", 3, "attempt", "3"))
    assert (fault.row, fault.column, str(fault.expected)) == (
        3,
        "attempt",
        "attempt 2 before it: attempts have no gaps",
    )


def test_faults_do_not_hang_on_the_day_they_are_found(english: Flask) -> None:
    (fault,) = faults_of(SMALL, on=date(2026, 4, 23))
    assert (fault.file, fault.row, fault.column) == ("internship_hours.csv", 4, "date")
