"""The year of a cohort as it is planned: its lessons with their history, due dates, holidays, and what clashes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.models.cohorts import Cohort, SchoolHoliday
from hto_track.models.lessons import Lesson, LessonChange, LessonState
from hto_track.models.programmes import Programme
from hto_track.rules.lesson_dates import (
    Clash,
    LessonElsewhere,
    NamedHoliday,
    Slot,
    Surroundings,
    date_clashes,
)
from hto_track.services import facts
from hto_track.services.facts import CohortGround
from hto_track.services.lesson_rows import (
    LessonStood,
    MarksOfLesson,
    assignments_of,
    lessons_of,
    marks_of,
    slots_given,
    stood,
)
from hto_track.services.policy import Action, Actor, Subject, may, require
from hto_track.services.references import people_of
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import CohortSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class PastChange:
    """A change of a lesson: how it stood before (None: not there yet) and after, and by whom, where that is still known."""

    at: datetime
    by: str | None
    was: Slot | None
    was_cancelled: bool
    became: Slot
    became_cancelled: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLesson:
    """A lesson with what is recorded of it, what there is against its date, and its changes, the latest first."""

    number: int
    stands: LessonStood
    marks: MarksOfLesson
    clashes: tuple[Clash, ...]
    history: tuple[PastChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """When an assignment of the cohort opens and is due."""

    code: str
    title: str
    opens_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPlanning:
    """The year: lessons in order of date, due dates, and the school holidays of its region."""

    cohort: CohortSummary
    lessons: tuple[PlannedLesson, ...]
    due: tuple[DueDate, ...]
    school_holidays: tuple[NamedHoliday, ...]


def cohort_planning(actor: Actor, cohort_code: str, on: date) -> CohortPlanning:
    """The year of a cohort, what clashes of its lessons to come among it; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = planning_ground(session, actor, cohort_code)
    lessons, assignments = lessons_of(session, ground.cohort.id), assignments_of(session, ground.cohort.id)
    holidays = school_holidays(session, ground)
    around = surroundings(session, actor, ground, lessons, assignments, holidays)
    return CohortPlanning(
        cohort=ground.cohort,
        lessons=planned_lessons(session, lessons, around, on),
        due=tuple(
            DueDate(code=row.code, title=row.title, opens_on=row.opens_on, due_on=row.due_on)
            for row in assignments.values()
        ),
        school_holidays=holidays,
    )


def planning_ground(session: Session, actor: Actor, cohort_code: str) -> CohortGround:
    """The ground of a cohort whose lessons the actor may plan; NotFound or Forbidden."""
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.PLAN_LESSONS, subject_of(ground.cohort))
    return ground


def planned_lessons(
    session: Session, lessons: Mapping[int, Lesson], around: Surroundings, on: date
) -> tuple[PlannedLesson, ...]:
    """These lessons, whatever their number in the same queries."""
    marks = marks_of(session, (row.id for row in lessons.values()), on)
    history = _history(session, lessons.values())
    own = replace(around, lessons={}, paused={})  # what is out of order or paused is said when a lesson is moved
    return tuple(
        PlannedLesson(
            number=number,
            stands=stood(row),
            marks=marks.get(row.id, MarksOfLesson()),
            clashes=()
            if row.held_on < on or row.state is LessonState.CANCELLED
            else date_clashes(stood(row).slot, own, number),
            history=history.get(row.id, ()),
        )
        for number, row in lessons.items()
    )


def surroundings(
    session: Session,
    actor: Actor,
    ground: CohortGround,
    lessons: dict[int, Lesson],
    assignments: Mapping[str, Assignment],
    holidays: tuple[NamedHoliday, ...],
    paused: Mapping[str, frozenset[date]] | None = None,
) -> Surroundings:
    """What is known around the dates of a cohort."""
    return Surroundings(
        school_holidays=holidays,
        elsewhere=_elsewhere(session, actor, ground.cohort),
        lessons=slots_given(lessons),
        due={code: row.due_on for code, row in assignments.items()},
        paused=paused or {},
    )


def school_holidays(session: Session, ground: CohortGround) -> tuple[NamedHoliday, ...]:
    """The school holidays of the cohort's region, in order."""
    query = select(SchoolHoliday).where(SchoolHoliday.region == ground.cohort.region).order_by(SchoolHoliday.first_day)
    return tuple(
        NamedHoliday(name=row.name, first_day=row.first_day, last_day=row.last_day) for row in session.scalars(query)
    )


def _elsewhere(session: Session, actor: Actor, cohort: CohortSummary) -> tuple[LessonElsewhere, ...]:
    """The lessons of the college's other cohorts in the same place; without their name for who may not know of them."""
    if not cohort.location or not cohort.college:
        return ()
    query = (
        select(Cohort.id, Cohort.code, Cohort.name, Lesson.held_on, Lesson.starts_at, Lesson.ends_at)
        .join(Programme, and_(Programme.id == Cohort.programme_id, Programme.college == cohort.college))
        .join(Lesson, Lesson.cohort_id == Cohort.id)
        .where(Cohort.id != cohort.id, Cohort.location == cohort.location, Lesson.state != LessonState.CANCELLED)
        .order_by(Lesson.held_on, Lesson.starts_at)
    )
    return tuple(
        LessonElsewhere(
            cohort=name or code
            if may(actor, Action.VIEW_COHORT, Subject(cohort_id=cohort_id, college=cohort.college))
            else "",
            slot=Slot(on=held_on, starts_at=starts_at, ends_at=ends_at),
        )
        for cohort_id, code, name, held_on, starts_at, ends_at in session.execute(query)
    )


def _history(session: Session, lessons: Iterable[Lesson]) -> dict[int, tuple[PastChange, ...]]:
    """The changes of each lesson by its id, the latest first: what one became is what the next one found."""
    by_id = {row.id: row for row in lessons}
    query = (
        select(LessonChange)
        .where(LessonChange.lesson_id.in_(by_id))
        .order_by(LessonChange.changed_at.desc(), LessonChange.id.desc())
    )
    rows = session.scalars(query).all()
    names = people_of(session, {row.changed_by for row in rows})
    found: defaultdict[int, list[PastChange]] = defaultdict(list)
    for row in rows:
        later = found[row.lesson_id][-1] if found[row.lesson_id] else None
        now = stood(by_id[row.lesson_id])
        someone = names.get(row.changed_by)
        found[row.lesson_id].append(
            PastChange(
                at=row.changed_at,
                by=someone.name if someone else None,
                was=slot_before(row),
                was_cancelled=row.was_cancelled,
                became=later.was if later and later.was else now.slot,
                became_cancelled=later.was_cancelled if later else now.cancelled,
                reason=row.reason,
            )
        )
    return {lesson_id: tuple(changes) for lesson_id, changes in found.items()}


def slot_before(change: LessonChange) -> Slot | None:
    """When the lesson was before a change; None when it was not there yet."""
    if change.was_on is None or change.was_starts_at is None or change.was_ends_at is None:
        return None
    return Slot(on=change.was_on, starts_at=change.was_starts_at, ends_at=change.was_ends_at)
