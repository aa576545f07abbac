"""The page "Wie ziet wat": its sentences follow the policy, and sharing is turned on and off there."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.ledger import OutboxMail
from hto_track.models.privacy import EmployerShare, Reading, Seen
from hto_track.services import policy
from hto_track.services.policy import Action
from hto_track.services.readings import note_reading
from hto_track.services.sharing import share_with_employer, stop_sharing
from hto_track.services.transaction import writing
from hto_track.services.who_sees import who_sees
from hto_track.web.pictures.who_sees import (
    ABOUT_YOU,
    LOOKS_SHOWN,
    NOT_ABOUT_YOU,
    SEEN,
    TITLES,
    hour_in_words,
    what_is_seen,
    who_sees_picture,
)
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

PAGE = "/wie-ziet-wat"


def in_force() -> list[str]:
    """The addresses that are shared with."""
    return list(db.session.scalars(select(EmployerShare.email).where(EmployerShare.ended_at.is_(None))))


class TestSentences:
    """From the policy to plain words."""

    def test_every_action_of_the_policy_says_what_it_means_for_a_participant_or_that_it_means_nothing(self) -> None:
        assert set(ABOUT_YOU) | NOT_ABOUT_YOU == set(Action)
        assert not set(ABOUT_YOU) & NOT_ABOUT_YOU
        assert all(about.sees or about.does for about in ABOUT_YOU.values())

    def test_there_are_words_for_every_party_and_everything_that_is_looked_at(self) -> None:
        assert set(TITLES) == set(Role) - {Role.PARTICIPANT}
        assert set(SEEN) == set(Seen)

    def test_the_page_says_what_the_policy_lets_each_party_do_and_changes_with_it(
        self, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client, sentence = sign_in(cast.bram), "Je stage-uren die op antwoord wachten"
        assert client.get(PAGE).text.count(sentence) == 3, (
            "the college's and twice the supervisor's: in short and in full"
        )
        monkeypatch.setitem(policy.POLICY, Action.DECIDE_HOURS, frozenset())
        assert sentence not in client.get(PAGE).text

    def test_an_employer_sees_the_load_and_an_observer_figures_and_nothing_else(self, dutch: None) -> None:
        def sees(role: Role) -> list[str]:
            return list(map(str, what_is_seen(action for action in Action if role in policy.POLICY[action])[0]))

        assert sees(Role.EMPLOYER) == ["Je belasting per week, je ruimte en je eerstvolgende drukke week"]
        assert sees(Role.OBSERVER) == ["Cijfers van je groep, zonder namen"]

    @pytest.mark.parametrize(
        ("hour", "said"),
        [
            (datetime(2026, 6, 14, 12, tzinfo=UTC), "vandaag om 14 uur"),
            (datetime(2026, 6, 13, 7, tzinfo=UTC), "gisteren om 9 uur"),
            (datetime(2026, 6, 12, 22, tzinfo=UTC), "gisteren om 0 uur"),
            (datetime(2026, 6, 3, 12, tzinfo=UTC), "wo 3 juni om 14 uur"),
        ],
    )
    def test_an_hour_is_said_in_amsterdam(self, hour: datetime, said: str, dutch: None) -> None:
        assert hour_in_words(hour, TODAY) == said


@pytest.fixture
def dutch(sqlite_app: Flask) -> Iterator[None]:
    """Everything is said in Dutch."""
    with force_locale("nl"):
        yield


class TestThePage:
    """What the participant reads."""

    def test_people_are_named_with_since_when_and_who_looked(self, cast: Cast, sign_in: SignIn) -> None:
        note_reading(cast.anja, Seen.TRAJECT, participant_id=cast.participant_id)
        note_reading(cast.chaima, Seen.COHORT, cohort_id=cast.cohort_id)
        page = _plain(sign_in(cast.bram).get(PAGE).text)
        assert "Dirk Mulder Vakcollege Zuid · sinds 1 apr 2026" in page
        assert "Anja Bos sinds 14 jun 2026" in page
        assert re.search(r"Anja Bos bekeek je traject , vandaag om \d+ uur", page)
        assert re.search(r"Chaima Aziz bekeek de hele groep , vandaag om \d+ uur", page)

    def test_nothing_of_another_is_on_it(self, cast: Cast, sign_in: SignIn) -> None:
        page = sign_in(cast.bram).get(PAGE).text
        assert not any(name in page for name in ("Otto", "Piet", "Noor", "Karel"))

    def test_parties_with_nobody_in_them_stand_on_one_line(self, cast: Cast, sign_in: SignIn) -> None:
        page = sign_in(cast.bram).get(PAGE).text
        assert "Nu niemand: examencommissie, werkgever." in page
        assert page.count('class="party"') == 6
        share_with_employer(cast.bram, "els@example.org")
        page = sign_in(cast.bram).get(PAGE).text
        assert "Nu niemand: examencommissie." in page
        assert page.count('class="party"') == 7

    def test_on_a_phone_a_link_at_the_top_leads_to_sharing(self, cast: Cast, sign_in: SignIn) -> None:
        page = sign_in(cast.bram).get(PAGE).text
        assert page.index('href="#sharing"') < page.index('id="parties"') < page.index('id="sharing"')

    def test_sharing_is_off_until_it_is_turned_on(self, cast: Cast, sign_in: SignIn) -> None:
        page = _plain(sign_in(cast.bram).get(PAGE).text)
        assert "Delen met je werkgever Uit" in page
        assert "Zet uit" not in page

    def test_only_the_latest_looks_are_shown_and_the_others_counted(self, cast: Cast, dutch: None) -> None:
        with writing() as session:
            for hour in range(LOOKS_SHOWN + 3):
                session.add(
                    Reading(
                        reader=cast.anja.ref,
                        seen=Seen.TRAJECT,
                        subject_key=f"participant/{cast.participant_id}",
                        participant_id=cast.participant_id,
                        hour=datetime(2026, 6, 1, hour, tzinfo=UTC),
                    )
                )
        page = who_sees_picture(who_sees(cast.bram), TODAY)
        assert len(page.looks) == LOOKS_SHOWN
        assert page.earlier == "En 3 keer eerder."

    def test_a_placement_to_come_is_said_with_from(self, cast: Cast, dutch: None) -> None:
        page = who_sees_picture(who_sees(cast.bram), date(2026, 3, 20))
        supervisor = next(party for party in page.parties if party.title == "Stagebegeleider op school")
        assert supervisor.people[0].details.endswith("vanaf 1 apr 2026")


class TestSharing:
    """On and off, by forms."""

    def test_an_address_is_typed_and_shared_with_and_can_be_undone(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        answer = submit(client, PAGE, form="share", email="els@example.org")
        assert answer.status_code == 302
        assert in_force() == ["els@example.org"]
        page = client.get(PAGE)
        assert "Je deelt je belasting met els@example.org" in page.text
        assert "Ongedaan maken" in page.text
        submit(client, PAGE, form="/stop")
        assert in_force() == []

    def test_off_is_at_once_and_its_undo_shares_again(self, cast: Cast, sign_in: SignIn) -> None:
        made = share_with_employer(cast.bram, "els@example.org")
        client = sign_in(cast.bram)
        els = sign_in(cast.els)
        assert "Bram de Wit" in els.get("/gedeeld").text
        submit(client, PAGE, form="/stop")
        assert "Bram" not in els.get("/gedeeld").text
        page = client.get(PAGE).text
        assert "els@example.org ziet niets meer van jou" in page
        assert page.count(f"{PAGE}/werkgevers/{made.id}/weer") == 2, "beside the address, and to undo"
        submit(client, PAGE, form="/weer")
        assert "Bram de Wit" in els.get("/gedeeld").text

    def test_the_same_form_twice_shares_once(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        form = next(form for form in forms_of(client.get(PAGE)) if form.id == "share")
        for _time in range(2):
            client.post(form.action, data=form.values | {"email": "els@example.org"})
        assert in_force() == ["els@example.org"]
        assert len(db.session.scalars(select(OutboxMail)).all()) == 1

    @pytest.mark.parametrize("address", ["", "els", "bram@example.org", "els@example.org\r\nBcc: x@example.org"])
    def test_a_bad_address_is_told_at_its_field_and_kept(self, cast: Cast, sign_in: SignIn, address: str) -> None:
        client = sign_in(cast.bram)
        answer = submit(client, PAGE, form="share", email=address)
        assert answer.status_code == 422
        assert "<title>Fout: Wie ziet wat" in answer.text
        assert 'id="e-email"' in answer.text
        assert in_force() == []

    def test_what_another_shares_is_not_there_for_who_shares_nothing(self, cast: Cast, sign_in: SignIn) -> None:
        made = share_with_employer(cast.bram, "els@example.org")
        for actor, share_id, answer in ((cast.bram, made.id + 9, 404), (cast.anja, made.id, 403)):
            client = sign_in(actor)
            token = forms_of(client.get("/account"))[0].values["csrf_token"]
            for action in ("stop", "weer"):
                path = f"{PAGE}/werkgevers/{share_id}/{action}"
                assert client.post(path, data={"csrf_token": token}).status_code == answer
        assert in_force() == ["els@example.org"]

    def test_beyond_the_most_a_known_address_is_refused_on_the_page(self, cast: Cast, sign_in: SignIn) -> None:
        first = share_with_employer(cast.bram, "een@example.org")
        stop_sharing(cast.bram, first.id)
        for number in range(5):
            share_with_employer(cast.bram, f"e{number}@example.org")
        client = sign_in(cast.bram)
        page = submit(client, PAGE, form=f"/{first.id}/weer", follow=True)
        assert "Je deelt al met 5 adressen" in page.text


def _plain(html: str) -> str:
    """The words of a page, each once apart."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())
