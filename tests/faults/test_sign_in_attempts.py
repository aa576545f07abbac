"""Ten thousand attempts to sign in, over four workers of the real server: no more than the limit get anything but "wait"."""

import http.client
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest

from hto_track.services.attempts import PER_ACCOUNT
from tests.cast import settle
from tests.cli.test_serving import PATIENCE_SECONDS, answers, children, free_port, until
from tests.conftest import app_on, fill_schema
from tests.databases import SqliteFiles

ATTEMPTS, CONNECTIONS, WORKERS = 10_000, 16, 4
MAILED, WAIT = 302, 429
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
WRITTEN = ("bram@example.org", "Bram@Example.ORG", " bram@example.org ")
"""One address, however it is written."""


@pytest.fixture
def port(sqlite: SqliteFiles) -> Iterator[int]:
    """Where a server of four workers listens, on a database with one account."""
    url = sqlite.copy_of("schema", fill_schema)
    with app_on(url):
        settle()
    chosen = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HTO_")} | {
        "HTO_DATABASE_URL": url,
        "HTO_SECRET_KEY": "a key of the tests alone",
        "HTO_TODAY": "2026-06-14",
    }
    command = ["serve", "--port", str(chosen), "--workers", str(WORKERS), "--no-scheduler"]
    server = subprocess.Popen([sys.executable, "-m", "hto_track", *command], env=environment, start_new_session=True)
    try:
        until(lambda: answers(chosen), "an answer")
        until(lambda: len(children(server.pid)) == WORKERS, "all workers")
        yield chosen
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)
        sqlite.drop(url)


def attempts(port: int, number: int) -> Counter[int]:
    """Open the form once, and send it again and again over one connection: the answers by their status."""
    seen: Counter[int] = Counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as connection:
        connection.request("GET", "/sign-in")
        form = connection.getresponse()
        cookie = form.headers["Set-Cookie"].partition(";")[0]
        token = TOKEN.search(form.read().decode())
        assert token
        for written in islice(cycle(WRITTEN), number):
            body = urlencode({"csrf_token": token[1], "email": written, "next": ""})
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/sign-in", body, headers)
            answer = connection.getresponse()
            answer.read()
            seen[answer.status] += 1
    return seen


def test_of_ten_thousand_attempts_no_more_than_the_limit_get_another_answer_than_wait(port: int) -> None:
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        counts = threads.map(partial(attempts, port), [ATTEMPTS // CONNECTIONS] * CONNECTIONS)
    seen = sum(counts, Counter())
    assert seen.total() == ATTEMPTS
    assert set(seen) == {MAILED, WAIT}
    assert seen[MAILED] == PER_ACCOUNT.most
