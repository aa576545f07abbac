"""The demo: someone for each role, a history of warnings, diplomas, and mails of the past set down as sent."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track.models.accounts import Role
from hto_track.models.diploma import Diploma
from hto_track.models.ledger import MailState
from hto_track.models.participants import Participant
from hto_track.models.warnings import Warning
from hto_track.rules.quiet_time import is_working_day
from hto_track.services.accounts import actor_by_email, demo_accounts
from hto_track.services.demo import ADMINISTRATOR, PARTICIPANTS, add_demo_accounts, add_warning_history
from hto_track.services.policy import CONSOLE
from hto_track.services.standings import cohort_standings, participant_standing
from hto_track.services.transaction import reading
from hto_track.services.warnings import cohort_warnings_open
from tests.services.warning_cases import mails

TODAY = date(2026, 6, 14)


@pytest.fixture
def demo(sqlite_example_app: Flask) -> Iterator[Flask]:
    add_demo_accounts(CONSOLE)
    yield sqlite_example_app


def test_there_is_someone_for_each_role(demo: Flask) -> None:
    assert {role for account in demo_accounts() for role in account.roles} == set(Role)
    assert all(account.email.endswith("example.org") for account in demo_accounts())


def test_each_sees_their_own(demo: Flask) -> None:
    anja, chaima, gijs, ruben = (
        actor_by_email(email)
        for email in (
            "projectleider@example.org",
            "chaima@hogeschool.example.org",
            ADMINISTRATOR[0],
            "deelnemer13.zh05@example.org",
        )
    )
    for actor in (anja, chaima, gijs):
        assert actor is not None
        assert len(cohort_standings(actor, "ZH-05", TODAY).members) == 15
        assert len(cohort_standings(actor, "ZH-04", TODAY).members) == 17
    assert ruben is not None
    assert participant_standing(ruben, "ZH05-13", TODAY).member.member.name == "Ruben Çelik"
    people = reading().scalars(select(Participant.code).where(Participant.code.in_(PARTICIPANTS))).all()
    assert sorted(people) == sorted(PARTICIPANTS)


def test_the_history_is_that_of_an_evaluation_on_every_sunday(demo: Flask) -> None:
    add_warning_history(CONSOLE, "ZH-05", TODAY)
    opened = reading().scalars(select(Warning.opened_on).distinct()).all()
    assert {on.isoweekday() for on in opened} == {7}
    assert min(opened) >= date(2026, 3, 15)
    assert len(cohort_warnings_open(CONSOLE, "ZH-05", TODAY)) == 16


def test_a_finished_cohort_has_no_more_warnings_than_those_that_wait_for_someone(demo: Flask) -> None:
    add_warning_history(CONSOLE, "ZH-04", TODAY)
    assert (reading().scalar(select(func.count()).select_from(Warning)) or 0) > 10
    assert {found.warning.code.value for found in cohort_warnings_open(CONSOLE, "ZH-04", TODAY)} <= {"unconfirmed"}


def test_mails_of_the_past_were_sent_then_and_those_of_today_wait(demo: Flask) -> None:
    add_warning_history(CONSOLE, "ZH-05", TODAY)
    by_state = {mail.state: mail for mail in mails()}
    assert set(by_state) == {MailState.SENT, MailState.WAITING}
    for mail in mails():
        assert (mail.state is MailState.WAITING) == (mail.period == "2026-06-14")
        if mail.sent_at is not None:
            assert is_working_day(mail.sent_at.date()), "news of a Sunday went on the next working day"
            assert timedelta(0) < mail.sent_at.date() - date.fromisoformat(mail.period) <= timedelta(days=2)


def test_the_whole_demo_is_filled_and_some_diplomas_are_left_to_award(sqlite_app: Flask) -> None:
    from hto_track.cli import demo_database

    demo_database.fill()
    awarded = reading().scalar(select(func.count()).select_from(Diploma))
    assert awarded and awarded >= 10
    met = [
        member
        for member in cohort_standings(CONSOLE, "ZH-04", TODAY).members
        if member.standing.requirements.state.value == "met"
    ]
    assert len([member for member in met if member.diploma is None]) >= 2
    assert "project leader" in demo_database.how_to_sign_in("http://127.0.0.1:8000")
