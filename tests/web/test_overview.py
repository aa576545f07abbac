"""All cohorts at a glance."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hto_track.rules.attention import Attention
from hto_track.services.accounts import actor_by_email
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.standings import cohort_standings
from hto_track.web.access import TOKEN
from tests.cast import Cast
from tests.conftest import TODAY
from tests.sign_in import begin_session
from tests.web.conftest import Browser

SignIn = Callable[[Actor], FlaskClient]


@pytest.fixture
def page(demo_app: Flask) -> str:
    """The overview of the leader of both example cohorts."""
    demo_app.test_client_class = Browser
    actor = actor_by_email("projectleider@example.org")
    assert actor is not None
    client = demo_app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = begin_session(actor.user_id)
    return client.get("/groepen").text


def _card(page: str, code: str) -> str:
    start = page.index(f'aria-labelledby="cohort-{code.lower()}"')
    return page[start : page.index("</article>", start)]


@pytest.mark.parametrize("code", ["ZH-05", "ZH-04"])
def test_a_card_counts_as_the_board_does(page: str, code: str) -> None:
    members = cohort_standings(CONSOLE, code, TODAY).members
    counts = [sum(member.attention is attention for member in members) for attention in Attention]
    card = _card(page, code)
    assert [int(count) for count in re.findall(r"<b>(\d+)</b>", card)] == counts
    assert f"{len(members)} van 20 plaatsen" in card


def test_running_cohorts_come_before_finished_ones(page: str) -> None:
    assert page.index("Groep ZH-05") < page.index("Groep ZH-04")
    assert "Week 14 van 47" in _card(page, "ZH-05")
    assert "Afgelopen" in _card(page, "ZH-04")


def test_the_title_counts_over_the_running_cohorts(page: str) -> None:
    assert "<h1>2 deelnemers hebben nu aandacht nodig</h1>" in page


def test_a_card_leads_to_the_questions_that_wait(page: str) -> None:
    asked = _card(page, "ZH-05")
    assert 'href="/groepen/ZH-05/vragen"' in asked and "2 vragen wachten" in asked
    assert "vragen" not in _card(page, "ZH-04")


def test_the_picture_of_a_cohort_is_in_words_too(page: str) -> None:
    assert 'aria-label="Van 15 deelnemers: 2 nu, 10 in de gaten, 3 op koers"' in page


def test_a_leader_sees_only_their_own_cohorts(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.otto).get("/groepen").text
    assert f"Groep {cast.other_cohort}" in page
    assert f"Groep {cast.cohort}<" not in page
    everything = sign_in(cast.gijs).get("/groepen").text
    assert f"Groep {cast.other_cohort}" in everything and f"Groep {cast.cohort}" in everything
