"""The load of one participant week by week: this week, the coming eight, and all of them beside what was done."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import day_tiny, days_from_to, hours, hours_bare, hours_short, month_short, week
from hto_track.rules.days import monday_of
from hto_track.rules.forecast import Forecast, ForecastWeek
from hto_track.rules.load import Load, Week
from hto_track.rules.own_plan import AS_PLANNED, OwnPlan, outlook
from hto_track.services.calendar_texts import holidays_unknown
from hto_track.services.views import MemberStanding
from hto_track.web.pictures.charts import (
    EIGHT_WEEKS,
    WHOLE_YEAR,
    RoomBar,
    WeekColumns,
    WeekFigures,
    room_bar,
    week_columns,
)
from hto_track.web.pictures.forecast import ForecastWords, forecast_words, range_text, said_of

WEEKS_AHEAD = 8
LEAST_DRAWN = 30
"""Of how many likely minutes on a range is drawn."""
SUNDAY = timedelta(days=6)

KINDS: tuple[tuple[str, Any], ...] = (
    ("lessons", _l("Lessons and preparation")),
    ("assignments", _l("Assignments")),
    ("internship", _l("Internship")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One series of this week."""

    kind: str
    label: Any
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThisWeek:
    """Does this week fit?"""

    total: str
    verdict: str
    verdict_class: str
    verdict_icon: str
    sentence: str
    with_job: str
    bar: RoomBar
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """A week in the table beside a chart."""

    name: str
    dates: str
    cells: tuple[str, ...]
    total: str
    is_over: bool
    is_now: bool
    actual: str
    own_plan: str = ""
    likely: str = ""
    """What it will really take, and its range; nothing where that is not forecast."""
    likely_range: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeksAhead:
    """The coming weeks: chart, and the same as a table; when nothing is planned in them, ``nothing_planned`` says so."""

    title: str
    nothing_planned: str
    chart: WeekColumns
    rows: tuple[WeekRow, ...]
    room: str
    own_plan: str = ""
    """What the line of the own plan is called, where there is one."""
    forecast: ForecastWords | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllWeeks:
    """Every week from first to last day: what was planned, and what was done."""

    chart: WeekColumns
    rows: tuple[WeekRow, ...]
    summary: str
    holidays: str
    """From when on the school holidays are not known, if the weeks reach past them."""


def this_week(person: MemberStanding, *, yours: bool) -> ThisWeek:
    """The week of today against the room."""
    load, monday = person.standing.load, monday_of(person.standing.span.on)
    current = _by_monday(load).get(monday) if person.standing.span.goes_on else None
    study = current.study if current else Fraction(0)
    left = load.room_left(current) if current else Fraction(load.capacity)
    series = series_of(current)
    verdict, verdict_class, verdict_icon, sentence = _verdict(study, left, yours=yours)
    room = hours(load.capacity, 1)
    return ThisWeek(
        total=hours(study, 1),
        verdict=verdict,
        verdict_class=verdict_class,
        verdict_icon=verdict_icon,
        sentence=sentence,
        with_job=_("With the job: %(hours)s this week.", hours=hours(current.with_job if current else load.job, 1)),
        bar=room_bar(
            series,
            load.capacity,
            label=_("%(hours)s planned of a room of %(room)s", hours=hours(study, 1), room=room),
            room_text=_("%(room)s = your room", room=room) if yours else _("%(room)s = room", room=room),
        ),
        shares=tuple(
            Share(kind=kind, label=label, hours=hours_short(minutes, 1))
            for (kind, label), minutes in zip(KINDS, series, strict=True)
        ),
    )


def weeks_ahead(person: MemberStanding, forecast: Forecast, own: OwnPlan = AS_PLANNED, *, yours: bool) -> WeeksAhead:
    """This week and the seven after it, those with what they will really take, and with the own plan as a second line."""
    load, first = person.standing.load, monday_of(person.standing.span.on)
    known = _by_monday(load) if person.standing.span.goes_on else {}
    mondays = [first + timedelta(weeks=at) for at in range(WEEKS_AHEAD)]
    likely = {each.monday: each for each in forecast.weeks if each.high}
    otherwise = _otherwise(person, own, known)
    figures = [
        replace(
            _figures(known.get(monday), monday, load, is_now=monday == first),
            likely=_whisker(likely.get(monday)),
            plan=otherwise.get(monday),
        )
        for monday in mondays
    ]
    above = [week(monday) for monday in mondays if monday in known and load.is_above_room(known[monday])]
    room = hours(load.capacity, 1)
    described = (
        _("Above the room of %(room)s: %(weeks)s.", room=room, weeks=", ".join(above))
        if above
        else _("Every week fits in the room of %(room)s.", room=room)
    )
    title = _("Expected load a week")
    is_empty = not any(known[monday].study for monday in mondays if monday in known)
    return WeeksAhead(
        title=_("Coming %(num)s weeks", num=WEEKS_AHEAD),
        nothing_planned=_("No study is planned in these weeks.") if is_empty else "",
        chart=week_columns(
            figures,
            load.capacity,
            EIGHT_WEEKS,
            chart_id="ahead",
            title=title,
            description=" ".join((described, said_of(tuple(likely[monday] for monday in mondays if monday in likely)))),
        ),
        rows=tuple(
            replace(
                _with_range(_row(known.get(monday), monday, load, is_now=monday == first), likely.get(monday)),
                own_plan=hours_bare(otherwise[monday], 1) if monday in otherwise else "",
            )
            for monday in mondays
        ),
        own_plan=(_("My plan") if yours else _("Own plan")) if otherwise.keys() & set(mondays) else "",
        forecast=forecast_words(forecast, yours=yours),
        room=_("Your room (%(room)s)", room=hours_short(load.capacity, 1))
        if yours
        else _("Room (%(room)s)", room=hours_short(load.capacity, 1)),
    )


def _otherwise(person: MemberStanding, own: OwnPlan, known: dict[date, Week]) -> dict[date, Fraction]:
    """The study load with the own plan of the weeks in which it is another."""
    if own.is_empty:
        return {}
    weeks = outlook(person.facts, person.standing, own).weeks
    return {each.monday: each.week.study for each in weeks if each.week.study != known[each.monday].study}


def _whisker(each: ForecastWeek | None) -> tuple[float, float, float] | None:
    """Low, likely and high; nothing for a week in which hardly anything is likely, as in holidays."""
    if each is None or each.likely < LEAST_DRAWN:
        return None
    return each.low, each.likely, each.high


def _with_range(row: WeekRow, each: ForecastWeek | None) -> WeekRow:
    likely, likely_range = range_text(each)
    return replace(row, likely=likely, likely_range=likely_range)


def all_weeks(person: MemberStanding) -> AllWeeks | None:
    """Every week of the active span; None where there is none."""
    load = person.standing.load
    if not load.weeks:
        return None
    above = sum(map(load.is_above_room, load.weeks))
    return AllWeeks(
        chart=week_columns(
            year_figures(load, person.standing.span.on),
            load.capacity,
            WHOLE_YEAR,
            chart_id="year",
            title=_("Planned and done, all weeks"),
            description=ngettext(
                "%(num)s week lies above the room of %(room)s.",
                "%(num)s weeks lie above the room of %(room)s.",
                above,
                room=hours(load.capacity, 1),
            ),
        ),
        rows=year_rows(load, person.standing.span.on),
        holidays=holidays_unknown(person.facts.calendar, person.standing.span.last),
        summary=ngettext(
            "%(num)s week of %(total)s above the room. Done so far: %(done)s.",
            "%(num)s weeks of %(total)s above the room. Done so far: %(done)s.",
            above,
            total=len(load.weeks),
            done=hours(load.spent, 1),
        ),
    )


def year_figures(load: Load, on: date) -> list[WeekFigures]:
    """What the columns of a whole year are drawn from; the week of ``on`` is now."""
    names, now = month_names([each.monday for each in load.weeks]), monday_of(on)
    return [
        _year_figures(each, is_now=each.monday == now, name=name) for each, name in zip(load.weeks, names, strict=True)
    ]


def year_rows(load: Load, on: date) -> tuple[WeekRow, ...]:
    """The same weeks as rows of a table."""
    now = monday_of(on)
    return tuple(_row(each, each.monday, load, is_now=each.monday == now) for each in load.weeks)


def _by_monday(load: Load) -> dict[date, Week]:
    return {each.monday: each for each in load.weeks}


def series_of(each: Week | None) -> tuple[Fraction, Fraction, Fraction]:
    """The three series that are drawn: preparation with the lessons it is for."""
    if each is None:
        return Fraction(0), Fraction(0), Fraction(0)
    return each.lessons + each.preparation, each.assignments, each.internship


def _verdict(study: Fraction, left: Fraction, *, yours: bool) -> tuple[str, str, str, str]:
    if not study:
        return _("Free"), "", "check", _("No study this week.")
    if left < 0:
        sentence = (
            _("%(hours)s above your room.", hours=hours(-left, 1))
            if yours
            else _("%(hours)s above the room.", hours=hours(-left, 1))
        )
        return _("Too full"), "bad", "weight", sentence
    sentence = (
        _("You have %(hours)s to spare.", hours=hours(left, 1))
        if yours
        else _("%(hours)s to spare.", hours=hours(left, 1))
    )
    return _("Fits"), "ok", "check", sentence


def _figures(each: Week | None, monday: date, load: Load, *, is_now: bool) -> WeekFigures:
    lessons, assignments, internship = series_of(each)
    return WeekFigures(
        lessons=lessons,
        assignments=assignments,
        internship=internship,
        is_now=is_now,
        is_over=each is not None and load.is_above_room(each),
        total=hours_bare(each.study if each else 0, 1),
        name=str(monday.isocalendar().week),
        under=_("now") if is_now else day_tiny(monday),
    )


def _year_figures(each: Week, *, is_now: bool, name: str) -> WeekFigures:
    lessons, assignments, internship = series_of(each)
    return WeekFigures(
        lessons=lessons,
        assignments=assignments,
        internship=internship,
        is_now=is_now,
        is_over=False,
        total="",
        name=name,
        name_class="mo-even" if (each.monday + timedelta(days=3)).month % 2 == 0 else "mo",
        under="",
        actual=None if each.actual is None else each.actual.total,
    )


def month_names(mondays: list[date]) -> list[str]:
    """The month's name under its first week where there is room for it, and nothing under the others."""
    thursdays = [monday + timedelta(days=3) for monday in mondays]
    firsts = [at for at, day in enumerate(thursdays) if at == 0 or day.month != thursdays[at - 1].month]
    roomy = {at for at, following in pairwise([*firsts, len(mondays)]) if following - at >= 4}
    return [month_short(day)[:3] if at in roomy else "" for at, day in enumerate(thursdays)]


def _row(each: Week | None, monday: date, load: Load, *, is_now: bool) -> WeekRow:
    parts = (each.lessons, each.preparation, each.assignments, each.internship) if each else (0, 0, 0, 0)
    study = each.study if each else Fraction(0)
    is_over = each is not None and load.is_above_room(each)
    actual = each.actual if each else None
    return WeekRow(
        name=week(monday),
        dates=days_from_to(monday, monday + SUNDAY),
        cells=tuple(hours_bare(minutes, 1) for minutes in parts),
        total=f"▲ {hours_bare(study, 1)}" if is_over else hours_bare(study, 1),
        is_over=is_over,
        is_now=is_now,
        actual="" if actual is None else hours_bare(actual.total, 1),
    )
