"""Assessing a class on one screen without script: a row each, one click, undo, and the question when two assess at once."""

from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.assignments import Attempt
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignments import Assessment, assess_attempt, record_submission
from hto_track.services.form_answers import SentForm
from hto_track.services.hand_ins import hand_in_link, undo_hand_in
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import Form, forms_of, submit

LIST = "/groepen/C-1/opdrachten/A1"
WORK = f"{LIST}/C1-01"
PASSED, FAILED = AttemptOutcome.PASSED, AttemptOutcome.FAILED


def attempts() -> list[tuple[int, AttemptOutcome | None, str | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(Attempt).order_by(Attempt.participant_id, Attempt.number))
    return [(row.number, row.outcome, row.feedback) for row in rows]


def row_of(page: TestResponse, action: str) -> Form:
    return next(form for form in forms_of(page) if form.action == action)


def click(client: FlaskClient, code: str, outcome: str, **typed: str) -> TestResponse:
    """Press a button of somebody's row."""
    return submit(client, LIST, form=f"{LIST}/{code}/oordeel", outcome=outcome, follow=True, **typed)


def test_a_click_assesses_today_and_can_be_undone(cast: Cast, sign_in: SignIn) -> None:
    record_submission(cast.chaima, cast.participant, "A1", date(2026, 6, 5), TODAY)
    client = sign_in(cast.chaima)
    page = click(client, "C1-01", "passed", feedback="Mooi opgebouwd")
    assert "Bram de Wit: voldoende." in page.text
    assert attempts() == [(1, PASSED, "Mooi opgebouwd")]
    undo = next(form for form in forms_of(page) if "/terug/" in form.action)
    assert "Ongedaan gemaakt." in client.post(undo.action, data=undo.values, follow_redirects=True).text
    assert attempts() == [(1, None, "Mooi opgebouwd")]
    assert "Mooi opgebouwd" in client.get(LIST).text, "what was written is there to be sent again"


def test_what_nobody_handed_in_is_assessed_too_and_a_resit_only_on_its_own_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    page = click(client, "C1-01", "failed")
    assert attempts() == [(1, FAILED, None)]
    assert f"{WORK}/oordeel" not in page.text
    assert f"{LIST}/C1-02/oordeel" in page.text


def test_what_was_handed_in_while_somebody_looked_is_looked_at_first(cast: Cast, sign_in: SignIn) -> None:
    hand_in_link(cast.bram, cast.participant, "A1", "https://example.org/first", TODAY)
    client = sign_in(cast.chaima)
    shown = row_of(client.get(LIST), f"{LIST}/C1-01/oordeel")
    hand_in_link(cast.bram, cast.participant, "A1", "https://example.org/second", TODAY)
    asked = client.post(shown.action, data=shown.values | {"outcome": "failed"})
    assert asked.status_code == 422
    assert "Wat er is ingeleverd, is intussen veranderd" in asked.text and "example.org/second" in asked.text
    assert attempts() == [(1, None, None)]
    again = row_of(asked, f"{LIST}/C1-01/oordeel")
    assert client.post(again.action, data=again.values | {"outcome": "passed"}).status_code == 302
    assert attempts() == [(1, PASSED, None)]


def test_work_that_was_taken_back_meanwhile_is_not_assessed_unseen(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = SentForm(key="bram", content="")
    hand_in_link(cast.bram, cast.participant, "A1", "https://example.org/first", TODAY, form)
    shown = next(form for form in forms_of(client.get(WORK)) if form.action == WORK)
    undo_hand_in(cast.bram, "A1", form.key)
    asked = client.post(shown.action, data=shown.values | {"outcome": "passed"})
    assert asked.status_code == 422 and "Wat er is ingeleverd, is intussen veranderd" in asked.text
    assert attempts() == []


def test_what_waits_says_since_when(cast: Cast, sign_in: SignIn) -> None:
    record_submission(cast.chaima, cast.participant, "A1", date(2026, 6, 5), TODAY)
    page = sign_in(cast.chaima).get(LIST).text
    assert "Poging 1, ingeleverd op vr 5 juni, al 9 dagen" in page
    assert "1 te beoordelen · 0 van 2 klaar" in page


def test_two_who_assess_at_once_are_asked(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = row_of(client.get(LIST), f"{WORK}/oordeel")
    first = Assessment(attempt=1, outcome=PASSED, assessed_on=TODAY)
    assess_attempt(cast.chaima, cast.participant, "A1", first, TODAY)
    answer = client.post(form.action, data=form.values | {"outcome": "failed"})
    assert answer.status_code == 422
    assert "het is nu ‘voldoende’, jij koos ‘onvoldoende’. Kies welke blijft." in unescape(answer.text)
    assert attempts() == [(1, PASSED, None)]
    question = row_of(answer, f"{WORK}/herstel")
    unsaid = client.post(question.action, data=question.values)
    assert "Schrijf op wat er niet klopte." in unsaid.text
    chosen = row_of(unsaid, f"{WORK}/herstel")
    client.post(chosen.action, data=chosen.values | {"why": "Samen nog eens bekeken"})
    assert attempts() == [(1, FAILED, None)]


def test_two_who_agree_are_told_so(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = row_of(client.get(LIST), f"{WORK}/oordeel")
    first = Assessment(attempt=1, outcome=PASSED, assessed_on=TODAY)
    assess_attempt(cast.chaima, cast.participant, "A1", first, TODAY)
    answer = client.post(form.action, data=form.values | {"outcome": "passed"})
    assert "al beoordeeld op zo 14 juni door chaima@example.org: gehaald" in answer.text
    assert "jij koos" not in answer.text


@pytest.mark.parametrize("typed", [{}, {"outcome": "exempt"}, {"outcome": "passed", "attempt": "x"}])
def test_a_row_that_says_nothing_sound_stores_nothing(cast: Cast, sign_in: SignIn, typed: dict[str, str]) -> None:
    answer = submit(sign_in(cast.chaima), LIST, form=f"{WORK}/oordeel", **typed)
    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    assert attempts() == []


def test_feedback_that_is_too_long_is_kept_in_its_field(cast: Cast, sign_in: SignIn) -> None:
    answer = submit(sign_in(cast.chaima), LIST, form=f"{WORK}/oordeel", outcome="passed", feedback="a" * 4001)
    assert "a" * 4001 in answer.text
    assert attempts() == []


def test_feedback_and_the_resit_are_changed_afterwards(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    click(client, "C1-01", "failed")
    page = client.get(WORK)
    assert 'value="12-07-2026"' in page.text, "the rule proposes 28 days"
    submit(client, WORK, form=f"{WORK}/feedback", feedback="Bijna", resit_due_on="1 juli")
    db.session.rollback()
    row = db.session.scalars(select(Attempt)).one()
    assert (row.feedback, row.resit_due_on) == ("Bijna", date(2026, 7, 1))
    refused = submit(client, WORK, form=f"{WORK}/feedback", resit_due_on="14-06-2026")
    assert 'id="e-resit_due_on"' in refused.text


def test_an_assessment_is_put_right_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    click(client, "C1-01", "failed")
    assert 'id="e-to"' in submit(client, WORK, form=f"{WORK}/herstel", why="Fout").text
    assert 'id="e-why"' in submit(client, WORK, form=f"{WORK}/herstel", to="passed").text
    assert attempts() == [(1, FAILED, None)]
    submit(client, WORK, form=f"{WORK}/herstel", to="", why="Verkeerde rij")
    assert attempts() == [(1, None, None)]


def test_why_someone_is_exempt_is_kept_for_them(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    submit(client, WORK, form="vrijstelling", reason="Eerder behaald")
    assert attempts() == [(0, AttemptOutcome.EXEMPT, "Eerder behaald")]
    assert "Eerder behaald" in client.get(WORK).text
    submit(client, WORK, form=f"{WORK}/herstel", to="", why="Diploma was van iemand anders")
    assert attempts() == []
