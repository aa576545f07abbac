"""A participant says beforehand that they will not come: until the lesson begins, without a reason, and it stands."""

from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.lessons import Attendance, Lesson, LessonState
from hto_track.models.participants import Pause
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import Mark
from hto_track.services.absences import Announcing, announce_absence, own_lesson, withdraw_absence
from hto_track.services.attendance import MarkChange, mark_everyone_present, record_marks, undo_marks
from hto_track.services.attendance_lists import lesson_attendance
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

COMING = 3
"""The lesson of 1 September, 18:30."""
LESSON_DAY = date(2026, 9, 1)


def at(hour: int, minute: int, on: date = LESSON_DAY) -> datetime:
    """A moment in Amsterdam."""
    return datetime.combine(on, time(hour, minute), AMSTERDAM)


BEFORE = at(9, 0, TODAY)


def marks() -> list[tuple[Mark, bool]]:
    """Every mark that is stored, and whether it was announced."""
    return [(kept.mark, kept.announced_at is not None) for kept in db.session.scalars(select(Attendance))]


def note(cast: Cast, given: Mark | None, *, seen: Mark | None, lesson: int = COMING, on: date = TODAY) -> None:
    """Chaima notes a mark for Bram."""
    change = MarkChange(participant=cast.participant, seen=seen, mark=given)
    record_marks(cast.chaima, cast.cohort, lesson, [change], on, SentForm(key="k1", content="c"))


def test_an_announced_absence_is_on_the_list_and_stands_when_it_is_taken(cast: Cast) -> None:
    own = announce_absence(cast.bram, cast.participant, COMING, BEFORE)
    assert own.announcing is Announcing.ANNOUNCED
    listed = lesson_attendance(cast.chaima, cast.cohort, COMING, LESSON_DAY)
    assert listed.rows[0].mark is Mark.EXCUSED
    assert listed.rows[0].announced_at == own.announced_at
    recorded = mark_everyone_present(cast.chaima, cast.cohort, COMING, LESSON_DAY)
    assert [change.participant for change in recorded.changes] == [cast.neighbour]
    assert [(entry.actor, entry.action, entry.subject) for entry in trail()][0] == (
        cast.bram.ref,
        "announce_absence",
        "participant/C1-01/lessons/3",
    )


@pytest.mark.parametrize(
    ("moment", "announcing"),
    [(at(18, 29), Announcing.CAN_ANNOUNCE), (at(18, 30), Announcing.TOO_LATE), (at(23, 59), Announcing.TOO_LATE)],
)
def test_it_can_be_announced_until_the_lesson_begins(cast: Cast, moment: datetime, announcing: Announcing) -> None:
    assert own_lesson(cast.bram, cast.participant, COMING, moment).announcing is announcing


def test_once_the_lesson_began_nothing_is_announced_or_taken_back(cast: Cast) -> None:
    with pytest.raises(Refused):
        announce_absence(cast.bram, cast.participant, COMING, at(18, 30))
    assert marks() == []
    announce_absence(cast.bram, cast.participant, COMING, at(18, 29))
    with pytest.raises(Refused):
        withdraw_absence(cast.bram, cast.participant, COMING, at(18, 30))
    assert marks() == [(Mark.EXCUSED, True)]


def test_it_can_be_taken_back(cast: Cast) -> None:
    announce_absence(cast.bram, cast.participant, COMING, BEFORE)
    own = withdraw_absence(cast.bram, cast.participant, COMING, BEFORE)
    assert (own.announcing, own.mark) == (Announcing.CAN_ANNOUNCE, None)
    assert marks() == []
    assert trail()[-1].action == "withdraw_absence"


def test_said_twice_it_stands_once(app: Any, cast: Cast) -> None:
    at_once(app, *(lambda: announce_absence(cast.bram, cast.participant, COMING, BEFORE) for _time in range(3)))
    assert marks() == [(Mark.EXCUSED, True)]
    withdraw_absence(cast.bram, cast.participant, COMING, BEFORE)
    withdraw_absence(cast.bram, cast.participant, COMING, BEFORE)
    assert marks() == []


def test_what_the_college_noted_itself_counts_and_is_said(cast: Cast) -> None:
    note(cast, Mark.EXCUSED, seen=None)
    own = own_lesson(cast.bram, cast.participant, COMING, BEFORE)
    assert (own.announcing, own.mark) == (Announcing.MARKED, Mark.EXCUSED)
    for act in (announce_absence, withdraw_absence):
        with pytest.raises(Refused):
            act(cast.bram, cast.participant, COMING, BEFORE)
    assert marks() == [(Mark.EXCUSED, False)]


def test_a_mark_that_the_college_gives_over_it_counts_and_undoing_that_keeps_the_announcement(cast: Cast) -> None:
    announce_absence(cast.bram, cast.participant, COMING, BEFORE)
    note(cast, Mark.PRESENT, seen=Mark.EXCUSED, on=LESSON_DAY)
    assert marks() == [(Mark.PRESENT, True)]
    undo_marks(cast.chaima, cast.cohort, COMING, "k1", LESSON_DAY)
    assert marks() == [(Mark.EXCUSED, True)]


def test_an_announcement_that_the_college_took_away_comes_back_with_undo(cast: Cast) -> None:
    own = announce_absence(cast.bram, cast.participant, COMING, BEFORE)
    note(cast, None, seen=Mark.EXCUSED)
    assert marks() == []
    undo_marks(cast.chaima, cast.cohort, COMING, "k1", TODAY)
    assert db.session.scalars(select(Attendance.announced_at)).one() == own.announced_at


def test_a_cancelled_lesson_needs_no_word(cast: Cast) -> None:
    with writing() as session:
        session.scalars(select(Lesson).where(Lesson.number == COMING)).one().state = LessonState.CANCELLED
    assert own_lesson(cast.bram, cast.participant, COMING, BEFORE).announcing is Announcing.CANCELLED
    with pytest.raises(Refused):
        announce_absence(cast.bram, cast.participant, COMING, BEFORE)


def test_a_lesson_in_a_pause_is_not_theirs(cast: Cast) -> None:
    with writing() as session:
        session.add(Pause(participant_id=cast.participant_id, start_on=LESSON_DAY, end_on=LESSON_DAY))
    with pytest.raises(NotFound):
        announce_absence(cast.bram, cast.participant, COMING, BEFORE)


def test_nobody_announces_for_somebody_else(cast: Cast) -> None:
    for actor in (cast.anja, cast.chaima, cast.otto, cast.els):
        with pytest.raises((Forbidden, NotFound)):
            announce_absence(actor, cast.participant, COMING, BEFORE)
    with pytest.raises(NotFound):
        announce_absence(cast.bram, cast.neighbour, COMING, BEFORE)
    assert marks() == []
