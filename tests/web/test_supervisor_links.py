"""Confirming hours from a mail, without an account: the page shows, its button decides, and nothing else opens."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import OutboxMail
from hto_track.rules.facts import EntryState
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services.internship import Visit, log_hours
from hto_track.services.supervisor_links import LASTS, supervisor_link
from hto_track.services.transaction import writing
from hto_track.web.access import BY_LINK
from hto_track.web.urls import PAGES
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import Form, forms_of, submit


def log(cast: Cast, on: date = TODAY, minutes: int = 150) -> int:
    visit = Visit(placement_id=cast.placement_id, work=WorkedTime(on=on, minutes_given=minutes))
    return log_hours(cast.bram, cast.participant, visit, TODAY).id


def path(cast: Cast, made_on: date = TODAY) -> str:
    return supervisor_link(cast.placement_id, "dirk@example.org", made_on).removeprefix("http://hto.test")


def states() -> list[EntryState]:
    db.session.rollback()
    return list(db.session.scalars(select(InternshipEntry.state).order_by(InternshipEntry.id)))


def form_of(client: FlaskClient, address: str) -> Form:
    [form] = [form for form in forms_of(client.get(address)) if form.action == address]
    return form


def test_the_page_says_who_asks_why_what_is_kept_and_until_when(cast: Cast, client: FlaskClient) -> None:
    log(cast)
    page = unescape(client.get(path(cast)).text)
    for word in (
        "Bram de Wit logde 2,5\u00a0uur",
        "Klopt, bevestig 2,5\u00a0uur",
        "Hybride techniekopleider",
        "begeleider bij Vakcollege Zuid",
        "Je naam en e-mailadres",
        "Tot en met 13 aug 2026",
        "mailto:anja@example.org",
    ):
        assert word in page
    assert "dirk@example.org" not in page


def test_opening_it_decides_nothing_however_often(cast: Cast, client: FlaskClient) -> None:
    log(cast)
    for method in ("GET", "HEAD", "GET"):
        assert client.open(path(cast), method=method).status_code == 200
    assert states() == [EntryState.SUBMITTED]


def test_one_press_confirms_and_can_be_undone_by_another(cast: Cast, client: FlaskClient) -> None:
    log(cast), log(cast, TODAY - timedelta(days=1))
    page = submit(client, path(cast), form=path(cast), follow=True)
    assert "5\u00a0uur bevestigd." in unescape(page.text)
    assert "Er wachten geen uren op jou" in page.text
    assert states() == [EntryState.CONFIRMED] * 2
    [undo] = [form for form in forms_of(page) if "/terug/" in form.action]
    page = client.post(undo.action, data=undo.values, follow_redirects=True)
    assert "bevestig 5" in page.text
    assert states() == [EntryState.SUBMITTED] * 2


def test_what_is_not_right_asks_why_and_keeps_what_was_filled_in(cast: Cast, client: FlaskClient) -> None:
    first, second = log(cast), log(cast, TODAY - timedelta(days=1))
    refused = submit(client, path(cast), form=path(cast), **{f"rejects-{first}": "1"})
    assert refused.status_code == 422
    assert f'id="e-reason-{first}"' in refused.text
    assert f'name="rejects-{first}" value="1" checked' in refused.text
    assert states() == [EntryState.SUBMITTED] * 2
    submit(client, path(cast), form=path(cast), **{f"rejects-{first}": "1", f"reason-{first}": "Niet geweest"})
    assert states() == [EntryState.REJECTED, EntryState.CONFIRMED]
    assert db.session.get_one(InternshipEntry, second).decided_by == "dirk@example.org"


def test_a_form_sent_twice_is_carried_out_once_and_says_the_same(cast: Cast, client: FlaskClient) -> None:
    log(cast)
    form = form_of(client, path(cast))
    pages = [client.post(form.action, data=form.values, follow_redirects=True).text for _ in range(2)]
    for page in pages:
        assert "2,5\u00a0uur bevestigd." in unescape(page)
        assert "veranderde intussen" not in page
    undos = {form.action for page in pages for form in _forms(page) if "/terug/" in form.action}
    assert len(undos) == 1
    assert states() == [EntryState.CONFIRMED]


def _forms(text: str) -> list[Form]:
    class Page:
        def __init__(self, text: str) -> None:
            self.text = text

    return forms_of(Page(text))  # type: ignore[arg-type]


def test_an_undo_pressed_again_leaves_what_was_decided_since(cast: Cast, client: FlaskClient) -> None:
    log(cast)
    page = submit(client, path(cast), form=path(cast), follow=True)
    [undo] = [form for form in forms_of(page) if "/terug/" in form.action]
    client.post(undo.action, data=undo.values)
    submit(client, path(cast), form=path(cast))
    page = client.post(undo.action, data=undo.values, follow_redirects=True)
    assert "intussen" in page.text
    assert states() == [EntryState.CONFIRMED]


@pytest.mark.parametrize("decisions", ["-", "1", "4711", "x", "1-777-3", "9" * 40, "-".join(["1"] * 900)])
def test_an_undo_of_something_else_is_not_found(cast: Cast, client: FlaskClient, app: Flask, decisions: str) -> None:
    log(cast)
    submit(client, path(cast), form=path(cast))
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(f"{path(cast)}/terug/{decisions}").status_code == 404
    assert states() == [EntryState.CONFIRMED]


def test_it_works_just_the_same_for_who_has_an_account_and_beside_one_of_somebody_else(
    cast: Cast, sign_in: SignIn
) -> None:
    log(cast)
    for actor in (cast.dirk, cast.otto):
        client = sign_in(actor)
        page = submit(client, path(cast), form=path(cast), follow=True)
        assert "bevestigd" in page.text
        [undo] = [form for form in forms_of(page) if "/terug/" in form.action]
        client.post(undo.action, data=undo.values)
    assert states() == [EntryState.SUBMITTED]


def test_it_opens_nothing_else(cast: Cast, client: FlaskClient) -> None:
    log(cast)
    submit(client, path(cast), form=path(cast))
    for address in ("/", "/bevestigen", "/account", f"/deelnemers/{cast.participant}", f"/groepen/{cast.cohort}"):
        assert client.get(address).headers["Location"].startswith("/sign-in")


def test_an_entry_of_another_placement_in_the_form_is_not_found_and_changes_nothing(
    cast: Cast, client: FlaskClient
) -> None:
    log(cast)
    with writing() as session:
        first = session.get_one(Placement, cast.placement_id)
        second = Placement(
            participant_id=cast.participant_id,
            school="Mbo Noord",
            school_type=first.school_type,
            supervisor_email="ria@example.org",
            start_on=first.start_on,
            end_on=first.end_on,
        )
        session.add(second)
        session.flush()
        second_id = second.id
    visit = Visit(placement_id=second_id, work=WorkedTime(on=TODAY, minutes_given=60))
    other = log_hours(cast.bram, cast.participant, visit, TODAY)
    answer = submit(client, path(cast), form=path(cast), **{f"version-{other.id}": other.version})
    assert answer.status_code == 404
    assert states() == [EntryState.SUBMITTED] * 2


def test_without_a_token_of_the_form_nothing_is_decided(cast: Cast, client: FlaskClient) -> None:
    log(cast)
    values = form_of(client, path(cast)).values
    values.pop("csrf_token")
    assert client.post(path(cast), data=values).status_code == 400
    assert states() == [EntryState.SUBMITTED]


def test_a_link_that_is_too_old_says_since_when_and_mails_a_new_one_at_one_press(
    cast: Cast, client: FlaskClient
) -> None:
    log(cast)
    old = path(cast, TODAY - LASTS - timedelta(days=1))
    page = client.get(old)
    assert page.status_code == 410
    assert "Deze link werkt niet meer sinds 14 jun 2026" in page.text
    [renew] = [form for form in forms_of(page) if form.action.endswith("/nieuw")]
    page = client.post(renew.action, data=renew.values)
    assert "Er is een nieuwe link onderweg" in page.text
    db.session.rollback()
    held = db.session.scalars(select(OutboxMail.secrets).order_by(OutboxMail.id.desc()).limit(1)).one() or {}
    assert client.get(held["link"].removeprefix("http://hto.test")).status_code == 200


def test_every_way_of_an_old_changed_or_foreign_link_is_gone_and_decides_nothing(
    cast: Cast, client: FlaskClient, app: Flask
) -> None:
    log(cast)
    values, good = form_of(client, path(cast)).values, path(cast)
    app.config["WTF_CSRF_ENABLED"] = False
    dead = [good[:-1], good + "x", "/bevestigen/x", path(cast, TODAY - LASTS - timedelta(days=1))]
    for address in dead:
        answers = [
            client.get(address),
            client.post(address, data=values),
            client.post(f"{address}/terug/1"),
        ]
        assert {answer.status_code for answer in answers} == {410}
        assert not any("Bram" in answer.text for answer in answers)
    for address in dead[:3]:
        assert client.post(f"{address}/nieuw").status_code == 410
    assert states() == [EntryState.SUBMITTED]


def test_a_link_of_somebody_who_supervises_no_more_is_gone(cast: Cast, client: FlaskClient) -> None:
    log(cast)
    with writing() as session:
        session.get_one(Placement, cast.placement_id).supervisor_email = "ria@example.org"
    page = client.get(path(cast))
    assert page.status_code == 410
    assert "bevestig jij niet meer" in page.text and "ria@" not in page.text
    assert not [form for form in forms_of(page) if form.action.endswith("/nieuw")]


def test_its_pages_say_nothing_to_a_cache_or_another_site(cast: Cast, client: FlaskClient) -> None:
    for address in (path(cast), "/bevestigen/x"):
        answer = client.get(address)
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "same-origin")


def test_what_is_opened_by_a_link_is_a_sign_in_a_confirmation_a_calendar_or_nothing() -> None:
    by_link = {page.endpoint for page in PAGES if page.needs is BY_LINK}
    assert {re.sub(r"\..*", "", endpoint) for endpoint in by_link} <= {"sign_in", "confirmations", "agenda", "verify"}
