"""One participant as boards and lists show them: meters and the expected date, all from one judgement."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day_short, day_year, hours_short, percent
from hto_track.rules.attention import Attention
from hto_track.rules.diploma import EARLIEST_FORECAST, weeks_late
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.requirement import RequirementState
from hto_track.services.views import MemberStanding

WEEKS_LATE_MARKED = 3
"""From how many weeks after the last day the expected date is marked: red is kept for who needs attention now."""

CLASS_OF_STATE = {
    RequirementState.OUT_OF_REACH: "bad",
    RequirementState.AT_RISK: "warn",
    RequirementState.ON_TRACK: "",
    RequirementState.MET: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A figure with its bar: ``state`` is the class, ``state_text`` what a screen reader hears for it, ``mark`` a norm."""

    text: str
    state: str
    state_text: str
    filled: str
    mark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The expected date, and how late it is."""

    text: str
    note: str
    state: str

    @property
    def is_late(self) -> bool:
        """Whether a triangle stands before the note."""
        return self.state in ("late", "mid")


def state_text(state: RequirementState) -> str:
    """What a mark in front of a figure means, for who cannot see it."""
    if state is RequirementState.OUT_OF_REACH:
        return _("cannot be reached like this")
    return _("at risk") if state is RequirementState.AT_RISK else ""


def attendance_meter(person: MemberStanding) -> Meter:
    """The share of lessons attended."""
    attendance = person.standing.attendance
    rate = attendance.rate
    return _meter(
        "–" if rate is None else percent(rate),
        attendance.state,
        float(rate or 0),
        float(person.facts.programme.min_attendance) if attendance.lessons else None,
    )


def assignments_meter(person: MemberStanding) -> Meter:
    """How many of the mandatory assignments are done."""
    assignments = person.standing.assignments
    return _meter(
        _("%(done)s of %(total)s", done=len(assignments.done), total=len(assignments.mandatory)),
        assignments.state,
        float(assignments.share_done),
        None,
    )


def internship_meter(person: MemberStanding) -> Meter:
    """The internship hours confirmed and awaiting, against the maximum, with a mark at the minimum."""
    internship = person.standing.internship
    whole = max(internship.maximum, internship.minimum, 1)
    return _meter(
        hours_short(internship.counted, 1), internship.state, internship.counted / whole, internship.minimum / whole
    )


def expected(person: MemberStanding, on: date) -> Expected:
    """When the diploma can be there, or why that cannot be said."""
    standing, span = person.standing, person.standing.span
    late = "late" if person.attention is Attention.NOW else "mid"
    if person.diploma is not None:
        return Expected(text=_("Awarded"), note=day_year(person.diploma.awarded_on), state="ok")
    if span.status in (EnrolmentStatus.WITHDRAWN, EnrolmentStatus.APPLIED):
        return Expected(text="–", note="", state="")
    if standing.requirements.state is RequirementState.MET:
        return Expected(text=_("All done"), note=_("diploma can be awarded"), state="ok")
    if standing.requirements.state is RequirementState.OUT_OF_REACH:
        return Expected(text="–", note=_("not within reach now"), state=late)
    if span.status is EnrolmentStatus.COMPLETED:
        return Expected(text="–", note="", state="")
    if standing.expected_on is None:
        starts_on = span.first + EARLIEST_FORECAST
        note = _("from %(date)s", date=day_short(starts_on)) if on < starts_on else _("no pace known yet")
        return Expected(text="–", note=note, state="")
    weeks = weeks_late(standing.expected_on, span)
    if weeks is None:
        return Expected(text=_("more than a year late"), note="", state=late)
    if not weeks:
        return Expected(text=day_year(standing.expected_on), note=_("on time"), state="")
    return Expected(
        text=day_year(standing.expected_on),
        note=ngettext("%(num)s week later", "%(num)s weeks later", weeks),
        state=late if weeks >= WEEKS_LATE_MARKED else "",
    )


def _meter(text: str, state: RequirementState, filled: float, mark: float | None) -> Meter:
    return Meter(
        text=text,
        state=CLASS_OF_STATE[state],
        state_text=state_text(state),
        filled=_percent(min(1.0, filled)),
        mark=None if mark is None else _percent(mark),
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f}"
