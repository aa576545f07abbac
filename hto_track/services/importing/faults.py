"""What is wrong in the files, as values: where, what stands there, and what was expected."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.documents.sheets import Problem, ProblemKind
from hto_track.services.refusals import Refusal, Refused

LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is not right; ``row`` counts as a spreadsheet does, the header is row 1.

    ``value`` is what stands in the cell, empty for an empty one, None where it is not a cell that is wrong.
    ``expected`` may be lazy: ``str()`` puts it into the reader's language, on one line.
    """

    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: Any

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> Any:
        """The fault in words, translated when it is shown."""
        shown = {
            "file": _on_one_line(self.file),
            "row": self.row,
            "column": _on_one_line(self.column or ""),
            "value": _on_one_line(self.value or ""),
            "expected": self.expected,
        }
        if self.row is None:
            return _l("%(file)s: expected %(expected)s", **shown)
        if self.column is None:
            return _l("%(file)s, row %(row)s: expected %(expected)s", **shown)
        if self.value is None:
            return _l("%(file)s, row %(row)s, column %(column)s: expected %(expected)s", **shown)
        if not self.value:
            return _l("%(file)s, row %(row)s, column %(column)s is empty; expected %(expected)s", **shown)
        return _l('%(file)s, row %(row)s, column %(column)s: "%(value)s"; expected %(expected)s', **shown)


def _on_one_line(text: str) -> str:
    shown = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"


class FaultyFiles(Refused):
    """Nothing was stored; ``faults`` are all that is wrong in all files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(Refusal(message=fault.sentence) for fault in self.faults)


def fault_of(problem: Problem) -> Fault:
    """What could not be read, as a fault."""
    return Fault(
        file=problem.file,
        row=problem.row,
        column=problem.column,
        expected=_expected_instead_of(problem),
    )


_EXPECTED_INSTEAD_OF = {
    ProblemKind.NOT_FOUND: _l("a folder or a file, but there is none here"),
    ProblemKind.CLOSED: _l("a file that can be opened and read"),
    ProblemKind.NO_TABLES: _l("one or more of the files that can be imported, but there is none"),
    ProblemKind.NOT_A_TABLE: _l("a folder of CSV files, or one XLSX workbook"),
    ProblemKind.QUOTES: _l("cells of ordinary length whose quotation marks come in pairs"),
    ProblemKind.WORKBOOK: _l("a readable XLSX workbook without a password"),
    ProblemKind.TOO_BIG: _l("a smaller workbook: this one takes too much memory when unpacked"),
    ProblemKind.ERROR_CELL: _l("a value, not the error of a formula"),
}


def _expected_instead_of(problem: Problem) -> Any:
    match problem.kind:
        case ProblemKind.TWICE:
            return _l("one file of this name, but there is %(other)s too", other=problem.value)
        case ProblemKind.NOT_UTF8:
            shown = _on_one_line(problem.value)
            return _l('text in UTF-8 (in Excel: save as "CSV UTF-8"), not "%(value)s"', value=shown)
        case _:
            return _EXPECTED_INSTEAD_OF[problem.kind]
