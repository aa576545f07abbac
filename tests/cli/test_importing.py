"""``hto-track import`` and ``hto-track export`` as a person runs them."""

import csv
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hto_track.cli.main import cli
from hto_track.config import ROOT
from tests.importable import ROWS, SMALL, only, with_cell, write_folder

ZH05 = ROOT / "hto_track" / "data" / "zh-05"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A database of our own and a day; the reader is English."""
    return {
        **os.environ,
        "HTO_DATABASE_URL": f"sqlite:///{tmp_path / 'hto.sqlite3'}",
        "HTO_TODAY": "2026-06-14",
        "HTO_SECRET_KEY": "a key of the tests alone",
        "LC_ALL": "C.UTF-8",
    }


def run(environment: dict[str, str], *arguments: str | Path) -> Result:
    unset = {name: None for name in os.environ if name.startswith(("LC_", "LANG")) and name not in environment}
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env={**unset, **environment})


def test_import_tells_what_it_did_and_the_second_time_that_it_did_nothing(environment: dict[str, str]) -> None:
    first = run(environment, "import", ZH05, "--json")
    assert (first.exit_code, first.stderr) == (0, "")
    told = json.loads(first.stdout)
    assert (told["created"], told["updated"], told["unchanged"]) == (657, 0, 0)
    assert told["files"]["lessons.csv"] == {"created": 34, "updated": 0, "unchanged": 0}
    assert set(told["files"]) == {path.name for path in ZH05.glob("*.csv")}
    again = json.loads(run(environment, "import", ZH05, "--json").stdout)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 657)


def test_import_without_json_is_a_line_per_file(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, "import", write_folder(only("programmes", "learning_outcomes"), tmp_path / "in"))
    assert done.stdout == (
        "programmes.csv: 1 created, 0 updated, 0 unchanged\n"
        "learning_outcomes.csv: 2 created, 0 updated, 0 unchanged\n"
        "together: 3 created, 0 updated, 0 unchanged\n"
    )


def test_each_fault_is_a_line_on_stderr_and_the_status_is_1(environment: dict[str, str], tmp_path: Path) -> None:
    files = with_cell("lessons", 4, "date", "29-02-2027", with_cell("attendance", 2, "mark", "ziek"))
    done = run(environment, "import", write_folder(files, tmp_path / "in"), "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        'attendance.csv, row 2, column mark: "ziek"; expected one of: present, late, excused, absent, made_up',
        'lessons.csv, row 4, column date: "29-02-2027"; expected a date that exists; this one is not in the calendar',
    ]
    after = run(environment, "import", write_folder(SMALL, tmp_path / "in"), "--json")
    assert json.loads(after.stdout)["created"] == ROWS - 1


@pytest.mark.parametrize("name", ["LC_ALL", "LC_MESSAGES", "LANG"])
def test_a_dutch_terminal_reads_dutch(environment: dict[str, str], name: str) -> None:
    dutch = {key: value for key, value in environment.items() if key not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    done = run({**dutch, name: "nl_NL.UTF-8"}, "import", "/nergens")  # short: a long value is cut off
    assert done.stderr == "/nergens: verwacht wordt een map of een bestand, maar hier staat er geen\n"
    assert done.exit_code == 1


def test_export_and_import_go_round_by_folder_and_by_workbook(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "import", ZH05)
    before = run(environment, "status", "ZH-05", "--json").stdout
    for place in (tmp_path / "out", tmp_path / "out.xlsx"):
        done = run(environment, "export", "ZH-05", place)
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
        elsewhere = {**environment, "HTO_DATABASE_URL": f"sqlite:///{tmp_path / place.name}.sqlite3"}
        assert run(elsewhere, "import", place).exit_code == 0
        assert run(elsewhere, "status", "ZH-05", "--json").stdout == before


def test_an_export_holds_what_was_imported_cell_for_cell(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "import", ZH05)
    run(environment, "export", "ZH-05", tmp_path / "out")
    for path in ZH05.glob("*.csv"):
        with path.open(encoding="utf-8") as given, (tmp_path / "out" / path.name).open(encoding="utf-8") as got:
            for before, after in zip(csv.DictReader(given), csv.DictReader(got), strict=True):
                assert {name: after[name] for name in before if before[name]} == {
                    name: value for name, value in before.items() if value
                }


def test_export_overwrites_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "import", write_folder(SMALL, tmp_path / "in"))
    done = run(environment, "export", "K-1", tmp_path / "in")
    assert done.exit_code == 1
    assert done.stderr == f"{tmp_path / 'in'}: something is there already; name a new place\n"
    assert (tmp_path / "in" / "lessons.csv").read_text() == SMALL["lessons"]


def test_export_of_no_cohort_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, "export", "ZH-99", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (1, "There is no cohort ZH-99\n")
    assert not (tmp_path / "out").exists()


def test_export_to_a_place_that_cannot_be_written_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "import", write_folder(SMALL, tmp_path / "in"))
    for place in (tmp_path / "in" / "lessons.csv" / "out", tmp_path / "in" / "lessons.csv" / "out.xlsx"):
        done = run(environment, "export", "K-1", place)
        assert done.exit_code == 1
        assert len(done.stderr.splitlines()) == 1 and str(place) in done.stderr


def test_wrong_usage_has_status_2(environment: dict[str, str]) -> None:
    assert run(environment, "import").exit_code == 2
    assert run(environment, "export", "K-1").exit_code == 2


def shown_on_a_terminal(environment: dict[str, str], *arguments: str | Path) -> str:
    """What goes to stderr when that is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "hto_track", *map(str, arguments)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=theirs) as process:
        process.communicate()
    os.write(theirs, b"the end")
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    return shown.removesuffix("the end")


def test_many_rows_show_a_bar_on_a_terminal_and_only_there(environment: dict[str, str], tmp_path: Path) -> None:
    days = (f"K1-01,2026-03-{1 + at % 28:02d},1,,{at}" for at in range(1_500))
    rows = "\n".join(("participant_code,date,hours,assignment_code,note", *days))
    folder = write_folder({**SMALL, "study_log": rows}, tmp_path / "in")
    assert run(environment, "import", folder).stderr == ""
    assert shown_on_a_terminal(environment, "import", folder, "--json") == ""
    shown = shown_on_a_terminal(environment, "import", folder)
    assert "Importing" in shown and "100%" in shown
    assert shown_on_a_terminal(environment, "import", write_folder(SMALL, tmp_path / "small")) == ""
