"""Programme templates as they are looked at: the list, one version, and what changed between two."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.programmes import Programme
from hto_track.models.templates import TemplateVersion
from hto_track.rules.template import ExpectedHours, Template, expected_hours, nominal_minutes
from hto_track.rules.template_changes import Difference, differences
from hto_track.services.policy import Action, Actor, Subject, may, require_anywhere
from hto_track.services.standings import cohorts_in_reach
from hto_track.services.template_content import template_of
from hto_track.services.template_rows import StoredTemplate, as_seen, find_template, may_with, stored_templates
from hto_track.services.transaction import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSummary:
    """A version by number; a draft while it was not published. ``cohorts`` are the codes of those laid out from it."""

    number: int
    made_at: datetime
    published_at: datetime | None
    note: str
    cohorts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSummary:
    """A template with its versions, the latest first, and what the latest asks."""

    code: str
    title: str
    college: str | None
    versions: tuple[VersionSummary, ...]
    lessons: int
    expected: ExpectedHours
    nominal: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version of a template, whole. ``seen`` tells a form of it whether it was changed meanwhile."""

    code: str
    title: str
    college: str | None
    version: VersionSummary
    template: Template
    expected: ExpectedHours
    nominal: Fraction | None
    numbers: tuple[int, ...]
    seen: str
    may_lay_out: bool
    changes: tuple[Difference, ...] = ()
    """What is another than in the version before it; nothing of the first."""
    programme: str | None = None
    """The code of a programme that is given by this template."""

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.version.published_at is None

    @property
    def is_latest(self) -> bool:
        """Whether none came after it."""
        return self.version.number == self.numbers[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one version to another."""

    code: str
    title: str
    before: int
    after: int
    numbers: tuple[int, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """What the actor can make a template from: cohorts as code and name; and for which colleges one that is empty.

    ``without_college`` is whether it may be of none.
    """

    cohorts: tuple[tuple[str, str], ...]
    colleges: tuple[str, ...]
    without_college: bool


def templates(actor: Actor) -> tuple[TemplateSummary, ...]:
    """The templates that the actor keeps, by title; Forbidden for who keeps none anywhere."""
    require_anywhere(actor, Action.MANAGE_TEMPLATES)
    return tuple(
        _summary(template)
        for template in stored_templates(reading())
        if may_with(template, actor, Action.MANAGE_TEMPLATES)
    )


def template_version(actor: Actor, code: str, number: int) -> VersionView:
    """A version with all that it asks; NotFound or Forbidden as the policy says."""
    session = reading()
    stored = find_template(session, actor, Action.MANAGE_TEMPLATES, code)
    version = stored.version(number)
    template = template_of(version.content)
    return VersionView(
        code=stored.row.code,
        title=stored.row.title,
        college=stored.row.college,
        version=_version(stored, version),
        template=template,
        expected=expected_hours(template),
        nominal=nominal_minutes(template),
        numbers=tuple(each.number for each in stored.versions),
        seen=as_seen(version),
        may_lay_out=version.published_at is not None and may_with(stored, actor, Action.LAY_OUT_COHORT),
        changes=_changes(stored, version),
        programme=_programme_code(session, actor, stored),
    )


def compare_versions(actor: Actor, code: str, before: int | None, after: int) -> Comparison:
    """What changed from version ``before`` to ``after``; None is the one before it. NotFound for no such version."""
    stored = find_template(reading(), actor, Action.MANAGE_TEMPLATES, code)
    later = stored.version(after)
    earlier = stored.version(max(1, after - 1) if before is None else before)
    return Comparison(
        code=stored.row.code,
        title=stored.row.title,
        before=earlier.number,
        after=later.number,
        numbers=tuple(version.number for version in stored.versions),
        differences=differences(template_of(earlier.content), template_of(later.content)),
    )


def origins(actor: Actor) -> Origins:
    """What a template can be made from; Forbidden for who keeps none anywhere."""
    require_anywhere(actor, Action.MANAGE_TEMPLATES)
    session = reading()
    in_reach = cohorts_in_reach(session, actor, Action.MANAGE_TEMPLATES)
    rows = session.execute(select(Cohort.code, Cohort.name).where(Cohort.id.in_(in_reach)).order_by(Cohort.code))
    return Origins(
        cohorts=tuple((code, name or code) for code, name in rows),
        colleges=colleges_in_reach(session, actor),
        without_college=may(actor, Action.MANAGE_TEMPLATES, Subject()),
    )


def colleges_in_reach(session: Session, actor: Actor) -> tuple[str, ...]:
    """The colleges for which the actor may keep templates, by name."""
    known = set(session.scalars(select(Programme.college).where(Programme.college.is_not(None)).distinct()))
    known |= {grant.college for grant in actor.grants}
    return tuple(
        college
        for college in sorted(filter(None, known))
        if may(actor, Action.MANAGE_TEMPLATES, Subject(college=college))
    )


def _summary(stored: StoredTemplate) -> TemplateSummary:
    latest = template_of(stored.latest.content)
    return TemplateSummary(
        code=stored.row.code,
        title=stored.row.title,
        college=stored.row.college,
        versions=tuple(_version(stored, version) for version in reversed(stored.versions)),
        lessons=len(latest.lessons),
        expected=expected_hours(latest),
        nominal=nominal_minutes(latest),
    )


def _changes(stored: StoredTemplate, version: TemplateVersion) -> tuple[Difference, ...]:
    earlier = [each for each in stored.versions if each.number < version.number]
    return differences(template_of(earlier[-1].content), template_of(version.content)) if earlier else ()


def _programme_code(session: Session, actor: Actor, stored: StoredTemplate) -> str | None:
    """Of the latest cohort of the template whose figures the actor may see."""
    for cohort in sorted(stored.cohorts, key=lambda cohort: cohort.start_on, reverse=True):
        subject = Subject(cohort_id=cohort.id, college=stored.row.college, programme_id=cohort.programme_id)
        if may(actor, Action.VIEW_FIGURES, subject):
            return session.scalars(select(Programme.code).where(Programme.id == cohort.programme_id)).one()
    return None


def _version(stored: StoredTemplate, version: TemplateVersion) -> VersionSummary:
    return VersionSummary(
        number=version.number,
        made_at=version.made_at,
        published_at=version.published_at,
        note=version.note or "",
        cohorts=tuple(cohort.code for cohort in stored.laid_out_from(version)),
    )
