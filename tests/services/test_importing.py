"""What an import stores: all of it or nothing, and a second time nothing anew."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.assignments import Assignment, AssignmentOutcome, Attempt, StudyLogRow
from hto_track.models.base import Base
from hto_track.models.cohorts import Cohort, SchoolHoliday
from hto_track.models.ledger import AuditEntry
from hto_track.models.lessons import Lesson, LessonChange, LessonState
from hto_track.models.participants import Participant
from hto_track.models.programmes import LearningOutcome, Programme
from hto_track.rules.calendar import Region
from hto_track.rules.facts import AttemptOutcome, EnrolmentStatus
from hto_track.services.audit_chain import chain_faults
from hto_track.services.importing import Counts, FaultyFiles
from hto_track.services.transaction import revision
from tests.importable import (
    ROWS,
    SMALL,
    cells_of,
    faults_of,
    imported,
    only,
    text_of,
    with_cell,
    with_rows,
    without_columns,
)
from tests.trail import trail

KEPT_BESIDES = {"audit_entries", "revision", "alembic_version"}


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but the books."""
    db.session.rollback()
    tables = (table for table in Base.metadata.sorted_tables if table.name not in KEPT_BESIDES)
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=str) for table in tables}


def the(model: Any, **values: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(select(model).filter_by(**values)).one()


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_in_the_files_is_created(app: Flask) -> None:
    holidays_before = count(SchoolHoliday)
    result = imported(SMALL)
    # the official holidays ship with the database: of zuid 2025-2026 one is the same and the others are replaced
    assert result.files["school_holidays.csv"] == Counts(created=0, updated=4, unchanged=1)
    assert count(SchoolHoliday) == holidays_before - 4
    assert result.total == Counts(created=ROWS - 1, updated=4, unchanged=1)


def test_a_second_import_changes_nothing(app: Flask) -> None:
    imported(SMALL)
    before = contents()
    entries = count(AuditEntry)
    result = imported(SMALL)
    assert result.total == Counts(created=0, updated=0, unchanged=ROWS)
    assert all(counts.created == counts.updated == 0 for counts in result.files.values())
    assert contents() == before
    assert count(AuditEntry) == entries


def test_what_is_stored_is_what_the_file_says(app: Flask) -> None:
    imported(SMALL)
    programme = the(Programme, code="HTO")
    assert (programme.min_attendance, programme.make_up_limit) == (Decimal("0.8"), 1)
    assert (programme.internship_min_minutes, programme.internship_max_minutes) == (4800, 6000)
    cohort = the(Cohort, code="K-1")
    assert (cohort.region, cohort.start_on, cohort.leader_email) == (Region.ZUID, date(2026, 3, 9), "anja@example.org")
    lesson = the(Lesson, cohort_id=cohort.id, number=1)
    assert (lesson.held_on, lesson.starts_at, lesson.ends_at) == (date(2026, 3, 10), time(18, 30), time(21, 30))
    assert (lesson.title, lesson.state) == ("Start", LessonState.HELD)
    bram = the(Participant, code="K1-01")
    assert (bram.job_weekly_minutes, bram.release_weekly_minutes, bram.study_weekly_minutes) == (2160, 240, 600)
    attempt = the(Attempt, participant_id=bram.id, number=0)
    assert (attempt.outcome, attempt.assessed_on) == (AttemptOutcome.EXEMPT, date(2026, 3, 28))


def test_empty_cells_take_the_default(app: Flask) -> None:
    imported(SMALL)
    noor = the(Participant, code="K1-02")
    assert (noor.name_prefix, noor.phone, noor.start_on, noor.end_on) == (None, None, None, None)
    assert (noor.job_weekly_minutes, noor.release_weekly_minutes, noor.study_weekly_minutes) == (2400, 0, None)
    assert (noor.travel_minutes, noor.in_education, noor.status) == (0, False, EnrolmentStatus.PAUSED)
    piet = the(Participant, code="K2-01")
    assert (piet.status, piet.status_on) == (EnrolmentStatus.ACTIVE, None)
    lesson = the(Lesson, number=3)
    assert (lesson.title, lesson.state) == (None, LessonState.PLANNED)


def test_missing_columns_take_the_default_in_a_new_row(app: Flask) -> None:
    imported({"programmes": "programme_code,title\nP,Programma"})
    programme = the(Programme, code="P")
    assert (programme.college, programme.min_attendance, programme.make_up_limit) == (None, Decimal("0.8"), 4)
    assert (programme.internship_min_minutes, programme.internship_max_minutes, programme.max_attempts) == (
        4800,
        6000,
        2,
    )
    assert (programme.prep_minutes_per_lesson, programme.advertised_weekly_minutes) == (60, 720)
    assert programme.thresholds == {}


def test_a_missing_column_leaves_what_is_stored(app: Flask) -> None:
    imported(SMALL)
    result = imported({"programmes": "programme_code,title\nHTO,Anders"})
    assert result.total == Counts(created=0, updated=1, unchanged=0)
    programme = the(Programme, code="HTO")
    assert (programme.title, programme.make_up_limit, programme.college) == ("Anders", 1, "Maas")


def test_a_missing_column_is_judged_by_what_is_stored(sqlite_app: Flask) -> None:
    imported(SMALL)
    (fault,) = faults_of({"programmes": "programme_code,title,internship_min_hours\nHTO,Anders,101"})
    assert fault.column == "internship_min_hours"


def test_an_empty_cell_empties_what_is_stored(app: Flask) -> None:
    imported(SMALL)
    imported(with_cell("participants", 2, "employer", ""))
    assert the(Participant, code="K1-01").employer is None


@pytest.mark.parametrize(
    ("file", "row", "column", "value"),
    [
        ("programmes", 2, "make_up_limit", "5"),
        ("learning_outcomes", 2, "title", "Anders"),
        ("checkpoints", 2, "due_week", ""),
        ("routes", 2, "credits", "121,5"),
        ("route_modules", 2, "credits", "11"),
        ("agreements", 2, "basis", "individual"),
        ("school_holidays", 2, "last_day", "2026-08-24"),
        ("cohorts", 3, "region", "noord"),
        ("lessons", 4, "title", "Reflectie"),
        ("assignments", 3, "mandatory", "ja"),
        ("participants", 3, "status_on", "2026-06-02"),
        ("pauses", 2, "end_on", "2026-05-11"),
        ("placements", 2, "supervisor_email", "els@example.org"),
        ("attendance", 4, "mark", "absent"),
        ("attempts", 3, "submitted_on", "2026-05-02"),
        ("extensions", 2, "due_on", "2026-06-02"),
        ("internship_hours", 3, "hours", "5"),
        ("study_log", 2, "hours", "1,75"),
        ("final_assessments", 2, "outcome", "passed"),
        ("checkpoint_records", 2, "note", "Gezien"),
        ("exemptions", 2, "state", "refused"),
    ],
)
def test_one_changed_cell_is_one_updated_row(sqlite_app: Flask, file: str, row: int, column: str, value: str) -> None:
    imported(SMALL)
    result = imported(with_cell(file, row, column, value))
    assert result.total == Counts(created=0, updated=1, unchanged=ROWS - 1)
    assert result.files[f"{file}.csv"].updated == 1
    assert imported(with_cell(file, row, column, value)).total.unchanged == ROWS


def test_one_broken_cell_stores_nothing_of_any_file(app: Flask) -> None:
    before = contents()
    with pytest.raises(FaultyFiles):
        imported(with_cell("exemptions", 2, "state", "maybe"))
    assert contents() == before


def test_references_may_point_to_what_is_stored(app: Flask) -> None:
    for name in SMALL:  # one file at a time, in the order in which they refer to each other
        imported(only(name))
    assert imported(SMALL).total.unchanged == ROWS


def test_outcome_codes_are_kept_apart(app: Flask) -> None:
    imported(SMALL)
    borne = select(LearningOutcome.code).join(AssignmentOutcome).join(Assignment).where(Assignment.code == "A1")
    assert set(db.session.scalars(borne)) == {"LU1", "LU2"}
    imported(with_cell("assignments", 2, "outcome_codes", "LU2 LU2"))
    assert set(db.session.scalars(borne)) == {"LU2"}
    imported(without_columns("assignments", "outcome_codes"))
    assert set(db.session.scalars(borne)) == {"LU2"}
    imported(with_cell("assignments", 2, "outcome_codes", ""))
    assert set(db.session.scalars(borne)) == set()


def test_when_a_lesson_was_is_kept(app: Flask) -> None:
    imported(SMALL)
    imported(with_cell("lessons", 4, "date", "2026-09-08"))
    changes = db.session.execute(select(Lesson.number, LessonChange.was_on).join(LessonChange)).all()
    assert [tuple(move) for move in changes] == [(3, date(2026, 9, 1))]
    imported(with_cell("lessons", 4, "title", "Slot", with_cell("lessons", 4, "date", "2026-09-08")))
    assert count(LessonChange) == 1


def test_school_holidays_replace_those_of_their_year_and_region(app: Flask) -> None:
    def names(year: str, region: Region) -> set[str]:
        query = select(SchoolHoliday.name).where(SchoolHoliday.school_year == year, SchoolHoliday.region == region)
        return set(db.session.scalars(query))

    official = names("2025-2026", Region.NOORD)
    result = imported(
        {
            "school_holidays": "school_year;region;name;first_day;last_day\n"
            "2025-2026;Zuid;Carnaval;14-02-2026;22-02-2026\n2031-2032;zuid;Kerst;20-12-2031;04-01-2032"
        }
    )
    assert names("2025-2026", Region.ZUID) == {"Carnaval"}
    assert names("2031-2032", Region.ZUID) == {"Kerst"}
    assert names("2025-2026", Region.NOORD) == official
    assert len(names("2026-2027", Region.ZUID)) == 5
    assert result.total == Counts(created=2, updated=5, unchanged=0)


def test_attempts_are_counted_with_those_stored(sqlite_app: Flask) -> None:
    imported(SMALL)
    third = with_rows("attempts", "K1-01,A1,3,2026-06-01,,,,")
    assert imported(
        {"attempts": text_of([cells_of(third["attempts"])[0], cells_of(third["attempts"])[-1]])}
    ).total.created
    (fault,) = faults_of({"attempts": SMALL["attempts"].split("\n")[0] + "\nK1-02,A1,3,2026-06-01,,,,"})
    assert (fault.row, fault.column) == (2, "attempt")


def test_a_participant_stays_in_the_cohort_they_are_stored_in(sqlite_app: Flask) -> None:
    imported(SMALL)
    files = only("participants", files=with_cell("participants", 4, "cohort_code", "K-1"))
    (fault,) = faults_of(files)
    assert (fault.file, fault.row, fault.column, fault.value) == ("participants.csv", 4, "cohort_code", "K-1")


def test_lessons_made_up_are_counted_with_those_stored(sqlite_app: Flask) -> None:
    """The limit of the small set is 1, and K1-01 has made up lesson 2."""
    imported(SMALL)
    header = SMALL["attendance"].split("\n")[0]
    (fault,) = faults_of({"attendance": f"{header}\nK-1,1,K1-01,made_up"})
    assert (fault.row, fault.column, fault.value) == (2, "mark", "made_up")
    imported({"attendance": f"{header}\nK-1,2,K1-01,present\nK-1,1,K1-01,made_up"})


def test_a_made_up_lesson_that_is_not_the_participants_does_not_count(sqlite_app: Flask) -> None:
    """Lesson 3 is cancelled: RULES.md section 1 leaves it out."""
    files = with_cell("lessons", 4, "state", "cancelled")
    imported(with_cell("attendance", 5, "mark", "made_up", files))


def test_lessons_made_up_beyond_a_limit_that_was_lowered_stay(sqlite_app: Flask) -> None:
    imported(with_cell("programmes", 2, "make_up_limit", "2", with_cell("attendance", 5, "mark", "made_up")))
    imported(with_cell("attendance", 5, "mark", "made_up"))
    assert the(Programme, code="HTO").make_up_limit == 1


def test_rows_without_a_key_are_matched_in_order(app: Flask) -> None:
    """The two hours without an assignment on 13 March are two rows; a third one, set before them, is the only new one."""
    imported(SMALL)
    rows = SMALL["study_log"].split("\n")
    result = imported({"study_log": "\n".join([*rows[:2], "K1-01,2026-03-13,3,,", *rows[2:]])})
    assert result.total == Counts(created=1, updated=0, unchanged=3)
    assert count(StudyLogRow) == 4
    result = imported({"study_log": "\n".join([rows[0], "K1-01,2026-03-13,2.5,,", *rows[3:]])})
    assert result.total == Counts(created=0, updated=1, unchanged=1)


def test_space_and_the_way_of_writing_an_accent_make_no_difference(sqlite_app: Flask) -> None:
    imported(SMALL)
    the(Participant, code="K1-01").employer = "  Andr\N{LATIN SMALL LETTER E WITH ACUTE} "
    db.session.commit()
    assert imported(with_cell("participants", 2, "employer", "Andre\N{COMBINING ACUTE ACCENT}")).total.updated == 0


def test_dutch_spreadsheets_are_understood(app: Flask) -> None:
    imported(SMALL)
    before = contents()
    dutch = {
        "lessons": "\ufeff Cohort_Code ;LESSON_NO;date;start;end;title;state;;\r\n"
        "K-1;1;10-03-2026;18:30:00;21:30;Start;Held;;\r\nK-1;2.0;17-3-2026;18:30;21:30;Rol;held;;\r\n;;;;;;;;\r\n",
        "participants": SMALL["participants"].replace(",", ";").replace(";no;", ";nee;").replace(";36;", ";36,0;"),
        "programmes": "programme_code;title;min_attendance;internship_min_hours\r\n"
        "HTO;Hybride techniekopleider;0,80;80,0\r\n",
    }
    assert imported(dutch).total == Counts(created=0, updated=0, unchanged=6)
    assert contents() == before


def test_what_was_imported_is_audited_file_by_file(app: Flask) -> None:
    imported(SMALL)
    entries = trail("import_files")
    assert {entry.subject for entry in entries if entry.subject.startswith("file/")} == {
        f"file/{name}.csv" for name in SMALL
    }
    assert {entry.actor for entry in entries} == {"console"}


def test_what_was_imported_is_in_the_history_of_whom_it_is_about(app: Flask) -> None:
    imported(SMALL)
    created = {entry.subject: entry.after for entry in trail("import_files")}
    assert created["participant/K1-01/files/attendance.csv"] == {"created": 3, "updated": 0, "rows": {}}
    assert created["cohort/K-1/files/lessons.csv"] == {"created": 3, "updated": 0, "rows": {}}
    before = len(trail())
    imported(with_cell("placements", 2, "supervisor_email", "Els@example.org"))
    of_file, last = trail()[before:]
    assert (of_file.subject, of_file.after) == ("file/placements.csv", {"created": 0, "updated": 1, "unchanged": 0})
    key = "K1-01 Vakcollege 2026-04-01"
    assert last.subject == "participant/K1-01/files/placements.csv"
    assert last.before == {"rows": {key: {"supervisor_email": "dirk@example.org"}}}
    assert last.after == {"created": 0, "updated": 1, "rows": {key: {"supervisor_email": "els@example.org"}}}
    assert list(chain_faults(db.session())) == []


def test_what_is_nobodys_in_particular_is_kept_with_its_file(app: Flask) -> None:
    imported(SMALL)
    imported(with_cell("routes", 2, "title", "Een andere titel"))
    last = trail()[-1]
    assert last.subject == "file/routes.csv"
    assert last.after is not None
    [(_key, changed)] = last.after["rows"].items()
    assert changed == {"title": "Een andere titel"}


def test_the_revision_rises_with_an_import_and_not_with_a_refused_one(app: Flask) -> None:
    before = revision()
    imported(SMALL)
    assert revision() == before + 1
    with pytest.raises(FaultyFiles):
        imported(with_cell("exemptions", 2, "state", "maybe"))
    assert revision() == before + 1


def test_queries_do_not_grow_with_the_rows(
    sqlite_app: Flask, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def study_log(rows: int) -> dict[str, str]:
        days = (f"K1-01,2026-03-{1 + at % 28:02d},{1 + at % 7},A1,note {at}" for at in range(rows))
        return {"study_log": "\n".join(("participant_code,date,hours,assignment_code,note", *days))}

    imported(SMALL)
    with count_queries() as few:
        imported(study_log(10))
    with count_queries() as many:
        imported(study_log(3000))
    assert len(many) <= len(few) + 1


def test_of_many_made_up_lessons_the_one_beyond_the_limit_is_named(sqlite_app: Flask) -> None:
    """Lesson 3 stands last in the file, but is cancelled and counts for nothing."""
    files = with_cell("lessons", 4, "state", "cancelled", with_cell("attendance", 5, "mark", "made_up"))
    (fault,) = faults_of(with_cell("attendance", 2, "mark", "made_up", files))
    assert (fault.row, fault.column) == (3, "mark")
