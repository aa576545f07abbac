"""Putting a warning off, as a project leader does it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.warnings import Warning
from hto_track.rules.warnings import WarningCode
from hto_track.services.policy import CONSOLE
from hto_track.services.warnings import evaluate_cohort
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.warning_cases import let_hours_wait
from tests.web.forms import submit

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def warning_id(cast: Cast) -> int:
    """Bram's hours wait: a warning that is open today."""
    let_hours_wait(cast)
    evaluate_cohort(CONSOLE, cast.cohort, TODAY)
    query = select(Warning.id).where(
        Warning.code == WarningCode.UNCONFIRMED, Warning.participant_id == cast.participant_id
    )
    return db.session.scalars(query).one()


def stored(warning_id: int) -> tuple[date | None, str | None]:
    row = db.session.get_one(Warning, warning_id)
    return row.snoozed_until, row.snooze_note


def page_of(warning_id: int, code: str = "C1-01") -> str:
    return f"/deelnemers/{code}/waarschuwingen/{warning_id}"


def test_a_warning_is_put_off_with_a_note_that_the_participant_does_not_read(
    sign_in: SignIn, cast: Cast, warning_id: int
) -> None:
    leader = sign_in(cast.anja)
    assert page_of(warning_id) in leader.get("/deelnemers/C1-01").text
    page = submit(
        leader, page_of(warning_id), form="waarschuwingen", until="1-7-2026", note="School is dicht", follow=True
    )
    assert "Uitgesteld tot 1 jul." in page.text
    assert "School is dicht" in page.text
    assert stored(warning_id) == (date(2026, 7, 1), "School is dicht")
    assert "School is dicht" not in sign_in(cast.bram).get("/mijn-traject").text


def test_it_counts_again_at_once_when_that_is_undone(sign_in: SignIn, cast: Cast, warning_id: int) -> None:
    leader = sign_in(cast.anja)
    submit(leader, page_of(warning_id), form="waarschuwingen", until="1-7-2026", note="School is dicht")
    page = submit(leader, "/deelnemers/C1-01", form="/weer", follow=True)
    assert "Deze waarschuwing telt weer mee." in page.text
    assert stored(warning_id) == (None, None)


@pytest.mark.parametrize(
    ("until", "note", "said"),
    [
        ("14-6-2026", "School is dicht", "Kies een datum na vandaag."),
        ("31-6-2026", "School is dicht", "Vul een datum in zoals 17-11-2026"),
        ("1-7-2026", " ", "Schrijf in een paar woorden waarom dit kan wachten."),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_kept(
    sign_in: SignIn, cast: Cast, warning_id: int, until: str, note: str, said: str
) -> None:
    page = submit(sign_in(cast.anja), page_of(warning_id), form="waarschuwingen", until=until, note=note)
    assert page.status_code == 422
    assert said in page.text
    assert f'value="{until}"' in page.text
    assert stored(warning_id) == (None, None)


def test_only_who_leads_the_cohort_puts_off(sign_in: SignIn, cast: Cast, warning_id: int) -> None:
    for actor, status in ((cast.bram, 403), (cast.chaima, 403), (cast.otto, 404)):
        assert sign_in(actor).get(page_of(warning_id)).status_code == status
    assert sign_in(cast.anja).get(page_of(warning_id, "C1-02")).status_code == 404
    assert sign_in(cast.anja).get(page_of(warning_id + 1000)).status_code == 404
