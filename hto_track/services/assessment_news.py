"""Telling participants that their work was assessed: once a day, at one hour, never what came of it."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.rules.quiet_time import is_working_day
from hto_track.services import mail_texts, values
from hto_track.services.jobs import Slot, claim, sum_up
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.transaction import reading, writing

KIND = "assessed"


def cohorts_with_assessment_news(actor: Actor) -> tuple[str, ...]:
    """The codes of the cohorts in which somebody was assessed and not told yet."""
    require_anywhere(actor, Action.RUN_JOBS)
    query = (
        select(Cohort.code)
        .join(Participant, Participant.cohort_id == Cohort.id)
        .join(Attempt, Attempt.participant_id == Participant.id)
        .where(Attempt.untold_since.is_not(None))
        .distinct()
    )
    return tuple(sorted(reading().scalars(query)))


def queue_assessment_news(actor: Actor, cohort_code: str, on: date, slot: Slot) -> None:
    """Queue a mail to each participant of a cohort who was assessed and not told: all of it in one; once for ``slot``.

    Nothing on Saturdays, Sundays and public holidays: it waits for the next working day. What was taken back meanwhile is
    not there to be told.
    """
    require_anywhere(actor, Action.RUN_JOBS)
    if not is_working_day(on):
        return
    with writing() as session:
        if not claim(session, slot):
            return
        mails = _mails(session, cohort_code, on)
        queue_mails(session, mails)
        sum_up(session, slot, {"mails": len(mails)})


def _mails(session: Session, cohort_code: str, on: date) -> list[Mail]:
    titles: defaultdict[int, list[str]] = defaultdict(list)
    people: dict[int, Participant] = {}
    told: list[int] = []
    query = (
        select(Participant, Attempt.id, Assignment.code, Assignment.title)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Attempt, Attempt.participant_id == Participant.id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Cohort.code == cohort_code, Attempt.untold_since.is_not(None))
        .order_by(Assignment.opens_on, Assignment.due_on, Assignment.id, Attempt.number)
    )
    for row, attempt_id, code, title in session.execute(query):
        people[row.id] = row
        titles[row.id].append(f"{code} {title}")
        told.append(attempt_id)
    session.execute(
        update(Attempt)
        .where(Attempt.id.in_(told))
        .values(untold_since=None)
        .execution_options(synchronize_session=False)
    )
    return [_mail(people[participant_id], found, on) for participant_id, found in titles.items()]


def _mail(row: Participant, titles: list[str], on: date) -> Mail:
    text = mail_texts.assessed(values.member(row), tuple(dict.fromkeys(titles)))
    return Mail(
        kind=KIND,
        subject_key=row.code,
        period=on.isoformat(),
        recipient=row.email,
        subject=text.subject,
        body=text.body,
        participant_id=row.id,
    )
