"""The transactions of use cases."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hto_track.database import writing_options
from hto_track.extensions import db
from hto_track.models.ledger import Revision


@contextmanager
def writing() -> Iterator[Session]:
    """A session that commits at the end of the block, or rolls back when it raises.

    It ends the read transaction before it, takes the write lock at once (SQLite: BEGIN IMMEDIATE; PostgreSQL: the row of the
    revision), and raises the revision, so that nothing worked out before can be shown as fresh.
    """
    with noting() as session:
        session.execute(update(Revision).values(number=Revision.number + 1))
        yield session


@contextmanager
def noting() -> Iterator[Session]:
    """The same for what no judgement rests on (sessions, attempts, readings): it leaves the revision as it is.

    On PostgreSQL it takes no lock but those of the rows it touches. Nothing is audited in it: the chain needs the lock.
    """
    session = reading()
    session.rollback()
    session.connection(execution_options=writing_options(db.engine))
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def reading() -> Session:
    """The session of this request or command, for queries."""
    return db.session()


def revision() -> int:
    """The number that every write raises: what was worked out under it is fresh as long as it stands."""
    return reading().scalars(select(Revision.number)).one()
