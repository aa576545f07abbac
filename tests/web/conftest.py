"""Pages are tested on SQLite alone, by clients that are signed in as someone of the cast."""

import logging
from collections.abc import Callable, Iterator
from contextvars import Context
from io import StringIO
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hto_track.extensions import db
from hto_track.services.policy import Actor
from hto_track.web.access import TOKEN
from tests.sign_in import begin_session

SignIn = Callable[[Actor], FlaskClient]


class Browser(FlaskClient):
    """A client whose requests see nothing of the test's own application context, as in a server.

    The test's session is closed around each request: it holds no lock that a request waits for, and then reads what was
    stored.
    """

    def open(self, *arguments: Any, **named: Any) -> TestResponse:
        """Send a request."""
        if not has_app_context():  # following a redirect, inside the request before
            return super().open(*arguments, **named)
        db.session.remove()
        response = Context().run(super().open, *arguments, **named)
        db.session.remove()
        return response


@pytest.fixture
def app(sqlite_app: Flask) -> Iterator[Flask]:
    """Pages do not know which database there is."""
    sqlite_app.test_client_class = Browser
    yield sqlite_app


@pytest.fixture
def written_log(app: Flask) -> StringIO:
    """What the application writes to its log, whatever an earlier test did to the loggers of this process."""
    written = StringIO()
    app.logger = logging.Logger("hto_track of one test")
    app.logger.addHandler(logging.StreamHandler(written))
    return written


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that is not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """``sign_in(cast.anja)`` is a client of its own, signed in as Anja."""

    def signed_in(actor: Actor) -> FlaskClient:
        token, client = begin_session(actor.user_id), app.test_client()
        with client.session_transaction() as session:
            session[TOKEN] = token
        return client

    return signed_in
