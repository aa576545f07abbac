"""The row of a mark and what goes along with it: when an absence was announced, how a missed lesson was made up.

Everything here works inside the ``writing()`` of its caller.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, select, tuple_, update
from sqlalchemy.orm import Session

from hto_track.models.lessons import Attendance, MakeUp
from hto_track.rules.attendance import ATTENDED
from hto_track.rules.facts import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What goes along with a mark. ``at_lesson`` says in the audit trail which lesson ``at_lesson_id`` is."""

    announced_at: datetime | None = None
    made_up_on: date | None = None
    at_lesson_id: int | None = None
    at_lesson: str = ""


def store_mark(
    session: Session, lesson_id: int, participant_id: int, mark: Mark | None, along: Along | None, *, seen: Mark | None
) -> None:
    """Let ``mark`` take the place of ``seen``; how a lesson was made up stays only as long as it is made up."""
    this = and_(Attendance.lesson_id == lesson_id, Attendance.participant_id == participant_id)
    announced_at = along.announced_at if along else None
    if mark is None:
        session.execute(delete(Attendance).where(this))
    elif seen is None:
        session.add(
            Attendance(lesson_id=lesson_id, participant_id=participant_id, mark=mark, announced_at=announced_at)
        )
    else:
        session.execute(update(Attendance).where(this).values(mark=mark))
    if seen is Mark.MADE_UP:
        forget_make_ups(session, [(participant_id, lesson_id)])
    if mark is Mark.MADE_UP and along is not None and along.made_up_on is not None:
        at_lesson_id = None if _serves(session, participant_id, along.at_lesson_id) else along.at_lesson_id
        session.add(
            MakeUp(
                participant_id=participant_id,
                lesson_id=lesson_id,
                made_up_on=along.made_up_on,
                at_lesson_id=at_lesson_id,
            )
        )
    session.flush()


def forget_make_ups(session: Session, which: Iterable[tuple[int, int]]) -> None:
    """Forget how lessons were made up that count so no more: ids of participant and lesson."""
    session.execute(delete(MakeUp).where(tuple_(MakeUp.participant_id, MakeUp.lesson_id).in_(list(which))))


def was_there_for_itself(session: Session, participant_id: int, lesson_id: int) -> bool:
    """Whether somebody has a mark of who was at a lesson for that lesson itself: it makes up no other one then."""
    own = and_(Attendance.participant_id == participant_id, Attendance.lesson_id == lesson_id)
    query = select(Attendance.id).where(own, Attendance.mark.in_(ATTENDED - {Mark.MADE_UP}))
    return session.scalars(query).first() is not None


def _serves(session: Session, participant_id: int, at_lesson_id: int | None) -> bool:
    """Whether a lesson serves somebody for another one by now; only undoing can find that."""
    if at_lesson_id is None:
        return False
    query = select(MakeUp.id).where(MakeUp.participant_id == participant_id, MakeUp.at_lesson_id == at_lesson_id)
    return session.scalars(query).first() is not None
