"""What other dates of an assignment would mean to its cohort: shown before it is stored, so that nobody is surprised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, DueDateChange
from hto_track.models.lessons import Lesson
from hto_track.models.privacy import Seen
from hto_track.rules.better_dates import BetterDate, better_dates, possible_dates
from hto_track.rules.due_dates import (
    AssignmentDates,
    DateFault,
    DueClash,
    DueSurroundings,
    OwnDates,
    Stays,
    date_faults,
    due_clashes,
    own_dates,
)
from hto_track.rules.plan_changes import dates_moved
from hto_track.rules.room_change import RoomChange, room_change
from hto_track.services import standings
from hto_track.services.due_dates import assignment_to_move, stands
from hto_track.services.facts import CohortGround
from hto_track.services.lesson_listeners import listeners
from hto_track.services.lesson_rows import assignments_of
from hto_track.services.planning import school_holidays
from hto_track.services.planning_preview import WhoIsTold
from hto_track.services.policy import Actor
from hto_track.services.readings import note_reading
from hto_track.services.references import people_of
from hto_track.services.transaction import reading
from hto_track.services.views import CohortStandings, CohortSummary, people_by_code


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMove:
    """A move of the dates: when, by whom (where that is still known), what they were, became, and why."""

    at: datetime
    by: str | None
    was: AssignmentDates
    became: AssignmentDates
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """Somebody with an extension: their own date does not move along."""

    name: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDatePreview:
    """The dates wanted: what makes them impossible, what there is against them, and what they do to people.

    ``rising`` and ``falling`` are the names of who comes above their room in these weeks, and of who no longer is.
    """

    wanted: AssignmentDates
    faults: tuple[DateFault, ...]
    clashes: tuple[DueClash, ...]
    room: RoomChange
    rising: tuple[str, ...]
    falling: tuple[str, ...]
    extended: tuple[Extended, ...]
    handed_in: tuple[str, ...]
    told: WhoIsTold


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDatePlanning:
    """The dates of an assignment to move. ``laid_out_by`` is the number of the lesson that the due date hangs on.

    ``better`` are dates near the one wanted, or near the one that stands, that ask less.
    """

    cohort: CohortSummary
    code: str
    title: str
    is_mandatory: bool
    stands: AssignmentDates
    laid_out_by: int | None
    lesson_on: date | None
    history: tuple[PastMove, ...]
    preview: DueDatePreview | None
    better: tuple[BetterDate, ...]


def due_date_planning(
    actor: Actor, cohort_code: str, assignment_code: str, wanted: AssignmentDates | None, on: date
) -> DueDatePlanning:
    """The dates of an assignment, and what it would mean to have them as ``wanted``; NotFound or Forbidden."""
    session = reading()
    ground, row = assignment_to_move(session, actor, cohort_code, assignment_code)
    known = standings.kept_standings(session, ground, on)
    others = {
        code: other.due_on for code, other in assignments_of(session, ground.cohort.id).items() if code != row.code
    }
    preview = None
    if wanted is not None:
        preview = _preview(session, actor, ground, row, wanted, known, others, on)
    note_reading(actor, Seen.COHORT, cohort_id=ground.cohort.id)
    near = wanted if preview and wanted and not preview.faults else stands(row)
    possible = possible_dates(near, stands(row), ground.cohort.end_on, set(others.values()), ground.calendar, on)
    return DueDatePlanning(
        cohort=ground.cohort,
        code=row.code,
        title=row.title,
        is_mandatory=row.mandatory,
        stands=stands(row),
        laid_out_by=row.due_with_lesson,
        lesson_on=_lesson_on(session, ground, row.due_with_lesson),
        history=_history(session, row),
        preview=preview,
        better=better_dates(people_by_code(known), row.code, near, possible, on),
    )


def _preview(
    session: Session,
    actor: Actor,
    ground: CohortGround,
    row: Assignment,
    wanted: AssignmentDates,
    known: CohortStandings,
    others: Mapping[str, date],
    on: date,
) -> DueDatePreview:
    people, before = people_by_code(known), stands(row)
    names = {person.member.code: person.member.name for person in known.members}
    change = dates_moved({row.code: wanted.opens_on}, {row.code: wanted.due_on})
    room = room_change(people, change, on)
    own = own_dates(people, row.code, before, wanted)
    around = DueSurroundings(
        cohort_end_on=ground.cohort.end_on, school_holidays=school_holidays(session, ground), others=others
    )
    return DueDatePreview(
        wanted=wanted,
        faults=date_faults(wanted, before, ground.cohort.start_on, on),
        clashes=due_clashes(wanted, before, around),
        room=room,
        rising=tuple(names[code] for code in room.rising),
        falling=tuple(names[code] for code in room.falling),
        extended=tuple(
            Extended(name=names[code], due_on=dates.after.due_on)
            for code, dates in own.items()
            if dates.stays is Stays.EXTENDED
        ),
        handed_in=tuple(names[code] for code, dates in own.items() if dates.stays is Stays.HANDED_IN),
        told=_told(session, actor, ground, own, before, wanted, on),
    )


def _told(
    session: Session,
    actor: Actor,
    ground: CohortGround,
    own: Mapping[str, OwnDates],
    before: AssignmentDates,
    wanted: AssignmentDates,
    on: date,
) -> WhoIsTold:
    if before == wanted:
        return WhoIsTold(participants=0, colleagues=0)
    others = [each for each in listeners(session, ground, on) if each.email.lower() != actor.email.lower()]
    return WhoIsTold(
        participants=sum(each.key in own and own[each.key].is_touched for each in others if each.participant_id),
        colleagues=sum(each.participant_id is None for each in others),
    )


def _lesson_on(session: Session, ground: CohortGround, number: int | None) -> date | None:
    """When the lesson is that a date hangs on; None where there is none (any more)."""
    query = select(Lesson.held_on).where(Lesson.cohort_id == ground.cohort.id, Lesson.number == number)
    return session.scalars(query).one_or_none() if number is not None else None


def _history(session: Session, row: Assignment) -> tuple[PastMove, ...]:
    """Every move, the latest first: what one became is what the next one found."""
    query = (
        select(DueDateChange)
        .where(DueDateChange.assignment_id == row.id)
        .order_by(DueDateChange.changed_at.desc(), DueDateChange.id.desc())
    )
    changes = session.scalars(query).all()
    names = people_of(session, {change.changed_by for change in changes})
    became, found = stands(row), []
    for change in changes:
        was = AssignmentDates(opens_on=change.was_opens_on, due_on=change.was_due_on)
        someone = names.get(change.changed_by)
        found.append(
            PastMove(
                at=change.changed_at,
                by=someone.name if someone else None,
                was=was,
                became=became,
                reason=change.reason,
            )
        )
        became = was
    return tuple(found)
