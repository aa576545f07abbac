"""A warning in words: what it is, why it stands with its figures, and what would end it (RULES.md section 6).

Pure functions of a warning, in the language texts are being put into; no sentence says "you", so that the board, the
participant's page and the mails can all use them. The figures are those of ``rules/warnings.py``: hours, shares, days, dates.
They name assignments by code: ``titles`` says what those are called.
"""

# mypy: disable-error-code="no-any-return"
# ... because flask_babel has no types.

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import NBSP, day_plain, hours_said, number, percent
from hto_track.rules.warning_figures import hours_above_room
from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.views import AssignmentPlan, WarningInForce

Figures = dict[str, Any]
Titles = Mapping[str, str]
NAMING_ASSIGNMENTS = ("overdue", "failed")
"""The figures that are codes of assignments."""


def titles_of(assignments: Iterable[AssignmentPlan]) -> dict[str, str]:
    """What assignments are called, by code."""
    return {plan.code: plan.title for plan in assignments}


def headline(warning: WarningInForce, titles: Titles) -> str:
    """A few words for a board or a subject: ``Week 27: 21,5 uur, ruimte 12 uur``."""
    return _HEADLINES[warning.code](_named(warning, titles))


def explanation(warning: WarningInForce, titles: Titles) -> str:
    """Why it stands, with its figures, in one or two sentences."""
    return _EXPLANATIONS[warning.code](_named(warning, titles), warning.level)


def way_out(warning: WarningInForce, titles: Titles) -> str:
    """What would end it: ``7,5 uur stage per week tot en met 9 juli, of een einddatum 3 weken later``."""
    return _WAYS_OUT[warning.code](_named(warning, titles), warning.level)


def in_three(warning: WarningInForce, titles: Titles) -> str:
    """All of it, for a mail: what, why, and what would end it, a line each."""
    parts = (headline(warning, titles), explanation(warning, titles), way_out(warning, titles))
    return "\n".join(part for part in parts if part)


def with_figures(warning: WarningInForce, level: Level, figures: Figures) -> WarningInForce:
    """The warning as it stood at an event of it."""
    return replace(warning, level=level, figures=figures)


def _named(warning: WarningInForce, titles: Titles) -> Figures:
    """The figures, with assignments by what they are called: the code of one that is not known any more."""
    names = {
        key: [_quoted(titles[code]) if code in titles else code for code in warning.figures[key]]
        for key in NAMING_ASSIGNMENTS
        if key in warning.figures
    }
    return warning.figures | names


def _quoted(title: str) -> str:
    return _("“%(title)s”", title=title)


def _week_number(name: str) -> str:
    """``2026-W07`` is week 7."""
    return str(int(name.rpartition("W")[2]))


def _hours(figures: Figures, key: str) -> str:
    return hours_said(figures[key])


def _less(figures: Figures, key: str) -> str:
    return hours_said(hours_above_room(figures, key), 1)


def _codes(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else _("%(first)s and %(last)s", first=", ".join(codes[:-1]), last=codes[-1])


def _on(iso_date: str) -> str:
    return day_plain(date.fromisoformat(iso_date)).replace(" ", NBSP)


# A few words


def _overload_headline(figures: Figures) -> str:
    return _(
        "Week %(week)s: %(study)s, room %(room)s",
        week=_week_number(figures["week"]),
        study=hours_said(figures["study"], 1),
        room=number(figures["capacity"]),
    )


def _sustained_headline(figures: Figures) -> str:
    return _(
        "%(mean)s a week on average, room %(room)s",
        mean=hours_said(figures["mean"], 1),
        room=number(figures["capacity"]),
    )


def _internship_headline(figures: Figures) -> str:
    if figures["pace_needed"] is None:
        return _("%(hours)s of internship left, no school days", hours=_hours(figures, "remaining"))
    return _("%(hours)s of internship a week needed", hours=hours_said(figures["pace_needed"], 1))


def _no_placement_headline(figures: Figures) -> str:
    return ngettext("No school for %(num)s day", "No school for %(num)s days", figures["days"])


def _attendance_headline(figures: Figures) -> str:
    return ngettext(
        "%(num)s of %(held)s lessons missed",
        "%(num)s of %(held)s lessons missed",
        figures["missed"],
        held=figures["held"],
    )


def _overdue_headline(figures: Figures) -> str:
    parts = []
    if figures["failed"]:
        parts.append(_("%(codes)s not passed", codes=_codes(figures["failed"])))
    if figures["overdue"]:
        parts.append(_("%(codes)s not handed in", codes=_codes(figures["overdue"])))
    return "; ".join(parts)


def _silent_headline(figures: Figures) -> str:
    return _("Nothing recorded since %(date)s", date=_on(figures["since"]))


def _unconfirmed_headline(figures: Figures) -> str:
    return ngettext(
        "%(hours)s waiting at the school for %(num)s day",
        "%(hours)s waiting at the school for %(num)s days",
        figures["days"],
        hours=_hours(figures, "hours"),
    )


_HEADLINES: dict[WarningCode, Callable[[Figures], str]] = {
    WarningCode.OVERLOAD: _overload_headline,
    WarningCode.SUSTAINED_LOAD: _sustained_headline,
    WarningCode.INTERNSHIP_PACE: _internship_headline,
    WarningCode.NO_PLACEMENT: _no_placement_headline,
    WarningCode.ATTENDANCE: _attendance_headline,
    WarningCode.OVERDUE: _overdue_headline,
    WarningCode.SILENT: _silent_headline,
    WarningCode.UNCONFIRMED: _unconfirmed_headline,
}


# Why


def _overload_why(figures: Figures, _level: Level) -> str:
    return _(
        "In week %(week)s %(study)s of study are planned, for a room of %(room)s. With the job it is %(with_job)s.",
        week=_week_number(figures["week"]),
        study=hours_said(figures["study"], 1),
        room=_hours(figures, "capacity"),
        with_job=hours_said(figures["with_job"], 1),
    )


def _sustained_why(figures: Figures, _level: Level) -> str:
    return _(
        "In the coming 4 weeks %(mean)s of study a week are planned on average, for a room of %(room)s. "
        "With the job it is %(with_job)s.",
        mean=hours_said(figures["mean"], 1),
        room=_hours(figures, "capacity"),
        with_job=hours_said(figures["with_job"], 1),
    )


def _internship_why(figures: Figures, _level: Level) -> str:
    return ngettext(
        "%(hours)s of internship are still needed, and %(num)s school day is left until %(last_day)s.",
        "%(hours)s of internship are still needed, and %(num)s school days are left until %(last_day)s.",
        figures["school_days_left"],
        hours=_hours(figures, "remaining"),
        last_day=_on(figures["last_day"]),
    )


def _no_placement_why(figures: Figures, _level: Level) -> str:
    return ngettext(
        "There has been no school for %(num)s day, school holidays not counted. %(hours)s of internship are still needed.",
        "There has been no school for %(num)s days, school holidays not counted. %(hours)s of internship are still needed.",
        figures["days"],
        hours=_hours(figures, "remaining"),
    )


def _attendance_why(figures: Figures, level: Level) -> str:
    minimum = percent(figures["minimum"])
    if level is Level.RED and figures["attainable"] is not None:
        return _(
            "%(missed)s of %(held)s lessons are missed. Even with all lessons to come it will be %(share)s at most; "
            "%(minimum)s is needed.",
            missed=figures["missed"],
            held=figures["held"],
            share=percent(figures["attainable"]),
            minimum=minimum,
        )
    return _(
        "%(missed)s of %(held)s lessons are missed. If it goes on like the last lessons it will be %(share)s; "
        "%(minimum)s is needed.",
        missed=figures["missed"],
        held=figures["held"],
        share=percent(figures["projected"] or 0),
        minimum=minimum,
    )


def _overdue_why(figures: Figures, _level: Level) -> str:
    parts = []
    if figures["failed"]:
        parts.append(
            ngettext(
                "%(codes)s is not passed, and no attempts are left.",
                "%(codes)s are not passed, and no attempts are left.",
                len(figures["failed"]),
                codes=_codes(figures["failed"]),
            )
        )
    if figures["overdue"]:
        parts.append(
            ngettext(
                "%(codes)s is not handed in yet; the date was %(days)s days ago.",
                "%(codes)s are not handed in yet; the oldest date was %(days)s days ago.",
                len(figures["overdue"]),
                codes=_codes(figures["overdue"]),
                days=figures["days"],
            )
        )
    return " ".join(parts)


def _silent_why(figures: Figures, _level: Level) -> str:
    return ngettext(
        "Since %(date)s no lesson, internship hours, study hours or assignment were recorded: %(num)s day, "
        "school holidays not counted.",
        "Since %(date)s no lesson, internship hours, study hours or assignment were recorded: %(num)s days, "
        "school holidays not counted.",
        figures["days"],
        date=_on(figures["since"]),
    )


def _unconfirmed_why(figures: Figures, _level: Level) -> str:
    return ngettext(
        "%(num)s entry of %(hours)s waits for the school to confirm it, for %(days)s days.",
        "%(num)s entries of together %(hours)s wait for the school to confirm them, the oldest for %(days)s days.",
        figures["entries"],
        hours=_hours(figures, "hours"),
        days=figures["days"],
    )


_EXPLANATIONS: dict[WarningCode, Callable[[Figures, Level], str]] = {
    WarningCode.OVERLOAD: _overload_why,
    WarningCode.SUSTAINED_LOAD: _sustained_why,
    WarningCode.INTERNSHIP_PACE: _internship_why,
    WarningCode.NO_PLACEMENT: _no_placement_why,
    WarningCode.ATTENDANCE: _attendance_why,
    WarningCode.OVERDUE: _overdue_why,
    WarningCode.SILENT: _silent_why,
    WarningCode.UNCONFIRMED: _unconfirmed_why,
}


# What would end it


def _overload_way_out(figures: Figures, _level: Level) -> str:
    return _(
        "Move %(less)s out of week %(week)s, or more room in that week.",
        less=_less(figures, "study"),
        week=_week_number(figures["week"]),
    )


def _sustained_way_out(figures: Figures, _level: Level) -> str:
    return _("%(less)s a week less in the coming 4 weeks, or more room.", less=_less(figures, "mean"))


def _internship_way_out(figures: Figures, _level: Level) -> str:
    weeks = figures["weeks_later"]
    if figures["pace_needed"] is None:
        return ngettext("An end date %(num)s week later.", "An end date %(num)s weeks later.", weeks)
    pace = {"pace": hours_said(figures["pace_needed"], 1), "last_day": _on(figures["last_day"])}
    if not weeks:
        return _("%(pace)s of internship a week until %(last_day)s.", **pace)
    return ngettext(
        "%(pace)s of internship a week until %(last_day)s, or an end date %(num)s week later.",
        "%(pace)s of internship a week until %(last_day)s, or an end date %(num)s weeks later.",
        weeks,
        **pace,
    )


def _no_placement_way_out(_figures: Figures, _level: Level) -> str:
    return _("A school with a qualified teacher as supervisor.")


def _attendance_way_out(figures: Figures, level: Level) -> str:
    if level is Level.RED:
        return _("An agreement with the college about the lessons that were missed.")
    if figures["repairable"]:
        return ngettext(
            "Be there at the coming lessons, and make up %(num)s lesson.",
            "Be there at the coming lessons, and make up at most %(num)s lessons.",
            figures["repairable"],
        )
    return _("Be there at the coming lessons.")


def _overdue_way_out(figures: Figures, _level: Level) -> str:
    if figures["failed"]:
        return _("An agreement with the college about %(codes)s.", codes=_codes(figures["failed"]))
    return _("Hand in %(codes)s, or agree on another date.", codes=_codes(figures["overdue"]))


def _silent_way_out(_figures: Figures, _level: Level) -> str:
    return _("Come to a lesson, log hours or hand something in. Or take a pause.")


def _unconfirmed_way_out(_figures: Figures, _level: Level) -> str:
    return _("The school confirms the hours, or says what is not right.")


_WAYS_OUT: dict[WarningCode, Callable[[Figures, Level], str]] = {
    WarningCode.OVERLOAD: _overload_way_out,
    WarningCode.SUSTAINED_LOAD: _sustained_way_out,
    WarningCode.INTERNSHIP_PACE: _internship_way_out,
    WarningCode.NO_PLACEMENT: _no_placement_way_out,
    WarningCode.ATTENDANCE: _attendance_way_out,
    WarningCode.OVERDUE: _overdue_way_out,
    WarningCode.SILENT: _silent_way_out,
    WarningCode.UNCONFIRMED: _unconfirmed_way_out,
}
