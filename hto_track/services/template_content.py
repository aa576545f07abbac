"""A whole template as the plain JSON that a version keeps, and back: nothing is lost on the way."""

from dataclasses import asdict, fields
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hto_track.rules.facts import Programme, Thresholds
from hto_track.rules.template import (
    Rhythm,
    Template,
    TemplateAssignment,
    TemplateCheckpoint,
    TemplateLesson,
    TemplateOutcome,
)
from hto_track.services.values import warning_thresholds

DEFAULTS = Thresholds()


def content_of(template: Template) -> dict[str, Any]:
    """The JSON of a template; equal templates have equal JSON."""
    return {
        "rhythm": asdict(template.rhythm)
        | {"starts_at": _time(template.rhythm.starts_at), "ends_at": _time(template.rhythm.ends_at)},
        "weeks_after": template.weeks_after,
        "credits": None if template.credits is None else format(template.credits.normalize(), "f"),
        "requirements": _requirements(template.requirements),
        "lessons": [
            asdict(lesson) | {"starts_at": _time(lesson.starts_at), "ends_at": _time(lesson.ends_at)}
            for lesson in template.lessons
        ],
        "assignments": [asdict(each) | {"outcomes": list(each.outcomes)} for each in template.assignments],
        "outcomes": [asdict(outcome) for outcome in template.outcomes],
        "checkpoints": [asdict(checkpoint) for checkpoint in template.checkpoints],
    }


def template_of(content: dict[str, Any]) -> Template:
    """The template that ``content_of`` wrote down."""
    rhythm, asked = content["rhythm"], content["requirements"]
    return Template(
        rhythm=Rhythm(**rhythm | {"starts_at": _at(rhythm["starts_at"]), "ends_at": _at(rhythm["ends_at"])}),
        weeks_after=content["weeks_after"],
        credits=None if content["credits"] is None else Decimal(content["credits"]),
        requirements=Programme(
            **asked
            | {
                "min_attendance": Fraction(asked["min_attendance"]),
                "thresholds": warning_thresholds(asked["thresholds"]),
            }
        ),
        lessons=tuple(
            TemplateLesson(**lesson | {"starts_at": _at(lesson["starts_at"]), "ends_at": _at(lesson["ends_at"])})
            for lesson in content["lessons"]
        ),
        assignments=tuple(
            TemplateAssignment(**each | {"outcomes": tuple(each["outcomes"])}) for each in content["assignments"]
        ),
        outcomes=tuple(TemplateOutcome(**outcome) for outcome in content["outcomes"]),
        checkpoints=tuple(TemplateCheckpoint(**checkpoint) for checkpoint in content["checkpoints"]),
    )


def thresholds_that_differ(thresholds: Thresholds) -> dict[str, float]:
    """Thresholds as a programme stores them: those that are not the default, shares as decimals."""
    given = {field.name: getattr(thresholds, field.name) for field in fields(Thresholds)}
    return {
        name: float(value) if isinstance(value, Fraction) else value
        for name, value in given.items()
        if value != getattr(DEFAULTS, name)
    }


def decimal_of(share: Fraction) -> Decimal:
    """A share that was written with decimals, as a decimal again."""
    return Decimal(share.numerator) / share.denominator


def _requirements(asked: Programme) -> dict[str, Any]:
    return {
        "min_attendance": str(asked.min_attendance),
        "make_up_limit": asked.make_up_limit,
        "internship_min": asked.internship_min,
        "internship_max": asked.internship_max,
        "max_attempts": asked.max_attempts,
        "prep_per_lesson": asked.prep_per_lesson,
        "advertised_weekly": asked.advertised_weekly,
        "thresholds": thresholds_that_differ(asked.thresholds),
    }


def _time(at: time | None) -> str | None:
    return None if at is None else at.isoformat("minutes")


def _at(text: str | None) -> Any:
    return None if text is None else time.fromisoformat(text)
