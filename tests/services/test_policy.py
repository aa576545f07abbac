"""The policy: what it answers, and that lists cost the same however many people are on them.

Who may use which service is the table in ``tests/access``.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.participants import Participant
from hto_track.services import assignment_lists, attendance_lists, diploma_register
from hto_track.services.policy import (
    CONSOLE,
    POLICY,
    Action,
    Actor,
    ActorGrant,
    Subject,
    may,
    may_anywhere,
    require,
    require_anywhere,
)
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import writing
from tests.cast import Cast, settle
from tests.conftest import TODAY

HERE = Subject(
    cohort_id=1,
    participant_id=2,
    college="Maas",
    programme_id=3,
    placement_id=4,
    route_ids=frozenset({5, 6}),
    supervisors=frozenset({"s@example.org"}),
    employers=frozenset({"e@example.org"}),
)
INSIDE: dict[Role, tuple[str, ActorGrant]] = {
    Role.ADMINISTRATOR: ("a@example.org", ActorGrant(role=Role.ADMINISTRATOR)),
    Role.PROJECT_LEADER: ("l@example.org", ActorGrant(role=Role.PROJECT_LEADER, cohort_id=1)),
    Role.COLLEGE: ("t@example.org", ActorGrant(role=Role.COLLEGE, college="Maas")),
    Role.COLLEGE_ADMINISTRATION: ("o@example.org", ActorGrant(role=Role.COLLEGE_ADMINISTRATION, college="Maas")),
    Role.PARTICIPANT: ("p@example.org", ActorGrant(role=Role.PARTICIPANT, participant_id=2)),
    Role.SUPERVISOR: ("s@example.org", ActorGrant(role=Role.SUPERVISOR)),
    Role.EMPLOYER: ("e@example.org", ActorGrant(role=Role.EMPLOYER)),
    Role.EXAMINATION_BOARD: ("b@example.org", ActorGrant(role=Role.EXAMINATION_BOARD, route_id=6)),
    Role.OBSERVER: ("i@example.org", ActorGrant(role=Role.OBSERVER, programme_id=3)),
}
"""Somebody with each role whose scope holds ``HERE``."""
OUTSIDE: dict[Role, tuple[str, ActorGrant]] = {
    Role.PROJECT_LEADER: ("l@example.org", ActorGrant(role=Role.PROJECT_LEADER, cohort_id=9)),
    Role.COLLEGE: ("t@example.org", ActorGrant(role=Role.COLLEGE, college="Eem")),
    Role.COLLEGE_ADMINISTRATION: ("o@example.org", ActorGrant(role=Role.COLLEGE_ADMINISTRATION, college="Eem")),
    Role.PARTICIPANT: ("p@example.org", ActorGrant(role=Role.PARTICIPANT, participant_id=9)),
    Role.SUPERVISOR: ("s@example.org", ActorGrant(role=Role.SUPERVISOR, placement_id=9)),
    Role.EMPLOYER: ("x@example.org", ActorGrant(role=Role.EMPLOYER)),
    Role.EXAMINATION_BOARD: ("b@example.org", ActorGrant(role=Role.EXAMINATION_BOARD, route_id=9)),
    Role.OBSERVER: ("i@example.org", ActorGrant(role=Role.OBSERVER, programme_id=9)),
}
"""The same elsewhere; an administrator is everywhere."""


def somebody(who: tuple[str, ActorGrant]) -> Actor:
    email, grant = who
    return Actor(email=email, name=email, user_id=1, grants=(grant,))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_within_its_scope_a_role_may_what_the_table_says_and_is_told_of_the_rest(action: Action, role: Role) -> None:
    actor = somebody(INSIDE[role])
    assert may(actor, action, HERE) is (role in POLICY[action])
    if role in POLICY[action]:
        require(actor, action, HERE)
        require_anywhere(actor, action)
    else:
        with pytest.raises(Forbidden):
            require(actor, action, HERE)
        with pytest.raises(Forbidden):
            require_anywhere(actor, action)


@pytest.mark.parametrize("role", OUTSIDE)
@pytest.mark.parametrize("action", Action)
def test_outside_its_scope_there_is_nothing_for_any_role(action: Action, role: Role) -> None:
    actor = somebody(OUTSIDE[role])
    assert may(actor, action, HERE) is False
    with pytest.raises(NotFound):
        require(actor, action, HERE)
    assert may_anywhere(actor, action) is (role in POLICY[action])


@pytest.mark.parametrize("role", OUTSIDE)
def test_no_scope_but_an_administrators_holds_what_has_none(role: Role) -> None:
    assert not any(may(somebody(INSIDE[role]), action, Subject()) for action in Action)


def test_a_board_without_a_route_judges_every_route_and_nothing_else() -> None:
    board = somebody(("b@example.org", ActorGrant(role=Role.EXAMINATION_BOARD)))
    assert may(board, Action.DECIDE_EXEMPTION, HERE)
    assert not may(board, Action.DECIDE_EXEMPTION, Subject(cohort_id=1, college="Maas"))


def test_a_supervisor_by_link_is_one_of_that_placement_alone() -> None:
    by_link = somebody(("s@example.org", ActorGrant(role=Role.SUPERVISOR, placement_id=4)))
    assert may(by_link, Action.DECIDE_HOURS, HERE)
    other = Subject(placement_id=7, supervisors=frozenset({"s@example.org"}))
    assert not may(by_link, Action.DECIDE_HOURS, other)


def test_an_employer_is_one_as_long_as_it_is_shared() -> None:
    employer = somebody(INSIDE[Role.EMPLOYER])
    assert may(employer, Action.VIEW_SHARED_LOAD, HERE)
    assert not may(employer, Action.VIEW_SHARED_LOAD, Subject(participant_id=2))


def test_nobody_may_anything_and_the_console_everything() -> None:
    nobody = Actor(email="k@example.org", name="Karel", user_id=1)
    for action in Action:
        assert not may(nobody, action, HERE) and not may_anywhere(nobody, action)
        assert may(CONSOLE, action, HERE) and may_anywhere(CONSOLE, action)


def test_every_action_is_held_by_a_role() -> None:
    assert POLICY.keys() == set(Action)
    assert all(roles and roles <= set(Role) for roles in POLICY.values())


LISTS: dict[str, Callable[[Cast], object]] = {
    "lessons": lambda cast: attendance_lists.cohort_lessons(cast.chaima, cast.cohort, TODAY),
    "attendance": lambda cast: attendance_lists.lesson_attendance(cast.chaima, cast.cohort, 1, TODAY),
    "assignments": lambda cast: assignment_lists.cohort_assignments(cast.chaima, cast.cohort, TODAY),
    "assignment": lambda cast: assignment_lists.assignment_to_assess(cast.chaima, cast.cohort, "A1", TODAY),
    "diplomas": lambda cast: diploma_register.cohort_diplomas(cast.chaima, cast.cohort, TODAY),
}


def _another_ten(cast: Cast) -> None:
    with writing() as session:
        bram = session.scalars(select(Participant).where(Participant.code == cast.participant)).one()
        kept = {column.key: getattr(bram, column.key) for column in Participant.__table__.columns}
        for number in range(10, 20):
            session.add(Participant(**kept | {"id": None, "code": f"C1-{number}", "email": f"p{number}@example.org"}))


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_costs_as_many_queries_for_twelve_as_for_two(
    sqlite_app: object, listed: str, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    cast = settle()
    LISTS[listed](cast)  # that it was looked at is noted once an hour
    db.session.remove()
    with count_queries() as for_two:
        LISTS[listed](cast)
    _another_ten(cast)
    db.session.remove()
    with count_queries() as for_twelve:
        LISTS[listed](cast)
    assert len(for_twelve) == len(for_two) <= 12
