"""Exporting a cohort: the files of FORMATS.md, such that importing them elsewhere gives the same judgements."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hto_track.documents.sheets import OutTable
from hto_track.models.cohorts import Cohort
from hto_track.models.privacy import Seen
from hto_track.models.programmes import Programme
from hto_track.services import policy
from hto_track.services.importing.files import FILES, FileFormat
from hto_track.services.importing.known import rows_where
from hto_track.services.importing.stores import (
    AGREEMENTS,
    COHORTS,
    EXEMPTIONS,
    HOLIDAYS,
    MODULES,
    PARTICIPANTS,
    PROGRAMMES,
    ROUTES,
    STORES,
)
from hto_track.services.policy import Action, Actor, Subject
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import reading


def export_cohort(actor: Actor, cohort_code: str) -> tuple[OutTable, ...]:
    """Every file of FORMATS.md with what is stored of a cohort, its programme, its routes and its region's holidays.

    NotFound when there is no such cohort for ``actor``; Forbidden when they may not export it.
    """
    session = reading()
    query = select(Cohort.id, Cohort.programme_id, Cohort.region, Programme.college)
    found = session.execute(query.join(Programme).where(Cohort.code == cohort_code)).one_or_none()
    if found is None:
        raise NotFound(_l("There is no cohort %(code)s", code=cohort_code))
    policy.require(actor, Action.EXPORT_COHORT, Subject(cohort_id=found.id, college=found.college))
    by_scope: dict[str, ColumnElement[bool]] = {
        "programme_code": PROGRAMMES.c.id == found.programme_id,
        "cohort_code": COHORTS.c.id == found.id,
        "participant_code": PARTICIPANTS.c.cohort_id == found.id,
        "school_year": HOLIDAYS.c.region == found.region,
        "route_code": _is_route_of(found.id, found.programme_id),
    }
    tables = tuple(_table(session, format, by_scope[STORES[format.name].scope]) for format in FILES)
    note_reading(actor, Seen.FILES, cohort_id=found.id)
    return tables


def _is_route_of(cohort_id: int, programme_id: int) -> ColumnElement[bool]:
    """The routes that the programme has an agreement with, and those that a participant has an exemption for."""
    agreed = (
        select(MODULES.c.route_id)
        .select_from(AGREEMENTS.join(MODULES))
        .where(AGREEMENTS.c.programme_id == programme_id)
        .correlate(None)
    )
    exempted = (
        select(MODULES.c.route_id)
        .select_from(EXEMPTIONS.join(MODULES).join(PARTICIPANTS, EXEMPTIONS.c.participant_id == PARTICIPANTS.c.id))
        .where(PARTICIPANTS.c.cohort_id == cohort_id)
        .correlate(None)
    )
    return or_(ROUTES.c.id.in_(agreed), ROUTES.c.id.in_(exempted))


def _table(session: Session, format: FileFormat, condition: ColumnElement[bool]) -> OutTable:
    return OutTable(
        name=format.name,
        columns=tuple(column.name for column in format.columns),
        rows=[
            tuple([column.kind.cell(row.values[column.name]) for column in format.columns])
            for row in rows_where(session, format.name, condition)
        ],
    )
