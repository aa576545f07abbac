"""A form that is sent twice is carried out once: its answer is kept in the transaction of its effect (DESIGN.md)."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import FormAnswer
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.transaction import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """A form as it came in: the hidden ``key`` it was given when it was shown, and a digest of what was filled in."""

    key: str
    content: str


def answered(session: Session, actor: Actor, form: SentForm | None) -> dict[str, Any] | None:
    """What this form was answered when it came in before, None when it is new.

    Refused when the same form came in before with something else filled in: that was neither stored nor thrown away.
    Only inside ``writing()``: its lock makes two copies of one form wait for each other.
    """
    if form is None or actor.user_id is None:
        return None
    earlier = _find(session, actor.user_id, form.key)
    if earlier is None:
        return None
    if earlier["content"] != form.content:
        raise refuse(_l("This form was already saved with other values. Open the page again and change it there."))
    answer: dict[str, Any] = earlier["answer"]
    return answer


def remember(session: Session, actor: Actor, form: SentForm | None, answer: dict[str, Any]) -> None:
    """Keep what this form is answered, in the transaction of what it did; ``answer`` is plain JSON."""
    if form is None or actor.user_id is None:
        return
    session.add(
        FormAnswer(
            user_id=actor.user_id,
            key=form.key,
            answer={"content": form.content, "answer": answer},
            answered_at=clock.now(),
        )
    )


def answer_to(actor: Actor, key: str, holds: str) -> dict[str, Any]:
    """What the actor's own form ``key`` was answered; NotFound when there is none whose answer ``holds`` this."""
    earlier = _find(reading(), actor.user_id, key) if actor.user_id is not None else None
    if earlier is None or holds not in earlier["answer"]:
        raise NotFound
    answer: dict[str, Any] = earlier["answer"]
    return answer


def _find(session: Session, user_id: int, key: str) -> dict[str, Any] | None:
    return session.scalars(
        select(FormAnswer.answer).where(FormAnswer.user_id == user_id, FormAnswer.key == key)
    ).one_or_none()
