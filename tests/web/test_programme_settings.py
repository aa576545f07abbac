"""The settings of a programme as pages: looked at first, then saved, undone, put back to what is usual."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.programmes import Programme
from tests.cast import Cast
from tests.web.forms import forms_of, send_by_hand, submit

SignIn = Callable[..., FlaskClient]
PAGE = "/programmas/HTO/waarschuwingen"


def stored() -> dict[str, float]:
    return db.session.scalars(select(Programme.thresholds).where(Programme.code == "HTO")).one()


def test_the_list_leads_to_the_settings(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in(cast.hanna).get("/programmas").text
    assert PAGE in page and "Hybride techniekopleider" in page


def test_other_limits_are_looked_at_and_then_saved_and_undone(sign_in: SignIn, cast: Cast) -> None:
    leader = sign_in(cast.anja)
    looked_at = leader.get(f"{PAGE}?silent_amber=10&silent_red=14&overload_amber=160")
    assert "Met deze grenzen" in looked_at.text
    assert stored() == {}
    page = submit(leader, f"{PAGE}?silent_amber=10&silent_red=14&overload_amber=160,5%25", form=PAGE, follow=True)
    assert "Opgeslagen." in page.text
    assert stored() == {"silent_amber": 10, "silent_red": 14, "overload_amber": 1.605}
    undo = next(form for form in forms_of(page) if "/terug/" in form.action)
    assert "weer zoals ze waren" in leader.post(undo.action, data=undo.values, follow_redirects=True).text
    assert stored() == {}


def test_everything_becomes_as_usual(sign_in: SignIn, cast: Cast) -> None:
    leader = sign_in(cast.anja)
    assert "standaard" not in leader.get(PAGE).text
    submit(leader, f"{PAGE}?silent_amber=10", form=PAGE)
    assert stored() == {"silent_amber": 10}
    submit(leader, PAGE, form="/standaard")
    assert stored() == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("silent_amber=veel", "Vul een getal in"),
        ("silent_amber=-3", "Vul een getal in"),
        ("overload_amber=1e3", "Vul een getal in"),
        ("silent_amber=40", "Rood begint niet lager dan oranje"),
        ("overload_amber=50", "Dit is te laag of te hoog"),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_cannot_be_saved(
    sign_in: SignIn, cast: Cast, query: str, said: str
) -> None:
    page = sign_in(cast.anja).get(f"{PAGE}?{query}").text
    assert said in page and "field-error" in page
    assert query.split("=")[1] in page
    assert "Met deze grenzen" not in page


def test_what_somebody_saved_while_one_was_looking_is_not_lost(sign_in: SignIn, cast: Cast) -> None:
    leader = sign_in(cast.anja)
    (looking,) = [form for form in forms_of(leader.get(PAGE)) if "silent_amber" in form.values]
    submit(sign_in(cast.hanna), f"{PAGE}?silent_amber=10", form=PAGE)
    tried = f"{PAGE}?" + urlencode(looking.values | {"overload_amber": ["160"]}, doseq=True)
    refused = submit(leader, tried, form=PAGE)
    assert refused.status_code == 422 and "Iemand veranderde deze instellingen intussen" in refused.text
    assert stored() == {"silent_amber": 10}
    assert "Opgeslagen is: 10" in refused.text


def test_whoever_comes_second_is_asked(sign_in: SignIn, cast: Cast) -> None:
    page = send_by_hand(sign_in(cast.anja), PAGE, silent_amber="10", seen="something else")
    assert page.status_code == 422
    assert "Iemand veranderde deze instellingen intussen" in page.text
    assert stored() == {}
