"""Figures without names: what is counted, and that nothing hidden can be worked out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.attention import Attention
from hto_track.rules.cohort_figures import FEW, FEWEST, HIDDEN, Cell, Person, cohort_figures, person_of, shown
from hto_track.rules.facts import EnrolmentStatus, Facts
from hto_track.rules.load import Week
from hto_track.rules.standing import judge
from hto_track.rules.warnings import WarningCode
from tests.rules.cases import START, assignment, attempt, day, facts_of, lessons, pause
from tests.rules.strategies import facts as any_facts
from tests.rules.strategies import moments

Display = tuple[Cell, ...]


def _displayed(counts: tuple[int, ...]) -> Display:
    return tuple(shown(dict(enumerate(counts))).values())


def _divided(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """All ways to divide ``total`` people over so many cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _divided(total - first, cells - 1):
            yield (first, *rest)


class TestWhatIsShown:
    """Counts that add up to a known total."""

    def test_counts_of_five_and_more_and_of_nobody_are_shown(self) -> None:
        assert _displayed((5, 0, 12)) == (Cell(count=5), Cell(count=0), Cell(count=12))

    @pytest.mark.parametrize("few", [1, 4])
    def test_one_count_below_five_takes_the_next_smallest_with_it(self, few: int) -> None:
        assert _displayed((few, 15, 0, 8)) == (FEW, Cell(count=15), Cell(count=0), HIDDEN)

    def test_several_counts_below_five_hide_each_other(self) -> None:
        assert _displayed((4, 3, 11)) == (FEW, FEW, Cell(count=11))

    @pytest.mark.parametrize("counts", [(1, 1, 16), (4, 4, 12), (1, 5), (4, 5), (3,), (2, 0)])
    def test_everything_is_hidden_where_a_few_could_be_worked_out(self, counts: tuple[int, ...]) -> None:
        assert set(_displayed(counts)) == {HIDDEN}

    @pytest.mark.parametrize(("cells", "most"), [(2, 30), (3, 30), (4, 24), (5, 18)])
    def test_who_knows_the_total_and_this_rule_cannot_work_out_a_few(self, cells: int, most: int) -> None:
        for total in range(1, most + 1):
            possible: dict[Display, list[tuple[int, ...]]] = defaultdict(list)
            for counts in _divided(total, cells):
                possible[_displayed(counts)].append(counts)
            for display, all_counts in possible.items():
                for at in (at for at, cell in enumerate(display) if cell.count is None):
                    values = {counts[at] for counts in all_counts}
                    assert len(values) > 1 or not any(0 < value < FEWEST for value in values), (display, all_counts)

    @given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
    def test_what_is_shown_is_true_and_never_a_few(self, counts: list[int]) -> None:
        cells = _displayed(tuple(counts))
        for count, cell in zip(counts, cells, strict=True):
            assert cell.count in (None, count)
            assert not cell.is_few or 0 < count < FEWEST
            assert not 0 < count < FEWEST or cell.count is None
        hidden = [count for count, cell in zip(counts, cells, strict=True) if cell.count is None]
        assert len(hidden) != 1 or sum(counts) < 2 * FEWEST, "one that is hidden alone follows from the total"


WEEK = Week(
    monday=START,
    lessons=Fraction(180),
    preparation=Fraction(60),
    assignments=Fraction(120),
    internship=Fraction(240),
    job=2400,
    actual=None,
)
PERSON = Person(
    status=EnrolmentStatus.ACTIVE,
    attention=Attention.FINE,
    warnings=frozenset(),
    has_diploma=False,
    attendance=Fraction(9, 10),
    due=4,
    on_time=3,
    confirmed=1200,
    week=WEEK,
    capacity=540,
)


def _people(count: int, **different: object) -> list[Person]:
    return [replace(PERSON, **different) for _ in range(count)]  # type: ignore[arg-type]


class TestOfACohort:
    """The figures of everyone together."""

    def test_means_and_shares_of_five_people(self) -> None:
        figures = cohort_figures([*_people(4), *_people(1, attendance=Fraction(1, 2), on_time=0, confirmed=0)])
        assert figures.people == Cell(count=5)
        assert figures.attendance == Fraction(82, 100)
        assert figures.on_time == Fraction(12, 20)
        assert figures.confirmed == 960
        assert figures.week is not None
        assert (figures.week.lessons, figures.week.study, figures.week.room) == (240, 600, 540)
        assert figures.above_room == Cell(count=5)

    def test_of_four_people_nothing_is_shown(self) -> None:
        figures = cohort_figures(_people(4))
        assert figures.people == FEW
        assert (figures.attendance, figures.on_time, figures.confirmed, figures.week) == (None, None, None, None)
        assert {*figures.statuses.values(), *figures.attention.values(), figures.diplomas} == {HIDDEN}

    def test_of_nobody_everything_is_nothing(self) -> None:
        figures = cohort_figures([])
        assert figures.people == figures.diplomas == Cell(count=0)
        assert figures.attendance is None

    def test_who_stopped_or_only_applied_is_in_no_mean(self) -> None:
        gone = _people(2, status=EnrolmentStatus.WITHDRAWN, attendance=Fraction(0), week=None)
        applied = _people(3, status=EnrolmentStatus.APPLIED, confirmed=9999, week=None)
        figures = cohort_figures([*_people(5), *gone, *applied])
        assert (figures.attendance, figures.confirmed) == (Fraction(9, 10), 1200)

    def test_who_has_no_mark_yet_counts_in_no_attendance(self) -> None:
        assert cohort_figures([*_people(4), *_people(9, attendance=None)]).attendance is None

    def test_a_warning_that_all_but_a_few_have_is_hidden_too(self) -> None:
        warned = {"warnings": frozenset({WarningCode.OVERLOAD})}
        assert cohort_figures([*_people(12, **warned), *_people(2)]).warnings[WarningCode.OVERLOAD] == HIDDEN
        assert cohort_figures([*_people(9, **warned), *_people(5)]).warnings[WarningCode.OVERLOAD] == Cell(count=9)
        assert cohort_figures([*_people(3, **warned), *_people(9)]).warnings[WarningCode.OVERLOAD] == FEW

    def test_diplomas_and_attention_are_counted(self) -> None:
        figures = cohort_figures([*_people(6, has_diploma=True, attention=Attention.NOW), *_people(8)])
        assert figures.diplomas == Cell(count=6)
        assert figures.attention == {
            Attention.NOW: Cell(count=6),
            Attention.SOON: Cell(count=0),
            Attention.FINE: Cell(count=8),
        }


class TestOfOnePerson:
    """What is counted of a participant."""

    def test_on_time_is_handed_in_by_ones_own_due_date_whatever_came_of_it(self) -> None:
        work = (
            assignment("A1", due=10, attempts=(attempt(1, 10, 12, "failed"), attempt(2, 18))),
            assignment("A2", due=10, attempts=(attempt(1, 11, 12, "passed"),)),
            assignment("A3", due=10),
            assignment("A4", due=20),
            assignment("A5", due=10, attempts=(attempt(0, 5, 30, "exempt"),)),
        )
        facts = facts_of(assignments=work)
        person = person_of(facts, judge(facts, day(20)), Attention.FINE, (), has_diploma=False)
        assert (person.due, person.on_time) == (4, 1)
        later = person_of(facts, judge(facts, day(21)), Attention.FINE, (), has_diploma=False)
        assert (later.due, later.on_time) == (5, 1)

    def test_an_exempt_assignment_is_not_due(self) -> None:
        facts = facts_of(assignments=(assignment("A1", due=10, attempts=(attempt(0, 5, 6, "exempt"),)),))
        assert person_of(facts, judge(facts, day(20)), Attention.FINE, (), has_diploma=False).due == 0

    def test_who_is_on_a_pause_has_no_study_week(self) -> None:
        facts = facts_of(enrolment={"pauses": (pause(8, 14),)}, lessons=lessons("p", first=1))
        weeks = {
            number: person_of(facts, judge(facts, day(number)), Attention.FINE, (), has_diploma=False).week is not None
            for number in (7, 8, 14, 15)
        }
        assert weeks == {7: True, 8: False, 14: False, 15: True}

    @given(any_facts, moments)
    def test_a_week_is_counted_of_who_is_active_alone(self, facts: Facts, on: date) -> None:
        standing = judge(facts, on)
        person = person_of(facts, standing, Attention.FINE, (), has_diploma=False)
        assert 0 <= person.on_time <= person.due
        if person.week is not None:
            assert person.status is EnrolmentStatus.ACTIVE
            assert person.week.study == standing.load.this_week
