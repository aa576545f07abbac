"""Which of several schedulers works: on PostgreSQL the one that holds an advisory lock, on SQLite any.

Any number of them would be safe (services/jobs.py); the election only spares the others the work.
"""

import logging
from contextlib import suppress
from threading import RLock

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

LOCK = 0x48544F  # "HTO"
log = logging.getLogger(__name__)


class Election:
    """A candidate: keeps one connection open, because the lock is held as long as its session lives."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._lock = RLock()  # jobs run in threads, and a connection is for one at a time

    def is_won(self) -> bool:
        """Whether this process is the one to work now. Asking again keeps what is held, and notices when it was lost."""
        if self._engine.dialect.name != "postgresql":
            return True
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                return bool(self._connection.scalar(select(func.pg_try_advisory_lock(LOCK))))
            except SQLAlchemyError:
                log.warning("The database cannot be reached: another scheduler may take over")
                self.withdraw()
                return False

    def withdraw(self) -> None:
        """Let go of the lock, said aloud so that another can have it at once, and of the connection with it."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is None:
                return
            with suppress(SQLAlchemyError):
                connection.execute(select(func.pg_advisory_unlock_all()))
            connection.invalidate()
            connection.close()
