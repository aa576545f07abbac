"""Who may use the services that assess: work, closing interviews, and what waits at a college."""

from datetime import time, timedelta

from hto_track.services import (
    assessment_changes,
    assessment_news,
    college_work,
    final_assessments,
    final_outcomes,
)
from hto_track.services.assessment_changes import Correction, Remark
from hto_track.services.final_assessments import InterviewPlan
from hto_track.services.final_outcomes import InterviewOutcome
from hto_track.services.policy import Actor
from tests.access import uses as who
from tests.access.calls import SLOT
from tests.access.service import Service
from tests.access.world import World
from tests.conftest import TODAY

EVENING = InterviewPlan(
    planned_on=TODAY + timedelta(days=9), starts_at=time(18), minutes=30, location=None, assessors=None
)


def _remark(actor: Actor, _world: World) -> object:
    """Say more about Bram's attempt, which still waits."""
    remark = Remark(attempt=1, seen="?", feedback="Goed")
    return assessment_changes.remark_on_attempt(actor, "C1-01", "A1", remark)


def _correct(actor: Actor, _world: World) -> object:
    """Put right what was not assessed."""
    correction = Correction(attempt=1, seen="?", outcome=None, reason="Fout")
    return assessment_changes.correct_assessment(actor, "C1-01", "A1", correction)


def _move(actor: Actor, world: World) -> object:
    """Give Bram another evening."""
    return final_assessments.move_interview(actor, "C1-01", world.own["interview_seen"], EVENING, TODAY)


def _record(actor: Actor, _world: World) -> object:
    """Let Bram have passed."""
    outcome = InterviewOutcome(held_on=TODAY, passed=True, resit_allowed=True, assessor=None)
    return final_outcomes.record_interview(actor, "C1-01", outcome, TODAY)


ASSESSING: tuple[Service, ...] = (
    Service(
        "assessment_changes.undo_form",
        who.FORM_OF_TEACHER,
        lambda a, w: assessment_changes.undo_form(a, "C-1", "A1", w.own["form_key"]),
    ),
    Service("assessment_changes.remark_on_attempt", who.WORK, _remark),
    Service("assessment_changes.correct_assessment", who.WORK, _correct),
    Service(
        "assessment_news.cohorts_with_assessment_news",
        who.ADMINISTRATION,
        lambda a, w: assessment_news.cohorts_with_assessment_news(a),
    ),
    Service(
        "assessment_news.queue_assessment_news",
        who.ADMINISTRATION,
        lambda a, w: assessment_news.queue_assessment_news(a, "C-1", TODAY, SLOT),
    ),
    Service("college_work.college_work", who.COLLEGES, lambda a, w: college_work.college_work(a, TODAY)),
    Service("college_work.work_waiting", who.TEACHERS_ANYWHERE, lambda a, w: college_work.work_waiting(a, TODAY)),
    Service(
        "final_assessments.cohort_interviews",
        who.COLLEGE,
        lambda a, w: final_assessments.cohort_interviews(a, "C-1", TODAY),
    ),
    Service(
        "final_assessments.preview_interviews",
        who.COLLEGE,
        lambda a, w: final_assessments.preview_interviews(a, "C-1", EVENING, ("C1-02",), TODAY),
    ),
    Service(
        "final_assessments.plan_interviews",
        who.COLLEGE,
        lambda a, w: final_assessments.plan_interviews(a, "C-1", EVENING, ("C1-02",), TODAY),
    ),
    Service("final_assessments.move_interview", who.AWARD, _move),
    Service(
        "final_assessments.cancel_interview",
        who.AWARD,
        lambda a, w: final_assessments.cancel_interview(a, "C1-01", w.own["interview_seen"]),
    ),
    Service(
        "final_assessments.undo_cancelling",
        who.FORM_OF_COLLEGE,
        lambda a, w: final_assessments.undo_cancelling(a, "C-1", w.own["form_key"]),
    ),
    Service("final_outcomes.record_interview", who.WORK, _record),
    Service(
        "final_outcomes.undo_recording",
        who.FORM_OF_TEACHER,
        lambda a, w: final_outcomes.undo_recording(a, "C-1", w.own["form_key"]),
    ),
)
