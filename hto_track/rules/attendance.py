"""Attendance (RULES.md section 1)."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil

from hto_track.rules.facts import Facts, Lesson, Mark
from hto_track.rules.requirement import RequirementState
from hto_track.rules.span import Span

ATTENDED = frozenset({Mark.PRESENT, Mark.LATE, Mark.MADE_UP})
RECENT_LESSONS = 6
ABSENCES_IN_A_ROW = 3
"""From how many absences without word in a row the project leader hears of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Where one participant's attendance stands: counts of lessons, and shares of 0 to 1."""

    held: int
    attended: int
    missed: int
    made_up: int
    unmarked: int
    upcoming: int
    repairable: int
    rate: Fraction | None
    attainable: Fraction | None
    recent: Fraction
    projected: Fraction | None
    state: RequirementState

    @property
    def lessons(self) -> int:
        """All lessons of the participant: held, unmarked and upcoming."""
        return self.held + self.unmarked + self.upcoming


def lessons_of(facts: Facts, span: Span) -> tuple[Lesson, ...]:
    """The participant's lessons: not cancelled and in the active span, in order of date, start and number."""
    mine = (lesson for lesson in facts.lessons if not lesson.cancelled and lesson.on in span.active)
    return tuple(sorted(mine, key=lambda lesson: (lesson.on, lesson.start, lesson.number)))


def judge_attendance(facts: Facts, span: Span) -> Attendance:
    """Counts, shares and the requirement ``attendance`` as of ``span.on``."""
    lessons = lessons_of(facts, span)
    marks = [lesson.mark for lesson in lessons if lesson.on <= span.on]
    held_marks = [mark for mark in marks if mark is not None]
    held, unmarked, upcoming = len(held_marks), len(marks) - len(held_marks), len(lessons) - len(marks)
    attended = sum(mark in ATTENDED for mark in held_marks)
    made_up = held_marks.count(Mark.MADE_UP)
    missed = held - attended
    repairable = 0 if span.is_over else max(0, min(missed, facts.programme.make_up_limit - made_up))
    last = held_marks[-RECENT_LESSONS:]
    recent = Fraction(sum(mark in ATTENDED for mark in last) + RECENT_LESSONS - len(last), RECENT_LESSONS)
    rate = Fraction(attended, held) if held else None
    attainable = Fraction(attended + repairable + unmarked + upcoming, len(lessons)) if lessons else None
    projected = (attended + (unmarked + upcoming) * recent) / len(lessons) if lessons else None
    return Attendance(
        held=held,
        attended=attended,
        missed=missed,
        made_up=made_up,
        unmarked=unmarked,
        upcoming=upcoming,
        repairable=repairable,
        rate=rate,
        attainable=attainable,
        recent=recent,
        projected=projected,
        state=_state(
            facts.programme.min_attendance,
            final_rate=Fraction(attended, held + unmarked) if held and not upcoming else None,
            attainable=attainable,
            projected=projected,
        ),
    )


def lessons_to_spare(attendance: Attendance, minimum: Fraction) -> int:
    """How many of the lessons that can still go either way may be missed, and ``minimum`` be met without making any up.

    Those are the unmarked and the upcoming ones. Below zero, so many lessons are to be made up even if all the others are
    attended. 0 without lessons.
    """
    open_lessons = attendance.unmarked + attendance.upcoming
    needed = ceil(minimum * attendance.lessons)
    return min(open_lessons, attendance.attended + open_lessons - needed)


def absent_in_a_row(facts: Facts, span: Span) -> tuple[Lesson, ...]:
    """The latest lessons held by ``span.on`` that were missed without word, one after the other; the first comes first.

    An announced absence is with word and ends the row, as any other mark does; a lesson without a mark neither counts
    nor ends it. Empty for whom no time passes any more, and after the last day.
    """
    if not span.goes_on or span.on > span.last:
        return ()
    row: list[Lesson] = []
    for lesson in reversed(lessons_of(facts, span)):
        if lesson.on > span.on or lesson.mark is None:
            continue
        if lesson.mark is not Mark.ABSENT:
            break
        row.insert(0, lesson)
    return tuple(row)


def has_begun(lesson: Lesson, at: datetime) -> bool:
    """Whether a lesson has begun at a moment, which is given in the time zone of its clock times."""
    return datetime.combine(lesson.on, lesson.start, at.tzinfo) <= at


def _state(
    minimum: Fraction, *, final_rate: Fraction | None, attainable: Fraction | None, projected: Fraction | None
) -> RequirementState:
    if final_rate is not None and final_rate >= minimum:
        return RequirementState.MET
    if attainable is not None and attainable < minimum:
        return RequirementState.OUT_OF_REACH
    if projected is not None and projected < minimum:
        return RequirementState.AT_RISK
    return RequirementState.ON_TRACK
