"""Links and codes that sign in: what they are mailed for, when they work, and that each works once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Role, User
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.sign_in import AttemptCount, SignInLink, SignInMethod, SignInSession
from hto_track.services import sign_in_links
from hto_track.services.attempts import A_QUARTER, PER_ACCOUNT, PER_CODE, PER_NETWORK
from hto_track.services.invitations import invite_user
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Refused, TooOften
from hto_track.services.sending import BATCH, send_due
from hto_track.services.sessions import signed_in
from hto_track.services.sign_in_links import (
    INVITATION_LASTS,
    MOST_CODE_TRIES,
    SIGN_IN_LASTS,
    LinkSpent,
    ask_for_link,
    link_owner,
    use_code,
    use_link,
)
from hto_track.services.transaction import noting, revision, writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.mail_server import mail_server, use_mail_server

Counting = Callable[[], AbstractContextManager[list[str]]]
HOME, AWAY = "192.0.2.0/24", "198.51.100.0/24"
DEVICE = "a test"
BRAM = "bram@example.org"


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def asked(email: str = BRAM) -> tuple[str, str, str]:
    """Ask: the word that the browser keeps, the token of the link and the code of the mail."""
    request = ask_for_link(email, HOME)
    held = mails()[-1].secrets or {}
    return request, held["link"].removeprefix("http://hto.test/sign-in/"), held["code"]


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def make_older(span: timedelta) -> None:
    with noting() as session:
        for row in session.scalars(select(SignInLink)):
            row.ends_at -= span
    db.session.remove()


def let_wait_end() -> None:
    with noting() as session:
        for row in session.scalars(select(AttemptCount)):
            row.counted_from -= A_QUARTER
    db.session.remove()


def erase_bram(cast: Cast) -> None:
    with writing() as session:
        session.get_one(User, cast.bram.user_id).erased_at = clock.now()
    db.session.remove()


def sessions_stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SignInSession)) or 0


class TestAsking:
    """For a link and a code."""

    def test_whoever_has_an_account_gets_a_mail_in_which_nobody_else_reads_the_link(self, cast: Cast) -> None:
        ask_for_link("  Bram@Example.org ", HOME)
        [mail] = mails()
        assert (mail.recipient, mail.kind) == (BRAM, "sign_in")
        assert set(mail.secrets or {}) == {"link", "code"}
        for secret in (mail.secrets or {}).values():
            assert secret not in mail.body + mail.subject
        assert "[[link]]" in mail.body and "[[code]]" in mail.body

    @pytest.mark.parametrize(("who", "greeting"), [("bram", "Hoi Bram,"), ("anja", "Hoi Anja Bos,")])
    def test_who_takes_part_is_greeted_as_in_other_mails_and_others_by_their_name(
        self, cast: Cast, who: str, greeting: str
    ) -> None:
        ask_for_link(getattr(cast, who).email, HOME)
        assert mails()[-1].body.startswith(f"{greeting}\n")

    def test_who_is_known_by_an_address_alone_is_not_called_by_it(self, cast: Cast) -> None:
        with writing() as session:
            session.add(User(email="nieuw@example.org", name="nieuw@example.org"))
        ask_for_link("nieuw@example.org", HOME)
        assert mails()[-1].body.startswith("Hoi,\n")

    def test_what_goes_over_the_line_has_them_and_then_they_are_forgotten(self, app: Flask, cast: Cast) -> None:
        _request, token, code = asked()
        with mail_server() as server:
            use_mail_server(app, server.port)
            send_due(CONSOLE, clock.now())
            [message] = server.accepted
        body = message.get_body(("plain",))
        assert body is not None
        assert f"http://hto.test/sign-in/{token}" in body.get_content() and code in body.get_content()
        assert [(mail.state, mail.secrets) for mail in mails()] == [(MailState.SENT, None)]

    def test_it_goes_before_all_that_waits(self, app: Flask, cast: Cast) -> None:
        with noting() as session:
            others = (
                Mail(kind="digest", subject_key=f"{n}", period="x", recipient="a@example.org", subject="s", body="b")
                for n in range(BATCH + 10)
            )
            queue_mails(session, others)
        ask_for_link(BRAM, HOME)
        with mail_server() as server:
            use_mail_server(app, server.port)
            send_due(CONSOLE, datetime(2026, 6, 15, 10, tzinfo=UTC))  # a Monday, when news goes too
            assert server.accepted[0]["To"] == BRAM
            assert len(server.accepted) == BATCH + 11

    def test_an_address_without_an_account_gets_nothing_and_the_same_answer(
        self, cast: Cast, count_queries: Counting
    ) -> None:
        words = {ask_for_link(BRAM, HOME), ask_for_link("nobody@example.org", HOME)}
        assert {len(word) for word in words} == {43}
        assert [mail.recipient for mail in mails()] == [BRAM]

    def test_an_erased_account_gets_nothing(self, cast: Cast) -> None:
        erase_bram(cast)
        ask_for_link(BRAM, HOME)
        assert mails() == []

    @pytest.mark.parametrize(
        "email",
        [
            "",
            "bram",
            "bram@",
            "@example.org",
            "bram@example.org\nBcc: all@example.org",
            "bram@example.org\r\nSubject: x",
            "bram@example.org, otto@example.org",
            "bram @example.org",
            "Bram <bram@example.org>",
            "b" * 250 + "@example.org",
        ],
    )
    def test_what_is_no_address_is_refused_and_leaves_nothing(self, cast: Cast, email: str) -> None:
        with pytest.raises(Refused) as refused:
            ask_for_link(email, HOME)
        assert refused.value.refusals[0].field == "email"
        assert mails() == []
        assert db.session.scalars(select(AttemptCount)).all() == []

    @pytest.mark.parametrize("email", [BRAM, "nobody@example.org"])
    def test_asking_too_often_is_told_to_wait_account_or_not(
        self, cast: Cast, email: str, count_queries: Counting
    ) -> None:
        for _ in range(PER_ACCOUNT.most):
            ask_for_link(email, HOME)
        with count_queries() as queries, pytest.raises(TooOften):
            ask_for_link(email, AWAY)
        assert [query.split()[0] for query in queries] == ["SELECT"], "who must wait costs a look, and no write"
        let_wait_end()
        ask_for_link(email, HOME)

    def test_many_addresses_from_one_network_are_told_to_wait_too(self, cast: Cast) -> None:
        for number in range(PER_NETWORK.most):
            ask_for_link(f"somebody{number}@example.org", HOME)
        with pytest.raises(TooOften):
            ask_for_link(BRAM, HOME)
        ask_for_link(BRAM, AWAY)

    def test_no_judgement_is_made_old_by_it(self, cast: Cast) -> None:
        before = revision()
        ask_for_link(BRAM, HOME)
        assert revision() == before


class TestLinks:
    """Opening and using them."""

    def test_looking_at_a_link_changes_nothing_however_often(self, cast: Cast, count_queries: Counting) -> None:
        _request, token, _code = asked()
        for _ in range(3):
            with count_queries() as queries:
                owner = link_owner(token)
            assert (owner.name, owner.email) == ("Bram de Wit", BRAM)
            assert [query.split()[0] for query in queries] == ["SELECT"]
        assert sessions_stored() == 0
        use_link(token, HOME, DEVICE)

    def test_a_link_signs_in_once(self, cast: Cast) -> None:
        _request, token, _code = asked()
        found = signed_in(use_link(token, HOME, DEVICE))
        assert found is not None
        assert (found.actor, found.method) == (cast.bram, SignInMethod.LINK)
        with pytest.raises(LinkSpent) as spent:
            use_link(token, HOME, DEVICE)
        assert spent.value.email == BRAM
        with pytest.raises(LinkSpent):
            link_owner(token)
        assert sessions_stored() == 1

    def test_pressed_five_times_at_once_it_signs_in_once(self, app: Flask, cast: Cast) -> None:
        _request, token, _code = asked()
        results = at_once(app, *[lambda: use_link(token, HOME, DEVICE)] * 5)
        assert sum(isinstance(result, str) for result in results) == 1
        assert sessions_stored() == 1

    def test_the_code_of_a_used_link_is_used_too_and_the_other_way_round(self, cast: Cast) -> None:
        request, token, code = asked()
        use_link(token, HOME, DEVICE)
        with pytest.raises(Refused):
            use_code(request, code, HOME, DEVICE)
        request, token, code = asked()
        use_code(request, code, HOME, DEVICE)
        with pytest.raises(LinkSpent):
            use_link(token, HOME, DEVICE)

    @pytest.mark.parametrize(
        ("make", "lasts"),
        [
            (lambda: asked()[1], SIGN_IN_LASTS),
            (
                lambda: invite_user(CONSOLE, BRAM, Role.PARTICIPANT, "C-1").link.rpartition("/")[2],
                INVITATION_LASTS,
            ),
        ],
        ids=["sign in", "invitation"],
    )
    def test_a_link_works_until_its_time_and_then_says_since_when_not(
        self, app: Flask, cast: Cast, make: Callable[[], str], lasts: timedelta
    ) -> None:
        token = make()
        make_older(lasts - timedelta(minutes=1))
        assert link_owner(token).email == BRAM
        make_older(timedelta(minutes=1))
        with app.test_request_context():
            for use in (lambda: link_owner(token), lambda: use_link(token, HOME, DEVICE)):
                with pytest.raises(LinkSpent, match="sinds zo 14 jun, "):
                    use()
        assert sessions_stored() == 0

    @pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda _t: ""])
    def test_a_link_that_was_changed_is_refused(self, cast: Cast, change: Callable[[str], str]) -> None:
        token = change(asked()[1])
        for use in (lambda: link_owner(token), lambda: use_link(token, HOME, DEVICE)):
            with pytest.raises(Refused) as refused:
                use()
            assert not isinstance(refused.value, LinkSpent)

    def test_a_link_of_an_erased_account_is_like_one_that_never_was(self, cast: Cast) -> None:
        _request, token, _code = asked()
        erase_bram(cast)
        with pytest.raises(Refused) as refused:
            use_link(token, HOME, DEVICE)
        assert not isinstance(refused.value, LinkSpent)

    def test_of_a_link_and_a_code_only_hashes_are_kept(self, cast: Cast) -> None:
        request, token, code = asked()
        [row] = db.session.scalars(select(SignInLink))
        kept = {str(value) for value in vars(row).values()}
        assert not kept & {request, token, code}

    def test_garbage_is_counted_for_its_network_and_a_link_that_works_never_waits(self, cast: Cast) -> None:
        _request, token, _code = asked()
        for number in range(PER_NETWORK.most - 1):
            with pytest.raises(Refused):
                use_link(f"garbage{number}", HOME, DEVICE)
        with pytest.raises(TooOften):
            use_link("garbage", HOME, DEVICE)
        assert signed_in(use_link(token, HOME, DEVICE)) is not None


class TestCodes:
    """Typing what the mail says."""

    def test_a_code_signs_in_however_it_is_spaced(self, cast: Cast) -> None:
        request, _token, code = asked()
        found = signed_in(use_code(request, f" {code[:3]}\u00a0{code[3:]}\n", HOME, DEVICE))
        assert found is not None
        assert (found.actor, found.method) == (cast.bram, SignInMethod.CODE)

    def test_it_signs_in_once(self, cast: Cast) -> None:
        request, _token, code = asked()
        use_code(request, code, HOME, DEVICE)
        with pytest.raises(Refused):
            use_code(request, code, HOME, DEVICE)
        assert sessions_stored() == 1

    def test_typed_five_times_at_once_it_signs_in_once(self, app: Flask, cast: Cast) -> None:
        request, _token, code = asked()
        results = at_once(app, *[lambda: use_code(request, code, HOME, DEVICE)] * 5)
        assert sum(isinstance(result, str) for result in results) == 1

    def test_wrong_five_times_it_is_dead_and_the_link_lives(self, cast: Cast) -> None:
        request, token, code = asked()
        for _ in range(MOST_CODE_TRIES):
            with pytest.raises(Refused):
                use_code(request, another(code), HOME, DEVICE)
        with pytest.raises(Refused) as refused:
            use_code(request, code, HOME, DEVICE)
        assert refused.value.refusals[0].field == "code"
        assert use_link(token, HOME, DEVICE)

    def test_wrong_four_times_it_still_works(self, cast: Cast) -> None:
        request, _token, code = asked()
        for _ in range(MOST_CODE_TRIES - 1):
            with pytest.raises(Refused):
                use_code(request, another(code), HOME, DEVICE)
        assert use_code(request, code, HOME, DEVICE)

    def test_guessed_by_twelve_at_once_no_more_than_five_guesses_are_looked_at(self, app: Flask, cast: Cast) -> None:
        request, _token, code = asked()
        at_once(app, *[lambda: use_code(request, another(code), HOME, DEVICE)] * 12)
        [link] = db.session.scalars(select(SignInLink))
        assert link.code_tries == MOST_CODE_TRIES
        with pytest.raises(Refused):
            use_code(request, code, HOME, DEVICE)

    def test_who_keeps_asking_for_new_codes_gets_ten_guesses_a_day(self, cast: Cast) -> None:
        for _ in range(PER_CODE.most // MOST_CODE_TRIES):
            request, token, code = asked()
            for _ in range(MOST_CODE_TRIES):
                with pytest.raises(Refused):
                    use_code(request, another(code), HOME, DEVICE)
        request, token, code = asked()
        with pytest.raises(Refused):
            use_code(request, code, HOME, DEVICE)
        assert use_link(token, HOME, DEVICE), "the owner of the mailbox is not shut out by who guesses"

    def test_it_works_only_in_the_browser_that_asked(self, cast: Cast) -> None:
        mine, _token, code = asked()
        theirs, _token, other = asked()
        if code != other:
            with pytest.raises(Refused):
                use_code(theirs, code, HOME, DEVICE)
        for word in ("", "x"):
            with pytest.raises(Refused):
                use_code(word, code, HOME, DEVICE)
        assert use_code(mine, code, HOME, DEVICE)

    def test_it_is_dead_after_half_an_hour(self, cast: Cast) -> None:
        request, _token, code = asked()
        make_older(SIGN_IN_LASTS)
        with pytest.raises(Refused):
            use_code(request, code, HOME, DEVICE)

    def test_of_an_erased_account_it_is_wrong(self, cast: Cast) -> None:
        request, _token, code = asked()
        erase_bram(cast)
        with pytest.raises(Refused):
            use_code(request, code, HOME, DEVICE)
        assert sessions_stored() == 0

    def test_a_wrong_code_says_the_same_whatever_is_wrong(self, cast: Cast) -> None:
        said = set()
        request, _token, code = asked()
        nobody = ask_for_link("nobody@example.org", HOME)
        for word, typed in ((request, another(code)), (nobody, code), ("", code), (request, ""), (request, "é" * 900)):
            with pytest.raises(Refused) as refused:
                use_code(word, typed, HOME, DEVICE)
            said.add(str(refused.value))
        assert len(said) == 1

    def test_codes_from_one_network_are_limited(self, cast: Cast) -> None:
        for _ in range(PER_NETWORK.most):
            with pytest.raises(Refused):
                use_code("x", "000000", HOME, DEVICE)
        with pytest.raises(TooOften):
            use_code("x", "000000", HOME, DEVICE)

    def test_a_code_is_six_digits_and_no_two_are_alike_often(self, cast: Cast) -> None:
        codes = {asked(f"{name}@example.org")[2] for name in ("anja", "bram", "dirk", "otto", "gijs")}
        assert all(len(code) == sign_in_links.CODE_DIGITS and code.isdecimal() for code in codes)
        assert len(codes) > 1
