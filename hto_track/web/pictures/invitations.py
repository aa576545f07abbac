"""Who has access to a cohort, who has not come in yet, and what an invitation would do, in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track import formats
from hto_track.models.accounts import Role
from hto_track.rules.days import AMSTERDAM
from hto_track.services.access_lists import AccessList, Person, Presence
from hto_track.services.cohort_invitations import (
    InvitationPlan,
    Invited,
    PlannedMail,
    Uninvited,
    Withdrawal,
)
from hto_track.services.mail_texts import SECRET_LINK
from hto_track.web.pictures.roles import NAMES
from hto_track.web.sent_forms import new_key

Choices = tuple[tuple[str, Any], ...]
STATES: dict[Presence, tuple[Any, str, str]] = {
    Presence.NOT_INVITED: (_l("not invited yet"), "", "mail"),
    Presence.INVITED: (_l("not in yet"), "warn", "clock"),
    Presence.IN: (_l("in"), "ok", "check"),
}
"""Its word, colour and icon."""
GROUPS: tuple[tuple[frozenset[Role], Any, Any], ...] = (
    (frozenset({Role.PARTICIPANT}), _l("Participants"), ""),
    (frozenset({Role.PROJECT_LEADER}), _l("Project leaders"), ""),
    (
        frozenset({Role.COLLEGE, Role.COLLEGE_ADMINISTRATION}),
        _l("The college"),
        _l("These people see all cohorts of the college. The college decides about its own people."),
    ),
    (
        frozenset({Role.SUPERVISOR}),
        _l("Supervisors"),
        _l("They confirm hours by the link in their mail. An account is not needed, but it may be handy."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody on the list; ``invite`` is the word of the button that mails them, ``move`` of the one that lets another
    address in. Each form has a key of its own.
    """

    key: str
    name: str
    under: str
    since: str
    state: Any
    state_class: str
    state_icon: str
    mails: Any = ""
    move: str = ""
    warning: str = ""
    withdraw_href: str = ""
    form_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people of one party."""

    id: str
    title: Any
    note: Any
    rows: tuple[PersonRow, ...]
    is_folded: bool
    """Whether it opens by a click: a long list that asks for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPicture:
    """The page of who has access to a cohort."""

    cohort_code: str
    cohort_name: str
    title: str
    invite_all: str
    can_pick: bool
    groups: tuple[Group, ...]
    roles: Choices
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A mail before it goes; ``whom`` says who would get it."""

    title: str
    subject: str
    paragraphs: tuple[tuple[str, ...], ...]
    whom: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPicture:
    """The page before several people are mailed."""

    cohort_code: str
    cohort_name: str
    title: str
    previews: tuple[Preview, ...]
    people: tuple[str, ...]
    send: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePicture:
    """The page before a role is taken back."""

    title: str
    says: str
    button: str
    back_href: str
    back: str
    action_href: str


def access_picture(
    access: AccessList, gives: Iterable[Role], withdraws: Callable[[Person], bool], today: date
) -> AccessPicture:
    """Everyone of a cohort by party; ``gives`` and ``withdraws`` say which role the reader may give, and whose take back."""
    waiting = sum(
        person.is_expected and person.role is Role.PARTICIPANT and person.presence is not Presence.IN
        for person in access.people
    )
    name = access.cohort.name
    uninvited = len(access.not_invited)
    groups = tuple(_groups(access, withdraws, today))
    return AccessPicture(
        cohort_code=access.cohort.code,
        cohort_name=name,
        title=ngettext(
            "%(cohort)s: %(num)s participant has not come in yet",
            "%(cohort)s: %(num)s participants have not come in yet",
            waiting,
            cohort=name,
        )
        if waiting
        else _("%(cohort)s: every participant has come in", cohort=name)
        if any(person.role is Role.PARTICIPANT for person in access.people)
        else _("%(cohort)s: no participants yet", cohort=name),
        invite_all=ngettext(
            "Invite the one who was not invited yet", "Invite all %(num)s who were not invited yet", uninvited
        )
        if uninvited
        else "",
        can_pick=any(row.mails for group in groups for row in group.rows),
        groups=groups,
        roles=tuple((role.value, NAMES[role]) for role in gives),
        key=new_key(),
    )


def confirm_picture(plan: InvitationPlan) -> ConfirmPicture:
    """Whom a plan would mail what."""
    mails = len(plan.people)
    return ConfirmPicture(
        cohort_code=plan.cohort.code,
        cohort_name=plan.cohort.name,
        title=ngettext("Send %(num)s mail", "Send %(num)s mails", mails) if mails else _("Nobody to invite"),
        previews=tuple(map(_preview, plan.mails)),
        people=tuple(person.key for person in plan.people),
        send=ngettext("Send the mail", "Send all %(num)s mails", mails),
        key=new_key(),
    )


def withdrawal_picture(withdrawal: Withdrawal) -> TakePicture:
    """What taking back a role of a cohort does."""
    person, code = withdrawal.person, withdrawal.cohort.code
    return take_picture(
        name=person.name,
        role=NAMES[person.role],
        where=withdrawal.cohort.college or "" if person.role is Role.COLLEGE else withdrawal.cohort.name,
        back=(url_for("invitations.of_cohort", cohort_code=code), withdrawal.cohort.name),
        action_href=url_for("invitations.withdraw", cohort_code=code, grant_id=person.grant_id),
    )


def take_picture(*, name: str, role: Any, where: str, back: tuple[str, str], action_href: str) -> TakePicture:
    """What taking back any role does; ``back`` is where one goes instead, and its name."""
    return TakePicture(
        title=_("Withdraw the access of %(name)s", name=name),
        says=_("%(name)s is no longer: %(role)s, %(where)s.", name=name, role=role, where=where)
        if where
        else _("%(name)s is no longer: %(role)s.", name=name, role=role),
        button=_("Withdraw the access"),
        back_href=back[0],
        back=back[1],
        action_href=action_href,
    )


def invited_text(invited: Invited) -> str:
    """What was just sent."""
    first = ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", invited.first_time)
    again = ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", invited.again)
    said = [text for text, count in ((first, invited.first_time), (again, invited.again)) if count]
    return " ".join(said) or _("Nobody had to be mailed any more.")


def not_in_text(people: int) -> str:
    """For the head of a board: how many have not come in yet, nothing when all have."""
    return ngettext("%(num)s not in yet", "%(num)s not in yet", people) if people else ""


def uninvited_links(uninvited: Iterable[Uninvited]) -> tuple[tuple[str, str], ...]:
    """Where to invite who just came in by a file: address and words, by cohort."""
    return tuple(
        (
            url_for("invitations.confirm", cohort_code=each.code, allen="ja"),
            ngettext(
                "Invite %(num)s participant of %(cohort)s",
                "Invite %(num)s participants of %(cohort)s",
                each.people,
                cohort=each.name,
            ),
        )
        for each in uninvited
    )


def since_text(invited: Any, first: Any, last: Any, today: date) -> str:
    """When somebody was invited, first came in and was here last; moments may be None."""
    said = [
        text % {"date": formats.day_short_dated(at.astimezone(AMSTERDAM).date(), today)}
        for at, text in (
            (invited, _("invited %(date)s")),
            (first, _("first in %(date)s")),
            (last, _("last in %(date)s")),
        )
        if at is not None
    ]
    return ", ".join(said)


def _groups(access: AccessList, withdraws: Callable[[Person], bool], today: date) -> Iterable[Group]:
    for roles, title, note in GROUPS:
        people = [person for person in access.people if person.role in roles]
        rows = tuple(_row(person, access, withdraws(person), today) for person in people)
        if rows:
            yield Group(
                id=f"party-{min(roles)}",
                title=f"{title} ({len(rows)})",
                note=note,
                rows=rows,
                is_folded=roles == {Role.SUPERVISOR},
            )


def _row(person: Person, access: AccessList, may_withdraw: bool, today: date) -> PersonRow:
    state, kind, icon = STATES[person.presence]
    mails: Any = ""
    if person.can_be_invited:
        mails = _("Remind") if person.presence is Presence.INVITED else _("Invite")
    shown = () if person.name == person.email else (person.email,)
    office = (NAMES[person.role],) if person.role is Role.COLLEGE_ADMINISTRATION else ()
    return PersonRow(
        key=person.key,
        name=person.name,
        under=" · ".join(map(str, (*office, *person.details, *shown))),
        since=since_text(person.invited_at, person.first_signed_in_at, person.last_signed_in_at, today),
        state=state,
        state_class=kind,
        state_icon=icon,
        mails=mails,
        move=_("Let %(email)s in instead", email=person.address) if person.has_other_address else "",
        warning=_("The account has another address than the cohort: %(email)s.", email=person.address)
        if person.has_other_address
        else "",
        withdraw_href=url_for("invitations.withdrawal", cohort_code=access.cohort.code, grant_id=person.grant_id)
        if may_withdraw
        else "",
        form_key=new_key(),
    )


def _preview(mail: PlannedMail) -> Preview:
    body = mail.text.body.replace(SECRET_LINK, _("(here is a link that works for the addressee alone)"))
    kind = _("Reminder") if mail.presence is Presence.INVITED else _("Invitation")
    return Preview(
        title=_("%(kind)s to: %(role)s (%(num)s)", kind=kind, role=NAMES[mail.role], num=len(mail.people)),
        subject=mail.text.subject,
        paragraphs=tuple(tuple(part.splitlines()) for part in body.strip().split("\n\n")),
        whom=tuple((person.name, person.email if person.email != person.name else "") for person in mail.people),
    )
