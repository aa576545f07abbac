"""A year told beforehand: does it fit, which weeks ask most and why, and what would make it fit."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import (
    day_year,
    days_from_to,
    hours,
    hours_bare,
    hours_short,
    sentence,
    week,
    weekday,
    weekday_short,
)
from hto_track.models.load import Verdict
from hto_track.rules.beforehand import WORKING_DAYS, Beforehand
from hto_track.rules.load import Week
from hto_track.services.beforehand import EarlierGroups, OpenCohort, YearAhead
from hto_track.services.calendar_texts import holidays_unknown
from hto_track.web.load_answers import DAY, RELEASE, ROOM, TRAVEL, WORK, Asked
from hto_track.web.pictures.beforehand_words import (
    A_MONDAY,
    SUNDAY,
    VERDICTS,
    HeavyLine,
    explained,
    fits_lines,
    given_text,
    headline,
    heavy_lines,
    internship_text,
    period,
    totals_lines,
)
from hto_track.web.pictures.charts import WHOLE_YEAR, Part, WeekColumns, WeekFigures, count_bar, week_columns
from hto_track.web.pictures.weeks import KINDS, month_names, series_of

MOST_ADVICE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """An open cohort in the list."""

    code: str
    title: str
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBox:
    """A day of the week to tick."""

    value: str
    short: str
    name: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayToFit:
    """What would make it fit; ``href`` tries it."""

    text: str
    href: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """A week in the table beside the picture."""

    name: str
    dates: str
    cells: tuple[str, ...]
    total: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLine:
    """How many say so."""

    text: str
    count: str
    bar: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer. ``kind`` is its colour, ``says`` what is read out when it changes."""

    kind: str
    icon: str
    word: str
    headline: str
    given: str
    explained: str
    says: str
    ways: tuple[WayToFit, ...]
    chart: WeekColumns
    rows: tuple[YearRow, ...]
    legend: tuple[tuple[str, Any], ...]
    room: str
    holidays: str
    heaviest: tuple[HeavyLine, ...]
    totals: tuple[tuple[str, str], ...]
    internship: str
    internship_kind: str
    voices_title: str
    voices: tuple[VoiceLine, ...]
    advice: tuple[str, ...]
    spent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforehandPage:
    """The public page of a cohort."""

    cohort_code: str
    cohort_name: str
    title: str
    eyebrow: str
    open_until: str
    fields: dict[str, str]
    days: tuple[DayBox, ...]
    more_is_open: bool
    answer: Answer | None
    share_url: str
    pdf_href: str
    employer_href: str
    take_over_href: str


def open_lines(cohorts: tuple[OpenCohort, ...]) -> tuple[OpenLine, ...]:
    """The list of open cohorts."""
    return tuple(
        OpenLine(
            code=cohort.code,
            title=f"{cohort.programme_title} · {cohort.name}",
            details=" · ".join(filter(None, (cohort.college, cohort.location, period(cohort)))),
        )
        for cohort in cohorts
    )


def beforehand_page(ahead: YearAhead, asked: Asked) -> BeforehandPage:
    """The page for what was asked."""
    code, query = ahead.cohort.code, query_of(asked)
    return BeforehandPage(
        cohort_code=code,
        cohort_name=ahead.cohort.name,
        title=_("Does this fit in my life?"),
        eyebrow=" · ".join((ahead.cohort.programme_title, ahead.cohort.name, period(ahead.cohort))),
        open_until=_("This page can be seen until %(day)s.", day=day_year(ahead.cohort.open_until)),
        fields=asked.fields,
        days=day_boxes(asked.workdays),
        more_is_open=bool({RELEASE, TRAVEL} & asked.errors.keys()),
        answer=_answer(ahead, asked) if ahead.beforehand else None,
        share_url=url_for("beforehand.cohort", cohort_code=code, _external=True, **query),
        pdf_href=url_for("beforehand.pdf", cohort_code=code, **query),
        employer_href=url_for("beforehand.employer", cohort_code=code, **query),
        take_over_href=url_for("room.mine", **asked.fields) if ahead.is_own else "",
    )


def query_of(asked: Asked) -> dict[str, Any]:
    """What an address carries of the answers: hours, minutes and days, and nothing else; what is as usual is left out."""
    query: dict[str, Any] = {name: text for name, text in asked.fields.items() if name in (WORK, ROOM) or text != "0"}
    if asked.workdays != WORKING_DAYS:
        query[DAY] = [str(day) for day in sorted(asked.workdays)]
    return query


def day_boxes(workdays: frozenset[int]) -> tuple[DayBox, ...]:
    """The seven days."""
    days = [A_MONDAY + timedelta(days=at) for at in range(7)]
    return tuple(
        DayBox(value=str(at), short=weekday_short(day), name=sentence(weekday(day)), is_ticked=at in workdays)
        for at, day in enumerate(days)
    )


def _answer(ahead: YearAhead, asked: Asked) -> Answer:
    told = ahead.beforehand
    assert told is not None
    text, word, kind, icon = headline(told)
    internship, internship_kind = internship_text(told)
    voices_title, voices, advice = _voices(ahead.earlier)
    return Answer(
        kind=kind,
        icon=icon,
        word=word,
        headline=text,
        given=given_text(told, asked),
        explained=explained(told),
        says=f"{given_text(told, asked)}: {text}",
        ways=_ways(ahead, told, asked),
        chart=year_chart(told),
        rows=tuple(_row(each, told.room) for each in told.weeks),
        legend=KINDS,
        room=_("Your room (%(room)s)", room=hours_short(told.room, 1)),
        holidays=holidays_unknown(ahead.calendar, told.last),
        heaviest=heavy_lines(ahead, told),
        totals=totals_lines(told),
        internship=internship,
        internship_kind=internship_kind,
        voices_title=voices_title,
        voices=voices,
        advice=advice,
        spent=_spent(ahead.earlier),
    )


def year_chart(told: Beforehand) -> WeekColumns:
    """Every week against the room."""
    names = month_names([each.monday for each in told.weeks])
    figures = []
    for each, name in zip(told.weeks, names, strict=True):
        lessons, assignments, internship = series_of(each)
        figures.append(
            WeekFigures(
                lessons=lessons,
                assignments=assignments,
                internship=internship,
                is_now=False,
                is_over=False,
                total="",
                name=name,
                name_class="mo-even" if (each.monday + timedelta(days=3)).month % 2 == 0 else "mo",
                under="",
            )
        )
    return week_columns(
        figures,
        told.room,
        WHOLE_YEAR,
        chart_id="vooraf",
        title=_("The year week by week, against your room"),
        description=ngettext(
            "%(num)s week lies above the room of %(room)s.",
            "%(num)s weeks lie above the room of %(room)s.",
            told.above,
            room=hours(told.room, 1),
        ),
    )


def _ways(ahead: YearAhead, told: Beforehand, asked: Asked) -> tuple[WayToFit, ...]:
    """Which room would do; each can be tried."""
    lines = fits_lines(told)
    rooms = ([told.room_for_most] if len(lines) > 1 else []) + [told.room_for_all] * bool(lines)
    ways = [
        WayToFit(text=line, href=_try(ahead, asked, room, None), action=_("Try %(room)s", room=hours(room)))
        for line, room in zip(lines, rooms, strict=True)
    ]
    release = (asked.room.release if asked.room else 0) + told.lacking
    if told.lacking and asked.room and release <= asked.room.job:
        ways.append(
            WayToFit(
                text=_("Or ask your employer for %(hours)s of your working week.", hours=hours(release)),
                href=_try(ahead, asked, told.room_for_most, release),
                action=_("Try %(hours)s of release", hours=hours(release)),
            )
        )
    return tuple(ways)


def _try(ahead: YearAhead, asked: Asked, room: int, release: int | None) -> str:
    query = query_of(asked) | {ROOM: hours_bare(room)}
    if release is not None:
        query[RELEASE] = hours_bare(release)
    return url_for("beforehand.cohort", cohort_code=ahead.cohort.code, **query)


def _row(each: Week, room: int) -> YearRow:
    is_over = each.study > room
    total = hours_bare(each.study, 1)
    return YearRow(
        name=week(each.monday),
        dates=days_from_to(each.monday, each.monday + SUNDAY),
        cells=tuple(
            hours_bare(part, 1) for part in (each.lessons, each.preparation, each.assignments, each.internship)
        ),
        total=f"▲ {total}" if is_over else total,
        is_over=is_over,
    )


def _voices(earlier: EarlierGroups) -> tuple[str, tuple[VoiceLine, ...], tuple[str, ...]]:
    voices = earlier.voices
    if voices is None:
        return "", (), ()
    title = ngettext("What %(num)s person said afterwards", "What %(num)s people said afterwards", voices.people)
    lines = tuple(
        VoiceLine(
            text=str(VERDICTS[verdict]),
            count=str(voices.counts[verdict]),
            bar=count_bar("fine", Fraction(voices.counts[verdict], voices.people)),
        )
        for verdict in Verdict
    )
    return title, lines, voices.advice[:MOST_ADVICE]


def _spent(earlier: EarlierGroups) -> str:
    if earlier.spent is None:
        return ""
    return _(
        "Earlier groups really spent %(hours)s a week, holidays counted in (the middle one of %(people)s people who kept"
        " count).",
        hours=hours(earlier.spent.minutes, 1),
        people=earlier.spent.people,
    )
