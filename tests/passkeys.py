"""Passkeys in tests: where they work, who makes one on which device, and what a refusal must leave as it is."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.ledger import AuditEntry
from hto_track.models.sign_in import Passkey, PasskeyChallenge, SignInMethod, SignInSession
from hto_track.services.passkeys import ask_for_new_passkey, ask_for_passkey, register_passkey, sign_in_with_passkey
from hto_track.services.policy import Actor
from hto_track.services.sessions import signed_in
from hto_track.services.transaction import noting
from tests.authenticator import Authenticator
from tests.sign_in import begin_session

SITE = {"origin": "https://hto.example.org", "host": "hto.example.org"}
NETWORK, DEVICE = "192.0.2.0/24", "a test"


def session_of(actor: Actor, method: SignInMethod = SignInMethod.LINK) -> int:
    """The id of a session that someone just began."""
    found = signed_in(begin_session(actor.user_id, method))
    assert found is not None
    return found.session_id


def made(actor: Actor, key: Authenticator, name: str = "phone") -> None:
    """Let someone make a passkey on ``key``."""
    register_passkey(actor, session_of(actor), name, key.make(ask_for_new_passkey(actor, name)))


def come_in(key: Authenticator) -> str:
    """Sign in with ``key``: the word of the session."""
    return sign_in_with_passkey(key.sign(ask_for_passkey(NETWORK)), NETWORK, DEVICE)


def stored() -> tuple[Any, ...]:
    """What a refusal must leave as it is: passkeys, sessions, and the trail."""
    db.session.rollback()
    keys = db.session.execute(select(Passkey.id, Passkey.sign_count, Passkey.used_at).order_by(Passkey.id)).all()
    sessions = db.session.execute(select(SignInSession.id, SignInSession.method).order_by(SignInSession.id)).all()
    return keys, sessions, db.session.scalars(select(func.count(AuditEntry.id))).one()


def signs_in(token: str) -> Actor:
    """Who the word of a session is of."""
    found = signed_in(token)
    assert found is not None
    assert found.method is SignInMethod.PASSKEY
    return found.actor


def let_pass(duration: timedelta) -> None:
    """Time for the questions that were asked."""
    with noting() as session:
        for question in session.scalars(select(PasskeyChallenge)):
            question.ends_at -= duration
