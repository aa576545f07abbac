"""Throwing away a draft of a template, and putting it back."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track.models.templates import ProgrammeTemplate
from hto_track.services import audit, form_answers
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.template_content import template_of
from hto_track.services.template_drafts import add_version
from hto_track.services.template_rows import as_seen, find_template, stored_templates
from hto_track.services.transaction import writing

DISCARDED = "discarded"
"""What the answer to the form of a discarded draft holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """A draft that is gone; ``latest`` is the version that is left, 0 when it was the only one and the template went too."""

    code: str
    number: int
    latest: int


def discard_draft(actor: Actor, code: str, number: int, seen: str, form: SentForm | None = None) -> Discarded:
    """Throw away a draft, and its template when nothing else is of it.

    Refused for a version that is published, and when the draft is not as it was ``seen``. NotFound, Forbidden.
    """
    with writing() as session:
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return Discarded(code=code, number=number, latest=int(earlier["latest"]))
        stored = find_template(session, actor, Action.MANAGE_TEMPLATES, code)
        version = stored.version(number)
        if version.published_at is not None:
            raise refuse(_l("This version is published: it is not thrown away any more."))
        if seen != as_seen(version):
            raise refuse(_l("Somebody changed this draft meanwhile. Look at it once more, then throw it away."))
        left = [each.number for each in stored.versions if each.number != number]
        kept: dict[str, Any] = {
            "content": version.content,
            "note": version.note,
            "programme": version.programme_id,
            "title": stored.row.title,
            "college": stored.row.college,
        }
        session.delete(version)
        session.flush()
        if not left:
            session.delete(stored.row)
        latest = left[-1] if left else 0
        subject = audit.of_template(code, "versions", number)
        audit.record(session, actor, "discard_draft", subject, before={"note": kept["note"]}, after={"latest": latest})
        form_answers.remember(session, actor, form, {DISCARDED: f"{code}/{number}", "latest": latest, "kept": kept})
        return Discarded(code=code, number=number, latest=latest)


def restore_draft(actor: Actor, code: str, number: int, form_key: str) -> None:
    """Put back the draft that the actor's form ``form_key`` threw away. NotFound, Forbidden.

    Refused when there is a version of that number by now, or the ones before it are gone.
    """
    answer = form_answers.answer_to(actor, form_key, DISCARDED)
    if answer[DISCARDED] != f"{code}/{number}":
        raise NotFound
    kept = answer["kept"]
    with writing() as session:
        stored = stored_templates(session, code)
        if stored:
            find_template(session, actor, Action.MANAGE_TEMPLATES, code)
        latest = stored[0].latest.number if stored else 0
        if latest != number - 1:
            raise refuse(_l("There is another version by now: what was thrown away is not put back."))
        row = stored[0].row if stored else _row(session, code, kept)
        version = add_version(session, row, number, template_of(kept["content"]), programme_id=kept["programme"])
        version.note = kept["note"]
        # Once more: of a template that was gone it can only be told now whose it is. What is refused is not stored.
        find_template(session, actor, Action.MANAGE_TEMPLATES, code)
        audit.record(session, actor, "restore_draft", audit.of_template(code, "versions", number))


def _row(session: Session, code: str, kept: dict[str, Any]) -> ProgrammeTemplate:
    row = ProgrammeTemplate(code=code, title=kept["title"], college=kept["college"])
    session.add(row)
    session.flush()
    return row
