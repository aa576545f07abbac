"""The public page: an answer for two numbers without an account, nothing of anybody, and nothing of a closed cohort."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.services.beforehand import open_cohort, opening_of
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

PAGE = "/past-dit/C-1"
OPENING = "/groepen/C-1/openstellen"


@pytest.fixture
def opened(cast: Cast) -> Cast:
    """The cohort is open."""
    open_cohort(cast.anja, cast.cohort, date(2026, 9, 1), None, TODAY)
    return cast


def test_two_numbers_are_answered_without_an_account(opened: Cast, client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?werk=40&ruimte=10")
    assert page.status_code == 200
    assert "Met 40\u00a0uur werk en 10\u00a0uur voor de studie per week" in page.text
    assert re.search(r"<h2 class=\"answer \w+\".*Past", page.text)
    assert "A1 Een les ontwerpen" in page.text


def test_what_is_left_out_is_as_usual(opened: Cast, client: FlaskClient) -> None:
    text = client.get(PAGE).text
    assert "Met 40\u00a0uur werk en 12\u00a0uur voor de studie per week" in text
    (form,) = [form for form in forms_of(client.get(PAGE)) if form.action == PAGE]
    assert form.values == {
        "werk": ["40"],
        "ruimte": ["12"],
        "dag": ["0", "1", "2", "3", "4"],
        "reis": ["0"],
        "vrij": ["0"],
    }


def test_its_form_leaves_nothing_behind_and_needs_no_script(opened: Cast, client: FlaskClient) -> None:
    (form,) = [form for form in forms_of(client.get(PAGE)) if form.action == PAGE]
    answer = client.get(PAGE, query_string=form.values | {"ruimte": "7,5"})
    assert "7,5\u00a0uur voor de studie" in answer.text
    assert "Set-Cookie" not in answer.headers or "session" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ({"werk": "veel"}, "werk", "Vul in hoeveel uur"),
        ({"ruimte": "-3"}, "ruimte", "Vul in hoeveel uur"),
        ({"ruimte": "90"}, "ruimte", "hooguit 80 uur"),
        ({"werk": "99999999999999999999999"}, "werk", "Vul in hoeveel uur"),
        ({"vrij": "41"}, "vrij", "niet meer uren geven"),
        ({"reis": "ver"}, "reis", "hoeveel minuten"),
        ({"reis": "999"}, "reis", "hooguit 360 minuten"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence_at_its_field(
    opened: Cast, client: FlaskClient, asked: dict[str, str], field: str, says: str
) -> None:
    page = client.get(PAGE, query_string=asked)
    assert page.status_code == 200
    assert "<title>Fout: " in page.text
    assert re.search(rf'id="e-{field}">.*{says}', page.text)
    assert "antwoord-h" not in page.text
    for beside in ("werkgever", "pdf"):
        there = client.get(f"{PAGE}/{beside}", query_string=asked)
        assert there.status_code == 302 and there.location.startswith(f"{PAGE}?")


@pytest.mark.parametrize("beside", ["", "/werkgever", "/pdf"])
@pytest.mark.parametrize("name", ["cohort_code", "endpoint", "_external", "_scheme", "_anchor", "_method", "dag"])
def test_an_address_that_anybody_made_up_gets_an_answer(
    opened: Cast, client: FlaskClient, beside: str, name: str
) -> None:
    answer = client.get(f"{PAGE}{beside}", query_string={name: "https", "werk": "veel"})
    assert answer.status_code == (302 if beside else 200)
    assert not beside or answer.location.startswith(f"{PAGE}?")


def test_nothing_of_anybody_stands_on_it(opened: Cast, client: FlaskClient) -> None:
    with writing() as session:
        cohort = session.scalars(select(Cohort).where(Cohort.code == "C-1")).one()
        assert cohort.leader_email
    for path in (PAGE, f"{PAGE}/werkgever", "/past-dit"):
        text = client.get(path).text
        for word in ("Bram", "Noor", "Wit", "example.org", "Dirk", "Vakcollege", "anja"):
            assert word not in text, (path, word)


@pytest.mark.parametrize("code", ["C-2", "C-99"])
@pytest.mark.parametrize("beside", ["", "/werkgever", "/pdf"])
def test_a_cohort_that_is_not_open_is_politely_not_there(
    opened: Cast, client: FlaskClient, code: str, beside: str
) -> None:
    answer = client.get(f"/past-dit/{code}{beside}")
    assert answer.status_code == 404
    assert "Deze pagina staat niet open" in answer.text and "C-2" not in answer.text.replace(f"/past-dit/{code}", "")


def test_the_list_holds_what_is_open_and_the_page_to_sign_in_leads_there(opened: Cast, client: FlaskClient) -> None:
    text = client.get("/past-dit").text
    assert "· Groep C-1</a>" in text and "Groep C-2" not in text
    assert 'href="/past-dit"' in client.get("/sign-in").text


def test_the_paper_says_the_same(opened: Cast, client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}/pdf?werk=40&ruimte=10")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert "filename=past-dit-C-1.pdf" in answer.headers["Content-Disposition"]
    assert answer.data == client.get(f"{PAGE}/pdf?werk=40&ruimte=10").data
    assert answer.data != client.get(f"{PAGE}/pdf?werk=40&ruimte=11").data


def test_an_employer_reads_what_they_can_do(opened: Cast, client: FlaskClient) -> None:
    text = client.get(f"{PAGE}/werkgever?werk=40&ruimte=3").text
    assert "Geef" in text and "van de werkweek voor de studie" in text
    assert "ongeveer 10 werkdagen af voor de stage" in text
    free = client.get(f"{PAGE}/werkgever?werk=8&ruimte=60&dag=0").text
    assert "werkdagen af voor de stage" not in free and "van de werkweek voor de studie" not in free


def test_the_link_to_share_holds_the_answers_and_nothing_else(opened: Cast, client: FlaskClient) -> None:
    text = client.get(f"{PAGE}?werk=32&ruimte=9&reis=45&wie=bram&dag=0&dag=1").text
    shared = re.search(r'id="f-adres"[^>]*value="([^"]+)"', text)
    assert shared is not None
    assert shared[1] == "http://localhost/past-dit/C-1?werk=32&amp;ruimte=9&amp;reis=45&amp;dag=0&amp;dag=1"


def test_a_participant_takes_the_hours_over(opened: Cast, sign_in: SignIn) -> None:
    page = sign_in(opened.bram).get(f"{PAGE}?werk=32&ruimte=9")
    assert 'href="/ruimte?werk=32&amp;ruimte=9&amp;vrij=0&amp;reis=0"' in page.text
    assert "/ruimte?" not in sign_in(opened.anja).get(PAGE).text


def test_a_leader_opens_and_closes_with_the_address_to_pass_on(
    cast: Cast, sign_in: SignIn, client: FlaskClient
) -> None:
    anja = sign_in(cast.anja)
    opened = submit(anja, OPENING, form="openstellen", open_until="1-9-2026", follow=True)
    assert "Open tot en met 1 sep 2026. Geef het adres door." in opened.text
    assert 'value="http://localhost/past-dit/C-1"' in opened.text
    assert client.get(PAGE).status_code == 200
    closed = submit(anja, OPENING, form="openstellen", sluiten="ja", follow=True)
    assert "Niet open" in closed.text
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize(("typed", "says"), [("straks", "17-11-2026"), ("1-6-2026", "verstreken|voorbij|geweest")])
def test_a_date_that_cannot_be_is_said_at_its_field(cast: Cast, sign_in: SignIn, typed: str, says: str) -> None:
    refused = submit(sign_in(cast.anja), OPENING, form="openstellen", open_until=typed)
    assert refused.status_code == 422
    assert re.search(rf'id="e-open_until">.*({says})', refused.text)
    assert f'value="{typed}"' in refused.text
    db.session.rollback()
    assert opening_of(cast.anja, cast.cohort).open_until is None
