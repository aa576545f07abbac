"""From one row to one plain value: the mappings that services share."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hto_track.models.cohorts import Cohort
from hto_track.models.internship import Placement
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules import facts
from hto_track.rules.facts import Thresholds
from hto_track.services.views import CohortSummary, LessonPlan, Member, PlacementView


def cohort_summary(cohort: Cohort, programme: Programme) -> CohortSummary:
    """A cohort by name; one without a name goes by its code."""
    return CohortSummary(
        id=cohort.id,
        code=cohort.code,
        name=cohort.name or cohort.code,
        programme_id=programme.id,
        programme_title=programme.title,
        college=programme.college,
        region=cohort.region,
        start_on=cohort.start_on,
        end_on=cohort.end_on,
        location=cohort.location,
        leader_email=cohort.leader_email,
        min_participants=cohort.min_participants,
        max_participants=cohort.max_participants,
    )


def programme_settings(programme: Programme) -> facts.Programme:
    """The settings that rules read."""
    return facts.Programme(
        min_attendance=Fraction(programme.min_attendance),
        make_up_limit=programme.make_up_limit,
        internship_min=programme.internship_min_minutes,
        internship_max=programme.internship_max_minutes,
        max_attempts=programme.max_attempts,
        prep_per_lesson=programme.prep_minutes_per_lesson,
        advertised_weekly=programme.advertised_weekly_minutes,
        thresholds=warning_thresholds(programme.thresholds),
    )


def warning_thresholds(stored: dict[str, float]) -> Thresholds:
    """The defaults, with what the programme set differently; shares keep the decimals they were written with."""
    shares = {field.name for field in fields(Thresholds) if isinstance(field.default, Fraction)}
    changed: dict[str, Any] = {
        name: Fraction(Decimal(str(value))) if name in shares else value for name, value in stored.items()
    }
    return Thresholds(**changed)


def enrolment(row: Participant, pauses: Iterable[facts.Pause], cohort: CohortSummary) -> facts.Enrolment:
    """One participant's place in their cohort."""
    return facts.Enrolment(
        cohort_start_on=cohort.start_on,
        cohort_end_on=cohort.end_on,
        start_on=row.start_on,
        end_on=row.end_on,
        status=row.status,
        status_on=row.status_on,
        pauses=tuple(pauses),
        job_weekly=row.job_weekly_minutes,
        release_weekly=row.release_weekly_minutes,
        study_weekly=row.study_weekly_minutes,
        travel=row.travel_minutes,
    )


def member(row: Participant) -> Member:
    """A participant by name."""
    return Member(
        id=row.id,
        code=row.code,
        name=row.name,
        given_name=row.given_name,
        email=row.email,
        phone=row.phone,
        employer=row.employer,
    )


def placement_view(row: Placement) -> PlacementView:
    """A placement, for people."""
    return PlacementView(
        id=row.id,
        school=row.school,
        school_type=row.school_type,
        supervisor_name=row.supervisor_name,
        supervisor_email=row.supervisor_email,
        start_on=row.start_on,
        end_on=row.end_on,
    )


def lesson_minutes(plan: LessonPlan) -> int:
    """The length of a lesson."""
    start, end = (datetime.combine(plan.on, at) for at in (plan.starts_at, plan.ends_at))
    return int((end - start).total_seconds()) // 60
