"""The headers of every answer, and pages without anything inline."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hto_track.services.policy import Actor
from tests.cast import Cast

SignIn = Callable[[Actor], FlaskClient]
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def test_the_content_security_policy_is_strict_and_its_nonce_is_of_this_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.anja)
    nonces = set()
    for _ in range(2):
        page = client.get("/groepen")
        found = set(re.findall(r'nonce="([^"]+)"', page.text))
        assert len(found) == 1
        assert page.headers["Content-Security-Policy"] == POLICY.format(nonce=found.copy().pop())
        nonces |= found
    assert len(nonces) == 2


@pytest.mark.parametrize("path", ["/groepen", "/sign-in", "/nowhere", "/static/app.css"])
def test_every_answer_is_guarded(cast: Cast, sign_in: SignIn, path: str) -> None:
    with sign_in(cast.anja).get(path) as answer:
        headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in headers


def test_pages_are_kept_by_no_cache_and_static_files_for_long(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.anja)
    page = client.get("/groepen")
    assert page.headers["Cache-Control"] == "no-store"
    (sheet,) = re.findall(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', page.text)
    with client.get(sheet) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_pages_have_nothing_inline(cast: Cast, sign_in: SignIn) -> None:
    pages = {
        cast.anja: ["/groepen", f"/groepen/{cast.cohort}", f"/deelnemers/{cast.participant}", "/nowhere"],
        cast.bram: ["/mijn-traject", "/groepen"],
    }
    for actor, paths in pages.items():
        for path in paths:
            text = sign_in(actor).get(path).text
            assert not re.search(r"<[^>]+\s(style|on\w+)=", text), path
            assert "<style" not in text
            assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text), path


def test_pages_name_every_id_once(cast: Cast, sign_in: SignIn) -> None:
    for path in ("/groepen", f"/groepen/{cast.cohort}", f"/deelnemers/{cast.participant}"):
        ids = re.findall(r'\sid="([^"]+)"', sign_in(cast.anja).get(path).text)
        assert sorted(ids) == sorted(set(ids)), path


def test_an_error_of_ours_is_a_page_with_a_code_and_keeps_what_was_filled_in(app: Flask) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    app.config["WTF_CSRF_ENABLED"] = False
    app.view_functions["sign_in.as_role"] = broken
    answer = app.test_client().post("/sign-in", data={"email": "bram@example.org", "csrf_token": "secret"})
    assert answer.status_code == 500
    assert "Er ging bij ons iets mis" in answer.text
    assert re.search(r"<b class=\"num\">[0-9a-f]{8}</b>", answer.text)
    assert "bram@example.org" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_form_without_its_token_stores_nothing_and_says_so(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "bram@example.org"})
    assert answer.status_code == 400
    assert "Dit formulier stond te lang open" in answer.text
