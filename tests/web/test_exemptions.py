"""Route files in the browser, on the demo: ZH04-01 has a granted module of term 2 and one of term 1."""

from flask import Flask
from flask.testing import FlaskClient

from hto_track.services.accounts import actor_by_email
from hto_track.web.access import TOKEN
from tests.sign_in import begin_session


def client_of(app: Flask, email: str) -> FlaskClient:
    actor = actor_by_email(email)
    assert actor is not None
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = begin_session(actor.user_id)
    return client


def test_the_board_of_examiners_lands_on_what_waits_and_opens_a_file(demo_app: Flask) -> None:
    board = client_of(demo_app, "examencommissie@hogeschool.example.org")
    assert board.get("/").location == "/vrijstellingen"
    page = board.get("/vrijstellingen")
    assert "1 aanvraag wacht op je" in page.text
    assert "/deelnemers/ZH04-06/vrijstellingen" in page.text
    file = board.get("/deelnemers/ZH04-01/vrijstellingen")
    assert "20 van 120 EC" in file.text.replace("\u00a0", " ")
    assert "4 van 4" in file.text


def test_a_participant_opens_their_own_file_and_no_other(demo_app: Flask) -> None:
    participant = client_of(demo_app, "deelnemer03.zh05@example.org")
    assert participant.get("/deelnemers/ZH05-03/vrijstellingen").status_code == 200
    assert participant.get("/deelnemers/ZH04-01/vrijstellingen").status_code == 404
    assert participant.get("/vrijstellingen").status_code == 403
    assert "/deelnemers/ZH05-03/vrijstellingen" in participant.get("/mijn-traject").text
