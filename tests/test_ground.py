"""The ground that all other tests stand on: both databases, applications that are lent, the cast, the counter."""

import logging
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.services.policy import CONSOLE
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import revision
from tests.applications import Applications
from tests.cast import Cast
from tests.conftest import TODAY, app_on_copy, fill_examples, fill_schema, settings_for
from tests.databases import Databases, SqliteFiles


def test_the_database_is_the_one_asked_for(app: Flask, databases: object) -> None:
    expected = "sqlite" if isinstance(databases, SqliteFiles) else "postgresql"
    assert db.engine.dialect.name == expected


def test_today_is_the_day_of_the_example_cohorts(app: Flask) -> None:
    assert clock.today() == TODAY


def test_the_cast_has_its_place(app: Flask, cast: Cast) -> None:
    codes = db.session.scalars(select(Participant.code).order_by(Participant.code)).all()
    assert codes == [cast.participant, cast.neighbour, cast.other_participant]


def test_a_database_holds_nothing_of_an_earlier_test(app: Flask) -> None:
    assert db.session.scalars(select(Participant)).all() == []


def test_each_statement_is_counted_once(sqlite_app: Flask, count_queries) -> None:
    with count_queries() as queries:
        db.session.scalars(select(Participant)).all()
        db.session.scalars(select(Participant.code)).all()
    assert len(queries) == 2


def test_the_example_cohorts_are_there(example_app: Flask) -> None:
    codes = db.session.scalars(select(Cohort.code).order_by(Cohort.code)).all()
    assert codes == ["ZH-04", "ZH-05"]


def test_the_demo_has_an_account_for_each_role(demo_app: Flask) -> None:
    roles = set(db.session.scalars(select(Grant.role)))
    assert roles == set(Role)


def _state(app: Flask) -> str:
    """All that an application holds, but the address of its database."""
    environment = app.jinja_env
    everything = repr((sorted(vars(app).items()), environment.globals, environment.filters))
    return everything.replace(app.extensions["hto_settings"].database_url, "…").replace(repr(db), "…")


def test_what_a_test_changes_in_an_application_is_gone_for_the_next(databases: Databases) -> None:
    with app_on_copy(databases, "schema", fill_schema) as app:
        before, address = _state(app), db.engine.url
        app.before_request(lambda: "an answer before any page")
        app.view_functions["home"] = lambda: "another page"
        app.register_error_handler(404, lambda _error: "another page")
        app.test_client_class = FlaskClient
        app.logger = logging.Logger("of this test")
        app.config["WTF_CSRF_ENABLED"] = False
        app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], passwords=True, smtp_host="127.0.0.1")
        app.extensions["hto_menus"] = {"a menu": ()}
        app.extensions["hto_needs"].clear()
        app.jinja_env.globals["icon"] = app.jinja_env.filters["sentence"] = str
        assert app.test_client().get("/healthz").text == "an answer before any page"
        assert _state(app) != before
    with app_on_copy(databases, "schema", fill_schema) as again:
        assert again is app
        assert _state(again) == before
        assert db.engine.url != address


def test_a_judgement_that_is_kept_is_of_its_own_database(databases: Databases) -> None:
    with app_on_copy(databases, "examples", fill_examples):
        at, there = revision(), cohort_standings(CONSOLE, "ZH-05", TODAY)
    with app_on_copy(databases, "examples", fill_examples):
        db.session.execute(update(Participant).values(given_name="Somebody else"))
        db.session.commit()
        assert revision() == at
        here = cohort_standings(CONSOLE, "ZH-05", TODAY)
    assert {one.member.given_name for one in here.members} == {"Somebody else"}
    assert "Somebody else" not in {one.member.given_name for one in there.members}


def test_two_applications_at_once_are_two(databases: Databases) -> None:
    with (
        app_on_copy(databases, "schema", fill_schema) as outer,
        app_on_copy(databases, "examples", fill_examples) as inner,
    ):
        assert outer is not inner
        assert len(db.session.scalars(select(Cohort)).all()) == 2
        with outer.app_context():
            assert db.session.scalars(select(Cohort)).all() == []


def test_who_adds_a_page_to_an_application_that_is_lent_is_found_out(sqlite: SqliteFiles) -> None:
    applications, url = Applications(settings_for), sqlite.copy_of("schema", fill_schema)
    with applications.lent(url) as app:
        app.add_url_rule("/more", "more", lambda: "more")
    with pytest.raises(RuntimeError, match="added a page"), applications.lent(url):
        pass
    sqlite.drop(url)
