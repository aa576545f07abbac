"""Laying out a cohort from a published version of a template: first looked at, then stored in one piece."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort, SchoolHoliday
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.programmes import Programme
from hto_track.models.templates import TemplateVersion
from hto_track.rules import layout as rules
from hto_track.rules.calendar import Region
from hto_track.rules.calendar import SchoolHoliday as Holiday
from hto_track.rules.days import FIRST_YEAR, LAST_YEAR
from hto_track.rules.layout import OtherLesson, RegionHolidays, Wishes
from hto_track.rules.template import WEEKDAYS, Template, expected_hours, nominal_minutes
from hto_track.services import audit, form_answers
from hto_track.services.form_answers import SentForm
from hto_track.services.layout_rows import check_cohort, store_cohort
from hto_track.services.layout_views import LayoutPreview, NewCohort, Plan, as_seen
from hto_track.services.policy import Action, Actor, Subject, may
from hto_track.services.refusals import Refusal, Refused, refuse
from hto_track.services.template_content import template_of
from hto_track.services.template_rows import find_template
from hto_track.services.transaction import reading, writing

MOST_DATES = 200


def preview_layout(actor: Actor, template_code: str, number: int, plan: Plan) -> LayoutPreview:
    """The evenings, what they skip and run into, due dates and hours; nothing is stored.

    Refused for a version that is not published and for a plan without sense; NotFound, Forbidden as the policy says.
    """
    session = reading()
    version = find_template(session, actor, Action.LAY_OUT_COHORT, template_code).version(number)
    return _preview(session, actor, version, plan)


def lay_out_cohort(
    actor: Actor,
    template_code: str,
    number: int,
    plan: Plan,
    new: NewCohort,
    seen: str,
    form: SentForm | None = None,
) -> str:
    """Store a cohort with its programme, lessons and assignments: its code. All of it, or nothing.

    A project leader who lays out leads it; whoever else is named to lead it gets a mail with a link to come in. Refused as
    ``preview_layout``, for everything that the preview says, for what is wrong with ``new``, and when the layout is not as it
    was ``seen``: then it has to be looked at first.
    """
    with writing() as session:
        stored = find_template(session, actor, Action.LAY_OUT_COHORT, template_code)
        version = stored.version(number)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return str(earlier["cohort"])
        preview = _preview(session, actor, version, plan)
        sound, refusals = check_cohort(session, new)
        refusals = [*preview.refusals, *refusals]
        if refusals:
            raise Refused(refusals)
        if seen != preview.seen:
            raise refuse(_l("These are not the dates that you saw. Look at them below, then lay out the cohort."))
        code = store_cohort(session, actor, stored, version, plan, sound, preview)
        after = {
            "template": f"{template_code}/{number}",
            "region": plan.region.value,
            "start_on": plan.start_on.isoformat(),
            "end_on": preview.end_on.isoformat(),
            "lessons": len(preview.layout.evenings),
        }
        audit.record(session, actor, "lay_out_cohort", audit.of_cohort(code), after=after)
        form_answers.remember(session, actor, form, {"cohort": code})
        return code


def _preview(session: Session, actor: Actor, version: TemplateVersion, plan: Plan) -> LayoutPreview:
    if version.published_at is None:
        raise refuse(_l("This version is a draft. Publish it, then lay out a cohort from it."))
    template = _as_planned(template_of(version.content), plan)
    refusals = _plan_refusals(template, plan)
    if refusals:
        raise Refused(refusals)
    holidays = region_holidays(session, plan.region)
    wishes = Wishes(without=plan.without, dates=plan.dates)
    laid = rules.lay_out(template, plan.start_on, RegionHolidays(holidays), wishes)
    others = _others(session, actor, plan.location, [evening.on for evening in laid.evenings])
    if others:
        laid = rules.lay_out(template, plan.start_on, RegionHolidays(holidays), wishes, others)
    end_on = plan.end_on or laid.end_on
    return LayoutPreview(
        template=template,
        layout=laid,
        end_on=end_on,
        expected=expected_hours(template),
        nominal=nominal_minutes(template),
        holidays=holidays,
        seen=as_seen(laid, end_on),
        refusals=tuple(_date_refusals(laid, plan, end_on)),
    )


def _as_planned(template: Template, plan: Plan) -> Template:
    rhythm = replace(template.rhythm, weekday=plan.weekday, starts_at=plan.starts_at, ends_at=plan.ends_at)
    return replace(template, rhythm=rhythm)


def _plan_refusals(template: Template, plan: Plan) -> list[Refusal]:
    """What keeps a plan from being laid out at all."""
    refusals = []
    if not FIRST_YEAR <= plan.start_on.year <= LAST_YEAR - 20:
        refusals.append(Refusal(message=_l("Choose a start in this century."), field="start_on"))
    if plan.weekday not in WEEKDAYS:
        refusals.append(Refusal(message=_l("Choose a day from Monday to Saturday."), field="weekday"))
    if plan.ends_at <= plan.starts_at:
        refusals.append(Refusal(message=_l("The end is not after the start."), field="ends_at"))
    if len(plan.without) > MOST_DATES:
        refusals.append(Refusal(message=_l("Keep it within %(most)s dates.", most=MOST_DATES), field="start_on"))
    return refusals


def _date_refusals(laid: rules.Layout, plan: Plan, end_on: date) -> list[Refusal]:
    """What has to be put right before these dates can be stored; a holiday is shown, and is nobody's but who lays out."""
    refusals = []
    for number in rules.out_of_order(laid.evenings):
        message: Any = _l("Lesson %(number)s is not after the lesson before it. Give it a later date.", number=number)
        refusals.append(Refusal(message=message, field=f"date-{number}"))
    for evening in laid.evenings:
        if evening.on < plan.start_on:
            message = _l("Lesson %(number)s is before the start of the cohort.", number=evening.number)
            refusals.append(Refusal(message=message, field=f"date-{evening.number}"))
    if laid.evenings and end_on < max(evening.on for evening in laid.evenings):
        refusals.append(Refusal(message=_l("The cohort ends before its last lesson."), field="end_on"))
    return refusals


def region_holidays(session: Session, region: Region) -> tuple[Holiday, ...]:
    """The school holidays of a region by name, in order."""
    rows = session.scalars(
        select(SchoolHoliday).where(SchoolHoliday.region == region).order_by(SchoolHoliday.first_day)
    )
    return tuple(Holiday(first_day=row.first_day, last_day=row.last_day, name=row.name) for row in rows)


def _others(session: Session, actor: Actor, location: str, dates: list[date]) -> tuple[OtherLesson, ...]:
    """Lessons of other cohorts at the same place on these dates; by the cohort's code where the actor may see it."""
    if not location.strip() or not dates:
        return ()
    rows = session.execute(
        select(Lesson.held_on, Lesson.starts_at, Lesson.ends_at, Cohort.id, Cohort.code, Programme.college)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(
            func.lower(func.trim(Cohort.location)) == location.strip().lower(),
            Lesson.held_on.in_(dates),
            Lesson.state != LessonState.CANCELLED,
        )
        .order_by(Lesson.held_on, Cohort.code)
    )
    return tuple(
        OtherLesson(
            name=row.code if may(actor, Action.VIEW_COHORT, Subject(cohort_id=row.id, college=row.college)) else "",
            on=row.held_on,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
    )
