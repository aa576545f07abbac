"""Whom a change of a lesson touches: whose lesson it is, the college that gives it, and who leads the cohort."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.participants import Participant
from hto_track.rules.days import Days
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.span import span_of
from hto_track.services import fact_rows, values
from hto_track.services.facts import CohortGround
from hto_track.services.outbox import is_erased

OF_COLLEGE = (Role.COLLEGE, Role.COLLEGE_ADMINISTRATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Somebody who is told. ``active`` are the dates on which a lesson is theirs; None: every lesson of the cohort."""

    key: str
    """Tells them apart without saying who they are: a participant's code, an account."""
    email: str
    name: str | None
    participant_id: int | None = None
    active: Days | None = None

    def hears_of(self, dates: Iterable[date]) -> bool:
        """Whether a lesson that was or will be on these dates is theirs."""
        return self.active is None or any(day in self.active for day in dates)


def listeners(session: Session, ground: CohortGround, on: date) -> tuple[Listener, ...]:
    """Everybody of a cohort who may be told something on ``on``, each address once, in three queries.

    Not who only applied, has left, or was erased. Who both guides the cohort and takes part hears of every lesson.
    """
    found: dict[str, Listener] = {}
    for listener in (*_colleagues(session, ground), *_participants(session, ground, on)):
        if listener.email and not is_erased(listener.email):
            found.setdefault(listener.email.strip().lower(), listener)
    return tuple(found.values())


def addresses_of(session: Session, refs: Collection[str]) -> dict[str, str]:
    """The addresses of the accounts behind ``Actor.ref``s, in lower case: to leave out who made a change."""
    ids = [int(number) for kind, _, number in (ref.partition("/") for ref in refs) if kind == "user"]
    rows = session.execute(select(User.id, User.email).where(User.id.in_(ids)))
    return {f"user/{user_id}": email.lower() for user_id, email in rows}


def _colleagues(session: Session, ground: CohortGround) -> list[Listener]:
    cohort = ground.cohort
    query = (
        select(User.id, User.email, User.name)
        .join(Grant, Grant.user_id == User.id)
        .where(
            User.erased_at.is_(None),
            or_(
                and_(Grant.role.in_(OF_COLLEGE), Grant.college.is_not(None), Grant.college == cohort.college),
                and_(Grant.role == Role.PROJECT_LEADER, Grant.cohort_id == cohort.id),
            ),
        )
        .distinct()
        .order_by(User.id)
    )
    found = [
        Listener(key=f"{cohort.code}:user/{user_id}", email=email, name=name)
        for user_id, email, name in session.execute(query)
    ]
    if cohort.leader_email:
        found.append(Listener(key=f"{cohort.code}:leader", email=cohort.leader_email, name=None))
    return found


def _participants(session: Session, ground: CohortGround, on: date) -> list[Listener]:
    who = and_(
        Participant.cohort_id == ground.cohort.id,
        Participant.status != EnrolmentStatus.APPLIED,
        Participant.erased_on.is_(None),
    )
    found = []
    for person in fact_rows.participants(session, who):
        enrolment = values.enrolment(person.row, person.pauses.values(), ground.cohort)
        span = span_of(Facts(programme=ground.programme, calendar=ground.calendar, enrolment=enrolment), on)
        if not span.goes_on or span.status in (EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED):
            continue
        found.append(
            Listener(
                key=person.row.code,
                email=person.row.email,
                name=person.row.given_name,
                participant_id=person.row.id,
                active=span.active,
            )
        )
    return found
