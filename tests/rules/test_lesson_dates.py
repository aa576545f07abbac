"""When a lesson cannot be, and what there is against a date."""

from datetime import date, time, timedelta

import pytest

from hto_track.rules.calendar import public_holidays
from hto_track.rules.lesson_dates import (
    Clash,
    ClashKind,
    CohortDates,
    LessonElsewhere,
    NamedHoliday,
    Slot,
    SlotFault,
    Surroundings,
    date_clashes,
    public_holiday_names,
    slot_faults,
)

TODAY = date(2026, 6, 14)
TUESDAY = date(2026, 9, 1)


def at(on: date = TUESDAY, starts: str = "18:30", ends: str = "21:30") -> Slot:
    return Slot(on=on, starts_at=time.fromisoformat(starts), ends_at=time.fromisoformat(ends))


COHORT = CohortDates(start_on=date(2026, 3, 9), end_on=date(2026, 12, 18), others={2: at(date(2026, 9, 8))})


def kinds(slot: Slot, around: Surroundings, number: int | None = None) -> list[ClashKind]:
    return [clash.kind for clash in date_clashes(slot, around, number)]


@pytest.mark.parametrize(
    ("slot", "fault"),
    [
        (at(ends="18:30"), SlotFault.ENDS_BEFORE_START),
        (at(ends="18:00"), SlotFault.ENDS_BEFORE_START),
        (at(date(2026, 3, 8)), SlotFault.BEFORE_COHORT),
        (at(date(2026, 12, 19)), SlotFault.AFTER_COHORT),
        (at(date(2026, 9, 8), "21:29", "22:00"), SlotFault.OVERLAPS),
        (at(date(2026, 9, 8), "19:00", "20:00"), SlotFault.OVERLAPS),
        (at(date(2026, 9, 8), "17:00", "23:00"), SlotFault.OVERLAPS),
    ],
)
def test_where_a_lesson_cannot_be(slot: Slot, fault: SlotFault) -> None:
    assert slot_faults(slot, COHORT, is_marked=False, on=TODAY) == (fault,)


@pytest.mark.parametrize(
    "slot",
    [
        at(),
        at(date(2026, 3, 9)),
        at(date(2026, 12, 18)),
        at(date(2026, 9, 8), "21:30", "22:00"),
        at(date(2026, 9, 8), "17:00", "18:30"),
        at(date(2026, 9, 7)),
    ],
)
def test_where_it_can_be(slot: Slot) -> None:
    assert slot_faults(slot, COHORT, is_marked=False, on=TODAY) == ()


def test_a_lesson_with_marks_is_not_still_to_come() -> None:
    assert slot_faults(at(TODAY + timedelta(days=1)), COHORT, is_marked=True, on=TODAY) == (SlotFault.MARKED,)
    assert slot_faults(at(TODAY), COHORT, is_marked=True, on=TODAY) == ()
    assert slot_faults(at(), COHORT, is_marked=False, on=TODAY) == ()


def test_nothing_known_is_nothing_against_it() -> None:
    assert date_clashes(at(), Surroundings()) == ()


def test_public_and_school_holidays_are_said_with_their_name() -> None:
    may = NamedHoliday(name="Meivakantie", first_day=date(2026, 4, 25), last_day=date(2026, 5, 3))
    around = Surroundings(school_holidays=(may,))
    assert kinds(at(date(2026, 4, 27)), around) == [ClashKind.PUBLIC_HOLIDAY, ClashKind.SCHOOL_HOLIDAY]
    for day in (may.first_day, may.last_day):
        assert date_clashes(at(day), around) == (Clash(kind=ClashKind.SCHOOL_HOLIDAY, names=("Meivakantie",)),)
    assert date_clashes(at(date(2026, 4, 24)), around) == date_clashes(at(date(2026, 5, 4)), around) == ()


def test_another_cohort_in_the_same_place_is_said_once() -> None:
    around = Surroundings(
        elsewhere=(
            LessonElsewhere(cohort="B", slot=at(starts="21:00", ends="22:00")),
            LessonElsewhere(cohort="B", slot=at(starts="19:00", ends="20:00")),
            LessonElsewhere(cohort="C", slot=at(starts="21:30", ends="22:00")),
        )
    )
    assert date_clashes(at(), around) == (Clash(kind=ClashKind.ELSEWHERE, names=("B",)),)


def test_lessons_that_are_passed_are_named() -> None:
    lessons = {1: at(date(2026, 9, 1)), 2: at(date(2026, 9, 8)), 3: at(date(2026, 9, 15))}
    around = Surroundings(lessons=lessons)
    assert kinds(at(date(2026, 9, 9)), around, 2) == []
    assert date_clashes(at(date(2026, 9, 16)), around, 2) == (Clash(kind=ClashKind.OUT_OF_ORDER, numbers=(3,)),)
    assert date_clashes(at(date(2026, 8, 31)), around, 3)[0].numbers == (1, 2)
    assert kinds(at(date(2026, 8, 31)), around) == [], "a new lesson has no place in the order yet"


def test_two_due_dates_in_the_week_are_said_and_one_is_not() -> None:
    monday, sunday = date(2026, 8, 31), date(2026, 9, 6)
    assert date_clashes(at(), Surroundings(due={"A1": monday})) == ()
    assert date_clashes(at(), Surroundings(due={"A1": monday, "A2": sunday})) == (
        Clash(kind=ClashKind.DUE_DATES, names=("A1", "A2")),
    )
    assert date_clashes(at(), Surroundings(due={"A1": monday, "A2": date(2026, 9, 7)})) == ()


def test_who_has_a_pause_then_is_named() -> None:
    around = Surroundings(paused={"Bram": frozenset({TUESDAY}), "Noor": frozenset({date(2026, 9, 2)})})
    assert date_clashes(at(), around) == (Clash(kind=ClashKind.PAUSED, names=("Bram",)),)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_every_public_holiday_has_a_name(year: int, language: str) -> None:
    assert public_holiday_names(year, language).keys() == public_holidays(year)
