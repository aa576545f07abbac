"""Asking for what others decide: asked once, answered with an extension that is really given, told in a mail, taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.assignments import Extension
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.load import LoadRequest, RequestState
from hto_track.services.college_work import WorkKind, college_work
from hto_track.services.erasure import erase_participant
from hto_track.services.extensions import extend_due_date
from hto_track.services.form_answers import SentForm
from hto_track.services.load_requests import (
    Asked,
    CohortRequests,
    answer_request,
    ask,
    requests_to_answer,
    undo_answer,
    withdraw_request,
)
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from hto_track.services.ways_out import own_weeks_ahead
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

USUAL, LATER = date(2026, 7, 3), date(2026, 7, 17)
WEEK = date(2026, 6, 29)
EXTENSION = Asked(code="A1", due_on=LATER, note="Drukte op het werk")
RELEASE = Asked(monday=WEEK, minutes=240)


def asked(cast: Cast, what: Asked = EXTENSION) -> int:
    return ask(cast.bram, cast.participant, what, TODAY).id


def answer(cast: Cast, request_id: int, *, grant: bool = True, said: str = "", by: Actor | None = None) -> None:
    form = SentForm(key="an answer", content=str(grant))
    answer_request(by or cast.anja, "C-1", request_id, grant=grant, said=said, on=TODAY, form=form)


def states() -> list[RequestState]:
    db.session.rollback()
    return list(db.session.scalars(select(LoadRequest.state).order_by(LoadRequest.id)))


def extension() -> list[tuple[date, str | None]]:
    db.session.rollback()
    return [(row.due_on, row.reason) for row in db.session.scalars(select(Extension))]


def mails(kind: str) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id))
    return [(row.recipient, row.subject) for row in rows]


def waiting(cast: Cast, by: Actor | None = None) -> CohortRequests:
    return requests_to_answer(by or cast.anja, "C-1", TODAY)


def test_what_is_asked_waits_for_the_project_leader_who_gets_a_mail(cast: Cast) -> None:
    asked(cast)
    (one,) = waiting(cast).waiting
    assert (one.request.name, one.request.code, one.request.asked_due_on) == ("Bram de Wit", "A1", LATER)
    assert one.may_answer
    assert mails("load_request_asked") == [("anja@example.org", "Bram vraagt om uitstel voor A1 tot en met 17 juli")]
    (mail,) = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "load_request_asked"))
    assert "Drukte op het werk" in mail.body and "http://hto.test/groepen/C-1/vragen" in mail.body
    (entry,) = trail("ask_for_room")
    assert entry.subject.startswith("participant/C1-01/requests/") and "Drukte" not in str(entry.after)


def test_asked_twice_it_stands_once_and_for_something_else_one_is_asked(cast: Cast) -> None:
    first = asked(cast)
    assert asked(cast) == first
    with pytest.raises(Refused, match="something else"):
        asked(cast, Asked(code="A1", due_on=LATER + timedelta(days=7)))
    assert len(mails("load_request_asked")) == 1


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (Asked(code="A1", due_on=USUAL), "later date"),
        (Asked(code="A1", due_on=date(2027, 1, 1)), "last day"),
        (Asked(code="A1"), "until when"),
        (Asked(monday=date(2026, 6, 1), minutes=60), "lies ahead"),
        (Asked(monday=WEEK, minutes=36 * 60 + 1), "no more hours"),
        (Asked(monday=WEEK, minutes=20), "no more hours"),
        (Asked(monday=WEEK, minutes=60, note="x" * 501), "500"),
    ],
)
def test_what_could_not_be_granted_is_not_asked(cast: Cast, what: Asked, says: str) -> None:
    with pytest.raises(Refused, match=says):
        asked(cast, what)
    assert states() == [] and mails("load_request_asked") == []


def test_an_extension_that_is_granted_is_given_and_told_in_one_mail(cast: Cast) -> None:
    answer(cast, asked(cast), said="Prima zo")
    assert states() == [RequestState.GRANTED]
    assert extension() == [(LATER, "Prima zo")]
    assert mails("due_date_changed") == []
    assert mails("load_request_answered") == [("bram@example.org", "Je krijgt uitstel voor A1 tot en met 17 juli")]
    assert [entry.action for entry in trail()][-2:] == ["extend_due_date", "grant_request"]
    (view,) = own_weeks_ahead(cast.bram, cast.participant, (), TODAY).requests
    assert (view.state, view.answer) == (RequestState.GRANTED, "Prima zo")


def test_hours_of_release_that_are_granted_are_room_and_change_no_rule(cast: Cast) -> None:
    before = own_weeks_ahead(cast.bram, cast.participant, (), TODAY)
    answer(cast, asked(cast, RELEASE))
    after = own_weeks_ahead(cast.bram, cast.participant, (), TODAY)
    assert after.by_rules.weeks == before.by_rules.weeks
    week, was = after.with_plan.week(WEEK), before.with_plan.week(WEEK)
    assert week is not None and was is not None
    assert week.room == was.room + 240 and week.week.study == was.week.study


def test_refused_it_needs_a_word_and_gives_nothing(cast: Cast) -> None:
    request = asked(cast)
    with pytest.raises(Refused, match="why not"):
        answer(cast, request, grant=False)
    assert states() == [RequestState.ASKED]
    answer(cast, request, grant=False, said="De groep kan niet wachten")
    assert (states(), extension()) == ([RequestState.REFUSED], [])


def test_the_second_of_two_who_answer_is_told(cast: Cast) -> None:
    request = asked(cast)
    answer(cast, request)
    with pytest.raises(Refused, match="meanwhile"):
        answer_request(cast.chaima, "C-1", request, grant=False, said="Nee", on=TODAY)
    assert states() == [RequestState.GRANTED]


def test_an_answer_is_taken_back_as_long_as_nobody_was_told(cast: Cast) -> None:
    answer(cast, asked(cast))
    undo_answer(cast.anja, "C-1", "an answer", TODAY)
    assert (states(), extension(), mails("load_request_answered")) == ([RequestState.ASKED], [], [])


def test_an_extension_that_was_there_before_comes_back(cast: Cast) -> None:
    earlier = USUAL + timedelta(days=4)
    extend_due_date(cast.anja, cast.participant, "A1", earlier, "Ziek", None, TODAY)
    answer(cast, asked(cast))
    undo_answer(cast.anja, "C-1", "an answer", TODAY)
    assert extension() == [(earlier, "Ziek")]


def test_once_told_an_answer_stays(cast: Cast) -> None:
    answer(cast, asked(cast))
    with writing() as session:
        session.execute(update(OutboxMail).values(state=MailState.SENT, sent_at=clock.now()))
    with pytest.raises(Refused, match="told already"):
        undo_answer(cast.anja, "C-1", "an answer", TODAY)
    assert states() == [RequestState.GRANTED]


def test_what_was_asked_is_withdrawn_with_its_mail_and_not_once_it_is_answered(cast: Cast) -> None:
    request = asked(cast)
    withdraw_request(cast.bram, cast.participant, request, TODAY)
    withdraw_request(cast.bram, cast.participant, request, TODAY)
    assert (states(), mails("load_request_asked")) == ([RequestState.WITHDRAWN], [])
    assert waiting(cast).waiting == ()
    again = asked(cast)
    answer(cast, again)
    with pytest.raises(Refused, match="answered meanwhile"):
        withdraw_request(cast.bram, cast.participant, again, TODAY)


def test_the_college_answers_extensions_and_the_project_leader_hours_of_release_too(cast: Cast) -> None:
    request, release = asked(cast), asked(cast, RELEASE)
    assert [one.may_answer for one in waiting(cast, cast.chaima).waiting] == [True, False]
    with pytest.raises(Forbidden):
        answer(cast, release, by=cast.chaima)
    answer(cast, request, by=cast.hanna)
    for other, error in ((cast.bram, NotFound), (cast.gijs, Forbidden), (cast.otto, NotFound)):
        with pytest.raises(error):
            answer(cast, release, by=other)


def test_what_waits_for_a_college_names_the_questions(cast: Cast) -> None:
    asked(cast)
    kinds = [item.kind for item in college_work(cast.chaima, TODAY).items]
    assert kinds.count(WorkKind.REQUESTS) == 1
    answer(cast, requests_to_answer(cast.chaima, "C-1", TODAY).waiting[0].request.id)
    assert WorkKind.REQUESTS not in [item.kind for item in college_work(cast.chaima, TODAY).items]


def test_another_persons_request_is_not_there(cast: Cast) -> None:
    request = asked(cast)
    with pytest.raises(NotFound):
        withdraw_request(cast.bram, cast.neighbour, request, TODAY)
    with pytest.raises(NotFound):
        answer_request(cast.otto, "C-2", request, grant=True, said="", on=TODAY)


def test_an_earlier_answer_of_ones_own_takes_back_nobody_elses(cast: Cast) -> None:
    request_id = asked(cast)
    answer(cast, request_id, grant=False, said="Nee")
    undo_answer(cast.anja, "C-1", "an answer", TODAY)
    answer(cast, request_id, said="Ja", by=cast.chaima)
    with pytest.raises(Refused, match="answered or withdrawn meanwhile"):
        undo_answer(cast.anja, "C-1", "an answer", TODAY)
    assert states() == [RequestState.GRANTED] and extension() == [(LATER, "Ja")]
    assert len(mails("load_request_answered")) == 1


@pytest.mark.parametrize("again", [(EXTENSION, Asked(code="A1", due_on=LATER + timedelta(days=3))), (RELEASE, RELEASE)])
def test_an_answer_stays_once_the_same_is_asked_anew(cast: Cast, again: tuple[Asked, Asked]) -> None:
    answer(cast, asked(cast, again[0]), grant=False, said="Nee")
    asked(cast, again[1])
    with pytest.raises(Refused, match="asked anew"):
        undo_answer(cast.anja, "C-1", "an answer", TODAY)
    assert states() == [RequestState.REFUSED, RequestState.ASKED]
    assert len(mails("load_request_answered")) == 1


def test_nobody_has_to_answer_who_was_erased(cast: Cast) -> None:
    asked(cast)
    erase_participant(CONSOLE, cast.participant, date(2027, 1, 4))
    assert waiting(cast).waiting == () and states() == [RequestState.WITHDRAWN]


def test_a_longer_extension_that_was_given_meanwhile_is_not_made_shorter(cast: Cast) -> None:
    request_id, longer = asked(cast), LATER + timedelta(days=7)
    extend_due_date(cast.chaima, cast.participant, "A1", longer, "Ziek", None, TODAY)
    with pytest.raises(Refused, match="already"):
        answer(cast, request_id)
    assert extension() == [(longer, "Ziek")] and states() == [RequestState.ASKED]
    withdraw_request(cast.bram, cast.participant, request_id, TODAY)
    with pytest.raises(Refused, match="already"):
        asked(cast)
