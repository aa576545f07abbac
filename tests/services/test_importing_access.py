"""What an import of participants does to who sees them."""

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Role, User
from hto_track.models.ledger import AuditEntry
from hto_track.services.account_administration import correct_account
from hto_track.services.accounts import actor_by_email
from hto_track.services.cohort_invitations import invite_participants
from hto_track.services.importing import ImportResult
from hto_track.services.invitations import invite_user
from hto_track.services.policy import CONSOLE
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
    assert roles(BRAM) == [Role.PARTICIPANT]


def test_what_else_the_old_account_may_see_stays(invited: None) -> None:
    invite_user(CONSOLE, BRAM, Role.PROJECT_LEADER, "K-2")
    again(BRAM, NEW)
    assert roles(BRAM) == [Role.PROJECT_LEADER]


def test_an_account_at_an_address_of_its_own_keeps_its_access(invited: None) -> None:
    """An administrator put the account right first; the file has caught up with neither address."""
    user_id = db.session.scalars(select(User.id).where(User.email == BRAM)).one()
    correct_account(CONSOLE, user_id, "bram.wit@example.org", "Bram de Wit")
    again(BRAM, "bram.wit@example.org")
    assert roles("bram.wit@example.org") == [Role.PARTICIPANT]
