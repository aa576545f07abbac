"""Who has access to a cohort, and who has not come in yet.

Whoever is given a role stands there by address alone until they have come in: else any address that is typed would tell
whether it has an account, and whose. Administrators, who know every account, see all.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.internship import Placement
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.span import ENDED
from hto_track.services import facts
from hto_track.services.inviting import can_be_address, has_come_in, is_known_to, name_for
from hto_track.services.policy import Action, Actor, may, require
from hto_track.services.readings import note_reading
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import CohortStandings, CohortSummary


class Presence(Enum):
    """How far somebody is on the way in."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    IN = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of a cohort, with an account or still without one.

    ``key`` names them in forms. ``details`` are a participant's code, or a supervisor's schools. ``address`` is the one
    that the cohort has for them, ``email`` the one they sign in with; they differ when one was corrected and the other not.
    ``is_expected`` of who should come in: not those who left, nor supervisors, who can do without an account.
    """

    key: str
    role: Role
    name: str
    email: str
    address: str
    details: tuple[str, ...] = ()
    participant_id: int | None = None
    user_id: int | None = None
    grant_id: int | None = None
    invited_at: datetime | None = None
    first_signed_in_at: datetime | None = None
    last_signed_in_at: datetime | None = None
    has_come_in: bool = False
    is_expected: bool = True

    @property
    def presence(self) -> Presence:
        """Signed in since they have the role, invited but not so far, or neither."""
        if self.has_come_in:
            return Presence.IN
        return Presence.INVITED if self.grant_id is not None and self.invited_at is not None else Presence.NOT_INVITED

    @property
    def has_other_address(self) -> bool:
        """Whether they sign in with another address than the cohort has for them."""
        return self.user_id is not None and self.email != self.address

    @property
    def can_be_invited(self) -> bool:
        """Whether a mail can go to them, and would let the right person in."""
        return self.presence is not Presence.IN and not self.has_other_address and can_be_address(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessList:
    """Everyone of a cohort: leaders, participants, the college's people, supervisors; in each by name."""

    cohort: CohortSummary
    people: tuple[Person, ...]

    @property
    def not_invited(self) -> tuple[Person, ...]:
        """Who should come in and was never invited, as far as they can be."""
        return tuple(
            person
            for person in self.people
            if person.is_expected and person.presence is Presence.NOT_INVITED and person.can_be_invited
        )

    @property
    def leaders(self) -> tuple[Person, ...]:
        """Who leads the cohort, with an account."""
        return tuple(
            person for person in self.people if person.role is Role.PROJECT_LEADER and person.grant_id is not None
        )


def cohort_access(actor: Actor, cohort_code: str) -> AccessList:
    """Everyone of a cohort, and how far they are on the way in; NotFound or Forbidden as the policy says."""
    access = access_list(reading(), actor, cohort_code)
    note_reading(actor, Seen.COHORT, cohort_id=access.cohort.id)
    return access


def access_list(session: Session, actor: Actor, cohort_code: str) -> AccessList:
    """The same in the transaction of a use case that changes it."""
    cohort = facts.cohort_ground(session, cohort_code).cohort
    require(actor, Action.INVITE_TO_COHORT, subject_of(cohort))
    people = (
        *_leaders(session, actor, cohort),
        *_participants(session, actor, cohort),
        *_college(session, actor, cohort),
        *_supervisors(session, actor, cohort),
    )
    return AccessList(cohort=cohort, people=people)


def count_not_in(actor: Actor, standings: CohortStandings) -> int:
    """How many participants of a cohort have not come in yet, of those who should; 0 for who does not invite there.

    In no query at all: it is known with the standings.
    """
    if not may(actor, Action.INVITE_TO_COHORT, subject_of(standings.cohort)):
        return 0
    return sum(member.not_in_yet for member in standings.members)


def _leaders(session: Session, actor: Actor, cohort: CohortSummary) -> tuple[Person, ...]:
    query = (
        select(User, Grant)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.PROJECT_LEADER, Grant.cohort_id == cohort.id, User.erased_at.is_(None))
    )
    found = [_with_account(actor, user, grant) for user, grant in session.execute(query)]
    address = (cohort.leader_email or "").strip().lower()
    if address and address not in {person.email for person in found}:
        key = f"{Role.PROJECT_LEADER}-0"
        found.append(Person(key=key, role=Role.PROJECT_LEADER, name=address, email=address, address=address))
    return _by_name(found)


def _college(session: Session, actor: Actor, cohort: CohortSummary) -> tuple[Person, ...]:
    if cohort.college is None:
        return ()
    query = (
        select(User, Grant)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.role.in_((Role.COLLEGE, Role.COLLEGE_ADMINISTRATION)),
            Grant.college == cohort.college,
            User.erased_at.is_(None),
        )
    )
    return _by_name([_with_account(actor, user, grant) for user, grant in session.execute(query)])


def _participants(session: Session, actor: Actor, cohort: CohortSummary) -> tuple[Person, ...]:
    query = (
        select(Participant, User, Grant)
        .outerjoin(Grant, and_(Grant.participant_id == Participant.id, Grant.role == Role.PARTICIPANT))
        .outerjoin(User, User.id == Grant.user_id)
        .where(Participant.cohort_id == cohort.id, Participant.erased_on.is_(None))
        .order_by(Participant.code, Grant.id)
    )
    return _by_name([_taking_part(actor, *row) for row in session.execute(query)])


def key_of_participant(participant_id: int) -> str:
    """What names a participant in forms about access."""
    return f"{Role.PARTICIPANT}-{participant_id}"


def _taking_part(actor: Actor, row: Participant, user: User | None, grant: Grant | None) -> Person:
    address = row.email.strip().lower()
    return Person(
        key=key_of_participant(row.id),
        role=Role.PARTICIPANT,
        name=row.name,
        email=user.email if user else address,
        address=address,
        details=(row.code,),
        participant_id=row.id,
        is_expected=row.status not in ENDED,
        **_moments(actor, user, grant),
    )


def _supervisors(session: Session, actor: Actor, cohort: CohortSummary) -> tuple[Person, ...]:
    """Each address once, with the schools, under its first placement."""
    query = (
        select(Placement, User, Grant)
        .join(Participant, Participant.id == Placement.participant_id)
        .outerjoin(User, and_(User.email == func.lower(Placement.supervisor_email), User.erased_at.is_(None)))
        .outerjoin(Grant, and_(Grant.user_id == User.id, Grant.role == Role.SUPERVISOR))
        .where(
            Participant.cohort_id == cohort.id,
            Participant.erased_on.is_(None),
            Placement.supervisor_email.is_not(None),
        )
        .order_by(Placement.id)
    )
    found: dict[str, Person] = {}
    schools: dict[str, list[str]] = {}
    for placement, user, grant in session.execute(query):
        address = placement.supervisor_email.strip().lower()
        seen = schools.setdefault(address, [])
        if placement.school not in seen:
            seen.append(placement.school)
        found.setdefault(
            address,
            Person(
                key=f"{Role.SUPERVISOR}-{placement.id}",
                role=Role.SUPERVISOR,
                name=placement.supervisor_name or address,
                email=address,
                address=address,
                is_expected=False,
                **_moments(actor, user, grant),
            ),
        )
    return _by_name([replace(person, details=tuple(schools[address])) for address, person in found.items()])


def _with_account(actor: Actor, user: User, grant: Grant) -> Person:
    return Person(
        key=f"{grant.role}-{grant.id}",  # the number of the account would tell how old it is
        role=grant.role,
        name=name_for(user, grant, actor),
        email=user.email,
        address=user.email,
        **_moments(actor, user, grant),
    )


def _moments(actor: Actor, user: User | None, grant: Grant | None) -> dict[str, Any]:
    if user is None or grant is None:
        return {}
    is_known = is_known_to(user, grant, actor)
    return {
        "user_id": user.id,
        "grant_id": grant.id,
        "invited_at": user.invited_at,
        "first_signed_in_at": user.first_signed_in_at if is_known else None,
        "last_signed_in_at": user.last_signed_in_at if is_known else None,
        "has_come_in": user.id == actor.user_id or has_come_in(user, grant),
    }


def _by_name(people: list[Person]) -> tuple[Person, ...]:
    return tuple(sorted(people, key=lambda person: (person.name.casefold(), person.key)))
