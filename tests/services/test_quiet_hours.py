"""Quiet hours: one's own and the usual ones, when mails are queued, and when they became late."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask

from hto_track import clock
from hto_track.models.ledger import MailState
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.quiet_time import USUAL, Quiet, next_moment
from hto_track.services.mail_kinds import haste_of
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import CONSOLE
from hto_track.services.quiet_hours import own_quiet_hours, set_quiet_hours
from hto_track.services.refusals import Forbidden, Refused
from hto_track.services.sending import BATCH, SendCounts, send_due
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.mail_server import MailServer, mail_server, use_mail_server
from tests.services.warning_cases import mails
from tests.trail import trail

EARLY = Quiet(from_at=time(17), until_at=time(9, 30))


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with mail_server() as running:
        use_mail_server(app, running.port)
        yield running


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def a_mail(kind: str, number: int = 1, recipient: str = "bram@example.org", not_before: str | None = None) -> Mail:
    return Mail(
        kind=kind,
        subject_key=str(number),
        period="x",
        recipient=recipient,
        subject="x",
        body="x",
        not_before=local(not_before) if not_before else None,
    )


def queue(*queued: Mail) -> None:
    with writing() as session:
        queue_mails(session, queued)


def goes_at() -> list[str]:
    return [mail.next_attempt_at.astimezone(AMSTERDAM).isoformat()[:16] for mail in mails()]


def test_who_set_none_has_the_usual_ones(cast: Cast) -> None:
    assert own_quiet_hours(cast.bram) == USUAL == Quiet(from_at=time(22), until_at=time(7))


def test_they_are_set_and_set_back_and_written_down(cast: Cast) -> None:
    assert set_quiet_hours(cast.bram, time(17), time(9, 30)) == USUAL
    assert own_quiet_hours(cast.bram) == EARLY
    assert own_quiet_hours(cast.anja) == USUAL
    set_quiet_hours(cast.bram, time(22), time(7))
    assert own_quiet_hours(cast.bram) == USUAL
    first, _second = trail("set_quiet_hours")
    assert first.subject == cast.bram.ref
    assert (first.before, first.after) == ({"from": "22:00", "until": "07:00"}, {"from": "17:00", "until": "09:30"})


def test_what_is_no_time_is_refused_and_the_console_has_none(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        set_quiet_hours(cast.bram, time(22), None)
    assert refused.value.refusals[0].field == "until_at"
    with pytest.raises(Forbidden):
        own_quiet_hours(CONSOLE)


def test_news_waits_for_the_addressee_and_what_is_awaited_does_not(cast: Cast) -> None:
    set_quiet_hours(cast.bram, time(17), time(9, 30))
    tuesday = "2026-06-16T07:10"
    queue(
        a_mail("assessed", 1, "Bram@example.org", tuesday),
        a_mail("assessed", 2, "noor@example.org", tuesday),
        a_mail("sign_in", 3, "bram@example.org", tuesday),
        a_mail("assessed", 4, "noor@example.org", "2026-06-13T12:00"),
        a_mail("participant_digest", 5, "noor@example.org", "2026-06-21T18:00"),
        a_mail("a kind that nobody knows", 6, "noor@example.org", "2026-06-13T12:00"),
    )
    assert goes_at() == [
        "2026-06-16T09:30",
        "2026-06-16T07:10",
        "2026-06-16T07:10",
        "2026-06-15T08:00",
        "2026-06-21T18:00",
        "2026-06-15T08:00",
    ]


def test_news_of_today_waits_as_the_rule_says(cast: Cast) -> None:
    now = clock.now()
    queue(a_mail("assessed"))
    assert (
        timedelta(0)
        <= mails()[0].next_attempt_at - next_moment(now, haste_of("assessed"), USUAL)
        < timedelta(minutes=1)
    )


def test_the_quiet_hours_of_all_addressees_are_one_query(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for many in (1, 60):
        with count_queries() as queries, writing() as session:
            queue_mails(session, [a_mail("assessed", many + at, f"p{at}@example.org") for at in range(many)])
        counts.append(len([query for query in queries if "quiet_hours" in query]))
    assert counts == [1, 1]


class TestWhatBecameLate:
    """The server was down: a mail of the afternoon is due in the night, or on a free day."""

    @pytest.mark.parametrize(
        ("late", "goes"),
        [
            ("2026-06-16T23:30", "2026-06-17T07:00"),
            ("2026-06-20T12:00", "2026-06-22T08:00"),
            ("2026-06-16T12:00", None),
        ],
    )
    def test_it_goes_when_it_may(self, cast: Cast, server: MailServer, late: str, goes: str | None) -> None:
        queue(a_mail("assessed", not_before="2026-06-16T11:00"))
        counts = send_due(CONSOLE, local(late))
        if goes is None:
            assert counts == SendCounts(sent=1)
            return
        assert counts == SendCounts()
        [mail] = mails()
        assert (mail.state, mail.attempts, goes_at()) == (MailState.WAITING, 0, [goes])
        assert send_due(CONSOLE, local(goes) - timedelta(minutes=1)) == SendCounts()
        assert send_due(CONSOLE, local(goes)) == SendCounts(sent=1)

    def test_what_somebody_waits_for_goes_all_the_same(self, cast: Cast, server: MailServer) -> None:
        queue(a_mail("sign_in", 1), a_mail("assessed", 2, not_before="2026-06-16T11:00"))
        assert send_due(CONSOLE, local("2026-06-16T23:30")) == SendCounts(sent=1)
        assert [mail.state for mail in mails()] == [MailState.SENT, MailState.WAITING]

    def test_quiet_hours_that_were_set_meanwhile_count(self, cast: Cast, server: MailServer) -> None:
        queue(a_mail("assessed", not_before="2026-06-16T18:00"))
        set_quiet_hours(cast.bram, time(17), time(9, 30))
        assert send_due(CONSOLE, local("2026-06-16T18:00")) == SendCounts()
        assert goes_at() == ["2026-06-17T09:30"]

    def test_more_than_a_batch_that_may_not_go_holds_up_nothing(self, cast: Cast, server: MailServer) -> None:
        set_quiet_hours(cast.bram, time(10), time(11))
        held = [a_mail("assessed", at, not_before="2026-06-16T09:00") for at in range(BATCH + 5)]
        queue(*held, a_mail("assessed", 999, "noor@example.org", "2026-06-16T09:59"))
        assert send_due(CONSOLE, local("2026-06-16T10:30")) == SendCounts(sent=1)
        assert send_due(CONSOLE, local("2026-06-16T11:00")) == SendCounts(sent=BATCH + 5)
