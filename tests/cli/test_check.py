"""``hto-track check`` answers in one line each, and keeps to what was kept of the audit trail."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from hto_track.extensions import db
from hto_track.services import audit
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import writing
from tests.cli.commands import runner


@pytest.fixture
def key(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of the tests' application, for commands too: it seals the trail."""
    secret_key: str = app.extensions["hto_settings"].secret_key
    monkeypatch.setenv("HTO_SECRET_KEY", secret_key)
    return secret_key


def write(*codes: str) -> None:
    with writing() as session:
        for code in codes:
            audit.record(session, CONSOLE, "try", audit.of_participant(code))


def end_in(output: str) -> str:
    return output.rpartition(" ")[2].strip()


def test_a_whole_database_says_where_its_audit_trail_ends(
    app: Flask, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hto_track = runner(app, monkeypatch)
    write("C1-01")
    first = hto_track("check")
    assert (first.exit_code, first.stdout.splitlines()[0]) == (0, "Everything is whole.")
    write("C1-01")
    assert hto_track("check", "--end", end_in(first.stdout)).exit_code == 0


def test_a_changed_row_is_named_and_the_status_is_1(app: Flask, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write("C1-01", "C1-02")
    with db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entries_no_update"))
        connection.execute(text("UPDATE audit_entries SET subject = 'participant/C1-09' WHERE id = 1"))
    checked = runner(app, monkeypatch)("check", "--end", "2:x")
    assert checked.exit_code == 1
    assert checked.stderr.splitlines() == [
        "Audit entry 1 is not what was written",
        "The audit trail does not hold what was kept of it: 2:x",
    ]


def test_after_a_change_of_key_the_trail_is_sealed_by_hand(
    app: Flask, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("C1-01")
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], secret_key="another" * 8)
    monkeypatch.setenv("HTO_SECRET_KEY", "another" * 8)
    hto_track = runner(app, monkeypatch)
    assert "not sealed by this installation's key" in hto_track("check").stderr
    assert hto_track("check", "--seal").exit_code == 0
    assert hto_track("check").exit_code == 0
