"""Telling the administrators that a job failed: once for each turn of it, however often it is tried."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.services.job_texts import job_failed
from hto_track.services.outbox import Mail, queue_mails

JOB_FAILED = "job_failed"


def tell_failure(session: Session, job: str, slot: str, at: datetime, *, parts: int, failed: int) -> None:
    """Queue a mail to each administrator that ``failed`` of the ``parts`` of a turn failed, in the caller's transaction.

    The outbox leaves out what it ever had for that job, turn and account.
    """
    administrators = (
        select(User.id, User.email, User.name)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.role == Role.ADMINISTRATOR, User.erased_at.is_(None))
        .distinct()
        .order_by(User.id)
    )
    mails = []
    for user_id, email, name in session.execute(administrators):
        text = job_failed(name, job, at, parts, failed)
        mails.append(
            Mail(
                kind=JOB_FAILED,
                subject_key=f"{job}:user/{user_id}",
                period=slot,
                recipient=email,
                subject=text.subject,
                body=text.body,
            )
        )
    queue_mails(session, mails)
