"""The diploma's pages: what the participant sees, awarding with its consequence, the file, revoking."""

from html import unescape

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.diploma import Diploma
from hto_track.services.diploma_register import Verdict, verify_document
from tests.cast import Cast
from tests.graduates import make_ready
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

LIST = "/groepen/C-1/diplomas"
BRAM = f"{LIST}/C1-01"


def register() -> list[Diploma]:
    """Every entry."""
    db.session.rollback()
    return list(db.session.scalars(select(Diploma).order_by(Diploma.id)))


def test_who_met_everything_is_first_in_the_list_and_is_awarded_the_diploma(cast: Cast, sign_in: SignIn) -> None:
    make_ready(cast)
    client = sign_in(cast.chaima)
    page = client.get(LIST).text
    assert page.index("Bram de Wit") < page.index("Onderweg") < page.index("Noor Visser")
    assert "Een toekenning wordt nooit verwijderd" in client.get(BRAM).text
    done = submit(client, BRAM, form="toekennen", follow=True)
    assert "Diploma HTO-2026-0001 is toegekend aan Bram de Wit." in unescape(done.text)
    assert register()[0].awarded_by == "chaima@example.org"


def test_the_file_is_a_download_that_verifies_for_the_holder_and_not_for_an_outsider(
    cast: Cast, sign_in: SignIn
) -> None:
    make_ready(cast)
    submit(sign_in(cast.chaima), BRAM, form="toekennen")
    assert "HTO-2026-0001" in sign_in(cast.bram).get("/diploma").text
    answer = sign_in(cast.bram).get("/diplomas/HTO-2026-0001.pdf")
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert verify_document(answer.data).verdict is Verdict.VALID
    assert sign_in(cast.otto).get("/diplomas/HTO-2026-0001.pdf").status_code == 404
    assert sign_in(cast.chaima).get("/diplomas/HTO-2026-9999.pdf").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"), [({}, "ground"), ({"on": "morgen"}, "on"), ({"on": "15-6-2026", "ground": "Besluit"}, "on")]
)
def test_what_stands_in_the_way_is_said_at_its_field_and_nothing_is_awarded(
    cast: Cast, sign_in: SignIn, typed: dict[str, str], field: str
) -> None:
    answer = submit(sign_in(cast.chaima), BRAM, form="toekennen", **typed)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert "<title>Fout: " in answer.text
    assert register() == []


def test_a_ground_is_kept_in_the_register(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    submit(client, BRAM, form="toekennen", ground="Besluit van 12 mei")
    assert "Motivering: Besluit van 12 mei" in client.get(BRAM).text


def test_revoking_asks_a_reason_and_keeps_the_entry(cast: Cast, sign_in: SignIn) -> None:
    make_ready(cast)
    client = sign_in(cast.chaima)
    submit(client, BRAM, form="toekennen")
    refused = submit(client, BRAM, form="intrekken")
    assert refused.status_code == 422
    assert 'id="e-reason"' in refused.text
    submit(client, BRAM, form="intrekken", reason="Naam verkeerd")
    assert register()[0].revoked_reason == "Naam verkeerd"
    assert "Reden: Naam verkeerd" in client.get(BRAM).text
    assert "HTO-2026-0001" not in sign_in(cast.bram).get("/diploma").text


def test_a_form_sent_twice_awards_once(cast: Cast, sign_in: SignIn) -> None:
    make_ready(cast)
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(BRAM)) if "toekennen" in form.action)
    for _ in range(2):
        assert client.post(form.action, data=form.values).status_code == 302
    assert len(register()) == 1


def test_only_the_college_opens_the_register(cast: Cast, sign_in: SignIn) -> None:
    for who in ("anja", "bram", "dirk", "els", "femke", "otto", "gijs"):
        for path in (LIST, BRAM):
            assert sign_in(getattr(cast, who)).get(path).status_code == 403
    assert sign_in(cast.chaima).get(f"{LIST}/C2-01").status_code == 404
