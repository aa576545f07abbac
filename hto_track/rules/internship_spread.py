"""The internship that remains, laid over the days on which somebody can go, so that no week gets fuller than it must.

What is laid out are blocks of ``grain`` minutes, and one smaller block where ``minutes`` is no multiple of it. A date holds as
many blocks as fit in ``most``; a week what its dates hold, or less where it is given less. The weeks begin at the study load
they have without internship. Of all ways to lay the blocks, the one found has the lowest highest week; of those the lowest
second highest, and so on: no other plan is better, which is why this is a method and not a rule of thumb.

Why it is optimal. A week that holds c blocks and begins at b offers c *steps*, at the levels b, b + g, … b + (c - 1)g: a block
laid on a step brings the week from that level to the next. Laying n blocks is choosing n steps, in each week the lowest first,
and any n steps of the lowest levels are such a choice, for the levels of a week rise. ``spread_internship`` takes the n lowest
of all. Suppose another plan were better. It then lays a block on a step at a level l' that we left, and leaves one at a level
l <= l' that we took; it may be taken to be the last of its week v and the next of its week w. Moving that block from v to w
changes two weeks: from l' + g and l to l' and l + g. As l <= l', neither of the new ones is above l' + g, so the highest of
the two does not rise, and where l < l' both lie below it: sorted from the highest down, the loads get no worse. Each move
brings the plan a block closer to ours, so ours is no worse than it, for every number of blocks: the steps are independent of
each other but for how many a week holds (a polymatroid), and the sum of any convex measure of the weeks is least at the same
choice (Federgruen & Groenevelt 1986).
The smaller block, of r < g minutes, is laid last, on the lowest step that is left, at level m. A plan that laid it on a step at
a level l < m would lay a full block at a level l' >= m in its place: that week ends at l' + g where, the two blocks exchanged,
the weeks end at l + g and l' + r, both lower. With the smaller block at a level of m or more the argument above holds for the
others.
Weeks without a date to go on are what they are, whatever is chosen.

Within a week the dates do not change its load: blocks are laid date by date, each filled before the next is begun, so that a
week has as few visits as it can, and full ones.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hto_track.rules.days import monday_of
from hto_track.rules.facts import Facts
from hto_track.rules.internship import MOST_MINUTES_PER_DATE
from hto_track.rules.span import Span

USUAL_MOST = 8 * 60
"""What a day at a school is usually at most, in minutes."""
HALF_HOUR = 30
EVERY_DAY = frozenset(range(5))
"""Monday to Friday, as ``date.weekday`` counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadInternship:
    """Minutes by date, in order; ``left`` is what the dates do not hold, ``peak`` the highest load of a week with a date."""

    days: dict[date, int]
    left: int
    peak: Fraction


def feasible_dates(facts: Facts, span: Span, weekdays: Collection[int] = EVERY_DAY) -> tuple[date, ...]:
    """The school days after ``span.on`` in the active span, on ``weekdays``, and within a placement where there is one.

    A placement that is over is none: whoever looks for another school plans for that one.
    """
    ahead = [placement for placement in facts.placements if placement.end_on > span.on]
    return tuple(
        day
        for day in span.school_days.after(span.on)
        if day.weekday() in weekdays
        and (not ahead or any(placement.start_on <= day <= placement.end_on for placement in ahead))
    )


def spread_internship(
    minutes: int,
    dates: Iterable[date],
    *,
    grain: int = HALF_HOUR,
    most: int = USUAL_MOST,
    without: Mapping[date, Fraction],
    week_holds: Mapping[date, int] | None = None,
) -> SpreadInternship:
    """``minutes`` over ``dates`` at the lowest highest week.

    ``most`` minutes a date, but never above what RULES.md section 3 lets be logged on one. ``without`` is the study load of
    a week without internship by its Monday, 0 where it is not named; ``week_holds`` the most minutes of a week that takes
    less than its dates do.
    """
    by_week: dict[date, list[date]] = {}
    for day in sorted(set(dates)):
        by_week.setdefault(monday_of(day), []).append(day)
    a_date = min(most, MOST_MINUTES_PER_DATE) // grain
    a_week = {monday: a_date * len(days) for monday, days in by_week.items()}
    for monday, held in (week_holds or {}).items():
        if monday in a_week:
            a_week[monday] = min(a_week[monday], max(0, held) // grain)
    start = {monday: Fraction(without.get(monday, 0)) for monday in by_week}
    blocks = _lowest_steps(-(-minutes // grain), start, a_week, grain)
    laid = _as_minutes(blocks, minutes, grain)
    return SpreadInternship(
        days=_on_dates(laid, by_week, a_date * grain),
        left=minutes - sum(laid.values()),
        peak=max((start[monday] + laid.get(monday, 0) for monday in by_week), default=Fraction(0)),
    )


def level(
    minutes: int, start: Mapping[date, Fraction], holds: Mapping[date, int], grain: int = HALF_HOUR
) -> dict[date, int]:
    """``minutes`` over weeks that begin at ``start`` and take ``holds`` more, at the lowest highest week; in the same way."""
    blocks = _lowest_steps(
        -(-minutes // grain), start, {monday: max(0, held) // grain for monday, held in holds.items()}, grain
    )
    return _as_minutes(blocks, minutes, grain)


def _lowest_steps(count: int, start: Mapping[date, Fraction], holds: Mapping[date, int], grain: int) -> list[date]:
    """The weeks of the ``count`` lowest steps, as far as there are so many, the lowest first; of equals the earliest."""
    steps = sorted(
        (start[monday] + at * grain, monday) for monday, blocks in holds.items() for at in range(min(blocks, count))
    )
    return [monday for _level, monday in steps[:count]]


def _as_minutes(blocks: list[date], minutes: int, grain: int) -> dict[date, int]:
    """The minutes by week: a full block for each, the last of them smaller where all were laid and less remained."""
    laid: dict[date, int] = {}
    for monday in blocks:
        laid[monday] = laid.get(monday, 0) + grain
    too_much = len(blocks) * grain - minutes
    if too_much > 0:
        laid[blocks[-1]] -= too_much
    return laid


def _on_dates(laid: Mapping[date, int], by_week: Mapping[date, list[date]], a_date: int) -> dict[date, int]:
    """The minutes of each week on its dates, one filled before the next is begun."""
    days: dict[date, int] = {}
    for monday in sorted(laid):
        left = laid[monday]
        for day in by_week[monday]:
            if left > 0:
                days[day] = min(left, a_date)
                left -= days[day]
    return days
