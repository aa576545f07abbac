"""The word of the college about a person: only what it signed, for us, for now, for this very sign-in."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from tests.cast import Cast
from tests.oidc_provider import Provider, oidc_provider
from tests.web.college import back, come_in, require_nobody_in, there, use


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    """The college of the cast, by which ``app`` lets people in."""
    with oidc_provider() as provider:
        use(app, provider.settings())
        yield provider


def _set(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {name: value for name, value in (claims | changed).items() if value is not None}


@pytest.mark.parametrize(
    "claims",
    [
        _set(nonce="another"),
        _set(nonce=None),
        _set(iss="https://elsewhere.example"),
        _set(aud="another-client"),
        _set(aud=["another-client"]),
        _set(aud="another-client", azp="hto-track"),
        _set(aud=["hto-track", "another-client"], azp="another-client"),
        _set(exp=int(time.time()) - 3600),
        _set(exp=None),
        _set(iat=int(time.time()) + 3600),
        _set(sub=None),
        _set(sub=""),
        _set(sub="x" * 256),
        _set(sub=7),
        _set(at_hash="AAAA"),
    ],
    ids=[
        *(
            "wrong nonce",
            "no nonce",
            "wrong issuer",
            "wrong audience",
            "audience without us",
            "asked for by us for another",
            "made for another",
        ),
        *("expired", "no expiry", "of tomorrow", "no subject", "empty subject", "long subject", "number as subject"),
        *("access token swapped",),
    ],
)
def test_an_id_token_that_is_not_for_us_now_is_refused(
    provider: Provider, cast: Cast, client: FlaskClient, claims: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    provider.claims = claims
    require_nobody_in(client, come_in(client), 403, "klopt niet")


def _with_header(token: str, **header: str) -> str:
    part = base64.urlsafe_b64encode(json.dumps({"typ": "JWT", **header}).encode()).rstrip(b"=").decode()
    return ".".join([part, *token.split(".")[1:]])


def _altered(token: str) -> str:
    header, _content, signature = token.split(".")
    claims = {"sub": "maas-1", "email": "chaima@example.org", "email_verified": True}
    return f"{header}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.{signature}"


@pytest.mark.parametrize(
    "token",
    [
        _altered,
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: _with_header(token.rpartition(".")[0] + ".", alg="none"),
        lambda token: _with_header(token, alg="HS256"),
        lambda token: _with_header(token, alg="RS256", kid="unknown"),
        lambda token: "no token at all",
        lambda token: "",
    ],
    ids=["altered", "unsigned", "alg none", "shared secret", "unknown key", "garbage", "empty"],
)
def test_an_id_token_that_the_college_did_not_sign_is_refused(
    provider: Provider, cast: Cast, client: FlaskClient, token: Callable[[str], str]
) -> None:
    provider.token = token
    require_nobody_in(client, come_in(client), 403, "klopt niet")


def test_a_new_key_of_the_college_is_fetched_when_it_is_first_met(
    app: Flask, provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    assert come_in(client).status_code == 302
    assert come_in(app.test_client()).status_code == 302
    assert provider.asked.count("/keys") == 1
    provider.rotate()
    assert come_in(app.test_client()).status_code == 302
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_key_that_the_college_took_back_counts_no_more_after_it_showed_a_new_one(
    app: Flask, provider: Provider, cast: Cast, client: FlaskClient
) -> None:
    old = provider.keys
    come_in(client)
    provider.rotate()
    come_in(app.test_client())
    provider.keys, published = old, provider.keys
    location = there(browser := app.test_client())
    provider.broken["/keys"] = Response(json.dumps({"keys": [key.public() for key in published]}))
    assert back(browser, location).status_code == 403
