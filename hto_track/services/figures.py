"""The figures of programmes, without names: for who observes them."""

from dataclasses import dataclass
from datetime import date

from hto_track.rules.cohort_figures import CohortFigures, cohort_figures, person_of
from hto_track.services import facts
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.standings import cohorts_in_reach, kept_standings
from hto_track.services.transaction import reading
from hto_track.services.views import CohortStandings


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortInFigures:
    """A cohort by name, and its figures; nobody in it has a name here."""

    name: str
    start_on: date
    end_on: date
    internship_minimum: int
    """In minutes, as the programme asks."""
    figures: CohortFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeInFigures:
    """A programme and those of its cohorts that the reader may know of, latest start first."""

    title: str
    college: str | None
    cohorts: tuple[CohortInFigures, ...]


def programme_figures(actor: Actor, on: date) -> tuple[ProgrammeInFigures, ...]:
    """The figures on a date of every cohort in the actor's reach, by programme in order of title; Forbidden."""
    require_anywhere(actor, Action.VIEW_FIGURES)
    session = reading()
    grounds = facts.cohort_grounds(session, cohorts_in_reach(session, actor, Action.VIEW_FIGURES))
    latest_first = sorted(
        grounds.values(), key=lambda ground: (-ground.cohort.start_on.toordinal(), ground.cohort.code)
    )
    programmes: dict[int, list[facts.CohortGround]] = {}
    for ground in latest_first:
        programmes.setdefault(ground.cohort.programme_id, []).append(ground)
    return tuple(
        ProgrammeInFigures(
            title=own[0].cohort.programme_title,
            college=own[0].cohort.college,
            cohorts=tuple(
                _in_figures(kept_standings(session, ground, on), ground.programme.internship_min) for ground in own
            ),
        )
        for own in sorted(programmes.values(), key=lambda own: own[0].cohort.programme_title)
    )


def _in_figures(standings: CohortStandings, internship_minimum: int) -> CohortInFigures:
    return CohortInFigures(
        name=standings.cohort.name,
        start_on=standings.cohort.start_on,
        end_on=standings.cohort.end_on,
        internship_minimum=internship_minimum,
        figures=cohort_figures(
            person_of(
                member.facts,
                member.standing,
                member.attention,
                (warning.code for warning in member.warnings),
                has_diploma=member.diploma is not None,
            )
            for member in standings.members
        ),
    )
