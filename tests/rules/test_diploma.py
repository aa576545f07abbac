"""RULES.md section 4: closing interview, checkpoints, the state of the diploma, and the expected date."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hto_track.rules.diploma import (
    Requirements,
    checkpoint_due_on,
    judge_checkpoints,
    judge_final_assessment,
    weeks_late,
)
from hto_track.rules.facts import Checkpoint, EnrolmentStatus, Facts, FinalAssessment, Mark
from hto_track.rules.requirement import RequirementState, worst
from hto_track.rules.span import span_of
from hto_track.rules.standing import judge
from tests.rules.cases import assignment, attempt, day, entry, facts_of, lesson, pause, placement, school_holiday

MET, ON_TRACK = RequirementState.MET, RequirementState.ON_TRACK
AT_RISK, OUT_OF_REACH = RequirementState.AT_RISK, RequirementState.OUT_OF_REACH
NO_INTERNSHIP = {"internship_min": 0}


def _interview(on: int, *, passed: bool, resit: bool = True) -> FinalAssessment:
    return FinalAssessment(on=day(on), passed=passed, resit_allowed=resit)


@pytest.mark.parametrize(
    ("held", "state"),
    [
        ((), ON_TRACK),
        ((_interview(50, passed=True),), MET),
        ((_interview(51, passed=True),), ON_TRACK),  # still to come
        ((_interview(50, passed=False),), ON_TRACK),
        ((_interview(50, passed=False, resit=False),), OUT_OF_REACH),
        ((_interview(40, passed=False, resit=False), _interview(50, passed=False)), ON_TRACK),  # the latest counts
        ((_interview(50, passed=False), _interview(40, passed=False, resit=False)), ON_TRACK),  # in any order
        ((_interview(40, passed=False), _interview(50, passed=False, resit=False)), OUT_OF_REACH),
        ((_interview(40, passed=True), _interview(50, passed=False, resit=False)), MET),  # one was passed
        ((_interview(40, passed=False, resit=False), _interview(51, passed=True)), OUT_OF_REACH),
    ],
)
def test_the_closing_interview(held: tuple[FinalAssessment, ...], state: RequirementState) -> None:
    facts = facts_of(final_assessments=held)
    assert judge_final_assessment(facts, span_of(facts, day(50))) is state


def _checkpoint(checkpoint: Checkpoint, on: int, **enrolment: Any) -> RequirementState:
    facts = facts_of(checkpoints=(checkpoint,), enrolment=enrolment)
    return judge_checkpoints(facts, span_of(facts, day(on))).states[checkpoint.code]


@pytest.mark.parametrize(("on", "state"), [(28, ON_TRACK), (29, ON_TRACK), (30, AT_RISK)])
def test_a_checkpoint_of_week_four_is_late_after_28_days(on: int, state: RequirementState) -> None:
    # Day 1 + 4 * 7 = day 29.
    assert _checkpoint(Checkpoint(code="VOG", due_week=4), on) is state


def test_a_checkpoint_is_due_from_the_participants_own_first_day() -> None:
    assert _checkpoint(Checkpoint(code="VOG", due_week=4), 39, start_on=day(11)) is ON_TRACK
    assert _checkpoint(Checkpoint(code="VOG", due_week=4), 40, start_on=day(11)) is AT_RISK


def test_a_checkpoint_without_a_week_is_never_late() -> None:
    assert _checkpoint(Checkpoint(code="VISIT"), 500) is ON_TRACK
    facts = facts_of()
    assert checkpoint_due_on(Checkpoint(code="VISIT"), span_of(facts, day(1))) is None


@pytest.mark.parametrize(("on", "state"), [(39, AT_RISK), (40, MET), (41, MET)])
def test_a_checkpoint_is_met_once_recorded(on: int, state: RequirementState) -> None:
    assert _checkpoint(Checkpoint(code="VOG", due_week=4, recorded_on=(day(60), day(40))), on) is state


def test_after_a_withdrawal_no_checkpoint_becomes_late() -> None:
    stopped = {"status": EnrolmentStatus.WITHDRAWN, "status_on": day(29)}
    assert _checkpoint(Checkpoint(code="VOG", due_week=4), 60, **stopped) is ON_TRACK


def test_the_requirement_is_the_worst_checkpoint_and_met_without_any() -> None:
    given = (Checkpoint(code="VOG", due_week=4), Checkpoint(code="START", recorded_on=(day(1),)))
    facts = facts_of(checkpoints=given)
    found = judge_checkpoints(facts, span_of(facts, day(30)))
    assert (found.states, found.state) == ({"VOG": AT_RISK, "START": MET}, AT_RISK)
    assert judge_checkpoints(facts_of(), span_of(facts_of(), day(30))).state is MET


def test_from_worst_to_best() -> None:
    order = (OUT_OF_REACH, AT_RISK, ON_TRACK, MET)
    for at, state in enumerate(order):
        assert worst(order[at:]) is state
        assert worst(reversed(order[at:])) is state
    assert worst(()) is MET


ALL_MET = Requirements(
    attendance=MET, assignments=MET, outcomes=MET, internship=MET, final_assessment=MET, checkpoints=MET
)


@pytest.mark.parametrize(
    "name", ["attendance", "assignments", "outcomes", "internship", "final_assessment", "checkpoints"]
)
@pytest.mark.parametrize("state", [ON_TRACK, AT_RISK, OUT_OF_REACH])
def test_the_diploma_is_as_its_worst_requirement(name: str, state: RequirementState) -> None:
    assert ALL_MET.state is MET
    assert replace(ALL_MET, **{name: state}).state is state


def test_every_requirement_is_in_the_list() -> None:
    # With all else met each part alone must show: attendance, assignment with its outcome, hours, interview, checkpoint.
    facts = facts_of(
        lessons=(lesson(day(1)), lesson(day(60))),
        assignments=(assignment(outcomes=("LU1",), attempts=(attempt(1, 2), attempt(2, 3))),),
        internship=(entry(1, 79),),
        checkpoints=(Checkpoint(code="VOG", due_week=1),),
    )
    found = dict(judge(facts, day(50)).requirements.by_name())
    assert found == {
        "attendance": ON_TRACK,
        "assignments": ON_TRACK,
        "outcomes": ON_TRACK,
        "internship": ON_TRACK,
        "final_assessment": ON_TRACK,
        "checkpoints": AT_RISK,
    }


def _expected(on: int, **known: Any) -> date | None:
    facts = facts_of(programme=known.pop("programme", NO_INTERNSHIP), **known)
    return judge(facts, day(on)).expected_on


@pytest.mark.parametrize(("on", "expected"), [(21, None), (22, day(36)), (23, day(37))])
def test_no_date_is_expected_in_the_first_three_weeks(on: int, expected: date | None) -> None:
    # Day 1 + 21 days = day 22; then the closing interview at least takes two weeks.
    assert _expected(on) == expected


def test_the_three_weeks_count_from_the_participants_own_first_day() -> None:
    assert _expected(31, enrolment={"start_on": day(11)}) is None
    assert _expected(32, enrolment={"start_on": day(11)}) == day(46)


@pytest.mark.parametrize("status", [EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED, EnrolmentStatus.APPLIED])
def test_who_has_stopped_or_not_begun_has_no_expected_date(status: EnrolmentStatus) -> None:
    assert _expected(50, enrolment={"status": status, "status_on": day(40)}) is None


def test_who_is_paused_has_one() -> None:
    assert _expected(50, enrolment={"pauses": (pause(45, 55),)}) == day(64)


def test_who_is_there_or_can_no_longer_be_there_has_none() -> None:
    done: dict[str, Any] = {"lessons": (lesson(day(1), None),), "final_assessments": (_interview(40, passed=True),)}
    assert _expected(50, **done) == day(64)  # the lesson is unmarked
    failed = (_interview(40, passed=False, resit=False),)
    assert _expected(50, final_assessments=failed) is None


def test_who_meets_everything_has_none() -> None:
    met = facts_of(
        programme=NO_INTERNSHIP,
        lessons=(lesson(day(1), Mark.PRESENT),),
        final_assessments=(_interview(40, passed=True),),
    )
    found = judge(met, day(50))
    assert (found.requirements.state, found.expected_on) == (MET, None)


@pytest.mark.parametrize(("last", "expected"), [(63, 64), (64, 64), (65, 65)])
def test_not_before_the_last_lesson(last: int, expected: int) -> None:
    # Day 50 + 14 = day 64.
    given = (lesson(day(1)), lesson(day(last)), replace(lesson(day(100)), cancelled=True))
    assert _expected(50, lessons=given) == day(expected)


def test_not_before_a_mandatory_assignment_is_due() -> None:
    given = (
        assignment("A1", due=80),
        assignment("A2", due=90, attempts=(attempt(1, 3, 4, "passed"),)),
        assignment("A3", due=95, mandatory=False),
        assignment("A4", due=96, attempts=(attempt(0, 3, 4, "exempt"),)),
    )
    assert _expected(50, assignments=given) == day(80)


def test_a_resit_moves_it_to_the_date_it_is_due() -> None:
    # Failed on day 45: due on day 73.
    assert _expected(50, assignments=(assignment(attempts=(attempt(1, 20, 45, "failed"),)),)) == day(73)


def _pace(hours: float, on: int = 28, *, first: int = 1, **known: Any) -> date | None:
    """With so many hours confirmed on day 28, of the 80."""
    return _expected(
        on,
        programme={},
        placements=known.pop("placements", (placement(first),)),
        internship=known.pop("internship", (entry(28, hours),)),
        **known,
    )


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        # Day 28 is a Sunday: 20 school days are in the window. The n-th school day after it is counted from Monday, day 29.
        (40, 54),  # 2 hours a day, 40 left: 20 days, the Friday of the fourth week
        (41, 54),  # 39 left at 2.05: 19.02, so 20 days
        (42, 53),  # 38 left at 2.1: 18.1, so 19 days
        (60, 42),  # 20 left at 3: 7 days, on day 37; two weeks is later
    ],
)
def test_the_hours_are_worked_off_at_the_recent_pace(hours: float, expected: int) -> None:
    assert _pace(hours) == day(expected)


def test_hours_that_wait_are_part_of_the_pace_and_rejected_ones_are_not() -> None:
    worked = (entry(28, 30), entry(27, 10, "submitted"), entry(26, 30, "rejected"))
    assert _pace(0, internship=worked) == day(54)


@pytest.mark.parametrize(("first", "expected"), [(1, 54), (2, None)])
def test_a_pace_needs_twenty_school_days(first: int, expected: int | None) -> None:
    assert _pace(40, first=first) == (None if expected is None else day(expected))


def test_the_window_opens_with_the_earliest_placement() -> None:
    assert _pace(40, placements=(placement(20, 30), placement(1, 5))) == day(54)


def test_hours_before_the_window_are_no_part_of_the_pace() -> None:
    # On day 35 the window from day 8 holds 20 school days and 20 hours, 1 a day; 40 hours are left: 40 days from day 36.
    assert _pace(0, 35, first=8, internship=(entry(7, 20), entry(8, 20))) == day(35 + 8 * 7 - 2)


@pytest.mark.parametrize("known", [{"placements": ()}, {"internship": ()}])
def test_without_a_placement_or_hours_there_is_no_pace(known: Any) -> None:
    assert _pace(40, **known) is None


def test_with_no_hours_left_the_pace_is_not_asked_for() -> None:
    assert _pace(80, placements=()) == day(42)


def test_school_days_in_the_window_leave_pauses_and_holidays_out() -> None:
    # A pause over week 2: the weeks 1, 3, 4 and 5 hold 20 school days; 40 hours in them, 40 left.
    paused: dict[str, Any] = {"enrolment": {"pauses": (pause(8, 14),)}}
    assert _pace(40, 34, **paused) == day(61)  # day 34 is a Saturday: 20 days from Monday, day 36
    assert _pace(40, 32, **paused) is None  # 19


def test_days_to_work_on_skip_pauses_and_holidays() -> None:
    # 20 school days after day 28, less 5 in the pause of week 6 and 5 in the holiday of week 7: two weeks later.
    known: dict[str, Any] = {"enrolment": {"pauses": (pause(36, 42),)}, "holidays": (school_holiday(43, 49),)}
    assert _pace(40, **known) == day(54 + 14)


def test_the_last_day_does_not_stop_the_count() -> None:
    # 20 hours in 20 days, 60 left: 60 school days after day 28 = 12 weeks, the Friday of week 16.
    assert _pace(20, enrolment={"end_on": day(90)}) == day(110)


def test_public_holidays_count_as_far_as_it_takes() -> None:
    # 5 hours in 20 days, 75 left: 300 school days. 60 weeks after day 28 end on Friday, day 446; on the way lie seven
    # public holidays (25 December, 1 January, Good Friday, Easter Monday, King's Day, Ascension Day, Whit Monday): seven
    # school days more end on Tuesday, day 457.
    assert _pace(5) == day(457)


def test_later_than_a_year_after_the_last_day_is_said_as_that() -> None:
    # 1 hour in 20 days, 79 left: 1580 school days.
    assert _pace(1) == day(112 + 365)


def test_a_due_date_beyond_that_year_is_cut_off_too() -> None:
    beyond = assignment(due=112 + 366)
    at_the_edge = assignment(due=112 + 365)
    assert _expected(50, assignments=(beyond,)) == _expected(50, assignments=(at_the_edge,)) == day(477)
    assert _expected(50, assignments=(assignment(due=112 + 364),)) == day(476)


def test_the_expected_date_is_the_same_before_and_after_the_last_day() -> None:
    facts: Facts = facts_of(programme=NO_INTERNSHIP)
    assert judge(facts, day(120)).expected_on == day(134)


@pytest.mark.parametrize(
    ("expected", "weeks"),
    [(1, 0), (112, 0), (113, 1), (112 + 7, 1), (112 + 8, 2), (112 + 364, 52), (112 + 365, None), (112 + 366, None)],
)
def test_a_week_begun_after_the_last_day_is_a_week_late(expected: int, weeks: int | None) -> None:
    assert weeks_late(day(expected), span_of(facts_of(), day(50))) == weeks
