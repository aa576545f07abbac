"""When somebody wants no news by mail: their own quiet hours, else the usual ones."""

from collections.abc import Iterable
from datetime import time

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.accounts import QuietHours, User
from hto_track.rules.quiet_time import USUAL, Quiet
from hto_track.services import audit
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, refuse
from hto_track.services.transaction import reading, writing


def quiet_by_address(session: Session, addresses: Iterable[str]) -> dict[str, Quiet]:
    """The quiet hours of who set their own, by e-mail address in lower case; one query, however many addresses."""
    query = (
        select(User.email, QuietHours.from_at, QuietHours.until_at)
        .join(QuietHours, QuietHours.user_id == User.id)
        .where(User.email.in_({address.strip().lower() for address in addresses}))
    )
    return {email: Quiet(from_at=from_at, until_at=until_at) for email, from_at, until_at in session.execute(query)}


def own_quiet_hours(actor: Actor) -> Quiet:
    """When the actor gets no news."""
    return _of(reading(), _account(actor))


def set_quiet_hours(actor: Actor, from_at: time | None, until_at: time | None) -> Quiet:
    """Set when the actor gets no news; what waits already keeps its hour, or waits longer. Those they had before.

    Both times the same: none at all. Refused for what is no time.
    """
    user_id = _account(actor)
    if from_at is None or until_at is None:
        raise refuse(_l("Fill in a time like 22:00."), "from_at" if from_at is None else "until_at")
    new = Quiet(from_at=from_at.replace(second=0, microsecond=0), until_at=until_at.replace(second=0, microsecond=0))
    with writing() as session:
        before = _of(session, user_id)
        if new != before:
            session.merge(QuietHours(user_id=user_id, from_at=new.from_at, until_at=new.until_at))
            audit.record(
                session,
                actor,
                "set_quiet_hours",
                audit.of_user(user_id),
                before=_written_down(before),
                after=_written_down(new),
            )
        return before


def _account(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden("quiet_hours")
    return actor.user_id


def _of(session: Session, user_id: int) -> Quiet:
    row = session.get(QuietHours, user_id)
    return USUAL if row is None else Quiet(from_at=row.from_at, until_at=row.until_at)


def _written_down(quiet: Quiet) -> dict[str, str]:
    return {"from": quiet.from_at.isoformat("minutes"), "until": quiet.until_at.isoformat("minutes")}
