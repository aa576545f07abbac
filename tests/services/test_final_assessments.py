"""Closing interviews: planned one after another, moved, cancelled and given back; what came of them, and a resit."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.diploma import FinalAssessment, PlannedFinalAssessment
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant
from hto_track.rules.closing import Closing
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.final_assessments import (
    InterviewPlan,
    cancel_interview,
    cohort_interviews,
    move_interview,
    plan_interviews,
    preview_interviews,
    undo_cancelling,
)
from hto_track.services.final_outcomes import InterviewOutcome, record_interview, undo_recording
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.warning_cases import mails
from tests.trail import trail

EVENING = InterviewPlan(
    planned_on=TODAY + timedelta(days=16), starts_at=time(18, 30), minutes=45, location="B2.04", assessors="Chaima, Tom"
)
FORM = SentForm(key="a-form", content="filled in")


def evening(**other: Any) -> InterviewPlan:
    """The evening with something else about it."""
    values = {name: getattr(EVENING, name) for name in EVENING.__slots__}
    return InterviewPlan(**(values | other))


def plan(cast: Cast, *codes: str, of: InterviewPlan = EVENING) -> None:
    plan_interviews(cast.chaima, cast.cohort, of, codes or (cast.participant,), TODAY)


def outcome(**other: Any) -> InterviewOutcome:
    values: dict[str, Any] = {"held_on": TODAY, "passed": True, "resit_allowed": True, "assessor": None}
    return InterviewOutcome(**(values | other))


def planned() -> list[tuple[date, time, time]]:
    """Every appointment, in order of time."""
    db.session.rollback()
    rows = db.session.scalars(select(PlannedFinalAssessment).order_by(PlannedFinalAssessment.starts_at))
    return [(row.planned_on, row.starts_at, row.ends_at) for row in rows]


def held() -> list[tuple[date, bool, bool]]:
    db.session.rollback()
    rows = db.session.scalars(select(FinalAssessment).order_by(FinalAssessment.held_on))
    return [(row.held_on, row.passed, row.resit_allowed) for row in rows]


def told() -> list[tuple[str, str]]:
    """The mails that are to go, by kind and addressee."""
    return [(mail.kind.removeprefix("interview_"), mail.recipient) for mail in mails()]


def let_mails_go() -> None:
    """As if a scheduler began to send what waits."""
    with writing() as session:
        for mail in session.scalars(select(OutboxMail)):
            mail.attempts = 1


def seen(cast: Cast, actor: Actor | None = None) -> str:
    """The version of Bram's appointment."""
    found = cohort_interviews(actor or cast.chaima, cast.cohort, TODAY).candidates[0].appointment
    assert found is not None
    return found.version


def closing_of_bram(cast: Cast) -> Closing:
    return cohort_interviews(cast.chaima, cast.cohort, TODAY).candidates[0].closing


def refused_fields(refused: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {refusal.field for refusal in refused.value.refusals}


class TestPlanning:
    def test_several_come_one_after_another_and_each_is_told(self, cast: Cast) -> None:
        slots = preview_interviews(cast.chaima, cast.cohort, EVENING, ("C1-02", "C1-01"), TODAY)
        assert [(slot.name, slot.starts_at, slot.ends_at) for slot in slots] == [
            ("Noor Visser", time(18, 30), time(19, 15)),
            ("Bram de Wit", time(19, 15), time(20, 0)),
        ]
        assert (planned(), told()) == ([], [])
        assert plan_interviews(cast.hanna, cast.cohort, EVENING, ("C1-02", "C1-01"), TODAY) == slots
        assert len(planned()) == 2
        assert sorted(told()) == [("planned", "bram@example.org"), ("planned", "noor@example.org")]
        body = next(mail.body for mail in mails() if mail.recipient == "bram@example.org")
        assert "di 30 juni, 19.15–20.00 uur\nWaar: B2.04\nMet: Chaima, Tom" in body.replace("\u00a0", " ")
        assert [(entry.action, entry.subject) for entry in trail()] == [
            ("plan_interview", "participant/C1-02/interview"),
            ("plan_interview", "participant/C1-01/interview"),
        ]
        assert closing_of_bram(cast) is Closing.PLANNED

    def test_a_form_that_comes_twice_plans_once(self, cast: Cast) -> None:
        first = plan_interviews(cast.chaima, cast.cohort, EVENING, ("C1-01",), TODAY, FORM)
        assert plan_interviews(cast.chaima, cast.cohort, EVENING, ("C1-01",), TODAY, FORM) == first
        assert (len(planned()), len(told())) == (1, 1)

    @pytest.mark.parametrize(
        ("other", "field"),
        [
            ({"planned_on": TODAY - timedelta(days=1)}, "planned_on"),
            ({"planned_on": date(2026, 3, 8)}, "planned_on"),
            ({"minutes": 9}, "minutes"),
            ({"minutes": 241}, "minutes"),
            ({"starts_at": time(23, 15)}, "starts_at"),
            ({"location": "x" * 201}, "location"),
            ({"assessors": "x" * 501}, "assessors"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, cast: Cast, other: dict[str, Any], field: str) -> None:
        with pytest.raises(Refused) as refused:
            plan(cast, of=evening(**other))
        assert field in refused_fields(refused)
        assert (planned(), told()) == ([], [])

    def test_today_is_a_day_to_plan_for_and_nobody_is_no_plan(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            plan_interviews(cast.chaima, cast.cohort, EVENING, (), TODAY)
        assert refused_fields(refused) == {"who"}
        plan(cast, of=evening(planned_on=TODAY))
        assert closing_of_bram(cast) is Closing.HELD

    def test_nobody_has_two_and_then_nothing_of_the_evening_is_stored(self, cast: Cast) -> None:
        plan(cast)
        with pytest.raises(Refused) as refused:
            plan(cast, "C1-02", "C1-01", of=evening(planned_on=TODAY + timedelta(days=20)))
        assert refused_fields(refused) == {"C1-01"}
        assert len(planned()) == 1

    def test_who_passed_or_gets_no_resit_or_left_is_refused(self, cast: Cast) -> None:
        record_interview(cast.chaima, "C1-01", outcome(), TODAY)
        record_interview(cast.chaima, "C1-02", outcome(passed=False, resit_allowed=False), TODAY)
        with pytest.raises(Refused) as refused:
            plan(cast, "C1-01", "C1-02")
        assert refused_fields(refused) == {"C1-01", "C1-02"}
        with writing() as session:
            row = session.scalars(select(Participant).where(Participant.code == "C1-02")).one()
            row.status, row.status_on = EnrolmentStatus.WITHDRAWN, TODAY
        assert [person.person.member.code for person in cohort_interviews(cast.chaima, "C-1", TODAY).candidates] == [
            "C1-01"
        ]

    def test_a_participant_of_another_cohort_is_not_there(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            plan(cast, cast.other_participant)


class TestChanging:
    def test_an_appointment_is_moved_and_its_participant_told_once(self, cast: Cast) -> None:
        plan(cast)
        let_mails_go()
        later = evening(starts_at=time(20, 0), minutes=30)
        move_interview(cast.chaima, cast.participant, seen(cast), later, TODAY)
        move_interview(cast.chaima, cast.participant, seen(cast), evening(starts_at=time(21, 0)), TODAY)
        assert planned() == [(EVENING.planned_on, time(21, 0), time(21, 45))]
        assert told() == [("planned", "bram@example.org"), ("moved", "bram@example.org")]

    def test_what_is_changed_before_its_mail_went_is_told_as_it_stands(self, cast: Cast) -> None:
        plan(cast)
        move_interview(cast.chaima, cast.participant, seen(cast), evening(starts_at=time(21, 0)), TODAY)
        assert told() == [("planned", "bram@example.org")]
        assert "21.00" in mails()[0].body
        cancel_interview(cast.chaima, cast.participant, seen(cast))
        assert told() == []

    def test_saving_it_as_it_is_tells_nobody(self, cast: Cast) -> None:
        plan(cast)
        let_mails_go()
        move_interview(cast.chaima, cast.participant, seen(cast), EVENING, TODAY)
        assert len(told()) == 1

    def test_the_second_of_two_is_told_what_stands(self, cast: Cast) -> None:
        plan(cast)
        both_saw = seen(cast)
        move_interview(cast.hanna, cast.participant, both_saw, evening(starts_at=time(20, 0)), TODAY)
        with pytest.raises(Refused, match="20"):
            move_interview(cast.chaima, cast.participant, both_saw, evening(starts_at=time(21, 0)), TODAY)
        with pytest.raises(Refused):
            cancel_interview(cast.chaima, cast.participant, both_saw)
        assert planned()[0][1] == time(20, 0)

    def test_cancelling_is_told_and_undone(self, cast: Cast) -> None:
        plan(cast)
        let_mails_go()
        before = planned()
        cancel_interview(cast.chaima, cast.participant, seen(cast), FORM)
        assert (planned(), told()[1:]) == ([], [("cancelled", "bram@example.org")])
        undo_cancelling(cast.chaima, cast.cohort, FORM.key)
        assert (planned(), told()[1:]) == (before, [])
        with pytest.raises(Refused):
            undo_cancelling(cast.chaima, cast.cohort, FORM.key)
        with pytest.raises(NotFound):
            undo_cancelling(cast.hanna, cast.cohort, FORM.key)

    def test_what_was_undone_after_its_mail_went_is_told_anew(self, cast: Cast) -> None:
        plan(cast)
        let_mails_go()
        cancel_interview(cast.chaima, cast.participant, seen(cast), FORM)
        let_mails_go()
        undo_cancelling(cast.chaima, cast.cohort, FORM.key)
        assert [kind for kind, _ in told()] == ["planned", "cancelled", "planned"]


class TestOutcomes:
    def test_an_outcome_ends_the_appointment_and_its_mail(self, cast: Cast) -> None:
        plan(cast, of=evening(planned_on=TODAY))
        recorded = record_interview(cast.chaima, cast.participant, outcome(), TODAY)
        assert (held(), planned(), told()) == ([(TODAY, True, True)], [], [])
        assert recorded.assessor == "Chaima Aziz"
        assert closing_of_bram(cast) is Closing.PASSED
        known = cohort_interviews(cast.chaima, cast.cohort, TODAY)
        assert [known.count(closing) for closing in (Closing.PASSED, Closing.PLANNED)] == [1, 0]
        assert sum(map(known.count, Closing)) == len(known.candidates) > 1

    def test_a_resit_is_planned_and_passed(self, cast: Cast) -> None:
        record_interview(cast.chaima, cast.participant, outcome(held_on=date(2026, 6, 1), passed=False), TODAY)
        assert closing_of_bram(cast) is Closing.NOT_YET
        plan(cast)
        record_interview(cast.chaima, cast.participant, outcome(), TODAY)
        assert held() == [(date(2026, 6, 1), False, True), (TODAY, True, True)]

    @pytest.mark.parametrize("held_on", [TODAY + timedelta(days=1), date(2026, 3, 8)])
    def test_a_day_to_come_or_before_the_first_is_refused(self, cast: Cast, held_on: date) -> None:
        with pytest.raises(Refused) as refused:
            record_interview(cast.chaima, cast.participant, outcome(held_on=held_on), TODAY)
        assert refused_fields(refused) == {"held_on"}

    def test_the_next_comes_after_the_one_before(self, cast: Cast) -> None:
        record_interview(cast.chaima, cast.participant, outcome(passed=False), TODAY)
        for held_on in (TODAY, TODAY - timedelta(days=1)):
            with pytest.raises(Refused):
                record_interview(cast.chaima, cast.participant, outcome(held_on=held_on), TODAY)

    def test_after_passing_or_without_resit_there_is_none(self, cast: Cast) -> None:
        early = date(2026, 6, 1)
        record_interview(cast.chaima, "C1-01", outcome(held_on=early), TODAY)
        record_interview(cast.chaima, "C1-02", outcome(held_on=early, passed=False, resit_allowed=False), TODAY)
        for code in ("C1-01", "C1-02"):
            with pytest.raises(Refused):
                record_interview(cast.chaima, code, outcome(), TODAY)
        assert len(held()) == 2

    def test_recording_is_undone_and_gives_the_appointment_back(self, cast: Cast) -> None:
        plan(cast, of=evening(planned_on=TODAY))
        before = planned()
        record_interview(cast.chaima, cast.participant, outcome(), TODAY, FORM)
        undo_recording(cast.chaima, cast.cohort, FORM.key)
        assert (held(), planned()) == ([], before)
        with pytest.raises(Refused):
            undo_recording(cast.chaima, cast.cohort, FORM.key)

    def test_what_was_followed_is_not_undone(self, cast: Cast) -> None:
        record_interview(cast.chaima, cast.participant, outcome(passed=False), TODAY, FORM)
        plan(cast)
        with pytest.raises(Refused):
            undo_recording(cast.chaima, cast.cohort, FORM.key)
        assert len(held()) == 1

    def test_a_teacher_records_and_the_administration_plans(self, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            record_interview(cast.hanna, cast.participant, outcome(), TODAY)
        for someone in (cast.anja, cast.gijs):
            with pytest.raises(Forbidden):
                plan_interviews(someone, cast.cohort, EVENING, (cast.participant,), TODAY)
        for someone in (cast.otto, cast.bram):
            with pytest.raises(NotFound):
                plan_interviews(someone, cast.cohort, EVENING, (cast.participant,), TODAY)


def test_the_list_costs_the_same_queries_however_many_there_are(cast: Cast, count_queries: Any) -> None:
    cohort_interviews(cast.chaima, cast.cohort, TODAY)
    with count_queries() as few:
        cohort_interviews(cast.chaima, cast.cohort, TODAY)
    plan(cast, "C1-01", "C1-02")
    cohort_interviews(cast.chaima, cast.cohort, TODAY)
    with count_queries() as many:
        cohort_interviews(cast.chaima, cast.cohort, TODAY)
    assert len(many) == len(few) == 3


def test_an_outcome_that_was_taken_back_is_not_recorded_by_its_form_again(cast: Cast) -> None:
    record_interview(cast.chaima, cast.participant, outcome(), TODAY, FORM)
    undo_recording(cast.chaima, cast.cohort, FORM.key)
    with pytest.raises(NotFound):
        record_interview(cast.chaima, cast.participant, outcome(), TODAY, FORM)
    assert held() == []


def test_an_appointment_does_not_come_back_for_who_passed_meanwhile(cast: Cast) -> None:
    plan(cast)
    cancel_interview(cast.chaima, cast.participant, seen(cast), FORM)
    record_interview(cast.chaima, cast.participant, outcome(), TODAY)
    with pytest.raises(Refused, match="passed"):
        undo_cancelling(cast.chaima, cast.cohort, FORM.key)
    assert planned() == []
