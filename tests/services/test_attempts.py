"""Limits on attempts: counted in the database, the same for any number of threads and processes."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.sign_in import AttemptCount
from hto_track.services.attempts import A_QUARTER, PER_ACCOUNT, Limit, count, count_attempt, network_of, require_room
from hto_track.services.refusals import TooOften
from hto_track.services.transaction import noting

Counting = Callable[[], AbstractContextManager[list[str]]]
THREE = Limit(name="three", most=3, within=A_QUARTER)


def let_pass(span: timedelta) -> None:
    """Everything that was counted, was counted this much earlier."""
    with noting() as session:
        for row in session.scalars(select(AttemptCount)):
            row.counted_from -= span


def tries_of_all() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.sum(AttemptCount.tries))) or 0


def test_as_many_as_the_limit_and_no_more(app: Flask) -> None:
    for _ in range(3):
        count_attempt(THREE, "a")
    with pytest.raises(TooOften) as refused:
        count_attempt(THREE, "a")
    assert timedelta() < refused.value.wait <= A_QUARTER
    count_attempt(THREE, "b")
    count_attempt(Limit(name="other", most=1, within=A_QUARTER), "a")


def test_the_wait_ends_whoever_goes_on_trying(app: Flask) -> None:
    for _ in range(3):
        count_attempt(THREE, "a")
    let_pass(A_QUARTER - timedelta(minutes=1))
    for _ in range(10):
        with pytest.raises(TooOften):
            count_attempt(THREE, "a")
    let_pass(timedelta(minutes=1))
    for _ in range(3):
        count_attempt(THREE, "a")
    with pytest.raises(TooOften):
        count_attempt(THREE, "a")


def test_the_time_of_a_limit_begins_with_the_first_try_and_not_anew_with_each(app: Flask) -> None:
    for _ in range(3):
        count_attempt(THREE, "a")
        let_pass(A_QUARTER / 3)
    count_attempt(THREE, "a")


def test_who_must_wait_costs_one_query_and_no_write(app: Flask, count_queries: Counting) -> None:
    for _ in range(3):
        count_attempt(THREE, "a")
    with count_queries() as queries, pytest.raises(TooOften):
        require_room(((THREE, "a"), (PER_ACCOUNT, "a")))
    assert [query.split()[0] for query in queries] == ["SELECT"]


def test_a_limit_that_is_reached_counts_nothing_at_the_others(app: Flask) -> None:
    for _ in range(3):
        count_attempt(THREE, "a")

    def both() -> None:
        with noting() as session:
            count(session, ((PER_ACCOUNT, "a"), (THREE, "a")))

    with pytest.raises(TooOften):
        both()
    assert tries_of_all() == 3


def test_what_is_counted_says_nothing_of_whom(app: Flask) -> None:
    count_attempt(PER_ACCOUNT, "bram@example.org")
    [key] = db.session.scalars(select(AttemptCount.key_hash))
    assert len(key) == 64 and "bram" not in key


def test_of_forty_threads_at_once_no_more_than_the_limit_get_through(app: Flask) -> None:
    db.session.remove()
    start = Barrier(8)

    def five_tries(_number: int) -> int:
        through = 0
        with app.app_context():
            start.wait()
            for _ in range(5):
                try:
                    count_attempt(THREE, "a")
                    through += 1
                except TooOften:
                    pass
            db.session.remove()
        return through

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(five_tries, range(8))) == 3
    assert tries_of_all() == 3


TRY = """
import sys
from hto_track.app import create_app
from hto_track.services.attempts import PER_ACCOUNT, count_attempt
from hto_track.services.refusals import TooOften
with create_app().app_context():
    sys.stdin.readline()
    for _ in range(25):
        try:
            count_attempt(PER_ACCOUNT, "a")
        except TooOften:
            continue
        print("through")
"""


def test_of_four_processes_at_once_no_more_than_the_limit_get_through(app: Flask) -> None:
    db.session.remove()
    environment = os.environ | {
        "HTO_DATABASE_URL": app.extensions["hto_settings"].database_url,
        "HTO_SECRET_KEY": "a key of the tests alone",
        "HTO_TODAY": "2026-06-14",
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", TRY],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0, 0]
    assert "".join(said).count("through") == PER_ACCOUNT.most
    assert tries_of_all() == PER_ACCOUNT.most


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.200", True),
        ("192.0.2.7", "192.0.3.7", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "::ffff:198.51.100.7", False),
        ("::ffff:192.0.2.7", "192.0.2.200", True),
        ("", "not an address", True),
        (None, "", True),
    ],
)
def test_a_network_is_what_one_customer_has(one: str | None, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same
