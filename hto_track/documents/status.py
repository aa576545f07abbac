"""``hto-track status --json``: where everyone of a cohort stands (FORMATS.md)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from hto_track.documents.figures import hours, hours_or_none, iso, rate
from hto_track.rules.standing import Standing


def status_document(cohort: str, on: date, participants: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The whole answer, participants as ``participant_document`` makes them."""
    return {"cohort": cohort, "on": iso(on), "participants": list(participants)}


def participant_document(
    code: str, standing: Standing, *, awarded_on: date | None, register_number: str | None
) -> dict[str, Any]:
    """One participant's standing."""
    attendance, internship, requirements = standing.attendance, standing.internship, standing.requirements
    return {
        "participant": code,
        "status": standing.span.status.value,
        "attendance": {
            "held": attendance.held,
            "attended": attendance.attended,
            "missed": attendance.missed,
            "made_up": attendance.made_up,
            "unmarked": attendance.unmarked,
            "upcoming": attendance.upcoming,
            "rate": rate(attendance.rate),
            "attainable": rate(attendance.attainable),
            "recent": rate(attendance.recent),
            "projected": rate(attendance.projected),
            "state": attendance.state.value,
        },
        "assignments": {
            "mandatory": len(standing.assignments.mandatory),
            "states": {item.assignment.code: item.state.value for item in standing.assignments.standings},
            "state": standing.assignments.state.value,
        },
        "outcomes": {
            "achieved": list(standing.outcomes.achieved),
            "total": len(standing.outcomes.states),
            "state": standing.outcomes.state.value,
        },
        "internship": {
            "minimum": hours(internship.minimum),
            "maximum": hours(internship.maximum),
            "confirmed": hours(internship.confirmed),
            "awaiting": hours(internship.awaiting),
            "rejected": hours(internship.rejected),
            "extra": hours(internship.extra),
            "remaining": hours(internship.remaining),
            "school_days_left": internship.school_days_left,
            "pace_needed": hours_or_none(internship.pace_needed),
            "state": internship.state.value,
        },
        "final_assessment": {"state": requirements.final_assessment.value},
        "checkpoints": {
            "states": {code: state.value for code, state in standing.checkpoints.states.items()},
            "state": standing.checkpoints.state.value,
        },
        "diploma": {
            "state": requirements.state.value,
            "expected_on": iso(standing.expected_on),
            "awarded_on": iso(awarded_on),
            "register_number": register_number,
        },
        "load": {
            "this_week": hours(standing.load.this_week),
            "next4_mean": hours_or_none(standing.load.next4_mean),
            "capacity": hours(standing.load.capacity),
        },
    }
