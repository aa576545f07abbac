"""How the two databases are opened: safely, and on SQLite with a library that is known to be sound."""

from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, event

# Before these, two connections could lose acknowledged commits in WAL mode (SQLite's "WAL-reset bug").
FIRST_SOUND_WAL = (3, 51, 3)
SOUND_BACKPORTS = ((3, 44, 6), (3, 50, 7))
BUSY_TIMEOUT_MS = 10_000
WRITES = "hto_writes"
"""The execution option of a connection that is going to write: it takes the write lock at its beginning."""


def engine_options(url: str) -> dict[str, Any]:
    """The options of ``create_engine`` for ``url``.

    An error never shows the values of its statement: a log is no place for them.
    """
    if url.startswith("sqlite"):
        return {"module": sqlite, "hide_parameters": True}
    return {"isolation_level": "REPEATABLE READ", "pool_pre_ping": True, "hide_parameters": True}


def writing_options(engine: Engine) -> dict[str, Any]:
    """The execution options under which a transaction may write.

    On PostgreSQL a writer must see what was committed while it waited for the revision, so it reads committed rows.
    """
    return {WRITES: True} if engine.dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}


def wal_is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version is outside the WAL-reset bug."""
    return version >= FIRST_SOUND_WAL or any(version[:2] == fixed[:2] and version >= fixed for fixed in SOUND_BACKPORTS)


def prepare(engine: Engine) -> None:
    """Attach what every connection of ``engine`` needs; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return
    journal_mode = "WAL" if wal_is_sound(sqlite.sqlite_version_info) else "DELETE"

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see _begin
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA journal_mode={journal_mode}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
