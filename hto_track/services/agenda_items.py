"""What stands in an agenda, as plain values, and how it is made.

A participant's lessons are those of their active span, the cancelled ones with them; their due dates are their own
(``rules/assignments.py``). For who teaches, guides or administers it is what is planned for a whole cohort.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.lessons import LessonState
from hto_track.models.participants import Participant
from hto_track.rules import facts as rules_facts
from hto_track.rules.assignments import AssignmentStanding, AssignmentState, judge_assignments
from hto_track.rules.facts import EnrolmentStatus, Facts, Mark
from hto_track.rules.span import Span, span_of
from hto_track.services import agenda_rows, fact_rows, facts, values
from hto_track.services.agenda_rows import PlannedLesson
from hto_track.services.facts import CohortGround
from hto_track.services.views import CohortSummary


class ItemKind(StrEnum):
    """What an item is."""

    LESSON = "lesson"
    DUE = "due"
    INTERNSHIP = "internship"
    FINAL_ASSESSMENT = "final_assessment"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """Something on a date; without ``starts_at`` it is the whole day's.

    ``key`` is what it stays known by, whatever becomes of its date and its words. ``participant`` is whose it is: oneself,
    or with whom a closing interview is planned, who is named by ``name``. ``number`` is of a lesson, ``code`` of an
    assignment, ``entry_id`` and ``minutes`` of internship hours.
    """

    kind: ItemKind
    key: str
    on: date
    starts_at: time | None = None
    ends_at: time | None = None
    cohort: str
    cohort_name: str
    is_own: bool = False
    participant: str | None = None
    participant_id: int | None = None
    name: str | None = None
    number: int | None = None
    code: str | None = None
    entry_id: int | None = None
    minutes: int | None = None
    title: str | None = None
    location: str | None = None
    assessors: str | None = None
    cancelled: bool = False
    reason: str | None = None
    """Why a lesson is cancelled or was moved."""
    moved_from: date | None = None
    """When a lesson was planned first, if it is at another time now."""
    state: AssignmentState | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementPeriod:
    """From when until when one does an internship at a school."""

    school: str
    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Everything that concerns somebody, in order of date and time, and their placements."""

    items: tuple[AgendaItem, ...]
    placements: tuple[PlacementPeriod, ...]


DONE_WITHOUT = frozenset({AssignmentState.EXEMPT, AssignmentState.FAILED})
"""The states in which there is nothing to hand in any more, and no date for it."""


def items_of(
    session: Session, on: date, *, enrolments: Collection[int], cohorts: Collection[int], with_people: Collection[int]
) -> Items:
    """All that concerns the participants ``enrolments`` themselves, and the staff of ``cohorts``, as of ``on``.

    Others are only in it of the cohorts ``with_people``. A constant number of queries, whatever there is.
    """
    people = fact_rows.participants(session, Participant.id.in_(enrolments))
    ids = [person.row.id for person in people]
    everywhere = {person.row.cohort_id for person in people} | set(cohorts)
    grounds = facts.cohort_grounds(session, everywhere)
    lessons, assignments = agenda_rows.lessons(session, everywhere), agenda_rows.assignments(session, everywhere)
    marks, placements = agenda_rows.marks(session, ids), agenda_rows.placements(session, ids)
    who = Participant.id.in_(ids)
    attempts, extensions = fact_rows.attempts(session, who), fact_rows.extensions(session, who)
    items: dict[str, AgendaItem] = {}

    def add(found: Iterable[AgendaItem]) -> None:
        items.update({item.key: item for item in found})

    for cohort_id in cohorts:
        add(_lesson(grounds[cohort_id].cohort, lesson) for lesson in lessons[cohort_id])
        add(_due(grounds[cohort_id].cohort, assignment) for assignment in assignments[cohort_id])
    for planned, participant in agenda_rows.interviews(session, ids, with_people):
        add(_interview(grounds[participant.cohort_id].cohort, planned, participant))
    # What is one's own comes last: who also guides a cohort they take part in has each lesson once, to go to.
    for person in people:
        whose, ground = person.row, grounds[person.row.cohort_id]
        planned_for = assignments[whose.cohort_id]
        known = _facts(ground, person, planned_for, attempts, extensions)
        span = span_of(known, on)
        own = [
            *_own_lessons(ground.cohort, lessons[whose.cohort_id], span, marks[whose.id]),
            *_own_due_dates(ground.cohort, whose.id, planned_for, judge_assignments(known, span).standings, span),
            *(_hours(ground.cohort, *one) for one in _entries(placements[whose.id])),
            *(item for item in (items.pop(f"interview-{whose.id}", None),) if item is not None),
        ]
        add(replace(item, is_own=True, participant=whose.code, participant_id=whose.id, name=None) for item in own)
    return Items(
        items=tuple(sorted(items.values(), key=lambda item: (item.on, item.starts_at or time.max, item.key))),
        placements=tuple(
            PlacementPeriod(school=placement.school, start_on=placement.start_on, end_on=placement.end_on)
            for own_placements in placements.values()
            for placement, _ in own_placements
        ),
    )


def _facts(
    ground: CohortGround,
    person: fact_rows.Person,
    assignments: Iterable[Assignment],
    attempts: dict[tuple[int, int], list[rules_facts.Attempt]],
    extensions: dict[tuple[int, int], date],
) -> Facts:
    """As much of a participant's facts as their agenda asks."""
    whose = person.row
    return Facts(
        programme=ground.programme,
        calendar=ground.calendar,
        enrolment=values.enrolment(whose, person.pauses.values(), ground.cohort),
        assignments=tuple(
            rules_facts.Assignment(
                code=row.code,
                opens_on=row.opens_on,
                due_on=row.due_on,
                estimate=row.estimated_minutes,
                mandatory=row.mandatory,
                attempts=tuple(attempts.get((whose.id, row.id), ())),
                extended_to=extensions.get((whose.id, row.id)),
            )
            for row in assignments
        ),
    )


def _own_lessons(
    cohort: CohortSummary, lessons: Iterable[PlannedLesson], span: Span, marks: dict[int, Mark]
) -> Iterator[AgendaItem]:
    for lesson in lessons:
        if lesson.row.held_on in span.active:
            yield replace(_lesson(cohort, lesson), mark=marks.get(lesson.row.id))


def _own_due_dates(
    cohort: CohortSummary,
    participant_id: int,
    assignments: Iterable[Assignment],
    standings: Iterable[AssignmentStanding],
    span: Span,
) -> Iterator[AgendaItem]:
    """One date for each assignment: of the attempt that is to come, or that came last."""
    for row, standing in zip(assignments, standings, strict=True):
        is_void = standing.state in DONE_WITHOUT or (not span.goes_on and standing.due_on > span.judged_on)
        if not is_void:
            key = f"due-{row.id}-{participant_id}"
            yield replace(_due(cohort, row), key=key, on=standing.due_on, state=standing.state)


def _lesson(cohort: CohortSummary, lesson: PlannedLesson) -> AgendaItem:
    row = lesson.row
    cancelled = row.state is LessonState.CANCELLED
    moved_from, why = (None, None) if cancelled else _moved(lesson)
    return AgendaItem(
        kind=ItemKind.LESSON,
        key=f"lesson-{row.id}",
        on=row.held_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cohort=cohort.code,
        cohort_name=cohort.name,
        number=row.number,
        title=row.title,
        location=cohort.location,
        cancelled=cancelled,
        reason=row.cancel_reason if cancelled else why,
        moved_from=moved_from,
    )


def _moved(lesson: PlannedLesson) -> tuple[date | None, str | None]:
    """When a lesson was planned first, and why it was moved last; nothing when it is where it was."""
    row = lesson.row
    changes = [change for change in lesson.changes if change.was_on is not None]  # not those that added it
    times = [(change.was_on, change.was_starts_at, change.was_ends_at) for change in changes]
    times.append((row.held_on, row.starts_at, row.ends_at))
    if times[0] == times[-1]:
        return None, None
    moves = [change for change, was, became in zip(changes, times, times[1:], strict=False) if was != became]
    return times[0][0], moves[-1].reason


def _due(cohort: CohortSummary, row: Assignment) -> AgendaItem:
    return AgendaItem(
        kind=ItemKind.DUE,
        key=f"due-{row.id}",
        on=row.due_on,
        cohort=cohort.code,
        cohort_name=cohort.name,
        code=row.code,
        title=row.title,
    )


def _entries(
    placements: Iterable[tuple[Placement, list[InternshipEntry]]],
) -> Iterator[tuple[Placement, InternshipEntry]]:
    return ((placement, entry) for placement, entries in placements for entry in entries)


def _hours(cohort: CohortSummary, placement: Placement, entry: InternshipEntry) -> AgendaItem:
    return AgendaItem(
        kind=ItemKind.INTERNSHIP,
        key=f"hours-{entry.id}",
        on=entry.worked_on,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        cohort=cohort.code,
        cohort_name=cohort.name,
        entry_id=entry.id,
        minutes=entry.minutes,
        title=placement.school,
        location=placement.school,
    )


def _interview(
    cohort: CohortSummary, planned: PlannedFinalAssessment, participant: Participant
) -> Iterator[AgendaItem]:
    """Nothing when the participant will have left by then."""
    left = participant.status is EnrolmentStatus.WITHDRAWN and participant.status_on is not None
    if left and participant.status_on is not None and participant.status_on <= planned.planned_on:
        return
    yield AgendaItem(
        kind=ItemKind.FINAL_ASSESSMENT,
        key=f"interview-{participant.id}",
        on=planned.planned_on,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        cohort=cohort.code,
        cohort_name=cohort.name,
        participant=participant.code,
        participant_id=participant.id,
        name=participant.name,
        location=planned.location,
        assessors=planned.assessors,
    )
