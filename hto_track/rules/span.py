"""The ground of every judgement: first and last day, active span and status on a date (RULES.md section 0)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hto_track.rules.days import Days
from hto_track.rules.facts import Enrolment, EnrolmentStatus, Facts

ENDED = (EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What time means for one enrolment, asked for ``on``.

    ``judged_on`` is ``on``, or the date of a withdrawal or completion that came before it: from then on no time passes,
    and what is late and what the load is are judged as of that date. ``paused`` are the dates of its pauses, also those
    beyond ``last``.
    """

    on: date
    judged_on: date
    first: date
    last: date
    status: EnrolmentStatus
    paused: Days
    active: Days
    school_days: Days

    @property
    def goes_on(self) -> bool:
        """Whether time passes: it does no more after a withdrawal or completion, and nothing is planned then."""
        return self.judged_on == self.on

    @property
    def is_over(self) -> bool:
        """Whether the last day has come."""
        return self.on >= self.last


def span_of(facts: Facts, on: date) -> Span:
    """The ground of ``facts`` asked for ``on``."""
    enrolment = facts.enrolment
    first = first_day(enrolment)
    last = last_day(enrolment, on)
    paused = paused_days(enrolment, on)
    active = Days.between(first, last).without((paused,))
    return Span(
        on=on,
        judged_on=min(on, enrolment.status_on) if _has_ended(enrolment, on) and enrolment.status_on else on,
        first=first,
        last=last,
        status=status_on(enrolment, on, paused),
        paused=paused,
        active=active,
        school_days=facts.calendar.school_days(active),
    )


def first_day(enrolment: Enrolment) -> date:
    """The later of the enrolment's own start and the cohort's."""
    return max(enrolment.start_on or enrolment.cohort_start_on, enrolment.cohort_start_on)


def last_day(enrolment: Enrolment, on: date) -> date:
    """The enrolment's own end, else the cohort's; an earlier withdrawal or completion once ``on`` has reached it."""
    planned = enrolment.end_on or enrolment.cohort_end_on
    if _has_ended(enrolment, on) and enrolment.status_on:
        return min(planned, enrolment.status_on)
    return planned


def paused_days(enrolment: Enrolment, on: date) -> Days:
    """The dates of all pauses: planned ones as they stand, one until further notice once ``on`` has reached it."""
    dates = {day for pause in enrolment.pauses for day in Days.between(pause.start_on, pause.end_on).ordinals}
    if enrolment.status is EnrolmentStatus.PAUSED and enrolment.status_on and on >= enrolment.status_on:
        dates.update(Days.between(enrolment.status_on, last_day(enrolment, on)).ordinals)
    return Days(tuple(sorted(dates)))


def status_on(enrolment: Enrolment, on: date, paused: Days) -> EnrolmentStatus:
    """The status on ``on``; ``paused`` are the dates of its pauses."""
    if _has_ended(enrolment, on) or enrolment.status is EnrolmentStatus.APPLIED:
        return enrolment.status
    return EnrolmentStatus.PAUSED if on in paused else EnrolmentStatus.ACTIVE


def spread(minutes: Fraction | int, days: Days) -> dict[date, Fraction]:
    """``minutes`` in equal parts over ``days``, added up by ISO week (its Monday); over none they fall away."""
    if not days:
        return {}
    part = Fraction(minutes) / len(days)
    return {monday: part * count for monday, count in days.count_by_week().items()}


def _has_ended(enrolment: Enrolment, on: date) -> bool:
    return enrolment.status in ENDED and enrolment.status_on is not None and on >= enrolment.status_on
