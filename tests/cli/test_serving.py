"""``hto-track serve``, ``demo`` and ``scheduler`` as processes: they start, answer, are looked after, and stop."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

PATIENCE_SECONDS = 60
Start = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(holds: Callable[[], object], what: str) -> None:
    """Ask until it holds; a failure that says what did not come."""
    last = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > last:
            pytest.fail(f"{what}: not within {PATIENCE_SECONDS} s")
        time.sleep(0.05)  # between two looks at another process


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=10) as response:
            return response.status == 200
    except (URLError, ConnectionError):
        return False


def children(pid: int) -> dict[int, str]:
    """The processes that ``pid`` started: their command lines by id."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    found = (line.split(None, 1) for line in listed.stdout.splitlines())
    return {int(child): args for child, args in found}


def schedulers(pid: int) -> list[int]:
    return [child for child, args in children(pid).items() if "scheduler" in args]


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start ``hto-track`` with these words on a database of its own."""
    started: list[subprocess.Popen[str]] = []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HTO_")} | {
        "HTO_DATABASE_URL": f"sqlite:///{tmp_path}/served.sqlite3",
        "HTO_SECRET_KEY": "a key of the tests alone",
        "HTO_TODAY": "2026-06-14",
        "PYTHONUNBUFFERED": "1",
    }

    def run(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "hto_track", *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        for pid in (*children(process.pid), process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.communicate()


def test_serve_migrates_an_empty_database_answers_and_stops_with_its_scheduler(start: Start) -> None:
    port = free_port()
    server = start("serve", "--port", str(port), "--workers", "1")
    until(lambda: answers(port), "an answer")
    until(lambda: schedulers(server.pid), "a scheduler")
    family = [*children(server.pid)]
    server.terminate()
    output, _errors = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 0
    assert f"HTO Track listens on http://127.0.0.1:{port}" in output
    assert not any(map(is_alive, family))


def test_a_scheduler_that_dies_is_started_again_and_there_is_only_one(start: Start) -> None:
    port = free_port()
    server = start("serve", "--port", str(port), "--workers", "1")
    until(lambda: schedulers(server.pid), "a scheduler")
    [first] = schedulers(server.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: schedulers(server.pid) not in ([], [first]), "a second scheduler")
    assert len(schedulers(server.pid)) == 1
    until(lambda: answers(port), "an answer")


def test_without_a_scheduler_there_is_none(start: Start) -> None:
    port = free_port()
    server = start("serve", "--port", str(port), "--workers", "1", "--no-scheduler")
    until(lambda: answers(port), "an answer")
    assert schedulers(server.pid) == []
    assert len(children(server.pid)) == 1


def test_a_port_that_is_taken_is_one_clear_line(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = start("serve", "--port", str(port))
        output, _errors = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 1
    assert re.fullmatch(rf"Cannot listen on 127\.0\.0\.1 port {port} \(.*\): choose another with --port\n", output)


def test_a_database_older_than_the_program_is_not_served(start: Start, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "served.sqlite3") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001_first_schema')")
    connection.close()
    server = start("serve", "--port", str(free_port()))
    output, _errors = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 1
    assert output == "The database is older than this program: run 'hto-track db upgrade' first\n"


def test_the_scheduler_alone_runs_what_is_due_and_stops_when_asked(start: Start, tmp_path: Path) -> None:
    import sqlite3

    scheduler = start("scheduler")

    def has_run() -> bool:
        try:
            with sqlite3.connect(f"file:{tmp_path}/served.sqlite3?mode=ro", uri=True) as connection:
                return bool(connection.execute("SELECT count(*) FROM job_runs").fetchone()[0])
        except sqlite3.OperationalError:
            return False

    until(has_run, "a job run")
    scheduler.terminate()
    scheduler.communicate(timeout=PATIENCE_SECONDS)
    assert scheduler.returncode == 0
