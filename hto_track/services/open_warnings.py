"""The warnings open on a date, read back from what evaluations did to them (RULES.md section 6)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from hto_track.models.warnings import Warning, WarningAnswer, WarningEvent, WarningEventKind
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.warnings import Alarm
from hto_track.services.views import AnswerGiven, WarningInForce


def by_participant(
    session: Session, participant_ids: Collection[int], on: date
) -> dict[int, tuple[WarningInForce, ...]]:
    """The warnings of these participants that were open on ``on``, by participant, in order of code; one query.

    Level, latest escalation, figures and answer are those up to ``on``: an earlier date never sees a later event.
    """
    given = aliased(WarningAnswer)
    latest_answer = (
        select(func.max(given.id))
        .where(given.warning_id == Warning.id, given.answered_at < _end_of(on))
        .correlate(Warning)
        .scalar_subquery()
    )
    query = (
        select(Warning, WarningEvent, WarningAnswer)
        .join(WarningEvent, WarningEvent.warning_id == Warning.id)
        .outerjoin(WarningAnswer, WarningAnswer.id == latest_answer)
        .where(
            Warning.participant_id.in_(participant_ids),
            Warning.opened_on <= on,
            or_(Warning.closed_on.is_(None), Warning.closed_on > on),
            WarningEvent.on <= on,
        )
        .order_by(Warning.code, Warning.id, WarningEvent.on, WarningEvent.id)
    )
    events: dict[int, list[WarningEvent]] = {}
    rows: dict[int, tuple[Warning, WarningAnswer | None]] = {}
    for warning, event, answer in session.execute(query):
        rows[warning.id] = (warning, answer)
        events.setdefault(warning.id, []).append(event)
    found: dict[int, tuple[WarningInForce, ...]] = {}
    for warning_id, (warning, answer) in rows.items():
        found[warning.participant_id] = (
            *found.get(warning.participant_id, ()),
            in_force(warning, events[warning_id], answer),
        )
    return found


def with_figures_of_today(warnings: Iterable[WarningInForce], holding: Iterable[Alarm]) -> tuple[WarningInForce, ...]:
    """What is said beside today's judgement must say today's figures; a warning that no longer holds keeps its last ones."""
    figures = {alarm.code: alarm.figures for alarm in holding}
    return tuple(replace(warning, figures=figures.get(warning.code, warning.figures)) for warning in warnings)


def in_force(warning: Warning, events: Sequence[WarningEvent], answer: WarningAnswer | None) -> WarningInForce:
    """A warning as its ``events`` left it, which are not none, in their order; ``answer`` is the latest given."""
    escalations = [event.on for event in events if event.kind is WarningEventKind.ESCALATED]
    return WarningInForce(
        id=warning.id,
        code=warning.code,
        level=events[-1].level,
        opened_on=warning.opened_on,
        escalated_on=escalations[-1] if escalations else None,
        figures=events[-1].figures,
        snoozed_until=warning.snoozed_until,
        snooze_note=warning.snooze_note,
        answer=answer_given(answer) if answer else None,
    )


def answer_given(row: WarningAnswer) -> AnswerGiven:
    """An answer, from its row."""
    return AnswerGiven(id=row.id, kind=row.kind, note=row.note, answered_at=row.answered_at)


def _end_of(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(0), AMSTERDAM)
