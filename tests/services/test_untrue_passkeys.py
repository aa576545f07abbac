"""Passkeys that are not quite true, whether to sign in with or to keep: each is refused, and nothing changes."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Role, User
from hto_track.models.sign_in import Passkey, PasskeyChallenge
from hto_track.services.passkeys import (
    HIGHEST_COUNT,
    MOST_PASSKEYS,
    ask_for_new_passkey,
    ask_for_passkey,
    own_passkeys,
    register_passkey,
    sign_in_with_passkey,
)
from hto_track.services.policy import Actor, ActorGrant
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.sessions import end_session
from hto_track.services.transaction import noting
from tests.authenticator import Authenticator
from tests.cast import Cast
from tests.passkeys import DEVICE, NETWORK, SITE, come_in, let_pass, made, session_of, signs_in, stored

Altered = Callable[[dict[str, Any]], Any]


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """An installation at an address where passkeys work."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], base_url=SITE["origin"])
    yield app


@pytest.fixture
def key() -> Authenticator:
    """A device without a passkey yet."""
    return Authenticator(**SITE)


class TestWhatIsNotQuiteTrue:
    """Of the answer to a sign-in."""

    @pytest.mark.parametrize(
        ("untrue", "says"),
        [
            ({"origin": "https://elsewhere.example"}, "could not be checked"),
            ({"origin": "http://hto.example.org"}, "could not be checked"),
            ({"origin": "https://hto.example.org:8443"}, "could not be checked"),
            ({"host": "elsewhere.example"}, "could not be checked"),
            ({"verifies": False}, "could not be checked"),
            ({"credential_id": b"never seen"}, "not known here"),
        ],
    )
    def test_a_passkey_of_another_site_or_holder_is_refused(
        self, cast: Cast, key: Authenticator, untrue: dict[str, Any], says: str
    ) -> None:
        made(cast.bram, key)
        before = stored()
        with pytest.raises(Refused, match=says):
            come_in(replace(key, **untrue))
        assert stored() == before

    def test_another_key_under_the_same_name_is_refused(self, cast: Cast, key: Authenticator) -> None:
        made(cast.bram, key)
        before = stored()
        with pytest.raises(Refused, match="could not be checked"):
            come_in(Authenticator(**SITE, credential_id=key.credential_id))
        assert stored() == before

    @pytest.mark.parametrize(
        ("part", "alter"),
        [
            ("signature", lambda content: content[:-1] + bytes([content[-1] ^ 1])),
            ("authenticatorData", lambda content: content[:-1] + bytes([content[-1] ^ 0x80])),  # the count
            ("clientDataJSON", lambda content: content.replace(b"false", b"true")),
        ],
    )
    def test_what_was_altered_on_the_way_is_refused(
        self, cast: Cast, key: Authenticator, part: str, alter: Callable[[bytes], bytes]
    ) -> None:
        made(cast.bram, key)
        before = stored()
        answer = key.sign(ask_for_passkey(NETWORK))
        content = base64url_to_bytes(answer["response"][part])
        answer["response"][part] = bytes_to_base64url(alter(content))
        assert alter(content) != content
        with pytest.raises(Refused, match="could not be checked"):
            sign_in_with_passkey(answer, NETWORK, DEVICE)
        assert stored() == before

    def test_an_answer_works_once(self, cast: Cast, key: Authenticator) -> None:
        key.counts = False
        made(cast.bram, key)
        answer = key.sign(ask_for_passkey(NETWORK))
        sign_in_with_passkey(answer, NETWORK, DEVICE)
        before = stored()
        with pytest.raises(Refused, match="done already"):
            sign_in_with_passkey(answer, NETWORK, DEVICE)
        assert stored() == before

    def test_a_question_of_our_own_making_is_refused(self, cast: Cast, key: Authenticator) -> None:
        made(cast.bram, key)
        before = stored()
        with pytest.raises(Refused, match="took too long"):
            sign_in_with_passkey(key.sign({"challenge": bytes_to_base64url(b"x" * 32)}), NETWORK, DEVICE)
        assert stored() == before

    def test_a_question_to_make_one_is_no_question_to_sign_in(self, cast: Cast, key: Authenticator) -> None:
        made(cast.bram, key)
        before = stored()
        with pytest.raises(Refused, match="took too long"):
            sign_in_with_passkey(key.sign(ask_for_new_passkey(cast.bram, "x")), NETWORK, DEVICE)
        assert stored() == before

    def test_a_question_lasts_five_minutes(self, cast: Cast, key: Authenticator) -> None:
        made(cast.bram, key)
        answer = key.sign(ask_for_passkey(NETWORK))
        let_pass(timedelta(minutes=5))
        before = stored()
        with pytest.raises(Refused, match="took too long"):
            sign_in_with_passkey(answer, NETWORK, DEVICE)
        assert stored() == before
        answer = key.sign(ask_for_passkey(NETWORK))
        assert db.session.scalars(select(func.count(PasskeyChallenge.id))).one() == 1, "the old one is swept up"
        let_pass(timedelta(minutes=4, seconds=50))
        assert signs_in(sign_in_with_passkey(answer, NETWORK, DEVICE)) == cast.bram

    def test_a_copy_that_counted_less_is_refused(self, cast: Cast, key: Authenticator) -> None:
        made(cast.bram, key)
        behind = copy.copy(key)
        come_in(key)
        come_in(key)
        before = stored()
        with pytest.raises(Refused, match="could not be checked"):
            come_in(behind)
        assert stored() == before

    def test_a_passkey_that_does_not_count_signs_in_time_and_again(self, cast: Cast, key: Authenticator) -> None:
        key.counts = False
        made(cast.bram, key)
        assert signs_in(come_in(key)) == signs_in(come_in(key)) == cast.bram

    def test_a_count_beyond_our_column_is_kept_as_far_as_it_goes(self, cast: Cast, key: Authenticator) -> None:
        key.count = 2**32 - 9
        made(cast.bram, key)
        assert signs_in(come_in(key)) == cast.bram
        assert db.session.scalars(select(Passkey.sign_count)).one() == HIGHEST_COUNT

    def test_an_erased_account_is_not_signed_in_to(self, cast: Cast, key: Authenticator) -> None:
        made(cast.bram, key)
        answer = key.make(ask_for_new_passkey(cast.bram, "second"))
        session_id = session_of(cast.bram)
        with noting() as session:
            session.execute(update(User).where(User.id == cast.bram.user_id).values(erased_at=clock.now()))
        before = stored()
        with pytest.raises(Refused, match="not known here"):
            come_in(key)
        with pytest.raises(Forbidden):
            register_passkey(cast.bram, session_id, "second", answer)
        assert stored() == before

    @pytest.mark.parametrize(
        "junk",
        [
            {},
            {"response": {}},
            {"response": None},
            {"response": {"clientDataJSON": 7}},
            {"response": {"clientDataJSON": "é"}},
            {"response": {"clientDataJSON": "x"}},
            {"response": {"clientDataJSON": bytes_to_base64url(b"[1]")}},
            {"response": {"clientDataJSON": bytes_to_base64url(b'{"challenge": 7}')}},
            {"response": {"clientDataJSON": bytes_to_base64url(b"[" * 100_000)}},
            {"response": {"clientDataJSON": bytes_to_base64url(b"\xff\x00")}},
        ],
    )
    def test_junk_is_refused(self, cast: Cast, junk: dict[str, Any]) -> None:
        session_id, before = session_of(cast.bram), stored()
        with pytest.raises(Refused, match="could not be checked"):
            sign_in_with_passkey(junk, NETWORK, DEVICE)
        with pytest.raises(Refused, match="could not be checked"):
            register_passkey(cast.bram, session_id, "phone", junk)
        assert stored()[0] == before[0]

    @pytest.mark.parametrize(
        "alter",
        [
            lambda answer: answer.pop("rawId"),
            lambda answer: answer.update(rawId="é"),
            lambda answer: answer.update(id="other"),
            lambda answer: answer.update(type="password"),
            lambda answer: answer["response"].pop("signature"),
            lambda answer: answer["response"].update(signature="é"),
            lambda answer: answer["response"].update(authenticatorData=""),
            lambda answer: answer["response"].update(authenticatorData=bytes_to_base64url(b"x" * 60_000)),
            lambda answer: answer["response"].update(userHandle="é"),
        ],
    )
    def test_half_an_answer_is_refused(self, cast: Cast, key: Authenticator, alter: Altered) -> None:
        made(cast.bram, key)
        before = stored()
        answer = key.sign(ask_for_passkey(NETWORK))
        alter(answer)
        with pytest.raises(Refused):
            sign_in_with_passkey(answer, NETWORK, DEVICE)
        assert stored() == before


class TestMaking:
    """What is refused when a passkey is made."""

    @pytest.mark.parametrize(
        "untrue",
        [
            {"origin": "https://elsewhere.example"},
            {"host": "elsewhere.example"},
            {"verifies": False},
            {"credential_id": b"x" * 1024},
            {"credential_id": b""},
        ],
    )
    def test_a_passkey_of_another_site_or_holder_is_not_kept(
        self, cast: Cast, key: Authenticator, untrue: dict[str, Any]
    ) -> None:
        session_id, before = session_of(cast.bram), None
        before = stored()
        answer = replace(key, **untrue).make(ask_for_new_passkey(cast.bram, "phone"))
        with pytest.raises(Refused, match="could not be checked"):
            register_passkey(cast.bram, session_id, "phone", answer)
        assert stored() == before

    def test_the_question_of_somebody_else_is_refused_and_stays_theirs(self, cast: Cast, key: Authenticator) -> None:
        session_id = session_of(cast.anja)
        before = stored()
        answer = key.make(ask_for_new_passkey(cast.bram, "phone"))
        with pytest.raises(Refused, match="took too long"):
            register_passkey(cast.anja, session_id, "phone", answer)
        assert stored() == before
        register_passkey(cast.bram, session_of(cast.bram), "phone", answer)
        assert signs_in(come_in(key)) == cast.bram

    def test_a_question_to_sign_in_is_no_question_to_make_one(self, cast: Cast, key: Authenticator) -> None:
        session_id, before = session_of(cast.bram), stored()
        options = ask_for_new_passkey(cast.bram, "phone") | {"challenge": ask_for_passkey(NETWORK)["challenge"]}
        with pytest.raises(Refused, match="took too long"):
            register_passkey(cast.bram, session_id, "phone", key.make(options))
        assert stored()[0] == before[0]

    def test_an_answer_works_once(self, cast: Cast, key: Authenticator) -> None:
        answer = key.make(ask_for_new_passkey(cast.bram, "phone"))
        session_id = session_of(cast.bram)
        register_passkey(cast.bram, session_id, "phone", answer)
        with pytest.raises(Refused, match="done already"):
            register_passkey(cast.bram, session_id, "phone", answer)
        assert len(own_passkeys(cast.bram)) == 1

    def test_a_passkey_belongs_to_one_account(self, cast: Cast, key: Authenticator) -> None:
        made(cast.bram, key)
        with pytest.raises(Refused, match="already known"):
            made(cast.anja, key)
        assert own_passkeys(cast.anja) == ()
        assert signs_in(come_in(key)) == cast.bram

    @pytest.mark.parametrize("name", ["", " \t ", "x" * 101, "a\0b", "\ud800", "a\x1bb"])
    def test_a_name_can_be_read(self, cast: Cast, key: Authenticator, name: str) -> None:
        answer = key.make(ask_for_new_passkey(cast.bram, "phone"))
        session_id = session_of(cast.bram)
        before = stored()
        with pytest.raises(Refused) as refused:
            ask_for_new_passkey(cast.bram, name)
        assert refused.value.refusals[0].field == "name"
        with pytest.raises(Refused):
            register_passkey(cast.bram, session_id, name, answer)
        assert stored() == before

    @pytest.mark.parametrize("name", ["x" * 100, "Bram's 📱👩‍💻", "телефон"])
    def test_a_name_may_be_in_any_script(self, cast: Cast, key: Authenticator, name: str) -> None:
        made(cast.bram, key, name)
        assert [each.name for each in own_passkeys(cast.bram)] == [name]

    def test_there_is_an_end_to_how_many_one_has(self, cast: Cast) -> None:
        for _ in range(MOST_PASSKEYS):
            made(cast.bram, Authenticator(**SITE))
        with pytest.raises(Refused, match="You have 20 passkeys"):
            ask_for_new_passkey(cast.bram, "one more")

    def test_in_a_session_that_is_no_longer_theirs_nothing_is_kept(self, cast: Cast, key: Authenticator) -> None:
        session_id, of_anja = session_of(cast.bram), session_of(cast.anja)
        end_session(cast.bram, session_id)
        before = stored()
        for ended in (session_id, of_anja):
            with pytest.raises(NotFound):
                register_passkey(cast.bram, ended, "phone", key.make(ask_for_new_passkey(cast.bram, "phone")))
        assert stored() == before

    def test_who_has_no_account_has_no_passkeys(self, cast: Cast) -> None:
        by_link = Actor(email="x@example.org", name="x", grants=(ActorGrant(role=Role.SUPERVISOR, placement_id=1),))
        with pytest.raises(Forbidden):
            ask_for_new_passkey(by_link, "phone")
        with pytest.raises(Forbidden):
            register_passkey(by_link, 1, "phone", {})
