"""A year told beforehand, in words: on the public page, for an employer, and on paper."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import (
    day_year,
    days_from_to,
    hours,
    hours_bare,
    hours_short,
    sentence,
    week,
)
from hto_track.models.load import Verdict
from hto_track.rules.beforehand import Beforehand, Fit, HeavyWeek, Reason, Why
from hto_track.services.beforehand import OpenCohort, YearAhead
from hto_track.web.load_answers import Asked

SUNDAY = timedelta(days=6)


A_MONDAY = date(2026, 6, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyLine:
    """A week that asks much, and why."""

    title: str
    dates: str
    total: str
    with_job: str
    is_over: bool
    reasons: tuple[tuple[str, str, str], ...]
    """The series that each is drawn with, what it is, and its hours."""


def headline(told: Beforehand) -> tuple[str, str, str, str]:
    """The answer in one sentence, with its word, its colour and its icon."""
    weeks = len(told.busy)
    if told.fit is Fit.ALWAYS:
        return (
            ngettext("It fits: in the one week that there is", "It fits: in all %(num)s weeks", weeks),
            _("Fits"),
            "ok",
            "circle-check",
        )
    if told.fit is Fit.MOSTLY:
        text = _("It mostly fits: %(fitting)s of the %(weeks)s weeks", fitting=told.fitting, weeks=weeks)
        return text, _("Mostly"), "warn", "triangle-alert"
    if told.mean > told.room:
        text = _(
            "It does not fit: %(mean)s on average, you have %(room)s",
            mean=hours(told.mean, 1),
            room=hours_bare(told.room, 1),
        )
    else:
        text = _("It does not fit: %(above)s of the %(weeks)s weeks are too full", above=told.above, weeks=weeks)
    return text, _("Does not fit"), "bad", "weight"


def given_text(told: Beforehand, asked: Asked) -> str:
    """The hours that the answer is about."""
    job = asked.room.job if asked.room else told.job
    said = _("With %(job)s of work and %(room)s for the study a week", job=hours(job), room=hours(told.room))
    release = job - told.job
    return (
        _("%(said)s, of which %(release)s given by your employer", said=said, release=hours(release))
        if release
        else said
    )


def explained(told: Beforehand) -> str:
    """The mean and the heaviest week, with the job."""
    if not told.heaviest:
        return _("Nothing is planned in this cohort yet.")
    top = told.heaviest[0].week
    return _(
        "On average %(mean)s a week. The heaviest week asks %(most)s; with your job that is %(all)s.",
        mean=hours(told.mean, 1),
        most=hours(top.study, 1),
        all=hours(top.with_job, 1),
    )


def heavy_lines(ahead: YearAhead, told: Beforehand) -> tuple[HeavyLine, ...]:
    """The heaviest weeks."""
    return tuple(_heavy(one, told, ahead.assignments) for one in told.heaviest)


def totals_lines(told: Beforehand) -> tuple[tuple[str, str], ...]:
    """The whole year."""
    totals = told.totals
    return (
        (_("Lessons"), hours(totals.lessons, 1)),
        (_("Travel"), hours(totals.travel, 1)),
        (_("Preparation"), hours(totals.preparation, 1)),
        (_("Assignments"), hours(totals.assignments, 1)),
        (_("Internship"), hours(totals.internship, 1)),
        (_("Together"), hours(totals.together, 1)),
    )


def internship_text(told: Beforehand) -> tuple[str, str]:
    """What the internship asks of working days, with a class."""
    days = told.internship
    if not days.needed:
        return _("This training has no internship."), "ok"
    lead = _(
        "The internship is on school days: %(hours)s, about %(days)s days.",
        hours=hours(days.minutes),
        days=days.needed,
    )
    if not days.is_feasible:
        left = ngettext(
            "Only %(num)s school day is left for it.", "Only %(num)s school days are left for it.", days.school_days
        )
        return f"{lead} {left}", "bad"
    if not days.days_off:
        free = _(
            "On the days that you do not work there are %(free)s school days: it fits without days off.", free=days.free
        )
        return f"{lead} {free}", "ok"
    some = _("You work on every school day.")
    if days.free:
        some = _("On the days that you do not work there are only %(free)s school days.", free=days.free)
    off = ngettext(
        "Arrange about %(num)s day off with your employer.",
        "Arrange about %(num)s days off with your employer.",
        days.days_off,
    )
    return f"{lead} {some} {off}", "warn"


def fits_lines(told: Beforehand) -> tuple[str, ...]:
    """Which room would do."""
    if told.fit is Fit.ALWAYS:
        return ()
    lines = []
    if told.spared and told.lacking:
        lines.append(
            _(
                "With %(room)s a week all fits but %(spared)s weeks, which you can plan for.",
                room=hours(told.room_for_most),
                spared=told.spared,
            )
        )
    lines.append(_("With %(room)s a week every week fits.", room=hours(told.room_for_all)))
    return tuple(lines)


def period(cohort: OpenCohort) -> str:
    """From when to when a cohort runs."""
    return _("%(first)s to %(last)s", first=day_year(cohort.start_on), last=day_year(cohort.end_on))


def _heavy(one: HeavyWeek, told: Beforehand, titles: dict[str, str]) -> HeavyLine:
    return HeavyLine(
        title=sentence(week(one.week.monday)),
        dates=days_from_to(one.week.monday, one.week.monday + SUNDAY),
        total=hours(one.week.study, 1),
        with_job=_("%(hours)s with the job", hours=hours(one.week.with_job, 1)),
        is_over=one.week.study > told.room,
        reasons=tuple(_reason(reason, titles) for reason in one.reasons),
    )


def _reason(reason: Reason, titles: dict[str, str]) -> tuple[str, str, str]:
    said = hours_short(reason.minutes, 1)
    match reason.why:
        case Why.LESSONS:
            numbers = ", ".join(map(str, reason.lessons))
            return (
                "lessons",
                ngettext("Lesson %(which)s", "Lessons %(which)s", len(reason.lessons), which=numbers),
                said,
            )
        case Why.PREPARATION:
            return "lessons", _("Preparation"), said
        case Why.INTERNSHIP:
            return "internship", _("Internship"), said
        case Why.ASSIGNMENT:
            name = f"{reason.code} {titles.get(reason.code, '')}".strip()
            text = _("%(assignment)s, due in this week", assignment=name) if reason.is_due else name
            return "assignments", text, said


VERDICTS: dict[Verdict, Any] = {
    Verdict.LIGHTER: _l("Lighter than expected"),
    Verdict.AS_EXPECTED: _l("As expected"),
    Verdict.HEAVIER: _l("Heavier than expected"),
}
