"""What a calendar elsewhere says of what it was told: in words, with an address of ours, and nothing of anybody else.

Calendars are kept by others (a telephone, a company): whoever has a closing interview is named there by code alone.
"""

from collections.abc import Iterable
from datetime import date, time
from urllib.parse import quote, urlsplit

from flask_babel import force_locale
from flask_babel import gettext as _

from hto_track import formats
from hto_track.documents.calendar_file import CalendarEntry
from hto_track.rules.days import week_name
from hto_track.services.agenda_items import ItemKind
from hto_track.services.calendar_memory import GONE, Content, Told

LANGUAGE = "nl"
"""Of every feed, as of every mail: nobody has told us another yet."""
AGENDA_PAGE, COHORTS_PAGE = "/agenda", "/groepen"
"""Where the links of events lead; a test holds them to the table of pages."""


def entries_of(told: Iterable[Told], base_url: str, *, of_cohort: bool) -> tuple[CalendarEntry, ...]:
    """The events of a file; ``of_cohort`` when they lead to the agenda of their cohort rather than to one's own."""
    host = urlsplit(base_url).hostname or "localhost"
    with force_locale(LANGUAGE):
        return tuple(
            CalendarEntry(
                uid=f"{one.key}@{host}",
                sequence=one.sequence,
                told_at=one.told_at,
                on=one.on,
                starts_at=_time(one.content, "starts_at"),
                ends_at=_time(one.content, "ends_at"),
                summary=_summary(one.content),
                description=_description(one.content),
                location=one.content.get("location", ""),
                url=base_url + _page(one, of_cohort=of_cohort),
                category=_category(one.content),
                is_cancelled=_is_off(one.content),
            )
            for one in told
        )


def calendar_name(cohort_name: str | None) -> str:
    """What a calendar is called in somebody's list of calendars."""
    with force_locale(LANGUAGE):
        return "HTO Track" if cohort_name is None else str(_("HTO Track, %(cohort)s", cohort=cohort_name))


def _is_off(content: Content) -> bool:
    return bool(content.get(GONE) or content.get("cancelled"))


def _summary(content: Content) -> str:
    what = _what(content)
    return str(_("Off: %(what)s", what=what)) if _is_off(content) else what


def _what(content: Content) -> str:
    title = content.get("title") or ""
    match ItemKind(content["kind"]):
        case ItemKind.LESSON:
            return title or str(_("Lesson %(number)s", number=content["number"]))
        case ItemKind.DUE:
            return str(_("Hand in: %(title)s", title=title))
        case ItemKind.INTERNSHIP:
            return str(_("Internship: %(school)s", school=title))
        case ItemKind.FINAL_ASSESSMENT:
            whose = "" if content["is_own"] else content.get("participant", "")
            return f"{_('Closing interview')} {whose}".strip()


def _category(content: Content) -> str:
    match ItemKind(content["kind"]):
        case ItemKind.LESSON:
            return str(_("Lesson"))
        case ItemKind.DUE:
            return str(_("Due date"))
        case ItemKind.INTERNSHIP:
            return str(_("Internship"))
        case ItemKind.FINAL_ASSESSMENT:
            return str(_("Closing interview"))


def _description(content: Content) -> str:
    lines = [_("Lesson %(number)s", number=content["number"])] if "number" in content else []
    lines.append(content["cohort_name"])
    if "moved_from" in content:
        was = date.fromisoformat(content["moved_from"])
        lines.append(_("Moved from %(day)s.", day=formats.day_year(was)))
    if "reason" in content:
        lines.append(content["reason"])
    if "minutes" in content:
        lines.append(formats.hours(content["minutes"]))
    return "\n".join(lines)


def _page(one: Told, *, of_cohort: bool) -> str:
    path = f"{COHORTS_PAGE}/{quote(one.content['cohort'], safe='')}{AGENDA_PAGE}" if of_cohort else AGENDA_PAGE
    return f"{path}?week={week_name(one.on)}"


def _time(content: Content, name: str) -> time | None:
    return time.fromisoformat(content[name]) if name in content else None
