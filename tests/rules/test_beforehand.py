"""A year told beforehand: worked out by hand in a small cohort, and held to what the plan of section 5 says for any."""

from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.assignments import judge_assignments
from hto_track.rules.beforehand import (
    Answers,
    Beforehand,
    Fit,
    Why,
    YearPlan,
    look_ahead,
    newcomer,
    room_for,
)
from hto_track.rules.calendar import SchoolCalendar, SchoolHoliday
from hto_track.rules.expectation import above_from, expected_weeks, is_asked_how_it_was, stands_beside, weekly_spent
from hto_track.rules.facts import Assignment, Enrolment, EnrolmentStatus, Facts, Lesson, Mark, Programme, StudyLogRow
from hto_track.rules.internship import judge_internship
from hto_track.rules.load import plan_load
from hto_track.rules.span import span_of
from hto_track.rules.standing import judge
from tests.rules import strategies

START = date(2026, 6, 1)
"""A Monday; the year of the examples is four weeks of it, without holidays: 28 dates, 20 school days."""
END = START + timedelta(days=27)
NO_HOLIDAYS = SchoolCalendar.of(())


def lesson(number: int, on: date, start: time = time(18, 30)) -> Lesson:
    return Lesson(number=number, on=on, start=start, minutes=180)


PLAN = YearPlan(
    programme=Programme(internship_min=20 * 60, prep_per_lesson=70),
    calendar=NO_HOLIDAYS,
    start_on=START,
    end_on=END,
    lessons=(lesson(1, START + timedelta(days=8)), lesson(2, START + timedelta(days=15), time(14))),
    assignments=(
        Assignment(code="A1", opens_on=START + timedelta(days=7), due_on=START + timedelta(days=20), estimate=14 * 60),
    ),
)
"""Internship: an hour each school day, 5 hours a week. A1: an hour a day in weeks 2 and 3. Lessons on the Tuesdays of weeks
2 and 3, 3 hours; ten minutes of preparation on each of the 7 dates before.
"""
ANSWERS = Answers(job=40 * 60, room=10 * 60)
DAY_BEFORE = START - timedelta(days=1)


def told(answers: Answers = ANSWERS, plan: YearPlan = PLAN, on: date = DAY_BEFORE) -> Beforehand:
    return look_ahead(plan, answers, on)


class TestByHand:
    """Four weeks: 6 hours, 16 hours 10, 15 hours 10 minutes less, 5 hours."""

    def test_each_week_is_the_plan_of_section_5(self) -> None:
        # Week 1 holds 6 of the 7 days before lesson 1; week 2 one of them and 6 of those before lesson 2; week 3 one.
        assert [week.study for week in told().weeks] == [
            5 * 60 + 60,
            3 * 60 + 70 + 7 * 60 + 5 * 60,
            3 * 60 + 10 + 7 * 60 + 5 * 60,
            5 * 60,
        ]
        assert [week.with_job - week.study for week in told().weeks] == [40 * 60] * 4

    def test_the_totals_say_what_the_hours_are(self) -> None:
        totals = told(replace(ANSWERS, travel=30)).totals
        assert (totals.lessons, totals.travel, totals.preparation) == (360, 60, 140)
        assert (totals.assignments, totals.internship) == (840, 1200)
        assert totals.together == 360 + 60 + 140 + 840 + 1200

    def test_the_heaviest_week_says_why(self) -> None:
        first, second, *_ = told().heaviest
        assert (first.week.monday, second.week.monday) == (date(2026, 6, 8), date(2026, 6, 15))
        assert [(reason.why, reason.minutes, reason.code) for reason in first.reasons] == [
            (Why.ASSIGNMENT, 420, "A1"),
            (Why.INTERNSHIP, 300, ""),
            (Why.LESSONS, 180, ""),
            (Why.PREPARATION, 70, ""),
        ]
        assert first.reasons[2].lessons == (1,)
        assert [reason.is_due for one in (first, second) for reason in one.reasons if reason.code] == [False, True]

    @pytest.mark.parametrize(
        ("room", "fit", "above"),
        [(17 * 60, Fit.ALWAYS, 0), (11 * 60, Fit.MOSTLY, 2), (10 * 60, Fit.NOT, 2), (4 * 60, Fit.NOT, 4)],
    )
    def test_it_fits_always_mostly_or_not(self, room: int, fit: Fit, above: int) -> None:
        # The mean is (360 + 970 + 910 + 300) / 4 = 635 minutes: more than 10 hours, less than 11.
        one = told(replace(ANSWERS, room=room))
        assert (one.mean, one.fit, one.above, one.fitting) == (635, fit, above, 4 - above)

    def test_a_mean_that_fits_is_not_enough_when_most_weeks_do_not(self) -> None:
        lengths = (420, 420, 60)
        lessons = tuple(
            replace(lesson(at, START + timedelta(days=7 * at)), minutes=minutes) for at, minutes in enumerate(lengths)
        )
        programme = Programme(internship_min=0, prep_per_lesson=0)
        one = told(replace(ANSWERS, room=360), replace(PLAN, programme=programme, lessons=lessons, assignments=()))
        assert (one.mean, one.above, one.fit) == (300, 2, Fit.NOT)

    def test_what_would_make_it_fit_is_said_in_half_hours(self) -> None:
        one = told()
        assert (one.room_for_all, one.spared, one.room_for_most) == (16 * 60 + 30, 0, 16 * 60 + 30)
        assert one.lacking == 6 * 60 + 30
        assert room_for(one.weeks, spared=2) == 6 * 60
        assert room_for(one.weeks, spared=4) == 0

    def test_who_works_all_week_arranges_days_off_for_the_internship(self) -> None:
        # 20 hours are three days of eight.
        days = told().internship
        assert (days.needed, days.free, days.days_off, days.school_days) == (3, 0, 3, 20)

    def test_who_is_free_on_friday_arranges_none(self) -> None:
        days = told(replace(ANSWERS, workdays=frozenset({0, 1, 2, 3}))).internship
        assert (days.free, days.days_off) == (4, 0)

    def test_who_has_no_job_has_every_school_day(self) -> None:
        assert told(replace(ANSWERS, job=0)).internship.free == 20

    def test_too_few_school_days_are_too_few(self) -> None:
        short = replace(PLAN, start_on=END - timedelta(days=3), lessons=(), assignments=())
        assert not told(plan=short).internship.is_feasible

    def test_a_lesson_in_the_afternoon_of_a_working_day_is_in_working_time(self) -> None:
        (tuesday,) = told().lesson_days
        assert (tuesday.weekday, tuesday.lessons, tuesday.in_working_time) == (1, 2, 1)
        (evening,) = told(plan=replace(PLAN, lessons=PLAN.lessons[:1])).lesson_days
        assert evening.in_working_time == 0
        (free,) = told(replace(ANSWERS, workdays=frozenset({0}))).lesson_days
        assert free.in_working_time == 0

    def test_who_joins_later_sees_what_is_left(self) -> None:
        late = told(on=START + timedelta(days=14))
        assert (late.first, [week.monday for week in late.weeks]) == (
            date(2026, 6, 15),
            [date(2026, 6, 15), date(2026, 6, 22)],
        )
        # A1 has had none of its 14 dates: it is due 14 days after the first, cut off by the last day.
        assert late.totals.assignments == 14 * 60
        assert late.totals.internship == 20 * 60

    def test_nothing_planned_fits_and_divides_by_nothing(self) -> None:
        none = replace(PLAN, lessons=(), assignments=(), programme=Programme(internship_min=0))
        one = told(plan=none)
        assert (one.fit, one.mean, one.heaviest, one.room_for_all) == (Fit.ALWAYS, 0, (), 0)


plans = st.builds(
    lambda facts: YearPlan(
        programme=facts.programme,
        calendar=facts.calendar,
        start_on=facts.enrolment.cohort_start_on,
        end_on=facts.enrolment.cohort_end_on,
        lessons=facts.lessons,
        assignments=facts.assignments,
    ),
    strategies.facts,
).map(
    lambda plan: replace(
        plan,
        lessons=tuple(replace(each, mark=None) for each in plan.lessons),
        assignments=tuple(replace(each, attempts=(), extended_to=None) for each in plan.assignments),
    )
)
answers = st.builds(
    Answers,
    job=st.integers(0, 3000),
    room=st.integers(0, 2000),
    travel=st.sampled_from([0, 25, 60]),
    workdays=st.frozensets(st.integers(0, 6)),
)


class TestProperties:
    """What holds of every plan and every answer."""

    @given(plans, answers, strategies.moments)
    def test_it_is_the_original_plan(self, plan: YearPlan, answers: Answers, on: date) -> None:
        """Judged a year after the last day every week is a week before: the original plan stands in all of them."""
        facts = newcomer(plan, answers, on)
        span = span_of(facts, plan.end_on + timedelta(days=365))
        original = plan_load(facts, span, judge_assignments(facts, span), judge_internship(facts, span))
        assert [week.study for week in look_ahead(plan, answers, on).weeks] == [week.study for week in original.weeks]

    @given(plans, answers, strategies.moments)
    def test_the_parts_are_the_whole(self, plan: YearPlan, answers: Answers, on: date) -> None:
        told = look_ahead(plan, answers, on)
        assert told.totals.together == sum((week.study for week in told.weeks), Fraction(0))
        for one in told.heaviest:
            assert sum((reason.minutes for reason in one.reasons), Fraction(0)) == one.week.study
        rest = [week.study for week in told.weeks if week not in [one.week for one in told.heaviest]]
        assert all(one.week.study >= most for one in told.heaviest for most in rest)

    @given(plans, answers, st.integers(0, 6))
    def test_the_room_that_fits_is_the_smallest(self, plan: YearPlan, answers: Answers, spared: int) -> None:
        weeks = look_ahead(plan, answers, plan.start_on).weeks
        room = room_for(weeks, spared=spared)
        assert sum(week.study > room for week in weeks) <= spared
        assert room == 0 or sum(week.study > room - 30 for week in weeks) > spared

    @given(plans, answers, st.integers(0, 600))
    def test_more_room_never_fits_less(self, plan: YearPlan, answers: Answers, more: int) -> None:
        order = [Fit.NOT, Fit.MOSTLY, Fit.ALWAYS]
        less = look_ahead(plan, answers, plan.start_on)
        roomier = look_ahead(plan, replace(answers, room=answers.room + more), plan.start_on)
        assert order.index(roomier.fit) >= order.index(less.fit)
        assert roomier.weeks == less.weeks

    @given(plans, answers)
    def test_more_working_days_never_need_fewer_days_off(self, plan: YearPlan, answers: Answers) -> None:
        fewer = look_ahead(plan, answers, plan.start_on).internship
        every_day = look_ahead(plan, replace(answers, workdays=frozenset(range(7))), plan.start_on).internship
        assert fewer.days_off <= every_day.days_off <= every_day.needed

    @given(strategies.facts)
    def test_what_was_expected_does_not_change_with_what_is_done(self, facts: Facts) -> None:
        undone = replace(
            facts,
            lessons=tuple(replace(each, mark=Mark.ABSENT) for each in facts.lessons),
            assignments=tuple(replace(each, attempts=(), extended_to=None) for each in facts.assignments),
            internship=(),
            study_log=(),
        )
        assert expected_weeks(facts) == expected_weeks(undone)


class TestBeside:
    """What was expected beside what came true."""

    def facts(self) -> Facts:
        enrolment = Enrolment(cohort_start_on=START, cohort_end_on=END)
        return Facts(
            programme=PLAN.programme,
            calendar=NO_HOLIDAYS,
            enrolment=enrolment,
            lessons=PLAN.lessons,
            assignments=PLAN.assignments,
            study_log=(StudyLogRow(on=START + timedelta(days=1), minutes=90), StudyLogRow(on=END, minutes=60)),
        )

    def test_only_weeks_that_are_over_count_until_now(self) -> None:
        on = START + timedelta(days=10)
        standing = judge(self.facts(), on)
        beside = stands_beside(expected_weeks(self.facts()), standing.load, standing.span)
        assert [week.spent for week in beside.weeks] == [90, None, None, None]
        assert (beside.expected_so_far, beside.planned_so_far, beside.spent_so_far) == (360, 360, 90)
        assert beside.expected == 360 + 970 + 910 + 300

    def test_a_week_that_was_expected_and_fell_away_stays_in_sight(self) -> None:
        standing = judge(self.facts(), START)
        beside = stands_beside({START - timedelta(days=7): 60}, standing.load, standing.span)
        assert (beside.weeks[0].expected, beside.weeks[0].planned, len(beside.weeks)) == (60, 0, 5)

    @pytest.mark.parametrize(("days_before_end", "is_asked"), [(28, False), (27, True), (0, True), (-50, True)])
    def test_one_is_asked_in_the_last_four_weeks_and_after(self, days_before_end: int, is_asked: bool) -> None:
        facts = replace(self.facts(), enrolment=replace(self.facts().enrolment, cohort_end_on=END + timedelta(days=90)))
        on = END + timedelta(days=90 - days_before_end)
        assert is_asked_how_it_was(span_of(facts, on)) is is_asked

    def test_who_only_applied_is_not_asked(self) -> None:
        facts = replace(self.facts(), enrolment=replace(self.facts().enrolment, status=EnrolmentStatus.APPLIED))
        assert not is_asked_how_it_was(span_of(facts, END))

    def test_the_middle_of_five_is_said_and_of_four_nothing(self) -> None:
        people = [(600, 10), (700, 10), (900, 10), (100, 10), (5000, 10)]
        spent = weekly_spent(people)
        assert spent is not None and (spent.minutes, spent.people) == (70, 5)
        assert weekly_spent(people[:4]) is None
        even = weekly_spent([*people, (800, 10)])
        assert even is not None and even.minutes == 75

    def test_weeks_above_the_room_are_counted_from_a_week_on(self) -> None:
        load = judge(replace(self.facts(), enrolment=replace(self.facts().enrolment, study_weekly=600)), START).load
        assert above_from(load, START) == 2
        assert above_from(load, START + timedelta(days=14)) == 1


def test_a_holiday_takes_the_internship_out_of_its_week() -> None:
    holiday = SchoolHoliday(first_day=START + timedelta(days=14), last_day=START + timedelta(days=20))
    plan = replace(PLAN, calendar=SchoolCalendar.of((holiday,)))
    assert [week.internship for week in told(plan=plan).weeks] == [400, 400, 0, 400]
