"""Looking back on a programme without names: planned beside spent, and what the next version of its template could be.

A change of what is asked makes another programme when a cohort is laid out from it; programmes of one template are looked back
on together, for they are one programme as it grew.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.kept import Kept
from hto_track.models.cohorts import Cohort
from hto_track.models.load import LoadExpectation, LoadVerdict
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.models.templates import ProgrammeTemplate, TemplateVersion
from hto_track.rules.layout import RegionHolidays
from hto_track.rules.looking_back import CohortPast, GivenWork, LookingBack, look_back
from hto_track.rules.own_past import counts_in, person_past
from hto_track.rules.template import Template
from hto_track.rules.template_proposal import Ground, Proposal, propose
from hto_track.services import facts
from hto_track.services.cohort_template import template_like
from hto_track.services.facts import CohortGround
from hto_track.services.layout import region_holidays
from hto_track.services.policy import Action, Actor, Subject, may, require_anywhere
from hto_track.services.refusals import NotFound
from hto_track.services.standings import kept_standings_of, subject_of
from hto_track.services.template_content import template_of
from hto_track.services.template_rows import StoredTemplate, may_with, stored_templates
from hto_track.services.transaction import reading
from hto_track.services.views import CohortStandings

KEPT_COHORTS = 256
_kept: Kept[CohortPast] = Kept(KEPT_COHORTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedBackCohort:
    """A cohort that can be looked back on."""

    id: int
    code: str
    name: str
    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PastProgramme:
    """A programme with its cohorts in the reader's reach that began, latest start first; ``code`` is of the latest's programme.

    Where none began yet there is nothing to tell of those that will.
    """

    code: str
    title: str
    college: str | None
    codes: frozenset[str]
    cohorts: tuple[LookedBackCohort, ...]
    template: str | None
    """The code of its template, if it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateOffer:
    """What the next version of the template could be.

    ``number`` is of the version that it starts from, 0 where there is no template yet: it would be made like the latest cohort.
    ``draft`` is the number of a draft that there is already, ``seen`` what a form goes along with.
    """

    code: str | None
    number: int
    draft: int | None
    template: Template
    proposals: tuple[Proposal, ...]
    may_adopt: bool
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeLookedBack:
    """A programme, or the one cohort of it that is ``chosen``."""

    programme: PastProgramme
    chosen: LookedBackCohort | None
    latest_programme_id: int
    """Of the latest cohort."""
    told: int
    """The hours a week that the latest cohort was told, in minutes."""
    people: int
    past: LookingBack
    offer: TemplateOffer


def programmes_to_look_back_on(actor: Actor, on: date) -> tuple[PastProgramme, ...]:
    """The programmes of the cohorts in the actor's reach, by title; Forbidden for who sees no figures anywhere."""
    require_anywhere(actor, Action.VIEW_FIGURES)
    return _programmes(reading(), actor, on)


def programme_looked_back(
    actor: Actor, programme_code: str, on: date, cohort_code: str | None = None
) -> ProgrammeLookedBack:
    """What was planned and spent up to ``on``, of all cohorts in reach or of one; NotFound, Forbidden.

    In as many queries whatever the number of cohorts and people.
    """
    require_anywhere(actor, Action.VIEW_FIGURES)
    session = reading()
    programme = _find(session, actor, programme_code, on)
    chosen = next((cohort for cohort in programme.cohorts if cohort.code == cohort_code), None)
    if cohort_code is not None and chosen is None:
        raise NotFound(f"There is no cohort {cohort_code} in programme {programme_code}")
    grounds = facts.cohort_grounds(session, [cohort.id for cohort in programme.cohorts])
    cohorts = _cohorts(session, [grounds[cohort.id] for cohort in programme.cohorts], on)
    whole = look_back(cohorts)
    latest = grounds[programme.cohorts[0].id]
    return ProgrammeLookedBack(
        programme=programme,
        chosen=chosen,
        latest_programme_id=latest.cohort.programme_id,
        told=latest.programme.advertised_weekly,
        people=sum(len(cohort.people) for cohort in cohorts if chosen is None or cohort.code == chosen.code),
        past=look_back(cohorts, chosen.code) if chosen else whole,
        offer=_offer(session, actor, programme, latest, whole),
    )


def _find(session: Session, actor: Actor, programme_code: str, on: date) -> PastProgramme:
    """The programme that ``programme_code`` belongs to, as far as it is in the actor's reach; NotFound."""
    for programme in _programmes(session, actor, on):
        if programme_code in programme.codes:
            return programme
    raise NotFound(f"There is no programme {programme_code}")


def _programmes(session: Session, actor: Actor, on: date) -> tuple[PastProgramme, ...]:
    templates = _templates_of_programmes(session)
    query = select(Cohort, Programme).join(Programme, Programme.id == Cohort.programme_id)
    found: dict[tuple[int | None, str | None], list[tuple[Cohort, Programme]]] = {}
    for cohort, programme in session.execute(query.order_by(Cohort.start_on.desc(), Cohort.code)):
        subject = Subject(cohort_id=cohort.id, college=programme.college, programme_id=programme.id)
        if may(actor, Action.VIEW_FIGURES, subject):
            template = templates.get(programme.id)
            key = (None, template) if template is not None else (programme.id, None)
            found.setdefault(key, []).append((cohort, programme))
    programmes = (_programme(of_these, template, on) for (_id, template), of_these in found.items())
    return tuple(sorted(programmes, key=lambda programme: (programme.title, programme.code)))


def _programme(rows: Sequence[tuple[Cohort, Programme]], template: str | None, on: date) -> PastProgramme:
    begun = [row for row in rows if row[0].start_on <= on] or rows
    latest = begun[0][1]
    return PastProgramme(
        code=latest.code,
        title=latest.title,
        college=latest.college,
        codes=frozenset(programme.code for _cohort, programme in rows),
        cohorts=tuple(
            LookedBackCohort(
                id=cohort.id,
                code=cohort.code,
                name=cohort.name or cohort.code,
                start_on=cohort.start_on,
                end_on=cohort.end_on,
            )
            for cohort, _programme in begun
        ),
        template=template,
    )


def _templates_of_programmes(session: Session) -> dict[int, str]:
    """The code of the template of each programme that has one: of several, the one that was made of it last."""
    query = (
        select(TemplateVersion.programme_id, ProgrammeTemplate.code)
        .join(ProgrammeTemplate, ProgrammeTemplate.id == TemplateVersion.template_id)
        .where(TemplateVersion.programme_id.is_not(None))
        .order_by(TemplateVersion.id)
    )
    return {programme_id: code for programme_id, code in session.execute(query) if programme_id is not None}


def _cohorts(session: Session, grounds: Sequence[CohortGround], on: date) -> list[CohortPast]:
    """What counts of each cohort, kept as long as nothing is written; those that are not in as many queries as for one."""
    url = session.get_bind().engine.url
    found = {ground.cohort.id: _kept.find(ground.revision, (url, ground.cohort.id, on)) for ground in grounds}
    new = [ground for ground in grounds if found[ground.cohort.id] is None]
    if new:
        ids = [ground.cohort.id for ground in new]
        told, verdicts = _told(session, ids), _verdicts(session, ids)
        for ground, standings in zip(new, kept_standings_of(session, new, on), strict=True):
            past = _cohort(standings, ground.programme.prep_per_lesson, told, verdicts)
            _kept.keep(ground.revision, (url, ground.cohort.id, on), past)
            found[ground.cohort.id] = past
    return [past for past in found.values() if past is not None]


def _cohort(
    standings: CohortStandings, prep_per_lesson: int, told: dict[int, dict[date, int]], verdicts: dict[int, str]
) -> CohortPast:
    return CohortPast(
        code=standings.cohort.code,
        start_on=standings.cohort.start_on,
        prep_per_lesson=prep_per_lesson,
        assignments=tuple(
            GivenWork(code=plan.code, title=plan.title, estimate=plan.estimate, mandatory=plan.mandatory)
            for plan in standings.plan.assignments
        ),
        people=tuple(
            person_past(one.facts, one.standing, told.get(one.member.id), verdicts.get(one.member.id))
            for one in standings.members
            if counts_in(one.facts)
        ),
    )


def _told(session: Session, cohort_ids: Collection[int]) -> dict[int, dict[date, int]]:
    """What each participant was told to expect, by Monday."""
    query = (
        select(LoadExpectation.participant_id, LoadExpectation.weeks)
        .join(Participant, Participant.id == LoadExpectation.participant_id)
        .where(Participant.cohort_id.in_(cohort_ids))
    )
    return {
        participant_id: {date.fromisoformat(monday): int(minutes) for monday, minutes in weeks.items()}
        for participant_id, weeks in session.execute(query)
    }


def _verdicts(session: Session, cohort_ids: Collection[int]) -> dict[int, str]:
    query = (
        select(LoadVerdict.participant_id, LoadVerdict.verdict)
        .join(Participant, Participant.id == LoadVerdict.participant_id)
        .where(Participant.cohort_id.in_(cohort_ids))
    )
    return {participant_id: verdict.value for participant_id, verdict in session.execute(query)}


def _offer(
    session: Session, actor: Actor, programme: PastProgramme, latest: CohortGround, past: LookingBack
) -> TemplateOffer:
    stored = stored_templates(session, programme.template)[0] if programme.template is not None else None
    number, template = _base(stored) if stored else (0, template_like(session, latest.cohort))
    ground = Ground(
        start_on=latest.cohort.start_on, holidays=RegionHolidays(region_holidays(session, latest.cohort.region))
    )
    proposals = propose(template, past, ground)
    if stored is not None:
        may_adopt = may_with(stored, actor, Action.MANAGE_TEMPLATES)
    else:
        may_adopt = may(actor, Action.MANAGE_TEMPLATES, subject_of(latest.cohort))
    return TemplateOffer(
        code=programme.template,
        number=number,
        draft=stored.latest.number if stored and stored.latest.published_at is None else None,
        template=template,
        proposals=proposals,
        may_adopt=may_adopt,
        seen=_as_seen(programme.template, number, proposals),
    )


def _base(stored: StoredTemplate) -> tuple[int, Template]:
    """The latest published version; of a template without one, its draft."""
    published = [version for version in stored.versions if version.published_at is not None]
    base = published[-1] if published else stored.latest
    return base.number, template_of(base.content)


def _as_seen(code: str | None, number: int, proposals: Sequence[Proposal]) -> str:
    """A digest of what is proposed: another one when the figures or the template are others by now."""
    what = [code, number, [{name: str(value) for name, value in asdict(each).items()} for each in proposals]]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
