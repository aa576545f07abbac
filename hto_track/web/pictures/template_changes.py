"""What changed between two versions of a template, in words: what it is of, what it was, what it became."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track import formats
from hto_track.rules.facts import Thresholds
from hto_track.rules.template import Part
from hto_track.rules.template_changes import Difference
from hto_track.services.templates import Comparison
from hto_track.web.pictures.templates import weekday_name

SETTINGS: dict[str, Any] = {
    "interval_weeks": _l("Weeks between lessons"),
    "weekday": _l("Day of the lessons"),
    "starts_at": _l("Lessons begin at"),
    "ends_at": _l("Lessons end at"),
    "weeks_after": _l("Weeks after the last lesson"),
    "credits": _l("Credits (EC)"),
    "min_attendance": _l("Lessons attended, at least"),
    "make_up_limit": _l("Lessons that may be made up"),
    "internship_min": _l("Internship, at least"),
    "internship_max": _l("Internship, counted up to"),
    "max_attempts": _l("Attempts at an assignment"),
    "prep_per_lesson": _l("Preparation of a lesson"),
    "advertised_weekly": _l("Told beforehand, a week"),
    "thresholds": _l("When a warning is given"),
}
OF_A_ROW: dict[str, Any] = {
    "title": _l("title"),
    "starts_at": _l("begin"),
    "ends_at": _l("end"),
    "opens_with": _l("opens with lesson"),
    "due_with": _l("hand in with lesson"),
    "estimate": _l("estimate"),
    "mandatory": _l("mandatory"),
    "outcomes": _l("learning outcomes"),
    "criteria": _l("what is expected"),
    "due_week": _l("week"),
}
ROWS: dict[Part, Any] = {
    Part.LESSONS: _l("Lesson %(which)s"),
    Part.ASSIGNMENTS: _l("Assignment %(which)s"),
    Part.OUTCOMES: _l("Learning outcome %(which)s"),
    Part.CHECKPOINTS: _l("Checkpoint %(which)s"),
}
IN_HOURS = frozenset({"internship_min", "internship_max", "prep_per_lesson", "advertised_weekly", "estimate"})
LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One thing that changed."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """What changed, and the versions that can be compared with."""

    code: str
    title: str
    heading: str
    before: int
    after: int
    choices: tuple[tuple[str, str], ...]
    lines: tuple[ChangeLine, ...]


def comparison_page(known: Comparison) -> ComparisonPage:
    """The page of two versions."""
    return ComparisonPage(
        code=known.code,
        title=known.title,
        heading=_("From version %(before)s to version %(after)s", before=known.before, after=known.after),
        before=known.before,
        after=known.after,
        choices=tuple(
            (str(number), _("Version %(number)s", number=number)) for number in known.numbers if number != known.after
        ),
        lines=change_lines(known.differences),
    )


def change_lines(differences: Iterable[Difference]) -> tuple[ChangeLine, ...]:
    """Differences in words."""
    return tuple(
        ChangeLine(
            what=_what(each),
            before=_value(each.field, each.before) if each.before is not None else _("nothing"),
            after=_value(each.field, each.after) if each.after is not None else _("nothing"),
        )
        for each in differences
    )


def _what(each: Difference) -> str:
    if not each.which:
        return str(SETTINGS.get(each.field, each.field))
    row = str(ROWS[each.part]) % {"which": each.which}
    if each.field:
        return f"{row}: {OF_A_ROW.get(each.field, each.field)}"
    return _("%(row)s is new", row=row) if each.before is None else _("%(row)s is gone", row=row)


def _value(field: str, value: Any) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case int() if field == "weekday":
            return weekday_name(value)
        case int() if field in IN_HOURS:
            return formats.hours(value)
        case Fraction():
            return formats.percent(value)
        case Decimal():
            return formats.number(value)
        case time():
            return formats.clock_time(value)
        case tuple():
            return ", ".join(value) or "–"
        case Thresholds():
            return "…"
        case _:
            text = str(value) or "–"
            return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
