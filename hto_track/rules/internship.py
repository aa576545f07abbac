"""Internship hours (RULES.md section 3), all in minutes."""

from dataclasses import dataclass
from fractions import Fraction

from hto_track.rules.facts import EntryState, Facts, InternshipEntry
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import Span

SCHOOL_DAYS_PER_WEEK = 5
SLOWEST_PACE_AT_RISK = 8 * 60
FASTEST_PACE_IN_REACH = 24 * 60
MOST_MINUTES_PER_DATE = 10 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Internship:
    """Where one participant's internship stands; sums in minutes, ``pace_needed`` in minutes a week."""

    minimum: int
    maximum: int
    confirmed: int
    awaiting: int
    rejected: int
    extra: int
    remaining: int
    school_days_left: int
    pace_needed: Fraction | None
    state: RequirementState

    @property
    def counted(self) -> int:
        """Confirmed and awaiting together: what leaves less to do."""
        return self.confirmed + self.awaiting


def state_seen(entry: InternshipEntry, span: Span) -> EntryState | None:
    """The state in which ``span.on`` sees an entry; None for one that counts nowhere yet, or no more.

    An entry is seen from its own date, as submitted from ``submitted_on``, as decided from ``decided_on``.
    """
    if entry.on > span.on or entry.state in (EntryState.DRAFT, EntryState.WITHDRAWN):
        return None
    decided_on = entry.decided_on or entry.on
    if entry.state in (EntryState.CONFIRMED, EntryState.REJECTED) and decided_on <= span.on:
        return entry.state
    return EntryState.SUBMITTED if entry.submitted_on <= span.on else None


def judge_internship(facts: Facts, span: Span) -> Internship:
    """Sums, the pace still needed, and the requirement ``internship``, as of ``span.on``."""
    sums = {EntryState.SUBMITTED: 0, EntryState.CONFIRMED: 0, EntryState.REJECTED: 0}
    for entry in facts.internship:
        state = state_seen(entry, span)
        if state is not None:
            sums[state] += entry.minutes
    minimum, maximum = facts.programme.internship_min, facts.programme.internship_max
    confirmed, awaiting = sums[EntryState.CONFIRMED], sums[EntryState.SUBMITTED]
    remaining = max(0, minimum - confirmed - awaiting)
    days_left = len(span.school_days.after(span.on))
    pace = _pace_needed(remaining, days_left)
    return Internship(
        minimum=minimum,
        maximum=maximum,
        confirmed=confirmed,
        awaiting=awaiting,
        rejected=sums[EntryState.REJECTED],
        extra=max(0, confirmed - maximum),
        remaining=remaining,
        school_days_left=days_left,
        pace_needed=pace,
        state=_state(confirmed >= minimum, remaining, days_left, pace),
    )


def _pace_needed(remaining: int, days_left: int) -> Fraction | None:
    if not remaining:
        return Fraction(0)
    if not days_left:
        return None
    return Fraction(remaining, max(days_left, SCHOOL_DAYS_PER_WEEK)) * SCHOOL_DAYS_PER_WEEK


def _state(is_met: bool, remaining: int, days_left: int, pace: Fraction | None) -> RequirementState:
    if is_met:
        return RequirementState.MET
    if pace is None or pace > FASTEST_PACE_IN_REACH or remaining > MOST_MINUTES_PER_DATE * days_left:
        return RequirementState.OUT_OF_REACH
    return RequirementState.AT_RISK if pace > SLOWEST_PACE_AT_RISK else RequirementState.ON_TRACK
