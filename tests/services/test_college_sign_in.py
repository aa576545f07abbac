"""Who may come in through the college, and which account is theirs: on both databases, with a real provider."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import AuditEntry
from hto_track.models.sign_in import CollegeIdentity, SignInMethod, SignInSession
from hto_track.services import college_sign_in
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.sessions import signed_in
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.oidc_provider import Provider, Someone, brought_back, oidc_provider, visit


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    """The college of the cast, by which ``app`` lets people in."""
    with oidc_provider() as provider:
        app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], college_provider=provider.settings())
        yield provider


def _come_in() -> str:
    address, flow = college_sign_in.begin_sign_in("192.0.2.0/24")
    return college_sign_in.finish_sign_in(flow, brought_back(visit(address)), "192.0.2.0/24", "a test")


def _kept() -> list[int]:
    """How much there is of what signing in may change."""
    return [
        db.session.scalars(select(func.count()).select_from(table)).one()
        for table in (User, Grant, CollegeIdentity, SignInSession, AuditEntry)
    ]


def _refused(provider: Provider) -> str:
    before = _kept()
    with pytest.raises(Refused) as refused:
        _come_in()
    assert _kept() == before
    return str(refused.value)


def test_the_first_time_an_account_is_found_by_its_address_and_linked(provider: Provider, cast: Cast) -> None:
    provider.person = Someone("maas-1", "Chaima@Example.org")
    found = signed_in(_come_in())
    assert found is not None
    assert (found.actor, found.method) == (cast.chaima, SignInMethod.COLLEGE)
    link = db.session.scalars(select(CollegeIdentity)).one()
    assert (link.user_id, link.issuer, link.subject) == (cast.chaima.user_id, provider.issuer, "maas-1")
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert actions == ["sign_in", "link_college"]


def test_from_then_on_the_person_counts_and_not_the_address(provider: Provider, cast: Cast) -> None:
    _come_in()
    provider.person = Someone("maas-1", "hanna@example.org")
    found = signed_in(_come_in())
    assert found is not None
    assert found.actor == cast.chaima
    assert db.session.scalars(select(func.count()).select_from(CollegeIdentity)).one() == 1


def test_an_address_that_was_handed_on_does_not_open_the_account_of_who_had_it(provider: Provider, cast: Cast) -> None:
    _come_in()
    provider.person = Someone("maas-2", "chaima@example.org")
    assert "goes with somebody else" in _refused(provider)


@pytest.mark.parametrize("who", ["chaima", "hanna", "femke"])
def test_colleagues_of_the_college_come_in(provider: Provider, cast: Cast, who: str) -> None:
    provider.person = Someone("maas-1", getattr(cast, who).email)
    found = signed_in(_come_in())
    assert found is not None
    assert found.actor == getattr(cast, who)


@pytest.mark.parametrize("who", ["anja", "bram", "dirk", "els", "gijs", "ilse", "karel"])
def test_an_account_that_the_college_cannot_vouch_for_is_not_linked(provider: Provider, cast: Cast, who: str) -> None:
    provider.person = Someone("maas-1", getattr(cast, who).email)
    assert "does not know you as a colleague" in _refused(provider)


def test_somebody_unknown_gets_no_account_and_the_same_words(provider: Provider, cast: Cast) -> None:
    provider.person = Someone("maas-1", "bram@example.org")
    about_a_participant = _refused(provider)
    provider.person = Someone("maas-1", "nobody@example.org")
    assert _refused(provider) == about_a_participant.replace("bram@", "nobody@")


@pytest.mark.parametrize("verified", [False, "false", None, 1])
def test_an_address_that_the_college_does_not_vouch_for_opens_nothing(
    provider: Provider, cast: Cast, verified: object
) -> None:
    provider.person = Someone("maas-1", "chaima@example.org", email_verified=verified)
    assert "surely yours" in _refused(provider)


def test_no_address_at_all_opens_nothing(provider: Provider, cast: Cast) -> None:
    provider.person = Someone("maas-1", None)
    assert "surely yours" in _refused(provider)


def test_the_address_may_come_from_userinfo(provider: Provider, cast: Cast) -> None:
    provider.email_at_userinfo = True
    found = signed_in(_come_in())
    assert found is not None
    assert found.actor == cast.chaima


def test_userinfo_about_somebody_else_is_not_believed(provider: Provider, cast: Cast) -> None:
    provider.email_at_userinfo, provider.userinfo_subject = True, "maas-2"
    assert "does not hold" in _refused(provider)


@pytest.mark.parametrize("was_linked", [True, False])
def test_an_erased_account_lets_nobody_in(provider: Provider, cast: Cast, was_linked: bool) -> None:
    if was_linked:
        _come_in()
    with writing() as session:
        session.get_one(User, cast.chaima.user_id).erased_at = clock.now()
    assert "does not know you as a colleague" in _refused(provider)


def test_a_role_withdrawn_later_is_gone_but_the_account_stays_linked(provider: Provider, cast: Cast) -> None:
    _come_in()
    with writing() as session:
        session.delete(session.scalars(select(Grant).where(Grant.user_id == cast.chaima.user_id)).one())
    found = signed_in(_come_in())
    assert found is not None
    assert found.actor.grants == ()


def test_a_role_that_waits_for_a_passkey_waits_for_it_here_too(app: Flask, provider: Provider, cast: Cast) -> None:
    settings = app.extensions["hto_settings"]
    app.extensions["hto_settings"] = replace(settings, passkey_roles=frozenset({Role.COLLEGE}))
    found = signed_in(_come_in())
    assert found is not None
    assert (found.actor.grants, found.actor.withheld) == ((), frozenset({Role.COLLEGE}))


def test_a_link_is_seen_and_undone_by_its_owner_alone(provider: Provider, cast: Cast) -> None:
    before = college_sign_in.own_college_link(cast.chaima)
    assert before is not None
    assert before.linked_at is None
    _come_in()
    linked = college_sign_in.own_college_link(cast.chaima)
    assert linked is not None
    assert linked.linked_at is not None
    assert college_sign_in.own_college_link(cast.bram) is None
    with pytest.raises(NotFound):
        college_sign_in.unlink_college(cast.hanna)
    college_sign_in.unlink_college(cast.chaima)
    assert db.session.scalars(select(CollegeIdentity)).all() == []
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)).one() == (
        "unlink_college"
    )
    with pytest.raises(NotFound):
        college_sign_in.unlink_college(cast.chaima)


def test_a_link_with_another_college_counts_for_nothing(provider: Provider, cast: Cast) -> None:
    with writing() as session:
        other = CollegeIdentity(
            user_id=cast.hanna.user_id, issuer="https://other.example", subject="maas-1", linked_at=clock.now()
        )
        session.add(other)
    found = signed_in(_come_in())
    assert found is not None
    assert found.actor == cast.chaima


def test_where_no_college_signs_in_there_is_nothing(app: Flask, cast: Cast) -> None:
    assert college_sign_in.college_name() is None
    assert college_sign_in.own_college_link(cast.chaima) is None
    for ask in (
        lambda: college_sign_in.begin_sign_in("a network"),
        lambda: college_sign_in.finish_sign_in(None, {}, "a network", "a test"),
        lambda: college_sign_in.unlink_college(cast.chaima),
    ):
        with pytest.raises(NotFound):
            ask()
