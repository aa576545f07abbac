"""A range that eight of ten weeks fall in, of hours that are partly steady and partly come or do not come."""

from collections.abc import Sequence
from math import erf, fsum, sqrt

REACH = 1.4
"""How many standard deviations a range reaches either way, of a bare normal quantity; held to simulated cohorts."""
HALVINGS = 14
_TAIL = 0.5 * (1 - erf(REACH / sqrt(2)))


def likely_range(mean: float, spread: float, visits: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Low, median and high of so many minutes, normal around ``mean``, with visits (minutes, chance) that may come besides.

    Each to a minute or so. Nothing is below 0; without visits the median is ``mean`` itself.
    """
    cases = [(mean, 1.0)]
    for minutes, chance in visits:
        come = [(at + minutes, weight * chance) for at, weight in cases]
        cases = come if chance >= 1 else come + [(at, weight * (1 - chance)) for at, weight in cases]
    if len(cases) == 1:
        ((at, _),) = cases
        return max(0.0, at - REACH * spread), at, at + REACH * spread
    scale = 1 / (spread * sqrt(2))
    lowest, highest = (pick(at for at, _ in cases) for pick in (min, max))

    def below(share: float) -> float:
        low, high = lowest - 2 * spread, highest + 2 * spread
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if fsum(weight * (1 + erf((middle - at) * scale)) for at, weight in cases) < 2 * share:
                low = middle
            else:
                high = middle
        return max(0.0, (low + high) / 2)

    return below(_TAIL), below(0.5), below(1 - _TAIL)
