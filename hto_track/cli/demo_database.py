"""The database of the demo: made anew at each start, from the cohorts that ship with the package."""

from datetime import date
from pathlib import Path

from hto_track.config import ROOT
from hto_track.services.accounts import demo_accounts
from hto_track.services.demo import COLLEGE_TEACHER, add_demo_accounts, add_warning_history, who_met_everything
from hto_track.services.diploma import award_diploma
from hto_track.services.importing import import_path
from hto_track.services.policy import CONSOLE

TODAY = date(2026, 6, 14)
"""The day on which the running example cohort is worth looking at."""
RUNNING, FINISHED = "ZH-05", "ZH-04"
AWARDED_ON = date(2026, 1, 30)
WITHOUT_DIPLOMA_YET = 2
"""So many who met everything are left for the visitor to award."""
DATA = ROOT / "hto_track" / "data"


def remove(path: Path) -> None:
    """Delete the SQLite file at ``path`` and what SQLite keeps beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def fill() -> None:
    """Fill the empty database of the current application."""
    for folder in ("zh-04", "zh-05"):
        import_path(CONSOLE, DATA / folder)
    add_demo_accounts(CONSOLE)
    for cohort in (FINISHED, RUNNING):
        add_warning_history(CONSOLE, cohort, TODAY)
    college, _name = COLLEGE_TEACHER
    for participant in who_met_everything(CONSOLE, FINISHED, AWARDED_ON)[:-WITHOUT_DIPLOMA_YET]:
        award_diploma(CONSOLE, FINISHED, participant, on=AWARDED_ON, by=college)


def how_to_sign_in(base_url: str) -> str:
    """What to print once the demo is served: the address, and who can be chosen there."""
    lines = [
        f"HTO Track listens on {base_url} (today is {TODAY}, everybody is invented).",
        "Open it and choose who you are; no password is asked:",
    ]
    for account in demo_accounts():
        roles = ", ".join(role.value.replace("_", " ") for role in account.roles)
        lines.append(f"  {roles:<23} {account.name:<22} {account.email}")
    lines.append("Stop it with Ctrl-C.")
    return "\n".join(lines)
