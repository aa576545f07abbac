"""Work handed in, as services hand it on: to who handed it in and to who assesses it. The bytes are read elsewhere."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Attempt, FileContent, HandIn, HandInKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInView:
    """A file (name, size in bytes) or a link, and the moment at which it was handed in."""

    id: int
    kind: HandInKind
    handed_in_at: datetime
    link: str | None
    file_name: str | None
    size: int | None
    media_type: str | None


def hand_ins_by_attempt(session: Session, attempt_ids: Collection[int]) -> dict[int, tuple[HandInView, ...]]:
    """What was handed in for attempts, the newest first; one query, and no bytes."""
    found: defaultdict[int, list[HandInView]] = defaultdict(list)
    query = (
        select(HandIn, FileContent.size, FileContent.media_type)
        .outerjoin(FileContent, FileContent.sha256 == HandIn.content_sha256)
        .where(HandIn.attempt_id.in_(attempt_ids))
        .order_by(HandIn.handed_in_at.desc(), HandIn.id.desc())
    )
    for row, size, media_type in session.execute(query):
        found[row.attempt_id].append(
            HandInView(
                id=row.id,
                kind=row.kind,
                handed_in_at=row.handed_in_at,
                link=row.link,
                file_name=row.file_name,
                size=size,
                media_type=media_type,
            )
        )
    return {attempt_id: tuple(own) for attempt_id, own in found.items()}


def newest_work(session: Session, attempt: Attempt | None) -> int:
    """The id of what was handed in last for an attempt; 0 when nothing was."""
    if attempt is None:
        return 0
    query = select(HandIn.id).where(HandIn.attempt_id == attempt.id)
    return session.scalars(query.order_by(HandIn.handed_in_at.desc(), HandIn.id.desc()).limit(1)).first() or 0
