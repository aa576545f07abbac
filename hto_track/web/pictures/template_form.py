"""The form of a draft as it is shown: choices, and the rows of its assignments."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import sentence
from hto_track.rules.template import INTERVALS, WEEKDAYS
from hto_track.services.template_faults import assignment_field
from hto_track.services.templates import VersionView
from hto_track.web.pictures.templates import weekday_name
from hto_track.web.sent_forms import new_key
from hto_track.web.template_forms import EMPTY_ROWS, ROW, rows_in


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    """The fields of an assignment; ``names`` by column are those of the form, ``is_open`` an empty one."""

    at: int
    summary: str
    names: Mapping[str, str]
    values: Mapping[str, str]
    is_new: bool

    def has_error(self, errors: Mapping[str, str]) -> bool:
        """Whether something is said at one of its fields."""
        return any(name in errors for name in self.names.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """The whole form."""

    code: str
    number: int
    title: str
    values: Mapping[str, str]
    intervals: tuple[tuple[str, str], ...]
    weekdays: tuple[tuple[str, str], ...]
    rows: tuple[AssignmentRow, ...]
    lesson_rows: int
    key: str


def draft_page(known: VersionView, values: Mapping[str, str], seen: str) -> DraftPage:
    """The form with ``values`` in it; a field that nobody sent is empty."""
    count = rows_in(values)
    names = (
        "interval_weeks weekday starts_at ends_at weeks_after lessons outcomes checkpoints min_attendance make_up_limit"
        " internship_min internship_max max_attempts prep_per_lesson advertised_weekly credits note"
    )
    return DraftPage(
        code=known.code,
        number=known.version.number,
        title=known.title,
        values={name: values.get(name, "") for name in names.split()} | {"seen": seen},
        intervals=tuple((str(weeks), ngettext("Every week", "Every %(num)s weeks", weeks)) for weeks in INTERVALS),
        weekdays=tuple((str(day), sentence(weekday_name(day))) for day in WEEKDAYS),
        rows=tuple(_row(at, values, is_new=at >= count) for at in range(count + EMPTY_ROWS)),
        lesson_rows=min(40, max(8, values.get("lessons", "").count("\n") + 3)),
        key=new_key(),
    )


def _row(at: int, values: Mapping[str, str], *, is_new: bool) -> AssignmentRow:
    names = {name: assignment_field(at, name) for name in ROW}
    typed = {name: values.get(names[name], "yes" if is_new and name == "mandatory" else "") for name in ROW}
    summary = " ".join(filter(None, (typed["code"], typed["title"])))
    return AssignmentRow(at=at, summary=summary or _("Another assignment"), names=names, values=typed, is_new=is_new)
