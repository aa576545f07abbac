"""The rows of a board: one participant each, with what filters and orders ask of their load."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import ngettext

from hto_track.formats import hours, hours_bare
from hto_track.rules.days import monday_of
from hto_track.services.views import CohortStandings, MemberStanding
from hto_track.web.pictures.charts import Spark, spark
from hto_track.web.pictures.people import (
    Expected,
    Meter,
    assignments_meter,
    attendance_meter,
    expected,
    internship_meter,
)
from hto_track.web.pictures.reasons import reasons, snoozed_note, status_note
from hto_track.web.pictures.warning_answers import AnswerTag, most_pressing

WEEKS_SHOWN = 8
REASONS_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSpark:
    """The spark of a row, None where nothing is planned any more, and what it says in words."""

    chart: Spark | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A participant."""

    code: str
    href: str
    name: str
    under_name: str
    reasons: tuple[str, ...]
    more_reasons: str
    answer: AnswerTag | None
    attendance: Meter
    assignments: Meter
    internship: Meter
    load: LoadSpark
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """A participant in the table of weekly hours."""

    name: str
    room: str
    weeks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A participant with what filters, order and sparks ask of their load: minutes by week shown, above the room or not."""

    standing: MemberStanding
    weeks: tuple[tuple[Any, bool], ...]

    @property
    def is_over(self) -> bool:
        """Whether a week shown lies above the room."""
        return any(above for _minutes, above in self.weeks)

    @property
    def awaiting(self) -> int:
        """Minutes of internship that wait for a school."""
        return self.standing.standing.internship.awaiting


def is_over_room(member: MemberStanding, on: date) -> bool:
    """Whether one of the weeks shown, from this one on, lies above their room."""
    return any(above for _minutes, above in weeks_of(member, on))


def mondays_shown(on: date) -> tuple[date, ...]:
    """The Mondays of the weeks shown: this one and those after it."""
    return tuple(monday_of(on) + timedelta(weeks=at) for at in range(WEEKS_SHOWN))


def weeks_of(member: MemberStanding, on: date) -> tuple[tuple[Any, bool], ...]:
    """Minutes of study in each week shown, and whether they lie above the room; nothing is planned after an end."""
    load = member.standing.load
    planned = load.weeks if member.standing.span.goes_on else ()
    known = {week.monday: (week.study, load.is_above_room(week)) for week in planned}
    return tuple(known.get(monday, (0, False)) for monday in mondays_shown(on))


def row_of(person: Person, standings: CohortStandings) -> Row:
    """A participant on the board."""
    member, on = person.standing.member, standings.on
    why = reasons(person.standing, standings.plan, on)
    snoozed = snoozed_note(person.standing, on)
    left = len(why) - REASONS_SHOWN
    more = [ngettext("and %(num)s more", "and %(num)s more", left)] if left > 0 else []
    return Row(
        code=member.code,
        href=url_for("traject.of_participant", participant_code=member.code),
        name=member.name,
        under_name=" · ".join(filter(None, (member.employer, status_note(person.standing)))),
        reasons=why[:REASONS_SHOWN],
        more_reasons=" · ".join([*more, *([snoozed] if snoozed else [])]),
        answer=most_pressing(person.standing.warnings),
        attendance=attendance_meter(person.standing),
        assignments=assignments_meter(person.standing),
        internship=internship_meter(person.standing),
        load=load_spark(person),
        expected=expected(person.standing, on),
    )


def load_spark(person: Person) -> LoadSpark:
    """The weeks shown as a spark, with the same in words."""
    room = person.standing.standing.load.capacity
    above = sum(is_above for _minutes, is_above in person.weeks)
    said = ", ".join(hours_bare(minutes, 1) for minutes, _above in person.weeks)
    return LoadSpark(
        chart=spark(person.weeks, room) if any(minutes for minutes, _above in person.weeks) else None,
        text=ngettext(
            "Hours a week, from this week on: %(hours)s. Room %(room)s. %(num)s week above it.",
            "Hours a week, from this week on: %(hours)s. Room %(room)s. %(num)s weeks above it.",
            above,
            hours=said,
            room=hours(room, 1),
        ),
    )


def load_row(person: Person) -> LoadRow:
    """The weeks shown as figures."""
    return LoadRow(
        name=person.standing.member.name,
        room=hours_bare(person.standing.standing.load.capacity, 1),
        weeks=tuple(
            ((f"▲{hours_bare(minutes, 1)}", "isover") if above else (hours_bare(minutes, 1), ""))
            for minutes, above in person.weeks
        ),
    )
