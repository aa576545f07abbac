"""The rule of each warning in words, with the settings of its programme (RULES.md section 6)."""

# mypy: disable-error-code="no-any-return"
# ... because flask_babel has no types.

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import hours, percent
from hto_track.rules.facts import Programme
from hto_track.rules.internship import FASTEST_PACE_IN_REACH, SLOWEST_PACE_AT_RISK
from hto_track.rules.warnings import EVALUATIONS_TO_CLOSE, WarningCode


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInWords:
    """When a warning is amber, when red, and when it ends."""

    amber: str
    red: str
    ends: str


def rule_in_words(code: WarningCode, settings: Programme) -> RuleInWords:
    """The rule of ``code`` as this programme has set it."""
    amber, red = _RULES[code](settings)
    return RuleInWords(
        amber=amber,
        red=red,
        ends=_(
            "Every night it is looked at anew. When it does not hold %(times)s times in a row, the warning closes.",
            times=EVALUATIONS_TO_CLOSE,
        ),
    )


def _overload(settings: Programme) -> tuple[str, str]:
    limits = settings.thresholds
    return (
        _("A week of the coming four takes more than %(share)s of the room.", share=percent(limits.overload_amber)),
        _(
            "A week takes more than %(share)s of the room, or with the job more than %(hours)s.",
            share=percent(limits.overload_red),
            hours=hours(limits.overload_red_with_job),
        ),
    )


def _sustained_load(settings: Programme) -> tuple[str, str]:
    limits = settings.thresholds
    return (
        _(
            "The coming four weeks take on average more than %(share)s of the room.",
            share=percent(limits.sustained_amber),
        ),
        _(
            "They take on average more than %(share)s of the room, or with the job more than %(hours)s a week.",
            share=percent(limits.sustained_red),
            hours=hours(limits.sustained_red_with_job),
        ),
    )


def _internship_pace(settings: Programme) -> tuple[str, str]:
    return (
        _(
            "To come to %(hours)s of internship, more than %(pace)s a week are needed from now on.",
            hours=hours(settings.internship_min),
            pace=hours(SLOWEST_PACE_AT_RISK),
        ),
        _(
            "More than %(pace)s a week are needed, more than fits in the days left, or no school day is left.",
            pace=hours(FASTEST_PACE_IN_REACH),
        ),
    )


def _no_placement(settings: Programme) -> tuple[str, str]:
    limits = settings.thresholds
    said = _("For %(days)s days there has been no school, school holidays not counted, while internship hours remain.")
    return said % {"days": limits.no_placement_amber}, said % {"days": limits.no_placement_red}


def _attendance(settings: Programme) -> tuple[str, str]:
    share = percent(settings.min_attendance)
    return (
        _("If it goes on like the last lessons, attendance stays below %(share)s.", share=share),
        _("Even with all lessons to come, attendance stays below %(share)s.", share=share),
    )


def _overdue(settings: Programme) -> tuple[str, str]:
    limits = settings.thresholds
    return (
        ngettext(
            "A mandatory assignment should have been handed in %(num)s day ago, or longer.",
            "A mandatory assignment should have been handed in %(num)s days ago, or longer.",
            limits.overdue_amber_days,
        ),
        ngettext(
            "%(num)s mandatory assignment is too late, or one was not passed and has no attempts left.",
            "%(num)s mandatory assignments are too late, or one was not passed and has no attempts left.",
            limits.overdue_red_count,
        ),
    )


def _silent(settings: Programme) -> tuple[str, str]:
    limits = settings.thresholds
    said = _("For %(days)s days nothing was recorded: no lesson, hours, study or work. School holidays do not count.")
    return said % {"days": limits.silent_amber}, said % {"days": limits.silent_red}


def _unconfirmed(settings: Programme) -> tuple[str, str]:
    limits = settings.thresholds
    said = _("Internship hours wait for their supervisor for %(days)s days or longer.")
    return said % {"days": limits.unconfirmed_amber}, said % {"days": limits.unconfirmed_red}


_RULES: dict[WarningCode, Callable[[Programme], tuple[str, str]]] = {
    WarningCode.OVERLOAD: _overload,
    WarningCode.SUSTAINED_LOAD: _sustained_load,
    WarningCode.INTERNSHIP_PACE: _internship_pace,
    WarningCode.NO_PLACEMENT: _no_placement,
    WarningCode.ATTENDANCE: _attendance,
    WarningCode.OVERDUE: _overdue,
    WarningCode.SILENT: _silent,
    WarningCode.UNCONFIRMED: _unconfirmed,
}
