"""What a row must hold by itself: the cells of one row against each other."""

from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.rules.facts import AttemptOutcome, EnrolmentStatus, EntryState
from hto_track.services.importing.files import Row
from hto_track.services.importing.kinds import shown_hours

Trouble = tuple[str, Any]
"""A column, and what was expected there."""

DATED_STATUSES = (EnrolmentStatus.PAUSED, EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED)
UNDECIDED = (EntryState.DRAFT, EntryState.SUBMITTED)


def troubles_of(file: str, values: Row) -> Iterator[Trouble]:
    """What is wrong within one row of ``file``; a cell that could not be read is left out of account."""
    rule = ROW_RULES.get(file)
    if rule is not None:
        yield from rule(values)


def _has(values: Row, *names: str) -> bool:
    """Whether all of these are there and filled."""
    return all(values.get(name) is not None for name in names)


def _in_order(first: str, last: str) -> Callable[[Row], Iterator[Trouble]]:
    def rule(values: Row) -> Iterator[Trouble]:
        if _has(values, first, last) and values[last] < values[first]:
            yield last, _l("a date on or after %(first)s, %(date)s", first=first, date=values[first].isoformat())

    return rule


def _at_most(values: Row, low: str, high: str, shown: Callable[[Any], str] = str) -> Iterator[Trouble]:
    if _has(values, low, high) and values[low] > values[high]:
        yield low, _l("at most %(high)s, %(value)s", high=high, value=shown(values[high]))


def _programme(values: Row) -> Iterator[Trouble]:
    yield from _at_most(values, "internship_min_hours", "internship_max_hours", shown_hours)


def _cohort(values: Row) -> Iterator[Trouble]:
    yield from _in_order("start_on", "end_on")(values)
    yield from _at_most(values, "min_participants", "max_participants")


def _lesson(values: Row) -> Iterator[Trouble]:
    if _has(values, "start", "end") and values["end"] <= values["start"]:
        yield "end", _l("a time after the start, %(start)s", start=values["start"].strftime("%H:%M"))


def _participant(values: Row) -> Iterator[Trouble]:
    yield from _in_order("start_on", "end_on")(values)
    yield from _at_most(values, "release_hours_per_week", "job_hours_per_week", shown_hours)
    if values.get("status") in DATED_STATUSES and values.get("status_on", ...) is None:
        yield "status_on", _l("a date, because the status is %(status)s", status=values["status"].value)


def _attempt(values: Row) -> Iterator[Trouble]:
    if not {"attempt", "assessed_on", "outcome", "resit_due_on"} <= values.keys():
        return
    outcome = values["outcome"]
    is_exempt = outcome is AttemptOutcome.EXEMPT
    if values["attempt"] == 0 and not is_exempt:
        yield "outcome", _l("exempt, because the attempt is 0")
    elif values["attempt"] != 0 and is_exempt:
        yield "outcome", _l("passed or failed; exempt belongs to attempt 0")
    if outcome is not None and values["assessed_on"] is None:
        yield "assessed_on", _l("the date of the outcome")
    elif outcome is None and values["assessed_on"] is not None and values["attempt"] != 0:
        yield "outcome", _l("the outcome of %(date)s", date=values["assessed_on"].isoformat())
    if values["attempt"] != 0:
        yield from _in_order("submitted_on", "assessed_on")(values)
    if values["resit_due_on"] is not None and outcome is not AttemptOutcome.FAILED:
        yield "resit_due_on", _l("an empty cell: a resit belongs to the attempt that failed")


def _internship_hours(values: Row) -> Iterator[Trouble]:
    if {"start", "end", "hours"} <= values.keys():
        start, end, hours = values["start"], values["end"], values["hours"]
        if hours is not None and (start is not None or end is not None):
            yield "hours", _l("start and end, or hours, not both")
        elif hours is None and start is None and end is None:
            yield "hours", _l("start and end, or hours")
        elif hours is None and start is None:
            yield "start", _l("the start that belongs to the end")
        elif hours is None and end is None:
            yield "end", _l("the end that belongs to the start")
    if values.get("state") in UNDECIDED and values.get("confirmed_on") is not None:
        yield "confirmed_on", _l("an empty cell: the state is %(state)s", state=values["state"].value)


ROW_RULES: dict[str, Callable[[Row], Iterator[Trouble]]] = {
    "programmes": _programme,
    "cohorts": _cohort,
    "lessons": _lesson,
    "assignments": _in_order("opens_on", "due_on"),
    "participants": _participant,
    "school_holidays": _in_order("first_day", "last_day"),
    "pauses": _in_order("start_on", "end_on"),
    "placements": _in_order("start_on", "end_on"),
    "attempts": _attempt,
    "internship_hours": _internship_hours,
}
