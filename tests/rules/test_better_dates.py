"""Due dates that ask less of a cohort: by hand, and the same as judging everyone anew for each date."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.better_dates import MOST_SUGGESTIONS, better_dates, possible_dates
from hto_track.rules.calendar import SchoolCalendar, SchoolHoliday
from hto_track.rules.days import monday_of
from hto_track.rules.due_dates import AssignmentDates
from hto_track.rules.facts import Facts
from hto_track.rules.load import planned_on_assignment
from hto_track.rules.plan_changes import dates_moved
from hto_track.rules.room_change import People, counted, room_change
from hto_track.rules.standing import judge
from tests.rules import strategies
from tests.rules.cases import END, HOUR, NO_HOLIDAYS, assignment, day, facts_of

SUNDAY = day(0)
STANDS = AssignmentDates(opens_on=day(1), due_on=day(14))


def judged(*people: Facts, on: date = SUNDAY) -> People:
    return {f"P{at}": (facts, judge(facts, on)) for at, facts in enumerate(people, start=1)}


def someone(room: float, hours: int = 28) -> Facts:
    return facts_of(
        enrolment={"study_weekly": round(room * HOUR)},
        programme={"internship_min": 0},
        assignments=(assignment(due=14, hours=hours),),
    )


class TestPossibleDates:
    def possible(self, wanted: AssignmentDates = STANDS, end: date = END, **more: object) -> list[date]:
        known = {"taken": (), "calendar": NO_HOLIDAYS, "on": SUNDAY} | more
        return list(possible_dates(wanted, STANDS, end, **known))  # type: ignore[arg-type]

    def test_school_days_of_three_weeks_on_but_not_sooner_than_it_stands(self) -> None:
        found = self.possible()
        assert (found[0], found[-1], len(found)) == (day(15), day(33), 15), "day 35 is a Sunday"
        assert {on.weekday() for on in found} == {0, 1, 2, 3, 4}

    def test_around_a_later_date_also_those_before_it(self) -> None:
        found = self.possible(AssignmentDates(opens_on=day(1), due_on=day(30)))
        assert (found[0], found[-1], day(30) in found) == (day(15), day(51), False)

    def test_not_in_holidays_nor_when_another_is_due_nor_past_the_end(self) -> None:
        summer = SchoolCalendar.of((SchoolHoliday(first_day=day(22), last_day=day(28)),))
        found = self.possible(end=day(30), calendar=summer, taken=(day(15), day(29)))
        assert found == [day(16), day(17), day(18), day(19), day(30)]

    def test_nothing_that_is_past(self) -> None:
        assert self.possible(on=day(33)) == [day(33)]


class TestBetterDates:
    def test_the_week_that_fits_everyone_is_the_first(self) -> None:
        """28 hours in two weeks are 14 a week; over three weeks 9.33, over four 7, over five 5.6."""
        people = judged(someone(10), someone(8))
        found = better_dates(people, "A1", STANDS, [day(21), day(28), day(35)], SUNDAY)
        assert [(one.due_on, one.before, one.after, one.fewer_weeks) for one in found] == [
            (day(28), 2, 0, 4),
            (day(35), 2, 0, 4),
            (day(21), 2, 1, 1),
        ]

    def test_of_one_week_only_the_best(self) -> None:
        """In 27 days a week takes 7.26 hours, in 28 it takes 7."""
        found = better_dates(judged(someone(7)), "A1", STANDS, [day(26), day(27), day(28), day(30)], SUNDAY)
        assert [one.due_on for one in found] == [day(28), day(30)]

    def test_where_nothing_is_better_there_is_none(self) -> None:
        assert better_dates(judged(someone(20)), "A1", STANDS, [day(21), day(28)], SUNDAY) == ()
        assert better_dates(judged(someone(2)), "A1", STANDS, [day(21), day(28)], SUNDAY) == (), "more weeks, no less"

    def test_what_brings_more_people_above_their_room_is_no_better(self) -> None:
        """42 hours in three weeks are 14 a week, in four 10.5. With the 8 hours of A2 week 4 is then too much for both."""
        full = assignment("A2", opens=22, due=28, hours=8)
        tight, roomy = (
            facts_of(
                enrolment={"study_weekly": room * HOUR},
                programme={"internship_min": 0},
                assignments=(assignment(due=21, hours=42), full),
            )
            for room in (11, 14)
        )
        stands = AssignmentDates(opens_on=day(1), due_on=day(21))
        moved = room_change(judged(tight, roomy), dates_moved({}, {"A1": day(28)}), SUNDAY)
        assert (moved.before, moved.after, sum(week.after for week in moved.weeks)) == (1, 2, 2)
        assert sum(week.before for week in moved.weeks) == 3
        assert better_dates(judged(tight, roomy), "A1", stands, [day(28)], SUNDAY) == ()

    def test_an_assignment_without_load_has_no_better_date(self) -> None:
        optional = facts_of(assignments=(assignment(due=14, hours=100, mandatory=False),))
        assert better_dates(judged(optional), "A1", STANDS, [day(28)], SUNDAY) == ()
        assert better_dates({}, "A1", STANDS, [day(28)], SUNDAY) == ()


@given(st.lists(strategies.facts, min_size=1, max_size=3), strategies.dates, st.integers(-20, 60), st.data())
def test_each_is_what_judging_everyone_anew_says_it_is(
    everyone: list[Facts], on: date, later: int, data: st.DataObject
) -> None:
    codes = sorted({task.code for facts in everyone for task in facts.assignments}) or ["A1"]
    code = data.draw(st.sampled_from(codes))
    has_it = [
        facts for facts in everyone if any(task.code == code and task.mandatory for task in facts.assignments)
    ]  # an assignment of a cohort is everyone's
    people = judged(*has_it, on=on)
    stands = next((task for facts in has_it for task in facts.assignments if task.code == code), None)
    opens_on = stands.opens_on if stands else on
    wanted = AssignmentDates(opens_on=opens_on, due_on=max(opens_on, on + timedelta(days=later)))
    possible = [wanted.due_on + timedelta(days=days) for days in range(1, 29, 4)]
    found = better_dates(people, code, wanted, possible, on)
    assert len(found) <= MOST_SUGGESTIONS
    assert len({monday_of(one.due_on) for one in found}) == len(found)
    assert [one.fewer_weeks for one in found] == sorted((one.fewer_weeks for one in found), reverse=True)
    for one in found:
        everyone_anew = room_change(people, dates_moved({code: opens_on}, {code: one.due_on}), on)
        assert (one.before, one.after) == (everyone_anew.before, everyone_anew.after)


@given(strategies.facts, strategies.moments)
def test_what_is_planned_on_assignments_is_their_part_of_each_week_to_come(facts: Facts, on: date) -> None:
    for _code, (known, standing) in counted(judged(facts, on=on)):
        of_assignments = [planned_on_assignment(known, standing.span, each) for each in standing.assignments.mandatory]
        for week in standing.load.weeks:
            if week.monday > monday_of(on):
                assert week.assignments == sum(
                    (one.get(week.monday, Fraction(0)) for one in of_assignments), Fraction(0)
                )
