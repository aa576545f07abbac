"""The board of a cohort: who stands where and why, filters and orders, and what it costs."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hto_track.rules.attention import Attention
from hto_track.services.accounts import actor_by_email
from hto_track.services.forecasts import cohort_forecast
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.standings import cohort_standings
from hto_track.services.views import CohortStandings
from hto_track.services.warning_texts import headline, titles_of
from hto_track.web.access import TOKEN
from hto_track.web.pictures.board_rows import is_over_room
from tests.cast import Cast
from tests.conftest import TODAY
from tests.sign_in import begin_session
from tests.web.conftest import Browser

SignIn = Callable[[Actor], FlaskClient]
Queries = Callable[[], AbstractContextManager[list[str]]]
MOST_QUERIES = 12


@pytest.fixture
def demo(demo_app: Flask) -> Flask:
    """The demo: the example cohorts with a history of warnings."""
    demo_app.test_client_class = Browser
    return demo_app


@pytest.fixture
def leader(demo: Flask) -> FlaskClient:
    """The project leader of both example cohorts."""
    actor = actor_by_email("projectleider@example.org")
    assert actor is not None
    client = demo.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = begin_session(actor.user_id)
    return client


def _standings(demo: Flask) -> CohortStandings:
    return cohort_standings(CONSOLE, "ZH-05", TODAY)


def _names(page: str) -> list[str]:
    return re.findall(r'class="who" href="[^"]+"><b>([^<]+)</b>', page)


def _of(standings: CohortStandings, attention: Attention) -> set[str]:
    return {member.member.name for member in standings.members if member.attention is attention}


def _unescaped(names: list[str]) -> set[str]:
    return {name.replace("&#39;", "'") for name in names}


def test_everyone_stands_in_the_part_that_the_rules_give(demo: Flask, leader: FlaskClient) -> None:
    page, standings = leader.get("/groepen/ZH-05").text, _standings(demo)
    parts = re.split(r'<tbody role="rowgroup">', page)[1:4]
    shown = [_unescaped(_names(part)) for part in parts]
    assert shown == [_of(standings, attention) for attention in Attention]
    assert len(_names(page)) == len(standings.members) == 15


def test_the_title_counts_who_needs_attention_now(demo: Flask, leader: FlaskClient) -> None:
    page = leader.get("/groepen/ZH-05").text
    now = len(_of(_standings(demo), Attention.NOW))
    words = f"Groep ZH-05: {now} deelnemers hebben nu aandacht nodig"
    assert f"<h1>{words}</h1>" in page
    assert f"<title>{words} – HTO Track</title>" in page


def test_each_counted_warning_is_said_in_words(demo: Flask, leader: FlaskClient) -> None:
    page = leader.get("/groepen/ZH-05").text
    with demo.test_request_context():
        standings = _standings(demo)
        titles = titles_of(standings.plan.assignments)
        for member in standings.members:
            if len(member.warnings) in (1, 2):
                for warning in member.warnings:
                    assert f"<li>{headline(warning, titles)}</li>" in page


@pytest.mark.parametrize(
    ("show", "who"),
    [
        ("now", lambda member: member.attention is Attention.NOW),
        ("soon", lambda member: member.attention is Attention.SOON),
        ("over", lambda member: is_over_room(member, TODAY)),
        ("waiting", lambda member: member.standing.internship.awaiting > 0),
        ("all", lambda member: True),
        ("nonsense", lambda member: True),
    ],
)
def test_a_filter_shows_whom_its_number_counts(
    demo: Flask, leader: FlaskClient, show: str, who: Callable[[object], bool]
) -> None:
    page = leader.get(f"/groepen/ZH-05?show={show}").text
    expected = {member.member.name for member in _standings(demo).members if who(member)}
    assert _unescaped(_names(page)) == expected
    if show not in ("waiting", "nonsense"):
        stat = re.search(rf'id="stat-{show}"[^>]*aria-current="true"><b>(\d+)</b>', page)
        assert stat is not None
        assert int(stat[1]) == len(expected)


def test_the_board_can_be_ordered_by_name(demo: Flask, leader: FlaskClient) -> None:
    page = leader.get("/groepen/ZH-05?sort=name").text
    for part in re.split(r'<tbody role="rowgroup">', page)[1:4]:
        names = [name.replace("&#39;", "'").casefold() for name in _names(part)]
        assert names == sorted(names)
    assert page.count('aria-sort="ascending"') == 1


def test_the_lowest_attendance_comes_first_when_ordered_by_it(demo: Flask, leader: FlaskClient) -> None:
    page = leader.get("/groepen/ZH-05?sort=attendance").text
    rates = {member.member.name: member.standing.attendance.rate for member in _standings(demo).members}
    for part in re.split(r'<tbody role="rowgroup">', page)[1:4]:
        shown = [rates[name.replace("&#39;", "'")] for name in _names(part)]
        assert shown == sorted(shown, key=lambda rate: (rate is None, rate))


def test_both_languages_say_the_same(demo: Flask, leader: FlaskClient) -> None:
    dutch = leader.get("/groepen/ZH-05").text
    leader.set_cookie("language", "en")
    english = leader.get("/groepen/ZH-05").text
    assert _names(dutch) == _names(english)
    assert "Nu aandacht nodig" in dutch and "Needs attention now" in english
    assert "Nu aandacht nodig" not in english


def test_every_chart_has_its_words_and_a_table(demo: Flask, leader: FlaskClient) -> None:
    page = leader.get("/groepen/ZH-05").text
    assert page.count('class="spark" role="img" aria-label="Uren per week') == 15
    table = page[page.index('<table class="mini">') : page.index('id="prognose"')]
    assert table.count('<th scope="row">') == 15


def test_a_board_costs_a_constant_number_of_queries(demo: Flask, leader: FlaskClient, count_queries: Queries) -> None:
    leader.get("/groepen/ZH-05")  # what is kept of other boards plays no part: ZH-04 is asked for the first time
    with count_queries() as queries:
        leader.get("/groepen/ZH-04")
    noted = [query for query in queries if "INSERT INTO readings" in query]
    assert len(noted) == 1  # who looks is noted once an hour
    assert len(queries) - len(noted) <= MOST_QUERIES
    with count_queries() as queries:
        leader.get("/groepen/ZH-04")
    assert not any("readings" in query for query in queries)


def test_a_board_leads_to_the_questions_that_wait(demo: Flask, leader: FlaskClient) -> None:
    page = leader.get("/groepen/ZH-05").text
    assert re.search(r'<a class="tlink" href="/groepen/ZH-05/vragen">.*2 vragen wachten</a>', page)
    assert "<h1>2 vragen wachten</h1>" in leader.get("/groepen/ZH-05/vragen").text
    assert "vragen wachten" not in leader.get("/groepen/ZH-04").text


def test_a_cohort_without_people_is_a_page_too(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.anja).get(f"/groepen/{cast.cohort}?show=now")
    assert page.status_code == 200
    assert "0 deelnemers getoond" in page.text
    assert "niemand heeft nu aandacht nodig" in page.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("anja", 200), ("chaima", 200), ("gijs", 200), ("otto", 404), ("bram", 403), ("dirk", 403), ("femke", 403)],
)
def test_a_board_is_for_who_guides_the_cohort(cast: Cast, sign_in: SignIn, name: str, status: int) -> None:
    assert sign_in(getattr(cast, name)).get(f"/groepen/{cast.cohort}").status_code == status


def test_a_cohort_that_is_not_there_is_a_page_that_does_not_exist(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.anja).get("/groepen/NO-00")
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet (meer)" in answer.text


def test_a_board_links_to_where_the_site_begins_for_its_reader(leader: FlaskClient) -> None:
    there = leader.get("/groepen/ZH-05", environ_overrides={"SCRIPT_NAME": "/hto"}).text
    assert 'href="/hto/deelnemers/ZH05-01"' in there
    here = leader.get("/groepen/ZH-05").text
    assert 'href="/deelnemers/ZH05-01"' in here


def test_a_cohort_shows_how_many_are_likely_above_their_room_beside_the_plan(demo: Flask, leader: FlaskClient) -> None:
    assert 'hx-get="/groepen/ZH-05/prognose"' in leader.get("/groepen/ZH-05").text
    page = leader.get("/groepen/ZH-05/prognose").text
    found = cohort_forecast(CONSOLE, _standings(demo))
    part = page[page.index("Komende weken: hoeveel deelnemers boven hun ruimte") :]
    rows = re.findall(r'<th scope="row">[^<]*<span class="dates">[^<]*</span></th><td>(\d+)</td><td>(\d+)</td>', part)
    assert [(int(planned), int(likely)) for planned, likely in rows] == [
        (week.planned, week.likely) for week in found.weeks
    ]
    assert "naar wat 32 deelnemers van dit traject logden" in part


def test_a_cohort_that_is_over_has_no_weeks_ahead(leader: FlaskClient) -> None:
    assert "prognose" not in leader.get("/groepen/ZH-04").text
    assert "Niemand van deze groep heeft nog weken voor zich" in leader.get("/groepen/ZH-04/prognose").text
