"""The lessons of a cohort as they are planned: what stands, in rows and in plain values, and how a change is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.assignments import Assignment
from hto_track.models.lessons import Attendance, Lesson, LessonChange, LessonState, MakeUp
from hto_track.rules.facts import Mark
from hto_track.rules.lesson_dates import Slot
from hto_track.services import audit
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonStood:
    """A lesson as it stands, or stood."""

    slot: Slot
    state: LessonState
    cancel_reason: str | None
    title: str | None

    @property
    def cancelled(self) -> bool:
        """Whether it is not given."""
        return self.state is LessonState.CANCELLED

    @property
    def version(self) -> str:
        """What changes when it is moved, cancelled or put back: who plans it says which one they saw."""
        slot = self.slot
        at = f"{slot.on} {slot.starts_at:%H:%M}-{slot.ends_at:%H:%M}"
        return f"{at} {'cancelled' if self.cancelled else 'planned'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksOfLesson:
    """What is recorded of a lesson: ``given`` marks and make-ups, and absences ``announced`` beforehand."""

    given: int = 0
    announced: int = 0


def lessons_of(session: Session, cohort_id: int) -> dict[int, Lesson]:
    """Every lesson of a cohort by number, in order of date."""
    query = (
        select(Lesson)
        .where(Lesson.cohort_id == cohort_id)
        .order_by(Lesson.held_on, Lesson.starts_at, Lesson.number)
        .execution_options(populate_existing=True)
    )
    return {row.number: row for row in session.scalars(query)}


def lesson_of(lessons: dict[int, Lesson], number: int) -> Lesson:
    """The lesson of that number; NotFound when there is none."""
    if number not in lessons:
        raise NotFound(f"There is no lesson {number}")
    return lessons[number]


def assignments_of(session: Session, cohort_id: int) -> dict[str, Assignment]:
    """Every assignment of a cohort by code."""
    query = (
        select(Assignment)
        .where(Assignment.cohort_id == cohort_id)
        .order_by(Assignment.due_on, Assignment.code)
        .execution_options(populate_existing=True)
    )
    return {row.code: row for row in session.scalars(query)}


def stood(row: Lesson) -> LessonStood:
    """A lesson as it stands."""
    return LessonStood(
        slot=Slot(on=row.held_on, starts_at=row.starts_at, ends_at=row.ends_at),
        state=row.state,
        cancel_reason=row.cancel_reason,
        title=row.title,
    )


def slots_given(lessons: dict[int, Lesson], but: int | None = None) -> dict[int, Slot]:
    """When the lessons that are not cancelled are, by number; without lesson ``but``."""
    return {
        number: stood(row).slot
        for number, row in lessons.items()
        if row.state is not LessonState.CANCELLED and number != but
    }


def marks_of(session: Session, lesson_ids: Iterable[int], on: date) -> dict[int, MarksOfLesson]:
    """What is recorded, by the id of the lesson: in two queries, however many there are.

    An absence of a lesson to come is announced, whoever noted it.
    """
    ids = tuple(lesson_ids)
    found: dict[int, MarksOfLesson] = {}

    def add(lesson_id: int, given: int, announced: int) -> None:
        so_far = found.get(lesson_id, MarksOfLesson())
        found[lesson_id] = MarksOfLesson(given=so_far.given + given, announced=so_far.announced + announced)

    query = (
        select(Attendance.lesson_id, Attendance.mark, Attendance.announced_at, Lesson.held_on)
        .join(Lesson, Lesson.id == Attendance.lesson_id)
        .where(Attendance.lesson_id.in_(ids))
    )
    for lesson_id, mark, announced_at, held_on in session.execute(query):
        is_announced = mark is Mark.EXCUSED and (announced_at is not None or held_on > on)
        add(lesson_id, not is_announced, is_announced)
    for lesson_id in session.scalars(select(MakeUp.at_lesson_id).where(MakeUp.at_lesson_id.in_(ids))):
        if lesson_id is not None:
            add(lesson_id, 1, 0)
    return found


def change_lesson(
    session: Session, actor: Actor, cohort_code: str, row: Lesson, to: LessonStood, *, action: str, reason: str | None
) -> None:
    """Let a lesson stand as ``to``, keep how it stood where its people are touched, and write it down."""
    before = stood(row)
    row.held_on, row.starts_at, row.ends_at = to.slot.on, to.slot.starts_at, to.slot.ends_at
    row.state, row.cancel_reason, row.title = to.state, to.cancel_reason, to.title
    if before.version != to.version:
        session.add(change_from(row, before, actor, reason))
    session.flush()
    was, became = plain(before), plain(to)
    changed = [name for name in was if was[name] != became[name]]
    audit.record(
        session,
        actor,
        action,
        audit.of_cohort(cohort_code, "lessons", row.number),
        before={name: was[name] for name in changed},
        after={name: became[name] for name in changed} | ({"reason": reason} if reason and not to.cancelled else {}),
    )


def change_from(row: Lesson, before: LessonStood | None, actor: Actor, reason: str | None) -> LessonChange:
    """That a lesson was ``before``; None says that it was not there."""
    slot = before.slot if before else None
    return LessonChange(
        lesson_id=row.id,
        changed_at=clock.now(),
        changed_by=actor.ref,
        was_on=slot and slot.on,
        was_starts_at=slot and slot.starts_at,
        was_ends_at=slot and slot.ends_at,
        was_cancelled=before is not None and before.cancelled,
        reason=reason,
    )


def plain(lesson: LessonStood) -> dict[str, Any]:
    """A lesson as plain JSON: for the trail, and for the answer that undoing starts from."""
    return {
        "date": lesson.slot.on.isoformat(),
        "start": f"{lesson.slot.starts_at:%H:%M}",
        "end": f"{lesson.slot.ends_at:%H:%M}",
        "lesson_state": lesson.state.value,
        "cancel_reason": lesson.cancel_reason,
        "title": lesson.title,
    }


def from_plain(said: dict[str, Any]) -> LessonStood:
    """The lesson that ``plain`` said."""
    return LessonStood(
        slot=Slot(
            on=date.fromisoformat(said["date"]),
            starts_at=time.fromisoformat(said["start"]),
            ends_at=time.fromisoformat(said["end"]),
        ),
        state=LessonState(said["lesson_state"]),
        cancel_reason=said["cancel_reason"],
        title=said["title"],
    )
