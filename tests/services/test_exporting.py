"""Exporting a cohort: what is imported from it elsewhere is judged the same."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from hto_track.documents.sheets import OutTable
from hto_track.documents.tables import read_tables, write_tables
from hto_track.extensions import db
from hto_track.models.cohorts import SchoolHoliday
from hto_track.models.participants import Participant
from hto_track.services.exporting import export_cohort
from hto_track.services.importing import Counts, import_files, import_path
from hto_track.services.importing.files import FILES
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.standings import cohort_standings
from hto_track.services.views import CohortStandings
from tests.cast import Cast
from tests.conftest import TODAY, app_on_copy, fill_examples, fill_schema
from tests.databases import Databases
from tests.importable import SMALL, imported, with_cell

COHORTS = ("ZH-04", "ZH-05")
DAYS = (date(2025, 9, 30), date(2026, 1, 31), date(2026, 3, 20), TODAY, date(2027, 1, 26))


def judged(code: str) -> list[tuple[object, ...]]:
    """All that is said of everyone of a cohort on several days, without what the database numbers by itself."""

    def of(standings: CohortStandings) -> Iterator[tuple[object, ...]]:
        for member in standings.members:
            yield standings.on, member.member.code, member.member.name, member.facts, member.standing

    return [said for day in DAYS for said in of(cohort_standings(CONSOLE, code, day))]


@pytest.fixture(params=["folder", "book.xlsx"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where an export goes: a folder of CSV files, or a workbook."""
    return tmp_path / str(request.param)


@pytest.mark.parametrize("code", COHORTS)
def test_everyone_is_judged_the_same_after_the_journey(databases: Databases, place: Path, code: str) -> None:
    with app_on_copy(databases, "examples", fill_examples):
        there = judged(code)
        exported = export_cohort(CONSOLE, code)
        write_tables(exported, place)
        assert import_path(CONSOLE, place).total.created == 0
    with app_on_copy(databases, "schema", fill_schema):
        import_path(CONSOLE, place)
        assert judged(code) == there
        assert export_cohort(CONSOLE, code) == exported


@pytest.mark.parametrize("code", COHORTS)
def test_importing_an_export_where_it_came_from_changes_nothing(example_app: Flask, place: Path, code: str) -> None:
    write_tables(export_cohort(CONSOLE, code), place)
    result = import_path(CONSOLE, place)
    assert result.total == Counts(created=0, updated=0, unchanged=result.total.unchanged)
    assert result.total.unchanged == sum(len(table.rows) for table in export_cohort(CONSOLE, code))


def test_every_file_of_the_contract_is_there_with_every_column(sqlite_example_app: Flask) -> None:
    exported = export_cohort(CONSOLE, "ZH-05")
    assert [(table.name, table.columns) for table in exported] == [
        (format.name, tuple(column.name for column in format.columns)) for format in FILES
    ]


def test_nothing_of_another_cohort_is_told(sqlite_example_app: Flask) -> None:
    codes = {cell for table in export_cohort(CONSOLE, "ZH-05") for row in table.rows for cell in row}
    assert not any(isinstance(code, str) and (code.startswith("ZH04") or code == "ZH-04") for code in codes)


def test_holidays_are_those_of_the_region(sqlite_example_app: Flask) -> None:
    holidays = table_of(export_cohort(CONSOLE, "ZH-05"), "school_holidays")
    assert {row[1] for row in holidays.rows} == {"midden"}


def test_holidays_that_were_changed_travel(databases: Databases, tmp_path: Path) -> None:
    with app_on_copy(databases, "examples", fill_examples):
        db.session.execute(delete(SchoolHoliday).where(SchoolHoliday.name == "Herfstvakantie"))
        db.session.commit()
        there = judged("ZH-05")
        write_tables(export_cohort(CONSOLE, "ZH-05"), tmp_path / "out")
    with app_on_copy(databases, "schema", fill_schema):
        import_path(CONSOLE, tmp_path / "out")
        assert judged("ZH-05") == there


def table_of(tables: tuple[OutTable, ...], name: str) -> OutTable:
    return next(table for table in tables if table.name == name)


AWKWARD = "=1+1", "+31", "-5", "@SUM(A1)", "007", "1e5", "2026-03-10", "TRUE", "a;b", "Étoile ☃", "'quoted'", "1.0"


@pytest.mark.parametrize("text", AWKWARD)
def test_text_that_looks_like_something_else_comes_back_unchanged(sqlite_app: Flask, place: Path, text: str) -> None:
    imported(with_cell("participants", 2, "employer", text))
    write_tables(export_cohort(CONSOLE, "K-1"), place)
    db.session.execute(update(Participant).values(employer=None))
    db.session.commit()
    import_files(CONSOLE, read_tables(place), TODAY)
    employers = db.session.query(Participant.employer).filter_by(code="K1-01").all()
    assert [tuple(found) for found in employers] == [(text,)]


def test_notes_of_several_lines_come_back(app: Flask, place: Path) -> None:
    imported(with_cell("pauses", 2, "reason", '"Eerst dit\nen ""dan"" dat; zo"'))
    write_tables(export_cohort(CONSOLE, "K-1"), place)
    assert import_path(CONSOLE, place).total.updated == 0
    pauses = table_of(export_cohort(CONSOLE, "K-1"), "pauses")
    assert pauses.rows[0][-1] == 'Eerst dit\nen "dan" dat; zo'


def test_a_route_is_told_for_an_exemption_without_an_agreement(sqlite_app: Flask) -> None:
    header, *_rows = SMALL["agreements"].split("\n")
    imported({**SMALL, "agreements": header})
    assert [row[0] for row in table_of(export_cohort(CONSOLE, "K-1"), "routes").rows] == ["AD"]
    assert len(table_of(export_cohort(CONSOLE, "K-1"), "route_modules").rows) == 2
    assert table_of(export_cohort(CONSOLE, "K-2"), "routes").rows == []


def test_queries_do_not_grow_with_the_cohort(
    sqlite_example_app: Flask, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    imported(SMALL)
    with count_queries() as few:
        export_cohort(CONSOLE, "K-1")
    with count_queries() as many:
        export_cohort(CONSOLE, "ZH-04")
    assert len(many) == len(few) == len(FILES) + 2


def test_a_cohort_that_is_not_there(sqlite_app: Flask) -> None:
    with pytest.raises(NotFound):
        export_cohort(CONSOLE, "ZH-99")


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("anja", None),
        ("gijs", None),
        ("otto", NotFound),
        ("bram", NotFound),
        ("chaima", Forbidden),
        ("dirk", NotFound),
        ("els", NotFound),
        ("femke", NotFound),
    ],
)
def test_leaders_and_administrators_export(app: Flask, cast: Cast, name: str, refusal: type[Exception] | None) -> None:
    if refusal is None:
        assert export_cohort(getattr(cast, name), "C-1")
        return
    with pytest.raises(refusal):
        export_cohort(getattr(cast, name), "C-1")
