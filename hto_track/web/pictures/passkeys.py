"""Passkeys in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from hto_track import formats
from hto_track.rules.days import AMSTERDAM
from hto_track.services.passkeys import OwnPasskey
from hto_track.services.policy import Actor
from hto_track.web.pictures.account import device_in_words
from hto_track.web.pictures.roles import NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLine:
    """A passkey of one's own."""

    id: int
    name: str
    made: str
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeysPicture:
    """The passkeys of an account; ``suggested`` is a name for the next one, ``withheld`` are roles that wait for one."""

    lines: tuple[PasskeyLine, ...]
    suggested: str
    withheld: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPicture:
    """Roles that wait for a passkey, and whether their owner has one to sign in with."""

    roles: tuple[Any, ...]
    has_passkey: bool


def passkeys_picture(actor: Actor, own: Iterable[OwnPasskey], user_agent: str) -> PasskeysPicture:
    """The passkeys of ``actor`` in the order given, read in the browser that calls itself ``user_agent``."""
    return PasskeysPicture(
        lines=tuple(
            PasskeyLine(
                id=each.id,
                name=each.name,
                made=_("made on %(day)s", day=_day(each.made_at)),
                used=_("last used on %(day)s", day=_day(each.used_at)) if each.used_at else _("not used yet"),
            )
            for each in own
        ),
        suggested=device_in_words(user_agent),
        withheld=_withheld(actor),
    )


def waiting_picture(actor: Actor, own: Sequence[OwnPasskey]) -> WaitingPicture:
    """The roles of ``actor`` that wait."""
    return WaitingPicture(roles=_withheld(actor), has_passkey=bool(own))


def _day(at: datetime) -> str:
    return formats.day_year(at.astimezone(AMSTERDAM).date())


def _withheld(actor: Actor) -> tuple[Any, ...]:
    return tuple(NAMES[role] for role in sorted(actor.withheld))
