"""Attendance in bulk: a pasted table is judged cell by cell, and stored whole or not at all (RULES.md section 1).

Each cell is checked and stored by what checks and stores a single mark; here is only what a table adds to that: whose row it
is, which lesson a column is of, what word means which mark, and how many lessons its cells make up together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track.documents.pasted_table import PastedRow, PastedTable
from hto_track.models.privacy import Seen
from hto_track.rules.facts import Mark
from hto_track.services import form_answers
from hto_track.services.attendance import MarkChange, answered_marks, as_answer, record_changes, refusal_of, way_back
from hto_track.services.attendance_lists import LessonList, ground_to_record, load_lists
from hto_track.services.bulk_tables import (
    CellState,
    NotStored,
    People,
    Preview,
    PreviewCell,
    PreviewRow,
    Somebody,
    Stored,
    who_columns,
    whose,
)
from hto_track.services.bulk_words import MARKS
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.lesson_columns import LessonColumn, lesson_columns
from hto_track.services.mark_memory import Memory, memory_column, memory_text, remembered
from hto_track.services.policy import Actor
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, LessonPlan

SeenMarks = Mapping[tuple[str, int], Mark | None]
"""The marks that a preview showed, by participant and lesson."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceGrid:
    """The marks of a cohort: its people in order of code, each with a mark or none for each of the lessons.

    ``memories`` say the same once more, for the list to know what was changed in it when it comes back.
    """

    cohort: CohortSummary
    lessons: tuple[LessonPlan, ...]
    rows: tuple[tuple[str, str, tuple[Mark | None, ...]], ...]
    memories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cohort:
    """What is known of a cohort in the transaction that loaded it: its people, and the lists by number of the lesson."""

    ground: CohortGround
    people: tuple[Somebody, ...]
    lists: dict[int, LessonList]

    @property
    def plans(self) -> tuple[LessonPlan, ...]:
        """The lessons, in order of date."""
        return tuple(listed.plan for listed in self.lists.values())

    def mark(self, code: str, number: int) -> Mark | None:
        """What stands."""
        row = self.lists[number].rows.get(code)
        return row.mark if row else None


def attendance_grid(actor: Actor, cohort_code: str, lesson_number: int | None, on: date) -> AttendanceGrid:
    """The marks of a cohort to take home, of one lesson or of all; NotFound or Forbidden as the policy says."""
    session = reading()
    known = _load(session, actor, cohort_code, on)
    lessons = tuple(plan for plan in known.plans if not plan.cancelled and lesson_number in (None, plan.number))
    rows = tuple(
        (person.code, person.name, tuple(known.mark(person.code, plan.number) for plan in lessons))
        for person in known.people
    )
    numbers = [plan.number for plan in lessons]
    note_reading(actor, Seen.FILES, cohort_id=known.ground.cohort.id)
    return AttendanceGrid(
        cohort=known.ground.cohort,
        lessons=lessons,
        rows=rows,
        memories=tuple(memory_text(code, zip(numbers, marks, strict=True)) for code, _, marks in rows),
    )


def preview_marks(
    actor: Actor, cohort_code: str, table: PastedTable, lesson_number: int | None, on: date
) -> tuple[Preview, SeenMarks]:
    """What a table would do to the attendance of a cohort, and the marks that it shows; nothing is stored.

    ``lesson_number`` is the lesson of a column that names none. NotFound or Forbidden as the policy says.
    """
    known = _load(reading(), actor, cohort_code, on)
    judged = _judged(known, table, lesson_number, None, frozenset(), on)
    note_reading(actor, Seen.ATTENDANCE, cohort_id=known.ground.cohort.id)
    return judged.preview, judged.seen


def store_marks(
    actor: Actor,
    cohort_code: str,
    table: PastedTable,
    lesson_number: int | None,
    seen: SeenMarks,
    on: date,
    form: SentForm | None = None,
    chosen: Collection[str] = frozenset(),
) -> Stored:
    """Store a table whole, as it was previewed with the marks ``seen``; of the cells that it asked, those ``chosen``.

    NotStored, with nothing stored, when any cell is wrong, when somebody changed one of those marks meanwhile into
    something else, or one that was chosen, and when there is nothing to store.
    """
    with writing() as session:
        known = _load(session, actor, cohort_code, on)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return Stored(new=earlier["new"], changed=earlier["changed"])
        judged = _judged(known, table, lesson_number, seen, chosen, on)
        preview = judged.preview
        if not preview.can_be_stored or preview.chosen < len(set(chosen)):
            raise NotStored(preview, judged.seen)
        stored = Stored(new=preview.count(CellState.NEW), changed=preview.count(CellState.CHANGED) + preview.chosen)
        done = _record(session, actor, known, judged.changes, on)
        answer = {"new": stored.new, "changed": stored.changed, "bulk_marks": done}
        form_answers.remember(session, actor, form, answer)
        return stored


def undo_bulk_marks(actor: Actor, cohort_code: str, form_key: str, on: date) -> Stored:
    """Give back the marks from before the actor's own table ``form_key``; those that somebody changed since stay.

    NotFound when there is no such table. Refused as a single mark that is given back.
    """
    answer = form_answers.answer_to(actor, form_key, "bulk_marks")
    back = [
        (number, way_back(change))
        for number, recorded in answer["bulk_marks"]
        for change in answered_marks(recorded).changes
    ]
    with writing() as session:
        undone = _record(session, actor, _load(session, actor, cohort_code, on), back, on)
    changed = sum(len(recorded["changes"]) for _, recorded in undone)
    return Stored(changed=changed, kept=len(back) - changed)


def _load(session: Session, actor: Actor, cohort_code: str, on: date) -> _Cohort:
    ground = ground_to_record(session, actor, cohort_code)
    loaded = load_lists(session, ground, on)
    return _Cohort(
        ground=ground,
        people=tuple(Somebody(row.id, row.code, row.name, row.email) for row in loaded.people),
        lists=loaded.lists,
    )


def _record(
    session: Session, actor: Actor, known: _Cohort, changes: Sequence[tuple[int, MarkChange]], on: date
) -> list[tuple[int, dict[str, Any]]]:
    """Store marks lesson by lesson in their order, each as a single form does; what an answer keeps of that."""
    by_lesson: defaultdict[int, list[MarkChange]] = defaultdict(list)
    for number, change in changes:
        if change.seen != change.mark:
            by_lesson[number].append(change)
    lists = _with_make_ups(known, changes)
    done = []
    for number, own in by_lesson.items():
        if number not in lists:
            raise NotFound(f"There is no lesson {number} in cohort {known.ground.cohort.code}")
        recorded = record_changes(session, actor, known.ground, lists[number], own, on)
        done.append((number, as_answer(recorded)))
    return done


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell with a mark that can be read: whose, of which lesson, what stood when it was taken along, if it knows."""

    code: str
    number: int
    mark: Mark
    stands: Mark | None
    memory: Memory
    is_chosen: bool

    @property
    def kept(self) -> CellState | None:
        """Why what stands is kept; None where the cell says what is to be stored."""
        was = self.memory.get(self.number, self.stands)
        if was == self.stands or self.mark == self.stands:
            return None
        return CellState.NEWER if self.mark == was else CellState.ASKED

    @property
    def change(self) -> tuple[int, MarkChange]:
        """What storing it does."""
        return self.number, MarkChange(participant=self.code, seen=self.stands, mark=self.mark)

    @property
    def choice(self) -> str:
        """By which it is chosen: among all cells of one table."""
        return f"{self.number} {self.code}"


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a table would do: its preview, the changes, by lesson in their order, and the marks that the preview shows."""

    preview: Preview
    changes: list[tuple[int, MarkChange]]
    seen: SeenMarks


def _judged(
    known: _Cohort,
    table: PastedTable,
    lesson_number: int | None,
    seen: SeenMarks | None,
    chosen: Collection[str],
    on: date,
) -> _Judged:
    """What a table would do; ``seen`` once it was previewed, with what was ``chosen`` then."""
    cohort = known.ground.cohort
    if not table.rows:
        return _Judged(Preview(cohort=cohort), [], {})
    people = People(known.people)
    who, has_header = who_columns(table.rows[0], people)
    if not who:
        return _Judged(Preview(cohort=cohort, sentence=_no_people()), [], {})
    memory_at = memory_column(table.rows)
    beside = {*who, *([] if memory_at is None else [memory_at])}
    columns = list(lesson_columns(known.plans, table, beside, has_header, lesson_number))
    pasted = whose(table.rows[1:] if has_header else table.rows, who, people, lambda _row: "")
    read = {
        (cells.line, column.at): cell
        for cells, row in pasted
        for column in columns
        if (cell := _read(known, row, column, cells, memory_at, seen, chosen)) is not None
    }
    asked = _asked(known, read.values())
    lists = _with_make_ups(known, asked)
    judged = [
        replace(
            row,
            cells=tuple(
                _cell(read.get((cells.line, column.at)), cells.cells[column.at], row, column, lists, seen, on)
                for column in columns
            ),
        )
        for cells, row in pasted
    ]
    preview = Preview(cohort=cohort, columns=tuple(column.shown for column in columns), rows=tuple(judged))
    if not any(column.lesson for column in columns) and not any(column.shown.sentence for column in columns):
        preview = replace(preview, sentence=_l("There is no column with marks beside the names."))
    return _Judged(preview, asked, {(cell.code, cell.number): cell.stands for cell in read.values()})


def _no_people() -> Any:
    return _l("No column says who a row is about. Put “code” or “name” above it.")


def _read(
    known: _Cohort,
    row: PreviewRow,
    column: LessonColumn,
    cells: PastedRow,
    memory_at: int | None,
    seen: SeenMarks | None,
    chosen: Collection[str],
) -> _Cell | None:
    """The mark in a cell; None where there is none, or nobody knows whose or of which lesson."""
    mark = MARKS.get(cells.cells[column.at].casefold())
    if mark is None or column.lesson is None or row.code is None or row.sentence is not None:
        return None
    number = column.lesson.number
    stands = known.mark(row.code, number)
    memory = remembered(cells.cells[memory_at], row.code) if memory_at is not None else {}
    cell = _Cell(row.code, number, mark, stands, memory, is_chosen=False)
    is_as_seen = seen is not None and seen.get((row.code, number)) == stands
    return replace(cell, is_chosen=cell.kept is CellState.ASKED and is_as_seen and cell.choice in chosen)


def _asked(known: _Cohort, read: Iterable[_Cell]) -> list[tuple[int, MarkChange]]:
    """Every mark that would be stored, by lesson in their order, with what stands as seen."""
    order = {plan.number: at for at, plan in enumerate(known.plans)}
    asked = [cell.change for cell in read if cell.kept is None or cell.is_chosen]
    return sorted(asked, key=lambda one: order[one[0]])


def _with_make_ups(known: _Cohort, asked: Sequence[tuple[int, MarkChange]]) -> dict[int, LessonList]:
    """The lists, each row with how many lessons it may still make up when the other marks of the table are stored."""
    made_up: defaultdict[str, set[int]] = defaultdict(set)
    for number, listed in known.lists.items():
        for code, row in listed.rows.items():
            if row.mark is Mark.MADE_UP:
                made_up[code].add(number)
    for number, change in asked:
        if change.mark is not Mark.MADE_UP:
            made_up[change.participant].discard(number)
    lists = {number: replace(listed, rows=dict(listed.rows)) for number, listed in known.lists.items()}
    for number, change in asked:
        held = lists[number].rows.get(change.participant) if number in lists else None
        if held is None or change.mark is not Mark.MADE_UP:
            continue
        others = made_up[change.participant] - {number}
        left = max(0, known.ground.programme.make_up_limit - len(others))
        lists[number].rows[change.participant] = replace(held, make_ups_left=left)
        if left:
            made_up[change.participant].add(number)
    return lists


def _cell(
    read: _Cell | None,
    text: str,
    row: PreviewRow,
    column: LessonColumn,
    lists: Mapping[int, LessonList],
    seen: SeenMarks | None,
    on: date,
) -> PreviewCell:
    if read is None:
        is_known = column.lesson is not None and row.code is not None and row.sentence is None
        if not text or not is_known:
            return PreviewCell(text=text)
        return PreviewCell(text=text, state=CellState.WRONG, sentence=_unknown_word())
    number, change = read.change
    shown = PreviewCell(text=text, was=read.stands, becomes=read.mark)
    if read.kept is CellState.NEWER:
        return replace(shown, state=CellState.NEWER)
    refusal = refusal_of(change, lists[number], on)
    if refusal is not None and read.stands != read.mark:
        return PreviewCell(text=text, state=CellState.WRONG, sentence=refusal.message)
    if read.stands == read.mark:
        return replace(shown, state=CellState.SAME)
    if read.kept is CellState.ASKED:
        return replace(shown, state=CellState.ASKED, choice=read.choice, is_chosen=read.is_chosen)
    if seen is not None and seen.get((read.code, number)) != read.stands:
        return replace(shown, state=CellState.MEANWHILE)
    return replace(shown, state=CellState.NEW if read.stands is None else CellState.CHANGED)


def _unknown_word() -> Any:
    return _l("Use present, late, excused, absent or made up, or leave it empty.")
