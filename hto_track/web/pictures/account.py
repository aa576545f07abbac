"""One's own account in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track import formats
from hto_track.models.sign_in import SignInMethod
from hto_track.rules.quiet_time import Quiet
from hto_track.services.policy import Actor
from hto_track.services.sessions import OwnSession
from hto_track.web.pictures.roles import NAMES, roles_in_words

METHODS: dict[SignInMethod, Any] = {
    SignInMethod.LINK: _l("with a mailed link"),
    SignInMethod.CODE: _l("with a mailed code"),
    SignInMethod.PASSKEY: _l("with a passkey"),
    SignInMethod.PASSWORD: _l("with a password"),
    SignInMethod.COLLEGE: _l("through the college"),
    SignInMethod.DEMO: _l("in the demo"),
}

# In this order: a browser names itself after those it wants to be taken for.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A device on which one is signed in."""

    id: int
    device: str
    since: str
    seen: str
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPicture:
    """The page of one's own account. ``withheld`` are roles that wait for a passkey; quiet hours are as they are typed."""

    name: str
    email: str
    roles: tuple[Any, ...]
    withheld: tuple[Any, ...]
    sessions: tuple[SessionLine, ...]
    quiet_from: str
    quiet_until: str


def times_of(quiet: Quiet) -> tuple[str, str]:
    """Quiet hours as they are typed."""
    return f"{quiet.from_at:%H:%M}", f"{quiet.until_at:%H:%M}"


def account_picture(actor: Actor, own: Iterable[OwnSession], quiet: tuple[str, str]) -> AccountPicture:
    """The account of ``actor``, with their sessions in the order given."""
    return AccountPicture(
        name=actor.name,
        email=actor.email,
        roles=roles_in_words(actor),
        withheld=tuple(NAMES[role] for role in sorted(actor.withheld)),
        sessions=tuple(
            SessionLine(
                id=each.id,
                device=device_in_words(each.device),
                since=_("since %(moment)s, %(how)s", moment=formats.moment(each.started_at), how=METHODS[each.method]),
                seen=_("last used %(moment)s", moment=formats.moment(each.seen_at)),
                is_this=each.is_this,
            )
            for each in own
        ),
        quiet_from=quiet[0],
        quiet_until=quiet[1],
    )


def device_in_words(user_agent: str) -> str:
    """Browser and system, as far as the browser says."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    if browser and system:
        said: str = _("%(browser)s on %(system)s", browser=browser, system=system)
        return said
    return browser or system or _("Unknown device")
