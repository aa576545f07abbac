"""The list of a lesson, and the lessons of a cohort with how far their lists are filled (RULES.md section 1)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Attendance, Lesson, MakeUp
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.models.programmes import Programme
from hto_track.rules import attendance as rules
from hto_track.rules import facts as known_facts
from hto_track.rules.facts import EnrolmentStatus, Facts, Mark
from hto_track.rules.span import Span, span_of
from hto_track.services import fact_rows, facts, values
from hto_track.services.facts import CohortGround
from hto_track.services.policy import Action, Actor, Subject, may, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import CohortSummary, LessonPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """When a missed lesson was made up, and at which lesson; without one it was by a task, online or with the teacher."""

    on: date
    at_lesson_id: int | None = None
    at_cohort: str | None = None
    at_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRow:
    """One participant on the list of a lesson.

    ``announced_at`` of who said beforehand that they would not come, ``made_up`` of a lesson made up, ``makes_up`` the
    number of the missed lesson that this one is for them instead. ``make_ups_left`` is how many other lessons they may still
    make up. ``outlook`` is their attendance as a whole, ``to_spare`` and ``absent_in_a_row`` what the rules say of it.
    """

    id: int
    participant: str
    name: str
    mark: Mark | None
    make_ups_left: int
    announced_at: datetime | None
    made_up: MadeUp | None
    makes_up: int | None
    outlook: rules.Attendance
    to_spare: int
    absent_in_a_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who makes up a lesson of another cohort, or one that is not theirs here, at this lesson."""

    name: str
    participant: str
    cohort: str
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonAttendance:
    """The list of a lesson: those whose lesson it is, in order of code, and the marks that may be given now.

    How many were there, how many said that they would not come, and how many marking everyone present would mark.
    """

    cohort: CohortSummary
    lesson: LessonPlan
    recordable: tuple[Mark, ...]
    attended: int
    excused: int
    to_fill: int
    rows: tuple[AttendanceRow, ...]
    guests: tuple[Guest, ...]


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
class LessonList:
    """What recording starts from: a lesson and whose it is by code.

    ``known`` is what is known of everyone, as far as attendance asks; recording keeps it up to date, for all lists of a
    transaction at once.
    """

    id: int
    plan: LessonPlan
    rows: dict[str, AttendanceRow]
    known: dict[str, Facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortLists:
    """The lists of a whole cohort by number, in order of date, and everyone on them, in order of code."""

    people: tuple[Participant, ...]
    lists: dict[int, LessonList]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What stands beside the marks of a cohort, by lesson and participant."""

    announced: dict[tuple[int, int], datetime]
    made_up: dict[tuple[int, int], MadeUp]
    makes_up: dict[tuple[int, int], int]


def cohort_lessons(actor: Actor, cohort_code: str, on: date) -> CohortLessons:
    """The lessons of a cohort with how far their lists are filled; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = ground_to_record(session, actor, cohort_code)
    plans, people = _known(session, ground)
    theirs = [lesson for _, known in people for lesson in rules.lessons_of(known, span_of(known, on))]
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
    ground = ground_to_record(session, actor, cohort_code)
    listed = load_list(session, ground, lesson_number, on)
    guests = _guests(session, actor, listed)
    note_reading(actor, Seen.ATTENDANCE, cohort_id=ground.cohort.id)
    rows, marks = tuple(listed.rows.values()), recordable(listed.plan, on)
    return LessonAttendance(
        cohort=ground.cohort,
        lesson=listed.plan,
        recordable=marks,
        attended=sum(row.mark in rules.ATTENDED for row in rows),
        excused=sum(row.mark is Mark.EXCUSED for row in rows),
        to_fill=len(to_fill(listed)) if Mark.PRESENT in marks else 0,
        rows=rows,
        guests=guests,
    )


def recordable(lesson: LessonPlan, on: date) -> tuple[Mark, ...]:
    """The marks that may be given at a lesson on a date."""
    if lesson.cancelled:
        return ()
    return tuple(Mark) if lesson.on <= on else (Mark.EXCUSED,)


def to_fill(listed: LessonList) -> tuple[str, ...]:
    """Who has no mark yet, by code, but for who makes up another lesson here: one evening serves a participant once."""
    return tuple(code for code, row in listed.rows.items() if row.mark is None and row.makes_up is None)


def ground_to_record(session: Session, actor: Actor, cohort_code: str) -> CohortGround:
    """A cohort whose attendance ``actor`` may record; NotFound or Forbidden as the policy says."""
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.RECORD_ATTENDANCE, subject_of(ground.cohort))
    return ground


def load_list(session: Session, ground: CohortGround, lesson_number: int, on: date) -> LessonList:
    """A lesson and whose it is; NotFound where there is none of that number. A cancelled lesson is nobody's."""
    loaded = _load(session, ground, on)
    for lesson_id, plan in loaded.plans.items():
        if plan.number == lesson_number:
            return _listed(loaded, lesson_id, plan)
    raise NotFound(f"There is no lesson {lesson_number} in cohort {ground.cohort.code}")


def load_lists(session: Session, ground: CohortGround, on: date) -> CohortLists:
    """The lists of all lessons, in as many queries as one."""
    loaded = _load(session, ground, on)
    return CohortLists(
        people=tuple(one.row for one in loaded.people),
        lists={plan.number: _listed(loaded, lesson_id, plan) for lesson_id, plan in loaded.plans.items()},
    )


@dataclass(frozen=True, slots=True)
class _Person:
    row: Participant
    span: Span
    theirs: tuple[known_facts.Lesson, ...]
    outlook: rules.Attendance
    in_a_row: int


@dataclass(frozen=True, slots=True)
class _Loaded:
    plans: dict[int, LessonPlan]
    people: tuple[_Person, ...]
    known: dict[str, Facts]
    beside: _Beside


def _load(session: Session, ground: CohortGround, on: date) -> _Loaded:
    plans, people = _known(session, ground)
    judged = []
    for person, known in people:
        span = span_of(known, on)
        outlook = rules.judge_attendance(known, span)
        in_a_row = len(rules.absent_in_a_row(known, span))
        judged.append(_Person(person.row, span, rules.lessons_of(known, span), outlook, in_a_row))
    known_by_code = {person.row.code: known for person, known in people}
    return _Loaded(plans, tuple(judged), known_by_code, _beside(session, ground.cohort.id))


def _listed(loaded: _Loaded, lesson_id: int, plan: LessonPlan) -> LessonList:
    rows = {}
    for person in loaded.people:
        this = next((lesson for lesson in person.theirs if lesson.number == plan.number), None)
        if this is not None:
            rows[person.row.code] = _row(loaded, person, lesson_id, this)
    return LessonList(id=lesson_id, plan=plan, rows=rows, known=loaded.known)


def _row(loaded: _Loaded, person: _Person, lesson_id: int, this: known_facts.Lesson) -> AttendanceRow:
    programme = loaded.known[person.row.code].programme
    made_up = sum(lesson.mark is Mark.MADE_UP for lesson in person.theirs if lesson is not this)
    key = (lesson_id, person.row.id)
    return AttendanceRow(
        id=person.row.id,
        participant=person.row.code,
        name=person.row.name,
        mark=this.mark,
        make_ups_left=max(0, programme.make_up_limit - made_up),
        announced_at=loaded.beside.announced.get(key),
        made_up=loaded.beside.made_up.get(key),
        makes_up=loaded.beside.makes_up.get(key),
        outlook=person.outlook,
        to_spare=rules.lessons_to_spare(person.outlook, programme.min_attendance),
        absent_in_a_row=person.in_a_row,
    )


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
                    known_facts.Lesson(
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


def _beside(session: Session, cohort_id: int) -> _Beside:
    """Announced absences and make-ups of a cohort's people, and which lesson is for somebody another one instead."""
    announced = (
        select(Attendance.lesson_id, Attendance.participant_id, Attendance.announced_at)
        .join(Participant, Participant.id == Attendance.participant_id)
        .where(Participant.cohort_id == cohort_id, Attendance.announced_at.is_not(None))
    )
    missed, at = aliased(Lesson), aliased(Lesson)
    make_ups = (
        select(MakeUp, missed.number.label("missed"), at.number.label("at_number"), Cohort.code.label("at_cohort"))
        .join(Participant, Participant.id == MakeUp.participant_id)
        .join(missed, missed.id == MakeUp.lesson_id)
        .outerjoin(at, at.id == MakeUp.at_lesson_id)
        .outerjoin(Cohort, Cohort.id == at.cohort_id)
        .where(Participant.cohort_id == cohort_id)
    )
    beside = _Beside(
        announced={(row[0], row[1]): row[2] for row in session.execute(announced)}, made_up={}, makes_up={}
    )
    for row, number, at_number, at_cohort in session.execute(make_ups):
        beside.made_up[row.lesson_id, row.participant_id] = MadeUp(
            on=row.made_up_on, at_lesson_id=row.at_lesson_id, at_cohort=at_cohort, at_number=at_number
        )
        if row.at_lesson_id is not None:
            beside.makes_up[row.at_lesson_id, row.participant_id] = number
    return beside


def _guests(session: Session, actor: Actor, listed: LessonList) -> tuple[Guest, ...]:
    """Who makes up a lesson here and is not on the list itself, as far as the actor may know of them."""
    query = (
        select(Participant, Cohort.code, Cohort.programme_id, Programme.college, Lesson.number)
        .join(MakeUp, MakeUp.participant_id == Participant.id)
        .join(Lesson, Lesson.id == MakeUp.lesson_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(MakeUp.at_lesson_id == listed.id)
    )
    found = []
    for person, cohort, programme_id, college, number in session.execute(query):
        subject = Subject(cohort_id=person.cohort_id, college=college, programme_id=programme_id)
        if person.code not in listed.rows and may(actor, Action.RECORD_ATTENDANCE, subject):
            found.append(Guest(name=person.name, participant=person.code, cohort=cohort, missed=number))
    return tuple(sorted(found, key=lambda guest: guest.participant))
