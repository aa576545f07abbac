"""What a year in a cohort takes, for anybody, as long as the cohort is open; and opening it. Nothing here is about a person."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from hto_track import formats
from hto_track.kept import Kept
from hto_track.models.accounts import Role
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules import facts as known
from hto_track.rules.beforehand import Answers, Beforehand, YearPlan, look_ahead
from hto_track.rules.calendar import SchoolCalendar
from hto_track.rules.expectation import WeeklySpent
from hto_track.services import audit, fact_rows, form_answers, values
from hto_track.services.facts import CohortGround, cohort_ground
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.voices import Voices, spent_before, voices_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCohort:
    """A cohort that anybody may look at beforehand, by name; ``advertised`` minutes a week."""

    code: str
    name: str
    programme_title: str
    college: str | None
    location: str | None
    start_on: date
    end_on: date
    open_until: date
    advertised: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierGroups:
    """What those who went before say and spent; None where there are fewer than five."""

    voices: Voices | None
    spent: WeeklySpent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAhead:
    """The year of an open cohort for somebody's answers. ``assignments`` are titles by code.

    ``beforehand`` is None when the answers could not be read, and ``holidays_until`` the last day of which school holidays
    are known when the year goes on beyond it.
    """

    cohort: OpenCohort
    assignments: dict[str, str]
    beforehand: Beforehand | None
    earlier: EarlierGroups
    calendar: SchoolCalendar
    is_own: bool
    """Whether who asks takes part in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Until when a cohort is open; None when it is not."""

    code: str
    name: str
    end_on: date
    open_until: date | None


_earlier: Kept[EarlierGroups] = Kept(most=64)


def open_cohorts(on: date) -> tuple[OpenCohort, ...]:
    """Every cohort that anybody may look at, the first to start first."""
    rows = reading().execute(
        select(Cohort, Programme)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.open_until >= on, Cohort.end_on >= on)
    )
    found = [_open(row.Cohort, row.Programme) for row in rows]
    return tuple(sorted(found, key=lambda cohort: (cohort.start_on, cohort.code)))


def open_cohort_of(cohort_code: str, on: date) -> OpenCohort:
    """An open cohort by name. NotFound for one that is not open or not there: it tells not which."""
    return _found(reading(), cohort_code, on)


def year_ahead(cohort_code: str, answers: Answers | None, on: date, reader: Actor | None = None) -> YearAhead:
    """The year of an open cohort. ``reader`` is who is signed in, if anybody. NotFound for one that is not open."""
    session = reading()
    cohort = _found(session, cohort_code, on)
    ground = cohort_ground(session, cohort_code)
    plan, titles = _plan(session, ground)
    return YearAhead(
        cohort=cohort,
        assignments=titles,
        beforehand=look_ahead(plan, answers, on) if answers else None,
        earlier=_earlier_groups(session, ground, on),
        calendar=ground.calendar,
        is_own=_takes_part(session, reader, ground.cohort.id),
    )


def opening_of(actor: Actor, cohort_code: str) -> Opening:
    """Until when a cohort is open. NotFound, Forbidden."""
    return _opening(_to_open(reading(), actor, cohort_code))


def open_cohort(
    actor: Actor,
    cohort_code: str,
    open_until: date | None,
    seen: date | None,
    on: date,
    form: SentForm | None = None,
) -> Opening:
    """Open a cohort until a date, or close it (None). ``seen`` is the date that was shown. NotFound, Forbidden.

    Refused for a date that is past or beyond the cohort's end, and when somebody else changed it meanwhile.
    """
    with writing() as session:
        cohort = _to_open(session, actor, cohort_code)
        if form_answers.answered(session, actor, form) is not None:
            return _opening(cohort)
        refusals = _refusals(cohort, open_until, seen, on)
        if refusals:
            raise Refused(refusals)
        if cohort.open_until != open_until:
            before, cohort.open_until = cohort.open_until, open_until
            audit.record(
                session,
                actor,
                "open_cohort",
                audit.of_cohort(cohort_code),
                before={"open_until": before and before.isoformat()},
                after={"open_until": open_until and open_until.isoformat()},
            )
        form_answers.remember(session, actor, form, {"open_until": open_until and open_until.isoformat()})
        return _opening(cohort)


def _found(session: Session, cohort_code: str, on: date) -> OpenCohort:
    row = session.execute(
        select(Cohort, Programme)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.code == cohort_code, Cohort.open_until >= on, Cohort.end_on >= on)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such open cohort")
    return _open(row.Cohort, row.Programme)


def _open(cohort: Cohort, programme: Programme) -> OpenCohort:
    assert cohort.open_until is not None
    return OpenCohort(
        code=cohort.code,
        name=cohort.name or cohort.code,
        programme_title=programme.title,
        college=programme.college,
        location=cohort.location,
        start_on=cohort.start_on,
        end_on=cohort.end_on,
        open_until=cohort.open_until,
        advertised=programme.advertised_weekly_minutes,
    )


def _plan(session: Session, ground: CohortGround) -> tuple[YearPlan, dict[str, str]]:
    """What is planned for everyone, and the titles of assignments by code."""
    lessons, _marks = fact_rows.lessons(session, ground.cohort.id, false())
    tasks = fact_rows.assignments_of(session, [ground.cohort.id])[ground.cohort.id]
    plan = YearPlan(
        programme=ground.programme,
        calendar=ground.calendar,
        start_on=ground.cohort.start_on,
        end_on=ground.cohort.end_on,
        lessons=tuple(
            known.Lesson(
                number=lesson.number,
                on=lesson.on,
                start=lesson.starts_at,
                minutes=values.lesson_minutes(lesson),
                cancelled=lesson.cancelled,
            )
            for lesson in lessons.values()
        ),
        assignments=tuple(
            known.Assignment(
                code=task.code,
                opens_on=task.opens_on,
                due_on=task.due_on,
                estimate=task.estimate,
                mandatory=task.mandatory,
            )
            for task in tasks.plans.values()
        ),
    )
    return plan, {task.code: task.title for task in tasks.plans.values()}


def _earlier_groups(session: Session, ground: CohortGround, on: date) -> EarlierGroups:
    """Kept as long as nothing is written: the page is for everybody, and its cost is not to grow with who asks."""

    def found() -> EarlierGroups:
        programme_id = ground.cohort.programme_id
        return EarlierGroups(
            voices=voices_of(session, programme_id, besides=ground.cohort.id),
            spent=spent_before(session, programme_id, on),
        )

    return _earlier.under(ground.revision, (session.get_bind().engine.url, ground.cohort.id, on), found)


def _takes_part(session: Session, reader: Actor | None, cohort_id: int) -> bool:
    own = [grant.participant_id for grant in (reader.grants if reader else ()) if grant.role is Role.PARTICIPANT]
    if not own:
        return False
    theirs = select(Participant.id).where(Participant.id.in_(own), Participant.cohort_id == cohort_id).limit(1)
    return session.scalars(theirs).first() is not None


def _to_open(session: Session, actor: Actor, cohort_code: str) -> Cohort:
    require(actor, Action.OPEN_COHORT, subject_of(cohort_ground(session, cohort_code).cohort))
    return session.scalars(select(Cohort).where(Cohort.code == cohort_code)).one()


def _opening(cohort: Cohort) -> Opening:
    return Opening(
        code=cohort.code, name=cohort.name or cohort.code, end_on=cohort.end_on, open_until=cohort.open_until
    )


def _refusals(cohort: Cohort, open_until: date | None, seen: date | None, on: date) -> list[Refusal]:
    if cohort.open_until != seen:
        stands = formats.day_year(cohort.open_until) if cohort.open_until else ""
        message = (
            _l("Somebody opened it until %(day)s meanwhile. Look at it and save again.", day=stands)
            if stands
            else _l("Somebody closed it meanwhile. Look at it and save again.")
        )
        return [Refusal(message=message, field="open_until")]
    if open_until is not None and open_until < on:
        return [Refusal(message=_l("This date has passed. Choose today or later."), field="open_until")]
    if open_until is not None and open_until > cohort.end_on:
        message = _l(
            "The cohort ends on %(day)s. Choose that day or an earlier one.", day=formats.day_year(cohort.end_on)
        )
        return [Refusal(message=message, field="open_until")]
    return []
