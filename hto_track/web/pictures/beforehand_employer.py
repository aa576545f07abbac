"""What a year of somebody asks of their employer: facts, and what they can do."""

from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import (
    hours,
    week,
    weekday,
)
from hto_track.rules.beforehand import Beforehand
from hto_track.services.beforehand import YearAhead
from hto_track.web.load_answers import Asked
from hto_track.web.pictures.beforehand import query_of
from hto_track.web.pictures.beforehand_words import A_MONDAY, HeavyLine, given_text, heavy_lines, period


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerPage:
    """The same for an employer: facts, and what they can do."""

    cohort_code: str
    title: str
    eyebrow: str
    given: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    does: tuple[str, ...]
    heaviest: tuple[HeavyLine, ...]
    back_href: str
    share_url: str


def employer_page(ahead: YearAhead, told: Beforehand, asked: Asked) -> EmployerPage:
    """The employer's page for what was asked."""
    query = query_of(asked)
    return EmployerPage(
        cohort_code=ahead.cohort.code,
        title=_("What does it ask of an employer?"),
        eyebrow=" · ".join((ahead.cohort.programme_title, ahead.cohort.name, period(ahead.cohort))),
        given=given_text(told, asked),
        lead=_(
            "Somebody who works for you thinks of becoming a hybrid teacher. The training takes %(hours)s a week on average,"
            " beside the job.",
            hours=hours(told.mean, 1),
        ),
        facts=employer_facts(told, asked),
        does=employer_does(told),
        heaviest=heavy_lines(ahead, told),
        back_href=url_for("beforehand.cohort", cohort_code=ahead.cohort.code, **query),
        share_url=url_for("beforehand.employer", cohort_code=ahead.cohort.code, _external=True, **query),
    )


def employer_facts(told: Beforehand, asked: Asked) -> tuple[tuple[str, str], ...]:
    """What an employer wants to know first."""
    days = told.internship
    release = (asked.room.release if asked.room else 0) or 0
    return (
        (_("Study a week, on average"), hours(told.mean, 1)),
        (_("Freed from the job now, a week"), hours(release)),
        (_("Missing for nearly every week to fit"), hours(told.lacking)),
        (_("Internship"), _("%(hours)s, about %(days)s school days", hours=hours(days.minutes), days=days.needed)),
        (_("Of these in working time"), ngettext("%(num)s day", "%(num)s days", min(days.days_off, days.needed))),
        (_("Lessons"), _lesson_days(told)),
    )


def employer_does(told: Beforehand) -> tuple[str, ...]:
    """What an employer can do, the weightiest first."""
    does = []
    if told.lacking:
        does.append(
            _(
                "Give %(hours)s of the working week for the study: then nearly every week fits.",
                hours=hours(told.lacking),
            )
        )
    if told.internship.days_off:
        does.append(
            ngettext(
                "Agree on about %(num)s working day for the internship, before the start.",
                "Agree on about %(num)s working days for the internship, spread over the year, before the start.",
                told.internship.days_off,
            )
        )
    if told.heaviest:
        names = ", ".join(week(one.week.monday) for one in sorted(told.heaviest, key=lambda one: one.week.monday))
        does.append(_("Plan no overtime and no shifts in the fullest weeks: %(weeks)s.", weeks=names))
    does.append(_("Ask every month whether it still fits. Who says early that a week is too full can still move work."))
    return tuple(does)


def _lesson_days(told: Beforehand) -> str:
    parts = []
    for one in told.lesson_days:
        on = weekday(A_MONDAY + timedelta(days=one.weekday))
        if one.in_working_time:
            said = _(
                "%(lessons)s on %(weekday)s, of which %(working)s in working time",
                lessons=one.lessons,
                weekday=on,
                working=one.in_working_time,
            )
        else:
            said = _("%(lessons)s on %(weekday)s, outside working time", lessons=one.lessons, weekday=on)
        parts.append(said)
    return "; ".join(parts) or _("none planned yet")
