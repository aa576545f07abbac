"""What tests of planning share: dates to plan with, and a look at what was stored."""

from datetime import date, time
from typing import Any

from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.models.accounts import Grant, User
from hto_track.models.assignments import Assignment
from hto_track.models.lessons import Attendance, Lesson, LessonChange
from hto_track.rules.facts import Mark
from hto_track.rules.lesson_dates import Slot
from hto_track.services.lesson_planning import Move, move_lesson
from hto_track.services.lesson_rows import LessonStood, lessons_of, stood
from hto_track.services.planned import Planned
from hto_track.services.policy import Actor
from hto_track.services.transaction import reading, writing
from tests.cast import Cast
from tests.conftest import TODAY

TO_COME = 3
"""The lesson of the cast that is still to come: Tuesday 1 September, half past six."""


def evening(day: date, starts: time = time(18, 30), ends: time = time(21, 30)) -> Slot:
    """A lesson's usual time on another day."""
    return Slot(on=day, starts_at=starts, ends_at=ends)


def stands(cast: Cast, number: int = TO_COME) -> LessonStood:
    """A lesson as it is stored."""
    db.session.rollback()
    return stood(lessons_of(reading(), cast.cohort_id)[number])


def move(
    cast: Cast,
    day: date,
    *,
    by: Actor | None = None,
    number: int = TO_COME,
    seen: str | None = None,
    to: Slot | None = None,
    **more: Any,
) -> Planned:
    """Chaima (or ``by``) moves a lesson, having seen what stands unless ``seen`` says otherwise."""
    wanted = Move(to=to or evening(day), seen=seen or stands(cast, number).version, **more)
    return move_lesson(by or cast.chaima, cast.cohort, number, wanted, TODAY)


def changes() -> list[LessonChange]:
    """Every change that is kept, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(LessonChange).order_by(LessonChange.id)))


def mark(cast: Cast, number: int, given: Mark = Mark.PRESENT) -> None:
    """Bram has a mark at a lesson."""
    with writing() as session:
        lesson_id = session.scalars(
            select(Lesson.id).where(Lesson.cohort_id == cast.cohort_id, Lesson.number == number)
        ).one()
        session.add(Attendance(participant_id=cast.participant_id, lesson_id=lesson_id, mark=given))


def tie(opens: int | None = None, due: int | None = None, **dates: date) -> None:
    """The dates of assignment A1 were laid out by these lessons."""
    with writing() as session:
        session.execute(update(Assignment).values(opens_with_lesson=opens, due_with_lesson=due, **dates))


def assignment() -> Assignment:
    """Assignment A1 as it is stored."""
    db.session.rollback()
    return db.session.scalars(select(Assignment)).one()


def without_accounts_but(*keep: Actor) -> None:
    """Nobody else of the college or leading the cohort has a role."""
    with writing() as session:
        ids = [actor.user_id for actor in keep]
        for grant in session.scalars(select(Grant).join(User, User.id == Grant.user_id).where(User.id.not_in(ids))):
            session.delete(grant)
