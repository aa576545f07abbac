"""Undoing an assessment, saying more about it, and putting it right; two teachers at the same work."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.assignments import Attempt, HandIn, HandInKind
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assessment_changes import (
    Correction,
    Remark,
    correct_assessment,
    remark_on_attempt,
    undo_form,
)
from hto_track.services.assignments import (
    Assessment,
    AttemptView,
    assess_attempt,
    exempt_from_assignment,
    record_submission,
)
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

PASSED, FAILED = AttemptOutcome.PASSED, AttemptOutcome.FAILED
HANDED_IN = date(2026, 6, 5)
FORM = SentForm(key="a-form", content="filled in")


def hand_in(cast: Cast, on: date = HANDED_IN) -> AttemptView:
    return record_submission(cast.chaima, cast.participant, "A1", on, TODAY)


def assess(
    cast: Cast, outcome: AttemptOutcome, number: int = 1, form: SentForm | None = None, **more: Any
) -> AttemptView:
    assessment = Assessment(attempt=number, outcome=outcome, assessed_on=TODAY, **more)
    return assess_attempt(cast.chaima, cast.participant, "A1", assessment, TODAY, form)


def stored() -> list[tuple[int, AttemptOutcome | None, str | None]]:
    """Every attempt with its outcome and feedback, in order of number."""
    db.session.rollback()
    return [
        (row.number, row.outcome, row.feedback) for row in db.session.scalars(select(Attempt).order_by(Attempt.number))
    ]


def correct(cast: Cast, seen: AttemptView, outcome: AttemptOutcome | None, reason: str = "Verkeerde rij") -> object:
    correction = Correction(attempt=seen.number, seen=seen.version, outcome=outcome, reason=reason)
    return correct_assessment(cast.chaima, cast.participant, "A1", correction)


class TestUndo:
    def test_what_waited_waits_again_with_what_was_written(self, cast: Cast) -> None:
        hand_in(cast)
        assess(cast, FAILED, form=FORM, feedback="  Kijk nog eens naar de opbouw.\r\n ")
        assert stored() == [(1, FAILED, "Kijk nog eens naar de opbouw.")]
        undone = undo_form(cast.chaima, "C-1", "A1", FORM.key)
        assert undone.attempt is not None
        assert (undone.attempt.outcome, undone.attempt.assessor) == (None, None)
        assert stored() == [(1, None, "Kijk nog eens naar de opbouw.")]
        last = trail()[-1]
        assert (last.action, last.subject) == ("undo_assessment", "participant/C1-01/assignments/A1")
        assert last.before is not None and last.after is not None
        assert (last.before["outcome"], last.after["outcome"]) == ("failed", None)

    def test_what_was_not_there_is_gone(self, cast: Cast) -> None:
        assess(cast, PASSED, form=FORM)
        assert undo_form(cast.chaima, "C-1", "A1", FORM.key).attempt is None
        assert stored() == []
        assert undo_form(cast.chaima, "C-1", "A1", FORM.key).attempt is None  # once more changes nothing

    def test_an_exemption_and_a_note_of_handing_in_are_undone_too(self, cast: Cast) -> None:
        exempt_from_assignment(cast.chaima, cast.participant, "A1", "Eerder behaald", TODAY, FORM)
        assert stored() == [(0, AttemptOutcome.EXEMPT, "Eerder behaald")]
        undo_form(cast.chaima, "C-1", "A1", FORM.key)
        other = SentForm(key="another", content="filled in")
        record_submission(cast.chaima, cast.participant, "A1", HANDED_IN, TODAY, other)
        undo_form(cast.chaima, "C-1", "A1", other.key)
        assert stored() == []

    def test_what_was_changed_since_stays(self, cast: Cast) -> None:
        hand_in(cast)
        seen = assess(cast, FAILED, form=FORM)
        correct(cast, seen, PASSED)
        with pytest.raises(Refused):
            undo_form(cast.chaima, "C-1", "A1", FORM.key)
        assert stored() == [(1, PASSED, None)]

    def test_an_attempt_with_a_later_one_stays(self, cast: Cast) -> None:
        assess(cast, FAILED, form=FORM)
        hand_in(cast, TODAY)
        with pytest.raises(Refused):
            undo_form(cast.chaima, "C-1", "A1", FORM.key)
        assert [row[:2] for row in stored()] == [(1, FAILED), (2, None)]

    def test_an_attempt_for_which_work_was_handed_in_is_not_taken_away(self, cast: Cast) -> None:
        attempt = record_submission(cast.chaima, cast.participant, "A1", HANDED_IN, TODAY, FORM)
        with writing() as session:
            session.add(
                HandIn(
                    attempt_id=attempt.id, handed_in_at=clock.now(), kind=HandInKind.LINK, link="https://example.org"
                )
            )
        with pytest.raises(Refused):
            undo_form(cast.chaima, "C-1", "A1", FORM.key)
        assert len(stored()) == 1

    def test_only_who_sent_the_form_undoes_it(self, cast: Cast) -> None:
        assess(cast, PASSED, form=FORM)
        for someone in (cast.hanna, cast.bram, cast.anja):
            with pytest.raises(NotFound):
                undo_form(someone, "C-1", "A1", FORM.key)


class TestRemark:
    def test_feedback_and_the_day_of_a_resit_can_be_changed_afterwards(self, cast: Cast) -> None:
        seen = assess(cast, FAILED)
        again = TODAY + timedelta(days=10)
        remark = Remark(attempt=1, seen=seen.version, feedback="Bijna.", resit_due_on=again)
        now = remark_on_attempt(cast.chaima, cast.participant, "A1", remark)
        assert (now.feedback, now.resit_due_on, now.outcome) == ("Bijna.", again, FAILED)
        entry = trail()[-1]
        assert entry.action == "remark_on_attempt"
        assert "Bijna" not in str(entry.after), "more people read the trail than the feedback"

    def test_the_second_is_told_what_stands_and_nothing_is_lost(self, cast: Cast) -> None:
        seen = assess(cast, FAILED)
        remark_on_attempt(cast.chaima, cast.participant, "A1", Remark(attempt=1, seen=seen.version, feedback="Eerste"))
        with pytest.raises(Refused, match="chaima@example.org"):
            remark_on_attempt(
                cast.chaima, cast.participant, "A1", Remark(attempt=1, seen=seen.version, feedback="Tweede")
            )
        assert stored() == [(1, FAILED, "Eerste")]

    @pytest.mark.parametrize("resit_due_on", [TODAY, TODAY - timedelta(days=1)])
    def test_a_resit_comes_after_the_assessment(self, cast: Cast, resit_due_on: date) -> None:
        seen = assess(cast, FAILED)
        with pytest.raises(Refused):
            remark = Remark(attempt=1, seen=seen.version, feedback=None, resit_due_on=resit_due_on)
            remark_on_attempt(cast.chaima, cast.participant, "A1", remark)

    def test_feedback_has_a_length(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            assess(cast, FAILED, feedback="a" * 4001)
        seen = assess(cast, FAILED, feedback="a" * 4000)
        with pytest.raises(Refused):
            remark_on_attempt(
                cast.chaima, cast.participant, "A1", Remark(attempt=1, seen=seen.version, feedback="b" * 4001)
            )

    def test_an_attempt_that_waits_has_no_feedback_yet(self, cast: Cast) -> None:
        seen = hand_in(cast)
        with pytest.raises(Refused):
            remark_on_attempt(cast.chaima, cast.participant, "A1", Remark(attempt=1, seen=seen.version, feedback="?"))


class TestCorrect:
    def test_an_assessment_is_put_right_with_its_date_and_a_reason(self, cast: Cast) -> None:
        assessment = Assessment(attempt=1, outcome=FAILED, assessed_on=date(2026, 6, 10), resit_due_on=TODAY)
        seen = assess_attempt(cast.chaima, cast.participant, "A1", assessment, TODAY)
        correct(cast, seen, PASSED)
        db.session.rollback()
        row = db.session.scalars(select(Attempt)).one()
        assert (row.outcome, row.assessed_on, row.resit_due_on) == (PASSED, date(2026, 6, 10), None)
        after = trail()[-1].after
        assert after is not None
        assert after["reason"] == "Verkeerde rij"

    def test_it_can_wait_again(self, cast: Cast) -> None:
        correct(cast, assess(cast, PASSED), None)
        assert stored() == [(1, None, None)]

    def test_an_exemption_can_be_taken_back(self, cast: Cast) -> None:
        seen = exempt_from_assignment(cast.chaima, cast.participant, "A1", "Eerder behaald", TODAY)
        assert correct(cast, seen, None) is None
        assert stored() == []

    def test_without_a_reason_nothing_changes(self, cast: Cast) -> None:
        seen = assess(cast, PASSED)
        with pytest.raises(Refused):
            correct(cast, seen, FAILED, reason="  ")
        assert stored() == [(1, PASSED, None)]

    def test_what_is_that_already_or_no_outcome_is_refused(self, cast: Cast) -> None:
        seen = assess(cast, PASSED)
        for outcome in (PASSED, AttemptOutcome.EXEMPT):
            with pytest.raises(Refused):
                correct(cast, seen, outcome)

    def test_a_failed_attempt_that_was_followed_stays(self, cast: Cast) -> None:
        seen = assess(cast, FAILED)
        hand_in(cast, TODAY)
        with pytest.raises(Refused):
            correct(cast, seen, PASSED)

    def test_what_changed_since_it_was_seen_stays(self, cast: Cast) -> None:
        seen = assess(cast, PASSED)
        correct(cast, seen, FAILED)
        with pytest.raises(Refused):
            correct(cast, seen, None)
        assert stored() == [(1, FAILED, None)]

    def test_nobody_but_a_teacher_of_the_college_does(self, cast: Cast) -> None:
        seen = assess(cast, PASSED)
        correction = Correction(attempt=1, seen=seen.version, outcome=FAILED, reason="?")
        for someone, error in (
            (cast.anja, Forbidden),
            (cast.hanna, Forbidden),
            (cast.bram, Forbidden),
            (cast.otto, NotFound),
        ):
            with pytest.raises(error):
                correct_assessment(someone, cast.participant, "A1", correction)
