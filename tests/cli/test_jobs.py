"""``hto-track jobs``: the list, and one job now."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.cli.commands import Run, runner
from tests.services.warning_cases import mails


@pytest.fixture
def run(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(app, monkeypatch)


def test_the_list_says_when_each_job_ran_and_runs_next(run: Run) -> None:
    before = run("jobs", "list").output
    assert "evaluate_warnings   every day 06:30  never" in before
    assert "participant_digest  Sunday 18:00     never" in before
    assert "leader_digest       Monday 07:30     never" in before
    assert "2026-06-15 07:30" in before
    run("jobs", "run", "evaluate_warnings")
    assert "every day 06:30  2026-06-14: parts 2, participants 3, opened" in run("jobs", "list").output


def test_a_slot_that_ran_already_says_so_and_exits_0(run: Run) -> None:
    first = run("jobs", "run", "evaluate_warnings", "--at", "2026-06-14T06:30")
    assert first.output.startswith("evaluate_warnings of 2026-06-14: parts 2")
    again = run("jobs", "run", "evaluate_warnings", "--at", "2026-06-14T23:00")
    assert (again.exit_code, again.output) == (0, "evaluate_warnings of 2026-06-14 has run already\n")


def test_a_weekly_job_runs_the_slot_of_its_day(run: Run) -> None:
    run("jobs", "run", "evaluate_warnings")
    assert "leader_digest of 2026-06-08" in run("jobs", "run", "leader_digest").output
    assert (
        "participant_digest of 2026-06-14"
        in run("jobs", "run", "participant_digest", "--at", "2026-06-14T18:00").output
    )
    assert {mail.period for mail in mails() if mail.kind == "participant_digest"} == {"2026-06-14"}


def test_sending_mail_says_what_came_of_it(run: Run) -> None:
    assert run("jobs", "run", "send_mail").output == "0 sent, 0 put off, 0 given up\n"


@pytest.mark.parametrize("words", [["nonsense"], ["evaluate_warnings", "--at", "today"], []])
def test_wrong_usage_is_exit_status_2(run: Run, words: list[str]) -> None:
    assert run("jobs", "run", *words).exit_code == 2
