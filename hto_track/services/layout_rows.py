"""Storing a cohort that was laid out: its programme, itself, its lessons and assignments, and who leads it."""

from collections.abc import Mapping
from dataclasses import replace

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Role, User
from hto_track.models.assignments import Assignment, AssignmentOutcome
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.programmes import Checkpoint, LearningOutcome, Programme
from hto_track.models.templates import TemplateVersion
from hto_track.rules.template import Template, same_requirements
from hto_track.services.inviting import account_at, give_role, invite, sound_address
from hto_track.services.layout_views import LayoutPreview, NewCohort, Plan
from hto_track.services.policy import Actor
from hto_track.services.refusals import Refusal, Refused
from hto_track.services.role_scopes import leads
from hto_track.services.template_content import decimal_of, thresholds_that_differ
from hto_track.services.template_drafts import sound_code
from hto_track.services.template_rows import StoredTemplate, requirements_of
from hto_track.services.values import cohort_summary

LONGEST = 200
MOST_PEOPLE = 500


def check_cohort(session: Session, new: NewCohort) -> tuple[NewCohort, list[Refusal]]:
    """``new`` as it would be stored, and what is wrong with it."""
    refusals: list[Refusal] = []
    code, leader = "", ""
    try:
        code = sound_code(new.code)
    except Refused as refused:
        refusals.extend(refused.refusals)
    if code and session.scalar(select(exists().where(Cohort.code == code))):
        refusals.append(Refusal(message=_l("The code %(code)s is taken. Choose another one.", code=code), field="code"))
    name = " ".join(new.name.split())
    if len(name) > LONGEST:
        refusals.append(Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST), field="name"))
    if new.leader_email.strip():
        try:
            leader = sound_address(new.leader_email)
        except Refused as refused:
            refusals.extend(Refusal(message=each.message, field="leader_email") for each in refused.refusals)
    if not 1 <= new.min_participants <= MOST_PEOPLE:
        refusals.append(Refusal(message=_l("Fill in a whole number, 1 or more."), field="min_participants"))
    if not max(1, new.min_participants) <= new.max_participants <= MOST_PEOPLE:
        refusals.append(
            Refusal(message=_l("The most participants cannot be fewer than the fewest."), field="max_participants")
        )
    return replace(new, code=code, name=name, leader_email=leader), refusals


def store_cohort(
    session: Session,
    actor: Actor,
    stored: StoredTemplate,
    version: TemplateVersion,
    plan: Plan,
    new: NewCohort,
    preview: LayoutPreview,
) -> str:
    """Add a cohort that was found sound, of a programme that wants what the version wants: its code."""
    programme = _programme_for(session, stored, version, preview.template)
    version.programme_id = programme.id
    cohort = Cohort(
        code=new.code,
        programme_id=programme.id,
        name=new.name or None,
        region=plan.region,
        start_on=plan.start_on,
        end_on=preview.end_on,
        location=" ".join(plan.location.split()) or None,
        min_participants=new.min_participants,
        max_participants=new.max_participants,
        leader_email=new.leader_email or None,
        template_version_id=version.id,
    )
    session.add(cohort)
    session.flush()
    _add_lessons(session, cohort, preview)
    _add_assignments(session, cohort, preview)
    _let_lead(session, actor, cohort, programme)
    return cohort.code


def _programme_for(session: Session, stored: StoredTemplate, version: TemplateVersion, template: Template) -> Programme:
    """The programme of the version, or of the latest before it, that still wants the same; else one of its own.

    What runs keeps the programme that it began with: a version that wants something else never changes one.
    """
    earlier = [each for each in reversed(stored.versions) if each.number <= version.number]
    known = list(dict.fromkeys(each.programme_id for each in earlier if each.programme_id is not None))
    wanted = requirements_of(session, known)
    programmes = {row.id: row for row in session.scalars(select(Programme).where(Programme.id.in_(known)))}
    for programme_id in known:
        programme = programmes[programme_id]
        if programme.college == stored.row.college and same_requirements(wanted[programme_id], template):
            return programme
    return _new_programme(session, stored, version, template, known[0] if known else None)


def _new_programme(
    session: Session, stored: StoredTemplate, version: TemplateVersion, template: Template, like: int | None
) -> Programme:
    asked = template.requirements
    programme = Programme(
        code=_free_code(session, f"{stored.row.code}-{version.number}"),
        title=stored.row.title,
        college=stored.row.college,
        min_attendance=decimal_of(asked.min_attendance),
        make_up_limit=asked.make_up_limit,
        internship_min_minutes=asked.internship_min,
        internship_max_minutes=asked.internship_max,
        max_attempts=asked.max_attempts,
        prep_minutes_per_lesson=asked.prep_per_lesson,
        advertised_weekly_minutes=asked.advertised_weekly,
        thresholds=thresholds_that_differ(asked.thresholds),
    )
    session.add(programme)
    session.flush()
    session.add_all(
        LearningOutcome(programme_id=programme.id, code=outcome.code, title=outcome.title)
        for outcome in template.outcomes
    )
    session.add_all(
        Checkpoint(programme_id=programme.id, code=each.code, title=each.title, due_week=each.due_week)
        for each in template.checkpoints
    )
    if like is not None:
        agreed = session.scalars(select(Agreement).where(Agreement.programme_id == like).order_by(Agreement.id)).all()
        session.add_all(
            Agreement(programme_id=programme.id, module_id=each.module_id, basis=each.basis) for each in agreed
        )
    session.flush()
    return programme


def _free_code(session: Session, wanted: str) -> str:
    taken = set(session.scalars(select(Programme.code).where(Programme.code.startswith(wanted, autoescape=True))))
    if wanted not in taken:
        return wanted
    return next(code for more in range(2, len(taken) + 3) if (code := f"{wanted}-{more}") not in taken)


def _add_lessons(session: Session, cohort: Cohort, preview: LayoutPreview) -> None:
    rows = [
        {
            "cohort_id": cohort.id,
            "number": evening.number,
            "held_on": evening.on,
            "starts_at": evening.starts_at,
            "ends_at": evening.ends_at,
            "title": evening.title or None,
            "state": LessonState.PLANNED,
        }
        for evening in preview.layout.evenings
    ]
    session.execute(insert(Lesson), rows)


def _add_assignments(session: Session, cohort: Cohort, preview: LayoutPreview) -> None:
    outcomes: Mapping[str, int] = dict(
        session.execute(
            select(LearningOutcome.code, LearningOutcome.id).where(LearningOutcome.programme_id == cohort.programme_id)
        )
        .tuples()
        .all()
    )
    dates = {each.code: each for each in preview.layout.assignments}
    rows = [
        Assignment(
            cohort_id=cohort.id,
            code=each.code,
            title=each.title,
            opens_on=dates[each.code].opens_on,
            due_on=dates[each.code].due_on,
            estimated_minutes=each.estimate,
            mandatory=each.mandatory,
            criteria=each.criteria or None,
            opens_with_lesson=each.opens_with,
            due_with_lesson=each.due_with,
        )
        for each in preview.template.assignments
    ]
    session.add_all(rows)
    session.flush()
    borne = [
        AssignmentOutcome(assignment_id=row.id, learning_outcome_id=outcomes[code])
        for row, each in zip(rows, preview.template.assignments, strict=True)
        for code in dict.fromkeys(each.outcomes)
    ]
    session.add_all(borne)
    session.flush()


def _let_lead(session: Session, actor: Actor, cohort: Cohort, programme: Programme) -> None:
    """The project leader who lays out leads the cohort at once, as does who names themself; who else is named is invited to."""
    named, is_self = cohort.leader_email, cohort.leader_email == actor.email.lower()
    is_leader = any(grant.role is Role.PROJECT_LEADER for grant in actor.grants)
    if actor.user_id is not None and (is_leader or is_self):
        scope = leads(cohort_summary(cohort, programme))
        give_role(session, actor, session.get_one(User, actor.user_id), scope)
    if named and not is_self:
        invite(session, actor, account_at(session, named, None), leads(cohort_summary(cohort, programme)))
