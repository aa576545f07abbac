"""What the demo has of the load as people expected it and look back on it: no figure of anybody changes."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from hto_track.models.load import LoadVerdict, Verdict
from hto_track.models.participants import Participant
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.span import ENDED
from hto_track.services.expectations import store_expectation
from hto_track.services.facts import cohort_ground, facts_of_cohort
from hto_track.services.policy import Action, Actor, require
from hto_track.services.standings import subject_of
from hto_track.services.transaction import writing

SAID: Sequence[tuple[Verdict, str, bool]] = (
    (Verdict.HEAVIER, "Regel je stagedagen voor de zomer, na september zit alles vol.", True),
    (Verdict.AS_EXPECTED, "", False),
    (Verdict.HEAVIER, "Praat in week 1 al met je baas over vrije uren.", True),
    (Verdict.AS_EXPECTED, "Eén vaste avond per week voor de opdrachten werkte voor mij.", True),
    (Verdict.LIGHTER, "Met een dag minder werk is het goed te doen.", True),
    (Verdict.AS_EXPECTED, "", False),
    (Verdict.HEAVIER, "Te veel voor wie ook nog een jong gezin heeft.", False),
    (Verdict.AS_EXPECTED, "Begin aan een opdracht als hij opent, niet als hij bijna af moet.", True),
    (Verdict.HEAVIER, "", False),
    (Verdict.AS_EXPECTED, "", False),
)
"""What those of a finished cohort say, in order of code."""


def add_verdicts(actor: Actor, cohort_code: str) -> None:
    """Let people of a finished cohort say how the load was, a week before the end. NotFound, Forbidden."""
    with writing() as session:
        cohort = cohort_ground(session, cohort_code).cohort
        require(actor, Action.IMPORT_FILES, subject_of(cohort))
        people = session.scalars(
            select(Participant)
            .where(Participant.cohort_id == cohort.id, Participant.status != EnrolmentStatus.WITHDRAWN)
            .order_by(Participant.code)
        )
        for person, (verdict, advice, may_be_shown) in zip(people, SAID, strict=False):
            session.add(
                LoadVerdict(
                    participant_id=person.id,
                    given_on=cohort.end_on - timedelta(weeks=1),
                    verdict=verdict,
                    advice=advice or None,
                    may_be_shown=may_be_shown,
                )
            )


def add_expectations(actor: Actor, cohort_code: str, how_many: int) -> None:
    """Keep what the first people of a cohort were told to expect on the day it began. NotFound, Forbidden."""
    with writing() as session:
        ground = cohort_ground(session, cohort_code)
        require(actor, Action.IMPORT_FILES, subject_of(ground.cohort))
        for person in facts_of_cohort(session, ground).members[:how_many]:
            if person.facts.enrolment.status not in ENDED:
                row = session.get_one(Participant, person.member.id)
                store_expectation(session, row, person.facts, ground.cohort.start_on)
