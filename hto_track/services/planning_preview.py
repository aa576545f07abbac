"""What it would mean to put a lesson on another date: shown before it is stored, so that nobody is surprised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.models.lessons import Lesson
from hto_track.models.privacy import Seen
from hto_track.rules.lesson_dates import (
    Clash,
    CohortDates,
    Slot,
    SlotFault,
    date_clashes,
    overlapping,
    slot_faults,
)
from hto_track.rules.plan_changes import dates_moved, lesson_at, one_after_another
from hto_track.rules.room_change import RoomChange, room_change
from hto_track.services import standings
from hto_track.services.facts import CohortGround
from hto_track.services.lesson_listeners import listeners
from hto_track.services.lesson_rows import (
    LessonStood,
    MarksOfLesson,
    assignments_of,
    lesson_of,
    lessons_of,
    marks_of,
    slots_given,
    stood,
)
from hto_track.services.planning import (
    PlannedLesson,
    planned_lessons,
    planning_ground,
    school_holidays,
    surroundings,
)
from hto_track.services.policy import Action, Actor, may
from hto_track.services.readings import note_reading
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import CohortStandings, CohortSummary, people_by_code


class TiedTo(StrEnum):
    """Which date of an assignment was laid out by a lesson."""

    OPENS = "opens"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class TiedDate:
    """A date of an assignment that was laid out by the lesson: it may move along, by as many days.

    ``is_proposed`` unless it would come earlier: that takes time away from people, and is for the planner to say.
    """

    code: str
    title: str
    which: TiedTo
    stands: date
    becomes: date
    is_proposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsTold:
    """How many get a mail; nobody of a lesson that is past and stays there."""

    participants: int
    colleagues: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A lesson at ``wanted``: what makes it impossible, what there is against it, and what comes with it.

    ``ends_on`` is the last day that the cohort would get; None where it stays. ``room`` is worked out with the dates that
    are proposed to move along, and only where the date is possible.
    """

    wanted: Slot
    faults: tuple[SlotFault, ...]
    overlaps: tuple[int, ...]
    clashes: tuple[Clash, ...]
    tied: tuple[TiedDate, ...]
    ends_on: date | None
    may_move_end: bool
    room: RoomChange | None
    told: WhoIsTold


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPlanning:
    """A lesson of a cohort to plan; ``lesson`` is None for one to add. ``preview`` of the date that was asked for."""

    cohort: CohortSummary
    lesson: PlannedLesson | None
    next_number: int
    usual: Slot | None
    """The latest lesson of the cohort: a new one is likely at the same times."""
    preview: Preview | None


def lesson_planning(
    actor: Actor, cohort_code: str, number: int | None, wanted: Slot | None, on: date
) -> LessonPlanning:
    """Lesson ``number`` to plan (None: a new one), and what it would mean at ``wanted``; NotFound or Forbidden."""
    session = reading()
    ground = planning_ground(session, actor, cohort_code)
    lessons, assignments = lessons_of(session, ground.cohort.id), assignments_of(session, ground.cohort.id)
    row = None if number is None else lesson_of(lessons, number)
    people = standings.kept_standings(session, ground, on)
    around = surroundings(
        session, actor, ground, lessons, assignments, school_holidays(session, ground), _pauses(people)
    )
    planned = planned_lessons(session, {row.number: row}, around, on)[0] if row else None
    preview = None
    if wanted is not None:
        preview = Preview(
            wanted=wanted,
            faults=(faults := faults_at(session, ground, lessons, row, wanted, on)),
            overlaps=overlapping(wanted, slots_given(lessons, but=number)),
            clashes=date_clashes(wanted, around, number),
            tied=(tied := tied_dates(row, wanted, assignments.values())),
            ends_on=wanted.on if SlotFault.AFTER_COHORT in faults else None,
            may_move_end=may(actor, Action.LAY_OUT_COHORT, subject_of(ground.cohort)),
            room=_room(people, number or _next(lessons), wanted, tied, on)
            if wanted.starts_at < wanted.ends_at
            else None,
            told=_told(session, actor, ground, stood(row) if row else None, wanted, on),
        )
        note_reading(actor, Seen.COHORT, cohort_id=ground.cohort.id)
    return LessonPlanning(
        cohort=ground.cohort,
        lesson=planned,
        next_number=_next(lessons),
        usual=next((stood(other).slot for other in reversed(lessons.values())), None),
        preview=preview,
    )


def faults_at(
    session: Session,
    ground: CohortGround,
    lessons: dict[int, Lesson],
    row: Lesson | None,
    wanted: Slot,
    on: date,
) -> tuple[SlotFault, ...]:
    """Why a lesson (None: a new one) cannot be at ``wanted``."""
    marks = marks_of(session, [row.id], on).get(row.id) if row else None
    return slot_faults(
        wanted,
        CohortDates(
            start_on=ground.cohort.start_on,
            end_on=ground.cohort.end_on,
            others=slots_given(lessons, but=row.number if row else None),
        ),
        is_marked=(marks or MarksOfLesson()).given > 0,
        on=on,
    )


def tied_dates(row: Lesson | None, wanted: Slot, assignments: Iterable[Assignment]) -> tuple[TiedDate, ...]:
    """The dates of assignments that were laid out by a lesson, moved by as many days as the lesson."""
    if row is None or wanted.on == row.held_on:
        return ()
    by = wanted.on - row.held_on
    return tuple(
        TiedDate(
            code=task.code,
            title=task.title,
            which=which,
            stands=stands,
            becomes=stands + by,
            is_proposed=by > timedelta(0),
        )
        for task in assignments
        for which, tied_to, stands in (
            (TiedTo.OPENS, task.opens_with_lesson, task.opens_on),
            (TiedTo.DUE, task.due_with_lesson, task.due_on),
        )
        if tied_to == row.number
    )


def _room(people: CohortStandings, number: int, wanted: Slot, tied: tuple[TiedDate, ...], on: date) -> RoomChange:
    def moved(which: TiedTo) -> Mapping[str, date]:
        return {date_.code: date_.becomes for date_ in tied if date_.which is which and date_.is_proposed}

    change = one_after_another(
        lesson_at(number, wanted, max(wanted.on, people.cohort.end_on)),
        dates_moved(moved(TiedTo.OPENS), moved(TiedTo.DUE)),
    )
    return room_change(people_by_code(people), change, on)


def _pauses(people: CohortStandings) -> dict[str, frozenset[date]]:
    return {
        person.member.name: frozenset(person.standing.span.paused)
        for person in people.members
        if person.standing.span.goes_on and person.standing.span.paused
    }


def _told(
    session: Session, actor: Actor, ground: CohortGround, before: LessonStood | None, wanted: Slot, on: date
) -> WhoIsTold:
    dates = [wanted.on] if before is None or before.cancelled else [before.slot.on, wanted.on]
    if max(dates) < on:
        return WhoIsTold(participants=0, colleagues=0)
    others = [
        listener
        for listener in listeners(session, ground, on)
        if listener.email.lower() != actor.email.lower() and listener.hears_of(dates)
    ]
    participants = sum(listener.participant_id is not None for listener in others)
    return WhoIsTold(participants=participants, colleagues=len(others) - participants)


def _next(lessons: dict[int, Lesson]) -> int:
    """The number that a new lesson gets."""
    return max(lessons, default=0) + 1
