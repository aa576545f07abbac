"""Assessing without script: what waits first, one form a person, refusals at their fields."""

from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import Attempt
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignments import Assessment, assess_attempt, record_submission
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

LIST = "/groepen/C-1/opdrachten/A1"
WORK = f"{LIST}/C1-01"


def attempts() -> list[tuple[int, AttemptOutcome | None, date | None]]:
    """Every attempt."""
    db.session.rollback()
    return [(row.number, row.outcome, row.resit_due_on) for row in db.session.scalars(select(Attempt))]


def test_what_waits_is_on_top_and_counted(cast: Cast, sign_in: SignIn) -> None:
    record_submission(cast.chaima, cast.neighbour, "A1", date(2026, 6, 5), TODAY)
    client = sign_in(cast.chaima)
    assert "1 te beoordelen" in client.get("/groepen/C-1/opdrachten").text
    page = client.get(LIST).text
    assert page.index("Noor Visser") < page.index("Bram de Wit")


def test_a_failed_attempt_gets_its_resit_date(cast: Cast, sign_in: SignIn) -> None:
    answer = submit(sign_in(cast.chaima), WORK, form=WORK, outcome="failed", resit_due_on="10 juli", follow=True)
    assert "De beoordeling is opgeslagen." in answer.text
    assert attempts() == [(1, AttemptOutcome.FAILED, date(2026, 7, 10))]
    assert "herkansing uiterlijk vr 10 juli" in sign_in(cast.chaima).get(WORK).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "exempt"}, "outcome"),
        ({"outcome": "passed", "assessed_on": "morgen"}, "assessed_on"),
        ({"outcome": "passed", "assessed_on": "15-6-2026"}, "assessed_on"),
        ({"outcome": "passed", "resit_due_on": "1-8-2026"}, "resit_due_on"),
        ({"outcome": "passed", "attempt": "9"}, "outcome"),
        ({"outcome": "passed", "attempt": "9" * 5000}, ""),
    ],
)
def test_what_is_not_right_is_said_at_its_field(cast: Cast, sign_in: SignIn, typed: dict[str, str], field: str) -> None:
    answer = submit(sign_in(cast.chaima), WORK, form=WORK, **typed)
    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    if field:
        assert f'id="e-{field}"' in answer.text
    assert attempts() == []


def test_the_second_teacher_sees_what_the_first_decided(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    page = client.get(WORK)
    form = next(form for form in forms_of(page) if form.action == WORK)
    first = Assessment(attempt=1, outcome=AttemptOutcome.PASSED, assessed_on=TODAY)
    assess_attempt(cast.chaima, cast.participant, "A1", first, TODAY)
    answer = client.post(WORK, data=form.values | {"outcome": "failed"})
    assert "Poging 1 is al beoordeeld op zo 14 juni door chaima@example.org: gehaald." in unescape(answer.text)
    assert attempts() == [(1, AttemptOutcome.PASSED, None)]


def test_handing_in_and_exempting_have_forms_of_their_own(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    submit(client, WORK, form="ingeleverd", submitted_on="5-6")
    assert attempts() == [(1, None, None)]
    refused = submit(client, WORK, form="vrijstelling")
    assert 'id="e-reason"' in refused.text
    submit(client, WORK, form="vrijstelling", reason="Eerder behaald")
    assert (0, AttemptOutcome.EXEMPT, None) in attempts()


def test_only_the_college_assesses(cast: Cast, sign_in: SignIn) -> None:
    for who in ("anja", "bram", "dirk", "els", "femke", "otto", "gijs"):
        for path in ("/groepen/C-1/opdrachten", LIST, WORK):
            assert sign_in(getattr(cast, who)).get(path).status_code == 403
    assert sign_in(cast.chaima).get(f"{LIST}/C2-01").status_code == 404


def test_a_key_that_was_used_for_someone_else_assesses_nobody(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(WORK)) if form.action == WORK)
    values = form.values | {"outcome": "passed"}
    assert client.post(WORK, data=values).status_code == 302
    assert client.post(f"{LIST}/C1-02", data=values).status_code == 422
    assert len(attempts()) == 1


@pytest.mark.parametrize("address", ["/bevestigen/terug/{}", "/groepen/C-1/lessen/2/terug/{}"])
def test_a_form_of_another_kind_cannot_be_taken_back(cast: Cast, sign_in: SignIn, address: str) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(WORK)) if form.action == WORK)
    key = form.values["key"][0]
    client.post(WORK, data=form.values | {"outcome": "passed"})
    assert client.post(address.format(key), data={"csrf_token": form.values["csrf_token"]}).status_code == 404
    assert client.get(f"/groepen/C-1/lessen/2?form={key}").status_code == 200
    assert len(attempts()) == 1
