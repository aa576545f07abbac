"""The experience of a programme and the forecasts that rest on it: the same as the rules make of the facts, in few queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask

from hto_track.rules.experience import experience_of, finished_work
from hto_track.rules.forecast import Basis
from hto_track.services import experience as experience_service
from hto_track.services.experience import programme_experience
from hto_track.services.forecasts import cohort_forecast, participant_forecast
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.standings import cohort_standings, participant_standing
from hto_track.services.transaction import reading, revision, writing
from tests.cast import Cast
from tests.conftest import TODAY

Queries = Callable[[], AbstractContextManager[list[str]]]


@pytest.mark.parametrize("on", [TODAY, date(2025, 9, 1), date(2026, 4, 1)])
def test_the_experience_is_what_the_rules_make_of_everybodys_facts(example_app: Flask, on: date) -> None:
    """Both cohorts are of one programme; of the one that had not begun there is nothing."""
    both = [cohort_standings(CONSOLE, code, on) for code in ("ZH-04", "ZH-05")]
    expected = experience_of(
        finished_work(member.facts, member.standing.span) for standings in both for member in standings.members
    )
    assert programme_experience(reading(), both[0].cohort.programme_id, revision(), on) == expected
    assert expected.people > 10


def test_only_the_latest_cohorts_count(example_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experience_service, "COHORTS", 1)
    latest = cohort_standings(CONSOLE, "ZH-05", TODAY)
    known = programme_experience(reading(), latest.cohort.programme_id, revision(), TODAY)
    assert known == experience_of(finished_work(member.facts, member.standing.span) for member in latest.members)


def test_another_programme_has_its_own_experience(example_app: Flask) -> None:
    programme_id = cohort_standings(CONSOLE, "ZH-05", TODAY).cohort.programme_id
    assert programme_experience(reading(), programme_id + 1, revision(), TODAY).people == 0


def test_a_forecast_costs_as_many_queries_for_one_as_for_all(example_app: Flask, count_queries: Queries) -> None:
    one = participant_standing(CONSOLE, "ZH05-01", TODAY)
    everyone = cohort_standings(CONSOLE, "ZH-05", TODAY)
    with count_queries() as queries:
        participant_forecast(CONSOLE, one)
    assert len(queries) == 3  # the revision, and two of experience
    with count_queries() as queries:
        cohort_forecast(CONSOLE, everyone)
    assert queries == []  # the experience is kept as long as nothing is written
    with writing():
        pass
    everyone = cohort_standings(CONSOLE, "ZH-05", TODAY)
    with count_queries() as queries:
        cohort_forecast(CONSOLE, everyone)
        cohort_forecast(CONSOLE, everyone)
    assert len(queries) == 2


def test_the_cohort_is_its_people_counted(example_app: Flask) -> None:
    everyone = cohort_standings(CONSOLE, "ZH-05", TODAY)
    found = cohort_forecast(CONSOLE, everyone)
    assert [week.monday for week in found.weeks] == [date(2026, 6, 15) + timedelta(weeks=at) for at in range(8)]
    first = [
        participant_forecast(CONSOLE, participant_standing(CONSOLE, member.member.code, TODAY)).weeks[0]
        for member in everyone.members
    ]
    rooms = [member.standing.load.capacity for member in everyone.members]
    assert found.weeks[0].likely == sum(week.likely > room for week, room in zip(first, rooms, strict=True))
    assert found.weeks[0].planned == sum(week.plan > room for week, room in zip(first, rooms, strict=True))
    assert found.people == len(everyone.members)


def test_a_cohort_that_ended_has_nothing_ahead(example_app: Flask) -> None:
    found = cohort_forecast(CONSOLE, cohort_standings(CONSOLE, "ZH-04", TODAY))
    assert (found.weeks, found.people) == ((), 0)


def test_before_anybody_logged_there_is_nothing_to_rest_on(cast: Cast) -> None:
    found = participant_forecast(CONSOLE, participant_standing(CONSOLE, cast.participant, TODAY))
    assert found.factors.basis is Basis.NOTHING


def test_the_forecast_of_somebody_else_is_refused(cast: Cast) -> None:
    standing = participant_standing(CONSOLE, cast.participant, TODAY)
    with pytest.raises(NotFound):
        participant_forecast(cast.dirk, standing)
    with pytest.raises((Forbidden, NotFound)):
        cohort_forecast(cast.bram, cohort_standings(CONSOLE, cast.cohort, TODAY))
