"""What is told of lessons that changed: one mail with all of them, the fact in its subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from hto_track.formats import clock_from_to, day
from hto_track.rules.lesson_dates import Slot
from hto_track.services.letters import LANGUAGE, Button, MailText, address_of, greeting, letter

AGENDA_PAGE = "/agenda"
PLANNING_PAGE = "/groepen/{cohort}/planning"
"""Where the links lead: of who takes part, and of who guides the cohort; a test holds them to the table of pages."""


class NewsKind(StrEnum):
    """What became of a lesson, all its changes together."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    PUT_BACK = "put_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonNews:
    """What became of one lesson since its people were last told. ``due`` are due dates that it laid out, by title."""

    kind: NewsKind
    number: int
    title: str | None
    was: Slot | None
    now: Slot
    reason: str | None
    due: tuple[tuple[str, date], ...] = ()


def lesson_news(name: str | None, cohort_name: str, page: str, news: Sequence[LessonNews]) -> MailText:
    """To somebody whose lessons changed; ``page`` is the path where they see what stands now."""
    with force_locale(LANGUAGE):
        return MailText(
            subject=_subject(cohort_name, news),
            body=letter(
                greeting(name),
                ngettext(
                    "A lesson of %(cohort)s changed:",
                    "%(num)s lessons of %(cohort)s changed:",
                    len(news),
                    cohort=cohort_name,
                ),
                *map(about_lesson, news),
                question=_("Does this suit you? On this page you see all lessons as they stand now."),
                button=Button(label=_("See all lessons"), address=address_of(page)),
            ),
        )


def _subject(cohort_name: str, news: Sequence[LessonNews]) -> Any:
    if len(news) > 1:
        return ngettext(
            "%(num)s lesson of %(cohort)s changed",
            "%(num)s lessons of %(cohort)s changed",
            len(news),
            cohort=cohort_name,
        )
    one = news[0]
    known = one.was if one.was and one.kind is NewsKind.CANCELLED else one.now
    values: Mapping[str, object] = {"number": one.number, "day": day(known.on)}
    match one.kind:
        case NewsKind.ADDED:
            return _("New: lesson %(number)s on %(day)s", **values)
        case NewsKind.CANCELLED:
            return _("Lesson %(number)s on %(day)s is cancelled", **values)
        case NewsKind.PUT_BACK:
            return _("Lesson %(number)s is on after all, on %(day)s", **values)
        case NewsKind.MOVED if one.was and one.was.on == one.now.on:
            return _("Lesson %(number)s on %(day)s is at another time", **values)
        case NewsKind.MOVED:
            return _("Lesson %(number)s is moved to %(day)s", **values)


def about_lesson(one: LessonNews) -> str:
    """What became of a lesson, a line for each thing to know."""
    name = f"{one.title} ({_('lesson %(number)s', number=one.number)})" if one.title else _titled(one.number)
    lines = [name, *_when(one)]
    if one.reason:
        lines.append(_("Why: %(reason)s", reason=" ".join(one.reason.split())))
    lines += [_("‘%(title)s’ is due on %(day)s.", title=title, day=day(due_on)) for title, due_on in one.due]
    return "\n".join(lines)


def _titled(number: int) -> str:
    said: str = _("Lesson %(number)s", number=number)
    return said


def _when(one: LessonNews) -> list[str]:
    now = _at(one.now)
    match one.kind:
        case NewsKind.ADDED:
            return [_("New: %(when)s", when=now)]
        case NewsKind.CANCELLED:
            return [_("Cancelled: it was on %(when)s", when=_at(one.was or one.now))]
        case NewsKind.PUT_BACK:
            return [_("It is on after all: %(when)s", when=now)]
        case NewsKind.MOVED:
            return [_("It was: %(when)s", when=_at(one.was or one.now)), _("It becomes: %(when)s", when=now)]


def _at(slot: Slot) -> str:
    return f"{day(slot.on)}, {clock_from_to(slot.starts_at, slot.ends_at)}"
