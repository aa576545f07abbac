"""Which enrolment is someone's own."""

from sqlalchemy import select

from hto_track.models.accounts import Role
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import reading


def own_enrolment(actor: Actor) -> str:
    """The code under which the actor takes part, in the cohort that started last; NotFound for who takes part in none."""
    own = [grant.participant_id for grant in actor.grants if grant.role is Role.PARTICIPANT]
    code = (
        reading()
        .scalars(
            select(Participant.code)
            .join(Cohort, Cohort.id == Participant.cohort_id)
            .where(Participant.id.in_(own))
            .order_by(Cohort.start_on.desc(), Participant.id.desc())
            .limit(1)
        )
        .first()
    )
    if code is None:
        raise NotFound
    return code
