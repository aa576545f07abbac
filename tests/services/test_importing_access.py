"""What an import of participants does to who sees them."""

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Role, User
from hto_track.models.ledger import AuditEntry
from hto_track.models.participants import Participant
from hto_track.services.accounts import actor_by_email
from hto_track.services.cohort_invitations import invite_participants
from hto_track.services.importing import ImportResult
from hto_track.services.invitations import invite_user
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import writing
from tests.importable import SMALL, imported

BRAM, NEW = "bram@example.org", "bram.nieuw@example.org"


def again(old: str, new: str) -> ImportResult:
    return imported({"participants": SMALL["participants"].replace(old, new)})


def roles(email: str) -> list[Role]:
    db.session.rollback()
    actor = actor_by_email(email)
    return [grant.role for grant in actor.grants] if actor else []


@pytest.fixture
def invited(app: object) -> None:
    """The small set is in, and Bram has been invited."""
    assert imported(SMALL).new_participants
    invite_participants(CONSOLE, ["K1-01"])
    assert roles(BRAM) == [Role.PARTICIPANT]


def test_an_import_tells_who_is_new_and_who_has_another_address(app: object) -> None:
    assert imported(SMALL).new_participants == ("K1-01", "K1-02", "K2-01")
    assert imported(SMALL).new_participants == ()
    assert again("noor@example.org", "noor2@example.org").new_addresses == ("K1-02",)


def test_an_account_at_the_old_address_sees_the_participant_no_more(invited: None) -> None:
    assert again(BRAM, NEW).new_addresses == ("K1-01",)
    assert roles(BRAM) == []
    db.session.rollback()
    user_id = db.session.scalars(select(User.id).where(User.email == BRAM)).one()
    taken = db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "withdraw_role")).all()
    assert taken == [f"user/{user_id}"]
    assert invite_participants(CONSOLE, ["K1-01"]).first_time == 1
    assert roles(NEW) == [Role.PARTICIPANT]


def test_the_same_address_in_capitals_changes_nothing(invited: None) -> None:
    assert again(BRAM, BRAM.upper()).new_addresses == ()
    with writing() as session:
        session.scalars(select(Participant).where(Participant.code == "K1-01")).one().email = BRAM.upper()
    assert imported(SMALL).new_addresses == ()
    assert roles(BRAM) == [Role.PARTICIPANT]


def test_what_else_the_old_account_may_see_stays(invited: None) -> None:
    invite_user(CONSOLE, BRAM, Role.PROJECT_LEADER, "K-2")
    again(BRAM, NEW)
    assert roles(BRAM) == [Role.PROJECT_LEADER]


def test_an_account_at_an_address_that_the_file_never_had_keeps_its_access(invited: None) -> None:
    """Somebody chose it: the page of who has access tells the difference."""
    with writing() as session:
        session.scalars(select(User).where(User.email == BRAM)).one().email = "bram.wit@example.org"
    again(BRAM, NEW)
    assert roles("bram.wit@example.org") == [Role.PARTICIPANT]
