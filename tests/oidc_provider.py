"""A small real OpenID provider on a free port: discovery, keys that can be rotated, authorization codes with PKCE, id tokens
and userinfo. It signs its tokens by itself (RSA and SHA-256), not with the library that reads them.

Whoever a test chose is signed in there without being asked. The fields below make it answer wrongly, one way each.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from hto_track.config import CollegeProvider

CLIENT_ID, CLIENT_SECRET = "hto-track", "a secret of the tests & a sign: %"
LASTS_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with an account at the provider."""

    subject: str
    email: str | None
    email_verified: Any = True


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    private: rsa.RSAPrivateKey

    def public(self) -> dict[str, str]:
        """As it stands in a key set."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id,
            "n": _base64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": _base64(numbers.e.to_bytes(3, "big")),
        }


def _new_key() -> _Key:
    return _Key(secrets.token_hex(4), rsa.generate_private_key(public_exponent=65537, key_size=2048))


@dataclass
class Provider:
    """``asked`` are the paths that were asked for, in order."""

    issuer: str = ""
    person: Someone = field(default_factory=lambda: Someone("maas-1", "chaima@example.org"))
    keys: list[_Key] = field(default_factory=lambda: [_new_key()])
    asked: list[str] = field(default_factory=list)
    refuses: str = ""
    """The error that it answers with instead of a code."""
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    """What it makes of the claims before it signs them."""
    token: Callable[[str], str] = lambda token: token
    """What becomes of an id token after it was signed."""
    metadata: Callable[[dict[str, Any]], dict[str, Any]] = lambda metadata: metadata
    answer: Callable[[dict[str, str]], dict[str, str]] = lambda answer: answer
    """What the browser brings back."""
    secret_by_form: bool = False
    """Takes the client's secret in the form, and no longer in the header."""
    email_at_userinfo: bool = False
    userinfo_subject: str | None = None
    broken: dict[str, Response] = field(default_factory=dict)
    """What it answers at a path instead of what it should."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access_tokens: dict[str, Someone] = field(default_factory=dict)

    def settings(self) -> CollegeProvider:
        """How an installation knows it."""
        return CollegeProvider(
            issuer=self.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Hogeschool aan de Maas"
        )

    def rotate(self) -> None:
        """Sign with a new key from now on, and take the old one out of the key set."""
        self.keys = [_new_key()]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request."""
        request = Request(environ)
        self.asked.append(request.path)
        pages = {
            "/.well-known/openid-configuration": self._discovery,
            "/moved": self._discovery,
            "/keys": self._key_set,
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }
        if request.path in self.broken:
            return self.broken[request.path](environ, start_response)
        page = pages.get(request.path)
        return (page(request) if page else Response(status=404))(environ, start_response)

    def _discovery(self, _request: Request) -> Response:
        return _json(
            self.metadata(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "token_endpoint_auth_methods_supported": [
                        "client_secret_post" if self.secret_by_form else "client_secret_basic"
                    ],
                    "code_challenge_methods_supported": ["S256"],
                    "authorization_response_iss_parameter_supported": True,
                }
            )
        )

    def _key_set(self, _request: Request) -> Response:
        return _json({"keys": [key.public() for key in self.keys]})

    def _authorize(self, request: Request) -> Response:
        asked = request.args.to_dict()
        sound = (
            asked.get("client_id") == CLIENT_ID
            and asked.get("response_type") == "code"
            and "openid" in asked.get("scope", "").split()
            and asked.get("code_challenge_method") == "S256"
            and asked.get("code_challenge")
            and asked.get("redirect_uri")
        )
        if not sound:
            return Response("not an authorization request", status=400)
        answer = {"state": asked.get("state", ""), "iss": self.issuer}
        if self.refuses:
            answer["error"] = self.refuses
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.codes[answer["code"]] = asked
        return Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(self.answer(answer))}"})

    def _token(self, request: Request) -> Response:
        given = request.form.to_dict()
        who = request.authorization
        by_header = (who.username, who.password) if who is not None else None
        by_form = (given.get("client_id"), given.get("client_secret"))
        if (by_form if self.secret_by_form else by_header) != (CLIENT_ID, CLIENT_SECRET):
            return _json({"error": "invalid_client"}, 401)
        asked = self.codes.pop(given.get("code", ""), None)
        verifier = given.get("code_verifier", "")
        challenge = _base64(hashlib.sha256(verifier.encode()).digest())
        if (
            asked is None
            or given.get("grant_type") != "authorization_code"
            or given.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return _json({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe(16)
        self.access_tokens[access_token] = self.person
        return _json(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": LASTS_SECONDS,
                "id_token": self.token(self._signed(self.claims(self._claims(asked, access_token)))),
            }
        )

    def _claims(self, asked: dict[str, str], access_token: str) -> dict[str, Any]:
        now = int(time.time())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "sub": self.person.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + LASTS_SECONDS,
            "nonce": asked.get("nonce"),
            "at_hash": _base64(half),
        }
        return claims if self.email_at_userinfo else claims | _email_of(self.person)

    def _signed(self, claims: dict[str, Any]) -> str:
        key = self.keys[0]
        header = {"alg": "RS256", "typ": "JWT", "kid": key.id}
        content = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
        return f"{content}.{_base64(key.private.sign(content.encode(), padding.PKCS1v15(), SHA256()))}"

    def _userinfo(self, request: Request) -> Response:
        who = request.authorization
        person = self.access_tokens.get((who and who.token) or "")
        if person is None:
            return Response(status=401)
        return _json({"sub": self.userinfo_subject or person.subject} | _email_of(person))


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """A provider that does everything right until told otherwise."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider, threaded=True, request_handler=_Quiet)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    often = {"poll_interval": 0.01}  # how often it looks whether to stop: by itself twice a second
    thread = threading.Thread(target=server.serve_forever, kwargs=often, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def visit(address: str) -> str:
    """Open the provider's page as a browser: where it sends one back to."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def brought_back(location: str) -> dict[str, str]:
    """What stands in an address that the provider sent one back to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def _email_of(person: Someone) -> dict[str, Any]:
    return {} if person.email is None else {"email": person.email, "email_verified": person.email_verified}


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(content), status=status, mimetype="application/json")


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
