"""The board of a cohort: who needs attention now, who soon, who is fine, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import day_tiny, hours, hours_short, moment, week
from hto_track.rules.attention import Attention
from hto_track.rules.days import monday_of
from hto_track.rules.warnings import Level
from hto_track.services.calendar_texts import holidays_unknown
from hto_track.services.views import CohortStandings, LessonPlan
from hto_track.web.pictures.board_rows import LoadRow, Person, Row, load_row, mondays_shown, row_of, weeks_of
from hto_track.web.pictures.reasons import counted_warnings


class _Chosen(StrEnum):
    @classmethod
    def of(cls, text: str | None) -> Self:
        """The member that a query parameter names; the first when it names none."""
        return cls(text) if text in tuple(cls) else next(iter(cls))


class Show(_Chosen):
    """Which participants a board shows."""

    ALL = "all"
    NOW = "now"
    SOON = "soon"
    OVER = "over"
    WAITING = "waiting"


class Sort(_Chosen):
    """In what order, within each part of the board."""

    URGENCY = "urgency"
    NAME = "name"
    ATTENDANCE = "attendance"
    ASSIGNMENTS = "assignments"
    INTERNSHIP = "internship"
    LOAD = "load"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """A number that is a link to who it counts."""

    id: str
    value: str
    label: str
    icon: str
    icon_class: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The head of a column: a link that sorts; ``aria_sort`` is set on the column that the board is sorted by."""

    id: str
    label: str
    href: str
    aria_sort: str | None
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the board: now, soon or fine."""

    id: str
    icon: str
    icon_class: str
    title: str
    advice: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastLesson:
    """The latest lesson on or before today: whose attendance is to be recorded."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole page. ``parts``, ``headers``, ``load_rows`` and ``note`` are what the table fragment needs."""

    cohort_code: str
    title: str
    eyebrow: str
    stats: tuple[Stat, ...]
    last_lesson: LastLesson | None
    mail_href: str
    mail_text: str
    headers: tuple[Header, ...]
    sorted_by: str
    labels: dict[str, str]
    parts: tuple[Part, ...]
    shown_text: str
    is_empty: bool
    has_nobody: bool
    is_over: bool
    """Whether nobody takes part at all, rather than nobody being shown."""
    load_table_title: str
    room_title: str
    load_weeks: tuple[tuple[str, str], ...]
    load_rows: tuple[LoadRow, ...]
    note: str


LABELS: dict[str, Any] = {
    "who": _l("Participant"),
    "why": _l("Why"),
    "attendance": _l("Attendance"),
    "assignments": _l("Assignments"),
    "internship": _l("Internship hours"),
    "load": _l("Load 8 weeks"),
    "expected": _l("Diploma forecast"),
}
SORTS: dict[str, Sort] = {
    "who": Sort.NAME,
    "why": Sort.URGENCY,
    "attendance": Sort.ATTENDANCE,
    "assignments": Sort.ASSIGNMENTS,
    "internship": Sort.INTERNSHIP,
    "load": Sort.LOAD,
    "expected": Sort.EXPECTED,
}
DIRECTIONS: dict[Sort, str] = {
    Sort.URGENCY: "descending",
    Sort.NAME: "ascending",
    Sort.ATTENDANCE: "ascending",
    Sort.ASSIGNMENTS: "ascending",
    Sort.INTERNSHIP: "ascending",
    Sort.LOAD: "descending",
    Sort.EXPECTED: "descending",
}
"""What ``aria-sort`` says: who needs something comes first."""
PARTS: tuple[tuple[Attention, str, str, Any, Any], ...] = (
    (Attention.NOW, "circle-alert", "i-bad", _l("Needs attention now"), _l("call or mail this week")),
    (Attention.SOON, "eye", "i-warn", _l("Keep an eye on"), _l("ask at the next lesson")),
    (Attention.FINE, "circle-check", "i-ok", _l("On course"), _l("nothing needed")),
)


def board_picture(standings: CohortStandings, show: Show, sort: Sort, at: datetime) -> Board:
    """The board of ``standings`` as made ``at`` that moment, of those to ``show``, in the order of ``sort``."""
    people = tuple(Person(standing=member, weeks=weeks_of(member, standings.on)) for member in standings.members)
    shown = [person for person in people if _SHOWN[show](person)]
    ordered = sorted(shown, key=lambda person: (*_ORDER[sort](person, standings.on), person.standing.member.code))
    code = standings.cohort.code
    return Board(
        cohort_code=code,
        title=_title(standings),
        eyebrow=week_of_cohort(standings),
        stats=_stats(people, code, show, sort),
        last_lesson=last_lesson(standings),
        mail_href="mailto:?bcc=" + quote(",".join(person.standing.member.email for person in ordered), safe="@,"),
        mail_text=ngettext("Mail %(num)s participant", "Mail these %(num)s participants", len(ordered)),
        headers=tuple(
            Header(
                id=name,
                label=str(label),
                href=_href(code, show, SORTS[name]),
                aria_sort=DIRECTIONS[sort] if SORTS[name] is sort else None,
                icon="arrow-up" if DIRECTIONS[sort] == "ascending" else "arrow-down",
            )
            for name, label in LABELS.items()
        ),
        sorted_by=next(str(LABELS[name]) for name, by in SORTS.items() if by is sort),
        labels={name: str(label) for name, label in LABELS.items()},
        parts=_parts(ordered, standings),
        shown_text=ngettext("%(num)s participant shown", "%(num)s participants shown", len(ordered))
        if standings.members
        else _("Nobody takes part in this cohort yet."),
        is_empty=not ordered,
        has_nobody=not standings.members,
        is_over=standings.cohort.end_on < standings.on,
        load_table_title=_("Show the hours a week as a table"),
        room_title=_("Room"),
        load_weeks=tuple((str(monday.isocalendar().week), day_tiny(monday)) for monday in mondays_shown(standings.on)),
        load_rows=tuple(load_row(person) for person in ordered),
        note=_note(standings, at),
    )


def week_of_cohort(standings: CohortStandings) -> str:
    """Which week of the cohort it is: ``week 14 van 47``, or that it is over or still to begin."""
    cohort, on = standings.cohort, standings.on
    first, last = monday_of(cohort.start_on), monday_of(cohort.end_on)
    if on < cohort.start_on:
        return ngettext("begins in %(num)s day", "begins in %(num)s days", (cohort.start_on - on).days)
    if on > cohort.end_on:
        return _("finished")
    return _(
        "week %(number)s of %(total)s",
        number=(monday_of(on) - first).days // 7 + 1,
        total=(last - first).days // 7 + 1,
    )


def _title(standings: CohortStandings) -> str:
    now = sum(member.attention is Attention.NOW for member in standings.members)
    if not now:
        return _("%(cohort)s: nobody needs attention now", cohort=standings.cohort.name)
    return ngettext(
        "%(cohort)s: %(num)s participant needs attention now",
        "%(cohort)s: %(num)s participants need attention now",
        now,
        cohort=standings.cohort.name,
    )


def _reds(person: Person, on: date) -> tuple[int, int]:
    counted = counted_warnings(person.standing, on)
    reds = sum(warning.level is Level.RED for warning in counted)
    return -reds, reds - len(counted)


def _late(person: Person, _on: date) -> tuple[bool, int]:
    standing = person.standing.standing
    return standing.expected_on is None, -(
        standing.expected_on - standing.span.last
    ).days if standing.expected_on else 0


_SHOWN: dict[Show, Callable[[Person], bool]] = {
    Show.ALL: lambda person: True,
    Show.NOW: lambda person: person.standing.attention is Attention.NOW,
    Show.SOON: lambda person: person.standing.attention is Attention.SOON,
    Show.OVER: lambda person: person.is_over,
    Show.WAITING: lambda person: person.awaiting > 0,
}
_ORDER: dict[Sort, Callable[[Person, date], tuple[Any, ...]]] = {
    Sort.URGENCY: _reds,
    Sort.NAME: lambda person, on: (person.standing.member.name.casefold(),),
    Sort.ATTENDANCE: lambda person, on: (
        person.standing.standing.attendance.rate is None,
        person.standing.standing.attendance.rate or 0,
    ),
    Sort.ASSIGNMENTS: lambda person, on: (person.standing.standing.assignments.share_done,),
    Sort.INTERNSHIP: lambda person, on: (person.standing.standing.internship.counted,),
    Sort.LOAD: lambda person, on: (
        -sum(minutes for minutes, _above in person.weeks) / person.standing.standing.load.capacity,
    ),
    Sort.EXPECTED: _late,
}


def _href(code: str, show: Show, sort: Sort) -> str:
    chosen: dict[str, Any] = {}
    if show is not Show.ALL:
        chosen["show"] = show.value
    if sort is not Sort.URGENCY:
        chosen["sort"] = sort.value
    return url_for("cohorts.board", cohort_code=code, **chosen)


def _stats(people: tuple[Person, ...], code: str, show: Show, sort: Sort) -> tuple[Stat, ...]:
    def counted(which: Show) -> str:
        return str(sum(map(_SHOWN[which], people)))

    waiting = hours_short(sum(person.awaiting for person in people), 1)
    cells: tuple[tuple[Show, str, Any, str, str], ...] = (
        (Show.ALL, counted(Show.ALL), _l("All participants"), "", ""),
        (Show.NOW, counted(Show.NOW), _l("Attention now"), "circle-alert", "i-bad"),
        (Show.SOON, counted(Show.SOON), _l("To watch"), "eye", "i-warn"),
        (Show.OVER, counted(Show.OVER), _l("Above their room"), "weight", "i-bad"),
        (Show.WAITING, waiting, _l("Waiting at schools"), "mail-check", "i-warn"),
    )
    return tuple(
        Stat(
            id=f"stat-{which.value}",
            value=value,
            label=str(label),
            icon=icon,
            icon_class=icon_class,
            href=_href(code, which, sort),
            is_current=which is show,
        )
        for which, value, label, icon, icon_class in cells
    )


def last_lesson(standings: CohortStandings) -> LastLesson | None:
    """The latest lesson that came, which may be tonight's; None before the first."""
    given: list[LessonPlan] = [
        lesson for lesson in standings.plan.lessons if lesson.on <= standings.on and not lesson.cancelled
    ]
    if not given:
        return None
    last = max(given, key=lambda lesson: (lesson.on, lesson.starts_at, lesson.number))
    return LastLesson(number=last.number, text=_("Attendance lesson %(number)s", number=last.number))


def _parts(people: list[Person], standings: CohortStandings) -> tuple[Part, ...]:
    parts = []
    for attention, icon, icon_class, title, advice in PARTS:
        rows = tuple(row_of(person, standings) for person in people if person.standing.attention is attention)
        if rows:
            parts.append(
                Part(
                    id=attention.value,
                    icon=icon,
                    icon_class=icon_class,
                    title=f"{title} ({len(rows)})",
                    advice=str(advice),
                    rows=rows,
                )
            )
    return tuple(parts)


def _note(standings: CohortStandings, at: datetime) -> str:
    minimums = {member.facts.programme.internship_min for member in standings.members}
    parts = []
    if len(minimums) == 1:
        parts.append(_("Small mark at internship hours: the minimum of %(hours)s.", hours=hours(minimums.pop())))
    parts.append(_("Small mark at attendance: what the diploma asks."))
    parts.append(_("Dashed line at load: the room that the participant gave. Red bars rise above it."))
    parts.append(
        _(
            "As of %(week)s, updated %(moment)s.",
            week=week(standings.on),
            moment=moment(at),
        )
    )
    told = (holidays_unknown(member.facts.calendar, member.standing.span.last) for member in standings.members)
    parts.append(next(filter(None, told), ""))
    return " ".join(filter(None, parts))
