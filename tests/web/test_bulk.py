"""Pasting attendance and results without script: look, mend, save, undo; and the list that is taken along and brought back."""

import io
import re
import zipfile
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hto_track.documents.sheets import OutTable
from hto_track.documents.workbooks import workbook_bytes
from hto_track.extensions import db
from hto_track.languages import COOKIE
from hto_track.models.assignments import Attempt
from hto_track.models.lessons import Attendance
from hto_track.models.participants import Participant
from hto_track.rules.facts import AttemptOutcome, Mark
from hto_track.services.assignments import Assessment, assess_attempt, exempt_from_assignment, record_submission
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import Form, forms_of

MARKS, RESULTS = "/groepen/C-1/aanwezigheid", "/groepen/C-1/resultaten"


def look(
    client: FlaskClient, address: str, text: str = "", file: tuple[str, bytes] | None = None, **chosen: str
) -> TestResponse:
    """Paste a table, or choose a file, and look what it would do."""
    form = next(form for form in forms_of(client.get(f"{address}/plakken")) if form.action.endswith("/plakken"))
    values = form.values | {"text": text, **chosen}
    if file is None:
        return client.post(form.action, data=values)
    values["file"] = (io.BytesIO(file[1]), file[0])
    return client.post(form.action, data=values, content_type="multipart/form-data")


def saving(page: TestResponse) -> Form | None:
    """The form that saves what was looked at, if there is one."""
    return next((form for form in forms_of(page) if form.action.endswith("/opslaan")), None)


def save(client: FlaskClient, page: TestResponse, *, follow: bool = True) -> TestResponse:
    """Save what was looked at."""
    form = saving(page)
    assert form is not None
    return client.post(form.action, data=form.values, follow_redirects=follow)


def stored_marks() -> list[Mark]:
    """Every mark that is stored."""
    return list(db.session.scalars(select(Attendance.mark).order_by(Attendance.participant_id, Attendance.lesson_id)))


def give(cast: Cast, mark: Mark, *, seen: Mark | None = None, of: str = "C1-01", lesson: int = 1) -> None:
    """Anja gives a mark."""
    record_marks(cast.anja, cast.cohort, lesson, [MarkChange(participant=of, seen=seen, mark=mark)], TODAY)


def test_attendance_is_pasted_looked_at_saved_and_undone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    give(cast, Mark.ABSENT)
    page = look(client, MARKS, "Naam\tles 1\t14-4\r\nBram de Wit\tx\tte laat\r\nNoor Visser\tafwezig\t\r\n")
    said = unescape(page.text)
    assert page.status_code == 200
    assert "2 nieuw" in said and "1 verandert" in said and "Sla 3 op" in said
    assert "<s>Afwezig</s>" in said
    assert stored_marks() == [Mark.ABSENT]
    done = save(client, page)
    assert "Opgeslagen: 2 nieuw, 1 veranderd." in unescape(done.text)
    assert stored_marks() == [Mark.PRESENT, Mark.LATE, Mark.ABSENT]
    undo = next(form for form in forms_of(done) if "/terug/" in form.action)
    assert "3 cellen zijn weer zoals ze waren." in unescape(
        client.post(undo.action, data=undo.values, follow_redirects=True).text
    )
    assert stored_marks() == [Mark.ABSENT]


def test_what_is_wrong_is_at_its_cell_and_in_the_summary_and_can_be_mended_in_the_box(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.chaima)
    page = look(client, MARKS, "code\t1\nC1-01\tx\nC1-02\tziek\nC2-01\tx")
    said = unescape(page.text)
    assert page.status_code == 422
    assert "<title>Fout: " in said
    assert said.count("Gebruik aanwezig, te laat, afgemeld, afwezig of ingehaald, of laat het leeg.") == 2
    assert 'href="#c-3-0"' in said and 'id="c-3-0"' in said
    assert 'href="#r-4"' in said and 'id="r-4"' in said
    assert "1 nieuw" in said and "2 kloppen niet" in said
    assert saving(page) is None
    kept = next(form for form in forms_of(page) if form.action.endswith("/plakken")).values["text"]
    assert kept == ["code\t1\nC1-01\tx\nC1-02\tziek\nC2-01\tx"]
    assert stored_marks() == []


def test_a_column_without_a_number_is_of_the_lesson_that_is_chosen(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(f"{MARKS}/plakken")) if form.action.endswith("/plakken"))
    assert form.values["les"] == ["2"]  # the latest that came
    save(client, look(client, MARKS, "C1-01\tx", les="1"))
    with writing() as session:
        row = session.scalars(select(Attendance)).one()
        assert row.lesson_id == cast.lesson_id


def test_a_conflict_is_asked_and_saved_on_a_second_thought(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    page = look(client, MARKS, "code\t1\nC1-01\tx\nC1-02\tx")
    give(cast, Mark.EXCUSED)
    asked = save(client, page)
    said = unescape(asked.text)
    assert "Iemand anders veranderde dit terwijl jij keek. Welke blijft?" in said
    assert "<s>Afgemeld</s>" in said and "Sla alle 2 toch op" in said
    assert stored_marks() == [Mark.EXCUSED]
    save(client, asked)
    assert stored_marks() == [Mark.PRESENT, Mark.PRESENT]


def test_a_form_sent_twice_is_saved_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    page = look(client, MARKS, "code\t1\nC1-01\tx")
    first = save(client, page, follow=False)
    give(cast, Mark.LATE, seen=Mark.PRESENT)
    assert save(client, page, follow=False).location == first.location
    assert stored_marks() == [Mark.LATE]


@pytest.mark.parametrize(
    "seen", ["", "nonsense", "[1]", '{"C1-01": 3}', '{"C1-01": {"1": 7}}', '{"C1-01": {"x": null}}', "[" * 90_000]
)
def test_a_preview_that_is_none_of_ours_asks_before_it_overwrites(cast: Cast, sign_in: SignIn, seen: str) -> None:
    client = sign_in(cast.chaima)
    give(cast, Mark.EXCUSED)
    form = saving(look(client, MARKS, "code\t1\nC1-01\tx"))
    assert form is not None
    answer = client.post(form.action, data=form.values | {"seen": seen})
    assert "Iemand anders veranderde dit" in answer.text
    assert stored_marks() == [Mark.EXCUSED]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Plak eerst een tabel, of kies een bestand."),
        ("Jan\nPiet", "Er is maar één kolom."),
        ("x" * 1_000_000, "Dit is te veel in één keer"),
        ("naam\t1\n" * 501, "Dit is te veel in één keer"),
        ("\t".join("x" * 101), "Dit is te breed"),
        ("a\tb\nc\td", "Geen kolom zegt over wie een rij gaat."),
    ],
)
def test_what_is_no_table_is_said_at_the_box(cast: Cast, sign_in: SignIn, text: str, sentence: str) -> None:
    page = look(sign_in(cast.chaima), MARKS, text)
    assert page.status_code == 422
    assert unescape(page.text).count(sentence) == 2
    assert "<title>Fout: " in page.text


def test_a_megabyte_comes_far_enough_to_be_told_that_it_is_too_much(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    form = next(form for form in forms_of(client.get(f"{MARKS}/plakken")) if form.action.endswith("/plakken"))
    parts = {"csrf_token": form.values["csrf_token"][0], "text": "x" * 1_000_000}
    body = "".join(
        f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()
    )
    # By hand, as a browser does it: the client of the tests leaves a file of its own open for one so long.
    answer = client.post(form.action, data=f"{body}--part--\r\n", content_type="multipart/form-data; boundary=part")
    assert answer.status_code == 422
    assert "Dit is te veel in één keer" in unescape(answer.text)


def test_a_file_is_shown_in_the_box_where_it_can_be_mended(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    table = OutTable(name="Lijst", columns=("Naam", "1"), rows=[("Bram de Wit", "x"), ("Noor Visser", "ziek")])
    page = look(client, MARKS, file=("lijst.xlsx", workbook_bytes([table])))
    kept = next(form for form in forms_of(page) if form.action.endswith("/plakken")).values["text"][0]
    assert kept == "Naam\t1\nBram de Wit\tx\nNoor Visser\tziek"
    save(client, look(client, MARKS, kept.replace("ziek", "afgemeld")))
    assert stored_marks() == [Mark.PRESENT, Mark.EXCUSED]


def test_a_file_that_is_no_table_is_said_at_the_file(cast: Cast, sign_in: SignIn) -> None:
    page = look(sign_in(cast.chaima), MARKS, "kept", file=("lijst.xlsx", b"MZ an exe"))
    assert unescape(page.text).count("Dit bestand is niet te lezen.") == 2
    assert 'id="e-file"' in page.text
    assert ">kept</textarea>" in page.text


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_attendance_taken_along_and_brought_back_changes_nothing_but_what_was_changed(
    cast: Cast, sign_in: SignIn, ending: str, language: str
) -> None:
    with writing() as session:
        noor = session.scalars(select(Participant).where(Participant.code == "C1-02")).one()
        noor.given_name, noor.family_name = "=Zoë", '+Łuczak, "de"'
    for mark, of, lesson in (
        (Mark.LATE, "C1-01", 1),
        (Mark.MADE_UP, "C1-02", 1),
        (Mark.ABSENT, "C1-02", 2),
        (Mark.EXCUSED, "C1-01", 3),
    ):
        give(cast, mark, of=of, lesson=lesson)
    client = sign_in(cast.chaima)
    client.set_cookie(COOKIE, language)
    taken = client.get(f"{MARKS}.{ending}")
    assert (
        f"C-1-{'aanwezigheid' if language == 'nl' else 'attendance'}.{ending}" in taken.headers["Content-Disposition"]
    )
    page = look(client, MARKS, file=(f"lijst.{ending}", taken.data))
    assert page.status_code == 200
    assert saving(page) is None
    assert page.text.count('class="same"') == 4
    text = next(form for form in forms_of(page) if form.action.endswith("/plakken")).values["text"][0]
    word = "Afwezig" if language == "nl" else "Absent"
    changed = look(client, MARKS, text.replace(word, "x"))
    assert changed.text.count("→") == 1
    save(client, changed)
    assert stored_marks() == [Mark.LATE, Mark.EXCUSED, Mark.MADE_UP, Mark.PRESENT]


def test_the_list_of_one_lesson_is_that_lesson_alone(cast: Cast, sign_in: SignIn) -> None:
    taken = sign_in(cast.chaima).get(f"{MARKS}.csv?les=2").data.decode("utf-8-sig")
    assert taken.splitlines() == [
        "Code;Naam;Les 2 · 14-04-2026;Zo stond het (laat staan)",
        "C1-01;Bram de Wit;;C1-01: 2-",
        "C1-02;Noor Visser;;C1-02: 2-",
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_older_list_changes_nothing_that_is_newer_here_and_asks_where_both_changed(
    cast: Cast, sign_in: SignIn, ending: str
) -> None:
    for of in ("C1-01", "C1-02"):
        give(cast, Mark.ABSENT, of=of)
    client = sign_in(cast.chaima)
    taken = client.get(f"{MARKS}.{ending}").data
    for of in ("C1-01", "C1-02"):
        give(cast, Mark.EXCUSED, seen=Mark.ABSENT, of=of)
    page = look(client, MARKS, file=(f"lijst.{ending}", taken))
    assert saving(page) is None
    assert "2 hier nieuwer" in page.text
    text = next(form for form in forms_of(page) if form.action.endswith("/plakken")).values["text"][0]
    page = look(client, MARKS, text.replace("Afwezig", "Te laat", 1))
    assert "1 allebei veranderd" in page.text and "in je lijst: te laat" in page.text
    form = saving(page)
    assert form is not None and "Sla op wat je aanvinkt" in page.text
    assert client.post(form.action, data=form.values).status_code == 200, "nothing was ticked"
    assert stored_marks() == [Mark.EXCUSED, Mark.EXCUSED]
    client.post(form.action, data=form.values | {"mine": "1 C1-01"})
    assert stored_marks() == [Mark.LATE, Mark.EXCUSED]


def test_a_workbook_hides_what_the_list_remembers(cast: Cast, sign_in: SignIn) -> None:
    taken = sign_in(cast.chaima).get(f"{MARKS}.xlsx").data
    with zipfile.ZipFile(io.BytesIO(taken)) as packed:
        columns = re.findall(r"<col [^>]*>", packed.read("xl/worksheets/sheet1.xml").decode())
    assert [at for at, column in enumerate(columns) if 'hidden="1"' in column] == [len(columns) - 1]
    assert 'min="6"' in columns[-1], "after the code, the name and three lessons"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_results_taken_along_and_brought_back_change_nothing_but_what_was_changed(
    cast: Cast, sign_in: SignIn, ending: str, language: str
) -> None:
    assess_attempt(
        cast.chaima, "C1-01", "A1", Assessment(attempt=1, outcome=AttemptOutcome.FAILED, assessed_on=TODAY), TODAY
    )
    client = sign_in(cast.chaima)
    client.set_cookie(COOKIE, language)

    def back() -> TestResponse:
        return look(client, RESULTS, file=(f"lijst.{ending}", client.get(f"{RESULTS}.{ending}").data))

    for change in (
        lambda: record_submission(cast.chaima, "C1-02", "A1", TODAY, TODAY),
        lambda: assess_attempt(
            cast.chaima, "C1-02", "A1", Assessment(attempt=1, outcome=AttemptOutcome.PASSED, assessed_on=TODAY), TODAY
        ),
        lambda: exempt_from_assignment(cast.chaima, "C1-01", "A1", "Eerder behaald", TODAY),
    ):
        change()
        page = back()
        assert page.status_code == 200
        assert saving(page) is None
        assert page.text.count('class="same"') == 2


def test_results_are_pasted_looked_at_saved_and_undone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.chaima)
    page = look(client, RESULTS, "naam;A1\nBram de Wit;voldoende\nNoor Visser;o\n")
    assert "2 nieuw" in unescape(page.text)
    done = save(client, page)
    assert "Opgeslagen: 2 nieuw." in unescape(done.text)
    outcomes = db.session.scalars(select(Attempt.outcome).order_by(Attempt.participant_id)).all()
    assert outcomes == [AttemptOutcome.PASSED, AttemptOutcome.FAILED]
    undo = next(form for form in forms_of(done) if "/terug/" in form.action)
    client.post(undo.action, data=undo.values)
    assert db.session.scalars(select(Attempt)).all() == []


def test_the_pages_are_one_link_away_for_whom_they_open(cast: Cast, sign_in: SignIn) -> None:
    assert f"{MARKS}/plakken" in sign_in(cast.chaima).get("/groepen/C-1/lessen").text
    assert f"{RESULTS}/plakken" in sign_in(cast.chaima).get("/groepen/C-1/opdrachten").text
    assert sign_in(cast.anja).get(f"{RESULTS}/plakken").status_code == 403
    assert sign_in(cast.otto).get(f"{MARKS}/plakken").status_code == 404
