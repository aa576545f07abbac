"""What the next version of a template could be, by what people spent: other estimates, work spread, hours told beforehand.

- An **estimate** is put right when five people or more logged it: upwards when their median is more than a tenth above what
  they were told, downwards only when even their upper quartile is more than a tenth below it (three of four needed no more: a
  log is rarely complete). The new one lies between what was told and that figure, as if five people more had spent exactly what
  was told (few data move little), never below half or above double of it, in half hours; **preparation** likewise, in quarters.
- **Spreading** and the **hours told beforehand** follow from laying out the corrected template again: a due lesson is moved
  where that leaves fewer weeks above what is told; told is what three of four weeks keep within, and no less than a whole month
  really took. Both only where the logs gave reason: a corrected figure, or a month above what was told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from hto_track.rules.beforehand import Answers, YearPlan, look_ahead
from hto_track.rules.days import Days
from hto_track.rules.facts import Assignment, Lesson
from hto_track.rules.layout import RegionHolidays, lay_out
from hto_track.rules.looking_back import LookingBack, Middle
from hto_track.rules.rounding import MINUTES_PER_HOUR
from hto_track.rules.span import spread
from hto_track.rules.template import Template, TemplateAssignment, faults

AWAY = Fraction(1, 10)
"""More than this share away is clearly away."""
TOLD_WEIGHS = 5
"""What people were told counts as much as this many of them."""
LEAST, MOST = Fraction(1, 2), Fraction(2)
"""How far a figure may be moved, as shares of what was told."""
ESTIMATE_STEP, PREPARATION_STEP = 30, 15
MOST_MOVES = 3
"""So many due lessons are moved at a time."""
FARTHEST = 3
"""A due lesson is moved by no more lessons than this."""
MOST_WEEKS_FIT = Fraction(3, 4)
"""What is told beforehand holds in this share of the weeks."""


class ProposalKind(StrEnum):
    """What would be another."""

    ESTIMATE = "estimate"
    PREPARATION = "preparation"
    DUE = "due"
    TOLD = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One thing that would be another, and why.

    ``before`` and ``after`` are minutes, of a due date lesson numbers. Of what was measured: by so many ``people``, what they
    were told (``given``), what they spent (``measured``: their median above it, their upper quartile below it) and whether the
    figure ``is_held`` at half or double of what was told. Of what was laid out: weeks above what is told ``weeks_before`` and
    ``weeks_after``, of all ``weeks`` in which something is planned; ``heaviest`` is the most that a month took, a week.
    """

    kind: ProposalKind
    before: int
    after: int
    code: str = ""
    people: int = 0
    given: Fraction = Fraction(0)
    measured: Fraction = Fraction(0)
    is_held: bool = False
    heaviest: Fraction = Fraction(0)
    weeks: int = 0
    weeks_before: int = 0
    weeks_after: int = 0

    @property
    def is_more(self) -> bool:
        """Whether people spent more than they were told."""
        return self.measured > self.given

    @property
    def weeks_within(self) -> int:
        """In how many of the weeks what is told would hold."""
        return self.weeks - self.weeks_after

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.kind}:{self.code}" if self.code else self.kind.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """When the template would be laid out to see its weeks: as its latest cohort was."""

    start_on: date
    holidays: RegionHolidays


def propose(template: Template, past: LookingBack, ground: Ground) -> tuple[Proposal, ...]:
    """What ``past`` says that ``template`` should be otherwise; nothing of a template that cannot be laid out."""
    if faults(template):
        return ()
    measured = (*_estimates(template, past), *_preparation(template, past))
    told = template.requirements.advertised_weekly
    heaviest = max((month.spent.total for month in past.months if month.spent), default=Fraction(0))
    if not measured and heaviest <= told:
        return ()
    corrected = adopt(template, measured)
    moves = _moves(corrected, ground)
    return (*measured, *moves, *_told(adopt(corrected, moves), heaviest, ground))


def adopt(template: Template, proposals: Iterable[Proposal]) -> Template:
    """``template`` with these proposals carried out."""
    for proposal in proposals:
        template = _with(template, proposal)
    return template


def weeks_of(template: Template, ground: Ground) -> tuple[Fraction, ...]:
    """The study load of each week in which something is planned, of a participant without travel; minutes."""
    return tuple(minutes for minutes in _year(template, ground).minutes.values() if minutes)


def clearly_away(value: Fraction | int, from_: Fraction | int) -> bool:
    """Whether ``value`` is more than a tenth of ``from_`` away from it."""
    return abs(Fraction(value) - from_) > AWAY * from_


def _with(template: Template, proposal: Proposal) -> Template:
    match proposal.kind:
        case ProposalKind.ESTIMATE:
            return _with_assignment(template, proposal.code, lambda each: replace(each, estimate=proposal.after))
        case ProposalKind.DUE:
            return _with_assignment(template, proposal.code, lambda each: replace(each, due_with=proposal.after))
        case ProposalKind.PREPARATION:
            return replace(template, requirements=replace(template.requirements, prep_per_lesson=proposal.after))
        case ProposalKind.TOLD:
            return replace(template, requirements=replace(template.requirements, advertised_weekly=proposal.after))


def _with_assignment(
    template: Template, code: str, change: Callable[[TemplateAssignment], TemplateAssignment]
) -> Template:
    changed = (change(each) if each.code == code else each for each in template.assignments)
    return replace(template, assignments=tuple(changed))


def _estimates(template: Template, past: LookingBack) -> Iterable[Proposal]:
    work = {(item.code, item.title): item for item in past.work}
    for each in template.assignments:
        item = work.get((each.code, each.title))
        if item is not None and item.middle is not None and item.counted.count:
            measured = _Measured(item.middle, item.given, item.counted.count)
            yield from measured.proposal(ProposalKind.ESTIMATE, each.estimate, ESTIMATE_STEP, each.code)


def _preparation(template: Template, past: LookingBack) -> Iterable[Proposal]:
    if past.preparation is not None and past.preparation_counted.count:
        measured = _Measured(past.preparation, past.preparation_given, past.preparation_counted.count)
        before = template.requirements.prep_per_lesson
        yield from measured.proposal(ProposalKind.PREPARATION, before, PREPARATION_STEP)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What so many people spent on something of which they were told what it takes; minutes."""

    middle: Middle
    given: Fraction
    people: int

    def proposal(self, kind: ProposalKind, before: int, step: int, code: str = "") -> Iterable[Proposal]:
        """The figure that the next version could have instead of ``before``, where that is clear."""
        spent = self.middle.median if self.middle.median > self.given else min(self.middle.high, self.given)
        between = (self.people * spent + TOLD_WEIGHS * self.given) / (self.people + TOLD_WEIGHS)
        held = min(max(between, LEAST * self.given), MOST * self.given) if self.given else between
        after = max(step, floor(held / step + Fraction(1, 2)) * step)
        if clearly_away(spent, self.given) and clearly_away(after, before):
            yield Proposal(
                kind=kind,
                code=code,
                before=before,
                after=after,
                people=self.people,
                given=self.given,
                measured=spent,
                is_held=held != between,
            )


@dataclass(frozen=True, slots=True)
class _Year:
    """A template laid out: its dates, and the study load of each week by its Monday."""

    dates: Mapping[int, date]
    days: Days
    minutes: Mapping[date, Fraction]


def _year(template: Template, ground: Ground) -> _Year:
    laid = lay_out(template, ground.start_on, ground.holidays)
    due = {each.code: each for each in laid.assignments}
    plan = YearPlan(
        programme=template.requirements,
        calendar=ground.holidays.calendar,
        start_on=ground.start_on,
        end_on=laid.end_on,
        lessons=tuple(
            Lesson(
                number=evening.number,
                on=evening.on,
                start=evening.starts_at,
                minutes=_minutes(evening.on, evening.starts_at, evening.ends_at),
            )
            for evening in laid.evenings
        ),
        assignments=tuple(
            Assignment(
                code=each.code,
                opens_on=due[each.code].opens_on,
                due_on=due[each.code].due_on,
                estimate=each.estimate,
                mandatory=each.mandatory,
            )
            for each in template.assignments
        ),
    )
    ahead = look_ahead(plan, Answers(job=0, room=template.requirements.advertised_weekly), ground.start_on)
    return _Year(
        dates={evening.number: evening.on for evening in laid.evenings},
        days=Days.between(ground.start_on, laid.end_on),
        minutes={week.monday: week.study for week in ahead.weeks},
    )


def _minutes(on: date, starts_at: time, ends_at: time) -> int:
    return int((datetime.combine(on, ends_at) - datetime.combine(on, starts_at)).total_seconds()) // 60


def _moves(template: Template, ground: Ground) -> list[Proposal]:
    """One due lesson after the other, each the one that leaves the fewest weeks above what is told, then the lowest week."""
    told, moves = template.requirements.advertised_weekly, list[Proposal]()
    year = _year(template, ground)
    while len(moves) < MOST_MOVES:
        above = _above(year.minutes, told)
        found = min(_candidates(template, year, {move.code for move in moves}), default=None)
        if found is None or found[0] >= above:
            break
        left, _highest, _far, code, after = found
        each = next(each for each in template.assignments if each.code == code)
        move = Proposal(
            kind=ProposalKind.DUE,
            code=code,
            before=each.due_with,
            after=after,
            weeks=sum(map(bool, year.minutes.values())),
            weeks_before=above,
            weeks_after=left,
        )
        moves.append(move)
        year, template = replace(year, minutes=_moved(year, each, after)), _with(template, move)
    return moves


def _candidates(template: Template, year: _Year, moved: set[str]) -> Iterable[tuple[int, Fraction, int, str, int]]:
    """Every move of one due lesson: weeks above what is told, the highest week, how far it goes, the assignment, the lesson."""
    told = template.requirements.advertised_weekly
    for each in template.assignments:
        if not each.mandatory or each.code in moved:
            continue
        first, last = max(each.opens_with + 1, each.due_with - FARTHEST), each.due_with + FARTHEST
        for after in range(first, min(last, len(template.lessons)) + 1):
            if after != each.due_with:
                minutes = _moved(year, each, after)
                yield _above(minutes, told), max(minutes.values()), abs(after - each.due_with), each.code, after


def _moved(year: _Year, each: TemplateAssignment, due_with: int) -> dict[date, Fraction]:
    """The weeks when one assignment is due with another lesson."""
    minutes, opens_on = dict(year.minutes), year.dates[each.opens_with]
    for number, sign in ((each.due_with, -1), (due_with, 1)):
        for monday, part in spread(each.estimate, year.days.within(opens_on, year.dates[number])).items():
            minutes[monday] += sign * part
    return minutes


def _above(minutes: Mapping[date, Fraction], told: int) -> int:
    return sum(week > told for week in minutes.values())


def _told(template: Template, heaviest: Fraction, ground: Ground) -> Sequence[Proposal]:
    weeks, before = sorted(weeks_of(template, ground)), template.requirements.advertised_weekly
    if not weeks:
        return ()
    fits = max(weeks[ceil(len(weeks) * MOST_WEEKS_FIT) - 1], heaviest)
    after = ceil(fits / MINUTES_PER_HOUR) * MINUTES_PER_HOUR
    if not clearly_away(after, before):
        return ()
    above = [sum(week > told for week in weeks) for told in (before, after)]
    return (
        Proposal(
            kind=ProposalKind.TOLD,
            before=before,
            after=after,
            weeks=len(weeks),
            weeks_before=above[0],
            weeks_after=above[1],
            heaviest=heaviest,
        ),
    )
