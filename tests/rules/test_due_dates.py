"""Other dates for an assignment of a whole cohort: what makes them impossible, what is against them, whose dates move along."""

from dataclasses import replace
from datetime import date

import pytest

from hto_track.rules.due_dates import (
    AssignmentDates,
    DateFault,
    DueClash,
    DueClashKind,
    DueSurroundings,
    OwnDates,
    Stays,
    date_faults,
    due_clashes,
    own_dates,
)
from hto_track.rules.facts import AttemptOutcome, EnrolmentStatus, Facts, Pause
from hto_track.rules.lesson_dates import NamedHoliday
from hto_track.rules.standing import judge
from tests.rules.cases import END, START, assignment, attempt, day, facts_of

TODAY = day(8)
STANDS = AssignmentDates(opens_on=day(1), due_on=day(28))


def due(on: date, opens_on: date = STANDS.opens_on) -> AssignmentDates:
    return AssignmentDates(opens_on=opens_on, due_on=on)


class TestFaults:
    @pytest.mark.parametrize(
        ("dates", "fault"),
        [
            (due(day(20), day(21)), DateFault.DUE_BEFORE_OPENING),
            (due(day(7)), DateFault.DUE_IS_PAST),
            (due(day(28), day(0)), DateFault.OPENS_BEFORE_COHORT),
        ],
    )
    def test_what_cannot_be(self, dates: AssignmentDates, fault: DateFault) -> None:
        assert date_faults(dates, STANDS, START, TODAY) == (fault,)

    @pytest.mark.parametrize("dates", [due(day(8)), due(day(20), day(20)), due(END), due(day(300))])
    def test_what_can_be(self, dates: AssignmentDates) -> None:
        assert date_faults(dates, STANDS, START, TODAY) == ()

    def test_what_stands_already_can_stay_while_the_other_date_moves(self) -> None:
        early = AssignmentDates(opens_on=day(-3), due_on=day(5))
        assert date_faults(replace(early, opens_on=day(1)), early, START, TODAY) == ()
        assert date_faults(replace(early, due_on=day(9)), early, START, TODAY) == ()


class TestClashes:
    AROUND = DueSurroundings(
        cohort_end_on=day(112),
        school_holidays=(NamedHoliday(name="Zomervakantie", first_day=day(40), last_day=day(80)),),
        others={"A2": day(35), "A3": day(35), "A4": day(36)},
    )

    def clashes(self, on: date, stands: AssignmentDates = STANDS) -> tuple[DueClash, ...]:
        return due_clashes(due(on), stands, self.AROUND)

    def test_nothing_is_against_a_free_day_after_the_one_that_stood(self) -> None:
        assert self.clashes(day(29)) == ()

    def test_nothing_is_against_the_day_that_stands(self) -> None:
        assert self.clashes(day(35), due(day(35))) == ()

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            (day(35), DueClash(kind=DueClashKind.SAME_DAY, names=("A2", "A3"))),
            (day(40), DueClash(kind=DueClashKind.SCHOOL_HOLIDAY, names=("Zomervakantie",))),
            (day(80), DueClash(kind=DueClashKind.SCHOOL_HOLIDAY, names=("Zomervakantie",))),
            (day(113), DueClash(kind=DueClashKind.AFTER_COHORT)),
            (day(27), DueClash(kind=DueClashKind.SOONER)),
        ],
    )
    def test_what_is_against_a_day(self, on: date, expected: DueClash) -> None:
        assert self.clashes(on) == (expected,)

    def test_a_public_holiday_is_no_day_to_be_due(self) -> None:
        christmas = date(2026, 12, 25)
        assert [clash.kind for clash in self.clashes(christmas)] == [
            DueClashKind.PUBLIC_HOLIDAY,
            DueClashKind.AFTER_COHORT,
        ]


class TestOwnDates:
    AFTER = due(day(42))

    def of(self, facts: Facts) -> OwnDates | None:
        found = own_dates({"P1": (facts, judge(facts, TODAY))}, "A1", STANDS, self.AFTER)
        return found.get("P1")

    def someone(self, **more: object) -> Facts:
        return facts_of(assignments=(assignment(**more),))  # type: ignore[arg-type]

    def test_the_date_of_who_has_it_still_to_do_moves(self) -> None:
        assert self.of(self.someone()) == OwnDates(before=STANDS, after=self.AFTER, stays=None)

    def test_days_in_a_pause_come_on_top_of_either(self) -> None:
        """Days 20 to 22 are lost to both."""
        paused = self.someone()
        pauses = (Pause(start_on=day(20), end_on=day(22)),)
        paused = replace(paused, enrolment=replace(paused.enrolment, pauses=pauses))
        assert self.of(paused) == OwnDates(before=due(day(31)), after=due(day(45)), stays=None)

    def test_who_began_later_could_not_open_it_before(self) -> None:
        late = self.someone()
        late = replace(late, enrolment=replace(late.enrolment, start_on=day(4)))
        found = self.of(late)
        assert found is not None and found.before == AssignmentDates(opens_on=day(4), due_on=day(31))

    def test_an_extension_stays(self) -> None:
        found = self.of(self.someone(extended_to=day(35)))
        assert found is not None
        assert (found.stays, found.after.due_on, found.is_touched) == (Stays.EXTENDED, day(35), False)

    @pytest.mark.parametrize("outcome", [None, AttemptOutcome.PASSED, AttemptOutcome.FAILED])
    def test_nothing_moves_for_who_handed_in(self, outcome: AttemptOutcome | None) -> None:
        handed_in = attempt(1, submitted=2, assessed=3 if outcome else None, outcome=outcome)
        found = self.of(self.someone(attempts=(handed_in,)))
        assert found is not None
        assert (found.stays, found.is_touched) == (Stays.HANDED_IN, False)

    def test_an_opening_that_moves_counts_where_the_due_date_was_extended(self) -> None:
        facts = self.someone(extended_to=day(60))
        found = own_dates({"P1": (facts, judge(facts, TODAY))}, "A1", STANDS, due(day(42), day(10)))["P1"]
        assert found.is_touched and found.after == AssignmentDates(opens_on=day(10), due_on=day(60))

    @pytest.mark.parametrize("status", [EnrolmentStatus.APPLIED, EnrolmentStatus.WITHDRAWN])
    def test_nobody_is_named_who_only_applied_or_left(self, status: EnrolmentStatus) -> None:
        facts = self.someone()
        gone = replace(facts, enrolment=replace(facts.enrolment, status=status, status_on=day(2)))
        assert self.of(gone) is None

    def test_an_assignment_that_is_not_there_is_nobodys(self) -> None:
        assert own_dates({"P1": (facts_of(), judge(facts_of(), TODAY))}, "A1", STANDS, self.AFTER) == {}
