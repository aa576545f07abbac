"""Any role, given by an administrator: where it holds, and what says so."""

from typing import Any

import pytest
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Route
from hto_track.models.ledger import OutboxMail
from hto_track.models.programmes import Programme
from hto_track.services.accounts import actor_by_email
from hto_track.services.form_answers import SentForm
from hto_track.services.invitations import invite_by_mail, invite_user
from hto_track.services.policy import CONSOLE, Action, ActorGrant, may_anywhere
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.role_scopes import ScopeAsked, held_by
from hto_track.services.transaction import writing
from tests.cast import COLLEGE, Cast

INGRID = "ingrid@example.org"


@pytest.fixture
def world(cast: Cast) -> Cast:
    """The cast, a route, and a second programme."""
    with writing() as session:
        session.add(Route(code="AD", title="Associate Degree"))
        first = session.scalars(select(Programme)).one()
        columns = {
            column.name: getattr(first, column.name)
            for column in Programme.__table__.columns
            if column.name not in ("id", "code", "title")
        }
        session.add(Programme(**columns, code="PDG", title="Ander traject"))
    return cast


def grants() -> tuple[ActorGrant, ...]:
    db.session.rollback()
    ingrid = actor_by_email(INGRID)
    return ingrid.grants if ingrid else ()


def test_a_board_of_examiners_gets_one_route_or_all_of_them(world: Cast) -> None:
    route_id = db.session.scalars(select(Route.id)).one()
    invite_user(CONSOLE, INGRID, Role.EXAMINATION_BOARD, route_code="AD")
    invite_user(CONSOLE, INGRID, Role.EXAMINATION_BOARD)
    assert [grant.route_id for grant in grants()] == [route_id, None]


def test_an_observer_gets_the_programme_named_or_that_of_the_cohort(world: Cast) -> None:
    of_cohort = db.session.get_one(Cohort, world.cohort_id).programme_id
    invite_user(CONSOLE, INGRID, Role.OBSERVER, programme_code="PDG")
    invite_user(CONSOLE, INGRID, Role.OBSERVER, world.cohort)
    other = db.session.scalars(select(Programme.id).where(Programme.code == "PDG")).one()
    assert [grant.programme_id for grant in grants()] == [other, of_cohort]


def test_the_administration_of_a_college_gets_the_college_of_the_cohorts_programme(world: Cast) -> None:
    invite_user(CONSOLE, INGRID, Role.COLLEGE_ADMINISTRATION, world.cohort)
    assert [(grant.role, grant.college) for grant in grants()] == [(Role.COLLEGE_ADMINISTRATION, COLLEGE)]


def test_a_supervisor_needs_no_scope(world: Cast) -> None:
    invite_user(CONSOLE, INGRID, Role.SUPERVISOR)
    assert [grant.role for grant in grants()] == [Role.SUPERVISOR]


@pytest.mark.parametrize(
    ("role", "asked", "field"),
    [
        (Role.EMPLOYER, {}, "role"),
        (Role.OBSERVER, {}, "programme"),
        (Role.OBSERVER, {"cohort_code": "C-1", "programme_code": "PDG"}, "programme"),
        (Role.COLLEGE_ADMINISTRATION, {}, "cohort"),
        (Role.EXAMINATION_BOARD, {"cohort_code": "C-1"}, "cohort"),
        (Role.PROJECT_LEADER, {"cohort_code": "C-1", "route_code": "AD"}, "route"),
        (Role.SUPERVISOR, {"cohort_code": "C-1"}, "cohort"),
        (Role.ADMINISTRATOR, {"programme_code": "HTO"}, "programme"),
    ],
)
def test_a_scope_that_is_missing_or_says_nothing_is_refused(
    world: Cast, role: Role, asked: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        invite_user(CONSOLE, INGRID, role, **asked)
    assert [each.field for each in refused.value.refusals] == [field]
    assert actor_by_email(INGRID) is None


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (Role.EXAMINATION_BOARD, {"route_code": "XX"}),
        (Role.OBSERVER, {"programme_code": "XX"}),
        (Role.PROJECT_LEADER, {"cohort_code": "XX"}),
    ],
)
def test_a_scope_that_is_not_there_is_not_found(world: Cast, role: Role, asked: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        invite_user(CONSOLE, INGRID, role, **asked)
    assert actor_by_email(INGRID) is None


def test_the_same_form_gives_one_account_and_one_mail(world: Cast) -> None:
    form = SentForm(key="k", content="c")
    asked = ScopeAsked(cohort=world.cohort)
    ids = {invite_by_mail(world.gijs, INGRID, "Ingrid Vos", Role.PROJECT_LEADER, asked, form) for _ in range(2)}
    assert len(ids) == 1
    assert db.session.scalar(select(User.name).where(User.email == INGRID)) == "Ingrid Vos"
    assert db.session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.kind == "invitation")) == 1


def test_only_administrators_give_any_role(world: Cast) -> None:
    for name in ("anja", "bram", "chaima", "dirk", "els", "femke", "hanna", "ilse", "karel", "otto"):
        actor = getattr(world, name)
        assert not may_anywhere(actor, Action.MANAGE_ACCOUNTS)
        with pytest.raises(Forbidden):
            invite_user(actor, INGRID, Role.ADMINISTRATOR)
        with pytest.raises(Forbidden):
            invite_by_mail(actor, INGRID, "", Role.ADMINISTRATOR, ScopeAsked())
    assert actor_by_email(INGRID) is None


def test_roles_are_said_with_where_they_hold(world: Cast) -> None:
    for role, asked in (
        (Role.PROJECT_LEADER, {"cohort_code": "C-1"}),
        (Role.OBSERVER, {"programme_code": "PDG"}),
        (Role.EXAMINATION_BOARD, {"route_code": "AD"}),
        (Role.SUPERVISOR, {}),
    ):
        invite_user(CONSOLE, INGRID, role, **asked)
    session: Any = db.session()
    user_id = session.scalars(select(User.id).where(User.email == INGRID)).one()
    assert [(held.role, held.where) for held in held_by(session, [user_id])[user_id]] == [
        (Role.PROJECT_LEADER, "Groep C-1"),
        (Role.SUPERVISOR, ""),
        (Role.EXAMINATION_BOARD, "Associate Degree"),
        (Role.OBSERVER, "Ander traject"),
    ]
    bram = session.scalars(select(Grant.user_id).where(Grant.participant_id == world.participant_id)).one()
    assert held_by(session, [bram])[bram][0].where == "Groep C-1, C1-01"
