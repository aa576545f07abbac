"""Who is behind the references that the audit trail and the readings keep of people (``Actor.ref``)."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from hto_track.config import Settings
from hto_track.models.accounts import User
from hto_track.models.internship import Placement
from hto_track.services.policy import supervisor_ref

DIGEST_LENGTH = 32
"""Of 64: a reference with the longest number of a placement is no longer than its column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """Who did something, or an account that something was done to."""

    name: str
    email: str | None


def address_digest(placement_id: int, email: str) -> str:
    """Of the address of a placement's supervisor, for ``Actor.link_digest``.

    Keyed with the secret key, so that no address can be tried; of one placement, so that two references do not tell that they
    are of the same person. Under another key than it was made with nobody is known by it any more.
    """
    settings: Settings = current_app.extensions["hto_settings"]
    said = f"supervisor of placement {placement_id}: {email.strip().lower()}"
    return hmac.new(settings.secret_key.encode(), said.encode(), hashlib.sha256).hexdigest()[:DIGEST_LENGTH]


def ref_by_link(placement_id: int, email: str) -> str:
    """The reference to who comes by the link of a placement that was mailed to ``email``."""
    return supervisor_ref(placement_id, address_digest(placement_id, email))


def people_of(session: Session, refs: Collection[str]) -> dict[str, Someone]:
    """Who is behind references, in one query; nobody for whose account is not there any more.

    A placement knows its supervisor of now alone: who came by its link before that one is nobody in particular.
    """
    ids: dict[str, set[int]] = {"user": set(), "supervisor": set()}
    for kind, number in (ref.split("/")[:2] for ref in refs if "/" in ref):
        if kind in ids and number.isdecimal():
            ids[kind].add(int(number))
    users = select(literal("user").label("kind"), User.id, User.name, User.email).where(
        User.id.in_(ids["user"]), User.erased_at.is_(None)
    )
    supervisors = select(
        literal("supervisor").label("kind"), Placement.id, Placement.supervisor_name, Placement.supervisor_email
    ).where(Placement.id.in_(ids["supervisor"]), Placement.supervisor_email.is_not(None))
    known = {
        f"user/{number}" if kind == "user" else ref_by_link(number, email): Someone(name=name or email, email=email)
        for kind, number, name, email in session.execute(union_all(users, supervisors))
    }
    former = Someone(name=_("A former supervisor"), email=None)
    by_link = {ref: former for ref in refs if ref.startswith("supervisor/")}
    return {ref: someone for ref, someone in (by_link | known).items() if ref in refs}
