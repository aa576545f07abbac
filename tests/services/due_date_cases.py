"""What tests of moved due dates share: a move as the leader makes it, and a look at what was stored."""

from datetime import date

from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import DueDateChange
from hto_track.rules.due_dates import AssignmentDates
from hto_track.services.due_dates import Move, Moved, move_due_dates, stands, version
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.planning_cases import assignment

WAS = AssignmentDates(opens_on=date(2026, 6, 1), due_on=date(2026, 7, 3))
"""When assignment A1 of the cast opens and is due; today is 14 June."""
NEW_DUE = date(2026, 7, 10)


def due(on: date, opens_on: date = WAS.opens_on) -> AssignmentDates:
    """Dates with another day to hand in."""
    return AssignmentDates(opens_on=opens_on, due_on=on)


def standing() -> AssignmentDates:
    """The dates of A1 as they are stored."""
    return stands(assignment())


def move(
    cast: Cast,
    to: AssignmentDates,
    *,
    by: Actor | None = None,
    seen: str | None = None,
    reason: str | None = None,
    form: SentForm | None = None,
) -> Moved:
    """Anja (or ``by``) moves the dates of A1, having seen what stands unless ``seen`` says otherwise."""
    wanted = Move(to=to, seen=seen or version(standing()), reason=reason)
    return move_due_dates(by or cast.anja, cast.cohort, "A1", wanted, TODAY, form)


def moves() -> list[DueDateChange]:
    """Every move that is kept, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(DueDateChange).order_by(DueDateChange.id)))
