"""Handing in and assessing: attempts without gaps, and two teachers at one attempt."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import Attempt
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignment_lists import assignment_to_assess, cohort_assignments
from hto_track.services.assignments import (
    Assessment,
    assess_attempt,
    exempt_from_assignment,
    record_submission,
)
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import NotFound, Refused
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

PASSED, FAILED = AttemptOutcome.PASSED, AttemptOutcome.FAILED
HANDED_IN = date(2026, 6, 5)


def assess(cast: Cast, number: int, outcome: AttemptOutcome, on: date = TODAY, **other: object) -> None:
    """Chaima assesses Bram's attempt at A1."""
    assessment = Assessment(attempt=number, outcome=outcome, assessed_on=on, **other)  # type: ignore[arg-type]
    assess_attempt(cast.chaima, cast.participant, "A1", assessment, TODAY)


def refused_fields(
    cast: Cast, number: int, outcome: AttemptOutcome, on: date = TODAY, **other: object
) -> set[str | None]:
    """The fields that an assessment is refused for; nothing is stored by it."""
    before = stored()
    with pytest.raises(Refused) as refused:
        assess(cast, number, outcome, on, **other)
    assert stored() == before
    return {refusal.field for refusal in refused.value.refusals}


def hand_in(cast: Cast, on: date = HANDED_IN) -> None:
    """Chaima records that Bram handed in A1."""
    record_submission(cast.chaima, cast.participant, "A1", on, TODAY)


def stored() -> list[tuple[int, date, date | None, AttemptOutcome | None, date | None]]:
    """Every attempt, in order of number."""
    db.session.rollback()
    rows = db.session.scalars(select(Attempt).order_by(Attempt.number))
    return [(row.number, row.submitted_on, row.assessed_on, row.outcome, row.resit_due_on) for row in rows]


def test_what_is_handed_in_waits_and_is_assessed(cast: Cast) -> None:
    hand_in(cast)
    assert stored() == [(1, HANDED_IN, None, None, None)]
    assess(cast, 1, PASSED)
    assert stored() == [(1, HANDED_IN, TODAY, PASSED, None)]
    handed_in, assessed = trail()
    assert (handed_in.action, handed_in.before) == ("record_submission", None)
    assert (assessed.action, assessed.before) == ("assess_attempt", handed_in.after)
    assert assessed.after is not None
    assert (assessed.subject, assessed.after["outcome"]) == ("participant/C1-01/assignments/A1", "passed")


def test_what_nobody_recorded_is_assessed_at_once(cast: Cast) -> None:
    assess(cast, 1, PASSED, submitted_on=HANDED_IN)
    assert stored() == [(1, HANDED_IN, TODAY, PASSED, None)]


def test_a_second_teacher_is_told_what_stands(cast: Cast) -> None:
    hand_in(cast)
    assess(cast, 1, FAILED)
    with pytest.raises(Refused, match="chaima@example.org"):
        assess(cast, 1, PASSED)
    assert stored()[0][3] is FAILED


def test_the_next_attempt_has_the_next_number_and_the_last_is_the_last(cast: Cast) -> None:
    assess(cast, 1, FAILED, date(2026, 6, 1), resit_due_on=date(2026, 6, 20))
    hand_in(cast, date(2026, 6, 3))
    assess(cast, 2, FAILED)
    assert [row[0] for row in stored()] == [1, 2]
    assert refused_fields(cast, 3, PASSED) == {"outcome"}
    with pytest.raises(Refused):
        hand_in(cast)


@pytest.mark.parametrize("number", [0, 2, 3])
def test_only_the_next_number_is_assessed(cast: Cast, number: int) -> None:
    assert refused_fields(cast, number, PASSED) == {"outcome"}


def test_an_assessment_is_passed_or_failed_and_no_exemption(cast: Cast) -> None:
    assert refused_fields(cast, 1, AttemptOutcome.EXEMPT) == {"outcome"}


def test_a_later_attempt_than_the_one_that_waits_is_refused(cast: Cast) -> None:
    hand_in(cast)
    assert refused_fields(cast, 2, PASSED) == {"outcome"}
    with pytest.raises(Refused):
        hand_in(cast)


def test_what_is_passed_is_not_handed_in_assessed_or_exempted_again(cast: Cast) -> None:
    assess(cast, 1, PASSED)
    assert refused_fields(cast, 2, FAILED) == {"outcome"}
    with pytest.raises(Refused):
        hand_in(cast)
    with pytest.raises(Refused):
        exempt_from_assignment(cast.chaima, cast.participant, "A1", "Eerder behaald", TODAY)


def test_today_is_a_day_to_assess_and_tomorrow_or_before_handing_in_is_not(cast: Cast) -> None:
    hand_in(cast)
    assert refused_fields(cast, 1, PASSED, TODAY + timedelta(days=1)) == {"assessed_on"}
    assert refused_fields(cast, 1, PASSED, HANDED_IN - timedelta(days=1)) == {"assessed_on"}
    assess(cast, 1, PASSED, HANDED_IN)


def test_a_resit_date_goes_with_a_failed_attempt_that_is_not_the_last(cast: Cast) -> None:
    assert refused_fields(cast, 1, PASSED, resit_due_on=TODAY + timedelta(days=9)) == {"resit_due_on"}
    assert refused_fields(cast, 1, FAILED, resit_due_on=TODAY) == {"resit_due_on"}
    assess(cast, 1, FAILED, resit_due_on=TODAY + timedelta(days=1))
    assert refused_fields(cast, 2, FAILED, resit_due_on=TODAY + timedelta(days=9)) == {"resit_due_on"}


def test_a_resit_is_not_handed_in_before_the_attempt_it_follows_was_assessed(cast: Cast) -> None:
    assess(cast, 1, FAILED, date(2026, 6, 10))
    with pytest.raises(Refused):
        hand_in(cast, date(2026, 6, 9))
    hand_in(cast, date(2026, 6, 10))


def test_nothing_is_handed_in_tomorrow(cast: Cast) -> None:
    with pytest.raises(Refused):
        hand_in(cast, TODAY + timedelta(days=1))
    assert stored() == []


def test_an_exemption_is_attempt_0_with_its_reason_in_the_trail(cast: Cast) -> None:
    exempt_from_assignment(cast.chaima, cast.participant, "A1", " Eerder behaald ", TODAY)
    assert stored() == [(0, TODAY, TODAY, AttemptOutcome.EXEMPT, None)]
    [entry] = trail()
    assert entry.after is not None
    assert entry.after["reason"] == "Eerder behaald"
    assert refused_fields(cast, 1, PASSED) == {"outcome"}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_an_exemption_without_a_sound_reason_is_refused(cast: Cast, reason: str) -> None:
    with pytest.raises(Refused):
        exempt_from_assignment(cast.chaima, cast.participant, "A1", reason, TODAY)
    assert stored() == []


def test_a_form_sent_twice_is_carried_out_once(cast: Cast) -> None:
    form = SentForm(key="k", content="c")
    assessment = Assessment(attempt=1, outcome=FAILED, assessed_on=TODAY)
    first = assess_attempt(cast.chaima, cast.participant, "A1", assessment, TODAY, form)
    assert assess_attempt(cast.chaima, cast.participant, "A1", assessment, TODAY, form) == first
    assert len(stored()) == 1


def test_an_assignment_that_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        record_submission(cast.chaima, cast.participant, "A9", HANDED_IN, TODAY)
    with pytest.raises(NotFound):
        assignment_to_assess(cast.chaima, cast.cohort, "A9", TODAY)


def test_the_list_puts_what_waits_first_and_says_which_attempt_is_next(cast: Cast) -> None:
    record_submission(cast.chaima, cast.neighbour, "A1", HANDED_IN, TODAY)
    listed = assignment_to_assess(cast.chaima, cast.cohort, "A1", TODAY).people
    assert [(person.member.code, person.standing.state, person.next_attempt) for person in listed] == [
        ("C1-02", AssignmentState.SUBMITTED, 1),
        ("C1-01", AssignmentState.OPEN, 1),
    ]
    assess(cast, 1, FAILED)
    bram = assignment_to_assess(cast.chaima, cast.cohort, "A1", TODAY).people[1]
    assert (bram.next_attempt, bram.is_last_attempt) == (2, True)
    assess(cast, 2, FAILED)
    bram = assignment_to_assess(cast.chaima, cast.cohort, "A1", TODAY).people[1]
    assert bram.next_attempt is None


def test_the_overview_counts_what_waits_and_what_is_done(cast: Cast) -> None:
    record_submission(cast.chaima, cast.neighbour, "A1", HANDED_IN, TODAY)
    assess(cast, 1, PASSED)
    (count,) = cohort_assignments(cast.chaima, cast.cohort, TODAY).assignments
    assert (count.assignment.code, count.waiting, count.done, count.people) == ("A1", 1, 1, 2)
    assert assignment_to_assess(cast.chaima, cast.cohort, "A1", TODAY).count == count
