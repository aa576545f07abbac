"""Signing in: roles in the demo, links elsewhere; a session that nobody could plant."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from hto_track.services.accounts import actor_by_email, actor_by_id, demo_accounts, redeem, sign_in_link
from hto_track.services.refusals import Refused
from hto_track.web.access import USER
from tests.cast import Cast
from tests.web.forms import submit


@pytest.fixture
def demo(app: Flask, cast: Cast) -> Iterator[Flask]:
    """An application that offers roles."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], offers_roles=True)
    yield app


def _path(link: str) -> str:
    return link.removeprefix("http://hto.test")


def test_the_demo_offers_every_role_in_words(demo: Flask) -> None:
    page = demo.test_client().get("/sign-in").text
    for word in ("Projectleider", "Deelnemer", "Docent hogeschool", "Stagebegeleider", "Examencommissie", "Beheerder"):
        assert word in page
    for name in ("Anja Bos", "Bram de Wit", "Chaima Aziz", "Dirk Mulder", "Femke Hofstra", "Gijs Prins"):
        assert name in page
    assert "Els Vermeer" not in page


def test_choosing_a_role_signs_in_and_goes_on_to_the_page_asked_for(demo: Flask, cast: Cast) -> None:
    client = demo.test_client()
    answer = submit(client, f"/sign-in?next=/groepen/{cast.cohort}", form="/sign-in", email="anja@example.org")
    assert answer.headers["Location"] == f"/groepen/{cast.cohort}"
    with client.session_transaction() as session:
        assert session[USER] == cast.anja.user_id


def test_nobody_is_sent_elsewhere_after_signing_in(demo: Flask) -> None:
    answer = submit(demo.test_client(), "/sign-in?next=//elsewhere.example", form="/sign-in", email="anja@example.org")
    assert answer.headers["Location"] == "/"


def test_outside_the_demo_no_role_is_offered_and_none_can_be_taken(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    page = client.get("/sign-in").text
    assert "uitnodigingsmail" in page
    assert "anja@example.org" not in page
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/sign-in", data={"email": "anja@example.org"}).status_code == 404
    with client.session_transaction() as session:
        assert USER not in session


def test_what_was_in_a_session_before_signing_in_is_gone(demo: Flask) -> None:
    client = demo.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by somebody"
    submit(client, "/sign-in", form="/sign-in", email="anja@example.org")
    with client.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_leaves_nothing(demo: Flask) -> None:
    client = demo.test_client()
    submit(client, "/sign-in", form="/sign-in", email="anja@example.org")
    submit(client, "/groepen", form="/sign-out")
    with client.session_transaction() as session:
        assert USER not in session
    assert client.get("/groepen").status_code == 302


def test_opening_a_link_shows_whose_it_is_and_signs_nobody_in(app: Flask, cast: Cast, client: FlaskClient) -> None:
    path = _path(sign_in_link("Bram@example.org"))
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert "Inloggen als Bram de Wit" in page.text
    with client.session_transaction() as session:
        assert USER not in session


def test_the_button_behind_a_link_signs_in_and_the_link_keeps_working(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    path = _path(sign_in_link("bram@example.org"))
    for browser in (client, app.test_client()):
        assert submit(browser, path).headers["Location"] == "/"
        with browser.session_transaction() as session:
            assert session[USER] == cast.bram.user_id


def test_a_link_that_was_changed_is_refused(app: Flask, cast: Cast, client: FlaskClient) -> None:
    path = _path(sign_in_link("bram@example.org"))
    answer = client.get(path[:-2] + ("AA" if not path.endswith("AA") else "BB"))
    assert answer.status_code == 410
    assert "Deze link werkt niet" in answer.text


def test_a_link_signed_for_something_else_is_refused(app: Flask, cast: Cast) -> None:
    settings = app.extensions["hto_settings"]
    for salt in ("session", "confirm hours"):
        token = URLSafeTimedSerializer(settings.secret_key, salt=salt).dumps("bram@example.org")
        with pytest.raises(Refused):
            redeem(token)


@pytest.mark.parametrize(("age", "works"), [(timedelta(days=7), True), (timedelta(days=7, seconds=2), False)])
def test_a_link_works_for_seven_days(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, age: timedelta, works: bool
) -> None:
    from itsdangerous import TimestampSigner

    now = TimestampSigner("x").get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: now - int(age.total_seconds()))
    token = sign_in_link("bram@example.org").rpartition("/")[2]
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: now)
    if works:
        assert redeem(token).email == "bram@example.org"
    else:
        with pytest.raises(Refused, match="7 dagen"), app.test_request_context():
            redeem(token)


def test_a_link_of_an_account_that_is_gone_is_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(Refused):
        redeem(sign_in_link("nobody@example.org").rpartition("/")[2])


def test_an_actor_is_loaded_with_all_grants_in_one_query(
    app: Flask, cast: Cast, count_queries: Callable[..., object]
) -> None:
    for actor in (cast.anja, cast.bram, cast.chaima, cast.dirk, cast.els, cast.femke, cast.otto, cast.gijs):
        assert actor.user_id is not None
        with count_queries() as queries:  # type: ignore[attr-defined]
            assert actor_by_id(actor.user_id) == actor
        assert len(queries) == 1
    assert actor_by_id(4711) is None


def test_an_address_finds_its_account_in_whatever_case(app: Flask, cast: Cast) -> None:
    assert actor_by_email("  ANJA@Example.org ") == cast.anja
    assert actor_by_email("nobody@example.org") is None


def test_the_accounts_of_the_demo_say_who_has_which_role(app: Flask, cast: Cast) -> None:
    accounts = {account.email: account for account in demo_accounts()}
    assert accounts["bram@example.org"].cohort_code == cast.cohort
    assert [role.value for role in accounts["anja@example.org"].roles] == ["project_leader"]
    assert "els@example.org" not in accounts


def test_the_language_switch_keeps_the_page_and_is_remembered(client: FlaskClient) -> None:
    answer = client.get("/taal/en?next=/sign-in")
    assert answer.headers["Location"] == "/sign-in"
    page = client.get("/sign-in").text
    assert '<html lang="en">' in page
    assert "Sign in" in page
    assert client.get("/taal/xx").status_code == 404
