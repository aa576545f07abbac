"""What tests of all floors share: applications on fresh databases, the example cohorts, the cast, a query counter.

Fixtures of one floor live in the ``conftest.py`` of its folder. ``app`` runs a test on both databases; the folders of
the floors above the services (web, cli) override it with SQLite alone.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from sqlalchemy import event

from hto_track.app import create_app
from hto_track.cli import demo_database
from hto_track.config import Settings
from hto_track.extensions import db
from hto_track.services.importing import import_path
from hto_track.services.migrations import upgrade_schema
from hto_track.services.policy import CONSOLE
from tests.applications import Applications
from tests.cast import Cast, settle
from tests.databases import Databases, PostgresqlServer, SqliteFiles, in_memory, postgresql_server

TODAY = date(2026, 6, 14)
"""The day of every test: the example cohorts are made for it."""


def settings_for(url: str) -> Settings:
    """The settings of a test's application."""
    return Settings(database_url=url, secret_key="a key of the tests alone", today=TODAY, base_url="http://hto.test")


_applications = Applications(settings_for)


@contextmanager
def app_on(url: str) -> Iterator[Flask]:
    """A new application on the database at ``url``, its context pushed, every connection closed at the end."""
    app = create_app(settings_for(url))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def fill_schema(url: str) -> None:
    with app_on(url):
        upgrade_schema()


def fill_examples(url: str) -> None:
    """The example cohorts as their files say, nothing else."""
    with app_on(url):
        upgrade_schema()
        for cohort in ("zh-04", "zh-05"):
            import_path(CONSOLE, demo_database.DATA / cohort)


def fill_demo(url: str) -> None:
    """The whole demo: the example cohorts, an account for each role, warnings and diplomas."""
    with app_on(url):
        upgrade_schema()
        demo_database.fill()


@contextmanager
def app_on_copy(databases: Databases, template: str, fill: Callable[[str], None]) -> Iterator[Flask]:
    """A lent application (``applications.py``) on a new copy of a template, which is dropped at the end."""
    url = databases.copy_of(template, fill)
    try:
        with _applications.lent(url) as app:
            yield app
    finally:
        databases.drop(url)


@pytest.fixture(scope="session")
def sqlite() -> Iterator[SqliteFiles]:
    """SQLite databases in a folder of this run."""
    with TemporaryDirectory(prefix="hto-sqlite-", dir=in_memory()) as folder:
        yield SqliteFiles(Path(folder))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server of this run; a failure where there is none, never a skip."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Each kind of database in turn."""
    kind: Databases = request.getfixturevalue(request.param)
    return kind


@pytest.fixture
def app(databases: Databases) -> Iterator[Flask]:
    """An application on a fresh, migrated, empty database of each kind, its context pushed."""
    with app_on_copy(databases, "schema", fill_schema) as app:
        yield app


@pytest.fixture
def sqlite_app(sqlite: SqliteFiles) -> Iterator[Flask]:
    """The same on SQLite alone, for floors where the database does not matter."""
    with app_on_copy(sqlite, "schema", fill_schema) as app:
        yield app


@pytest.fixture
def example_app(databases: Databases) -> Iterator[Flask]:
    """An application on each kind of database, with the example cohorts ZH-05 (running) and ZH-04 (finished)."""
    with app_on_copy(databases, "examples", fill_examples) as app:
        yield app


@pytest.fixture
def sqlite_example_app(sqlite: SqliteFiles) -> Iterator[Flask]:
    """The example cohorts on SQLite alone."""
    with app_on_copy(sqlite, "examples", fill_examples) as app:
        yield app


@pytest.fixture
def demo_app(sqlite: SqliteFiles) -> Iterator[Flask]:
    """The whole demo on SQLite: the example cohorts, an account for each role, warnings and diplomas."""
    with app_on_copy(sqlite, "demo", fill_demo) as app:
        yield app


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The fixed cast and the few rows they need, in the database of ``app``."""
    return settle()


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """``with count_queries() as queries: …`` collects the statements sent to the database meanwhile, but no BEGIN."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
