"""What work really took: the study log beside the programme's estimates, of one person and of everybody together.

A log says what was done, never what was not: somebody who does not log has not done nothing. So a piece of work only
counts once it is handed in and something was logged on it, and it counts for the part of its weeks that was logged.
Preparation is a piece of work too, of all lessons so far: what is logged without an assignment is believed to be that.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import fsum

from hto_track.rules.days import monday_of
from hto_track.rules.facts import Facts, StudyLogRow
from hto_track.rules.span import Span

PREPARATION = ""
"""The code of the work that preparing lessons is; no assignment has it."""
LOGGED_WEEKS = 8
"""Over how many weeks up to a date it is seen how much of their time somebody logs."""
ALL_LOGGED = 0.75
"""Who logged in this share of the weeks is believed to have logged everything: some weeks are truly empty."""
TENTHS, PARTS = 10, 15
"""Of the time of an assignment, and how many of them are looked at: work goes on past its due date."""
NEVER = (0,) * PARTS
LEAST_LOGGED = 0.2
"""With less of it logged, nothing can be learned from a piece of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A piece of work that one person finished; minutes. ``share_logged`` is how much of its time they logged, 0 to 1.

    ``when`` is when it was done: the logged minutes in each tenth of the time from opening to due date, and past it.
    """

    code: str
    estimate: int
    logged: int
    share_logged: float
    when: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What several pieces of work took together, in minutes: logged, and estimated for the part that was logged."""

    works: int = 0
    logged: float = 0.0
    expected: float = 0.0
    when: tuple[int, ...] = NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What a programme's participants logged, by assignment code; ``people`` is how many had something to learn from."""

    by_code: Mapping[str, Learned] = field(default_factory=dict)
    people: int = 0

    def of(self, code: str) -> Learned:
        """What was learned of one assignment; nothing where nobody finished it."""
        return self.by_code.get(code, _NOTHING)


_NOTHING = Learned()


@dataclass(frozen=True, slots=True)
class StudyLog:
    """One person's study log as a date can see it: minutes by assignment, and the weeks with anything in them."""

    by_code: Mapping[str, int]
    rows: tuple[StudyLogRow, ...]
    mondays: tuple[date, ...]

    @classmethod
    def of(cls, rows: Iterable[StudyLogRow], on: date) -> "StudyLog":
        """The rows dated up to ``on``."""
        seen = tuple(row for row in rows if row.on <= on)
        by_code: dict[str, int] = {}
        for row in seen:
            code = row.assignment or PREPARATION
            by_code[code] = by_code.get(code, 0) + row.minutes
        return cls(by_code, seen, tuple(sorted({monday_of(row.on) for row in seen})))

    def share_logged(self, first: date, last: date) -> float:
        """How much of their time somebody logged from ``first`` to ``last``, told by the weeks with anything logged."""
        start, end = monday_of(first), monday_of(last)
        weeks = (end - start).days // 7 + 1
        logged = bisect_right(self.mondays, end) - bisect_left(self.mondays, start)
        return min(1.0, logged / (ALL_LOGGED * weeks)) if weeks > 0 else 0.0

    def share_up_to(self, last: date, begun: date, first: date) -> float:
        """The same over the weeks of a piece of work that began on ``begun``, and over ``LOGGED_WEEKS`` at least."""
        return self.share_logged(max(first, min(begun, last - timedelta(weeks=LOGGED_WEEKS - 1))), last)


def finished_work(facts: Facts, span: Span) -> tuple[Work, ...]:
    """What one person finished by ``span.judged_on`` with a log on it, preparation included."""
    on = span.judged_on
    log = StudyLog.of(facts.study_log, on)
    handed_in = {
        assignment.code: min(attempt.submitted_on for attempt in real)
        for assignment in facts.assignments
        if (real := [attempt for attempt in assignment.attempts if attempt.number > 0 and attempt.submitted_on <= on])
    }
    works = [
        work
        for assignment in facts.assignments
        if assignment.code in handed_in
        and (
            work := work_on(
                assignment.code,
                assignment.estimate,
                opens_on=assignment.opens_on,
                due_on=assignment.due_on,
                handed_in_on=handed_in[assignment.code],
                first=span.first,
                log=log,
            )
        )
    ]
    lessons = sum(not lesson.cancelled and span.first <= lesson.on <= on for lesson in facts.lessons)
    preparation = preparation_so_far(lessons * facts.programme.prep_per_lesson, span.first, on, log)
    return (*works, preparation) if preparation else tuple(works)


def work_on(
    code: str, estimate: int, *, opens_on: date, due_on: date, handed_in_on: date, first: date, log: StudyLog
) -> Work | None:
    """A person's work on an assignment that they handed in; None where too little was logged to learn from."""
    logged = log.by_code.get(code, 0)
    share = log.share_up_to(handed_in_on, opens_on, first)
    if not logged or share < LEAST_LOGGED:
        return None
    days = max(1, (due_on - opens_on).days + 1)
    when = [0] * PARTS
    for row in log.rows:
        if row.assignment == code:
            part = (row.on - opens_on).days * TENTHS // days
            when[min(PARTS - 1, max(0, part))] += row.minutes
    return Work(code=code, estimate=estimate, logged=logged, share_logged=share, when=tuple(when))


def preparation_so_far(planned: int, first: date, on: date, log: StudyLog) -> Work | None:
    """A person's preparation of the lessons so far, ``planned`` minutes; None where too little was logged."""
    logged = log.by_code.get(PREPARATION, 0)
    share = log.share_logged(first, on)
    if not logged or not planned or share < LEAST_LOGGED:
        return None
    return Work(code=PREPARATION, estimate=planned, logged=logged, share_logged=share)


def learned_of(works: Iterable[Work]) -> Learned:
    """What these pieces of work took together, in whatever order they come."""
    known = tuple(works)
    return Learned(
        works=len(known),
        logged=fsum(work.logged for work in known),
        expected=fsum(work.estimate * work.share_logged for work in known),
        when=tuple(map(sum, zip(NEVER, *(work.when for work in known if work.when), strict=True))),
    )


def experience_of(people: Iterable[tuple[Work, ...]]) -> Experience:
    """What all these people together show, by assignment; who they are is not in it."""
    found = tuple(works for works in people if works)
    by_code: dict[str, list[Work]] = {}
    for works in found:
        for work in works:
            by_code.setdefault(work.code, []).append(work)
    return Experience(by_code={code: learned_of(works) for code, works in by_code.items()}, people=len(found))
