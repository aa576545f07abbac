"""What participants hand in, and how it is assessed (RULES.md section 2); changing that later is assessment_changes.py."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.participants import Participant
from hto_track.rules.facts import AttemptOutcome
from hto_track.services import audit, facts, form_answers
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.hand_in_views import newest_work
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import writing

LONGEST_REASON, LONGEST_FEEDBACK = 500, 4000
"""In characters."""
DONE_BY_FORM = "done_to_attempt"
"""Under what a form's answer keeps what it did to an attempt, so that it can be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """An attempt as it stands; number 0 is an exemption. ``version`` changes with it: who changes it says what they saw."""

    id: int
    number: int
    submitted_on: date
    assessed_on: date | None
    outcome: AttemptOutcome | None
    resit_due_on: date | None
    assessor: str | None
    feedback: str | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a teacher decides about an attempt. ``attempt`` is the number they saw, ``resit_due_on`` only of a failed one.

    ``submitted_on`` tells when it was handed in, where nobody recorded that; without it that is the day of assessment.
    ``seen_work`` is the id of the newest hand-in that was shown, 0 for none; None where nothing was.
    """

    attempt: int
    outcome: AttemptOutcome
    assessed_on: date
    resit_due_on: date | None = None
    submitted_on: date | None = None
    feedback: str | None = None
    seen_work: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Someone's attempts at an assignment, rows for the transaction that loaded them, in order of number."""

    participant_id: int
    participant_code: str
    ground: CohortGround
    assignment: Assignment
    rows: tuple[Attempt, ...]

    @property
    def real(self) -> tuple[Attempt, ...]:
        """The attempts without an exemption."""
        return tuple(row for row in self.rows if row.number > 0)

    def find(self, number: int) -> Attempt | None:
        """The attempt of this number, if there is one."""
        return next((row for row in self.rows if row.number == number), None)


def record_submission(
    actor: Actor,
    participant_code: str,
    assignment_code: str,
    submitted_on: date,
    on: date,
    form: SentForm | None = None,
) -> AttemptView:
    """Record that work was handed in: the next attempt, which then waits for assessment.

    Refused when one waits already, when it is passed or exempt, when no attempt is left, or for a date to come.
    """
    with writing() as session:
        work = load_work(session, actor, participant_code, assignment_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return attempt_view(_numbered(work, earlier["attempt"]))
        row = submit(session, actor, work, submitted_on, on)
        form_answers.remember(session, actor, form, done_by_form(work, row, created=True))
        return attempt_view(row)


def submit(session: Session, actor: Actor, work: Work, submitted_on: date, on: date) -> Attempt:
    """Store that work was handed in, in the caller's transaction; Refused as ``record_submission``."""
    refusals = list(submission_refusals(work, submitted_on, on))
    if refusals:
        raise Refused(refusals)
    row = _store(session, work, len(work.real) + 1, submitted_on)
    write_down(session, actor, "record_submission", work, row)
    return row


def assess_attempt(
    actor: Actor,
    participant_code: str,
    assignment_code: str,
    assessment: Assessment,
    on: date,
    form: SentForm | None = None,
) -> AttemptView:
    """Assess the attempt that waits, or the next one at once when nobody recorded that it was handed in.

    Refused when the attempt was assessed meanwhile, with what stands, or something else was handed in than was shown; when it
    is not the next one, or none is left; for dates to come or in the wrong order; for a resit date where there is no resit.
    """
    with writing() as session:
        work = load_work(session, actor, participant_code, assignment_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return attempt_view(_numbered(work, earlier["attempt"]))
        is_new = (row := work.find(assessment.attempt)) is None
        if (row is None or row.outcome is None) and assessment.seen_work not in (None, newest_work(session, row)):
            raise refuse(
                _l("What was handed in changed meanwhile. Look at what is there now, and choose again."), "outcome"
            )
        row = assess(session, actor, work, assessment, on)
        form_answers.remember(session, actor, form, done_by_form(work, row, created=is_new))
        return attempt_view(row)


def assess(session: Session, actor: Actor, work: Work, assessment: Assessment, on: date) -> Attempt:
    """Store an assessment, in the caller's transaction; Refused as ``assess_attempt``."""
    refusals = list(assessment_refusals(work, assessment, on))
    if refusals:
        raise Refused(refusals)
    row, before = work.find(assessment.attempt), None
    if row is not None:
        before = written(row)
    else:
        row = _store(session, work, assessment.attempt, assessment.submitted_on or assessment.assessed_on)
    row.assessed_on, row.outcome = assessment.assessed_on, assessment.outcome
    row.resit_due_on, row.assessor = assessment.resit_due_on, actor.email
    row.feedback, row.untold_since = words(assessment.feedback) or row.feedback, clock.now()
    write_down(session, actor, "assess_attempt", work, row, before=before)
    return row


def exempt_from_assignment(
    actor: Actor, participant_code: str, assignment_code: str, reason: str, on: date, form: SentForm | None = None
) -> AttemptView:
    """Exempt someone from an assignment: attempt 0, with the reason, which the participant can read.

    Refused without a reason, and when it is passed or exempt already.
    """
    with writing() as session:
        work = load_work(session, actor, participant_code, assignment_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return attempt_view(_numbered(work, 0))
        said = words(reason)
        refusals = [*_done(work), *too_long("reason", said, LONGEST_REASON)]
        if said is None:
            refusals.append(Refusal(message=_l("Say why this assignment is not asked."), field="reason"))
        if refusals:
            raise Refused(refusals)
        row = _store(session, work, 0, on)
        row.assessed_on, row.outcome, row.assessor = on, AttemptOutcome.EXEMPT, actor.email
        row.feedback, row.untold_since = said, clock.now()
        write_down(session, actor, "exempt_from_assignment", work, row, reason=said)
        form_answers.remember(session, actor, form, done_by_form(work, row, created=True))
        return attempt_view(row)


def load_work(session: Session, actor: Actor, participant_code: str, assignment_code: str) -> Work:
    """Someone's attempts at an assignment, for who may assess them; NotFound or Forbidden as the policy says."""
    ground = facts.ground_of_participant(session, participant_code)
    participant_id = session.scalars(select(Participant.id).where(Participant.code == participant_code)).one()
    require(actor, Action.ASSESS_ATTEMPT, subject_of(ground.cohort, participant_id=participant_id))
    assignment = session.scalars(
        select(Assignment).where(Assignment.cohort_id == ground.cohort.id, Assignment.code == assignment_code)
    ).one_or_none()
    if assignment is None:
        raise NotFound(f"There is no assignment {assignment_code} in cohort {ground.cohort.code}")
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.participant_id == participant_id, Attempt.assignment_id == assignment.id)
        .order_by(Attempt.number)
    )
    return Work(participant_id, participant_code, ground, assignment, tuple(rows))


def _done(work: Work) -> Iterator[Refusal]:
    for row in work.rows:
        if row.outcome is AttemptOutcome.EXEMPT:
            yield Refusal(message=_l("There already is an exemption from this assignment."), field="outcome")
        elif row.outcome is AttemptOutcome.PASSED:
            yield Refusal(message=what_stands(row), field="outcome")


def _closed(work: Work) -> Iterator[Refusal]:
    done = list(_done(work))
    yield from done
    used = work.real and work.real[-1].outcome is not None and len(work.real) >= work.ground.programme.max_attempts
    if used and not done:
        message = _l("All %(most)s attempts were used.", most=work.ground.programme.max_attempts)
        yield Refusal(message=message, field="outcome")


def assessment_refusals(work: Work, assessment: Assessment, on: date) -> Iterator[Refusal]:
    """Why an attempt cannot be assessed so."""
    number = assessment.attempt
    row = work.find(number) if number else None
    if row is not None and row.outcome is not None:
        yield Refusal(message=what_stands(row), field="outcome")
        return
    closed = list(_closed(work))
    if closed:
        yield from closed
        return
    if row is None and (number != len(work.real) + 1 or (work.real and work.real[-1].outcome is None)):
        yield Refusal(message=_l("The attempts changed meanwhile. Open the page again and look."), field="outcome")
        return
    if assessment.outcome is AttemptOutcome.EXEMPT:
        yield Refusal(message=_l("Choose passed or failed."), field="outcome")
    yield from too_long("feedback", words(assessment.feedback), LONGEST_FEEDBACK)
    yield from _date_refusals(work, row, assessment, on)


def _date_refusals(work: Work, row: Attempt | None, assessment: Assessment, on: date) -> Iterator[Refusal]:
    if row is None:
        yield from _submitted_on_refusals(work, assessment.submitted_on or assessment.assessed_on, on)
    submitted_on = row.submitted_on if row else assessment.submitted_on or assessment.assessed_on
    if assessment.assessed_on > on:
        yield Refusal(message=_l("This date is still to come."), field="assessed_on")
    elif assessment.assessed_on < submitted_on:
        message = _l("It was handed in on %(day)s, so it cannot be assessed before.", day=formats.day(submitted_on))
        yield Refusal(message=message, field="assessed_on")
    yield from resit_refusals(
        work, assessment.attempt, assessment.outcome, assessment.assessed_on, assessment.resit_due_on
    )


def resit_refusals(
    work: Work, number: int, outcome: AttemptOutcome | None, assessed_on: date, resit_due_on: date | None
) -> Iterator[Refusal]:
    """Why an attempt assessed so cannot have this resit date."""
    if resit_due_on is None:
        return
    if outcome is not AttemptOutcome.FAILED:
        yield Refusal(message=_l("A resit date goes with a failed attempt only."), field="resit_due_on")
    elif number >= work.ground.programme.max_attempts:
        yield Refusal(message=_l("This was the last attempt: there is no resit."), field="resit_due_on")
    elif resit_due_on <= assessed_on:
        yield Refusal(message=_l("Choose a resit date after the assessment."), field="resit_due_on")


def words(text: str | None) -> str | None:
    """What was written, without spaces around it; None when nothing was."""
    return (text or "").replace("\r\n", "\n").strip() or None


def too_long(field: str, said: str | None, most: int) -> Iterator[Refusal]:
    """That a text is longer than it may be."""
    if said is not None and len(said) > most:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=most), field=field)


def submission_refusals(work: Work, submitted_on: date, on: date) -> Iterator[Refusal]:
    """Why the next attempt cannot have been handed in on a date."""
    yield from _closed(work)
    last = work.real[-1] if work.real else None
    if last is not None and last.outcome is None:
        yield Refusal(message=_waits(last), field="submitted_on")
    yield from _submitted_on_refusals(work, submitted_on, on)


def _submitted_on_refusals(work: Work, submitted_on: date, on: date) -> Iterator[Refusal]:
    if submitted_on > on:
        yield Refusal(message=_l("This date is still to come."), field="submitted_on")
    last = work.real[-1] if work.real else None
    if last is not None and last.assessed_on is not None and submitted_on < last.assessed_on:
        message = _l(
            "Attempt %(number)s was assessed on %(day)s; the next one comes after.",
            number=last.number,
            day=formats.day(last.assessed_on),
        )
        yield Refusal(message=message, field="submitted_on")


def what_stands(row: Attempt) -> Any:
    """What was decided already, and by whom."""
    if row.outcome is AttemptOutcome.EXEMPT:
        return _l("There already is an exemption from this assignment.")
    assert row.assessed_on is not None
    said = _l("passed") if row.outcome is AttemptOutcome.PASSED else _l("not passed")
    return _l(
        "Attempt %(number)s was already assessed on %(day)s by %(who)s: %(outcome)s.",
        number=row.number,
        day=formats.day(row.assessed_on),
        who=row.assessor or "?",
        outcome=said,
    )


def _waits(row: Attempt) -> Any:
    return _l(
        "Attempt %(number)s was handed in on %(day)s and waits for assessment.",
        number=row.number,
        day=formats.day(row.submitted_on),
    )


def _store(session: Session, work: Work, number: int, submitted_on: date) -> Attempt:
    row = Attempt(
        participant_id=work.participant_id, assignment_id=work.assignment.id, number=number, submitted_on=submitted_on
    )
    session.add(row)
    return row


def write_down(
    session: Session,
    actor: Actor,
    action: str,
    work: Work,
    row: Attempt,
    *,
    before: dict[str, Any] | None = None,
    **further: str | None,
) -> None:
    """Append to the audit trail what became of an attempt, which then has an id."""
    session.flush()
    subject = audit.of_participant(work.participant_code, "assignments", work.assignment.code)
    audit.record(session, actor, action, subject, before=before, after=written(row) | further)


def written(row: Attempt) -> dict[str, Any]:
    """An attempt as the audit trail keeps it: of the feedback only how long it is, for more people read the trail."""
    return {
        "attempt": row.number,
        "submitted_on": row.submitted_on.isoformat(),
        "assessed_on": row.assessed_on.isoformat() if row.assessed_on else None,
        "outcome": row.outcome,
        "resit_due_on": row.resit_due_on.isoformat() if row.resit_due_on else None,
        "feedback_characters": len(row.feedback or ""),
    }


def done_by_form(work: Work, row: Attempt, *, created: bool) -> dict[str, Any]:
    """What a form's answer keeps of what it did to an attempt."""
    done = {
        "participant": work.participant_code,
        "assignment": work.assignment.code,
        "attempt": row.number,
        "version": attempt_version(row),
        "created": created,
    }
    return {"attempt": row.number, DONE_BY_FORM: done}


def _numbered(work: Work, number: int) -> Attempt:
    row = work.find(number)
    if row is None:
        raise NotFound(f"Attempt {number} was taken back")
    return row


def attempt_view(row: Attempt) -> AttemptView:
    """An attempt as it stands."""
    return AttemptView(
        id=row.id,
        number=row.number,
        submitted_on=row.submitted_on,
        assessed_on=row.assessed_on,
        outcome=row.outcome,
        resit_due_on=row.resit_due_on,
        assessor=row.assessor,
        feedback=row.feedback,
        version=attempt_version(row),
    )


def attempt_version(row: Attempt) -> str:
    """What changes whenever an attempt does, so that who changes it can say what they saw."""
    told = (row.number, row.submitted_on, row.assessed_on, row.outcome, row.resit_due_on, row.assessor, row.feedback)
    content = "|".join(map(str, told))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
