"""The door of every page: the one table of the site is what is routed and what is checked.

Who is let in where is the table in ``tests/access``.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from hto_track.models.accounts import Grant
from hto_track.services.policy import Actor
from hto_track.services.transaction import writing
from hto_track.web import access
from hto_track.web.access import PUBLIC, Page, safe_next
from tests.cast import Cast

SignIn = Callable[[Actor], FlaskClient]
MEMBERS = ("anja", "bram", "chaima", "dirk", "els", "femke", "otto", "gijs", "hanna", "ilse", "karel")


def _view() -> str:
    return "here"


def test_a_route_outside_the_table_stops_the_start() -> None:
    app = Flask("house", static_folder=None)
    app.add_url_rule("/static/x", "static", _view, methods=["GET"])
    app.add_url_rule("/secret", "secret", _view)
    with pytest.raises(RuntimeError, match="GET secret"):
        access.init_app(app, [Page("/open", "open", ("GET",), _view, PUBLIC)])


def test_one_endpoint_has_one_view() -> None:
    app = Flask("house")
    pages = [
        Page("/a", "a", ("GET",), _view, PUBLIC),
        Page("/b", "a", ("POST",), lambda: "elsewhere", PUBLIC),
    ]
    with pytest.raises(RuntimeError, match="two views share the endpoint a"):
        access.init_app(app, pages)


def test_a_page_asked_for_comes_after_signing_in(client: FlaskClient) -> None:
    assert client.get("/groepen/C-1?show=now").headers["Location"] == "/sign-in?next=/groepen/C-1?show%3Dnow"


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "",
        None,
    ],
)
def test_nobody_is_sent_to_another_site(app: Flask, target: str | None) -> None:
    with app.test_request_context():
        assert safe_next(target) == "/"


def test_a_page_of_this_site_is_a_safe_way_back(app: Flask) -> None:
    with app.test_request_context():
        assert safe_next("/groepen/ZH-05?show=now&sort=name") == "/groepen/ZH-05?show=now&sort=name"


@pytest.mark.parametrize(
    ("name", "landing"),
    [
        ("anja", "/groepen"),
        ("chaima", "/hogeschool"),
        ("gijs", "/groepen"),
        ("bram", "/mijn-traject"),
        ("dirk", "/bevestigen"),
        ("hanna", "/hogeschool"),
        ("femke", "/vrijstellingen"),
        ("ilse", "/cijfers"),
        ("els", "/gedeeld"),
    ],
)
def test_each_role_lands_where_its_work_begins(cast: Cast, sign_in: SignIn, name: str, landing: str) -> None:
    assert sign_in(getattr(cast, name)).get("/").headers["Location"] == landing


def test_an_account_without_a_role_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.karel).get("/")
    assert answer.status_code == 200
    assert "Nog niets te doen" in answer.text


def test_a_role_withdrawn_is_gone_at_the_next_click(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.anja)
    assert client.get(f"/groepen/{cast.cohort}").status_code == 200
    with writing() as session:
        session.execute(delete(Grant).where(Grant.user_id == cast.anja.user_id))
    assert client.get(f"/groepen/{cast.cohort}").status_code == 403
    assert "Nog niets te doen" in client.get("/").text


def test_the_menu_shows_only_what_opens(cast: Cast, sign_in: SignIn) -> None:
    for name in MEMBERS:
        client = sign_in(getattr(cast, name))
        start = client.get("/")
        home = client.get(start.headers["Location"]).text if start.status_code == 302 else start.text
        menu = home[home.index("<header") : home.index("</header>")]
        for part in menu.split('<a href="')[1:]:
            address = part[: part.index('"')]
            assert client.get(address).status_code in (200, 302), f"{name}: {address}"


def test_an_unknown_method_is_a_page_that_does_not_exist(client: FlaskClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.delete("/groepen").status_code == 404
