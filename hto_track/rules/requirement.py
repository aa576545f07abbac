"""How a requirement of the diploma stands (RULES.md section 4)."""

from collections.abc import Iterable
from enum import StrEnum


class RequirementState(StrEnum):
    """From worst to best."""

    OUT_OF_REACH = "out_of_reach"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    MET = "met"


_WORST_FIRST = tuple(RequirementState)


def worst(states: Iterable[RequirementState]) -> RequirementState:
    """The worst of ``states``; met where there are none."""
    return min(states, key=_WORST_FIRST.index, default=RequirementState.MET)
