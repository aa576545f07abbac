"""Requests that no database can answer are answered before one is asked; here on both of them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast
from tests.conftest import app_on_copy, fill_schema
from tests.databases import Databases
from tests.web.conftest import Browser, SignIn
from tests.web.forms import submit


@pytest.fixture
def app(databases: Databases) -> Iterator[Flask]:
    """An application on each kind of database."""
    with app_on_copy(databases, "schema", fill_schema) as app:
        app.test_client_class = Browser
        yield app


@pytest.mark.parametrize(
    "address",
    [
        "/beheer/postvak/99999999999999999999999",
        "/beheer/postvak/2147483648",
        "/groepen/C-1%00",
        "/deelnemers/C1-01%00",
        "/groepen?show=%00",
    ],
)
def test_an_address_that_no_database_can_look_for_is_no_page(cast: Cast, sign_in: SignIn, address: str) -> None:
    assert sign_in(cast.anja).get(address).status_code == 404


def test_a_field_that_no_database_can_keep_stores_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bram)
    before = client.get("/uren").text.count('class="line"')
    answer = submit(client, "/uren/nieuw", form="hours-form", day="today", hours="60", note="in class\0")
    assert answer.status_code == 404
    assert client.get("/uren").text.count('class="line"') == before
    assert submit(client, "/uren/nieuw", form="hours-form", day="today", hours="60", note="in class").status_code == 302
