"""A participant says beforehand that they will not come. Nobody asks why: it may be about health."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.lessons import Attendance, Lesson
from hto_track.rules.attendance import has_begun, lessons_of
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import Lesson as KnownLesson
from hto_track.rules.facts import Mark
from hto_track.rules.span import span_of
from hto_track.services import audit, facts
from hto_track.services.mark_rows import Along, store_mark
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, LessonPlan


class Announcing(Enum):
    """What a participant can do about a lesson of theirs."""

    CAN_ANNOUNCE = "can_announce"
    ANNOUNCED = "announced"
    """Said so, and can still take it back."""
    TOO_LATE = "too_late"
    """It has begun; what was announced before stands."""
    MARKED = "marked"
    """The college noted something itself: that counts."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLesson:
    """A lesson of a participant: what stands, since when they announced an absence, and what they can do."""

    cohort: CohortSummary
    lesson: LessonPlan
    mark: Mark | None
    announced_at: datetime | None
    announcing: Announcing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    participant_id: int
    lesson_id: int
    own: OwnLesson


def own_lesson(actor: Actor, participant_code: str, lesson_number: int, at: datetime) -> OwnLesson:
    """A lesson of a participant as of the moment ``at``; NotFound or Forbidden, NotFound too for one that is not theirs."""
    return _find(reading(), actor, participant_code, lesson_number, at).own


def announce_absence(actor: Actor, participant_code: str, lesson_number: int, at: datetime) -> OwnLesson:
    """Say that the participant will not come; said twice it stands once.

    Refused once the lesson has begun, for a cancelled one, and where the college noted something else itself.
    """
    with writing() as session:
        found = _find(session, actor, participant_code, lesson_number, at)
        if found.own.announcing is Announcing.ANNOUNCED:
            return found.own
        if found.own.announcing is not Announcing.CAN_ANNOUNCE:
            raise refuse(_why_not(found.own))
        along = Along(announced_at=clock.now())
        store_mark(session, found.lesson_id, found.participant_id, Mark.EXCUSED, along, seen=None)
        _record(session, actor, "announce_absence", participant_code, lesson_number, None, Mark.EXCUSED)
        return _find(session, actor, participant_code, lesson_number, at).own


def withdraw_absence(actor: Actor, participant_code: str, lesson_number: int, at: datetime) -> OwnLesson:
    """Take the announcement back; refused once the lesson has begun, and where the college noted something since."""
    with writing() as session:
        found = _find(session, actor, participant_code, lesson_number, at)
        if found.own.announcing is Announcing.CAN_ANNOUNCE:
            return found.own
        if found.own.announcing is not Announcing.ANNOUNCED:
            raise refuse(_why_not(found.own))
        store_mark(session, found.lesson_id, found.participant_id, None, None, seen=Mark.EXCUSED)
        _record(session, actor, "withdraw_absence", participant_code, lesson_number, Mark.EXCUSED, None)
        return _find(session, actor, participant_code, lesson_number, at).own


def _find(session: Session, actor: Actor, participant_code: str, lesson_number: int, at: datetime) -> _Found:
    ground = facts.ground_of_participant(session, participant_code)
    known = facts.facts_of_participant(session, ground, participant_code)
    if not known.members:
        raise NotFound(f"There is no participant {participant_code}")
    person = known.members[0]
    require(actor, Action.ANNOUNCE_ABSENCE, subject_of(ground.cohort, participant_id=person.member.id))
    on = at.astimezone(AMSTERDAM).date()
    plan = next((plan for plan in known.plan.lessons if plan.number == lesson_number), None)
    theirs = {lesson.number for lesson in lessons_of(person.facts, span_of(person.facts, on))}
    if plan is None or not (plan.cancelled or lesson_number in theirs):
        raise NotFound(f"There is no lesson {lesson_number} for {participant_code}")
    lesson = next(lesson for lesson in person.facts.lessons if lesson.number == lesson_number)
    lesson_id, announced_at = _row(session, ground.cohort.id, person.member.id, lesson_number)
    return _Found(
        participant_id=person.member.id,
        lesson_id=lesson_id,
        own=OwnLesson(
            cohort=ground.cohort,
            lesson=plan,
            mark=lesson.mark,
            announced_at=announced_at,
            announcing=_announcing(plan, lesson, announced_at, at),
        ),
    )


def _row(session: Session, cohort_id: int, participant_id: int, lesson_number: int) -> tuple[int, datetime | None]:
    """The lesson's id, and since when the participant's absence is announced."""
    query = (
        select(Lesson.id, Attendance.announced_at)
        .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.participant_id == participant_id))
        .where(Lesson.cohort_id == cohort_id, Lesson.number == lesson_number)
    )
    row = session.execute(query).one()
    return row[0], row[1]


def _announcing(plan: LessonPlan, lesson: KnownLesson, announced_at: datetime | None, at: datetime) -> Announcing:
    if plan.cancelled:
        return Announcing.CANCELLED
    if has_begun(lesson, at.astimezone(AMSTERDAM)):
        return Announcing.TOO_LATE
    if lesson.mark is None:
        return Announcing.CAN_ANNOUNCE
    is_own = lesson.mark is Mark.EXCUSED and announced_at is not None
    return Announcing.ANNOUNCED if is_own else Announcing.MARKED


def _why_not(own: OwnLesson) -> Any:
    if own.announcing is Announcing.CANCELLED:
        return _l("This lesson is cancelled: you need not say that you will not come.")
    if own.announcing is Announcing.MARKED:
        return _l(
            "The college has noted something for this lesson already: that counts. Ask your teacher to change it."
        )
    return _l("The lesson has begun: this can no longer be changed here. Tell your teacher.")


def _record(
    session: Session,
    actor: Actor,
    action: str,
    participant_code: str,
    lesson_number: int,
    before: Mark | None,
    after: Mark | None,
) -> None:
    subject = audit.of_participant(participant_code, "lessons", lesson_number)
    audit.record(session, actor, action, subject, before={"mark": before}, after={"mark": after})
