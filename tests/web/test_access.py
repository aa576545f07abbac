"""Who may open which page: the one table of the site is what is routed and what is checked."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hto_track.services.policy import Action, Actor, may_anywhere
from hto_track.web import access
from hto_track.web.access import PUBLIC, SIGNED_IN, Page, safe_next
from hto_track.web.urls import PAGES
from tests.cast import Cast

SignIn = Callable[[Actor], FlaskClient]
WITHOUT_VALUES = [page for page in PAGES if "GET" in page.methods and "<" not in page.rule]
MEMBERS = ("anja", "bram", "chaima", "dirk", "els", "femke", "otto", "gijs")


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


def test_every_page_but_the_way_in_needs_an_account() -> None:
    open_to_all = {page.endpoint for page in PAGES if page.needs is PUBLIC}
    assert {name for name in open_to_all if not name.startswith(("sign_in.", "languages.", "verify."))} == set()


@pytest.mark.parametrize("page", [page for page in PAGES if page.needs is not PUBLIC], ids=lambda page: page.endpoint)
def test_nobody_is_let_in_without_signing_in(client: FlaskClient, app: Flask, page: Page) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    path = page.rule
    for kind, value in (("<int:", "1"), ("<", "x")):
        while kind in path:
            start = path.index(kind)
            path = path[:start] + value + path[path.index(">", start) + 1 :]
    answer = client.open(path, method=page.methods[0])
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("page", WITHOUT_VALUES, ids=lambda page: page.endpoint)
def test_who_lacks_the_action_of_a_page_is_refused_and_who_has_it_is_not(
    page: Page, name: str, cast: Cast, sign_in: SignIn
) -> None:
    actor: Actor = getattr(cast, name)
    answer = sign_in(actor).get(page.rule)
    may = not isinstance(page.needs, Action) or may_anywhere(actor, page.needs)
    assert (answer.status_code == 403) is not may, f"{name} gets {answer.status_code}"
    assert answer.status_code < 500


def test_what_is_not_yours_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    for actor in (cast.otto, cast.bram, cast.els):
        answer = sign_in(actor).get(f"/deelnemers/{cast.neighbour}")
        assert answer.status_code in (403, 404)
    assert sign_in(cast.otto).get(f"/groepen/{cast.cohort}").status_code == 404
    assert sign_in(cast.bram).get(f"/deelnemers/{cast.participant}").status_code == 200


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


def test_a_session_of_a_deleted_account_is_nobody(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session[access.USER] = 4711
    assert client.get("/groepen").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("name", "landing"),
    [
        ("anja", "/groepen"),
        ("chaima", "/groepen"),
        ("gijs", "/groepen"),
        ("bram", "/mijn-traject"),
        ("dirk", "/bevestigen"),
    ],
)
def test_each_role_lands_where_its_work_begins(cast: Cast, sign_in: SignIn, name: str, landing: str) -> None:
    assert sign_in(getattr(cast, name)).get("/").headers["Location"] == landing


def test_an_account_without_a_role_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.els).get("/")
    assert answer.status_code == 200
    assert "Nog niets te doen" in answer.text


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


def test_signed_in_pages_ask_only_for_an_account() -> None:
    assert {page.endpoint for page in PAGES if page.needs is SIGNED_IN} == {"home", "sign_in.out"}
