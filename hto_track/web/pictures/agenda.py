"""The agenda as a list, week by week, with the months beside it: what is when, and the one thing to do about it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track import formats
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.days import monday_of, mondays, week_name
from hto_track.rules.facts import Mark
from hto_track.services.agenda import Agenda
from hto_track.services.agenda_items import AgendaItem, ItemKind, PlacementPeriod
from hto_track.web.navigation import opens
from hto_track.web.pictures import attendance
from hto_track.web.pictures.months import Month, months_picture

KINDS: dict[ItemKind, tuple[Any, str, str]] = {
    ItemKind.LESSON: (_l("Lesson"), "users", "lessons"),
    ItemKind.DUE: (_l("Due date"), "file-text", "assignments"),
    ItemKind.INTERNSHIP: (_l("Internship"), "school", "internship"),
    ItemKind.FINAL_ASSESSMENT: (_l("Closing interview"), "graduation-cap", "interview"),
}
"""The word, the icon and the class of each kind."""

STATES: dict[AssignmentState, tuple[Any, str, str]] = {
    AssignmentState.PASSED: (_l("Passed"), "ok", "check"),
    AssignmentState.SUBMITTED: (_l("Handed in"), "ok", "check"),
    AssignmentState.OVERDUE: (_l("Not handed in yet"), "warn", "clock"),
    AssignmentState.RESIT: (_l("Resit"), "warn", "history"),
}
"""How work stands, where that is something to say on its date: the word, the class, the icon."""
ATTENDED_CLASS = {Mark.PRESENT: "ok", Mark.LATE: "ok", Mark.MADE_UP: "ok", Mark.ABSENT: "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The one thing to do about an item; ``about`` is said to who cannot see what stands beside it."""

    href: str
    text: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item in words."""

    kind: str
    kind_class: str
    icon: str
    title: str
    details: str
    note: str
    tag: str
    tag_class: str
    tag_icon: str
    is_off: bool
    doing: Doing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date with something on it."""

    weekday: str
    day: str
    month: str
    said: str
    """The date in full, for who cannot see the leaf."""
    is_today: bool
    is_past: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week, or several in a row without anything, which ``nothing`` says then."""

    id: str
    name: str
    dates: str
    is_now: bool
    context: str
    """At which schools one does an internship from that week on."""
    days: tuple[Day, ...] = ()
    nothing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPage:
    """The whole page."""

    title: str
    eyebrow: str
    cohort_code: str
    cohort_name: str
    weeks: tuple[Week, ...]
    months: tuple[Month, ...]
    legend: tuple[tuple[str, str], ...]
    """The class and the word of each kind that stands here."""
    earlier_href: str
    later_href: str
    now_href: str
    calendars_href: str
    empty: str


def agenda_page(agenda: Agenda, on: date) -> AgendaPage:
    """The page of ``agenda`` on the date ``on``."""
    is_own, cohort = agenda.cohort is None, agenda.cohort
    code = cohort.code if cohort else ""
    several = len({item.cohort for item in agenda.items}) > 1
    kinds = [kind for kind in ItemKind if any(item.kind is kind for item in agenda.items)]
    far = agenda.last - agenda.first + timedelta(days=1)
    starts_now = agenda.first == monday_of(on)
    return AgendaPage(
        title=_("Agenda"),
        eyebrow=_("%(first)s to %(last)s", first=formats.day_year(agenda.first), last=formats.day_year(agenda.last)),
        cohort_code=code,
        cohort_name=cohort.name if cohort else "",
        weeks=tuple(_weeks(agenda, on, with_cohort=is_own and several)),
        months=months_picture(agenda.first, on, _classes_by_day(agenda.items)),
        legend=tuple((KINDS[kind][2], str(KINDS[kind][0])) for kind in kinds),
        earlier_href=_address(code, agenda.first - far) if agenda.has_earlier else "",
        later_href=_address(code, agenda.first + far) if agenda.has_later else "",
        now_href="" if starts_now else _address(code, None),
        calendars_href=url_for("agenda.calendars", groep=code or None),
        empty=_nothing_at_all(agenda),
    )


def _nothing_at_all(agenda: Agenda) -> str:
    if agenda.items or agenda.has_later:
        return ""
    if agenda.has_earlier:
        return _("Nothing is planned any more.")
    return _("Nothing is planned yet. What is planned stands here: lessons, due dates and internship days.")


def _address(cohort_code: str, monday: date | None) -> str:
    week = week_name(monday) if monday else None
    if cohort_code:
        return url_for("cohorts.agenda", cohort_code=cohort_code, week=week)
    return url_for("agenda.mine", week=week)


def _classes_by_day(items: Iterable[AgendaItem]) -> dict[date, tuple[str, ...]]:
    """What a day of the month shows: each kind once, what is off not at all."""
    found: defaultdict[date, dict[str, None]] = defaultdict(dict)
    for item in items:
        if not item.cancelled:
            found[item.on][KINDS[item.kind][2]] = None
    return {on: tuple(classes) for on, classes in found.items()}


def _weeks(agenda: Agenda, on: date, *, with_cohort: bool) -> Iterable[Week]:
    by_week: defaultdict[date, list[AgendaItem]] = defaultdict(list)
    for item in agenda.items:
        by_week[monday_of(item.on)].append(item)
    this_week = monday_of(on)
    shown = mondays(agenda.first, agenda.last)
    # Where one does an internship is said once: in the week in which it begins, or in the first that is shown.
    first_shown = {one: monday_of(max(one.start_on, agenda.first)) for one in agenda.placements}
    # This week stands by itself also when it is empty: it is where the reader is.
    always = {this_week, *first_shown.values()}
    for is_empty, group in groupby(shown, key=lambda monday: monday not in by_week and monday not in always):
        if is_empty:
            yield _empty_weeks(list(group))
            continue
        for monday in group:
            sunday = monday + timedelta(days=6)
            yield Week(
                id=f"week-{week_name(monday)}",
                name=formats.sentence(formats.week(monday)),
                dates=formats.days_from_to(monday, sunday),
                is_now=monday == this_week,
                context=" · ".join(_where(one) for one in agenda.placements if first_shown[one] == monday),
                days=tuple(
                    _day(day, list(items), on, with_cohort=with_cohort)
                    for day, items in groupby(by_week[monday], key=lambda item: item.on)
                ),
                nothing="" if monday in by_week else _("Nothing planned this week."),
            )


def _where(placement: PlacementPeriod) -> str:
    until = formats.day_year(placement.end_on)
    return str(_("Internship at %(school)s, until %(date)s", school=placement.school, date=until))


def _empty_weeks(weeks: list[date]) -> Week:
    first, last = weeks[0], weeks[-1]
    numbers = f"{first.isocalendar().week}–{last.isocalendar().week}"
    return Week(
        id=f"week-{week_name(first)}",
        name=ngettext("Week %(numbers)s", "Weeks %(numbers)s", len(weeks), numbers=numbers)
        if len(weeks) > 1
        else formats.sentence(formats.week(first)),
        dates=formats.days_from_to(first, last + timedelta(days=6)),
        is_now=False,
        context="",
        nothing=_("Nothing planned."),
    )


def _day(day: date, items: list[AgendaItem], on: date, *, with_cohort: bool) -> Day:
    return Day(
        weekday=formats.weekday_short(day),
        day=str(day.day),
        month=formats.month_short(day),
        said=formats.sentence(formats.day(day)),
        is_today=day == on,
        is_past=day < on,
        lines=tuple(_line(item, on, with_cohort=with_cohort) for item in items),
    )


def _line(item: AgendaItem, on: date, *, with_cohort: bool) -> Line:
    kind, icon, kind_class = KINDS[item.kind]
    tag, tag_class, tag_icon = _tag(item, on)
    return Line(
        kind=str(kind),
        kind_class=kind_class,
        icon=icon,
        title=_title(item),
        details=" · ".join(filter(None, (*_details(item), item.cohort_name if with_cohort else ""))),
        note=_note(item),
        tag=tag,
        tag_class=tag_class,
        tag_icon=tag_icon,
        is_off=item.cancelled,
        doing=_doing(item, on),
    )


def _title(item: AgendaItem) -> str:
    if item.kind is ItemKind.FINAL_ASSESSMENT:
        return item.name or _("Closing interview")
    return item.title or _("Lesson %(number)s", number=item.number)


def _details(item: AgendaItem) -> Iterable[str]:
    if item.starts_at is not None and item.ends_at is not None:
        yield formats.clock_from_to(item.starts_at, item.ends_at)
    if item.minutes is not None:
        yield formats.hours(item.minutes)
    if item.kind is ItemKind.LESSON and item.title:
        yield _("lesson %(number)s", number=item.number)
    if item.kind is not ItemKind.INTERNSHIP and item.location:
        yield item.location
    if item.assessors:
        yield item.assessors


def _note(item: AgendaItem) -> str:
    said = [_("Moved from %(day)s.", day=formats.day(item.moved_from))] if item.moved_from else []
    return " ".join([*said, *filter(None, (item.reason,))])


def _tag(item: AgendaItem, on: date) -> tuple[str, str, str]:
    """What is to be said of how it stands, with its class and icon; nothing where all is as planned."""
    if item.cancelled:
        return _("Cancelled"), "bad", "x"
    if item.mark is not None:
        return str(attendance.WORDS[item.mark]), ATTENDED_CLASS.get(item.mark, ""), attendance.ICONS[item.mark]
    if item.state in STATES:
        word, kind, icon = STATES[item.state]
        return str(word), kind, icon
    if item.moved_from is not None and item.on >= on:
        return _("Moved"), "warn", "history"
    return "", "", ""


def _doing(item: AgendaItem, on: date) -> Doing | None:
    about = _title(item)
    match item.kind:
        case ItemKind.LESSON if item.cancelled:
            return None
        case ItemKind.LESSON if item.is_own:
            if item.on < on:
                return None
            excused = item.mark is Mark.EXCUSED
            return _way(
                "absences.show",
                _("I can come after all") if excused else _("I cannot come"),
                about,
                lesson_number=item.number,
            )
        case ItemKind.LESSON:
            return _way(
                "lessons.attendance", _("Attendance"), about, cohort_code=item.cohort, lesson_number=item.number
            )
        case ItemKind.DUE if item.is_own:
            return _way("own_assignments.assignment", _("View assignment"), about, assignment_code=item.code)
        case ItemKind.DUE:
            return _way(
                "assignments.assignment", _("View work"), about, cohort_code=item.cohort, assignment_code=item.code
            )
        case ItemKind.INTERNSHIP:
            return _way("internship.entry", _("View hours"), about, entry_id=item.entry_id)
        case ItemKind.FINAL_ASSESSMENT if item.is_own:
            return _way("diploma.mine", _("My diploma"), about)
        case _:
            return _way("traject.of_participant", _("View path"), about, participant_code=item.participant)


def _way(endpoint: str, text: str, about: str, **values: Any) -> Doing | None:
    """To a page, where it is there for the reader."""
    return Doing(href=url_for(endpoint, **values), text=text, about=about) if opens(endpoint) else None
