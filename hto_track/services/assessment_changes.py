"""Changing an assessment afterwards: undo it at once, say more about it, or put a mistake right (RULES.md section 2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.assignments import Attempt, HandIn
from hto_track.rules.facts import AttemptOutcome
from hto_track.services import audit, facts, form_answers
from hto_track.services.assignments import (
    DONE_BY_FORM,
    LONGEST_FEEDBACK,
    LONGEST_REASON,
    AttemptView,
    Work,
    attempt_version,
    attempt_view,
    load_work,
    resit_refusals,
    too_long,
    what_stands,
    words,
    write_down,
    written,
)
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.transaction import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What goes with an attempt that was seen as ``seen``: what its participant reads, and when a failed one is due again."""

    attempt: int
    seen: str
    feedback: str | None
    resit_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an attempt that was seen as ``seen`` should have been; None: not assessed, and not exempt."""

    attempt: int
    seen: str
    outcome: AttemptOutcome | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back, of whom: the attempt as it waits again, None when it is not there any more."""

    participant: str
    assignment: str
    attempt: AttemptView | None


def undo_form(actor: Actor, cohort_code: str, assignment_code: str, form_key: str) -> Undone:
    """Take back what the actor's own form ``form_key`` did to an attempt: handing in, assessing, exempting.

    Refused when the attempt was changed since. What was written to the participant stays with an attempt that waits again,
    and is shown to them when it is assessed. NotFound when there is no such form about this assignment.
    """
    done = form_answers.answer_to(actor, form_key, DONE_BY_FORM)[DONE_BY_FORM]
    with writing() as session:
        ground = facts.ground_of_participant(session, done["participant"])
        if (ground.cohort.code, done["assignment"]) != (cohort_code, assignment_code):
            raise NotFound(f"This form was not about {assignment_code} of {cohort_code}")
        return undo_done(session, actor, done)


def undo_done(session: Session, actor: Actor, done: Mapping[str, Any]) -> Undone:
    """Take back what ``done_by_form`` says was done, in the caller's transaction; Refused as ``undo_form``."""
    work = load_work(session, actor, done["participant"], done["assignment"])
    row = work.find(done["attempt"])
    if row is None:
        return Undone(participant=work.participant_code, assignment=work.assignment.code, attempt=None)
    if attempt_version(row) != done["version"] or _is_followed(session, work, row, gone=done["created"]):
        raise refuse(_l("This was changed meanwhile, so it cannot be undone. It was left as it is."))
    before = written(row)
    left = _take_back(session, row, gone=done["created"])
    subject = audit.of_participant(work.participant_code, "assignments", work.assignment.code)
    audit.record(
        session,
        actor,
        "undo_assessment",
        subject,
        before=before,
        after=written(left) if left else {"attempt": None},
    )
    return Undone(
        participant=work.participant_code,
        assignment=work.assignment.code,
        attempt=attempt_view(left) if left else None,
    )


def remark_on_attempt(
    actor: Actor, participant_code: str, assignment_code: str, remark: Remark, form: SentForm | None = None
) -> AttemptView:
    """Store what goes with an assessed attempt: the feedback, and the date by which a failed one is to be done again.

    Refused when it was changed since it was seen, when it is not assessed, and for a date or a text that cannot be.
    """
    with writing() as session:
        work = load_work(session, actor, participant_code, assignment_code)
        row = _assessed(work, remark.attempt)
        if form_answers.answered(session, actor, form) is not None:
            return attempt_view(row)
        feedback = words(remark.feedback)
        refusals = [*_unseen(row, remark.seen, "feedback"), *too_long("feedback", feedback, LONGEST_FEEDBACK)]
        if row.number == 0 and feedback is None:
            refusals.append(Refusal(message=_l("Say why this assignment is not asked."), field="feedback"))
        if row.assessed_on is not None:
            refusals += resit_refusals(work, row.number, row.outcome, row.assessed_on, remark.resit_due_on)
        if refusals:
            raise Refused(refusals)
        before, was_told = written(row), row.feedback == feedback
        row.feedback, row.resit_due_on = feedback, remark.resit_due_on
        if not was_told:
            row.untold_since = row.untold_since or clock.now()
        write_down(session, actor, "remark_on_attempt", work, row, before=before)
        form_answers.remember(session, actor, form, {"attempt": row.number})
        return attempt_view(row)


def correct_assessment(
    actor: Actor, participant_code: str, assignment_code: str, correction: Correction, form: SentForm | None = None
) -> AttemptView | None:
    """Put an assessment right that was a mistake, with a reason; None when nothing of the attempt is left.

    It keeps its date: it is what should have been decided then. Refused when it was changed since it was seen, when a
    later attempt came after it, when it is that already, and without a reason.
    """
    with writing() as session:
        work = load_work(session, actor, participant_code, assignment_code)
        if form_answers.answered(session, actor, form) is not None:
            now = work.find(correction.attempt)
            return attempt_view(now) if now else None
        row, reason = _assessed(work, correction.attempt), words(correction.reason)
        refusals = [*_unseen(row, correction.seen, "to"), *too_long("why", reason, LONGEST_REASON)]
        refusals += _correction_refusals(work, row, correction)
        if reason is None:
            refusals.append(Refusal(message=_l("Say what was wrong with it."), field="why"))
        if refusals:
            raise Refused(refusals)
        before, left = written(row), _corrected(session, actor, row, correction)
        if left is not None:
            write_down(session, actor, "correct_assessment", work, left, before=before, reason=reason)
        else:
            subject = audit.of_participant(work.participant_code, "assignments", work.assignment.code)
            after = {"attempt": None, "reason": reason}
            audit.record(session, actor, "correct_assessment", subject, before=before, after=after)
        form_answers.remember(session, actor, form, {"attempt": correction.attempt})
        return attempt_view(left) if left else None


def _corrected(session: Session, actor: Actor, row: Attempt, correction: Correction) -> Attempt | None:
    if correction.outcome is None:
        return _take_back(session, row, gone=row.number == 0)
    row.outcome, row.assessor = correction.outcome, actor.email
    row.resit_due_on, row.untold_since = None, clock.now()
    return row


def _take_back(session: Session, row: Attempt, *, gone: bool) -> Attempt | None:
    """Make an attempt as it was before it was assessed: waiting, or not there at all."""
    if gone:
        session.delete(row)
        session.flush()
        return None
    row.assessed_on = row.outcome = row.resit_due_on = row.assessor = row.untold_since = None
    return row


def _assessed(work: Work, number: int) -> Attempt:
    row = work.find(number)
    if row is None:
        raise NotFound(f"There is no attempt {number} at {work.assignment.code}")
    return row


def _unseen(row: Attempt, seen: str, field: str) -> Iterator[Refusal]:
    """That an attempt is another than the one that was looked at, with what stands."""
    if row.outcome is None:
        yield Refusal(message=_l("This attempt is not assessed any more. Open the page again and look."), field=field)
    elif attempt_version(row) != seen:
        yield Refusal(
            message=_l("Someone else changed this meanwhile. %(what)s Look, and save again.", what=what_stands(row)),
            field=field,
        )


def _correction_refusals(work: Work, row: Attempt, correction: Correction) -> Iterator[Refusal]:
    allowed = (None,) if row.number == 0 else (None, AttemptOutcome.PASSED, AttemptOutcome.FAILED)
    if correction.outcome not in allowed:
        yield Refusal(message=_l("Choose what it should have been."), field="to")
    elif correction.outcome is not None and correction.outcome is row.outcome:
        yield Refusal(message=what_stands(row), field="to")
    later = next((other for other in work.real if other.number > row.number), None) if row.number else None
    if later is not None:
        yield Refusal(
            message=_l("Attempt %(number)s came after it, so this one stays as it is.", number=later.number), field="to"
        )


def _is_followed(session: Session, work: Work, row: Attempt, *, gone: bool) -> bool:
    """Whether something came after what a form did: a later attempt, or work handed in for one that would go."""
    if any(other.number > row.number for other in work.real) and row.number:
        return True
    return gone and bool(session.scalar(select(exists().where(HandIn.attempt_id == row.id))))
