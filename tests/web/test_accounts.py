"""The people of a college and all accounts, in the browser."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.sign_in import Passkey
from hto_track.services.accounts import actor_by_email
from hto_track.services.policy import Actor
from hto_track.services.transaction import writing
from tests.cast import COLLEGE, Cast
from tests.web.forms import send_by_hand, submit

SignIn = Callable[[Actor], FlaskClient]
COLLEAGUES, ACCOUNTS = "/hogeschool/collegas", "/beheer/accounts"


def grant_of(actor: Actor) -> int:
    db.session.rollback()
    return db.session.scalars(select(Grant.id).where(Grant.user_id == actor.user_id)).one()


def test_the_administration_invites_reminds_and_withdraws(cast: Cast, sign_in: SignIn) -> None:
    office = sign_in(cast.hanna)
    done = submit(
        office, COLLEAGUES, form="collegas", email="joris@example.org", name="Joris", role="college", college=COLLEGE
    )
    assert done.status_code == 302
    page = office.get(COLLEAGUES).text
    assert "<b>joris@example.org</b>" in page and "nog niet binnen" in page and "Herinner" in page
    joris = actor_by_email("joris@example.org")
    assert joris is not None
    grant = grant_of(joris)
    assert "Toegang van joris@example.org intrekken" in office.get(f"{COLLEAGUES}/{grant}").text
    done = submit(office, f"{COLLEAGUES}/{grant}", form=f"collegas/{grant}", follow=True)
    assert "De toegang van joris@example.org is ingetrokken." in done.text


def test_no_other_college_and_no_other_role_go_through_the_form(cast: Cast, sign_in: SignIn) -> None:
    office = sign_in(cast.hanna)
    answers = {
        ("Hogeschool Elders", "college"): 404,
        ("", "college"): 404,
        (COLLEGE, "administrator"): 403,
        (COLLEGE, "nonsense"): 403,
    }
    for (college, role), status in answers.items():
        answer = send_by_hand(office, COLLEAGUES, email="x@example.org", college=college, role=role)
        assert answer.status_code == status
    for actor in (cast.anja, cast.bram, cast.gijs):
        assert office.get(f"{COLLEAGUES}/{grant_of(actor)}").status_code == 404
        assert send_by_hand(office, f"{COLLEAGUES}/{grant_of(actor)}").status_code == 404
    assert actor_by_email("x@example.org") is None


def test_an_address_that_is_none_stays_in_its_field(cast: Cast, sign_in: SignIn) -> None:
    wrong = submit(sign_in(cast.hanna), COLLEAGUES, form="collegas", email="geen adres", college=COLLEGE)
    assert wrong.status_code == 422
    assert 'value="geen adres"' in wrong.text


@pytest.mark.parametrize("who", ["anja", "bram", "chaima", "dirk", "els", "femke", "ilse", "karel", "otto"])
def test_these_pages_are_for_nobody_else(cast: Cast, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(cast, who))
    for path in (COLLEAGUES, ACCOUNTS, f"{ACCOUNTS}/nieuw", f"{ACCOUNTS}/1", f"{ACCOUNTS}/1/1"):
        assert client.get(path).status_code == 403
    for path in (
        COLLEAGUES,
        f"{ACCOUNTS}/nieuw",
        f"{ACCOUNTS}/1",
        f"{ACCOUNTS}/1/uitloggen",
        f"{ACCOUNTS}/1/passkeys",
        f"{ACCOUNTS}/1/1",
    ):
        assert send_by_hand(client, path).status_code == 403


def test_accounts_are_found_with_their_roles_in_words(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.gijs).get(f"{ACCOUNTS}?zoek=bram").text
    assert "1 account" in page
    assert "Deelnemer, Groep C-1, C1-01" in page
    assert "Niemand met die naam" in sign_in(cast.gijs).get(f"{ACCOUNTS}?zoek=%25").text


def test_more_than_a_hundred_accounts_stand_on_pages(cast: Cast, sign_in: SignIn) -> None:
    with writing() as session:
        session.add_all(User(email=f"z{number}@example.org", name=f"Zz {number:03}") for number in range(95))
    client = sign_in(cast.gijs)
    assert "Pagina 1 van 2" in client.get(ACCOUNTS).text
    assert "Zz 094" in client.get(f"{ACCOUNTS}?pagina=2").text
    for odd in ("0", "99", "x", "-3", "9" * 30):
        assert client.get(f"{ACCOUNTS}?pagina={odd}").status_code == 200


def test_a_role_is_given_with_its_scope_and_faults_stand_at_their_fields(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.gijs)
    wrong = submit(client, f"{ACCOUNTS}/nieuw", form="nieuw", email="x@example.org", role="supervisor", cohort="C-1")
    assert wrong.status_code == 422
    assert "Bij deze rol hoort geen groep." in wrong.text
    assert send_by_hand(client, f"{ACCOUNTS}/nieuw", email="x@example.org", role="king").status_code == 403
    done = submit(
        client,
        f"{ACCOUNTS}/nieuw",
        form="nieuw",
        follow=True,
        email="X@example.org",
        name="Xander",
        role="project_leader",
        cohort="C-1",
    )
    assert "De uitnodiging aan x@example.org is onderweg." in done.text
    assert "Xander" in done.text and "Groep C-1" in done.text


def test_a_role_is_withdrawn_and_somebody_signed_out_everywhere(cast: Cast, sign_in: SignIn) -> None:
    client, bram = sign_in(cast.gijs), sign_in(cast.bram)
    account, grant = f"{ACCOUNTS}/{cast.bram.user_id}", grant_of(cast.bram)
    assert client.get(f"{account}/{grant_of(cast.anja)}").status_code == 404
    assert send_by_hand(client, f"{account}/{grant_of(cast.anja)}").status_code == 404
    assert "Uitgelogd op 1 apparaat." in submit(client, account, form="uitloggen", follow=True).text
    assert bram.get("/mijn-traject").status_code == 302
    assert "De rol is ingetrokken." in submit(client, f"{account}/{grant}", form=f"/{grant}", follow=True).text
    assert "Geen rol" in client.get(account).text


def test_lost_passkeys_are_taken_away_with_the_sessions_and_the_button_goes_with_them(
    cast: Cast, sign_in: SignIn
) -> None:
    client, bram = sign_in(cast.gijs), sign_in(cast.bram)
    account = f"{ACCOUNTS}/{cast.bram.user_id}"
    assert "passkey" not in client.get(account).text
    with writing() as session:
        for number in (1, 2):
            session.add(
                Passkey(
                    user_id=cast.bram.user_id,
                    credential_id=bytes([number]),
                    public_key=b"k",
                    sign_count=0,
                    name="telefoon",
                    made_at=clock.now(),
                )
            )
    page = client.get(account).text
    assert "Deze persoon heeft 2 passkeys." in page
    assert "wordt overal uitgelogd" in page
    done = submit(client, account, form="/passkeys", follow=True)
    assert "2 passkeys weggehaald, en overal uitgelogd." in done.text
    assert "Haal alle passkeys weg" not in done.text
    assert bram.get("/mijn-traject").status_code == 302
    assert "Er is geen passkey meer." in send_by_hand(client, f"{account}/passkeys", follow=True).text
    assert send_by_hand(client, f"{ACCOUNTS}/999999/passkeys").status_code == 404


def test_an_address_is_put_right(cast: Cast, sign_in: SignIn) -> None:
    client, bram = sign_in(cast.gijs), sign_in(cast.bram)
    account = f"{ACCOUNTS}/{cast.bram.user_id}"
    form = f"/{cast.bram.user_id}"
    taken = submit(client, account, form=form, email="anja@example.org")
    assert taken.status_code == 422
    assert "Een ander account heeft dit adres al." in taken.text
    done = submit(client, account, form=form, follow=True, email="bram.wit@example.org")
    assert "Opgeslagen." in done.text and "bram.wit@example.org" in done.text
    assert bram.get("/mijn-traject").status_code == 302
    assert client.get(f"{ACCOUNTS}/999999").status_code == 404


def test_the_last_administrator_is_told_why_they_stay(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.gijs)
    done = send_by_hand(client, f"{ACCOUNTS}/{cast.gijs.user_id}/{grant_of(cast.gijs)}", follow=True)
    assert "Dit is de laatste beheerder." in done.text
    roles = db.session.scalars(select(Grant.role).where(Grant.user_id == cast.gijs.user_id)).all()
    assert roles == [Role.ADMINISTRATOR]
