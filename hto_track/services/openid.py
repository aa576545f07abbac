"""Speaking OpenID Connect with one provider: an authorization code with PKCE, by Authlib. It knows no accounts.

Tokens are read and forgotten here; what leaves this module is what the provider says about a person. The machine's own
clock counts, whatever today a demo plays: the provider has no other.
"""

import hmac
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

from hto_track.config import CollegeProvider

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures that are taken. None with a shared secret: whoever knows a public key could make one."""
TIMEOUT_SECONDS = (5, 10)
"""To get through, and for each answer."""
LEEWAY_SECONDS = 60
FLOW_SECONDS = 10 * 60
KNOWN_SECONDS = 60 * 60
"""How long what the provider says of itself is believed without asking again."""
LONGEST_SUBJECT = 255
ITS_FAULTS = ("server_error", "temporarily_unavailable")


class ProviderTrouble(Exception):
    """The provider cannot be reached, or answers as none should."""


class NotBegunHere(Exception):
    """An answer to nothing that this browser asked, or asked lately."""


class Declined(Exception):
    """The provider, or the person there, said no."""


class NotBelieved(Exception):
    """An answer that does not hold: forged, altered, too old, used before, or meant for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What the browser keeps while its owner is at the provider: good for one answer."""

    state: str
    nonce: str
    verifier: str
    begun_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who came back. ``subject`` is theirs for ever; ``email`` is one that the provider vouches for."""

    subject: str
    email: str | None


@dataclass(slots=True)
class _Known:
    """What a provider says of itself, and its keys once they were needed."""

    metadata: dict[str, Any]
    read_at: float
    keys: KeySet | None = None


def begin(provider: CollegeProvider, redirect_uri: str) -> tuple[str, Flow]:
    """Where to send the browser, and what it keeps meanwhile. ProviderTrouble."""
    flow = Flow(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        begun_at=int(time.time()),
    )
    with _speaking(provider, redirect_uri) as client:
        address, _state = client.create_authorization_url(
            _endpoint(client, provider, "authorization_endpoint"),
            state=flow.state,
            nonce=flow.nonce,
            code_verifier=flow.verifier,
        )
    return address, flow


def person_of(provider: CollegeProvider, redirect_uri: str, flow: Flow | None, answer: Mapping[str, str]) -> Person:
    """Who the ``answer`` in the browser's address is about.

    NotBegunHere, Declined, NotBelieved, ProviderTrouble; each says in English, without a secret, what was wrong.
    """
    if flow is None or not _same(answer.get("state", ""), flow.state):
        raise NotBegunHere("another state")
    if not 0 <= time.time() - flow.begun_at < FLOW_SECONDS:
        raise NotBegunHere("too long ago")
    with _speaking(provider, redirect_uri) as client:
        _require_from(client, provider, answer)
        token = _redeem(client, provider, flow, answer.get("code", ""))
        claims = _believed(client, provider, flow, token)
        return Person(subject=claims["sub"], email=_email(client, provider, claims))


@contextmanager
def _speaking(provider: CollegeProvider, redirect_uri: str) -> Iterator[Any]:
    """A client of the provider for one request of ours. What goes wrong on the way comes out as ProviderTrouble."""
    with OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid email",
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=TIMEOUT_SECONDS,
    ) as client:
        client.max_redirects = 0  # its addresses are where they say, and the secret goes nowhere else
        try:
            yield client
        except (RequestException, OAuthError) as error:
            raise ProviderTrouble(_said(error)) from error


def _endpoint(client: Any, provider: CollegeProvider, name: str) -> str:
    address = _known(client, provider).metadata.get(name)
    # Who asks over TLS is not led to an address without it.
    if not isinstance(address, str) or not address.startswith(("https://", provider.issuer.partition(":")[0] + "://")):
        raise ProviderTrouble(f"no safe {name}")
    return address


def _known(client: Any, provider: CollegeProvider) -> _Known:
    kept: dict[str, _Known] = current_app.extensions.setdefault("hto_openid", {})
    known = kept.get(provider.issuer)
    if known is None or time.monotonic() - known.read_at > KNOWN_SECONDS:
        metadata = _get(client, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", withhold_token=True)
        if metadata.get("issuer") != provider.issuer:
            raise ProviderTrouble("it names itself otherwise")
        known = kept[provider.issuer] = _Known(metadata=metadata, read_at=time.monotonic())
    return known


def _get(client: Any, address: str, **options: Any) -> dict[str, Any]:
    answer = client.get(address, **options)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ProviderTrouble("not an object")
    return found


def _require_from(client: Any, provider: CollegeProvider, answer: Mapping[str, str]) -> None:
    """That the answer comes from this provider, and not by way of another (RFC 9207), and that it is a yes."""
    says_so = _known(client, provider).metadata.get("authorization_response_iss_parameter_supported") is True
    if ("iss" in answer or says_so) and answer.get("iss") != provider.issuer:
        raise NotBelieved("from another issuer")
    error = answer.get("error", "")
    if error in ITS_FAULTS:
        raise ProviderTrouble(error)
    if error:
        raise Declined(repr(error[:100]))


def _redeem(client: Any, provider: CollegeProvider, flow: Flow, code: str) -> dict[str, Any]:
    endpoint = _endpoint(client, provider, "token_endpoint")
    methods = _known(client, provider).metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" not in methods:
        client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 the name of a way to send it
    try:
        token = client.fetch_token(endpoint, grant_type="authorization_code", code=code, code_verifier=flow.verifier)
    except OAuthError as error:
        if error.error == "invalid_grant":
            raise NotBelieved("the code is not accepted") from error
        raise
    except ValueError as error:
        raise ProviderTrouble("not a token") from error
    return dict(token)


def _believed(client: Any, provider: CollegeProvider, flow: Flow, token: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of the id token, once its signature, issuer, audience, times and nonce hold."""
    id_token = token.get("id_token")
    if not isinstance(id_token, str):
        raise ProviderTrouble("no id token")
    try:
        try:
            read = _read(id_token, _keys(client, provider))
        except InvalidKeyIdError:  # it changed its keys since we asked
            _known(client, provider).keys = None
            read = _read(id_token, _keys(client, provider))
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            params={
                "nonce": flow.nonce,
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError) as error:
        raise NotBelieved(_said(error)) from error
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise NotBelieved("no usable subject")
    return dict(claims)


def _read(id_token: str, keys: KeySet) -> jwt.Token:
    return jwt.decode(id_token, keys, registry=JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False))


def _keys(client: Any, provider: CollegeProvider) -> KeySet:
    known = _known(client, provider)
    if known.keys is None:
        found = _get(client, _endpoint(client, provider, "jwks_uri"), withhold_token=True)
        try:
            known.keys = KeySet.import_key_set({"keys": found["keys"]})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderTrouble("no usable keys") from error
    return known.keys


def _email(client: Any, provider: CollegeProvider, claims: Mapping[str, Any]) -> str | None:
    """The address that the provider vouches for, from the id token or, as SURFconext has it, from its userinfo."""
    said = claims
    if "email" not in claims and "userinfo_endpoint" in _known(client, provider).metadata:
        said = _get(client, _endpoint(client, provider, "userinfo_endpoint"))
        if said.get("sub") != claims["sub"]:
            raise NotBelieved("userinfo of somebody else")
    email, verified = said.get("email"), said.get("email_verified")
    if not isinstance(email, str) or not (verified is True or verified == "true"):
        return None
    return email.strip().lower() or None


def _same(given: str, kept: str) -> bool:
    return hmac.compare_digest(given.encode(), kept.encode())


def _said(error: Exception) -> str:
    """What kind of fault it is: the message itself may hold an address with a code in it."""
    return f"{type(error).__name__} {getattr(error, 'error', '')}".strip()
