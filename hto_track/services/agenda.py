"""The agenda: what concerns a person, and what a cohort does, between two dates."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hto_track.models.accounts import Role
from hto_track.models.privacy import Seen
from hto_track.services import facts
from hto_track.services.agenda_items import AgendaItem, Items, PlacementPeriod, items_of
from hto_track.services.policy import Action, Actor, require, require_anywhere
from hto_track.services.readings import note_participants
from hto_track.services.standings import cohorts_in_reach, subject_of
from hto_track.services.transaction import reading
from hto_track.services.views import CohortSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What there is from ``first`` to ``last``, both included, in order; ``has_earlier`` and ``has_later`` are of what lies
    outside. ``cohort`` is None in one's own agenda.
    """

    first: date
    last: date
    items: tuple[AgendaItem, ...]
    placements: tuple[PlacementPeriod, ...]
    has_earlier: bool
    has_later: bool
    cohort: CohortSummary | None = None


def own_agenda(actor: Actor, first: date, last: date, on: date) -> Agenda:
    """All that concerns ``actor``, as a participant and as staff of the cohorts in their reach, as known ``on``.

    Forbidden for who has no agenda here.
    """
    require_anywhere(actor, Action.VIEW_AGENDA)
    session = reading()
    return _between(actor, own_items(session, actor, on), first, last)


def cohort_agenda(actor: Actor, cohort_code: str, first: date, last: date, on: date) -> Agenda:
    """What a cohort does, for its staff; NotFound or Forbidden as the policy says."""
    session = reading()
    cohort = facts.cohort_ground(session, cohort_code).cohort
    require(actor, Action.VIEW_AGENDA, subject_of(cohort))
    return _between(actor, cohort_items(session, actor, cohort.id, on), first, last, cohort)


def own_items(session: Session, actor: Actor, on: date) -> Items:
    """Everything of ``own_agenda``, whatever its date; for use cases that asked the policy."""
    return items_of(
        session,
        on,
        enrolments=[
            grant.participant_id for grant in actor.grants if grant.role is Role.PARTICIPANT and grant.participant_id
        ],
        cohorts=tuple(cohorts_in_reach(session, actor, Action.VIEW_AGENDA)),
        with_people=tuple(cohorts_in_reach(session, actor, Action.VIEW_PARTICIPANT)),
    )


def cohort_items(session: Session, actor: Actor, cohort_id: int, on: date) -> Items:
    """Everything of ``cohort_agenda``, whatever its date; for use cases that asked the policy."""
    with_people = {cohort_id} & set(cohorts_in_reach(session, actor, Action.VIEW_PARTICIPANT))
    return items_of(session, on, enrolments=(), cohorts=(cohort_id,), with_people=with_people)


def _between(actor: Actor, found: Items, first: date, last: date, cohort: CohortSummary | None = None) -> Agenda:
    shown = tuple(item for item in found.items if first <= item.on <= last)
    note_participants(actor, Seen.DIPLOMA, {item.participant_id for item in shown if item.name and item.participant_id})
    return Agenda(
        first=first,
        last=last,
        items=shown,
        placements=tuple(one for one in found.placements if one.start_on <= last and one.end_on >= first),
        has_earlier=any(item.on < first for item in found.items),
        has_later=any(item.on > last for item in found.items),
        cohort=cohort,
    )
