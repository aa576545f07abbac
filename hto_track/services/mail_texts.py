"""What mails say that belong to no feature of their own: one question and one button each, in Dutch (letters.py)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track import formats
from hto_track.rules.retention import DataKind
from hto_track.services.letters import (
    LANGUAGE,
    SECRET_CODE,
    SECRET_LINK,
    Button,
    MailText,
    address_of,
    greeting,
    in_its_language,
    letter,
)
from hto_track.services.views import CohortSummary, Member

__all__ = ["LANGUAGE", "SECRET_CODE", "SECRET_LINK", "MailText", "greeting"]

PARTICIPANTS_PAGE, RETENTION_PAGE, OWN_WORK_PAGE = "/deelnemers", "/beheer/bewaartermijnen", "/opdrachten"
"""Where the links of mails lead; a test holds them to the table of pages."""


@dataclass(frozen=True, slots=True)
class WaitingHours:
    """Hours that wait for one supervisor: date and minutes of each entry."""

    supervisor_name: str | None
    entries: tuple[tuple[date, int], ...]


@in_its_language
def hours_to_confirm(member: Member, hours: WaitingHours, until: date) -> MailText:
    """To a supervisor: hours of a participant that wait for them, just logged or for weeks. The link works to ``until``."""
    total = formats.hours(sum(minutes for _on, minutes in hours.entries))
    lines = "\n".join(f"- {formats.day(on)}: {formats.hours(minutes)}" for on, minutes in hours.entries)
    return MailText(
        subject=_("Confirm %(hours)s of internship of %(name)s", hours=total, name=member.given_name),
        body=letter(
            greeting(hours.supervisor_name),
            ngettext(
                "%(name)s logged %(hours)s at your school in one visit:",
                "%(name)s logged %(hours)s at your school in %(num)d visits:",
                len(hours.entries),
                name=member.name,
                hours=total,
            )
            + "\n"
            + lines,
            question=_("Is this right? Nothing is confirmed until you press the button on the page."),
            button=Button(label=_("Look and confirm"), address=SECRET_LINK),
            after=(_("You need no account. The link works until %(date)s.", date=formats.day_year(until)),),
        ),
    )


@in_its_language
def assessed(member: Member, titles: Sequence[str]) -> MailText:
    """To a participant: these assignments were assessed. What came of it they read where they are signed in."""
    what = titles[0] if len(titles) == 1 else ""
    return MailText(
        subject=ngettext(
            "Your assignment %(title)s was assessed",
            "%(num)d of your assignments were assessed",
            len(titles),
            title=what,
        ),
        body=letter(
            greeting(member.given_name),
            ngettext(
                "The college looked at your work and wrote down what it found.",
                "The college looked at your work and wrote down what it found:",
                len(titles),
            )
            + ("" if len(titles) == 1 else "\n" + "\n".join(f"- {title}" for title in titles)),
            question=_("Do you want to read it?"),
            button=Button(label=_("Read what was found"), address=address_of(OWN_WORK_PAGE)),
        ),
    )


@in_its_language
def absent_in_a_row(name: str, participant_code: str, cohort: CohortSummary, dates: Sequence[date]) -> MailText:
    """To a project leader: somebody was absent without word, on ``dates``, the lessons held last."""
    lines = "\n".join(f"- {formats.day(on)}" for on in dates)
    said = {"name": name, "number": len(dates)}
    return MailText(
        subject=_("%(name)s was absent %(number)s times in a row without word", **said),
        body=letter(
            greeting(None),
            _(
                "%(name)s of %(cohort)s did not come to these lessons, and did not say so:",
                name=name,
                cohort=cohort.name,
            )
            + "\n"
            + lines,
            question=_("Will you call this week to ask how it goes?"),
            button=Button(label=_("To the page of %(name)s", name=name), address=page_of(participant_code)),
        ),
    )


@in_its_language
def sign_in(name: str, lasts: timedelta) -> MailText:
    """To somebody who asked to sign in: a link and a code, each works once."""
    return MailText(
        subject=_("Signing in to HTO Track"),
        body=letter(
            greeting(name),
            _(
                "With this link you sign in. It works once, for %(minutes)s minutes.",
                minutes=int(lasts.total_seconds()) // 60,
            ),
            question=_("Do you want to sign in?"),
            button=Button(label=_("Sign in"), address=SECRET_LINK),
            after=(
                _("Or type this code where you asked for it:"),
                SECRET_CODE,
                _("If you did not ask for this, do nothing: nobody gets in without this mail."),
            ),
        ),
    )


@in_its_language
def shared_load(name: str, given_name: str, lasts: timedelta) -> MailText:
    """To an employer: that somebody shares their load, what that is, and the link to it."""
    return MailText(
        subject=_("%(name)s shares the load of the training with you", name=name),
        body=letter(
            greeting(None),
            _(
                "%(name)s follows a training beside the job, and shares with you: the expected load a week, the room for it,"
                " and the next busy week.",
                name=name,
            ),
            _(
                "You see nothing else: no attendance and no results. %(name)s can stop sharing at any moment.",
                name=given_name,
            ),
            ngettext(
                "With this link you sign in; you need no password. It works once, for %(num)d day.",
                "With this link you sign in; you need no password. It works once, for %(num)d days.",
                lasts.days,
            ),
            question=_("Do you want to see it?"),
            button=Button(label=_("See the load"), address=SECRET_LINK),
            after=(_("If you do not know %(name)s, you can ignore this mail.", name=name),),
        ),
    )


@in_its_language
def retention_announced(name: str, announced: Mapping[DataKind, int], due_on: date) -> MailText:
    """To an administrator: what goes on ``due_on`` because its time is over; counts are of people, of mails of 1."""
    lines = "\n".join(f"- {words(announced[kind])}" for kind, words in _GOES.items() if announced.get(kind))
    return MailText(
        subject=_("On %(date)s old data will go", date=formats.day_year(due_on)),
        body=letter(
            greeting(name),
            _("The time that we keep these data is over. This goes on %(date)s:", date=formats.day_year(due_on))
            + "\n"
            + lines,
            question=_("Must something stay? Then say so on this page before that day."),
            button=Button(label=_("See what will go"), address=address_of(RETENTION_PAGE)),
        ),
    )


_GOES: dict[DataKind, Callable[[int], str]] = {
    DataKind.APPLICATIONS: lambda number: ngettext(
        "the data of %(num)s applicant", "the data of %(num)s applicants", number
    ),
    DataKind.LOGS: lambda number: ngettext(
        "the notes about %(num)s participant", "the notes about %(num)s participants", number
    ),
    DataKind.AGREEMENTS: lambda number: ngettext(
        "who supervised %(num)s participant", "who supervised %(num)s participants", number
    ),
    DataKind.RESULTS: lambda number: ngettext(
        "all names of %(num)s participant", "all names of %(num)s participants", number
    ),
    DataKind.MAILS: lambda _number: _("the texts of old mails"),
    DataKind.READINGS: lambda _number: _("who looked at whom, long ago"),
}


def page_of(participant_code: str) -> str:
    """The address of the page of somebody who takes part, for who guides them."""
    return address_of(f"{PARTICIPANTS_PAGE}/{quote(participant_code, safe='')}")
