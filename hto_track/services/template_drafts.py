"""Making templates, changing a draft, publishing it. What is published is never changed: a change is a version of its own."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.templates import ProgrammeTemplate, TemplateVersion
from hto_track.rules.template import FaultKind, Template, faults
from hto_track.rules.template_changes import Difference, differences
from hto_track.services import audit, facts, form_answers
from hto_track.services.cohort_template import template_like
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, Subject, require
from hto_track.services.refusals import Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.template_content import content_of, template_of
from hto_track.services.template_faults import refusals_of
from hto_track.services.template_rows import as_seen, find_template
from hto_track.services.templates import colleges_in_reach
from hto_track.services.transaction import writing

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LONGEST_TITLE, LONGEST_NOTE = 200, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTemplate:
    """A template to be made: like a cohort, or empty for a college."""

    code: str
    title: str
    cohort: str | None = None
    college: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved:
    """What became of a draft. With ``conflicts`` nothing was stored: somebody else changed it, and this is how theirs differs.

    ``seen`` is what a form that is to be stored after all goes along with.
    """

    seen: str
    conflicts: tuple[Difference, ...] = ()


def make_template(actor: Actor, new: NewTemplate, form: SentForm | None = None) -> str:
    """Make a template with a first draft: its code.

    Like a cohort: its lessons in order, its assignments tied to the nearest of them, its rhythm, and what its programme wants.
    Refused for a code that is taken or cannot be one; NotFound, Forbidden as the policy says of the cohort or the college.
    """
    with writing() as session:
        cohort = facts.cohort_ground(session, new.cohort).cohort if new.cohort else None
        subject = subject_of(cohort) if cohort else Subject(college=new.college)
        require(actor, Action.MANAGE_TEMPLATES, subject)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return str(earlier["code"])
        code, title = _sound(session, actor, new)
        row = ProgrammeTemplate(code=code, title=title, college=cohort.college if cohort else new.college)
        session.add(row)
        session.flush()
        template = template_like(session, cohort) if cohort else Template()
        add_version(session, row, 1, template, programme_id=cohort.programme_id if cohort else None)
        after = {"title": title, "cohort": new.cohort, "college": row.college}
        audit.record(session, actor, "make_template", audit.of_template(code), after=after)
        form_answers.remember(session, actor, form, {"code": code})
        return code


def begin_draft(actor: Actor, code: str) -> int:
    """A draft like the latest version, to be changed: its number. The draft that there is, where there is one."""
    with writing() as session:
        stored = find_template(session, actor, Action.MANAGE_TEMPLATES, code)
        latest = stored.latest
        if latest.published_at is None:
            return latest.number
        number = latest.number + 1
        add_version(session, stored.row, number, template_of(latest.content), programme_id=None)
        audit.record(session, actor, "begin_draft", audit.of_template(code, "versions", number))
        return number


def save_draft(
    actor: Actor, code: str, number: int, template: Template, note: str, seen: str, form: SentForm | None = None
) -> DraftSaved:
    """Store what a draft holds, as far as it stands as it was ``seen``.

    Refused for a version that is published, and for everything that is wrong with the template, but that it has no lessons yet.
    """
    with writing() as session:
        stored = find_template(session, actor, Action.MANAGE_TEMPLATES, code)
        version = stored.version(number)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return DraftSaved(seen=str(earlier["seen"]))
        _require_draft(version)
        _require_sound(template, note, besides=FaultKind.NO_LESSONS)
        before = template_of(version.content)
        if seen != as_seen(version) and before != template:
            return DraftSaved(seen=as_seen(version), conflicts=differences(before, template))
        changed = differences(before, template)
        version.content, version.note = content_of(template), note.strip() or None
        audit.record(
            session,
            actor,
            "change_draft",
            audit.of_template(code, "versions", number),
            after={"note": version.note, "changes": len(changed)},
        )
        form_answers.remember(session, actor, form, {"seen": as_seen(version)})
        return DraftSaved(seen=as_seen(version))


def publish_version(actor: Actor, code: str, number: int, seen: str) -> None:
    """Let cohorts be laid out from a draft, which is never changed again.

    Nothing when it is published already. Refused while something is wrong with it, and when it is not as it was ``seen``.
    """
    with writing() as session:
        stored = find_template(session, actor, Action.MANAGE_TEMPLATES, code)
        version = stored.version(number)
        if version.published_at is not None:
            return
        if seen != as_seen(version):
            raise refuse(_l("Somebody changed this draft meanwhile. Look at it once more, then publish it."))
        _require_sound(template_of(version.content), version.note or "")
        version.published_at = clock.now()
        audit.record(session, actor, "publish_template", audit.of_template(code, "versions", number))


def sound_code(text: str, field: str = "code") -> str:
    """A code as templates and cohorts have them; Refused for anything else."""
    code = text.strip()
    if not CODE.fullmatch(code):
        raise refuse(_l("Use letters, figures, dots and dashes, 40 at most: a code like HTO-ZH."), field=field)
    return code


def _sound(session: Session, actor: Actor, new: NewTemplate) -> tuple[str, str]:
    refusals: list[Refusal] = []
    code, title = "", " ".join(new.title.split())
    try:
        code = sound_code(new.code)
    except Refused as refused:
        refusals.extend(refused.refusals)
    if code and session.scalar(select(exists().where(ProgrammeTemplate.code == code))):
        refusals.append(Refusal(message=_l("The code %(code)s is taken. Choose another one.", code=code), field="code"))
    if not title or len(title) > LONGEST_TITLE:
        refusals.append(Refusal(message=_l("Fill in a title of at most 200 characters."), field="title"))
    if new.cohort is None and new.college is not None and new.college not in colleges_in_reach(session, actor):
        refusals.append(Refusal(message=_l("Choose a college from the list."), field="origin"))
    if refusals:
        raise Refused(refusals)
    return code, title


def _require_draft(version: TemplateVersion) -> None:
    if version.published_at is not None:
        raise refuse(_l("This version is published and is not changed any more. Begin a new version instead."))


def _require_sound(template: Template, note: str, besides: FaultKind | None = None) -> None:
    refusals = refusals_of(fault for fault in faults(template) if fault.kind is not besides)
    if len(note.strip()) > LONGEST_NOTE:
        refusals.append(Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_NOTE), field="note"))
    if refusals:
        raise Refused(refusals)


def add_version(
    session: Session, row: ProgrammeTemplate, number: int, template: Template, programme_id: int | None
) -> TemplateVersion:
    """Store a version as a draft, within a use case that has asked the policy."""
    version = TemplateVersion(
        template_id=row.id,
        number=number,
        content=content_of(template),
        made_at=clock.now(),
        programme_id=programme_id,
    )
    session.add(version)
    session.flush()
    return version
