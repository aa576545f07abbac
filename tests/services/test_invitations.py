"""Inviting someone: an account, a role in its scope, and one link."""

import pytest
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import OutboxMail
from hto_track.services.accounts import actor_by_email
from hto_track.services.invitations import invite_user
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.sessions import signed_in
from hto_track.services.sign_in_links import use_link
from tests.cast import COLLEGE, Cast


def test_a_leader_gets_the_cohort_and_a_link_that_lets_them_in(cast: Cast) -> None:
    invitation = invite_user(CONSOLE, " Ingrid@Example.org ", Role.PROJECT_LEADER, cast.cohort)
    assert invitation.email == "ingrid@example.org"
    found = signed_in(use_link(invitation.link.rpartition("/")[2], "192.0.2.0/24", "a test"))
    actor = actor_by_email("ingrid@example.org")
    assert actor is not None and found is not None
    assert found.actor == actor
    assert [(grant.role, grant.cohort_id) for grant in actor.grants] == [(Role.PROJECT_LEADER, cast.cohort_id)]


def test_a_college_gets_the_college_of_the_cohorts_programme(cast: Cast) -> None:
    invite_user(CONSOLE, "joris@example.org", Role.COLLEGE, cast.cohort)
    actor = actor_by_email("joris@example.org")
    assert actor is not None
    assert [grant.college for grant in actor.grants] == [COLLEGE]


def test_a_participant_gets_their_own_enrolment_and_name(cast: Cast) -> None:
    invite_user(CONSOLE, "noor@example.org", Role.PARTICIPANT, cast.cohort)
    actor = actor_by_email("noor@example.org")
    assert actor is not None
    assert actor.name == "Noor Visser"
    assert actor.grants[0].participant_id not in (None, cast.participant_id)


def test_inviting_twice_gives_no_second_account_or_role_and_one_mail_each(cast: Cast) -> None:
    for _ in range(2):
        invite_user(CONSOLE, "ingrid@example.org", Role.ADMINISTRATOR, None)
    users = select(func.count()).select_from(User).where(User.email == "ingrid@example.org")
    assert db.session.scalar(users) == 1
    grants = select(func.count()).select_from(Grant).join(User).where(User.email == "ingrid@example.org")
    assert db.session.scalar(grants) == 1
    mails = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "invitation")).all()
    assert mails
    assert all("/sign-in/" in (mail.secrets or {})["link"] and "/sign-in/" not in mail.body for mail in mails)


@pytest.mark.parametrize(
    ("email", "role", "cohort"),
    [
        ("not an address", Role.ADMINISTRATOR, None),
        ("x" * 300 + "@example.org", Role.ADMINISTRATOR, None),
        ("two@example.org\nBcc: all@example.org", Role.ADMINISTRATOR, None),
        ("ingrid@example.org", Role.PROJECT_LEADER, None),
        ("stranger@example.org", Role.PARTICIPANT, "C-1"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_account(
    cast: Cast, email: str, role: Role, cohort: str | None
) -> None:
    before = db.session.scalar(select(func.count()).select_from(User))
    with pytest.raises(Refused):
        invite_user(CONSOLE, email, role, cohort)
    assert db.session.scalar(select(func.count()).select_from(User)) == before


def test_a_cohort_that_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        invite_user(CONSOLE, "ingrid@example.org", Role.PROJECT_LEADER, "C-9")


def test_only_an_administrator_invites(cast: Cast) -> None:
    assert invite_user(cast.gijs, "ingrid@example.org", Role.ADMINISTRATOR, None).link
    with pytest.raises(Forbidden):
        invite_user(cast.anja, "ingrid@example.org", Role.ADMINISTRATOR, None)
