"""Three absences in a row without word: one mail to who leads the cohort, and none when it is not so after all."""

from collections.abc import Iterable
from datetime import date, time

import pytest
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.lessons import Lesson, LessonState
from hto_track.rules.facts import Mark
from hto_track.services.attendance import MarkChange, record_marks, undo_marks
from hto_track.services.form_answers import SentForm
from hto_track.services.transaction import writing
from tests.cast import Cast, account
from tests.conftest import TODAY

A, E, L = Mark.ABSENT, Mark.EXCUSED, Mark.LATE


@pytest.fixture(autouse=True)
def evenings(cast: Cast) -> None:
    """Five evenings in May, numbered 11 to 15."""
    with writing() as session:
        session.add_all(
            Lesson(
                cohort_id=cast.cohort_id,
                number=number,
                held_on=date(2026, 5, number),
                starts_at=time(18, 30),
                ends_at=time(21, 0),
                state=LessonState.HELD,
            )
            for number in range(11, 16)
        )


def note(cast: Cast, lesson: int, mark: Mark | None, seen: Mark | None = None, *, of: str = "", key: str = "") -> None:
    """Chaima notes a mark."""
    change = MarkChange(participant=of or cast.participant, seen=seen, mark=mark)
    form = SentForm(key=key, content=key) if key else None
    record_marks(cast.chaima, cast.cohort, lesson, [change], TODAY, form)


def note_all(cast: Cast, marks: Iterable[Mark], first: int = 11) -> None:
    """Marks of evenings one after the other."""
    for number, mark in enumerate(marks, start=first):
        note(cast, number, mark)


def mails() -> list[OutboxMail]:
    """What waits or went about absences."""
    return list(
        db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "absent_in_a_row").order_by(OutboxMail.id))
    )


def test_the_third_absence_is_told_once_to_who_leads_the_cohort(cast: Cast) -> None:
    note_all(cast, (A, A))
    assert mails() == []
    note_all(cast, (A, A), first=13)
    (mail,) = mails()
    assert (mail.recipient, mail.period, mail.participant_id) == ("anja@example.org", "lesson 11", cast.participant_id)
    assert mail.subject == "Bram de Wit was 3 keer achter elkaar afwezig zonder bericht"
    assert "ma 11 mei" in mail.body
    assert "http://hto.test/deelnemers/C1-01" in mail.body


def test_everyone_who_leads_the_cohort_is_told(cast: Cast) -> None:
    with writing() as session:
        account(session, "Joost Bos", Role.PROJECT_LEADER, cohort_id=cast.cohort_id)
    note_all(cast, (A, A, A))
    assert [mail.recipient for mail in mails()] == ["anja@example.org", "joost@example.org"]


@pytest.mark.parametrize("marks", [(A, A, E, A), (A, A, L), (A, E, A, A), (L, A, A)])
def test_fewer_or_with_word_is_told_to_nobody(cast: Cast, marks: tuple[Mark, ...]) -> None:
    note_all(cast, marks)
    assert mails() == []


def test_a_mark_that_ends_the_row_before_the_mail_went_takes_it_back(cast: Cast) -> None:
    note_all(cast, (A, A, A))
    note(cast, 12, E, A)
    assert mails() == []
    note(cast, 12, A, E)
    assert len(mails()) == 1


def test_undoing_the_third_takes_the_mail_back(cast: Cast) -> None:
    note_all(cast, (A, A))
    note(cast, 13, A, key="k1")
    assert len(mails()) == 1
    undo_marks(cast.chaima, cast.cohort, 13, "k1", TODAY)
    assert mails() == []


def test_a_mail_that_went_stays_and_goes_no_second_time(cast: Cast) -> None:
    note_all(cast, (A, A, A))
    with writing() as session:
        session.execute(update(OutboxMail).values(state=MailState.SENT))
    note(cast, 13, E, A)
    note(cast, 13, A, E)
    assert [mail.state for mail in mails()] == [MailState.SENT]


def test_a_mail_that_is_being_sent_is_left_alone(cast: Cast) -> None:
    note_all(cast, (A, A, A))
    with writing() as session:
        session.execute(update(OutboxMail).values(lease="somebody"))
    note(cast, 13, E, A)
    assert len(mails()) == 1


def test_an_earlier_absence_that_is_noted_late_makes_no_second_mail_of_the_same_row(cast: Cast) -> None:
    note_all(cast, (A, A, A), first=12)
    note(cast, 11, A)
    assert [mail.period for mail in mails()] == ["lesson 12"]


def test_a_new_row_is_a_new_mail(cast: Cast) -> None:
    note(cast, 1, A)
    note(cast, 2, A)
    note(cast, 11, A)
    with writing() as session:
        session.execute(update(OutboxMail).values(state=MailState.SENT))
    note(cast, 12, L)
    note_all(cast, (A, A, A), first=13)
    assert [mail.period for mail in mails()] == ["lesson 1", "lesson 13"]


def test_who_sits_beside_is_not_meant(cast: Cast) -> None:
    note_all(cast, (A, A))
    for number in (11, 12):
        note(cast, number, A, of=cast.neighbour)
    note(cast, 13, A, of=cast.neighbour)
    assert [mail.subject.split(" was ")[0] for mail in mails()] == ["Noor Visser"]
