"""How a missed lesson was made up: at another lesson, which serves a participant once, or by a task, online, alone.

That it counts, and counts once, is the mark of the missed lesson (RULES.md section 1).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Attendance, Lesson, LessonState, MakeUp
from hto_track.models.privacy import Seen
from hto_track.models.programmes import Programme
from hto_track.rules.attendance import ATTENDED
from hto_track.rules.facts import Mark
from hto_track.services import form_answers
from hto_track.services.attendance import MarkChange, MarksRecorded, answered_marks, as_answer, record_changes
from hto_track.services.attendance_lists import AttendanceRow, LessonList, ground_to_record, load_list, recordable
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.mark_rows import Along
from hto_track.services.policy import Actor
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, LessonPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLesson:
    """A lesson at which another one can have been made up."""

    id: int
    cohort: str
    number: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpForm:
    """What is asked when a missed lesson is made up: whose, of which lesson, and the lessons where it can have been."""

    cohort: CohortSummary
    lesson: LessonPlan
    row: AttendanceRow
    can_be_made_up: bool
    others: tuple[OtherLesson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpAsked:
    """How a lesson was made up, and the mark it was seen with: at the lesson of this id, else otherwise on a date."""

    seen: Mark | None
    at_lesson_id: int | None = None
    on: date | None = None


def make_up_form(actor: Actor, cohort_code: str, lesson_number: int, participant_code: str, on: date) -> MakeUpForm:
    """What can be chosen; NotFound or Forbidden as the policy says, NotFound too for whose lesson it is not."""
    session = reading()
    ground = ground_to_record(session, actor, cohort_code)
    listed = load_list(session, ground, lesson_number, on)
    row = _row(listed, participant_code)
    others = _others(session, ground, listed, row, on)
    note_reading(actor, Seen.ATTENDANCE, cohort_id=ground.cohort.id)
    return MakeUpForm(
        cohort=ground.cohort,
        lesson=listed.plan,
        row=row,
        can_be_made_up=Mark.MADE_UP in recordable(listed.plan, on)
        and (row.mark is Mark.MADE_UP or row.make_ups_left > 0),
        others=others,
    )


def record_make_up(
    actor: Actor,
    cohort_code: str,
    lesson_number: int,
    participant_code: str,
    asked: MakeUpAsked,
    on: date,
    form: SentForm | None = None,
) -> MarksRecorded:
    """Mark a lesson made up, with when and where. A mark that someone else changed meanwhile comes back as a conflict.

    Refused, with nothing stored: as ``record_marks``; a lesson that served already, was attended for itself, is cancelled
    or still to come (field ``at``); a date that is lacking, to come, or before the cohort began (field ``on``).
    """
    with writing() as session:
        ground = ground_to_record(session, actor, cohort_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return answered_marks(earlier)
        listed = load_list(session, ground, lesson_number, on)
        row = _row(listed, participant_code)
        along = _along(session, ground, listed, row, asked, on)
        change = MarkChange(participant=participant_code, seen=asked.seen, mark=Mark.MADE_UP, along=along)
        recorded = record_changes(session, actor, ground, listed, [change], on)
        form_answers.remember(session, actor, form, as_answer(recorded) | {"lesson": listed.id})
        return recorded


def _row(listed: LessonList, participant_code: str) -> AttendanceRow:
    row = listed.rows.get(participant_code)
    if row is None:
        raise NotFound(f"Lesson {listed.plan.number} is not in the training of {participant_code}")
    return row


def _along(
    session: Session, ground: CohortGround, listed: LessonList, row: AttendanceRow, asked: MakeUpAsked, on: date
) -> Along:
    if asked.at_lesson_id is not None:
        others = {other.id: other for other in _others(session, ground, listed, row, on)}
        other = others.get(asked.at_lesson_id)
        if other is None:
            sentence = _l("This lesson cannot make up for another one. Choose one of the list.")
            raise Refused([Refusal(message=sentence, field="at")])
        return Along(made_up_on=other.on, at_lesson_id=other.id, at_lesson=f"{other.cohort} {other.number}")
    sentence = _date_fault(asked.on, ground, on)
    if sentence or asked.on is None:
        raise Refused([Refusal(message=sentence, field="on")])
    return Along(made_up_on=asked.on)


def _date_fault(given: date | None, ground: CohortGround, on: date) -> Any:
    if given is None:
        return _l("Say when it was made up.")
    if given > on:
        return _l("This day is still to come. Note it once it was made up.")
    if given < ground.cohort.start_on:
        return _l("This day is before the cohort began.")
    return None


def _others(
    session: Session, ground: CohortGround, listed: LessonList, row: AttendanceRow, on: date
) -> tuple[OtherLesson, ...]:
    """Lessons that came, of this cohort and of others of its programme or college, latest first.

    Not one that this participant attended for itself, nor one that made up another lesson for them already.
    """
    serves = select(MakeUp.at_lesson_id).where(
        MakeUp.participant_id == row.id, MakeUp.at_lesson_id.is_not(None), MakeUp.lesson_id != listed.id
    )
    attended = select(Attendance.lesson_id).where(
        Attendance.participant_id == row.id, Attendance.mark.in_(ATTENDED - {Mark.MADE_UP})
    )
    near = [Programme.id == ground.cohort.programme_id]
    if ground.cohort.college is not None:
        near.append(Programme.college == ground.cohort.college)
    query = (
        select(Lesson.id, Lesson.number, Lesson.held_on, Cohort.code)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(
            and_(
                or_(*near),
                Lesson.id != listed.id,
                Lesson.held_on.between(ground.cohort.start_on, on),
                Lesson.state != LessonState.CANCELLED,
                Lesson.id.not_in(serves),
                Lesson.id.not_in(attended),
            )
        )
    )
    found = [
        OtherLesson(id=key, cohort=code, number=number, on=held) for key, number, held, code in session.execute(query)
    ]
    return tuple(sorted(found, key=lambda other: (other.on, other.cohort, other.number), reverse=True))
