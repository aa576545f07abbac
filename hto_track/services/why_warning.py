"""Why a warning stands: its rule with the programme's settings, its figures now and at each event, what was answered."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from hto_track.models.privacy import Seen
from hto_track.models.warnings import Warning, WarningAnswer, WarningEvent, WarningEventKind
from hto_track.rules.facts import Programme
from hto_track.rules.standing import judge
from hto_track.rules.warnings import Level, alarms
from hto_track.services import facts, open_warnings
from hto_track.services.policy import Action, Actor, may, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import AnswerGiven, CohortSummary, Member, WarningInForce
from hto_track.services.warning_texts import Figures, Titles, titles_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningStep:
    """Something that happened to a warning, the level it had from then on, and the figures it rested on."""

    kind: WarningEventKind
    on: date
    level: Level
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyWarning:
    """A warning, open or closed (``closed_on``), as of ``on``.

    ``holds`` is whether its code holds on that date, and the figures of ``warning`` are then those of the date itself.
    """

    cohort: CohortSummary
    member: Member
    warning: WarningInForce
    closed_on: date | None
    holds: bool
    steps: tuple[WarningStep, ...]
    answers: tuple[AnswerGiven, ...]
    settings: Programme
    titles: Titles
    on: date
    is_own: bool
    may_answer: bool
    may_snooze: bool


def why_warning(actor: Actor, participant_code: str, warning_id: int, on: date) -> WhyWarning:
    """A warning of a participant, with all that it rests on; NotFound for one that is not theirs, Forbidden."""
    session = reading()
    ground = facts.ground_of_participant(session, participant_code)
    known = facts.facts_of_participant(session, ground, participant_code)
    if not known.members:
        raise NotFound(f"There is no participant {participant_code}")
    person = known.members[0]
    subject = subject_of(ground.cohort, participant_id=person.member.id)
    require(actor, Action.VIEW_PARTICIPANT, subject)
    row = session.get(Warning, warning_id)
    if row is None or row.participant_id != person.member.id:
        raise NotFound(f"There is no warning {warning_id} of {participant_code}")
    events = session.scalars(
        select(WarningEvent).where(WarningEvent.warning_id == warning_id).order_by(WarningEvent.on, WarningEvent.id)
    ).all()
    answers = session.scalars(
        select(WarningAnswer).where(WarningAnswer.warning_id == warning_id).order_by(WarningAnswer.id)
    ).all()
    holding = {alarm.code: alarm.figures for alarm in alarms(person.facts, judge(person.facts, on))}
    is_open, holds = row.closed_on is None, row.code in holding
    warning = open_warnings.in_force(row, events, answers[-1] if answers else None)
    why = WhyWarning(
        cohort=ground.cohort,
        member=person.member,
        warning=replace(warning, figures=dict(holding[row.code])) if is_open and holds else warning,
        closed_on=row.closed_on,
        holds=holds,
        steps=tuple(
            WarningStep(kind=event.kind, on=event.on, level=event.level, figures=event.figures) for event in events
        ),
        answers=tuple(map(open_warnings.answer_given, answers)),
        settings=ground.programme,
        titles=titles_of(known.plan.assignments),
        on=on,
        is_own=any(grant.participant_id == person.member.id for grant in actor.grants),
        may_answer=is_open and may(actor, Action.ANSWER_WARNING, subject) and not actor.is_console,
        may_snooze=is_open and may(actor, Action.SNOOZE_WARNING, subject),
    )
    note_reading(actor, Seen.TRAJECT, participant_id=person.member.id)
    return why
