"""Planning without script: the year, a lesson with what another date would mean, and what comes of a refusal."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort, SchoolHoliday
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant, Pause
from hto_track.rules.calendar import Region
from hto_track.rules.facts import Mark
from hto_track.services import lesson_news_texts
from hto_track.services.transaction import writing
from hto_track.web.urls import PAGES
from tests import cast as parts
from tests.cast import Cast
from tests.services.planning_cases import TO_COME, assignment, evening, mark, move, stands, tie
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, send_by_hand, submit

YEAR = "/groepen/C-1/planning"
LESSON = f"{YEAR}/les/3"
WEDNESDAY = date(2026, 9, 9)


def asked(day: str, starts: str = "18:30", ends: str = "21:30") -> str:
    return f"{LESSON}?op={day}&van={starts}&tot={ends}"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\xa0", " ")


class TestYear:
    def test_each_lesson_is_a_link_on_its_day(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.chaima), YEAR)
        assert "Nog 1 les te gaan" in page
        assert 'data-day="2026-09-01"' in page
        assert 'aria-label="Les 3, di 1 september, 18.30–21.30 uur, Les 3"' in page

    def test_holidays_and_due_dates_are_named_in_their_month(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.chaima), YEAR)
        assert "Zomervakantie: 11 juli t/m 23 augustus" in page
        assert "Koningsdag: 27 april" in page
        assert "Inleveren: A1 op 3 juli" in page
        assert 'data-said="ma 27 april, Koningsdag, Meivakantie"' in page

    def test_a_lesson_that_clashes_is_counted_and_marked(self, cast: Cast, sign_in: SignIn) -> None:
        with writing() as session:
            session.add(
                SchoolHoliday(
                    school_year="2026-2027",
                    region=Region.ZUID,
                    name="Extra week",
                    first_day=date(2026, 9, 1),
                    last_day=date(2026, 9, 4),
                )
            )
        page = text_of(sign_in(cast.chaima), YEAR)
        assert "Nog 1 les te gaan, bij 1 botst er iets" in page
        assert "Het valt in een schoolvakantie: Extra week." in page
        assert 'class="les warn"' in page

    def test_the_list_tells_what_became_of_a_lesson(self, cast: Cast, sign_in: SignIn) -> None:
        move(cast, WEDNESDAY, reason="Lokaal bezet")
        page = text_of(sign_in(cast.anja), YEAR)
        assert "Stond op di 1 september, 18.30–21.30 uur, verplaatst op zo 14 jun" in page
        assert "door Chaima Aziz: Lokaal bezet" in page

    def test_a_cohort_without_lessons_says_what_to_do(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.otto), "/groepen/C-2/planning")
        assert "Nog geen lessen" in page and "Voeg de eerste les toe" in page

    def test_its_queries_do_not_grow_with_lessons(
        self, cast: Cast, sign_in: SignIn, count_queries: Callable[[], AbstractContextManager[list[str]]]
    ) -> None:
        client = sign_in(cast.chaima)
        client.get(YEAR)
        with count_queries() as few:
            client.get(YEAR)
        with writing() as session:
            for number in range(4, 24):
                day = date(2026, 10, number)
                session.add(
                    Lesson(
                        cohort_id=cast.cohort_id,
                        number=number,
                        held_on=day,
                        starts_at=time(9),
                        ends_at=time(12),
                        state=LessonState.PLANNED,
                    )
                )
        move(cast, WEDNESDAY)
        with count_queries() as many:
            client.get(YEAR)
        assert len(many) == len(few) <= 14


class TestPreview:
    def test_it_shows_before_and_after_and_who_gets_a_mail(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.chaima), asked("2026-09-09"))
        assert "Er is niets tegen deze dag." in page
        assert "2 deelnemers en 2 collega’s krijgen één mail" in page
        assert "Verplaats les 3 naar wo 9 september" in page
        assert stands(cast).slot.on == date(2026, 9, 1)

    @pytest.mark.parametrize(
        ("typed", "on"),
        [("9-9", WEDNESDAY), ("9 sept", WEDNESDAY), ("20-10-2026", date(2026, 10, 20)), ("1-12", date(2026, 12, 1))],
    )
    def test_a_date_is_typed_as_people_write_it(self, cast: Cast, sign_in: SignIn, typed: str, on: date) -> None:
        assert f'name="op" value="{on.isoformat()}"' in text_of(sign_in(cast.chaima), asked(typed))

    @pytest.mark.parametrize(
        ("day", "starts", "ends", "said"),
        [
            ("morgenochtend", "18:30", "21:30", "Vul een datum in zoals 17-11-2026."),
            ("2026-09-09", "half zeven", "21:30", "Vul een tijd in zoals 18:30."),
            ("2026-09-09", "18:30", "", "Vul een tijd in zoals 21:30."),
            ("2026-09-09", "21:30", "18:30", "Het einde ligt voor het begin."),
            ("2026-03-08", "18:30", "21:30", "De groep begint op 9 mrt 2026."),
            ("2026-12-19", "18:30", "21:30", "Alleen de projectleider en de administratie"),
            ("2026-04-14", "20:00", "22:00", "Op dat tijdstip is les 2."),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field_and_has_no_button(
        self, cast: Cast, sign_in: SignIn, day: str, starts: str, ends: str, said: str
    ) -> None:
        page = text_of(sign_in(cast.chaima), asked(day, starts, ends))
        assert said in page and "<title>Fout:" in page
        assert "Verplaats les 3" not in page

    def test_what_is_against_it_is_said_and_no_refusal(self, cast: Cast, sign_in: SignIn) -> None:
        with writing() as session:
            session.add(Pause(participant_id=cast.participant_id, start_on=date(2026, 3, 30), end_on=date(2026, 4, 10)))
            other = session.get_one(Cohort, cast.other_cohort_id)
            session.add(
                Lesson(
                    cohort_id=other.id,
                    number=1,
                    held_on=date(2026, 4, 6),
                    starts_at=time(20),
                    ends_at=time(22),
                    state=LessonState.PLANNED,
                )
            )
        said = (
            "Ma 6 april is een feestdag: Tweede paasdag.",
            "Groep C-2 heeft daar dan les.",
            "Hij gaat voorbij les 2: de nummers",
            "Bram de Wit heeft dan pauze.",
        )
        page = text_of(sign_in(cast.chaima), asked("2026-04-06"))
        assert [sentence for sentence in said if sentence not in page] == []
        assert "Verplaats les 3 naar ma 6 april" in page

    def test_a_leader_of_one_cohort_is_not_told_of_another(self, cast: Cast, sign_in: SignIn) -> None:
        with writing() as session:
            session.add(
                Lesson(
                    cohort_id=cast.other_cohort_id,
                    number=1,
                    held_on=WEDNESDAY,
                    starts_at=time(20),
                    ends_at=time(22),
                    state=LessonState.PLANNED,
                )
            )
        page = text_of(sign_in(cast.anja), asked("2026-09-09"))
        assert "Een andere groep van de hogeschool heeft daar dan les." in page
        assert "C-2" not in page

    def test_several_due_dates_of_that_week_are_named(self, cast: Cast, sign_in: SignIn) -> None:
        tie(due_on=date(2026, 9, 10))
        with writing() as session:
            first = assignment()
            session.add(
                type(first)(
                    cohort_id=cast.cohort_id,
                    code="A2",
                    title="Een toets maken",
                    opens_on=date(2026, 8, 1),
                    due_on=date(2026, 9, 7),
                    estimated_minutes=60,
                    mandatory=True,
                )
            )
        assert "In week 37 moeten ook de opdrachten A2 en A1 af." in text_of(sign_in(cast.anja), asked("2026-09-09"))

    def test_the_room_of_the_cohort_before_and_after_is_shown(self, cast: Cast, sign_in: SignIn) -> None:
        with writing() as session:
            for person in session.scalars(select(Participant).where(Participant.cohort_id == cast.cohort_id)):
                person.study_weekly_minutes = 6 * 60
        page = text_of(sign_in(cast.anja), asked("2026-09-09"))
        assert "Boven de ruimte in deze weken: 2 → 2 deelnemers" in page
        weeks = [line for line in page.splitlines() if "Week 3" in line]
        assert len(weeks) == 1
        assert "Week 36" in weeks[0] and "<td>2</td><td>0</td>" in weeks[0]
        assert "Week 37" in weeks[0] and "<td>0</td><td>2</td>" in weeks[0]

    def test_who_announced_not_to_come_is_counted(self, cast: Cast, sign_in: SignIn) -> None:
        mark(cast, TO_COME, Mark.EXCUSED)
        assert "1 deelnemer heeft zich afgemeld" in text_of(sign_in(cast.anja), asked("2026-09-09"))

    def test_of_a_lesson_that_stays_in_the_past_nobody_is_told(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.anja), f"{YEAR}/les/2?op=2026-04-15&van=18:30&tot=21:30")
        assert "Niemand krijgt een mail" in page

    def test_its_queries_do_not_grow_with_people(
        self, cast: Cast, sign_in: SignIn, count_queries: Callable[[], AbstractContextManager[list[str]]]
    ) -> None:
        client, path = sign_in(cast.chaima), asked("2026-09-09")
        client.get(path)
        with writing():
            """What was kept of the cohort is old now."""
        with count_queries() as few:
            client.get(path)
        with writing() as session:
            cohort = session.get_one(Cohort, cast.cohort_id)
            for number in range(3, 12):
                parts.enrol(session, cohort, f"C1-{number:02}", f"Deelnemer{number}", None, "Test")
        with count_queries() as many:
            client.get(path)
        assert len(many) == len(few)


class TestStoring:
    def test_a_move_is_stored_said_and_undone(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        page = submit(client, asked("2026-09-09"), form="/les/3", follow=True, reden="Lokaal bezet")
        assert "Les 3 staat nu op wo 9 september" in unescape(page.text)
        assert stands(cast).slot == evening(WEDNESDAY)
        undo = next(form for form in forms_of(page) if "/terug/" in form.action)
        answer = client.post(undo.action, data=undo.values, follow_redirects=True)
        assert "Les 3 staat nu op di 1 september" in unescape(answer.text)
        assert stands(cast).slot == evening(date(2026, 9, 1))

    def test_sent_twice_it_is_carried_out_once(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        form = next(form for form in forms_of(client.get(asked("2026-09-09"))) if "seen" in form.values)
        first = client.post(form.action, data=form.values)
        move(cast, date(2026, 9, 15), by=cast.anja)
        assert client.post(form.action, data=form.values).location == first.location
        assert stands(cast).slot.on == date(2026, 9, 15)

    def test_the_second_planner_sees_what_stands_and_what_was_wanted(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        form = next(form for form in forms_of(client.get(asked("2026-09-09"))) if "seen" in form.values)
        move(cast, date(2026, 9, 15), by=cast.anja)
        answer = client.post(form.action, data=form.values)
        page = unescape(answer.text).replace("\xa0", " ")
        assert answer.status_code == 422
        assert "er staat nu ‘15 sep 2026, 18.30–21.30 uur’, jij koos ‘9 sep 2026, 18.30–21.30 uur’" in page
        assert stands(cast).slot.on == date(2026, 9, 15)
        again = next(form for form in forms_of(answer) if "seen" in form.values)
        client.post(again.action, data=again.values)
        assert stands(cast).slot.on == WEDNESDAY

    def test_a_later_due_date_is_ticked_and_an_earlier_one_is_not(self, cast: Cast, sign_in: SignIn) -> None:
        tie(due=TO_COME, due_on=date(2026, 9, 1))
        client = sign_in(cast.chaima)
        later = next(form for form in forms_of(client.get(asked("2026-09-09"))) if "seen" in form.values)
        assert later.values["mee"] == ["A1/due/2026-09-01"]
        page = client.get(asked("2026-08-25"))
        earlier = next(form for form in forms_of(page) if "seen" in form.values)
        assert "mee" not in earlier.values
        assert "Dat is eerder" in unescape(page.text)
        client.post(later.action, data=later.values)
        assert assignment().due_on == date(2026, 9, 9)

    def test_what_was_ticked_stays_so_when_it_is_refused(self, cast: Cast, sign_in: SignIn) -> None:
        tie(due=TO_COME, due_on=date(2026, 9, 1))
        client = sign_in(cast.chaima)
        form = next(form for form in forms_of(client.get(asked("2026-09-09"))) if "seen" in form.values)
        values = {name: value for name, value in form.values.items() if name != "mee"}
        move(cast, date(2026, 9, 15), by=cast.anja)
        again = next(form for form in forms_of(client.post(form.action, data=values)) if "seen" in form.values)
        assert "mee" not in again.values

    def test_the_administration_may_let_the_cohort_end_later(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.hanna)
        page = submit(client, asked("2026-12-19"), form="/les/3")
        assert page.status_code == 422
        assert "De groep eindigt op 18 dec 2026." in unescape(page.text)
        done = submit(client, asked("2026-12-19"), form="/les/3", follow=True, einde="ja")
        assert "De groep eindigt nu op 19 december." in unescape(done.text)

    def test_a_date_that_no_page_offers_is_not_there(self, cast: Cast, sign_in: SignIn) -> None:
        answer = send_by_hand(
            sign_in(cast.chaima), LESSON, op="2026-09-09", van="18:30", tot="21:30", seen="", mee="A1/when/2026"
        )
        assert answer.status_code == 404

    def test_cancelling_without_a_reason_asks_for_one(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        answer = submit(client, LESSON, form="vervalt", waarom=" ")
        assert answer.status_code == 422
        assert 'href="#f-waarom"' in answer.text
        assert not stands(cast).cancelled

    def test_a_cancelled_lesson_says_why_and_can_take_place_after_all(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        page = submit(client, LESSON, form="vervalt", follow=True, waarom="Docent ziek")
        assert "Gaat niet door: Docent ziek" in unescape(page.text)
        assert "Deze les is vervallen. Docent ziek" in text_of(client, LESSON)
        submit(client, asked("2026-09-01"), form="/les/3")
        assert not stands(cast).cancelled

    def test_a_lesson_that_was_given_offers_no_cancelling(self, cast: Cast, sign_in: SignIn) -> None:
        mark(cast, 2)
        page = text_of(sign_in(cast.chaima), f"{YEAR}/les/2")
        assert "kan niet meer vervallen" in page and "/vervalt" not in page

    def test_a_lesson_is_added_with_the_usual_times(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.chaima)
        assert 'value="18:30"' in text_of(client, f"{YEAR}/nieuw")
        path = f"{YEAR}/nieuw?op=9-9&van=18:30&tot=21:30&titel=Terugkomavond"
        assert "Voeg les 4 toe op wo 9 september" in text_of(client, path)
        submit(client, path, form="/nieuw")
        assert (stands(cast, 4).slot, stands(cast, 4).title) == (evening(WEDNESDAY), "Terugkomavond")

    def test_a_title_is_changed(self, cast: Cast, sign_in: SignIn) -> None:
        submit(sign_in(cast.chaima), LESSON, form="titel", titel="Toetsen maken")
        assert stands(cast).title == "Toetsen maken"


def test_links_in_mails_lead_to_pages() -> None:
    rules = {page.rule for page in PAGES if "GET" in page.methods}
    assert {lesson_news_texts.AGENDA_PAGE, lesson_news_texts.PLANNING_PAGE.format(cohort="<cohort_code>")} <= rules


def test_a_lesson_that_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.chaima).get(f"{YEAR}/les/99").status_code == 404
    assert db.session.is_active
