"""Storing what was judged: created and changed rows of each file, in bulk, with what the audit trail keeps of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.assignments import AssignmentOutcome, DueDateChange
from hto_track.models.lessons import LessonChange, LessonState
from hto_track.rules.facts import Mark
from hto_track.services import audit
from hto_track.services.importing.files import FORMATS, FileFormat, Row
from hto_track.services.importing.known import Draft, Key, Known, StoredRow, key_of, stored_rows
from hto_track.services.importing.stores import HOLIDAYS, STORES, Store
from hto_track.services.mark_rows import forget_make_ups
from hto_track.services.policy import Actor

ROWS_AT_ONCE = 5_000
CHANGES_KEPT = 200
"""How many changed rows the audit trail shows before and after in an entry; the counts are always whole."""
IMPORT = "import_files"
OWNERS = {"participant_code": audit.of_participant, "cohort_code": audit.of_cohort}
"""Whose history tells of a row, by the first of these columns that its file has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rows of a file. ``updated`` counts the school holidays that were replaced by nothing, too."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class _Changes:
    """The rows of one file by what happens to them."""

    format: FileFormat
    created: list[Draft] = field(default_factory=list)
    updated: list[Draft] = field(default_factory=list)
    removed: list[StoredRow] = field(default_factory=list)
    unchanged: int = 0

    def counts(self) -> Counts:
        return Counts(
            created=len(self.created), updated=len(self.updated) + len(self.removed), unchanged=self.unchanged
        )


def store(session: Session, actor: Actor, known: Known, tick: Callable[[int], None]) -> dict[str, Counts]:
    """Store every draft and answer the counts by file; ``known`` must have been found without faults."""
    ids = _Ids(session, known)
    counts: dict[str, Counts] = {}
    for name, drafts in known.drafts.items():
        changes = _changes(known, name, drafts)
        _write(session, changes, ids, tick)
        _write_besides(session, actor, changes, ids)
        if changes.created:
            ids.forget(name)
        counts[name] = changes.counts()
        if changes.created or changes.updated or changes.removed:
            _record(session, actor, changes)
    return counts


class _Ids:
    """The ids of rows that others point to, by file and key; read again after rows were created."""

    def __init__(self, session: Session, known: Known) -> None:
        self.session = session
        self.known = known
        self._ids: dict[str, dict[Key, int]] = {}
        self._stale: set[str] = set()

    def of(self, file: str) -> dict[Key, int]:
        """The id of each row of ``file``."""
        if file not in self._ids:
            self._ids[file] = self._by_key(file, self.known.stored.get(file, []))
        elif file in self._stale:
            scope = STORES[file].scope
            codes = {values[scope] for values in self.known.rows(file).values()}
            self._ids[file] = self._by_key(file, stored_rows(self.session, file, codes))
            self._stale.remove(file)
        return self._ids[file]

    def forget(self, file: str) -> None:
        """Rows were created: look again when asked."""
        self._ids.setdefault(file, {})
        self._stale.add(file)

    def programme_code(self, draft: Draft) -> str:
        """The programme of the cohort that ``draft`` belongs to."""
        code: str = self.known.row("cohorts", draft.values["cohort_code"])["programme_code"]
        return code

    @staticmethod
    def _by_key(file: str, rows: Iterable[StoredRow]) -> dict[Key, int]:
        key = FORMATS[file].key
        return {key_of(row.values, key): row.id for row in rows}


def _changes(known: Known, name: str, drafts: list[Draft]) -> _Changes:
    changes = _Changes(FORMATS[name])
    names = [column.name for column in changes.format.columns]
    for draft in drafts:
        if draft.stored is None:
            changes.created.append(draft)
        elif draft.is_news(names):
            changes.updated.append(draft)
        else:
            changes.unchanged += 1
    if name == "school_holidays":
        kept = {draft.stored.id for draft in drafts if draft.stored is not None}
        replaced = {(draft.values["school_year"], draft.values["region"]) for draft in drafts}
        changes.removed = [
            row
            for row in known.stored[name]
            if row.id not in kept and (row.values["school_year"], row.values["region"]) in replaced
        ]
    return changes


def _write(session: Session, changes: _Changes, ids: _Ids, tick: Callable[[int], None]) -> None:
    store = STORES[changes.format.name]
    for some in _batches(changes.created):
        session.execute(insert(store.table), [_columns(draft, store, ids) for draft in some])
        tick(len(some))
    if not changes.updated:
        return
    columns = _columns(changes.updated[0], store, ids)
    statement = (
        update(store.table)
        .where(store.table.c.id == bindparam("stored_id"))
        .values({column: bindparam(f"new_{column}") for column in columns})
    )
    for some in _batches(changes.updated):
        session.execute(statement, [_columns_by_id(draft, store, ids) for draft in some])
        tick(len(some))


def _batches(drafts: list[Draft]) -> Iterable[list[Draft]]:
    return (drafts[start : start + ROWS_AT_ONCE] for start in range(0, len(drafts), ROWS_AT_ONCE))


def _columns(draft: Draft, store: Store, ids: _Ids) -> Row:
    values = draft.values
    columns = {column: values[name] for name, column in store.columns.items()}
    for reference in store.references:
        key = key_of(values, reference.key)
        is_none = reference.is_optional and key[-1] is None
        columns[reference.column] = None if is_none else ids.of(reference.file)[key]
    return columns


def _columns_by_id(draft: Draft, store: Store, ids: _Ids) -> Row:
    assert draft.stored is not None
    columns = {f"new_{column}": value for column, value in _columns(draft, store, ids).items()}
    return columns | {"stored_id": draft.stored.id}


def _write_besides(session: Session, actor: Actor, changes: _Changes, ids: _Ids) -> None:
    """What rows of some files keep in another table, and the holidays that were replaced."""
    match changes.format.name:
        case "assignments":
            _write_outcomes(session, changes, ids)
            _write_due_date_changes(session, actor, changes.updated)
        case "attendance":
            _forget_make_ups(session, changes.updated, ids)
        case "lessons":
            _write_lesson_changes(session, actor, changes.updated)
        case "school_holidays" if changes.removed:
            session.execute(delete(HOLIDAYS).where(HOLIDAYS.c.id.in_([row.id for row in changes.removed])))


def _write_outcomes(session: Session, changes: _Changes, ids: _Ids) -> None:
    if changes.created:
        ids.forget("assignments")
    assignments, outcomes = ids.of("assignments"), ids.of("learning_outcomes")
    changed = [draft for draft in changes.updated if draft.is_news(("outcome_codes",))]
    if changed:
        stale = [draft.stored.id for draft in changed if draft.stored is not None]
        session.execute(delete(AssignmentOutcome).where(AssignmentOutcome.assignment_id.in_(stale)))
    rows = [
        {
            "assignment_id": assignments[key_of(draft.values, changes.format.key)],
            "learning_outcome_id": outcomes[ids.programme_code(draft), code],
        }
        for draft in (*changes.created, *changed)
        for code in draft.values["outcome_codes"]
    ]
    if rows:
        session.execute(insert(AssignmentOutcome.__table__), rows)  # type: ignore[arg-type]


def _forget_make_ups(session: Session, updated: list[Draft], ids: _Ids) -> None:
    """How a lesson was made up goes with its mark."""
    people, lessons = ids.of("participants"), ids.of("lessons")
    gone = [
        (people[(draft.values["participant_code"],)], lessons[draft.values["cohort_code"], draft.values["lesson_no"]])
        for draft in updated
        if draft.stored is not None and draft.stored.values["mark"] == Mark.MADE_UP and draft.differs("mark")
    ]
    for start in range(0, len(gone), ROWS_AT_ONCE):
        forget_make_ups(session, gone[start : start + ROWS_AT_ONCE])


def _write_lesson_changes(session: Session, actor: Actor, updated: list[Draft]) -> None:
    """When a lesson was is kept when it moves, is cancelled or is put back."""
    changed_at = clock.now()
    changes = [
        {
            "lesson_id": draft.stored.id,
            "changed_at": changed_at,
            "changed_by": actor.ref,
            "was_on": draft.stored.values["date"],
            "was_starts_at": draft.stored.values["start"],
            "was_ends_at": draft.stored.values["end"],
            "was_cancelled": _is_cancelled(draft.stored.values),
        }
        for draft in updated
        if draft.stored is not None
        and (
            draft.is_news(("date", "start", "end")) or _is_cancelled(draft.stored.values) != _is_cancelled(draft.values)
        )
    ]
    if changes:
        session.execute(insert(LessonChange.__table__), changes)  # type: ignore[arg-type]


def _write_due_date_changes(session: Session, actor: Actor, updated: list[Draft]) -> None:
    """When an assignment was open and due is kept when that changes."""
    changed_at = clock.now()
    changes = [
        {
            "assignment_id": draft.stored.id,
            "changed_at": changed_at,
            "changed_by": actor.ref,
            "was_opens_on": draft.stored.values["opens_on"],
            "was_due_on": draft.stored.values["due_on"],
        }
        for draft in updated
        if draft.stored is not None and draft.is_news(("opens_on", "due_on"))
    ]
    if changes:
        session.execute(insert(DueDateChange.__table__), changes)  # type: ignore[arg-type]


def _is_cancelled(lesson: Mapping[str, Any]) -> bool:
    return bool(lesson["state"] == LessonState.CANCELLED)


def _record(session: Session, actor: Actor, changes: _Changes) -> None:
    """The file with its counts, and each participant and cohort with what came of theirs: their history tells it."""
    counts = changes.counts()
    columns = [column.name for column in changes.format.columns]
    owner = next((name for name in OWNERS if name in columns), None)
    total: dict[str, Any] = {"created": counts.created, "updated": counts.updated, "unchanged": counts.unchanged}
    if owner is None:
        parts = [_change(changes, audit.of_file(changes.format.file), total, changes.updated)]
    else:
        parts = [audit.Change(action=IMPORT, subject=audit.of_file(changes.format.file), after=total)]
        created, updated = (_by_owner(drafts, owner) for drafts in (changes.created, changes.updated))
        for code in sorted(created.keys() | updated.keys()):
            subject = OWNERS[owner](code, "files", changes.format.file)
            own = {"created": len(created.get(code, ())), "updated": len(updated.get(code, ()))}
            parts.append(_change(changes, subject, own, updated.get(code, [])))
    audit.record_all(session, actor, parts)


def _by_owner(drafts: list[Draft], owner: str) -> dict[str, list[Draft]]:
    theirs: dict[str, list[Draft]] = {}
    for draft in drafts:
        theirs.setdefault(draft.values[owner], []).append(draft)
    return theirs


def _change(changes: _Changes, subject: str, counts: dict[str, Any], updated: list[Draft]) -> audit.Change:
    """What the trail keeps of a file, or of one owner's part of it: the rows that changed, before and after."""
    names = [column.name for column in changes.format.columns]
    before: Row = {}
    after: Row = {}
    for draft in updated[:CHANGES_KEPT]:
        assert draft.stored is not None
        stored = draft.stored.values
        changed = [name for name in names if draft.differs(name)]
        key = " ".join(_plain_text(value) for value in key_of(stored, changes.format.key))
        before[key] = {name: _plain(stored[name]) for name in changed}
        after[key] = {name: _plain(draft.values[name]) for name in changed}
    for row in changes.removed[:CHANGES_KEPT]:
        key = " ".join(_plain_text(value) for value in key_of(row.values, changes.format.key))
        before[key] = {name: _plain(row.values[name]) for name in names}
        after[key] = None
    return audit.Change(
        action=IMPORT, subject=subject, before={"rows": before} if before else None, after={**counts, "rows": after}
    )


def _plain(value: Any) -> Any:
    match value:
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case tuple():
            return list(value)
        case _:
            return value


def _plain_text(value: Any) -> str:
    return "-" if value is None else str(_plain(value))
