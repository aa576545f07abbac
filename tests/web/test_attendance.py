"""Recording attendance without script: a row is a button, what it gives is its value, and what comes of a refusal."""

import re
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.lessons import Attendance
from hto_track.models.programmes import Programme
from hto_track.rules.facts import Mark
from hto_track.services.absences import announce_absence
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.make_ups import MakeUpAsked, record_make_up
from tests.access.calls import NOW
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import Form, forms_of, send_by_hand, submit

LIST = "/groepen/C-1/lessen/2"
TO_COME = "/groepen/C-1/lessen/3"


def marks() -> dict[int, Mark]:
    """Every mark that is stored, by participant."""
    return {row.participant_id: row.mark for row in db.session.scalars(select(Attendance))}


def note(cast: Cast, mark: Mark, *, of: str, seen: Mark | None = None, lesson: int = 2) -> None:
    """Somebody else notes a mark."""
    change = MarkChange(participant=of, seen=seen, mark=mark)
    record_marks(cast.anja, cast.cohort, lesson, [change], TODAY)


def row_form(page: TestResponse, code: str) -> Form:
    """The form of a row."""
    return next(form for form in forms_of(page) if f"seen-{code}" in form.values)


def toggle(page: TestResponse, code: str) -> str:
    """What a tap on a row gives."""
    found = re.search(rf'class="toggle"[^>]*name="mark-{code}" value="(\w+)"', page.text)
    assert found, f"the row of {code} is no toggle"
    return found[1]


def tap(client: FlaskClient, code: str, *, path: str = LIST, mark: str | None = None) -> str:
    """Press the button of a row, or another one that it has; the page that follows."""
    page = client.get(path)
    form = row_form(page, code)
    given = form.values | {f"mark-{code}": mark or toggle(page, code)}
    return unescape(client.post(form.action, data=given, follow_redirects=True).text)


def test_the_lesson_of_the_latest_evening_is_one_link_away(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.chaima).get("/groepen/C-1/aanwezigheid")
    assert answer.location == LIST


def test_the_home_page_of_the_college_leads_to_the_list_of_tonight(cast: Cast, sign_in: SignIn) -> None:
    home = sign_in(cast.chaima).get("/groepen").text
    assert f'href="{LIST}"' in home


def test_everyone_present_says_how_many_and_can_be_undone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    note(cast, Mark.EXCUSED, of="C1-02")
    page = submit(client, LIST, form="iedereen", follow=True)
    assert "1 van 2 aanwezig." in page.text
    assert set(marks().values()) == {Mark.EXCUSED, Mark.PRESENT}
    undo = next(form for form in forms_of(page) if "/terug/" in form.action)
    assert "0 van 2 aanwezig." in client.post(undo.action, data=undo.values, follow_redirects=True).text
    assert list(marks().values()) == [Mark.EXCUSED]


def test_a_row_goes_from_present_to_absent_to_late_and_back(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    stored = []
    for _tap in range(4):
        tap(client, "C1-01")
        stored.append(marks()[cast.participant_id])
    assert stored == [Mark.PRESENT, Mark.ABSENT, Mark.LATE, Mark.PRESENT]


def test_a_tap_stores_that_row_alone_and_comes_back_to_it(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = row_form(client.get(LIST), "C1-01")
    answer = client.post(form.action, data=form.values | {"mark-C1-01": "late"})
    assert answer.location == f"{LIST}#rij-{cast.participant_id}"
    assert list(marks().values()) == [Mark.LATE]


def test_every_other_mark_is_under_more(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    assert "1 afgemeld" not in tap(client, "C1-01", mark="excused")
    assert list(marks().values()) == [Mark.EXCUSED]
    tap(client, "C1-01", mark="none")
    assert marks() == {}


def test_who_was_excused_and_came_after_all_is_one_tap_from_present(cast: Cast, sign_in: SignIn) -> None:
    note(cast, Mark.EXCUSED, of="C1-01")
    assert toggle(sign_in(cast.chaima).get(LIST), "C1-01") == "present"


def test_the_same_tap_sent_twice_is_carried_out_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = row_form(client.get(LIST), "C1-01")
    values = form.values | {"mark-C1-01": "present"}
    first = client.post(LIST, data=values)
    note(cast, Mark.ABSENT, of="C1-01", seen=Mark.PRESENT)
    assert client.post(LIST, data=values).location == first.location
    assert list(marks().values()) == [Mark.ABSENT]


def test_a_mark_changed_by_someone_else_is_shown_beside_ones_own_and_one_of_them_chosen(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.chaima)
    form = row_form(client.get(LIST), "C1-01")
    note(cast, Mark.EXCUSED, of="C1-01")
    page = client.post(LIST, data=form.values | {"mark-C1-01": "absent"}, follow_redirects=True)
    text = unescape(page.text)
    assert "het is nu ‘afgemeld’, jij koos ‘afwezig’" in text
    assert set(marks().values()) == {Mark.EXCUSED}
    settling = text[text.index('class="settle"') :]
    assert re.findall(r'name="mark-C1-01" value="(\w+)"', settling[: settling.index("</div>")]) == ["excused", "absent"]
    again = row_form(page, "C1-01")
    client.post(LIST, data=again.values | {"mark-C1-01": "excused"})
    assert set(marks().values()) == {Mark.EXCUSED}
    client.post(LIST, data=again.values | {"key": "another", "mark-C1-01": "absent"})
    assert set(marks().values()) == {Mark.ABSENT}


def test_a_refusal_is_at_the_row_and_in_the_summary(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = row_form(client.get(TO_COME), "C1-01")
    answer = client.post(TO_COME, data=form.values | {"mark-C1-01": "present"})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert page.count("Deze les moet nog komen: je kunt alleen ‘afgemeld’ noteren.") == 2
    assert "<title>Fout: " in page
    assert marks() == {}


def test_a_lesson_to_come_offers_excused_and_taking_it_back(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    page = tap(client, "C1-01", path=TO_COME)
    assert "Genoteerd." in page
    assert "1 afgemeld" in page
    assert 'value="present"' not in page
    assert "0 afgemeld" in tap(client, "C1-01", path=TO_COME)
    assert marks() == {}


def test_who_announced_an_absence_is_named_on_the_list_with_the_date(cast: Cast, sign_in: SignIn) -> None:
    announce_absence(cast.bram, cast.participant, 3, NOW)
    assert "afgemeld door Bram de Wit op 14 jun" in unescape(sign_in(cast.chaima).get(TO_COME).text)


@pytest.mark.parametrize("mark", ["asleep", ""])
def test_a_mark_that_no_list_offers_is_not_found(cast: Cast, sign_in: SignIn, mark: str) -> None:
    client = sign_in(cast.chaima)
    form = row_form(client.get(LIST), "C1-01")
    assert client.post(LIST, data=form.values | {"mark-C1-01": mark}).status_code == 404


def test_a_form_without_its_token_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.chaima).post(LIST, data={"mark-C1-01": "present", "seen-C1-01": "none"})
    assert answer.status_code == 400
    assert marks() == {}


def test_only_the_leader_and_the_college_find_the_list(cast: Cast, sign_in: SignIn) -> None:
    found = {
        who: sign_in(getattr(cast, who)).get(LIST).status_code
        for who in ("anja", "chaima", "bram", "dirk", "els", "femke", "otto", "gijs")
    }
    assert found == {"anja": 200, "chaima": 200, "otto": 404} | dict.fromkeys(
        ("bram", "dirk", "els", "femke", "gijs"), 403
    )


def test_the_lessons_of_a_cohort_say_how_far_their_lists_are(cast: Cast, sign_in: SignIn) -> None:
    note(cast, Mark.PRESENT, of="C1-01")
    page = sign_in(cast.anja).get("/groepen/C-1/lessen").text
    assert "1 van 2 ingevuld" in page
    assert "0 van 2 ingevuld" in page


def test_what_is_at_risk_stands_under_the_name(cast: Cast, sign_in: SignIn) -> None:
    note(cast, Mark.ABSENT, of="C1-01", lesson=1)
    text = unescape(sign_in(cast.chaima).get(LIST).text)
    # One of three missed: 3 can still be reached when it is made up, and 0.8 x 3 asks for all three.
    assert text.count("kan nog 100% halen: moet 1 les inhalen") == 1


def test_what_may_still_be_missed_is_said_apart_from_what_making_up_reaches(cast: Cast, sign_in: SignIn) -> None:
    note(cast, Mark.ABSENT, of="C1-01", lesson=1)
    db.session.execute(update(Programme).values(min_attendance=Decimal("0.6")))
    db.session.commit()
    text = unescape(sign_in(cast.chaima).get(LIST).text)
    # Two of three are asked for, and two can still be attended; all three only when the first is made up.
    assert text.count("kan met inhalen nog 100% halen; mag zonder inhalen geen les meer missen") == 1


class TestMadeUp:
    """A missed lesson that was made up."""

    FORM = f"{LIST}/inhalen/C1-01"

    def test_it_asks_when_and_is_shown_with_it(self, cast: Cast, sign_in: SignIn) -> None:
        note(cast, Mark.ABSENT, of="C1-01")
        client = sign_in(cast.chaima)
        assert self.FORM in client.get(LIST).text
        page = submit(client, self.FORM, form="inhalen", follow=True, on="12-5-2026")
        assert "ingehaald op 12 mei" in unescape(page.text)
        assert marks() == {cast.participant_id: Mark.MADE_UP}
        assert self.FORM in page.text

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"on": ""}, "Vul in wanneer het is ingehaald."),
            ({"on": "gisterenavond laat"}, "Vul een datum in, zoals 17-11-2026."),
            ({"on": "15-6-2026"}, "Deze dag moet nog komen. Noteer het als het is ingehaald."),
            ({"on": "1-3-2026"}, "Deze dag is voor het begin van de groep."),
            ({"at": "999"}, "Met deze les kun je geen andere inhalen. Kies er een uit de lijst."),
            ({"at": "les 4"}, "Met deze les kun je geen andere inhalen. Kies er een uit de lijst."),
        ],
    )
    def test_what_is_not_right_is_said_at_its_field(
        self, cast: Cast, sign_in: SignIn, typed: dict[str, str], sentence: str
    ) -> None:
        answer = submit(sign_in(cast.chaima), self.FORM, form="inhalen", **typed)
        assert answer.status_code == 422
        assert unescape(answer.text).count(sentence) == 2
        assert marks() == {}

    def test_it_can_be_undone(self, cast: Cast, sign_in: SignIn) -> None:
        note(cast, Mark.ABSENT, of="C1-01")
        client = sign_in(cast.chaima)
        page = submit(client, self.FORM, form="inhalen", follow=True)
        undo = next(form for form in forms_of(page) if "/terug/" in form.action)
        client.post(undo.action, data=undo.values)
        assert marks() == {cast.participant_id: Mark.ABSENT}

    def test_a_lesson_to_come_cannot_be_made_up_yet(self, cast: Cast, sign_in: SignIn) -> None:
        page = sign_in(cast.chaima).get(f"{TO_COME}/inhalen/C1-01").text
        assert "Deze les moet nog komen" in unescape(page)
        assert 'name="on"' not in page

    def test_there_is_no_form_for_somebody_of_another_cohort(self, cast: Cast, sign_in: SignIn) -> None:
        assert sign_in(cast.chaima).get(f"{LIST}/inhalen/C2-01").status_code == 404


class TestOnPaper:
    """The list to print."""

    def test_it_has_a_line_for_everyone_with_what_is_known_and_room_for_others(
        self, cast: Cast, sign_in: SignIn
    ) -> None:
        note(cast, Mark.PRESENT, of="C1-02")
        asked = MakeUpAsked(seen=None, on=TODAY)
        record_make_up(cast.anja, cast.cohort, 2, cast.participant, asked, TODAY)
        page = unescape(sign_in(cast.chaima).get(f"{LIST}/lijst").text)
        assert page.count("<tr>") == 1 + 2 + 3
        assert "Bram de Wit<small>ingehaald op 14 jun</small>" in page
        assert page.count('class="box"><svg') == 1


class TestAbsence:
    """A participant who will not come."""

    PAGE = "/lessen/3/afmelden"

    def test_it_is_two_taps_from_the_path_and_can_be_taken_back(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        assert f'href="{self.PAGE}"' in client.get("/mijn-traject").text
        page = submit(client, self.PAGE, form="afmelden", follow=True)
        assert "Je bent afgemeld voor di 1 september" in unescape(page.text).replace("\xa0", " ")
        assert marks() == {cast.participant_id: Mark.EXCUSED}
        undo = next(form for form in forms_of(page) if form.action.endswith("/terug"))
        client.post(undo.action, data=undo.values)
        assert marks() == {}

    def test_opening_the_page_changes_nothing(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        for _time in range(2):
            client.get(self.PAGE)
        assert marks() == {}

    def test_nobody_is_asked_why(self, cast: Cast, sign_in: SignIn) -> None:
        form = next(form for form in forms_of(sign_in(cast.bram).get(self.PAGE)) if "afmelden" in form.action)
        assert form.values.keys() == {"csrf_token", "next"}

    def test_it_goes_back_to_where_it_was_asked_and_nowhere_else(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        answer = submit(client, f"{self.PAGE}?next=/uren", form="afmelden")
        assert answer.location == "/uren"
        client.get("/uren")  # where it is said what was done
        answer = submit(client, f"{self.PAGE}?next=//elders.example", form="afmelden")
        assert answer.location == "/"

    def test_a_lesson_that_was_offers_nothing_and_says_why(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.bram)
        page = client.get("/lessen/2/afmelden")
        assert "De les is begonnen" in unescape(page.text)
        assert [form for form in forms_of(page) if "afmelden" in form.action] == []
        answer = send_by_hand(client, "/lessen/2/afmelden", follow=True)
        assert "De les is begonnen" in unescape(answer.text)
        assert marks() == {}

    def test_a_lesson_that_is_not_there_is_not_found(self, cast: Cast, sign_in: SignIn) -> None:
        assert sign_in(cast.bram).get("/lessen/99/afmelden").status_code == 404
