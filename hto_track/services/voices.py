"""What those who went before say of the load and spent on it: never a name, and never of fewer than five."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hto_track.models.assignments import StudyLogRow
from hto_track.models.cohorts import Cohort
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.load import LoadVerdict, Verdict
from hto_track.models.participants import Participant
from hto_track.rules.attendance import ATTENDED
from hto_track.rules.days import mondays
from hto_track.rules.expectation import FEWEST_VOICES, WeeklySpent, weekly_spent
from hto_track.rules.facts import EntryState
from hto_track.rules.lesson_dates import Slot
from hto_track.rules.plan_changes import slot_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What those who went before say, without names: how many said what, and what they want to pass on."""

    counts: Mapping[Verdict, int]
    advice: tuple[str, ...]

    @property
    def people(self) -> int:
        """How many said something."""
        return sum(self.counts.values())


def voices_of(session: Session, programme_id: int, besides: int | None = None) -> Voices | None:
    """What the people of a programme say, those of the cohort ``besides`` left out; None when there is nothing to tell.

    Of each cohort at least five have to have said something: pages of two cohorts leave out different ones, and what few said
    would follow by subtraction.
    """
    found = session.execute(
        select(Participant.cohort_id, LoadVerdict.verdict, LoadVerdict.advice, LoadVerdict.may_be_shown)
        .join(Participant, Participant.id == LoadVerdict.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .where(Cohort.programme_id == programme_id, Cohort.id != (besides or 0))
        .order_by(LoadVerdict.given_on.desc(), LoadVerdict.participant_id)
    ).all()
    said = Counter(row.cohort_id for row in found)
    rows = [row for row in found if said[row.cohort_id] >= FEWEST_VOICES]
    if not rows:
        return None
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
    return Voices(counts=counts, advice=tuple(row.advice for row in rows if row.advice and row.may_be_shown))


def spent_before(session: Session, programme_id: int, on: date) -> WeeklySpent | None:
    """What people of the programme's finished cohorts spent in a week, of those who log their study; without names."""
    finished = (Cohort.programme_id == programme_id, Cohort.end_on < on)
    minutes: dict[int, int] = {}
    weeks: dict[int, int] = {}
    logged = (
        select(StudyLogRow.participant_id, Cohort.start_on, Cohort.end_on, func.sum(StudyLogRow.minutes))
        .join(Participant, Participant.id == StudyLogRow.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .where(*finished)
        .group_by(StudyLogRow.participant_id, Cohort.start_on, Cohort.end_on)
    )
    for participant_id, start_on, end_on, total in session.execute(logged):
        minutes[participant_id], weeks[participant_id] = int(total), len(mondays(start_on, end_on))
    if len(minutes) < FEWEST_VOICES:
        return None
    for participant_id, total in session.execute(_internship_of(finished)):
        minutes[participant_id] = minutes.get(participant_id, 0) + int(total)
    for participant_id, starts_at, ends_at, travel, lessons in session.execute(_lessons_of(finished)):
        length = slot_minutes(Slot(on=on, starts_at=starts_at, ends_at=ends_at)) + travel
        minutes[participant_id] = minutes.get(participant_id, 0) + lessons * length
    return weekly_spent([(minutes[participant_id], number) for participant_id, number in weeks.items()])


def _internship_of(finished: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    return (
        select(Placement.participant_id, func.sum(InternshipEntry.minutes))
        .join(Placement, Placement.id == InternshipEntry.placement_id)
        .join(Participant, Participant.id == Placement.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .where(*finished, InternshipEntry.state.in_((EntryState.SUBMITTED, EntryState.CONFIRMED)))
        .group_by(Placement.participant_id)
    )


def _lessons_of(finished: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    return (
        select(Attendance.participant_id, Lesson.starts_at, Lesson.ends_at, Participant.travel_minutes, func.count())
        .join(Lesson, Lesson.id == Attendance.lesson_id)
        .join(Participant, Participant.id == Attendance.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .where(*finished, Attendance.mark.in_(ATTENDED))
        .group_by(Attendance.participant_id, Lesson.starts_at, Lesson.ends_at, Participant.travel_minutes)
    )
