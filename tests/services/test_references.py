"""Whoever came by the link of a placement keeps their own name, also when another supervisor comes after them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.internship import Placement
from hto_track.models.ledger import AuditEntry
from hto_track.models.privacy import Reading, Seen
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services.audit_trail import TrailSearch, participant_history, search_trail
from hto_track.services.confirmations import HoursDecision, decide_hours
from hto_track.services.internship import Visit, log_hours
from hto_track.services.own_data import own_data
from hto_track.services.policy import Actor
from hto_track.services.readings import note_reading
from hto_track.services.references import address_digest, people_of, ref_by_link
from hto_track.services.supervisor_links import supervisor_link, visit_by_link
from hto_track.services.transaction import reading, writing
from hto_track.services.who_sees import who_sees
from tests.cast import Cast
from tests.conftest import TODAY

DIRK, RIA = ("dirk@example.org", "Dirk Mulder"), ("ria@example.org", "Ria Smeets")
FORMER = "Een vroegere stagebegeleider"


@pytest.fixture(autouse=True)
def in_dutch(app: Flask) -> Iterator[None]:
    """Names in the language of who asks."""
    with app.test_request_context():
        yield


def by_link(cast: Cast, email: str) -> Actor:
    """Whom the placement names, as they come by its link."""
    token = supervisor_link(cast.placement_id, email, TODAY).rpartition("/")[2]
    return visit_by_link(token, TODAY).actor


def decides(cast: Cast, email: str, on: date) -> str:
    """Bram logs a visit, and his supervisor looks at it and confirms it: the reference to that supervisor."""
    visit = Visit(placement_id=cast.placement_id, work=WorkedTime(on=on, minutes_given=60))
    entry = log_hours(cast.bram, cast.participant, visit, TODAY)
    actor = by_link(cast, email)
    decide_hours(actor, [HoursDecision(entry_id=entry.id, version=entry.version)], TODAY)
    note_reading(actor, Seen.HOURS, participant_id=cast.participant_id)
    db.session.rollback()
    return actor.ref


def hand_over(cast: Cast, email: str | None, name: str | None) -> None:
    """The placement gets another supervisor."""
    with writing() as session:
        placement = session.get_one(Placement, cast.placement_id)
        placement.supervisor_email, placement.supervisor_name = email, name
    db.session.rollback()


def in_trail(cast: Cast) -> list[str]:
    """Who decided, latest first, as the history says."""
    entries = participant_history(cast.anja, cast.participant).page.entries
    return [entry.who.name if entry.who else "" for entry in entries if entry.action == "decide_hours"]


def looked(cast: Cast) -> set[str | None]:
    """Who looked at Bram's hours, as his page says."""
    return {look.who for look in who_sees(cast.bram).looks if look.seen is Seen.HOURS}


def test_decisions_and_looks_before_and_after_a_change_of_supervisor_keep_their_own_names(cast: Cast) -> None:
    first = decides(cast, DIRK[0], TODAY - timedelta(days=2))
    assert (in_trail(cast), looked(cast)) == ([DIRK[1]], {DIRK[1]})
    hand_over(cast, *RIA)
    assert (in_trail(cast), looked(cast)) == ([FORMER], {FORMER})
    second = decides(cast, RIA[0], TODAY - timedelta(days=1))
    assert first != second
    assert (in_trail(cast), looked(cast)) == ([RIA[1], FORMER], {RIA[1], FORMER})
    people = own_data(cast.bram).people
    assert (people[first], people[second]) == (FORMER, RIA[1])
    hand_over(cast, DIRK[0].upper(), DIRK[1])
    assert in_trail(cast) == [FORMER, DIRK[1]]


def test_a_placement_without_a_supervisor_has_only_former_ones(cast: Cast) -> None:
    ref = decides(cast, DIRK[0], TODAY)
    hand_over(cast, None, None)
    assert (in_trail(cast), looked(cast), own_data(cast.bram).people[ref]) == ([FORMER], {FORMER}, FORMER)


def test_who_is_looked_for_by_name_is_not_found_in_what_another_decided(cast: Cast) -> None:
    decides(cast, DIRK[0], TODAY - timedelta(days=2))
    hand_over(cast, *RIA)
    assert search_trail(cast.gijs, TrailSearch(who="Ria", action="decide_hours")).entries == ()
    second = decides(cast, RIA[0], TODAY - timedelta(days=1))
    found = search_trail(cast.gijs, TrailSearch(who="Ria", action="decide_hours")).entries
    assert [entry.actor for entry in found] == [second]


def test_a_reference_fits_its_columns_and_says_neither_address_nor_that_two_are_the_same(cast: Cast) -> None:
    longest = ref_by_link(2**31 - 1, DIRK[0])
    for column in (AuditEntry.actor, Reading.reader):
        assert len(longest) <= column.type.length
    assert "dirk" not in longest
    assert address_digest(1, " Dirk@Example.org") == address_digest(1, DIRK[0])
    assert len({address_digest(1, DIRK[0]), address_digest(2, DIRK[0]), address_digest(1, RIA[0])}) == 3


def test_a_reference_without_a_digest_or_to_no_placement_names_nobody(cast: Cast) -> None:
    refs = [f"supervisor/{cast.placement_id}", f"supervisor/{cast.placement_id}/", "supervisor/4711/x", "supervisor/x"]
    assert {someone.name for someone in people_of(reading(), refs).values()} == {FORMER}
    assert people_of(reading(), ["console", "user/4711", "user/x", "participant/C1-01"]) == {}


def test_everyone_is_named_in_one_query(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    refs = [cast.anja.ref, cast.chaima.ref, ref_by_link(cast.placement_id, DIRK[0])]
    session = reading()
    with count_queries() as queries:
        assert {someone.name for someone in people_of(session, refs).values()} == {"Anja Bos", "Chaima Aziz", DIRK[1]}
    assert len(queries) == 1
    assert db.session.scalars(select(AuditEntry)).all() == []
