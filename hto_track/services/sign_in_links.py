"""Signing in by mail: a link that shows on GET and signs in on POST, or a code to type; each works once."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.config import Settings
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.participants import Participant
from hto_track.models.sign_in import LinkPurpose, SignInLink, SignInMethod
from hto_track.services import mail_texts, sessions
from hto_track.services.attempts import PER_ACCOUNT, PER_CODE, PER_NETWORK, count, count_attempt, require_room
from hto_track.services.outbox import Mail, address_fault, queue_mails
from hto_track.services.refusals import Refusal, Refused, TooOften, refuse
from hto_track.services.transaction import noting, reading, writing

LINK_PATH = "/sign-in/"
INVITATION_LASTS = timedelta(days=7)
SIGN_IN_LASTS = timedelta(minutes=30)
CODE_DIGITS = 6
LONGEST_ADDRESS = 254
MOST_CODE_TRIES = 5

_GIVEN_NAME = (
    select(Participant.given_name)
    .join(Grant, Grant.participant_id == Participant.id)
    .where(Grant.user_id == User.id, Grant.role == Role.PARTICIPANT, Participant.erased_on.is_(None))
    .order_by(Participant.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""What a mail calls the account's owner if they take part, as all other mails to them do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOwner:
    """Who a link signs in."""

    name: str
    email: str


class LinkSpent(Refused):
    """A link of ours that no longer signs in: used, or too old. ``email`` is where a new one can go."""

    def __init__(self, message: Any, email: str) -> None:
        self.email = email
        super().__init__([Refusal(message=message)])


def ask_for_link(email: str, network: str) -> str:
    """Mail a link and a code to the account of ``email``, where there is one; the word that the asking browser keeps.

    Whether there is such an account shows in nothing. Refused for what is no address; TooOften, and then nothing was
    written.
    """
    address = email.strip().lower()
    if address_fault(address) or len(address) > LONGEST_ADDRESS:
        raise refuse(_l("There is something missing in this e-mail address."), field="email")
    tries = ((PER_ACCOUNT, address), (PER_NETWORK, network))
    require_room(tries)
    request = secrets.token_urlsafe(32)
    # Counted and stored at once: it takes as long whether there is an account or not.
    with noting() as session:
        count(session, tries)
        found = session.execute(
            select(User, _GIVEN_NAME).where(User.email == address, User.erased_at.is_(None))
        ).one_or_none()
        if found is not None:
            user, given_name = found
            code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
            link = _store_link(session, user, LinkPurpose.SIGN_IN, SIGN_IN_LASTS, request=request, code=code)
            queue_mails(session, [_mail(user, given_name or user.name, request, link, code)])
    return request


def invitation_link(session: Session, user: User) -> str:
    """The address of a new link with which an invited account signs in, inside the transaction of the invitation."""
    return _store_link(session, user, LinkPurpose.INVITATION, INVITATION_LASTS)


def link_owner(token: str) -> LinkOwner:
    """Whose link this is. It changes nothing, so that a mail scanner may open it. Refused as ``use_link``."""
    _link, user = _usable(reading(), token)
    return LinkOwner(name=user.name, email=user.email)


def use_link(token: str, network: str, device: str) -> str:
    """Sign in with a link: the word of the new session.

    Refused when the link is too old, used, changed, or of an account that is gone. TooOften for a network from which too
    many of those came; a link that works is never made to wait.
    """
    try:
        _usable(reading(), token)
    except Refused:
        count_attempt(PER_NETWORK, network)
        raise
    with writing() as session:
        link, user = _usable(session, token)
        link.used_at = clock.now()
        return sessions.begin(session, user, SignInMethod.LINK, device)


def use_code(request: str, code: str, network: str, device: str) -> str:
    """Sign in with the code that was mailed to the browser keeping ``request``: the word of the new session.

    Refused for a wrong code, and when it is too old, used, or tried too often; it says no more than that. TooOften.
    """
    count_attempt(PER_NETWORK, network)
    link_id = _link_of_code(request, "".join(code.split()))
    if link_id is None:
        raise _wrong_code()
    with writing() as session:
        found = session.execute(
            select(SignInLink, User)
            .join(User, User.id == SignInLink.user_id)
            .where(SignInLink.id == link_id, SignInLink.used_at.is_(None), User.erased_at.is_(None))
        ).one_or_none()
        if found is None:
            raise _wrong_code()
        link, user = found
        link.used_at = clock.now()
        return sessions.begin(session, user, SignInMethod.CODE, device)


def _link_of_code(request: str, code: str) -> int | None:
    """The link whose code this is; None when it is not, or no more. A try is counted before anything is compared.

    Where there is no such link it counts all the same, so that it takes as long.
    """
    try:
        with noting() as session:
            tried = session.execute(
                update(SignInLink)
                .where(
                    SignInLink.request_hash == _hash(request),
                    SignInLink.used_at.is_(None),
                    SignInLink.ends_at > clock.now(),
                    SignInLink.code_tries < MOST_CODE_TRIES,
                )
                .values(code_tries=SignInLink.code_tries + 1)
                .returning(SignInLink.id, SignInLink.user_id, SignInLink.code_hash)
                .execution_options(synchronize_session=False)
            ).one_or_none()
            count(session, ((PER_CODE, f"user/{tried.user_id}" if tried else _hash(request)),))
    except TooOften:
        return None
    is_right = hmac.compare_digest((tried and tried.code_hash) or "", _code_hash(request, code))
    return tried.id if tried and is_right else None


def _wrong_code() -> Refused:
    return refuse(
        _l("This code is not right, or no longer valid. Use the link in the latest mail, or ask for a new code."),
        "code",
    )


def _mail(user: User, name: str, request: str, link: str, code: str) -> Mail:
    text = mail_texts.sign_in(name, SIGN_IN_LASTS)
    return Mail(
        kind="sign_in",
        subject_key=f"user/{user.id}",
        period=_hash(request)[:40],
        recipient=user.email,
        subject=text.subject,
        body=text.body,
        secrets={"link": link, "code": code},
    )


def _store_link(
    session: Session,
    user: User,
    purpose: LinkPurpose,
    lasts: timedelta,
    *,
    request: str | None = None,
    code: str | None = None,
) -> str:
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        SignInLink(
            token_hash=_hash(token),
            request_hash=_hash(request) if request else None,
            code_hash=_code_hash(request, code) if request and code else None,
            code_tries=0,
            user_id=user.id,
            purpose=purpose,
            made_at=now,
            ends_at=now + lasts,
        )
    )
    return f"{_settings().base_url}{LINK_PATH}{token}"


def _usable(session: Session, token: str) -> tuple[SignInLink, User]:
    found = session.execute(
        select(SignInLink, User)
        .join(User, User.id == SignInLink.user_id)
        .where(SignInLink.token_hash == _hash(token), User.erased_at.is_(None))
    ).one_or_none()
    if found is None:
        raise refuse(_l("This link does not work. Copy it whole from the mail, or ask for a new one."))
    link, user = found
    if link.used_at is not None:
        raise LinkSpent(_l("This link has been used. Each link signs in once: ask for a new one."), user.email)
    if link.ends_at <= clock.now():
        since = formats.moment(link.ends_at)
        raise LinkSpent(_l("This link no longer works since %(moment)s. Ask for a new one.", moment=since), user.email)
    return link, user


def _code_hash(request: str | None, code: str) -> str:
    """Keyed: six digits could be guessed from a plain hash."""
    return hmac.new(_settings().secret_key.encode(), f"{request}:{code}".encode(), hashlib.sha256).hexdigest()


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings
