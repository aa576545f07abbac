"""What mails say: text with one question and one link, the fact in the subject, in Dutch (UX.md section 6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import ParamSpec
from urllib.parse import quote

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from hto_track import formats
from hto_track.config import Settings
from hto_track.rules.retention import DataKind
from hto_track.rules.warnings import Change, Level
from hto_track.services import warning_texts
from hto_track.services.views import CohortSummary, Member, WarningInForce

P = ParamSpec("P")
LANGUAGE = "nl"
"""Of every mail: nobody has told us another yet."""
PATH_PAGE, COHORTS_PAGE, PARTICIPANTS_PAGE = "/mijn-traject", "/groepen", "/deelnemers"
"""Where the links of mails lead; a test holds them to the table of pages."""
RETENTION_PAGE = "/beheer/bewaartermijnen"
OWN_WORK_PAGE = "/opdrachten"
SECRET_LINK, SECRET_CODE = "[[link]]", "[[code]]"
"""Where the outbox puts what is for the addressee alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """What stands in a mail."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class WaitingHours:
    """Hours that wait for one supervisor: date and minutes of each entry."""

    supervisor_name: str | None
    entries: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortNews:
    """A cohort for its leader: who needs attention now, with what, and how many soon."""

    cohort: CohortSummary
    now: tuple[tuple[Member, tuple[WarningInForce, ...]], ...]
    soon: int


def _in_its_language(text: Callable[P, MailText]) -> Callable[P, MailText]:
    @wraps(text)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> MailText:
        with force_locale(LANGUAGE):
            return text(*args, **kwargs)

    return spoken


def greeting(name: str | None) -> str:
    """How every mail begins: with the name that somebody is known by, the given name of who takes part.

    An address is no name to be called by.
    """
    said: str = _("Hello %(name)s,", name=name) if name and "@" not in name else _("Hello,")
    return said


@_in_its_language
def warning_news(member: Member, warning: WarningInForce, change: Change) -> MailText:
    """To a participant: a warning opened or escalated."""
    opening = (
        _("This has become more urgent since we last wrote to you.")
        if change is Change.ESCALATED
        else _("We noticed something in your training that is better dealt with now than later.")
    )
    return MailText(
        subject=warning_texts.headline(warning),
        body=_letter(
            greeting(member.given_name),
            opening,
            _about(warning),
            _("Does this still fit? Have a look at your weeks, and talk to your project leader if it does not."),
            _address(PATH_PAGE),
        ),
    )


@_in_its_language
def hours_to_confirm(member: Member, hours: WaitingHours, until: date) -> MailText:
    """To a supervisor: hours of a participant that wait for them, just logged or for weeks. The link works to ``until``."""
    total = formats.hours(sum(minutes for _on, minutes in hours.entries))
    lines = "\n".join(f"- {formats.day(on)}: {formats.hours(minutes)}" for on, minutes in hours.entries)
    return MailText(
        subject=_("Confirm %(hours)s of internship of %(name)s", hours=total, name=member.given_name),
        body=_letter(
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
            _("Is this right? Nothing is confirmed until you press the button on the page."),
            SECRET_LINK,
            _("You need no account. The link works until %(date)s.", date=formats.day_year(until)),
        ),
    )


@_in_its_language
def participant_digest(member: Member, warnings: Sequence[WarningInForce]) -> MailText:
    """To a participant on Sunday: everything that stands open, the most urgent first."""
    first, *others = sorted(warnings, key=lambda warning: warning.level is not Level.RED)
    fact = warning_texts.headline(first)
    return MailText(
        subject=ngettext(
            "Your week: %(fact)s, and %(num)d thing more",
            "Your week: %(fact)s, and %(num)d things more",
            len(others),
            fact=fact,
        )
        if others
        else _("Your week: %(fact)s", fact=fact),
        body=_letter(
            greeting(member.given_name),
            _("Before the new week begins, this is what stands open."),
            *map(_about, (first, *others)),
            _("Does the coming week fit? On your page you see what can move."),
            _address(PATH_PAGE),
        ),
    )


@_in_its_language
def leader_digest(cohorts: Sequence[CohortNews]) -> MailText:
    """To a project leader on Monday: their cohorts, and in each who needs attention now."""
    now = sum(len(news.now) for news in cohorts)
    return MailText(
        subject=ngettext("%(num)d participant needs attention now", "%(num)d participants need attention now", now)
        if now
        else _("Nobody needs attention now"),
        body=_letter(
            greeting(None),
            *map(_cohort_paragraph, cohorts),
            _("Whom will you call this week?") if now else _("Everyone can go on as they do."),
            _address(COHORTS_PAGE),
        ),
    )


def _cohort_paragraph(news: CohortNews) -> str:
    head = ngettext(
        "%(cohort)s: %(num)d participant now, %(soon)s soon.",
        "%(cohort)s: %(num)d participants now, %(soon)s soon.",
        len(news.now),
        cohort=news.cohort.name,
        soon=news.soon,
    )
    lines = [
        f"- {member.name}: {'; '.join(warning_texts.headline(warning) for warning in warnings)}"
        for member, warnings in news.now
    ]
    return "\n".join((head, *lines))


def _about(warning: WarningInForce) -> str:
    parts = (warning_texts.headline(warning), warning_texts.explanation(warning), warning_texts.way_out(warning))
    return "\n".join(part for part in parts if part)


@_in_its_language
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
        body=_letter(
            greeting(member.given_name),
            ngettext(
                "The college looked at your work and wrote down what it found.",
                "The college looked at your work and wrote down what it found:",
                len(titles),
            )
            + ("" if len(titles) == 1 else "\n" + "\n".join(f"- {title}" for title in titles)),
            _("Sign in to read it."),
            _address(OWN_WORK_PAGE),
        ),
    )


@_in_its_language
def absent_in_a_row(name: str, participant_code: str, cohort: CohortSummary, dates: Sequence[date]) -> MailText:
    """To a project leader: somebody was absent without word, on ``dates``, the lessons held last."""
    lines = "\n".join(f"- {formats.day(on)}" for on in dates)
    said = {"name": name, "number": len(dates)}
    return MailText(
        subject=_("%(name)s was absent %(number)s times in a row without word", **said),
        body=_letter(
            greeting(None),
            _(
                "%(name)s of %(cohort)s did not come to these lessons, and did not say so:",
                name=name,
                cohort=cohort.name,
            )
            + "\n"
            + lines,
            _("Will you call this week to ask how it goes?"),
            _address(f"{PARTICIPANTS_PAGE}/{quote(participant_code, safe='')}"),
        ),
    )


@_in_its_language
def sign_in(name: str, lasts: timedelta) -> MailText:
    """To somebody who asked to sign in: a link and a code, each works once."""
    return MailText(
        subject=_("Signing in to HTO Track"),
        body=_letter(
            greeting(name),
            _(
                "With this link you sign in. It works once, for %(minutes)s minutes.",
                minutes=int(lasts.total_seconds()) // 60,
            ),
            SECRET_LINK,
            _("Or type this code where you asked for it:"),
            SECRET_CODE,
            _("Did you not ask for this? Then do nothing: nobody gets in without this mail."),
        ),
    )


@_in_its_language
def shared_load(name: str, given_name: str, lasts: timedelta) -> MailText:
    """To an employer: that somebody shares their load, what that is, and the link to it."""
    return MailText(
        subject=_("%(name)s shares the load of the training with you", name=name),
        body=_letter(
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
            SECRET_LINK,
            _("Do you not know %(name)s? Then you can ignore this mail.", name=name),
        ),
    )


@_in_its_language
def retention_announced(name: str, announced: Mapping[DataKind, int], due_on: date) -> MailText:
    """To an administrator: what goes on ``due_on`` because its time is over; counts are of people, of mails of 1."""
    lines = "\n".join(f"- {words(announced[kind])}" for kind, words in _GOES.items() if announced.get(kind))
    return MailText(
        subject=_("On %(date)s old data will go", date=formats.day_year(due_on)),
        body=_letter(
            greeting(name),
            _("The time that we keep these data is over. This goes on %(date)s:", date=formats.day_year(due_on))
            + "\n"
            + lines,
            _("Must something stay? Then say so on this page before that day."),
            _address(RETENTION_PAGE),
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


def _address(path: str) -> str:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings.base_url + path


def _letter(*paragraphs: str) -> str:
    return "\n\n".join((*paragraphs, "HTO Track")) + "\n"
