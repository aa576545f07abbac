"""The pages of looking back: what is shown, what is too little, and the draft that comes of a click."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.documents.tables import file_tables
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.participants import Participant
from hto_track.services.transaction import reading
from hto_track.web.access import TOKEN
from tests.cast import Cast
from tests.sign_in import begin_session
from tests.web.conftest import Browser, SignIn
from tests.web.forms import submit

PAGE = "/programmas/HTO-ZH/terugblik"

As = Callable[[Role], FlaskClient]


@pytest.fixture
def demo_as(demo_app: Flask) -> As:
    """Somebody of the demo with a role, signed in."""
    demo_app.test_client_class = Browser

    def sign_in(role: Role) -> FlaskClient:
        query = select(User.id).join(Grant, Grant.user_id == User.id).where(Grant.role == role).order_by(User.id)
        token, client = begin_session(reading().scalars(query).first()), demo_app.test_client()
        with client.session_transaction() as session:
            session[TOKEN] = token
        return client

    return sign_in


def test_the_demo_is_looked_back_on_without_a_name(demo_as: As) -> None:
    page = demo_as(Role.OBSERVER).get(PAGE).text
    assert "mensen hielden hun logboek bij" in page and "A10: geschat 24" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert 'name="voorstel"' not in page, "who observes adopts nothing"
    for person in reading().scalars(select(Participant)):
        assert person.code not in page and person.email not in page and person.name not in page


def test_months_have_names_for_one_cohort_and_numbers_for_all(demo_as: As) -> None:
    client = demo_as(Role.OBSERVER)
    assert "Maand 1" in client.get(PAGE).text
    one = client.get(f"{PAGE}?groep=ZH-04").text
    assert "Maart 2025" in one and "Maand 1" not in one
    assert client.get(f"{PAGE}?groep=ZH-99").status_code == 404


def test_there_is_a_way_in_from_figures_the_board_of_a_cohort_that_is_over_and_the_template(demo_as: As) -> None:
    client = demo_as(Role.PROJECT_LEADER)
    assert 'href="/terugblik"' in client.get("/cijfers").text
    assert client.get("/terugblik").location == PAGE
    assert 'href="/groepen/ZH-04/terugblik"' in client.get("/groepen/ZH-04").text
    assert 'href="/groepen/ZH-05/terugblik"' not in client.get("/groepen/ZH-05").text
    assert client.get("/groepen/ZH-04/terugblik").location == f"{PAGE}?groep=ZH-04"
    assert f'href="{PAGE}"' in client.get("/sjablonen/HTO-ZH/1").text


def test_a_click_makes_a_draft_that_says_what_it_changes_and_an_undo_takes_it_away(demo_as: As) -> None:
    client = demo_as(Role.PROJECT_LEADER)
    made = submit(client, PAGE, form="terugblik", follow=True)
    assert "Versie 2 staat klaar als concept" in made.text
    assert "Wat er veranderde sinds versie 1" in made.text and "Opdracht A10: schatting" in made.text
    assert "Er is al een concept" in client.get(PAGE).text
    undone = submit(client, "/sjablonen/HTO-ZH/2", form="weggooien", follow=True)
    assert "Het concept is weggegooid" in undone.text and "/sjablonen/HTO-ZH/2/terug/" in undone.text
    assert client.get("/sjablonen/HTO-ZH/2").status_code == 404


def test_nothing_ticked_is_said_on_the_page_and_nothing_is_made(demo_as: As) -> None:
    client = demo_as(Role.PROJECT_LEADER)
    refused = submit(client, PAGE, form="terugblik", voorstel=[])
    assert refused.status_code == 422 and "Kies minstens één voorstel" in refused.text
    assert client.get("/sjablonen/HTO-ZH/2").status_code == 404


def test_the_tables_can_be_taken_along(demo_as: As) -> None:
    answer = demo_as(Role.OBSERVER).get(f"{PAGE}.xlsx?groep=ZH-04")
    assert "HTO-ZH-ZH-04-terugblik.xlsx" in answer.headers["Content-Disposition"]
    work, months = file_tables("x.xlsx", answer.data).sheets
    assert [work.rows[10][1][at] for at in (0, 2, 4, 6)] == ["A10", "24", "5.25", "15"]
    assert len(months.rows) == 11 and months.rows[1][1][0] == "2025-03-01"


def test_of_two_people_it_says_that_too_little_was_logged(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.ilse).get("/programmas/HTO/terugblik").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "Er is te weinig gelogd" in main and "geeft geen reden" in main
    assert not any(name in main for name in ("Bram", "Noor", "Piet", "C1-0", "@"))
