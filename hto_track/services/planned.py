"""What was done to a lesson: told to whoever did it, kept with their form, and given back from there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment
from hto_track.models.cohorts import Cohort
from hto_track.services import audit
from hto_track.services.facts import CohortGround
from hto_track.services.lesson_rows import LessonStood, from_plain, plain
from hto_track.services.planning_preview import TiedTo
from hto_track.services.planning_refusals import ALONG
from hto_track.services.policy import Actor
from hto_track.services.refusals import refuse

COLUMNS = {TiedTo.OPENS: "opens_on", TiedTo.DUE: "due_on"}
"""Of the dates of an assignment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMoved:
    """A date of an assignment that moved along."""

    code: str
    which: TiedTo
    before: date
    after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What was done to a lesson: ``before`` is None for one that was added, both are the same where nothing was changed.

    ``after`` is None for one that is gone again. ``end`` is the last day of the cohort before and after, where it moved.
    """

    number: int
    before: LessonStood | None
    after: LessonStood | None
    along: tuple[DateMoved, ...] = ()
    end: tuple[date, date] | None = None

    @property
    def is_change(self) -> bool:
        """Whether anything was stored."""
        return self.before != self.after


def set_dates(
    session: Session,
    actor: Actor,
    ground: CohortGround,
    assignments: dict[str, Assignment],
    moved: Iterable[DateMoved],
) -> None:
    """Move dates of assignments; refused when one would be due before it opens."""
    for one in moved:
        setattr(assignments[one.code], COLUMNS[one.which], one.after)
    wrong = next((row for row in assignments.values() if row.due_on < row.opens_on), None)
    if wrong is not None:
        raise refuse(_l("Assignment %(code)s would be due before it opens.", code=wrong.code), ALONG)
    session.flush()
    audit.record_all(
        session,
        actor,
        [
            audit.Change(
                action="move_assignment",
                subject=audit.of_cohort(ground.cohort.code, "assignments", one.code),
                before={COLUMNS[one.which]: one.before.isoformat()},
                after={COLUMNS[one.which]: one.after.isoformat()},
            )
            for one in moved
        ],
    )


def set_end(session: Session, actor: Actor, ground: CohortGround, end_on: date) -> None:
    """Let the cohort end on another day."""
    session.get_one(Cohort, ground.cohort.id).end_on = end_on
    audit.record(
        session,
        actor,
        "move_cohort_end",
        audit.of_cohort(ground.cohort.code),
        before={"end_on": ground.cohort.end_on.isoformat()},
        after={"end_on": end_on.isoformat()},
    )


def as_answer(planned: Planned, cohort_code: str) -> dict[str, Any]:
    """As plain JSON, for ``form_answers``."""
    return {
        "planned": {
            "cohort": cohort_code,
            "number": planned.number,
            "before": plain(planned.before) if planned.before else None,
            "after": plain(planned.after) if planned.after else None,
            "along": [
                [one.code, one.which.value, one.before.isoformat(), one.after.isoformat()] for one in planned.along
            ],
            "end": [day.isoformat() for day in planned.end] if planned.end else None,
        }
    }


def from_answer(answer: dict[str, Any]) -> Planned:
    """What ``as_answer`` said."""
    said = answer["planned"]
    return Planned(
        number=said["number"],
        before=from_plain(said["before"]) if said["before"] else None,
        after=from_plain(said["after"]) if said["after"] else None,
        along=tuple(
            DateMoved(
                code=code,
                which=TiedTo(which),
                before=date.fromisoformat(before),
                after=date.fromisoformat(after),
            )
            for code, which, before, after in said["along"]
        ),
        end=(date.fromisoformat(said["end"][0]), date.fromisoformat(said["end"][1])) if said["end"] else None,
    )
