"""Passwords: where they are allowed, what is one, and whom they let in; on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.models.sign_in import SignInMethod, SignInSession
from hto_track.services import passwords
from hto_track.services.attempts import PER_ACCOUNT, PER_NETWORK, PER_PASSWORD
from hto_track.services.passwords import FRESH, LONGEST, own_password, set_password, sign_in_with_password
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refused, TooOften
from hto_track.services.sessions import SignedIn, signed_in
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.sign_in import begin_session

GOOD = "paars fietspad kookt"
BETTER = "zeven lampen zingen zacht"
NETWORK = "192.0.2.0/24"
HASHER = passwords._HASHER
LITTLE_WORK = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}


@pytest.fixture
def allowed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An installation that allows passwords, and works at each but a little; how much it must is for ``full_work``."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], passwords=True)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(**LITTLE_WORK))
    yield app


@pytest.fixture
def full_work(allowed: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The same with the product's own hasher."""
    monkeypatch.setattr(passwords, "_HASHER", HASHER)
    return allowed


def _begun(actor: Actor, method: SignInMethod = SignInMethod.LINK, ago: timedelta = timedelta()) -> SignedIn:
    """A session of ``actor`` that began so long ago."""
    found = signed_in(begin_session(actor.user_id, method))
    assert found is not None
    with writing() as session:
        session.get_one(SignInSession, found.session_id).started_at -= ago
    return found


def _set(actor: Actor, new: str = GOOD, old: str = "", **begun: object) -> SignedIn:
    found = _begun(actor, **begun)  # type: ignore[arg-type]
    set_password(found.actor, found.session_id, old, new)
    return found


def _stored(actor: Actor) -> str | None:
    return db.session.scalars(select(User.password_hash).where(User.id == actor.user_id)).one()


def _sign_in(email: str, password: str) -> SignedIn:
    found = signed_in(sign_in_with_password(email, password, NETWORK, "a test"))
    assert found is not None
    return found


def _faults(actor: Actor, new: str) -> str:
    found = _begun(actor)
    before = _stored(actor)
    with pytest.raises(Refused) as refused:
        set_password(found.actor, found.session_id, "", new)
    assert _stored(actor) == before
    assert [each.field for each in refused.value.refusals] == ["new_password"]
    return str(refused.value)


def test_a_password_is_kept_as_argon2id_and_signs_in(full_work: Flask, cast: Cast) -> None:
    _set(cast.bram)
    stored = _stored(cast.bram)
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored
    found = _sign_in("  Bram@Example.org ", GOOD)
    assert (found.actor, found.method) == (cast.bram, SignInMethod.PASSWORD)


def test_setting_one_is_in_the_trail_without_it_and_ends_the_other_sessions(allowed: Flask, cast: Cast) -> None:
    other = _begun(cast.bram)
    others = _begun(cast.anja)
    mine = _set(cast.bram)
    left = db.session.scalars(select(SignInSession.id).order_by(SignInSession.id)).all()
    assert left == [others.session_id, mine.session_id]
    assert other.session_id not in left
    entry, content = db.session.execute(
        select(AuditEntry, AuditContent)
        .join(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .where(AuditEntry.action == "set_password")
    ).one()
    assert (entry.actor, entry.subject) == (cast.bram.ref, cast.bram.ref)
    assert (content.before, content.after) == ({"is_set": False}, {"sessions": 1})


@pytest.mark.parametrize(
    ("who", "least"),
    [("bram", 12), ("dirk", 12), ("els", 12), ("karel", 12), ("anja", 15), ("chaima", 15), ("gijs", 15)],
)
def test_a_password_is_long_enough_for_its_owners_roles(allowed: Flask, cast: Cast, who: str, least: int) -> None:
    actor = getattr(cast, who)
    long_enough = "blik op zeven uur"[:least]
    assert f"at least {least}" in _faults(actor, long_enough[:-1])
    _set(actor, long_enough)


def test_a_role_that_waits_for_a_passkey_counts_for_the_length(allowed: Flask, cast: Cast) -> None:
    settings = allowed.extensions["hto_settings"]
    allowed.extensions["hto_settings"] = replace(settings, passkey_roles=frozenset({Role.PROJECT_LEADER}))
    found = _begun(cast.anja)
    assert found.actor.withheld == {Role.PROJECT_LEADER}
    assert own_password(found.actor, found.session_id).least == 15


def test_a_password_is_at_most_200_characters(allowed: Flask, cast: Cast) -> None:
    longest = (GOOD * 20)[: LONGEST - 1] + "x"
    assert "at most 200" in _faults(cast.bram, longest + "y")
    _set(cast.bram, longest)
    assert _sign_in(cast.bram.email, longest).actor == cast.bram
    with pytest.raises(Refused):
        _sign_in(cast.bram.email, longest + "y")


@pytest.mark.parametrize(
    "common",
    [
        "Wachtwoord123!",
        "welkom-2026-2026",
        "1q2w3e4r5t6y",
        "QWERTYUIOP12",
        "qwertyqwerty",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Hybride Techniekopleider 2026",
        "w a c h t w o o r d",
        "Oranje1 Oranje2",
        "123 456 789 012",
    ],
)
def test_what_many_choose_is_no_password(allowed: Flask, cast: Cast, common: str) -> None:
    assert "easy to guess" in _faults(cast.bram, common)


@pytest.mark.parametrize(
    "about", ["bram@example.org", "BRAM@EXAMPLE.ORG", "Bram de Wit 1987", "bram-1987-2026", "2026-!!-Wit-2026"]
)
def test_a_name_or_an_address_is_no_password(allowed: Flask, cast: Cast, about: str) -> None:
    assert "Your name" in _faults(cast.bram, about)


def test_a_password_is_the_same_on_every_keyboard(allowed: Flask, cast: Cast) -> None:
    _set(cast.bram, "vier cafe\N{COMBINING ACUTE ACCENT}s dicht")
    found = _sign_in(cast.bram.email, "vier caf\N{LATIN SMALL LETTER E WITH ACUTE}s dicht")
    assert found.actor == cast.bram


def test_spaces_and_capitals_count(allowed: Flask, cast: Cast) -> None:
    _set(cast.bram)
    for other in (GOOD.upper(), f" {GOOD}", GOOD.replace(" ", "")):
        with pytest.raises(Refused):
            _sign_in(cast.bram.email, other)


def test_setting_the_first_needs_a_session_that_just_began(allowed: Flask, cast: Cast) -> None:
    late = _begun(cast.bram, ago=FRESH + timedelta(seconds=5))
    assert own_password(late.actor, late.session_id).asks_sign_in
    with pytest.raises(Refused, match="Sign in again"):
        set_password(late.actor, late.session_id, "", GOOD)
    assert _stored(cast.bram) is None
    _set(cast.bram, ago=FRESH - timedelta(minutes=1))


@pytest.mark.parametrize("late", [{"ago": FRESH + timedelta(seconds=5)}, {"method": SignInMethod.PASSWORD}])
def test_changing_it_asks_the_old_one(allowed: Flask, cast: Cast, late: dict[str, object]) -> None:
    _set(cast.bram)
    before = _stored(cast.bram)
    found = _begun(cast.bram, **late)  # type: ignore[arg-type]
    assert own_password(found.actor, found.session_id).asks_old
    for wrong in ("", BETTER):
        with pytest.raises(Refused) as refused:
            set_password(found.actor, found.session_id, wrong, BETTER)
        assert [each.field for each in refused.value.refusals] == ["old_password"]
    assert _stored(cast.bram) == before
    set_password(found.actor, found.session_id, GOOD, BETTER)
    assert _sign_in(cast.bram.email, BETTER).actor == cast.bram
    with pytest.raises(Refused):
        _sign_in(cast.bram.email, GOOD)


def test_who_forgot_it_sets_another_after_signing_in_by_mail(allowed: Flask, cast: Cast) -> None:
    _set(cast.bram)
    _set(cast.bram, BETTER)
    assert _sign_in(cast.bram.email, BETTER).actor == cast.bram


def test_the_old_one_cannot_be_guessed_on_and_on(allowed: Flask, cast: Cast) -> None:
    _set(cast.bram)
    found = _begun(cast.bram, SignInMethod.PASSWORD)
    for _ in range(PER_ACCOUNT.most):
        with pytest.raises(Refused):
            set_password(found.actor, found.session_id, "a guess", BETTER)
    with pytest.raises(TooOften):
        set_password(found.actor, found.session_id, GOOD, BETTER)


def test_nobody_sets_it_with_a_session_of_another(allowed: Flask, cast: Cast) -> None:
    found = _begun(cast.bram)
    with pytest.raises(NotFound):
        set_password(cast.anja, found.session_id, "", GOOD)


class _Counting(PasswordHasher):
    """The real hasher, counting how often it does its work."""

    worked = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.worked += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.worked += 1
        return super().verify(hash, password)


def test_unknown_wrong_and_none_get_the_same_answer_for_the_same_work(
    allowed: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set(cast.bram)
    sessions = db.session.scalars(select(func.count()).select_from(SignInSession)).one()
    answers, work = set(), []
    for email, password in (
        ("nobody@example.org", GOOD),
        ("anja@example.org", GOOD),
        ("bram@example.org", BETTER),
        ("bram@example.org", ""),
        ("bram@example.org", "x" * 5000),
        ("", GOOD),
    ):
        counting = _Counting(**LITTLE_WORK)
        monkeypatch.setattr(passwords, "_HASHER", counting)
        with pytest.raises(Refused) as refused:
            _sign_in(email, password)
        answers.add(tuple((each.field, str(each.message)) for each in refused.value.refusals))
        work.append(counting.worked)
    assert len(answers) == 1
    assert work == [1] * 6
    assert db.session.scalars(select(func.count()).select_from(SignInSession)).one() == sessions


def test_an_erased_account_lets_nobody_in(allowed: Flask, cast: Cast) -> None:
    _set(cast.bram)
    with writing() as session:
        session.get_one(User, cast.bram.user_id).erased_at = clock.now()
    with pytest.raises(Refused, match="do not go together"):
        _sign_in(cast.bram.email, GOOD)


def test_guessing_is_limited_for_an_address(allowed: Flask, cast: Cast) -> None:
    _set(cast.bram)
    for _ in range(PER_ACCOUNT.most):
        with pytest.raises(Refused):
            _sign_in(cast.bram.email, "a guess")
    with pytest.raises(TooOften):
        _sign_in("BRAM@example.org", GOOD)


def test_guessing_is_limited_for_a_day_too(allowed: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(cast.bram)
    monkeypatch.setattr(passwords, "PER_ACCOUNT", replace(PER_ACCOUNT, most=1000))
    monkeypatch.setattr(passwords, "PER_PASSWORD", replace(PER_PASSWORD, most=3))
    for _ in range(3):
        with pytest.raises(Refused):
            _sign_in(cast.bram.email, "a guess")
    with pytest.raises(TooOften) as too_often:
        _sign_in(cast.bram.email, GOOD)
    assert too_often.value.wait > timedelta(hours=23)


def test_guessing_is_limited_for_a_network(allowed: Flask, cast: Cast) -> None:
    for number in range(PER_NETWORK.most):
        with pytest.raises(Refused):
            _sign_in(f"nobody-{number}@example.org", GOOD)
    with pytest.raises(TooOften):
        _sign_in(cast.bram.email, GOOD)


def test_a_password_of_older_parameters_is_kept_anew_at_the_next_sign_in(full_work: Flask, cast: Cast) -> None:
    older = PasswordHasher(**LITTLE_WORK).hash(GOOD)
    with writing() as session:
        session.get_one(User, cast.bram.user_id).password_hash = older
    _sign_in(cast.bram.email, GOOD)
    renewed = _stored(cast.bram)
    assert renewed is not None
    assert renewed != older
    assert not PasswordHasher().check_needs_rehash(renewed)
    _sign_in(cast.bram.email, GOOD)
    assert _stored(cast.bram) == renewed


def test_what_is_no_hash_lets_nobody_in(allowed: Flask, cast: Cast) -> None:
    with writing() as session:
        session.get_one(User, cast.bram.user_id).password_hash = "spoiled"
    with pytest.raises(Refused, match="do not go together"):
        _sign_in(cast.bram.email, GOOD)


def test_who_became_staff_needs_a_longer_one(allowed: Flask, cast: Cast) -> None:
    short = "blik op zeve"
    _set(cast.karel, short)
    assert _sign_in(cast.karel.email, short).actor == cast.karel
    with writing() as session:
        session.add(Grant(user_id=cast.karel.user_id, role=Role.ADMINISTRATOR, granted_at=clock.now()))
    with pytest.raises(Refused, match="too short for what you do"):
        _sign_in(cast.karel.email, short)


def test_a_role_that_waits_for_a_passkey_waits_for_it_after_a_password_too(allowed: Flask, cast: Cast) -> None:
    _set(cast.anja)
    settings = allowed.extensions["hto_settings"]
    allowed.extensions["hto_settings"] = replace(settings, passkey_roles=frozenset({Role.PROJECT_LEADER}))
    found = _sign_in(cast.anja.email, GOOD)
    assert (found.actor.grants, found.actor.withheld) == ((), frozenset({Role.PROJECT_LEADER}))


def test_where_passwords_are_not_allowed_there_is_nothing(allowed: Flask, cast: Cast) -> None:
    found = _set(cast.bram)
    allowed.extensions["hto_settings"] = replace(allowed.extensions["hto_settings"], passwords=False)
    asks: tuple[Callable[[], object], ...] = (
        lambda: sign_in_with_password(cast.bram.email, GOOD, NETWORK, "a test"),
        lambda: set_password(found.actor, found.session_id, GOOD, BETTER),
        lambda: own_password(found.actor, found.session_id),
    )
    for ask in asks:
        with pytest.raises(NotFound):
            ask()


def test_the_list_of_common_passwords_is_in_small_letters_and_names_each_once() -> None:
    lines = [line for line in passwords.COMMON.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines == ["".join(line.casefold().split()) for line in lines]
    assert len(lines) == len(set(lines)) > 400
    assert [line for line in lines if not passwords._is_common(line)] == []
