"""The form of a draft: from a template to what its fields hold, and back from what was typed.

Lessons, outcomes and checkpoints are text areas with a line each, so that they can be pasted from a spreadsheet; assignments
are rows, of which some empty ones stand at the end.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track import formats
from hto_track.rules.facts import Programme
from hto_track.rules.template import (
    Rhythm,
    Template,
    TemplateAssignment,
    TemplateCheckpoint,
    TemplateLesson,
    TemplateOutcome,
)
from hto_track.services.refusals import Refusal, Refused
from hto_track.services.template_faults import RANGES, assignment_field
from hto_track.web.parsing import parse_duration, parse_time, parse_whole

ROW = ("code", "title", "opens_with", "due_with", "estimate", "mandatory", "outcomes", "criteria")
ROW_TEXTS = tuple(name for name in ROW if name != "mandatory")
EMPTY_ROWS = 2
MOST_ROWS = 80
LONGEST_CODE, LONGEST_LINE, LONGEST_TEXT = 64, 200, 10_000
_DECIMAL = re.compile(r"\d{1,5}(?:\.\d{1,4})?", re.ASCII)
_SEPARATOR = re.compile(r"[\t|]")
_FROM_TO = re.compile(r"(.+?)\s*(?:-|–|tot|to)\s*(.+)")


def values_of(template: Template, note: str) -> dict[str, str]:
    """What the fields hold of a template as it is stored."""
    rhythm, asked = template.rhythm, template.requirements
    values = {
        "interval_weeks": str(rhythm.interval_weeks),
        "weekday": str(rhythm.weekday),
        "starts_at": _said_time(rhythm.starts_at),
        "ends_at": _said_time(rhythm.ends_at),
        "weeks_after": str(template.weeks_after),
        "lessons": "\n".join(map(_lesson_line, template.lessons)),
        "outcomes": "\n".join(f"{row.code} | {row.title}" for row in template.outcomes),
        "checkpoints": "\n".join(map(_checkpoint_line, template.checkpoints)),
        "min_attendance": formats.number(asked.min_attendance * 100),
        "make_up_limit": str(asked.make_up_limit),
        "internship_min": formats.hours_bare(asked.internship_min),
        "internship_max": formats.hours_bare(asked.internship_max),
        "max_attempts": str(asked.max_attempts),
        "prep_per_lesson": formats.hours_bare(asked.prep_per_lesson),
        "advertised_weekly": formats.hours_bare(asked.advertised_weekly),
        "credits": "" if template.credits is None else formats.number(template.credits),
        "note": note,
    }
    for at, each in enumerate(template.assignments):
        row = {
            "code": each.code,
            "title": each.title,
            "opens_with": str(each.opens_with),
            "due_with": str(each.due_with),
            "estimate": formats.hours_bare(each.estimate),
            "mandatory": "yes" if each.mandatory else "",
            "outcomes": " ".join(each.outcomes),
            "criteria": each.criteria,
        }
        values |= {assignment_field(at, name): text for name, text in row.items()}
    return values


def typed_values(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, the rows of assignments closed up: an emptied one is gone, as its number is."""
    values = {name: form[name].replace("\r\n", "\n") for name in form if not name.startswith("assignment-")}
    kept = 0
    for at in range(MOST_ROWS):
        row = {name: form.get(assignment_field(at, name), "").replace("\r\n", "\n").strip() for name in ROW}
        if any(row[name] for name in ROW_TEXTS):
            values |= {assignment_field(kept, name): text for name, text in row.items()}
            kept += 1
    return values


def rows_in(values: Mapping[str, str]) -> int:
    """How many assignments the values hold."""
    return next(at for at in range(MOST_ROWS + 1) if assignment_field(at, "code") not in values)


def template_in(values: Mapping[str, str], before: Template) -> Template:
    """The template that was typed, with what no field shows as it was ``before``; Refused with all that cannot be read."""
    typed = _Typed(values)
    template = Template(
        rhythm=Rhythm(
            interval_weeks=typed.whole("interval_weeks"),
            weekday=typed.whole("weekday"),
            starts_at=typed.time("starts_at"),
            ends_at=typed.time("ends_at"),
        ),
        weeks_after=typed.whole("weeks_after"),
        credits=typed.decimal("credits"),
        requirements=Programme(
            min_attendance=Fraction(typed.decimal("min_attendance") or 0) / 100,
            make_up_limit=typed.whole("make_up_limit"),
            internship_min=typed.minutes("internship_min"),
            internship_max=typed.minutes("internship_max"),
            max_attempts=typed.whole("max_attempts"),
            prep_per_lesson=typed.minutes("prep_per_lesson"),
            advertised_weekly=typed.minutes("advertised_weekly"),
            thresholds=before.requirements.thresholds,
        ),
        lessons=typed.lines("lessons", _lesson),
        assignments=tuple(_assignment(typed, at) for at in range(rows_in(values))),
        outcomes=typed.lines("outcomes", _outcome),
        checkpoints=typed.lines("checkpoints", _checkpoint),
    )
    if typed.refusals:
        raise Refused(typed.refusals)
    return template


class _Unread(Exception):
    """A line that cannot be read, with the sentence that says why."""


@dataclass
class _Typed:
    """What was typed, read field by field; what cannot be read is noted, and stands for nothing."""

    values: Mapping[str, str]
    refusals: list[Refusal] = field(default_factory=list)

    def text(self, name: str, most: int = LONGEST_LINE) -> str:
        text = self.values.get(name, "").strip()
        if len(text) > most:
            self._refuse(name, _l("Keep it within %(most)s characters.", most=most))
        return text

    def whole(self, name: str, said_as: str = "") -> int:
        number = parse_whole(self.values.get(name, ""))
        return self._or_refuse(name, number, _range_of(said_as or name), 0)

    def minutes(self, name: str, said_as: str = "") -> int:
        return self._or_refuse(name, parse_duration(self.values.get(name, "")), _range_of(said_as or name), 0)

    def time(self, name: str) -> time:
        sentence = _l("Fill in a time like 18:30.")
        return self._or_refuse(name, parse_time(self.values.get(name, "")), sentence, time(0))

    def decimal(self, name: str) -> Decimal | None:
        text = self.values.get(name, "").strip().rstrip("%").strip().replace(",", ".")
        if not text and name == "credits":
            return None
        number = Decimal(text) if _DECIMAL.fullmatch(text) else None  # never 1e99999: its figures would fill a page
        return self._or_refuse(name, number, _range_of(name), Decimal(0))

    def lines(self, name: str, read: Callable[[list[str], int], Any]) -> tuple[Any, ...]:
        """Each line that is not empty, taken apart at tabs and bars; the number that goes along counts them from 1."""
        rows = []
        for number, line in enumerate(filter(str.strip, self.values.get(name, "").split("\n")), start=1):
            cells = [cell.strip() for cell in _SEPARATOR.split(line.strip())]
            try:
                if max(map(len, cells)) > LONGEST_LINE:
                    raise _Unread(_l("Keep it within %(most)s characters.", most=LONGEST_LINE))
                rows.append(read(cells, number))
            except _Unread as unread:
                self._refuse(name, _l("Line %(number)s: %(why)s", number=number, why=unread.args[0]))
        return tuple(rows)

    def _or_refuse(self, name: str, value: Any, sentence: Any, otherwise: Any) -> Any:
        if value is None:
            self._refuse(name, sentence)
            return otherwise
        return value

    def _refuse(self, name: str, sentence: Any) -> None:
        self.refusals.append(Refusal(message=sentence, field=name))


def _range_of(name: str) -> Any:
    return RANGES.get(name, _l("Fill in the number of a lesson."))


def _lesson(cells: list[str], number: int) -> TemplateLesson:
    """``Title``, ``3 | Title``, ``Title | 18:30-21:00``, ``3, Title, 18:30, 21:00`` in cells of a spreadsheet."""
    if len(cells) > 1 and parse_whole(cells[0]) is not None:
        cells = cells[1:]
    while len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    if len(cells) == 1:
        return TemplateLesson(number=number, title=cells[0])
    times = cells[1:]
    if len(times) == 1 and (match := _FROM_TO.fullmatch(times[0])):
        times = [match[1], match[2]]
    read = [parse_time(text) for text in times]
    if len(read) != 2 or None in read:
        raise _Unread(_l("after the bar there is a time, like 18:30-21:00."))
    return TemplateLesson(number=number, title=cells[0], starts_at=read[0], ends_at=read[1])


def _coded(cells: list[str]) -> list[str]:
    """The code and the rest; on a line without bars the first word is the code."""
    coded = cells[0].split(maxsplit=1) if len(cells) == 1 else cells
    if len(coded[0]) > LONGEST_CODE:
        raise _Unread(_l("Keep it within %(most)s characters.", most=LONGEST_CODE))
    return coded


def _title(cells: list[str]) -> str:
    """What stands in these cells, as one title."""
    title = " ".join(filter(None, cells))
    if len(title) > LONGEST_LINE:
        raise _Unread(_l("Keep it within %(most)s characters.", most=LONGEST_LINE))
    return title


def _outcome(cells: list[str], _number: int) -> TemplateOutcome:
    code, *rest = _coded(cells)
    return TemplateOutcome(code=code, title=_title(rest))


def _checkpoint(cells: list[str], _number: int) -> TemplateCheckpoint:
    code, *rest = _coded(cells)
    if len(rest) < 2 or not rest[-1]:
        return TemplateCheckpoint(code=code, title=_title(rest))
    week = parse_whole(re.sub(r"(?i)\bweek\b", "", rest[-1]))
    if week is None:
        raise _Unread(_l("after the second bar there is a week, like 6."))
    return TemplateCheckpoint(code=code, title=_title(rest[:-1]), due_week=week)


def _assignment(typed: _Typed, at: int) -> TemplateAssignment:
    def named(name: str) -> str:
        return assignment_field(at, name)

    return TemplateAssignment(
        code=typed.text(named("code"), LONGEST_CODE),
        title=typed.text(named("title")),
        opens_with=typed.whole(named("opens_with"), "opens_with"),
        due_with=typed.whole(named("due_with"), "due_with"),
        estimate=typed.minutes(named("estimate"), "estimate"),
        mandatory=bool(typed.values.get(named("mandatory"))),
        outcomes=tuple(dict.fromkeys(typed.text(named("outcomes")).replace(",", " ").split())),
        criteria=typed.text(named("criteria"), LONGEST_TEXT),
    )


def _said_time(at: time) -> str:
    return at.isoformat("minutes")


def _lesson_line(lesson: TemplateLesson) -> str:
    if lesson.starts_at is None or lesson.ends_at is None:
        return lesson.title
    return f"{lesson.title} | {_said_time(lesson.starts_at)}-{_said_time(lesson.ends_at)}"


def _checkpoint_line(checkpoint: TemplateCheckpoint) -> str:
    line = f"{checkpoint.code} | {checkpoint.title}"
    return line if checkpoint.due_week is None else f"{line} | {checkpoint.due_week}"
