"""Who is told that lessons changed: once, in one mail, when the changes have come to rest."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from hto_track import clock
from hto_track.documents.sheets import Sheet, Tables
from hto_track.extensions import db
from hto_track.jobs.running import run_due, tell_lesson_news
from hto_track.models.accounts import User
from hto_track.models.cohorts import Cohort
from hto_track.models.ledger import OutboxMail
from hto_track.models.lessons import LessonChange
from hto_track.models.participants import Participant, Pause
from hto_track.models.programmes import Programme
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services import lesson_news
from hto_track.services.importing import import_files
from hto_track.services.lesson_planning import add_lesson, cancel_lesson
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden
from hto_track.services.sending import send_due
from hto_track.services.transaction import revision, writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.mail_server import mail_server, use_mail_server
from tests.services.planning_cases import TO_COME, changes, evening, move, stands, tie

WEDNESDAY = date(2026, 9, 9)
MONDAY_NOON = datetime(2026, 6, 15, 12, tzinfo=AMSTERDAM)
"""The first working day: today is a Sunday, and news waits."""
EVERYBODY = {"anja@example.org", "bram@example.org", "chaima@example.org", "hanna@example.org", "noor@example.org"}


def later(minutes: int = 11) -> datetime:
    return clock.now() + timedelta(minutes=minutes)


def tell(minutes: int = 11) -> dict[str, OutboxMail]:
    """What was told in the end, by address."""
    tell_lesson_news(later(minutes))
    db.session.rollback()
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "lesson_news").order_by(OutboxMail.id)).all()
    assert len({(row.recipient, row.period) for row in rows}) == len(rows)
    return {row.recipient: row for row in rows}


def cancel(cast: Cast, by: Actor, reason: str = "Docent ziek") -> None:
    cancel_lesson(by, cast.cohort, TO_COME, stands(cast).version, reason, TODAY)


def test_everybody_it_touches_gets_one_mail_but_who_did_it(cast: Cast) -> None:
    move(cast, WEDNESDAY)
    assert tell().keys() == EVERYBODY - {"chaima@example.org"}
    assert all(change.told_at is not None for change in changes())


def test_what_would_be_read_too_late_waits_for_no_working_day(cast: Cast) -> None:
    """Today is a Sunday: a lesson on Monday morning cannot wait until then."""
    move(cast, MONDAY_NOON.date(), to=evening(MONDAY_NOON.date(), time(9), time(12)))
    assert tell() == {}
    mails = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "pressing_lesson_news")).all()
    assert {mail.recipient for mail in mails} == EVERYBODY - {"chaima@example.org"}
    assert all(mail.next_attempt_at <= later() for mail in mails)


def test_what_is_read_in_time_waits_for_monday(cast: Cast) -> None:
    move(cast, MONDAY_NOON.date())
    assert {mail.next_attempt_at for mail in tell().values()} == {MONDAY_NOON.replace(hour=8)}


def test_the_mail_says_what_it_was_and_what_it_becomes(cast: Cast) -> None:
    move(cast, WEDNESDAY, reason="Lokaal bezet")
    mail = tell()["bram@example.org"]
    assert mail.subject == "Les 3 is verplaatst naar wo 9 september"
    assert mail.participant_id == cast.participant_id
    for line in (
        "Hoi Bram,",
        "Les 3 (les 3)",
        "Was: di 1 september, 18.30–21.30\xa0uur",
        "Wordt: wo 9 september, 18.30–21.30\xa0uur",
        "Waarom: Lokaal bezet",
        "http://hto.test/agenda",
    ):
        assert line in mail.body.splitlines(), line


def test_who_guides_the_cohort_is_led_to_the_planning(cast: Cast) -> None:
    move(cast, WEDNESDAY)
    assert "http://hto.test/groepen/C-1/planning" in tell()["anja@example.org"].body


def test_nobody_is_told_before_the_changes_have_come_to_rest(cast: Cast) -> None:
    move(cast, WEDNESDAY)
    assert tell(9) == {}
    assert changes()[0].told_at is None
    move(cast, date(2026, 9, 15))
    with writing() as session:  # the first change is long ago, the second is not
        first = session.scalars(select(LessonChange).order_by(LessonChange.id)).first()
        assert first is not None
        first.changed_at -= timedelta(hours=1)
    assert tell(9) == {}
    assert len(tell()) == 4


def test_several_changes_are_one_mail(cast: Cast) -> None:
    move(cast, date(2026, 9, 15))
    move(cast, WEDNESDAY)
    add_lesson(cast.chaima, cast.cohort, evening(date(2026, 9, 16)), "Terugkomavond", TODAY)
    mail = tell()["noor@example.org"]
    assert mail.subject == "2 lessen van Groep C-1 zijn veranderd"
    assert "Was: di 1 september" in mail.body and "Wordt: wo 9 september" in mail.body
    assert "15 september" not in mail.body
    assert "Terugkomavond (les 4)\nNieuw: wo 16 september" in mail.body


def test_what_was_moved_and_moved_back_is_no_news(cast: Cast) -> None:
    move(cast, WEDNESDAY)
    move(cast, date(2026, 9, 1))
    assert tell() == {}
    assert all(change.told_at is not None for change in changes())


def test_a_cancelled_lesson_says_why(cast: Cast) -> None:
    cancel(cast, cast.anja)
    mail = tell()["bram@example.org"]
    assert mail.subject == "Les 3 op di 1 september gaat niet door"
    assert "Waarom: Docent ziek" in mail.body


def test_what_was_moved_and_then_cancelled_says_where_it_was_known_to_be(cast: Cast) -> None:
    move(cast, WEDNESDAY)
    cancel(cast, cast.chaima)
    mail = tell()["bram@example.org"]
    assert mail.subject == "Les 3 op di 1 september gaat niet door"
    assert "9 september" not in mail.body


def test_what_is_cancelled_and_put_back_later_is_told_twice(cast: Cast) -> None:
    cancel(cast, cast.chaima)
    tell()
    move(cast, date(2026, 9, 1))
    tell_lesson_news(later())
    subjects = db.session.scalars(
        select(OutboxMail.subject).where(OutboxMail.recipient == "bram@example.org").order_by(OutboxMail.id)
    ).all()
    assert subjects == ["Les 3 op di 1 september gaat niet door", "Les 3 gaat toch door, op di 1 september"]


def test_another_time_on_the_same_day_says_so(cast: Cast) -> None:
    move(cast, WEDNESDAY, to=evening(date(2026, 9, 1), time(19), time(22)))
    assert tell()["bram@example.org"].subject == "Les 3 op di 1 september is op een andere tijd"


def test_a_new_lesson_is_told_and_one_that_is_gone_again_is_not(cast: Cast) -> None:
    add_lesson(cast.chaima, cast.cohort, evening(WEDNESDAY), None, TODAY)
    assert tell()["bram@example.org"].subject == "Nieuw: les 4 op wo 9 september"


def test_due_dates_that_hang_on_the_lesson_are_said_as_they_stand(cast: Cast) -> None:
    tie(due=TO_COME, due_on=date(2026, 9, 4))
    move(cast, WEDNESDAY)
    assert "‘Een les ontwerpen’ lever je in op vr 4 september." in tell()["bram@example.org"].body


def test_a_lesson_that_is_past_and_stays_there_is_no_news(cast: Cast) -> None:
    move(cast, date(2026, 4, 15), number=2)
    assert tell() == {}
    assert changes()[0].told_at is not None


def test_a_lesson_that_was_to_come_and_is_past_now_is_news(cast: Cast) -> None:
    move(cast, date(2026, 6, 1))
    assert len(tell()) == 4


class TestWho:
    def test_not_who_was_withdrawn_erased_or_only_applied(self, cast: Cast) -> None:
        with writing() as session:
            people = {row.code: row for row in session.scalars(select(Participant))}
            people["C1-01"].status, people["C1-01"].status_on = EnrolmentStatus.WITHDRAWN, date(2026, 6, 1)
            people["C1-02"].status = EnrolmentStatus.APPLIED
        move(cast, WEDNESDAY)
        assert tell().keys() == {"anja@example.org", "hanna@example.org"}

    def test_not_whose_lesson_it_neither_was_nor_becomes(self, cast: Cast) -> None:
        with writing() as session:
            session.add(Pause(participant_id=cast.participant_id, start_on=date(2026, 8, 1), end_on=date(2026, 9, 30)))
        move(cast, WEDNESDAY)
        assert "bram@example.org" not in tell()
        move(cast, date(2026, 10, 6))
        assert "bram@example.org" in tell()

    def test_who_changed_it_hears_of_it_when_someone_changed_it_on(self, cast: Cast) -> None:
        move(cast, WEDNESDAY)
        move(cast, date(2026, 9, 15), by=cast.anja)
        assert tell().keys() == EVERYBODY - {"anja@example.org"}

    def test_a_leader_without_an_account_is_told(self, cast: Cast) -> None:
        with writing() as session:
            session.execute(update(Cohort).where(Cohort.code == "C-1").values(leader_email="joost@example.org"))
        move(cast, WEDNESDAY)
        mails = tell()
        assert "joost@example.org" in mails and "anja@example.org" in mails
        assert mails["joost@example.org"].body.startswith("Hoi,")

    def test_an_address_that_is_there_twice_gets_one_mail(self, cast: Cast) -> None:
        with writing() as session:
            noor = session.scalars(select(Participant).where(Participant.code == "C1-02")).one()
            noor.email = "Anja@example.org"
        move(cast, WEDNESDAY)
        assert tell().keys() == EVERYBODY - {"chaima@example.org", "noor@example.org"}

    def test_nobody_who_was_erased(self, cast: Cast) -> None:
        with writing() as session:
            session.execute(update(User).where(User.email == "anja@example.org").values(erased_at=clock.now()))
            session.execute(update(Cohort).values(leader_email=None))
        move(cast, WEDNESDAY)
        assert "anja@example.org" not in tell()

    def test_nobody_of_another_cohort(self, cast: Cast) -> None:
        move(cast, WEDNESDAY)
        assert not {"otto@example.org", "piet@example.org"} & tell().keys()


def test_an_imported_change_is_told_too_but_not_to_who_brought_it_in(cast: Cast) -> None:
    rows = [["cohort_code", "lesson_no", "date", "start", "end"], ["C-1", "3", "2026-09-09", "18:30", "21:30"]]
    sheet = Sheet(name="lessons", file="lessons.csv", rows=list(enumerate(rows, start=1)))
    import_files(cast.anja, Tables(sheets=(sheet,)), TODAY)
    assert tell().keys() == EVERYBODY - {"anja@example.org"}


def test_two_schedulers_at_once_tell_it_once(app: Flask, cast: Cast) -> None:
    move(cast, WEDNESDAY)
    now = later()
    told = at_once(app, *[lambda: lesson_news.tell_lesson_news(CONSOLE, cast.cohort, now)] * 3)
    assert sorted(told) == [0, 0, 4]  # type: ignore[type-var]
    assert len(tell()) == 4


def test_nothing_is_written_where_nothing_is_to_tell(cast: Cast) -> None:
    move(cast, WEDNESDAY)
    before = revision()
    tell_lesson_news(later(5))
    assert revision() == before


def test_one_cohorts_fault_does_not_stop_the_others(cast: Cast) -> None:
    move(cast, WEDNESDAY)
    add_lesson(cast.otto, cast.other_cohort, evening(WEDNESDAY), None, TODAY)
    with writing() as session:
        broken = session.scalars(select(Cohort).where(Cohort.code == "C-1")).one()
        programme = session.get_one(Programme, broken.programme_id)
        columns = {column.key: getattr(programme, column.key) for column in Programme.__table__.columns}
        own = {"code": "BROKEN", "thresholds": {"no such threshold": 1.0}}
        copy = Programme(**{name: value for name, value in (columns | own).items() if name != "id"})
        session.add(copy)
        session.flush()
        broken.programme_id = copy.id
    assert "piet@example.org" in tell()
    assert [change.told_at is None for change in changes()] == [True, False]


def test_only_who_runs_jobs_tells(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        lesson_news.cohorts_with_news(cast.anja, later())
    with pytest.raises(Forbidden):
        lesson_news.tell_lesson_news(cast.anja, cast.cohort, later())


def test_the_minute_tells_it_and_it_goes_out_over_the_line(app: Flask, cast: Cast) -> None:
    cancel(cast, cast.chaima)
    with mail_server() as server:
        use_mail_server(app, server.port)
        run_due(later())
        send_due(CONSOLE, MONDAY_NOON)
        told = [mail for mail in server.accepted if "gaat niet door" in mail["Subject"]]
    assert {mail["To"] for mail in told} == EVERYBODY - {"chaima@example.org"}
    assert len(told) == 4
    text = told[0].get_body(("plain",))
    assert text is not None and "Waarom: Docent ziek" in text.get_content()
