"""What an invitation says: who invites, for which cohort, what one does there, and that no password is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from hto_track.models.accounts import Role
from hto_track.services.letters import LANGUAGE, SECRET_LINK, Button, MailText, greeting, letter
from hto_track.services.policy import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Why somebody is invited: by whom, as what, and where the role holds (a cohort, a college, a programme, a route).

    ``name`` is what they are known by.
    """

    name: str
    by: Actor
    role: Role
    where: str = ""
    cohort: str = ""
    """By name; empty for a role outside cohorts."""


def invitation(welcome: Welcome, lasts: timedelta) -> MailText:
    """To somebody who got a role: the link with which they sign in."""
    with force_locale(LANGUAGE):
        return MailText(
            subject=_("Your invitation to HTO Track: %(cohort)s", cohort=welcome.cohort)
            if welcome.cohort
            else _("Your invitation to HTO Track"),
            body=_letter(welcome, _first_time(welcome), lasts),
        )


def reminder(welcome: Welcome, lasts: timedelta) -> MailText:
    """To somebody who was invited and has not come in: a new link, instead of the one before."""
    with force_locale(LANGUAGE):
        return MailText(
            subject=_("Reminder: your invitation to HTO Track for %(cohort)s", cohort=welcome.cohort)
            if welcome.cohort
            else _("Reminder: your invitation to HTO Track"),
            body=_letter(
                welcome,
                _("You were invited to HTO Track and have not signed in yet. This link replaces the one before."),
                lasts,
            ),
        )


def _first_time(welcome: Welcome) -> str:
    by = _("The administrator") if welcome.by.is_console else welcome.by.name
    said: str = (
        _("%(name)s invites you to HTO Track, for %(cohort)s.", name=by, cohort=welcome.cohort)
        if welcome.cohort
        else _("%(name)s invites you to HTO Track.", name=by)
    )
    return said


_PURPOSES: dict[Role, Callable[[str], str]] = {
    Role.ADMINISTRATOR: lambda where: _("You look after the installation: accounts, jobs and mail."),
    Role.PROJECT_LEADER: lambda where: _("You lead %(where)s: you see who needs attention, and why.", where=where),
    Role.COLLEGE: lambda where: _("You teach at %(where)s: you record attendance and assess assignments.", where=where),
    Role.COLLEGE_ADMINISTRATION: lambda where: _(
        "You are of the administration of %(where)s: attendance, diplomas and the accounts of colleagues.", where=where
    ),
    Role.PARTICIPANT: lambda where: _(
        "You take part in %(where)s: you see what each week asks of you, and what is still to do.", where=where
    ),
    Role.SUPERVISOR: lambda where: _("You supervise an internship: you confirm the hours."),
    Role.EMPLOYER: lambda where: _("You see what an employee shares with you about the load."),
    Role.EXAMINATION_BOARD: lambda where: _("You judge requests for exemption: %(where)s.", where=where),
    Role.OBSERVER: lambda where: _("You see the figures of %(where)s, without names.", where=where),
}


def _letter(welcome: Welcome, why: str, lasts: timedelta) -> str:
    return letter(
        greeting(welcome.name),
        f"{why} {_PURPOSES[welcome.role](welcome.where)}",
        ngettext(
            "With this link you sign in; you need no password. It works once, for %(num)d day.",
            "With this link you sign in; you need no password. It works once, for %(num)d days.",
            lasts.days,
        ),
        question=_("Will you come in?"),
        button=Button(label=_("Come in"), address=SECRET_LINK),
        after=(_("If it is not for you, you can ignore this mail."),),
    )
