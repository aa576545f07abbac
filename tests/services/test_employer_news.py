"""The mail of Monday to employers with whom a load is shared, when it became too full."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from hto_track.jobs.running import run_job
from hto_track.jobs.table import BY_NAME
from hto_track.models.assignments import Assignment
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.privacy import EmployerShare
from hto_track.models.warnings import Warning
from hto_track.services.policy import CONSOLE
from hto_track.services.sharing import share_again, share_with_employer, stop_sharing
from hto_track.services.transaction import reading, writing
from hto_track.services.warnings import evaluate_cohort
from tests.cast import Cast
from tests.services.warning_cases import mails

SUNDAY, MONDAY = date(2026, 6, 14), date(2026, 6, 15)


@pytest.fixture(autouse=True)
def a_full_week(cast: Cast) -> None:
    """Bram's assignment takes a hundred hours until 3 July; an overload opens on Sunday."""
    with writing() as session:
        session.get_one(Assignment, cast.assignment_id).estimated_minutes = 100 * 60
    evaluate_cohort(CONSOLE, "C-1", SUNDAY)


def news() -> list[OutboxMail]:
    return [mail for mail in mails() if mail.kind == "shared_overload"]


def test_whom_it_is_shared_with_hears_which_week_is_full_and_nothing_else(cast: Cast) -> None:
    share_with_employer(cast.bram, "els@example.org")
    run_job(BY_NAME["employer_news"], MONDAY)
    [mail] = news()
    assert (mail.recipient, mail.period) == ("els@example.org", "2026-06-15")
    assert mail.subject == "Week 26 is vol voor Bram"
    assert "http://hto.test/gedeeld" in mail.body
    said = mail.body.lower()
    assert not any(word in said for word in ("waarschuwing", "aanwezig", "opdracht", "a1", "stage"))


def test_nobody_else_hears_anything(cast: Cast) -> None:
    run_job(BY_NAME["employer_news"], MONDAY)
    assert news() == []


def test_it_is_one_mail_a_week_however_often_the_job_runs(cast: Cast) -> None:
    share_with_employer(cast.bram, "els@example.org")
    for _again in range(2):
        run_job(BY_NAME["employer_news"], MONDAY)
    assert len(news()) == 1


def test_what_began_before_is_no_news_the_week_after(cast: Cast) -> None:
    share_with_employer(cast.bram, "els@example.org")
    run_job(BY_NAME["employer_news"], MONDAY + timedelta(weeks=1))
    assert news() == []


def test_a_warning_that_closed_is_no_news(cast: Cast) -> None:
    share_with_employer(cast.bram, "els@example.org")
    with writing() as session:
        for warning in session.scalars(select(Warning)):
            warning.closed_on = MONDAY
    run_job(BY_NAME["employer_news"], MONDAY)
    assert news() == []


def test_who_stops_sharing_takes_back_what_waits_and_nothing_comes_any_more(cast: Cast) -> None:
    share = share_with_employer(cast.bram, "els@example.org")
    run_job(BY_NAME["employer_news"], MONDAY)
    assert [mail.state for mail in news()] == [MailState.WAITING]
    stop_sharing(cast.bram, share.id)
    assert news() == []
    run_job(BY_NAME["employer_news"], MONDAY + timedelta(weeks=1))
    assert news() == []
    share_again(cast.bram, share.id)
    assert len(reading().scalars(select(EmployerShare)).all()) == 2


def test_what_was_tried_in_vain_does_not_go_either_once_nothing_is_shared(cast: Cast) -> None:
    share = share_with_employer(cast.bram, "els@example.org")
    run_job(BY_NAME["employer_news"], MONDAY)
    with writing() as session:
        session.execute(update(OutboxMail).where(OutboxMail.kind == "shared_overload").values(attempts=1))
    stop_sharing(cast.bram, share.id)
    assert news() == []


def test_others_of_the_participant_are_left_waiting(cast: Cast) -> None:
    first = share_with_employer(cast.bram, "els@example.org")
    share_with_employer(cast.bram, "baas@example.org")
    run_job(BY_NAME["employer_news"], MONDAY)
    stop_sharing(cast.bram, first.id)
    assert [mail.recipient for mail in news()] == ["baas@example.org"]
