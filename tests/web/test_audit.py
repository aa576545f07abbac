"""The audit trail and the histories as pages."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import hto_track.services
from hto_track.extensions import db
from hto_track.models.accounts import User
from hto_track.models.ledger import AuditEntry
from hto_track.models.participants import Participant
from hto_track.rules.facts import Mark
from hto_track.services import audit, audit_trail
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.transaction import writing
from hto_track.web.pictures.audit_words import ACTIONS
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn

LOG = "/beheer/logboek"


def write(actor: Actor, action: str, subject: str, **content: dict[str, object]) -> None:
    with writing() as session:
        audit.record(session, actor, action, subject, **content)


def marked(cast: Cast) -> None:
    record_marks(cast.chaima, cast.cohort, 1, [MarkChange(participant="C1-01", seen=None, mark=Mark.LATE)], TODAY)


def test_the_log_says_who_did_what_to_whom_when_and_what_changed(cast: Cast, sign_in: SignIn) -> None:
    marked(cast)
    page = sign_in(cast.gijs).get(LOG).text
    assert "Aanwezigheid genoteerd" in page
    assert "Chaima Aziz (chaima@example.org)" in page
    assert "14 jun 2026" in page
    assert '<a href="/deelnemers/C1-01">Bram de Wit, les 1</a>' in page
    assert re.search(r'<th scope="row">Aanwezigheid</th><td>–</td><td>Te laat</td>', page)


def test_an_action_that_has_no_words_yet_is_shown_as_it_is(cast: Cast, sign_in: SignIn) -> None:
    write(CONSOLE, "paint_it_blue", audit.INSTALLATION, after={"shade": "light"})
    page = sign_in(cast.gijs).get(LOG).text
    assert "paint_it_blue" in page
    assert "HTO Track zelf" in page
    assert '<th scope="row">shade</th><td>–</td><td>light</td>' in page


def test_what_stands_in_the_trail_is_text_and_never_markup(cast: Cast, sign_in: SignIn) -> None:
    write(cast.anja, "try", audit.of_participant("<b>C9</b>"), after={"<i>": "<script>alert(1)</script>"})
    page = sign_in(cast.gijs).get(LOG).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_log_is_searched(cast: Cast, sign_in: SignIn) -> None:
    marked(cast)
    write(cast.otto, "snooze_warning", audit.of_participant("C2-01", "warnings", 1))
    client = sign_in(cast.gijs)

    def found(query: str) -> tuple[bool, bool]:
        page = client.get(f"{LOG}?{query}").text
        entries = page.partition('<ul class="lines">')[2]
        return "Aanwezigheid genoteerd" in entries, "Waarschuwing uitgesteld" in entries

    assert found("wie=otto") == (False, True)
    assert found("wat=record_mark") == (True, False)
    assert found("over=C1-01") == (True, False)
    assert found("van=14-06-2026&tot=14+juni") == (True, True)
    assert found("tot=13-06-2026") == (False, False)
    assert "Zo'n verandering is er niet." in client.get(f"{LOG}?over=C9").text


def test_a_date_that_is_none_is_said_at_its_field_and_nothing_is_looked_for(cast: Cast, sign_in: SignIn) -> None:
    marked(cast)
    page = sign_in(cast.gijs).get(f"{LOG}?van=31-02-2026&wie=chaima").text
    assert 'id="e-van"' in page
    assert "Vul een datum in zoals 17-11-2026" in page
    assert 'value="31-02-2026"' in page and 'value="chaima"' in page
    assert '<ul class="lines">' not in page


@pytest.mark.parametrize("below", ["x", "-1", "0", "99999999999999999999"])
def test_a_place_to_go_on_from_that_is_none_is_no_error(cast: Cast, sign_in: SignIn, below: str) -> None:
    assert sign_in(cast.gijs).get(f"{LOG}?voor={below}").status_code == 200


def test_older_changes_are_a_page_on_with_the_same_search(cast: Cast, sign_in: SignIn) -> None:
    with writing() as session:
        audit.record_all(
            session,
            cast.anja,
            [
                audit.Change(action="try", subject=audit.of_participant(f"P{number}"))
                for number in range(audit_trail.PAGE + 1)
            ],
        )
    client = sign_in(cast.gijs)
    first = client.get(f"{LOG}?wie=anja").text
    [older] = re.findall(r'href="([^"]+)" rel="next"', first)
    assert "P0 (" not in first
    second = client.get(older.replace("&amp;", "&")).text
    assert "P0 (" in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize("name", ["anja", "bram", "chaima", "dirk", "els", "femke", "hanna", "ilse", "karel", "otto"])
def test_the_log_is_for_administrators(cast: Cast, sign_in: SignIn, name: str) -> None:
    assert sign_in(getattr(cast, name)).get(LOG).status_code == 403


def test_a_participant_sees_what_was_changed_in_their_data_and_by_whom(cast: Cast, sign_in: SignIn) -> None:
    marked(cast)
    write(cast.bram, "log_hours", audit.of_participant("C1-01", "hours", 7), after={"minutes": 150})
    page = sign_in(cast.bram).get("/deelnemers/C1-01/geschiedenis").text
    assert "Wat er in je gegevens is veranderd" in page
    assert "Chaima Aziz ·" in page
    assert "chaima@example.org" not in page
    assert "jij ·" in page
    assert "<td>2,5\u00a0uur</td>" in page


def test_a_history_is_narrowed_to_one_record(cast: Cast, sign_in: SignIn) -> None:
    marked(cast)
    write(cast.bram, "log_hours", audit.of_participant("C1-01", "hours", 7))
    page = sign_in(cast.anja).get("/deelnemers/C1-01/geschiedenis?wat=hours/7").text
    assert "Stage-uren gelogd" in page
    assert "Aanwezigheid genoteerd" not in page
    assert 'href="/deelnemers/C1-01/geschiedenis"' in page


def test_a_history_names_the_kind_of_a_warning_and_not_its_number(cast: Cast, sign_in: SignIn) -> None:
    write(CONSOLE, "warning_opened", audit.of_participant("C1-01", "warnings", 4711), after={"warning": "no_placement"})
    page = sign_in(cast.anja).get("/deelnemers/C1-01/geschiedenis").text
    assert "Waarschuwing begonnen: geen stageschool" in " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "waarschuwing 4711" not in page


def test_what_was_erased_is_said_to_be(cast: Cast, sign_in: SignIn) -> None:
    marked(cast)
    with writing() as session:
        audit.erase_contents(
            session, cast.gijs, audit.of_participant("C1-01"), audit.about(audit.of_participant("C1-01"))
        )
        session.scalars(select(Participant).where(Participant.code == "C1-01")).one().erased_on = TODAY
        session.scalars(select(User).where(User.email == "chaima@example.org")).one().erased_at = db.func.now()
    page = sign_in(cast.gijs).get(LOG).text
    assert "is gewist, samen met de persoon" in page
    assert "iemand van wie het account is gewist" in page
    assert "C1-01 (gewist" in page


def test_a_history_of_another_cohort_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.otto)
    assert client.get("/deelnemers/C1-01/geschiedenis").status_code == 404
    assert client.get("/groepen/C-1/geschiedenis").status_code == 404
    assert client.get("/deelnemers/NO-99/geschiedenis").status_code == 404


def test_ones_own_account_has_a_history(cast: Cast, sign_in: SignIn) -> None:
    write(cast.gijs, "end_session", audit.of_user(cast.karel.user_id or 0), after={"sessions": 1})
    page = sign_in(cast.karel).get("/account/geschiedenis").text
    assert "Ergens uitgelogd" in page
    assert "Gijs Prins" in page


@pytest.mark.parametrize(
    ("name", "path", "history"),
    [
        ("anja", "/groepen/C-1", "/groepen/C-1/geschiedenis"),
        ("anja", "/deelnemers/C1-01", "/deelnemers/C1-01/geschiedenis"),
        ("bram", "/mijn-traject", "/deelnemers/C1-01/geschiedenis"),
        ("anja", "/deelnemers/C1-01/uren", "/deelnemers/C1-01/geschiedenis?wat=hours"),
        ("anja", "/deelnemers/C1-01/vrijstellingen", "/deelnemers/C1-01/geschiedenis?wat=exemptions"),
        ("chaima", "/groepen/C-1/lessen/1", "/groepen/C-1/geschiedenis?wat=lessons/1"),
        ("chaima", "/groepen/C-1/opdrachten/A1/C1-01", "/deelnemers/C1-01/geschiedenis?wat=assignments/A1"),
        ("chaima", "/groepen/C-1/diplomas/C1-01", "/deelnemers/C1-01/geschiedenis?wat=diploma"),
        ("bram", "/account", "/account/geschiedenis"),
    ],
)
def test_every_record_leads_to_its_history(cast: Cast, sign_in: SignIn, name: str, path: str, history: str) -> None:
    client = sign_in(getattr(cast, name))
    assert f'href="{history}"' in client.get(path).text.replace("%2F", "/")
    assert client.get(history).status_code == 200


def test_every_action_that_a_service_writes_has_words() -> None:
    written = set()
    for path in Path(hto_track.services.__path__[0]).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        written |= set(
            re.findall(r'(?:audit\.record|_?write_down|_set)\(\s*session,\s*\w+,\s*(?:entry,\s*)?"(\w+)"', source)
        )
        written |= set(re.findall(r'action="(\w+)"', source))
        written |= set(re.findall(r'^(?:IMPORT|ERASURE|SEALING) = "(\w+)"', source, re.MULTILINE))
    assert {"log_hours", "decide_hours", "assess_attempt", "record_mark", "import_files", "erase_person"} <= written
    assert written - ACTIONS.keys() == set()


def test_no_subject_holds_a_name_or_an_address(demo_app: Flask) -> None:
    session = db.session()
    subjects = set(session.scalars(select(AuditEntry.subject)))
    people = session.execute(select(Participant.given_name, Participant.family_name, Participant.email)).all()
    assert len(subjects) > 100
    said = "\n".join(subjects)
    assert "@" not in said
    assert not [
        name for row in people for name in row[:2] if len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", said)
    ]
