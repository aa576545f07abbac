"""Letting go of work that was handed in: a file goes with the last hand-in that names it. Inside the caller's transaction."""

from collections.abc import Collection

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Attempt, FileContent, HandIn


def count_work(session: Session, participant_ids: Collection[int]) -> dict[int, int]:
    """How many times each of these participants handed something in that is still kept; nobody with nothing."""
    query = (
        select(Attempt.participant_id, func.count())
        .join(HandIn, HandIn.attempt_id == Attempt.id)
        .where(Attempt.participant_id.in_(participant_ids))
        .group_by(Attempt.participant_id)
    )
    return {participant_id: count for participant_id, count in session.execute(query)}


def forget_work(session: Session, participant_id: int) -> None:
    """Delete all that a participant handed in; the attempts stay, with their dates and outcomes."""
    own = select(Attempt.id).where(Attempt.participant_id == participant_id)
    rows = session.scalars(select(HandIn).where(HandIn.attempt_id.in_(own)))
    forget_hand_ins(session, list(rows))


def forget_hand_ins(session: Session, rows: Collection[HandIn]) -> None:
    """Delete hand-ins, and the files that no other one names."""
    hashes = {row.content_sha256 for row in rows if row.content_sha256}
    for row in rows:
        session.delete(row)
    session.flush()
    session.execute(
        delete(FileContent)
        .where(FileContent.sha256.in_(hashes), ~exists().where(HandIn.content_sha256 == FileContent.sha256))
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
