"""Where people stand: facts loaded, judged once per cohort and date, and kept as long as nothing is written (kept.py)."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.kept import Kept
from hto_track.models.cohorts import Cohort
from hto_track.models.privacy import Seen
from hto_track.models.programmes import Programme
from hto_track.rules import attention as board
from hto_track.rules.standing import judge
from hto_track.rules.warnings import alarms
from hto_track.services import facts, open_warnings
from hto_track.services.appointments import appointments_of
from hto_track.services.enrolments import own_enrolment
from hto_track.services.expectations import told_and_said
from hto_track.services.facts import CohortFacts, CohortGround, MemberFacts
from hto_track.services.own_plan_rows import kept_plan
from hto_track.services.policy import Action, Actor, Subject, may, require, require_anywhere
from hto_track.services.readings import note_cohorts, note_reading
from hto_track.services.refusals import NotFound
from hto_track.services.transaction import reading
from hto_track.services.views import (
    CohortStandings,
    CohortSummary,
    MemberStanding,
    ParticipantStanding,
    WarningInForce,
)

KEPT_COHORTS = 64
_kept: Kept[CohortStandings] = Kept(KEPT_COHORTS)


def cohort_standings(actor: Actor, cohort_code: str, on: date) -> CohortStandings:
    """Everyone of a cohort on a date; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.VIEW_COHORT, subject_of(ground.cohort))
    standings = kept_standings(session, ground, on)
    note_reading(actor, Seen.COHORT, cohort_id=ground.cohort.id)
    return standings


def cohorts_overview(actor: Actor, on: date) -> tuple[CohortStandings, ...]:
    """Every cohort that the actor may view, latest start first."""
    require_anywhere(actor, Action.VIEW_COHORT)
    session = reading()
    cohorts = cohorts_in_reach(session, actor, Action.VIEW_COHORT)
    grounds = facts.cohort_grounds(session, cohorts)
    in_order_of_code = (grounds[cohort_id] for cohort_id in cohorts)
    latest_first = sorted(in_order_of_code, key=lambda ground: ground.cohort.start_on, reverse=True)
    overview = kept_standings_of(session, latest_first, on)
    note_cohorts(actor, Seen.COHORT, tuple(cohorts))
    return overview


def own_standing(actor: Actor, on: date) -> ParticipantStanding:
    """The participant's own standing, of the latest cohort they are in; NotFound for who takes part in none."""
    return _participant_standing(reading(), actor, own_enrolment(actor), on)


def participant_standing(actor: Actor, participant_code: str, on: date) -> ParticipantStanding:
    """One participant on a date; NotFound or Forbidden as the policy says."""
    return _participant_standing(reading(), actor, participant_code, on)


def _participant_standing(session: Session, actor: Actor, participant_code: str, on: date) -> ParticipantStanding:
    ground = facts.ground_of_participant(session, participant_code)
    known = facts.facts_of_participant(session, ground, participant_code)
    if not known.members:
        raise NotFound(f"There is no participant {participant_code}")
    person = known.members[0]
    require(actor, Action.VIEW_PARTICIPANT, subject_of(ground.cohort, participant_id=person.member.id))
    warnings = open_warnings.by_participant(session, [person.member.id], on)
    appointment = appointments_of(session, [person.member.id]).get(person.member.id)
    expectation, verdict = told_and_said(session, person.member.id)
    note_reading(actor, Seen.TRAJECT, participant_id=person.member.id)
    return ParticipantStanding(
        cohort=ground.cohort,
        plan=known.plan,
        on=on,
        member=_member_standing(person, warnings.get(person.member.id, ()), on),
        placements=person.placements,
        appointment=appointment,
        own_plan=kept_plan(session, person.member.id),
        expectation=expectation,
        verdict=verdict,
    )


def cohorts_in_reach(session: Session, actor: Actor, action: Action) -> dict[int, str]:
    """The codes of the cohorts with which ``actor`` may do ``action``, by id, in order of code."""
    query = select(Cohort.id, Cohort.code, Cohort.programme_id, Programme.college).join(
        Programme, Programme.id == Cohort.programme_id
    )
    return {
        row.id: row.code
        for row in sorted(session.execute(query), key=lambda row: row.code)
        if may(actor, action, Subject(cohort_id=row.id, college=row.college, programme_id=row.programme_id))
    }


def subject_of(
    cohort: CohortSummary, *, participant_id: int | None = None, supervisors: frozenset[str] = frozenset()
) -> Subject:
    """What the policy asks about a cohort or one of its people."""
    return Subject(
        cohort_id=cohort.id,
        participant_id=participant_id,
        college=cohort.college,
        programme_id=cohort.programme_id,
        supervisors=supervisors,
    )


def kept_standings(session: Session, ground: CohortGround, on: date) -> CohortStandings:
    """Everyone of a cohort on a date, for use cases that have asked the policy; kept as long as nothing is written."""
    return kept_standings_of(session, [ground], on)[0]


def kept_standings_of(session: Session, grounds: Sequence[CohortGround], on: date) -> tuple[CohortStandings, ...]:
    """The same of several cohorts, in their order: those that are not kept in as many queries as for one."""
    url = session.get_bind().engine.url
    found = {ground.cohort.id: _kept.find(ground.revision, (url, ground.cohort.id, on)) for ground in grounds}
    new = [ground for ground in grounds if found[ground.cohort.id] is None]
    known = facts.facts_of_cohorts(session, new) if new else []
    people = [person.member.id for cohort in known for person in cohort.members]
    warnings = open_warnings.by_participant(session, people, on) if known else {}
    for cohort in known:
        standings, ground = _standings(cohort, warnings, on), cohort.ground
        _kept.keep(ground.revision, (url, ground.cohort.id, on), standings)
        found[ground.cohort.id] = standings
    return tuple(standings for standings in found.values() if standings is not None)


def _standings(known: CohortFacts, warnings: Mapping[int, tuple[WarningInForce, ...]], on: date) -> CohortStandings:
    return CohortStandings(
        cohort=known.ground.cohort,
        plan=known.plan,
        on=on,
        revision=known.ground.revision,
        members=tuple(_member_standing(person, warnings.get(person.member.id, ()), on) for person in known.members),
    )


def _member_standing(person: MemberFacts, warnings: tuple[WarningInForce, ...], on: date) -> MemberStanding:
    standing = judge(person.facts, on)
    warnings = open_warnings.with_figures_of_today(warnings, alarms(person.facts, standing))
    counted = (board.StandingWarning(level=warning.level, snoozed_until=warning.snoozed_until) for warning in warnings)
    return MemberStanding(
        member=person.member,
        facts=person.facts,
        standing=standing,
        warnings=warnings,
        attention=board.attention(counted, standing.requirements.state, on),
        diploma=person.diploma_on(on),
        not_in_yet=person.not_in_yet,
        asks=person.asks,
    )
