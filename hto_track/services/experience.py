"""What the participants of a programme logged, by assignment: in two queries, and without anybody in what comes out.

The cohorts that began last are looked at, this one among them; only what is dated up to the date of the question.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from hto_track.kept import Kept
from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.assignments import StudyLogRow as LogRow
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules.experience import Experience, StudyLog, Work, experience_of, preparation_so_far, work_on
from hto_track.rules.facts import StudyLogRow
from hto_track.rules.span import ENDED

COHORTS = 6
"""How many cohorts of a programme, the latest first, its experience is of: older ones were other people's programme."""
KEPT_PROGRAMMES = 32
_kept: Kept[Experience] = Kept(KEPT_PROGRAMMES)


@dataclass(slots=True)
class _Person:
    """One participant while what they finished is put together; ``preparation`` in minutes."""

    first: date
    until: date
    preparation: int
    handed_in: list[tuple[str, int, date, date, date]]


def programme_experience(session: Session, programme_id: int, revision: int, on: date) -> Experience:
    """What the programme's participants showed by ``on``, for use cases that have asked the policy; kept by revision."""
    url = session.get_bind().engine.url
    return _kept.under(revision, (url, programme_id, on), lambda: _experience(session, programme_id, on))


def _experience(session: Session, programme_id: int, on: date) -> Experience:
    people = _people(session, programme_id, on)
    rows = _log(session, programme_id, on)
    return experience_of(_works(people[key], rows.get(key, ()), on) for key in sorted(people))


def _latest_cohorts(programme_id: int, on: date) -> Select[tuple[int]]:
    return (
        select(Cohort.id)
        .where(Cohort.programme_id == programme_id, Cohort.start_on <= on)
        .order_by(Cohort.start_on.desc(), Cohort.id.desc())
        .limit(COHORTS)
    )


def _people(session: Session, programme_id: int, on: date) -> dict[int, _Person]:
    """Everybody by id, with the lessons that there were to prepare by ``on``, and what they ever handed in."""
    first = func.coalesce(Participant.start_on, Cohort.start_on)
    goes_on = or_(
        Participant.status.not_in(ENDED), Participant.status_on.is_(None), Lesson.held_on <= Participant.status_on
    )
    lessons = (
        select(func.count())
        .where(
            Lesson.cohort_id == Participant.cohort_id,
            Lesson.state != LessonState.CANCELLED,
            Lesson.held_on >= first,
            Lesson.held_on <= on,
            goes_on,
        )
        .correlate(Participant, Cohort)
        .scalar_subquery()
    )
    taking_part = (
        select(
            Participant.id,
            first.label("first"),
            Participant.status,
            Participant.status_on,
            (lessons * Programme.prep_minutes_per_lesson).label("preparation"),
        )
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Participant.cohort_id.in_(_latest_cohorts(programme_id, on)))
        .cte("taking_part")
    )
    handed_in = (
        select(
            Attempt.participant_id,
            Assignment.code,
            Assignment.estimated_minutes,
            Assignment.opens_on,
            Assignment.due_on,
            func.min(Attempt.submitted_on).label("handed_in_on"),
        )
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(taking_part, taking_part.c.id == Attempt.participant_id)
        .where(Attempt.number > 0)
        .group_by(
            Attempt.participant_id,
            Assignment.code,
            Assignment.estimated_minutes,
            Assignment.opens_on,
            Assignment.due_on,
        )
        .subquery()
    )
    query = select(taking_part, handed_in).outerjoin(handed_in, handed_in.c.participant_id == taking_part.c.id)
    people: dict[int, _Person] = {}
    for key, began_on, status, status_on, preparation, _key, *task in session.execute(query):
        if key not in people:
            until = min(on, status_on) if status in ENDED and status_on else on
            people[key] = _Person(began_on, until, preparation, [])
        if task[0] is not None:
            people[key].handed_in.append(tuple(task))
    return people


def _log(session: Session, programme_id: int, on: date) -> dict[int, list[StudyLogRow]]:
    """The study log of each of them by day and assignment."""
    query = (
        select(LogRow.participant_id, LogRow.logged_on, Assignment.code, func.sum(LogRow.minutes))
        .join(Participant, Participant.id == LogRow.participant_id)
        .outerjoin(Assignment, Assignment.id == LogRow.assignment_id)
        .where(Participant.cohort_id.in_(_latest_cohorts(programme_id, on)), LogRow.logged_on <= on)
        .group_by(LogRow.participant_id, LogRow.logged_on, Assignment.code)
    )
    rows: defaultdict[int, list[StudyLogRow]] = defaultdict(list)
    for participant_id, logged_on, code, minutes in session.execute(query):
        rows[participant_id].append(StudyLogRow(on=logged_on, minutes=int(minutes), assignment=code))
    return rows


def _works(person: _Person, rows: Iterable[StudyLogRow], on: date) -> tuple[Work, ...]:
    """What one of them finished with a log on it."""
    log = StudyLog.of(rows, person.until)
    works = [
        work_on(
            code,
            estimate,
            opens_on=opens_on,
            due_on=due_on,
            handed_in_on=handed_in_on,
            first=person.first,
            log=log,
        )
        for code, estimate, opens_on, due_on, handed_in_on in person.handed_in
        if handed_in_on <= person.until
    ]
    works.append(preparation_so_far(person.preparation, person.first, person.until, log))
    return tuple(work for work in works if work is not None)
