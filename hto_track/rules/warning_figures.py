"""What can be said of the figures that a warning rests on, beside the figures themselves (RULES.md section 6)."""

from collections.abc import Mapping
from typing import Any

LEAST_ABOVE = 0.25
"""Hours: what lies above the room is said as a quarter at least, whatever rounding left of it."""


def hours_above_room(figures: Mapping[str, Any], key: str) -> float:
    """How many hours the study load called ``key`` lies above the capacity."""
    return float(max(LEAST_ABOVE, round(figures[key] - figures["capacity"], 2)))
