"""A pasted table as it will be stored: each cell with what it would do, in words and with an icon."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.documents.pasted_table import (
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    PastedTable,
    TableFault,
)
from hto_track.services.bulk_tables import CellState, Preview, PreviewCell, Stored
from hto_track.web.sent_forms import new_key

MOST_FAULTS_LISTED = 20
LONGEST_SHOWN = 60
"""Characters of a cell in the preview; the box has all of it."""

STATES: dict[CellState, tuple[Any, str, str]] = {
    CellState.NEW: (_l("New"), "ok", "plus"),
    CellState.CHANGED: (_l("Will change"), "warn", "pencil"),
    CellState.SAME: (_l("The same"), "", "check"),
    CellState.WRONG: (_l("Not right"), "bad", "circle-alert"),
    CellState.MEANWHILE: (_l("Changed meanwhile"), "warn", "history"),
    CellState.ASKED: (_l("Changed by both"), "warn", "history"),
    CellState.NEWER: (_l("Newer here"), "", "check"),
}
FAULTS: dict[TableFault, Any] = {
    TableFault.EMPTY: _l("Paste a table first, or choose a file."),
    TableFault.TOO_LONG: _l("This is too much at once: at most %(most)s characters.", most=f"{MOST_CHARACTERS:,}"),
    TableFault.TOO_MANY_ROWS: _l(
        "This is too much at once: at most %(rows)s rows, and %(cells)s cells.", rows=MOST_ROWS, cells=f"{MOST_CELLS:,}"
    ),
    TableFault.TOO_MANY_COLUMNS: _l("This is too wide: at most %(most)s columns.", most=MOST_COLUMNS),
    TableFault.ONE_COLUMN: _l("There is only one column. Copy the names together with what is beside them."),
    TableFault.NOT_A_TABLE: _l("Choose an Excel workbook (.xlsx) or a CSV file."),
    TableFault.NOT_UTF8: _l("This file is not in UTF-8. Save it as “CSV UTF-8”, or as a workbook."),
    TableFault.UNREADABLE: _l("This file cannot be read. Open it and save it again, or copy the cells and paste them."),
    TableFault.ERROR_CELL: _l("A cell holds an error, like #REF!. Mend it in the file first."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell: the state in a word, with its class and icon, none for an empty one; what stands and what would.

    ``choice`` is what ticking it sends, ``choose`` says beside the box what that does, ``yours`` what the list has.
    """

    id: str
    text: str
    word: str = ""
    kind: str = ""
    icon: str = ""
    was: str = ""
    sentence: str = ""
    choice: str = ""
    choose: str = ""
    yours: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: its line in the box, and whose it is, with their code."""

    id: str
    line: int
    who: str
    code: str
    sentence: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, by the name it was pasted with, and what it is of."""

    id: str
    title: str
    meant: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPicture:
    """The whole preview. ``faults`` for the summary lead to their places; ``store`` says what the button does, if any."""

    counts: tuple[tuple[str, str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    faults: tuple[tuple[str, str], ...]
    more_faults: str
    store: str
    says: str
    asks: str
    seen: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastePage:
    """A page to paste on; ``choices`` are what a column that names nothing is of."""

    title: str
    cohort_code: str
    back_href: str
    back: str
    here: str
    preview_href: str
    store_href: str
    downloads: tuple[tuple[str, str], ...]
    intro: str
    choice_label: str
    choice_hint: str
    choices: tuple[tuple[str, str], ...]
    chosen: str
    example: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    text: str = ""
    errors: Mapping[str, str]
    preview: PreviewPicture | None = None


def table_errors(table: PastedTable, field: str) -> dict[str, str]:
    """Why a table is none, at the field that it came by; nothing for one that is."""
    if table.fault is None:
        return {}
    sentence = str(FAULTS[table.fault])
    return {field: _("%(what)s (row %(row)s)", what=sentence, row=table.line) if table.line else sentence}


def preview_picture(
    preview: Preview, seen: Mapping[tuple[str, Any], Any], word: Callable[[str | None], str]
) -> PreviewPicture | None:
    """What a table would do; ``word`` says a mark or a result. None for a table that no column of can be read."""
    if not preview.rows:
        return None
    columns = tuple(
        Column(
            id=f"k-{at}",
            title=_cut(column.title),
            meant=str(column.meant or ""),
            sentence=str(column.sentence or ""),
        )
        for at, column in enumerate(preview.columns)
    )
    rows = tuple(
        Row(
            id=f"r-{row.line}",
            line=row.line,
            who=_cut(row.who),
            code=row.code or "",
            sentence=str(row.sentence or ""),
            cells=tuple(_cell(f"c-{row.line}-{at}", cell, word) for at, cell in enumerate(row.cells)),
        )
        for row in preview.rows
    )
    faults = _faults(columns, rows)
    hidden = len(faults) - MOST_FAULTS_LISTED
    return PreviewPicture(
        counts=_counts(preview),
        columns=columns,
        rows=rows,
        faults=tuple(faults[:MOST_FAULTS_LISTED]),
        more_faults=ngettext("And %(num)s more.", "And %(num)s more.", hidden) if hidden > 0 else "",
        store=_store(preview),
        says=""
        if faults or preview.to_store or preview.to_choose
        else _("Everything stands like this already. There is nothing to save."),
        asks=_(
            "Where your list and HTO Track were both changed since you took it along, what stands here stays. Tick a cell to "
            "let yours count."
        )
        if preview.to_choose
        else "",
        seen=_told(seen),
        key=new_key(),
    )


def stored_text(stored: Stored) -> str:
    """What is said after a table was stored: ``14 nieuw, 2 veranderd.``"""
    parts = []
    if stored.new:
        parts.append(ngettext("%(num)s new", "%(num)s new", stored.new))
    if stored.changed:
        parts.append(ngettext("%(num)s changed", "%(num)s changed", stored.changed))
    return _("Saved: %(what)s.", what=", ".join(parts))


def undone_text(stored: Stored) -> str:
    """What is said after a table was taken back."""
    said = ngettext("%(num)s cell is as it was.", "%(num)s cells are as they were.", stored.changed)
    if not stored.kept:
        return said
    kept = ngettext("%(num)s was changed meanwhile and stays.", "%(num)s were changed meanwhile and stay.", stored.kept)
    return f"{said} {kept}"


def _counts(preview: Preview) -> tuple[tuple[str, str, str], ...]:
    new, changed, same, wrong, meanwhile, asked, newer = (preview.count(state) for state in STATES)
    told = (
        (new, ngettext("%(num)s new", "%(num)s new", new), CellState.NEW),
        (changed, ngettext("%(num)s changes", "%(num)s change", changed), CellState.CHANGED),
        (wrong, ngettext("%(num)s is not right", "%(num)s are not right", wrong), CellState.WRONG),
        (meanwhile, ngettext("%(num)s changed meanwhile", "%(num)s changed meanwhile", meanwhile), CellState.MEANWHILE),
        (asked, ngettext("%(num)s changed by both", "%(num)s changed by both", asked), CellState.ASKED),
        (newer, ngettext("%(num)s is newer here", "%(num)s are newer here", newer), CellState.NEWER),
        (same, ngettext("%(num)s stays the same", "%(num)s stay the same", same), CellState.SAME),
    )
    return tuple((text, STATES[state][1], STATES[state][2]) for number, text, state in told if number)


def _store(preview: Preview) -> str:
    """What the button says; nothing where there is none."""
    if preview.to_store and preview.count(CellState.MEANWHILE):
        return ngettext("Save %(num)s anyway", "Save all %(num)s anyway", preview.to_store)
    if preview.to_choose:
        others = preview.to_store_unchosen
        return _("Save %(num)s and what you tick", num=others) if others else _("Save what you tick")
    if not preview.to_store:
        return ""
    return ngettext("Save %(num)s", "Save %(num)s", preview.to_store)


def _cell(id: str, cell: PreviewCell, word: Callable[[str | None], str]) -> Cell:
    if cell.state is CellState.PLAIN:
        return Cell(id=id, text=_cut(cell.text))
    label, kind, icon = STATES[cell.state]
    if cell.state is CellState.NEWER:
        return Cell(id=id, text=word(cell.was), word=str(label), icon=icon)
    if cell.state is CellState.ASKED:
        return Cell(
            id=id,
            text=word(cell.was),
            word=str(label),
            kind=kind,
            icon=icon,
            choice=cell.choice,
            choose=_("Take mine"),
            yours=_("in your list: %(mark)s", mark=word(cell.becomes).lower()),
            is_chosen=cell.is_chosen,
        )
    becomes = word(cell.becomes) if cell.becomes and cell.state is not CellState.WRONG else _cut(cell.text)
    sentence = str(cell.sentence or "")
    if cell.state is CellState.MEANWHILE:
        sentence = _("Someone else changed this while you looked. Which one stays?")
    changes = cell.state in (CellState.CHANGED, CellState.MEANWHILE)
    return Cell(
        id=id,
        text=becomes,
        word=str(label),
        kind=kind,
        icon=icon,
        was=word(cell.was) if changes else "",
        sentence=sentence,
    )


def _faults(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> list[tuple[str, str]]:
    """Every sentence with the place it is said at."""
    found = [(column.id, f"{column.title}: {column.sentence}") for column in columns if column.sentence]
    for row in rows:
        if row.sentence:
            found.append((row.id, _("Line %(line)s: %(what)s", line=row.line, what=row.sentence)))
        found += [
            (cell.id, _("%(who)s, %(column)s: %(what)s", who=row.who, column=column.title or "–", what=cell.sentence))
            for cell, column in zip(row.cells, columns, strict=True)
            if cell.sentence
        ]
    return found


def _told(seen: Mapping[tuple[str, Any], Any]) -> str:
    """What the preview shows of what stands, to go along with the form."""
    told: dict[str, dict[str, Any]] = {}
    for (code, column), what in seen.items():
        told.setdefault(code, {})[str(column)] = what
    return json.dumps(told, separators=(",", ":"))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
