"""The warnings open on a date, read back from what evaluations did to them (RULES.md section 6)."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hto_track.models.warnings import Warning, WarningEvent, WarningEventKind
from hto_track.rules.warnings import Alarm
from hto_track.services.views import WarningInForce


def by_participant(
    session: Session, participant_ids: Collection[int], on: date
) -> dict[int, tuple[WarningInForce, ...]]:
    """The warnings of these participants that were open on ``on``, by participant, in order of code; one query.

    Level, latest escalation and figures are those of the events up to ``on``: an earlier date never sees a later event.
    """
    query = (
        select(Warning, WarningEvent)
        .join(WarningEvent, WarningEvent.warning_id == Warning.id)
        .where(
            Warning.participant_id.in_(participant_ids),
            Warning.opened_on <= on,
            or_(Warning.closed_on.is_(None), Warning.closed_on > on),
            WarningEvent.on <= on,
        )
        .order_by(Warning.code, Warning.id, WarningEvent.on, WarningEvent.id)
    )
    events: dict[int, list[WarningEvent]] = {}
    rows: dict[int, Warning] = {}
    for warning, event in session.execute(query):
        rows[warning.id] = warning
        events.setdefault(warning.id, []).append(event)
    found: dict[int, tuple[WarningInForce, ...]] = {}
    for warning_id, warning in rows.items():
        found[warning.participant_id] = (
            *found.get(warning.participant_id, ()),
            _in_force(warning, events[warning_id]),
        )
    return found


def with_figures_of_today(warnings: Iterable[WarningInForce], holding: Iterable[Alarm]) -> tuple[WarningInForce, ...]:
    """What is said beside today's judgement must say today's figures; a warning that no longer holds keeps its last ones."""
    figures = {alarm.code: alarm.figures for alarm in holding}
    return tuple(replace(warning, figures=figures.get(warning.code, warning.figures)) for warning in warnings)


def _in_force(warning: Warning, events: list[WarningEvent]) -> WarningInForce:
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
    )
