"""The trail is read by who may, in pages, with the names of who is still there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import User
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading
from hto_track.rules.facts import Mark
from hto_track.services import audit, audit_trail
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.audit_trail import (
    TrailSearch,
    cohort_history,
    own_history,
    participant_history,
    search_trail,
)
from hto_track.services.policy import CONSOLE, Actor, ActorGrant
from hto_track.services.references import address_digest, ref_by_link
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY

CountQueries = Callable[[], AbstractContextManager[list[str]]]


def write(actor: Actor, *subjects: str, action: str = "try") -> None:
    with writing() as session:
        for subject in subjects:
            audit.record(session, actor, action, subject, after={"word": subject})


def of(code: str, *within: str | int) -> str:
    return audit.of_participant(code, *within)


def numbers(search: TrailSearch, cast: Cast) -> list[int]:
    return [entry.number for entry in search_trail(cast.gijs, search).entries]


def subjects(page: audit_trail.TrailPage) -> list[str]:
    return ["/".join(entry.subject) for entry in page.entries]


def test_the_trail_is_shown_latest_first_with_who_it_was_and_whom_it_is_about(cast: Cast) -> None:
    write(cast.anja, of("C1-01"), audit.of_user(cast.bram.user_id or 0))
    newest, oldest = search_trail(cast.gijs, TrailSearch()).entries
    assert (newest.number, oldest.number) == (2, 1)
    assert newest.who is not None and oldest.about is not None and newest.about is not None
    assert (newest.who.name, newest.who.email) == ("Anja Bos", "anja@example.org")
    assert (newest.about.name, oldest.about.name) == ("Bram de Wit", "Bram de Wit")
    assert (oldest.before, oldest.after) == ({}, {"word": "participant/C1-01"})


def test_who_is_gone_has_no_name_in_it_any_more(cast: Cast) -> None:
    write(cast.anja, of("C1-01"))
    with writing() as session:
        session.scalars(select(User).where(User.email == "anja@example.org")).one().erased_at = clock.now()
        session.scalars(select(Participant).where(Participant.code == "C1-01")).one().erased_on = TODAY
        audit.erase_contents(session, cast.gijs, of("C1-01"), audit.about(of("C1-01")))
    entry = search_trail(cast.gijs, TrailSearch()).entries[-1]
    assert (entry.who, entry.about, entry.is_erased, entry.after) == (None, None, True, {})
    assert entry.actor == cast.anja.ref


def test_a_page_goes_on_where_the_one_before_ended(cast: Cast) -> None:
    write(cast.anja, *[of(f"P{number}") for number in range(audit_trail.PAGE + 10)])
    first = search_trail(cast.gijs, TrailSearch())
    assert (len(first.entries), first.older) == (audit_trail.PAGE, 11)
    second = search_trail(cast.gijs, TrailSearch(), first.older)
    assert ([entry.number for entry in second.entries], second.older) == (list(range(10, 0, -1)), None)


def test_a_page_costs_three_queries_however_much_there_is(cast: Cast, count_queries: CountQueries) -> None:
    counts = []
    for many in (2, 40):
        write(cast.anja, *[of(f"P{number}") for number in range(many)])
        write(cast.otto, *[audit.of_user(number) for number in range(1, many)])
        with count_queries() as queries:
            search_trail(cast.gijs, TrailSearch())
        counts.append(len(queries))
    assert counts == [3, 3]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (TrailSearch(who="anja@EXAMPLE.org"), [3, 1]),
        (TrailSearch(who="bos"), [3, 1]),
        (TrailSearch(who="console"), [4]),
        (TrailSearch(who="%"), []),
        (TrailSearch(who="nobody"), []),
        (TrailSearch(action="look"), [2]),
        (TrailSearch(about="C1-01"), [2, 1]),
        (TrailSearch(about="C-1"), [3]),
        (TrailSearch(about="user/1"), [4]),
        (TrailSearch(about="C1-0"), []),
        (TrailSearch(who="otto", action="try"), []),
        (TrailSearch(first=TODAY, last=TODAY), [4, 3, 2, 1]),
        (TrailSearch(last=date(2026, 6, 13)), []),
        (TrailSearch(first=date(2026, 6, 15)), []),
    ],
)
def test_the_trail_is_searched_by_who_what_about_whom_and_when(
    cast: Cast, search: TrailSearch, found: list[int]
) -> None:
    write(cast.anja, of("C1-01"))
    write(cast.otto, of("C1-01", "hours", 7), action="look")
    write(cast.anja, audit.of_cohort("C-1"))
    write(CONSOLE, audit.of_user(1))
    assert numbers(search, cast) == found


def test_a_day_begins_and_ends_in_amsterdam(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in (21, 22):
        monkeypatch.setattr(clock, "now", lambda hour=hour: datetime(2026, 6, 14, hour, 30, tzinfo=UTC))
        write(cast.anja, of("C1-01"))
    monkeypatch.undo()
    assert numbers(TrailSearch(last=date(2026, 6, 14)), cast) == [1]
    assert numbers(TrailSearch(first=date(2026, 6, 15)), cast) == [2]


@pytest.mark.parametrize("name", ["anja", "bram", "chaima", "dirk", "els", "femke", "hanna", "ilse", "karel", "otto"])
def test_nobody_but_an_administrator_looks_into_the_trail(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        search_trail(getattr(cast, name), TrailSearch())


def test_a_history_is_of_one_participant_and_nobody_else(cast: Cast) -> None:
    write(cast.anja, of("C1-01"), of("C1-01", "hours", 1), of("C1-02"), of("C1-011"), audit.of_cohort("C1-01"))
    found = participant_history(cast.anja, "C1-01")
    assert (found.name, found.cohort_code) == ("Bram de Wit", "C-1")
    assert subjects(found.page) == ["participant/C1-01/hours/1", "participant/C1-01"]


def test_a_history_can_be_of_one_record_with_what_was_imported_of_its_kind(cast: Cast) -> None:
    write(
        cast.anja,
        of("C1-01", "hours", 1),
        of("C1-01", "hours", 12),
        of("C1-01", "files", "internship_hours.csv"),
        of("C1-01", "files", "attendance.csv"),
        of("C1-01", "assignments", "A/1"),
    )
    assert subjects(participant_history(cast.anja, "C1-01", "hours/1").page) == [
        "participant/C1-01/files/internship_hours.csv",
        "participant/C1-01/hours/1",
    ]
    assert subjects(participant_history(cast.anja, "C1-01", "assignments/A/1").page) == [
        "participant/C1-01/assignments/A/1"
    ]
    assert subjects(participant_history(cast.anja, "C1-01", "nothing%/../").page) == []


def test_with_whom_someone_shares_is_in_their_own_history_alone(cast: Cast) -> None:
    write(cast.bram, of("C1-01", "share", 1), of("C1-01", "hours", 1))
    assert len(participant_history(cast.bram, "C1-01").page.entries) == 2
    assert subjects(participant_history(cast.anja, "C1-01").page) == ["participant/C1-01/hours/1"]
    assert subjects(participant_history(cast.anja, "C1-01", "share/1").page) == []
    assert subjects(cohort_history(cast.anja, "C-1").page) == ["participant/C1-01/hours/1"]


def test_the_history_of_a_cohort_has_its_people_and_no_other_cohort(cast: Cast) -> None:
    write(cast.anja, audit.of_cohort("C-1"), of("C1-01"), of("C1-02", "hours", 3), of("C2-01"), audit.of_cohort("C-2"))
    assert subjects(cohort_history(cast.anja, "C-1").page) == [
        "participant/C1-02/hours/3",
        "participant/C1-01",
        "cohort/C-1",
    ]


def test_a_code_with_a_slash_or_a_percent_sign_finds_its_own(cast: Cast) -> None:
    with writing() as session:
        people = {row.code: row for row in session.scalars(select(Participant))}
        people["C1-01"].code, people["C1-02"].code = "C1", "C1/50%"
    write(cast.anja, of("C1"), of("C1/50%"), of("C1/50%", "hours", 1))
    assert len(cohort_history(cast.anja, "C-1").page.entries) == 3
    assert subjects(participant_history(cast.anja, "C1").page) == ["participant/C1"]
    assert subjects(participant_history(cast.anja, "C1/50%").page) == [
        "participant/C1/50%/hours/1",
        "participant/C1/50%",
    ]


def test_the_history_of_a_lesson_has_everyones_mark(cast: Cast) -> None:
    changes = [MarkChange(participant=code, seen=None, mark=Mark.PRESENT) for code in ("C1-01", "C1-02")]
    record_marks(cast.chaima, "C-1", 1, changes, TODAY)
    record_marks(cast.chaima, "C-1", 2, changes, TODAY)
    page = cohort_history(cast.chaima, "C-1", "lessons/1").page
    assert subjects(page) == ["participant/C1-02/lessons/1", "participant/C1-01/lessons/1"]
    assert [entry.after for entry in page.entries] == [{"mark": "present"}] * 2


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("anja", True),
        ("bram", True),
        ("chaima", True),
        ("hanna", True),
        ("gijs", True),
        ("otto", False),
        ("dirk", False),
        ("els", False),
        ("femke", False),
        ("ilse", False),
        ("karel", False),
    ],
)
def test_a_history_is_for_who_guides_the_participant_and_for_themselves(cast: Cast, name: str, seen: bool) -> None:
    if seen:
        participant_history(getattr(cast, name), "C1-01")
    else:
        with pytest.raises((Forbidden, NotFound)):
            participant_history(getattr(cast, name), "C1-01")


def test_a_participant_sees_no_history_of_another_nor_of_the_cohort(cast: Cast) -> None:
    with pytest.raises(NotFound):
        participant_history(cast.bram, "C1-02")
    with pytest.raises((Forbidden, NotFound)):
        cohort_history(cast.bram, "C-1")


def test_who_looks_at_a_history_is_noted_and_one_of_ones_own_is_not(cast: Cast) -> None:
    participant_history(cast.bram, "C1-01")
    participant_history(cast.anja, "C1-01")
    cohort_history(cast.anja, "C-1")
    looks = db.session.scalars(select(Reading).order_by(Reading.id)).all()
    assert [(look.reader, look.seen.value, look.subject_key) for look in looks] == [
        (cast.anja.ref, "history", f"participant/{cast.participant_id}"),
        (cast.anja.ref, "history", f"cohort/{cast.cohort_id}"),
    ]


def test_ones_own_account_has_a_history_without_anyone_elses(cast: Cast) -> None:
    write(cast.gijs, audit.of_user(cast.bram.user_id or 0), audit.of_user(cast.anja.user_id or 0))
    assert subjects(own_history(cast.bram).page) == [cast.bram.ref]


def test_a_supervisor_by_link_goes_by_the_name_the_placement_has(cast: Cast) -> None:
    role = replace(cast.dirk.grants[0], placement_id=cast.placement_id)
    visitor = Actor(
        email="dirk@example.org",
        name="Dirk Mulder",
        grants=(ActorGrant(role=role.role, placement_id=cast.placement_id),),
        link_digest=address_digest(cast.placement_id, "dirk@example.org"),
    )
    write(visitor, of("C1-01", "hours", 1))
    [entry] = participant_history(cast.anja, "C1-01").page.entries
    assert entry.who is not None
    assert (entry.actor, entry.who.name) == (ref_by_link(cast.placement_id, "dirk@example.org"), "Dirk Mulder")
