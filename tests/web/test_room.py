"""Ruimte, on pages: looked at before it is saved, saved with a way back, said at its field when it makes no sense."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.load import LoadExpectation, LoadVerdict
from hto_track.models.participants import Participant
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.room import Room, agree_on_room, give_room
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, send_by_hand, submit

TRIED = "/ruimte?werk=36&ruimte=3&vrij=0&reis=30"


def stored() -> tuple[int, int, int | None, int]:
    db.session.rollback()
    row = db.session.scalars(select(Participant).where(Participant.code == "C1-01")).one()
    return row.job_weekly_minutes, row.release_weekly_minutes, row.study_weekly_minutes, row.travel_minutes


def test_one_sees_what_it_means_before_it_is_saved(cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    text = bram.get(TRIED).text
    assert re.search(r"Weken boven de ruimte vanaf nu: \d+ → [1-9]", text)
    assert "Opslaan: 3\u00a0uur voor de studie" in text
    assert "Opslaan" not in bram.get("/ruimte").text
    assert stored() == (2160, 0, None, 30)


def test_it_is_saved_and_undone(cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    saved = submit(bram, TRIED, form="/ruimte", follow=True)
    assert "Opgeslagen: 3\u00a0uur per week voor de studie. Wat er te verwachten is, is erbij bewaard." in saved.text
    assert stored() == (2160, 0, 180, 30)
    way_back = re.search(r'action="(/ruimte/terug/[^"]+)"', saved.text)
    assert way_back is not None
    undone = send_by_hand(bram, way_back[1], follow=True)
    assert "De ruimte is weer zoals die was." in undone.text
    assert stored() == (2160, 0, None, 30)
    assert db.session.scalars(select(LoadExpectation)).all() == []


def test_a_leader_does_it_at_the_intake(cast: Cast, sign_in: SignIn) -> None:
    anja = sign_in(cast.anja)
    page = anja.get("/deelnemers/C1-01").text
    assert 'href="/deelnemers/C1-01/ruimte"' in page
    saved = submit(
        anja, "/deelnemers/C1-01/ruimte?werk=36&ruimte=9&vrij=4&reis=30", form="/deelnemers/C1-01/ruimte", follow=True
    )
    assert "Ruimte van Bram de Wit" in saved.text and stored() == (2160, 240, 540, 30)


def test_what_was_agreed_on_is_kept_with_one_button(cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    kept = submit(bram, "/ruimte", form="/ruimte/afgesproken", follow=True)
    assert "Bewaard zoals afgesproken bij de intake." in kept.text
    assert "Dit is afgesproken bij de intake" not in kept.text


@pytest.mark.parametrize(
    ("field", "typed"), [("ruimte", "veel"), ("ruimte", ""), ("werk", "100"), ("vrij", "37"), ("reis", "x")]
)
def test_what_makes_no_sense_is_said_at_its_field_and_nothing_is_stored(
    cast: Cast, sign_in: SignIn, field: str, typed: str
) -> None:
    bram = sign_in(cast.bram)
    refused = submit(bram, TRIED, form="/ruimte", **{field: typed})
    assert refused.status_code == 422
    assert f'id="e-{field}"' in refused.text and "<title>Fout: " in refused.text
    assert stored() == (2160, 0, None, 30)
    shown = bram.get("/ruimte", query_string={"werk": "36", "ruimte": "3", "vrij": "0", "reis": "30", field: typed})
    assert f'id="e-{field}"' in shown.text


def test_the_second_of_two_sees_both_and_chooses(cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    give = Room(job=2160, release=0, study=660, travel=30)
    give_room(cast.anja, "C1-01", give, "2160/0/None/30", TODAY)
    values = {"werk": "36", "ruimte": "3", "vrij": "0", "reis": "30", "seen": "2160/0/None/30"}
    refused = send_by_hand(bram, "/ruimte", **values)
    assert refused.status_code == 422
    assert "Iemand veranderde dit intussen ook." in refused.text
    assert "11\u00a0uur" in refused.text and "Opslaan: 3\u00a0uur" in refused.text
    assert 'name="seen" value="2160/0/660/30"' in refused.text
    assert stored() == (2160, 0, 660, 30)


def test_what_somebody_saved_while_one_was_looking_is_not_lost(cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    (looking,) = [form for form in forms_of(bram.get("/ruimte")) if "ruimte" in form.values]
    give_room(cast.anja, "C1-01", Room(job=2160, release=240, study=720, travel=30), "2160/0/None/30", TODAY)
    tried = "/ruimte?" + urlencode(looking.values | {"ruimte": ["9"]}, doseq=True)
    refused = submit(bram, tried, form="/ruimte")
    assert refused.status_code == 422 and "Iemand veranderde dit intussen ook." in refused.text
    assert stored() == (2160, 240, 720, 30)
    assert 'name="seen" value="2160/240/720/30"' in refused.text


@pytest.mark.parametrize("path", ["/ruimte", TRIED])
def test_who_withdrew_before_the_first_day_has_a_page_without_weeks(cast: Cast, sign_in: SignIn, path: str) -> None:
    with writing() as session:
        person = session.get_one(Participant, cast.participant_id)
        person.status, person.status_on = EnrolmentStatus.WITHDRAWN, date(2026, 1, 1)
    assert sign_in(cast.bram).get(path).status_code == 200


def test_what_was_expected_stands_beside_what_came_true(cast: Cast, sign_in: SignIn) -> None:
    heading = "Verwacht, en wat het werd"
    assert heading not in sign_in(cast.bram).get("/mijn-traject").text
    agree_on_room(cast.anja, "C1-01", TODAY)
    for actor, path in ((cast.bram, "/mijn-traject"), (cast.anja, "/deelnemers/C1-01")):
        text = sign_in(actor).get(path).text
        assert heading in text and "Verwacht tot deze week" in text


def near_the_end() -> None:
    with writing() as session:
        session.execute(update(Participant).values(end_on=date(2026, 6, 30)))


def test_how_it_was_is_asked_once_and_can_be_changed(cast: Cast, sign_in: SignIn) -> None:
    bram = sign_in(cast.bram)
    assert "Hoe was de belasting?" not in bram.get("/mijn-traject").text
    near_the_end()
    assert "Hoe was de belasting?" in bram.get("/mijn-traject").text
    said = submit(
        bram, "/mijn-traject", form="verdict-form", verdict="heavier", advice="Begin vroeg.", tonen="ja", follow=True
    )
    assert "Dank je." in said.text and "Zwaarder dan verwacht" in said.text
    assert "Hoe was de belasting?" not in said.text
    submit(bram, "/mijn-traject/terugblik", form="verdict-form", verdict="lighter", advice="Toch niet.")
    row = db.session.scalars(select(LoadVerdict)).one()
    assert (row.verdict.value, row.advice, row.may_be_shown) == ("lighter", "Toch niet.", True)
    assert "Lichter dan verwacht" in sign_in(cast.anja).get("/deelnemers/C1-01").text


def test_an_answer_without_a_choice_is_asked_again_with_what_was_written(cast: Cast, sign_in: SignIn) -> None:
    near_the_end()
    refused = submit(sign_in(cast.bram), "/mijn-traject/terugblik", form="verdict-form", advice="Begin vroeg.")
    assert refused.status_code == 422
    assert "Kies een van de drie antwoorden." in refused.text and ">Begin vroeg.</textarea>" in refused.text


def test_an_early_answer_is_not_taken(cast: Cast, sign_in: SignIn) -> None:
    assert clock.today() == TODAY
    refused = send_by_hand(sign_in(cast.bram), "/mijn-traject/terugblik", verdict="heavier")
    assert refused.status_code == 422
    assert db.session.scalars(select(LoadVerdict)).all() == []
