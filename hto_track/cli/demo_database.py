"""The database of the demo: made anew at each start, from the cohorts that ship with the package."""

from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from hto_track.cli.demo_template import lay_out_next, publish_template
from hto_track.config import ROOT
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import Mark
from hto_track.rules.ways_out import WayKind
from hto_track.services.absences import announce_absence
from hto_track.services.accounts import demo_accounts
from hto_track.services.demo import COLLEGE_TEACHER, add_demo_accounts, add_warning_history, who_met_everything
from hto_track.services.demo_load import add_expectations, add_verdicts
from hto_track.services.demo_work import add_demo_work
from hto_track.services.diploma import award_diploma
from hto_track.services.importing import import_path
from hto_track.services.load_requests import Asked, ask
from hto_track.services.make_ups import MakeUpAsked, record_make_up
from hto_track.services.policy import CONSOLE
from hto_track.services.ways_out import Step, keep_plan, own_weeks_ahead

TODAY = date(2026, 6, 14)
"""The day on which the running example cohort is worth looking at."""
RUNNING, FINISHED = "ZH-05", "ZH-04"
AWARDED_ON = date(2026, 1, 30)
WITHOUT_DIPLOMA_YET = 2
"""So many who met everything are left for the visitor to award."""
WITH_EXPECTATION = 12
"""Of so many of the running cohort it was kept what they were told to expect."""
MADE_UP = (("ZH05-01", 6, date(2026, 5, 7)), ("ZH05-04", 8, date(2026, 5, 28)))
ASKED = (
    ("ZH05-05", Asked(code="A6", due_on=date(2026, 7, 28), note="In juni staan er drie opleveringen op het werk.")),
    ("ZH05-13", Asked(monday=date(2026, 6, 15), minutes=8 * 60, note="Dinsdag kan ik gemist worden, zegt mijn chef.")),
)
"""Whose week is too full, and what they ask their project leader for."""
LESSON_PHASES = (
    "0-5 min     Voorkennis: waar heb je een hoeklas gezien?",
    "5-15 min    Voordoen, hardop denkend",
    "15-35 min   Oefenen in tweetallen, ik loop rond",
    "35-45 min   Elkaars las keuren met de drie kenmerken",
)
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
    add_demo_work(CONSOLE, RUNNING, _lesson_plan())
    college, _name = COLLEGE_TEACHER
    for participant in who_met_everything(CONSOLE, FINISHED, AWARDED_ON)[:-WITHOUT_DIPLOMA_YET]:
        award_diploma(CONSOLE, FINISHED, participant, on=AWARDED_ON, by=college)
    publish_template(RUNNING)
    lay_out_next(TODAY)
    add_expectations(CONSOLE, RUNNING, WITH_EXPECTATION)
    add_verdicts(CONSOLE, FINISHED)
    _add_attendance()
    _add_plans()


def _add_plans() -> None:
    """A plan that somebody keeps for their weeks ahead, and what others ask for: no figure of the rules changes."""
    earlier = (Step(kind=WayKind.BEGIN_EARLIER, monday=date(2026, 8, 31), code="A7"),)
    planner = "ZH05-10"
    keep_plan(CONSOLE, planner, earlier, own_weeks_ahead(CONSOLE, planner, earlier, TODAY).seen, TODAY)
    for participant, asked in ASKED:
        ask(CONSOLE, participant, asked, TODAY)


def _add_attendance() -> None:
    """How lessons were made up that the files say were, and somebody who will not come next time: no figure changes."""
    for participant, lesson, on in MADE_UP:
        asked = MakeUpAsked(seen=Mark.MADE_UP, on=on)
        record_make_up(CONSOLE, RUNNING, lesson, participant, asked, TODAY)
    announce_absence(CONSOLE, "ZH05-05", 14, datetime.combine(TODAY, time(9), AMSTERDAM))


def _lesson_plan() -> bytes:
    """A PDF of one page, as somebody would hand it in."""
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A4, invariant=1)
    page.setTitle("Lesplan")
    text = page.beginText(25 * mm, 265 * mm)
    text.setFont("Helvetica-Bold", 18)
    text.textLine("Lesplan: een hoeklas leggen")
    text.setFont("Helvetica", 11)
    for line in ("", "Lesdoel: na deze les legt een leerling een hoeklas van 10 cm zonder gaten.", "", *LESSON_PHASES):
        text.textLine(line)
    page.drawText(text)
    page.save()
    return buffer.getvalue()


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
