"""Laying out a cohort from a template: looked at first, stored whole or not at all, and of the programme it began with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.assignments import Assignment, AssignmentOutcome
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Route, RouteModule
from hto_track.models.ledger import AuditEntry, OutboxMail
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.programmes import Checkpoint, LearningOutcome, Programme
from hto_track.rules.calendar import Region
from hto_track.rules.facts import Basis
from hto_track.rules.layout import ClashKind
from hto_track.rules.template import Template, TemplateAssignment, TemplateLesson
from hto_track.services.accounts import actor_by_email
from hto_track.services.form_answers import SentForm
from hto_track.services.layout import lay_out_cohort, preview_layout
from hto_track.services.layout_views import LayoutPreview, NewCohort, Plan
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.standings import cohort_standings
from hto_track.services.template_drafts import NewTemplate, begin_draft, make_template, publish_version, save_draft
from hto_track.services.templates import template_version
from hto_track.services.transaction import writing
from tests.at_once import at_once
from tests.cast import Cast

PLAN = Plan(start_on=date(2027, 3, 1), region=Region.MIDDEN, weekday=1, starts_at=time(18, 30), ends_at=time(21, 30))
NEW = NewCohort(code="C-9", name="Groep C-9")
STORED = (
    Cohort,
    Lesson,
    Assignment,
    AssignmentOutcome,
    Programme,
    LearningOutcome,
    Checkpoint,
    Grant,
    User,
    OutboxMail,
)


def changed(template: Template) -> Template:
    """The same, of six lessons with an assignment."""
    return replace(
        template,
        weeks_after=2,
        lessons=tuple(TemplateLesson(number=number, title=f"Les {number}") for number in range(1, 7)),
        assignments=(
            TemplateAssignment(
                code="A1",
                title="Een les ontwerpen",
                opens_with=1,
                due_with=4,
                estimate=600,
                outcomes=("LU1",),
                criteria="Een lesplan van één bladzijde",
            ),
        ),
    )


def publish(actor: Actor, change: Callable[[Template], Template] = changed, number: int = 1) -> None:
    """Change the draft and publish it."""
    known = template_version(actor, "T-1", number)
    saved = save_draft(actor, "T-1", number, change(known.template), "", known.seen)
    publish_version(actor, "T-1", number, saved.seen)


@pytest.fixture
def published(cast: Cast) -> Cast:
    """The cast with a published version 1 of T-1, made from C-1."""
    make_template(cast.anja, NewTemplate(code="T-1", title="Traject", cohort="C-1"))
    publish(cast.anja)
    return cast


def look(actor: Actor, plan: Plan = PLAN, number: int = 1) -> LayoutPreview:
    return preview_layout(actor, "T-1", number, plan)


def store(actor: Actor, plan: Plan = PLAN, new: NewCohort = NEW, number: int = 1, form: SentForm | None = None) -> str:
    """Lay out as it is seen."""
    return lay_out_cohort(actor, "T-1", number, plan, new, look(actor, plan, number).seen, form)


def counts() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in STORED]


def cohort(code: str = "C-9") -> Cohort:
    return db.session.scalars(select(Cohort).where(Cohort.code == code)).one()


def fields(refused: pytest.ExceptionInfo[Refused]) -> list[str | None]:
    return [refusal.field for refusal in refused.value.refusals]


def test_looking_stores_nothing_and_shows_all_that_storing_would_do(published: Cast) -> None:
    before = counts()
    seen = look(published.anja)
    assert counts() == before
    assert [evening.on for evening in seen.layout.evenings] == [
        *(date(2027, 3, 2), date(2027, 3, 9), date(2027, 3, 16), date(2027, 3, 23), date(2027, 3, 30)),
        date(2027, 4, 6),
    ]
    assert (seen.end_on, seen.expected.total, seen.nominal) == (
        date(2027, 4, 20),
        6 * 180 + 6 * 60 + 600 + 80 * 60,
        None,
    )
    assert seen.layout.assignments[0].due_on == date(2027, 3, 23)


def test_a_cohort_that_is_laid_out_is_stored_as_it_was_seen(published: Cast) -> None:
    store(published.anja, replace(PLAN, location=" Tilburg,  B1 "), replace(NEW, leader_email="anja@example.org"))
    row = cohort()
    assert (row.name, row.region, row.start_on, row.end_on, row.location, row.leader_email) == (
        *("Groep C-9", Region.MIDDEN, date(2027, 3, 1), date(2027, 4, 20), "Tilburg, B1"),
        "anja@example.org",
    )
    lessons = db.session.scalars(select(Lesson).where(Lesson.cohort_id == row.id).order_by(Lesson.number)).all()
    assert [(lesson.number, lesson.title, lesson.state) for lesson in lessons] == [
        (number, f"Les {number}", LessonState.PLANNED) for number in range(1, 7)
    ]
    assert {(lesson.starts_at, lesson.ends_at) for lesson in lessons} == {(time(18, 30), time(21, 30))}
    assignment = db.session.scalars(select(Assignment).where(Assignment.cohort_id == row.id)).one()
    assert (assignment.opens_on, assignment.due_on) == (date(2027, 3, 2), date(2027, 3, 23))
    assert (assignment.opens_with_lesson, assignment.due_with_lesson) == (1, 4)
    assert (assignment.estimated_minutes, assignment.criteria) == (600, "Een lesplan van één bladzijde")
    borne = db.session.scalars(
        select(LearningOutcome.code)
        .join(AssignmentOutcome, AssignmentOutcome.learning_outcome_id == LearningOutcome.id)
        .where(AssignmentOutcome.assignment_id == assignment.id)
    ).all()
    assert borne == ["LU1"]


def test_a_cohort_that_wants_the_same_is_of_the_same_programme(published: Cast) -> None:
    store(published.anja)
    assert cohort().programme_id == cohort("C-1").programme_id
    assert template_version(published.anja, "T-1", 1).version.cohorts == ("C-9",)
    begin_draft(published.anja, "T-1")
    publish(published.anja, lambda template: replace(template, weeks_after=5), number=2)
    store(published.anja, new=replace(NEW, code="C-10"), number=2)
    assert cohort("C-10").programme_id == cohort("C-1").programme_id
    assert template_version(published.anja, "T-1", 2).version.cohorts == ("C-10",)


def test_what_runs_keeps_its_requirements_when_a_version_wants_others(published: Cast) -> None:
    _agree(cohort("C-1").programme_id)
    begin_draft(published.anja, "T-1")

    def stricter(template: Template) -> Template:
        asked = replace(template.requirements, internship_min=90 * 60)
        return replace(template, requirements=asked, credits=Decimal(30))

    publish(published.anja, stricter, number=2)
    store(published.anja, number=2)
    new = db.session.get_one(Programme, cohort().programme_id)
    old = db.session.get_one(Programme, cohort("C-1").programme_id)
    assert (new.code, new.title, new.college) == ("T-1-2", "Traject", old.college)
    assert (new.internship_min_minutes, old.internship_min_minutes) == (90 * 60, 80 * 60)
    assert new.min_attendance == Decimal("0.8")
    of_new = select(LearningOutcome.code, LearningOutcome.title).where(LearningOutcome.programme_id == new.id)
    assert [tuple(row) for row in db.session.execute(of_new)] == [("LU1", "Lessen ontwerpen")]
    assert db.session.scalars(select(Checkpoint.code).where(Checkpoint.programme_id == new.id)).all() == ["VOG"]
    agreed = db.session.scalars(select(Agreement.basis).where(Agreement.programme_id == new.id)).all()
    assert agreed == [Basis.AUTOMATIC]
    store(published.anja, new=replace(NEW, code="C-10"), number=2)
    assert cohort("C-10").programme_id == new.id, "the second cohort of a version is of the programme of the first"
    store(published.anja, new=replace(NEW, code="C-11"), number=1)
    assert cohort("C-11").programme_id == old.id


def _agree(programme_id: int) -> None:
    with writing() as session:
        route = Route(code="AD", title="Associate degree")
        session.add(route)
        session.flush()
        module = RouteModule(route_id=route.id, code="AD1", title="Didactiek", term=1, credits=Decimal(10))
        session.add(module)
        session.flush()
        session.add(Agreement(programme_id=programme_id, module_id=module.id, basis=Basis.AUTOMATIC))


def test_a_programme_that_was_changed_since_is_not_taken_for_what_the_template_wants(published: Cast) -> None:
    with writing() as session:
        session.get_one(Programme, cohort("C-1").programme_id).make_up_limit = 1
    store(published.anja)
    made = db.session.get_one(Programme, cohort().programme_id)
    assert (made.code, made.make_up_limit) == ("T-1-1", 4)


def test_a_code_that_another_programme_has_is_not_taken_over(published: Cast) -> None:
    with writing() as session:
        old = session.get_one(Programme, cohort("C-1").programme_id)
        same = ("title", "college", "min_attendance", "make_up_limit", "internship_min_minutes", "max_attempts")
        same += ("internship_max_minutes", "prep_minutes_per_lesson", "advertised_weekly_minutes")
        session.add(Programme(code="T-1-1", **{name: getattr(old, name) for name in same}))
        old.make_up_limit = 1
    store(published.anja)
    assert db.session.get_one(Programme, cohort().programme_id).code == "T-1-1-2"


def test_the_leader_who_lays_out_leads_at_once_and_gets_no_mail(published: Cast) -> None:
    store(published.anja, new=replace(NEW, leader_email="Anja@Example.org"))
    anja = actor_by_email("anja@example.org")
    assert anja is not None
    assert cohort_standings(anja, "C-9", PLAN.start_on).cohort.code == "C-9"
    assert db.session.scalars(select(OutboxMail)).all() == []


def test_whoever_else_is_to_lead_is_invited(published: Cast) -> None:
    store(published.hanna, new=replace(NEW, leader_email="joost@example.org"))
    mail = db.session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.recipient) == ("invitation", "joost@example.org")
    granted = db.session.execute(select(Grant.role, Grant.user_id).where(Grant.cohort_id == cohort().id)).all()
    joost = db.session.scalars(select(User.id).where(User.email == "joost@example.org")).one()
    assert [tuple(grant) for grant in granted] == [(Role.PROJECT_LEADER, joost)]


def test_a_leader_who_names_another_leads_beside_them(published: Cast) -> None:
    store(published.anja, new=replace(NEW, leader_email="joost@example.org"))
    leading = select(func.count()).select_from(Grant).where(Grant.cohort_id == cohort().id)
    assert db.session.scalar(leading) == 2


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        (replace(NEW, code=""), ["code"]),
        (replace(NEW, code="C-1"), ["code"]),
        (replace(NEW, code="C 9"), ["code"]),
        (replace(NEW, name="x" * 201), ["name"]),
        (replace(NEW, leader_email="nergens"), ["leader_email"]),
        (replace(NEW, min_participants=0), ["min_participants"]),
        (replace(NEW, min_participants=21), ["max_participants"]),
        (replace(NEW, code="", leader_email="@"), ["code", "leader_email"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    published: Cast, new: NewCohort, wrong: list[str]
) -> None:
    before = counts()
    with pytest.raises(Refused) as refused:
        store(published.anja, new=new)
    assert fields(refused) == wrong
    assert counts() == before


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        (replace(PLAN, ends_at=time(18, 30)), ["ends_at"]),
        (replace(PLAN, weekday=6), ["weekday"]),
        (replace(PLAN, start_on=date(1899, 1, 1)), ["start_on"]),
        (replace(PLAN, start_on=date(2190, 1, 1)), ["start_on"]),
    ],
)
def test_a_plan_without_sense_is_refused_when_it_is_looked_at(published: Cast, plan: Plan, wrong: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        look(published.anja, plan)
    assert fields(refused) == wrong


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        (replace(PLAN, dates={3: date(2027, 3, 9)}), ["date-3"]),
        (replace(PLAN, dates={3: date(2027, 3, 24)}), ["date-4"]),
        (replace(PLAN, dates={1: date(2027, 2, 27)}), ["date-1"]),
        (replace(PLAN, end_on=date(2027, 4, 5)), ["end_on"]),
    ],
)
def test_dates_without_order_are_shown_and_not_stored(published: Cast, plan: Plan, wrong: list[str]) -> None:
    before = counts()
    assert [refusal.field for refusal in look(published.anja, plan).refusals] == wrong
    with pytest.raises(Refused) as refused:
        store(published.anja, plan)
    assert fields(refused) == wrong
    assert counts() == before


def test_what_was_not_looked_at_is_not_stored(published: Cast) -> None:
    seen = look(published.anja).seen
    on_a_holiday = replace(PLAN, dates={6: date(2027, 3, 29), 5: date(2027, 3, 26)})
    for plan in (replace(PLAN, start_on=date(2027, 3, 8)), replace(PLAN, starts_at=time(19)), on_a_holiday):
        with pytest.raises(Refused, match="not the dates that you saw"):
            lay_out_cohort(published.anja, "T-1", 1, plan, NEW, seen)
    store(published.anja, replace(PLAN, end_on=date(2027, 5, 1)))
    assert cohort().end_on == date(2027, 5, 1)


def test_a_holiday_that_somebody_chose_with_open_eyes_is_theirs(published: Cast) -> None:
    plan = replace(PLAN, dates={5: date(2027, 3, 29)})
    clashes = look(published.anja, plan).layout.evenings[4].clashes
    assert [clash.kind for clash in clashes][:1] == [ClashKind.PUBLIC_HOLIDAY]
    store(published.anja, plan)
    assert db.session.scalars(
        select(Lesson.held_on).where(Lesson.cohort_id == cohort().id, Lesson.number == 5)
    ).one() == date(2027, 3, 29)


def test_another_cohort_in_the_same_room_is_told_by_name_to_who_may_see_it(published: Cast) -> None:
    store(published.anja, replace(PLAN, location="Tilburg B1"))
    later = replace(PLAN, location=" tilburg b1", starts_at=time(21), ends_at=time(22))

    def told(actor: Actor, plan: Plan) -> list[tuple[ClashKind, str]]:
        known = look(actor, plan).layout.evenings[0].clashes
        return [(clash.kind, clash.name) for clash in known if clash.kind is ClashKind.SAME_ROOM]

    assert told(published.hanna, later) == [(ClashKind.SAME_ROOM, "C-9")]
    assert told(published.otto, later) == [(ClashKind.SAME_ROOM, "")]
    assert told(published.hanna, replace(later, starts_at=time(21, 30))) == []
    assert told(published.hanna, replace(later, location="Tilburg B2")) == []
    with writing() as session:
        for lesson in session.scalars(select(Lesson).where(Lesson.held_on == date(2027, 3, 2))):
            lesson.state, lesson.cancel_reason = LessonState.CANCELLED, "Ziek"
    assert told(published.hanna, later) == []


def test_a_draft_is_not_laid_out(published: Cast) -> None:
    begin_draft(published.anja, "T-1")
    with pytest.raises(Refused, match="draft"):
        look(published.anja, number=2)
    with pytest.raises(Refused, match="draft"):
        lay_out_cohort(published.anja, "T-1", 2, PLAN, NEW, "")


def test_only_who_has_the_template_lays_out_from_it(published: Cast) -> None:
    for actor in (published.bram, published.dirk, published.karel):
        with pytest.raises(NotFound):
            look(actor)
        with pytest.raises(NotFound):
            lay_out_cohort(actor, "T-1", 1, PLAN, NEW, "")
    with pytest.raises(Forbidden):
        look(published.chaima)
    with pytest.raises(NotFound):
        look(published.anja, number=3)


def test_a_form_that_is_sent_twice_lays_out_one_cohort(published: Cast) -> None:
    form = SentForm(key="k", content="c")
    assert store(published.anja, form=form) == "C-9"
    before = counts()
    assert lay_out_cohort(published.anja, "T-1", 1, PLAN, NEW, "", form) == "C-9"
    assert counts() == before


def test_of_two_at_once_with_one_code_one_is_told(app: Flask, published: Cast) -> None:
    seen = look(published.anja).seen
    done = at_once(
        app,
        lambda: lay_out_cohort(published.anja, "T-1", 1, PLAN, NEW, seen),
        lambda: lay_out_cohort(published.gijs, "T-1", 1, PLAN, NEW, seen),
    )
    assert sorted(type(one).__name__ for one in done) == ["Refused", "str"]
    assert db.session.scalar(select(func.count()).select_from(Lesson).where(Lesson.cohort_id == cohort().id)) == 6


def test_it_is_in_the_trail_of_the_cohort(published: Cast) -> None:
    store(published.anja)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "lay_out_cohort")).one()
    assert entry.subject == "cohort/C-9"


def test_looking_costs_as_much_for_many_lessons_as_for_few(
    published: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    plan = replace(PLAN, location="Tilburg")
    with count_queries() as few:
        look(published.anja, plan)
    begin_draft(published.anja, "T-1")

    def longer(template: Template) -> Template:
        return replace(template, lessons=tuple(TemplateLesson(number=number) for number in range(1, 100)))

    publish(published.anja, longer, number=2)
    with count_queries() as many:
        assert len(look(published.anja, plan, number=2).layout.evenings) == 99
    assert len(few) == len(many) == 5


def test_the_console_lays_out_and_leads_nothing(published: Cast) -> None:
    before = counts()[STORED.index(Grant)]
    store(CONSOLE)
    assert counts()[STORED.index(Grant)] == before
