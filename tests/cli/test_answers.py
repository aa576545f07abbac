"""Commands give the example cohorts the figures that were worked out apart from this code (tests/expected)."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from hto_track.config import ROOT
from hto_track.models.cohorts import Cohort
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import writing
from hto_track.services.warnings import evaluate_cohort
from tests.cli.commands import Run, runner

EXPECTED = ROOT / "tests" / "expected"
FIRST_SUNDAYS = {"ZH-04": date(2025, 3, 16), "ZH-05": date(2026, 3, 15)}


@pytest.fixture
def run(sqlite_example_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands on the example cohorts."""
    return runner(sqlite_example_app, monkeypatch)


def expected(kind: str) -> list[Path]:
    """The files of one command."""
    found = sorted(EXPECTED.glob(f"{kind}-*.json"))
    assert found
    return found


def asked(file: Path) -> tuple[str, str, str]:
    """The command, whom it is about, and the date, as the name of ``file`` says."""
    kind, _, rest = file.stem.partition("-")
    return kind, rest[:-11], rest[-10:]


def differences(want: Any, have: Any, path: str = "") -> list[str]:
    """Where ``have`` lacks or differs from a value of ``want``; more keys are fine."""
    if isinstance(want, dict):
        return [
            line
            for key, value in want.items()
            for line in (
                differences(value, have[key], f"{path}.{key}") if key in have else [f"{path}.{key} is not there"]
            )
        ]
    if isinstance(want, list):
        if len(want) != len(have):
            return [f"{path}: {len(want)} wanted, {len(have)} there"]
        pairs = enumerate(zip(want, have, strict=True))
        return [line for at, (a, b) in pairs for line in differences(a, b, f"{path}[{at}]")]
    return [] if want == have else [f"{path}: {want!r} wanted, {have!r} there"]


@pytest.mark.parametrize(
    "file", [*expected("status"), *expected("load"), *expected("exemptions")], ids=lambda file: str(file.stem)
)
def test_an_answer_is_what_the_rules_say(run: Run, file: Path) -> None:
    command, whom, on = asked(file)
    answer = run(command, whom, "--on", on, "--json")
    assert answer.exit_code == 0, answer.output
    assert differences(json.loads(file.read_text()), json.loads(answer.stdout)) == []


@pytest.mark.parametrize("file", expected("warnings"), ids=lambda file: str(file.stem))
def test_warnings_after_weekly_evaluations_are_what_the_rules_say(run: Run, file: Path) -> None:
    _, cohort, asked_on = asked(file)
    last = date.fromisoformat(asked_on)
    sunday = FIRST_SUNDAYS[cohort]
    while sunday < last:
        evaluate_cohort(CONSOLE, cohort, sunday)
        sunday += timedelta(days=7)
    answer = run("warnings", cohort, "--on", asked_on, "--evaluate", "--json")
    assert differences(json.loads(file.read_text()), json.loads(answer.stdout)) == []


def test_without_json_a_person_can_read_the_table(run: Run) -> None:
    answer = run("status", "ZH-05", "--on", "2026-06-14")
    assert "Ruben Çelik" in answer.stdout
    assert "24.5 of 80 h" in answer.stdout


def test_a_load_table_names_each_week(run: Run) -> None:
    answer = run("load", "ZH05-01", "--on", "2026-06-14")
    assert "2026-W24" in answer.stdout


def test_an_exemptions_table_says_what_is_left(run: Run) -> None:
    answer = run("exemptions", "ZH04-01", "--on", "2026-06-14")
    assert "20 of 120 EC exempt, 100 EC and 4 of 4 terms left" in answer.stdout


@pytest.mark.parametrize("words", [("status", "ZH-99"), ("load", "ZH99-01"), ("exemptions", "ZH99-01")])
def test_what_is_not_there_is_one_line_and_status_one(run: Run, words: tuple[str, str]) -> None:
    answer = run(*words, "--json")
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr == f"There is no cohort or participant {words[1]}\n"


def test_a_date_that_is_none_is_wrong_usage(run: Run) -> None:
    answer = run("status", "ZH-05", "--on", "29-02-2027")
    assert answer.exit_code == 2
    assert "'29-02-2027' is not a date like 2026-06-14" in answer.stderr


def test_a_question_about_the_past_has_the_same_answer_after_more_was_evaluated(run: Run) -> None:
    evaluate_cohort(CONSOLE, "ZH-05", date(2026, 3, 29))
    before = run("warnings", "ZH-05", "--on", "2026-03-29", "--json").stdout
    for sunday in (date(2026, 4, 5), date(2026, 4, 12), date(2026, 4, 19)):
        evaluate_cohort(CONSOLE, "ZH-05", sunday)
    after = run("warnings", "ZH-05", "--on", "2026-03-29", "--json").stdout
    assert json.loads(before)["warnings"]
    assert after == before


def test_a_question_about_the_past_sees_no_later_escalation(run: Run) -> None:
    """ZH04-09's attendance is amber on 28 September 2025 and red on 12 October."""

    def attendance(on: str) -> dict[str, Any]:
        document = json.loads(run("warnings", "ZH-04", "--on", on, "--json").stdout)
        [found] = [w for w in document["warnings"] if (w["participant"], w["code"]) == ("ZH04-09", "attendance")]
        return dict(found)

    evaluate_cohort(CONSOLE, "ZH-04", date(2025, 9, 28))
    before = attendance("2025-09-28")
    evaluate_cohort(CONSOLE, "ZH-04", date(2025, 10, 12))
    assert (attendance("2025-10-12")["level"], attendance("2025-10-12")["escalated_on"]) == ("red", "2025-10-12")
    assert attendance("2025-09-28") == before
    assert before["level"] == "amber"


def test_a_cohort_that_outlasts_the_known_school_holidays_is_told_so(run: Run) -> None:
    """Those of region midden are known until 20 August 2028."""
    said = "School holidays are known until"
    assert said not in run("status", "ZH-05").stdout
    assert said not in run("load", "ZH05-01").stdout
    with writing() as session:
        session.execute(update(Cohort).where(Cohort.code == "ZH-05").values(end_on=date(2028, 8, 21)))
    assert f"{said} 20 Aug 2028." in run("status", "ZH-05").stdout.replace("\u00a0", " ")
    assert said in run("load", "ZH05-01").stdout
    assert said not in run("status", "ZH-05", "--json").stdout
