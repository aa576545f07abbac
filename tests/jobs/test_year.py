"""Five days of the simulated year (bench/year.py): kills, a mail server that is down over both digests, no mail lost."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.year import Year, live


def test_every_mail_due_is_sent_once_whatever_happens_in_five_days(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = Year(first=date(2025, 10, 17), days=5, cohorts=1, kills=3, step=timedelta(hours=1, minutes=30))
    assert live(year, tmp_path), capsys.readouterr().out
    said = capsys.readouterr().out
    assert "job process killed 3 times" in said
    assert "participant_digest" in said and "leader_digest" in said
