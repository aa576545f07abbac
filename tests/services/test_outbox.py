"""The outbox and its sending, to a real mail server: each mail once, none lost, none given up too early."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from hto_track import clock
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.services.outbox import Mail, message_of, queue_mails
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden
from hto_track.services.sending import BACKOFF, LEASE, MOST_ATTEMPTS, UNREACHABLE_WAIT, SendCounts, send_due
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.mail_server import MailServer, mail_server, use_mail_server
from tests.services.warning_cases import mails

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with mail_server() as running:
        use_mail_server(app, running.port)
        yield running


@pytest.fixture
def now(app: Flask) -> datetime:
    """A moment after everything that the test queues."""
    return clock.now() + A_MINUTE


def a_mail(number: int = 1, **changed: str) -> Mail:
    content = {
        "kind": "sign_in",
        "subject_key": f"C1-{number:02}",
        "period": "2026-06-14",
        "recipient": f"bram{number}@example.org",
        "subject": f"Mail {number}: é",
        "body": "Hoi Bram,\n\nPast het nog?\n\nhttp://hto.test/mijn-traject\n\nHTO Track\n",
    }
    return Mail(**content | changed)


def queue(*queued: Mail) -> None:
    with writing() as session:
        queue_mails(session, queued)


def states() -> list[MailState]:
    return [mail.state for mail in mails()]


class TestQueueing:
    def test_a_mail_of_a_kind_about_a_subject_in_a_period_is_queued_once(self, app: Flask) -> None:
        queue(a_mail(), a_mail(2))
        queue(a_mail(subject="another text"), a_mail(3))
        assert [mail.subject for mail in mails()] == ["Mail 1: é", "Mail 2: é", "Mail 3: é"]

    def test_a_mail_is_gone_with_the_transaction_it_was_queued_in(self, app: Flask) -> None:
        def failing() -> None:
            with writing() as session:
                queue_mails(session, [a_mail()])
                raise KeyError

        with pytest.raises(KeyError):
            failing()
        assert mails() == []

    def test_its_message_id_follows_from_what_it_is_alone(self, app: Flask) -> None:
        queue(a_mail(), a_mail(2))
        first = [mail.message_id for mail in mails()]
        with writing() as session:
            session.execute(OutboxMail.__table__.delete())  # type: ignore[attr-defined]
        queue(a_mail(subject="another text"), a_mail(2, period="2026-06-15"))
        again = [mail.message_id for mail in mails()]
        assert first[0] == again[0]
        assert first[1] != again[1]
        assert first[0].endswith("@localhost>")

    def test_no_header_can_be_slipped_in_through_a_name(self, app: Flask) -> None:
        queue(a_mail(subject="Uren van Bram\r\nBcc: otto@example.org\n\nlees dit"))
        message = message_of(mails()[0])
        assert message["Bcc"] is None
        assert message["Subject"] == "Uren van Bram Bcc: otto@example.org lees dit"

    @pytest.mark.parametrize(
        "recipient",
        [
            "bram",
            "",
            "bram@",
            "@example.org",
            "bram@example.org\r\nBcc: otto@example.org",
            "bram@example.org, otto@example.org",
            "Bram <bram@example.org>",
        ],
    )
    def test_what_is_not_one_address_is_dead_at_once_with_the_reason(self, app: Flask, recipient: str) -> None:
        queue(a_mail(recipient=recipient), a_mail(2))
        dead, waiting = mails()
        assert (dead.state, waiting.state) == (MailState.DEAD, MailState.WAITING)
        assert "not an e-mail address" in (dead.last_error or "")

    def test_a_subject_key_too_long_for_its_column_still_tells_mails_apart(self, app: Flask) -> None:
        queue(a_mail(subject_key="x" * 300 + "1"), a_mail(subject_key="x" * 300 + "2"))
        assert len({mail.subject_key for mail in mails()}) == 2

    def test_the_text_goes_out_as_html_too_with_its_address_as_a_link(self, app: Flask) -> None:
        queue(a_mail(body="Hoi <b>Bram</b>,\n\nhttp://hto.test/x?a=1&b=2\n"))
        html = message_of(mails()[0]).get_body(("html",))
        assert html is not None
        assert "Hoi &lt;b&gt;Bram&lt;/b&gt;," in html.get_content()
        assert '<a href="http://hto.test/x?a=1&amp;b=2">' in html.get_content()


class TestSending:
    def test_each_mail_goes_once(self, server: MailServer, now: datetime) -> None:
        queue(*(a_mail(number) for number in range(1, 4)))
        assert send_due(CONSOLE, now) == SendCounts(sent=3)
        assert send_due(CONSOLE, now + timedelta(days=1)) == SendCounts()
        assert [message["To"] for message in server.accepted] == [f"bram{number}@example.org" for number in (1, 2, 3)]
        assert [message["Message-ID"] for message in server.accepted] == [mail.message_id for mail in mails()]
        assert server.accepted[0]["Subject"] == "Mail 1: é"

    def test_more_mails_than_one_lease_holds_all_go(self, server: MailServer, now: datetime) -> None:
        queue(*(a_mail(number) for number in range(1, 121)))
        assert send_due(CONSOLE, now) == SendCounts(sent=120)
        assert len({message["Message-ID"] for message in server.accepted}) == 120

    def test_without_a_mail_server_in_the_settings_they_stay_waiting(self, app: Flask) -> None:
        queue(a_mail())
        assert send_due(CONSOLE, clock.now() + A_MINUTE) == SendCounts()
        assert [(mail.state, mail.attempts) for mail in mails()] == [(MailState.WAITING, 0)]

    def test_nothing_is_lost_or_given_up_while_the_server_is_away(self, app: Flask, now: datetime) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            use_mail_server(app, taken.getsockname()[1])
            queue(a_mail(), a_mail(2))
            for attempt in range(MOST_ATTEMPTS + 5):
                assert send_due(CONSOLE, now + attempt * UNREACHABLE_WAIT) == SendCounts()
        assert [(mail.state, mail.attempts) for mail in mails()] == [(MailState.WAITING, 0)] * 2
        assert "cannot be reached" in (mails()[0].last_error or "")
        with mail_server() as back:
            use_mail_server(app, back.port)
            assert send_due(CONSOLE, now + timedelta(days=3)) == SendCounts(sent=2)
            assert len(back.accepted) == 2

    def test_a_passing_refusal_is_tried_again_after_longer_and_longer_waits(
        self, server: MailServer, now: datetime
    ) -> None:
        server.to_message = lambda message: "451 try later"
        queue(a_mail())
        for wait in BACKOFF[:5]:
            assert send_due(CONSOLE, now) == SendCounts(deferred=1)
            assert send_due(CONSOLE, now + wait - A_MINUTE / 2) == SendCounts()
            now += wait + A_MINUTE / 2
        assert "451 try later" in (mails()[0].last_error or "")
        server.to_message = lambda message: "250 OK"
        assert send_due(CONSOLE, now) == SendCounts(sent=1)
        assert mails()[0].last_error is None

    def test_after_ten_attempts_it_is_dead_with_the_reason(self, server: MailServer, now: datetime) -> None:
        server.to_recipient = "451 mailbox busy"
        queue(a_mail())
        for _attempt in range(MOST_ATTEMPTS - 1):
            assert send_due(CONSOLE, now) == SendCounts(deferred=1)
            now += BACKOFF[-1] + A_MINUTE
        assert send_due(CONSOLE, now) == SendCounts(dead=1)
        [mail] = mails()
        assert (mail.state, mail.attempts) == (MailState.DEAD, MOST_ATTEMPTS)
        assert "451 mailbox busy" in (mail.last_error or "")

    def test_a_recipient_that_does_not_exist_is_dead_at_once_and_the_next_mail_goes(
        self, server: MailServer, now: datetime
    ) -> None:
        server.to_recipient = "550 no such user"
        queue(a_mail())
        assert send_due(CONSOLE, now) == SendCounts(dead=1)
        assert "550 no such user" in (mails()[0].last_error or "")
        server.to_recipient = "250 OK"
        queue(a_mail(2))
        assert send_due(CONSOLE, now + A_MINUTE) == SendCounts(sent=1)

    def test_a_server_that_closes_down_puts_off_one_mail_and_costs_the_others_no_attempt(
        self, server: MailServer, now: datetime
    ) -> None:
        server.to_recipient = "421 closing down"
        queue(a_mail(), a_mail(2), a_mail(3))
        assert send_due(CONSOLE, now) == SendCounts(deferred=1)
        assert [mail.attempts for mail in mails()] == [1, 0, 0]
        server.to_recipient = "250 OK"
        assert send_due(CONSOLE, now + 2 * A_MINUTE) == SendCounts(sent=3)

    def test_a_line_cut_after_the_text_sends_the_same_message_id_again(self, server: MailServer, now: datetime) -> None:
        server.drops_after_message = True
        queue(a_mail())
        assert send_due(CONSOLE, now) == SendCounts(deferred=1)
        server.drops_after_message = False
        assert send_due(CONSOLE, now + 2 * A_MINUTE) == SendCounts(sent=1)
        assert len(server.accepted) == 2
        assert len({message["Message-ID"] for message in server.accepted}) == 1

    def test_what_another_sender_holds_is_left_alone_until_its_lease_runs_out(
        self, server: MailServer, now: datetime
    ) -> None:
        queue(a_mail())
        with writing() as session:
            session.execute(update(OutboxMail).values(lease="another", leased_until=now + LEASE, attempts=1))
        assert send_due(CONSOLE, now + LEASE - A_MINUTE) == SendCounts()
        assert send_due(CONSOLE, now + LEASE + A_MINUTE) == SendCounts(sent=1)

    def test_who_may_not_run_jobs_sends_nothing(self, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            send_due(cast.anja, clock.now())


SENDER = """
import sys
from datetime import datetime
from hto_track.app import create_app
from hto_track.services.policy import CONSOLE
from hto_track.services.sending import send_due
with create_app().app_context():
    print(send_due(CONSOLE, datetime.fromisoformat(sys.argv[1])).sent)
"""


def start_sender(app: Flask, port: int, now: datetime) -> subprocess.Popen[str]:
    """A process of its own that sends what is due in the database of ``app``."""
    environment = os.environ | {
        "HTO_DATABASE_URL": app.extensions["hto_settings"].database_url,
        "HTO_SECRET_KEY": "a key of the tests alone",
        "HTO_SMTP_HOST": "127.0.0.1",
        "HTO_SMTP_PORT": str(port),
        "HTO_TODAY": "2026-06-14",
    }
    command = [sys.executable, "-c", SENDER, now.isoformat()]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


class TestSeveralProcesses:
    def test_a_sender_killed_between_acceptance_and_its_commit_leaves_the_same_message_id_to_the_next(
        self, app: Flask, server: MailServer, now: datetime
    ) -> None:
        queue(a_mail())

        def accept_and_kill(_message: object) -> str:
            os.kill(sender.pid, signal.SIGKILL)
            sender.wait()
            return "250 OK"

        server.to_message = accept_and_kill
        sender = start_sender(app, server.port, now)
        sender.communicate()
        assert sender.returncode == -signal.SIGKILL
        assert states() == [MailState.WAITING]
        server.to_message = lambda message: "250 OK"
        assert send_due(CONSOLE, now + A_MINUTE) == SendCounts(), "the lease of the dead still holds"
        assert send_due(CONSOLE, now + LEASE + A_MINUTE) == SendCounts(sent=1)
        assert len(server.accepted) == 2
        assert len({message["Message-ID"] for message in server.accepted}) == 1

    def test_two_senders_at_once_send_each_mail_once(self, app: Flask, server: MailServer, now: datetime) -> None:
        queue(*(a_mail(number) for number in range(1, 121)))
        senders = [start_sender(app, server.port, now) for _ in range(2)]
        assert sum(int(sender.communicate()[0]) for sender in senders) == 120
        assert len(server.accepted) == 120
        assert len({message["Message-ID"] for message in server.accepted}) == 120
        assert set(states()) == {MailState.SENT}
