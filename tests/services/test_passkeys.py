"""Passkeys: true ones get in, and whatever is not quite true changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from hto_track.config import SettingsError, settings_from
from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.models.sign_in import PasskeyChallenge, SignInMethod, SignInSession
from hto_track.services.passkeys import (
    ask_for_new_passkey,
    ask_for_passkey,
    own_passkeys,
    register_passkey,
    remove_passkey,
    remove_passkeys_of,
    sign_in_with_passkey,
)
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused, TooOften
from hto_track.services.sessions import signed_in
from tests.authenticator import Authenticator
from tests.cast import Cast
from tests.passkeys import DEVICE, NETWORK, SITE, come_in, made, session_of, signs_in, stored
from tests.sign_in import begin_session


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """An installation at an address where passkeys work."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], base_url=SITE["origin"])
    yield app


@pytest.fixture
def key() -> Authenticator:
    """A device without a passkey yet."""
    return Authenticator(**SITE)


def test_a_passkey_signs_in_who_made_it(cast: Cast, key: Authenticator) -> None:
    made(cast.bram, key)
    assert signs_in(come_in(key)) == cast.bram


def test_the_question_asks_for_who_holds_it_and_for_a_passkey_that_knows_its_account(cast: Cast) -> None:
    options = ask_for_new_passkey(cast.bram, "phone")
    assert options["rp"] == {"id": "hto.example.org", "name": "HTO Track"}
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["timeout"] == 300_000
    asked = ask_for_passkey(NETWORK)
    assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == ("hto.example.org", "required", [])


def test_the_handle_of_an_account_is_its_own_and_tells_nothing(cast: Cast) -> None:
    handles = [base64url_to_bytes(ask_for_new_passkey(actor, "x")["user"]["id"]) for actor in (cast.bram, cast.anja)]
    assert handles[0] == base64url_to_bytes(ask_for_new_passkey(cast.bram, "y")["user"]["id"])
    assert handles[0] != handles[1]
    assert len(handles[0]) == 32
    assert b"bram" not in handles[0]


def test_a_device_is_not_asked_for_a_second_passkey(cast: Cast, key: Authenticator) -> None:
    made(cast.bram, key)
    excluded = ask_for_new_passkey(cast.bram, "again")["excludeCredentials"]
    assert [each["id"] for each in excluded] == [bytes_to_base64url(key.credential_id)]
    assert ask_for_new_passkey(cast.anja, "mine")["excludeCredentials"] == []


def test_of_a_question_only_its_hash_is_kept(cast: Cast) -> None:
    challenge = base64url_to_bytes(ask_for_passkey(NETWORK)["challenge"])
    kept = db.session.scalars(select(PasskeyChallenge.challenge_hash)).one()
    assert len(challenge) == 32
    assert kept not in (challenge.hex(), bytes_to_base64url(challenge))


def test_own_passkeys_say_when_they_were_made_and_used(cast: Cast, key: Authenticator) -> None:
    made(cast.bram, key, "  my\tphone ")
    made(cast.anja, Authenticator(**SITE))
    assert [(each.name, each.used_at) for each in own_passkeys(cast.bram)] == [("my phone", None)]
    come_in(key)
    (own,) = own_passkeys(cast.bram)
    assert own.used_at is not None and own.used_at >= own.made_at


def test_making_a_passkey_counts_as_proof_and_is_in_the_trail(cast: Cast, key: Authenticator) -> None:
    session_id = session_of(cast.bram)
    register_passkey(cast.bram, session_id, "phone", key.make(ask_for_new_passkey(cast.bram, "phone")))
    assert db.session.get_one(SignInSession, session_id).method is SignInMethod.PASSKEY
    entry, content = db.session.execute(
        select(AuditEntry, AuditContent)
        .join(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .where(AuditEntry.action == "register_passkey")
    ).one()
    assert (entry.actor, entry.subject) == (cast.bram.ref, cast.bram.ref)
    assert content.after == {"passkey": own_passkeys(cast.bram)[0].id}


def test_a_removed_passkey_signs_in_nobody(cast: Cast, key: Authenticator) -> None:
    made(cast.bram, key)
    (own,) = own_passkeys(cast.bram)
    assert remove_passkey(cast.bram, own.id) == "phone"
    with pytest.raises(Refused, match="not known here"):
        come_in(key)
    removed = select(AuditEntry.subject).where(AuditEntry.action == "remove_passkey")
    assert db.session.scalars(removed).all() == [cast.bram.ref]


def test_nobody_removes_the_passkey_of_somebody_else(cast: Cast, key: Authenticator) -> None:
    made(cast.bram, key)
    before = stored()
    for actor in (cast.anja, cast.gijs):
        with pytest.raises(NotFound):
            remove_passkey(actor, own_passkeys(cast.bram)[0].id)
    assert stored() == before


def test_an_administrator_removes_the_passkeys_of_who_lost_them(cast: Cast, key: Authenticator) -> None:
    made(cast.bram, key)
    made(cast.bram, Authenticator(**SITE))
    assert cast.bram.user_id is not None
    with pytest.raises(Forbidden):
        remove_passkeys_of(cast.anja, cast.bram.user_id)
    begun = [begin_session(cast.bram.user_id, method) for method in (SignInMethod.PASSKEY, SignInMethod.LINK)]
    of_another = begin_session(cast.anja.user_id, SignInMethod.LINK)
    assert remove_passkeys_of(cast.gijs, cast.bram.user_id) == 2
    assert own_passkeys(cast.bram) == ()
    assert [signed_in(word) for word in begun] == [None, None], "whoever found the device does not go on"
    assert signed_in(of_another) is not None
    trail = select(AuditEntry.action).where(AuditEntry.actor == cast.gijs.ref).order_by(AuditEntry.id)
    assert db.session.scalars(trail).all() == ["remove_passkey", "end_session"]
    afterwards = begin_session(cast.bram.user_id, SignInMethod.LINK)
    assert remove_passkeys_of(cast.gijs, cast.bram.user_id) == 0
    assert signed_in(afterwards) is not None, "a button pressed twice does not sign out who came back in"
    with pytest.raises(NotFound):
        remove_passkeys_of(cast.gijs, 4711)


class TestRolesThatWait:
    """Roles that an installation keeps for passkeys."""

    @pytest.fixture(autouse=True)
    def leaders_need_a_passkey(self, app: Flask) -> None:
        """Of this installation."""
        settings = app.extensions["hto_settings"]
        app.extensions["hto_settings"] = replace(settings, passkey_roles=frozenset({Role.PROJECT_LEADER}))

    def actor(self, cast: Cast, method: SignInMethod) -> Actor:
        """Anja, as she is in a session begun this way."""
        found = signed_in(begin_session(cast.anja.user_id, method))
        assert found is not None
        return found.actor

    def test_a_role_is_there_only_after_a_passkey(self, cast: Cast, key: Authenticator) -> None:
        by_link = self.actor(cast, SignInMethod.LINK)
        assert (by_link.grants, by_link.withheld) == ((), {Role.PROJECT_LEADER})
        made(by_link, key)
        assert signs_in(come_in(key)) == cast.anja

    def test_who_reads_the_mail_of_a_leader_cannot_replace_their_passkey(self, cast: Cast, key: Authenticator) -> None:
        made(self.actor(cast, SignInMethod.LINK), key)
        by_link = self.actor(cast, SignInMethod.LINK)
        session_id = session_of(cast.anja)
        before = stored()
        with pytest.raises(Refused, match="a passkey that you have"):
            ask_for_new_passkey(by_link, "another")
        with pytest.raises(Refused, match="a passkey that you have"):
            remove_passkey(by_link, own_passkeys(by_link)[0].id)
        assert stored() == before
        register_passkey(
            cast.anja, session_id, "another", Authenticator(**SITE).make(ask_for_new_passkey(cast.anja, "another"))
        )
        assert len(own_passkeys(cast.anja)) == 2

    def test_two_questions_asked_before_the_first_passkey_make_one_passkey(
        self, cast: Cast, key: Authenticator
    ) -> None:
        by_link = self.actor(cast, SignInMethod.LINK)
        session_id, of_a_reader = session_of(cast.anja), Authenticator(**SITE)
        first, second = (ask_for_new_passkey(by_link, name) for name in ("phone", "another"))
        register_passkey(by_link, session_id, "phone", key.make(first))
        with pytest.raises(Refused, match="a passkey that you have"):
            register_passkey(by_link, session_id, "another", of_a_reader.make(second))

    def test_after_the_administrator_removed_a_lost_passkey_a_new_one_can_be_made(
        self, cast: Cast, key: Authenticator
    ) -> None:
        made(self.actor(cast, SignInMethod.LINK), Authenticator(**SITE))
        assert cast.anja.user_id is not None
        remove_passkeys_of(cast.gijs, cast.anja.user_id)
        made(self.actor(cast, SignInMethod.LINK), key)
        assert signs_in(come_in(key)) == cast.anja


def test_answers_from_one_network_are_counted(cast: Cast, key: Authenticator) -> None:
    made(cast.bram, key)
    for _ in range(100):
        with pytest.raises(Refused):
            sign_in_with_passkey({}, NETWORK, DEVICE)
    with pytest.raises(TooOften):
        come_in(key)
    assert signs_in(sign_in_with_passkey(key.sign(ask_for_passkey(NETWORK)), "198.51.100.0/24", DEVICE)) == cast.bram


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://hto.example.org", "https://hto.example.org"),
        ("https://HTO.example.org:443/track", "https://hto.example.org"),
        ("https://hto.example.org:8443", "https://hto.example.org:8443"),
        ("https://höger.example.org", "https://xn--hger-5qa.example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://localhost:8000"),
        ("http://localhost", "http://localhost"),
        ("http://hto.example.org", None),
        ("https://192.0.2.7", None),
        ("https://", None),
        ("https://a..b", None),
        ("https://hto.example.org:port", None),
        ("hto.example.org", None),
    ],
)
def test_passkeys_work_by_tls_under_a_name_and_on_this_machine_by_its_name(
    app: Flask, cast: Cast, base_url: str, origin: str | None
) -> None:
    settings = replace(app.extensions["hto_settings"], base_url=base_url)
    assert settings.passkey_origin == origin
    app.extensions["hto_settings"] = settings
    if origin is None:
        for ask in (lambda: ask_for_passkey(NETWORK), lambda: ask_for_new_passkey(cast.bram, "phone")):
            with pytest.raises(Refused, match="do not work at the address"):
                ask()


def test_roles_cannot_wait_for_passkeys_where_those_do_not_work(tmp_path: Path) -> None:
    environment = {"HTO_PASSKEY_ROLES": "project_leader", "HTO_BASE_URL": "http://hto.example.org"}
    with pytest.raises(SettingsError, match="HTO_PASSKEY_ROLES needs passkeys"):
        settings_from(environment, tmp_path)
    assert settings_from(environment | {"HTO_BASE_URL": SITE["origin"]}, tmp_path).passkey_roles
