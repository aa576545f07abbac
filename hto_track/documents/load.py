"""``hto-track load --json``: one participant's load, week by week (FORMATS.md)."""

from datetime import date
from typing import Any

from hto_track.documents.figures import hours, iso
from hto_track.rules.days import week_name
from hto_track.rules.load import ActualWeek, Load, Week


def load_document(participant: str, on: date, load: Load) -> dict[str, Any]:
    """The whole answer."""
    return {
        "participant": participant,
        "on": iso(on),
        "capacity": hours(load.capacity),
        "job": hours(load.job),
        "weeks": [_week(week) for week in load.weeks],
    }


def _week(week: Week) -> dict[str, Any]:
    return {
        "week": week_name(week.monday),
        "lessons": hours(week.lessons),
        "preparation": hours(week.preparation),
        "assignments": hours(week.assignments),
        "internship": hours(week.internship),
        "study": hours(week.study),
        "with_job": hours(week.with_job),
        "actual": None if week.actual is None else _actual(week.actual),
    }


def _actual(actual: ActualWeek) -> dict[str, Any]:
    return {
        "lessons": hours(actual.lessons),
        "internship": hours(actual.internship),
        "study_log": hours(actual.study_log),
    }
