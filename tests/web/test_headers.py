"""The headers of every answer, and pages without anything inline."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from hto_track.app import create_app
from hto_track.extensions import db
from hto_track.services.policy import Actor
from hto_track.web.access import Page
from hto_track.web.urls import PAGES
from tests.cast import Cast
from tests.conftest import fill_schema, settings_for
from tests.databases import SqliteFiles

SignIn = Callable[[Actor], FlaskClient]
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
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
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_over_tls_a_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    answer = client.get("/sign-in", base_url="https://hto.test")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_without_a_page_of_ours_no_script_runs(client: FlaskClient) -> None:
    answer = client.get("/static/app.css")
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    answer.close()


@pytest.mark.parametrize("production", [True, False])
def test_the_cookies_are_for_the_server_alone(sqlite: SqliteFiles, production: bool) -> None:
    url = sqlite.copy_of("schema", fill_schema)
    app = create_app(replace(settings_for(url), production=production, today=None))
    client = app.test_client()
    scheme = "https" if production else "http"
    cookies = client.get("/sign-in", base_url=f"{scheme}://hto.test").headers.getlist("Set-Cookie")
    cookies += client.get("/taal/en", base_url=f"{scheme}://hto.test").headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is production
        assert "Domain" not in cookie
    assert cookies[0].startswith("__Host-" if production else "hto=")
    with app.app_context():
        db.engine.dispose()
    sqlite.drop(url)


POSTS = [page for page in PAGES if "POST" in page.methods]


@pytest.mark.parametrize("page", POSTS, ids=lambda page: page.endpoint)
def test_no_form_is_taken_without_its_token_nor_from_elsewhere(cast: Cast, sign_in: SignIn, page: Page) -> None:
    path = re.sub(r"<(?:int:)?\w+>", "1", page.rule)
    client = sign_in(cast.gijs)
    assert client.post(path).status_code == 400
    assert client.post(path, headers={"HX-Request": "true"}).status_code == 400
    client.application.config["WTF_CSRF_ENABLED"] = False
    elsewhere = ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})
    for headers in elsewhere:
        assert client.post(path, headers=headers).status_code == 400


def test_a_form_of_our_own_page_is_taken(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.gijs)
    client.application.config["WTF_CSRF_ENABLED"] = False
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/sign-out", headers=headers).status_code == 302


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
    answer = app.test_client().post("/sign-in/als", data={"email": "bram@example.org", "csrf_token": "secret"})
    assert answer.status_code == 500
    assert "Er ging bij ons iets mis" in answer.text
    assert re.search(r"<b class=\"num\">[0-9a-f]{8}</b>", answer.text)
    assert "bram@example.org" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_an_error_on_the_page_of_a_link_writes_no_key_into_the_log(app: Flask, written_log: StringIO) -> None:
    def broken(token: str) -> str:
        raise ZeroDivisionError

    app.view_functions["sign_in.show_link"] = broken
    assert app.test_client().get("/sign-in/a-secret-word").status_code == 500
    assert "/sign-in/<token>" in written_log.getvalue()
    assert "a-secret-word" not in written_log.getvalue()


def test_an_error_of_the_database_shows_no_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(StatementError) as error:
        db.session.execute(text("SELECT :secret FROM nowhere"), {"secret": "a-secret-word"})
    assert "a-secret-word" not in str(error.value)


def test_a_form_without_its_token_stores_nothing_and_says_so(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "bram@example.org"})
    assert answer.status_code == 400
    assert "Dit formulier stond te lang open" in answer.text
