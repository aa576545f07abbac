"""What waits for somebody of a college, over all its cohorts, the oldest first: work as the rules see it, no new figures.

A mark that is lacking here and there in a list of weeks ago comes last, a line a cohort: it is not what somebody sits down
for first, and would push down what is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from hto_track.models.load import RequestKind
from hto_track.models.privacy import Seen
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.attendance import lessons_of
from hto_track.rules.closing import Closing, closing_of, last_step_on
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import EntryState
from hto_track.rules.internship import state_seen
from hto_track.rules.requirement import RequirementState
from hto_track.services import facts
from hto_track.services.appointments import Appointment, appointments_of
from hto_track.services.interviews import LEFT
from hto_track.services.load_request_rows import RequestView, requests_in
from hto_track.services.policy import Action, Actor, may, require_anywhere
from hto_track.services.readings import note_cohorts
from hto_track.services.standings import cohorts_in_reach, kept_standings_of, subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import AssignmentPlan, CohortStandings, CohortSummary, LessonPlan, Member, MemberStanding


class WorkKind(StrEnum):
    """What waits."""

    ATTENDANCE = "attendance"
    OLD_GAPS = "old_gaps"
    """Lists of weeks ago that are as good as filled."""
    ASSESS = "assess"
    HOURS = "hours"
    REQUESTS = "requests"
    """Extensions that participants ask for, because a week gets too full."""
    PLAN_INTERVIEW = "plan_interview"
    RECORD_INTERVIEW = "record_interview"
    AWARD = "award"


NEEDS: dict[WorkKind, Action] = {
    WorkKind.ATTENDANCE: Action.RECORD_ATTENDANCE,
    WorkKind.OLD_GAPS: Action.RECORD_ATTENDANCE,
    WorkKind.ASSESS: Action.ASSESS_ATTEMPT,
    WorkKind.HOURS: Action.DECIDE_HOURS,
    WorkKind.REQUESTS: Action.ANSWER_REQUEST,
    WorkKind.PLAN_INTERVIEW: Action.PLAN_FINAL_ASSESSMENT,
    WorkKind.RECORD_INTERVIEW: Action.RECORD_FINAL_ASSESSMENT,
    WorkKind.AWARD: Action.AWARD_DIPLOMA,
}
"""Whose work it is: that of who may do it."""

OLD_AFTER = timedelta(days=14)
GAPS = Fraction(1, 3)
"""A list as old, of which at most this share lacks a mark, is as good as filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """Something of a cohort that waits since a date, for so many people; of which lesson or assignment, if of one.

    Of several lists at once ``lists`` says how many, and people are counted once a list.
    """

    kind: WorkKind
    cohort: CohortSummary
    since: date
    people: int
    lesson: LessonPlan | None = None
    assignment: AssignmentPlan | None = None
    lists: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonAhead:
    """A lesson of today or to come, and how many of those expected have a mark."""

    cohort: CohortSummary
    lesson: LessonPlan
    expected: int
    marked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CollegeWork:
    """What waits for the actor: the lessons of today, what is to be done, oldest first, and the lesson that comes next.

    Old lists that are as good as filled come after all else.
    """

    on: date
    tonight: tuple[LessonAhead, ...]
    items: tuple[WorkItem, ...]
    next_lesson: LessonAhead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWork:
    """Someone's attempt that waits for assessment since it was handed in."""

    member: Member
    cohort: CohortSummary
    assignment: AssignmentPlan
    attempt: int
    since: date


def college_work(actor: Actor, on: date) -> CollegeWork:
    """What waits for the actor at their college, in as many queries for ten cohorts as for one. Forbidden without the role."""
    require_anywhere(actor, Action.VIEW_COLLEGE_WORK)
    cohorts = _standings(actor, Action.VIEW_COLLEGE_WORK, on)
    planned = appointments_of(reading(), [person.member.id for found in cohorts for person in found.members])
    asked = requests_in(reading(), [found.cohort.id for found in cohorts])
    items = [item for found in cohorts for item in _items(found, planned) if _is_theirs(actor, item)]
    items += [item for found in cohorts for item in _requests(found, asked) if _is_theirs(actor, item)]
    ahead = [lesson for found in cohorts for lesson in _ahead(found)]
    return CollegeWork(
        on=on,
        tonight=tuple(each for each in ahead if each.lesson.on == on),
        items=tuple(sorted(items, key=_urgency)),
        next_lesson=min(
            (each for each in ahead if each.lesson.on > on),
            key=lambda each: (each.lesson.on, each.lesson.starts_at),
            default=None,
        ),
    )


def work_waiting(actor: Actor, on: date) -> tuple[WaitingWork, ...]:
    """Every attempt that waits for the actor's assessment, over all cohorts, the oldest first; Forbidden without that role."""
    require_anywhere(actor, Action.ASSESS_ATTEMPT)
    cohorts = _standings(actor, Action.ASSESS_ATTEMPT, on)
    waiting = tuple(work for found in cohorts for work in _waiting(found))
    note_cohorts(actor, Seen.ASSIGNMENTS, {work.cohort.id for work in waiting})
    return tuple(
        sorted(waiting, key=lambda work: (work.since, work.cohort.code, work.assignment.code, work.member.code))
    )


def _standings(actor: Actor, action: Action, on: date) -> tuple[CohortStandings, ...]:
    session = reading()
    cohorts = cohorts_in_reach(session, actor, action)
    grounds = facts.cohort_grounds(session, cohorts)
    return kept_standings_of(session, [grounds[cohort_id] for cohort_id in cohorts], on)


def _is_theirs(actor: Actor, item: WorkItem) -> bool:
    return may(actor, NEEDS[item.kind], subject_of(item.cohort))


def _urgency(item: WorkItem) -> tuple[bool, date, str, WorkKind]:
    return item.kind is WorkKind.OLD_GAPS, item.since, item.cohort.code, item.kind


def _items(found: CohortStandings, planned: dict[int, Appointment]) -> Iterator[WorkItem]:
    yield from _lists(found)
    yield from _assessments(found)
    yield from _hours(found)
    yield from _endings(found, planned)


def _lists(found: CohortStandings) -> Iterator[WorkItem]:
    """The lessons before today of which somebody has no mark; the old ones that are as good as filled in one item."""
    expected: Counter[int] = Counter()
    unmarked: Counter[int] = Counter()
    for person in found.members:
        for lesson in lessons_of(person.facts, person.standing.span):
            if lesson.on < found.on:
                expected[lesson.number] += 1
                unmarked[lesson.number] += lesson.mark is None
    gaps = []
    for plan in found.plan.lessons:
        missing = unmarked[plan.number]
        if not missing:
            continue
        if found.on - plan.on > OLD_AFTER and missing <= GAPS * expected[plan.number]:
            gaps.append(plan)
        else:
            yield WorkItem(kind=WorkKind.ATTENDANCE, cohort=found.cohort, since=plan.on, people=missing, lesson=plan)
    if gaps:
        yield WorkItem(
            kind=WorkKind.OLD_GAPS,
            cohort=found.cohort,
            since=gaps[0].on,
            people=sum(unmarked[plan.number] for plan in gaps),
            lesson=gaps[0] if len(gaps) == 1 else None,
            lists=len(gaps),
        )


def _waiting(found: CohortStandings) -> Iterator[WaitingWork]:
    for person in found.members:
        for plan, standing in zip(found.plan.assignments, person.standing.assignments.standings, strict=True):
            if standing.state is AssignmentState.SUBMITTED:
                last = max(standing.assignment.attempts, key=lambda attempt: attempt.number)
                yield WaitingWork(
                    member=person.member,
                    cohort=found.cohort,
                    assignment=plan,
                    attempt=last.number,
                    since=last.submitted_on,
                )


def _assessments(found: CohortStandings) -> Iterator[WorkItem]:
    """The assignments of which work waits, each with its oldest."""
    waiting = list(_waiting(found))
    for plan in found.plan.assignments:
        dates = [work.since for work in waiting if work.assignment is plan]
        if dates:
            yield WorkItem(
                kind=WorkKind.ASSESS, cohort=found.cohort, since=min(dates), people=len(dates), assignment=plan
            )


def _hours(found: CohortStandings) -> Iterator[WorkItem]:
    """Hours that their supervisor leaves waiting as long as a warning says so: the college may confirm them on evidence."""
    dates = []
    for person in found.members:
        span, limit = person.standing.span, person.facts.programme.thresholds.unconfirmed_amber
        waiting = [
            entry.submitted_on
            for entry in person.facts.internship
            if state_seen(entry, span) is EntryState.SUBMITTED and (found.on - entry.submitted_on).days >= limit
        ]
        dates += [min(waiting)] if waiting else []
    if dates:
        yield WorkItem(kind=WorkKind.HOURS, cohort=found.cohort, since=min(dates), people=len(dates))


def _requests(found: CohortStandings, asked: dict[int, tuple[RequestView, ...]]) -> Iterator[WorkItem]:
    """The extensions that are asked for and not answered; hours of release are for the project leader."""
    dates = [
        view.asked_at.astimezone(AMSTERDAM).date()
        for view in asked.get(found.cohort.id, ())
        if view.decided_at is None and view.kind is RequestKind.EXTENSION
    ]
    if dates:
        yield WorkItem(kind=WorkKind.REQUESTS, cohort=found.cohort, since=min(dates), people=len(dates))


def _endings(found: CohortStandings, planned: dict[int, Appointment]) -> Iterator[WorkItem]:
    """The closing interviews to plan and those held without outcome, and the diplomas that can be awarded."""
    dates: dict[WorkKind, list[date]] = {}
    for person in found.members:
        ending = _ending(person, planned.get(person.member.id), found.on)
        if ending is not None:
            dates.setdefault(ending[0], []).append(ending[1])
    for kind, since in dates.items():
        yield WorkItem(kind=kind, cohort=found.cohort, since=min(since), people=len(since))


def _ending(person: MemberStanding, appointment: Appointment | None, on: date) -> tuple[WorkKind, date] | None:
    standing = person.standing
    if standing.span.status in LEFT or person.diploma is not None:
        return None
    closing = closing_of(standing.requirements, appointment.planned_on if appointment else None, on)
    if closing is Closing.HELD and appointment is not None:
        return WorkKind.RECORD_INTERVIEW, appointment.planned_on
    if closing is Closing.READY:
        return WorkKind.PLAN_INTERVIEW, last_step_on(person.facts, standing.span)
    if standing.requirements.state is RequirementState.MET:
        return WorkKind.AWARD, last_step_on(person.facts, standing.span)
    return None


def _ahead(found: CohortStandings) -> Iterator[LessonAhead]:
    """The lessons of the cohort from today on that are given, in order of date."""
    for plan in found.plan.lessons:
        if plan.on >= found.on and not plan.cancelled:
            theirs = [
                lesson
                for person in found.members
                for lesson in lessons_of(person.facts, person.standing.span)
                if lesson.number == plan.number
            ]
            marked = sum(lesson.mark is not None for lesson in theirs)
            yield LessonAhead(cohort=found.cohort, lesson=plan, expected=len(theirs), marked=marked)
            if plan.on > found.on:
                return
