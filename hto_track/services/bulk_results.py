"""Results in bulk: a pasted table is judged cell by cell, and stored whole or not at all (RULES.md section 2).

Two shapes: a row a participant and a column an assignment, or a row a result, with columns that say of what. Each cell is
checked and stored by what checks and stores a single result; here is only what a table adds to that: whose row it is, which
assignment it is of, what word means which outcome, and that what stands already is left as it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.documents.pasted_table import PastedRow, PastedTable, tidy
from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.facts import AttemptOutcome
from hto_track.services import assignments, facts, form_answers
from hto_track.services.assessment_changes import undo_done
from hto_track.services.assignments import DONE_BY_FORM, Assessment, Work
from hto_track.services.bulk_tables import (
    CellState,
    NotStored,
    People,
    Preview,
    PreviewCell,
    PreviewColumn,
    PreviewRow,
    Somebody,
    Stored,
    who_columns,
    whose,
)
from hto_track.services.bulk_words import PARTS, RESULTS, Part, Result
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import Refusal, Refused
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary
from hto_track.typed import parse_date

SeenResults = Mapping[tuple[str, str], str]
"""The versions of what a preview showed, by participant and assignment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsGrid:
    """The results of a cohort: its people in order of code, each with a result or none for each of the assignments."""

    cohort: CohortSummary
    assignments: tuple[str, ...]
    """By code."""
    rows: tuple[tuple[str, str, tuple[Result | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Cohort:
    """What is known of a cohort in the transaction that loaded it: its people, and everyone's work for its assignments."""

    ground: CohortGround
    people: tuple[Somebody, ...]
    assignments: dict[str, Assignment]
    works: dict[tuple[str, str], Work]


@dataclass(frozen=True, slots=True)
class _Column:
    """A pasted column: results of an assignment, or what says of which one or of what day they are."""

    at: int
    shown: PreviewColumn
    part: Part
    assignment: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A result that a cell asks for: of an attempt that is to be assessed, or handed in."""

    work: Work
    result: Result
    day: date


def results_grid(actor: Actor, cohort_code: str) -> ResultsGrid:
    """The results of a cohort to take home; NotFound or Forbidden as the policy says."""
    known = _load(reading(), actor, cohort_code)
    grid = ResultsGrid(
        cohort=known.ground.cohort,
        assignments=tuple(known.assignments),
        rows=tuple(
            (person.code, person.name, tuple(_stands(known.works[person.code, code]) for code in known.assignments))
            for person in known.people
        ),
    )
    note_reading(actor, Seen.FILES, cohort_id=known.ground.cohort.id)
    return grid


def preview_results(
    actor: Actor, cohort_code: str, table: PastedTable, assignment_code: str | None, on: date
) -> tuple[Preview, SeenResults]:
    """What a table would do to the results of a cohort, and the versions of what it shows; nothing is stored.

    ``assignment_code`` is the assignment of a result beside which none is named. NotFound or Forbidden as the policy says.
    """
    known = _load(reading(), actor, cohort_code)
    preview, seen, _ = _judged(known, table, assignment_code, None, on)
    note_reading(actor, Seen.ASSIGNMENTS, cohort_id=known.ground.cohort.id)
    return preview, seen


def store_results(
    actor: Actor,
    cohort_code: str,
    table: PastedTable,
    assignment_code: str | None,
    seen: SeenResults,
    on: date,
    form: SentForm | None = None,
) -> Stored:
    """Store a table whole, as it was previewed with the versions ``seen``.

    NotStored, with nothing stored, when any cell is wrong, when somebody changed one of those results meanwhile, and when
    there is nothing to store.
    """
    with writing() as session:
        known = _load(session, actor, cohort_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return Stored(new=earlier["new"], changed=earlier["changed"])
        preview, stands, asked = _judged(known, table, assignment_code, seen, on)
        if not preview.can_be_stored:
            raise NotStored(preview, stands)
        done = [_store(session, actor, one, on) for one in asked]
        stored = Stored(new=preview.count(CellState.NEW), changed=preview.count(CellState.CHANGED))
        answer = {"new": stored.new, "changed": stored.changed, "bulk_results": done}
        form_answers.remember(session, actor, form, answer)
        return stored


def undo_bulk_results(actor: Actor, cohort_code: str, form_key: str) -> Stored:
    """Take back what the actor's own table ``form_key`` stored; what somebody changed since, or went on from, stays.

    NotFound when there is no such table.
    """
    answer = form_answers.answer_to(actor, form_key, "bulk_results")
    undone = kept = 0
    with writing() as session:
        _ground(session, actor, cohort_code)
        for done in reversed(answer["bulk_results"]):
            try:
                undone += undo_done(session, actor, done).attempt is not None or done["created"]
            except Refused:
                kept += 1
    return Stored(changed=undone, kept=kept)


def _ground(session: Session, actor: Actor, cohort_code: str) -> CohortGround:
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.ASSESS_ATTEMPT, subject_of(ground.cohort))
    return ground


def _load(session: Session, actor: Actor, cohort_code: str) -> _Cohort:
    """In four queries, whatever the cohort's size."""
    ground = _ground(session, actor, cohort_code)
    enrolled = session.scalars(select(Participant).where(Participant.cohort_id == ground.cohort.id))
    people = sorted(enrolled, key=lambda person: person.code)
    of_cohort = session.scalars(
        select(Assignment)
        .where(Assignment.cohort_id == ground.cohort.id)
        .order_by(Assignment.opens_on, Assignment.due_on, Assignment.id)
    ).all()
    rows: defaultdict[tuple[int, int], list[Attempt]] = defaultdict(list)
    for row in session.scalars(
        select(Attempt)
        .where(Attempt.assignment_id.in_([assignment.id for assignment in of_cohort]))
        .order_by(Attempt.number)
    ):
        rows[row.participant_id, row.assignment_id].append(row)
    return _Cohort(
        ground=ground,
        people=tuple(Somebody(person.id, person.code, person.name, person.email) for person in people),
        assignments={assignment.code: assignment for assignment in of_cohort},
        works={
            (person.code, assignment.code): Work(
                person.id, person.code, ground, assignment, tuple(rows[person.id, assignment.id])
            )
            for person in people
            for assignment in of_cohort
        },
    )


def _stands(work: Work) -> Result | None:
    """What the last attempt came to; an exemption where there is one."""
    if any(row.outcome is AttemptOutcome.EXEMPT for row in work.rows):
        return Result.EXEMPT
    if not work.real:
        return None
    outcome = work.real[-1].outcome
    return Result(outcome) if outcome else Result.SUBMITTED


def _version(work: Work) -> str:
    """What changes whenever somebody changes anything of someone's work for an assignment."""
    return "".join(assignments.attempt_version(row) for row in work.rows[-1:])


def _judged(
    known: _Cohort, table: PastedTable, assignment_code: str | None, seen: SeenResults | None, on: date
) -> tuple[Preview, SeenResults, list[_Asked]]:
    """The preview of a table, the versions it shows, and what it asks for; ``seen`` once it was previewed."""
    cohort = known.ground.cohort
    if not table.rows:
        return Preview(cohort=cohort), {}, []
    people = People(known.people)
    who, has_header = who_columns(table.rows[0], people)
    if not who:
        sentence = _l("No column says who a row is about. Put “code” or “name” above it.")
        return Preview(cohort=cohort, sentence=sentence), {}, []
    columns = list(_columns(known, table, who, has_header, assignment_code))
    of_row = next((column for column in columns if column.part is Part.ASSIGNMENT), None)

    def of_what(row: PastedRow) -> str:
        return (_assignment_of(known, row.cells[of_row.at]) or row.cells[of_row.at]) if of_row else ""

    pasted = whose(table.rows[1:] if has_header else table.rows, who, people, of_what)
    judging = _Judging(known, seen, on, columns)
    rows = tuple(replace(row, cells=tuple(judging.cells(row, cells))) for cells, row in pasted)
    preview = Preview(cohort=cohort, columns=tuple(column.shown for column in columns), rows=rows)
    if not any(column.part is Part.RESULT or column.shown.sentence for column in columns):
        preview = replace(preview, sentence=_l("There is no column with results beside the names."))
    return preview, judging.versions, judging.asked


def _columns(
    known: _Cohort, table: PastedTable, who: Sequence[int], has_header: bool, assignment_code: str | None
) -> Iterator[_Column]:
    """The columns beside those of who it is about, those without anything in them left out."""
    header = table.rows[0].cells if has_header else ("outcome",) * len(table.rows[0].cells)
    names_assignment = any(PARTS.get(title.casefold()) is Part.ASSIGNMENT for title in header)
    taken: set[Part | str] = set()
    for at, title in enumerate(header):
        if at in who or not any(row.cells[at] for row in table.rows):
            continue
        part, assignment = _part_of(known, title)
        sentence: Any = None
        if part is Part.RESULT and assignment is None and not names_assignment:
            assignment = assignment_code if assignment_code in known.assignments else None
            if assignment is None:
                part, sentence = Part.UNKNOWN, _l("Put the code of the assignment above this column.")
        elif part is Part.UNKNOWN:
            sentence = _l("This cohort has no such assignment. Put the code of one above this column, or leave it out.")
        if part is not Part.UNKNOWN and (assignment or part) in taken:
            part, assignment, sentence = Part.UNKNOWN, None, _l("There are two columns of this.")
        taken.add(assignment or part)
        meant = assignment and f"{assignment} {known.assignments[assignment].title}"
        shown = PreviewColumn(title=title if has_header else "", meant=meant, sentence=sentence)
        yield _Column(at, shown, part, assignment)


def _part_of(known: _Cohort, title: str) -> tuple[Part, str | None]:
    """What a header says its column holds, with the assignment that it names: by code, by title, or by both."""
    said = title.casefold()
    if said in PARTS:
        return PARTS[said], None
    named = _assignment_of(known, title)
    return (Part.RESULT, named) if named else (Part.UNKNOWN, None)


def _assignment_of(known: _Cohort, text: str) -> str | None:
    said = text.casefold()
    named = [
        code
        for code, assignment in known.assignments.items()
        if said in {tidy(name).casefold() for name in (code, assignment.title, f"{code} {assignment.title}")}
    ]
    return named[0] if len(named) == 1 else None


class _Judging:
    """Going through the cells of a table, gathering what they ask for."""

    def __init__(self, known: _Cohort, seen: SeenResults | None, on: date, columns: Sequence[_Column]) -> None:
        self._known, self._seen, self._on, self._columns = known, seen, on, columns
        self.versions: dict[tuple[str, str], str] = {}
        self.asked: list[_Asked] = []

    def cells(self, row: PreviewRow, pasted: PastedRow) -> Iterator[PreviewCell]:
        """The cells of a row, judged where it is known whose they are."""
        plain = {column: PreviewCell(text=pasted.cells[column.at]) for column in self._columns}
        if row.code is None or row.sentence is not None:
            yield from plain.values()
            return
        day, day_cell = self._day(plain)
        named = next((plain[column].text for column in self._columns if column.part is Part.ASSIGNMENT), "")
        assignment = _assignment_of(self._known, named) if named else None
        for column, cell in plain.items():
            if column.part is Part.DATE and day_cell is not None:
                yield day_cell
            elif column.part is Part.ASSIGNMENT and assignment is None:
                yield replace(cell, state=CellState.WRONG, sentence=_l("This cohort has no such assignment."))
            elif column.part is Part.RESULT and cell.text and (code := column.assignment or assignment):
                yield self._cell(cell, self._known.works[row.code, code], day)
            else:
                yield cell

    def _day(self, plain: Mapping[_Column, PreviewCell]) -> tuple[date | None, PreviewCell | None]:
        """The day that a row names, or what is wrong with its cell."""
        cell = next((cell for column, cell in plain.items() if column.part is Part.DATE and cell.text), None)
        if cell is None:
            return None, None
        day = parse_date(cell.text.partition(" 00:00")[0], self._on)
        if day is None:
            return None, replace(cell, state=CellState.WRONG, sentence=_l("Fill in a date like 17-11-2026"))
        return day, None

    def _cell(self, cell: PreviewCell, work: Work, day: date | None) -> PreviewCell:
        result = RESULTS.get(cell.text.casefold())
        if result is None:
            sentence = _l("Use passed, not passed or handed in, or leave it empty.")
            return replace(cell, state=CellState.WRONG, sentence=sentence)
        key, stands = (work.participant_code, work.assignment.code), _stands(work)
        if key in self.versions:
            return replace(cell, state=CellState.WRONG, sentence=_l("There are two columns of this."))
        self.versions[key] = _version(work)
        cell = replace(cell, was=stands, becomes=result)
        if _is_the_same(work, result, day):
            return replace(cell, state=CellState.SAME)
        asked = _Asked(work, result, day or self._on)
        refusal = next(iter(_refusals(asked, self._on)), None)
        if refusal is not None:
            return replace(cell, state=CellState.WRONG, sentence=refusal.message)
        if self._seen is not None and self._seen.get(key) != self.versions[key]:
            return replace(cell, state=CellState.MEANWHILE)
        self.asked.append(asked)
        return replace(cell, state=CellState.NEW if stands is None else CellState.CHANGED)


def _is_the_same(work: Work, result: Result, day: date | None) -> bool:
    """Whether a result stands already. One that failed again is another attempt only with a later day beside it."""
    if _stands(work) is not result:
        return False
    if result is not Result.FAILED or day is None:
        return True
    last = work.real[-1].assessed_on
    return last is not None and day <= last


def _refusals(asked: _Asked, on: date) -> Iterator[Refusal]:
    """Why a result cannot be stored: what refuses a single one, and an exemption, which asks for a reason."""
    if asked.result is Result.EXEMPT:
        yield Refusal(message=_l("An exemption asks for a reason: give it on the page of the person’s own work."))
    elif asked.result is Result.SUBMITTED:
        yield from assignments.submission_refusals(asked.work, asked.day, on)
    else:
        yield from assignments.assessment_refusals(asked.work, _assessment(asked), on)


def _assessment(asked: _Asked) -> Assessment:
    real = asked.work.real
    waits = bool(real) and real[-1].outcome is None
    return Assessment(
        attempt=len(real) if waits else len(real) + 1,
        outcome=AttemptOutcome(asked.result),
        assessed_on=asked.day,
    )


def _store(session: Session, actor: Actor, asked: _Asked, on: date) -> dict[str, Any]:
    """Store a result as a single one is; what an answer keeps of it, to undo it."""
    work = asked.work
    if asked.result is Result.SUBMITTED:
        row, is_new = assignments.submit(session, actor, work, asked.day, on), True
    else:
        assessment = _assessment(asked)
        is_new = work.find(assessment.attempt) is None
        row = assignments.assess(session, actor, work, assessment, on)
    done: dict[str, Any] = assignments.done_by_form(work, row, created=is_new)[DONE_BY_FORM]
    return done
