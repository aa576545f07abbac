"""Whose rows an import touches: a project leader's own cohorts, nothing that all cohorts share, no decision of others."""

from collections.abc import Callable, Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.programmes import Programme
from hto_track.services.importing.drafts import DECIDED
from hto_track.services.importing.faults import Fault
from hto_track.services.importing.files import Row
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

DECISIONS: dict[str, tuple[Action, Callable[[Row], bool]]] = {
    "attempts": (Action.ASSESS_ATTEMPT, lambda row: row.get("outcome") is not None),
    "internship_hours": (Action.DECIDE_HOURS, lambda row: row.get("state") in DECIDED),
    "final_assessments": (Action.ASSESS_ATTEMPT, lambda row: True),
    "exemptions": (Action.DECIDE_EXEMPTION, lambda row: row.get("decided_on") is not None),
}
"""Rows that record what somebody else decided: who may not decide it by hand does not by file either, nor takes it back.

A cell that could not be read is not in its row: that is a fault already.
"""


def check_scope(session: Session, actor: Actor, parsed: dict[str, ParsedFile], known: Known) -> Iterator[Fault]:
    """The rows that ``actor`` may not bring in; none for an administrator."""
    if may(actor, Action.IMPORT_FILES, INSTALLATION):
        return
    subjects = _subjects(session, known)
    own = {code for code, subject in subjects.items() if may(actor, Action.IMPORT_FILES, subject)}
    for name, file in parsed.items():
        columns = [column.name for column in file.format.columns]
        for draft in known.drafts[name]:
            cohort = draft.values.get("cohort_code", "")
            if name in OF_ALL:
                if draft.is_news(columns):
                    yield file.fault(
                        draft.parsed, file.format.key[-1], _l("what is stored: only an administrator changes this")
                    )
            elif cohort not in own:
                yield file.fault(draft.parsed, STORES[name].scope, _l("a cohort that you lead, or its participants"))
            elif name in DECISIONS:
                action, is_decision = DECISIONS[name]
                is_decided = is_decision(draft.values) or (
                    draft.stored is not None and is_decision(draft.stored.values)
                )
                if is_decided and draft.is_news(columns) and not may(actor, action, subjects[cohort]):
                    yield file.fault(
                        draft.parsed, file.format.key[-1], _l("what is stored: this is decided by somebody else")
                    )


def _subjects(session: Session, known: Known) -> dict[str, Subject]:
    """The cohorts that the rows are of, by code, as the policy asks about them."""
    codes = {key[0] for key in known.rows("cohorts") if key[0] is not None}
    query = (
        select(Cohort.id, Cohort.code, Programme.college)
        .join(Programme, Cohort.programme_id == Programme.id)
        .where(Cohort.code.in_(codes))
    )
    return {code: Subject(cohort_id=id, college=college) for id, code, college in session.execute(query)}
