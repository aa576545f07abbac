"""Planned beside spent over people: by hand, and what holds of any people in any order."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.cohort_figures import FEW, FEWEST, HIDDEN, Cell
from hto_track.rules.looking_back import CohortPast, GivenWork, Middle, look_back, middle_of, seen
from hto_track.rules.own_past import Parts, PersonPast, Stretch

HOUR = 60
A1 = GivenWork(code="A1", title="Lesplan", estimate=10 * HOUR, mandatory=True)


def person(
    hours: float = 0, *, on: str = "A1", told: int = 0, verdict: str | None = None, logged: int = 2, weeks: int = 4
) -> PersonPast:
    """Who spent so many hours on an assignment, in a month of four weeks in which 40 hours were planned."""
    spent = Fraction(round(hours * HOUR))
    stretch = Stretch(
        weeks=weeks,
        logged=logged,
        planned=Parts(assignments=Fraction(40 * HOUR)),
        spent=Parts(assignments=spent, preparation=Fraction(4 * HOUR)),
        expected=Fraction(told),
    )
    return PersonPast(
        months={1: stretch}, spent_on={on: int(spent)} if hours else {}, lessons=4, was_told=bool(told), verdict=verdict
    )


def cohort(
    people: list[PersonPast], *, code: str = "C-1", work: tuple[GivenWork, ...] = (A1,), year: int = 2026
) -> CohortPast:
    """A cohort that began in March."""
    return CohortPast(code=code, start_on=date(year, 3, 10), prep_per_lesson=60, assignments=work, people=tuple(people))


def test_quartiles_lie_between_the_people_in_proportion() -> None:
    assert middle_of([5, 1, 4, 2, 3]) == Middle(low=Fraction(2), median=Fraction(3), high=Fraction(4))
    six = middle_of([1, 2, 3, 4, 5, 6])
    assert six == Middle(low=Fraction(9, 4), median=Fraction(7, 2), high=Fraction(19, 4))
    assert middle_of([1, 2, 3, 4]) is None


def test_five_people_make_a_range_beside_the_estimate_and_four_make_none() -> None:
    (five,) = look_back([cohort([person(hours) for hours in (8, 9, 12, 14, 20)])]).work
    assert five.middle == Middle(low=Fraction(9 * HOUR), median=Fraction(12 * HOUR), high=Fraction(14 * HOUR))
    assert (five.given, five.counted) == (10 * HOUR, Cell(count=5))
    (four,) = look_back([cohort([person(hours) for hours in (8, 9, 12, 14)])]).work
    assert (four.middle, four.counted) == (None, FEW)


def test_two_cohorts_are_one_where_the_assignment_is_the_same() -> None:
    longer = GivenWork(code="A1", title="Lesplan", estimate=12 * HOUR, mandatory=True)
    another = GivenWork(code="A1", title="Iets anders", estimate=3 * HOUR, mandatory=True)
    first = cohort([person(10)] * 3, code="C-1", year=2024)
    second = cohort([person(12)] * 3, code="C-2", work=(longer,), year=2025)
    third = cohort([person(99)] * 3, code="C-3", work=(another,), year=2026)
    others, same = look_back([first, second, third]).work
    assert (others.title, others.middle, others.counted) == ("Iets anders", None, FEW)
    assert (same.given, same.counted) == (11 * HOUR, Cell(count=6)), "three were told 10 hours, three 12"


def test_a_month_is_of_who_logged_in_it_a_week_each() -> None:
    people = [person(20)] * 5 + [person(0, logged=0)] * 3
    (month,) = look_back([cohort(people)]).months
    assert month.counted == Cell(count=5) and month.first_on == date(2026, 3, 1)
    assert month.planned is not None and month.spent is not None
    assert (month.planned.total, month.spent.total) == (10 * HOUR, 6 * HOUR)


def test_a_week_counts_for_each_of_who_had_it() -> None:
    (month,) = look_back([cohort([person(20)] * 4 + [person(20, weeks=1, logged=1)])]).months
    assert month.planned is not None
    assert month.planned.total == Fraction(5 * 40 * HOUR, 17)


def test_the_whole_is_of_who_kept_a_log_and_says_how_well() -> None:
    whole = look_back([cohort([person(20)] * 4 + [person(20, logged=4)] + [person(20, logged=1)] * 9)]).whole
    assert whole is not None
    assert (whole.counted, whole.log_kept) == (5, Fraction(12, 20))
    assert look_back([cohort([person(20)] * 4)]).whole is None


def test_months_of_several_cohorts_have_a_number_and_no_name() -> None:
    cohorts = [cohort([person(20)] * 5), cohort([person(20)] * 5, code="C-2", year=2027)]
    assert look_back(cohorts).months[0].first_on is None
    assert look_back(cohorts, "C-2").months[0].first_on == date(2027, 3, 1)


def test_what_was_told_and_said_is_shown_of_five_or_more() -> None:
    known = look_back(
        [cohort([person(20, told=2400, verdict="heavier")] * 3 + [person(20, told=2400, verdict="lighter")] * 2)]
    )
    assert known.told is not None
    assert (known.told.counted, known.told.expected, known.told.spent) == (5, 600, 6 * HOUR)
    assert known.verdicts == {"heavier": 3, "lighter": 2}
    some = look_back([cohort([person(20, told=2400)] * 5 + [person(20)] * 3)])
    assert some.told is not None and some.told.counted == 5, "of the others nobody knows what they were told"
    fewer = look_back([cohort([person(20, told=2400, verdict="heavier")] * 4)])
    assert fewer.told is None and fewer.verdicts == {}


def test_preparation_is_a_lesson_of_who_logs_apart() -> None:
    known = look_back([cohort([person(20)] * 5)])
    assert known.preparation == Middle(low=Fraction(HOUR), median=Fraction(HOUR), high=Fraction(HOUR))
    assert (known.preparation_given, known.preparation_counted) == (HOUR, Cell(count=5))


def test_of_one_cohort_nothing_is_shown_from_which_a_small_one_follows() -> None:
    assert seen({"A": 5, "B": 3}, None) == Cell(count=8)
    assert seen({"A": 5, "B": 3}, "A") == HIDDEN, "8 less 5 is 3"
    assert seen({"A": 5, "B": 3}, "B") == FEW
    assert seen({"A": 5, "B": 3, "C": 2}, "A") == Cell(count=5), "five are left, and nobody knows whose"
    assert seen({"A": 5, "B": 0}, "A") == Cell(count=5)
    assert seen({"A": 2, "B": 2}, None) == FEW
    hidden = look_back([cohort([person(9)] * 5), cohort([person(9)] * 3, code="C-2")], "C-1")
    assert hidden.work[0].middle is None and hidden.whole is None and hidden.months[0].spent is None


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 9), min_size=1))
def test_what_is_left_when_all_that_is_shown_is_subtracted_is_nobody_or_five(counts: Mapping[str, int]) -> None:
    whole = seen(counts, None)
    if whole.count is None:
        return
    shown = [cell.count for cell in (seen(counts, code) for code in counts) if cell.count is not None]
    left = whole.count - sum(shown)
    assert left == 0 or left >= FEWEST


spent = st.lists(st.integers(0, 40), max_size=12)


@given(spent, spent, st.randoms(use_true_random=False))
def test_the_order_of_people_and_cohorts_changes_nothing(one: list[int], other: list[int], chance: object) -> None:
    first = [person(hours, verdict="heavier" if hours > 20 else None) for hours in one]
    second = [person(hours, told=hours * 10) for hours in other]
    before = look_back([cohort(first), cohort(second, code="C-2", year=2027)])
    chance.shuffle(first)  # type: ignore[attr-defined]
    chance.shuffle(second)  # type: ignore[attr-defined]
    assert look_back([cohort(second, code="C-2", year=2027), cohort(first)]) == before


@given(spent)
def test_nothing_is_about_fewer_than_five(hours: list[int]) -> None:
    known = look_back([cohort([person(each) for each in hours])])
    people = sum(map(bool, hours))
    assert (known.work[0].middle is not None) == (people >= FEWEST)
    assert known.work[0].counted.count in (0, None, people) and (known.work[0].counted.count or 5) >= FEWEST
