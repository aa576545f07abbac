"""Attendance in bulk: a pasted table is judged cell by cell, and stored whole or not at all (RULES.md section 1).

Each cell is checked and stored by what checks and stores a single mark; here is only what a table adds to that: whose row it
is, which lesson a column is of, what word means which mark, and how many lessons its cells make up together.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track import formats
from hto_track.documents.pasted_table import PastedRow, PastedTable, tidy
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
    PreviewColumn,
    PreviewRow,
    Somebody,
    Stored,
    who_columns,
    whose,
)
from hto_track.services.bulk_words import MARK_HEADERS, MARKS
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, LessonPlan
from hto_track.typed import parse_date

SeenMarks = Mapping[tuple[str, int], Mark | None]
"""The marks that a preview showed, by participant and lesson."""

_LESSON = re.compile(
    r"(?:(?:les|lesson|avond|evening|bijeenkomst|l) ?#?|#)(?P<named>\d{1,4})(?![-/.]?\d)(?:\W.*)?|(?P<bare>\d{1,4})(?:\.0)?"
)
"""``les 3``, ``lesson 3 · 09-06-2026``, ``#3``, ``3``; but ``9-6`` is a date."""
_MIDNIGHT_OR_TIME = re.compile(r"[ t]\d{1,2}[:.]\d{2}.*$")
_WEEKDAY = re.compile(r"^(?:ma|di|wo|do|vr|za|zo|mon?|tue?|wed?|thu?|fri?|sat?|sun?)[a-z]*\.?,? (?=\d)")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
SERIAL_DAY_0 = date(1899, 12, 30)
"""From which spreadsheets count their days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceGrid:
    """The marks of a cohort: its people in order of code, each with a mark or none for each of the lessons."""

    cohort: CohortSummary
    lessons: tuple[LessonPlan, ...]
    rows: tuple[tuple[str, str, tuple[Mark | None, ...]], ...]


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


@dataclass(frozen=True, slots=True)
class _Column:
    """A pasted column: of a lesson, or of nothing that is known."""

    at: int
    shown: PreviewColumn
    lesson: LessonPlan | None = None


def attendance_grid(actor: Actor, cohort_code: str, lesson_number: int | None, on: date) -> AttendanceGrid:
    """The marks of a cohort to take home, of one lesson or of all; NotFound or Forbidden as the policy says."""
    session = reading()
    known = _load(session, actor, cohort_code, on)
    lessons = tuple(plan for plan in known.plans if not plan.cancelled and lesson_number in (None, plan.number))
    rows = tuple(
        (person.code, person.name, tuple(known.mark(person.code, plan.number) for plan in lessons))
        for person in known.people
    )
    note_reading(actor, Seen.FILES, cohort_id=known.ground.cohort.id)
    return AttendanceGrid(cohort=known.ground.cohort, lessons=lessons, rows=rows)


def preview_marks(
    actor: Actor, cohort_code: str, table: PastedTable, lesson_number: int | None, on: date
) -> tuple[Preview, SeenMarks]:
    """What a table would do to the attendance of a cohort, and the marks that it shows; nothing is stored.

    ``lesson_number`` is the lesson of a column that names none. NotFound or Forbidden as the policy says.
    """
    known = _load(reading(), actor, cohort_code, on)
    preview, changes = _judged(known, table, lesson_number, None, on)
    note_reading(actor, Seen.ATTENDANCE, cohort_id=known.ground.cohort.id)
    return preview, _seen(changes)


def store_marks(
    actor: Actor,
    cohort_code: str,
    table: PastedTable,
    lesson_number: int | None,
    seen: SeenMarks,
    on: date,
    form: SentForm | None = None,
) -> Stored:
    """Store a table whole, as it was previewed with the marks ``seen``.

    NotStored, with nothing stored, when any cell is wrong, when somebody changed one of those marks meanwhile into
    something else, and when there is nothing to store.
    """
    with writing() as session:
        known = _load(session, actor, cohort_code, on)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return Stored(new=earlier["new"], changed=earlier["changed"])
        preview, changes = _judged(known, table, lesson_number, seen, on)
        if not preview.can_be_stored:
            raise NotStored(preview, _seen(changes))
        stored = Stored(new=preview.count(CellState.NEW), changed=preview.count(CellState.CHANGED))
        done = _record(session, actor, known, changes, on)
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


def _judged(
    known: _Cohort, table: PastedTable, lesson_number: int | None, seen: SeenMarks | None, on: date
) -> tuple[Preview, list[tuple[int, MarkChange]]]:
    """The preview of a table, and every mark in it that can be read, by lesson; ``seen`` once it was previewed."""
    cohort = known.ground.cohort
    if not table.rows:
        return Preview(cohort=cohort), []
    people = People(known.people)
    who, has_header = who_columns(table.rows[0], people)
    if not who:
        return Preview(cohort=cohort, sentence=_no_people()), []
    columns = list(_columns(known, table, who, has_header, lesson_number))
    pasted = whose(table.rows[1:] if has_header else table.rows, who, people, lambda _row: "")
    asked = _asked(known, columns, pasted)
    lists = _with_make_ups(known, asked)
    judged = [
        replace(row, cells=tuple(_cell(known, lists, row, column, cells, seen, on) for column in columns))
        for cells, row in pasted
    ]
    preview = Preview(cohort=cohort, columns=tuple(column.shown for column in columns), rows=tuple(judged))
    if not any(column.lesson for column in columns) and not any(column.shown.sentence for column in columns):
        preview = replace(preview, sentence=_l("There is no column with marks beside the names."))
    return preview, asked


def _no_people() -> Any:
    return _l("No column says who a row is about. Put “code” or “name” above it.")


def _columns(
    known: _Cohort, table: PastedTable, who: Sequence[int], has_header: bool, lesson_number: int | None
) -> Iterator[_Column]:
    """The columns beside those of who it is about, those without anything in them left out."""
    header = table.rows[0].cells if has_header else ("",) * len(table.rows[0].cells)
    taken: dict[int, str] = {}
    for at, title in enumerate(header):
        if at in who or not any(row.cells[at] for row in table.rows):
            continue
        lesson, sentence = _lesson_of(known, title, None if has_header and not title else lesson_number)
        if lesson is not None and lesson.number in taken:
            sentence = _l("Lesson %(number)s has two columns.", number=lesson.number)
            lesson = None
        if lesson is not None:
            taken[lesson.number] = title
        meant = lesson and _l("Lesson %(number)s · %(day)s", number=lesson.number, day=formats.day(lesson.on))
        yield _Column(at, PreviewColumn(title=title, meant=meant, sentence=sentence), lesson)


def _lesson_of(known: _Cohort, title: str, lesson_number: int | None) -> tuple[LessonPlan | None, Any]:
    """The lesson that a header means: by number, by date, by title, or the one that was chosen."""
    said = title.casefold()
    plans = known.plans
    if not said or said in MARK_HEADERS:
        chosen = [plan for plan in plans if plan.number == lesson_number]
        return (
            (chosen[0], None) if chosen else (None, _l("Put the number or the date of the lesson above this column."))
        )
    if match := _LESSON.fullmatch(said):
        found = [plan for plan in plans if plan.number == int(match["named"] or match["bare"])]
    else:
        found = _lessons_on(plans, said) or [plan for plan in plans if tidy(plan.title or "").casefold() == said]
    if len(found) == 1:
        return found[0], None
    if found:
        return None, _l("There are more lessons like this. Use the number of the lesson.")
    return None, _l(
        "This cohort has no such lesson. Put the number or the date of a lesson above this column, or leave it out."
    )


def _lessons_on(plans: Sequence[LessonPlan], said: str) -> list[LessonPlan]:
    """The lessons of a date, written in any way; a date without a year is of the year of the lesson."""
    if match := _SERIAL.fullmatch(said):
        serial = SERIAL_DAY_0 + timedelta(days=int(match[1]))
        return [plan for plan in plans if plan.on == serial]
    day = _WEEKDAY.sub("", _MIDNIGHT_OR_TIME.sub("", said))
    return [plan for plan in plans if parse_date(day, plan.on) == plan.on]


def _asked(
    known: _Cohort, columns: Sequence[_Column], pasted: Sequence[tuple[PastedRow, PreviewRow]]
) -> list[tuple[int, MarkChange]]:
    """Every mark of the table that can be read, by lesson in their order, with what stands as seen."""
    order = {plan.number: at for at, plan in enumerate(known.plans)}
    asked = [
        (
            column.lesson.number,
            MarkChange(participant=row.code, seen=known.mark(row.code, column.lesson.number), mark=mark),
        )
        for cells, row in pasted
        if row.code is not None and row.sentence is None
        for column in columns
        if column.lesson is not None and (mark := MARKS.get(cells.cells[column.at].casefold())) is not None
    ]
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
    known: _Cohort,
    lists: Mapping[int, LessonList],
    row: PreviewRow,
    column: _Column,
    cells: PastedRow,
    seen: SeenMarks | None,
    on: date,
) -> PreviewCell:
    text = cells.cells[column.at]
    if not text or column.lesson is None or row.code is None or row.sentence is not None:
        return PreviewCell(text=text)
    mark = MARKS.get(text.casefold())
    if mark is None:
        return PreviewCell(text=text, state=CellState.WRONG, sentence=_unknown_word())
    number = column.lesson.number
    stands = known.mark(row.code, number)
    change = MarkChange(participant=row.code, seen=stands, mark=mark)
    refusal = refusal_of(change, lists[number], on)
    if refusal is not None and stands != mark:
        return PreviewCell(text=text, state=CellState.WRONG, sentence=refusal.message)
    if stands == mark:
        state = CellState.SAME
    elif seen is not None and seen.get((row.code, number)) != stands:
        state = CellState.MEANWHILE
    else:
        state = CellState.NEW if stands is None else CellState.CHANGED
    return PreviewCell(text=text, state=state, was=stands, becomes=mark)


def _unknown_word() -> Any:
    return _l("Use present, late, excused, absent or made up, or leave it empty.")


def _seen(changes: Iterable[tuple[int, MarkChange]]) -> SeenMarks:
    return {(change.participant, number): change.seen for number, change in changes}
