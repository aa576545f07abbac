"""Laying out a cohort as it is shown: the form, the year in months, and each evening with what it runs into."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track import formats
from hto_track.rules.calendar import Region
from hto_track.rules.layout import Clash, ClashKind, Evening, Layout, RegionHolidays
from hto_track.rules.template import WEEKDAYS
from hto_track.services.layout_views import LayoutPreview
from hto_track.services.templates import VersionView
from hto_track.web.layout_forms import dates_as_shown
from hto_track.web.pictures.templates import HoursPicture, hours_picture, rhythm_in_words, weekday_name
from hto_track.web.pictures.year_calendar import DayMark, MonthCalendar, months_between
from hto_track.web.sent_forms import new_key

REGIONS: dict[Region, Any] = {
    Region.NOORD: _l("North"),
    Region.MIDDEN: _l("Middle"),
    Region.ZUID: _l("South"),
}
PUBLIC_HOLIDAYS: dict[str, Any] = {
    "New Year's Day": _l("New Year's Day"),
    "Good Friday": _l("Good Friday"),
    "Easter Sunday": _l("Easter Sunday"),
    "Easter Monday": _l("Easter Monday"),
    "King's Day": _l("King's Day"),
    "Queen's Day": _l("Queen's Day"),
    "Liberation Day": _l("Liberation Day"),
    "Ascension Day": _l("Ascension Day"),
    "Pentecost": _l("Whit Sunday"),
    "Pentecost Monday": _l("Whit Monday"),
    "Christmas Day": _l("Christmas Day"),
    "Second Day of Christmas": _l("Boxing Day"),
}
CLASHES: dict[ClashKind, Any] = {
    ClashKind.CHOSEN: _l("left out by you"),
    ClashKind.REMEMBRANCE_DAY: _l("Remembrance Day"),
    ClashKind.SAINT_NICHOLAS: _l("St Nicholas' Eve"),
    ClashKind.CHRISTMAS_EVE: _l("Christmas Eve"),
    ClashKind.NEW_YEARS_EVE: _l("New Year's Eve"),
    ClashKind.ANOTHER_WEEKDAY: _l("another day of the week"),
    ClashKind.HOLIDAYS_UNKNOWN: _l("school holidays not known yet"),
}
TOLD_ONCE = frozenset({ClashKind.HOLIDAYS_UNKNOWN})
"""What is said above the list, not at each evening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningRow:
    """A lesson with its date to type over. ``leave_out`` is the date that its box leaves out."""

    number: int
    title: str
    when: str
    day: str
    """The same within a sentence."""
    week: str
    value: str
    leave_out: str
    clashes: tuple[str, ...]
    due: str
    moved_from: str
    error_name: str
    """The field, as errors name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A date without a lesson, and why. ``value`` is what its box keeps out, empty for a holiday."""

    when: str
    why: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """What follows from the form."""

    heading: str
    summary: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]
    months: tuple[MonthCalendar, ...]
    evenings: tuple[EveningRow, ...]
    to_look_at: tuple[EveningRow, ...]
    """Those that run into something."""
    skipped: tuple[SkippedRow, ...]
    due_dates: tuple[tuple[str, str, str, str], ...]
    """Code and title, from when, until when, and what that runs into."""
    hours: HoursPicture
    was: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutPage:
    """The form, and what follows from it once there is a start."""

    template_code: str
    version_number: int
    template_title: str
    version: str
    rhythm: str
    values: Mapping[str, str]
    regions: tuple[tuple[str, str], ...]
    weekdays: tuple[tuple[str, str], ...]
    laid_out: LaidOut | None
    key: str


def layout_page(
    known: VersionView, values: Mapping[str, str], preview: LayoutPreview | None, today: date
) -> LayoutPage:
    """The page."""
    return LayoutPage(
        template_code=known.code,
        version_number=known.version.number,
        template_title=known.title,
        version=_("version %(number)s", number=known.version.number),
        rhythm=rhythm_in_words(known.template.rhythm),
        values=values,
        regions=tuple((region.value, str(word)) for region, word in REGIONS.items()),
        weekdays=tuple((str(day), formats.sentence(weekday_name(day))) for day in WEEKDAYS),
        laid_out=_laid_out(preview, today) if preview else None,
        key=new_key(),
    )


def laid_out_text(code: str, preview: LayoutPreview) -> str:
    """What is said once a cohort is stored."""
    evenings = preview.layout.evenings
    return _(
        "%(code)s is laid out: %(lessons)s, from %(first)s to %(last)s.",
        code=code,
        lessons=ngettext("%(num)s lesson", "%(num)s lessons", len(evenings)),
        first=formats.day_year(evenings[0].on),
        last=formats.day_year(evenings[-1].on),
    )


def clash_in_words(clash: Clash) -> str:
    """What a date runs into."""
    match clash.kind:
        case ClashKind.PUBLIC_HOLIDAY:
            return str(PUBLIC_HOLIDAYS.get(clash.name, clash.name))
        case ClashKind.SCHOOL_HOLIDAY:
            return clash.name or _("school holiday")
        case ClashKind.SAME_ROOM:
            other = clash.name or _("another cohort")
            return _("%(cohort)s has a lesson here at the same time", cohort=other)
        case kind:
            return str(CLASHES[kind])


def _laid_out(preview: LayoutPreview, today: date) -> LaidOut:
    laid = preview.layout
    first, last = laid.evenings[0].on, max(evening.on for evening in laid.evenings)
    rows = tuple(_evening_row(evening, laid) for evening in laid.evenings)
    to_look_at = tuple(row for row in rows if row.clashes)
    return LaidOut(
        heading=_(
            "%(lessons)s, from %(first)s to %(last)s",
            lessons=ngettext("%(num)s lesson", "%(num)s lessons", len(laid.evenings)),
            first=formats.day_year(first),
            last=formats.day_year(last),
        ),
        summary=(
            (_("Last day of the cohort"), formats.day_year(preview.end_on)),
            (_("Dates left out"), str(len(laid.skipped))),
            (_("Evenings to look at"), str(len(to_look_at))),
        ),
        advice=_advice(laid, preview),
        months=_months(preview),
        evenings=rows,
        to_look_at=to_look_at,
        skipped=tuple(
            SkippedRow(
                when=formats.sentence(f"{formats.weekday_short(each.on)} {formats.day_year(each.on)}"),
                why=", ".join(map(clash_in_words, each.reasons)),
                value=each.on.isoformat() if any(_is_chosen(reason) for reason in each.reasons) else "",
            )
            for each in laid.skipped
        ),
        due_dates=tuple(
            (
                f"{each.code} {each.title}",
                formats.day_year(each.opens_on),
                formats.day_year(each.due_on),
                ", ".join(map(clash_in_words, each.clashes)),
            )
            for each in laid.assignments
        ),
        hours=hours_picture(preview.expected, preview.nominal),
        was=dates_as_shown(laid.evenings),
        seen=preview.seen,
    )


def _is_chosen(reason: Clash) -> bool:
    return reason.kind is ClashKind.CHOSEN


def _told(evening: Evening) -> tuple[Clash, ...]:
    return tuple(clash for clash in evening.clashes if clash.kind not in TOLD_ONCE)


def _advice(laid: Layout, preview: LayoutPreview) -> tuple[str, ...]:
    unknown = [evening for evening in laid.evenings if any(clash.kind in TOLD_ONCE for clash in evening.clashes)]
    sentences = []
    if unknown:
        sentences.append(
            _(
                "From lesson %(number)s (%(day)s) on the school holidays are not known yet: check those dates later.",
                number=unknown[0].number,
                day=formats.day_year(unknown[0].on),
            )
        )
    due_in_holiday = [each.code for each in laid.assignments if each.clashes]
    if due_in_holiday:
        sentences.append(
            _("These assignments are to be handed in during a holiday: %(codes)s.", codes=", ".join(due_in_holiday))
        )
    return tuple(sentences)


def _evening_row(evening: Evening, laid: Layout) -> EveningRow:
    due = ", ".join(each.code for each in laid.assignments if each.due_on == evening.on)
    when = f"{formats.weekday_short(evening.on)} {formats.day_year(evening.on)}"
    return EveningRow(
        number=evening.number,
        title=evening.title or _("Lesson %(number)s", number=evening.number),
        when=formats.sentence(when),
        day=when,
        week=f"{formats.week(evening.on)} · {formats.clock_from_to(evening.starts_at, evening.ends_at)}",
        value=evening.on.isoformat(),
        leave_out=evening.laid_on.isoformat(),
        clashes=tuple(map(clash_in_words, _told(evening))),
        due=_("hand in %(codes)s", codes=due) if due else "",
        moved_from=_("instead of %(day)s", day=formats.day_year(evening.laid_on)) if evening.is_moved else "",
        error_name=f"date-{evening.number}",
    )


def _months(preview: LayoutPreview) -> tuple[MonthCalendar, ...]:
    laid, holidays = preview.layout, RegionHolidays(preview.holidays)
    evenings = {evening.on: evening for evening in laid.evenings}
    skipped = {each.on for each in laid.skipped}
    due = {each.due_on for each in laid.assignments}

    def mark_of(on: date) -> DayMark:
        if on in evenings:
            return DayMark(ground="evening", over="clash" if _told(evenings[on]) else "", has_dot=on in due)
        reasons = {reason.kind for reason in holidays.reasons(on)}
        ground = "public" if ClashKind.PUBLIC_HOLIDAY in reasons else "school" if reasons else ""
        return DayMark(ground=ground, over="skipped" if on in skipped else "")

    def label_of(start: date) -> str:
        days = [on for on in sorted(evenings) if (on.year, on.month) == (start.year, start.month)]
        return _(
            "%(month)s: lessons on %(days)s",
            month=formats.month_year(start),
            days=", ".join(str(on.day) for on in days) or _("no day"),
        )

    return months_between(min(evenings), max(max(evenings), preview.end_on), mark_of, label_of)
