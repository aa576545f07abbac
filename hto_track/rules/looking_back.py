"""Looking back on a programme: what was planned beside what was spent, of those who kept a log, never about fewer than five.

Lessons and internship are recorded of everybody, study only of who logs it: a figure is about people who logged, with their
number. A log tells what was written down; hours that nobody wrote down are not in it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from hto_track.rules.cohort_figures import FEW, FEWEST, HIDDEN, Cell
from hto_track.rules.days import monday_of
from hto_track.rules.own_past import Parts, PersonPast, Stretch, month_number


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenWork:
    """An assignment as a cohort was given it; ``estimate`` in minutes."""

    code: str
    title: str
    estimate: int
    mandatory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPast:
    """A cohort that is looked back on, and its people in any order."""

    code: str
    start_on: date
    prep_per_lesson: int
    assignments: tuple[GivenWork, ...]
    people: tuple[PersonPast, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """Where the middle of some people lies: half of them are between ``low`` and ``high``; minutes."""

    low: Fraction
    median: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPast:
    """An assignment beside its estimate: ``given`` is what those who count were told it takes, ``middle`` None of too few."""

    code: str
    title: str
    mandatory: bool
    given: Fraction
    counted: Cell
    middle: Middle | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPast:
    """A month, minutes a week a person, of those who logged in it; None of too few. ``first_on`` where one cohort is meant."""

    number: int
    first_on: date | None
    counted: Cell
    planned: Parts | None
    spent: Parts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePast:
    """All weeks that are over, minutes a week a person, of those who kept their log up.

    ``log_kept`` is in which share of the weeks they logged something.
    """

    counted: int
    planned: Parts
    spent: Parts
    log_kept: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPast:
    """What people were told to expect, and what it became: minutes a week a person."""

    counted: int
    expected: Fraction
    spent: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingBack:
    """What was planned beside what was spent. What is None, or hidden, is about too few people."""

    work: tuple[WorkPast, ...] = ()
    months: tuple[MonthPast, ...] = ()
    whole: WholePast | None = None
    told: ToldPast | None = None
    verdicts: Mapping[str, int] = field(default_factory=dict)
    """How many said what of the load; nobody of too few."""
    preparation: Middle | None = None
    """Minutes a lesson."""
    preparation_given: Fraction = Fraction(0)
    preparation_counted: Cell = Cell(count=0)


def look_back(cohorts: Sequence[CohortPast], chosen: str | None = None) -> LookingBack:
    """What was planned beside what was spent in ``cohorts``, or in the one that is ``chosen`` among them.

    An assignment is the same in two cohorts when its code and its title are; its name and order are those of the latest cohort.
    """
    alone = next((cohort for cohort in cohorts if cohort.code == chosen), cohorts[0] if len(cohorts) == 1 else None)
    whole = _counting(cohorts, chosen, lambda person: person.whole.is_kept_up)
    told = _counting(cohorts, chosen, lambda person: person.was_told and person.whole.is_kept_up)
    said = _counting(cohorts, chosen, lambda person: person.verdict is not None)
    prepared = _counting(cohorts, chosen, lambda person: person.preparation is not None)
    return LookingBack(
        work=tuple(_work(given, cohorts, chosen) for given in _assignments(cohorts, alone)),
        months=tuple(
            _month(number, cohorts, chosen, alone)
            for number in sorted(
                {number for cohort in _of(cohorts, alone) for one in cohort.people for number in one.months}
            )
        ),
        whole=_whole(whole),
        told=_told(told),
        verdicts=said.tally(lambda person: str(person.verdict)),
        preparation=middle_of([one.preparation for one in prepared.people if one.preparation is not None]),
        preparation_given=prepared.mean_of(lambda cohort: cohort.prep_per_lesson),
        preparation_counted=prepared.cell,
    )


def middle_of(values: Iterable[Fraction | int]) -> Middle | None:
    """The quartiles of ``values``, between two of them in proportion; None of fewer than five."""
    ordered = sorted(map(Fraction, values))
    if len(ordered) < FEWEST:
        return None
    return Middle(
        low=_at(ordered, Fraction(1, 4)), median=_at(ordered, Fraction(1, 2)), high=_at(ordered, Fraction(3, 4))
    )


def seen(counts: Mapping[str, int], chosen: str | None) -> Cell:
    """How many may be seen of people in cohorts, of all of them or of the one that is ``chosen``.

    Of one cohort nothing is shown, either, where the small ones beside it would follow by subtraction from all.
    """
    count = sum(counts.values()) if chosen is None else counts.get(chosen, 0)
    if 0 < count < FEWEST:
        return FEW
    small = sum(number for number in counts.values() if number < FEWEST)
    return HIDDEN if chosen is not None and count and 0 < small < FEWEST else Cell(count=count)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Who counts for a figure, and how many of them may be seen; nobody where it is too few."""

    cell: Cell
    by_cohort: tuple[tuple[CohortPast, tuple[PersonPast, ...]], ...]

    @property
    def people(self) -> tuple[PersonPast, ...]:
        return tuple(person for _cohort, people in self.by_cohort for person in people)

    def mean_of(self, figure: Callable[[CohortPast], int]) -> Fraction:
        """The mean of a figure of their cohort."""
        figures = [Fraction(figure(cohort)) for cohort, people in self.by_cohort for _person in people]
        return sum(figures, Fraction(0)) / (len(figures) or 1)

    def tally(self, of: Callable[[PersonPast], str]) -> dict[str, int]:
        found = [of(person) for person in self.people]
        return {key: found.count(key) for key in sorted(set(found))}


def _counting(cohorts: Iterable[CohortPast], chosen: str | None, holds: Callable[[PersonPast], bool]) -> _Counted:
    found = {cohort.code: (cohort, tuple(filter(holds, cohort.people))) for cohort in cohorts}
    cell = seen({code: len(people) for code, (_cohort, people) in found.items()}, chosen)
    if not cell.count:
        return _Counted(cell, ())
    return _Counted(cell, tuple(found.values()) if chosen is None else (found[chosen],))


def _of(cohorts: Sequence[CohortPast], alone: CohortPast | None) -> Collection[CohortPast]:
    return cohorts if alone is None else (alone,)


def _assignments(cohorts: Sequence[CohortPast], alone: CohortPast | None) -> Collection[GivenWork]:
    """Those of the chosen cohort; of all of them, those of the latest and what earlier ones had besides."""
    found: dict[tuple[str, str], GivenWork] = {}
    for cohort in sorted(_of(cohorts, alone), key=lambda cohort: (cohort.start_on, cohort.code), reverse=True):
        for given in cohort.assignments:
            found.setdefault((given.code, given.title), given)
    return found.values()


def _work(given: GivenWork, cohorts: Sequence[CohortPast], chosen: str | None) -> WorkPast:
    had = [(cohort, estimate) for cohort in cohorts if (estimate := _estimate_in(cohort, given)) is not None]
    estimates = {cohort.code: estimate for cohort, estimate in had}
    counted = _counting([cohort for cohort, _estimate in had], chosen, lambda person: given.code in person.spent_on)
    return WorkPast(
        code=given.code,
        title=given.title,
        mandatory=given.mandatory,
        given=counted.mean_of(lambda cohort: estimates[cohort.code]) if counted.people else Fraction(given.estimate),
        counted=counted.cell,
        middle=middle_of(person.spent_on[given.code] for person in counted.people),
    )


def _estimate_in(cohort: CohortPast, given: GivenWork) -> int | None:
    return next(
        (own.estimate for own in cohort.assignments if (own.code, own.title) == (given.code, given.title)), None
    )


def _month(number: int, cohorts: Sequence[CohortPast], chosen: str | None, alone: CohortPast | None) -> MonthPast:
    counted = _counting(cohorts, chosen, lambda person: person.months.get(number, Stretch()).has_log)
    whole = sum((person.months[number] for person in counted.people), Stretch())
    return MonthPast(
        number=number,
        first_on=None if alone is None else _first_of(alone.start_on, number),
        counted=counted.cell,
        planned=whole.planned.per(whole.weeks) if counted.people else None,
        spent=whole.spent.per(whole.weeks) if counted.people else None,
    )


def _first_of(start_on: date, number: int) -> date:
    months = month_number(monday_of(start_on)) + number - 1
    return date(months // 12, months % 12 + 1, 1)


def _whole(counted: _Counted) -> WholePast | None:
    if not counted.people:
        return None
    whole = sum((person.whole for person in counted.people), Stretch())
    return WholePast(
        counted=len(counted.people),
        planned=whole.planned.per(whole.weeks),
        spent=whole.spent.per(whole.weeks),
        log_kept=Fraction(whole.logged, whole.weeks),
    )


def _told(counted: _Counted) -> ToldPast | None:
    if not counted.people:
        return None
    whole = sum((person.whole for person in counted.people), Stretch())
    return ToldPast(
        counted=len(counted.people), expected=whole.expected / whole.weeks, spent=whole.spent.total / whole.weeks
    )


def _at(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    place = (len(ordered) - 1) * share
    at = int(place)
    after = ordered[min(at + 1, len(ordered) - 1)]
    return ordered[at] + (after - ordered[at]) * (place - at)
