"""Passwords on pages: only where they are allowed, and never to be read back from anywhere."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.models.accounts import FormAnswer, User
from hto_track.models.ledger import AuditContent
from hto_track.models.sign_in import SignInMethod, SignInSession
from hto_track.services.attempts import PER_ACCOUNT
from hto_track.services.passwords import FRESH
from hto_track.services.policy import Actor
from hto_track.services.transaction import writing
from hto_track.web.access import TOKEN
from tests.cast import Cast
from tests.web.forms import forms_of, submit

SignIn = Callable[[Actor], FlaskClient]
GOOD = "paars fietspad kookt"
BETTER = "zeven lampen zingen"
SIGN_IN, OWN = "/sign-in/wachtwoord", "/account/wachtwoord"


@pytest.fixture
def allowed(app: Flask) -> Iterator[Flask]:
    """An installation that allows passwords."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], passwords=True)
    yield app


def _set(client: FlaskClient, new: str = GOOD, **typed: str) -> None:
    answer = submit(client, OWN, form=OWN, new_password=new, **typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account")


def _grow_old() -> None:
    """Let every session have begun too long ago to set a password without the old one."""
    with writing() as session:
        for row in session.scalars(select(SignInSession)).all():
            row.started_at -= FRESH + timedelta(minutes=1)


def test_the_page_to_sign_in_has_it_folded_away(allowed: Flask, client: FlaskClient) -> None:
    page = client.get("/sign-in?next=/account")
    assert "Inloggen met een wachtwoord" in page.text
    assert '<details class="data">' in page.text
    (form,) = [form for form in forms_of(page) if form.action == SIGN_IN]
    assert form.values["next"] == ["/account"]
    assert '<details class="data" open>' in client.get(SIGN_IN).text


def test_a_password_that_was_set_signs_in_and_goes_on_to_the_page_asked_for(
    allowed: Flask, cast: Cast, client: FlaskClient, sign_in: SignIn
) -> None:
    _set(sign_in(cast.bram))
    answer = submit(client, "/sign-in?next=/mijn-traject", form=SIGN_IN, account="bram@example.org", password=GOOD)
    assert answer.headers["Location"] == "/mijn-traject"
    assert "Bram de Wit" in client.get("/account").text
    method = db.session.scalars(select(SignInSession.method).order_by(SignInSession.id.desc()).limit(1)).one()
    assert method is SignInMethod.PASSWORD


def test_nobody_is_sent_elsewhere_after_signing_in(
    allowed: Flask, cast: Cast, client: FlaskClient, sign_in: SignIn
) -> None:
    _set(sign_in(cast.bram))
    path = f"{SIGN_IN}?next=//elsewhere.example"
    answer = submit(client, path, form=SIGN_IN, account="bram@example.org", password=GOOD)
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_is_a_sentence_at_the_field_and_keeps_the_address_alone(
    allowed: Flask, cast: Cast, client: FlaskClient
) -> None:
    answer = submit(
        client, f"{SIGN_IN}?next=/account", form=SIGN_IN, account="bram@example.org", password="my secret guess"
    )
    assert answer.status_code == 422
    assert re.search(r'id="e-password">.*horen niet bij elkaar', answer.text)
    assert 'value="bram@example.org"' in answer.text
    assert "my secret guess" not in answer.text
    (form,) = [form for form in forms_of(answer) if form.action == SIGN_IN]
    assert form.values["next"] == ["/account"]
    with client.session_transaction() as session:
        assert TOKEN not in session


def test_an_unknown_address_gets_the_same_page(allowed: Flask, cast: Cast, app: Flask) -> None:
    pages = set()
    for email in ("bram@example.org", "nobody@example.org"):
        answer = submit(app.test_client(), SIGN_IN, form=SIGN_IN, account=email, password=GOOD)
        text = re.sub(r'nonce="[^"]+"|name="csrf_token" value="[^"]+"', "", answer.text)
        pages.add((answer.status_code, text.replace(email, "")))
    assert len(pages) == 1


def test_guessing_has_to_wait(allowed: Flask, cast: Cast, client: FlaskClient) -> None:
    answers = [
        submit(client, SIGN_IN, form=SIGN_IN, account="bram@example.org", password="a guess").status_code
        for _ in range(PER_ACCOUNT.most + 1)
    ]
    assert answers == [422] * PER_ACCOUNT.most + [429]


def test_the_account_page_says_whether_there_is_one(allowed: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    assert "Wachtwoord kiezen" in client.get("/account").text
    _set(client)
    page = client.get("/account").text
    assert "Wachtwoord wijzigen" in page
    assert "Je wachtwoord is opgeslagen" in page


def test_changing_it_later_asks_the_old_one(allowed: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    assert "old_password" not in client.get(OWN).text
    _set(client)
    _grow_old()
    answer = submit(client, OWN, form=OWN, old_password="a wrong one", new_password=BETTER)
    assert answer.status_code == 422
    assert re.search(r'id="e-old_password">.*Dit is niet je wachtwoord van nu', answer.text)
    assert BETTER not in answer.text
    assert "a wrong one" not in answer.text
    _set(client, BETTER, old_password=GOOD)


def test_setting_the_first_later_asks_to_sign_in_again(allowed: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    form = forms_of(client.get(OWN))
    _grow_old()
    page = client.get(OWN)
    assert "moet je net zijn ingelogd" in page.text
    assert f"/sign-in?next={OWN}" in page.text
    (waiting,) = [each for each in form if each.action == OWN]
    answer = client.post(OWN, data=waiting.values | {"new_password": GOOD})
    assert answer.status_code == 422
    assert "Log opnieuw in" in answer.text
    assert db.session.scalars(select(User.password_hash).where(User.id == cast.bram.user_id)).one() is None


def test_what_is_no_password_is_a_sentence_at_the_field(allowed: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    for new, sentence in (
        ("kort", "Gebruik minstens 12 tekens."),
        ("Wachtwoord2026", "makkelijk te raden"),
        ("Bram de Wit 1987", "Je naam of je e-mailadres"),
    ):
        answer = submit(client, OWN, form=OWN, new_password=new)
        assert answer.status_code == 422
        assert re.search(rf'id="e-new_password">.*{sentence}', answer.text)
        assert f'value="{new}"' not in answer.text


def test_a_password_shows_in_no_error_page_no_log_and_no_table(
    allowed: Flask, cast: Cast, sign_in: SignIn, written_log: StringIO
) -> None:
    client = sign_in(cast.bram)
    _set(client)
    typed = {"account": "bram@example.org", "password": GOOD, "old_password": GOOD, "new_password": GOOD}
    for path in (SIGN_IN, OWN):
        too_old = client.post(path, data=typed)
        assert too_old.status_code == 400
        assert GOOD not in too_old.text

    def broken() -> str:
        raise ZeroDivisionError

    allowed.config["WTF_CSRF_ENABLED"] = False
    for endpoint, path in (("passwords.sign_in", SIGN_IN), ("passwords.save", OWN)):
        allowed.view_functions[endpoint] = broken
        answer = client.post(path, data=typed)
        assert answer.status_code == 500
        assert GOOD not in answer.text
    assert "ZeroDivisionError" in written_log.getvalue()
    assert GOOD not in written_log.getvalue()
    assert db.session.scalars(select(FormAnswer)).all() == []
    contents = db.session.scalars(select(AuditContent)).all()
    assert not any(GOOD in str(content.after) + str(content.before) for content in contents)
    assert not any("argon2" in str(content.after) + str(content.before) for content in contents)


def test_where_passwords_are_not_allowed_there_is_no_such_page(
    app: Flask, cast: Cast, client: FlaskClient, sign_in: SignIn
) -> None:
    with writing() as session:
        session.execute(update(User).values(password_hash="$argon2id$"))
    assert "achtwoord vergeten" not in client.get("/sign-in").text
    anja = sign_in(cast.anja)
    assert OWN not in anja.get("/account").text
    assert (client.get(SIGN_IN).status_code, anja.get(OWN).status_code) == (404, 404)
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(SIGN_IN, data={"account": "anja@example.org", "password": GOOD}).status_code == 404
    assert anja.post(OWN, data={"new_password": GOOD}).status_code == 404
