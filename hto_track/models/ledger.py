"""What keeps the books straight: the revision, the audit trail, job runs and the outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, JsonText, MomentText, UtcDateTime, one_of


class Revision(Base):
    """One row whose number every write raises in its own transaction: what was worked out before is then known to be
    old.
    """

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class AuditEntry(Base):
    """A change: who did what, to what. Append-only; each row's hash covers the one before it and a seal on its content.

    It names people by id and code alone, so that it can stay when a person is erased: what was before and after is in
    ``AuditContent``.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its number in the trail: 1, 2, … without gaps."""
    at: Mapped[datetime] = mapped_column("recorded_at", MomentText, index=True)
    actor: Mapped[str] = mapped_column(String(64), index=True)
    """``user/7``, ``supervisor/12/3f9a…`` (by the link of that placement, with a digest of the address), ``console``."""
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(
        # in order of bytes, so that what is within a subject is a range of the index
        String(500).with_variant(String(500, collation="C"), "postgresql"),
        index=True,
    )
    """``participant/ZH05-01/hours/7``: made by services/audit.py."""
    content_seal: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content with its salt: proves what is there, and says nothing of what is gone."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditContent(Base):
    """What an audit entry found and left: never changed, and deleted only when the person it is about is erased."""

    __tablename__ = "audit_contents"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entries.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonText)


class AuditHead(Base):
    """One row: how long the trail is and the hash of its last entry, sealed with the secret key from the first entry on.

    Without the key nobody can cut the tail off, or write the chain anew, and make it fit.
    """

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class JobRun(Base):
    """That a job claimed a slot; the claim is made by this insert, so that no slot is worked twice."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("name", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    slot: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)


class JobRequest(Base):
    """That somebody asked for a job to be run now; a scheduler takes it up within a minute.

    One that was taken and never done, because its scheduler died, is taken again (services/job_requests.py).
    """

    __tablename__ = "job_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    slot: Mapped[str | None] = mapped_column(String(40))
    """Which turn of the job; None of one that has none."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(String(64))
    """``Actor.ref`` of who asked."""
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What came of it: the same as of the run, which a job without slots has none of."""
    error: Mapped[str | None] = mapped_column(Text)


class SchedulerPulse(Base):
    """One row: when a scheduler last was at work, so that its absence can be seen."""

    __tablename__ = "scheduler_pulse"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MailState(StrEnum):
    """Where a mail stands on its way out."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class OutboxMail(Base):
    """A mail to send. ``kind``, ``subject_key`` and ``period`` make it the only one of its sort."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("kind", "subject_key", "period"),
        Index("ix_outbox_due", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    subject_key: Mapped[str] = mapped_column(String(128))
    period: Mapped[str] = mapped_column(String(40))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    """A word of ``secrets`` stands in it as ``[[word]]``."""
    secrets: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """What is for the addressee alone (a link, a code): shown to nobody here, and forgotten once the mail is sent."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[MailState] = mapped_column(one_of(MailState))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(String(36))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(500))
