"""Files in and out, in the browser."""

from collections.abc import Callable
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hto_track.documents.tables import file_tables
from hto_track.extensions import db
from hto_track.models.assignments import StudyLogRow
from hto_track.models.lessons import Attendance
from tests.cast import Cast
from tests.web.forms import submit

SignIn = Callable[..., FlaskClient]
LOG = "participant_code,date,hours\n"
MARKS = "cohort_code,lesson_no,participant_code,mark\n"


def send(client: FlaskClient, **files: str) -> TestResponse:
    """The form, with these files: name without ending -> text."""
    chosen = [(BytesIO(text.encode()), f"{name}.csv") for name, text in files.items()]
    return submit(client, "/bestanden", form="bestanden", files=chosen)


def stored(model: type) -> int | None:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_leader_brings_in_the_files_of_their_own_cohort(sign_in: SignIn, cast: Cast) -> None:
    page = send(sign_in(cast.anja), study_log=f"{LOG}C1-01,2026-06-01,2", attendance=f"{MARKS}C-1,1,C1-01,present")
    assert page.status_code == 200
    assert "De bestanden zijn ingelezen" in page.text
    assert "study_log.csv" in page.text
    assert (stored(StudyLogRow), stored(Attendance)) == (1, 1)


def test_every_fault_is_named_by_its_place_and_nothing_is_stored(sign_in: SignIn, cast: Cast) -> None:
    page = send(
        sign_in(cast.anja),
        study_log=f"{LOG}C1-01,2026-06-01,2\nC1-01,29-02-2027,2",
        attendance=f"{MARKS}C-1,1,C1-01,<b>er</b>",
    )
    assert page.status_code == 422
    assert "2 punten kloppen niet. Er is niets opgeslagen." in page.text
    assert "study_log.csv, rij 3, kolom date" in page.text
    assert "29-02-2027" in page.text
    assert "&lt;b&gt;er&lt;/b&gt;" in page.text
    assert "<title>Fout:" in page.text
    assert (stored(StudyLogRow), stored(Attendance)) == (0, 0)


def test_another_leaders_cohort_is_refused(sign_in: SignIn, cast: Cast) -> None:
    page = send(sign_in(cast.anja), study_log=f"{LOG}C2-01,2026-06-01,2")
    assert page.status_code == 422
    assert stored(StudyLogRow) == 0


def test_a_form_without_a_file_says_so(sign_in: SignIn, cast: Cast) -> None:
    page = submit(sign_in(cast.anja), "/bestanden", form="bestanden")
    assert page.status_code == 422
    assert "Kies eerst een of meer bestanden." in page.text


def test_a_file_that_is_no_table_is_named(sign_in: SignIn, cast: Cast) -> None:
    page = submit(sign_in(cast.gijs), "/bestanden", form="bestanden", files=[(BytesIO(b"MZ"), "setup.exe")])
    assert page.status_code == 422
    assert "setup.exe" in page.text


def test_a_cohort_taken_home_is_a_workbook_that_can_be_brought_in_again(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.anja)
    answer = client.get(f"/groepen/{cast.cohort}/werkmap.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=C-1.xlsx"
    assert "no-store" in answer.headers["Cache-Control"]
    assert {"participants", "lessons"} <= {sheet.name for sheet in file_tables("C-1.xlsx", answer.data).sheets}
    again = submit(client, "/bestanden", form="bestanden", files=[(BytesIO(answer.data), "C-1.xlsx")])
    assert again.status_code == 200, again.text


def test_somebody_elses_cohort_is_not_there_to_take(sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(cast.otto).get(f"/groepen/{cast.cohort}/werkmap.xlsx").status_code == 404
