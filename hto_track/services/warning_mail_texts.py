"""What mails about warnings say: at opening and escalation, every week, and that somebody wants to be called."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track import formats
from hto_track.rules.coming_weeks import ComingWeeks
from hto_track.rules.load import Week
from hto_track.rules.warnings import Change, Level
from hto_track.services.letters import Button, MailText, address_of, greeting, in_its_language, letter
from hto_track.services.mail_texts import page_of
from hto_track.services.views import CohortSummary, Member, WarningInForce
from hto_track.services.warning_texts import Titles, headline, in_three

PATH_PAGE, COHORTS_PAGE, SIGN_IN_PAGE, SHARED_PAGE = "/mijn-traject", "/groepen", "/sign-in", "/gedeeld"
WHY_PAGE = "/deelnemers/{participant}/waarschuwingen/{warning}"
"""Where the links lead; a test holds them to the table of pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortNews:
    """A cohort for its leader: who needs attention now, with what; how many soon; who asks for a call; requests that wait."""

    cohort: CohortSummary
    titles: Titles
    now: tuple[tuple[Member, tuple[WarningInForce, ...]], ...]
    soon: int
    call: tuple[Member, ...] = ()
    requests: int = 0


@in_its_language
def warning_news(
    _cohort: CohortSummary, member: Member, warning: WarningInForce, change: Change, titles: Titles
) -> MailText:
    """To a participant: a warning opened or escalated."""
    return MailText(
        subject=headline(warning, titles),
        body=letter(
            greeting(member.given_name),
            _opening(change),
            in_three(warning, titles),
            question=_("Does this still fit? You can answer on the page of this warning."),
            button=Button(label=_("Look and answer"), address=why_address(member.code, warning.id)),
        ),
    )


@in_its_language
def warning_news_without_account(
    cohort: CohortSummary, member: Member, warning: WarningInForce, change: Change, titles: Titles
) -> MailText:
    """The same to a participant whom nobody gave access yet: they answer their project leader."""
    return MailText(
        subject=headline(warning, titles),
        body=letter(
            greeting(member.given_name),
            _opening(change),
            in_three(warning, titles),
            question=_("Does this still fit? You have no access to HTO Track yet: answer your project leader."),
            button=_to_leader(cohort),
        ),
    )


def _opening(change: Change) -> str:
    said: str = (
        _("This has become more urgent since we last wrote to you.")
        if change is Change.ESCALATED
        else _("We noticed something in your training that is better dealt with now than later.")
    )
    return said


def _to_leader(cohort: CohortSummary) -> Button:
    if cohort.leader_email:
        return Button(label=_("Mail your project leader"), address=f"mailto:{cohort.leader_email}")
    return Button(label=_("To HTO Track"), address=address_of(SIGN_IN_PAGE))


@in_its_language
def participant_digest(
    cohort: CohortSummary,
    member: Member,
    coming: ComingWeeks,
    capacity: int,
    warnings: Sequence[WarningInForce],
    titles: Titles,
) -> MailText:
    """To a participant on Sunday: the week to come, the heaviest one, and everything that stands open, most urgent first."""
    return _digest(
        member,
        coming,
        capacity,
        warnings,
        titles,
        _("Does the coming week fit? On your page you see what can move."),
        Button(label=_("To my weeks"), address=address_of(PATH_PAGE)),
    )


@in_its_language
def participant_digest_without_account(
    cohort: CohortSummary,
    member: Member,
    coming: ComingWeeks,
    capacity: int,
    warnings: Sequence[WarningInForce],
    titles: Titles,
) -> MailText:
    """The same to a participant whom nobody gave access yet."""
    question = _("Does the coming week fit? You have no access to HTO Track yet: answer your project leader.")
    return _digest(member, coming, capacity, warnings, titles, question, _to_leader(cohort))


def _digest(
    member: Member,
    coming: ComingWeeks,
    capacity: int,
    warnings: Sequence[WarningInForce],
    titles: Titles,
    question: str,
    button: Button,
) -> MailText:
    first, *others = sorted(warnings, key=lambda warning: warning.level is not Level.RED)
    fact = headline(first, titles)
    return MailText(
        subject=ngettext(
            "Your week: %(fact)s, and %(num)d thing more",
            "Your week: %(fact)s, and %(num)d things more",
            len(others),
            fact=fact,
        )
        if others
        else _("Your week: %(fact)s", fact=fact),
        body=letter(
            greeting(member.given_name),
            "\n".join((_("Before the new week begins, this is what stands open."), *_weeks(coming, capacity))),
            *(in_three(warning, titles) for warning in (first, *others)),
            question=question,
            button=button,
        ),
    )


def _weeks(coming: ComingWeeks, capacity: int) -> list[str]:
    room = formats.hours(capacity, 1)
    lines = []
    if coming.next_week is not None:
        lines.append(
            _("Next week: %(hours)s of study. Your room is %(room)s.", hours=_study(coming.next_week), room=room)
        )
    if coming.heaviest is not None:
        number = coming.heaviest.monday.isocalendar().week
        lines.append(
            _("The heaviest week to come is week %(week)s: %(hours)s.", week=number, hours=_study(coming.heaviest))
        )
    return lines


def _study(week: Week) -> str:
    return formats.hours(week.study, 1)


@in_its_language
def leader_digest(cohorts: Sequence[CohortNews]) -> MailText:
    """To a project leader on Monday: their cohorts, in each who needs attention now, and who asked for something."""
    now = sum(len(news.now) for news in cohorts)
    return MailText(
        subject=ngettext("%(num)d participant needs attention now", "%(num)d participants need attention now", now)
        if now
        else _("Nobody needs attention now"),
        body=letter(
            greeting(None),
            *map(_cohort_paragraph, cohorts),
            question=_("Whom will you call this week?") if now else _("Do you want to see how your cohorts go on?"),
            button=Button(label=_("To your cohorts"), address=address_of(COHORTS_PAGE)),
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
        f"- {member.name}: {'; '.join(headline(warning, news.titles) for warning in warnings)}"
        for member, warnings in news.now
    ]
    if news.call:
        lines.append(_("Asks to be called: %(names)s.", names=", ".join(map(_with_phone, news.call))))
    if news.requests:
        lines.append(
            ngettext("%(num)s request waits for an answer.", "%(num)s requests wait for an answer.", news.requests)
        )
    return "\n".join((head, *lines))


def _with_phone(member: Member) -> str:
    return f"{member.name} ({member.phone})" if member.phone else member.name


@in_its_language
def call_me(
    cohort: CohortSummary, member: Member, warning: WarningInForce, note: str | None, titles: Titles
) -> MailText:
    """To a project leader: a participant answered a warning with "call me"."""
    lines = [_("About: %(what)s", what=headline(warning, titles))]
    lines += [_("%(name)s writes: %(note)s", name=member.given_name, note=" ".join(note.split()))] if note else []
    lines += [_("Phone: %(number)s", number=member.phone)] if member.phone else []
    return MailText(
        subject=_("%(name)s asks you to call", name=member.name),
        body=letter(
            greeting(None),
            _("%(name)s of %(cohort)s got a warning and asks you to call.", name=member.name, cohort=cohort.name),
            "\n".join(lines),
            question=_("When will you call?"),
            button=Button(label=_("To the page of %(name)s", name=member.given_name), address=page_of(member.code)),
        ),
    )


def why_address(participant_code: str, warning_id: int) -> str:
    """The address of the page that says why a warning stands."""
    return address_of(WHY_PAGE.format(participant=quote(participant_code, safe=""), warning=warning_id))


@in_its_language
def shared_overload(name: str, given_name: str, week: Week, room: int) -> MailText:
    """To an employer with whom a load is shared: which week is full, and one thing to talk about. Nothing else."""
    number = week.monday.isocalendar().week
    return MailText(
        subject=_("Week %(week)s is full for %(name)s", week=number, name=given_name),
        body=letter(
            greeting(None),
            _("%(name)s shares the load of the training with you.", name=name),
            _(
                "In the week of %(day)s (week %(week)s) %(hours)s of study are planned, for a room of %(room)s.",
                day=formats.day_plain(week.monday),
                week=number,
                hours=_study(week),
                room=formats.hours(room, 1),
            ),
            question=_("Can there be an evening less in week %(week)s? Talk about it together.", week=number),
            button=Button(label=_("See the load"), address=address_of(SHARED_PAGE)),
        ),
    )
