"""The transaction of a use case that writes."""

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
    session = reading()
    session.rollback()
    session.connection(execution_options=writing_options(db.engine))
    session.execute(update(Revision).values(number=Revision.number + 1))
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
