"""Asking as somebody, seeing what it changed, and putting everything back."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from hto_track.config import CollegeProvider, Settings
from hto_track.extensions import db
from hto_track.services.policy import Actor
from hto_track.web.access import TOKEN
from tests.access.people import NOBODY
from tests.access.world import COLLEGE_SIGN_IN, World
from tests.conftest import settings_for
from tests.web.conftest import Browser

NOT_COMPARED = frozenset(
    {
        "audit_entries",
        "audit_contents",
        "audit_head",
        "readings",
        "sign_in_sessions",
        "attempt_counts",
        "passkey_challenges",
        "revision",
    }
)
"""What is noted of everyone who asks, whether they may or not."""

WRITES_BETWEEN = 1_000_000
"""More than there are from one time that all is put back to the next."""

Dump = dict[str, list[Any]]


def settings_of_all_ways_in(url: str) -> Settings:
    """An installation in which every page is there that can be."""
    college = CollegeProvider(issuer=COLLEGE_SIGN_IN, client_id="hto", client_secret="of the tests", name="De Maas")
    return replace(settings_for(url), passwords=True, college_provider=college, base_url="https://hto.test")


class AccessSite:
    """The application with its world. ``dump`` and ``put_back`` go past it, to the file of its database."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        app.test_client_class = Browser
        app.config["WTF_CSRF_ENABLED"] = False
        self._file = Path(make_url(app.extensions["hto_settings"].database_url).database or "")
        self._kept = self._file.with_suffix(".kept")
        self._revision = 0
        shutil.copyfile(self._file, self._kept)
        self._watch()
        self.dump_of_beginning = self.dump()

    def _watch(self) -> None:
        """Look at the file from beside: SQLite tells whoever keeps it open whether anyone else stored anything."""
        self._watcher = sqlite.connect(self._file)
        self._version = self._data_version()

    def _data_version(self) -> int:
        number: int = self._watcher.execute("PRAGMA data_version").fetchone()[0]
        return number

    def close(self) -> None:
        """Let go of the file."""
        self._watcher.close()

    def actor(self, name: str) -> Actor:
        """Who goes by this name."""
        return self.world.people[name]

    def ask(
        self, name: str, method: str, path: str, form: dict[str, Any] | None = None, query: dict[str, str] | None = None
    ) -> TestResponse:
        """The answer to a request by someone of the world, or by nobody."""
        client: FlaskClient = self.app.test_client()
        if name != NOBODY.name:
            with client.session_transaction() as session:
                session[TOKEN] = self.world.tokens[name]
        return client.open(path, method=method, data=form, query_string=query)

    def dump(self) -> Dump:
        """Everything that is stored, but what is noted of everyone."""
        tables = self._watcher.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {
            name: self._watcher.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 a name of our own
            for (name,) in tables
            if name not in NOT_COMPARED
        }

    def changed(self) -> list[str]:
        """The tables that are not as they were in the beginning."""
        if self._data_version() == self._version:
            return []
        now = self.dump()
        return [name for name, rows in self.dump_of_beginning.items() if now[name] != rows]

    def put_back(self) -> None:
        """Store what there was in the beginning, unless nothing was stored since."""
        with self.app.app_context():
            db.session.remove()
        if self._data_version() == self._version:
            return
        with self.app.app_context():
            db.engine.dispose()
        self._watcher.close()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._file)
        self._watch()
        self._raise_revision()

    def _raise_revision(self) -> None:
        """To a number that none of the writes that were put back had: what was kept under theirs is not of this world."""
        self._revision += WRITES_BETWEEN
        self._watcher.execute("UPDATE revision SET number = ?", [self._revision])
        self._watcher.commit()
        self._version = self._data_version()
