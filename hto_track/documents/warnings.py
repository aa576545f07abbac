"""``hto-track warnings --json``: the warnings open on a date (FORMATS.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hto_track.documents.figures import iso
from hto_track.rules.warnings import Level, WarningCode


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningLine:
    """One warning, as it is written."""

    cohort: str
    participant: str
    code: WarningCode
    level: Level
    opened_on: date
    escalated_on: date | None
    figures: dict[str, Any]


def warnings_document(on: date, lines: Iterable[WarningLine]) -> dict[str, Any]:
    """The whole answer; ``lines`` in their order."""
    return {"on": iso(on), "warnings": [_warning(line) for line in lines]}


def _warning(line: WarningLine) -> dict[str, Any]:
    return {
        "cohort": line.cohort,
        "participant": line.participant,
        "code": line.code.value,
        "level": line.level.value,
        "opened_on": iso(line.opened_on),
        "escalated_on": iso(line.escalated_on),
        "figures": line.figures,
    }
