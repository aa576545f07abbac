"""What is wrong with a template, in sentences at the fields of its form."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.rules.template import Fault, FaultKind, Part
from hto_track.services.refusals import Refusal

RANGES: dict[str, Any] = {
    "interval_weeks": _l("Choose every how many weeks there is a lesson, from 1 to 4."),
    "weekday": _l("Choose a day from Monday to Saturday."),
    "weeks_after": _l("Fill in how many weeks the cohort goes on after its last lesson, from 0 to 26."),
    "min_attendance": _l("Fill in a percentage from 0 to 100."),
    "make_up_limit": _l("Fill in a whole number from 0 to 1000."),
    "internship_min": _l("Fill in hours, 0 or more."),
    "internship_max": _l("The most hours of the internship cannot be less than the least."),
    "max_attempts": _l("Fill in a whole number from 1 to 100."),
    "prep_per_lesson": _l("Fill in hours, 0 or more."),
    "advertised_weekly": _l("Fill in how many hours a week are told beforehand, more than 0."),
    "credits": _l("Fill in credits from 0 to 1000, or nothing."),
    "estimate": _l("Fill in how many hours it takes, 0 or more."),
    "due_week": _l("Fill in a week from 0 to 1000, counted from the start, or nothing."),
}
SENTENCES: dict[FaultKind, Any] = {
    FaultKind.NO_LESSONS: _l("Fill in at least one lesson, each on a line of its own."),
    FaultKind.TOO_MANY: _l("Keep it within %(said)s."),
    FaultKind.NUMBERS_WITH_GAPS: _l("The numbers of the lessons have a gap."),
    FaultKind.CODE_MISSING: _l("“%(said)s” has no code."),
    FaultKind.CODE_TWICE: _l("The code %(said)s is used twice."),
    FaultKind.CODE_WITH_SPACE: _l("The code %(said)s has a space in it: leave it out."),
    FaultKind.TITLE_MISSING: _l("%(said)s has no title."),
    FaultKind.NO_SUCH_LESSON: _l("Choose a lesson that there is: the last one is number %(said)s."),
    FaultKind.DUE_NOT_AFTER_OPENING: _l("Choose a lesson to hand it in that comes after the one it opens with."),
    FaultKind.NO_SUCH_OUTCOME: _l("There is no learning outcome %(said)s in this template."),
}


def refusals_of(faults: Iterable[Fault]) -> list[Refusal]:
    """A sentence for each fault, with the field that it belongs to."""
    return [Refusal(message=_sentence(fault), field=field_of(fault)) for fault in faults]


def field_of(fault: Fault) -> str:
    """The field of the form: the setting, the column of an assignment, or the list as a whole."""
    if fault.part in (Part.RHYTHM, Part.REQUIREMENTS):
        return fault.name
    if fault.part is Part.ASSIGNMENTS and fault.at is not None:
        return assignment_field(fault.at, fault.name)
    return fault.part.value


def assignment_field(at: int, name: str) -> str:
    """What the field of an assignment's column is called in the form; rows are counted from 0."""
    return f"assignment-{at}-{name}"


def _sentence(fault: Fault) -> Any:
    match fault.kind:
        case FaultKind.OUT_OF_RANGE:
            return RANGES[fault.name]
        case FaultKind.ENDS_BEFORE_START if fault.part is Part.LESSONS:
            return _l("Lesson %(said)s ends before it begins.", said=fault.said)
        case FaultKind.ENDS_BEFORE_START:
            return _l("The end is not after the start.")
        case kind:
            return SENTENCES[kind] if not fault.said else _filled(SENTENCES[kind], fault.said)


def _filled(sentence: Any, said: str) -> Any:
    return _Filled(sentence, said)


class _Filled:
    """A sentence with its word put in when it is read, in the reader's language."""

    def __init__(self, sentence: Any, said: str) -> None:
        self._sentence, self._said = sentence, said

    def __str__(self) -> str:
        return str(self._sentence) % {"said": self._said}
