"""How long data are kept, what was announced and what went, in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track import formats
from hto_track.rules.retention import DataKind, Period
from hto_track.services.retention import Notice, RetentionOverview

KINDS: dict[DataKind, tuple[Any, Any]] = {
    DataKind.APPLICATIONS: (
        _l("Applications"),
        _l("Of who applied and did not take part, counted from the start of the cohort. Then all names go."),
    ),
    DataKind.LOGS: (
        _l("Notes"),
        _l("What people wrote with hours, study, pauses and warnings, counted from the last day."),
    ),
    DataKind.AGREEMENTS: (_l("Supervision"), _l("Who supervised at the school, counted from the last day.")),
    DataKind.RESULTS: (
        _l("Results by name"),
        _l("Counted from the last day. Then all names go, and only the figures and the register of diplomas stay."),
    ),
    DataKind.MAILS: (_l("Texts of mails"), _l("Counted from the mail.")),
    DataKind.READINGS: (_l("Who looked at whom"), _l("Counted from the look.")),
    DataKind.SIGN_IN: (
        _l("Signing in"),
        _l("Old links, sessions and counts of attempts. They go without an announcement: nobody can need them."),
    ),
}

UNITS: dict[str, Callable[[int], str]] = {
    "y": lambda number: ngettext("%(num)d year", "%(num)d years", number),
    "m": lambda number: ngettext("%(num)d month", "%(num)d months", number),
    "d": lambda number: ngettext("%(num)d day", "%(num)d days", number),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLine:
    """A kind and how long it is kept."""

    title: Any
    explanation: Any
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """What goes, or is kept, of one person or of everyone."""

    href: str
    title: str
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGroup:
    """What goes of one kind on one day."""

    title: str
    when: str
    lines: tuple[NoticeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPage:
    """The page; its title says whether something is about to go."""

    title: str
    kinds: tuple[KindLine, ...]
    announced: tuple[NoticeGroup, ...]
    held: tuple[NoticeLine, ...]
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """One announcement, with what can be done about it."""

    id: int
    title: str
    explanation: Any
    when: str
    held: str
    person: str | None


def retention_page(overview: RetentionOverview) -> RetentionPage:
    """The page of retention."""
    count = len(overview.announced)
    return RetentionPage(
        title=ngettext("Data will go soon: %(num)s announcement", "Data will go soon: %(num)s announcements", count)
        if count
        else _("Nothing is about to go"),
        kinds=tuple(
            KindLine(title=title, explanation=explanation, period=period_in_words(overview.periods.of(kind)))
            for kind, (title, explanation) in KINDS.items()
        ),
        announced=tuple(_groups(overview)),
        held=tuple(map(_held, overview.held)),
        done=tuple(_done(overview.done)),
    )


def notice_page(notice: Notice) -> NoticePage:
    """The page of one announcement."""
    return NoticePage(
        id=notice.id,
        title=_title(notice),
        explanation=KINDS[notice.kind][1],
        when=_(
            "Announced on %(announced)s, goes on %(due)s.", announced=_on(notice.announced_on), due=_on(notice.due_on)
        ),
        held=_("Kept since %(date)s: %(reason)s", date=_on(notice.held_on), reason=notice.held_reason)
        if notice.held_on
        else "",
        person=notice.person,
    )


def period_in_words(period: Period) -> str:
    """``2 jaar``."""
    return UNITS[period.unit](period.number).replace(" ", formats.NBSP)


def _groups(overview: RetentionOverview) -> Iterable[NoticeGroup]:
    groups: defaultdict[tuple[date, DataKind], list[Notice]] = defaultdict(list)
    for notice in overview.announced:
        groups[notice.due_on, notice.kind].append(notice)
    for (due_on, kind), notices in groups.items():
        yield NoticeGroup(
            title=str(KINDS[kind][0]),
            when=_(
                "announced on %(announced)s, go on %(due)s", announced=_on(notices[0].announced_on), due=_on(due_on)
            ),
            lines=tuple(
                NoticeLine(href=_href(notice), title=_whose(notice, overview), details="") for notice in notices
            ),
        )


def _held(notice: Notice) -> NoticeLine:
    reason = _("kept since %(date)s: %(reason)s", date=_on(notice.held_on), reason=notice.held_reason)
    return NoticeLine(href=_href(notice), title=_title(notice), details=reason)


def _title(notice: Notice) -> str:
    kind = KINDS[notice.kind][0]
    return _("%(kind)s of %(person)s", kind=kind, person=notice.person) if notice.person else str(kind)


def _href(notice: Notice) -> str:
    return url_for("retention.notice", notice_id=notice.id)


def _whose(notice: Notice, overview: RetentionOverview) -> str:
    if notice.person is not None:
        return notice.person
    count = overview.counts.get(notice.kind, 0)
    if notice.kind is DataKind.MAILS:
        return ngettext("%(num)s mail of everyone", "%(num)s mails of everyone", count)
    return ngettext("%(num)s look of everyone", "%(num)s looks of everyone", count)


def _done(notices: Iterable[Notice]) -> Iterable[str]:
    groups: defaultdict[tuple[date, DataKind], int] = defaultdict(int)
    for notice in notices:
        if notice.carried_out_on is not None:
            groups[notice.carried_out_on, notice.kind] += 1
    for (on, kind), count in sorted(groups.items(), reverse=True):
        if kind in (DataKind.MAILS, DataKind.READINGS):
            yield _("%(date)s: %(kind)s", date=_on(on), kind=KINDS[kind][0])
        else:
            yield ngettext(
                "%(date)s: %(kind)s of %(num)s person",
                "%(date)s: %(kind)s of %(num)s people",
                count,
                date=_on(on),
                kind=KINDS[kind][0],
            )


def _on(day: date | None) -> str:
    return formats.day_year(day) if day else ""
