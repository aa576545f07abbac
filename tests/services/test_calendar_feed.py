"""What is told in calendars elsewhere of what changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.agenda import CalendarSubscription
from hto_track.models.cohorts import Cohort
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant, Pause
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.calendar_feed import (
    CalendarFeed,
    download_cohort,
    download_own,
    read_feed,
    subscribe,
)
from hto_track.services.calendar_memory import CANCELLED_FOR, PAST
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import revision, writing
from tests.at_once import at_once
from tests.calendars import LESSON_3, NETWORK, change, change_lesson, feed, memory, read, token_of
from tests.cast import Cast
from tests.conftest import TODAY

COUNT = Callable[[], AbstractContextManager[list[str]]]


def set_today(app: Flask, on: date) -> None:
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], today=on)


def test_a_feed_tells_what_stands_in_the_agenda(app: Flask, cast: Cast) -> None:
    told = read(subscribe(cast.bram))
    assert [entry.summary for entry in told.values()] == [
        "Les 1", "Les 2", "Inleveren: Een les ontwerpen", "Les 3",
    ]  # fmt: skip
    lesson = told[LESSON_3]
    assert (lesson.on, lesson.starts_at, lesson.ends_at) == (date(2026, 9, 1), time(18, 30), time(21, 30))
    assert (lesson.sequence, lesson.is_cancelled, lesson.location) == (0, False, "Tilburg")
    assert lesson.url == "http://hto.test/agenda?week=2026-W36"
    assert lesson.description == "Les 3\nGroep C-1"


def test_a_moved_lesson_is_one_event_at_a_new_time_with_a_higher_sequence(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    before = read(calendar)
    change_lesson(3, held_on=date(2026, 9, 3), starts_at=time(19), ends_at=time(21, 15))
    after = read(calendar)
    assert after.keys() == before.keys()
    moved = after[LESSON_3]
    assert (moved.on, moved.starts_at, moved.ends_at) == (date(2026, 9, 3), time(19), time(21, 15))
    assert (moved.sequence, moved.is_cancelled) == (1, False)
    assert moved.told_at > before[LESSON_3].told_at
    others = before.keys() - {LESSON_3}
    assert {uid: after[uid] for uid in others} == {uid: before[uid] for uid in others}


def test_a_cancelled_lesson_is_told_as_cancelled_and_one_that_is_put_back_as_there(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    change_lesson(3, state=LessonState.CANCELLED, cancel_reason="Docent ziek")
    cancelled = read(calendar)[LESSON_3]
    assert (cancelled.sequence, cancelled.is_cancelled, cancelled.summary) == (1, True, "Vervalt: Les 3")
    assert "Docent ziek" in cancelled.description
    change_lesson(3, state=LessonState.PLANNED, cancel_reason=None)
    back = read(calendar)[LESSON_3]
    assert (back.sequence, back.is_cancelled, back.summary) == (2, False, "Les 3")


def test_a_changed_title_is_the_same_event(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    before = read(calendar)
    change_lesson(3, title="Heel iets anders; met, leestekens")
    after = read(calendar)
    assert after.keys() == before.keys()
    assert (after[LESSON_3].summary, after[LESSON_3].sequence) == ("Heel iets anders; met, leestekens", 1)


def test_what_falls_away_is_told_as_cancelled_for_ninety_days_and_then_forgotten(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    with writing() as session:
        pause = Pause(participant_id=cast.participant_id, start_on=date(2026, 8, 24), end_on=date(2026, 9, 6))
        session.add(pause)
    gone = read(calendar)[LESSON_3]
    assert (gone.is_cancelled, gone.sequence, gone.on) == (True, 1, date(2026, 9, 1))
    assert read(calendar)[LESSON_3] == gone
    set_today(app, TODAY + CANCELLED_FOR - timedelta(days=1))
    assert read(calendar)[LESSON_3] == gone
    set_today(app, TODAY + CANCELLED_FOR + timedelta(days=1))
    assert LESSON_3 not in read(calendar)
    assert "lesson-3" not in {row[0] for row in memory()}


def test_what_comes_back_is_the_same_event(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    with writing() as session:
        session.add(Pause(participant_id=cast.participant_id, start_on=date(2026, 8, 24), end_on=date(2026, 9, 6)))
    read(calendar)
    with writing() as session:
        session.execute(delete(Pause))
    back = read(calendar)[LESSON_3]
    assert (back.is_cancelled, back.sequence) == (False, 2)


def test_who_leaves_is_told_that_what_was_to_come_is_off(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    change(Participant, status=EnrolmentStatus.WITHDRAWN, status_on=date(2026, 6, 12))
    assert {entry.uid: entry.is_cancelled for entry in read(calendar).values()} == {
        "lesson-1@hto.test": False,
        "lesson-2@hto.test": False,
        "due-1-1@hto.test": True,
        LESSON_3: True,
    }


def test_what_is_long_ago_leaves_in_silence(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    set_today(app, date(2026, 4, 14) + PAST + timedelta(days=1))
    told = read(calendar)
    assert LESSON_3 in told
    assert not {"lesson-1@hto.test", "lesson-2@hto.test"} & told.keys()
    assert not any(entry.is_cancelled for entry in told.values())


def test_reading_again_writes_nothing(app: Flask, cast: Cast, count_queries: COUNT) -> None:
    calendar = subscribe(cast.bram)
    first = feed(calendar)
    stored, number = memory(), revision()
    db.session.rollback()
    with count_queries() as queries:
        assert read_feed(token_of(calendar), NETWORK) == first
    assert not [one for one in queries if not one.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert (memory(), revision()) == (stored, number)
    assert len(queries) <= 20


def test_as_many_queries_however_much_is_told(app: Flask, cast: Cast, count_queries: COUNT) -> None:
    def queries() -> int:
        read(calendar)
        db.session.rollback()
        with count_queries() as counted:
            read_feed(token_of(calendar), NETWORK)
        return len(counted)

    calendar = subscribe(cast.chaima)
    few = queries()
    with writing() as session:
        session.add_all(
            Lesson(
                cohort_id=cohort_id,
                number=number,
                held_on=date(2026, 9, number),
                starts_at=time(18, 30),
                ends_at=time(21),
                state=LessonState.PLANNED,
            )
            for number in range(4, 30)
            for cohort_id in (cast.cohort_id, cast.other_cohort_id)
        )
    assert queries() == few


def test_when_it_was_read_is_noted_once_an_hour(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    feed(calendar)
    first = db.session.scalars(select(CalendarSubscription.last_read_at)).one()
    assert first is not None
    feed(calendar)
    assert db.session.scalars(select(CalendarSubscription.last_read_at)).one() == first
    change(CalendarSubscription, last_read_at=clock.now() - timedelta(minutes=61))
    feed(calendar)
    assert db.session.scalars(select(CalendarSubscription.last_read_at)).one() > first


def test_two_readers_at_once_tell_a_change_once(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    together = [lambda: read_feed(token_of(calendar), NETWORK)] * 4
    first = at_once(app, *together)
    assert all(one == first[0] for one in first)
    assert len(memory()) == 4
    change_lesson(3, held_on=date(2026, 9, 3))
    for found in at_once(app, *together):
        assert isinstance(found, CalendarFeed)
        assert {entry.uid: entry.sequence for entry in found.entries}[LESSON_3] == 1
    assert {row[0]: row[1] for row in memory()}["lesson-3"] == 1


def test_a_calendar_elsewhere_names_nobody(app: Flask, cast: Cast) -> None:
    with writing() as session:
        session.add(
            PlannedFinalAssessment(
                participant_id=cast.participant_id,
                planned_on=date(2026, 12, 1),
                starts_at=time(16),
                ends_at=time(17),
                location="Kamer 3",
                assessors="Chaima Bakker",
            )
        )
    uid = f"interview-{cast.participant_id}@hto.test"
    own, theirs = read(subscribe(cast.bram))[uid], read(subscribe(cast.chaima))[uid]
    assert (own.summary, theirs.summary) == ("Eindgesprek", "Eindgesprek C1-01")
    for entry in (own, theirs):
        assert not any(name in repr(entry) for name in ("Bram", "Wit", "Chaima", "Bakker"))
    assert not any(name in repr(memory()) for name in ("Bram", "Wit", "Chaima", "Bakker"))


def test_a_file_to_read_in_once_takes_the_place_of_the_one_before(app: Flask, cast: Cast) -> None:
    def sequence() -> int:
        return next(entry.sequence for entry in download_own(cast.bram).entries if entry.uid == LESSON_3)

    first = sequence()
    set_today(app, TODAY + timedelta(days=1))
    assert sequence() > first
    assert memory() == []
    assert {entry.uid for entry in download_cohort(cast.anja, cast.cohort).entries} >= {LESSON_3}
    for refused in (lambda: download_cohort(cast.anja, cast.other_cohort), lambda: download_cohort(cast.bram, "C-1")):
        with pytest.raises(NotFound):
            refused()


def test_another_place_is_told_too(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    change(Cohort, location="Breda, lokaal 4")
    assert (read(calendar)[LESSON_3].location, read(calendar)[LESSON_3].sequence) == ("Breda, lokaal 4", 1)
