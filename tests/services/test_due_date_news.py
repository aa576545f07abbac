"""Who is told that dates of assignments moved: whom it touches, once, in one mail with the lessons that changed."""

from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from hto_track import clock
from hto_track.documents.sheets import Sheet, Tables
from hto_track.extensions import db
from hto_track.jobs.running import tell_lesson_news
from hto_track.models.assignments import Extension
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant, Pause
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services import lesson_news
from hto_track.services.assignments import record_submission
from hto_track.services.due_dates import undo_move
from hto_track.services.form_answers import SentForm
from hto_track.services.importing.importing import import_files
from hto_track.services.lesson_planning import add_lesson
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.due_date_cases import NEW_DUE, WAS, due, move, moves
from tests.services.planning_cases import evening
from tests.services.planning_cases import move as move_lesson

WEDNESDAY = date(2026, 9, 9)
EVERYBODY = {"anja@example.org", "bram@example.org", "chaima@example.org", "hanna@example.org", "noor@example.org"}


def later(minutes: int = 11) -> datetime:
    return clock.now() + timedelta(minutes=minutes)


def tell(minutes: int = 11) -> dict[str, OutboxMail]:
    """What was told in the end, by address."""
    tell_lesson_news(later(minutes))
    db.session.rollback()
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "lesson_news").order_by(OutboxMail.id)).all()
    return {row.recipient: row for row in rows}


def test_everybody_it_touches_gets_one_mail_but_who_moved_it(cast: Cast) -> None:
    move(cast, due(NEW_DUE), reason="Toetsweek op school")
    mails = tell()
    assert mails.keys() == EVERYBODY - {"anja@example.org"}
    assert moves()[0].told_at is not None
    mail = mails["bram@example.org"]
    assert mail.subject == "‘Een les ontwerpen’ lever je nu in op vr 10 juli"
    assert mail.participant_id == cast.participant_id
    for line in (
        "Hoi Bram,",
        "‘Een les ontwerpen’",
        "Inleveren: vr 10 juli (was vr 3 juli)",
        "Waarom: Toetsweek op school",
        "http://hto.test/agenda",
    ):
        assert line in mail.body.splitlines(), line
    assert mail.body.count("http") == 1
    assert "http://hto.test/groepen/C-1/planning" in mails["chaima@example.org"].body


def test_an_opening_that_moved_is_told_with_what_stayed(cast: Cast) -> None:
    move(cast, due(WAS.due_on, date(2026, 6, 15)))
    mail = tell()["noor@example.org"]
    assert mail.subject == "‘Een les ontwerpen’ start nu op ma 15 juni"
    assert "Start: ma 15 juni (was ma 1 juni)" in mail.body
    assert "Inleveren: vr 3 juli, zoals het was" in mail.body


def test_nobody_is_told_before_it_has_come_to_rest(cast: Cast) -> None:
    move(cast, due(NEW_DUE))
    assert tell(9) == {}
    assert moves()[0].told_at is None
    assert len(tell()) == 4


def test_a_lesson_that_changes_meanwhile_keeps_it_waiting_and_goes_along_in_the_same_mail(cast: Cast) -> None:
    move(cast, due(NEW_DUE))
    with writing() as session:
        session.get_one(type(moves()[0]), moves()[0].id).changed_at -= timedelta(hours=1)
    move_lesson(cast, WEDNESDAY, by=cast.anja)
    assert tell(9) == {}
    mails = tell()
    assert mails.keys() == EVERYBODY - {"anja@example.org"}
    mail = mails["bram@example.org"]
    assert mail.subject == "1 les en 1 datum van een opdracht van Groep C-1 zijn veranderd"
    assert "Wordt: wo 9 september" in mail.body and "Inleveren: vr 10 juli (was vr 3 juli)" in mail.body
    assert mail.body.count("http") == 1


def test_each_hears_only_of_what_they_did_not_change_themselves(cast: Cast) -> None:
    move(cast, due(NEW_DUE))
    add_lesson(cast.chaima, cast.cohort, evening(WEDNESDAY), None, TODAY)
    mails = tell()
    assert mails.keys() == EVERYBODY
    assert mails["anja@example.org"].subject == "Nieuw: les 4 op wo 9 september"
    assert mails["chaima@example.org"].subject == "‘Een les ontwerpen’ lever je nu in op vr 10 juli"


def test_what_was_moved_and_given_back_is_no_news(cast: Cast) -> None:
    move(cast, due(NEW_DUE), form=SentForm(key="form", content="c"))
    undo_move(cast.anja, cast.cohort, "A1", "form", TODAY)
    assert tell() == {}
    assert all(kept.told_at is not None for kept in moves())


def test_why_something_was_moved_that_was_given_back_is_not_told_of_another_move(cast: Cast) -> None:
    move(cast, due(NEW_DUE), reason="Toetsweek op school", form=SentForm(key="first", content="first"))
    undo_move(cast.anja, cast.cohort, "A1", "first", TODAY)
    move(cast, due(NEW_DUE + timedelta(days=3)))
    assert "Toetsweek" not in tell()["bram@example.org"].body


def test_several_moves_are_told_as_one(cast: Cast) -> None:
    move(cast, due(date(2026, 7, 7)), reason="Toetsweek")
    move(cast, due(NEW_DUE))
    body = tell()["bram@example.org"].body
    assert "Inleveren: vr 10 juli (was vr 3 juli)" in body and "di 7 juli" not in body
    assert "Waarom: Toetsweek" in body


def test_what_is_moved_again_later_is_told_again(cast: Cast) -> None:
    move(cast, due(NEW_DUE))
    tell()
    move(cast, due(date(2026, 7, 7)))
    assert tell()["bram@example.org"].subject == "‘Een les ontwerpen’ lever je nu in op di 7 juli"


class TestWho:
    def test_not_who_handed_in_or_has_a_date_of_their_own(self, cast: Cast) -> None:
        record_submission(cast.chaima, cast.participant, "A1", TODAY, TODAY)
        with writing() as session:
            noor = session.scalars(select(Participant.id).where(Participant.code == cast.neighbour)).one()
            session.add(Extension(participant_id=noor, assignment_id=cast.assignment_id, due_on=date(2026, 7, 20)))
        move(cast, due(NEW_DUE))
        assert tell().keys() == {"chaima@example.org", "hanna@example.org"}

    def test_who_had_a_pause_is_told_their_own_dates(self, cast: Cast) -> None:
        with writing() as session:
            session.add(Pause(participant_id=cast.participant_id, start_on=date(2026, 6, 20), end_on=date(2026, 6, 22)))
        move(cast, due(NEW_DUE))
        mails = tell()
        assert "Inleveren: ma 13 juli (was ma 6 juli)" in mails["bram@example.org"].body
        assert "Inleveren: vr 10 juli (was vr 3 juli)" in mails["noor@example.org"].body

    def test_not_who_was_withdrawn_or_only_applied(self, cast: Cast) -> None:
        with writing() as session:
            people = {row.code: row for row in session.scalars(select(Participant))}
            people["C1-01"].status, people["C1-01"].status_on = EnrolmentStatus.WITHDRAWN, date(2026, 6, 1)
            people["C1-02"].status = EnrolmentStatus.APPLIED
        move(cast, due(NEW_DUE))
        assert tell().keys() == {"chaima@example.org", "hanna@example.org"}


def test_dates_that_a_file_brought_are_told_too_but_not_to_who_brought_it_in(cast: Cast) -> None:
    head = ["cohort_code", "assignment_code", "title", "opens_on", "due_on", "estimated_hours", "mandatory"]
    row = ["C-1", "A1", "Een les ontwerpen", "2026-06-01", "2026-07-10", "20", "yes"]
    rows = [[*head, "outcome_codes"], [*row, "LU1"]]
    import_files(
        cast.anja,
        Tables(sheets=(Sheet(name="assignments", file="assignments.csv", rows=list(enumerate(rows, start=1))),)),
        TODAY,
    )
    assert [(kept.was_due_on, kept.changed_by) for kept in moves()] == [(WAS.due_on, cast.anja.ref)]
    mails = tell()
    assert mails.keys() == EVERYBODY - {"anja@example.org"}
    assert "Inleveren: vr 10 juli (was vr 3 juli)" in mails["bram@example.org"].body
    row[2] = "Een les maken"
    rows[1] = [*row, "LU1"]
    sheet = Sheet(name="assignments", file="assignments.csv", rows=list(enumerate(rows, start=1)))
    import_files(cast.anja, Tables(sheets=(sheet,)), TODAY)
    assert len(moves()) == 1, "another title is no move"


def test_two_schedulers_at_once_tell_it_once(app: Flask, cast: Cast) -> None:
    move(cast, due(NEW_DUE))
    now = later()
    told = at_once(app, *[lambda: lesson_news.tell_lesson_news(CONSOLE, cast.cohort, now)] * 3)
    assert sorted(told) == [0, 0, 4]  # type: ignore[type-var]
    assert len(tell()) == 4
