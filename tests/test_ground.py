"""The ground that all other tests stand on: both databases, the cast, the counter."""

from flask import Flask
from sqlalchemy import select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from tests.cast import Cast
from tests.conftest import TODAY
from tests.databases import SqliteFiles


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
