"""Commands know a cohort that was laid out on a page."""

import json

import pytest
from flask import Flask

from tests.cli.commands import runner
from tests.services.test_layout_journey import lay_out_with_people


def test_status_and_load_answer_for_a_cohort_that_was_laid_out(
    sqlite_example_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out_with_people()
    run = runner(sqlite_example_app, monkeypatch)
    status = run("status", "ZH-09", "--on", "2027-05-06", "--json")
    assert status.exit_code == 0, status.output
    first = json.loads(status.output)["participants"][0]
    assert (first["participant"], first["attendance"]["held"], first["attendance"]["missed"]) == ("ZH09-01", 2, 1)
    assert first["attendance"]["held"] + first["attendance"]["unmarked"] + first["attendance"]["upcoming"] == 34
    assert first["assignments"]["mandatory"] == 11
    load = run("load", "ZH09-01", "--on", "2027-02-01", "--json")
    assert load.exit_code == 0, load.output
    weeks = json.loads(load.output)["weeks"]
    assert sum(week["lessons"] for week in weeks) == pytest.approx(29 * 2.75 + 5 * 2.5, abs=0.2)
