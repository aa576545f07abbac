"""What erasing a person reaches, and what it must leave: every account of theirs goes, what is about others stays."""

import pytest
from sqlalchemy import select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services import audit
from hto_track.services.accounts import actor_by_email
from hto_track.services.cohort_invitations import invite_participants
from hto_track.services.erasure import Goes, erase_participant, plan_erasure
from hto_track.services.invitations import invite_user
from hto_track.services.inviting import end_access_at
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.known import said_anywhere
from tests.trail import trail


def leave(code: str) -> None:
    with writing() as session:
        session.execute(
            update(Participant)
            .where(Participant.code == code)
            .values(status=EnrolmentStatus.WITHDRAWN, status_on=TODAY)
        )


def test_an_account_at_an_address_they_had_before_goes_too(cast: Cast) -> None:
    with writing() as session:
        bram = session.scalars(select(Participant).where(Participant.code == cast.participant)).one()
        bram.email = "b.dewit@example.net"
        session.flush()
        end_access_at(session, CONSOLE, {bram.id: cast.bram.email})
    invite_participants(CONSOLE, [cast.participant])
    leave(cast.participant)
    assert plan_erasure(CONSOLE, cast.participant, TODAY).goes[Goes.ACCOUNT] == 2
    erase_participant(CONSOLE, cast.participant, TODAY)
    assert {word: said_anywhere(word) for word in ("Bram de Wit", cast.bram.email, "b.dewit@example.net")} == {
        "Bram de Wit": set(),
        cast.bram.email: set(),
        "b.dewit@example.net": set(),
    }


def test_of_two_accounts_of_one_enrolment_both_go(cast: Cast) -> None:
    with writing() as session:
        session.execute(
            update(Participant).where(Participant.code == cast.participant).values(email="b.dewit@example.net")
        )
    invite_user(CONSOLE, "b.dewit@example.net", Role.PARTICIPANT, cast.cohort)
    leave(cast.participant)
    erase_participant(CONSOLE, cast.participant, TODAY)
    assert said_anywhere("Bram de Wit") == set()
    assert db.session.scalars(select(Grant).where(Grant.participant_id == cast.participant_id)).all() == []


def test_a_former_account_with_another_role_stays(cast: Cast) -> None:
    with writing() as session:
        bram = session.scalars(select(Participant).where(Participant.code == cast.participant)).one()
        session.add(Grant(user_id=cast.bram.user_id, role=Role.SUPERVISOR, granted_at=clock.now()))
        bram.email = "b.dewit@example.net"
        session.flush()
        end_access_at(session, CONSOLE, {bram.id: cast.bram.email})
    leave(cast.participant)
    erase_participant(CONSOLE, cast.participant, TODAY)
    assert actor_by_email(cast.bram.email) is not None


@pytest.mark.parametrize("phone", ["-", "1", "06"])
def test_what_is_about_others_stays_whole(cast: Cast, phone: str) -> None:
    with writing() as session:
        session.execute(
            update(Participant)
            .where(Participant.code == cast.neighbour)
            .values(given_name="Jan", name_prefix="de", family_name="Wit", phone=phone)
        )
        said = {"on": "2026-06-11", "note": "Jan de Witte belt"}
        audit.record(session, cast.otto, "snooze_warning", audit.of_participant(cast.other_participant), after=said)
        mail = Mail(kind="k", subject_key="s", period="p", recipient="otto@example.org", subject="1-2", body="06-1 Jan")
        queue_mails(session, [mail])
    leave(cast.neighbour)
    erase_participant(CONSOLE, cast.neighbour, TODAY)
    assert [entry.after for entry in trail("snooze_warning")] == [said]
    left = db.session.scalars(select(OutboxMail).where(OutboxMail.period == "p")).one()
    assert (left.subject, left.body) == ("1-2", "06-1 Jan")


def test_what_they_once_did_to_others_stays_in_the_trail(cast: Cast) -> None:
    with writing() as session:
        audit.record(session, cast.bram, "award", audit.of_participant(cast.other_participant), after={"number": "7"})
    leave(cast.participant)
    erase_participant(CONSOLE, cast.participant, TODAY)
    assert [entry.after for entry in trail("award")] == [{"number": "7"}]
