"""What waits for a college: of every kind, oldest first, for whom it is, in as many queries for many cohorts as for one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from hto_track.models.cohorts import Cohort
from hto_track.models.diploma import FinalAssessment, PlannedFinalAssessment
from hto_track.models.internship import InternshipEntry
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.facts import Activity, EnrolmentStatus, EntryState, Mark
from hto_track.rules.requirement import RequirementState
from hto_track.services import standings
from hto_track.services.assignments import record_submission
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.college_work import CollegeWork, WorkKind, college_work, work_waiting
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import writing
from tests import cast as parts
from tests.cast import Cast
from tests.conftest import TODAY
from tests.graduates import READY_ON, make_ready

CountQueries = Callable[[], AbstractContextManager[list[str]]]


def said(work: CollegeWork) -> list[tuple[str, str, date, int]]:
    """The items in order: kind, cohort, since when, of how many people."""
    return [(item.kind.value, item.cohort.code, item.since, item.people) for item in work.items]


def fill_lists(cast: Cast, *numbers: int) -> None:
    for number in numbers:
        present = [MarkChange(participant=code, seen=None, mark=Mark.PRESENT) for code in ("C1-01", "C1-02")]
        record_marks(cast.anja, cast.cohort, number, present, TODAY)


def test_lists_and_work_wait_oldest_first_over_all_cohorts(cast: Cast) -> None:
    record_submission(cast.chaima, cast.participant, "A1", date(2026, 6, 5), TODAY)
    record_submission(cast.chaima, cast.neighbour, "A1", date(2026, 6, 3), TODAY)
    fill_lists(cast, 2)
    assert said(college_work(cast.chaima, TODAY)) == [
        ("attendance", "C-1", date(2026, 3, 10), 2),
        ("assess", "C-1", date(2026, 6, 3), 2),
    ]
    queue = work_waiting(cast.chaima, TODAY)
    assert [(work.member.code, work.attempt, work.since) for work in queue] == [
        ("C1-02", 1, date(2026, 6, 3)),
        ("C1-01", 1, date(2026, 6, 5)),
    ]


def leave_gaps(cast: Cast, held: dict[int, date], *, people: int, missing: int) -> None:
    """Lessons on these dates with a full list, but for the mark of ``missing`` of so many people."""
    with writing() as session:
        cohort = session.get_one(Cohort, cast.cohort_id)
        rows = [
            parts.enrol(session, cohort, f"C1-{number:02d}", "Kim", None, "Boer") for number in range(3, people + 1)
        ]
        lessons = {row.number: row for row in session.scalars(select(Lesson).where(Lesson.cohort_id == cohort.id))}
        assert len(rows) == people - 2
        for number, on in held.items():
            lessons[number].held_on = on
    present = [
        MarkChange(participant=f"C1-{number:02d}", seen=None, mark=Mark.PRESENT)
        for number in range(missing + 1, people + 1)
    ]
    for number in held:
        record_marks(cast.anja, cast.cohort, number, present, TODAY)


def test_old_lists_with_a_single_gap_come_last_and_together(cast: Cast) -> None:
    record_submission(cast.chaima, cast.participant, "A1", date(2026, 6, 5), TODAY)
    leave_gaps(cast, {1: date(2026, 3, 10), 2: date(2026, 3, 17)}, people=3, missing=1)
    work = college_work(cast.chaima, TODAY)
    assert said(work) == [
        ("assess", "C-1", date(2026, 6, 5), 1),
        ("old_gaps", "C-1", date(2026, 3, 10), 2),
    ]
    assert (work.items[1].lists, work.items[1].lesson) == (2, None)
    fill_lists(cast, 1)
    work = college_work(cast.chaima, TODAY)
    assert said(work)[1:] == [("old_gaps", "C-1", date(2026, 3, 17), 1)]
    assert work.items[1].lesson is not None and work.items[1].lesson.number == 2


def test_a_list_of_late_or_one_that_lacks_more_than_a_third_waits_by_its_age(cast: Cast) -> None:
    recent = TODAY - timedelta(days=14)
    leave_gaps(cast, {1: recent - timedelta(days=1), 2: recent}, people=3, missing=1)
    assert said(college_work(cast.chaima, TODAY)) == [
        ("attendance", "C-1", recent, 1),
        ("old_gaps", "C-1", recent - timedelta(days=1), 1),
    ]
    with writing() as session:
        neighbour = session.scalars(select(Participant.id).where(Participant.code == cast.neighbour)).one()
        session.execute(delete(Attendance).where(Attendance.participant_id == neighbour))
    assert said(college_work(cast.chaima, TODAY)) == [
        ("attendance", "C-1", recent - timedelta(days=1), 2),
        ("attendance", "C-1", recent, 2),
    ]


def test_the_administration_of_a_college_is_shown_its_own_work_alone(cast: Cast) -> None:
    record_submission(cast.chaima, cast.participant, "A1", date(2026, 6, 5), TODAY)
    kinds = {item.kind for item in college_work(cast.hanna, TODAY).items}
    assert kinds == {WorkKind.ATTENDANCE}
    with pytest.raises(Forbidden):
        work_waiting(cast.hanna, TODAY)
    for someone in (cast.anja, cast.bram, cast.gijs):
        with pytest.raises(Forbidden):
            college_work(someone, TODAY)


def test_tonight_is_on_top_and_does_not_wait_before_it_is_over(cast: Cast) -> None:
    fill_lists(cast, 1, 2)
    with writing() as session:
        lesson = session.scalars(select(Lesson).where(Lesson.number == 3)).one()
        lesson.held_on = TODAY
    work = college_work(cast.chaima, TODAY)
    assert [(each.lesson.number, each.expected, each.marked) for each in work.tonight] == [(3, 2, 0)]
    assert (work.items, work.next_lesson) == ((), None)
    later = college_work(cast.chaima, TODAY + timedelta(days=1))
    assert said(later) == [("attendance", "C-1", TODAY, 2)]


def test_who_has_nothing_is_told_the_next_lesson(cast: Cast) -> None:
    fill_lists(cast, 1, 2)
    work = college_work(cast.chaima, TODAY)
    assert work.items == ()
    assert work.next_lesson is not None
    assert (work.next_lesson.lesson.number, work.next_lesson.cohort.code) == (3, "C-1")


@pytest.mark.parametrize(("days", "expected"), [(13, []), (14, [("hours", "C-1", date(2026, 5, 31), 1)])])
def test_hours_that_a_supervisor_leaves_waiting_are_the_colleges(
    cast: Cast, days: int, expected: list[tuple[str, str, date, int]]
) -> None:
    fill_lists(cast, 1, 2)
    on = TODAY - timedelta(days=days)
    with writing() as session:
        session.add(
            InternshipEntry(
                participant_id=cast.participant_id,
                placement_id=cast.placement_id,
                worked_on=on,
                break_minutes=0,
                minutes=60,
                activity=Activity.OBSERVE,
                state=EntryState.SUBMITTED,
                submitted_on=on,
            )
        )
    assert said(college_work(cast.chaima, TODAY)) == expected


class TestEndings:
    """Closing interviews and diplomas."""

    def test_who_met_all_else_is_to_be_planned_then_recorded_then_awarded(self, cast: Cast) -> None:
        make_ready(cast)
        found = {item.kind: item for item in college_work(cast.chaima, TODAY).items}
        assert (found[WorkKind.AWARD].since, found[WorkKind.AWARD].people) == (READY_ON, 1)
        with writing() as session:
            session.execute(delete(FinalAssessment))
        found = {item.kind: item for item in college_work(cast.hanna, TODAY).items}
        assert WorkKind.AWARD not in found
        assert (found[WorkKind.PLAN_INTERVIEW].since, found[WorkKind.PLAN_INTERVIEW].people) == (READY_ON, 1)
        with writing() as session:
            session.add(
                PlannedFinalAssessment(
                    participant_id=cast.participant_id, planned_on=TODAY, starts_at=time(19), ends_at=time(20)
                )
            )
        found = {item.kind: item for item in college_work(cast.chaima, TODAY).items}
        assert WorkKind.PLAN_INTERVIEW not in found
        assert found[WorkKind.RECORD_INTERVIEW].since == TODAY
        assert WorkKind.RECORD_INTERVIEW not in {item.kind for item in college_work(cast.hanna, TODAY).items}

    def test_who_left_is_not_waited_for(self, cast: Cast) -> None:
        with writing() as session:
            session.add(
                PlannedFinalAssessment(
                    participant_id=cast.participant_id, planned_on=TODAY, starts_at=time(19), ends_at=time(20)
                )
            )
            row = session.get_one(Participant, cast.participant_id)
            row.status, row.status_on = EnrolmentStatus.WITHDRAWN, TODAY
        assert WorkKind.RECORD_INTERVIEW not in {item.kind for item in college_work(cast.chaima, TODAY).items}


@pytest.mark.usefixtures("example_app")
def test_the_example_cohorts_wait_for_what_their_boards_show() -> None:
    work = college_work(CONSOLE, TODAY)
    found = {(item.kind, item.cohort.code): item.people for item in work.items if item.kind is not WorkKind.ATTENDANCE}
    for code in ("ZH-04", "ZH-05"):
        members = cohort_standings(CONSOLE, code, TODAY).members
        met = sum(person.standing.requirements.state is RequirementState.MET for person in members)
        submitted = sum(
            each.state is AssignmentState.SUBMITTED
            for person in members
            for each in person.standing.assignments.standings
        )
        assert found.get((WorkKind.AWARD, code), 0) == met
        assert (
            sum(item.people for item in work.items if item.kind is WorkKind.ASSESS and item.cohort.code == code)
            == submitted
        )
    first = [item.since for item in work.items if item.kind is not WorkKind.OLD_GAPS]
    assert first == sorted(first)


def test_ten_cohorts_cost_as_many_queries_as_one(app: Flask, cast: Cast, count_queries: CountQueries) -> None:
    def asked() -> int:
        standings._kept._values.clear()
        with count_queries() as queries:
            college_work(cast.chaima, TODAY)
        return len(queries)

    few = asked()
    with writing() as session:
        programme = session.scalars(select(Programme)).one()
        for number in range(8):
            cohort = parts._cohort(session, programme, f"X-{number}", leader_email="anja@example.org")
            parts.enrol(session, cohort, f"X{number}-01", "Kim", None, "Boer")
        assert session.scalar(select(func.count()).select_from(Cohort)) == 10
    assert asked() == few
