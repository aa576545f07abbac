"""The closing interview before it is held: for whom it can be planned, and who waits for what (RULES.md section 4)."""

from datetime import date
from enum import StrEnum

from hto_track.rules.diploma import Requirements
from hto_track.rules.facts import EntryState, Facts
from hto_track.rules.internship import state_seen
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import Span

FINAL_ASSESSMENT = "final_assessment"


class Closing(StrEnum):
    """Where a participant stands with the closing interview."""

    HELD = "held"
    """Its day has come and nothing was recorded yet."""
    PLANNED = "planned"
    READY = "ready"
    """Everything else is met, so it can be planned."""
    NOT_YET = "not_yet"
    PASSED = "passed"
    OUT_OF_REACH = "out_of_reach"


def closing_of(requirements: Requirements, planned_on: date | None, on: date) -> Closing:
    """Where somebody stands on ``on`` whose interview is planned on ``planned_on``, if it is."""
    if requirements.final_assessment is RequirementState.MET:
        return Closing.PASSED
    if planned_on is not None:
        return Closing.HELD if planned_on <= on else Closing.PLANNED
    if requirements.final_assessment is RequirementState.OUT_OF_REACH:
        return Closing.OUT_OF_REACH
    others = (state for name, state in requirements.by_name() if name != FINAL_ASSESSMENT)
    return Closing.READY if all(state is RequirementState.MET for state in others) else Closing.NOT_YET


def last_step_on(facts: Facts, span: Span) -> date:
    """The latest date, up to ``span.on``, of a fact that the diploma asks for: since when nothing new was waited for."""
    steps = [span.first]
    steps += [lesson.on for lesson in facts.lessons if not lesson.cancelled]
    steps += [attempt.assessed_on for task in facts.assignments for attempt in task.attempts if attempt.assessed_on]
    steps += [
        entry.decided_on
        for entry in facts.internship
        if entry.decided_on and state_seen(entry, span) is EntryState.CONFIRMED
    ]
    steps += [recorded_on for checkpoint in facts.checkpoints for recorded_on in checkpoint.recorded_on]
    steps += [held.on for held in facts.final_assessments]
    return max(step for step in steps if step <= span.on or step == span.first)
