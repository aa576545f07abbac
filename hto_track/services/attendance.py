"""Recording who was at a lesson (RULES.md section 1)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, delete, update
from sqlalchemy.orm import Session

from hto_track.models.lessons import Attendance
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.attendance import ATTENDED, lessons_of
from hto_track.rules.facts import EnrolmentStatus, Facts, Lesson, Mark
from hto_track.rules.span import span_of
from hto_track.services import audit, fact_rows, facts, form_answers, values
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, LessonPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRow:
    """One participant on the list of a lesson. ``make_ups_left`` is how many other lessons they may still make up."""

    id: int
    participant: str
    name: str
    mark: Mark | None
    make_ups_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonAttendance:
    """The list of a lesson: those whose lesson it is, in order of code, and the marks that may be given now."""

    cohort: CohortSummary
    lesson: LessonPlan
    recordable: tuple[Mark, ...]
    rows: tuple[AttendanceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonCount:
    """A lesson with how many of those expected have a mark."""

    lesson: LessonPlan
    expected: int
    marked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortLessons:
    """The lessons of a cohort in order of date; ``current`` is the number of the latest that came, else of the first."""

    cohort: CohortSummary
    lessons: tuple[LessonCount, ...]
    current: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkChange:
    """A mark to be given, and the one it was seen with; None is no mark."""

    participant: str
    seen: Mark | None
    mark: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkConflict:
    """A mark that was not stored, because someone else gave another one meanwhile."""

    participant: str
    name: str
    wanted: Mark | None
    stands: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksRecorded:
    """What was stored, what was not, and how many of those ``expected`` were there; None for a lesson still to come."""

    changes: tuple[MarkChange, ...]
    attended: int | None
    expected: int
    conflicts: tuple[MarkConflict, ...] = ()


def cohort_lessons(actor: Actor, cohort_code: str, on: date) -> CohortLessons:
    """The lessons of a cohort with how far their lists are filled; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = _ground(session, actor, cohort_code)
    plans, people = _known(session, ground)
    theirs = [lesson for _, known in people for lesson in _theirs(known, on)]
    expected = Counter(lesson.number for lesson in theirs)
    marked = Counter(lesson.number for lesson in theirs if lesson.mark is not None)
    given = [plan for plan in plans.values() if not plan.cancelled]
    come = [plan for plan in given if plan.on <= on]
    current = come[-1] if come else next(iter(given), None)
    return CohortLessons(
        cohort=ground.cohort,
        lessons=tuple(
            LessonCount(lesson=plan, expected=expected[plan.number], marked=marked[plan.number])
            for plan in plans.values()
        ),
        current=current.number if current else None,
    )


def lesson_attendance(actor: Actor, cohort_code: str, lesson_number: int, on: date) -> LessonAttendance:
    """The list of a lesson; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = _ground(session, actor, cohort_code)
    _, lesson, expected = _list_of(session, ground, lesson_number, on)
    note_reading(actor, Seen.ATTENDANCE, cohort_id=ground.cohort.id)
    return LessonAttendance(
        cohort=ground.cohort,
        lesson=lesson,
        recordable=_recordable(lesson, on),
        rows=tuple(expected.values()),
    )


def record_marks(
    actor: Actor,
    cohort_code: str,
    lesson_number: int,
    changes: Iterable[MarkChange],
    on: date,
    form: SentForm | None = None,
) -> MarksRecorded:
    """Store marks. A row that someone else changed since it was seen stays as it is and comes back as a conflict.

    Refused, with nothing stored: a cancelled lesson, anything but an announced absence at a lesson to come, a made-up
    lesson beyond the limit, and someone whose lesson it is not. The field of each refusal is the participant's code.
    """
    with writing() as session:
        ground = _ground(session, actor, cohort_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return _from_answer(earlier)
        lesson_id, lesson, expected = _list_of(session, ground, lesson_number, on)
        recorded = _record(session, actor, ground, lesson_id, lesson, expected, changes, on)
        form_answers.remember(session, actor, form, _as_answer(recorded))
        return recorded


def mark_everyone_present(
    actor: Actor, cohort_code: str, lesson_number: int, on: date, form: SentForm | None = None
) -> MarksRecorded:
    """Mark present whoever has no mark yet; an absence announced before stays. Refused as ``record_marks``."""
    with writing() as session:
        ground = _ground(session, actor, cohort_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return _from_answer(earlier)
        lesson_id, lesson, expected = _list_of(session, ground, lesson_number, on)
        if Mark.PRESENT not in _recordable(lesson, on):
            raise refuse(_not_now(lesson))
        empty = tuple(
            MarkChange(participant=code, seen=None, mark=Mark.PRESENT)
            for code, person in expected.items()
            if person.mark is None
        )
        recorded = _record(session, actor, ground, lesson_id, lesson, expected, empty, on)
        form_answers.remember(session, actor, form, _as_answer(recorded))
        return recorded


def undo_marks(actor: Actor, cohort_code: str, lesson_number: int, form_key: str, on: date) -> MarksRecorded:
    """Give back the marks from before the actor's own form ``form_key``; a row changed since stays, as a conflict."""
    done = _from_answer(form_answers.answer_to(actor, form_key, "changes"))
    back = tuple(
        MarkChange(participant=change.participant, seen=change.mark, mark=change.seen) for change in done.changes
    )
    with writing() as session:
        ground = _ground(session, actor, cohort_code)
        lesson_id, lesson, expected = _list_of(session, ground, lesson_number, on)
        return _record(session, actor, ground, lesson_id, lesson, expected, back, on)


def marks_recorded(actor: Actor, form_key: str) -> MarksRecorded:
    """What the actor's own form ``form_key`` did; NotFound when there is none."""
    return _from_answer(form_answers.answer_to(actor, form_key, "changes"))


def _ground(session: Session, actor: Actor, cohort_code: str) -> CohortGround:
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.RECORD_ATTENDANCE, subject_of(ground.cohort))
    return ground


def _known(
    session: Session, ground: CohortGround
) -> tuple[dict[int, LessonPlan], list[tuple[fact_rows.Person, Facts]]]:
    """The lessons of a cohort by id, and its people with as many of their facts as attendance asks."""
    who = and_(Participant.cohort_id == ground.cohort.id, Participant.status != EnrolmentStatus.APPLIED)
    plans, marks = fact_rows.lessons(session, ground.cohort.id, who)
    people = [
        (
            person,
            Facts(
                programme=ground.programme,
                calendar=ground.calendar,
                enrolment=values.enrolment(person.row, person.pauses.values(), ground.cohort),
                lessons=tuple(
                    Lesson(
                        number=plan.number,
                        on=plan.on,
                        start=plan.starts_at,
                        minutes=values.lesson_minutes(plan),
                        cancelled=plan.cancelled,
                        mark=marks.get((person.row.id, lesson_id)),
                    )
                    for lesson_id, plan in plans.items()
                ),
            ),
        )
        for person in fact_rows.participants(session, who)
    ]
    return plans, people


def _theirs(known: Facts, on: date) -> tuple[Lesson, ...]:
    return lessons_of(known, span_of(known, on))


def _list_of(
    session: Session, ground: CohortGround, lesson_number: int, on: date
) -> tuple[int, LessonPlan, dict[str, AttendanceRow]]:
    """A lesson's id and plan, and whose it is, by code. A cancelled lesson is nobody's."""
    plans, people = _known(session, ground)
    numbered = [(lesson_id, plan) for lesson_id, plan in plans.items() if plan.number == lesson_number]
    if not numbered:
        raise NotFound(f"There is no lesson {lesson_number} in cohort {ground.cohort.code}")
    lesson_id, plan = numbered[0]
    return lesson_id, plan, _expected(ground, people, lesson_number, on)


def _expected(
    ground: CohortGround, people: Iterable[tuple[fact_rows.Person, Facts]], lesson_number: int, on: date
) -> dict[str, AttendanceRow]:
    """Whose a lesson is, by code."""
    expected = {}
    for person, known in people:
        theirs = _theirs(known, on)
        this = next((lesson for lesson in theirs if lesson.number == lesson_number), None)
        if this is None:
            continue
        made_up = sum(lesson.mark is Mark.MADE_UP for lesson in theirs if lesson is not this)
        row = AttendanceRow(
            id=person.row.id,
            participant=person.row.code,
            name=person.row.name,
            mark=this.mark,
            make_ups_left=max(0, ground.programme.make_up_limit - made_up),
        )
        expected[row.participant] = row
    return expected


def _recordable(lesson: LessonPlan, on: date) -> tuple[Mark, ...]:
    if lesson.cancelled:
        return ()
    return tuple(Mark) if lesson.on <= on else (Mark.EXCUSED,)


def _not_now(lesson: LessonPlan) -> Any:
    if lesson.cancelled:
        return _l("This lesson is cancelled: there is no attendance to record.")
    return _l("This lesson is still to come: only an announced absence can be recorded.")


def _record(
    session: Session,
    actor: Actor,
    ground: CohortGround,
    lesson_id: int,
    lesson: LessonPlan,
    expected: dict[str, AttendanceRow],
    asked: Iterable[MarkChange],
    on: date,
) -> MarksRecorded:
    changes = {change.participant: change for change in asked}.values()
    refusals = [refusal for change in changes if (refusal := _refusal(change, lesson, expected, on))]
    if refusals:
        raise Refused(refusals)
    stored, conflicts = [], []
    for change in changes:
        row = expected[change.participant]
        if row.mark == change.mark:
            continue
        if row.mark != change.seen:
            conflicts.append(
                MarkConflict(participant=row.participant, name=row.name, wanted=change.mark, stands=row.mark)
            )
            continue
        _store(session, lesson_id, row.id, change)
        stored.append(change)
    audit.record_all(
        session,
        actor,
        [
            audit.Change(
                action="record_mark",
                subject=audit.of_participant(change.participant, "lessons", lesson.number),
                before={"mark": change.seen},
                after={"mark": change.mark},
            )
            for change in stored
        ],
    )
    marks = {code: person.mark for code, person in expected.items()}
    marks.update((change.participant, change.mark) for change in stored)
    return MarksRecorded(
        changes=tuple(stored),
        attended=sum(mark in ATTENDED for mark in marks.values()) if lesson.on <= on else None,
        expected=len(marks),
        conflicts=tuple(conflicts),
    )


def _refusal(change: MarkChange, lesson: LessonPlan, expected: dict[str, AttendanceRow], on: date) -> Refusal | None:
    code = change.participant
    if lesson.cancelled:
        return Refusal(message=_not_now(lesson), field=code)
    if code not in expected:
        return Refusal(message=_l("This lesson is not in the training of %(code)s.", code=code), field=code)
    if change.mark is not None and change.mark not in _recordable(lesson, on):
        return Refusal(message=_not_now(lesson), field=code)
    row = expected[code]
    if change.mark is Mark.MADE_UP and row.mark is not Mark.MADE_UP and not row.make_ups_left:
        return Refusal(message=_l("%(name)s has no lessons left to make up.", name=row.name), field=code)
    return None


def _store(session: Session, lesson_id: int, participant_id: int, change: MarkChange) -> None:
    this = and_(Attendance.lesson_id == lesson_id, Attendance.participant_id == participant_id)
    if change.mark is None:
        session.execute(delete(Attendance).where(this))
    elif change.seen is None:
        session.add(Attendance(lesson_id=lesson_id, participant_id=participant_id, mark=change.mark))
    else:
        session.execute(update(Attendance).where(this).values(mark=change.mark))


def _as_answer(recorded: MarksRecorded) -> dict[str, Any]:
    return {
        "attended": recorded.attended,
        "expected": recorded.expected,
        "changes": [[change.participant, change.seen, change.mark] for change in recorded.changes],
        "conflicts": [
            [conflict.participant, conflict.name, conflict.wanted, conflict.stands] for conflict in recorded.conflicts
        ],
    }


def _from_answer(answer: dict[str, Any]) -> MarksRecorded:
    return MarksRecorded(
        attended=answer["attended"],
        expected=answer["expected"],
        changes=tuple(
            MarkChange(participant=code, seen=_mark(seen), mark=_mark(mark)) for code, seen, mark in answer["changes"]
        ),
        conflicts=tuple(
            MarkConflict(participant=code, name=name, wanted=_mark(wanted), stands=_mark(stands))
            for code, name, wanted, stands in answer["conflicts"]
        ),
    )


def _mark(text: str | None) -> Mark | None:
    return None if text is None else Mark(text)
