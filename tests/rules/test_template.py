"""A whole template: its hours by hand, and everything that can be wrong with one."""

from dataclasses import replace
from datetime import time
from decimal import Decimal
from fractions import Fraction

import pytest

from hto_track.rules.facts import Programme
from hto_track.rules.template import (
    FaultKind,
    Part,
    Rhythm,
    Template,
    TemplateAssignment,
    TemplateCheckpoint,
    TemplateLesson,
    TemplateOutcome,
    expected_hours,
    faults,
    nominal_minutes,
    same_requirements,
)

ESTIMATES = (8, 16, 14, 20, 20, 8, 16, 20, 14, 36, 14, 28)
SOUND = Template(
    lessons=tuple(TemplateLesson(number=number, title=f"Les {number}") for number in range(1, 37)),
    assignments=tuple(
        TemplateAssignment(code=f"A{at}", title="x", opens_with=at, due_with=at + 4, estimate=hours * 60)
        for at, hours in enumerate(ESTIMATES, start=1)
    ),
    outcomes=(TemplateOutcome(code="LU1", title="Een les geven"),),
    checkpoints=(TemplateCheckpoint(code="VOG", title="Verklaring", due_week=6),),
    requirements=Programme(prep_per_lesson=90, internship_min=90 * 60),
    credits=Decimal(30),
)


def test_the_hours_of_the_template_cohort_are_those_that_were_added_up_by_hand() -> None:
    hours = expected_hours(SOUND)
    assert [minutes / 60 for minutes in (hours.lessons, hours.preparation, hours.assignments, hours.internship)] == [
        108,
        54,
        214,
        90,
    ]
    assert hours.total == 466 * 60
    assert nominal_minutes(SOUND) == 840 * 60


def test_nominal_hours_are_never_made_of_expected_ones() -> None:
    assert nominal_minutes(replace(SOUND, credits=None)) is None
    assert nominal_minutes(replace(SOUND, lessons=(), assignments=())) == 840 * 60
    assert expected_hours(replace(SOUND, credits=Decimal(60))) == expected_hours(SOUND)
    assert nominal_minutes(replace(SOUND, credits=Decimal("2.5"))) == 70 * 60


def test_a_lesson_with_times_of_its_own_counts_for_its_own_length() -> None:
    short = TemplateLesson(number=1, starts_at=time(19), ends_at=time(20, 15))
    only_end = TemplateLesson(number=2, ends_at=time(21))
    asked = replace(SOUND, lessons=(short, only_end, TemplateLesson(number=3)))
    assert expected_hours(asked).lessons == 75 + 150 + 180


def test_what_nobody_has_to_do_is_in_no_total() -> None:
    first, *rest = SOUND.assignments
    asked = replace(SOUND, assignments=(replace(first, mandatory=False), *rest))
    assert expected_hours(asked).optional == 8 * 60
    assert expected_hours(asked).total == 458 * 60


def test_a_sound_template_has_no_faults() -> None:
    assert faults(SOUND) == ()


def _one(
    code: str = "A1", opens: int = 1, due: int = 2, estimate: int = 60, outcomes: tuple[str, ...] = ()
) -> Template:
    each = TemplateAssignment(
        code=code, title="x", opens_with=opens, due_with=due, estimate=estimate, outcomes=outcomes
    )
    return replace(SOUND, assignments=(each,))


RHYTHM = SOUND.rhythm
ASKED = SOUND.requirements
WRONG = [
    (replace(SOUND, rhythm=replace(RHYTHM, interval_weeks=0)), Part.RHYTHM, FaultKind.OUT_OF_RANGE, "interval_weeks"),
    (replace(SOUND, rhythm=replace(RHYTHM, interval_weeks=5)), Part.RHYTHM, FaultKind.OUT_OF_RANGE, "interval_weeks"),
    (replace(SOUND, rhythm=replace(RHYTHM, weekday=6)), Part.RHYTHM, FaultKind.OUT_OF_RANGE, "weekday"),
    (replace(SOUND, rhythm=Rhythm(ends_at=time(18, 30))), Part.RHYTHM, FaultKind.ENDS_BEFORE_START, "ends_at"),
    (replace(SOUND, weeks_after=27), Part.RHYTHM, FaultKind.OUT_OF_RANGE, "weeks_after"),
    (replace(SOUND, lessons=(), assignments=()), Part.LESSONS, FaultKind.NO_LESSONS, ""),
    (
        replace(SOUND, lessons=(TemplateLesson(number=1), TemplateLesson(number=3)), assignments=()),
        Part.LESSONS,
        FaultKind.NUMBERS_WITH_GAPS,
        "",
    ),
    (
        replace(SOUND, lessons=(TemplateLesson(number=1, ends_at=time(18)),), assignments=()),
        Part.LESSONS,
        FaultKind.ENDS_BEFORE_START,
        "",
    ),
    (
        replace(SOUND, lessons=tuple(TemplateLesson(number=number) for number in range(1, 122))),
        Part.LESSONS,
        FaultKind.TOO_MANY,
        "",
    ),
    (_one(code=""), Part.ASSIGNMENTS, FaultKind.CODE_MISSING, "code"),
    (_one(due=37), Part.ASSIGNMENTS, FaultKind.NO_SUCH_LESSON, "due_with"),
    (_one(opens=0), Part.ASSIGNMENTS, FaultKind.NO_SUCH_LESSON, "opens_with"),
    (_one(opens=3, due=3), Part.ASSIGNMENTS, FaultKind.DUE_NOT_AFTER_OPENING, "due_with"),
    (_one(estimate=-1), Part.ASSIGNMENTS, FaultKind.OUT_OF_RANGE, "estimate"),
    (_one(outcomes=("LU1", "LU9")), Part.ASSIGNMENTS, FaultKind.NO_SUCH_OUTCOME, "outcomes"),
    (replace(SOUND, assignments=SOUND.assignments[:1] * 2), Part.ASSIGNMENTS, FaultKind.CODE_TWICE, "code"),
    (replace(SOUND, outcomes=SOUND.outcomes * 2), Part.OUTCOMES, FaultKind.CODE_TWICE, "code"),
    (
        replace(SOUND, outcomes=(TemplateOutcome(code="L U", title="x"),)),
        Part.OUTCOMES,
        FaultKind.CODE_WITH_SPACE,
        "code",
    ),
    (replace(SOUND, outcomes=(TemplateOutcome(code="L", title=""),)), Part.OUTCOMES, FaultKind.TITLE_MISSING, "title"),
    (replace(SOUND, checkpoints=SOUND.checkpoints * 2), Part.CHECKPOINTS, FaultKind.CODE_TWICE, "code"),
    (
        replace(SOUND, requirements=replace(ASKED, min_attendance=Fraction(101, 100))),
        Part.REQUIREMENTS,
        FaultKind.OUT_OF_RANGE,
        "min_attendance",
    ),
    (
        replace(SOUND, requirements=replace(ASKED, internship_max=ASKED.internship_min - 1)),
        Part.REQUIREMENTS,
        FaultKind.OUT_OF_RANGE,
        "internship_max",
    ),
    (
        replace(SOUND, requirements=replace(ASKED, max_attempts=0)),
        Part.REQUIREMENTS,
        FaultKind.OUT_OF_RANGE,
        "max_attempts",
    ),
    (
        replace(SOUND, requirements=replace(ASKED, advertised_weekly=0)),
        Part.REQUIREMENTS,
        FaultKind.OUT_OF_RANGE,
        "advertised_weekly",
    ),
    (
        replace(SOUND, requirements=replace(ASKED, max_attempts=101)),
        Part.REQUIREMENTS,
        FaultKind.OUT_OF_RANGE,
        "max_attempts",
    ),
    (
        replace(SOUND, requirements=replace(ASKED, make_up_limit=1001)),
        Part.REQUIREMENTS,
        FaultKind.OUT_OF_RANGE,
        "make_up_limit",
    ),
    (replace(SOUND, credits=Decimal(-1)), Part.REQUIREMENTS, FaultKind.OUT_OF_RANGE, "credits"),
    (replace(SOUND, credits=Decimal("1e99999")), Part.REQUIREMENTS, FaultKind.OUT_OF_RANGE, "credits"),
    (
        replace(SOUND, checkpoints=(replace(SOUND.checkpoints[0], due_week=1001),)),
        Part.CHECKPOINTS,
        FaultKind.OUT_OF_RANGE,
        "due_week",
    ),
]


@pytest.mark.parametrize(("wrong", "part", "kind", "name"), WRONG, ids=lambda value: str(value)[:20])
def test_each_thing_that_is_wrong_is_found_alone_and_at_its_place(
    wrong: Template, part: Part, kind: FaultKind, name: str
) -> None:
    assert [(fault.part, fault.kind, fault.name) for fault in faults(wrong)] == [(part, kind, name)]


def test_everything_that_is_wrong_is_found_at_once() -> None:
    wrong = replace(_one(opens=40, due=39), weeks_after=-1, credits=Decimal(-1))
    assert [fault.kind for fault in faults(wrong)] == [
        FaultKind.OUT_OF_RANGE,
        FaultKind.NO_SUCH_LESSON,
        FaultKind.NO_SUCH_LESSON,
        FaultKind.DUE_NOT_AFTER_OPENING,
        FaultKind.OUT_OF_RANGE,
    ]


def test_the_order_of_what_is_wanted_makes_no_other_programme() -> None:
    two = replace(SOUND, outcomes=(*SOUND.outcomes, TemplateOutcome(code="LU2", title="x")))
    assert same_requirements(two, replace(two, outcomes=tuple(reversed(two.outcomes)), lessons=(), credits=None))
    assert not same_requirements(two, SOUND)
    assert not same_requirements(SOUND, replace(SOUND, checkpoints=()))
    assert not same_requirements(SOUND, replace(SOUND, requirements=replace(ASKED, make_up_limit=3)))
