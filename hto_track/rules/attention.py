"""Who on a board needs attention, and when (RULES.md section 6, "On the board")."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hto_track.rules.requirement import RequirementState
from hto_track.rules.warnings import Level

NEEDS_AN_EYE = frozenset({RequirementState.AT_RISK, RequirementState.OUT_OF_REACH})


class Attention(StrEnum):
    """The three parts of a board, most urgent first."""

    NOW = "now"
    SOON = "soon"
    FINE = "fine"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingWarning:
    """An open warning as the board counts it."""

    level: Level
    snoozed_until: date | None = None


def is_snoozed(snoozed_until: date | None, on: date) -> bool:
    """Whether a warning is put off on ``on``: it counts again from the date itself."""
    return snoozed_until is not None and snoozed_until > on


def attention(warnings: Iterable[StandingWarning], diploma: RequirementState, on: date) -> Attention:
    """Where a participant stands on the board of ``on``; a warning snoozed until a later date does not count."""
    levels = {warning.level for warning in warnings if not is_snoozed(warning.snoozed_until, on)}
    if Level.RED in levels:
        return Attention.NOW
    return Attention.SOON if Level.AMBER in levels or diploma in NEEDS_AN_EYE else Attention.FINE
