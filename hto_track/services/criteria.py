"""What exactly is expected of an assignment, in the words of its teachers: participants read it from the first day."""

import hashlib
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.services import audit, facts, form_answers
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary

LONGEST_CRITERIA = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What is expected of an assignment, in plain text. ``version`` changes with the text: who writes says what they saw."""

    cohort: CohortSummary
    code: str
    title: str
    text: str
    version: str


def assignment_criteria(actor: Actor, cohort_code: str, assignment_code: str) -> Criteria:
    """What is expected, for who writes it down. NotFound, Forbidden."""
    cohort, row = _assignment(reading(), actor, cohort_code, assignment_code)
    return _view(cohort, row)


def write_criteria(
    actor: Actor, cohort_code: str, assignment_code: str, text: str, version: str, form: SentForm | None = None
) -> Criteria:
    """Write down what is expected; line breaks are kept, an empty text is none.

    Refused when it is too long, and when somebody changed it after ``version`` was shown. NotFound, Forbidden.
    """
    with writing() as session:
        cohort, row = _assignment(session, actor, cohort_code, assignment_code)
        if form_answers.answered(session, actor, form) is not None:
            return _view(cohort, row)
        said = plain_text(text)
        if len(said) > LONGEST_CRITERIA:
            raise refuse(_l("Keep it within %(most)s characters.", most=LONGEST_CRITERIA), "criteria")
        if version != _version(row):
            message = _l(
                "Somebody changed this meanwhile. What stands now is shown above the field; your own text is still in it."
            )
            raise refuse(message, "criteria")
        if said != (row.criteria or ""):
            before, row.criteria = row.criteria, said or None
            subject = audit.of_cohort(cohort.code, "assignments", row.code)
            audit.record(
                session, actor, "write_criteria", subject, before={"criteria": before}, after={"criteria": said or None}
            )
        form_answers.remember(session, actor, form, {"criteria": row.id})
        return _view(cohort, row)


def plain_text(text: str) -> str:
    """A text as it was typed, its line breaks all of one kind, without signs that nobody can see."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = ("".join(sign for sign in line if sign.isprintable() or sign == "\t").rstrip() for line in lines)
    return "\n".join(shown).strip("\n")


def _assignment(
    session: Session, actor: Actor, cohort_code: str, assignment_code: str
) -> tuple[CohortSummary, Assignment]:
    cohort = facts.cohort_ground(session, cohort_code).cohort
    require(actor, Action.ASSESS_ATTEMPT, subject_of(cohort))
    row = session.scalars(
        select(Assignment).where(Assignment.cohort_id == cohort.id, Assignment.code == assignment_code)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no assignment {assignment_code} in cohort {cohort_code}")
    return cohort, row


def _view(cohort: CohortSummary, row: Assignment) -> Criteria:
    return Criteria(cohort=cohort, code=row.code, title=row.title, text=row.criteria or "", version=_version(row))


def _version(row: Assignment) -> str:
    return hashlib.sha256((row.criteria or "").encode()).hexdigest()[:16]
