"""A cohort that was laid out is a cohort like any other: its people are judged, also after a journey by file."""

from datetime import date, time
from pathlib import Path

from hto_track.cli.demo_template import CODE, publish_template
from hto_track.documents.sheets import Sheet, Tables
from hto_track.documents.tables import write_tables
from hto_track.rules.calendar import Region
from hto_track.services.exporting import export_cohort
from hto_track.services.importing import import_files, import_path
from hto_track.services.layout import lay_out_cohort, preview_layout
from hto_track.services.layout_views import NewCohort, Plan
from hto_track.services.policy import CONSOLE
from hto_track.services.standings import cohort_standings
from tests.conftest import TODAY, app_on_copy, fill_examples, fill_schema
from tests.databases import Databases

PLAN = Plan(start_on=date(2027, 3, 1), region=Region.ZUID, weekday=3, starts_at=time(19), ends_at=time(21, 45))
SHEETS = {
    "participants": [
        ["cohort_code", "participant_code", "given_name", "family_name", "email"],
        ["ZH-09", "ZH09-01", "Noor", "Visser", "noor@example.org"],
        ["ZH-09", "ZH09-02", "Piet", "Smit", "piet@example.org"],
    ],
    "attendance": [
        ["cohort_code", "lesson_no", "participant_code", "mark"],
        ["ZH-09", "1", "ZH09-01", "present"],
        ["ZH-09", "2", "ZH09-01", "absent"],
    ],
    "attempts": [
        ["participant_code", "assignment_code", "attempt", "submitted_on", "assessed_on", "outcome"],
        ["ZH09-02", "A1", "1", "2027-03-20", "2027-03-27", "failed"],
    ],
}


def lay_out_with_people() -> None:
    """ZH-09, laid out from a template like ZH-05, with two people, some attendance and an assessment."""
    publish_template("ZH-05")
    seen = preview_layout(CONSOLE, CODE, 1, PLAN).seen
    lay_out_cohort(CONSOLE, CODE, 1, PLAN, NewCohort(code="ZH-09"), seen)
    sheets = [
        Sheet(name=name, file=f"{name}.csv", rows=list(enumerate(rows, start=1))) for name, rows in SHEETS.items()
    ]
    import_files(CONSOLE, Tables(sheets=tuple(sheets)), TODAY)


def _judged() -> list[object]:
    return [
        (member.member.code, member.facts, member.standing)
        for day in (TODAY, date(2027, 3, 1), date(2027, 5, 6), date(2027, 10, 1), date(2028, 2, 1))
        for member in cohort_standings(CONSOLE, "ZH-09", day).members
    ]


def test_a_laid_out_cohort_is_judged_the_same_after_a_journey_by_file(databases: Databases, tmp_path: Path) -> None:
    with app_on_copy(databases, "examples", fill_examples):
        lay_out_with_people()
        there, exported = _judged(), export_cohort(CONSOLE, "ZH-09")
        write_tables(exported, tmp_path)
    assert len(there) == 10
    with app_on_copy(databases, "schema", fill_schema):
        import_path(CONSOLE, tmp_path)
        assert _judged() == there
        assert export_cohort(CONSOLE, "ZH-09") == exported
