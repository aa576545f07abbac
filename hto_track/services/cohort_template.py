"""A cohort as a template: its lessons in order, its assignments tied to the nearest of them, its rhythm and requirements."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, AssignmentOutcome
from hto_track.models.lessons import Lesson
from hto_track.models.programmes import LearningOutcome
from hto_track.rules import template_origin
from hto_track.rules.template import Template, TemplateLesson
from hto_track.services.template_rows import requirements_of
from hto_track.services.views import CohortSummary


def template_like(session: Session, cohort: CohortSummary) -> Template:
    """The template that a cohort was given by, in as many queries whatever its size."""
    wanted = requirements_of(session, [cohort.programme_id])[cohort.programme_id]
    rows = session.scalars(select(Lesson).where(Lesson.cohort_id == cohort.id).order_by(Lesson.held_on, Lesson.number))
    given = [
        template_origin.GivenLesson(on=row.held_on, starts_at=row.starts_at, ends_at=row.ends_at, title=row.title or "")
        for row in rows
    ]
    rhythm = template_origin.rhythm_of(given)
    lessons: tuple[TemplateLesson, ...] = template_origin.lessons_of(given, rhythm)
    return Template(
        rhythm=rhythm,
        weeks_after=template_origin.weeks_after(given[-1].on, cohort.end_on) if given else 0,
        requirements=wanted.requirements,
        lessons=lessons,
        assignments=template_origin.assignments_of(_assignments(session, cohort.id), given),
        outcomes=wanted.outcomes,
        checkpoints=wanted.checkpoints,
    )


def _assignments(session: Session, cohort_id: int) -> list[template_origin.GivenAssignment]:
    bears: dict[int, list[str]] = {}
    borne = (
        select(AssignmentOutcome.assignment_id, LearningOutcome.code)
        .join(LearningOutcome, LearningOutcome.id == AssignmentOutcome.learning_outcome_id)
        .join(Assignment, Assignment.id == AssignmentOutcome.assignment_id)
        .where(Assignment.cohort_id == cohort_id)
        .order_by(LearningOutcome.code)
    )
    for assignment_id, code in session.execute(borne):
        bears.setdefault(assignment_id, []).append(code)
    rows: Any = session.scalars(
        select(Assignment)
        .where(Assignment.cohort_id == cohort_id)
        .order_by(Assignment.opens_on, Assignment.due_on, Assignment.id)
    )
    return [
        template_origin.GivenAssignment(
            code=row.code,
            title=row.title,
            opens_on=row.opens_on,
            due_on=row.due_on,
            estimate=row.estimated_minutes,
            mandatory=row.mandatory,
            outcomes=tuple(bears.get(row.id, ())),
            criteria=row.criteria or "",
        )
        for row in rows
    ]
