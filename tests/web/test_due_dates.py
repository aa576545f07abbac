"""Moving the dates of an assignment without script: what it would mean, what comes of a refusal, and the way back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import Assignment, Extension
from hto_track.models.cohorts import SchoolHoliday
from hto_track.models.participants import Participant
from hto_track.rules.calendar import Region
from hto_track.services.assignments import record_submission
from hto_track.services.transaction import writing
from tests import cast as parts
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.due_date_cases import NEW_DUE, WAS, due, move, standing
from tests.services.planning_cases import TO_COME, tie
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

PAGE = "/groepen/C-1/opdrachten/A1/datums"
Counting = Callable[[], AbstractContextManager[list[str]]]


def asked(due_on: str, opens_on: str = "1-6-2026") -> str:
    return f"{PAGE}?inleveren={due_on}&opent={opens_on}"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\xa0", " ")


def give_room(hours: float) -> None:
    with writing() as session:
        for person in session.scalars(select(Participant)):
            person.study_weekly_minutes = round(hours * 60)


class TestPreview:
    def test_the_page_begins_with_the_dates_that_stand(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.anja), PAGE)
        assert "Wanneer moet ‘Een les ontwerpen’ af?" in page
        assert "3 jul 2026" in page and 'value="03-07-2026"' in page
        assert "Verplaats naar" not in page

    def test_it_says_how_many_are_above_their_room_before_and_after_and_who(self, cast: Cast, sign_in: SignIn) -> None:
        give_room(7.5)
        page = text_of(sign_in(cast.anja), asked("17-7"))
        assert "2 → 0" in page and "deelnemers boven de ruimte in deze weken" in page
        assert "Niet meer boven de ruimte: Bram de Wit en Noor Visser." in page
        assert "Verplaats naar vr 17 juli" in page
        assert "2 deelnemers en 2 collega’s krijgen één mail met alle wijzigingen" in page
        assert standing() == WAS

    def test_the_weeks_are_a_picture_and_a_table(self, cast: Cast, sign_in: SignIn) -> None:
        give_room(7.5)
        page = text_of(sign_in(cast.anja), asked("17-7"))
        assert 'role="img"' in page and "week 25: 2 → 0" in page
        assert "<caption>Deelnemers boven hun ruimte.</caption>" in page
        assert page.count('class="pair-before"') > 3

    @pytest.mark.parametrize("typed", ["17-7", "17 juli", "2026-07-17", "17/7/2026"])
    def test_a_date_is_typed_as_people_write_it(self, cast: Cast, sign_in: SignIn, typed: str) -> None:
        assert 'name="inleveren" value="2026-07-17"' in text_of(sign_in(cast.chaima), asked(typed))

    @pytest.mark.parametrize(
        ("due_on", "opens_on", "said"),
        [
            ("binnenkort", "1-6-2026", "Vul een datum in zoals 17-11-2026."),
            ("10-7-2026", "", "Vul een datum in zoals 17-11-2026."),
            ("13-6-2026", "1-6-2026", "Deze datum is voorbij."),
            ("10-7-2026", "11-7-2026", "Zo moet het af zijn voordat het start."),
            ("10-7-2026", "1-3-2026", "De groep begint op 9 mrt 2026."),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field_and_has_no_button(
        self, cast: Cast, sign_in: SignIn, due_on: str, opens_on: str, said: str
    ) -> None:
        page = text_of(sign_in(cast.anja), asked(due_on, opens_on))
        assert said in page and "<title>Fout:" in page
        assert "Verplaats naar" not in page

    def test_what_is_against_it_is_said_and_no_refusal(self, cast: Cast, sign_in: SignIn) -> None:
        with writing() as session:
            parts.stored(
                session,
                Assignment(
                    cohort_id=cast.cohort_id,
                    code="A2",
                    title="Een toets maken",
                    opens_on=date(2026, 6, 1),
                    due_on=date(2026, 7, 17),
                    estimated_minutes=60,
                    mandatory=True,
                ),
            )
            session.add(
                SchoolHoliday(
                    school_year="2026-2027",
                    region=Region.ZUID,
                    name="Extra week",
                    first_day=date(2026, 7, 17),
                    last_day=date(2026, 7, 18),
                )
            )
        page = text_of(sign_in(cast.anja), asked("17-7"))
        assert "Extra week" in page and "Op die dag moet ook opdracht A2 af." in page
        assert "Verplaats naar vr 17 juli" in page
        sooner = text_of(sign_in(cast.anja), asked("26-6"))
        assert "Dat is eerder: deelnemers krijgen minder tijd." in sooner
        assert "De groep is dan al afgelopen." in text_of(sign_in(cast.anja), asked("31-12-2026"))

    def test_whose_date_stays_is_named(self, cast: Cast, sign_in: SignIn) -> None:
        record_submission(cast.chaima, cast.neighbour, "A1", TODAY, TODAY)
        with writing() as session:
            session.add(
                Extension(participant_id=cast.participant_id, assignment_id=cast.assignment_id, due_on=date(2026, 7, 8))
            )
        page = text_of(sign_in(cast.anja), asked("10-7"))
        assert "Bram de Wit heeft uitstel tot wo 8 juli. Dat blijft zo. Dat is eerder dan de nieuwe datum" in page
        assert "Al ingeleverd, dus voor Noor Visser verandert er niets." in page
        assert "0 deelnemers en 2 collega’s" in page
        assert "Dat is eerder dan de nieuwe datum" not in text_of(sign_in(cast.anja), asked("7-7"))

    def test_better_dates_near_by_lead_to_what_they_would_mean(self, cast: Cast, sign_in: SignIn) -> None:
        give_room(7.5)
        client = sign_in(cast.anja)
        page = text_of(client, PAGE)
        assert "Dagen in de buurt die beter passen" in page
        assert "2 → 0 boven de ruimte, samen" in page
        [first, *_rest] = [
            part.split('"')[0] for part in page.split('href="')[1:] if "inleveren=" in part.split('"')[0]
        ]
        assert "Verplaats naar" in text_of(client, first)

    def test_a_date_that_hangs_on_a_lesson_says_so(self, cast: Cast, sign_in: SignIn) -> None:
        tie(due=TO_COME, due_on=date(2026, 9, 4))
        assert "Deze datum hoort bij les 3, op di 1 september. Dat blijft zo" in text_of(sign_in(cast.anja), PAGE)

    def test_its_queries_do_not_grow_with_people(self, cast: Cast, sign_in: SignIn, count_queries: Counting) -> None:
        client = sign_in(cast.anja)
        client.get(asked("17-7"))
        with writing() as session:
            session.add(Extension(participant_id=cast.participant_id, assignment_id=1, due_on=date(2026, 7, 8)))
        with count_queries() as few:
            client.get(asked("17-7"))
        with writing() as session:
            cohort = session.get_one(parts.Cohort, cast.cohort_id)
            for number in range(10, 25):
                parts.enrol(session, cohort, f"C1-{number}", f"Naam{number}", None, "Jansen")
        move(cast, due(NEW_DUE), by=cast.chaima)
        with count_queries() as many:
            client.get(asked("17-7"))
        assert len(many) == len(few) <= 26


class TestMoving:
    def test_one_button_stores_it_and_one_gives_it_back(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.anja)
        answer = submit(client, asked("10-7"), form=PAGE, follow=True, reden="Toetsweek op school")
        page = unescape(answer.text)
        assert "‘Een les ontwerpen’ moet nu af op vr 10 juli." in page.replace("\xa0", " ")
        assert standing() == due(NEW_DUE)
        [undo] = [form for form in forms_of(answer) if "/terug/" in form.action]
        after = client.post(undo.action, data={"csrf_token": undo.values["csrf_token"][0]}, follow_redirects=True)
        assert "moet nu af op vr 3 juli" in unescape(after.text)
        assert standing() == WAS

    def test_the_history_tells_who_and_why(self, cast: Cast, sign_in: SignIn) -> None:
        move(cast, due(NEW_DUE), reason="Toetsweek")
        page = text_of(sign_in(cast.chaima), PAGE)
        assert "Moest af op vr 3 juli, verzet op zo 14 jun" in page
        assert "door Anja Bos: Toetsweek" in page

    def test_who_comes_second_sees_both_and_chooses(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        shown = client.get(asked("7-7"))
        move(cast, due(NEW_DUE))
        [form] = [form for form in forms_of(shown) if form.method == "post" and form.action == PAGE]
        sent = {name: values[0] for name, values in form.values.items()} | {"reden": "Anders"}
        answer = client.post(PAGE, data=sent)
        page = unescape(answer.text).replace("\xa0", " ")
        assert answer.status_code == 422
        assert (
            "Iemand anders heeft deze datums intussen verzet: het start nu op 1 jun 2026 en moet af op 10 jul 2026"
            in page
        )
        assert "Verplaats naar di 7 juli" in page and 'value="Anders"' in page
        assert standing() == due(NEW_DUE)
        submit(client, asked("7-7"), form=PAGE)
        assert standing().due_on == date(2026, 7, 7)

    def test_what_somebody_moved_while_one_was_choosing_is_not_lost(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        [form] = [form for form in forms_of(client.get(PAGE)) if form.method == "get" and "inleveren" in form.values]
        move(cast, due(NEW_DUE))
        answer = submit(client, f"{PAGE}?{urlencode(form.values | {'inleveren': ['7-7']}, doseq=True)}", form=PAGE)
        assert answer.status_code == 422 and "intussen verzet" in answer.text
        assert standing() == due(NEW_DUE)

    def test_a_form_that_cannot_be_read_stores_nothing(self, cast: Cast, sign_in: SignIn) -> None:
        answer = submit(sign_in(cast.anja), asked("7-7"), form=PAGE, inleveren="nooit")
        assert answer.status_code == 422 and "Vul een datum in" in unescape(answer.text)
        assert standing() == WAS


class TestWays:
    def test_the_planning_leads_there(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.anja), "/groepen/C-1/planning")
        assert f'href="{PAGE}"' in page and "Start 1 jun, inleveren 3 jul" in page
        assert PAGE not in text_of(sign_in(cast.gijs), "/groepen/C-1/planning"), "an administrator may not move them"

    def test_the_assignment_leads_there(self, cast: Cast, sign_in: SignIn) -> None:
        assert f'href="{PAGE}"' in text_of(sign_in(cast.chaima), "/groepen/C-1/opdrachten/A1")

    def test_the_participant_sees_the_new_date(self, cast: Cast, sign_in: SignIn) -> None:
        move(cast, due(NEW_DUE))
        db.session.rollback()
        assert "10 juli" in text_of(sign_in(cast.bram), "/opdrachten")
