"""A passkey in software: it makes keys and signs what a browser would pass on, truly or, when a test says so, not quite.

It follows WebAuthn level 2: client data as JSON, authenticator data as bytes, keys in COSE, all in base64url.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url as text

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass(kw_only=True)
class Authenticator:
    """A device with one passkey; what it claims of where it is used and by whom can be set."""

    origin: str
    host: str
    verifies: bool = True
    """Whether it makes sure who holds it."""
    count: int = 0
    """How often it was used; one that stays at zero does not count."""
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: bytes | None = None

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The passkey that these options ask for, as the browser sends it."""
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(HAS_KEY) + self._attested()}
        return self._sent(
            {
                "clientDataJSON": text(self._client_data("webauthn.create", options["challenge"])),
                "attestationObject": text(cbor2.dumps(statement)),
            }
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """The proof that these options ask for, as the browser sends it."""
        if self.counts:
            self.count += 1
        client_data, data = self._client_data("webauthn.get", options["challenge"]), self._data()
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._sent(
            {
                "clientDataJSON": text(client_data),
                "authenticatorData": text(data),
                "signature": text(signature),
                "userHandle": text(self.user_handle or b""),
            }
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _attested(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        length = len(self.credential_id).to_bytes(2, "big")
        return bytes(16) + length + self.credential_id + cbor2.dumps(cose)

    def _sent(self, response: dict[str, str]) -> dict[str, Any]:
        return {
            "id": text(self.credential_id),
            "rawId": text(self.credential_id),
            "type": "public-key",
            "response": response,
        }
