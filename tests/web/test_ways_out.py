"""Weeks ahead without script: trying by a link, keeping, undoing, laying out internship days, asking and answering."""

from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.assignments import Assignment, Extension
from hto_track.models.load import LoadRequest, PlannedInternshipDay, PlannedMove, RequestState
from hto_track.services import load_request_mails
from hto_track.services.load_requests import Asked, ask
from hto_track.services.transaction import writing
from hto_track.web.pictures.ways_out import step_of, step_text
from hto_track.web.urls import PAGES
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import Form, forms_of

FULL = date(2026, 6, 29)
TRIED = "/vooruit?probeer=eerder.2026-06-29.A1"


@pytest.fixture(autouse=True)
def full_week(cast: Cast) -> Iterator[None]:
    """In the week of 29 June 17 hours are planned, where the room is 12."""
    with writing() as session:
        session.add(
            Assignment(
                cohort_id=cast.cohort_id,
                code="A2",
                title="Een les geven",
                opens_on=FULL,
                due_on=date(2026, 7, 5),
                estimated_minutes=10 * 60,
                mandatory=True,
            )
        )
    yield


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\xa0", " ")


def form_at(page: TestResponse, action: str, **holds: str) -> Form:
    """The form that is sent to an address that begins so, and holds these values."""
    return next(
        form
        for form in forms_of(page)
        if form.method == "post"
        and form.action.startswith(action)
        and all(form.values.get(name) == [value] for name, value in holds.items())
    )


def send(client: FlaskClient, form: Form, follow: bool = True, **typed: str) -> TestResponse:
    return client.post(form.action, data=form.values | typed, follow_redirects=follow)


def test_a_full_week_has_its_ways_out_each_a_link(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.bram), "/vooruit")
    assert "In week 27 zit je 5 uur boven je ruimte" in page
    assert "Doe 3 uur van ‘Een les ontwerpen’ eerder" in page
    assert f'href="{TRIED}"' in page
    assert "Bewaar als mijn plan" not in page


def test_trying_redraws_the_weeks_and_offers_to_save(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.bram), TRIED)
    assert "Week 27 gaat van 17 naar 14 uur." in page
    assert "Volgens het programma" in page
    assert "Bewaar als mijn plan" in page


def test_a_plan_is_saved_and_undone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    page = send(client, form_at(client.get(TRIED), "/vooruit", probeer="eerder.2026-06-29.A1"))
    assert "Je plan is bewaard." in page.text and "Mijn plan" in page.text
    assert db.session.scalars(select(PlannedMove)).all()
    undone = send(client, form_at(page, "/vooruit/terug/"))
    assert "Je plan is weer zoals het was." in undone.text
    assert not db.session.scalars(select(PlannedMove)).all()


def test_what_others_decide_on_can_be_asked_where_it_is_tried(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    tried = client.get("/vooruit?probeer=vrij.2026-06-29")
    assert "boven je ruimte</h2>" not in unescape(tried.text), "the week fits as tried, and stands nowhere else"
    asked = send(client, form_at(tried, "/vooruit/vragen", week="2026-06-29")).text
    assert "Wacht op antwoord" in asked
    again = text_of(client, "/vooruit?probeer=vrij.2026-06-29")
    assert "Aangevraagd, nog geen antwoord." in again and 'name="toelichting"' not in again


def test_the_second_tab_is_asked_and_keeps_what_it_tried(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    one, other = (form_at(client.get(TRIED), "/vooruit", probeer="eerder.2026-06-29.A1") for _tab in range(2))
    send(client, one)
    answer = send(client, other)
    assert answer.status_code == 422
    assert "intussen veranderd" in answer.text and "<title>Fout:" in answer.text
    assert "probeerde, scheelt nu niets meer" in answer.text


def test_the_path_shows_the_plan_and_leads_to_the_ways_out(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    before = text_of(client, "/mijn-traject")
    assert "Zo kom je uit week 27" in before and "Mijn plan" not in before
    send(client, form_at(client.get(TRIED), "/vooruit", probeer="eerder.2026-06-29.A1"))
    assert "Mijn plan" in text_of(client, "/mijn-traject")
    guide = text_of(sign_in(cast.anja), "/deelnemers/C1-01/vooruit")
    assert "Eigen plan" in guide and "Probeer" not in guide


def test_internship_days_are_shown_and_saved(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    answer = client.get("/vooruit/stage?dag=0&meest=8&bezoek=480")
    page = unescape(answer.text).replace("\xa0", " ")
    assert "Er is nog 80 uur stage te plannen." in page and "maandag" in page
    saved = send(client, form_at(answer, "/vooruit/stage")).text
    shown, folded = saved[saved.index("Mijn plan</h2>") :].split("<details", 1)
    assert shown.count("Stage in week") == 5, "of a long plan the first lines are in sight"
    assert folded.partition("</details>")[0].count("Stage in week") == 5 and ">nog 5<" in folded
    days = db.session.scalars(select(PlannedInternshipDay)).all()
    assert sum(day.minutes for day in days) == 80 * 60 and {day.planned_on.weekday() for day in days} == {0}


def test_a_wish_that_cannot_be_is_said_at_its_field(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.bram), "/vooruit/stage?meest=elf&bezoek=240&dag=0")
    assert "Kies een half uur tot 10 uur per dag." in page and 'value="elf"' in page
    assert "Kies minstens één dag van de week." in text_of(sign_in(cast.bram), "/vooruit/stage?meest=8&bezoek=240")


def test_one_asks_and_the_project_leader_answers(cast: Cast, sign_in: SignIn) -> None:
    bram, anja = sign_in(cast.bram), sign_in(cast.anja)
    asking = form_at(bram.get("/vooruit"), "/vooruit/vragen", opdracht="A2")
    page = send(bram, asking, toelichting="Drukte op het werk").text
    assert "Wacht op antwoord" in page and "Aangevraagd, nog geen antwoord." in page
    questions = anja.get("/groepen/C-1/vragen")
    assert "Drukte op het werk" in questions.text and "1 vraag wacht" in questions.text
    answering = form_at(questions, "/groepen/C-1/vragen/")
    refused = send(anja, answering, antwoord="nee")
    assert refused.status_code == 422 and "Zeg in een paar woorden waarom niet" in refused.text
    answered = send(anja, form_at(refused, "/groepen/C-1/vragen/"), antwoord="ja")
    assert "Bram krijgt dit, en over tien minuten een mail." in answered.text
    assert db.session.scalars(select(Extension)).one()
    undone = send(anja, form_at(answered, "/groepen/C-1/vragen/terug/"))
    assert "Je antwoord is teruggenomen." in undone.text
    assert not db.session.scalars(select(Extension)).all()


def test_what_was_asked_is_taken_back(cast: Cast, sign_in: SignIn) -> None:
    ask(cast.bram, cast.participant, Asked(monday=FULL, minutes=60), TODAY)
    client = sign_in(cast.bram)
    send(client, form_at(client.get("/vooruit"), "/vooruit/vragen/"))
    assert db.session.scalars(select(LoadRequest.state)).all() == [RequestState.WITHDRAWN]


def test_links_of_mails_lead_to_pages() -> None:
    rules = {page.rule for page in PAGES}
    assert load_request_mails.AHEAD_PAGE in rules
    assert "/groepen/<cohort_code>/vragen" in rules


@pytest.mark.parametrize("text", ["", "eerder", "eerder.gisteren.A1", "weg.2026-06-29", "eerder.2026-13-01.A1"])
def test_what_no_page_says_is_left_out(text: str, cast: Cast, sign_in: SignIn) -> None:
    assert step_of(text) is None
    assert "Je probeert" not in text_of(sign_in(cast.bram), f"/vooruit?probeer={text}")


def test_a_step_is_read_as_it_is_said() -> None:
    for said in ("eerder.2026-06-29.A1", "uitstel.2026-06-29.A.1", "stage.2026-06-29", "vrij.2026-06-29"):
        step = step_of(said)
        assert step is not None and step_text(step) == said
