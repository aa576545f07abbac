"""How many hours the coming weeks will really take: of one participant, and of everyone in a cohort."""

from dataclasses import dataclass

from hto_track.kept import Kept
from hto_track.rules.experience import Experience
from hto_track.rules.forecast import CrowdedWeek, Forecast, crowded_weeks, forecast
from hto_track.services.experience import programme_experience
from hto_track.services.policy import Action, Actor, require
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, revision
from hto_track.services.views import CohortStandings, ParticipantStanding

WEEKS_OF_COHORT = 8
KEPT_COHORTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortForecast:
    """The coming weeks of a cohort: how many people lie above their room, by the plan and by the forecast.

    ``people`` are those who have weeks ahead, ``learned_from`` how many of the programme had a log to learn from.
    """

    weeks: tuple[CrowdedWeek, ...]
    people: int
    learned_from: int


_kept: Kept[CohortForecast] = Kept(KEPT_COHORTS)


def participant_forecast(actor: Actor, standing: ParticipantStanding, weeks: int | None = None) -> Forecast:
    """The coming ``weeks`` (all of them without) of the participant of ``standing``; Forbidden as for their standing."""
    person = standing.member
    require(actor, Action.VIEW_PARTICIPANT, subject_of(standing.cohort, participant_id=person.member.id))
    session = reading()
    experience = programme_experience(session, standing.cohort.programme_id, revision(), standing.on)
    return forecast(person.facts, person.standing, experience, weeks)


def cohort_forecast(actor: Actor, standings: CohortStandings) -> CohortForecast:
    """The coming eight weeks of everyone of ``standings`` together; kept as long as nothing is written."""
    require(actor, Action.VIEW_COHORT, subject_of(standings.cohort))
    session = reading()
    key = (session.get_bind().engine.url, standings.cohort.id, standings.on)

    def make() -> CohortForecast:
        experience = programme_experience(session, standings.cohort.programme_id, standings.revision, standings.on)
        return _of_cohort(standings, experience)

    return _kept.under(standings.revision, key, make)


def _of_cohort(standings: CohortStandings, experience: Experience) -> CohortForecast:
    ahead = [
        (member.standing.load, forecast(member.facts, member.standing, experience, WEEKS_OF_COHORT))
        for member in standings.members
    ]
    return CohortForecast(
        weeks=crowded_weeks(ahead),
        people=sum(bool(one.weeks) for _load, one in ahead),
        learned_from=experience.people,
    )
