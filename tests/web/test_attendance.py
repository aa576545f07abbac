"""Recording attendance without script: the whole list with one button, one row, and what comes of a refusal."""

from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.lessons import Attendance
from hto_track.rules.facts import Mark
from hto_track.services.attendance import MarkChange, record_marks
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

LIST = "/groepen/C-1/lessen/2"


def marks() -> dict[int, Mark]:
    """Every mark that is stored, by participant."""
    return {row.participant_id: row.mark for row in db.session.scalars(select(Attendance))}


def save(client: FlaskClient, **typed: str) -> str:
    """Send the list with some rows filled in; the page that follows."""
    form = next(form for form in forms_of(client.get(LIST)) if form.action == LIST)
    answer = client.post(LIST, data=form.values | typed, follow_redirects=True)
    return unescape(answer.text)


def test_the_lesson_of_the_latest_evening_is_one_link_away(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.chaima).get("/groepen/C-1/aanwezigheid")
    assert answer.location == LIST


def test_everyone_present_says_how_many_and_can_be_undone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    record_marks(cast.anja, cast.cohort, 2, [MarkChange(participant="C1-02", seen=None, mark=Mark.EXCUSED)], TODAY)
    page = submit(client, LIST, form="iedereen", follow=True)
    assert "1 van 2 aanwezig." in page.text
    assert set(marks().values()) == {Mark.EXCUSED, Mark.PRESENT}
    undo = next(form for form in forms_of(page) if "/terug/" in form.action)
    assert "0 van 2 aanwezig." in client.post(undo.action, data=undo.values, follow_redirects=True).text
    assert list(marks().values()) == [Mark.EXCUSED]


def test_only_rows_that_were_changed_are_stored(cast: Cast, sign_in: SignIn) -> None:
    page = save(sign_in(cast.chaima), **{"mark-C1-01": "late"})
    assert "1 van 2 aanwezig." in page
    assert list(marks().values()) == [Mark.LATE]


def test_a_list_sent_unchanged_says_that_nothing_was_changed(cast: Cast, sign_in: SignIn) -> None:
    assert "Er is niets veranderd." in save(sign_in(cast.chaima))


def test_the_same_list_sent_twice_is_carried_out_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(LIST)) if form.action == LIST)
    values = form.values | {"mark-C1-01": "present"}
    first = client.post(LIST, data=values)
    change = MarkChange(participant="C1-01", seen=Mark.PRESENT, mark=Mark.ABSENT)
    record_marks(cast.anja, cast.cohort, 2, [change], TODAY)
    assert client.post(LIST, data=values).location == first.location
    assert list(marks().values()) == [Mark.ABSENT]


def test_a_mark_changed_by_someone_else_is_shown_beside_ones_own(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(LIST)) if form.action == LIST)
    record_marks(cast.anja, cast.cohort, 2, [MarkChange(participant="C1-01", seen=None, mark=Mark.EXCUSED)], TODAY)
    values = form.values | {"mark-C1-01": "absent", "mark-C1-02": "present"}
    page = unescape(client.post(LIST, data=values, follow_redirects=True).text)
    assert "het is nu ‘afgemeld’, jij koos ‘afwezig’" in page
    assert set(marks().values()) == {Mark.EXCUSED, Mark.PRESENT}


def test_a_row_that_only_someone_else_changed_is_no_conflict(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(LIST)) if form.action == LIST)
    given = form.values | {"mark-C1-01": "present", "mark-C1-02": "none"}
    record_marks(cast.anja, cast.cohort, 2, [MarkChange(participant="C1-02", seen=None, mark=Mark.EXCUSED)], TODAY)
    page = client.post(LIST, data=given, follow_redirects=True).text
    assert "Iemand anders veranderde dit" not in page
    assert set(marks().values()) == {Mark.PRESENT, Mark.EXCUSED}


def test_a_refusal_is_at_the_row_and_in_the_summary_and_keeps_what_was_chosen(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get("/groepen/C-1/lessen/3")))
    values = form.values | {"mark-C1-01": "present"}
    answer = client.post("/groepen/C-1/lessen/3", data=values)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert page.count("Deze les moet nog komen: je kunt alleen ‘afgemeld’ noteren.") == 2
    assert "<title>Fout: " in page
    assert marks() == {}


def test_a_lesson_to_come_offers_excused_and_taking_it_back(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.chaima).get("/groepen/C-1/lessen/3").text
    assert 'value="excused"' in page
    assert 'value="none"' in page
    assert 'value="present"' not in page


def test_an_announced_absence_is_noted_and_counted(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    page = submit(client, "/groepen/C-1/lessen/3", form="lessen/3", follow=True, **{"mark-C1-01": "excused"})
    assert "Genoteerd." in page.text
    assert "1 afgemeld" in page.text


def test_a_mark_that_no_list_offers_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(LIST)) if form.action == LIST)
    assert client.post(LIST, data=form.values | {"mark-C1-01": "asleep"}).status_code == 404


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
    record_marks(cast.anja, cast.cohort, 2, [MarkChange(participant="C1-01", seen=None, mark=Mark.PRESENT)], TODAY)
    page = sign_in(cast.anja).get("/groepen/C-1/lessen").text
    assert "1 van 2 ingevuld" in page
    assert "0 van 2 ingevuld" in page
