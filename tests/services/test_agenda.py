"""What stands in an agenda: of a participant, of who guides or teaches, and of a cohort."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role
from hto_track.models.assignments import Assignment, Attempt, Extension
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.internship import InternshipEntry
from hto_track.models.lessons import Attendance, Lesson, LessonChange, LessonState
from hto_track.models.participants import Participant, Pause
from hto_track.models.privacy import Reading
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.facts import Activity, AttemptOutcome, EnrolmentStatus, EntryState, Mark
from hto_track.services.agenda import Agenda, cohort_agenda, own_agenda
from hto_track.services.agenda_items import AgendaItem, ItemKind
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import writing
from tests import cast as parts
from tests.cast import Cast
from tests.conftest import TODAY

FIRST, LAST = date(2026, 3, 1), date(2026, 12, 31)
COUNT = Callable[[], AbstractContextManager[list[str]]]


def agenda_of(actor: Actor) -> Agenda:
    db.session.rollback()
    return own_agenda(actor, FIRST, LAST, TODAY)


def said(items: tuple[AgendaItem, ...]) -> list[tuple[ItemKind, date, str | None]]:
    return [(item.kind, item.on, item.title) for item in items]


def the(agenda: Agenda, kind: ItemKind, number: int | None = None) -> AgendaItem:
    (item,) = (item for item in agenda.items if item.kind is kind and item.number == number)
    return item


def plan_interview(participant_id: int, on: date = date(2026, 12, 1)) -> None:
    with writing() as session:
        session.add(
            PlannedFinalAssessment(
                participant_id=participant_id,
                planned_on=on,
                starts_at=time(16),
                ends_at=time(17),
                location="Kamer 3",
                assessors="Chaima en Hanna",
            )
        )


def change(which: object, **values: object) -> None:
    with writing() as session:
        session.execute(update(which).values(**values))  # type: ignore[call-overload]


def test_a_participant_has_their_lessons_and_due_dates(app: Flask, cast: Cast) -> None:
    assert said(agenda_of(cast.bram).items) == [
        (ItemKind.LESSON, date(2026, 3, 10), "Les 1"),
        (ItemKind.LESSON, date(2026, 4, 14), "Les 2"),
        (ItemKind.DUE, date(2026, 7, 3), "Een les ontwerpen"),
        (ItemKind.LESSON, date(2026, 9, 1), "Les 3"),
    ]
    lesson = the(agenda_of(cast.bram), ItemKind.LESSON, 3)
    assert (lesson.starts_at, lesson.ends_at, lesson.location) == (time(18, 30), time(21, 30), "Tilburg")
    assert lesson.is_own
    assert (lesson.participant, lesson.cohort, lesson.cohort_name) == ("C1-01", "C-1", "Groep C-1")


def test_who_leads_teaches_or_administers_has_those_of_their_cohorts(app: Flask, cast: Cast) -> None:
    with writing() as session:
        session.add(
            Lesson(
                cohort_id=cast.other_cohort_id,
                number=1,
                held_on=date(2026, 9, 2),
                starts_at=time(18, 30),
                ends_at=time(21),
                state=LessonState.PLANNED,
            )
        )
    of_c1 = [item.key for item in agenda_of(cast.anja).items]
    assert len(of_c1) == 4
    assert not any(item.is_own for item in agenda_of(cast.anja).items)
    college = agenda_of(cast.chaima).items
    assert {item.cohort for item in college} == {"C-1", "C-2"}
    assert [item.key for item in college if item.cohort == "C-1"] == of_c1
    assert [item.key for item in agenda_of(cast.hanna).items] == [item.key for item in college]


def test_nobody_else_has_an_agenda(app: Flask, cast: Cast) -> None:
    for actor in (cast.dirk, cast.els, cast.femke, cast.ilse, cast.karel):
        with pytest.raises(Forbidden):
            agenda_of(actor)


def test_a_cohort_is_there_for_its_staff_alone(app: Flask, cast: Cast) -> None:
    def ask(actor: Actor) -> Agenda:
        return cohort_agenda(actor, cast.cohort, FIRST, LAST, TODAY)

    assert {item.cohort for item in ask(cast.chaima).items} == {"C-1"}
    for actor in (cast.bram, cast.otto, cast.karel):
        with pytest.raises(NotFound):
            ask(actor)
    with pytest.raises(Forbidden):
        ask(cast.ilse)


def test_between_two_dates_and_whether_there_is_more(app: Flask, cast: Cast) -> None:
    found = own_agenda(cast.bram, date(2026, 4, 14), date(2026, 7, 3), TODAY)
    assert [item.on for item in found.items] == [date(2026, 4, 14), date(2026, 7, 3)]
    assert (found.has_earlier, found.has_later) == (True, True)
    whole = agenda_of(cast.bram)
    assert (whole.has_earlier, whole.has_later) == (False, False)


def test_lessons_outside_the_active_span_are_not_theirs(app: Flask, cast: Cast) -> None:
    with writing() as session:
        session.add(Pause(participant_id=cast.participant_id, start_on=date(2026, 4, 1), end_on=date(2026, 4, 30)))
    assert [item.number for item in agenda_of(cast.bram).items if item.number] == [1, 3]
    change(Participant, status=EnrolmentStatus.WITHDRAWN, status_on=date(2026, 6, 10))
    left = agenda_of(cast.bram)
    assert said(left.items) == [(ItemKind.LESSON, date(2026, 3, 10), "Les 1")]


def test_a_cancelled_lesson_stays_and_says_why(app: Flask, cast: Cast) -> None:
    change(Lesson, state=LessonState.CANCELLED, cancel_reason="Docent ziek")
    lesson = the(agenda_of(cast.bram), ItemKind.LESSON, 3)
    assert (lesson.cancelled, lesson.reason, lesson.moved_from) == (True, "Docent ziek", None)


def move(lesson_number: int, to: date, reason: str | None = None) -> None:
    with writing() as session:
        row = session.scalars(select(Lesson).where(Lesson.number == lesson_number).order_by(Lesson.id)).first()
        assert row is not None
        session.add(
            LessonChange(
                lesson_id=row.id,
                changed_at=parts.clock.now(),
                changed_by="console",
                was_on=row.held_on,
                was_starts_at=row.starts_at,
                was_ends_at=row.ends_at,
                was_cancelled=False,
                reason=reason,
            )
        )
        row.held_on = to


def test_a_moved_lesson_says_when_it_was_first_and_why_it_was_moved_last(app: Flask, cast: Cast) -> None:
    move(3, date(2026, 9, 3), "Zaal bezet")
    move(3, date(2026, 9, 8), "Nog steeds bezet")
    lesson = the(agenda_of(cast.bram), ItemKind.LESSON, 3)
    assert (lesson.on, lesson.moved_from, lesson.reason) == (date(2026, 9, 8), date(2026, 9, 1), "Nog steeds bezet")
    move(3, date(2026, 9, 1))
    back = the(agenda_of(cast.bram), ItemKind.LESSON, 3)
    assert (back.on, back.moved_from, back.reason) == (date(2026, 9, 1), None, None)


def test_a_lesson_keeps_its_key_whatever_becomes_of_it(app: Flask, cast: Cast) -> None:
    before = the(agenda_of(cast.bram), ItemKind.LESSON, 3).key
    move(3, date(2026, 10, 6))
    change(Lesson, title="Heel iets anders")
    assert the(agenda_of(cast.bram), ItemKind.LESSON, 3).key == before


def test_ones_own_mark_stands_at_the_lesson(app: Flask, cast: Cast) -> None:
    with writing() as session:
        session.add(Attendance(participant_id=cast.participant_id, lesson_id=cast.lesson_id, mark=Mark.LATE))
    assert the(agenda_of(cast.bram), ItemKind.LESSON, 1).mark is Mark.LATE
    assert the(agenda_of(cast.anja), ItemKind.LESSON, 1).mark is None


def test_a_due_date_is_ones_own(app: Flask, cast: Cast) -> None:
    due = the(agenda_of(cast.bram), ItemKind.DUE)
    assert (due.on, due.code, due.state) == (date(2026, 7, 3), "A1", AssignmentState.OPEN)
    with writing() as session:
        session.add(Pause(participant_id=cast.participant_id, start_on=date(2026, 6, 1), end_on=date(2026, 6, 7)))
    assert the(agenda_of(cast.bram), ItemKind.DUE).on == date(2026, 7, 10)  # moved by the week of the pause
    with writing() as session:
        session.add(
            Extension(participant_id=cast.participant_id, assignment_id=cast.assignment_id, due_on=date(2026, 8, 21))
        )
    assert the(agenda_of(cast.bram), ItemKind.DUE).on == date(2026, 8, 21)
    assert the(agenda_of(cast.anja), ItemKind.DUE).on == date(2026, 7, 3)  # that of the cohort stays


def test_a_resit_takes_the_place_of_the_due_date(app: Flask, cast: Cast) -> None:
    key = the(agenda_of(cast.bram), ItemKind.DUE).key
    with writing() as session:
        session.add(
            Attempt(
                participant_id=cast.participant_id,
                assignment_id=cast.assignment_id,
                number=1,
                submitted_on=date(2026, 6, 3),
                assessed_on=date(2026, 6, 10),
                outcome=AttemptOutcome.FAILED,
                resit_due_on=date(2026, 8, 28),
            )
        )
    due = the(agenda_of(cast.bram), ItemKind.DUE)
    assert (due.on, due.state, due.key) == (date(2026, 8, 28), AssignmentState.RESIT, key)


@pytest.mark.parametrize("tries", [0, 2])
def test_what_is_exempt_or_has_no_attempt_left_has_no_date(tries: int, app: Flask, cast: Cast) -> None:
    numbers = [0] if tries == 0 else [1, 2]
    outcome = AttemptOutcome.EXEMPT if tries == 0 else AttemptOutcome.FAILED
    with writing() as session:
        session.add_all(
            Attempt(
                participant_id=cast.participant_id,
                assignment_id=cast.assignment_id,
                number=number,
                submitted_on=date(2026, 6, 3),
                assessed_on=date(2026, 6, 10),
                outcome=outcome,
            )
            for number in numbers
        )
    assert ItemKind.DUE not in {item.kind for item in agenda_of(cast.bram).items}


def test_internship_days_are_those_that_stand_and_the_period_goes_along(app: Flask, cast: Cast) -> None:
    with writing() as session:
        session.add_all(
            InternshipEntry(
                participant_id=cast.participant_id,
                placement_id=cast.placement_id,
                worked_on=on,
                starts_at=starts_at,
                ends_at=starts_at and time(12),
                break_minutes=0,
                minutes=180,
                activity=Activity.OBSERVE,
                state=state,
                submitted_on=on,
            )
            for on, state, starts_at in (
                (date(2026, 6, 2), EntryState.CONFIRMED, time(9)),
                (date(2026, 6, 3), EntryState.SUBMITTED, None),
                (date(2026, 6, 4), EntryState.REJECTED, None),
                (date(2026, 6, 5), EntryState.WITHDRAWN, None),
            )
        )
    agenda = agenda_of(cast.bram)
    days = [item for item in agenda.items if item.kind is ItemKind.INTERNSHIP]
    assert [(day.on, day.starts_at, day.minutes, day.title) for day in days] == [
        (date(2026, 6, 2), time(9), 180, "Vakcollege Zuid"),
        (date(2026, 6, 3), None, 180, "Vakcollege Zuid"),
    ]
    assert [one.school for one in agenda.placements] == ["Vakcollege Zuid"]
    assert own_agenda(cast.bram, date(2026, 3, 1), date(2026, 3, 31), TODAY).placements == ()
    assert ItemKind.INTERNSHIP not in {item.kind for item in agenda_of(cast.anja).items}


def test_a_closing_interview_is_the_participants_own_and_named_to_their_staff(app: Flask, cast: Cast) -> None:
    plan_interview(cast.participant_id)
    own = the(agenda_of(cast.bram), ItemKind.FINAL_ASSESSMENT)
    assert (own.on, own.starts_at, own.location, own.is_own, own.name) == (
        date(2026, 12, 1), time(16), "Kamer 3", True, None,
    )  # fmt: skip
    for actor in (cast.anja, cast.chaima, cast.hanna):
        theirs = the(agenda_of(actor), ItemKind.FINAL_ASSESSMENT)
        assert (theirs.name, theirs.participant, theirs.is_own) == ("Bram de Wit", "C1-01", False)
    assert ItemKind.FINAL_ASSESSMENT not in {item.kind for item in agenda_of(cast.otto).items}


def test_who_was_shown_a_name_is_noted(app: Flask, cast: Cast) -> None:
    plan_interview(cast.participant_id)
    own_agenda(cast.bram, FIRST, LAST, TODAY)
    own_agenda(cast.anja, FIRST, date(2026, 11, 30), TODAY)
    assert db.session.scalars(select(Reading)).all() == []
    own_agenda(cast.anja, FIRST, LAST, TODAY)
    (noted,) = db.session.scalars(select(Reading))
    assert (noted.reader, noted.participant_id) == (cast.anja.ref, cast.participant_id)


def test_the_interview_of_who_left_or_was_erased_is_gone(app: Flask, cast: Cast) -> None:
    plan_interview(cast.participant_id)
    change(Participant, status=EnrolmentStatus.WITHDRAWN, status_on=date(2026, 6, 10))
    assert ItemKind.FINAL_ASSESSMENT not in {item.kind for item in agenda_of(cast.anja).items}
    change(Participant, status=EnrolmentStatus.ACTIVE, status_on=None, erased_on=TODAY)
    assert ItemKind.FINAL_ASSESSMENT not in {item.kind for item in agenda_of(cast.anja).items}


def test_who_guides_the_cohort_they_take_part_in_has_each_lesson_once(app: Flask, cast: Cast) -> None:
    both = Actor(
        email=cast.bram.email,
        name=cast.bram.name,
        user_id=cast.bram.user_id,
        grants=cast.bram.grants + cast.anja.grants,
    )
    lessons = [item for item in agenda_of(both).items if item.kind is ItemKind.LESSON]
    assert [(lesson.number, lesson.is_own) for lesson in lessons] == [(1, True), (2, True), (3, True)]


def test_as_many_queries_however_much_there_is(app: Flask, cast: Cast, count_queries: COUNT) -> None:
    def queries(actor: Actor) -> int:
        db.session.rollback()
        with count_queries() as counted:
            own_agenda(actor, FIRST, LAST, TODAY)
        return len(counted)

    few = {actor.email: queries(actor) for actor in (cast.bram, cast.anja, cast.chaima)}
    with writing() as session:
        for number in range(4, 30):
            for cohort_id in (cast.cohort_id, cast.other_cohort_id):
                session.add(
                    Lesson(
                        cohort_id=cohort_id,
                        number=number,
                        held_on=date(2026, 9, number),
                        starts_at=time(18, 30),
                        ends_at=time(21),
                        state=LessonState.PLANNED,
                    )
                )
            session.add(
                Assignment(
                    cohort_id=cast.cohort_id,
                    code=f"B{number}",
                    title="Nog een",
                    opens_on=date(2026, 6, 1),
                    due_on=date(2026, 9, number),
                    estimated_minutes=60,
                    mandatory=True,
                )
            )
        session.execute(delete(Grant).where(Grant.role == Role.OBSERVER))
    assert {actor.email: queries(actor) for actor in (cast.bram, cast.anja, cast.chaima)} == few
    assert max(few.values()) <= 14
