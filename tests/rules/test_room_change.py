"""What a change of the plan does to the room of a cohort, worked out by hand.

Everyone has an evening of three hours on Tuesday of week 3 (16 June), with an hour of preparation over the seven dates before
it (9 to 15 June), and nothing else to do.
"""

from dataclasses import replace
from datetime import date, time
from typing import Any

from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.lesson_dates import Slot
from hto_track.rules.plan_changes import Change, dates_moved, lesson_at, one_after_another
from hto_track.rules.room_change import RoomChange, WeekOfRoom, room_change
from hto_track.rules.standing import judge
from tests.rules.cases import END, HOUR, assignment, day, facts_of, lesson

TODAY = day(3)
WEEK_2, WEEK_3, WEEK_4, WEEK_5 = (day(1 + 7 * week) for week in range(1, 5))
EVENING = day(16)


def someone(room: float, **known: Any) -> Facts:
    return facts_of(
        enrolment={"study_weekly": round(room * HOUR)},
        programme={"internship_min": 0},
        lessons=(lesson(EVENING, number=1),),
        **known,
    )


def changed(change: Change, *people: Facts) -> RoomChange:
    return room_change(
        {f"P{at}": (facts, judge(facts, TODAY)) for at, facts in enumerate(people, start=1)}, change, TODAY
    )


def moved_to(on: date, *people: Facts, number: int = 1, end_on: date = END) -> RoomChange:
    slot = Slot(on=on, starts_at=time(18, 30), ends_at=time(21, 30))
    return changed(lesson_at(number, slot, end_on), *people)


def test_the_full_week_moves_with_the_lesson() -> None:
    change = moved_to(day(30), someone(3), someone(3), someone(4))
    assert (change.before, change.after) == (2, 2)
    assert change.weeks == (
        WeekOfRoom(monday=WEEK_2, before=0, after=0),
        WeekOfRoom(monday=WEEK_3, before=2, after=0),
        WeekOfRoom(monday=WEEK_4, before=0, after=0),
        WeekOfRoom(monday=WEEK_5, before=0, after=2),
    )


def test_within_the_week_nobody_comes_above_the_room_or_below_it() -> None:
    change = moved_to(day(17), someone(3))
    assert (change.before, change.after) == (1, 1)


def test_an_added_lesson_comes_beside_the_others() -> None:
    change = moved_to(day(17), someone(4), number=2)
    assert (change.before, change.after) == (0, 1)


def test_a_lesson_out_of_somebodys_span_is_no_load_of_theirs() -> None:
    left = someone(3)
    left = replace(left, enrolment=replace(left.enrolment, end_on=day(20)))
    change = moved_to(day(30), left)
    assert (change.before, change.after) == (1, 0)


def test_past_the_end_it_counts_when_the_end_moves() -> None:
    late = date(2026, 9, 22)
    assert moved_to(late, someone(3), end_on=late).after == 1
    assert moved_to(late, someone(3), end_on=END).after == 0


def test_who_only_applied_or_left_is_not_counted() -> None:
    for status in (EnrolmentStatus.APPLIED, EnrolmentStatus.WITHDRAWN):
        person = someone(3)
        person = replace(person, enrolment=replace(person.enrolment, status=status, status_on=day(2)))
        assert moved_to(day(30), person) == RoomChange(weeks=(), before=0, after=0)


def test_dates_that_move_along_are_counted_with_it() -> None:
    """28 hours over weeks 1 to 4 become as many over weeks 1 to 8: fewer a week, in other weeks too."""
    person = someone(7, assignments=(assignment(due=28, hours=28),))
    lesson_stays = lesson_at(1, Slot(on=EVENING, starts_at=time(18, 30), ends_at=time(21, 30)), END)
    assert changed(lesson_stays, person).weeks == ()
    both = changed(one_after_another(lesson_stays, dates_moved({}, {"A1": day(56)})), person)
    assert (both.before, both.after) == (1, 0)


class TestDatesMoved:
    """Somebody whose evening takes 3 hours, with 28 hours of work on A1 over weeks 1 to 4: 7 a week."""

    def test_who_comes_above_the_room_and_who_below_is_named(self) -> None:
        """Due in week 8 instead of week 4 it is 3.5 hours a week less 2 days: week 3 fits, nothing else becomes too much."""
        tight, roomy = (someone(room, assignments=(assignment(due=28, hours=28),)) for room in (7, 12))
        later = changed(dates_moved({}, {"A1": day(56)}), tight, roomy)
        assert (later.before, later.after, later.rising, later.falling) == (1, 0, (), ("P1",))
        sooner = changed(dates_moved({}, {"A1": day(12)}), tight, roomy)
        assert (sooner.before, sooner.after, sooner.rising, sooner.falling) == (1, 2, ("P2",), ())

    def test_an_extension_of_ones_own_stays(self) -> None:
        own = someone(7, assignments=(assignment(due=28, hours=28, extended_to=day(35)),))
        assert changed(dates_moved({}, {"A1": day(56)}), own).weeks == ()

    def test_another_assignment_stays(self) -> None:
        person = someone(7, assignments=(assignment(due=28, hours=28),))
        assert changed(dates_moved({"A9": day(1)}, {"A9": day(56)}), person).weeks == ()
