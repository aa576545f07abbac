"""The address of a calendar elsewhere: whose it is, how it is renewed, and how it ends."""

from dataclasses import replace
from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from hto_track.extensions import db
from hto_track.models.accounts import Grant, User
from hto_track.models.agenda import CalendarSubscription
from hto_track.models.ledger import AuditEntry
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.attempts import Limit
from hto_track.services.calendar_feed import (
    WRONG_ADDRESSES,
    end_subscription,
    own_calendars,
    read_feed,
    renew_address,
    subscribe,
)
from hto_track.services.erasure import erase_participant
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, TooOften
from hto_track.services.transaction import writing
from tests.calendars import LESSON_3, NETWORK, change, change_lesson, feed, memory, read, token_of
from tests.cast import Cast
from tests.conftest import TODAY


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
    assert {row[0] for row in memory()} == {"due-1", "lesson-3", "lesson-4"}  # of the leader they still are
    assert len(read(calendar)) == 5


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
