"""The path of one participant: does this week fit, what comes next, which week gets too full, what is still missing."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from hto_track.formats import (
    clock_from_to,
    day_short,
    day_year,
    days_from_to,
    month_short,
    sentence,
    week,
    weekday_short,
    when,
)
from hto_track.rules.attendance import lessons_of
from hto_track.rules.attention import is_snoozed
from hto_track.rules.days import monday_of
from hto_track.rules.facts import EnrolmentStatus, Mark
from hto_track.rules.forecast import Forecast
from hto_track.rules.warnings import Level
from hto_track.services.views import LessonPlan, MemberStanding, ParticipantStanding, WarningInForce
from hto_track.services.warning_texts import Titles, explanation, headline, titles_of, way_out
from hto_track.web.pictures.expected import ExpectedCard, VerdictCard, expected_card, verdict_card
from hto_track.web.pictures.interviews import OwnInterview, own_interview
from hto_track.web.pictures.reasons import missed_without_word, status_note
from hto_track.web.pictures.requirements import InternshipHours, Requirements, internship_hours, requirements
from hto_track.web.pictures.warning_answers import AnswerTag, answer_tag
from hto_track.web.pictures.ways_out import BestWay, best_way
from hto_track.web.pictures.weeks import AllWeeks, ThisWeek, WeeksAhead, all_weeks, this_week, weeks_ahead

WARNINGS_IN_FULL = 2
"""So many that they did not answer yet a participant reads in full on their own page, which else is long on a phone; of the
others the titles are in sight."""


class Reader(Enum):
    """Who looks at a path: the participant, or who guides them."""

    PARTICIPANT = "participant"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLesson:
    """The next lesson: a leaf of the calendar and its details."""

    number: int
    weekday: str
    day: str
    month: str
    when: str
    title: str
    details: tuple[str, ...]
    absence_text: str
    """What leads to the page on which an absence is announced, or taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWarning:
    """An open warning in plain words."""

    id: int
    level: str
    level_class: str
    icon: str
    headline: str
    why: str
    way_out: str
    since: str
    snoozed: str
    can_be_snoozed: bool
    answer: AnswerTag | None
    is_folded: bool
    """Whether only its title is in sight at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The whole page."""

    participant_code: str
    cohort_code: str
    title: str
    eyebrow: str
    crumb_href: str
    crumb: str
    status: str
    status_class: str
    status_icon: str
    is_own: bool
    this_week: ThisWeek
    next_lesson: NextLesson | None
    interview: OwnInterview | None
    missed: str
    warnings: tuple[OpenWarning, ...]
    weeks_ahead: WeeksAhead
    best_way: BestWay | None
    internship: InternshipHours
    requirements: Requirements
    all_weeks: AllWeeks | None
    places: tuple[tuple[str, str], ...]
    contact: str
    expected: ExpectedCard | None
    verdict: VerdictCard | None


def traject_picture(standing: ParticipantStanding, forecast: Forecast, reader: Reader) -> Path:
    """The path of ``standing`` as ``reader`` sees it."""
    person, plan, on = standing.member, standing.plan, standing.on
    yours = reader is Reader.PARTICIPANT
    monday = monday_of(on)
    status, status_class, status_icon = _status(person)
    titles = titles_of(plan.assignments)
    dates = f"{sentence(week(on))} · {days_from_to(monday, monday + timedelta(days=6))}"
    return Path(
        participant_code=person.member.code,
        cohort_code=standing.cohort.code,
        title=_("My path") if yours else person.member.name,
        eyebrow=dates if yours else " · ".join(filter(None, (person.member.employer, dates))),
        crumb_href="" if yours else url_for("cohorts.board", cohort_code=standing.cohort.code),
        crumb="" if yours else standing.cohort.name,
        status=status,
        status_class=status_class,
        status_icon=status_icon,
        is_own=yours,
        this_week=this_week(person, yours=yours),
        next_lesson=_next_lesson(standing),
        interview=own_interview(standing.appointment, on),
        missed=_missed(person, yours=yours),
        warnings=_warnings(person, titles, on, yours=yours),
        weeks_ahead=weeks_ahead(person, forecast, standing.own_plan, yours=yours),
        best_way=best_way(standing, yours=yours),
        internship=internship_hours(person),
        requirements=requirements(person, plan),
        all_weeks=all_weeks(person),
        places=tuple(
            (
                placement.school,
                " · ".join(
                    filter(
                        None,
                        (
                            placement.supervisor_name,
                            f"{day_short(placement.start_on)} – {day_short(placement.end_on)} {placement.end_on.year}",
                        ),
                    )
                ),
            )
            for placement in standing.placements
        ),
        contact=(standing.cohort.leader_email or "") if yours else person.member.email,
        expected=expected_card(standing),
        verdict=verdict_card(standing, yours=yours),
    )


def _status(person: MemberStanding) -> tuple[str, str, str]:
    """What is to be said under the name when somebody is not simply taking part, with its class and its icon."""
    if person.diploma is not None:
        return _("Diploma awarded on %(date)s", date=day_year(person.diploma.awarded_on)), "ok", "graduation-cap"
    is_paused = person.standing.span.status is EnrolmentStatus.PAUSED
    return sentence(status_note(person)), "", "pause" if is_paused else "info"


def _urgency(warning: WarningInForce) -> tuple[bool, date]:
    return warning.level is not Level.RED, warning.opened_on


def _next_lesson(standing: ParticipantStanding) -> NextLesson | None:
    person, on = standing.member, standing.on
    mine = {lesson.number for lesson in lessons_of(person.facts, person.standing.span)}
    coming: list[LessonPlan] = [
        lesson for lesson in standing.plan.lessons if lesson.on >= on and not lesson.cancelled and lesson.number in mine
    ]
    if not coming:
        return None
    lesson = min(coming, key=lambda lesson: (lesson.on, lesson.starts_at, lesson.number))
    details = [clock_from_to(lesson.starts_at, lesson.ends_at)]
    if standing.cohort.location:
        details.append(standing.cohort.location)
    return NextLesson(
        number=lesson.number,
        weekday=weekday_short(lesson.on),
        day=str(lesson.on.day),
        month=month_short(lesson.on),
        when=_("Next lesson · %(when)s", when=when(lesson.on, on)),
        title=lesson.title or _("Lesson %(number)s", number=lesson.number),
        details=tuple(details),
        absence_text=_("You are excused") if _is_excused(person, lesson) else _("I cannot come"),
    )


def _missed(person: MemberStanding, *, yours: bool) -> str:
    """That somebody was absent without word several times in a row, and what is asked of who reads it."""
    said = "".join(missed_without_word(person))
    if not said:
        return ""
    if yours:
        return _("%(said)s. Tell your project leader how it goes.", said=sentence(said))
    return _("%(said)s. Call this week to ask how it goes.", said=sentence(said))


def _is_excused(person: MemberStanding, lesson: LessonPlan) -> bool:
    return any(one.number == lesson.number and one.mark is Mark.EXCUSED for one in person.facts.lessons)


def _warnings(person: MemberStanding, titles: Titles, on: date, *, yours: bool) -> tuple[OpenWarning, ...]:
    warnings = sorted(person.warnings, key=_urgency)
    in_full = [warning.id for warning in warnings if warning.answer is None][:WARNINGS_IN_FULL]
    return tuple(
        _warning(warning, titles, on, yours=yours, is_folded=yours and warning.id not in in_full)
        for warning in warnings
    )


def _warning(warning: WarningInForce, titles: Titles, on: date, *, yours: bool, is_folded: bool) -> OpenWarning:
    level, level_class, icon = _LEVELS[warning.level]
    snoozed = is_snoozed(warning.snoozed_until, on)
    until: Any = day_short(warning.snoozed_until) if warning.snoozed_until else ""
    note = f": {warning.snooze_note}" if warning.snooze_note else ""
    return OpenWarning(
        id=warning.id,
        level=_("Put off until %(date)s", date=until)
        if snoozed
        else (_("Now") if level == "now" else _("Keep an eye on")),
        level_class="" if snoozed else level_class,
        icon="bell-off" if snoozed else icon,
        headline=headline(warning, titles),
        why=explanation(warning, titles),
        way_out=way_out(warning, titles),
        since=_("Open since %(date)s", date=day_short(warning.opened_on)),
        snoozed=note.removeprefix(": ") if snoozed else "",
        can_be_snoozed=not snoozed,
        answer=answer_tag(warning.answer, yours=yours),
        is_folded=is_folded,
    )


_LEVELS = {Level.RED: ("now", "bad", "circle-alert"), Level.AMBER: ("soon", "warn", "eye")}
