"""Handing in on the page: what is refused is said there in words, and a file is only ever taken home."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.assignments import HandIn
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignments import Assessment, assess_attempt
from hto_track.services.hand_ins import hand_in_file
from hto_track.web.headers import ALWAYS
from tests.cast import Cast
from tests.conftest import TODAY
from tests.files import EXE, pdf
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

PAGE = "/opdrachten/A1"
LINK = "https://docs.example.org/les?x=1&y=2"


def send(client: FlaskClient, follow: bool = False, **typed: Any) -> TestResponse:
    """Send the form of the page as a browser does."""
    page = client.get(PAGE)
    (form,) = (form for form in forms_of(page) if form.action == PAGE)
    values = form.values | typed
    return client.post(PAGE, data=values, content_type="multipart/form-data", follow_redirects=follow)


def a_file(name: str = "les.pdf", content: bytes | None = None) -> tuple[BytesIO, str]:
    return BytesIO(pdf() if content is None else content), name


def handed_in() -> list[str | None]:
    db.session.rollback()
    return [row.file_name or row.link for row in db.session.scalars(select(HandIn).order_by(HandIn.id))]


def test_a_file_is_handed_in_and_can_be_undone(cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    page = send(bram, follow=True, file=a_file("lés.pdf"))
    assert page.status_code == 200
    assert "Ingeleverd." in page.text and "lés.pdf" in page.text
    assert handed_in() == ["lés.pdf"]
    (undo,) = (form for form in forms_of(page) if "/terug/" in form.action)
    page = bram.post(undo.action, data=undo.values, follow_redirects=True)
    assert "niet ingeleverd" in page.text
    assert handed_in() == []


def test_a_link_is_handed_in_and_shown_by_where_it_leads(cast: Cast, sign_in: SignIn) -> None:
    page = send(sign_in(cast.bram), follow=True, link=LINK)
    assert 'href="https://docs.example.org/les?x=1&amp;y=2" rel="noopener noreferrer nofollow"' in page.text
    assert "<b>docs.example.org</b>" in page.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Kies een bestand, of vul een link in."),
        ({"file": ("les.pdf", b"")}, "Dit bestand is leeg: 0 bytes."),
        ({"file": ("les.pdf", EXE)}, "De naam eindigt op .pdf, maar dit bestand is iets anders"),
        ({"file": ("../les.pdf", pdf())}, "In de naam van een bestand mag geen / of \\ staan."),
        ({"file": ("les.exe", EXE)}, "Dit soort bestand kun je niet inleveren."),
        ({"link": "javascript:alert(1)"}, "Vul een link in die begint met https://"),
        ({"link": LINK, "file": ("les.pdf", pdf())}, "niet allebei tegelijk"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_the_earlier_stays(
    cast: Cast, sign_in: SignIn, typed: dict[str, Any], says: str
) -> None:
    bram = sign_in(cast.bram)
    send(bram, file=a_file("eerder.pdf"))
    filled_in = {
        name: a_file(value[0], value[1]) if isinstance(value, tuple) else value for name, value in typed.items()
    }
    page = send(bram, **filled_in)
    assert page.status_code == 422
    assert page.text.count(says) >= 2, "in the summary and at the field"
    assert "<title>Fout: A1 Een les ontwerpen" in page.text
    assert "eerder.pdf" in page.text
    assert handed_in() == ["eerder.pdf"]


def test_a_link_that_is_refused_stays_in_its_field(cast: Cast, sign_in: SignIn) -> None:
    page = send(sign_in(cast.bram), link="www.example.org")
    assert 'value="www.example.org"' in page.text
    assert '<details class="data" open>' in page.text


def test_a_file_is_taken_home_and_never_shown(cast: Cast, sign_in: SignIn) -> None:
    name = 'les"; filename=evil.html; x="é.pdf'
    number = hand_in_file(cast.bram, cast.participant, "A1", name, pdf(), TODAY).id
    answer = sign_in(cast.chaima).get(f"/werk/{number}")
    assert (answer.status_code, answer.data) == (200, pdf())
    assert answer.headers["Content-Type"] == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert "filename*=UTF-8''les%22%3B%20filename%3Devil.html" in disposition
    assert answer.headers["X-Content-Type-Options"] == ALWAYS["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_text_is_taken_home_as_it_is(cast: Cast, sign_in: SignIn) -> None:
    content = "<script>alert(1)</script>".encode("utf-16")
    number = hand_in_file(cast.bram, cast.participant, "A1", "les.txt", content, TODAY).id
    answer = sign_in(cast.bram).get(f"/werk/{number}")
    assert answer.data == content
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_people_write_is_text_and_no_page(cast: Cast, sign_in: SignIn) -> None:
    hand_in_file(cast.bram, cast.participant, "A1", "<img src=x>.pdf", pdf(), TODAY)
    submit(
        sign_in(cast.chaima),
        "/groepen/C-1/opdrachten/A1/verwacht",
        form="/verwacht",
        criteria="Een <b>doel</b>\n\nen meer",
    )
    page = sign_in(cast.bram).get(PAGE)
    assert "&lt;img src=x&gt;.pdf" in page.text
    assert "Een &lt;b&gt;doel&lt;/b&gt;\n\nen meer" in page.text


def test_the_page_is_usable_from_nothing(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.bram).get(PAGE)
    assert "Je docent heeft dit nog niet ingevuld." in page.text
    assert "Uiterlijk 3 juli · over 19 dagen" in page.text


def test_what_is_assessed_shows_the_feedback_and_takes_nothing_more(cast: Cast, sign_in: SignIn) -> None:
    hand_in_file(cast.bram, cast.participant, "A1", "les.pdf", pdf(), TODAY)
    passed = Assessment(
        attempt=1, outcome=AttemptOutcome.PASSED, assessed_on=TODAY, feedback="Mooi gedaan.\nGa zo door."
    )
    assess_attempt(cast.chaima, cast.participant, "A1", passed, TODAY)
    page = sign_in(cast.bram).get(PAGE)
    assert "Mooi gedaan.\nGa zo door." in page.text
    assert not [form for form in forms_of(page) if form.action == PAGE]


def test_the_list_shows_what_to_do_first_and_leads_to_each(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.bram).get("/opdrachten")
    assert 'href="/opdrachten/A1"' in page.text
    assert "0 van 1 klaar" in page.text
    assert page.text.index("<h2>Nu</h2>") < page.text.index("Leeruitkomsten: 0 van 1 klaar")


def test_who_guides_gives_an_extension_within_three_clicks(cast: Cast, sign_in: SignIn) -> None:
    anja = sign_in(cast.anja)
    page = anja.get("/deelnemers/C1-01")
    assert 'href="/deelnemers/C1-01/opdrachten"' in page.text  # the first click
    page = anja.get("/deelnemers/C1-01/opdrachten")
    path = "/deelnemers/C1-01/opdrachten/A1/uitstel"
    assert f'href="{path}"' in page.text  # the second
    page = submit(anja, path, form="/uitstel", reason="Ziek geweest", follow=True)  # the third
    assert "Bram heeft tot 17 jul 2026 voor A1" in page.text
    assert "Met uitstel; voor de groep is het 3 juli." in page.text
    assert "Je hebt uitstel: Ziek geweest. Voor de groep is het 3 juli." in sign_in(cast.bram).get(PAGE).text
    page = submit(anja, path, form="weg", follow=True)
    assert "Het uitstel is ingetrokken" in page.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"due_on": "gauw", "reason": "Ziek"}, "Vul een datum in zoals 17-11-2026"),
        ({"due_on": "1-7", "reason": "Ziek"}, "Zonder uitstel is de inleverdatum 3 jul 2026"),
        ({"due_on": "17-7", "reason": ""}, "Zeg in een paar woorden waarom er uitstel is."),
    ],
)
def test_an_extension_that_makes_no_sense_is_said_at_its_field(
    cast: Cast, sign_in: SignIn, typed: dict[str, str], says: str
) -> None:
    page = submit(sign_in(cast.anja), "/deelnemers/C1-01/opdrachten/A1/uitstel", form="/uitstel", **typed)
    assert page.status_code == 422
    assert page.text.count(says) == 2
    assert f'value="{typed["due_on"]}"' in page.text


def test_an_extension_leads_back_to_where_it_was_asked_for_and_nowhere_else(cast: Cast, sign_in: SignIn) -> None:
    anja, path = sign_in(cast.anja), "/deelnemers/C1-01/opdrachten/A1/uitstel"
    answer = submit(anja, f"{path}?next=/groepen/C-1", form="/uitstel", reason="Ziek")
    assert answer.headers["Location"] == "/groepen/C-1"
    answer = submit(anja, f"{path}?next=//elders.example.org", form="/uitstel", reason="Nog zieker")
    assert answer.headers["Location"] == "/"


def test_the_second_of_two_teachers_sees_both_texts(cast: Cast, sign_in: SignIn) -> None:
    chaima, path = sign_in(cast.chaima), "/groepen/C-1/opdrachten/A1/verwacht"
    stale = forms_of(chaima.get(path))
    (form,) = (form for form in stale if form.action == path)
    submit(chaima, path, form="/verwacht", criteria="Van de eerste.")
    page = chaima.post(path, data=form.values | {"criteria": "Van de tweede."})
    assert page.status_code == 422
    assert "Van de eerste." in page.text and ">Van de tweede.</textarea>" in page.text
    (again,) = (form for form in forms_of(page) if form.action == path)
    assert chaima.post(path, data=again.values).status_code == 302
    assert "Van de tweede." in sign_in(cast.bram).get(PAGE).text
