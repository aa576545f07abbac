"""The room of a participant: tried without a trace, stored with what to expect, undone whole; the second of two is asked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.models.load import LoadExpectation
from hto_track.models.participants import Participant
from hto_track.rules.expectation import expected_weeks
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.room import Room, agree_on_room, give_room, room_of, undo_room
from hto_track.services.standings import own_standing
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

STANDS = Room(job=36 * 60, release=0, study=None, travel=30)
WANTED = Room(job=36 * 60, release=240, study=600, travel=45)
FORM = SentForm(key="a key of this form", content="what was filled in")


def give(actor: Actor, wanted: Room = WANTED, seen: str = STANDS.version, code: str | None = None) -> None:
    give_room(actor, code, wanted, seen, TODAY, FORM)


def stored(cast: Cast) -> Room:
    db.session.rollback()
    return room_of(cast.anja, cast.participant, TODAY).room


def expectation() -> LoadExpectation | None:
    db.session.rollback()
    return db.session.scalars(select(LoadExpectation)).one_or_none()


def test_what_is_tried_is_shown_beside_what_stands_and_stored_nowhere(cast: Cast) -> None:
    view = room_of(cast.bram, None, TODAY, WANTED)
    assert (view.room, view.tried, view.load.capacity) == (STANDS, WANTED, 720)
    assert view.after is not None
    assert (view.after.capacity, view.after.job) == (600, 32 * 60)
    assert stored(cast) == STANDS and expectation() is None


def test_saving_moves_the_room_of_the_load_and_is_in_the_trail(cast: Cast) -> None:
    give(cast.bram)
    assert stored(cast) == WANTED
    assert own_standing(cast.bram, TODAY).member.standing.load.capacity == 600
    (entry,) = trail("give_room")
    assert (entry.subject, entry.actor) == ("participant/C1-01/room", f"user/{cast.bram.user_id}")
    assert entry.before is not None and entry.before["study_weekly_minutes"] is None
    assert entry.after is not None and entry.after["study_weekly_minutes"] == 600


def test_the_first_saving_keeps_what_to_expect_and_the_next_leaves_it(cast: Cast) -> None:
    give(cast.anja, code=cast.participant)
    first = expectation()
    assert first is not None
    assert (first.stored_on, first.study_weekly_minutes, first.travel_minutes) == (TODAY, 600, 45)
    facts = own_standing(cast.bram, TODAY).member.facts
    assert {date.fromisoformat(monday): minutes for monday, minutes in first.weeks.items()} == expected_weeks(facts)
    kept = dict(first.weeks)
    give_room(cast.bram, None, replace(WANTED, travel=0), WANTED.version, TODAY)
    second = expectation()
    assert second is not None and (second.weeks, second.travel_minutes) == (kept, 45)


def test_what_was_agreed_on_at_the_intake_is_kept_once_without_changing_the_room(cast: Cast) -> None:
    assert agree_on_room(cast.anja, cast.participant, TODAY)
    assert not agree_on_room(cast.bram, None, TODAY)
    kept = expectation()
    assert kept is not None and kept.study_weekly_minutes == 720  # what the programme says, as none was given
    assert stored(cast) == STANDS
    assert len(trail("agree_on_room")) == 1


def test_undoing_gives_back_the_room_and_what_was_expected_with_it(cast: Cast) -> None:
    give(cast.bram)
    undo_room(cast.bram, None, FORM.key)
    assert stored(cast) == STANDS and expectation() is None
    undo_room(cast.bram, None, FORM.key)  # twice is once
    assert len(trail("undo_room")) == 1


def test_undoing_a_later_change_leaves_what_was_agreed_on(cast: Cast) -> None:
    agree_on_room(cast.anja, cast.participant, TODAY)
    give(cast.bram)
    undo_room(cast.bram, None, FORM.key)
    assert stored(cast) == STANDS and expectation() is not None


def test_what_was_changed_since_is_not_undone(cast: Cast) -> None:
    give(cast.bram)
    later = replace(WANTED, study=660)
    give_room(cast.anja, cast.participant, later, WANTED.version, TODAY)
    with pytest.raises(Refused, match="changed since"):
        undo_room(cast.bram, None, FORM.key)
    assert stored(cast) == later


def test_the_second_of_two_is_asked_and_nothing_is_lost(cast: Cast) -> None:
    give(cast.bram)
    with pytest.raises(Refused, match="meanwhile") as refused:
        give_room(cast.anja, cast.participant, replace(WANTED, study=900), STANDS.version, TODAY)
    assert [refusal.field for refusal in refused.value.refusals] == ["seen"]
    assert stored(cast) == WANTED


def test_the_same_form_twice_is_one_change(cast: Cast) -> None:
    give(cast.bram)
    give(cast.bram)
    assert len(trail("give_room")) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"job": 81 * 60}, "werk"),
        ({"study": 81 * 60}, "ruimte"),
        ({"study": None}, "ruimte"),
        ({"release": 37 * 60}, "vrij"),
        ({"travel": 361}, "reis"),
    ],
)
def test_hours_without_sense_are_refused_at_their_field(cast: Cast, change: dict[str, int | None], field: str) -> None:
    wanted = replace(WANTED, **change)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        give(cast.bram, wanted)
    assert [refusal.field for refusal in refused.value.refusals] == [field]
    with pytest.raises(Refused):
        room_of(cast.bram, None, TODAY, wanted)
    assert stored(cast) == STANDS and expectation() is None


def test_a_teacher_does_not_give_room_and_an_outsider_finds_nothing(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        give(cast.chaima, code=cast.participant)
    with pytest.raises(NotFound):
        give(cast.otto, code=cast.participant)
    with pytest.raises(NotFound):
        room_of(cast.anja, None, TODAY)


def test_what_to_expect_is_of_a_person_who_has_begun_as_of_one_who_had_not(cast: Cast) -> None:
    """In the middle of the year the same is kept as on the first day."""
    with writing() as session:
        session.execute(update(Participant).values(study_weekly_minutes=600))
    agree_on_room(cast.anja, cast.participant, date(2026, 12, 1))
    kept = expectation()
    assert kept is not None
    total = sum(kept.weeks.values())
    # 3 lessons of 3 hours and half an hour of travel, 3 hours of preparation, 20 of the assignment, 80 of internship;
    # lesson 1 is on the second day: one of its seven days of preparation is left, and holds all of it.
    assert abs(total - (3 * 210 + 180 + 1200 + 4800)) <= len(kept.weeks)


def test_the_page_asks_the_same_whoever_it_is_of(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with count_queries() as queries:
        room_of(cast.anja, cast.participant, TODAY, WANTED)
    assert len(queries) <= 18


def test_undoing_is_of_the_participant_whose_form_it_was(cast: Cast) -> None:
    give(cast.anja, code=cast.participant)
    seen = room_of(cast.anja, cast.neighbour, TODAY).room.version
    give_room(cast.anja, cast.neighbour, WANTED, seen, TODAY)
    with pytest.raises(NotFound):
        undo_room(cast.anja, cast.neighbour, FORM.key)
    assert room_of(cast.anja, cast.neighbour, TODAY).room == WANTED


def test_undoing_a_room_that_stayed_the_same_takes_back_what_was_expected_with_it(cast: Cast) -> None:
    with writing() as session:
        session.execute(
            update(Participant).where(Participant.id == cast.participant_id).values(study_weekly_minutes=600)
        )
    same = replace(STANDS, study=600)
    give(cast.bram, same, same.version)
    assert expectation() is not None
    undo_room(cast.bram, None, FORM.key)
    assert stored(cast) == same and expectation() is None
