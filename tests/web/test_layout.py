"""Laying out a cohort by form: looked at as often as one likes, stored as it was seen."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson
from hto_track.rules.calendar import public_holiday_names, public_holidays
from hto_track.rules.layout import ClashKind
from hto_track.services.template_drafts import NewTemplate, make_template
from hto_track.web.pictures.layout import CLASHES, PUBLIC_HOLIDAYS
from tests.cast import Cast
from tests.services.test_layout import publish
from tests.web.conftest import SignIn
from tests.web.forms import Form, forms_of

PAGE = "/sjablonen/T-1/1/uitzetten"


@pytest.fixture
def leader(cast: Cast, sign_in: SignIn) -> FlaskClient:
    """Anja, with a published template T-1 of six lessons."""
    make_template(cast.anja, NewTemplate(code="T-1", title="Ons traject", cohort="C-1"))
    publish(cast.anja)
    return sign_in(cast.anja)


def form_of(page: TestResponse) -> Form:
    return next(form for form in forms_of(page) if form.id == "uitzetten")


def look(client: FlaskClient, page: TestResponse | None = None, **typed: Any) -> TestResponse:
    """Fill in the form of a page, or of the empty one, and look what follows."""
    values = form_of(page or client.get(PAGE)).values | typed
    return client.get(f"{PAGE}?{urlencode(values, doseq=True)}")


def store(client: FlaskClient, page: TestResponse, follow: bool = False, **typed: Any) -> TestResponse:
    """Press the button that stores: it sends the same fields, and the token with it."""
    token = re.search(r'name="csrf_token" value="([^"]+)" formmethod="post"', page.text)
    assert token is not None
    values = form_of(page).values | {"csrf_token": token[1]} | typed
    return client.post(PAGE, data=values, follow_redirects=follow)


def lessons_of(code: str) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Lesson.number, Lesson.held_on)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .where(Cohort.code == code)
        .order_by(Lesson.number)
    )
    return [(number, on.isoformat()) for number, on in rows]


def cohorts() -> int:
    return db.session.scalar(select(func.count()).select_from(Cohort)) or 0


def test_the_form_begins_as_the_template_says_and_with_the_leader_who_opens_it(leader: FlaskClient) -> None:
    form = form_of(leader.get(PAGE))
    assert form.values["weekday"] == ["1"] and form.values["starts_at"] == ["18:30"]
    assert "csrf_token" not in form.values, "what is looked at stands in the address: no token in it"
    page = look(leader, start_on="2027-03-01")
    assert form_of(page).values["leader_email"] == ["anja@example.org"]


def test_a_cohort_is_looked_at_and_laid_out(leader: FlaskClient) -> None:
    before = cohorts()
    page = look(leader, start_on="2027-03-29")
    assert page.status_code == 200 and cohorts() == before
    assert "6 lessen, van 30 mrt 2027 tot en met 11 mei 2027" in page.text
    assert "Les 5, di 4 mei 2027: Dodenherdenking" in page.text
    assert "zijn de schoolvakanties nog niet bekend" not in page.text
    later = look(leader, start_on="2028-07-03")
    assert "Vanaf les 2 (22 aug 2028) zijn de schoolvakanties nog niet bekend" in later.text
    assert "Koningsdag" in page.text, "a Tuesday that year: skipped"
    done = store(leader, page, follow=True, code="C-9")
    assert "C-9 is uitgezet: 6 lessen, van 30 mrt 2027 tot en met 11 mei 2027." in done.text
    assert lessons_of("C-9")[0] == (1, "2027-03-30")


def test_a_date_that_is_left_out_moves_all_that_follow_and_can_be_taken_back(leader: FlaskClient) -> None:
    page = look(leader, start_on="2027-03-29")
    without = look(leader, page, without="2027-05-04")
    assert "door jou overgeslagen" in without.text and "Dodenherdenking" not in without.text
    assert form_of(without).values["date-5"] == ["2027-05-11"]
    assert form_of(without).values["without"] == ["2027-05-04"]
    values = {name: text for name, text in form_of(without).values.items() if name != "without"}
    back = leader.get(f"{PAGE}?{urlencode(values, doseq=True)}")
    assert form_of(back).values["date-5"] == ["2027-05-04"]


def test_a_typed_date_stays_when_the_others_move(leader: FlaskClient) -> None:
    page = look(leader, start_on="2027-03-01")
    typed = look(leader, page, **{"date-6": "2027-04-15"})
    assert "in plaats van 6 apr 2027" in typed.text
    later = look(leader, typed, start_on="2027-03-08")
    values = form_of(later).values
    assert [values[f"date-{number}"][0] for number in range(1, 7)] == [
        *("2027-03-09", "2027-03-16", "2027-03-23", "2027-03-30", "2027-04-06", "2027-04-15")
    ]


def test_what_was_typed_and_not_looked_at_is_shown_before_it_is_stored(leader: FlaskClient) -> None:
    page = look(leader, start_on="2027-03-01")
    asked = store(leader, page, code="C-9", **{"date-5": "2027-03-29"})
    assert asked.status_code == 422
    assert "Dit zijn niet de datums die je hebt gezien" in asked.text and "Tweede paasdag" in asked.text
    assert lessons_of("C-9") == []
    assert store(leader, asked).status_code == 302
    assert lessons_of("C-9")[4] == (5, "2027-03-29")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("start_on", "ooit", "Vul een datum in zoals 17-11-2026"),
        ("start_on", "", "Vul een datum in zoals 17-11-2026"),
        ("ends_at", "18:00", "Het einde ligt niet na het begin."),
        ("starts_at", "straks", "Vul een tijd in zoals 18:30."),
        ("region", "oost", "Kies een regio."),
        ("weekday", "6", "Kies een dag van maandag tot en met zaterdag."),
        ("date-3", "2027-03-09", "Les 3 ligt niet na de les ervoor."),
        ("date-3", "31-02-2027", "Vul een datum in zoals 17-11-2026"),
        ("end_on", "2027-03-20", "De laatste dag van de groep ligt voor de laatste les."),
        ("code", "C-1", "De code C-1 is al in gebruik."),
        ("code", "", "Gebruik letters, cijfers, punten en streepjes"),
        ("leader_email", "nergens", "nergens"),
        ("max_participants", "3", "Het hoogste aantal deelnemers kan niet onder het laagste liggen."),
        ("min_participants", "veel", "Vul een heel getal in, 1 of meer."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    leader: FlaskClient, field: str, typed: str, sentence: str
) -> None:
    page = look(leader, start_on="2027-03-01")
    before = cohorts()
    answer = store(leader, page, **({"code": "C-9"} | {field: typed}))
    assert answer.status_code == 422
    assert sentence in answer.text and f'href="#f-{field}"' in answer.text
    assert "<title>Fout: " in answer.text
    assert cohorts() == before


def test_nonsense_in_an_address_is_answered_in_words(leader: FlaskClient) -> None:
    for nonsense in (
        "was=x",
        "was=2027-03-02.9999999999.7",
        "was=0001-01-01.7&date-1=9999-12-31",
        "was=9999-12-31.7",
        "without=x&without=",
    ):
        answer = leader.get(f"{PAGE}?start_on=2027-03-01&{nonsense}")
        assert answer.status_code == 200
    assert "eeuw" in leader.get(f"{PAGE}?start_on=2190-01-01").text
    assert leader.get(f"{PAGE}?start_on=").status_code == 200


def test_the_same_form_sent_twice_lays_out_once(leader: FlaskClient) -> None:
    page = look(leader, start_on="2027-03-01")
    first, second = store(leader, page, code="C-9"), store(leader, page, code="C-9")
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(lessons_of("C-9")) == 6


def test_the_page_costs_the_same_however_long_the_template(
    leader: FlaskClient, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    look(leader, start_on="2027-03-01")
    with count_queries() as first:
        leader.get(f"{PAGE}?start_on=2027-03-01&location=Tilburg")
    with count_queries() as second:
        leader.get(f"{PAGE}?start_on=2027-03-01&location=Tilburg")
    assert len(first) == len(second) <= 12


def test_every_public_holiday_and_every_clash_has_its_word() -> None:
    assert {ClashKind.PUBLIC_HOLIDAY, ClashKind.SCHOOL_HOLIDAY, ClashKind.SAME_ROOM} | set(CLASHES) == set(ClashKind)
    names = {name for year in range(1950, 2100) for day in public_holidays(year) for name in public_holiday_names(day)}
    assert names <= set(PUBLIC_HOLIDAYS)
