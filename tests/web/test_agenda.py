"""The agenda as a page, and the calendar as it is read over HTTP."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.agenda import CalendarSubscription
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.lessons import Attendance, Lesson, LessonState
from hto_track.rules.facts import Mark
from hto_track.services import calendar_entries, calendar_feed
from hto_track.services.calendar_feed import own_calendars, subscribe
from hto_track.services.policy import Actor
from hto_track.services.transaction import writing
from hto_track.web.urls import PAGES
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, send_by_hand, submit

COUNT = Callable[[], AbstractContextManager[list[str]]]
LATER = {"week": "2026-W36"}


def path_of(actor: Actor, cohort_code: str | None = None) -> str:
    """Where the calendar of an actor is read."""
    return subscribe(actor, cohort_code).address.removeprefix("http://hto.test")


def events(answer: TestResponse) -> dict[str, Any]:
    """The events of a calendar by UID, as another library reads them."""
    assert answer.status_code == 200, answer.status_code
    calendar = vobject.readOne(answer.get_data(as_text=True))
    return {event.uid.value: event for event in calendar.contents.get("vevent", [])}


def change_lesson(**values: object) -> None:
    with writing() as session:
        session.execute(update(Lesson).where(Lesson.number == 3).values(**values))


def put_off(actor: Actor, mark: Mark) -> None:
    with writing() as session:
        lesson_id = session.scalars(select(Lesson.id).where(Lesson.number == 3)).first()
        assert lesson_id is not None
        session.add(Attendance(participant_id=actor.grants[0].participant_id, lesson_id=lesson_id, mark=mark))


def test_one_event_before_and_after_moving_a_lesson_and_after_cancelling_it(client: FlaskClient, cast: Cast) -> None:
    path = path_of(cast.bram)
    before = events(client.get(path))["lesson-3@hto.test"]
    assert (before.dtstart.value.isoformat(), before.sequence.value) == ("2026-09-01T18:30:00+02:00", "0")

    change_lesson(held_on=date(2026, 9, 3), starts_at=time(19), ends_at=time(21))
    answer = client.get(path)
    moved = events(answer)["lesson-3@hto.test"]
    assert answer.get_data().count(b"UID:lesson-3@hto.test") == 1
    assert (moved.dtstart.value.isoformat(), moved.sequence.value) == ("2026-09-03T19:00:00+02:00", "1")
    assert (moved.status.value, moved.last_modified.value > before.last_modified.value) == ("CONFIRMED", True) or (
        moved.last_modified.value == before.last_modified.value  # within the same second
    )

    change_lesson(state=LessonState.CANCELLED, cancel_reason="Docent ziek")
    cancelled = events(client.get(path))["lesson-3@hto.test"]
    assert (cancelled.status.value, cancelled.sequence.value) == ("CANCELLED", "2")
    assert cancelled.summary.value == "Vervalt: Les 3"


def test_evenings_by_the_clock_over_both_changes_in_week_53_and_every_two_weeks(
    client: FlaskClient, cast: Cast
) -> None:
    """A fortnight's rhythm over 2026 and 2027, through HTTP: half past six by the clock, whatever the hour in UTC."""
    first = date(2026, 1, 6)
    days = [first + timedelta(days=14 * at) for at in range(35)]
    with writing() as session:
        session.execute(update(Lesson).values(state=LessonState.CANCELLED))
        session.add_all(
            Lesson(
                cohort_id=cast.cohort_id,
                number=10 + at,
                held_on=day,
                starts_at=time(18, 30),
                ends_at=time(21),
                state=LessonState.PLANNED,
            )
            for at, day in enumerate(days)
        )
    told = [
        event for event in events(client.get(path_of(cast.anja))).values() if event.summary.value.startswith("Les ")
    ]
    starts = sorted(event.dtstart.value for event in told if event.dtstart.value.date() in days)
    assert [start.date() for start in starts] == days
    assert {(start.hour, start.minute) for start in starts} == {(18, 30)}
    assert {start.utcoffset() for start in starts} == {timedelta(hours=1), timedelta(hours=2)}
    weeks = {tuple(start.isocalendar())[:2] for start in starts}
    assert (2026, 53) in weeks or {(2026, 52), (2027, 1)} <= weeks


def test_the_feed_is_a_calendar_kept_by_its_reader_alone_and_sets_no_cookie(client: FlaskClient, cast: Cast) -> None:
    path = path_of(cast.bram)
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Set-Cookie" not in answer.headers
    head = client.head(path)
    assert (head.status_code, head.get_data(), head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    change_lesson(held_on=date(2026, 9, 3))
    changed = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != answer.headers["ETag"]


def test_a_wrong_address_is_a_page_that_is_not_there_and_too_many_have_to_wait(client: FlaskClient, cast: Cast) -> None:
    right = path_of(cast.bram)
    for _ in range(calendar_feed.WRONG_ADDRESSES.most):
        assert client.get("/agenda/1-0000.ics").status_code == 404
    refused = client.get("/agenda/1-0000.ics")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(right).status_code == 429
    assert client.get(right, environ_overrides={"REMOTE_ADDR": "198.51.100.7"}).status_code == 200


def test_the_agenda_says_what_is_when_with_one_thing_to_do(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in(cast.bram).get("/agenda", query_string=LATER).text
    assert "Week\xa036" in page
    assert "Les 3" in page
    assert "18.30–21.30" in page
    assert "Inleverdatum" not in page  # that is in July
    page = sign_in(cast.bram).get("/agenda").text
    assert "Deze week" in page
    assert "Een les ontwerpen" in page
    assert "Stage bij Vakcollege Zuid, t/m 18 dec 2026" in page


def test_a_lesson_leads_a_participant_to_saying_that_they_cannot_come(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.bram)
    page = client.get("/agenda", query_string=LATER).text
    assert "/lessen/3/afmelden" in page
    assert "Ik kan niet komen" in page
    put_off(cast.bram, Mark.EXCUSED)
    page = client.get("/agenda", query_string=LATER).text
    assert "Ik kan toch komen" in page
    assert "afmelden" not in client.get("/agenda?week=2026-W11").text  # that lesson has been


def test_a_lesson_leads_who_teaches_to_its_list(sign_in: SignIn, cast: Cast) -> None:
    for path in ("/agenda", "/groepen/C-1/agenda"):
        page = sign_in(cast.chaima).get(path, query_string=LATER).text
        assert "/groepen/C-1/lessen/3" in page
        assert "afmelden" not in page
    assert "/groepen/C-1/opdrachten/A1" in sign_in(cast.chaima).get("/agenda").text


def test_a_lesson_that_is_off_or_moved_says_so_and_why(sign_in: SignIn, cast: Cast) -> None:
    change_lesson(state=LessonState.CANCELLED, cancel_reason="Docent ziek")
    page = sign_in(cast.bram).get("/agenda", query_string=LATER).text
    assert "Vervallen" in page
    assert "Docent ziek" in page
    assert "afmelden" not in page


def test_earlier_and_later_weeks_are_one_link_away(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.bram)
    page = client.get("/agenda").text
    assert 'href="/agenda?week=2026-W16"' in page
    assert 'href="/agenda?week=2026-W32"' in page
    assert "Naar deze week" not in page
    page = client.get("/agenda?week=2026-W32").text
    assert "Les 3" in page
    assert 'href="/agenda"' in page
    assert "Latere weken" not in page
    page = sign_in(cast.anja).get("/groepen/C-1/agenda").text
    assert 'href="/groepen/C-1/agenda?week=2026-W16"' in page


def test_weeks_are_those_of_the_iso_calendar(sign_in: SignIn, cast: Cast) -> None:
    change_lesson(held_on=date(2026, 12, 30))
    page = sign_in(cast.anja).get("/agenda?week=2026-W53").text
    assert "Week\xa053" in page
    assert "28 december t/m 3 januari" in page.replace("\xa0", " ")
    assert sign_in(cast.anja).get("/agenda?week=2027-W01").status_code == 200


@pytest.mark.parametrize("week", ["2027-W53", "2026-W00", "2026-W54", "0000-W10", "2200-W01", "9999-W01", "x", ""])
def test_what_is_no_week_is_not_there(week: str, sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(cast.bram).get("/agenda", query_string={"week": week}).status_code == 404


def test_staff_sees_whose_closing_interview_it_is_and_others_see_no_page(sign_in: SignIn, cast: Cast) -> None:
    with writing() as session:
        session.add(
            PlannedFinalAssessment(
                participant_id=cast.participant_id,
                planned_on=date(2026, 6, 18),
                starts_at=time(16),
                ends_at=time(17),
                location="Kamer 3",
            )
        )
    assert "Bram de Wit" in sign_in(cast.chaima).get("/groepen/C-1/agenda").text
    assert "Eindgesprek" in sign_in(cast.bram).get("/agenda").text
    assert sign_in(cast.bram).get("/groepen/C-1/agenda").status_code == 404
    assert sign_in(cast.otto).get("/groepen/C-1/agenda").status_code == 404
    assert sign_in(cast.dirk).get("/agenda").status_code == 403
    assert sign_in(cast.dirk).get("/agenda.ics").status_code == 403


def test_an_agenda_without_anything_says_what_will_be_there(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in(cast.otto).get("/agenda").text
    assert "Er staat nog niets gepland." in page


def test_the_private_address_is_made_shown_renewed_and_ended(
    app: Flask, client: FlaskClient, sign_in: SignIn, cast: Cast
) -> None:
    reader = sign_in(cast.bram)
    page = submit(reader, "/agenda/abonneren", form="abonneren", follow=True).text
    (calendar,) = own_calendars(cast.bram)
    assert calendar.subscription
    address = calendar.subscription.address
    assert address in page
    assert address.replace("http:", "webcal:") in page
    old = address.removeprefix("http://hto.test")
    assert client.get(old).status_code == 200

    page = submit(reader, "/agenda/abonneren", form="nieuw", follow=True).text
    assert "Het oude werkt niet meer" in page
    assert address not in page
    assert client.get(old).status_code == 404

    page = submit(reader, "/agenda/abonneren", form="einde", follow=True).text
    assert "Maak een privé-adres" in page
    assert db.session.scalars(select(CalendarSubscription)).all() == []


def test_the_address_of_a_cohort_is_offered_where_one_comes_from_it(sign_in: SignIn, cast: Cast) -> None:
    reader = sign_in(cast.chaima)
    assert "Agenda van Groep C-2" not in reader.get("/agenda/abonneren").text
    page = reader.get("/agenda/abonneren?groep=C-2")
    assert "Agenda van Groep C-2" in page.text
    form = next(form for form in forms_of(page) if form.values.get("cohort") == ["C-2"])
    reader.post(form.action, data=form.values)
    assert [one.cohort_code for one in own_calendars(cast.chaima)] == [None, "C-2"]
    assert reader.get("/agenda/abonneren?groep=C-9").status_code == 404
    assert sign_in(cast.anja).get("/agenda/abonneren?groep=C-2").status_code == 404
    assert send_by_hand(sign_in(cast.anja), "/agenda/abonneren", cohort="C-2").status_code == 404


def test_the_agenda_can_be_taken_once_as_a_file(sign_in: SignIn, cast: Cast) -> None:
    answer = sign_in(cast.bram).get("/agenda.ics")
    assert answer.headers["Content-Disposition"] == "attachment; filename=hto-agenda.ics"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(events(answer)) == 4
    answer = sign_in(cast.anja).get("/groepen/C-1/agenda.ics")
    assert answer.headers["Content-Disposition"] == "attachment; filename=hto-agenda-C-1.ics"
    assert len(events(answer)) == 4
    assert sign_in(cast.anja).get("/groepen/C-2/agenda.ics").status_code == 404


def test_the_menu_and_the_path_lead_to_it(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in(cast.bram).get("/mijn-traject").text
    bar = page[page.index('class="bar"') :]
    assert bar.count("<a ") == 4
    assert 'href="/agenda"' in bar
    assert 'href="/agenda/abonneren"' in page
    of_leader = sign_in(cast.anja).get("/groepen/C-1").text
    assert 'href="/agenda"' in of_leader
    assert 'class="bar"' not in of_leader
    assert 'href="/groepen/C-1/agenda"' in sign_in(cast.anja).get("/groepen/C-1").text


def test_addresses_in_calendars_lead_to_pages() -> None:
    rules = {page.rule for page in PAGES}
    assert calendar_entries.AGENDA_PAGE in rules
    assert f"{calendar_entries.COHORTS_PAGE}/<cohort_code>{calendar_entries.AGENDA_PAGE}" in rules
    assert f"{calendar_feed.FEED_PATH}<token>.ics" in rules


def test_the_pages_take_as_many_queries_however_much_there_is(
    sign_in: SignIn, cast: Cast, count_queries: COUNT
) -> None:
    def queries(actor: Actor, path: str) -> int:
        client = sign_in(actor)
        client.get(path)
        with count_queries() as counted:
            assert client.get(path).status_code == 200
        return len(counted)

    asked = [(cast.bram, "/agenda"), (cast.chaima, "/agenda"), (cast.anja, "/groepen/C-1/agenda")]
    few = [queries(*one) for one in asked]
    with writing() as session:
        session.add_all(
            Lesson(
                cohort_id=cast.cohort_id,
                number=10 + at,
                held_on=TODAY + timedelta(days=at),
                starts_at=time(18, 30),
                ends_at=time(21),
                state=LessonState.PLANNED,
            )
            for at in range(40)
        )
    assert [queries(*one) for one in asked] == few
