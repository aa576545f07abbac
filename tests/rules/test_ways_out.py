"""The ways out of a week that is too full. Room is 12 hours a week, the job 40; there is no internship but where it is said."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.own_plan import OwnPlan, combined, outlook
from hto_track.rules.standing import judge
from hto_track.rules.ways_out import ASKED, FullWeek, Landing, Way, WayKind, full_weeks
from tests.rules.cases import HOUR, assignment, attempt, day, facts_of, log, placement, with_enrolment
from tests.rules.strategies import facts as any_facts
from tests.rules.strategies import moments

NO_INTERNSHIP = {"internship_min": 0}
NO_JOB = {"job_weekly": 0}


def weeks_of(facts: Facts, on: int = 0, plan: OwnPlan | None = None) -> tuple[FullWeek, ...]:
    return full_weeks(facts, judge(facts, day(on)), plan or OwnPlan())


def ways_of(facts: Facts, kind: WayKind, on: int = 0) -> list[Way]:
    return [way for week in weeks_of(facts, on) for way in week.ways if way.kind is kind]


def landing(number: int, before: float, after: float, room: float = 12) -> Landing:
    return Landing(
        monday=day(number),
        before=Fraction(before) * HOUR,
        after=Fraction(after) * HOUR,
        room=Fraction(room) * HOUR,
    )


def two_assignments() -> Facts:
    """A1: 28 hours over 4 weeks, 7 a week; A2: 20 in week 3, that so has 27: 15 above 12."""
    work = (assignment("A1", opens=1, due=28, hours=28), assignment("A2", opens=15, due=21, hours=20))
    return facts_of(programme=NO_INTERNSHIP, assignments=work)


def test_a_week_above_the_room_is_named_with_what_lies_above_it() -> None:
    (week,) = weeks_of(two_assignments())
    assert (week.monday, week.study, week.room, week.over) == (day(15), 27 * HOUR, 12 * HOUR, 15 * HOUR)


def test_what_is_open_already_is_done_earlier_and_levelled_over_the_weeks_before() -> None:
    """A1 can leave week 3 with its 7 hours: weeks 1 and 2, of 7 hours each, get 3.5."""
    (way,) = ways_of(two_assignments(), WayKind.BEGIN_EARLIER)
    assert (way.code, way.minutes, way.brings, way.is_enough) == ("A1", 7 * HOUR, 7 * HOUR, False)
    assert way.week == landing(15, 27, 20)
    assert way.landings == (landing(1, 7, 10.5), landing(8, 7, 10.5))
    assert [(move.from_monday, move.to_monday, move.minutes) for move in way.change.work] == [
        (day(15), day(1), 210),
        (day(15), day(8), 210),
    ]


def test_nothing_begins_before_it_opens_or_where_no_day_is_left() -> None:
    assert not [way for way in ways_of(two_assignments(), WayKind.BEGIN_EARLIER) if way.code == "A2"]
    on_sunday_of_week_2 = ways_of(two_assignments(), WayKind.BEGIN_EARLIER, on=14)
    assert on_sunday_of_week_2 == []


def test_all_that_moves_goes_to_the_weeks_after_it_opens() -> None:
    """A1 from week 2: 10 hours in weeks 2 and 3; A2 brings week 3 to 14. The 2 above go to week 2, week 1 is not open yet."""
    work = (assignment("A1", opens=8, due=21, hours=20), assignment("A2", opens=15, due=21, hours=4))
    (way,) = ways_of(facts_of(programme=NO_INTERNSHIP, assignments=work), WayKind.BEGIN_EARLIER)
    assert way.landings == (landing(8, 10, 12),)


def test_no_week_before_is_filled_above_its_room() -> None:
    """A1: 11 hours a week. The weeks before have 1 hour left each, so 2 of the 15 hours above can go there."""
    work = (assignment("A1", opens=1, due=28, hours=44), assignment("A2", opens=15, due=21, hours=16))
    (way,) = ways_of(facts_of(programme=NO_INTERNSHIP, assignments=work), WayKind.BEGIN_EARLIER)
    assert way.landings == (landing(1, 11, 12), landing(8, 11, 12))
    assert way.brings == 2 * HOUR


def test_hours_free_from_the_job_are_room_as_far_as_there_is_a_job() -> None:
    (way,) = ways_of(two_assignments(), WayKind.RELEASE)
    assert (way.minutes, way.brings, way.is_enough) == (15 * HOUR, 15 * HOUR, True)
    assert way.week == landing(15, 27, 27, room=27)
    four_hours = with_enrolment(two_assignments(), job_weekly=6 * HOUR, release_weekly=2 * HOUR)
    (way,) = ways_of(four_hours, WayKind.RELEASE)
    assert (way.minutes, way.is_enough) == (4 * HOUR, False)
    assert ways_of(with_enrolment(two_assignments(), job_weekly=0), WayKind.RELEASE) == []


def test_an_extension_is_judged_by_the_rules_as_they_are() -> None:
    """A2 over 2 weeks instead of 1: 10 hours in weeks 3 and 4, that A1 brings to 17: no, week 4 was within its room.
    Over 3 weeks: 6 2/3 in each; week 4 would have 13 2/3. Neither is offered. Where week 4 is free, one week later brings most.
    """
    assert not [way for way in ways_of(two_assignments(), WayKind.EXTENSION) if way.code == "A2"]
    alone = facts_of(programme=NO_INTERNSHIP, assignments=(assignment("A2", opens=15, due=21, hours=20),))
    (way,) = ways_of(alone, WayKind.EXTENSION)
    assert (way.code, way.due_on, way.brings) == ("A2", day(28), 8 * HOUR)
    assert way.week == landing(15, 20, 10)
    assert way.landings == (landing(22, 0, 10),)


def test_no_extension_after_the_last_day_or_for_a_resit() -> None:
    last_weeks = facts_of(
        programme=NO_INTERNSHIP,
        assignments=(assignment("A1", opens=99, due=105, hours=20),),
        enrolment={"end_on": day(108)},
    )
    (way,) = ways_of(last_weeks, WayKind.EXTENSION, on=90)
    assert way.due_on == day(108)
    resit = assignment("A1", opens=1, due=7, hours=60, attempts=(attempt(1, 2, 3, "failed", resit_due_on=day(10)),))
    known = facts_of(programme=NO_INTERNSHIP, assignments=(resit,))
    assert weeks_of(known, on=4)
    assert ways_of(known, WayKind.EXTENSION, on=4) == []


def internship_week() -> Facts:
    """80 hours of internship over 16 weeks: 5 a week. A1 adds 14 in week 3: 19, 7 above."""
    return facts_of(assignments=(assignment("A1", opens=15, due=21, hours=14),), placements=(placement(),))


def test_internship_days_are_laid_around_the_week() -> None:
    """15 other weeks get 80 hours, in whole hours: 5 1/3 each, so 5 or 6."""
    (way,) = ways_of(internship_week(), WayKind.SHIFT_INTERNSHIP)
    assert way.week == landing(15, 19, 14)
    assert (way.minutes, way.brings) == (5 * HOUR, 5 * HOUR)
    assert sum(way.change.days.values()) == 80 * HOUR
    assert {each.after for each in way.landings} <= {5 * HOUR, 6 * HOUR}
    assert not [on for on in way.change.days if day(15) <= on <= day(21)]


def test_without_any_other_week_in_the_placement_the_days_stay() -> None:
    alone = facts_of(assignments=(assignment("A1", opens=15, due=21, hours=14),), placements=(placement(15, 21),))
    assert ways_of(alone, WayKind.SHIFT_INTERNSHIP) == []


def test_the_way_that_brings_most_comes_first_and_what_needs_nobody_before_what_is_asked() -> None:
    kinds = [way.kind for week in weeks_of(two_assignments()) for way in week.ways]
    assert kinds == [WayKind.RELEASE, WayKind.BEGIN_EARLIER, WayKind.EXTENSION]  # 15, 7 and 2 1/3 hours
    enough = facts_of(
        programme=NO_INTERNSHIP,
        assignments=(assignment("A1", opens=1, due=14, hours=14), assignment("A2", opens=8, due=14, hours=6)),
    )
    (week,) = weeks_of(enough)
    assert [(way.kind, way.brings) for way in week.ways][0] == (WayKind.BEGIN_EARLIER, HOUR)
    assert {way.kind for way in week.ways[1:]} <= ASKED


def test_a_way_that_was_taken_leaves_what_is_left() -> None:
    facts = two_assignments()
    first = ways_of(facts, WayKind.BEGIN_EARLIER)[0]
    (week,) = weeks_of(facts, plan=first.change)
    assert week.over == 8 * HOUR
    assert [way.kind for way in week.ways] == [WayKind.RELEASE]


def test_a_week_of_exactly_the_room_is_not_too_full_and_a_minute_more_is() -> None:
    def week_of(minutes: int) -> Facts:
        return facts_of(programme=NO_INTERNSHIP, study_log=(log(1, minutes / HOUR),))

    assert weeks_of(week_of(12 * HOUR), 1) == ()
    (week,) = weeks_of(week_of(12 * HOUR + 1), 1)
    assert week.over == 1


@pytest.mark.parametrize("status", [EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED, EnrolmentStatus.APPLIED])
def test_who_does_not_take_part_needs_no_way_out(status: EnrolmentStatus) -> None:
    gone: dict[str, Any] = {"status": status, "status_on": day(3)}
    assert weeks_of(with_enrolment(two_assignments(), **gone), 5) == ()


@settings(max_examples=60)
@given(any_facts, moments)
def test_no_way_makes_a_week_worse_than_it_makes_the_whole_better(known: Facts, on: date) -> None:
    standing = judge(known, on)
    before = outlook(known, standing)
    for week in full_weeks(known, standing):
        brings = [way.brings for way in week.ways]
        assert brings == sorted(brings, reverse=True)
        for way in week.ways:
            after = outlook(known, standing, way.change)
            assert way.brings == before.over - after.over > 0
            for was, then in zip(before.weeks, after.weeks, strict=True):
                assert then.over <= was.over
            if way.kind in (WayKind.BEGIN_EARLIER, WayKind.SHIFT_INTERNSHIP):
                total = sum(each.week.study for each in after.weeks)
                assert total == sum(each.week.study for each in before.weeks)
            assert {each.monday for each in way.landings}.isdisjoint({way.monday})
            for move in way.change.work:
                opens = next(one.opens_on for one in known.assignments if one.code == move.assignment)
                assert opens <= max(on, move.to_monday.fromordinal(move.to_monday.toordinal() + 6))


@settings(max_examples=60)
@given(any_facts, moments)
def test_ways_taken_one_after_the_other_bring_what_they_said(known: Facts, on: date) -> None:
    standing, plan = judge(known, on), OwnPlan()
    for _round in range(3):
        ways = [way for week in full_weeks(known, standing, plan) for way in week.ways]
        if not ways:
            return
        before = outlook(known, standing, plan)
        plan = combined(before.counted, ways[0].change)
        after = outlook(known, standing, plan)
        assert before.over - after.over == ways[0].brings
