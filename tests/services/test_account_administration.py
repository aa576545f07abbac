"""All accounts: found, corrected, signed out, their roles taken back."""

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.internship import Placement
from hto_track.models.ledger import AuditEntry, OutboxMail
from hto_track.models.participants import Participant
from hto_track.services import account_administration as administration
from hto_track.services import sessions
from hto_track.services.accounts import actor_by_email
from hto_track.services.form_answers import SentForm
from hto_track.services.invitations import invite_user
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.sign_in_links import ask_for_link, link_owner
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.sign_in import begin_session


def id_of(actor: Actor) -> int:
    assert actor.user_id is not None
    return actor.user_id


def grant_of(actor: Actor) -> int:
    db.session.rollback()
    return db.session.scalars(select(Grant.id).where(Grant.user_id == actor.user_id)).one()


def test_accounts_are_found_by_name_and_address_with_their_roles(cast: Cast) -> None:
    everyone = administration.all_accounts(cast.gijs, "", 1)
    assert (everyone.total, everyone.pages) == (11, 1)
    assert [account.name for account in everyone.accounts][:3] == ["Anja Bos", "Bram de Wit", "Chaima Aziz"]
    [bram] = administration.all_accounts(cast.gijs, " DE wit ", 1).accounts
    assert [(role.role, role.where) for role in bram.roles] == [(Role.PARTICIPANT, "Groep C-1, C1-01")]
    [karel] = administration.all_accounts(cast.gijs, "karel@", 1).accounts
    assert karel.roles == ()


@pytest.mark.parametrize("search", ["%", "_", "\\", "' or 1=1 --"])
def test_signs_of_the_query_language_find_only_themselves(cast: Cast, search: str) -> None:
    assert administration.all_accounts(cast.gijs, search, 1).total == 0


def test_more_than_a_page_of_accounts_stands_on_pages(cast: Cast) -> None:
    with writing() as session:
        session.add_all(User(email=f"z{number}@example.org", name=f"Zz {number:03}") for number in range(200))
    pages = [administration.all_accounts(cast.gijs, "", page) for page in (1, 2, 3)]
    assert [len(page.accounts) for page in pages] == [100, 100, 11]
    assert len({account.id for page in pages for account in page.accounts}) == 211
    assert administration.all_accounts(cast.gijs, "", 99).page == 3
    assert administration.all_accounts(cast.gijs, "", -1).page == 1


def test_a_role_is_withdrawn_from_its_own_account_alone(cast: Cast) -> None:
    grant_id = grant_of(cast.anja)
    with pytest.raises(NotFound):
        administration.withdraw_role(cast.gijs, id_of(cast.bram), grant_id)
    assert administration.withdraw_role(cast.gijs, id_of(cast.anja), grant_id).where == "Groep C-1"
    assert administration.one_account(cast.gijs, id_of(cast.anja)).roles == ()


def test_the_last_administrator_stays_one(cast: Cast) -> None:
    with pytest.raises(Refused):
        administration.withdraw_role(cast.gijs, id_of(cast.gijs), grant_of(cast.gijs))
    invite_user(CONSOLE, "ingrid@example.org", Role.ADMINISTRATOR)
    administration.withdraw_role(cast.gijs, id_of(cast.gijs), grant_of(cast.gijs))
    with pytest.raises(Refused):
        ingrid = actor_by_email("ingrid@example.org")
        assert ingrid is not None
        administration.withdraw_role(CONSOLE, id_of(ingrid), grant_of(ingrid))


def test_a_corrected_address_ends_sessions_and_links_and_is_put_right_everywhere(cast: Cast) -> None:
    token = begin_session(cast.bram.user_id)
    link = invite_user(CONSOLE, "bram@example.org", Role.PARTICIPANT, cast.cohort).link.rpartition("/")[2]
    ask_for_link("bram@example.org", "192.0.2.1")
    asked = db.session.scalars(select(OutboxMail.secrets).where(OutboxMail.kind == "sign_in")).one()
    assert asked is not None
    form = SentForm(key="k", content="c")
    for _ in range(2):
        administration.correct_account(cast.gijs, id_of(cast.bram), " Bram.Wit@Example.org ", "Bram  de Wit", form)
    db.session.rollback()
    assert sessions.signed_in(token) is None
    for token in (link, asked["link"].rpartition("/")[2]):
        with pytest.raises(Refused):
            link_owner(token)
    bram = actor_by_email("bram.wit@example.org")
    assert bram is not None
    assert (bram.user_id, bram.name) == (cast.bram.user_id, "Bram de Wit")
    assert db.session.get_one(Participant, cast.participant_id).email == "bram.wit@example.org"
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "correct_account")).all()
    assert [entry.subject for entry in entries] == [f"user/{cast.bram.user_id}", f"participant/{cast.participant}"]
    assert all("example.org" not in f"{entry.actor} {entry.subject}" for entry in entries)


def test_who_leads_and_who_supervises_keep_what_they_had(cast: Cast) -> None:
    administration.correct_account(cast.gijs, id_of(cast.anja), "anja.bos@example.org", "Anja Bos")
    administration.correct_account(cast.gijs, id_of(cast.dirk), "dirk.mulder@example.org", "Dirk Mulder")
    db.session.rollback()
    assert db.session.get_one(Cohort, cast.cohort_id).leader_email == "anja.bos@example.org"
    assert db.session.get_one(Placement, cast.placement_id).supervisor_email == "dirk.mulder@example.org"


def test_the_address_of_somebody_else_who_is_called_alike_stays(cast: Cast) -> None:
    """Karel's account has Noor's address by mistake; he takes part in nothing, so that hers stays hers."""
    administration.correct_account(cast.gijs, id_of(cast.karel), "noor@example.org", "Karel Roos")
    administration.correct_account(cast.gijs, id_of(cast.karel), "karel@example.org", "Karel Roos")
    db.session.rollback()
    noor = db.session.scalars(select(Participant).where(Participant.code == cast.neighbour)).one()
    assert noor.email == "noor@example.org"


def test_a_corrected_name_alone_signs_nobody_out(cast: Cast) -> None:
    token = begin_session(cast.bram.user_id)
    administration.correct_account(cast.gijs, id_of(cast.bram), cast.bram.email, "Bram Wit")
    db.session.rollback()
    found = sessions.signed_in(token)
    assert found is not None and found.actor.name == "Bram Wit"


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [
        ("anja@example.org", "Bram", "email"),
        ("ANJA@example.org ", "Bram", "email"),
        ("geen adres", "Bram", "email"),
        ("a@example.org\nBcc: b@example.org", "Bram", "email"),
        ("bram@example.org", "   ", "name"),
        ("bram@example.org", "x" * 201, "name"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(cast: Cast, email: str, name: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        administration.correct_account(cast.gijs, id_of(cast.bram), email, name)
    assert refused.value.refusals[0].field == field
    assert administration.one_account(cast.gijs, id_of(cast.bram)).name == "Bram de Wit"


def test_an_account_that_is_not_there_is_not_found(cast: Cast) -> None:
    with writing() as session:
        session.get_one(User, cast.karel.user_id).erased_at = session.scalars(select(Grant.granted_at)).first()
    for user_id in (id_of(cast.karel), 999_999):
        with pytest.raises(NotFound):
            administration.one_account(cast.gijs, user_id)
        with pytest.raises(NotFound):
            administration.correct_account(cast.gijs, user_id, "x@example.org", "X")
        with pytest.raises(NotFound):
            administration.withdraw_role(cast.gijs, user_id, grant_of(cast.anja))
    assert administration.all_accounts(cast.gijs, "karel", 1).total == 0


@pytest.mark.parametrize("who", ["anja", "bram", "chaima", "dirk", "els", "femke", "hanna", "ilse", "karel", "otto"])
def test_only_administrators_do_any_of_it(cast: Cast, who: str) -> None:
    actor, bram = getattr(cast, who), id_of(cast.bram)
    for action in (
        lambda: administration.all_accounts(actor, "", 1),
        lambda: administration.one_account(actor, bram),
        lambda: administration.scopes_to_give(actor),
        lambda: administration.withdraw_role(actor, bram, grant_of(cast.bram)),
        lambda: administration.correct_account(actor, bram, "x@example.org", "X"),
    ):
        with pytest.raises(Forbidden):
            action()
    assert actor_by_email("bram@example.org") is not None
