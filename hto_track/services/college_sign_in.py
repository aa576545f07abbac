"""Signing in through the college: its provider says who someone is, and their account here says what they may do.

It makes no account. The first time, an account is found by the e-mail address that the provider vouches for; from then on
by the provider's own name for the person, whatever becomes of the address.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import CollegeProvider, Settings
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.sign_in import CollegeIdentity, SignInMethod
from hto_track.services import audit, openid, sessions
from hto_track.services.attempts import PER_NETWORK, count_attempt
from hto_track.services.openid import Flow, Person
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.transaction import reading, writing

RETURN_PATH = "/sign-in/hogeschool/terug"
"""Where the provider sends people back to; a test holds it to the table of pages."""
OF_THE_COLLEGE = frozenset({Role.COLLEGE, Role.COLLEGE_ADMINISTRATION, Role.EXAMINATION_BOARD})
"""Whom the college can vouch for: an account with one of these roles is linked at its first sign-in."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollegeLink:
    """Whether an account is linked to the college's own sign-in, and since when."""

    college: str
    linked_at: datetime | None


def college_name() -> str | None:
    """What the college calls itself on its button; None where no college signs in."""
    provider = _settings().college_provider
    return provider.name if provider else None


def begin_sign_in(network: str) -> tuple[str, Flow]:
    """Where to send the browser, and what it keeps until it is back.

    NotFound where no college signs in; TooOften; openid.ProviderTrouble when the college does not answer.
    """
    provider = _provider()
    count_attempt(PER_NETWORK, network)
    try:
        return openid.begin(provider, _redirect_uri())
    except openid.ProviderTrouble as trouble:
        log.warning("%s does not answer: %s", provider.issuer, trouble)
        raise


def finish_sign_in(flow: Flow | None, answer: Mapping[str, str], network: str, device: str) -> str:
    """Sign in whom the college sent back with ``answer``: the word of the new session.

    Refused when the answer does not hold or goes with no account here; then nothing changed. NotFound, TooOften and
    openid.ProviderTrouble as ``begin_sign_in``.
    """
    provider = _provider()
    count_attempt(PER_NETWORK, network)
    try:
        person = openid.person_of(provider, _redirect_uri(), flow, answer)
    except openid.ProviderTrouble as trouble:
        log.warning("%s does not answer as it should: %s", provider.issuer, trouble)
        raise
    except (openid.NotBegunHere, openid.Declined, openid.NotBelieved) as fault:
        log.warning("An answer of %s was not accepted: %s %s", provider.issuer, type(fault).__name__, fault)
        raise _in_words(fault, provider.name) from fault
    with writing() as session:
        user = _known_user(session, provider, person) or _link_user(session, provider, person)
        return sessions.begin(session, user, SignInMethod.COLLEGE, device)


def own_college_link(actor: Actor) -> CollegeLink | None:
    """Whether the actor's own account is linked; None where no college signs in, or where it cannot be linked."""
    provider = _settings().college_provider
    if provider is None:
        return None
    linked_at = (
        reading()
        .scalars(
            select(CollegeIdentity.linked_at).where(
                CollegeIdentity.user_id == actor.user_id, CollegeIdentity.issuer == provider.issuer
            )
        )
        .first()
    )
    if linked_at is None and OF_THE_COLLEGE.isdisjoint({grant.role for grant in actor.grants} | actor.withheld):
        return None
    return CollegeLink(college=provider.name, linked_at=linked_at)


def unlink_college(actor: Actor) -> None:
    """Undo the link of the actor's own account; NotFound when there is none."""
    provider = _provider()
    with writing() as session:
        unlinked = session.scalars(
            delete(CollegeIdentity)
            .where(CollegeIdentity.user_id == actor.user_id, CollegeIdentity.issuer == provider.issuer)
            .returning(CollegeIdentity.id)
        ).all()
        if not unlinked:
            raise NotFound
        audit.record(session, actor, "unlink_college", actor.ref, before={"issuer": provider.issuer})


def _known_user(session: Session, provider: CollegeProvider, person: Person) -> User | None:
    """Whose account is linked to this person; Refused when that person was erased here."""
    user = session.scalars(
        select(User)
        .join(CollegeIdentity, CollegeIdentity.user_id == User.id)
        .where(CollegeIdentity.issuer == provider.issuer, CollegeIdentity.subject == person.subject)
    ).one_or_none()
    if user is not None and user.erased_at is not None:
        raise _nobody_here(provider, person)
    return user


def _link_user(session: Session, provider: CollegeProvider, person: Person) -> User:
    """The account of the address that the college vouches for, linked from now on. Refused where there is none to link."""
    if person.email is None:
        raise refuse(
            _l(
                "%(college)s does not say which e-mail address is surely yours. Sign in with a mailed link.",
                college=provider.name,
            )
        )
    user = session.scalars(select(User).where(User.email == person.email, User.erased_at.is_(None))).one_or_none()
    if user is None or not _is_of_the_college(session, user):
        raise _nobody_here(provider, person)
    # A college may hand an address on to somebody else: who had it before keeps their account.
    linked = select(CollegeIdentity.id).where(
        CollegeIdentity.user_id == user.id, CollegeIdentity.issuer == provider.issuer
    )
    if session.scalars(linked).first() is not None:
        raise refuse(
            _l(
                "The account of %(email)s goes with somebody else at %(college)s. Is it yours? Sign in with a mailed link "
                "and undo that under My account.",
                email=person.email,
                college=provider.name,
            )
        )
    session.add(CollegeIdentity(user_id=user.id, issuer=provider.issuer, subject=person.subject, linked_at=clock.now()))
    itself = Actor(email=user.email, name=user.name, user_id=user.id)
    audit.record(session, itself, "link_college", itself.ref, after={"issuer": provider.issuer})
    return user


def _is_of_the_college(session: Session, user: User) -> bool:
    grants = select(Grant.id).where(Grant.user_id == user.id, Grant.role.in_(OF_THE_COLLEGE))
    return session.scalars(grants).first() is not None


def _nobody_here(provider: CollegeProvider, person: Person) -> Refused:
    """The same whether there is no such account, one that the college does not vouch for, or one that was erased."""
    sentences = [
        _l(
            "HTO Track does not know you as a colleague of %(college)s. Ask the college's administration or your project "
            "leader to invite you.",
            college=provider.name,
        )
    ]
    if person.email:
        sentences.append(_l("The address that you have there: %(email)s", email=person.email))
    return Refused(Refusal(message=sentence) for sentence in sentences)


def _in_words(fault: Exception, college: str) -> Refused:
    said: dict[type[Exception], Any] = {
        openid.NotBegunHere: _l("This sign-in did not begin in this browser, or took too long. Begin again."),
        openid.Declined: _l("%(college)s did not let you through, or you stopped on the way.", college=college),
        openid.NotBelieved: _l(
            "The answer of %(college)s does not hold, so you are not signed in. Begin again. Does it stay like this? Tell "
            "the administrator.",
            college=college,
        ),
    }
    return refuse(said[type(fault)])


def _redirect_uri() -> str:
    return f"{_settings().base_url}{RETURN_PATH}"


def _provider() -> CollegeProvider:
    provider = _settings().college_provider
    if provider is None:
        raise NotFound
    return provider


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings
