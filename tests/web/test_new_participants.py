"""The form to add a participant: added, refused at its fields with what was filled in, and on to the invitation."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.web.conftest import SignIn
from tests.web.forms import Form, forms_of

ADDRESS = "/groepen/C-1/deelnemers/nieuw"
KIM = {"given_name": "Kim", "family_name": "Boer", "email": "kim@example.org", "study_hours_per_week": "10,5"}


def form_on(page: TestResponse) -> Form:
    return next(form for form in forms_of(page) if form.action == ADDRESS)


def send(client: FlaskClient, typed: dict[str, str]) -> TestResponse:
    """Fill the form in and send it."""
    return client.post(ADDRESS, data=form_on(client.get(ADDRESS)).values | typed, follow_redirects=True)


def stored() -> dict[str, Participant]:
    db.session.rollback()
    return {row.code: row for row in db.session.scalars(select(Participant))}


def test_somebody_is_added_and_invited_from_there(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.anja)
    assert f'href="{ADDRESS}"' in client.get("/groepen/C-1").text
    form = form_on(client.get(ADDRESS))
    assert (form.values["participant_code"], form.values["start_on"]) == (["C1-03"], ["14-06-2026"])
    page = send(client, KIM)
    assert "Kim Boer is toegevoegd." in page.text
    row = stored()["C1-03"]
    assert (row.study_weekly_minutes, row.travel_minutes) == (630, 0)
    href = page.text.split('<a class="btn" href="')[1].split('"')[0]
    assert parse_qs(urlsplit(href).query) == {"wie": [f"participant-{row.id}"]}
    assert "kim@example.org" in client.get(href).text
    assert form_on(page).values["participant_code"] == ["C1-04"], "the form for the next one"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("start_on", "ooit", "Vul een datum in zoals 17-11-2026"),
        ("study_hours_per_week", "veel", "Vul in hoeveel uur, bijvoorbeeld 2,5"),
        ("travel_minutes", "-5", "Vul in hoeveel minuten, bijvoorbeeld 45"),
        ("family_name", "", "Vul dit in."),
        ("email", "kim", "Vul hier in: een e-mailadres"),
        ("email", "bram@example.org", "Bram de Wit (C1-01) heeft dit adres al in deze groep."),
        ("participant_code", "C2-01", "De code C2-01 is al in gebruik. Kies een andere."),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_kept(
    cast: Cast, sign_in: SignIn, field: str, typed: str, said: str
) -> None:
    page = send(sign_in(cast.anja), KIM | {field: typed})
    assert page.status_code == 422
    assert said in page.text and f'id="e-{field}"' in page.text
    assert form_on(page).values[field] == [typed]
    assert len(stored()) == 3


def test_a_full_cohort_says_so_and_takes_one_more(cast: Cast, sign_in: SignIn) -> None:
    with writing() as session:
        cohort = session.get_one(Cohort, cast.cohort_id)
        cohort.min_participants, cohort.max_participants = 1, 2
    client = sign_in(cast.anja)
    assert "2 van de 2 plaatsen zijn bezet." in client.get(ADDRESS).text
    send(client, KIM)
    assert "C1-03" in stored()


def test_who_may_not_add_finds_no_way_there(cast: Cast, sign_in: SignIn) -> None:
    assert "deelnemers/nieuw" not in sign_in(cast.chaima).get("/groepen/C-1").text
