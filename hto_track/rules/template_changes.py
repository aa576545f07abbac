"""What changed from one version of a template to another, as values that pages put into words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from hto_track.rules.template import (
    Part,
    Template,
    TemplateAssignment,
    TemplateCheckpoint,
    TemplateLesson,
    TemplateOutcome,
)

Row = TemplateAssignment | TemplateOutcome | TemplateCheckpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is another. ``which`` is the code or the number of a row, empty for a setting; ``field`` what of it.

    Of a row that came ``before`` is None and ``after`` its title, of one that went the other way round; then ``field`` is "".
    """

    part: Part
    which: str = ""
    field: str = ""
    before: Any = None
    after: Any = None


def differences(before: Template, after: Template) -> tuple[Difference, ...]:
    """Everything that differs, in order of the parts; nothing for templates that are the same."""
    return (
        *_settings(Part.RHYTHM, before.rhythm, after.rhythm),
        *_difference(Part.RHYTHM, "", "weeks_after", before.weeks_after, after.weeks_after),
        *_lessons(before.lessons, after.lessons),
        *_rows(Part.ASSIGNMENTS, before.assignments, after.assignments),
        *_rows(Part.OUTCOMES, before.outcomes, after.outcomes),
        *_rows(Part.CHECKPOINTS, before.checkpoints, after.checkpoints),
        *_settings(Part.REQUIREMENTS, before.requirements, after.requirements),
        *_difference(Part.REQUIREMENTS, "", "credits", before.credits, after.credits),
    )


def _difference(part: Part, which: str, field: str, before: Any, after: Any) -> Iterator[Difference]:
    if before != after:
        yield Difference(part=part, which=which, field=field, before=before, after=after)


def _settings(part: Part, before: Any, after: Any, which: str = "") -> Iterator[Difference]:
    for field in fields(before):
        yield from _difference(part, which, field.name, getattr(before, field.name), getattr(after, field.name))


def _rows(part: Part, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Difference]:
    old, new = {row.code: row for row in before}, {row.code: row for row in after}
    for code, row in old.items():
        if code in new:
            yield from _settings(part, row, new[code], code)
        else:
            yield Difference(part=part, which=code, before=row.title)
    for code, row in new.items():
        if code not in old:
            yield Difference(part=part, which=code, after=row.title)


def _lessons(before: Sequence[TemplateLesson], after: Sequence[TemplateLesson]) -> Iterator[Difference]:
    """By title: a lesson that only gets another number, because one came before it, is the same lesson."""
    matcher = SequenceMatcher(None, [lesson.title for lesson in before], [lesson.title for lesson in after], False)
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old, new = before[old_from:old_to], after[new_from:new_to]
        if operation == "equal" or len(old) == len(new):
            for was, becomes in zip(old, new, strict=True):
                for field in ("title", "starts_at", "ends_at"):
                    values = getattr(was, field), getattr(becomes, field)
                    yield from _difference(Part.LESSONS, str(becomes.number), field, *values)
        else:
            yield from (Difference(part=Part.LESSONS, which=str(lesson.number), before=lesson.title) for lesson in old)
            yield from (Difference(part=Part.LESSONS, which=str(lesson.number), after=lesson.title) for lesson in new)
