"""The applications of tests: made by the factory, one for each kind of database, and lent to one test after another.

Making one takes longer than most tests do: it reads all routes, and then compiles every statement and template anew.
Here what is compiled is kept. What a test changes in an application is put back as the factory left it, and each loan is of
another database under an address of its own: what is kept by that address (judgements, readings) is of one test alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, make_url

from hto_track.app import create_app
from hto_track.config import Settings
from hto_track.extensions import db


class Application:
    """An application that can be opened on one database after another."""

    def __init__(self, settings: Settings) -> None:
        self.app, self._settings = create_app(settings), settings
        with self.app.app_context():
            self._engine = db.engine
        _follow_address(self._engine)
        self._pages = len(list(self.app.url_map.iter_rules()))
        environment = self.app.jinja_env
        # Others hold these very mappings: they are filled again, never replaced.
        self._held = [vars(self.app), self.app.config, self.app.extensions, environment.globals, environment.filters]
        self._left = [self._copied_parts(mapping) for mapping in self._held]

    def open(self, url: str) -> None:
        """Be as the factory left it, on the database at ``url``."""
        if len(list(self.app.url_map.iter_rules())) != self._pages:
            raise RuntimeError("a test added a page to an application that is lent: let it make one of its own")
        for mapping, left in zip(self._held, self._left, strict=True):
            parts = self._copied_parts(left)
            mapping.clear()
            mapping.update(parts)
        self.app.config["SQLALCHEMY_DATABASE_URI"] = url
        self.app.extensions["hto_settings"] = replace(self._settings, database_url=url)
        self._engine.url = make_url(url)

    def close(self) -> None:
        """Leave the database."""
        self._engine.dispose()

    def _copied_parts(self, mapping: dict[str, Any]) -> dict[str, Any]:
        return {name: self._copied(part) for name, part in mapping.items()}

    def _copied(self, part: Any) -> Any:
        """Containers anew, as deep as they go, but for those that are held elsewhere too."""
        if any(part is mapping for mapping in self._held):
            return part
        if isinstance(part, dict):
            anew = copy(part)  # of its own kind: Flask's have a default
            anew.update(self._copied_parts(part))
            return anew
        return [self._copied(each) for each in part] if isinstance(part, list) else part


class Applications:
    """All that were made in this process, and which of them nobody has."""

    def __init__(self, settings_for: Callable[[str], Settings]) -> None:
        self._settings_for = settings_for
        self._free: defaultdict[str, list[Application]] = defaultdict(list)

    @contextmanager
    def lent(self, url: str) -> Iterator[Flask]:
        """An application on the database at ``url``, its context pushed, every connection closed at the end."""
        free = self._free[make_url(url).get_backend_name()]
        application = free.pop() if free else Application(self._settings_for(url))
        application.open(url)
        with application.app.app_context():
            try:
                yield application.app
            finally:
                db.session.remove()
                application.close()
        free.append(application)


def _follow_address(engine: Engine) -> None:
    """Let each new connection go where the address of the engine leads by then."""

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: Any, _arguments: Any, _named: Any) -> Any:
        arguments, named = dialect.create_connect_args(engine.url)
        return dialect.connect(*arguments, **named)
