"""RULES.md section 2: due dates, states, and the two requirements over assignments. A1 runs over days 1 to 28."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from hto_track.rules.assignments import (
    Assignments,
    AssignmentState,
    first_due_on,
    judge_assignments,
    judge_outcomes,
)
from hto_track.rules.facts import Assignment, EnrolmentStatus, Facts
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import span_of
from tests.rules.cases import assignment, attempt, day, facts_of, pause

PASSED, EXEMPT, SUBMITTED = AssignmentState.PASSED, AssignmentState.EXEMPT, AssignmentState.SUBMITTED
FAILED, OVERDUE, RESIT, OPEN = (
    AssignmentState.FAILED,
    AssignmentState.OVERDUE,
    AssignmentState.RESIT,
    AssignmentState.OPEN,
)
FAIL_1 = attempt(1, 20, 25, "failed")
FAIL_2 = attempt(2, 40, 45, "failed")


def _judge(given: tuple[Assignment, ...], on: int, **known: Any) -> Assignments:
    facts = facts_of(assignments=given, **known)
    return judge_assignments(facts, span_of(facts, day(on)))


def _state(on: int, *attempts: Any, **changes: Any) -> AssignmentState:
    return _judge((assignment(attempts=attempts, **changes),), on).standings[0].state


def _due(on: int = 10, *, own: dict[str, Any] | None = None, **enrolment: Any) -> date:
    facts: Facts = facts_of(enrolment=enrolment)
    return first_due_on(assignment(**(own or {})), span_of(facts, day(on)))


def test_without_lost_days_the_due_date_is_the_cohorts() -> None:
    assert _due() == day(28)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ((pause(8, 14),), 35),  # 7 of the 28 dates are lost: 7 dates more
        ((pause(8, 14), pause(10, 16)), 37),  # the two lose days 8 to 16 once: 9
        ((pause(8, 14), pause(30, 33)), 39),  # 7 dates more are days 29 to 35, of which 4 are lost: 4 more
        ((pause(28, 28),), 29),  # the due date itself
        ((pause(29, 40),), 28),  # after it
        ((pause(1, 1),), 29),
        ((pause(8, 8), pause(29, 29)), 30),  # day 29 would make up for day 8
    ],
)
def test_the_due_date_moves_by_the_days_lost_in_a_pause(pauses: Any, due: int) -> None:
    assert _due(pauses=pauses) == day(due)


@pytest.mark.parametrize(("first", "due"), [(1, 28), (2, 29), (11, 38), (28, 55), (29, 56), (40, 67)])
def test_who_starts_later_gets_as_many_dates(first: int, due: int) -> None:
    # 28 dates from the first day on: first + 27.
    assert _due(start_on=day(first)) == day(due)


def test_a_pause_before_the_first_day_takes_nothing_twice() -> None:
    # Days 1 to 10 are before the first day, 11 to 14 paused: 28 dates from day 15 on.
    assert _due(start_on=day(11), pauses=(pause(5, 14),)) == day(42)


def test_an_extension_stands_as_it_is() -> None:
    own: dict[str, Any] = {"extended_to": day(30)}
    assert _due(own=own) == day(30)
    assert _due(own=own, pauses=(pause(8, 14),), start_on=day(5)) == day(30)
    assert _due(own={"extended_to": day(20)}) == day(20)


@pytest.mark.parametrize(("on", "due"), [(19, 28), (20, 121)])
def test_a_pause_until_further_notice_moves_the_due_date_beyond_the_last_day(on: int, due: int) -> None:
    # Days 1 to 19 are had; 9 more follow after day 112.
    assert _due(on, status=EnrolmentStatus.PAUSED, status_on=day(20)) == day(due)


@pytest.mark.parametrize(("on", "state"), [(27, OPEN), (28, OPEN), (29, OVERDUE)])
def test_an_assignment_is_overdue_after_its_due_date(on: int, state: AssignmentState) -> None:
    assert _state(on) is state


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (19, OPEN),
        (20, SUBMITTED),
        (24, SUBMITTED),
        (25, RESIT),  # failed on day 25: due 28 days later, on day 53
        (39, RESIT),
        (40, SUBMITTED),
        (44, SUBMITTED),
        (45, FAILED),  # both attempts are used
        (200, FAILED),
    ],
)
def test_the_state_follows_the_attempts_as_their_dates_come(on: int, state: AssignmentState) -> None:
    assert _state(on, FAIL_1, FAIL_2) is state


@pytest.mark.parametrize(("on", "state"), [(52, RESIT), (53, RESIT), (54, OVERDUE)])
def test_a_resit_is_due_28_days_after_the_failing_assessment(on: int, state: AssignmentState) -> None:
    assert _state(on, FAIL_1) is state


@pytest.mark.parametrize(("on", "state"), [(60, RESIT), (61, OVERDUE)])
def test_a_resit_is_due_when_the_college_says(on: int, state: AssignmentState) -> None:
    assert _state(on, attempt(1, 20, 25, "failed", resit_due_on=day(60))) is state


def test_the_due_date_of_a_resit_is_not_moved_by_a_pause_or_an_extension() -> None:
    given = (assignment(attempts=(FAIL_1,), extended_to=day(90)),)
    standing = _judge(given, 60, enrolment={"pauses": (pause(30, 40),)}).standings[0]
    assert (standing.due_on, standing.first_due_on, standing.state) == (day(53), day(90), OVERDUE)


def test_with_three_attempts_the_second_failure_gives_another_resit() -> None:
    given = (assignment(attempts=(FAIL_1, FAIL_2)),)
    standing = _judge(given, 60, programme={"max_attempts": 3}).standings[0]
    # The latest failure counts: assessed on day 45, due on day 73.
    assert (standing.state, standing.due_on, standing.attempts_used) == (RESIT, day(73), 2)


@pytest.mark.parametrize(("on", "state"), [(44, SUBMITTED), (45, PASSED), (300, PASSED)])
def test_a_resit_that_is_passed_is_passed(on: int, state: AssignmentState) -> None:
    assert _state(on, FAIL_1, attempt(2, 40, 45, "passed")) is state


def test_handing_in_late_ends_being_overdue() -> None:
    late = attempt(1, 35, 41, "passed")
    assert [_state(on, late) for on in (34, 35, 40, 41)] == [OVERDUE, SUBMITTED, SUBMITTED, PASSED]


def test_a_first_attempt_passed_stays_passed_whatever_follows() -> None:
    assert _state(60, attempt(1, 20, 25, "passed"), FAIL_2) is PASSED


@pytest.mark.parametrize(("on", "state"), [(14, OPEN), (15, EXEMPT), (100, EXEMPT)])
def test_an_exemption_is_seen_from_its_assessment(on: int, state: AssignmentState) -> None:
    assert _state(on, attempt(0, 3, 15, "exempt")) is state


def test_an_exemption_is_no_attempt_used() -> None:
    given = (assignment(attempts=(attempt(0, 3, 90, "exempt"), FAIL_1)),)
    standing = _judge(given, 30).standings[0]
    assert (standing.attempts_used, standing.state) == (1, RESIT)


def test_an_exemption_alone_uses_no_attempt_and_leaves_the_due_date() -> None:
    standing = _judge((assignment(attempts=(attempt(0, 3, 15, "exempt"),)),), 30).standings[0]
    assert (standing.attempts_used, standing.state, standing.due_on) == (0, EXEMPT, day(28))


def test_what_is_passed_keeps_the_due_date_it_had() -> None:
    first = _judge((assignment(attempts=(attempt(1, 20, 25, "passed"),)),), 30).standings[0]
    assert (first.attempts_used, first.due_on) == (1, day(28))
    resit = _judge((assignment(attempts=(FAIL_1, attempt(2, 40, 45, "passed"))),), 50).standings[0]
    assert (resit.attempts_used, resit.due_on) == (2, day(53))


def test_after_a_withdrawal_nothing_becomes_late_but_an_assessment_still_counts() -> None:
    enrolment = {"status": EnrolmentStatus.WITHDRAWN, "status_on": day(28)}
    assert _judge((assignment(),), 60, enrolment=enrolment).standings[0].state is OPEN
    handed_in = (assignment(attempts=(attempt(1, 20, 50, "passed"),)),)
    assert _judge(handed_in, 60, enrolment=enrolment).standings[0].state is PASSED


PASS = (attempt(1, 5, 6, "passed"),)


@pytest.mark.parametrize(
    ("attempts", "on", "state"),
    [
        ([PASS, PASS], 29, RequirementState.MET),
        ([PASS, (attempt(0, 1, 1, "exempt"),)], 29, RequirementState.MET),
        ([PASS, (attempt(1, 20),)], 29, RequirementState.ON_TRACK),
        ([PASS, ()], 28, RequirementState.ON_TRACK),
        ([PASS, ()], 29, RequirementState.AT_RISK),  # overdue
        ([PASS, (FAIL_1,)], 29, RequirementState.AT_RISK),  # resit
        ([(FAIL_1, FAIL_2), ()], 60, RequirementState.OUT_OF_REACH),  # failed goes before overdue
        ([], 29, RequirementState.MET),
    ],
)
def test_the_requirement_is_judged_over_all_assignments(attempts: Any, on: int, state: RequirementState) -> None:
    given = tuple(assignment(f"A{number}", attempts=own) for number, own in enumerate(attempts))
    assert _judge(given, on).state is state


def test_an_assignment_that_is_not_mandatory_does_not_count() -> None:
    found = _judge((assignment(attempts=PASS), assignment("A2", mandatory=False, attempts=(FAIL_1, FAIL_2))), 60)
    assert found.state is RequirementState.MET
    assert [standing.assignment.code for standing in found.mandatory] == ["A1"]
    assert found.done == found.mandatory
    assert found.share_done == 1
    assert len(found.standings) == 2


def test_the_share_that_is_done_is_of_the_mandatory_ones() -> None:
    assert _judge((assignment(attempts=PASS), assignment("A2"), assignment("A3")), 60).share_done == Fraction(1, 3)
    assert _judge((), 60).share_done == 0


def test_each_outcome_is_judged_over_the_mandatory_assignments_that_bear_it() -> None:
    given = (
        assignment("A1", attempts=PASS, outcomes=("LU2", "LU1")),
        assignment("A2", outcomes=("LU2", "LU3")),
        assignment("A3", due=60, outcomes=("LU5",)),
        assignment("A4", mandatory=False, outcomes=("LU4", "LU1")),
    )
    outcomes = judge_outcomes(_judge(given, 29))
    assert list(outcomes.states.items()) == [
        ("LU1", RequirementState.MET),
        ("LU2", RequirementState.AT_RISK),
        ("LU3", RequirementState.AT_RISK),
        ("LU5", RequirementState.ON_TRACK),
    ]
    assert outcomes.achieved == ("LU1",)
    assert outcomes.state is RequirementState.AT_RISK


def test_without_outcomes_the_requirement_is_met() -> None:
    assert judge_outcomes(_judge((assignment(),), 29)).state is RequirementState.MET
