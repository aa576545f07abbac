"""Closing interviews without script: an evening planned after a look at it, moved, cancelled, recorded, and told of."""

from datetime import date, time

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.diploma import FinalAssessment, PlannedFinalAssessment
from hto_track.services.final_assessments import InterviewPlan, plan_interviews
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

LIST = "/groepen/C-1/eindgesprekken"
BRAM = f"{LIST}/C1-01"
EVENING = {"planned_on": "30 juni", "starts_at": "18.30", "minutes": "45", "location": "B2.04", "assessors": "Chaima"}


def planned() -> list[tuple[date, time]]:
    db.session.rollback()
    rows = db.session.scalars(select(PlannedFinalAssessment).order_by(PlannedFinalAssessment.starts_at))
    return [(row.planned_on, row.starts_at) for row in rows]


def plan(cast: Cast, on: date = date(2026, 6, 30)) -> None:
    evening = InterviewPlan(
        planned_on=on, starts_at=time(18, 30), minutes=45, location="B2.04", assessors="Chaima, Tom"
    )
    plan_interviews(cast.chaima, cast.cohort, evening, ["C1-01"], TODAY)


def test_an_evening_is_looked_at_before_it_is_planned(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.hanna)
    page = client.get(f"{LIST}/plannen", query_string=EVENING | {"wie": ["C1-01", "C1-02"]})
    assert "18.30–19.15" in page.text
    assert "2 deelnemers krijgen elk een mail" in page.text
    assert planned() == []
    form = next(form for form in forms_of(page) if form.action.endswith("/plannen"))
    done = client.post(form.action, data=form.values, follow_redirects=True)
    assert "2 gesprekken zijn gepland." in done.text
    assert planned() == [(date(2026, 6, 30), time(18, 30)), (date(2026, 6, 30), time(19, 15))]
    again = client.post(form.action, data=form.values, follow_redirects=True)
    assert "2 gesprekken zijn gepland." in again.text
    assert len(planned()) == 2


def test_who_can_be_ticked_is_in_sight_while_nobody_is_ready(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.chaima).get(LIST).text
    assert "Nog bezig met iets anders" in page
    assert "Nog bezig met iets anders (" not in page


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"planned_on": "ooit"}, "planned_on"),
        ({"planned_on": "13-6-2026"}, "planned_on"),
        ({"starts_at": "laat"}, "starts_at"),
        ({"starts_at": "23.30"}, "starts_at"),
        ({"minutes": ""}, "minutes"),
        ({"minutes": "9999999999"}, "minutes"),
        ({"wie": []}, ""),
    ],
)
def test_what_is_not_right_is_said_and_kept(cast: Cast, sign_in: SignIn, other: dict[str, str], field: str) -> None:
    page = sign_in(cast.chaima).get(f"{LIST}/plannen", query_string={**EVENING, "wie": ["C1-01"], **other})
    assert page.status_code == 422
    assert "<title>Fout: " in page.text
    if field:
        assert f'id="e-{field}"' in page.text
    assert 'value="B2.04"' in page.text
    assert planned() == []


def test_an_appointment_is_moved_and_cancelled_and_given_back(cast: Cast, sign_in: SignIn) -> None:
    plan(cast)
    client = sign_in(cast.chaima)
    submit(client, BRAM, form="verzetten", planned_on="1 juli", starts_at="20.00")
    assert planned() == [(date(2026, 7, 1), time(20, 0))]
    page = submit(client, BRAM, form="afzeggen", follow=True)
    assert planned() == []
    undo = next(form for form in forms_of(page) if "/terug/" in form.action)
    client.post(undo.action, data=undo.values)
    assert planned() == [(date(2026, 7, 1), time(20, 0))]


def test_an_outcome_is_recorded_and_undone(cast: Cast, sign_in: SignIn) -> None:
    plan(cast, TODAY)
    client = sign_in(cast.chaima)
    assert "Geweest, nog geen uitkomst" in client.get(LIST).text
    assert 'id="e-result"' in submit(client, BRAM, form="uitkomst").text
    page = submit(client, BRAM, form="uitkomst", result="resit", follow=True)
    db.session.rollback()
    row = db.session.scalars(select(FinalAssessment)).one()
    assert (row.held_on, row.passed, row.resit_allowed, row.assessor) == (TODAY, False, True, "Chaima, Tom")
    undo = next(form for form in forms_of(page) if "/uitkomst/terug/" in form.action)
    client.post(undo.action, data=undo.values)
    db.session.rollback()
    assert db.session.scalars(select(FinalAssessment)).all() == []
    assert planned() == [(TODAY, time(18, 30))]


def test_the_administration_plans_and_has_no_form_for_the_outcome(cast: Cast, sign_in: SignIn) -> None:
    plan(cast, TODAY)
    page = sign_in(cast.hanna).get(BRAM)
    assert f"{BRAM}/verzetten" in page.text
    assert f"{BRAM}/uitkomst" not in page.text


def test_whom_it_is_for_sees_when_where_and_with_whom(cast: Cast, sign_in: SignIn) -> None:
    plan(cast)
    for path in ("/mijn-traject", "/diploma"):
        text = sign_in(cast.bram).get(path).text.replace("\u00a0", " ")
        assert "Di 30 juni, 18.30–19.15 uur" in text
        assert "Met: Chaima, Tom" in text


def test_the_college_begins_with_what_waits(cast: Cast, sign_in: SignIn) -> None:
    plan(cast, TODAY)
    page = sign_in(cast.chaima).get("/", follow_redirects=True)
    assert page.request.path == "/hogeschool"
    assert "<h1>3 dingen wachten op je</h1>" in page.text
    assert page.text.index("Aanwezigheid les 1: 2 niet ingevuld") < page.text.index("Eindgesprek zonder uitkomst: 1")
    assert "Groep C-1 · sinds vandaag" in page.text
