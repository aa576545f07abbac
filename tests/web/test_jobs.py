"""The jobs as a page: when each ran, what came of it, when it runs next."""

from datetime import date

from hto_track.jobs.running import run_job
from hto_track.jobs.table import BY_NAME, JOBS
from hto_track.services.jobs import Slot, record_failure
from tests.cast import Cast
from tests.web.conftest import SignIn

SUNDAY = date(2026, 6, 14)


def test_a_job_that_never_ran_says_when_it_will(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.anja).get("/beheer/taken").text
    assert "Waarschuwingen bijwerken" in text
    assert text.count("Nog niet gedraaid") == len(JOBS)
    assert "elke dag, 6.30\u00a0uur" in text
    assert "elke zondag, 18.00\u00a0uur" in text
    assert "elke maandag, 7.30\u00a0uur" in text
    assert "elke maandag, 5.30\u00a0uur" in text
    assert "ma 15 jun, 7.30\u00a0uur" in text


def test_what_came_of_the_last_run_is_said_in_words(cast: Cast, sign_in: SignIn) -> None:
    run = run_job(BY_NAME["evaluate_warnings"], SUNDAY)
    run_job(BY_NAME["participant_digest"], SUNDAY)
    text = sign_in(cast.gijs).get("/beheer/taken").text
    assert f"3 deelnemers bekeken, {run.summary['opened']} waarschuwingen erbij" in text
    assert "3 mails klaargezet" in text
    assert "Klaar voor 14 juni" in text
    assert "Alle taken lopen zoals het hoort" in text


def test_what_was_announced_and_what_went_is_said(cast: Cast, sign_in: SignIn) -> None:
    run_job(BY_NAME["retention"], date(2033, 12, 19))
    assert "1 aangekondigd, 0 weg" in sign_in(cast.gijs).get("/beheer/taken").text


def test_a_run_in_which_nothing_changed_says_so(cast: Cast, sign_in: SignIn) -> None:
    run_job(BY_NAME["evaluate_warnings"], SUNDAY)
    run_job(BY_NAME["evaluate_warnings"], date(2026, 6, 15))
    assert "3 deelnemers bekeken, niets veranderd" in sign_in(cast.gijs).get("/beheer/taken").text


def test_a_run_that_failed_is_in_the_title(cast: Cast, sign_in: SignIn) -> None:
    record_failure(Slot(name="evaluate_warnings", slot="2026-06-14"), "C-1: TypeError: a <fault>")
    text = sign_in(cast.gijs).get("/beheer/taken").text
    assert "1 taak ging mis" in text
    assert "C-1: TypeError: a &lt;fault&gt;" in text


def test_only_administrators_and_leaders_look_into_the_jobs(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.bram).get("/beheer/taken").status_code == 403
    assert sign_in(cast.chaima).get("/beheer/taken").status_code == 403
