"""``hto-track warnings``: the JSON of FORMATS.md, the table, and what is refused."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from tests.cli.commands import Run, runner
from tests.services.warning_cases import let_hours_wait


@pytest.fixture
def run(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    let_hours_wait(cast)
    return runner(app, monkeypatch)


def answer(run: Run, *words: str) -> dict[str, Any]:
    result = run("warnings", *words, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_the_open_warnings_have_the_keys_of_the_contract(run: Run) -> None:
    document = answer(run, "C-1", "--on", "2026-04-20", "--evaluate")
    assert {"on", "warnings", "opened", "escalated", "eased", "closed"} == document.keys()
    [unconfirmed] = [warning for warning in document["warnings"] if warning["code"] == "unconfirmed"]
    assert unconfirmed == {
        "cohort": "C-1",
        "participant": "C1-01",
        "code": "unconfirmed",
        "level": "amber",
        "opened_on": "2026-04-20",
        "escalated_on": None,
        "figures": {"days": 14, "entries": 1, "hours": 3.0},
    }
    assert document["opened"] == len(document["warnings"])


def test_without_evaluate_there_are_no_counts_and_nothing_is_evaluated(run: Run) -> None:
    assert answer(run, "C-1", "--on", "2026-04-20") == {"on": "2026-04-20", "warnings": []}


def test_evaluated_twice_on_one_date_the_second_counts_nothing(run: Run) -> None:
    first = answer(run, "C-1", "--on", "2026-04-20", "--evaluate")
    second = answer(run, "C-1", "--on", "2026-04-20", "--evaluate")
    assert second["warnings"] == first["warnings"]
    assert (second["opened"], second["escalated"], second["eased"], second["closed"]) == (0, 0, 0, 0)


def test_without_a_cohort_all_are_evaluated_and_shown_in_order(run: Run) -> None:
    document = answer(run, "--evaluate")
    assert document["on"] == "2026-06-14"
    order = [(warning["cohort"], warning["participant"], warning["code"]) for warning in document["warnings"]]
    assert order == sorted(order)
    assert {cohort for cohort, _participant, _code in order} == {"C-1", "C-2"}
    assert document["opened"] == len(order)


def test_for_people_it_is_a_table(run: Run) -> None:
    result = run("warnings", "C-1", "--on", "2026-04-20", "--evaluate")
    assert result.exit_code == 0
    assert "opened" in result.output.splitlines()[0]
    assert "Bram de Wit" in result.output
    assert "entries 1" in result.output
    assert run("warnings", "C-1", "--on", "2026-03-01").output == "No warnings are open on 2026-03-01.\n"


def test_a_cohort_that_is_not_there_is_one_line_and_exit_status_1(run: Run) -> None:
    result = run("warnings", "C-9", "--evaluate", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""


@pytest.mark.parametrize("words", [["--on", "14-06-2026"], ["--on", "2027-02-29"], ["C-1", "C-2"]])
def test_wrong_usage_is_exit_status_2(run: Run, words: list[str]) -> None:
    assert run("warnings", *words).exit_code == 2
