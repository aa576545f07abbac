"""What came of a closing interview: recording it, which ends its appointment, and taking that back (RULES.md section 4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import formats
from hto_track.models.diploma import FinalAssessment, PlannedFinalAssessment
from hto_track.rules.standing import judge
from hto_track.services import audit, form_answers
from hto_track.services.appointments import appointments_of, restored, words, written
from hto_track.services.facts import MemberFacts
from hto_track.services.form_answers import SentForm
from hto_track.services.interview_mails import Told
from hto_track.services.interviews import LEFT, Interview, about, load_person, refusals_of_state
from hto_track.services.outbox import take_back_waiting
from hto_track.services.policy import Action, Actor
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.transaction import writing

LONGEST_ASSESSOR = 254
RECORDED_BY_FORM = "recorded_interview"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewOutcome:
    """What came of an interview; ``resit_allowed`` counts of one that was not passed."""

    held_on: date
    passed: bool
    resit_allowed: bool
    assessor: str | None


def record_interview(
    actor: Actor, participant_code: str, outcome: InterviewOutcome, on: date, form: SentForm | None = None
) -> Interview:
    """Record what came of an interview; an appointment for that day or before it is over with it, a later one too.

    Refused for a day to come, before the first day, or not after the interview before it; when one was passed already, or
    the latest was failed without resit.
    """
    with writing() as session:
        person = load_person(session, actor, Action.RECORD_FINAL_ASSESSMENT, participant_code)
        if form_answers.answered(session, actor, form) is not None:
            now = _latest(session, person)
            if now is None:
                raise NotFound(f"What this form recorded of {participant_code} was taken back")
            return _view(now)
        refusals = list(_refusals(person, outcome, on))
        if refusals:
            raise Refused(refusals)
        planned = session.scalars(
            select(PlannedFinalAssessment).where(PlannedFinalAssessment.participant_id == person.member.id)
        ).one_or_none()
        was = written(planned) if planned else None
        if planned is not None:
            session.delete(planned)
            take_back_waiting(session, tuple(Told), participant_code)
        row = FinalAssessment(
            participant_id=person.member.id,
            held_on=outcome.held_on,
            passed=outcome.passed,
            resit_allowed=outcome.passed or outcome.resit_allowed,
            assessor=words(outcome.assessor) or actor.name,
        )
        session.add(row)
        audit.record(session, actor, "record_interview", about(participant_code), before=was, after=_written(row))
        done = {"participant": participant_code, "held_on": row.held_on.isoformat(), "was": was, **_result(row)}
        form_answers.remember(session, actor, form, {RECORDED_BY_FORM: done})
        return _view(row)


def undo_recording(actor: Actor, cohort_code: str, form_key: str) -> None:
    """Take back what the actor's own form ``form_key`` recorded, and give back its appointment.

    Refused when another interview or appointment came since, or when it was changed.
    """
    done = form_answers.answer_to(actor, form_key, RECORDED_BY_FORM)[RECORDED_BY_FORM]
    code = done["participant"]
    with writing() as session:
        person = load_person(session, actor, Action.RECORD_FINAL_ASSESSMENT, code, cohort_code)
        row = _latest(session, person)
        expected = {"passed": done["passed"], "resit_allowed": done["resit_allowed"]}
        is_same = row is not None and (row.held_on.isoformat(), _result(row)) == (done["held_on"], expected)
        if not is_same or appointments_of(session, [person.member.id]):
            raise refuse(_l("This was changed meanwhile, so it cannot be undone. It was left as it is."))
        before = _written(row)
        session.delete(row)
        session.flush()
        back = restored(session, person.member.id, done["was"]) if done["was"] else None
        after = written(back) if back else None
        audit.record(session, actor, "undo_interview", about(code), before=before, after=after)


def _refusals(person: MemberFacts, outcome: InterviewOutcome, on: date) -> Iterator[Refusal]:
    standing, name = judge(person.facts, on), person.member.name
    if standing.span.status in LEFT:
        yield Refusal(message=_l("%(name)s does not take part.", name=name))
    yield from refusals_of_state(standing, name, "passed")
    last = max((held.on for held in person.facts.final_assessments), default=None)
    if outcome.held_on > on:
        yield Refusal(message=_l("This date is still to come."), field="held_on")
    elif outcome.held_on < standing.span.first:
        message = _l("%(name)s begins on %(day)s.", name=name, day=formats.day(standing.span.first))
        yield Refusal(message=message, field="held_on")
    elif last is not None and outcome.held_on <= last:
        message = _l("An interview was held on %(day)s; the next one comes after.", day=formats.day(last))
        yield Refusal(message=message, field="held_on")
    if len(words(outcome.assessor) or "") > LONGEST_ASSESSOR:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_ASSESSOR), field="assessor")


def _latest(session: Session, person: MemberFacts) -> Any:
    return session.scalars(
        select(FinalAssessment)
        .where(FinalAssessment.participant_id == person.member.id)
        .order_by(FinalAssessment.held_on.desc())
        .limit(1)
    ).first()


def _result(row: FinalAssessment) -> dict[str, bool]:
    return {"passed": row.passed, "resit_allowed": row.resit_allowed}


def _written(row: FinalAssessment) -> dict[str, Any]:
    return {"held_on": row.held_on.isoformat(), **_result(row), "assessor": row.assessor}


def _view(row: FinalAssessment) -> Interview:
    return Interview(held_on=row.held_on, passed=row.passed, resit_allowed=row.resit_allowed, assessor=row.assessor)
