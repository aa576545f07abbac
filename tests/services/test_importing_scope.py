"""Who may import what: Anja leads C-1, Otto leads C-2, Gijs administers; what all cohorts share is for administrators."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.assignments import StudyLogRow
from hto_track.models.lessons import Attendance
from hto_track.rules.facts import Mark
from hto_track.services.importing import Counts
from hto_track.services.policy import Actor, ActorGrant
from hto_track.services.refusals import Forbidden
from tests.cast import Cast, settle
from tests.importable import SMALL, faults_of, imported
from tests.trail import trail


def marks(cohort: str, participant: str, mark: str = "present") -> dict[str, str]:
    return {"attendance": f"cohort_code,lesson_no,participant_code,mark\n{cohort},1,{participant},{mark}"}


def test_a_leader_imports_into_their_own_cohort(app: Flask, cast: Cast) -> None:
    assert imported(marks("C-1", "C1-01"), cast.anja).total.created == 1
    assert db.session.scalars(select(Attendance.mark).filter_by(participant_id=cast.participant_id)).all() == [
        Mark.PRESENT
    ]
    assert {entry.actor for entry in trail("import_files")} == {cast.anja.ref}


def test_a_leader_adds_participants_to_their_own_cohort(sqlite_app: Flask) -> None:
    cast = settle()
    files = {
        "participants": "cohort_code,participant_code,given_name,family_name,email\nC-1,C1-03,Sem,Bos,sem@example.org"
    }
    assert imported(files, cast.anja).total.created == 1
    assert faults_of(files, cast.otto)[0].row == 2


def test_a_leader_does_not_import_into_another_cohort(app: Flask, cast: Cast) -> None:
    (fault,) = faults_of({"study_log": "participant_code,date,hours\nC2-01,2026-05-01,2"}, cast.anja)
    assert (fault.file, fault.row, fault.column, fault.value) == ("study_log.csv", 2, "participant_code", "C2-01")
    assert db.session.scalar(select(func.count()).select_from(StudyLogRow)) == 0


def test_a_leader_starts_no_cohort_and_an_administrator_does(app: Flask, cast: Cast) -> None:
    files = {"cohorts": "cohort_code,programme_code,region,start_on,end_on\nC-3,HTO,zuid,2027-01-01,2027-12-01"}
    (fault,) = faults_of(files, cast.anja)
    assert (fault.row, fault.column, fault.value) == (2, "cohort_code", "C-3")
    assert imported(files, cast.gijs).total.created == 1


def test_a_leader_changes_nothing_that_all_cohorts_share(app: Flask, cast: Cast) -> None:
    same = {"learning_outcomes": "programme_code,outcome_code,title\nHTO,LU1,Lessen ontwerpen"}
    assert imported(same, cast.anja).total == Counts(created=0, updated=0, unchanged=1)
    (fault,) = faults_of({"learning_outcomes": "programme_code,outcome_code,title\nHTO,LU1,Anders"}, cast.anja)
    assert (fault.file, fault.row) == ("learning_outcomes.csv", 2)
    assert imported({"learning_outcomes": "programme_code,outcome_code,title\nHTO,LU1,Anders"}, cast.gijs).total.updated


@pytest.mark.parametrize("name", ["bram", "chaima", "dirk", "els", "femke"])
def test_nobody_else_imports_anything(sqlite_app: Flask, name: str) -> None:
    cast = settle()
    with pytest.raises(Forbidden):
        imported(marks("C-1", "C1-01"), getattr(cast, name))
    assert db.session.scalar(select(func.count()).select_from(Attendance)) == 0


def test_who_leads_nothing_yet_touches_nothing(sqlite_app: Flask) -> None:
    imported(SMALL)
    nobody = Actor(email="x@example.org", name="X", grants=(ActorGrant(role=Role.PROJECT_LEADER, cohort_id=None),))
    assert {fault.file for fault in faults_of(SMALL, nobody)} == {
        f"{name}.csv"
        for name in SMALL
        if name
        not in (
            "programmes",
            "learning_outcomes",
            "checkpoints",
            "routes",
            "route_modules",
            "agreements",
            "school_holidays",
        )
    }


@pytest.mark.parametrize(
    ("file", "mine", "others"),
    [
        (
            "attempts",
            "participant_code,assignment_code,attempt,submitted_on,assessed_on,outcome\nC1-01,A1,1,2026-06-01,,",
            "participant_code,assignment_code,attempt,submitted_on,assessed_on,outcome\nC1-01,A1,1,2026-06-01,2026-06-08,passed",
        ),
        (
            "internship_hours",
            "participant_code,school,date,hours,activity,state\nC1-01,Vakcollege Zuid,2026-06-01,2,observe,submitted",
            "participant_code,school,date,hours,activity,state\nC1-01,Vakcollege Zuid,2026-06-01,2,observe,confirmed",
        ),
        ("final_assessments", None, "participant_code,date,outcome\nC1-01,2026-06-01,passed"),
    ],
)
def test_a_leader_does_not_decide_by_file_what_others_decide(
    sqlite_app: Flask, file: str, mine: str | None, others: str
) -> None:
    cast = settle()
    (fault,) = faults_of({file: others}, cast.anja)
    assert (fault.file, fault.row) == (f"{file}.csv", 2)
    if mine is not None:
        assert imported({file: mine}, cast.anja).total.created == 1
    imported({file: others}, cast.gijs)
    assert imported({file: others}, cast.anja).total.unchanged == 1
    if mine is not None:
        assert faults_of({file: mine}, cast.anja)
        assert imported({file: others}, cast.gijs).total.unchanged == 1


@pytest.mark.parametrize(
    ("file", "text", "column"),
    [
        (
            "attempts",
            "participant_code,assignment_code,attempt,submitted_on,assessed_on,outcome\nC1-01,A1,1,2026-06-01,2026-06-08,good",
            "outcome",
        ),
        (
            "internship_hours",
            "participant_code,school,date,hours,activity,state\nC1-01,Vakcollege Zuid,2026-06-01,2,observe,seen",
            "state",
        ),
    ],
)
def test_a_leader_is_told_of_a_decision_that_cannot_be_read(
    sqlite_app: Flask, file: str, text: str, column: str
) -> None:
    (fault,) = faults_of({file: text}, settle().anja)
    assert (fault.row, fault.column) == (2, column)
