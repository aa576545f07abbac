"""Calendars elsewhere: their addresses, and what is told there of what changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from hto_track import clock
from hto_track.documents.calendar_file import CalendarEntry
from hto_track.extensions import db
from hto_track.models.accounts import Grant, User
from hto_track.models.agenda import CalendarEvent, CalendarSubscription
from hto_track.models.cohorts import Cohort
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.ledger import AuditEntry
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant, Pause
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.attempts import Limit
from hto_track.services.calendar_feed import (
    WRONG_ADDRESSES,
    CalendarFeed,
    Subscription,
    download_cohort,
    download_own,
    end_subscription,
    own_calendars,
    read_feed,
    renew_address,
    subscribe,
)
from hto_track.services.calendar_memory import CANCELLED_FOR, PAST
from hto_track.services.erasure import erase_participant
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, TooOften
from hto_track.services.transaction import revision, writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY

COUNT = Callable[[], AbstractContextManager[list[str]]]
NETWORK = "192.0.2.0/24"
LESSON_3 = "lesson-3@hto.test"


def read(one: Subscription) -> dict[str, CalendarEntry]:
    """What the address says, by UID."""
    return {entry.uid: entry for entry in feed(one).entries}


def feed(one: Subscription) -> CalendarFeed:
    db.session.rollback()
    return read_feed(token_of(one), NETWORK)


def token_of(one: Subscription) -> str:
    return one.address.rsplit("/", 1)[1].removesuffix(".ics")


def change(which: object, **values: object) -> None:
    with writing() as session:
        session.execute(update(which).values(**values))  # type: ignore[call-overload]


def change_lesson(number: int, **values: object) -> None:
    with writing() as session:
        session.execute(update(Lesson).where(Lesson.number == number).values(**values))


def set_today(app: Flask, on: date) -> None:
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], today=on)


def memory() -> list[tuple[Any, ...]]:
    """All that was told, as it is stored."""
    db.session.rollback()
    columns = (CalendarEvent.uid, CalendarEvent.sequence, CalendarEvent.told_at, CalendarEvent.content)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(CalendarEvent.id))]


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


def test_one_address_for_one_agenda(app: Flask, cast: Cast) -> None:
    assert subscribe(cast.anja) == subscribe(cast.anja)
    assert subscribe(cast.anja, cast.cohort) == subscribe(cast.anja, cast.cohort)
    assert subscribe(cast.anja, cast.cohort).address != subscribe(cast.anja).address
    assert subscribe(cast.bram).address != subscribe(cast.anja).address
    assert db.session.scalar(select(func.count()).select_from(CalendarSubscription)) == 3


def test_its_owner_is_shown_the_address_again(app: Flask, cast: Cast) -> None:
    assert [one.subscription for one in own_calendars(cast.anja)] == [None]
    own, of_cohort = subscribe(cast.anja), subscribe(cast.anja, cast.cohort)
    assert [one.subscription for one in own_calendars(cast.anja)] == [own, of_cohort]
    assert [one.cohort_code for one in own_calendars(cast.chaima, cast.other_cohort)] == [None, "C-2"]
    with pytest.raises(NotFound):
        own_calendars(cast.anja, cast.other_cohort)
    with pytest.raises(Forbidden):
        own_calendars(cast.dirk)


def test_nobody_subscribes_to_what_they_may_not_see(app: Flask, cast: Cast) -> None:
    for actor, cohort_code in ((cast.bram, "C-1"), (cast.anja, "C-2"), (cast.anja, "C-9"), (CONSOLE, None)):
        with pytest.raises(NotFound):
            subscribe(actor, cohort_code)
    for actor in (cast.dirk, cast.karel):
        with pytest.raises(Forbidden):
            subscribe(actor)
    assert db.session.scalars(select(CalendarSubscription)).all() == []


def test_a_new_address_ends_the_old_one_and_goes_on_where_it_was(app: Flask, cast: Cast) -> None:
    old = subscribe(cast.bram)
    read(old)
    change_lesson(3, held_on=date(2026, 9, 3))
    new = renew_address(cast.bram, old.id, SentForm(key="k", content="c"))
    assert new.address != old.address
    with pytest.raises(NotFound):
        feed(old)
    assert read(new)[LESSON_3].sequence == 1
    assert (
        renew_address(cast.bram, old.id, SentForm(key="k", content="c")).address == new.address
    )  # the same form again


def test_an_ended_one_is_not_there_and_leaves_nothing(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    end_subscription(cast.bram, calendar.id)
    assert memory() == []
    with pytest.raises(NotFound):
        feed(calendar)
    with pytest.raises(NotFound):
        end_subscription(cast.bram, calendar.id)


def test_anothers_is_not_there(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    for use in (renew_address, end_subscription):
        with pytest.raises(NotFound):
            use(cast.anja, calendar.id)
    assert read(calendar)


def test_what_was_done_with_an_address_is_in_the_trail(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.anja, cast.cohort)
    renew_address(cast.anja, calendar.id)
    end_subscription(cast.anja, calendar.id)
    entries = db.session.execute(select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)).all()
    subject = f"user/{cast.anja.user_id}"
    assert [tuple(entry) for entry in entries] == [
        ("subscribe_calendar", subject), ("renew_calendar", subject), ("end_calendar", subject),
    ]  # fmt: skip


def test_a_feed_of_a_cohort_ends_with_the_access_to_it(app: Flask, cast: Cast) -> None:
    of_cohort, own = subscribe(cast.anja, cast.cohort), subscribe(cast.anja)
    assert read(of_cohort)[LESSON_3].url == "http://hto.test/groepen/C-1/agenda?week=2026-W36"
    assert feed(of_cohort).name == "HTO Track, Groep C-1"
    with writing() as session:
        session.execute(update(Grant).where(Grant.user_id == cast.anja.user_id).values(cohort_id=cast.other_cohort_id))
    with pytest.raises(NotFound):
        feed(of_cohort)
    assert all(entry.is_cancelled for entry in read(own).values())
    with writing() as session:
        session.execute(delete(Grant).where(Grant.user_id == cast.anja.user_id))
    with pytest.raises(NotFound):
        feed(own)


def test_a_feed_ends_with_the_person(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    read(calendar)
    change(Participant, status=EnrolmentStatus.WITHDRAWN, status_on=date(2026, 6, 12))
    erase_participant(cast.gijs, cast.participant, TODAY)
    with pytest.raises(NotFound):
        feed(calendar)
    assert memory() == []
    assert db.session.scalars(select(CalendarSubscription)).all() == []


def test_of_an_account_that_stays_only_what_was_told_of_the_enrolment_goes(app: Flask, cast: Cast) -> None:
    with writing() as session:
        session.execute(update(Grant).where(Grant.user_id == cast.anja.user_id).values(user_id=cast.bram.user_id))
        session.execute(update(User).where(User.id == cast.bram.user_id).values(name="Bram en leider"))
        session.add(
            Lesson(
                cohort_id=cast.cohort_id,
                number=9,
                held_on=date(2027, 1, 5),
                starts_at=time(18),
                ends_at=time(21),
                state=LessonState.PLANNED,
            )
        )
    calendar = subscribe(cast.bram)
    assert len(read(calendar)) == 6  # the lessons once, one of them after the last day; both due dates
    change(Participant, status=EnrolmentStatus.WITHDRAWN, status_on=date(2026, 6, 12))
    read(calendar)
    erase_participant(cast.gijs, cast.participant, TODAY)
    assert not any(row[3]["is_own"] for row in memory())
    assert {row[0] for row in memory()} == {"due-1", "lesson-3", "lesson-9"}  # of the leader they still are
    assert len(read(calendar)) == 5


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


@pytest.mark.parametrize(
    "wrong", ["1", "1-", "-", "x-y", "99-{key}", "1-{key}0", "0x1-{key}", "²-{key}", "1-é", "9" * 40]
)
def test_a_wrong_address_is_not_there_and_guessing_is_limited(
    wrong: str, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = subscribe(cast.bram)
    few = Limit(name=WRONG_ADDRESSES.name, most=2, within=WRONG_ADDRESSES.within)
    monkeypatch.setattr("hto_track.services.calendar_feed.WRONG_ADDRESSES", few)
    guess = wrong.format(key=token_of(calendar).partition("-")[2])
    for _ in range(2):
        with pytest.raises(NotFound):
            read_feed(guess, NETWORK)
    with pytest.raises(TooOften):
        read_feed(guess, NETWORK)
    with pytest.raises(TooOften):
        feed(calendar)
    assert read_feed(token_of(calendar), "198.51.100.0/24").entries


def test_an_address_depends_on_the_secret_key(app: Flask, cast: Cast) -> None:
    calendar = subscribe(cast.bram)
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], secret_key="another")
    with pytest.raises(NotFound):
        feed(calendar)


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
