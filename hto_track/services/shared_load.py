"""What an employer sees of those who share with them: the load of the weeks to come, and nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select

from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare, Seen
from hto_track.rules.days import monday_of
from hto_track.services import facts, readings
from hto_track.services.policy import Action, Actor, Subject, may, require_anywhere
from hto_track.services.standings import kept_standings
from hto_track.services.transaction import reading
from hto_track.services.views import MemberStanding

WEEKS_AHEAD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWeek:
    """The study load of one week in minutes, all of it together: its parts would tell what was handed in, and when."""

    monday: date
    study: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPerson:
    """Who shares, the room they have for study (minutes a week), and the full weeks to come.

    No more than this: the present week rests on who was at the lesson, so it is not among them.
    """

    name: str
    room: int
    weeks: tuple[SharedWeek, ...]


def shared_load(actor: Actor, on: date) -> tuple[SharedPerson, ...]:
    """Those who share with the actor at this moment, by name; that it was looked at is noted for them. Forbidden."""
    require_anywhere(actor, Action.VIEW_SHARED_LOAD)
    session = reading()
    rows = session.execute(
        select(Participant.id, Participant.cohort_id)
        .join(EmployerShare, EmployerShare.participant_id == Participant.id)
        .where(EmployerShare.email == actor.email, EmployerShare.ended_at.is_(None), Participant.erased_on.is_(None))
    )
    cohorts: dict[int, set[int]] = {}
    for participant_id, cohort_id in rows:
        subject = Subject(participant_id=participant_id, employers=frozenset({actor.email}))
        if may(actor, Action.VIEW_SHARED_LOAD, subject):
            cohorts.setdefault(cohort_id, set()).add(participant_id)
    people = [
        (member.member.id, _shared(member, on))
        for ground in facts.cohort_grounds(session, cohorts).values()
        for member in kept_standings(session, ground, on).members
        if member.member.id in cohorts[ground.cohort.id]
    ]
    readings.note_participants(actor, Seen.SHARED_LOAD, [participant_id for participant_id, _person in people])
    return tuple(sorted((person for _id, person in people), key=lambda person: person.name))


def _shared(member: MemberStanding, on: date) -> SharedPerson:
    planned = {week.monday: week.study for week in member.standing.load.weeks}
    goes_on = member.standing.span.goes_on
    mondays = [monday_of(on) + timedelta(weeks=ahead) for ahead in range(1, WEEKS_AHEAD + 1)]
    return SharedPerson(
        name=member.member.name,
        room=member.standing.load.capacity,
        weeks=tuple(
            SharedWeek(monday=monday, study=planned.get(monday, Fraction(0)) if goes_on else Fraction(0))
            for monday in mondays
        ),
    )
