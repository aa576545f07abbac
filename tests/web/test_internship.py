"""Logging and confirming hours without script: two steps, errors at their fields, and asking before saving twice."""

from html import unescape

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.internship import InternshipEntry
from hto_track.rules.facts import EntryState
from tests.cast import Cast
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

FORM, CONFIRM = "hours-form", "/bevestigen"


def entries() -> list[InternshipEntry]:
    """Every entry."""
    db.session.rollback()
    return list(db.session.scalars(select(InternshipEntry).order_by(InternshipEntry.id)))


def test_the_usual_visit_is_saved_with_what_the_form_holds(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    page = unescape(submit(client, "/uren/nieuw", form=FORM, follow=True).text)
    assert "2,5\u00a0uur opgeslagen." in page
    assert [(row.minutes, row.worked_on.isoformat(), row.state) for row in entries()] == [
        (150, "2026-06-14", EntryState.SUBMITTED)
    ]


def test_the_next_visit_begins_with_the_length_and_school_of_the_last(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    submit(client, "/uren/nieuw", form=FORM, hours="other", hours_other="3:20", day="yesterday", activity="teach")
    form = next(form for form in forms_of(client.get("/uren/nieuw")) if form.id == FORM)
    held = {name: form.values[name] for name in ("day", "hours", "hours_other", "activity", "placement")}
    assert held == {
        "day": ["today"],
        "hours": ["other"],
        "hours_other": ["3:20"],
        "activity": ["teach"],
        "placement": [str(cast.placement_id)],
    }


def test_saved_hours_can_be_undone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    page = submit(client, "/uren/nieuw", form=FORM, follow=True)
    undo = next(form for form in forms_of(page) if form.action.endswith("/terug"))
    client.post(undo.action, data=undo.values)
    assert entries()[0].state is EntryState.WITHDRAWN


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"hours": "other", "hours_other": "veel"}, "hours_other", "Vul in hoeveel uur, bijvoorbeeld 2,5"),
        ({"hours": "other", "hours_other": "10,5"}, "hours_other", "Kies hooguit 10 uur op één dag"),
        ({"hours": "other", "hours_other": "0"}, "hours_other", "Vul in hoeveel uur, bijvoorbeeld 2,5"),
        ({"hours": "999"}, "hours", "Vul in hoeveel uur, bijvoorbeeld 2,5"),
        ({"day": "other", "date": "31-6"}, "date", "Vul een datum in zoals 17-11-2026"),
        ({"day": "other", "date": "15-6-2026"}, "date", "Deze dag ligt in de toekomst. Log uren nadat je geweest bent"),
        ({"day": "other", "date": "31-3-2026"}, "date", "Je stage bij Vakcollege Zuid begint op 1 april."),
        ({"hours": "other", "starts_at": "half tien", "ends_at": "12"}, "starts_at", "Vul een tijd in zoals 13.30"),
        ({"hours": "other", "starts_at": "12", "ends_at": "9"}, "ends_at", "Kies een eindtijd na de begintijd."),
        ({"hours": "other", "starts_at": "9", "ends_at": "12", "break_minutes": "x"}, "break_minutes", "Vul de pauze"),
        ({"placement": "x"}, "", "Kies de school waar je was."),
        ({"placement": "9" * 40}, "", "Kies de school waar je was."),
        ({"note": "x" * 501}, "note", "Houd het binnen 500 tekens."),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_kept(
    cast: Cast, sign_in: SignIn, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = submit(sign_in(cast.bram), "/uren/nieuw", form=FORM, **typed)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "<title>Fout: " in page
    assert sentence in page
    if field:
        assert f'href="#f-{field}"' in page
        assert f'id="e-{field}"' in page
        assert f'id="f-{field}"' in page
    assert entries() == []
    kept = next(form for form in forms_of(answer) if form.id == FORM).values
    assert all(kept[name] == [value] for name, value in typed.items() if name not in ("hours", "placement"))


def test_the_same_hours_again_are_asked_about_and_saved_on_yes(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    submit(client, "/uren/nieuw", form=FORM)
    answer = submit(client, "/uren/nieuw", form=FORM)
    assert "Je logde op 14 juni al 2,5\u00a0uur bij Vakcollege Zuid. Toch nog eens opslaan?" in unescape(answer.text)
    assert len(entries()) == 1
    form = next(form for form in forms_of(answer) if form.id == FORM)
    client.post(form.action, data=form.values | {"again": "1"})
    assert len(entries()) == 2


def test_a_form_sent_twice_is_saved_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    form = next(form for form in forms_of(client.get("/uren/nieuw")) if form.id == FORM)
    assert client.post(form.action, data=form.values).location == client.post(form.action, data=form.values).location
    assert len(entries()) == 1


def test_what_a_paste_brings_along_is_left_out_of_a_note(cast: Cast, sign_in: SignIn) -> None:
    submit(sign_in(cast.bram), "/uren/nieuw", form=FORM, note="Les bijgewoond\x0bMet Dirk besproken\x02")
    assert entries()[0].note == "Les bijgewoond Met Dirk besproken"


def test_after_saving_one_is_back_where_the_sheet_was_opened_and_nowhere_else(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    assert submit(client, "/uren/nieuw", form=FORM, next="/uren").location == "/uren"
    away = submit(client, "/uren/nieuw", form=FORM, hours="60", next="https://elsewhere.example/")
    assert away.location == "/"


def test_an_entry_is_changed_and_withdrawn_from_its_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    submit(client, "/uren/nieuw", form=FORM)
    page = f"/uren/{entries()[0].id}"
    submit(client, page, form=FORM, hours="180")
    assert entries()[0].minutes == 180
    submit(client, page, form="intrekken")
    assert entries()[0].state is EntryState.WITHDRAWN
    assert "Ingetrokken" in client.get("/uren").text


def test_the_hours_of_someone_else_are_not_there(cast: Cast, sign_in: SignIn) -> None:
    submit(sign_in(cast.bram), "/uren/nieuw", form=FORM)
    number = entries()[0].id
    assert sign_in(cast.bram).get(f"/uren/{number + 1}").status_code == 404
    assert sign_in(cast.otto).get("/deelnemers/C1-01/uren").status_code == 404
    assert sign_in(cast.anja).get("/deelnemers/C1-01/uren").status_code == 200


def test_the_supervisor_confirms_with_one_button_and_can_undo_it(cast: Cast, sign_in: SignIn) -> None:
    for day in ("today", "yesterday"):
        submit(sign_in(cast.bram), "/uren/nieuw", form=FORM, day=day)
    client = sign_in(cast.dirk)
    page = unescape(client.get(CONFIRM).text)
    assert "Bram de Wit logde 5\u00a0uur in 2 keer" in page
    assert "Klopt, bevestig 5\u00a0uur" in page
    done = submit(client, CONFIRM, form=CONFIRM, follow=True)
    assert "5\u00a0uur bevestigd." in unescape(done.text)
    assert {row.state for row in entries()} == {EntryState.CONFIRMED}
    undo = next(form for form in forms_of(done) if "/terug/" in form.action)
    client.post(undo.action, data=undo.values)
    assert {row.state for row in entries()} == {EntryState.SUBMITTED}


def test_a_line_that_is_not_right_goes_back_with_a_reason_and_the_rest_is_confirmed(
    cast: Cast, sign_in: SignIn
) -> None:
    for day in ("today", "yesterday"):
        submit(sign_in(cast.bram), "/uren/nieuw", form=FORM, day=day)
    client, number = sign_in(cast.dirk), entries()[0].id
    refused = submit(client, CONFIRM, form=CONFIRM, **{f"rejects-{number}": "1"})
    assert refused.status_code == 422
    assert f'id="e-reason-{number}"' in refused.text
    assert {row.state for row in entries()} == {EntryState.SUBMITTED}
    submit(client, CONFIRM, form=CONFIRM, **{f"rejects-{number}": "1", f"reason-{number}": "Niet geweest"})
    assert [row.state for row in entries()] == [EntryState.REJECTED, EntryState.CONFIRMED]
    assert "Niet geweest" in sign_in(cast.bram).get("/uren").text


def test_nobody_but_the_supervisor_and_the_college_confirms(cast: Cast, sign_in: SignIn) -> None:
    for who in ("bram", "anja", "els", "femke", "otto", "gijs"):
        assert sign_in(getattr(cast, who)).get(CONFIRM).status_code == 403
    assert sign_in(cast.chaima).get(CONFIRM).status_code == 200
