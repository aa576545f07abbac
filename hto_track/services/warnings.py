"""Warnings: evaluating a cohort, what is open on a date, and putting one aside for a while (RULES.md section 6)."""

from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.models.warnings import Warning
from hto_track.services import audit, open_warnings
from hto_track.services.evaluation import (
    EvaluationCounts,
    is_evaluated,
    judge_cohort,
    still_fresh,
    store_and_record,
)
from hto_track.services.facts import cohort_ground
from hto_track.services.jobs import Slot, claim, is_worked, sum_up
from hto_track.services.policy import Action, Actor, Subject, require, require_anywhere
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.standings import cohorts_in_reach, subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import WarningInForce

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningOpen:
    """A warning open on the date it was asked for, with whose it is."""

    cohort: str
    participant: str
    name: str
    warning: WarningInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """A warning put aside until a date, or taken up again (``until`` is None)."""

    participant: str
    until: date | None


def evaluate_cohort(actor: Actor, cohort_code: str, on: date) -> EvaluationCounts:
    """Evaluate the warnings of everyone in a cohort on ``on``: stored with their events, mails queued.

    Changes nothing for whom an evaluation was made on that date or a later one. NotFound, Forbidden.
    """
    session = reading()
    ground = cohort_ground(session, cohort_code)
    require(actor, Action.EVALUATE_WARNINGS, subject_of(ground.cohort))
    if is_evaluated(session, ground.cohort.id, on):
        return EvaluationCounts()
    judged = judge_cohort(session, ground, on)
    with writing() as session:
        return store_and_record(session, actor, still_fresh(session, judged))


def evaluate_cohort_in_slot(actor: Actor, cohort_code: str, on: date, slot: Slot) -> None:
    """The same as a part of the nightly job: claimed, evaluated and written down in one transaction, once for ``slot``."""
    require_anywhere(actor, Action.RUN_JOBS)
    if is_worked(slot):
        return
    session = reading()
    judged = judge_cohort(session, cohort_ground(session, cohort_code), on)
    with writing() as session:
        if claim(session, slot):
            judged = still_fresh(session, judged)
            counts = store_and_record(session, actor, judged)
            sum_up(session, slot, {"participants": len(judged.members), **asdict(counts)})


def cohorts_to_evaluate(actor: Actor) -> tuple[str, ...]:
    """The codes of the cohorts whose warnings ``actor`` may evaluate, in order."""
    require_anywhere(actor, Action.EVALUATE_WARNINGS)
    return tuple(cohorts_in_reach(reading(), actor, Action.EVALUATE_WARNINGS).values())


def warnings_open(actor: Actor, on: date) -> tuple[WarningOpen, ...]:
    """The warnings open on ``on`` in every cohort that ``actor`` may view, by cohort, participant, code."""
    require_anywhere(actor, Action.VIEW_COHORT)
    session = reading()
    return _open(session, cohorts_in_reach(session, actor, Action.VIEW_COHORT), on)


def cohort_warnings_open(actor: Actor, cohort_code: str, on: date) -> tuple[WarningOpen, ...]:
    """The warnings open on ``on`` in one cohort, by participant, code. NotFound, Forbidden."""
    session = reading()
    cohort = cohort_ground(session, cohort_code).cohort
    require(actor, Action.VIEW_COHORT, subject_of(cohort))
    return _open(session, {cohort.id: cohort.code}, on)


def snooze_warning(actor: Actor, warning_id: int, until: date | None, note: str | None) -> Snoozed:
    """Let a warning not count on the board until ``until``, with a note why; without a date it counts again at once.

    Refused for a closed warning, a date that is not after today, a missing or too long note. NotFound, Forbidden.
    """
    today = clock.today()
    with writing() as session:
        row = session.execute(
            select(Warning, Participant.code, Participant.cohort_id, Programme.college)
            .join(Participant, Participant.id == Warning.participant_id)
            .join(Cohort, Cohort.id == Participant.cohort_id)
            .join(Programme, Programme.id == Cohort.programme_id)
            .where(Warning.id == warning_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        warning, participant, cohort_id, college = row
        require(
            actor,
            Action.SNOOZE_WARNING,
            Subject(cohort_id=cohort_id, participant_id=warning.participant_id, college=college),
        )
        note = (note or "").strip() or None
        if warning.closed_on is not None:
            raise refuse(_l("This warning is closed already."))
        if until is not None:
            _check_snooze(until, note, today)
        before = _snooze_of(warning)
        warning.snoozed_until = until
        warning.snooze_note = note if until else None
        subject = audit.of_participant(participant, "warnings", warning.id)
        audit.record(session, actor, "snooze_warning", subject, before=before, after=_snooze_of(warning))
        return Snoozed(participant=participant, until=until)


def _check_snooze(until: date, note: str | None, today: date) -> None:
    if until <= today:
        raise refuse(_l("Choose a date after today."), field="until")
    if note is None:
        raise refuse(_l("Write in a few words why this can wait."), field="note")
    if len(note) > LONGEST_NOTE:
        raise refuse(_l("Keep the note within %(most)d characters.", most=LONGEST_NOTE), field="note")


def _snooze_of(warning: Warning) -> dict[str, str | None]:
    """What the audit trail keeps of it; the note may be about a person, and stays out."""
    return {
        "warning": warning.code.value,
        "until": warning.snoozed_until.isoformat() if warning.snoozed_until else None,
    }


def _open(session: Session, cohorts: dict[int, str], on: date) -> tuple[WarningOpen, ...]:
    people = session.scalars(select(Participant).where(Participant.cohort_id.in_(cohorts))).all()
    warnings = open_warnings.by_participant(session, [person.id for person in people], on)
    found = [
        WarningOpen(cohort=cohorts[person.cohort_id], participant=person.code, name=person.name, warning=warning)
        for person in people
        for warning in warnings.get(person.id, ())
    ]
    return tuple(sorted(found, key=lambda item: (item.cohort, item.participant, item.warning.code.value)))
