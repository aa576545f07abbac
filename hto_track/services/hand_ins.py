"""Handing in work: a file or a link, for the attempt that waits or the next one (RULES.md section 2).

What was handed in before for the same attempt is kept; once the attempt is assessed nothing is added to it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from hto_track import clock, formats
from hto_track.models.assignments import Assignment, Attempt, FileContent, HandIn, HandInKind
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.models.programmes import Programme
from hto_track.rules.facts import AttemptOutcome
from hto_track.rules.span import ENDED
from hto_track.services import audit, facts, file_scan, form_answers
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, Subject, require
from hto_track.services.readings import note_reading
from hto_track.services.received_files import FIELD, ReceivedFile, received_file, received_link
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.work_files import forget_hand_ins

MOST_VERSIONS = 10
"""Of one attempt: nobody fills the disk by handing in again and again."""
UNDONE_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What was handed in. ``is_later`` when it takes the place of something handed in before for the same attempt."""

    id: int
    attempt: int
    is_later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFile:
    """A file that was handed in, to take home."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Work:
    """Someone's attempts at an assignment, rows for the transaction that loaded them, in order of number."""

    ground: CohortGround
    person: Participant
    assignment: Assignment
    rows: tuple[Attempt, ...]

    @property
    def waiting(self) -> Attempt | None:
        """The attempt that waits for assessment."""
        last = self.rows[-1] if self.rows else None
        return last if last is not None and last.outcome is None else None


def hand_in_file(
    actor: Actor,
    participant_code: str,
    assignment_code: str,
    name: str,
    content: bytes,
    on: date,
    form: SentForm | None = None,
) -> HandedIn:
    """Hand in a file; ``content`` may be cut off beyond ``received_files.LARGEST``.

    Refused for a file that cannot be taken (``services/received_files.py``, ``services/file_scan.py``) and as ``hand_in_link``.
    """
    _require_open(actor, participant_code, assignment_code, on)
    file = received_file(name, content)
    file_scan.require_clean(content)
    if form is not None:  # the same form with another file is another form
        form = replace(form, content=hashlib.sha256(f"{form.content} {file.name} {file.sha256}".encode()).hexdigest())
    return _hand_in(actor, participant_code, assignment_code, file, on, form)


def hand_in_link(
    actor: Actor, participant_code: str, assignment_code: str, link: str, on: date, form: SentForm | None = None
) -> HandedIn:
    """Hand in a link.

    Refused for what is no link, when the assignment is passed or exempt, when no attempt is left, and after the last day of
    who stopped. NotFound, Forbidden.
    """
    _require_open(actor, participant_code, assignment_code, on)
    return _hand_in(actor, participant_code, assignment_code, received_link(link), on, form)


def undo_hand_in(actor: Actor, assignment_code: str, form_key: str) -> None:
    """Take back what one's form handed in for an assignment minutes ago, with the attempt that it made.

    Refused once it is assessed, once something later was handed in, and after ``UNDONE_WITHIN``. NotFound, Forbidden.
    """
    answer = form_answers.answer_to(actor, form_key, "hand_in")
    if answer["assignment"] != assignment_code:
        raise NotFound(f"This form handed in nothing for {assignment_code}")
    with writing() as session:
        work = _work(session, actor, answer["participant"], assignment_code)
        attempt = next((row for row in work.rows if row.number == answer["attempt"]), None)
        rows = _versions(session, attempt) if attempt is not None else []
        if attempt is None or not rows or rows[0].id != answer["hand_in"]:
            raise refuse(_l("This was taken back already, or something later was handed in."))
        if attempt.outcome is not None:
            raise refuse(_l("This was assessed meanwhile. It cannot be taken back any more."))
        if rows[0].handed_in_at < clock.now() - UNDONE_WITHIN:
            raise refuse(_l("This was handed in a while ago. Hand in a better version instead: the newest one counts."))
        before = _written(attempt, rows[0].kind)
        subject = _subject(work)
        forget_hand_ins(session, rows[:1])
        if len(rows) == 1 and answer["made"]:
            session.delete(attempt)
        audit.record(session, actor, "undo_hand_in", subject, before=before)


def handed_in_file(actor: Actor, hand_in_id: int) -> WorkFile:
    """A file that was handed in, for who handed it in and the college's teachers. NotFound for a link. Forbidden."""
    session = reading()
    found = session.execute(
        select(HandIn, FileContent, Attempt.participant_id, Cohort.id, Cohort.programme_id, Programme.college)
        .join(FileContent, FileContent.sha256 == HandIn.content_sha256)
        .join(Attempt, Attempt.id == HandIn.attempt_id)
        .join(Participant, Participant.id == Attempt.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(HandIn.id == hand_in_id)
        .options(undefer(FileContent.content))
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no file {hand_in_id}")
    row, kept, participant_id, cohort_id, programme_id, college = found
    subject = Subject(cohort_id=cohort_id, participant_id=participant_id, college=college, programme_id=programme_id)
    require(actor, Action.READ_WORK, subject)
    file = WorkFile(name=row.file_name, media_type=kept.media_type, content=kept.content)
    note_reading(actor, Seen.ASSIGNMENTS, participant_id=participant_id)
    return file


def _require_open(actor: Actor, participant_code: str, assignment_code: str, on: date) -> None:
    """Whether anything can be handed in, before a file is looked at: nobody has us scan files for nothing."""
    _require_attempt(_work(reading(), actor, participant_code, assignment_code), on)


def _hand_in(
    actor: Actor, participant_code: str, assignment_code: str, what: ReceivedFile | str, on: date, form: SentForm | None
) -> HandedIn:
    with writing() as session:
        work = _work(session, actor, participant_code, assignment_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return HandedIn(id=earlier["hand_in"], attempt=earlier["attempt"], is_later=earlier["is_later"])
        _require_attempt(work, on)
        attempt, made = work.waiting, work.waiting is None
        if attempt is None:
            attempt = _next_attempt(session, work, on)
        earlier_versions = _versions(session, attempt)
        if len(earlier_versions) >= MOST_VERSIONS:
            message = _l("You handed in %(most)s versions of this. Wait for the assessment.", most=MOST_VERSIONS)
            raise refuse(message, FIELD if isinstance(what, ReceivedFile) else "link")
        row = _store(session, attempt, what)
        audit.record(session, actor, "hand_in_work", _subject(work), after=_written(attempt, row.kind))
        done = HandedIn(id=row.id, attempt=attempt.number, is_later=bool(earlier_versions))
        answer = {
            "hand_in": done.id,
            "attempt": done.attempt,
            "is_later": done.is_later,
            "made": made,
            "participant": work.person.code,
            "assignment": work.assignment.code,
        }
        form_answers.remember(session, actor, form, answer)
        return done


def _work(session: Session, actor: Actor, participant_code: str, assignment_code: str) -> _Work:
    ground = facts.ground_of_participant(session, participant_code)
    person = session.scalars(select(Participant).where(Participant.code == participant_code)).one()
    require(actor, Action.HAND_IN_WORK, subject_of(ground.cohort, participant_id=person.id))
    assignment = session.scalars(
        select(Assignment).where(Assignment.cohort_id == ground.cohort.id, Assignment.code == assignment_code)
    ).one_or_none()
    if assignment is None:
        raise NotFound(f"There is no assignment {assignment_code} in cohort {ground.cohort.code}")
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.participant_id == person.id, Attempt.assignment_id == assignment.id)
        .order_by(Attempt.number)
    )
    return _Work(ground, person, assignment, tuple(rows))


def _require_attempt(work: _Work, on: date) -> None:
    """Refused when there is no attempt to hand something in for."""
    refusals = list(_closed(work, on))
    if refusals:
        raise Refused(refusals)


def _closed(work: _Work, on: date) -> Iterator[Refusal]:
    outcomes = {row.outcome for row in work.rows}
    real = [row for row in work.rows if row.number > 0]
    person, most = work.person, work.ground.programme.max_attempts
    if person.status in ENDED and person.status_on is not None and person.status_on <= on:
        message = _l(
            "Your training ended on %(day)s: nothing can be handed in.", day=formats.day_plain(person.status_on)
        )
        yield Refusal(message=message, field=FIELD)
    elif AttemptOutcome.PASSED in outcomes:
        yield Refusal(message=_l("You passed this assignment: nothing more is asked."), field=FIELD)
    elif AttemptOutcome.EXEMPT in outcomes:
        yield Refusal(message=_l("You are exempt from this assignment: nothing is asked."), field=FIELD)
    elif work.waiting is None and len(real) >= most:
        yield Refusal(message=_l("All %(most)s attempts were used.", most=most), field=FIELD)


def _next_attempt(session: Session, work: _Work, on: date) -> Attempt:
    number = sum(row.number > 0 for row in work.rows) + 1
    attempt = Attempt(participant_id=work.person.id, assignment_id=work.assignment.id, number=number, submitted_on=on)
    session.add(attempt)
    session.flush()
    return attempt


def _store(session: Session, attempt: Attempt, what: ReceivedFile | str) -> HandIn:
    row = HandIn(attempt_id=attempt.id, handed_in_at=clock.now())
    if isinstance(what, ReceivedFile):
        keep_file(session, what)
        row.kind, row.file_name, row.content_sha256 = HandInKind.FILE, what.name, what.sha256
    else:
        row.kind, row.link = HandInKind.LINK, what
    session.add(row)
    session.flush()
    return row


def keep_file(session: Session, file: ReceivedFile) -> None:
    """Keep a file, unless the very same is kept already; for a hand-in that names it in the same transaction."""
    if session.get(FileContent, file.sha256) is None:
        content = FileContent(
            sha256=file.sha256, size=len(file.content), media_type=file.media_type, content=file.content
        )
        session.add(content)
        session.flush()


def _versions(session: Session, attempt: Attempt) -> list[HandIn]:
    """What was handed in for an attempt, the newest first."""
    query = select(HandIn).where(HandIn.attempt_id == attempt.id)
    return list(session.scalars(query.order_by(HandIn.handed_in_at.desc(), HandIn.id.desc())))


def _subject(work: _Work) -> str:
    return audit.of_participant(work.person.code, "assignments", work.assignment.code)


def _written(attempt: Attempt, kind: HandInKind) -> dict[str, Any]:
    """As the audit trail keeps it: not the name of the file nor the link, which may tell anything."""
    return {"attempt": attempt.number, "submitted_on": attempt.submitted_on.isoformat(), "kind": kind}
