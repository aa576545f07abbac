"""What the dates of assignments that were moved are to the people of a cohort: told with its other news (lesson_news.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, DueDateChange
from hto_track.rules.due_dates import AssignmentDates, own_dates
from hto_track.rules.room_change import People
from hto_track.rules.standing import judge
from hto_track.services import facts
from hto_track.services.due_date_texts import DueDateNews
from hto_track.services.due_dates import stands
from hto_track.services.facts import CohortGround
from hto_track.services.lesson_listeners import Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDates:
    """What became of the dates of one assignment, for who guides the cohort, and by code for each participant it touches.

    ``changed_by`` moved them last, and knows.
    """

    for_colleagues: DueDateNews
    for_participants: Mapping[str, DueDateNews]
    changed_by: str

    def for_listener(self, listener: Listener) -> DueDateNews | None:
        """What somebody hears of it: who takes part and does not guide the cohort, only of dates of their own."""
        return self.for_colleagues if listener.participant_id is None else self.for_participants.get(listener.key)


def untold_moves(session: Session, cohort_id: int) -> Sequence[DueDateChange]:
    """The moves of dates that nobody of a cohort was told yet, in order."""
    query = (
        select(DueDateChange)
        .join(Assignment, Assignment.id == DueDateChange.assignment_id)
        .where(Assignment.cohort_id == cohort_id, DueDateChange.told_at.is_(None))
        .order_by(DueDateChange.changed_at, DueDateChange.id)
    )
    return session.scalars(query).all()


def moved_dates(
    session: Session,
    ground: CohortGround,
    assignments: Mapping[str, Assignment],
    untold: Sequence[DueDateChange],
    on: date,
) -> tuple[MovedDates, ...]:
    """What all moves of each assignment come to, in order of its due date; nothing of what stands as it was, or is past."""
    by_assignment: dict[int, list[DueDateChange]] = {}
    for change in untold:
        by_assignment.setdefault(change.assignment_id, []).append(change)
    if not by_assignment:
        return ()
    people = _people(session, ground, on)
    found = []
    for row in assignments.values():
        changes = by_assignment.get(row.id)
        if not changes:
            continue
        was = AssignmentDates(opens_on=changes[0].was_opens_on, due_on=changes[0].was_due_on)
        now, reason = stands(row), _reason(changes, was)
        if was == now or max(was.due_on, now.due_on) < on:
            continue
        found.append(
            MovedDates(
                for_colleagues=DueDateNews(title=row.title, was=was, now=now, reason=reason),
                for_participants={
                    code: DueDateNews(title=row.title, was=own.before, now=own.after, reason=reason)
                    for code, own in own_dates(people, row.code, was, now).items()
                    if own.is_touched
                },
                changed_by=changes[-1].changed_by,
            )
        )
    return tuple(found)


def note_told(session: Session, untold: Sequence[DueDateChange], now: datetime) -> None:
    """Note that everybody was told, in the transaction of the mails."""
    ids = [change.id for change in untold]
    session.execute(update(DueDateChange).where(DueDateChange.id.in_(ids)).values(told_at=now))


def _reason(changes: Sequence[DueDateChange], was: AssignmentDates) -> str | None:
    """The latest that was given since the dates last stood as they ``was``: of what was given back nothing is told."""
    for change in reversed(changes):
        if change.reason:
            return change.reason
        if (change.was_opens_on, change.was_due_on) == (was.opens_on, was.due_on):
            break
    return None


def _people(session: Session, ground: CohortGround, on: date) -> People:
    """Everyone as of now, judged in this transaction: what is kept of others is not asked, nor is anything kept."""
    known = facts.facts_of_cohort(session, ground)
    return {person.member.code: (person.facts, judge(person.facts, on)) for person in known.members}
