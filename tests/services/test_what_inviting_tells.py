"""What inviting tells of the accounts that there are: nothing, until whoever is invited comes in."""

from dataclasses import replace

import pytest

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Role, User
from hto_track.services.access_lists import Presence, count_not_in
from hto_track.services.cohort_invitations import Invited, add_colleague, invite_people
from hto_track.services.policy import CONSOLE
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.test_cohort_invitations import NOOR, access, comes_in, mails, person


def has_an_account(email: str) -> None:
    """Somebody who came in before, for something else."""
    with writing() as session:
        session.add(User(email=email, name="Tess Vermaat", invited_at=clock.now()))
    comes_in(email)


@pytest.mark.parametrize("typed", ["", "Tess"])
def test_inviting_does_not_tell_whether_an_address_has_an_account_nor_whose(cast: Cast, typed: str) -> None:
    emails = ("tess@example.org", "niemand@example.org")
    has_an_account(emails[0])
    for email in emails:
        add_colleague(cast.anja, cast.cohort, email, typed, Role.PROJECT_LEADER)
    with_account, without = (
        replace(person(cast, email), key="", user_id=None, grant_id=None, email="", address="", invited_at=None)
        for email in emails
    )
    assert (with_account.name, without.name) == emails
    assert replace(with_account, name="") == replace(without, name="")
    known = [person(cast, email) for email in emails]
    assert {each.presence for each in known} == {Presence.INVITED}
    assert [each.key for each in known] == [f"project_leader-{each.grant_id}" for each in known], "none of an account"


def test_a_participant_with_an_account_stands_as_invited_until_they_come_in_for_this(cast: Cast) -> None:
    has_an_account(NOOR)
    key = person(cast, "Noor").key
    invite_people(cast.anja, cast.cohort, [key])
    noor = person(cast, "Noor")
    assert (noor.presence, noor.first_signed_in_at, noor.last_signed_in_at) == (Presence.INVITED, None, None)
    db.session.rollback()
    assert count_not_in(cast.anja, cohort_standings(CONSOLE, cast.cohort, TODAY)) == 2
    assert invite_people(cast.anja, cast.cohort, [key]) == Invited(again=1)
    assert mails()[-1].subject.startswith("Herinnering")
    comes_in(NOOR)
    assert person(cast, "Noor").presence is Presence.IN


def test_who_came_in_since_is_known_by_name_and_administrators_know_everyone(cast: Cast) -> None:
    has_an_account("tess@example.org")
    add_colleague(cast.anja, cast.cohort, "tess@example.org", "", Role.PROJECT_LEADER)
    everyone = {each.name: each for each in access(cast, cast.gijs).people}
    assert everyone["Tess Vermaat"].last_signed_in_at is not None
    assert "Chaima Aziz" in everyone
    comes_in("tess@example.org")
    tess = person(cast, "tess")
    assert (tess.name, tess.presence, tess.last_signed_in_at is not None) == ("Tess Vermaat", Presence.IN, True)
