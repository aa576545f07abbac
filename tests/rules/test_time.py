"""RULES.md section 0, over any facts: the past does not know the future, order does not matter, and what is met stays
met.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hto_track.rules.assignments import first_due_on
from hto_track.rules.facts import (
    Assignment,
    Attempt,
    EnrolmentStatus,
    EntryState,
    Facts,
    InternshipEntry,
    Pause,
)
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import span_of
from hto_track.rules.standing import judge
from hto_track.rules.warnings import alarms
from tests.rules.strategies import DATED, dates, facts, moments, pauses


def known_on(known: Facts, on: date) -> Facts:
    """Only the facts dated up to ``on``, by the list of section 0; plans stay."""
    enrolment = known.enrolment
    if enrolment.status in DATED and enrolment.status_on is not None and enrolment.status_on > on:
        enrolment = replace(enrolment, status=EnrolmentStatus.ACTIVE, status_on=None)
    return replace(
        known,
        enrolment=enrolment,
        lessons=tuple(replace(lesson, mark=lesson.mark if lesson.on <= on else None) for lesson in known.lessons),
        assignments=tuple(
            replace(one, attempts=tuple(seen for attempt in one.attempts if (seen := _attempt_on(attempt, on))))
            for one in known.assignments
        ),
        internship=tuple(hours for entry in known.internship if (hours := _entry_on(entry, on))),
        study_log=tuple(row for row in known.study_log if row.on <= on),
        final_assessments=tuple(held for held in known.final_assessments if held.on <= on),
        checkpoints=tuple(
            replace(checkpoint, recorded_on=tuple(day for day in checkpoint.recorded_on if day <= on))
            for checkpoint in known.checkpoints
        ),
    )


def _attempt_on(attempt: Attempt, on: date) -> Attempt | None:
    if attempt.assessed_on is not None and attempt.assessed_on <= on:
        return attempt
    if attempt.number == 0 or attempt.submitted_on > on:
        return None
    return Attempt(number=attempt.number, submitted_on=attempt.submitted_on)


def _entry_on(entry: InternshipEntry, on: date) -> InternshipEntry | None:
    if entry.on > on or entry.submitted_on > on:
        return None
    if entry.decided_on is not None and entry.decided_on > on:
        return replace(entry, state=EntryState.SUBMITTED, decided_on=None)
    return entry


@settings(max_examples=300)
@given(facts, moments)
def test_a_question_about_the_past_has_the_same_answer_tomorrow(known: Facts, on: date) -> None:
    then = known_on(known, on)
    now_told, then_told = judge(known, on), judge(then, on)
    assert _without_attempts(now_told) == _without_attempts(then_told)
    assert alarms(known, now_told) == alarms(then, then_told)


def _without_attempts(standing: Any) -> Any:
    """A judgement carries the assignment it is of, with its attempts: those are facts, not part of what was judged."""
    assignments = standing.assignments
    return replace(
        standing,
        assignments=replace(
            assignments,
            standings=tuple(
                replace(one, assignment=replace(one.assignment, attempts=())) for one in assignments.standings
            ),
        ),
    )


@given(facts, moments, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(known: Facts, on: date, random: Any) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(values, len(values)))

    mixed = replace(
        known,
        enrolment=replace(known.enrolment, pauses=shuffled(known.enrolment.pauses)),
        lessons=shuffled(known.lessons),
        assignments=tuple(
            replace(one, attempts=shuffled(one.attempts), outcomes=shuffled(one.outcomes)) for one in known.assignments
        ),
        placements=shuffled(known.placements),
        internship=shuffled(known.internship),
        study_log=shuffled(known.study_log),
        final_assessments=shuffled(known.final_assessments),
        checkpoints=tuple(replace(one, recorded_on=shuffled(one.recorded_on)) for one in known.checkpoints),
    )
    one, other = judge(known, on), judge(mixed, on)
    assert _without_outcomes(one) == _without_outcomes(other)
    assert alarms(known, one) == alarms(mixed, other)


def _without_outcomes(standing: Any) -> Any:
    plain = _without_attempts(standing)
    return replace(
        plain,
        assignments=replace(
            plain.assignments,
            standings=tuple(
                replace(one, assignment=replace(one.assignment, outcomes=())) for one in plain.assignments.standings
            ),
        ),
    )


@given(facts, moments, st.integers(1, 120))
def test_what_is_met_stays_met(known: Facts, on: date, days: int) -> None:
    earlier, later = judge(known, on), judge(known, on + timedelta(days=days))
    for (name, before), (_, after) in zip(earlier.requirements.by_name(), later.requirements.by_name(), strict=True):
        if before is RequirementState.MET:
            assert after is RequirementState.MET, name
    for code, state in earlier.outcomes.states.items():
        if state is RequirementState.MET:
            assert later.outcomes.states[code] is RequirementState.MET
    assert set(earlier.outcomes.achieved) <= set(later.outcomes.achieved)


@given(facts, moments)
def test_the_diploma_is_never_better_than_any_of_its_requirements(known: Facts, on: date) -> None:
    order = list(RequirementState)
    requirements = judge(known, on).requirements
    assert all(order.index(requirements.state) <= order.index(state) for _, state in requirements.by_name())
    assert requirements.state in [state for _, state in requirements.by_name()]


@given(facts, pauses, moments)
def test_a_pause_never_brings_a_due_date_forward(known: Facts, pause: Pause, on: date) -> None:
    enrolment = known.enrolment
    longer = replace(known, enrolment=replace(enrolment, pauses=(*enrolment.pauses, pause)))
    for one in known.assignments:
        before, after = first_due_on(one, span_of(known, on)), first_due_on(one, span_of(longer, on))
        assert after >= before
        if one.extended_to is not None:
            assert before == after == one.extended_to


@given(facts, moments)
def test_a_due_date_leaves_as_many_dates_as_the_cohort_has(known: Facts, on: date) -> None:
    span = span_of(known, on)
    for one in known.assignments:
        own = replace(one, extended_to=None)
        assert _dates_had(own, first_due_on(own, span), span) == (own.due_on - own.opens_on).days + 1


def _dates_had(one: Assignment, due_on: date, span: Any) -> int:
    had = 0
    day = one.opens_on
    while day <= due_on:
        had += day >= span.first and day not in span.paused
        day += timedelta(days=1)
    return had


@given(facts, moments)
def test_the_expected_date_lies_two_weeks_ahead_at_least_and_within_a_year_of_the_end(known: Facts, on: date) -> None:
    standing = judge(known, on)
    if standing.expected_on is None:
        return
    latest = standing.span.last + timedelta(days=365)
    assert min(on + timedelta(days=14), latest) <= standing.expected_on <= latest
    assert standing.requirements.state in (RequirementState.AT_RISK, RequirementState.ON_TRACK)


@given(facts, dates)
def test_after_a_withdrawal_no_time_passes(known: Facts, stopped: date) -> None:
    """Without new facts the judgement of any later date is that of the day itself."""
    ended = known_on(
        replace(known, enrolment=replace(known.enrolment, status=EnrolmentStatus.WITHDRAWN, status_on=stopped)), stopped
    )
    at_once, later = judge(ended, stopped), judge(ended, stopped + timedelta(days=50))
    assert later.load == at_once.load
    assert later.assignments == at_once.assignments
    assert later.checkpoints == at_once.checkpoints
