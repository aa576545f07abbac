"""A college's administration and its own people."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import OutboxMail
from hto_track.models.sign_in import SignInMethod
from hto_track.services import sessions
from hto_track.services.accounts import actor_by_email
from hto_track.services.colleagues import College, colleague, colleagues, invite_colleague, withdraw_colleague
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import COLLEGE, Cast

JORIS = "joris@example.org"


def people(cast: Cast) -> dict[str, Role]:
    db.session.rollback()
    [college] = colleagues(cast.hanna)
    return {person.name: person.role for person in college.people}


def grant_of(role: Role) -> int:
    db.session.rollback()
    return db.session.scalars(select(Grant.id).where(Grant.role == role).order_by(Grant.id).limit(1)).one()


def test_the_administration_sees_the_people_of_its_own_college(cast: Cast) -> None:
    assert people(cast) == {"Hanna Mol": Role.COLLEGE_ADMINISTRATION, "chaima@example.org": Role.COLLEGE}
    invite_colleague(CONSOLE, COLLEGE, JORIS, "Joris", Role.COLLEGE)
    assert list(people(cast)) == ["Hanna Mol", "chaima@example.org", JORIS]


def test_an_administrator_sees_every_college(cast: Cast) -> None:
    assert [type(college) for college in colleagues(cast.gijs)] == [College]


def test_the_administration_invites_teachers_and_colleagues_and_gives_no_other_role(cast: Cast) -> None:
    invite_colleague(cast.hanna, COLLEGE, " Joris@Example.org", "Joris", Role.COLLEGE)
    invite_colleague(cast.hanna, COLLEGE, "kim@example.org", "Kim", Role.COLLEGE_ADMINISTRATION)
    assert people(cast)[JORIS] is Role.COLLEGE
    assert people(cast)["kim@example.org"] is Role.COLLEGE_ADMINISTRATION
    for role in set(Role) - {Role.COLLEGE, Role.COLLEGE_ADMINISTRATION}:
        with pytest.raises(Forbidden):
            invite_colleague(cast.hanna, COLLEGE, "x@example.org", "", role)
    assert actor_by_email("x@example.org") is None
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == JORIS)).one()
    assert f"Je geeft les aan {COLLEGE}" in mail.body
    assert "Hanna Mol nodigt je uit" in mail.body


def comes_in(email: str) -> None:
    with writing() as session:
        user = session.scalars(select(User).where(User.email == email)).one()
        sessions.begin(session, user, SignInMethod.DEMO, "a test")


@pytest.mark.parametrize("typed", ["", "Karel"])
def test_inviting_does_not_tell_whether_an_address_has_an_account_nor_whose(cast: Cast, typed: str) -> None:
    comes_in(cast.karel.email)
    for email in (cast.karel.email, JORIS):
        invite_colleague(cast.hanna, COLLEGE, email, typed, Role.COLLEGE)
    db.session.rollback()
    found = {person.email: person for person in colleagues(cast.hanna)[0].people}
    with_account, without = found[cast.karel.email], found[JORIS]
    assert (with_account.name, without.name) == (cast.karel.email, JORIS)
    same = {"name": "", "email": "", "grant_id": 0, "invited_at": None}
    assert replace(with_account, **same) == replace(without, **same)
    assert colleague(cast.hanna, with_account.grant_id).name == cast.karel.email
    assert "Karel Roos" in people_of_college()
    comes_in(cast.karel.email)
    assert people(cast)["Karel Roos"] is Role.COLLEGE


def test_another_college_is_not_there(cast: Cast) -> None:
    for college in ("Hogeschool Elders", ""):
        for actor in (cast.hanna, cast.gijs):
            with pytest.raises(NotFound):
                invite_colleague(actor, college, JORIS, "", Role.COLLEGE)
    assert actor_by_email(JORIS) is None


def test_the_same_form_mails_once(cast: Cast) -> None:
    form = SentForm(key="k", content="c")
    for _ in range(2):
        assert invite_colleague(cast.hanna, COLLEGE, JORIS, "", Role.COLLEGE, form) == JORIS
    assert len(db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == JORIS)).all()) == 1


def test_a_teacher_loses_the_role_but_the_last_of_the_administration_keeps_it(cast: Cast) -> None:
    teacher, office = grant_of(Role.COLLEGE), grant_of(Role.COLLEGE_ADMINISTRATION)
    assert withdraw_colleague(cast.hanna, teacher).name == "chaima@example.org"
    with pytest.raises(Refused):
        withdraw_colleague(cast.hanna, office)
    invite_colleague(cast.hanna, COLLEGE, "kim@example.org", "Kim", Role.COLLEGE_ADMINISTRATION)
    withdraw_colleague(cast.hanna, office)
    assert people_of_college() == {"Kim"}
    withdraw_colleague(cast.gijs, grant_of(Role.COLLEGE_ADMINISTRATION))
    assert people_of_college() == set()


def people_of_college() -> set[str]:
    db.session.rollback()
    return {person.name for college in colleagues(CONSOLE) for person in college.people}


def test_no_role_outside_the_college_is_withdrawn_here(cast: Cast) -> None:
    for role in (Role.PROJECT_LEADER, Role.PARTICIPANT, Role.ADMINISTRATOR):
        for action in (colleague, withdraw_colleague):
            with pytest.raises(NotFound):
                action(cast.hanna, grant_of(role))


@pytest.mark.parametrize("who", ["anja", "bram", "chaima", "dirk", "els", "femke", "ilse", "karel", "otto"])
def test_nobody_else_sees_or_changes_the_people_of_a_college(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(Forbidden):
        colleagues(actor)
    for action in (
        lambda: invite_colleague(actor, COLLEGE, JORIS, "", Role.COLLEGE),
        lambda: colleague(actor, grant_of(Role.COLLEGE)),
        lambda: withdraw_colleague(actor, grant_of(Role.COLLEGE)),
    ):
        with pytest.raises((Forbidden, NotFound)):
            action()
    assert people(cast) == {"Hanna Mol": Role.COLLEGE_ADMINISTRATION, "chaima@example.org": Role.COLLEGE}
