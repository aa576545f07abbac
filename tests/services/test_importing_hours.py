"""Internship hours in an import: what section 3 refuses, what it leaves in peace, and which placement they go to."""

from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.rules.facts import EntryState
from hto_track.services.importing import Counts, Fault
from tests.importable import SMALL, faults_of, imported, only, with_cell, with_rows

HEADER = "participant_code,school,date,start,end,break_minutes,hours,activity,state,submitted_on,confirmed_on,note"


def hours(*rows: str) -> dict[str, str]:
    return {"internship_hours": "\n".join((HEADER, *rows))}


def entry(on: str, work: str = "09:00,12:00,,", state: str = "", rest: str = ",,", school: str = "Vakcollege") -> str:
    """``work`` is start, end, break and hours; ``rest`` is submitted on, confirmed on and note."""
    return f"K1-01,{school},{on},{work},teach,{state},{rest}"


def entries() -> list[InternshipEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(InternshipEntry).order_by(InternshipEntry.id)))


def where(faults: tuple[Fault, ...]) -> list[tuple[int | None, str | None]]:
    return [(fault.row, fault.column) for fault in faults]


def test_minutes_come_from_the_times_less_the_break_or_from_the_hours(app: Flask) -> None:
    imported(SMALL)
    assert [found.minutes for found in entries()] == [180, 270, 180]
    assert (entries()[0].starts_at, entries()[0].ends_at, entries()[0].break_minutes) == (time(9), time(12, 30), 30)


def test_the_dates_of_submitting_and_deciding_are_the_date_when_empty(app: Flask) -> None:
    imported(SMALL)
    found = [(one.state, one.submitted_on, one.decided_on) for one in entries()]
    assert found == [
        (EntryState.CONFIRMED, date(2026, 4, 10), date(2026, 4, 13)),
        (EntryState.SUBMITTED, date(2026, 4, 17), None),
        (EntryState.REJECTED, date(2026, 4, 24), date(2026, 4, 24)),
    ]


def test_a_third_of_an_hour_is_a_whole_number_of_minutes(sqlite_app: Flask) -> None:
    imported(SMALL)
    imported(hours(entry("2026-05-12", ",,,0.333"), entry("2026-05-13", ",,,1,075".replace("1,075", '"1,075"'))))
    assert [found.minutes for found in entries()[3:]] == [20, 65]


@pytest.mark.parametrize(
    ("work", "is_refused"),
    [("17:00,18:29,,", False), ("17:00,18:30,,", False), ("17:00,18:31,,", True)],
)
def test_ten_hours_on_one_date_count_what_is_stored(sqlite_app: Flask, work: str, is_refused: bool) -> None:
    imported(SMALL)
    imported(hours(entry("2026-05-12", "08:00,16:30,,")))
    assert where(faults_of(hours(entry("2026-05-12", work)))) == ([(2, "end")] if is_refused else [])


def test_ten_hours_on_one_date_count_the_rows_before(sqlite_app: Flask) -> None:
    imported(SMALL)
    rows = hours(entry("2026-05-12", ",,,6"), entry("2026-05-12", ",,,4"), entry("2026-05-12", ",,,0.25"))
    assert where(faults_of(rows)) == [(4, "hours")]


def test_hours_that_are_refused_themselves_do_not_count(sqlite_app: Flask) -> None:
    imported(SMALL)
    assert where(faults_of(hours(entry("2026-05-12", ",,,11"), entry("2026-05-12", ",,,4")))) == [(2, "hours")]


def test_overlap_with_another_row_names_it(sqlite_app: Flask) -> None:
    imported(SMALL)
    rows = hours(entry("2026-05-12", "09:00,12:00,,"), entry("2026-05-12", "11:59,13:00,,"))
    (fault,) = faults_of(rows)
    assert (fault.row, fault.column, fault.value) == (3, "start", "11:59")
    assert "2, 09:00–12:00" in str(fault.expected)
    assert (
        imported(hours(entry("2026-05-12", "09:00,12:00,,"), entry("2026-05-12", "12:00,13:00,,"))).total.created == 2
    )


def test_overlap_with_a_live_entry_that_is_stored_is_refused(sqlite_app: Flask) -> None:
    imported(SMALL)
    (fault,) = faults_of(hours(entry("2026-04-10", "12:29,13:00,,")))
    assert (fault.row, fault.column) == (2, "start")
    assert imported(hours(entry("2026-04-10", "12:30,13:00,,"))).total.created == 1


def test_a_rejected_entry_takes_up_no_time(sqlite_app: Flask) -> None:
    imported(SMALL)
    assert imported(hours(entry("2026-04-24", "10:00,13:00,,"))).total.created == 1


def test_two_schools_on_one_date_count_together(sqlite_app: Flask) -> None:
    imported(with_rows("placements", "K1-01,Techniekcollege,mbo,,,2026-04-01,2026-12-18,"))
    rows = hours(entry("2026-05-12", ",,,6"), entry("2026-05-12", ",,,5", school="Techniekcollege"))
    assert where(faults_of(rows)) == [(3, "hours")]


@pytest.mark.parametrize("state", ["draft", "submitted", "confirmed", "rejected", "withdrawn"])
def test_a_date_that_is_still_to_come_is_refused_in_every_state(sqlite_app: Flask, state: str) -> None:
    imported(SMALL)
    assert where(faults_of(hours(entry("2026-06-15", state=state)))) == [(2, "date")]


def test_all_that_is_wrong_with_one_row_is_said(sqlite_app: Flask) -> None:
    imported(SMALL)
    faults = faults_of(hours(entry("2027-01-10", "09:00,20:00,,")))
    assert where(faults) == [(2, "end"), (2, "date"), (2, "date"), (2, "date")]


def test_what_was_stored_keeps_counting_when_something_around_it_changes(app: Flask) -> None:
    """The placement now begins after the hours, and a pause covers them: the same rows are imported again."""
    imported(SMALL)
    files = with_cell("pauses", 2, "start_on", "2026-04-01")
    files = with_cell("pauses", 2, "reason", "Ziek", files)
    assert imported(files).files["internship_hours.csv"] == Counts(created=0, updated=0, unchanged=3)
    assert where(faults_of(hours(entry("2026-04-20")))) == [(2, "date")]


def test_deciding_on_stored_hours_is_not_entering_them_anew(sqlite_app: Flask) -> None:
    imported(SMALL)
    imported(with_cell("pauses", 2, "start_on", "2026-04-01"))
    for state in ("confirmed", "withdrawn"):
        result = imported(only("internship_hours", files=with_cell("internship_hours", 3, "state", state)))
        assert result.total == Counts(created=0, updated=1, unchanged=2)


def test_bringing_rejected_hours_back_is_entering_them_anew(sqlite_app: Flask) -> None:
    imported(SMALL)
    imported(hours(entry("2026-04-24", "11:00,13:00,,")))
    files = only("internship_hours", files=with_cell("internship_hours", 4, "state", "submitted"))
    assert where(faults_of(files)) == [(4, "start")]


@pytest.mark.parametrize(
    ("column", "value"), [("end", "13:00"), ("break_minutes", "15"), ("activity", "teach"), ("note", "Anders")]
)
def test_a_confirmed_entry_is_not_changed(sqlite_app: Flask, column: str, value: str) -> None:
    imported(SMALL)
    assert where(faults_of(with_cell("internship_hours", 2, column, value))) == [(2, column)]


def test_a_confirmed_entry_is_not_made_undecided(sqlite_app: Flask) -> None:
    imported(SMALL)
    files = with_cell("internship_hours", 2, "confirmed_on", "", with_cell("internship_hours", 2, "state", "submitted"))
    assert (2, "state") in where(faults_of(files))


def test_a_confirmed_entry_can_be_withdrawn_with_a_reason(app: Flask) -> None:
    imported(SMALL)
    files = with_cell("internship_hours", 2, "note", "Dubbel", with_cell("internship_hours", 2, "state", "withdrawn"))
    assert imported(files).total.updated == 1
    assert (entries()[0].state, entries()[0].note) == (EntryState.WITHDRAWN, "Dubbel")


def test_rows_of_one_date_are_known_by_what_they_say_and_then_in_order(app: Flask) -> None:
    """A row set before a confirmed one of the same date does not pass for a change of it."""
    imported(SMALL)
    first = entry("2026-05-12", ",,,2", "confirmed")
    imported(hours(first))
    assert imported(hours(entry("2026-05-12", ",,,3"), first)).total == Counts(created=1, updated=0, unchanged=1)
    assert imported(hours(entry("2026-05-12", ",,,4"), first)).total == Counts(created=0, updated=1, unchanged=1)


def test_of_two_periods_at_a_school_the_one_that_holds_the_date_is_taken(app: Flask) -> None:
    imported(with_rows("placements", "K1-01,Vakcollege,vmbo,,,2026-01-05,2026-03-31,"))
    imported(
        with_rows(
            "internship_hours",
            entry("2026-03-31"),
            entry("2026-05-12"),
            files=with_rows("placements", "K1-01,Vakcollege,vmbo,,,2026-01-05,2026-03-31,"),
        )
    )
    starts = dict(db.session.execute(select(Placement.id, Placement.start_on)).tuples().all())
    assert [starts[found.placement_id] for found in entries()[3:]] == [date(2026, 1, 5), date(2026, 4, 1)]


def test_between_two_periods_the_nearest_is_named(sqlite_app: Flask) -> None:
    imported(with_cell("placements", 2, "start_on", "2026-04-10"))
    imported({"placements": SMALL["placements"].split("\n")[0] + "\nK1-01,Vakcollege,vmbo,,,2026-03-10,2026-03-31,"})
    (fault,) = faults_of(hours(entry("2026-04-03")))
    assert "2026-03-10" in str(fault.expected) and "2026-03-31" in str(fault.expected)
    (fault,) = faults_of(hours(entry("2026-04-08")))
    assert "2026-04-10" in str(fault.expected)


def test_hours_keep_the_placement_they_are_stored_with(sqlite_app: Flask) -> None:
    """The first period is made shorter, so that the second one is nearer: the same row stays the same row."""
    files = with_cell("placements", 2, "end_on", "2026-05-31")
    imported(files)
    imported(hours(entry("2026-05-20", state="confirmed")))
    files = with_cell("placements", 2, "end_on", "2026-05-01", files)
    files = with_rows("placements", "K1-01,Vakcollege,vmbo,,,2026-05-22,2026-12-18,", files=files)
    imported(only("placements", files=files))
    assert imported(hours(entry("2026-05-20", state="confirmed"))).total.unchanged == 1


def test_a_broken_placement_is_not_said_again_for_each_row_of_hours(sqlite_app: Flask) -> None:
    (fault,) = faults_of(with_cell("placements", 2, "end_on", "ooit"))
    assert (fault.file, fault.row) == ("placements.csv", 2)


def test_hours_of_someone_who_stopped_end_on_that_day(sqlite_app: Flask) -> None:
    files = with_cell("participants", 2, "status_on", "2026-05-12", with_cell("participants", 2, "status", "withdrawn"))
    imported(files)
    assert imported(hours(entry("2026-05-12"))).total.created == 1
    assert where(faults_of(hours(entry("2026-05-13")))) == [(2, "date")]


def test_hours_whose_own_placement_cannot_be_read_are_left_to_its_fault(sqlite_app: Flask) -> None:
    """Another period at the same school is sound, but is not the one these hours are stored with."""
    imported(SMALL)
    placements = with_rows("placements", "K1-01,Vakcollege,vmbo,,,2026-01-05,2026-03-31,")
    placements = only("placements", files=with_cell("placements", 2, "end_on", "ooit", placements))
    (fault,) = faults_of({**placements, **hours(entry("2026-04-17", ",,,5", school="Vakcollege"))})
    assert (fault.file, fault.row) == ("placements.csv", 2)


def test_hours_that_are_rejected_are_not_added_to_those_that_stand(sqlite_app: Flask) -> None:
    imported(SMALL)
    imported(hours(entry("2026-05-12", ",,,8")))
    assert imported(hours(entry("2026-05-12", "09:00,13:00,,", "rejected"))).total.created == 1
    (fault,) = faults_of(hours(entry("2026-05-12", "08:00,19:00,,", "rejected")))
    assert "11" in str(fault.expected) and "19" not in str(fault.expected)


def test_decided_hours_are_decided_on_their_date_when_the_file_does_not_say_when(sqlite_app: Flask) -> None:
    imported(SMALL)
    header = "participant_code,school,date,hours,activity,state"
    imported({"internship_hours": f"{header}\nK1-01,Vakcollege,2026-05-12,2,teach,confirmed"})
    assert (entries()[3].decided_on, entries()[3].submitted_on) == (date(2026, 5, 12), date(2026, 5, 12))


def test_of_two_periods_that_hold_the_date_the_earlier_is_taken(sqlite_app: Flask) -> None:
    imported(with_rows("placements", "K1-01,Vakcollege,vmbo,,,2026-03-10,2026-12-18,"))
    imported(hours(entry("2026-05-12")))
    starts = dict(db.session.execute(select(Placement.id, Placement.start_on)).tuples().all())
    assert starts[entries()[3].placement_id] == date(2026, 3, 10)
