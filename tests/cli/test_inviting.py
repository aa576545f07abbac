"""``hto-track user invite`` and ``hto-track import --invite`` as a person runs them."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import User
from tests.cli.commands import Run, runner
from tests.importable import SMALL, write_folder


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands on an empty database, in English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return runner(app, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """The small set of files."""
    return str(write_folder(dict(SMALL), tmp_path / "in"))


def test_an_import_with_invite_mails_every_new_participant_once(run: Run, folder: str) -> None:
    first = run("import", folder, "--invite")
    assert (first.exit_code, first.stdout.splitlines()[-1]) == (0, "3 participants invited")
    again = json.loads(run("import", folder, "--invite", "--json").stdout)
    assert (again["invited"], again["created"]) == (0, 0)


def test_an_import_without_invite_mails_nobody_and_answers_as_ever(run: Run, folder: str) -> None:
    told = json.loads(run("import", folder, "--json").stdout)
    assert set(told) == {"created", "updated", "unchanged", "files"}
    assert json.loads(run("import", folder, "--invite", "--json").stdout)["invited"] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("examination_board",),
        ("examination_board", "--route", "AD"),
        ("observer", "--cohort", "K-1"),
        ("observer", "--programme", "HTO"),
        ("college_administration", "--cohort", "K-1"),
        ("supervisor",),
    ],
)
def test_a_role_with_its_scope_prints_the_link(run: Run, folder: str, words: tuple[str, ...]) -> None:
    run("import", folder)
    done = run("user", "invite", "ingrid@example.org", "--role", *words)
    assert (done.exit_code, "/sign-in/" in done.stdout, len(done.stdout.splitlines())) == (0, True, 1)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("employer",), "a participant shares"),
        (("observer",), "needs a programme"),
        (("college_administration",), "needs a cohort"),
        (("examination_board", "--route", "XX"), "no route XX"),
        (("observer", "--programme", "XX"), "no programme XX"),
        (("supervisor", "--cohort", "K-1"), "has no cohort"),
    ],
)
def test_what_cannot_be_is_one_clear_line(run: Run, folder: str, words: tuple[str, ...], says: str) -> None:
    run("import", folder)
    refused = run("user", "invite", "ingrid@example.org", "--role", *words)
    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert says in refused.stderr


def test_the_first_leader_can_be_invited_by_name(app: Flask, run: Run, folder: str) -> None:
    run("import", folder)
    asked = ("user", "invite", "ingrid@example.org", "--role", "administrator")
    assert run(*asked, "--name", "Ingrid  de Wit").exit_code == 0
    with app.app_context():
        assert db.session.scalars(select(User.name).where(User.email == "ingrid@example.org")).one() == "Ingrid de Wit"
