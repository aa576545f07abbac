"""The jobs as pages: when each ran, how long it took, what came of it, what is next; and one asked for now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.jobs.running import run_job, run_requested
from hto_track.jobs.table import BY_NAME, JOBS
from hto_track.models.ledger import JobRequest, JobRun
from hto_track.services.jobs import Slot, record_failure
from hto_track.services.policy import CONSOLE
from hto_track.services.scheduler_pulse import note_pulse
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.jobs.test_requests import break_a_cohort
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

SUNDAY = date(2026, 6, 14)
PAGE = "/beheer/taken/evaluate_warnings"
Counting = Callable[[], AbstractContextManager[list[str]]]


def text_of(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\xa0", " ")


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
    note_pulse(CONSOLE, clock.now())
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


class TestOneJob:
    def test_it_tells_of_each_turn_how_long_it_took_and_what_it_did(self, cast: Cast, sign_in: SignIn) -> None:
        run_job(BY_NAME["evaluate_warnings"], SUNDAY - timedelta(days=1))
        run = run_job(BY_NAME["evaluate_warnings"], SUNDAY)
        with writing() as session:
            took = {"started_at": run.started_at, "finished_at": run.started_at + timedelta(seconds=4.2)}
            session.execute(update(JobRun).where(JobRun.name == "evaluate_warnings").values(**took))
        page = text_of(sign_in(cast.anja))
        assert "De laatste 2 keer" in page and "4,2 seconden" in page
        assert "zo 14 juni" in page and "za 13 juni" in page
        assert "3 deelnemers bekeken" in page

    def test_the_parts_that_failed_stand_with_what_it_was_for_administrators(self, cast: Cast, sign_in: SignIn) -> None:
        break_a_cohort(cast)
        run_job(BY_NAME["evaluate_warnings"], SUNDAY)
        page = text_of(sign_in(cast.gijs))
        assert "1 van 2 delen ging mis" in page and "<b>C-1</b>: TypeError" in page
        told = text_of(sign_in(cast.anja))
        assert "Het ging mis; de beheerders hebben een mail gekregen." in told and "TypeError" not in told

    def test_a_job_without_turns_says_when_it_last_looked(self, cast: Cast, sign_in: SignIn) -> None:
        note_pulse(CONSOLE, clock.now())
        page = text_of(sign_in(cast.gijs), "/beheer/taken/send_mail")
        assert "Mail versturen" in page and "Laatst gekeken" in page and "zo 14 jun" in page
        assert "Naar het postvak" in page

    def test_another_name_is_no_job(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.gijs)
        assert client.get("/beheer/taken/nonsense").status_code == 404
        token = forms_of(client.get(PAGE))[0].values["csrf_token"]
        assert client.post("/beheer/taken/nonsense", data={"csrf_token": token}).status_code == 404

    def test_its_queries_do_not_grow_with_turns(self, cast: Cast, sign_in: SignIn, count_queries: Counting) -> None:
        client = sign_in(cast.gijs)
        run_job(BY_NAME["evaluate_warnings"], SUNDAY)
        client.get(PAGE)
        with count_queries() as few:
            client.get(PAGE)
        break_a_cohort(cast)
        for days in range(1, 5):
            run_job(BY_NAME["evaluate_warnings"], SUNDAY + timedelta(days=days))
        with count_queries() as many:
            client.get(PAGE)
        assert len(many) == len(few) <= 8


class TestAskingForOne:
    def test_it_is_asked_for_begun_and_done(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.gijs)
        note_pulse(CONSOLE, clock.now())
        assert "Nu uitvoeren, voor zo 14 juni" in text_of(client)
        answer = submit(client, PAGE, form=PAGE, follow=True)
        page = unescape(answer.text)
        assert "‘Waarschuwingen bijwerken’ is aangevraagd." in page
        assert "Aangevraagd op" in page and "Hij begint binnen een minuut." in page
        assert 'hx-trigger="every 2s"' in page and '<meta http-equiv="refresh"' in page
        assert "Nu uitvoeren" not in page
        with writing() as session:
            session.execute(update(JobRequest).values(taken_at=clock.now()))
        assert "Bezig sinds" in text_of(client)
        with writing() as session:
            session.execute(update(JobRequest).values(taken_at=None))
        run_requested(clock.now())
        done = text_of(client)
        assert "Klaar op" in done and "3 deelnemers bekeken" in done
        assert "hx-trigger" not in done and "http-equiv" not in done

    def test_what_ran_today_stays_and_says_so(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.gijs)
        run_job(BY_NAME["evaluate_warnings"], SUNDAY)
        page = unescape(submit(client, PAGE, form=PAGE, follow=True).text)
        assert "Deze taak is vandaag al gelopen, om" in page
        assert db.session.scalars(select(JobRequest)).all() == []

    def test_without_a_scheduler_it_waits_and_the_page_says_what_to_do(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.gijs)
        assert "De taken zijn nog niet gestart." in text_of(client, "/beheer/taken")
        note_pulse(CONSOLE, clock.now() - timedelta(minutes=4))
        page = text_of(client, "/beheer/taken")
        assert "De taken staan stil" in page and "Er loopt geen taak meer sinds" in page
        assert "hto-track scheduler" in page
        asked = unescape(submit(client, PAGE, form=PAGE, follow=True).text)
        assert "De aanvraag wacht tot de taken weer lopen." in asked
        note_pulse(CONSOLE, clock.now())
        assert "staat uit" not in text_of(client)

    def test_who_leads_a_cohort_looks_and_has_no_button(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(cast.anja))
        assert "Nu uitvoeren" not in page
