"""Passwords, where an installation allows them: kept as argon2id, never shown, never written down elsewhere.

Whoever can read the mail of an account can always get in. So a session that just began otherwise than with the password
sets a new one without the old: that is also how a forgotten one is replaced.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy import delete, select

from hto_track import clock
from hto_track.config import ROOT, Settings
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.sign_in import SignInMethod, SignInSession
from hto_track.services import audit, sessions
from hto_track.services.attempts import PER_ACCOUNT, PER_NETWORK, PER_PASSWORD, count_attempt
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.transaction import reading, writing

LEAST_AT_HOME, LEAST_FOR_STAFF, LONGEST = 12, 15, 200
"""Characters of a password."""
FRESH = timedelta(minutes=15)
"""So long after it began, a session that did not begin with the password sets one without the old."""
LEAST_PATTERN = 5
"""What is but a few characters over and over is no password."""
COMMON = ROOT / "hto_track" / "data" / "common_passwords.txt"

_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPassword:
    """What it takes to set one's password: ``least`` characters, the old one, or signing in again first."""

    is_set: bool
    asks_old: bool
    asks_sign_in: bool
    least: int


def passwords_allowed() -> bool:
    """Whether this installation allows passwords."""
    settings: Settings = current_app.extensions["hto_settings"]
    return settings.passwords


def own_password(actor: Actor, session_id: int) -> OwnPassword:
    """What the actor has to do to set a password; NotFound where passwords are not allowed."""
    return _own(actor, session_id)[0]


def set_password(actor: Actor, session_id: int, old: str, new: str) -> None:
    """Set the actor's own password and end their other sessions.

    Refused for a password that is too short, too long, common or about its owner, for a wrong ``old`` one, and when they have
    to sign in again first. NotFound where passwords are not allowed; TooOften for guesses at the old one.
    """
    own, stored = _own(actor, session_id)
    if own.asks_sign_in:
        raise refuse(_l("It is a while ago that you signed in. Sign in again, and set your password then."))
    word = _spelled(new)
    if faults := tuple(_faults(word, actor, own.least)):
        raise Refused(faults)
    wrong = refuse(_l("This is not your password of now."), field="old_password")
    if own.asks_old:
        count_attempt(PER_ACCOUNT, actor.email)
        if not _holds(stored, old):
            raise wrong
    hashed = _HASHER.hash(word)  # before the lock: it takes a while on purpose
    with writing() as session:
        user = session.get(User, actor.user_id, populate_existing=True)
        if user is None or user.erased_at is not None:
            raise NotFound
        if user.password_hash != stored:  # set elsewhere this very moment
            raise wrong
        user.password_hash = hashed
        ended = session.scalars(
            delete(SignInSession)
            .where(SignInSession.user_id == actor.user_id, SignInSession.id != session_id)
            .returning(SignInSession.id)
        ).all()
        audit.record(
            session, actor, "set_password", actor.ref, before={"is_set": own.is_set}, after={"sessions": len(ended)}
        )


def sign_in_with_password(email: str, password: str, network: str, device: str) -> str:
    """Sign in: the word of the new session. NotFound where passwords are not allowed; TooOften.

    Refused in the same words, and after the same work, for an address without an account, an account without a password, and
    a wrong password. Refused too, once it is right, when it is shorter than its owner's roles ask by now.
    """
    _require_allowed()
    address = email.strip().lower()
    count_attempt(PER_NETWORK, network)
    count_attempt(PER_ACCOUNT, address)
    count_attempt(PER_PASSWORD, address)
    found = (
        reading()
        .execute(select(User.id, User.password_hash).where(User.email == address, User.erased_at.is_(None)))
        .one_or_none()
    )
    stored = found.password_hash if found else None
    wrong = refuse(
        _l("This e-mail address and password do not go together. Try again, or have a link mailed to you."),
        field="password",
    )
    is_right = _holds(stored, password)
    if found is None or stored is None or not is_right:
        raise wrong
    word = _spelled(password)
    renewed = _HASHER.hash(word) if _HASHER.check_needs_rehash(stored) else None
    with writing() as session:
        user = session.get(User, found.id, populate_existing=True)
        if user is None or user.erased_at is not None or user.password_hash != stored:
            raise wrong
        roles = session.scalars(select(Grant.role).where(Grant.user_id == user.id)).all()
        if len(word) < _least(roles):
            raise refuse(
                _l(
                    "Your password is too short for what you do here now. Have a link mailed to you, and set a longer one."
                ),
                field="password",
            )
        user.password_hash = renewed or stored
        return sessions.begin(session, user, SignInMethod.PASSWORD, device)


def _own(actor: Actor, session_id: int) -> tuple[OwnPassword, str | None]:
    _require_allowed()
    row = (
        reading()
        .execute(
            select(User.password_hash, SignInSession.method, SignInSession.started_at)
            .join(SignInSession, SignInSession.user_id == User.id)
            .where(User.id == actor.user_id, SignInSession.id == session_id, User.erased_at.is_(None))
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    is_set = row.password_hash is not None
    is_fresh = row.method is not SignInMethod.PASSWORD and clock.now() - row.started_at <= FRESH
    own = OwnPassword(
        is_set=is_set,
        asks_old=is_set and not is_fresh,
        asks_sign_in=not is_set and not is_fresh,
        least=_least({grant.role for grant in actor.grants} | actor.withheld),
    )
    return own, row.password_hash


def _require_allowed() -> None:
    if not passwords_allowed():
        raise NotFound


def _least(roles: Iterable[Role]) -> int:
    return LEAST_AT_HOME if set(roles) <= sessions.AT_HOME else LEAST_FOR_STAFF


def _spelled(password: str) -> str:
    """One spelling, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def _holds(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one; without a stored one it takes as long to say no."""
    word = _spelled(password)[: LONGEST + 1]
    if stored is None:
        _HASHER.hash(word)
        return False
    try:
        return _HASHER.verify(stored, word)
    except (VerificationError, InvalidHashError):
        return False


def _faults(word: str, actor: Actor, least: int) -> Iterator[Refusal]:
    if len(word) < least:
        yield _fault(lazy_ngettext("Use at least %(num)s character.", "Use at least %(num)s characters.", least))
    elif len(word) > LONGEST:
        yield _fault(lazy_ngettext("Use at most %(num)s character.", "Use at most %(num)s characters.", LONGEST))
    elif _is_about(word, actor):
        yield _fault(_l("Your name or your e-mail address is no password. Use words that have nothing to do with you."))
    elif _is_common(word):
        yield _fault(_l("This is easy to guess. Use a few words that do not belong together."))


def _fault(message: object) -> Refusal:
    return Refusal(message=message, field="new_password")


def _is_about(word: str, actor: Actor) -> bool:
    """Whether it is its owner's name or address, with nothing but figures and signs around it."""
    names = {actor.email, actor.email.partition("@")[0], actor.name, *actor.name.split()}
    return _letters(word) in {_letters(name) for name in names} - {""}


def _is_common(word: str) -> bool:
    """Whether it is one that many use, with or without figures and signs around it, or one thing over and over."""
    pattern = _pattern("".join(word.casefold().split()))
    return len(pattern) < LEAST_PATTERN or not _common().isdisjoint({pattern, _pattern(_letters(word))})


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalpha())


def _pattern(text: str) -> str:
    """What ``text`` repeats, or itself."""
    repeats = re.fullmatch(r"(.+?)\1*", text)
    return repeats[1] if repeats else text


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
