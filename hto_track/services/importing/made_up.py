"""One evening counts once: who made up another lesson at it is not marked there by a file (RULES.md section 1)."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson, MakeUp
from hto_track.models.participants import Participant
from hto_track.rules.attendance import ATTENDED
from hto_track.rules.facts import Mark
from hto_track.services.importing.faults import Fault
from hto_track.services.importing.known import CODES_AT_ONCE, Draft, Key, Known
from hto_track.services.importing.parsing import ParsedFile

OF_ITSELF = ATTENDED - {Mark.MADE_UP}
"""Marks that say somebody was at a lesson for that lesson itself."""


def check_served(session: Session, parsed: dict[str, ParsedFile], known: Known) -> Iterator[Fault]:
    """The marks that would count an evening a second time; not where the file takes back what it made up."""
    asked: dict[Key, Draft] = {}
    for draft in known.drafts.get("attendance", ()):
        if draft.values.get("mark") in OF_ITSELF and draft.is_news(("mark",)):
            asked[tuple(map(draft.values.get, ("cohort_code", "lesson_no", "participant_code")))] = draft
    marks = known.rows("attendance")
    for key, missed in _served(session, {code for _, _, code in asked}):
        if key in asked and marks.get(missed, {}).get("mark") is Mark.MADE_UP:
            expected = _l("a mark of who was not there: lesson %(number)s was made up here, and one evening counts once",
                          number=missed[1])  # fmt: skip
            yield parsed["attendance"].fault(asked[key].parsed, "mark", expected)


def _served(session: Session, codes: set[str]) -> Iterator[tuple[Key, Key]]:
    """The lessons at which these participants made up another one, each with that other one, as keys of the file."""
    at, missed = aliased(Lesson), aliased(Lesson)
    at_cohort, missed_cohort = aliased(Cohort), aliased(Cohort)
    query = (
        select(at_cohort.code, at.number, Participant.code, missed_cohort.code, missed.number)
        .select_from(MakeUp)
        .join(Participant, Participant.id == MakeUp.participant_id)
        .join(at, at.id == MakeUp.at_lesson_id)
        .join(at_cohort, at_cohort.id == at.cohort_id)
        .join(missed, missed.id == MakeUp.lesson_id)
        .join(missed_cohort, missed_cohort.id == missed.cohort_id)
    )
    ordered = sorted(codes)
    for start in range(0, len(ordered), CODES_AT_ONCE):
        some = query.where(Participant.code.in_(ordered[start : start + CODES_AT_ONCE]))
        for at_code, number, code, missed_code, missed_number in session.execute(some):
            yield (at_code, number, code), (missed_code, missed_number, code)
