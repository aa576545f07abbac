"""Where one participant stands on a date: all judgements of RULES.md over the same facts and ground."""

from dataclasses import dataclass
from datetime import date

from hto_track.rules.assignments import Assignments, Outcomes, judge_assignments, judge_outcomes
from hto_track.rules.attendance import Attendance, judge_attendance
from hto_track.rules.diploma import (
    Checkpoints,
    Requirements,
    expected_on,
    judge_checkpoints,
    judge_final_assessment,
)
from hto_track.rules.facts import Facts
from hto_track.rules.internship import Internship, judge_internship
from hto_track.rules.load import Load, plan_load
from hto_track.rules.span import Span, span_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The judgement that every page, mail, document and command takes its figures from."""

    span: Span
    attendance: Attendance
    assignments: Assignments
    outcomes: Outcomes
    internship: Internship
    checkpoints: Checkpoints
    requirements: Requirements
    expected_on: date | None
    load: Load


def judge(facts: Facts, on: date) -> Standing:
    """Everything that can be said of ``facts`` on the date ``on``."""
    span = span_of(facts, on)
    attendance = judge_attendance(facts, span)
    assignments = judge_assignments(facts, span)
    outcomes = judge_outcomes(assignments)
    internship = judge_internship(facts, span)
    checkpoints = judge_checkpoints(facts, span)
    requirements = Requirements(
        attendance=attendance.state,
        assignments=assignments.state,
        outcomes=outcomes.state,
        internship=internship.state,
        final_assessment=judge_final_assessment(facts, span),
        checkpoints=checkpoints.state,
    )
    return Standing(
        span=span,
        attendance=attendance,
        assignments=assignments,
        outcomes=outcomes,
        internship=internship,
        checkpoints=checkpoints,
        requirements=requirements,
        expected_on=expected_on(
            facts,
            span,
            requirements=requirements,
            assignments=assignments,
            internship=internship,
        ),
        load=plan_load(facts, span, assignments, internship),
    )
