"""Warnings: which codes hold on a date, and what an evaluation does to the open ones (RULES.md section 6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from hto_track.rules.assignments import AssignmentState
from hto_track.rules.attendance import ATTENDED, lessons_of
from hto_track.rules.days import Days, week_name
from hto_track.rules.facts import EnrolmentStatus, EntryState, Facts, Thresholds
from hto_track.rules.internship import SCHOOL_DAYS_PER_WEEK, SLOWEST_PACE_AT_RISK, state_seen
from hto_track.rules.load import Load
from hto_track.rules.requirement import RequirementState
from hto_track.rules.rounding import hours_of, round_half_up
from hto_track.rules.standing import Standing

EVALUATIONS_TO_EASE = 2
EVALUATIONS_TO_CLOSE = 2


class WarningCode(StrEnum):
    """What a warning is about."""

    OVERLOAD = "overload"
    SUSTAINED_LOAD = "sustained_load"
    INTERNSHIP_PACE = "internship_pace"
    NO_PLACEMENT = "no_placement"
    ATTENDANCE = "attendance"
    OVERDUE = "overdue"
    SILENT = "silent"
    UNCONFIRMED = "unconfirmed"


class Level(StrEnum):
    """How much a warning asks for attention."""

    AMBER = "amber"
    RED = "red"


Figures = dict[str, float | int | str | list[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """That a code holds on a date, how strongly, and the figures it rests on (hours, shares and days)."""

    code: WarningCode
    level: Level
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWarning:
    """An open warning as its last evaluation left it.

    Counts are of evaluations in a row without the code, without red.
    """

    code: WarningCode
    level: Level
    opened_on: date
    escalated_on: date | None = None
    misses: int = 0
    red_misses: int = 0


class Change(StrEnum):
    """What an evaluation did to a warning."""

    OPENED = "opened"
    ESCALATED = "escalated"
    EASED = "eased"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A warning after an evaluation.

    ``change`` is None when it stays as it was, ``alarm`` None when its code does not hold.
    """

    warning: OpenWarning
    change: Change | None
    alarm: Alarm | None


def alarms(facts: Facts, standing: Standing) -> tuple[Alarm, ...]:
    """The codes that hold on the date of ``standing``, each at the higher of its levels, in the order of
    ``WarningCode``.
    """
    span = standing.span
    found: list[Alarm | None] = []
    if span.status is EnrolmentStatus.ACTIVE and span.on <= span.last:
        limits = facts.programme.thresholds
        found += [
            _overload(standing.load, limits),
            _sustained_load(standing.load, limits),
            _internship_pace(standing),
            _no_placement(facts, standing),
            _attendance(facts, standing),
            _overdue(standing, limits),
            _silent(facts, standing),
        ]
    if span.status in (EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED):
        found.append(_unconfirmed(facts, standing))
    return tuple(alarm for alarm in found if alarm is not None)


def evaluate(open_warnings: Iterable[OpenWarning], holding: Iterable[Alarm], on: date) -> tuple[Evaluated, ...]:
    """What one evaluation on ``on`` makes of the open warnings of an enrolment and the alarms that hold."""
    by_code = {alarm.code: alarm for alarm in holding}
    known = {warning.code: warning for warning in open_warnings}
    return tuple(
        _kept(known[code], by_code.get(code), on) if code in known else _opened(by_code[code], on)
        for code in WarningCode
        if code in known or code in by_code
    )


def _opened(alarm: Alarm, on: date) -> Evaluated:
    warning = OpenWarning(code=alarm.code, level=alarm.level, opened_on=on)
    return Evaluated(warning=warning, change=Change.OPENED, alarm=alarm)


def _kept(warning: OpenWarning, alarm: Alarm | None, on: date) -> Evaluated:
    misses = 0 if alarm else warning.misses + 1
    red_misses = 0 if alarm and alarm.level is Level.RED else warning.red_misses + 1
    counted = replace(warning, misses=misses, red_misses=red_misses)
    if misses >= EVALUATIONS_TO_CLOSE:
        return Evaluated(warning=counted, change=Change.CLOSED, alarm=alarm)
    if warning.level is Level.AMBER and alarm and alarm.level is Level.RED:
        raised = replace(counted, level=Level.RED, escalated_on=on)
        return Evaluated(warning=raised, change=Change.ESCALATED, alarm=alarm)
    if warning.level is Level.RED and red_misses >= EVALUATIONS_TO_EASE:
        return Evaluated(warning=replace(counted, level=Level.AMBER), change=Change.EASED, alarm=alarm)
    return Evaluated(warning=counted, change=None, alarm=alarm)


def _alarm(code: WarningCode, figures: Figures, *, amber: bool, red: bool) -> Alarm | None:
    if not (amber or red):
        return None
    return Alarm(code=code, level=Level.RED if red else Level.AMBER, figures=figures)


def _hours(minutes: Fraction | int) -> float:
    return float(hours_of(minutes))


def _share(value: Fraction | None) -> float | None:
    return None if value is None else float(round_half_up(value, 4))


def _overload(load: Load, limits: Thresholds) -> Alarm | None:
    if not load.next4:
        return None
    heaviest = max(load.next4, key=lambda week: week.study)
    amber = [week for week in load.next4 if week.study > limits.overload_amber * load.capacity]
    return _alarm(
        WarningCode.OVERLOAD,
        {
            "week": week_name(heaviest.monday),
            "study": _hours(heaviest.study),
            "with_job": _hours(heaviest.with_job),
            "capacity": _hours(load.capacity),
        },
        amber=bool(amber),
        red=heaviest.study > limits.overload_red * load.capacity
        or any(week.with_job > limits.overload_red_with_job for week in amber),
    )


def _sustained_load(load: Load, limits: Thresholds) -> Alarm | None:
    mean = load.next4_mean
    if mean is None:
        return None
    amber = mean > limits.sustained_amber * load.capacity
    return _alarm(
        WarningCode.SUSTAINED_LOAD,
        {"mean": _hours(mean), "with_job": _hours(mean + load.job), "capacity": _hours(load.capacity)},
        amber=amber,
        red=mean > limits.sustained_red * load.capacity or (amber and mean + load.job > limits.sustained_red_with_job),
    )


def _requirement_alarm(code: WarningCode, state: RequirementState, figures: Figures) -> Alarm | None:
    return _alarm(
        code,
        figures,
        amber=state is RequirementState.AT_RISK,
        red=state is RequirementState.OUT_OF_REACH,
    )


def _internship_pace(standing: Standing) -> Alarm | None:
    internship, span = standing.internship, standing.span
    pace = internship.pace_needed
    days_at_calm_pace = ceil(Fraction(internship.remaining * SCHOOL_DAYS_PER_WEEK, SLOWEST_PACE_AT_RISK))
    days_short = max(0, days_at_calm_pace - internship.school_days_left)
    return _requirement_alarm(
        WarningCode.INTERNSHIP_PACE,
        internship.state,
        {
            "pace_needed": None if pace is None else _hours(pace),
            "remaining": _hours(internship.remaining),
            "school_days_left": internship.school_days_left,
            "last_day": span.last.isoformat(),
            "weeks_later": ceil(Fraction(days_short, SCHOOL_DAYS_PER_WEEK)),
        },
    )


def _no_placement(facts: Facts, standing: Standing) -> Alarm | None:
    span, limits = standing.span, facts.programme.thresholds
    ends = [placement.end_on for placement in facts.placements]
    if not standing.internship.remaining or any(end >= span.on for end in ends):
        return None
    days = _quiet_days(facts, standing, since=max([span.first, *ends]))
    return _alarm(
        WarningCode.NO_PLACEMENT,
        {"days": days, "remaining": _hours(standing.internship.remaining)},
        amber=days >= limits.no_placement_amber,
        red=days >= limits.no_placement_red,
    )


def _attendance(facts: Facts, standing: Standing) -> Alarm | None:
    attendance = standing.attendance
    return _requirement_alarm(
        WarningCode.ATTENDANCE,
        attendance.state,
        {
            "rate": _share(attendance.rate),
            "projected": _share(attendance.projected),
            "attainable": _share(attendance.attainable),
            "minimum": _share(facts.programme.min_attendance),
            "missed": attendance.missed,
            "held": attendance.held,
            "repairable": attendance.repairable,
        },
    )


def _overdue(standing: Standing, limits: Thresholds) -> Alarm | None:
    overdue = [item for item in standing.assignments.mandatory if item.state is AssignmentState.OVERDUE]
    failed = [item for item in standing.assignments.mandatory if item.state is AssignmentState.FAILED]
    days = max(((standing.span.on - item.due_on).days for item in overdue), default=0)
    return _alarm(
        WarningCode.OVERDUE,
        {
            "overdue": [item.assignment.code for item in overdue],
            "failed": [item.assignment.code for item in failed],
            "days": days,
        },
        amber=days >= limits.overdue_amber_days,
        red=len(overdue) >= limits.overdue_red_count or bool(failed),
    )


def _silent(facts: Facts, standing: Standing) -> Alarm | None:
    span, limits = standing.span, facts.programme.thresholds
    # Who never gave a sign has been quiet from the first day on, that day included.
    since = max(_signs_of_life(facts, standing), default=span.first - timedelta(days=1))
    days = _quiet_days(facts, standing, since=since)
    return _alarm(
        WarningCode.SILENT,
        {"days": days, "since": max(since, span.first).isoformat()},
        amber=days >= limits.silent_amber,
        red=days >= limits.silent_red,
    )


def _signs_of_life(facts: Facts, standing: Standing) -> list[date]:
    """The dates, up to ``on``, of attended marks, internship entries, study-log rows and submissions."""
    span = standing.span
    dates = [lesson.on for lesson in lessons_of(facts, span) if lesson.mark in ATTENDED]
    dates += [entry.on for entry in facts.internship if state_seen(entry, span) is not None]
    dates += [row.on for row in facts.study_log]
    dates += [
        attempt.submitted_on
        for assignment in facts.assignments
        for attempt in assignment.attempts
        if attempt.number > 0
    ]
    return [day for day in dates if day <= span.on]


def _quiet_days(facts: Facts, standing: Standing, *, since: date) -> int:
    """The dates of the active span outside school holidays that lie after ``since``, up to ``on``."""
    span = standing.span
    quiet: Days = span.active.within(since + timedelta(days=1), span.on)
    return len(facts.calendar.outside_holidays(quiet))


def _unconfirmed(facts: Facts, standing: Standing) -> Alarm | None:
    span, limits = standing.span, facts.programme.thresholds
    waiting = [entry for entry in facts.internship if state_seen(entry, span) is EntryState.SUBMITTED]
    days = max(((span.on - entry.submitted_on).days for entry in waiting), default=0)
    return _alarm(
        WarningCode.UNCONFIRMED,
        {"days": days, "entries": len(waiting), "hours": _hours(sum(entry.minutes for entry in waiting))},
        amber=days >= limits.unconfirmed_amber,
        red=days >= limits.unconfirmed_red,
    )
