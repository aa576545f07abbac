"""What a command cannot do is said in a clear line: strange words, dates far away, databases that are none."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from hto_track.config import SettingsError, settings_from
from hto_track.extensions import db
from tests.cli.commands import Run, runner


@pytest.fixture
def run(sqlite_example_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands on the example cohorts."""
    return runner(sqlite_example_app, monkeypatch)


@pytest.mark.parametrize("on", ["9999-12-31", "2200-01-01", "1899-12-31", "0001-01-01"])
@pytest.mark.parametrize("words", [("status", "ZH-05"), ("load", "ZH05-01"), ("warnings", "ZH-05", "--evaluate")])
def test_a_date_that_no_fact_can_have_is_wrong_usage(run: Run, words: tuple[str, ...], on: str) -> None:
    done = run(*words, "--on", on)
    assert done.exit_code == 2
    assert done.stderr.endswith(f"{on!r} is not between 1900 and 2199\n")


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_moment_that_no_slot_can_have_is_wrong_usage(run: Run, at: str) -> None:
    assert run("jobs", "run", "evaluate_warnings", "--at", at).exit_code == 2


def test_the_farthest_dates_are_answered(run: Run) -> None:
    for on in ("1900-01-01", "2199-12-31"):
        assert run("status", "ZH-05", "--on", on, "--json").exit_code == 0


@pytest.mark.parametrize("command", ["status", "load", "warnings", "exemptions"])
def test_a_word_that_is_not_utf8_is_refused_in_one_line(run: Run, command: str) -> None:
    done = run(command, "ZH\udcff")
    assert (done.exit_code, done.stderr) == (1, "A word of this command is not text in UTF-8\n")


def test_warnings_of_an_empty_code_are_not_those_of_all_cohorts(run: Run) -> None:
    done = run("warnings", "", "--evaluate", "--json")
    assert (done.exit_code, done.stdout) == (1, "")


def test_a_database_of_a_newer_version_is_left_alone(run: Run) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    db.session.commit()
    for words in (("status", "ZH-05"), ("db", "upgrade")):
        done = run(*words)
        assert done.exit_code == 1
        assert done.stderr.startswith("The database is newer than this program")


def test_a_file_that_is_no_database_is_said_to_be_none(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir, " * 500)
    monkeypatch.setenv("HTO_DATABASE_URL", f"sqlite:///{tmp_path}/letter.txt")
    done = run("status", "ZH-05")
    assert (done.exit_code, done.stderr) == (1, "The database cannot be used: file is not a database\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTO_DATABASE_URL", "postgresql://anja:secret@host:port/name"),
        ("HTO_DATABASE_URL", "mysql://host/name"),
        ("HTO_DATABASE_URL", "secret"),
        ("HTO_DATABASE_URL", " "),
        ("HTO_TODAY", "9999-12-31"),
        ("HTO_SMTP_PORT", "65536"),
        ("HTO_SMTP_PORT", "٣"),
        ("HTO_TRUSTED_PROXIES", "9" * 5000),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        settings_from({name: value}, tmp_path)
    assert "secret" not in str(refused.value)


def test_a_diploma_never_takes_the_place_of_what_is_no_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/null")
    words = ("diploma", "award", "ZH-04", "ZH04-01", "--on", "2026-01-30", "--by", "chaima@hogeschool.example.org")
    done = run(*words, "--pdf", str(tmp_path / "link"))
    assert done.exit_code == 1
    assert "no file" in done.stderr
    assert (tmp_path / "link").is_char_device()
