"""From a cohort back to the template that it was given by, and what changed between two templates."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from hto_track.rules.facts import Programme
from hto_track.rules.layout import RegionHolidays, lay_out
from hto_track.rules.template import Part, Rhythm, Template, TemplateAssignment, TemplateLesson, TemplateOutcome
from hto_track.rules.template_changes import Difference, differences
from hto_track.rules.template_origin import (
    GivenAssignment,
    GivenLesson,
    assignments_of,
    lessons_of,
    rhythm_of,
    weeks_after,
)

EVENING = (time(18, 30), time(21, 30))
SHORT = (time(18, 30), time(21))


def given_on(days: list[date], times: tuple[time, time] = EVENING) -> list[GivenLesson]:
    return [
        GivenLesson(on=day, starts_at=times[0], ends_at=times[1], title=f"Les {at}")
        for at, day in enumerate(days, start=1)
    ]


def every(weeks: int, count: int = 6, start: date = date(2026, 3, 10)) -> list[date]:
    return [start + timedelta(weeks=weeks * at) for at in range(count)]


def assignment(opens_on: date, due_on: date) -> GivenAssignment:
    return GivenAssignment(
        code="A1", title="x", opens_on=opens_on, due_on=due_on, estimate=60, mandatory=True, outcomes=(), criteria="Zo"
    )


@pytest.mark.parametrize("weeks", [1, 2, 3, 4])
def test_the_rhythm_of_regular_lessons_is_found(weeks: int) -> None:
    assert rhythm_of(given_on(every(weeks))) == Rhythm(interval_weeks=weeks, weekday=1)


def test_holidays_and_moved_lessons_do_not_hide_the_rhythm() -> None:
    days = [*every(1, 5), date(2026, 5, 5), date(2026, 5, 13), date(2026, 5, 19), date(2026, 9, 1), date(2026, 9, 8)]
    assert rhythm_of(given_on(days)) == Rhythm(interval_weeks=1, weekday=1)


def test_without_lessons_the_rhythm_is_the_usual_one() -> None:
    assert rhythm_of([]) == Rhythm()


def test_a_lesson_on_a_sunday_alone_gives_a_day_that_can_be_chosen() -> None:
    assert rhythm_of(given_on([date(2026, 3, 15)])).weekday == 5


def test_only_what_differs_from_the_rhythm_is_kept_at_a_lesson() -> None:
    given = [*given_on(every(1, 2)), *given_on([date(2026, 3, 24)], SHORT)]
    assert lessons_of(given, rhythm_of(given)) == (
        TemplateLesson(number=1, title="Les 1"),
        TemplateLesson(number=2, title="Les 2"),
        TemplateLesson(number=3, title="Les 1", starts_at=SHORT[0], ends_at=SHORT[1]),
    )


@pytest.mark.parametrize(
    ("opens_on", "due_on", "tied"),
    [
        (date(2026, 3, 10), date(2026, 3, 24), (1, 3)),
        (date(2026, 3, 9), date(2026, 3, 27), (1, 3)),
        (date(2026, 3, 14), date(2026, 3, 28), (2, 4)),
        (date(2025, 1, 1), date(2027, 1, 1), (1, 6)),
        (date(2026, 3, 10), date(2026, 3, 11), (1, 2)),
        (date(2026, 4, 14), date(2026, 4, 20), (5, 6)),
    ],
)
def test_assignments_are_tied_to_the_nearest_lessons(opens_on: date, due_on: date, tied: tuple[int, int]) -> None:
    found = assignments_of([assignment(opens_on, due_on)], given_on(every(1)))[0]
    assert (found.opens_with, found.due_with) == tied
    assert found.criteria == "Zo"


def test_an_assignment_that_would_be_due_at_once_has_a_lesson_between() -> None:
    on = date(2026, 4, 1)
    found = assignments_of([assignment(on, on)], given_on(every(1)))[0]
    assert (found.opens_with, found.due_with) == (4, 5)


def test_with_one_lesson_no_assignment_can_be_tied() -> None:
    assert assignments_of([assignment(date(2026, 3, 10), date(2026, 3, 24))], given_on(every(1, 1))) == ()


@pytest.mark.parametrize(("days", "weeks"), [(-3, 0), (0, 0), (6, 0), (7, 1), (21, 3), (400, 26)])
def test_the_time_after_the_last_lesson_is_whole_weeks(days: int, weeks: int) -> None:
    last = date(2027, 1, 5)
    assert weeks_after(last, last + timedelta(days=days)) == weeks


def test_a_template_that_is_laid_out_is_found_again_in_its_dates() -> None:
    asked = Template(
        rhythm=Rhythm(interval_weeks=2, weekday=3),
        lessons=tuple(TemplateLesson(number=number, title=f"Les {number}") for number in range(1, 9)),
        assignments=(TemplateAssignment(code="A1", title="x", opens_with=2, due_with=5, estimate=60, criteria="Zo"),),
    )
    laid = lay_out(asked, date(2027, 3, 1), RegionHolidays(()))
    given = given_on([evening.on for evening in laid.evenings])
    rhythm = rhythm_of(given)
    dates = laid.assignments[0]
    assert (
        Template(
            rhythm=rhythm,
            lessons=lessons_of(given, rhythm),
            assignments=assignments_of([assignment(dates.opens_on, dates.due_on)], given),
        )
        == asked
    )


BASE = Template(
    lessons=tuple(TemplateLesson(number=at, title=title) for at, title in enumerate(["een", "twee", "drie"], start=1)),
    assignments=(TemplateAssignment(code="A1", title="x", opens_with=1, due_with=2, estimate=60),),
    outcomes=(TemplateOutcome(code="LU1", title="Les geven"),),
)


def test_templates_that_are_the_same_do_not_differ() -> None:
    assert differences(BASE, BASE) == ()


def test_a_lesson_that_comes_between_is_the_only_thing_that_changes() -> None:
    titles = ["een", "half", "twee", "drie"]
    after = replace(
        BASE, lessons=tuple(TemplateLesson(number=at, title=title) for at, title in enumerate(titles, start=1))
    )
    assert differences(BASE, after) == (Difference(part=Part.LESSONS, which="2", after="half"),)
    assert differences(after, BASE) == (Difference(part=Part.LESSONS, which="2", before="half"),)


def test_each_change_is_told_with_what_it_was_and_what_it_became() -> None:
    after = replace(
        BASE,
        rhythm=Rhythm(weekday=3),
        weeks_after=2,
        credits=Decimal(30),
        requirements=Programme(make_up_limit=2),
        lessons=(replace(BASE.lessons[0], ends_at=time(21)), replace(BASE.lessons[1], title="nieuw"), BASE.lessons[2]),
        assignments=(replace(BASE.assignments[0], estimate=120, mandatory=False),),
        outcomes=(),
    )
    assert differences(BASE, after) == (
        Difference(part=Part.RHYTHM, field="weekday", before=1, after=3),
        Difference(part=Part.RHYTHM, field="weeks_after", before=0, after=2),
        Difference(part=Part.LESSONS, which="1", field="ends_at", before=None, after=time(21)),
        Difference(part=Part.LESSONS, which="2", field="title", before="twee", after="nieuw"),
        Difference(part=Part.ASSIGNMENTS, which="A1", field="estimate", before=60, after=120),
        Difference(part=Part.ASSIGNMENTS, which="A1", field="mandatory", before=True, after=False),
        Difference(part=Part.OUTCOMES, which="LU1", before="Les geven"),
        Difference(part=Part.REQUIREMENTS, field="make_up_limit", before=4, after=2),
        Difference(part=Part.REQUIREMENTS, field="credits", before=None, after=Decimal(30)),
    )
