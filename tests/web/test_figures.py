"""The page of figures: numbers in words, bars only of what is shown."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.participants import Participant
from hto_track.rules.attention import Attention
from hto_track.rules.cohort_figures import FEW, HIDDEN, Cell
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.warnings import WarningCode
from hto_track.services.transaction import reading
from hto_track.web.access import TOKEN
from hto_track.web.pictures.figures import ATTENTION, STATUSES, WARNINGS, count_in_words
from tests.cast import Cast
from tests.sign_in import begin_session
from tests.web.conftest import Browser, SignIn


@pytest.fixture
def dutch(sqlite_app: Flask) -> Iterator[None]:
    """Everything is said in Dutch."""
    with force_locale("nl"):
        yield


@pytest.fixture
def observer(demo_app: Flask) -> FlaskClient:
    """The observer of the demo, signed in."""
    demo_app.test_client_class = Browser
    user_id = (
        reading()
        .scalars(select(User.id).join(Grant, Grant.user_id == User.id).where(Grant.role == Role.OBSERVER))
        .first()
    )
    token, client = begin_session(user_id), demo_app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = token
    return client


def test_there_are_words_for_everything_that_is_counted() -> None:
    assert (set(ATTENTION), set(STATUSES), set(WARNINGS)) == (set(Attention), set(EnrolmentStatus), set(WarningCode))


def test_a_count_is_said_or_it_is_said_that_it_is_not(dutch: None) -> None:
    said = [count_in_words(cell) for cell in (Cell(count=16), Cell(count=0), FEW, HIDDEN)]
    assert said == ["16", "0", "minder dan 5", "niet getoond"]


def test_it_is_where_an_observer_begins(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ilse).get("/").location == "/cijfers"
    assert sign_in(cast.anja).get("/").location == "/groepen"


def test_of_two_people_it_says_that_they_are_too_few_and_draws_no_bar(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.ilse).get("/cijfers").text
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count("te weinig mensen") == 6
    assert "share-" not in main
    assert not any(name in main for name in ("Bram", "Noor", "Piet", "C1-0", "@"))


def test_the_demo_has_figures_and_nobodys_name(observer: FlaskClient) -> None:
    page = observer.get("/cijfers").text
    assert "Groep ZH-05" in page and "Aanwezigheid, gemiddeld" in page
    assert "minder dan 5" in page
    for person in reading().scalars(select(Participant)):
        assert person.code not in page and person.email not in page and person.name not in page


def test_a_bar_is_as_long_as_its_share() -> None:
    from hto_track.web.pictures.charts import count_bar

    assert count_bar("now", Fraction(1, 3)).width == "33.33"


def test_who_has_no_figures_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    for actor in (cast.bram, cast.chaima, cast.dirk, cast.els, cast.femke, cast.karel):
        assert sign_in(actor).get("/cijfers").status_code == 403
