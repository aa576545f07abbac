"""The policy of every service that writes: each role with each of them, as one table in which every cell is decided."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.participants import Participant
from hto_track.rules.facts import AttemptOutcome, Mark
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services import (
    assignment_lists,
    assignments,
    attendance,
    confirmations,
    diploma,
    diploma_register,
    internship,
)
from hto_track.services.policy import CONSOLE, POLICY, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast, settle
from tests.conftest import TODAY

DAY = date(2026, 6, 10)
MAY, FORBIDDEN, NOT_FOUND = "may", "forbidden", "not found"

Use = Callable[[Actor, Cast], object]


def _log(actor: Actor, cast: Cast) -> object:
    visit = internship.Visit(placement_id=cast.placement_id, work=WorkedTime(on=DAY, minutes_given=60))
    return internship.log_hours(actor, cast.participant, visit, TODAY, again=True)


def _change(actor: Actor, cast: Cast) -> object:
    entry = _log(cast.bram, cast)
    visit = internship.Visit(placement_id=cast.placement_id, work=WorkedTime(on=DAY, minutes_given=90))
    return internship.change_hours(actor, cast.participant, entry.id, entry.version, visit, TODAY)  # type: ignore[attr-defined]


def _withdraw(actor: Actor, cast: Cast) -> object:
    entry = _log(cast.bram, cast)
    return internship.withdraw_hours(actor, cast.participant, entry.id, None, TODAY)  # type: ignore[attr-defined]


def _decide(actor: Actor, cast: Cast) -> object:
    entry = _log(cast.bram, cast)
    decision = confirmations.HoursDecision(entry_id=entry.id, version=entry.version)  # type: ignore[attr-defined]
    return confirmations.decide_hours(actor, [decision], TODAY)


def _record(actor: Actor, cast: Cast) -> object:
    change = attendance.MarkChange(participant=cast.participant, seen=None, mark=Mark.PRESENT)
    return attendance.record_marks(actor, cast.cohort, 1, [change], TODAY)


def _assess(actor: Actor, cast: Cast) -> object:
    assessment = assignments.Assessment(attempt=1, outcome=AttemptOutcome.PASSED, assessed_on=TODAY)
    return assignments.assess_attempt(actor, cast.participant, "A1", assessment, TODAY)


def _number_in_force(cast: Cast) -> str:
    in_force = diploma_register.cohort_diplomas(CONSOLE, cast.cohort, TODAY).candidates[0].in_force
    if in_force is not None:
        return in_force.register_number
    by = cast.chaima.email
    return diploma.award_diploma(CONSOLE, cast.cohort, cast.participant, TODAY, by, "Besluit").register_number


def _revoke(actor: Actor, cast: Cast) -> object:
    _number_in_force(cast)
    return diploma.revoke_diploma(actor, cast.cohort, cast.participant, TODAY, actor.email, "Reden")


def _document(actor: Actor, cast: Cast) -> object:
    return diploma_register.issued_document(actor, _number_in_force(cast))


USES: dict[str, Use] = {
    "cohort_lessons": lambda actor, cast: attendance.cohort_lessons(actor, cast.cohort, TODAY),
    "lesson_attendance": lambda actor, cast: attendance.lesson_attendance(actor, cast.cohort, 1, TODAY),
    "record_marks": _record,
    "mark_everyone_present": lambda actor, cast: attendance.mark_everyone_present(actor, cast.cohort, 1, TODAY),
    "hours_of": lambda actor, cast: internship.hours_of(actor, cast.participant, TODAY),
    "log_hours": _log,
    "change_hours": _change,
    "withdraw_hours": _withdraw,
    "hours_to_decide": lambda actor, cast: confirmations.hours_to_decide(actor, TODAY),
    "decide_hours": _decide,
    "cohort_assignments": lambda actor, cast: assignment_lists.cohort_assignments(actor, cast.cohort, TODAY),
    "assignment_to_assess": lambda actor, cast: assignment_lists.assignment_to_assess(actor, cast.cohort, "A1", TODAY),
    "record_submission": lambda actor, cast: assignments.record_submission(actor, cast.participant, "A1", DAY, TODAY),
    "assess_attempt": _assess,
    "exempt_from_assignment": lambda actor, cast: assignments.exempt_from_assignment(
        actor, cast.participant, "A1", "Eerder behaald", TODAY
    ),
    "cohort_diplomas": lambda actor, cast: diploma_register.cohort_diplomas(actor, cast.cohort, TODAY),
    "award_diploma": lambda actor, cast: diploma.award_diploma(
        actor, cast.cohort, cast.participant, TODAY, actor.email, "Besluit"
    ),
    "revoke_diploma": _revoke,
    "issued_document": _document,
}

PEOPLE = ("anja", "bram", "chaima", "dirk", "els", "femke", "otto", "gijs")
"""Leader, participant, college, supervisor, employer, board, an outsider who leads another cohort, administrator."""

Y, F, N = MAY, FORBIDDEN, NOT_FOUND
# Where someone is not of this cohort it is not there for them; where they are but may not, they are told so. A supervisor
# is of the hours of their placement alone; board and administrator are of every cohort.
TABLE: dict[str, tuple[str, ...]] = {
    #                          anja bram chaima dirk els femke otto gijs
    "cohort_lessons":         (Y,   N,   Y,     N,   N,  F,    N,   F),
    "lesson_attendance":      (Y,   N,   Y,     N,   N,  F,    N,   F),
    "record_marks":           (Y,   N,   Y,     N,   N,  F,    N,   F),
    "mark_everyone_present":  (Y,   N,   Y,     N,   N,  F,    N,   F),
    "hours_of":               (Y,   Y,   Y,     N,   N,  F,    N,   Y),
    "log_hours":              (F,   Y,   F,     N,   N,  F,    N,   F),
    "change_hours":           (F,   Y,   F,     N,   N,  F,    N,   F),
    "withdraw_hours":         (F,   Y,   F,     N,   N,  F,    N,   F),
    "hours_to_decide":        (F,   F,   Y,     Y,   F,  F,    F,   F),
    "decide_hours":           (F,   F,   Y,     Y,   N,  F,    N,   F),
    "cohort_assignments":     (F,   N,   Y,     N,   N,  F,    N,   F),
    "assignment_to_assess":   (F,   N,   Y,     N,   N,  F,    N,   F),
    "record_submission":      (F,   F,   Y,     N,   N,  F,    N,   F),
    "assess_attempt":         (F,   F,   Y,     N,   N,  F,    N,   F),
    "exempt_from_assignment": (F,   F,   Y,     N,   N,  F,    N,   F),
    "cohort_diplomas":        (F,   N,   Y,     N,   N,  F,    N,   F),
    "award_diploma":          (F,   F,   Y,     N,   N,  F,    N,   F),
    "revoke_diploma":         (F,   F,   Y,     N,   N,  F,    N,   F),
    "issued_document":        (Y,   Y,   Y,     N,   N,  F,    N,   Y),
}  # fmt: skip


def outcome(use: Use, actor: Actor, cast: Cast) -> str:
    """What comes of it; a refusal on its merits means that it may be tried."""
    try:
        use(actor, cast)
    except Forbidden:
        return FORBIDDEN
    except NotFound:
        return NOT_FOUND
    except Refused:
        return MAY
    return MAY


def test_every_use_and_every_person_has_its_cell() -> None:
    assert set(TABLE) == set(USES)
    assert all(len(row) == len(PEOPLE) for row in TABLE.values())


def test_every_action_names_its_roles() -> None:
    assert all(roles and roles <= set(Role) for roles in POLICY.values())


@pytest.mark.parametrize("use", USES)
def test_each_person_may_what_the_table_says(sqlite_app: object, use: str) -> None:
    cast = settle()
    found = {}
    for who in PEOPLE:
        found[who] = outcome(USES[use], getattr(cast, who), cast)
    assert found == dict(zip(PEOPLE, TABLE[use], strict=True))


LISTS = ("cohort_lessons", "lesson_attendance", "cohort_assignments", "assignment_to_assess", "cohort_diplomas")


def _another_ten(cast: Cast) -> None:
    with writing() as session:
        bram = session.scalars(select(Participant).where(Participant.code == cast.participant)).one()
        kept = {column.key: getattr(bram, column.key) for column in Participant.__table__.columns}
        for number in range(10, 20):
            session.add(Participant(**kept | {"id": None, "code": f"C1-{number}", "email": f"p{number}@example.org"}))


@pytest.mark.parametrize("use", LISTS)
def test_a_list_costs_as_many_queries_for_twelve_as_for_two(
    sqlite_app: object, use: str, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    cast = settle()
    with count_queries() as for_two:
        USES[use](cast.chaima, cast)
    _another_ten(cast)
    db.session.remove()
    with count_queries() as for_twelve:
        USES[use](cast.chaima, cast)
    assert len(for_twelve) == len(for_two) <= 12
