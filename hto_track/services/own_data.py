"""Everything that is held on a participant, for that participant (AVG article 15 and 20)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Role
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.services.own_data_sections import SECTIONS, Whose
from hto_track.services.policy import Action, Actor, Subject, require, require_anywhere
from hto_track.services.references import people_of
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the export, by the table it is of; ``columns`` are in the order in which they are read."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """All of it. ``people`` are the names behind ``user/7`` and ``supervisor/12/3f9a…``, as far as there is one."""

    name: str
    made_at: datetime
    sections: tuple[Section, ...]
    people: dict[str, str]


def own_data(actor: Actor) -> OwnData:
    """Everything held on the participant that ``actor`` is, in a constant number of queries. NotFound, Forbidden."""
    require_anywhere(actor, Action.TAKE_OWN_DATA)
    session = reading()
    whose = _whose(session, actor)
    sections = [_section(session, name, query(whose)) for name, query in SECTIONS.items()]
    return OwnData(
        name=actor.name,
        made_at=clock.now(),
        sections=tuple(sections),
        people=_people(session, sections),
    )


def _whose(session: Session, actor: Actor) -> Whose:
    own = [grant.participant_id for grant in actor.grants if grant.role is Role.PARTICIPANT]
    query = (
        select(Participant, Programme.college, Cohort.programme_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Participant.id.in_(own))
        .order_by(Cohort.start_on, Participant.id)
    )
    rows = []
    for row, college, programme_id in session.execute(query):
        subject = Subject(cohort_id=row.cohort_id, participant_id=row.id, college=college, programme_id=programme_id)
        require(actor, Action.TAKE_OWN_DATA, subject)
        rows.append(row)
    if not rows:
        raise NotFound
    return Whose(
        ids=tuple(row.id for row in rows),
        codes=tuple(row.code for row in rows),
        cohort_ids=tuple(row.cohort_id for row in rows),
        names=tuple(dict.fromkeys(row.name for row in rows)),
        addresses=tuple(dict.fromkeys([actor.email.lower(), *(row.email.lower() for row in rows)])),
        user_id=actor.user_id,
    )


def _section(session: Session, name: str, query: Select[Any]) -> Section:
    result = session.execute(query)
    columns = tuple(result.keys())
    return Section(name=name, columns=columns, rows=tuple(dict(zip(columns, row, strict=True)) for row in result))


def _people(session: Session, sections: Collection[Section]) -> dict[str, str]:
    refs = {
        str(row[column])
        for section in sections
        for column in ("reader", "actor")
        if column in section.columns
        for row in section.rows
    }
    return {ref: someone.name for ref, someone in people_of(session, refs).items()}
