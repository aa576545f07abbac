"""Whose rows an import touches: a project leader's own cohorts, and nothing that all cohorts share."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.programmes import Programme
from hto_track.services.importing.faults import Fault
from hto_track.services.importing.known import Known
from hto_track.services.importing.parsing import ParsedFile
from hto_track.services.importing.stores import STORES
from hto_track.services.policy import INSTALLATION, Action, Actor, Subject, may

OF_ALL = (
    "programmes",
    "learning_outcomes",
    "checkpoints",
    "routes",
    "route_modules",
    "agreements",
    "school_holidays",
)
"""What all cohorts share."""


def check_scope(session: Session, actor: Actor, parsed: dict[str, ParsedFile], known: Known) -> Iterator[Fault]:
    """The rows that ``actor`` may not bring in; none for an administrator."""
    if may(actor, Action.IMPORT_FILES, INSTALLATION):
        return
    own = _own_cohorts(session, actor, known)
    for name, file in parsed.items():
        for draft in known.drafts[name]:
            if name in OF_ALL:
                if draft.is_news(column.name for column in file.format.columns):
                    yield file.fault(
                        draft.parsed, file.format.key[-1], _l("what is stored: only an administrator changes this")
                    )
            elif draft.values.get("cohort_code", "") not in own:
                yield file.fault(draft.parsed, STORES[name].scope, _l("a cohort that you lead, or its participants"))


def _own_cohorts(session: Session, actor: Actor, known: Known) -> set[str]:
    codes = {key[0] for key in known.rows("cohorts") if key[0] is not None}
    query = (
        select(Cohort.id, Cohort.code, Programme.college)
        .join(Programme, Cohort.programme_id == Programme.id)
        .where(Cohort.code.in_(codes))
    )
    return {
        code
        for id, code, college in session.execute(query)
        if may(actor, Action.IMPORT_FILES, Subject(cohort_id=id, college=college))
    }
