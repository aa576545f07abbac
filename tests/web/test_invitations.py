"""The access page of a cohort: what a leader sees and sends, and what a form of theirs cannot reach."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role
from hto_track.models.cohorts import Cohort
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant
from hto_track.services.access_lists import Presence, cohort_access
from hto_track.services.accounts import actor_by_email
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.web.forms import forms_of, send_by_hand, submit
from tests.web.test_importing import send

SignIn = Callable[[Actor], FlaskClient]
Queries = Callable[[], AbstractContextManager[list[str]]]
ACCESS = "/groepen/C-1/toegang"
EVERYONE = f"{ACCESS}/uitnodigen?allen=ja"
PARTICIPANTS = "cohort_code,participant_code,given_name,family_name,email\n"


def mails() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.kind == "invitation")) or 0


def key_of(cast: Cast, name: str, cohort: str = "C-1") -> str:
    db.session.rollback()
    return next(each.key for each in cohort_access(CONSOLE, cohort).people if each.name.startswith(name))


def grant_of(cast: Cast, name: str, cohort: str = "C-1") -> int | None:
    db.session.rollback()
    return next(each.grant_id for each in cohort_access(CONSOLE, cohort).people if each.name.startswith(name))


def test_who_has_not_come_in_is_in_the_title_and_with_each_name(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.anja).get(ACCESS).text
    assert "Groep C-1: 2 deelnemers zijn nog niet binnen" in page
    for name in ("Bram de Wit", "Noor Visser", "chaima@example.org", "Dirk Mulder", "Anja Bos"):
        assert name in page
    assert "Piet" not in page
    assert page.count("nog niet uitgenodigd") >= 5
    assert "voor het eerst binnen 14 jun" in page


def test_a_cohort_without_participants_has_nobody_who_came_in(cast: Cast, sign_in: SignIn) -> None:
    db.session.execute(
        update(Participant).values(cohort_id=select(Cohort.id).where(Cohort.code == "C-2").scalar_subquery())
    )
    db.session.commit()
    client = sign_in(cast.anja)
    assert "Groep C-1: nog geen deelnemers" in client.get(ACCESS).text
    assert "Deelnemers inlezen uit een bestand" in client.get("/groepen/C-1").text


def test_who_reads_the_page_has_come_in(cast: Cast, sign_in: SignIn) -> None:
    db.session.execute(
        update(Grant).where(Grant.role == Role.PROJECT_LEADER).values(granted_at=datetime(2099, 1, 1, tzinfo=UTC))
    )
    db.session.commit()
    leaders = [each for each in cohort_access(cast.anja, "C-1").people if each.role is Role.PROJECT_LEADER]
    assert [each.presence for each in leaders if each.user_id == cast.anja.user_id] == [Presence.IN]


def test_the_board_says_how_many_are_not_in_and_leads_there(cast: Cast, sign_in: SignIn) -> None:
    board = sign_in(cast.anja).get("/groepen/C-1").text
    assert "2 nog niet binnen" in board
    assert f'href="{ACCESS}"' in board
    sign_in(cast.bram)
    assert "1 nog niet binnen" in sign_in(cast.anja).get("/groepen/C-1").text
    teacher = sign_in(cast.chaima).get("/groepen/C-1")
    assert teacher.status_code == 200
    assert "nog niet binnen" not in teacher.text


def test_who_leads_one_cohort_and_teaches_in_another_sees_the_count_of_their_own_alone(
    cast: Cast, sign_in: SignIn
) -> None:
    assert "1 nog niet binnen" in sign_in(cast.otto).get("/groepen/C-2").text
    with writing() as session:
        granted_at = session.scalars(select(Grant.granted_at)).first()
        session.add(
            Grant(user_id=cast.otto.user_id, role=Role.COLLEGE, college="Hogeschool aan de Maas", granted_at=granted_at)
        )
    board = sign_in(cast.otto).get("/groepen/C-1")
    assert board.status_code == 200
    assert "nog niet binnen" not in board.text


def test_a_board_looked_at_again_counts_nobody_anew(cast: Cast, sign_in: SignIn, count_queries: Queries) -> None:
    leader = sign_in(cast.anja)
    leader.get("/groepen/C-1")
    with count_queries() as queries:
        assert "2 nog niet binnen" in leader.get("/groepen/C-1").text
    assert not any("FROM participants" in query for query in queries)


def test_everyone_is_invited_after_a_look_at_whom_and_what(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.anja)
    page = leader.get(EVERYONE).text
    assert "Noor Visser" in page and "noor@example.org" in page
    assert "Anja Bos nodigt je uit voor HTO Track, voor Groep C-1." in page
    assert "(hier staat een link die alleen voor de ontvanger werkt)" in page
    assert "/sign-in/" not in page.partition("<main")[2].partition("</main")[0]
    assert mails() == 0
    done = submit(leader, EVERYONE, form="uitnodigen", follow=True)
    assert "4 uitnodigingen zijn onderweg." in done.text
    assert mails() == 4
    assert "Niemand om uit te nodigen" in leader.get(EVERYONE).text


def test_the_button_for_everyone_says_so_in_its_address(cast: Cast, sign_in: SignIn) -> None:
    assert f'href="{EVERYONE}"' in sign_in(cast.anja).get(ACCESS).text


def test_with_nobody_ticked_the_page_asks_to_tick_somebody_and_nobody_is_mailed(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.anja)
    [form] = [each for each in forms_of(leader.get(ACCESS)) if each.id == "pick"]
    for answer in (
        leader.get(form.action, query_string=form.values, follow_redirects=True),
        send_by_hand(leader, f"{ACCESS}/uitnodigen", follow=True),
    ):
        assert answer.request.path == ACCESS
        assert "Vink eerst aan wie je wilt uitnodigen." in answer.text
    assert mails() == 0


def test_the_same_confirmation_sent_twice_mails_once(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.anja)
    [form] = [each for each in forms_of(leader.get(EVERYONE)) if "uitnodigen" in each.action]
    for _ in range(2):
        assert leader.post(form.action, data=form.values).status_code == 302
    assert mails() == 4


def test_one_person_is_invited_and_then_reminded_by_a_button_of_their_own(cast: Cast, sign_in: SignIn) -> None:
    leader, noor = sign_in(cast.anja), key_of(cast, "Noor")
    for said in ("1 uitnodiging is onderweg.", "1 herinnering is onderweg."):
        page = leader.get(ACCESS)
        [form] = [each for each in forms_of(page) if each.values.get("wie") == [noor]]
        assert said in leader.post(form.action, data=form.values, follow_redirects=True).text
    assert mails() == 2


def test_ids_of_another_cohort_are_not_found_in_any_field(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.anja)
    theirs, grant = key_of(cast, "Piet", "C-2"), grant_of(cast, "Otto", "C-2")
    administrator = db.session.scalars(select(Grant.id).where(Grant.role == Role.ADMINISTRATOR)).one()
    answers = [
        leader.get(f"{ACCESS}/uitnodigen?wie={theirs}"),
        send_by_hand(leader, f"{ACCESS}/uitnodigen", wie=[key_of(cast, "Noor"), theirs]),
        send_by_hand(leader, f"{ACCESS}/adres", wie=theirs),
        leader.get(f"{ACCESS}/{grant}"),
        send_by_hand(leader, f"{ACCESS}/{grant}"),
        send_by_hand(leader, f"{ACCESS}/{administrator}"),
        leader.get("/groepen/C-2/toegang"),
        send_by_hand(leader, "/groepen/C-2/toegang/collega", email="x@example.org", role="college"),
        send_by_hand(leader, "/groepen/C-2/toegang/uitnodigen", wie=theirs),
        leader.get("/groepen/C-9/toegang"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert mails() == 0
    assert actor_by_email("x@example.org") is None


@pytest.mark.parametrize("role", [*(role for role in Role if role is not Role.PROJECT_LEADER), "king", ""])
def test_no_other_role_is_given_here(cast: Cast, sign_in: SignIn, role: str) -> None:
    answer = send_by_hand(sign_in(cast.anja), f"{ACCESS}/collega", email="x@example.org", role=str(role))
    assert answer.status_code == 403
    assert actor_by_email("x@example.org") is None


def test_a_colleague_is_added_and_a_wrong_address_stays_in_its_field(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.anja)
    wrong = submit(leader, ACCESS, form="collega", email="geen adres", name="Ingrid", role="project_leader")
    assert wrong.status_code == 422
    assert "<title>Fout:" in wrong.text and 'value="geen adres"' in wrong.text and 'value="Ingrid"' in wrong.text
    done = submit(
        leader, ACCESS, form="collega", email="ingrid@example.org", name="Ingrid", role="project_leader", follow=True
    )
    assert "De uitnodiging aan ingrid@example.org is onderweg." in done.text
    assert "<b>ingrid@example.org</b>" in done.text


def test_access_is_withdrawn_after_a_page_that_says_what_happens(cast: Cast, sign_in: SignIn) -> None:
    leader, bram = sign_in(cast.anja), sign_in(cast.bram)
    grant = grant_of(cast, "Bram")
    page = leader.get(f"{ACCESS}/{grant}").text
    assert "Toegang van Bram de Wit intrekken" in page and "volgende klik" in page
    assert bram.get("/mijn-traject").status_code == 200
    done = submit(leader, f"{ACCESS}/{grant}", form=f"toegang/{grant}", follow=True)
    assert "De toegang van Bram de Wit is ingetrokken." in done.text
    assert bram.get("/mijn-traject").status_code == 403


def test_the_last_leader_is_told_why_they_stay(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.anja)
    own = grant_of(cast, "Anja")
    assert f"{ACCESS}/{own}" not in leader.get(ACCESS).text
    for answer in (
        leader.get(f"{ACCESS}/{own}", follow_redirects=True),
        send_by_hand(leader, f"{ACCESS}/{own}", follow=True),
    ):
        assert "Een groep houdt minstens één projectleider." in answer.text


def test_another_address_is_told_and_let_in(cast: Cast, sign_in: SignIn) -> None:
    with writing() as session:
        session.get_one(Participant, cast.participant_id).email = "bram.nieuw@example.org"
    leader, bram = sign_in(cast.anja), sign_in(cast.bram)
    page = leader.get(ACCESS)
    assert "Het account heeft een ander adres dan de groep: bram.nieuw@example.org" in page.text
    [form] = [each for each in forms_of(page) if each.action.endswith("/adres")]
    done = leader.post(form.action, data=form.values, follow_redirects=True)
    assert "De uitnodiging aan bram.nieuw@example.org is onderweg." in done.text
    assert bram.get("/mijn-traject").status_code == 403


def test_after_an_import_the_page_offers_to_invite_who_is_new(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.anja)
    page = send(
        leader, participants=f"{PARTICIPANTS}C-1,C1-03,Sven,Vos,sven@example.org\nC-1,C1-04,Tess,Bos,tess@example.org"
    )
    assert page.status_code == 200
    assert "Nodig 2 deelnemers van Groep C-1 uit" in page.text
    [href] = re.findall(r'href="(/groepen/C-1/toegang/uitnodigen[^"]*)"', page.text)
    assert "Sven Vos" in leader.get(href).text
    assert mails() == 0


def test_an_import_without_new_people_offers_nothing(cast: Cast, sign_in: SignIn) -> None:
    page = send(sign_in(cast.anja), study_log="participant_code,date,hours\nC1-01,2026-06-01,2")
    assert page.status_code == 200
    assert "uitnodigen" not in page.text


def test_what_a_name_holds_is_shown_as_text(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    with writing() as session:
        session.get_one(Participant, cast.participant_id).family_name = "<script>x</script>"
    for path in (ACCESS, EVERYONE):
        page = sign_in(cast.anja).get(path).text
        assert "&lt;script&gt;x" in page and "<script>x" not in page
