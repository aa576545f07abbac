"""Requests for room as values: what was asked, where it stands, and what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.models.load import LoadRequest, RequestKind, RequestState
from hto_track.models.participants import Participant
from hto_track.services.own_plan import Planner

SHOWN_FOR = timedelta(days=60)
"""As long as an answer stands on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request: of an assignment until ``asked_due_on``, or of ``minutes`` free from the job in the week of ``monday``."""

    id: int
    participant_id: int
    participant: str
    name: str
    given_name: str
    kind: RequestKind
    state: RequestState
    code: str | None
    title: str | None
    asked_due_on: date | None
    monday: date | None
    minutes: int | None
    note: str | None
    asked_at: datetime
    decided_at: datetime | None
    answer: str | None


def requests_of(session: Session, who: Planner, on: date) -> tuple[RequestView, ...]:
    """What a participant asked, the latest first: what is not answered, and what was answered lately; one query."""
    query = _rows().where(LoadRequest.participant_id == who.participant_id).order_by(LoadRequest.id.desc())
    since = on - SHOWN_FOR
    return tuple(
        view
        for view in _views(session, query)
        if view.state is RequestState.ASKED
        or (view.state is not RequestState.WITHDRAWN and view.decided_at and view.decided_at.date() >= since)
    )


def requests_in(session: Session, cohort_ids: Iterable[int]) -> dict[int, tuple[RequestView, ...]]:
    """What the people of these cohorts asked and did not take back, by cohort, the oldest first; one query."""
    query = (
        _rows()
        .add_columns(Participant.cohort_id)
        .where(Participant.cohort_id.in_(list(cohort_ids)), LoadRequest.state != RequestState.WITHDRAWN)
        .order_by(LoadRequest.asked_at, LoadRequest.id)
    )
    found: dict[int, list[RequestView]] = {}
    for row, person, code, title, cohort_id in session.execute(query):
        found.setdefault(cohort_id, []).append(view_of(row, person, code, title))
    return {cohort_id: tuple(views) for cohort_id, views in found.items()}


def view_of(row: LoadRequest, person: Participant, code: str | None, title: str | None) -> RequestView:
    """A row as a value."""
    return RequestView(
        id=row.id,
        participant_id=person.id,
        participant=person.code,
        name=person.name,
        given_name=person.given_name,
        kind=row.kind,
        state=row.state,
        code=code,
        title=title,
        asked_due_on=row.asked_due_on,
        monday=row.monday,
        minutes=row.minutes,
        note=row.note,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        answer=row.answer,
    )


def request_row(session: Session, request_id: int) -> tuple[LoadRequest, Participant, str | None, str | None] | None:
    """A request with whose it is, and the code and title of its assignment; None when there is none."""
    found = session.execute(_rows().where(LoadRequest.id == request_id)).one_or_none()
    return None if found is None else (found[0], found[1], found[2], found[3])


def _rows() -> Select[tuple[LoadRequest, Participant, str, str]]:
    return (
        select(LoadRequest, Participant, Assignment.code, Assignment.title)
        .join(Participant, Participant.id == LoadRequest.participant_id)
        .outerjoin(Assignment, Assignment.id == LoadRequest.assignment_id)
    )


def _views(session: Session, query: Select[tuple[LoadRequest, Participant, str, str]]) -> Iterable[RequestView]:
    return (view_of(*row) for row in session.execute(query))
