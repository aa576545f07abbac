"""What an import did, or why it did nothing, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.services.importing import Counts, Fault, ImportResult

MOST_SHOWN = 200
"""Faults on one page; the rest shows once these are mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    """Where something is wrong, what stands there, and what was expected."""

    place: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """An import that stored nothing; ``errors`` for the summary, ``more`` says how many faults are not shown."""

    errors: dict[str, str]
    faults: tuple[FaultLine, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An import that was stored, with its counts by file and together."""

    title: str
    rows: tuple[tuple[str, int, int, int], ...]


def nothing_chosen() -> NotDone:
    """The form came without a file."""
    return NotDone(errors={"files": _("Choose one or more files first.")})


def faults_picture(faults: Iterable[Fault]) -> NotDone:
    """Every fault by its place, as the files show it."""
    lines = tuple(map(_line, faults))
    hidden = len(lines) - MOST_SHOWN
    summary = ngettext(
        "%(num)s thing does not fit. Nothing was stored.", "%(num)s things do not fit. Nothing was stored.", len(lines)
    )
    return NotDone(
        errors={"files": summary},
        faults=lines[:MOST_SHOWN],
        more=ngettext("And %(num)s more.", "And %(num)s more.", hidden) if hidden > 0 else "",
    )


def done_picture(result: ImportResult) -> Done:
    """The counts of each file, and their sum."""
    rows = [_row(file, counts) for file, counts in result.files.items()]
    return Done(title=_("The files are in"), rows=(*rows, _row(_("Together"), result.total)))


def _row(name: str, counts: Counts) -> tuple[str, int, int, int]:
    return name, counts.created, counts.updated, counts.unchanged


def _line(fault: Fault) -> FaultLine:
    place = fault.file
    if fault.row is not None:
        place = _("%(file)s, row %(row)s", file=fault.file, row=fault.row)
    if fault.column is not None:
        place = _("%(place)s, column %(column)s", place=place, column=fault.column)
    value = _("(empty)") if fault.value == "" else fault.value or ""
    return FaultLine(place=place, value=value, expected=str(fault.expected))
