"""RULES.md section 0: first and last day, active span, status, spreading."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from hto_track.rules.days import Days
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.span import Span, span_of, spread
from tests.rules.cases import END, START, day, facts_of, pause, school_holiday

ACTIVE, PAUSED, APPLIED = EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED, EnrolmentStatus.APPLIED
WITHDRAWN, COMPLETED = EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED


def _span(on: int, **enrolment: Any) -> Span:
    return span_of(facts_of(enrolment=enrolment), day(on))


def test_without_dates_of_their_own_a_participant_has_the_cohorts() -> None:
    span = _span(10)
    assert (span.first, span.last, len(span.active)) == (START, END, 112)
    assert len(span.school_days) == 80


@pytest.mark.parametrize(("own", "first"), [(0, day(1)), (1, day(1)), (2, day(2))])
def test_the_first_day_is_the_later_of_the_two(own: int, first: date) -> None:
    assert _span(10, start_on=day(own)).first == first


@pytest.mark.parametrize("own", [111, 112, 113])
def test_the_last_day_is_their_own_when_they_have_one(own: int) -> None:
    assert _span(10, end_on=day(own)).last == day(own)


@pytest.mark.parametrize("status", [WITHDRAWN, COMPLETED])
@pytest.mark.parametrize(
    ("on", "last", "judged_on", "seen"), [(49, 112, 49, False), (50, 50, 50, True), (51, 50, 50, True)]
)
def test_a_withdrawal_or_completion_counts_once_its_date_has_come(
    status: EnrolmentStatus, on: int, last: int, judged_on: int, seen: bool
) -> None:
    span = _span(on, status=status, status_on=day(50))
    assert (span.last, span.judged_on) == (day(last), day(judged_on))
    assert span.status is (status if seen else ACTIVE)


def test_a_completion_after_the_last_day_leaves_the_last_day_where_it_was() -> None:
    span = _span(130, status=COMPLETED, status_on=day(120))
    assert (span.last, span.judged_on, span.status) == (END, day(120), COMPLETED)


def test_pauses_are_left_out_with_both_their_ends() -> None:
    span = _span(10, pauses=(pause(8, 14),))
    assert len(span.active) == 105
    assert day(7) in span.active and day(8) not in span.active
    assert day(14) not in span.active and day(15) in span.active


def test_pauses_that_overlap_are_left_out_once() -> None:
    assert len(_span(10, pauses=(pause(8, 14), pause(10, 16))).active) == 112 - 9


@pytest.mark.parametrize(("on", "status"), [(7, ACTIVE), (8, PAUSED), (14, PAUSED), (15, ACTIVE)])
def test_the_status_is_paused_on_the_dates_of_a_pause(on: int, status: EnrolmentStatus) -> None:
    assert _span(on, pauses=(pause(8, 14),)).status is status


def test_a_pause_until_further_notice_is_seen_from_its_date_and_runs_to_the_last_day() -> None:
    before = _span(49, status=PAUSED, status_on=day(50))
    assert (before.status, len(before.active)) == (ACTIVE, 112)
    since = _span(50, status=PAUSED, status_on=day(50))
    assert (since.status, len(since.active)) == (PAUSED, 49)
    assert day(112) in since.paused and day(113) not in since.paused


def test_in_a_pause_until_further_notice_time_passes() -> None:
    assert _span(60, status=PAUSED, status_on=day(50)).judged_on == day(60)


def test_who_applied_has_applied_on_every_date() -> None:
    for on in (0, 10, 200):
        assert _span(on, status=APPLIED, pauses=(pause(8, 14),)).status is APPLIED


def test_withdrawn_goes_before_paused() -> None:
    assert _span(50, status=WITHDRAWN, status_on=day(50), pauses=(pause(40, 60),)).status is WITHDRAWN


@pytest.mark.parametrize(("on", "passes"), [(49, True), (50, True), (51, False)])
def test_time_passes_until_the_date_of_a_withdrawal(on: int, passes: bool) -> None:
    assert _span(on, status=WITHDRAWN, status_on=day(50)).goes_on is passes
    assert _span(on).goes_on is True


@pytest.mark.parametrize(("on", "over"), [(111, False), (112, True), (113, True)])
def test_it_is_over_from_the_last_day_on(on: int, over: bool) -> None:
    assert _span(on).is_over is over


def test_the_school_days_of_a_span_leave_holidays_and_pauses_out() -> None:
    facts = facts_of(enrolment={"pauses": (pause(8, 14),)}, holidays=(school_holiday(13, 21),))
    # 80, less 5 in the pause, less 5 in the holiday's second week (its first weekend lies in the pause).
    assert len(span_of(facts, day(1)).school_days) == 70


def test_to_spread_gives_each_date_an_equal_part() -> None:
    # 100 minutes over Saturday, Sunday | Monday: 66⅔ and 33⅓.
    assert spread(100, Days.between(day(6), day(8))) == {day(1): Fraction(200, 3), day(8): Fraction(100, 3)}


def test_over_no_dates_it_falls_away() -> None:
    assert spread(100, Days(())) == {}
