"""What employers hear on Monday of those who share their load with them: that a week has become too full, and nothing else.

Only when an overload began or grew in the week before and still stands, at most once a week, and only while it is shared: who
stops sharing takes back what waits (sharing.py).
"""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare
from hto_track.models.warnings import Warning, WarningEvent, WarningEventKind
from hto_track.rules.coming_weeks import coming_weeks
from hto_track.rules.warnings import WarningCode
from hto_track.services import audit, warning_mail_texts
from hto_track.services.evaluation import JudgedMember, judge_cohort
from hto_track.services.facts import cohort_ground
from hto_track.services.jobs import Slot, claim, is_worked, sum_up
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.transaction import reading, writing

KIND = "shared_overload"
OF_LOAD = (WarningCode.OVERLOAD, WarningCode.SUSTAINED_LOAD)
NEWS = (WarningEventKind.OPENED, WarningEventKind.ESCALATED)
A_WEEK = timedelta(weeks=1)


def cohorts_that_share(actor: Actor) -> tuple[str, ...]:
    """The codes of the cohorts in which somebody shares their load at this moment."""
    require_anywhere(actor, Action.RUN_JOBS)
    query = (
        select(Cohort.code)
        .join(Participant, Participant.cohort_id == Cohort.id)
        .join(EmployerShare, EmployerShare.participant_id == Participant.id)
        .where(EmployerShare.ended_at.is_(None), Participant.erased_on.is_(None))
        .distinct()
    )
    return tuple(sorted(reading().scalars(query)))


def queue_employer_news(actor: Actor, cohort_code: str, on: date, slot: Slot) -> None:
    """Queue a mail to each employer of somebody whose load became too full in the week before ``on``; once for ``slot``."""
    require_anywhere(actor, Action.RUN_JOBS)
    if is_worked(slot):
        return
    session = reading()
    ground = cohort_ground(session, cohort_code)
    touched = _overloaded(session, ground.cohort.id, on)
    people = judge_cohort(session, ground, on).members if touched else ()
    by_id = {person.member.id: person for person in people if person.member.id in touched}
    with writing() as session:
        if not claim(session, slot):
            return
        mails = [
            mail
            for share in _shares(session, by_id)
            if (mail := _mail(share, by_id[share.participant_id], on)) is not None
        ]
        queue_mails(session, mails)
        sum_up(session, slot, {"mails": len(mails)})


def subject_key(participant_code: str, share_id: int) -> str:
    """What the mails of one share are known by."""
    return audit.of_participant(participant_code, "share", share_id)


def _overloaded(session: Session, cohort_id: int, on: date) -> set[int]:
    """Who has an open warning of their load that began or grew in the week before ``on``."""
    query = (
        select(Warning.participant_id)
        .join(WarningEvent, WarningEvent.warning_id == Warning.id)
        .join(Participant, Participant.id == Warning.participant_id)
        .where(
            Participant.cohort_id == cohort_id,
            Warning.code.in_(OF_LOAD),
            Warning.closed_on.is_(None),
            WarningEvent.kind.in_(NEWS),
            WarningEvent.on > on - A_WEEK,
            WarningEvent.on <= on,
        )
    )
    return set(session.scalars(query))


def _shares(session: Session, participant_ids: Collection[int]) -> list[EmployerShare]:
    """What these participants share at this moment."""
    query = select(EmployerShare).where(
        EmployerShare.participant_id.in_(participant_ids), EmployerShare.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(EmployerShare.id)))


def _mail(share: EmployerShare, person: JudgedMember, on: date) -> Mail | None:
    """The mail about the heaviest week to come; none where no whole week to come is above the room."""
    load, member = person.standing.load, person.member
    week = coming_weeks(load, on).heaviest
    if week is None or not load.is_above_room(week):
        return None
    text = warning_mail_texts.shared_overload(member.name, member.given_name, week, load.capacity)
    return Mail(
        kind=KIND,
        subject_key=subject_key(member.code, share.id),
        period=on.isoformat(),
        recipient=share.email,
        subject=text.subject,
        body=text.body,
        participant_id=member.id,
    )
