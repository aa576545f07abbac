"""The people of a college, and all accounts of the installation, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.models.accounts import Role
from hto_track.services.access_lists import Presence
from hto_track.services.account_administration import AccountsPage, AccountView, Scopes
from hto_track.services.colleagues import ROLES, Colleague, College
from hto_track.services.role_scopes import RoleHeld
from hto_track.web.pictures.invitations import STATES, Choices, TakePicture, since_text, take_picture
from hto_track.web.pictures.roles import NAMES
from hto_track.web.sent_forms import new_key

GIVEN = tuple(role for role in Role if role is not Role.EMPLOYER)
"""The roles that an administrator gives: with employers, participants share themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueRow:
    """Somebody of a college. ``reminds`` whether a button mails them once more."""

    name: str
    email: str
    under: str
    role_value: str
    college: str
    since: str
    state: Any
    state_class: str
    state_icon: str
    reminds: bool
    withdraw_href: str
    form_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollegePicture:
    """A college and its people."""

    id: str
    name: str
    rows: tuple[ColleagueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguesPicture:
    """The page of an administration; ``colleges`` to choose from are shown when there is more than one."""

    title: str
    colleges: tuple[CollegePicture, ...]
    choices: Choices
    roles: Choices
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account in the list."""

    href: str
    name: str
    email: str
    roles: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPicture:
    """The list of accounts; ``newer`` and ``older`` lead to other pages, where there are any."""

    title: str
    search: str
    rows: tuple[AccountRow, ...]
    page_text: str
    previous_href: str
    next_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """A role of an account."""

    name: Any
    where: str
    withdraw_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAccountPicture:
    """The page of one account."""

    id: int
    name: str
    email: str
    since: str
    sessions: str
    passkeys: str
    """How many there are; empty without any."""
    roles: tuple[RoleLine, ...]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPicture:
    """The form that gives somebody a role."""

    roles: Choices
    cohorts: Choices
    programmes: Choices
    routes: Choices
    key: str


def colleagues_picture(colleges: Iterable[College], today: date) -> ColleaguesPicture:
    """The people of each college."""
    shown = tuple(
        CollegePicture(
            id=f"college-{number}",
            name=college.name,
            rows=tuple(_colleague_row(person, today) for person in college.people),
        )
        for number, college in enumerate(colleges, start=1)
    )
    return ColleaguesPicture(
        title=_("Colleagues"),
        colleges=shown,
        choices=tuple((college.name, college.name) for college in shown),
        roles=tuple((role.value, NAMES[role]) for role in ROLES),
        key=new_key(),
    )


def colleague_withdrawal(person: Colleague) -> TakePicture:
    """What taking back a role at a college does."""
    return take_picture(
        name=person.name,
        role=NAMES[person.role],
        where=person.college,
        back=(url_for("colleagues.overview"), _("Colleagues")),
        action_href=url_for("colleagues.withdraw", grant_id=person.grant_id),
    )


def accounts_picture(found: AccountsPage, search: str, today: date) -> AccountsPicture:
    """The accounts found by ``search``."""
    return AccountsPicture(
        title=ngettext("%(num)s account", "%(num)s accounts", found.total),
        search=search,
        rows=tuple(
            AccountRow(
                href=url_for("accounts.account", user_id=account.id),
                name=account.name,
                email=account.email if account.email != account.name else "",
                roles="; ".join(map(_role_said, account.roles)) or _("No role"),
                since=since_text(account.invited_at, None, account.last_signed_in_at, today),
            )
            for account in found.accounts
        ),
        page_text=_("Page %(page)s of %(pages)s", page=found.page, pages=found.pages) if found.pages > 1 else "",
        previous_href=_page_href(search, found.page - 1) if found.page > 1 else "",
        next_href=_page_href(search, found.page + 1) if found.page < found.pages else "",
    )


def account_picture(account: AccountView, today: date) -> OneAccountPicture:
    """One account, with what an administrator does with it."""
    return OneAccountPicture(
        id=account.id,
        name=account.name,
        email=account.email,
        since=since_text(account.invited_at, account.first_signed_in_at, account.last_signed_in_at, today)
        or _("never invited, never in"),
        sessions=ngettext("Signed in on %(num)s device.", "Signed in on %(num)s devices.", account.sessions)
        if account.sessions
        else _("Signed in nowhere."),
        passkeys=ngettext("This person has %(num)s passkey.", "This person has %(num)s passkeys.", account.passkeys)
        if account.passkeys
        else "",
        roles=tuple(
            RoleLine(
                name=NAMES[role.role],
                where=role.where,
                withdraw_href=url_for("accounts.withdrawal", user_id=account.id, grant_id=role.grant_id),
            )
            for role in account.roles
        ),
        key=new_key(),
    )


def new_picture(scopes: Scopes) -> NewPicture:
    """What the form offers; each scope may be left out."""
    none = (("", _l("none")),)
    return NewPicture(
        roles=tuple((role.value, NAMES[role]) for role in GIVEN),
        cohorts=none + scopes.cohorts,
        programmes=none + scopes.programmes,
        routes=none + scopes.routes,
        key=new_key(),
    )


def role_withdrawal(account: AccountView, role: RoleHeld) -> TakePicture:
    """What taking a role from an account does."""
    return take_picture(
        name=account.name,
        role=NAMES[role.role],
        where=role.where,
        back=(url_for("accounts.account", user_id=account.id), account.name),
        action_href=url_for("accounts.withdraw", user_id=account.id, grant_id=role.grant_id),
    )


def _role_said(role: RoleHeld) -> str:
    return f"{NAMES[role.role]}, {role.where}" if role.where else str(NAMES[role.role])


def _page_href(search: str, page: int) -> str:
    return url_for("accounts.overview", zoek=search or None, pagina=page)


def _colleague_row(person: Colleague, today: date) -> ColleagueRow:
    presence = Presence.IN if person.has_come_in else Presence.INVITED if person.invited_at else Presence.NOT_INVITED
    state, kind, icon = STATES[presence]
    return ColleagueRow(
        name=person.name,
        email=person.email,
        under=" · ".join(map(str, (NAMES[person.role], *((person.email,) if person.email != person.name else ())))),
        role_value=person.role.value,
        college=person.college,
        since=since_text(person.invited_at, person.first_signed_in_at, person.last_signed_in_at, today),
        state=state,
        state_class=kind,
        state_icon=icon,
        reminds=presence is not Presence.IN,
        withdraw_href=url_for("colleagues.withdrawal", grant_id=person.grant_id),
        form_key=new_key(),
    )
