"""What the weekly mails say: the week to come, what stands open, who asks for a call, which requests wait."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hto_track import clock
from hto_track.jobs.running import run_job
from hto_track.jobs.table import BY_NAME
from hto_track.models.assignments import Assignment
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.load import LoadRequest, RequestKind, RequestState
from hto_track.models.participants import Participant
from hto_track.models.warnings import AnswerKind, Warning
from hto_track.rules.warnings import WarningCode
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import reading, writing
from hto_track.services.warning_answers import answer_warning
from hto_track.services.warnings import evaluate_cohort
from tests.cast import Cast
from tests.services.warning_cases import mails

Counting = Callable[[], AbstractContextManager[list[str]]]
SUNDAY, MONDAY = date(2026, 6, 14), date(2026, 6, 15)


@pytest.fixture(autouse=True)
def a_full_week(cast: Cast) -> None:
    """Bram's assignment takes a hundred hours until 3 July."""
    with writing() as session:
        session.get_one(Assignment, cast.assignment_id).estimated_minutes = 100 * 60
    evaluate_cohort(CONSOLE, "C-1", SUNDAY)


def digest(kind: str, recipient: str) -> OutboxMail:
    [mail] = [mail for mail in mails() if mail.kind == kind and mail.recipient == recipient]
    return mail


def said(mail: OutboxMail) -> str:
    return mail.body.replace("\u00a0", " ")


def test_a_participant_reads_the_week_to_come_the_heaviest_and_what_stands_open(cast: Cast) -> None:
    run_job(BY_NAME["participant_digest"], SUNDAY)
    body = said(digest("participant_digest", "bram@example.org"))
    assert "Komende week: " in body and "Je ruimte is 12 uur." in body
    assert "De zwaarste week die komt is week 25" in body or "De zwaarste week die komt is week 26" in body
    assert "Niets vastgelegd sinds 9 maart" in body
    assert "http://hto.test/mijn-traject" in body


def test_who_has_no_access_answers_the_leader(cast: Cast) -> None:
    run_job(BY_NAME["participant_digest"], SUNDAY)
    body = said(digest("participant_digest", "noor@example.org"))
    assert "mailto:anja@example.org" in body and "http" not in body


def test_a_digest_that_still_waits_is_replaced_by_the_next(cast: Cast) -> None:
    run_job(BY_NAME["participant_digest"], SUNDAY)
    run_job(BY_NAME["participant_digest"], SUNDAY + timedelta(weeks=1))
    assert digest("participant_digest", "bram@example.org").period == "2026-06-21"


def test_a_digest_that_went_stays(cast: Cast) -> None:
    run_job(BY_NAME["participant_digest"], SUNDAY)
    with writing() as session:
        for mail in session.scalars(select(OutboxMail)):
            mail.state = MailState.SENT
    run_job(BY_NAME["participant_digest"], SUNDAY + timedelta(weeks=1))
    periods = [mail.period for mail in mails() if mail.kind == "participant_digest" and "bram" in mail.recipient]
    assert periods == ["2026-06-14", "2026-06-21"]


def test_a_leader_reads_who_asks_for_a_call_and_how_many_requests_wait(cast: Cast) -> None:
    with writing() as session:
        session.get_one(Participant, cast.participant_id).phone = "06 12345678"
        session.add(
            LoadRequest(
                participant_id=cast.participant_id,
                kind=RequestKind.EXTENSION,
                state=RequestState.ASKED,
                assignment_id=cast.assignment_id,
                asked_due_on=date(2026, 7, 17),
                asked_at=clock.now(),
            )
        )
    query = select(Warning.id).where(Warning.participant_id == cast.participant_id, Warning.code == WarningCode.SILENT)
    answer_warning(cast.bram, "C1-01", reading().scalars(query).one(), AnswerKind.CALL_ME, "")
    run_job(BY_NAME["leader_digest"], MONDAY)
    body = said(digest("leader_digest", "anja@example.org"))
    assert "Wil graag gebeld worden: Bram de Wit (06 12345678)." in body
    assert "1 verzoek wacht op antwoord." in body
    other = said(digest("leader_digest", "otto@example.org"))
    assert "gebeld" not in other and "verzoek" not in other


def test_a_cohorts_digest_costs_the_same_queries_for_one_and_for_many(cast: Cast, count_queries: Counting) -> None:
    def queries_on(day: date) -> int:
        with count_queries() as queries:
            run_job(BY_NAME["participant_digest"], day)
        return len(queries)

    for_two = queries_on(SUNDAY)
    with writing() as session:
        noor = session.scalars(select(Participant).where(Participant.code == cast.neighbour)).one()
        columns = {
            column.key: getattr(noor, column.key)
            for column in Participant.__table__.columns
            if column.key not in ("id", "code", "email", "evaluated_on")
        }
        for number in range(10, 25):
            session.add(Participant(**columns | {"code": f"C1-{number}", "email": f"p{number}@example.org"}))
    evaluate_cohort(CONSOLE, "C-1", SUNDAY + timedelta(days=7))
    assert queries_on(SUNDAY + timedelta(weeks=1)) <= for_two
