"""The employer's page: load and one sentence, of who shares now, and nothing that hints at more."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from flask_babel import force_locale

from hto_track.services.shared_load import SharedPerson, SharedWeek
from hto_track.services.sharing import share_with_employer
from hto_track.web.pictures.shared_load import shared_load_picture
from tests.cast import Cast
from tests.web.conftest import SignIn

HINTS = (
    "aanwezig",
    "opdracht",
    "stage",
    "diploma",
    "waarschuw",
    "uitstel",
    "gepauzeerd",
    "gestopt",
    "beoordel",
    "%</",
    "@example.org",
    "C1-0",
)


@pytest.fixture
def dutch(sqlite_app: Flask) -> Iterator[None]:
    """Everything is said in Dutch."""
    with force_locale("nl"):
        yield


def _person(*hours: int, room: int = 12) -> SharedPerson:
    return SharedPerson(
        name="Bram de Wit",
        room=room * 60,
        weeks=tuple(
            SharedWeek(monday=date(2026, 12, 7) + timedelta(weeks=at), study=Fraction(each * 60))
            for at, each in enumerate(hours)
        ),
    )


def test_the_first_week_above_the_room_is_the_one_to_talk_about(dutch: None) -> None:
    (card,) = shared_load_picture([_person(12, 13, 14)])
    assert card.talk.replace("\u00a0", " ") == "Week 51 is vol: kan er een avond minder?"
    assert card.why.replace("\u00a0", " ") == "Die week vraagt de opleiding 13 uur; er is ruimte voor 12 uur."
    assert [row.is_full for row in card.rows] == [False, True, True]


def test_weeks_that_fit_say_so(dutch: None) -> None:
    (card,) = shared_load_picture([_person(12, 0)])
    assert card.talk == "De komende 8 weken passen. Vraag gerust hoe het gaat."


def test_weeks_without_study_say_no_more_than_that(dutch: None) -> None:
    (card,) = shared_load_picture([_person(0, 0)])
    assert (card.talk, card.why, card.tag) == ("In de komende 8 weken staat niets gepland.", "", "")


def test_the_bars_are_of_one_series(dutch: None) -> None:
    (card,) = shared_load_picture([_person(12, 13)])
    assert {part.kind for column in card.chart.columns for part in column.parts} == {"lessons"}


class TestThePage:
    """As Els sees it."""

    def test_it_is_where_an_employer_begins(self, cast: Cast, sign_in: SignIn) -> None:
        assert sign_in(cast.els).get("/").location == "/gedeeld"

    def test_without_consent_there_is_nobody_and_no_hint(self, cast: Cast, sign_in: SignIn) -> None:
        page = sign_in(cast.els).get("/gedeeld")
        assert page.status_code == 200
        assert "Niemand deelt nu iets met je." in page.text
        assert not any(name in page.text for name in ("Bram", "Noor", "Piet"))

    def test_it_says_the_load_and_nothing_that_hints_at_more(self, cast: Cast, sign_in: SignIn) -> None:
        share_with_employer(cast.bram, "els@example.org")
        page = sign_in(cast.els).get("/gedeeld").text
        main = page[page.index("<main") : page.index("</main>")]
        assert "Bram de Wit" in main and "Ruimte (12" in main
        assert not [hint for hint in HINTS if hint in re.sub(r"<(?:svg|path|rect)[^>]*>", "", main).lower()]

    def test_an_employer_opens_no_page_of_who_shares(self, cast: Cast, sign_in: SignIn) -> None:
        share_with_employer(cast.bram, "els@example.org")
        client = sign_in(cast.els)
        answers = {
            path: client.get(path).status_code
            for path in (
                "/deelnemers/C1-01",
                "/deelnemers/nobody",
                "/deelnemers/C1-01/uren",
                "/groepen/C-1",
                "/cijfers",
                "/wie-ziet-wat",
            )
        }
        assert set(answers.values()) == {403}

    def test_who_employs_nobody_has_no_such_page(self, cast: Cast, sign_in: SignIn) -> None:
        for actor in (cast.anja, cast.bram, cast.dirk, cast.gijs, cast.karel):
            assert sign_in(actor).get("/gedeeld").status_code == 403
