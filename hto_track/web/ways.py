"""The ways to sign in that this installation has beside the mailed link, and what one's own account has of them."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from hto_track import formats
from hto_track.services.college_sign_in import college_name, own_college_link
from hto_track.services.passwords import OwnPassword, own_password, passwords_allowed
from hto_track.services.sessions import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """Further ways in: by the college of this name, and with a password."""

    college: str | None
    password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CollegeLine:
    """Whether one's account is linked to the college, in words."""

    college: str
    state: Any
    is_linked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWaysIn:
    """One's own account: None where the installation has no such way."""

    college: CollegeLine | None
    password: OwnPassword | None


def ways_in() -> WaysIn:
    """What the page to sign in offers."""
    return WaysIn(college=college_name(), password=passwords_allowed())


def own_ways_in(found: SignedIn) -> OwnWaysIn:
    """What the page of one's own account shows."""
    password = own_password(found.actor, found.session_id) if passwords_allowed() else None
    return OwnWaysIn(college=_college(found), password=password)


def _college(found: SignedIn) -> CollegeLine | None:
    link = own_college_link(found.actor)
    if link is None:
        return None
    if link.linked_at is None:
        state = _("Not linked. That happens by itself when you sign in through %(college)s.", college=link.college)
    else:
        state = _("Linked since %(moment)s.", moment=formats.moment(link.linked_at))
    return CollegeLine(college=link.college, state=state, is_linked=link.linked_at is not None)
