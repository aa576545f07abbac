"""Through the college's own sign-in and back, over HTTP: a real provider, and every way in which its answer can be wrong."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.wrappers import Response

from hto_track.extensions import db
from hto_track.models.sign_in import CollegeIdentity
from hto_track.services.attempts import PER_NETWORK
from hto_track.services.college_sign_in import RETURN_PATH
from hto_track.services.policy import Actor
from hto_track.web.access import TOKEN
from hto_track.web.college_sign_in import FLOW
from hto_track.web.urls import PAGES
from tests.cast import Cast
from tests.oidc_provider import CLIENT_SECRET, Provider, Someone, brought_back, oidc_provider, visit
from tests.web.college import BEGIN, back, come_in, require_nobody_in, there, use
from tests.web.forms import forms_of, submit

SignIn = Callable[[Actor], FlaskClient]


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    """The college of the cast, by which ``app`` lets people in."""
    with oidc_provider() as provider:
        use(app, provider.settings())
        yield provider


def test_the_page_to_sign_in_leads_to_the_college_by_a_link(provider: Provider, client: FlaskClient) -> None:
    page = client.get("/sign-in?next=/groepen").text
    assert f'href="{BEGIN}?next=/groepen"' in page
    assert "Inloggen via Hogeschool aan de Maas" in page


def test_who_works_at_the_college_comes_in_and_goes_on_to_the_page_asked_for(
    provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    answer = come_in(client, f"{BEGIN}?next=/groepen/{cast.cohort}")
    assert answer.headers["Location"] == f"/groepen/{cast.cohort}"
    assert "Chaima Aziz" in client.get("/account").text


def test_what_goes_to_the_college_is_bound_to_this_browser_and_to_us(provider: Provider, client: FlaskClient) -> None:
    address = urlsplit(client.get(BEGIN).headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == provider.issuer
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"http://hto.test{RETURN_PATH}"
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "email"}
    with client.session_transaction() as session:
        flow = session[FLOW]["flow"]
    assert (asked["state"], asked["nonce"]) == (flow["state"], flow["nonce"])
    assert flow["verifier"] not in address.query
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43


def test_the_college_sends_people_back_to_a_page_of_the_site() -> None:
    assert RETURN_PATH in {page.rule for page in PAGES if page.endpoint == "college.back"}


def test_nobody_is_sent_elsewhere_after_signing_in(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    assert come_in(client, f"{BEGIN}?next=//elsewhere.example").headers["Location"] == "/"


def test_what_was_in_the_cookie_before_is_gone(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody"
    come_in(client)
    with client.session_transaction() as session:
        assert set(session) - {"_permanent"} == {TOKEN}


def test_no_token_of_the_college_is_kept_or_shown(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    come_in(client)
    (access_token,) = provider.access_tokens
    with client.session_transaction() as session:
        assert access_token not in json.dumps(dict(session))
    assert access_token not in client.get("/account").text


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(
    app: Flask, provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    location = there(app.test_client())
    require_nobody_in(client, back(client, location), 403, "begon niet in deze browser")
    assert "/token" not in provider.asked


def test_an_answer_with_another_state_is_refused_and_ends_the_attempt(
    provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    provider.answer = lambda answer: answer | {"state": "é"}
    location = there(client)
    require_nobody_in(client, back(client, location), 403, "begon niet in deze browser", "Begin opnieuw")


def test_an_answer_comes_back_once(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    location = there(client)
    assert back(client, location).status_code == 302
    assert back(client, location).status_code == 403


def test_a_code_that_was_used_before_is_refused(
    app: Flask, provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    used = brought_back(there(client))["code"]
    provider.codes.pop(used)
    provider.answer = lambda answer: answer | {"code": used}
    require_nobody_in(client, come_in(client), 403, "klopt niet")


def test_a_code_that_somebody_else_asked_for_is_refused(
    app: Flask, provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    stolen = brought_back(there(app.test_client()))["code"]
    provider.answer = lambda answer: answer | {"code": stolen}
    require_nobody_in(client, come_in(client), 403, "klopt niet")


@pytest.mark.parametrize("verifier", ["", "x" * 64])
def test_a_code_without_the_word_it_was_asked_with_is_refused(
    provider: Provider, cast: Cast, client: FlaskClient, verifier: str
) -> None:
    location = there(client)
    with client.session_transaction() as session:
        session[FLOW] = {**session[FLOW], "flow": session[FLOW]["flow"] | {"verifier": verifier}}
    require_nobody_in(client, back(client, location), 403, "klopt niet")


def test_an_answer_after_more_than_ten_minutes_is_refused(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    location = there(client)
    with client.session_transaction() as session:
        session[FLOW] = {**session[FLOW], "flow": session[FLOW]["flow"] | {"begun_at": int(time.time()) - 601}}
    require_nobody_in(client, back(client, location), 403, "duurde te lang")


def _set(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {name: value for name, value in (claims | changed).items() if value is not None}


@pytest.mark.parametrize("issuer", ["https://elsewhere.example", None])
def test_an_answer_by_way_of_another_provider_is_refused(
    provider: Provider, cast: Cast, client: FlaskClient, issuer: str | None
) -> None:
    provider.answer = lambda answer: _set(iss=issuer)(answer)
    require_nobody_in(client, come_in(client), 403, "klopt niet")
    assert "/token" not in provider.asked


def test_a_provider_that_does_not_name_itself_in_its_answers_need_not(
    provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    provider.metadata = lambda metadata: metadata | {"authorization_response_iss_parameter_supported": False}
    provider.answer = lambda answer: _set(iss=None)(answer)
    assert come_in(client).status_code == 302


def test_who_stops_at_the_college_is_told_so(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    provider.refuses = "access_denied"
    answer = come_in(client)
    require_nobody_in(client, answer, 403, "liet je niet door", "Hogeschool aan de Maas")


def test_a_college_that_says_it_has_a_fault_is_away(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    provider.refuses = "temporarily_unavailable"
    require_nobody_in(client, come_in(client), 502, "geeft geen antwoord")


def test_a_college_that_is_down_is_a_clear_page_with_another_way_in(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    with oidc_provider() as provider:
        use(app, provider.settings())
    require_nobody_in(client, client.get(BEGIN), 502, "geeft geen antwoord", "Inloggen met een link per mail")


def test_a_college_that_goes_down_on_the_way_is_a_clear_page(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with oidc_provider() as provider:
        use(app, provider.settings())
        location = there(client)
    require_nobody_in(client, back(client, location), 502, "geeft geen antwoord")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", Response("<h1>Welcome</h1>")),
        ("/.well-known/openid-configuration", Response("[]")),
        ("/.well-known/openid-configuration", Response(status=302, headers={"Location": "/moved"})),
        ("/token", Response("oops", status=500)),
        ("/token", Response("oops", status=200)),
        ("/token", Response("[]", status=200)),
        ("/token", Response('{"access_token": "a", "token_type": "Bearer"}')),
        ("/token", Response('{"error": "invalid_client"}', status=401)),
        ("/keys", Response(status=404)),
        ("/keys", Response('{"keys": []}')),
        ("/keys", Response('{"keys": 7}')),
        ("/keys", Response('{"keys": [{"kty": "RSA"}]}')),
        ("/userinfo", Response(status=500)),
    ],
)
def test_a_college_that_answers_as_none_should_is_a_clear_page(
    provider: Provider, cast: Cast, client: FlaskClient, path: str, answer: Response
) -> None:
    provider.broken[path] = answer
    provider.email_at_userinfo = path == "/userinfo"
    gone = client.get(BEGIN)
    if gone.status_code == 302:
        gone = back(client, visit(gone.headers["Location"]))
    require_nobody_in(client, gone, 502, "geeft geen antwoord")


def test_a_provider_that_names_itself_otherwise_is_not_the_college(provider: Provider, client: FlaskClient) -> None:
    provider.metadata = lambda metadata: metadata | {"issuer": "https://elsewhere.example"}
    assert client.get(BEGIN).status_code == 502


def test_the_college_leads_to_no_address_of_another_kind(provider: Provider, client: FlaskClient, app: Flask) -> None:
    provider.metadata = lambda metadata: metadata | {"authorization_endpoint": "javascript:alert(1)"}
    assert client.get(BEGIN).status_code == 502


def test_the_secret_goes_to_the_college_as_it_asks(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    provider.secret_by_form = True
    assert come_in(client).status_code == 302


def test_somebody_unknown_is_told_whom_to_ask(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    provider.person = Someone("maas-9", "nobody@example.org")
    require_nobody_in(client, come_in(client), 403, "Vraag de administratie van de hogeschool", "nobody@example.org")


def test_an_address_without_proof_opens_nothing(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    provider.person = Someone("maas-1", "chaima@example.org", email_verified=False)
    require_nobody_in(client, come_in(client), 403, "welk e-mailadres zeker van jou is")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What is logged of signing in with the college, whatever an earlier test did to the loggers of this process."""
    log = logging.getLogger("hto_track.services.college_sign_in")
    monkeypatch.setattr(log, "disabled", False)
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    monkeypatch.setattr(log, "propagate", False)
    caplog.set_level(logging.WARNING, log.name)
    return caplog


def test_what_went_wrong_is_logged_without_a_secret(
    provider: Provider, cast: Cast, client: FlaskClient, logged: pytest.LogCaptureFixture
) -> None:
    provider.claims = _set(nonce="another")
    location = there(client)
    back(client, location)
    assert "NotBelieved" in logged.text
    for secret in (brought_back(location)["code"], CLIENT_SECRET, *provider.access_tokens, "chaima"):
        assert secret not in logged.text


def test_a_no_is_logged_by_its_name_alone(
    provider: Provider, cast: Cast, client: FlaskClient, logged: pytest.LogCaptureFixture
) -> None:
    provider.refuses = "access_denied\nERROR forged"
    location = there(client)
    back(client, location)
    assert "Declined 'access_denied\\nERROR forged'" in logged.text
    assert brought_back(location)["state"] not in logged.text


def test_who_is_signed_in_stays_so_when_the_college_refuses(provider: Provider, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.anja)
    provider.refuses = "access_denied"
    assert come_in(client).status_code == 403
    assert "Anja Bos" in client.get("/account").text


def test_the_account_page_shows_the_link_and_undoes_it(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    come_in(client)
    assert "Gekoppeld sinds" in client.get("/account").text
    answer = submit(client, "/account", form="/account/hogeschool/los", follow=True)
    assert "niet meer gekoppeld" in answer.text
    assert "Niet gekoppeld." in answer.text
    assert db.session.scalars(select(CollegeIdentity)).all() == []


def test_the_account_page_of_who_the_college_does_not_know_says_nothing_of_it(
    provider: Provider, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.bram).get("/account")
    assert "gekoppeld" not in page.text
    assert not [form for form in forms_of(page) if "hogeschool" in form.action]


def test_going_there_and_back_is_limited_for_a_network(provider: Provider, cast: Cast, client: FlaskClient) -> None:
    for _ in range(PER_NETWORK.most):
        assert client.get(BEGIN).status_code == 302
    assert client.get(BEGIN).status_code == 429


def test_without_a_college_there_is_no_such_page(app: Flask, cast: Cast, client: FlaskClient, sign_in: SignIn) -> None:
    assert "hogeschool" not in client.get("/sign-in").text
    assert client.get(BEGIN).status_code == 404
    assert client.get(f"{RETURN_PATH}?code=a&state=b").status_code == 404
    app.config["WTF_CSRF_ENABLED"] = False
    assert sign_in(cast.chaima).post("/account/hogeschool/los").status_code == 404
