"""The outbox as a page: who sees which mails, their text, and trying again what was given up."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hto_track.models.ledger import MailState, OutboxMail
from hto_track.services import assignment_mails, mail_texts, supervisor_links, warning_mail_texts
from hto_track.services.mailbox import MOST_SHOWN, mailbox
from hto_track.services.outbox import Mail, message_of, queue_mails
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.services.warning_cases import mails
from tests.web.conftest import SignIn


def queue(subject: str, **changed: object) -> int:
    """Queue a mail to Bram; its id."""
    content: dict[str, object] = {
        "kind": "test",
        "subject_key": subject,
        "period": "2026-06-14",
        "recipient": "bram@example.org",
        "subject": subject,
        "body": "Hoi Bram,\n\nPast het nog?\n\nhttp://hto.test/mijn-traject\n",
    }
    with writing() as session:
        queue_mails(session, [Mail(**content | changed)])  # type: ignore[arg-type]
    return mails()[-1].id


def give_up(mail_id: int, reason: str = "550 no such user") -> None:
    with writing() as session:
        mail = session.get_one(OutboxMail, mail_id)
        mail.state, mail.attempts, mail.last_error = MailState.DEAD, 10, reason


@pytest.fixture
def about_bram(cast: Cast) -> int:
    return queue("Over Bram", participant_id=cast.participant_id)


def page(client: FlaskClient, path: str = "/beheer/postvak") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.text


def test_what_waits_is_shown_first_and_each_state_has_its_list(cast: Cast, about_bram: int, sign_in: SignIn) -> None:
    give_up(queue("Opgegeven"))
    client = sign_in(cast.gijs)
    waiting = page(client)
    assert "Over Bram" in waiting and "Opgegeven" not in waiting
    dead = page(client, "/beheer/postvak?show=dead")
    assert "Opgegeven" in dead and "550 no such user" in dead
    assert "1 mail kon niet worden bezorgd" in dead
    assert "Over Bram" in page(client, "/beheer/postvak?show=nonsense")


def test_without_a_mail_server_the_page_says_why_they_wait(cast: Cast, about_bram: int, sign_in: SignIn) -> None:
    assert "HTO_SMTP_HOST" in page(sign_in(cast.gijs))


def test_a_leader_sees_the_mails_about_their_own_participants_and_to_themselves(
    cast: Cast, about_bram: int, sign_in: SignIn
) -> None:
    to_nobody = queue("Over niemand")
    queue("Aan Anja", recipient="anja@example.org")
    anja, otto = sign_in(cast.anja), sign_in(cast.otto)
    seen = page(anja)
    assert "Over Bram" in seen and "Aan Anja" in seen and "Over niemand" not in seen
    assert "Over Bram" not in page(otto)
    assert otto.get(f"/beheer/postvak/{about_bram}").status_code == 404
    assert anja.get(f"/beheer/postvak/{to_nobody}").status_code == 404
    assert sign_in(cast.gijs).get(f"/beheer/postvak/{to_nobody}").status_code == 200


def test_a_participant_has_no_outbox(cast: Cast, about_bram: int, sign_in: SignIn) -> None:
    assert sign_in(cast.bram).get("/beheer/postvak").status_code == 403
    assert sign_in(cast.bram).get(f"/beheer/postvak/{about_bram}").status_code == 403


def test_the_text_of_a_mail_can_be_read(cast: Cast, about_bram: int, sign_in: SignIn) -> None:
    text = page(sign_in(cast.anja), f"/beheer/postvak/{about_bram}")
    assert "Past het nog?" in text
    assert "Opnieuw proberen" not in text


def test_a_link_to_sign_in_with_is_shown_to_nobody_but_its_addressee(cast: Cast, sign_in: SignIn) -> None:
    body = "Hallo Bram,\n\n[[link]]\n"
    mail_id = queue("Uitnodiging", body=body, secrets={"link": "http://hto.test/sign-in/a-secret-word"})
    shown = page(sign_in(cast.gijs), f"/beheer/postvak/{mail_id}")
    assert "a-secret-word" not in shown
    assert "alleen voor de geadresseerde" in shown
    assert "a-secret-word" in str(message_of(mails()[-1]))


def test_an_administrator_lets_a_mail_that_was_given_up_wait_again(
    cast: Cast, about_bram: int, sign_in: SignIn
) -> None:
    give_up(about_bram)
    client = sign_in(cast.gijs)
    assert "Opnieuw proberen" in page(client, f"/beheer/postvak/{about_bram}")
    client.application.config["WTF_CSRF_ENABLED"] = False
    for _twice in range(2):
        response = client.post(f"/beheer/postvak/{about_bram}/opnieuw")
        assert response.status_code == 302
    [mail] = mails()
    assert (mail.state, mail.attempts) == (MailState.WAITING, 0)


def test_a_leader_cannot_try_again(cast: Cast, about_bram: int, sign_in: SignIn) -> None:
    give_up(about_bram)
    client = sign_in(cast.anja)
    assert "Opnieuw proberen" not in page(client, f"/beheer/postvak/{about_bram}")
    client.application.config["WTF_CSRF_ENABLED"] = False
    assert client.post(f"/beheer/postvak/{about_bram}/opnieuw").status_code == 403
    assert mails()[0].state is MailState.DEAD


def test_a_mail_whose_address_is_none_stays_dead(cast: Cast, sign_in: SignIn) -> None:
    dead = queue("Fout adres", recipient="bram at example.org")
    client = sign_in(cast.gijs)
    client.application.config["WTF_CSRF_ENABLED"] = False
    response = client.post(f"/beheer/postvak/{dead}/opnieuw")
    assert "is geen e-mailadres" in page(client, response.location)
    assert mails()[0].state is MailState.DEAD


def test_a_long_list_says_that_it_is_cut(cast: Cast, sign_in: SignIn) -> None:
    for number in range(MOST_SHOWN + 1):
        queue(f"Mail {number:03}")
    text = page(sign_in(cast.gijs))
    assert f"De nieuwste {MOST_SHOWN} staan hier." in text
    assert "Mail 100" in text and "Mail 000" not in text
    assert mailbox(cast.gijs, MailState.WAITING).counts[MailState.WAITING] == MOST_SHOWN + 1


def test_the_links_of_mails_lead_to_pages(app: Flask) -> None:
    adapter = app.url_map.bind("hto.test")
    for path in (
        warning_mail_texts.PATH_PAGE,
        warning_mail_texts.WHY_PAGE.format(participant="C1-01", warning=1),
        warning_mail_texts.COHORTS_PAGE,
        warning_mail_texts.SIGN_IN_PAGE,
        supervisor_links.LINK_PATH + "x",
        mail_texts.RETENTION_PAGE,
        assignment_mails.ASSIGNMENTS_PAGE,
        f"{mail_texts.PARTICIPANTS_PAGE}/C1-01",
    ):
        assert adapter.match(path, method="GET")
