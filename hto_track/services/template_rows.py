"""Templates as they are stored, and whose they are: what their services share.

An administrator has all of them, a college's administration those of its college, a project leader those of whose versions one
is of the programme of a cohort that they lead.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.base import json_text
from hto_track.models.cohorts import Cohort
from hto_track.models.programmes import Checkpoint, LearningOutcome, Programme
from hto_track.models.templates import ProgrammeTemplate, TemplateVersion
from hto_track.rules.template import Template, TemplateCheckpoint, TemplateOutcome
from hto_track.services.policy import Action, Actor, Subject, may, require
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.values import programme_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTemplate:
    """A template with its versions in order of number, and the cohorts of the programmes that these are of."""

    row: ProgrammeTemplate
    versions: tuple[TemplateVersion, ...]
    cohorts: tuple[Cohort, ...]

    @property
    def latest(self) -> TemplateVersion:
        """The version with the highest number."""
        return self.versions[-1]

    def version(self, number: int) -> TemplateVersion:
        """The version of a number; NotFound without one."""
        for version in self.versions:
            if version.number == number:
                return version
        raise NotFound(f"There is no version {number} of template {self.row.code}")

    def laid_out_from(self, version: TemplateVersion) -> tuple[Cohort, ...]:
        """The cohorts that were laid out from a version."""
        return tuple(cohort for cohort in self.cohorts if cohort.template_version_id == version.id)


def stored_templates(session: Session, code: str | None = None) -> tuple[StoredTemplate, ...]:
    """The templates in order of title, or the one of ``code``; in as many queries however many there are."""
    named = select(ProgrammeTemplate).order_by(ProgrammeTemplate.title, ProgrammeTemplate.code)
    if code is not None:
        named = named.where(ProgrammeTemplate.code == code)
    rows = session.scalars(named).all()
    of_these = TemplateVersion.template_id.in_([row.id for row in rows])
    versions = session.scalars(select(TemplateVersion).where(of_these).order_by(TemplateVersion.number)).all()
    programmes = {version.programme_id for version in versions if version.programme_id is not None}
    cohorts = session.scalars(select(Cohort).where(Cohort.programme_id.in_(programmes)).order_by(Cohort.code)).all()
    return tuple(_stored(row, [each for each in versions if each.template_id == row.id], cohorts) for row in rows)


def find_template(session: Session, actor: Actor, action: Action, code: str) -> StoredTemplate:
    """The template of ``code``, with which ``actor`` may do ``action``; else NotFound or Forbidden as the policy says."""
    found = stored_templates(session, code)
    if not found:
        raise NotFound(f"There is no template {code}")
    _require(actor, action, _subjects(found[0]))
    return found[0]


def may_with(template: StoredTemplate, actor: Actor, action: Action) -> bool:
    """Whether ``actor`` may do ``action`` with a template."""
    return any(may(actor, action, subject) for subject in _subjects(template))


def requirements_of(session: Session, programme_ids: Collection[int]) -> dict[int, Template]:
    """What stored programmes want of a participant, as templates without lessons, by id; in three queries."""
    programmes = session.scalars(select(Programme).where(Programme.id.in_(programme_ids))).all()
    outcomes = session.scalars(
        select(LearningOutcome).where(LearningOutcome.programme_id.in_(programme_ids)).order_by(LearningOutcome.code)
    ).all()
    checkpoints = session.scalars(
        select(Checkpoint).where(Checkpoint.programme_id.in_(programme_ids)).order_by(Checkpoint.id)
    ).all()
    return {
        programme.id: Template(
            requirements=programme_settings(programme),
            outcomes=tuple(
                TemplateOutcome(code=row.code, title=row.title) for row in outcomes if row.programme_id == programme.id
            ),
            checkpoints=tuple(
                TemplateCheckpoint(code=row.code, title=row.title, due_week=row.due_week)
                for row in checkpoints
                if row.programme_id == programme.id
            ),
        )
        for programme in programmes
    }


def as_seen(version: TemplateVersion) -> str:
    """A digest of what a version holds, by which a form tells whether somebody changed it meanwhile."""
    return hashlib.sha256(json_text(version.content).encode()).hexdigest()


def _stored(row: ProgrammeTemplate, versions: list[TemplateVersion], cohorts: Iterable[Cohort]) -> StoredTemplate:
    programmes = {version.programme_id for version in versions}
    theirs = tuple(cohort for cohort in cohorts if cohort.programme_id in programmes)
    return StoredTemplate(row=row, versions=tuple(versions), cohorts=theirs)


def _subjects(template: StoredTemplate) -> list[Subject]:
    """What the policy is asked about a template: its college, and each cohort of its programmes as its leader's."""
    return [Subject(college=template.row.college), *(Subject(cohort_id=cohort.id) for cohort in template.cohorts)]


def _require(actor: Actor, action: Action, subjects: Iterable[Subject]) -> None:
    denied: Exception = NotFound()
    for subject in subjects:
        try:
            require(actor, action, subject)
            return
        except Forbidden as forbidden:
            denied = forbidden
        except NotFound:
            pass
    raise denied
