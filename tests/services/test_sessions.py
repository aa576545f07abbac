"""Sessions: kept here, ended here; the browser has only a word of which nobody keeps more than the hash."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import AuditEntry
from hto_track.models.sign_in import SignInMethod, SignInSession
from hto_track.services import sessions
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.sessions import HOME_LASTS, SEEN_EVERY, STAFF_LASTS, signed_in
from hto_track.services.transaction import noting, revision, writing
from tests.cast import Cast
from tests.sign_in import begin_session

Counting = Callable[[], AbstractContextManager[list[str]]]
A_SECOND = timedelta(seconds=1)


def let_pass(span: timedelta, *, unused: bool = True) -> None:
    """So long passes; ``unused`` says whether the sessions were."""
    with noting() as session:
        for row in session.scalars(select(SignInSession)):
            row.started_at -= span
            row.ends_at -= span
            if unused:
                row.seen_at -= span
                row.idle_until -= span
    db.session.remove()


def grant(actor: Actor, role: Role, **scope: object) -> None:
    with writing() as session:
        session.add(Grant(user_id=actor.user_id, role=role, granted_at=clock.now(), **scope))
    db.session.remove()


def stored() -> list[SignInSession]:
    db.session.rollback()
    return list(db.session.scalars(select(SignInSession).order_by(SignInSession.id)))


@pytest.fixture
def everyone(cast: Cast) -> tuple[Actor, ...]:
    names = ("anja", "bram", "chaima", "dirk", "els", "femke", "otto", "gijs", "hanna", "ilse", "karel")
    return tuple(getattr(cast, name) for name in names)


def test_a_session_is_of_who_it_was_begun_for_with_all_their_roles_in_one_query(
    everyone: tuple[Actor, ...], count_queries: Counting
) -> None:
    for actor in everyone:
        token = begin_session(actor.user_id)
        with count_queries() as queries:
            found = signed_in(token)
        assert found is not None and found.actor == actor
        assert len(queries) == 1


def test_of_the_word_only_a_hash_is_kept(cast: Cast) -> None:
    token = begin_session(cast.bram.user_id)
    [row] = stored()
    assert token not in {row.token_hash, row.device}
    assert signed_in(row.token_hash) is None


@pytest.mark.parametrize("word", ["", "x", "é", "a" * 5000])
def test_a_word_that_was_never_given_out_is_nobody(cast: Cast, word: str) -> None:
    begin_session(cast.bram.user_id)
    assert signed_in(word) is None


@pytest.mark.parametrize(("name", "lasts"), [("anja", STAFF_LASTS), ("bram", HOME_LASTS), ("karel", HOME_LASTS)])
def test_a_session_that_is_not_used_ends(cast: Cast, name: str, lasts: sessions.Lasting) -> None:
    token = begin_session(getattr(cast, name).user_id)
    let_pass(lasts.idle - timedelta(minutes=1))
    assert signed_in(token) is not None
    let_pass(lasts.idle + A_SECOND)
    assert signed_in(token) is None


@pytest.mark.parametrize(("name", "lasts"), [("anja", STAFF_LASTS), ("bram", HOME_LASTS)])
def test_a_session_ends_for_good_however_much_it_is_used(cast: Cast, name: str, lasts: sessions.Lasting) -> None:
    token = begin_session(getattr(cast, name).user_id)
    let_pass(lasts.in_all - timedelta(minutes=1), unused=False)
    found = signed_in(token)
    assert found is not None
    assert found.idle_until - clock.now() <= timedelta(minutes=1)
    let_pass(timedelta(minutes=1), unused=False)
    assert signed_in(token) is None


def test_use_keeps_a_session_alive_and_is_noted_every_few_minutes_without_raising_the_revision(
    cast: Cast, count_queries: Counting
) -> None:
    token = begin_session(cast.anja.user_id)
    with count_queries() as queries:
        signed_in(token)
    assert [query.split()[0] for query in queries] == ["SELECT"]
    let_pass(SEEN_EVERY + A_SECOND)
    before = revision()
    found = signed_in(token)
    assert found is not None
    assert found.idle_until - clock.now() > STAFF_LASTS.idle - A_SECOND
    assert stored()[0].idle_until == found.idle_until
    assert revision() == before


def test_a_role_that_was_withdrawn_is_gone_at_the_next_click(cast: Cast) -> None:
    token = begin_session(cast.anja.user_id)
    with writing() as session:
        session.execute(delete(Grant).where(Grant.user_id == cast.anja.user_id))
    db.session.remove()
    found = signed_in(token)
    assert found is not None and found.actor.grants == ()


def test_a_role_that_was_given_makes_the_session_as_short_as_that_roles(cast: Cast) -> None:
    token = begin_session(cast.bram.user_id)
    let_pass(STAFF_LASTS.idle + timedelta(minutes=1))
    assert signed_in(token) is not None
    let_pass(STAFF_LASTS.idle + timedelta(minutes=1))
    grant(cast.bram, Role.PROJECT_LEADER, cohort_id=cast.cohort_id)
    assert signed_in(token) is None


def test_an_erased_account_has_no_session(cast: Cast) -> None:
    token = begin_session(cast.bram.user_id)
    with writing() as session:
        session.get_one(User, cast.bram.user_id).erased_at = clock.now()
    db.session.remove()
    assert signed_in(token) is None


def test_a_role_that_waits_for_a_passkey_is_withheld_until_there_is_one(app: Flask, cast: Cast) -> None:
    settings = app.extensions["hto_settings"]
    app.extensions["hto_settings"] = replace(settings, passkey_roles=frozenset({Role.PROJECT_LEADER}))
    by_link, by_passkey = (
        begin_session(cast.anja.user_id, method) for method in (SignInMethod.LINK, SignInMethod.PASSKEY)
    )
    found = signed_in(by_link)
    assert found is not None
    assert (found.actor.grants, found.actor.withheld) == ((), {Role.PROJECT_LEADER})
    found = signed_in(by_passkey)
    assert found is not None and found.actor == cast.anja


class TestOwnSessions:
    """Seeing and ending one's own."""

    def test_this_one_comes_first_and_those_that_ended_are_not_there(self, cast: Cast) -> None:
        for actor in (cast.anja, cast.anja, cast.otto):
            begin_session(actor.user_id)
        let_pass(STAFF_LASTS.idle + A_SECOND)
        tokens = [begin_session(cast.anja.user_id) for _ in range(3)]
        here = signed_in(tokens[1])
        assert here is not None
        own = sessions.own_sessions(cast.anja, here.session_id)
        assert [each.is_this for each in own] == [True, False, False]
        assert own[0].id == here.session_id

    def test_the_owner_ends_one_elsewhere_and_it_is_written_down(self, cast: Cast) -> None:
        here, there = begin_session(cast.bram.user_id), begin_session(cast.bram.user_id)
        found = signed_in(there)
        assert found is not None
        sessions.end_session(cast.bram, found.session_id)
        assert signed_in(there) is None
        assert signed_in(here) is not None
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.actor, last.action, last.subject) == (cast.bram.ref, "end_session", cast.bram.ref)

    def test_the_owner_ends_all_others(self, cast: Cast) -> None:
        here, *others = (begin_session(cast.bram.user_id) for _ in range(3))
        another = begin_session(cast.anja.user_id)
        found = signed_in(here)
        assert found is not None
        assert sessions.end_other_sessions(cast.bram, found.session_id) == 2
        assert [signed_in(token) is None for token in (here, *others, another)] == [False, True, True, False]

    def test_a_session_of_somebody_else_is_not_there_and_goes_on(self, cast: Cast) -> None:
        token = begin_session(cast.anja.user_id)
        found = signed_in(token)
        assert found is not None
        for actor in (cast.bram, cast.gijs):
            with pytest.raises(NotFound):
                sessions.end_session(actor, found.session_id)
        with pytest.raises(NotFound):
            sessions.end_session(cast.anja, 4711)
        assert signed_in(token) is not None

    def test_ended_twice_it_is_not_there_the_second_time(self, cast: Cast) -> None:
        found = signed_in(begin_session(cast.anja.user_id))
        assert found is not None
        sessions.end_session(cast.anja, found.session_id)
        with pytest.raises(NotFound):
            sessions.end_session(cast.anja, found.session_id)


class TestAdministration:
    """Ending somebody else's."""

    def test_an_administrator_ends_them_all(self, cast: Cast) -> None:
        tokens = [begin_session(cast.bram.user_id) for _ in range(2)]
        assert sessions.end_sessions_of(cast.gijs, cast.bram.user_id or 0) == 2
        assert [signed_in(token) for token in tokens] == [None, None]

    def test_nobody_else_does(self, cast: Cast, everyone: tuple[Actor, ...]) -> None:
        token = begin_session(cast.bram.user_id)
        for actor in everyone:
            if actor is not cast.gijs:
                with pytest.raises(Forbidden):
                    sessions.end_sessions_of(actor, cast.bram.user_id or 0)
        with pytest.raises(NotFound):
            sessions.end_sessions_of(cast.gijs, 4711)
        assert signed_in(token) is not None


def test_sessions_that_ended_for_good_are_cleared_away_when_their_owner_comes_back(cast: Cast) -> None:
    begin_session(cast.bram.user_id)
    let_pass(HOME_LASTS.in_all + A_SECOND)
    begin_session(cast.bram.user_id)
    assert len(stored()) == 1


def test_signing_in_is_written_down_with_how_and_without_the_word(cast: Cast) -> None:
    token = begin_session(cast.bram.user_id, SignInMethod.CODE)
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.actor, last.action, last.subject) == (cast.bram.ref, "sign_in", cast.bram.ref)
    assert token not in str(vars(last))
