"""Putting a warning off, as a project leader does it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.warnings import AnswerKind, Warning
from hto_track.rules.warnings import WarningCode
from hto_track.services.policy import CONSOLE
from hto_track.services.warning_answers import answer_warning
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
    return f"{why_of(warning_id, code)}/uitstellen"


def why_of(warning_id: int, code: str = "C1-01") -> str:
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


class TestWhy:
    def test_it_says_the_rule_the_figures_and_what_happened(self, sign_in: SignIn, cast: Cast, warning_id: int) -> None:
        page = sign_in(cast.bram).get(why_of(warning_id)).text.replace("\u00a0", " ")
        assert "Stage-uren wachten 14 dagen of langer op hun begeleider." in page
        assert "3 uur wacht al 69 dagen op school" in page
        assert "Het begon" in page
        assert "<title" in page and 'class="share-now"' in page
        assert "Bel mij" in page

    def test_the_participant_answers_and_the_leader_sees_it(self, sign_in: SignIn, cast: Cast, warning_id: int) -> None:
        page = submit(
            sign_in(cast.bram), why_of(warning_id), form="antwoord", answer="call_me", note="Na zessen", follow=True
        )
        assert "Je projectleider krijgt een mail dat je graag gebeld wordt." in page.text
        assert "Je wilt graag gebeld worden" in page.text
        for path in ("/groepen/C-1", "/deelnemers/C1-01", why_of(warning_id)):
            seen = sign_in(cast.anja).get(path).text
            assert "Belt graag" in seen, path
        assert "Na zessen" in seen

    def test_an_answer_is_undone(self, sign_in: SignIn, cast: Cast, warning_id: int) -> None:
        bram = sign_in(cast.bram)
        submit(bram, why_of(warning_id), form="antwoord", answer="planned", note="")
        page = submit(bram, why_of(warning_id), form="/terug", follow=True)
        assert "Je antwoord is teruggenomen." in page.text
        assert "Jij hebt het gepland" not in page.text

    def test_a_note_that_is_too_long_is_said_at_its_field_and_kept(
        self, sign_in: SignIn, cast: Cast, warning_id: int
    ) -> None:
        page = submit(sign_in(cast.bram), why_of(warning_id), form="antwoord", answer="seen", note="x" * 501)
        assert page.status_code == 422
        assert "x" * 501 in page.text
        assert 'id="e-note"' in page.text

    def test_an_answer_that_there_is_not_is_bad(self, sign_in: SignIn, cast: Cast, warning_id: int) -> None:
        assert submit(sign_in(cast.bram), why_of(warning_id), form="antwoord", answer="never").status_code == 400

    def test_who_guides_reads_why_and_others_find_nothing(self, sign_in: SignIn, cast: Cast, warning_id: int) -> None:
        for actor, status in ((cast.anja, 200), (cast.chaima, 200), (cast.otto, 404), (cast.els, 403)):
            assert sign_in(actor).get(why_of(warning_id)).status_code == status
        assert sign_in(cast.anja).get(why_of(warning_id, "C1-02")).status_code == 404

    def test_a_page_costs_the_same_queries_however_long_the_history(
        self, sign_in: SignIn, cast: Cast, warning_id: int, count_queries: Callable[..., object]
    ) -> None:
        leader = sign_in(cast.anja)
        leader.get(why_of(warning_id))
        counts = []
        for _round in range(2):
            with count_queries() as queries:  # type: ignore[attr-defined]
                leader.get(why_of(warning_id))
            counts.append(len(queries))
            for kind in (AnswerKind.SEEN, AnswerKind.PLANNED):
                answer_warning(cast.bram, "C1-01", warning_id, kind, "")
        assert counts[0] == counts[1] <= 25
