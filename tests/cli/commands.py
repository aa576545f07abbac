"""Commands as someone at a terminal meets them, on the test's own database."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from hto_track.cli.main import cli
from hto_track.extensions import db

Run = Callable[..., Result]


def runner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("jobs", "list")`` is ``hto-track jobs list``, today being 14 June 2026."""
    monkeypatch.setenv("HTO_DATABASE_URL", app.extensions["hto_settings"].database_url)
    monkeypatch.setenv("HTO_TODAY", "2026-06-14")

    def run(*words: str) -> Result:
        db.session.remove()
        return CliRunner().invoke(cli, words)

    return run
