"""The pages of privacy: one's own data, erasing, and what goes in time."""

import json
from datetime import date
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.jobs.running import run_job
from hto_track.jobs.table import BY_NAME
from hto_track.models.participants import Participant
from hto_track.models.privacy import RetentionNotice
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.retention import DataKind
from hto_track.services.own_data_sections import SECTIONS, Whose
from hto_track.services.transaction import writing
from hto_track.web.pictures.own_data import BY_MEMBER, LABELS, PARTS
from tests.cast import Cast
from tests.trail import trail
from tests.web.conftest import SignIn
from tests.web.forms import submit

ERASE = "/beheer/deelnemers/C1-01/wissen"
RETENTION = "/beheer/bewaartermijnen"
SEVEN_YEARS_LATER = date(2033, 12, 19)
SOMEBODY = Whose(ids=(1,), codes=("C1-01",), cohort_ids=(1,), names=("B",), addresses=("b@example.org",), user_id=1)


def stop(code: str) -> None:
    with writing() as session:
        session.execute(
            update(Participant)
            .where(Participant.code == code)
            .values(status=EnrolmentStatus.WITHDRAWN, status_on=date(2026, 6, 1))
        )


def announce() -> RetentionNotice:
    """Supervision of Bram is kept long enough: the notice of it."""
    run_job(BY_NAME["retention"], SEVEN_YEARS_LATER)
    db.session.rollback()
    return db.session.scalars(select(RetentionNotice).where(RetentionNotice.kind == DataKind.AGREEMENTS)).one()


class TestOwnData:
    def test_the_page_says_what_is_held(self, cast: Cast, sign_in: SignIn) -> None:
        page = sign_in(cast.bram).get("/mijn-gegevens")
        assert page.status_code == 200
        for words in ("Je inschrijving", "Stage-uren", "Wie keek er", "Je account"):
            assert words in unescape(page.text)
        assert page.headers["Cache-Control"] == "no-store"

    def test_the_account_page_leads_to_it(self, cast: Cast, sign_in: SignIn) -> None:
        assert "/mijn-gegevens" in sign_in(cast.bram).get("/account").text
        assert "/mijn-gegevens" not in sign_in(cast.anja).get("/account").text

    def test_the_json_has_every_part(self, cast: Cast, sign_in: SignIn) -> None:
        answer = sign_in(cast.bram).get("/mijn-gegevens.json")
        content = json.loads(answer.data)
        assert content.keys() == {"name", "made_at", "people", *SECTIONS}
        assert content["participants"][0]["given_name"] == "Bram"
        assert content["placements"][0]["start_on"] == "2026-04-01"
        assert content["participants"][0]["job_weekly_minutes"] == 36 * 60
        assert answer.headers["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_the_pdf_is_a_download_in_the_readers_language(self, cast: Cast, sign_in: SignIn, language: str) -> None:
        client = sign_in(cast.bram)
        client.get(f"/taal/{language}")
        answer = client.get("/mijn-gegevens.pdf")
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="mijn-gegevens.pdf"'
        assert f"({language})".encode() in answer.data or f"/Lang ({language}" in answer.data.decode("latin-1")

    @pytest.mark.parametrize("address", ["/mijn-gegevens", "/mijn-gegevens.json", "/mijn-gegevens.pdf"])
    def test_it_is_for_participants(self, cast: Cast, sign_in: SignIn, address: str) -> None:
        assert sign_in(cast.anja).get(address).status_code == 403
        assert sign_in(cast.gijs).get(address).status_code == 403


@pytest.mark.parametrize("name", SECTIONS)
def test_every_part_and_every_column_has_its_words(app: Flask, name: str) -> None:
    with app.test_request_context("/"):
        columns = list(SECTIONS[name](SOMEBODY).selected_columns)
        assert name in PARTS
        assert {column.name for column in columns} - LABELS.keys() == set()
        for column in columns:
            members = getattr(column.type, "enum_class", None) or ()
            assert [member for member in members if (type(member), member.value) not in BY_MEMBER] == []


class TestErasing:
    def test_the_page_shows_what_goes_and_what_stays_and_changes_nothing(self, cast: Cast, sign_in: SignIn) -> None:
        stop(cast.participant)
        page = unescape(sign_in(cast.gijs).get(ERASE).text)
        for words in (
            "Wis de gegevens van Bram de Wit",
            "Wat weggaat",
            "Wis Bram de Wit voorgoed",
            "Reservekopie".lower(),
        ):
            assert words in page or words in page.lower()
        assert db.session.scalars(select(Participant.erased_on).where(Participant.code == "C1-01")).one() is None

    def test_the_button_erases(self, cast: Cast, sign_in: SignIn) -> None:
        stop(cast.participant)
        done = submit(sign_in(cast.gijs), ERASE, form="wissen", follow=True)
        assert "C1-01 is gewist" in unescape(done.text)
        assert "Bram" not in done.text
        assert [entry.actor for entry in trail("erase_person")] == [cast.gijs.ref]

    def test_the_person_is_signed_out_at_once(self, cast: Cast, sign_in: SignIn) -> None:
        stop(cast.participant)
        bram = sign_in(cast.bram)
        assert bram.get("/mijn-gegevens").status_code == 200
        submit(sign_in(cast.gijs), ERASE, form="wissen")
        assert bram.get("/mijn-gegevens").status_code == 302

    def test_who_takes_part_gets_no_button_and_is_not_erased_without_it(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.gijs)
        page = unescape(client.get(ERASE).text)
        assert "Bram de Wit doet nog mee" in page
        assert "bij “Bestanden inlezen”, met een participants.csv met status withdrawn" in page
        assert "voorgoed" not in client.get(ERASE).text

    def test_it_is_for_administrators(self, cast: Cast, sign_in: SignIn) -> None:
        for actor in (cast.anja, cast.bram, cast.chaima, cast.hanna):
            assert sign_in(actor).get(ERASE).status_code == 403
        assert sign_in(cast.gijs).get("/beheer/deelnemers/X/wissen").status_code == 404


class TestRetention:
    def test_the_page_says_how_long_each_kind_is_kept(self, cast: Cast, sign_in: SignIn) -> None:
        page = unescape(sign_in(cast.gijs).get(RETENTION).text).replace("\u00a0", " ")
        assert "Er gaat nu niets weg" in page
        for words in ("10 jaar", "7 jaar", "2 jaar", "1 jaar", "30 dagen"):
            assert words in page

    def test_what_is_announced_is_shown_with_its_date(self, cast: Cast, sign_in: SignIn) -> None:
        announce()
        page = unescape(sign_in(cast.gijs).get(RETENTION).text)
        assert "aangekondigd op 19 dec 2033, gaan weg op 2 jan 2034" in page
        assert "C1-01" in page

    def test_something_is_kept_with_a_reason_and_let_go_again(self, cast: Cast, sign_in: SignIn) -> None:
        address = f"{RETENTION}/{announce().id}"
        client = sign_in(cast.gijs)
        refused = submit(client, address, form=address, reason="")
        assert refused.status_code == 422
        assert "e-reason" in refused.text
        kept = submit(client, address, form=address, reason="Er loopt een bezwaar.", follow=True)
        assert "Er loopt een bezwaar." in unescape(kept.text)
        assert "Er loopt een bezwaar." in unescape(client.get(RETENTION).text)
        submit(client, address, form="weer")
        db.session.rollback()
        assert db.session.scalars(select(RetentionNotice.held_on)).all() == [None]

    def test_what_went_lately_is_shown(self, cast: Cast, sign_in: SignIn) -> None:
        notice = announce()
        with writing() as session:
            session.get_one(RetentionNotice, notice.id).carried_out_on = date(2026, 6, 1)
        assert "1 jun 2026: Stagebegeleiding van 1 persoon" in unescape(sign_in(cast.gijs).get(RETENTION).text)

    def test_it_is_for_administrators(self, cast: Cast, sign_in: SignIn) -> None:
        notice_id = announce().id
        for actor in (cast.anja, cast.bram, cast.hanna):
            for address in (RETENTION, f"{RETENTION}/{notice_id}"):
                assert sign_in(actor).get(address).status_code == 403
        assert sign_in(cast.gijs).get(f"{RETENTION}/99").status_code == 404
