"""Who looked is kept: once an hour for each reader and thing, and nothing of one's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.privacy import Reading, Seen
from hto_track.services.policy import CONSOLE
from hto_track.services.readings import looks_at, note_cohorts, note_reading
from hto_track.services.transaction import reading, revision
from tests.cast import Cast

CountQueries = Callable[[], AbstractContextManager[list[str]]]


def looks() -> list[tuple[str, str]]:
    rows = db.session.execute(select(Reading.seen, Reading.subject_key).order_by(Reading.id))
    return [(row.seen.value, row.subject_key) for row in rows]


def test_a_look_at_a_participant_is_kept_with_who_and_when(cast: Cast) -> None:
    note_reading(cast.anja, Seen.HOURS, participant_id=cast.participant_id)
    [look] = looks_at(reading(), cast.participant_id, cast.cohort_id)
    assert (look.reader, look.seen, look.whole_cohort) == (cast.anja.ref, Seen.HOURS, False)
    assert look.hour == clock.now().replace(minute=0, second=0, microsecond=0)


def test_looking_again_in_the_same_hour_is_the_same_look_and_costs_no_query(
    cast: Cast, count_queries: CountQueries
) -> None:
    note_reading(cast.anja, Seen.COHORT, cohort_id=cast.cohort_id)
    with count_queries() as queries:
        note_reading(cast.anja, Seen.COHORT, cohort_id=cast.cohort_id)
    assert queries == []
    assert looks() == [("cohort", f"cohort/{cast.cohort_id}")]


def test_another_process_that_notes_the_same_look_adds_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from hto_track.services import readings

    note_reading(cast.anja, Seen.COHORT, cohort_id=cast.cohort_id)
    monkeypatch.setattr(readings, "_noted", readings._Noted())  # what another process knows: nothing
    note_reading(cast.anja, Seen.COHORT, cohort_id=cast.cohort_id)
    assert len(looks()) == 1


def test_the_next_hour_is_another_look(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in (9, 10):
        monkeypatch.setattr(clock, "now", lambda hour=hour: datetime(2026, 6, 14, hour, 59, tzinfo=UTC))
        note_reading(cast.anja, Seen.COHORT, cohort_id=cast.cohort_id)
    kept = looks_at(reading(), cast.participant_id, cast.cohort_id)
    assert [look.hour.hour for look in kept] == [10, 9]


def test_nothing_is_noted_of_what_is_ones_own_nor_of_the_console(cast: Cast) -> None:
    note_reading(cast.bram, Seen.TRAJECT, participant_id=cast.participant_id)
    note_reading(CONSOLE, Seen.TRAJECT, participant_id=cast.participant_id)
    assert looks() == []


def test_a_participant_who_looks_at_another_is_noted(cast: Cast) -> None:
    note_reading(cast.bram, Seen.TRAJECT, participant_id=cast.participant_id + 1)
    assert looks() == [("traject", f"participant/{cast.participant_id + 1}")]


def test_several_cohorts_are_noted_at_once(cast: Cast, count_queries: CountQueries) -> None:
    with count_queries() as queries:
        note_cohorts(cast.gijs, Seen.COHORT, (cast.cohort_id, cast.other_cohort_id))
    assert len(queries) == 1
    assert [key for _, key in looks()] == [f"cohort/{cast.cohort_id}", f"cohort/{cast.other_cohort_id}"]


def test_looks_at_another_cohort_or_participant_are_not_theirs(cast: Cast) -> None:
    note_reading(cast.otto, Seen.COHORT, cohort_id=cast.other_cohort_id)
    note_reading(cast.anja, Seen.TRAJECT, participant_id=cast.participant_id + 1)
    assert looks_at(reading(), cast.participant_id, cast.cohort_id) == ()


def test_a_look_makes_nothing_that_was_judged_old(cast: Cast) -> None:
    before = revision()
    note_reading(cast.anja, Seen.COHORT, cohort_id=cast.cohort_id)
    assert revision() == before
