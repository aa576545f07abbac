"""Passkeys through the site: questions and answers in JSON, and the page of a role that waits for one."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.sign_in import Passkey, PasskeyChallenge, SignInSession
from hto_track.services.passkeys import own_passkeys
from hto_track.services.policy import Actor
from hto_track.web.access import TOKEN
from tests.authenticator import Authenticator
from tests.cast import Cast
from tests.passkeys import SITE
from tests.web.forms import forms_of, submit

SignIn = Callable[[Actor], FlaskClient]


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """An installation at an address where passkeys work."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], base_url=SITE["origin"])
    yield app


@pytest.fixture
def key() -> Authenticator:
    """A device without a passkey yet."""
    return Authenticator(**SITE)


@pytest.fixture
def leaders_need_a_passkey(app: Flask) -> None:
    """An installation that keeps this role for passkeys."""
    settings = app.extensions["hto_settings"]
    app.extensions["hto_settings"] = replace(settings, passkey_roles=frozenset({Role.PROJECT_LEADER}))


def send(client: FlaskClient, page: str, form: str, path: str = "", **content: Any) -> TestResponse:
    """What passkeys.js sends from a form of ``page``: with the token of that form, to its action or to ``path``."""
    chosen = next(each for each in forms_of(client.get(page)) if each.action == form)
    return client.post(path or form, json=content, headers={"X-CSRFToken": chosen.values["csrf_token"][0]})


def make(client: FlaskClient, key: Authenticator, name: str = "telefoon", page: str = "/account") -> TestResponse:
    """Make a passkey on the account page."""
    question = send(client, page, "/account/passkeys", "/account/passkeys/vraag", name=name).get_json()
    return send(client, page, "/account/passkeys", answer=key.make(question), name=name, next="/account")


def come_in(client: FlaskClient, key: Authenticator, page: str = "/sign-in", **more: str) -> TestResponse:
    """Sign in with a passkey."""
    question = send(client, page, "/sign-in/passkey", "/sign-in/passkey/vraag").get_json()
    return send(client, page, "/sign-in/passkey", answer=key.sign(question), **more)


def test_a_passkey_made_on_the_account_page_signs_in(
    app: Flask, cast: Cast, sign_in: SignIn, client: FlaskClient, key: Authenticator
) -> None:
    bram = sign_in(cast.bram)
    assert make(bram, key).get_json() == {"next": "/account"}
    page = bram.get("/account").text
    assert "De passkey is gemaakt" in page
    assert "<b>telefoon</b>" in page
    assert "nog niet gebruikt" in page
    assert come_in(client, key, next="/uren").get_json() == {"next": "/uren"}
    assert "Bram de Wit" in client.get("/account").text
    assert "laatst gebruikt op" in client.get("/account").text


def test_the_name_that_is_offered_is_that_of_the_device(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    page = bram.get("/account", headers={"User-Agent": "Mozilla/5.0 (iPhone) Version/18.0 Safari/605"})
    form = next(each for each in forms_of(page) if each.action == "/account/passkeys")
    assert form.values["name"] == ["Safari op iPhone"]


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "", 7])
def test_nobody_is_sent_elsewhere(
    app: Flask, cast: Cast, sign_in: SignIn, client: FlaskClient, key: Authenticator, target: Any
) -> None:
    make(sign_in(cast.bram), key)
    assert come_in(client, key, next=target).get_json() == {"next": "/"}


def test_signing_in_takes_the_place_of_who_was_signed_in(
    app: Flask, cast: Cast, sign_in: SignIn, key: Authenticator
) -> None:
    make(sign_in(cast.bram), key)
    client = sign_in(cast.bram)
    with client.session_transaction() as session:
        before = session[TOKEN]
        session["planted"] = "by somebody"
    sessions = db.session.scalars(select(func.count(SignInSession.id))).one()
    app.extensions["hto_settings"] = replace(
        app.extensions["hto_settings"], passkey_roles=frozenset({Role.PARTICIPANT})
    )
    come_in(client, key, page="/")
    with client.session_transaction() as session:
        assert session[TOKEN] != before
        assert "planted" not in session
    assert db.session.scalars(select(func.count(SignInSession.id))).one() == sessions


def test_a_passkey_is_removed_by_its_owner_alone(
    app: Flask, cast: Cast, sign_in: SignIn, client: FlaskClient, key: Authenticator
) -> None:
    bram = sign_in(cast.bram)
    make(bram, key)
    (own,) = own_passkeys(cast.bram)
    path = f"/account/passkeys/{own.id}/weg"
    anja = sign_in(cast.anja)
    token = forms_of(anja.get("/account"))[0].values["csrf_token"]
    assert anja.post(path, data={"csrf_token": token}).status_code == 404
    assert bram.get(path).status_code == 404
    assert "De passkey ‘telefoon’ is weg" in submit(bram, "/account", form=path, follow=True).text
    assert own_passkeys(cast.bram) == ()
    refused = come_in(client, key)
    assert refused.status_code == 422
    assert refused.get_json() == {
        "errors": {"": "Deze passkey is hier niet (meer) bekend. Log op een andere manier in."}
    }


def test_without_script_the_account_page_says_what_is_missing(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.bram).get("/account").text
    unscripted = page[page.index("<noscript>") : page.index("</noscript>")]
    assert "Voor passkeys is JavaScript nodig" in unscripted


def test_an_unreadable_name_is_said_at_its_field(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    answer = send(sign_in(cast.bram), "/account", "/account/passkeys", "/account/passkeys/vraag", name="")
    assert answer.status_code == 422
    assert answer.get_json() == {"errors": {"name": "Geef de passkey een naam, bijvoorbeeld: telefoon."}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"7",
        b"[]",
        b'{"answer": 7, "name": "x"}',
        b'{"answer": {"response": []}, "name": "x"}',
        b"\xff\xfe",
        b"[" * 60_000,
    ],
    ids=["nothing", "half", "number", "list", "no answer", "list inside", "no text", "deep"],
)
def test_junk_is_answered_with_a_sentence_and_changes_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, body: bytes
) -> None:
    bram = sign_in(cast.bram)
    token = forms_of(bram.get("/account"))[0].values["csrf_token"][0]
    for path in ("/account/passkeys", "/sign-in/passkey"):
        answer = bram.post(path, data=body, content_type="application/json", headers={"X-CSRFToken": token})
        assert answer.status_code == 422
        assert all(sentence.endswith(".") for sentence in answer.get_json()["errors"].values())
    assert db.session.scalars(select(func.count(Passkey.id))).one() == 0
    assert "Bram de Wit" in bram.get("/account").text


def test_more_than_any_passkey_is_not_read(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    token = forms_of(bram.get("/account"))[0].values["csrf_token"][0]
    for path in ("/account/passkeys", "/sign-in/passkey"):
        answer = bram.post(path, json={"name": "x" * 65_536}, headers={"X-CSRFToken": token})
        assert answer.status_code == 413
        assert "te groot" in answer.text


@pytest.mark.parametrize(
    "path", ["/account/passkeys", "/account/passkeys/vraag", "/sign-in/passkey", "/sign-in/passkey/vraag"]
)
def test_without_its_token_nothing_is_taken(app: Flask, cast: Cast, sign_in: SignIn, path: str) -> None:
    assert sign_in(cast.bram).post(path, json={"name": "x"}).status_code == 400
    assert db.session.scalars(select(func.count(PasskeyChallenge.id))).one() == 0


def test_who_tries_too_often_is_told_when_to_try_again(app: Flask, cast: Cast, client: FlaskClient) -> None:
    token = forms_of(client.get("/sign-in"))[0].values["csrf_token"][0]
    answers = [client.post("/sign-in/passkey", json={}, headers={"X-CSRFToken": token}) for _ in range(101)]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    assert "Probeer het over 15 minuten weer" in json.dumps(answers[-1].get_json())


def test_where_passkeys_do_not_work_the_account_page_says_so(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], base_url="http://hto.test")
    page = sign_in(cast.bram).get("/account")
    assert "Passkeys werken niet op het adres van deze site" in page.text
    assert not [form for form in forms_of(page) if form.action == "/account/passkeys"]
    assert "passkey" not in app.test_client().get("/sign-in").text.replace("passkeys.js", "")


def test_the_account_page_asks_the_same_questions_however_many_passkeys_there_are(
    app: Flask, cast: Cast, sign_in: SignIn, key: Authenticator, count_queries: Callable[..., Any]
) -> None:
    bram, counts = sign_in(cast.bram), []
    for _ in range(2):
        with count_queries() as queries:
            bram.get("/account")
        counts.append(len(queries))
        for _each in range(3):
            make(bram, Authenticator(**SITE))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("leaders_need_a_passkey")
class TestARoleThatWaits:
    """Project leaders need a passkey here."""

    def test_home_says_so_and_leads_to_making_one(self, cast: Cast, sign_in: SignIn) -> None:
        page = sign_in(cast.anja).get("/")
        assert page.status_code == 200
        assert "Hiervoor is een passkey nodig" in page.text
        assert "<b>Projectleider</b>" in page.text
        assert 'href="/account#passkeys"' in page.text
        assert "Verder zonder deze rol" not in page.text

    @pytest.mark.parametrize("path", ["/groepen", "/groepen/C-1", "/groepen/none"])
    def test_a_page_that_only_waits_for_it_says_so(self, cast: Cast, sign_in: SignIn, path: str) -> None:
        page = sign_in(cast.anja).get(path)
        assert page.status_code == 403
        assert "Hiervoor is een passkey nodig" in page.text

    def test_another_page_is_refused_as_ever(self, cast: Cast, sign_in: SignIn) -> None:
        for actor, path in ((cast.anja, "/mijn-traject"), (cast.bram, "/groepen")):
            page = sign_in(actor).get(path)
            assert page.status_code == 403
            assert "Deze pagina is niet voor jouw account" in page.text

    def test_a_form_that_only_waits_for_it_changes_nothing(self, cast: Cast, sign_in: SignIn) -> None:
        anja = sign_in(cast.anja)
        token = forms_of(anja.get("/account"))[0].values["csrf_token"]
        answer = anja.post("/groepen/C-1/lessen/1", data={"csrf_token": token})
        assert answer.status_code == 403
        assert "Hiervoor is een passkey nodig" in answer.text

    def test_making_one_brings_the_role_there_and_then(self, cast: Cast, sign_in: SignIn, key: Authenticator) -> None:
        anja = sign_in(cast.anja)
        make(anja, key)
        assert anja.get("/").headers["Location"] == "/groepen"

    def test_who_has_one_signs_in_with_it_on_the_page_itself_and_goes_on(
        self, cast: Cast, sign_in: SignIn, key: Authenticator
    ) -> None:
        make(sign_in(cast.anja), key)
        anja = sign_in(cast.anja)
        page = anja.get("/groepen/C-1?show=now")
        assert page.status_code == 403
        form = next(each for each in forms_of(page) if each.action == "/sign-in/passkey")
        assert form.values["next"] == ["/groepen/C-1?show=now"]
        assert come_in(anja, key, page="/").status_code == 200
        assert anja.get("/groepen/C-1").status_code == 200

    def test_their_passkey_is_not_removed_by_who_reads_their_mail(
        self, cast: Cast, sign_in: SignIn, key: Authenticator
    ) -> None:
        make(sign_in(cast.anja), key)
        reader = sign_in(cast.anja)
        path = f"/account/passkeys/{own_passkeys(cast.anja)[0].id}/weg"
        assert "Log eerst in met een passkey die je al hebt" in submit(reader, "/account", form=path, follow=True).text
        assert len(own_passkeys(cast.anja)) == 1

    def test_who_has_another_role_too_goes_on_without(self, app: Flask, cast: Cast, sign_in: SignIn) -> None:
        settings = app.extensions["hto_settings"]
        app.extensions["hto_settings"] = replace(settings, passkey_roles=frozenset({Role.ADMINISTRATOR}))
        assert "Verder zonder deze rol" not in sign_in(cast.gijs).get("/").text
        assert sign_in(cast.anja).get("/").status_code == 302
