"""Commands print the same of a cohort, to the letter, before and after one of its people was erased."""

import json

import pytest
from flask import Flask

from hto_track.services.erasure import erase_participant
from hto_track.services.policy import CONSOLE
from tests.cli.commands import runner
from tests.conftest import TODAY
from tests.known import COHORT, EVALUATED, PERSON, make_known


@pytest.mark.parametrize(
    "words",
    [("status", COHORT), ("load", PERSON), ("warnings", COHORT), ("exemptions", PERSON)],
    ids=lambda words: words[0],
)
def test_what_commands_print_stays_the_same_to_the_letter(
    sqlite_example_app: Flask, monkeypatch: pytest.MonkeyPatch, words: tuple[str, str]
) -> None:
    make_known()
    run = runner(sqlite_example_app, monkeypatch)
    asked = [(*words, "--on", on.isoformat(), "--json") for on in (*EVALUATED, TODAY)]
    before = [run(*each).output for each in asked]
    erase_participant(CONSOLE, PERSON, TODAY)
    assert [run(*each).output for each in asked] == before
    assert all(json.loads(output) for output in before)


def test_check_finds_everything_whole_after_an_erasure(
    sqlite_example_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_known()
    erase_participant(CONSOLE, PERSON, TODAY)
    monkeypatch.setenv("HTO_SECRET_KEY", sqlite_example_app.extensions["hto_settings"].secret_key)  # it seals the trail
    checked = runner(sqlite_example_app, monkeypatch)("check")
    assert (checked.exit_code, checked.stderr) == (0, "")
