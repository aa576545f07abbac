"""Where each file's rows are kept: one description for reading them back (import, export) and for writing them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, case, select

from hto_track.models.assignments import Assignment, Attempt, Extension, StudyLogRow
from hto_track.models.base import Base
from hto_track.models.cohorts import Cohort, SchoolHoliday
from hto_track.models.diploma import CheckpointRecord, FinalAssessment
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.participants import Participant, Pause
from hto_track.models.programmes import Checkpoint, LearningOutcome, Programme


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


PROGRAMMES, OUTCOMES, CHECKPOINTS = _table(Programme), _table(LearningOutcome), _table(Checkpoint)
COHORTS, HOLIDAYS, LESSONS = _table(Cohort), _table(SchoolHoliday), _table(Lesson)
ASSIGNMENTS, PARTICIPANTS, PAUSES = _table(Assignment), _table(Participant), _table(Pause)
PLACEMENTS, ATTENDANCE, ATTEMPTS = _table(Placement), _table(Attendance), _table(Attempt)
EXTENSIONS, ENTRIES, STUDY_LOG = _table(Extension), _table(InternshipEntry), _table(StudyLogRow)
FINALS, RECORDS = _table(FinalAssessment), _table(CheckpointRecord)
ROUTES, MODULES, AGREEMENTS, EXEMPTIONS = _table(Route), _table(RouteModule), _table(Agreement), _table(Exemption)

ENTRY_MINUTES = "entry_minutes"
PLACEMENT_START = "placement_start_on"
"""Names that rows of internship hours carry besides the file's columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key: the file whose row it points to, and the names under which this row says which one."""

    column: str
    file: str
    key: tuple[str, ...]
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A file's table. ``columns`` are kept as they are, by the file's name for them; ``read`` besides is only read."""

    table: Table
    rows: FromClause
    scope: str
    """The column by which stored rows are looked up."""
    columns: Mapping[str, str]
    read: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()

    def select(self) -> Select[Any]:
        """The id of each stored row, and its values under the file's names, in the order in which they were stored."""
        return select(self.table.c.id.label("id"), *self.labelled().values()).select_from(self.rows).order_by("id")

    def labelled(self) -> dict[str, ColumnElement[Any]]:
        """The stored values under the file's names."""
        kept = {name: self.table.c[column].label(name) for name, column in self.columns.items()}
        return kept | {name: element.label(name) for name, element in self.read.items()}

    def scope_column(self) -> ColumnElement[Any]:
        """The column that ``scope`` names."""
        read = self.read.get(self.scope)
        return self.table.c[self.columns[self.scope]] if read is None else read


def _same(*names: str, **renamed: str) -> dict[str, str]:
    return {name: name for name in names} | renamed


def _of_programme(table: Table, **columns: str) -> Store:
    return Store(
        table=table,
        rows=table.join(PROGRAMMES),
        scope="programme_code",
        columns=columns,
        read={"programme_code": PROGRAMMES.c.code},
        references=(_PROGRAMME,),
    )


def _of_cohort(table: Table, **columns: str) -> Store:
    return Store(
        table=table,
        rows=table.join(COHORTS),
        scope="cohort_code",
        columns=columns,
        read={"cohort_code": COHORTS.c.code},
        references=(_COHORT,),
    )


_PROGRAMME = Reference(column="programme_id", file="programmes", key=("programme_code",))
_COHORT = Reference(column="cohort_id", file="cohorts", key=("cohort_code",))
_PARTICIPANT = Reference(column="participant_id", file="participants", key=("participant_code",))
_CODE_OF_PARTICIPANT = {"participant_code": PARTICIPANTS.c.code}
_ASSIGNMENT = Reference(column="assignment_id", file="assignments", key=("cohort_code", "assignment_code"))
_MODULE = Reference(column="module_id", file="route_modules", key=("route_code", "module_code"))
_CODES_OF_MODULE = {"route_code": ROUTES.c.code, "module_code": MODULES.c.code}


def _of_participant(
    table: Table,
    *references: Reference,
    rows: FromClause | None = None,
    read: Mapping[str, ColumnElement[Any]] | None = None,
    **columns: str,
) -> Store:
    """Rows of one participant; ``rows`` joins what ``read`` needs besides."""
    return Store(
        table=table,
        rows=table.join(PARTICIPANTS) if rows is None else rows,
        scope="participant_code",
        columns=columns,
        read=_CODE_OF_PARTICIPANT | dict(read or {}),
        references=(_PARTICIPANT, *references),
    )


def _with_assignment(table: Table) -> FromClause:
    return table.join(PARTICIPANTS, table.c.participant_id == PARTICIPANTS.c.id).join(
        ASSIGNMENTS, table.c.assignment_id == ASSIGNMENTS.c.id
    )


def _without_times(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((ENTRIES.c.starts_at.is_(None), column))


STORES: Mapping[str, Store] = {
    "programmes": Store(
        table=PROGRAMMES,
        rows=PROGRAMMES,
        scope="programme_code",
        columns=_same(
            "title",
            "college",
            "min_attendance",
            "make_up_limit",
            "max_attempts",
            programme_code="code",
            internship_min_hours="internship_min_minutes",
            internship_max_hours="internship_max_minutes",
            prep_hours_per_lesson="prep_minutes_per_lesson",
            advertised_weekly_hours="advertised_weekly_minutes",
        ),
    ),
    "learning_outcomes": _of_programme(OUTCOMES, outcome_code="code", title="title"),
    "checkpoints": _of_programme(CHECKPOINTS, checkpoint_code="code", title="title", due_week="due_week"),
    "routes": Store(
        table=ROUTES,
        rows=ROUTES,
        scope="route_code",
        columns=_same("title", "kind", "college", "terms", "credits", route_code="code"),
    ),
    "route_modules": Store(
        table=MODULES,
        rows=MODULES.join(ROUTES),
        scope="route_code",
        columns=_same("title", "term", "credits", module_code="code"),
        read={"route_code": ROUTES.c.code},
        references=(Reference(column="route_id", file="routes", key=("route_code",)),),
    ),
    "agreements": Store(
        table=AGREEMENTS,
        rows=AGREEMENTS.join(PROGRAMMES).join(MODULES).join(ROUTES, MODULES.c.route_id == ROUTES.c.id),
        scope="programme_code",
        columns=_same("basis"),
        read={"programme_code": PROGRAMMES.c.code, **_CODES_OF_MODULE},
        references=(_PROGRAMME, _MODULE),
    ),
    "school_holidays": Store(
        table=HOLIDAYS,
        rows=HOLIDAYS,
        scope="school_year",
        columns=_same("school_year", "region", "name", "first_day", "last_day"),
    ),
    "cohorts": Store(
        table=COHORTS,
        rows=COHORTS.join(PROGRAMMES),
        scope="cohort_code",
        columns=_same(
            "name",
            "region",
            "start_on",
            "end_on",
            "location",
            "min_participants",
            "max_participants",
            "leader_email",
            cohort_code="code",
        ),
        read={"programme_code": PROGRAMMES.c.code},
        references=(_PROGRAMME,),
    ),
    "lessons": _of_cohort(
        LESSONS, lesson_no="number", date="held_on", start="starts_at", end="ends_at", title="title", state="state"
    ),
    "assignments": _of_cohort(
        ASSIGNMENTS,
        assignment_code="code",
        title="title",
        opens_on="opens_on",
        due_on="due_on",
        estimated_hours="estimated_minutes",
        mandatory="mandatory",
    ),
    "participants": Store(
        table=PARTICIPANTS,
        rows=PARTICIPANTS.join(COHORTS),
        scope="participant_code",
        columns=_same(
            "given_name",
            "name_prefix",
            "family_name",
            "email",
            "phone",
            "employer",
            "fund",
            "sector",
            "travel_minutes",
            "start_on",
            "end_on",
            "prior_education",
            "in_education",
            "source_channel",
            "status",
            "status_on",
            participant_code="code",
            job_hours_per_week="job_weekly_minutes",
            release_hours_per_week="release_weekly_minutes",
            study_hours_per_week="study_weekly_minutes",
        ),
        read={"cohort_code": COHORTS.c.code},
        references=(_COHORT,),
    ),
    "pauses": _of_participant(PAUSES, start_on="start_on", end_on="end_on", reason="reason"),
    "placements": _of_participant(
        PLACEMENTS,
        school="school",
        school_type="school_type",
        supervisor_name="supervisor_name",
        supervisor_email="supervisor_email",
        start_on="start_on",
        end_on="end_on",
        agreed_hours="agreed_minutes",
    ),
    "attendance": _of_participant(
        ATTENDANCE,
        Reference(column="lesson_id", file="lessons", key=("cohort_code", "lesson_no")),
        rows=ATTENDANCE.join(PARTICIPANTS, ATTENDANCE.c.participant_id == PARTICIPANTS.c.id)
        .join(LESSONS, ATTENDANCE.c.lesson_id == LESSONS.c.id)
        .join(COHORTS, LESSONS.c.cohort_id == COHORTS.c.id),
        read={"cohort_code": COHORTS.c.code, "lesson_no": LESSONS.c.number},
        mark="mark",
    ),
    "attempts": _of_participant(
        ATTEMPTS,
        _ASSIGNMENT,
        rows=_with_assignment(ATTEMPTS),
        read={"assignment_code": ASSIGNMENTS.c.code},
        attempt="number",
        submitted_on="submitted_on",
        assessed_on="assessed_on",
        outcome="outcome",
        resit_due_on="resit_due_on",
        assessor="assessor",
    ),
    "extensions": _of_participant(
        EXTENSIONS,
        _ASSIGNMENT,
        rows=_with_assignment(EXTENSIONS),
        read={"assignment_code": ASSIGNMENTS.c.code},
        due_on="due_on",
        reason="reason",
    ),
    "internship_hours": _of_participant(
        ENTRIES,
        Reference(column="placement_id", file="placements", key=("participant_code", "school", PLACEMENT_START)),
        rows=ENTRIES.join(PARTICIPANTS, ENTRIES.c.participant_id == PARTICIPANTS.c.id).join(
            PLACEMENTS, ENTRIES.c.placement_id == PLACEMENTS.c.id
        ),
        read={
            "school": PLACEMENTS.c.school,
            PLACEMENT_START: PLACEMENTS.c.start_on,
            "hours": _without_times(ENTRIES.c.minutes),
        },
        date="worked_on",
        start="starts_at",
        end="ends_at",
        break_minutes="break_minutes",
        activity="activity",
        state="state",
        submitted_on="submitted_on",
        confirmed_on="decided_on",
        note="note",
        **{ENTRY_MINUTES: "minutes"},
    ),
    "study_log": _of_participant(
        STUDY_LOG,
        Reference(column="assignment_id", file="assignments", key=("cohort_code", "assignment_code"), is_optional=True),
        rows=STUDY_LOG.join(PARTICIPANTS, STUDY_LOG.c.participant_id == PARTICIPANTS.c.id).outerjoin(
            ASSIGNMENTS, STUDY_LOG.c.assignment_id == ASSIGNMENTS.c.id
        ),
        read={"assignment_code": ASSIGNMENTS.c.code},
        date="logged_on",
        hours="minutes",
        note="note",
    ),
    "final_assessments": _of_participant(
        FINALS, date="held_on", outcome="passed", resit_allowed="resit_allowed", assessor="assessor"
    ),
    "checkpoint_records": _of_participant(
        RECORDS,
        Reference(column="checkpoint_id", file="checkpoints", key=("programme_code", "checkpoint_code")),
        rows=RECORDS.join(PARTICIPANTS, RECORDS.c.participant_id == PARTICIPANTS.c.id).join(
            CHECKPOINTS, RECORDS.c.checkpoint_id == CHECKPOINTS.c.id
        ),
        read={"checkpoint_code": CHECKPOINTS.c.code},
        date="recorded_on",
        recorded_by="recorded_by",
        note="note",
    ),
    "exemptions": _of_participant(
        EXEMPTIONS,
        _MODULE,
        rows=EXEMPTIONS.join(PARTICIPANTS, EXEMPTIONS.c.participant_id == PARTICIPANTS.c.id)
        .join(MODULES, EXEMPTIONS.c.module_id == MODULES.c.id)
        .join(ROUTES, MODULES.c.route_id == ROUTES.c.id),
        read=_CODES_OF_MODULE,
        state="state",
        requested_on="requested_on",
        decided_on="decided_on",
        decided_by="decided_by",
        reason="reason",
    ),
}
