"""``hto-track diploma`` as someone at a terminal meets it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from hto_track.cli.diploma import diploma
from hto_track.extensions import db
from hto_track.models.diploma import Diploma
from tests.cast import Cast
from tests.graduates import make_ready

AWARD = ["award", "C-1", "C1-01", "--on", "2026-06-14", "--by", "chaima@example.org"]


@pytest.fixture
def environment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the test's database in their environment."""
    monkeypatch.setenv("HTO_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("HTO_TODAY", "2026-06-14")


def run(*words: str | Path) -> Result:
    """The command with ``words``; what could not be done is its exception."""
    db.session.remove()
    return CliRunner().invoke(diploma, [str(word) for word in words])


def faults(result: Result) -> str:
    """What a person reads on stderr when it could not be done."""
    assert result.exit_code == 1, result.output
    return result.stderr


@pytest.mark.usefixtures("environment")
class TestCommands:
    """Everything runs on one fresh database a test."""

    def test_a_diploma_is_awarded_and_its_pdf_verifies(self, cast: Cast, tmp_path: Path) -> None:
        make_ready(cast)
        pdf = tmp_path / "diploma.pdf"
        awarded = run(*AWARD, "--pdf", pdf)
        assert awarded.exit_code == 0, awarded.exception
        assert "HTO-2026-0001" in awarded.output
        verified = run("verify", pdf)
        assert verified.exit_code == 0
        assert verified.output.startswith("valid: HTO-2026-0001, Bram de Wit")
        assert list(tmp_path.iterdir()) == [pdf]

    def test_one_that_was_revoked_or_changed_does_not_verify(self, cast: Cast, tmp_path: Path) -> None:
        make_ready(cast)
        pdf = tmp_path / "diploma.pdf"
        run(*AWARD, "--pdf", pdf)
        changed = tmp_path / "changed.pdf"
        changed.write_bytes(pdf.read_bytes() + b" ")
        assert faults(run("verify", changed)).startswith("altered: this file names HTO-2026-0001")
        revoked = run(
            "revoke", "C-1", "C1-01", "--on", "2026-06-14", "--by", "chaima@example.org", "--reason", "Naam verkeerd"
        )
        assert revoked.exit_code == 0, revoked.exception
        assert faults(run("verify", pdf)).startswith("revoked: HTO-2026-0001")

    def test_a_file_that_is_no_diploma_or_not_there_is_one_line(self, cast: Cast, tmp_path: Path) -> None:
        other = tmp_path / "other.pdf"
        other.write_bytes(b"%PDF-1.4")
        assert faults(run("verify", other)).startswith("unknown: ")
        assert "cannot be read" in faults(run("verify", tmp_path / "none.pdf"))
        assert "cannot be read" in faults(run("verify", tmp_path))

    def test_who_has_not_met_everything_gets_none_but_with_a_ground(self, cast: Cast, tmp_path: Path) -> None:
        pdf = tmp_path / "diploma.pdf"
        assert "Bram de Wit" in faults(run(*AWARD, "--pdf", pdf))
        assert list(tmp_path.iterdir()) == []
        assert run(*AWARD, "--ground", "Besluit").exit_code == 0

    @pytest.mark.parametrize("place", ["nowhere/diploma.pdf", "."])
    def test_where_no_file_can_be_written_nothing_is_awarded(self, cast: Cast, tmp_path: Path, place: str) -> None:
        make_ready(cast)
        result = run(*AWARD, "--pdf", tmp_path / place)
        assert result.exit_code != 0
        assert db.session.scalars(select(Diploma)).all() == []

    def test_a_cohort_or_participant_that_is_not_there_is_named(self, cast: Cast) -> None:
        assert "C-9" in faults(run("award", "C-9", "C1-01", *AWARD[3:]))
        assert "C2-01" in faults(run("award", "C-1", "C2-01", *AWARD[3:]))
