"""What a participant answers to a warning, and who hears of it."""

from datetime import date

import pytest
from sqlalchemy import select

from hto_track import clock
from hto_track.models.participants import Participant
from hto_track.models.warnings import AnswerKind, Warning, WarningAnswer
from hto_track.rules.warnings import WarningCode
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import reading, writing
from hto_track.services.warning_answers import answer_warning, answer_warnings, take_back_answer
from hto_track.services.warnings import cohort_warnings_open, evaluate_cohort
from hto_track.services.why_warning import why_warning
from tests.cast import Cast
from tests.services.warning_cases import let_all_be_sent, let_hours_wait, mails
from tests.trail import trail

TODAY = date(2026, 6, 14)
SEEN, PLANNED, CALL_ME = AnswerKind.SEEN, AnswerKind.PLANNED, AnswerKind.CALL_ME


@pytest.fixture
def warning_id(cast: Cast) -> int:
    """Bram's hours wait; he has been silent too."""
    let_hours_wait(cast)
    evaluate_cohort(CONSOLE, "C-1", TODAY)
    return of_code(cast, WarningCode.UNCONFIRMED)


def of_code(cast: Cast, code: WarningCode) -> int:
    query = select(Warning.id).where(Warning.participant_id == cast.participant_id, Warning.code == code)
    return reading().scalars(query).one()


def shown(cast: Cast, warning_id: int) -> AnswerKind | None:
    reading().rollback()
    found = cohort_warnings_open(CONSOLE, "C-1", TODAY)
    answer = next(one.warning.answer for one in found if one.warning.id == warning_id)
    return answer.kind if answer else None


def calls() -> list[str]:
    return [mail.recipient for mail in mails() if mail.kind == "call_me"]


def test_an_answer_stands_beside_the_warning_and_the_latest_counts(cast: Cast, warning_id: int) -> None:
    assert shown(cast, warning_id) is None
    answer_warning(cast.bram, "C1-01", warning_id, SEEN, "")
    assert shown(cast, warning_id) is SEEN
    answer_warning(cast.bram, "C1-01", warning_id, PLANNED, " Ik bel Dirk ")
    assert shown(cast, warning_id) is PLANNED
    kept = why_warning(cast.anja, "C1-01", warning_id, TODAY).answers
    assert [(one.kind, one.note) for one in kept] == [(SEEN, None), (PLANNED, "Ik bel Dirk")]


def test_the_same_answer_once_more_is_the_same_answer(cast: Cast, warning_id: int) -> None:
    first = answer_warning(cast.bram, "C1-01", warning_id, SEEN, "")
    assert answer_warning(cast.bram, "C1-01", warning_id, SEEN, "").answer_id == first.answer_id


def test_a_form_sent_twice_is_one_answer(cast: Cast, warning_id: int) -> None:
    form = SentForm(key="a", content="b")
    first = answer_warning(cast.bram, "C1-01", warning_id, CALL_ME, "", form)
    answer_warning(cast.bram, "C1-01", warning_id, SEEN, "")
    assert answer_warning(cast.bram, "C1-01", warning_id, CALL_ME, "", form) == first
    assert shown(cast, warning_id) is SEEN


def test_call_me_mails_the_leader_with_the_number_and_the_note(cast: Cast, warning_id: int) -> None:
    with writing() as session:
        warning = session.get_one(Warning, warning_id)
        session.get_one(Participant, warning.participant_id).phone = "06 12345678"
    assert answer_warning(cast.bram, "C1-01", warning_id, CALL_ME, "Na zessen").tells_leader
    [mail] = [mail for mail in mails() if mail.kind == "call_me"]
    assert mail.recipient == "anja@example.org"
    assert mail.subject == "Bram de Wit wil graag dat je belt"
    assert "06 12345678" in mail.body and "Na zessen" in mail.body
    assert "http://hto.test/deelnemers/C1-01" in mail.body


def test_call_me_to_two_warnings_is_one_mail_a_day(cast: Cast, warning_id: int) -> None:
    answer_warning(cast.bram, "C1-01", warning_id, CALL_ME, "")
    answer_warning(cast.bram, "C1-01", of_code(cast, WarningCode.SILENT), CALL_ME, "")
    assert calls() == ["anja@example.org"]


def test_the_mail_is_taken_back_when_nobody_asks_to_be_called_any_more(cast: Cast, warning_id: int) -> None:
    silent = of_code(cast, WarningCode.SILENT)
    answer_warning(cast.bram, "C1-01", warning_id, CALL_ME, "")
    answered = answer_warning(cast.bram, "C1-01", silent, CALL_ME, "")
    take_back_answer(cast.bram, "C1-01", silent, answered.answer_id)
    assert calls() == ["anja@example.org"], "the other warning still asks for it"
    answer_warning(cast.bram, "C1-01", warning_id, PLANNED, "")
    assert calls() == []


def test_a_mail_that_went_is_not_taken_back(cast: Cast, warning_id: int) -> None:
    answered = answer_warning(cast.bram, "C1-01", warning_id, CALL_ME, "")
    let_all_be_sent()
    take_back_answer(cast.bram, "C1-01", warning_id, answered.answer_id)
    assert calls() == ["anja@example.org"]
    assert shown(cast, warning_id) is None


def test_an_earlier_answer_counts_again_when_the_later_is_undone(cast: Cast, warning_id: int) -> None:
    first = answer_warning(cast.bram, "C1-01", warning_id, SEEN, "")
    later = answer_warning(cast.bram, "C1-01", warning_id, PLANNED, "")
    with pytest.raises(Refused):
        take_back_answer(cast.bram, "C1-01", warning_id, first.answer_id)
    take_back_answer(cast.bram, "C1-01", warning_id, later.answer_id)
    assert shown(cast, warning_id) is SEEN
    with pytest.raises(NotFound):
        take_back_answer(cast.bram, "C1-01", warning_id, later.answer_id)


def test_a_closed_warning_and_a_long_note_are_refused(cast: Cast, warning_id: int) -> None:
    with pytest.raises(Refused) as refused:
        answer_warning(cast.bram, "C1-01", warning_id, SEEN, "x" * 501)
    assert refused.value.refusals[0].field == "note"
    with writing() as session:
        session.get_one(Warning, warning_id).closed_on = TODAY
    with pytest.raises(Refused):
        answer_warning(cast.bram, "C1-01", warning_id, SEEN, "")


def test_only_whose_warning_it_is_answers(cast: Cast, warning_id: int) -> None:
    for actor in (cast.anja, cast.chaima, cast.gijs):
        with pytest.raises(Forbidden):
            answer_warning(actor, "C1-01", warning_id, SEEN, "")
    with pytest.raises(NotFound):
        answer_warning(cast.otto, "C1-01", warning_id, SEEN, "")
    with pytest.raises(NotFound):
        answer_warning(cast.bram, "C1-02", warning_id, SEEN, "")


def test_the_trail_says_what_was_answered_and_not_the_note(cast: Cast, warning_id: int) -> None:
    answer_warning(cast.bram, "C1-01", warning_id, CALL_ME, "Mijn kind is ziek")
    [entry] = trail("answer_warning")
    assert (entry.actor, entry.subject) == (cast.bram.ref, f"participant/C1-01/warnings/{warning_id}")
    assert entry.after == {"warning": "unconfirmed", "answer": "call_me"}


def test_what_somebody_plans_answers_the_warnings_it_is_about(cast: Cast, warning_id: int) -> None:
    silent = of_code(cast, WarningCode.SILENT)
    answer_warning(cast.bram, "C1-01", silent, CALL_ME, "")
    codes = (WarningCode.UNCONFIRMED, WarningCode.SILENT, WarningCode.OVERLOAD)
    with writing() as session:
        assert answer_warnings(session, cast.participant_id, codes, PLANNED, clock.now()) == 1
    with writing() as session:
        assert answer_warnings(session, cast.participant_id, codes, PLANNED, clock.now()) == 0
    assert shown(cast, warning_id) is PLANNED
    assert shown(cast, silent) is CALL_ME, "who asks to be called still does"
    assert len(reading().scalars(select(WarningAnswer)).all()) == 2
