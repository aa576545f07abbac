"""The files of FORMATS.md: their columns in order, what each holds, and what makes a row the same row again."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hto_track.models.exemptions import RouteKind
from hto_track.models.internship import SchoolType
from hto_track.models.lessons import LessonState
from hto_track.rules.calendar import Region
from hto_track.rules.facts import Activity, AttemptOutcome, Basis, EnrolmentStatus, EntryState, ExemptionState, Mark
from hto_track.services.importing.kinds import (
    DATE,
    HOURS_OF_A_DAY,
    HOURS_OF_A_WEEK,
    MOST_HOURS,
    PASSED,
    TIME,
    YES_NO,
    Kind,
    codes,
    decimal,
    email,
    hours,
    hours_above_zero,
    note,
    one_of,
    outcome_code,
    text,
    whole,
)

CODE = text(64)
MINUTES_OF_A_DAY = 24 * 60
Row = dict[str, Any]
"""The values of a row by column name, None where nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. ``default`` stands for an empty cell and for a column that is not there."""

    name: str
    kind: Kind
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A file. ``key`` are the columns that say which row it is; with ``repeats`` several rows may have the same key."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    repeats: bool = False

    @property
    def file(self) -> str:
        """The name with its ending."""
        return f"{self.name}.csv"

    @property
    def defaults(self) -> Row:
        """What a new row holds where the file says nothing."""
        return {column.name: column.default for column in self.columns}


def must(name: str, kind: Kind) -> Column:
    """A column that must be there with every cell filled."""
    return Column(name=name, kind=kind, required=True)


def may(name: str, kind: Kind, default: Any = None) -> Column:
    """A column that may be missing or empty."""
    return Column(name=name, kind=kind, default=default)


FILES = (
    FileFormat(
        name="programmes",
        key=("programme_code",),
        columns=(
            must("programme_code", CODE),
            must("title", text(200)),
            may("college", text(200)),
            may("min_attendance", decimal(0, 1), Decimal("0.8")),
            may("make_up_limit", whole(0, 1000), 4),
            may("internship_min_hours", hours(MOST_HOURS), 80 * 60),
            may("internship_max_hours", hours(MOST_HOURS), 100 * 60),
            may("max_attempts", whole(1, 100), 2),
            may("prep_hours_per_lesson", hours(HOURS_OF_A_WEEK), 60),
            may("advertised_weekly_hours", hours_above_zero(HOURS_OF_A_WEEK), 12 * 60),
        ),
    ),
    FileFormat(
        name="learning_outcomes",
        key=("programme_code", "outcome_code"),
        columns=(must("programme_code", CODE), must("outcome_code", outcome_code()), must("title", text(200))),
    ),
    FileFormat(
        name="checkpoints",
        key=("programme_code", "checkpoint_code"),
        columns=(
            must("programme_code", CODE),
            must("checkpoint_code", CODE),
            must("title", text(200)),
            may("due_week", whole(0, 1000)),
        ),
    ),
    FileFormat(
        name="routes",
        key=("route_code",),
        columns=(
            must("route_code", CODE),
            must("title", text(200)),
            may("kind", one_of(RouteKind)),
            may("college", text(200)),
            may("terms", whole(1, 100)),
            may("credits", decimal(0, MOST_HOURS)),
        ),
    ),
    FileFormat(
        name="route_modules",
        key=("route_code", "module_code"),
        columns=(
            must("route_code", CODE),
            must("module_code", CODE),
            must("title", text(200)),
            must("term", whole(1, 100)),
            must("credits", decimal(0, MOST_HOURS)),
        ),
    ),
    FileFormat(
        name="agreements",
        key=("programme_code", "route_code", "module_code"),
        columns=(
            must("programme_code", CODE),
            must("route_code", CODE),
            must("module_code", CODE),
            must("basis", one_of(Basis)),
        ),
    ),
    FileFormat(
        name="school_holidays",
        key=("school_year", "region", "name"),
        columns=(
            must("school_year", text(9)),
            must("region", one_of(Region)),
            must("name", text(100)),
            must("first_day", DATE),
            must("last_day", DATE),
        ),
    ),
    FileFormat(
        name="cohorts",
        key=("cohort_code",),
        columns=(
            must("cohort_code", CODE),
            must("programme_code", CODE),
            may("name", text(200)),
            must("region", one_of(Region)),
            must("start_on", DATE),
            must("end_on", DATE),
            may("location", text(200)),
            may("min_participants", whole(0, MOST_HOURS), 15),
            may("max_participants", whole(0, MOST_HOURS), 20),
            may("leader_email", email()),
        ),
    ),
    FileFormat(
        name="lessons",
        key=("cohort_code", "lesson_no"),
        columns=(
            must("cohort_code", CODE),
            must("lesson_no", whole(0, MOST_HOURS)),
            must("date", DATE),
            must("start", TIME),
            must("end", TIME),
            may("title", text(200)),
            may("state", one_of(LessonState), LessonState.PLANNED),
        ),
    ),
    FileFormat(
        name="assignments",
        key=("cohort_code", "assignment_code"),
        columns=(
            must("cohort_code", CODE),
            must("assignment_code", CODE),
            must("title", text(200)),
            must("opens_on", DATE),
            must("due_on", DATE),
            must("estimated_hours", hours(MOST_HOURS)),
            may("mandatory", YES_NO, True),
            may("outcome_codes", codes(), ()),
        ),
    ),
    FileFormat(
        name="participants",
        key=("participant_code",),
        columns=(
            must("cohort_code", CODE),
            must("participant_code", CODE),
            must("given_name", text(100)),
            may("name_prefix", text(40)),
            must("family_name", text(100)),
            must("email", email()),
            may("phone", text(40)),
            may("employer", text(200)),
            may("fund", text(100)),
            may("sector", text(100)),
            may("job_hours_per_week", hours(HOURS_OF_A_WEEK), 40 * 60),
            may("release_hours_per_week", hours(HOURS_OF_A_WEEK), 0),
            may("study_hours_per_week", hours_above_zero(HOURS_OF_A_WEEK)),
            may("travel_minutes", whole(0, MINUTES_OF_A_DAY), 0),
            may("start_on", DATE),
            may("end_on", DATE),
            may("prior_education", text(100)),
            may("in_education", YES_NO, False),
            may("source_channel", text(100)),
            may("status", one_of(EnrolmentStatus), EnrolmentStatus.ACTIVE),
            may("status_on", DATE),
        ),
    ),
    FileFormat(
        name="pauses",
        key=("participant_code", "start_on"),
        columns=(
            must("participant_code", CODE),
            must("start_on", DATE),
            must("end_on", DATE),
            may("reason", note(500)),
        ),
    ),
    FileFormat(
        name="placements",
        key=("participant_code", "school", "start_on"),
        columns=(
            must("participant_code", CODE),
            must("school", text(200)),
            must("school_type", one_of(SchoolType)),
            may("supervisor_name", text(200)),
            may("supervisor_email", email()),
            must("start_on", DATE),
            must("end_on", DATE),
            may("agreed_hours", hours(MOST_HOURS)),
        ),
    ),
    FileFormat(
        name="attendance",
        key=("cohort_code", "lesson_no", "participant_code"),
        columns=(
            must("cohort_code", CODE),
            must("lesson_no", whole(0, MOST_HOURS)),
            must("participant_code", CODE),
            must("mark", one_of(Mark)),
        ),
    ),
    FileFormat(
        name="attempts",
        key=("participant_code", "assignment_code", "attempt"),
        columns=(
            must("participant_code", CODE),
            must("assignment_code", CODE),
            must("attempt", whole(0, 100)),
            must("submitted_on", DATE),
            may("assessed_on", DATE),
            may("outcome", one_of(AttemptOutcome)),
            may("resit_due_on", DATE),
            may("assessor", text(254)),
        ),
    ),
    FileFormat(
        name="extensions",
        key=("participant_code", "assignment_code"),
        columns=(
            must("participant_code", CODE),
            must("assignment_code", CODE),
            must("due_on", DATE),
            may("reason", note(500)),
        ),
    ),
    FileFormat(
        name="internship_hours",
        key=("participant_code", "school", "date", "start"),
        repeats=True,
        columns=(
            must("participant_code", CODE),
            must("school", text(200)),
            must("date", DATE),
            may("start", TIME),
            may("end", TIME),
            may("break_minutes", whole(0, MINUTES_OF_A_DAY), 0),
            may("hours", hours(HOURS_OF_A_DAY)),
            must("activity", one_of(Activity)),
            may("state", one_of(EntryState), EntryState.SUBMITTED),
            may("submitted_on", DATE),
            may("confirmed_on", DATE),
            may("note", note(500)),
        ),
    ),
    FileFormat(
        name="study_log",
        key=("participant_code", "date", "assignment_code"),
        repeats=True,
        columns=(
            must("participant_code", CODE),
            must("date", DATE),
            must("hours", hours_above_zero(HOURS_OF_A_DAY)),
            may("assignment_code", CODE),
            may("note", note(500)),
        ),
    ),
    FileFormat(
        name="final_assessments",
        key=("participant_code", "date"),
        columns=(
            must("participant_code", CODE),
            must("date", DATE),
            must("outcome", PASSED),
            may("resit_allowed", YES_NO, True),
            may("assessor", text(254)),
        ),
    ),
    FileFormat(
        name="checkpoint_records",
        key=("participant_code", "checkpoint_code", "date"),
        columns=(
            must("participant_code", CODE),
            must("checkpoint_code", CODE),
            must("date", DATE),
            may("recorded_by", text(254)),
            may("note", note(500)),
        ),
    ),
    FileFormat(
        name="exemptions",
        key=("participant_code", "route_code", "module_code"),
        columns=(
            must("participant_code", CODE),
            must("route_code", CODE),
            must("module_code", CODE),
            must("state", one_of(ExemptionState)),
            may("requested_on", DATE),
            may("decided_on", DATE),
            may("decided_by", text(254)),
            may("reason", note(1000)),
        ),
    ),
)
"""In the order in which they are stored: what is referred to comes first."""

FORMATS: Mapping[str, FileFormat] = {format.name: format for format in FILES}
