"""Passkeys (WebAuthn): making one, removing it, and signing in with it. Of a passkey only its public half is here.

Where they work is a setting (``Settings.passkey_origin``), never what a request says of itself. A question is answered once,
and soon: it is gone before its answer is looked at.
"""

import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from hto_track import clock
from hto_track.config import Settings
from hto_track.models.accounts import User
from hto_track.models.sign_in import Passkey, PasskeyChallenge, SignInMethod
from hto_track.services import audit, sessions
from hto_track.services.attempts import A_QUARTER, PER_NETWORK, Limit, count_attempt
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.refusals import Forbidden, NotFound, Refused, refuse
from hto_track.services.transaction import noting, reading, writing

SITE_NAME = "HTO Track"
QUESTION_LASTS = timedelta(minutes=5)
QUESTIONS_PER_NETWORK = Limit(name="passkey question", most=1000, within=A_QUARTER)
"""Each opening of the sign-in page asks one: this only keeps the table of questions small."""
LONGEST_NAME = 100
MOST_PASSKEYS = 20
LONGEST_CREDENTIAL, LONGEST_PUBLIC_KEY = 1023, 2048
HIGHEST_COUNT = 2**31 - 1
"""A passkey may count its uses up to twice this; what our column cannot hold is kept as this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where passkeys work: the name they are made for, and the address that browsers say they are at."""

    host: str
    origin: str


def own_passkeys(actor: Actor) -> tuple[OwnPasskey, ...]:
    """The actor's passkeys, the oldest first."""
    rows = reading().scalars(select(Passkey).where(Passkey.user_id == actor.user_id).order_by(Passkey.id))
    return tuple(OwnPasskey(id=row.id, name=row.name, made_at=row.made_at, used_at=row.used_at) for row in rows)


def ask_for_new_passkey(actor: Actor, name: str) -> dict[str, Any]:
    """What the browser needs to make a passkey of the actor's that will be called ``name`` (a JSON value).

    Refused as ``register_passkey`` refuses; Forbidden without an account.
    """
    place, user_id = _place(), _user_id(actor)
    with noting() as session:
        _checked_name(name)
        _require_place_for_one_more(session, actor)
        known = session.scalars(select(Passkey.credential_id).where(Passkey.user_id == user_id)).all()
        options = generate_registration_options(
            rp_id=place.host,
            rp_name=SITE_NAME,
            user_id=_handle(user_id),
            user_name=actor.email,
            user_display_name=actor.name,
            challenge=_store_question(session, user_id),
            timeout=_milliseconds(QUESTION_LASTS),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=credential_id) for credential_id in known],
        )
    return options_to_json_dict(options)


def register_passkey(actor: Actor, session_id: int, name: str, answer: Mapping[str, Any]) -> None:
    """Keep the passkey that ``answer`` (what the browser made, in JSON) proves; the session counts as begun with it.

    Refused for a question that is too old, answered, or put to someone else, for a passkey of another site or one that did
    not make sure who holds it, for one that is known already, and for a name that is none. Forbidden without an account;
    NotFound when the session ended meanwhile.
    """
    place, user_id = _place(), _user_id(actor)
    name = _checked_name(name)
    challenge = _take_question(answer, user_id)
    try:
        made = _verified_registration(place, challenge, answer)
    except Exception as error:  # it reads what strangers send: whatever it stumbles over is no passkey
        raise _not_right() from error
    if len(made.credential_id) > LONGEST_CREDENTIAL or len(made.credential_public_key) > LONGEST_PUBLIC_KEY:
        raise _not_right()
    with writing() as session:
        user = session.get(User, user_id)
        if user is None or user.erased_at is not None:
            raise Forbidden
        _require_place_for_one_more(session, actor)
        if session.scalars(select(Passkey.id).where(Passkey.credential_id == made.credential_id)).first() is not None:
            raise refuse(_l("This passkey is already known here."))
        passkey = Passkey(
            user_id=user_id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=min(made.sign_count, HIGHEST_COUNT),
            name=name,
            made_at=clock.now(),
        )
        session.add(passkey)
        session.flush()
        sessions.prove_by_passkey(session, actor, session_id)
        audit.record(session, actor, "register_passkey", actor.ref, after={"passkey": passkey.id})


def remove_passkey(actor: Actor, passkey_id: int) -> str:
    """Remove one of the actor's own passkeys; its name. NotFound for one that is another's, or none.

    Refused while a role waits for a passkey: else a mailed link would do to replace it.
    """
    with writing() as session:
        passkey = session.get(Passkey, passkey_id)
        if passkey is None or passkey.user_id != actor.user_id:
            raise NotFound
        _require_proof(actor)
        name = passkey.name
        session.delete(passkey)
        audit.record(session, actor, "remove_passkey", actor.ref, before={"passkey": passkey_id})
        return name


def remove_passkeys_of(actor: Actor, user_id: int) -> int:
    """Remove every passkey of an account whose owner lost theirs, for an administrator; how many. NotFound, Forbidden.

    It ends every session of the account too: whoever found the device is not to go on with what it began. Nothing happens
    where there is no passkey.
    """
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    with writing() as session:
        if session.get(User, user_id) is None:
            raise NotFound
        removed = session.scalars(delete(Passkey).where(Passkey.user_id == user_id).returning(Passkey.id)).all()
        if removed:
            subject, ended = audit.of_user(user_id), sessions.end_all(session, user_id)
            audit.record(session, actor, "remove_passkey", subject, before={"passkeys": sorted(removed)})
            audit.record(session, actor, "end_session", subject, after={"sessions": ended})
        return len(removed)


def ask_for_passkey(network: str) -> dict[str, Any]:
    """What the browser needs to let somebody sign in with a passkey (a JSON value); it tells nothing of who has one.

    Refused where passkeys do not work; TooOften.
    """
    place = _place()
    count_attempt(QUESTIONS_PER_NETWORK, network)
    with noting() as session:
        options = generate_authentication_options(
            rp_id=place.host,
            challenge=_store_question(session, None),
            timeout=_milliseconds(QUESTION_LASTS),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    return options_to_json_dict(options)


def sign_in_with_passkey(answer: Mapping[str, Any], network: str, device: str) -> str:
    """Sign in with the passkey that ``answer`` proves: the word of the new session.

    Refused for a passkey that is not known here, of another site or of an account that is gone, for one that did not make
    sure who holds it or that was copied, and for a question that is too old or answered; it says no more. TooOften.
    """
    place = _place()
    count_attempt(PER_NETWORK, network)
    challenge = _take_question(answer, None)
    with writing() as session:
        found = session.execute(
            select(Passkey, User)
            .join(User, User.id == Passkey.user_id)
            .where(Passkey.credential_id == _credential_id(answer), User.erased_at.is_(None))
        ).one_or_none()
        if found is None:
            raise refuse(_l("This passkey is not known here (any more). Sign in another way."))
        passkey, user = found
        try:
            proof = _verified_sign_in(place, challenge, answer, passkey)
        except Exception as error:  # it reads what strangers send: whatever it stumbles over is no proof
            raise _not_right() from error
        passkey.sign_count = min(proof.new_sign_count, HIGHEST_COUNT)
        passkey.used_at = clock.now()
        return sessions.begin(session, user, SignInMethod.PASSKEY, device)


def _verified_registration(place: _Place, challenge: bytes, answer: Mapping[str, Any]) -> VerifiedRegistration:
    return verify_registration_response(
        credential=dict(answer),
        expected_challenge=challenge,
        expected_rp_id=place.host,
        expected_origin=place.origin,
        require_user_verification=True,
    )


def _verified_sign_in(
    place: _Place, challenge: bytes, answer: Mapping[str, Any], passkey: Passkey
) -> VerifiedAuthentication:
    """That the holder of ``passkey`` signed this question here, made sure who they are, and did not use a copy.

    The handle in the answer is not looked at: nothing signs it, the credential names the account, and it would no longer be
    the same after the secret key is changed.
    """
    return verify_authentication_response(
        credential=dict(answer),
        expected_challenge=challenge,
        expected_rp_id=place.host,
        expected_origin=place.origin,
        credential_public_key=passkey.public_key,
        credential_current_sign_count=passkey.sign_count,
        require_user_verification=True,
    )


def _place() -> _Place:
    origin = _settings().passkey_origin
    if origin is None:
        raise refuse(_l("Passkeys do not work at the address of this installation."))
    return _Place(host=urlsplit(origin).hostname or "", origin=origin)


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden
    return actor.user_id


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise refuse(_l("Give the passkey a name, for example: phone."), field="name")
    if len(name) > LONGEST_NAME:
        raise refuse(_l("Take a name of at most %(most)s characters.", most=LONGEST_NAME), field="name")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise refuse(_l("Leave out the characters that cannot be shown."), field="name")
    return name


def _require_place_for_one_more(session: Session, actor: Actor) -> None:
    count = session.scalars(select(func.count()).where(Passkey.user_id == actor.user_id)).one()
    if count:
        _require_proof(actor)
    if count >= MOST_PASSKEYS:
        raise refuse(_l("You have %(most)s passkeys. Remove one first.", most=MOST_PASSKEYS))


def _require_proof(actor: Actor) -> None:
    """A role that waits for a passkey waits for one that was there: who reads somebody's mail must not make another."""
    if actor.withheld:
        raise refuse(
            _l("Sign in with a passkey that you have first. Did you lose it? Ask the administrator to remove it.")
        )


def _handle(user_id: int) -> bytes:
    """What a passkey keeps to know the account by: it tells nobody else who it is."""
    return hmac.new(_settings().secret_key.encode(), f"passkey of user/{user_id}".encode(), hashlib.sha256).digest()


def _store_question(session: Session, user_id: int | None) -> bytes:
    challenge, now = secrets.token_bytes(32), clock.now()
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.ends_at <= now))
    session.add(PasskeyChallenge(challenge_hash=_hash(challenge), user_id=user_id, ends_at=now + QUESTION_LASTS))
    return challenge


def _take_question(answer: Mapping[str, Any], user_id: int | None) -> bytes:
    """The question put to ``user_id`` that ``answer`` says it answers, and that is now gone; Refused when there is none."""
    challenge = _challenge_in(answer)
    with noting() as session:
        taken = session.scalars(
            delete(PasskeyChallenge)
            .where(
                PasskeyChallenge.challenge_hash == _hash(challenge),
                PasskeyChallenge.user_id.is_(None) if user_id is None else PasskeyChallenge.user_id == user_id,
                PasskeyChallenge.ends_at > clock.now(),
            )
            .returning(PasskeyChallenge.id)
        ).all()
    if not taken:
        raise refuse(_l("This took too long, or was done already. Try again."))
    return challenge


def _challenge_in(answer: Mapping[str, Any]) -> bytes:
    try:
        said = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return base64url_to_bytes(said["challenge"])
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise _not_right() from error


def _credential_id(answer: Mapping[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(answer["rawId"])
    except (LookupError, TypeError, ValueError) as error:
        raise _not_right() from error


def _not_right() -> Refused:
    return refuse(_l("This passkey could not be checked. Try again, or sign in another way."))


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)


def _hash(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings
