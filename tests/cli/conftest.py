"""Commands are tested on SQLite alone."""

import pytest
from flask import Flask


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """Commands do not know which database there is."""
    return sqlite_app
