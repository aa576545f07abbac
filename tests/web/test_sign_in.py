"""Signing in and out as a browser does it: roles in the demo, links and codes elsewhere, sessions that nobody could plant."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, User
from hto_track.models.ledger import OutboxMail
from hto_track.models.sign_in import AttemptCount, SignInLink, SignInSession
from hto_track.services.accounts import actor_by_email, demo_accounts
from hto_track.services.attempts import PER_ACCOUNT
from hto_track.services.sessions import HOME_LASTS, STAFF_LASTS, end_sessions_of
from hto_track.services.transaction import noting, writing
from hto_track.web.access import TOKEN
from tests.cast import Cast
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

ELSEWHERE = ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"]


@pytest.fixture
def demo(app: Flask, cast: Cast) -> Iterator[Flask]:
    """An application that offers roles."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], offers_roles=True)
    yield app


def latest_mail() -> dict[str, str]:
    """The secrets of the last mail: the path of its link, and its code."""
    db.session.rollback()
    held = db.session.scalars(select(OutboxMail.secrets).order_by(OutboxMail.id.desc()).limit(1)).one() or {}
    return held | {"link": held["link"].removeprefix("http://hto.test")}


def asked(client: FlaskClient, email: str = "bram@example.org", **typed: str) -> dict[str, str]:
    """Ask for a link in this browser: what the mail says."""
    assert submit(client, "/sign-in", form="/sign-in", email=email, **typed).headers["Location"] == "/sign-in/code"
    return latest_mail()


def someone_is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def sessions_stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SignInSession)) or 0


class TestDemo:
    """Choosing a role."""

    def test_every_role_is_offered_in_words(self, demo: Flask) -> None:
        page = demo.test_client().get("/sign-in").text
        for word in ("Projectleider", "Deelnemer", "Docent hogeschool", "Stagebegeleider", "Examencommissie"):
            assert word in page
        for name in ("Anja Bos", "Bram de Wit", "Chaima Aziz", "Dirk Mulder", "Femke Hofstra", "Gijs Prins"):
            assert name in page

    def test_choosing_one_signs_in_and_goes_on_to_the_page_asked_for(self, demo: Flask, cast: Cast) -> None:
        client = demo.test_client()
        answer = submit(client, f"/sign-in?next=/groepen/{cast.cohort}", form="/sign-in/als", email="anja@example.org")
        assert answer.headers["Location"] == f"/groepen/{cast.cohort}"
        assert "Anja Bos" in client.get("/account").text

    @pytest.mark.parametrize("target", ELSEWHERE)
    def test_nobody_is_sent_elsewhere(self, demo: Flask, target: str) -> None:
        client = demo.test_client()
        answer = submit(client, "/sign-in", form="/sign-in/als", email="anja@example.org", next=target)
        assert answer.headers["Location"] == "/"

    def test_outside_the_demo_none_is_offered_and_none_can_be_taken(self, app: Flask, cast: Cast) -> None:
        client = app.test_client()
        assert "anja@example.org" not in client.get("/sign-in").text
        app.config["WTF_CSRF_ENABLED"] = False
        assert client.post("/sign-in/als", data={"email": "anja@example.org"}).status_code == 404
        assert not someone_is_in(client)

    def test_an_account_that_is_not_there_is_not_found(self, demo: Flask) -> None:
        assert submit(demo.test_client(), "/sign-in", form="/sign-in/als", email="x@example.org").status_code == 404

    def test_the_accounts_say_who_has_which_role(self, cast: Cast) -> None:
        accounts = {account.email: account for account in demo_accounts()}
        assert accounts["bram@example.org"].cohort_code == cast.cohort
        assert [role.value for role in accounts["anja@example.org"].roles] == ["project_leader"]
        assert "karel@example.org" not in accounts


class TestAsking:
    """For a mail."""

    def test_with_and_without_an_account_every_byte_of_the_answer_is_the_same(self, cast: Cast, app: Flask) -> None:
        answers = []
        for email in ("bram@example.org", "nobody@example.org"):
            client = app.test_client()
            answer = submit(client, "/sign-in", form="/sign-in", email=email)
            page = client.get("/sign-in/code").text
            assert f"Je vulde {email} in." in page
            page = re.sub(r'name="csrf_token" value="[^"]*"|nonce="[^"]*"', "", page).replace(email, "")
            answers.append((answer.status_code, answer.headers["Location"], sorted(answer.headers.keys()), page))
        assert answers[0] == answers[1]
        with noting() as session:
            assert session.scalars(select(OutboxMail.recipient)).all() == ["bram@example.org"]

    @pytest.mark.parametrize("email", ["", "bram", "a@b@c", "bram@example.org\r\nBcc: all@example.org", "x" * 999])
    def test_what_is_no_address_is_said_at_the_field_and_kept(
        self, cast: Cast, client: FlaskClient, email: str
    ) -> None:
        answer = submit(client, "/sign-in", form="/sign-in", email=email)
        assert answer.status_code == 422
        assert 'id="e-email"' in answer.text and "<title>Fout:" in answer.text
        assert db.session.scalars(select(OutboxMail)).all() == []

    def test_a_line_break_at_its_end_is_let_go(self, cast: Cast, client: FlaskClient) -> None:
        assert asked(client, "bram@example.org\n")["code"]

    def test_too_often_is_told_to_wait_and_how_long(self, cast: Cast, client: FlaskClient) -> None:
        for _ in range(PER_ACCOUNT.most):
            asked(client)
        answer = submit(client, "/sign-in", form="/sign-in", email="bram@example.org")
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
        assert "Probeer het over 15 minuten" in answer.text

    def test_a_link_mailed_before_still_works_then(self, cast: Cast, client: FlaskClient) -> None:
        held = asked(client)
        for _ in range(PER_ACCOUNT.most - 1):
            asked(client)
        assert submit(client, "/sign-in", form="/sign-in", email="bram@example.org").status_code == 429
        submit(client, held["link"])
        assert someone_is_in(client)

    def test_without_a_token_of_the_form_nothing_is_asked_or_counted(self, cast: Cast, client: FlaskClient) -> None:
        assert client.post("/sign-in", data={"email": "bram@example.org"}).status_code == 400
        assert db.session.scalars(select(AttemptCount)).all() == []

    def test_who_is_signed_in_stays_so_until_the_other_comes_in(self, cast: Cast, sign_in: SignIn, app: Flask) -> None:
        client = sign_in(cast.bram)
        held = asked(client, "anja@example.org")
        assert "Bram de Wit" in client.get("/account").text
        submit(client, held["link"], form=held["link"])
        assert "Anja Bos" in client.get("/account").text
        [left] = db.session.scalars(select(SignInSession))
        assert left.user_id == cast.anja.user_id, "the session before was ended on the server"


class TestLink:
    """What the mail leads to."""

    def test_opening_it_shows_whose_it_is_and_does_nothing(self, cast: Cast, client: FlaskClient) -> None:
        link = asked(client)["link"]
        for method in ("GET", "GET", "HEAD"):
            answer = client.open(link, method=method)
            assert answer.status_code == 200
        assert "Inloggen als Bram de Wit" in client.get(link).text
        assert sessions_stored() == 0
        assert not someone_is_in(client)

    def test_the_page_says_nothing_to_a_cache_or_another_site(self, cast: Cast, client: FlaskClient) -> None:
        answer = client.get(asked(client)["link"])
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"

    def test_the_button_signs_in_in_any_browser(self, cast: Cast, client: FlaskClient, app: Flask) -> None:
        link, elsewhere = asked(client)["link"], app.test_client()
        assert submit(elsewhere, link).headers["Location"] == "/"
        assert someone_is_in(elsewhere) and not someone_is_in(client)

    def test_in_the_browser_that_asked_it_goes_on_to_the_page_asked_for(self, cast: Cast, client: FlaskClient) -> None:
        submit(client, "/sign-in?next=/uren", form="/sign-in", email="bram@example.org")
        assert submit(client, latest_mail()["link"]).headers["Location"] == "/uren"

    @pytest.mark.parametrize("target", ELSEWHERE)
    def test_nobody_is_sent_elsewhere(self, cast: Cast, client: FlaskClient, target: str) -> None:
        link = asked(client, next=target)["link"]
        assert submit(client, link).headers["Location"] == "/"

    def test_without_a_token_of_the_form_nobody_is_signed_in_and_the_link_lives(
        self, cast: Cast, client: FlaskClient
    ) -> None:
        link = asked(client)["link"]
        assert client.post(link).status_code == 400
        assert sessions_stored() == 0
        submit(client, link)
        assert someone_is_in(client)

    def test_a_used_one_says_so_and_mails_a_new_one_at_one_press(
        self, cast: Cast, client: FlaskClient, app: Flask
    ) -> None:
        link = asked(client)["link"]
        form = forms_of(client.get(link))[0]
        submit(client, link)
        other = app.test_client()
        page = other.get(link)
        assert page.status_code == 410
        assert "Deze link is al gebruikt" in page.text
        assert client.post(link, data=form.values).status_code in (400, 410)
        [ask] = [form for form in forms_of(page) if form.action == "/sign-in"]
        assert other.post(ask.action, data=ask.values).headers["Location"] == "/sign-in/code"
        submit(other, latest_mail()["link"])
        assert someone_is_in(other)

    def test_one_that_is_too_old_says_since_when_and_mails_a_new_one(self, cast: Cast, client: FlaskClient) -> None:
        link = asked(client)["link"]
        with noting() as session:
            session.execute(update(SignInLink).values(ends_at=clock.now() - timedelta(days=1)))
        page = client.get(link)
        assert page.status_code == 410
        assert re.search(r"Deze link werkt niet meer sinds za 13 jun, \d+\.\d\d.uur", page.text)
        assert [form for form in forms_of(page) if form.values.get("email") == ["bram@example.org"]]

    def test_one_that_was_changed_says_what_to_do_and_names_nobody(self, cast: Cast, client: FlaskClient) -> None:
        link = asked(client)["link"]
        for path in (link[:-1], link + "x", "/sign-in/x", "/sign-in/" + "x" * 3000, "/sign-in/..%2f"):
            page = client.get(path)
            assert page.status_code in (404, 410)
            assert "Bram" not in page.text and "bram@" not in page.text
        assert "Vraag een nieuwe link" in client.get(link[:-1]).text
        assert client.get(link).status_code == 200

    def test_one_of_an_erased_account_is_like_one_that_was_changed(self, cast: Cast, client: FlaskClient) -> None:
        link = asked(client)["link"]
        form = forms_of(client.get(link))[0]
        with writing() as session:
            session.get_one(User, cast.bram.user_id).erased_at = clock.now()
        db.session.remove()
        for answer in (client.get(link), client.post(link, data=form.values)):
            assert answer.status_code == 410
            assert "Bram" not in answer.text
        assert sessions_stored() == 0


class TestCode:
    """Typed where it was asked for."""

    def test_it_signs_in_and_goes_on_to_the_page_asked_for(self, cast: Cast, client: FlaskClient) -> None:
        submit(client, "/sign-in?next=/uren", form="/sign-in", email="bram@example.org")
        code = latest_mail()["code"]
        answer = submit(client, "/sign-in/code", form="/sign-in/code", code=f" {code[:3]} {code[3:]} ")
        assert answer.headers["Location"] == "/uren"
        assert someone_is_in(client)

    def test_a_wrong_one_says_so_at_the_field_and_five_make_it_dead(self, cast: Cast, client: FlaskClient) -> None:
        code = asked(client)["code"]
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        for _ in range(5):
            answer = submit(client, "/sign-in/code", form="/sign-in/code", code=wrong)
            assert answer.status_code == 422
            assert 'id="e-code"' in answer.text
        assert submit(client, "/sign-in/code", form="/sign-in/code", code=code).status_code == 422
        assert not someone_is_in(client)

    def test_in_another_browser_it_is_wrong(self, cast: Cast, client: FlaskClient, app: Flask) -> None:
        code, other = asked(client)["code"], app.test_client()
        assert other.get("/sign-in/code").headers["Location"] == "/sign-in"
        submit(other, "/sign-in", form="/sign-in", email="nobody@example.org")
        assert submit(other, "/sign-in/code", form="/sign-in/code", code=code).status_code == 422
        assert not someone_is_in(other)


class TestSession:
    """Once in."""

    def test_what_was_planted_before_is_gone(self, cast: Cast, client: FlaskClient) -> None:
        link = asked(client)["link"]
        with client.session_transaction() as session:
            session["planted"] = "by somebody"
        submit(client, link)
        with client.session_transaction() as session:
            assert set(session) <= {TOKEN, "_permanent", "csrf_token", "_flashes"}
            assert len(session[TOKEN]) == 43

    def test_a_word_that_somebody_planted_becomes_nobodys_session(self, cast: Cast, client: FlaskClient) -> None:
        link = asked(client)["link"]
        with client.session_transaction() as session:
            session[TOKEN] = "planted" * 7
        submit(client, link)
        with client.session_transaction() as session:
            assert session[TOKEN] != "planted" * 7

    def test_signing_out_ends_it_on_the_server_so_that_an_old_cookie_is_worth_nothing(
        self, cast: Cast, sign_in: SignIn, app: Flask
    ) -> None:
        client = sign_in(cast.bram)
        assert someone_is_in(client)
        kept = client.get_cookie("hto")
        assert kept is not None
        answer = submit(client, "/account", form="/sign-out")
        assert answer.headers["Location"] == "/sign-in"
        thief = app.test_client()
        thief.set_cookie("hto", kept.value)
        assert not someone_is_in(client) and not someone_is_in(thief)
        assert sessions_stored() == 0

    def test_a_role_that_was_withdrawn_is_gone_at_the_next_click(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.anja)
        assert client.get(f"/groepen/{cast.cohort}").status_code == 200
        with writing() as session:
            session.execute(delete(Grant).where(Grant.user_id == cast.anja.user_id))
        assert client.get(f"/groepen/{cast.cohort}").status_code == 403
        assert someone_is_in(client)

    @pytest.mark.parametrize(
        ("unused", "in_all", "lives"),
        [
            (STAFF_LASTS.idle - timedelta(minutes=1), timedelta(hours=3), True),
            (STAFF_LASTS.idle, timedelta(hours=3), False),
            (timedelta(minutes=1), STAFF_LASTS.in_all - timedelta(minutes=1), True),
            (timedelta(minutes=1), STAFF_LASTS.in_all, False),
        ],
    )
    def test_it_ends_unused_and_for_good(
        self, cast: Cast, sign_in: SignIn, unused: timedelta, in_all: timedelta, lives: bool
    ) -> None:
        client = sign_in(cast.anja)
        with noting() as session:
            row = session.scalars(select(SignInSession)).one()
            row.started_at, row.ends_at = row.started_at - in_all, row.ends_at - in_all
            row.seen_at, row.idle_until = row.seen_at - unused, row.idle_until - unused
        answer = client.get("/groepen?show=now")
        assert (answer.status_code == 200) is lives
        if not lives:
            assert answer.headers["Location"] == "/sign-in?next=/groepen?show%3Dnow"

    def test_its_owner_ends_it_on_another_device(self, cast: Cast, sign_in: SignIn) -> None:
        here, there = sign_in(cast.bram), sign_in(cast.bram)
        [end] = [form for form in forms_of(here.get("/account")) if re.search(r"/sessies/\d+/einde", form.action)]
        here.post(end.action, data=end.values)
        assert someone_is_in(here) and not someone_is_in(there)

    def test_nobody_ends_somebody_elses(self, cast: Cast, sign_in: SignIn, app: Flask) -> None:
        sign_in(cast.anja)
        theirs = db.session.scalars(select(SignInSession.id)).one()
        app.config["WTF_CSRF_ENABLED"] = False
        assert sign_in(cast.bram).post(f"/account/sessies/{theirs}/einde").status_code == 404
        assert sessions_stored() == 2

    def test_an_administrator_ends_it(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        end_sessions_of(cast.gijs, cast.bram.user_id or 0)
        assert not someone_is_in(client)

    def test_an_erased_account_is_out(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        with writing() as session:
            session.get_one(User, cast.bram.user_id).erased_at = clock.now()
        assert not someone_is_in(client)

    @pytest.mark.parametrize("token", ["x", "", 7, None, ["x"], {"a": 1}])
    def test_a_cookie_that_says_something_else_is_nobody(self, cast: Cast, client: FlaskClient, token: object) -> None:
        with client.session_transaction() as session:
            session[TOKEN] = token
        assert not someone_is_in(client)

    def test_a_page_says_when_it_ends_and_staying_tells_how_long_still(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        page = client.get("/account")
        [said] = re.findall(r'data-idle-seconds="(\d+)"', page.text)
        assert HOME_LASTS.idle - timedelta(minutes=1) < timedelta(seconds=int(said)) <= HOME_LASTS.idle
        with noting() as session:
            session.execute(
                update(SignInSession).values(
                    seen_at=clock.now() - timedelta(days=13), idle_until=clock.now() + timedelta(minutes=4)
                )
            )
        token = forms_of(page)[0].values["csrf_token"]
        left = client.post("/account/blijf", data={"csrf_token": token}).json
        assert left is not None and left["seconds"] > (HOME_LASTS.idle - timedelta(minutes=1)).total_seconds()

    def test_a_page_for_everyone_says_nothing_of_it(self, client: FlaskClient) -> None:
        page = client.get("/sign-in").text
        assert "data-idle-seconds" not in page and "session.js" not in page


def test_an_address_finds_its_account_in_whatever_case(app: Flask, cast: Cast) -> None:
    assert actor_by_email("  ANJA@Example.org ") == cast.anja
    assert actor_by_email("nobody@example.org") is None


def test_the_language_switch_keeps_the_page_and_is_remembered(client: FlaskClient) -> None:
    answer = client.get("/taal/en?next=/sign-in")
    assert answer.headers["Location"] == "/sign-in"
    page = client.get("/sign-in").text
    assert '<html lang="en">' in page
    assert "Sign in" in page
    assert client.get("/taal/xx").status_code == 404
