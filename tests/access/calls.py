"""Services that take more than a line to call, each as the table of services uses it: on Bram, on C-1."""

import csv
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from hto_track.documents.sheets import Sheet, Tables
from hto_track.rules.facts import AttemptOutcome, Mark
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services import assignments, attendance, confirmations, demo, diploma, importing, internship
from hto_track.services.jobs import Slot
from hto_track.services.policy import Actor
from tests.access.world import World
from tests.conftest import TODAY

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
SLOT = Slot(name="a job", slot="2026-06-14")
BESIDE = "C1-02"
"""Noor, who has no diploma yet, and handed nothing in."""


def visit(world: World, minutes: int) -> internship.Visit:
    """Hours at Bram's school, on a day without any."""
    work = WorkedTime(on=TODAY - timedelta(days=1), minutes_given=minutes)
    return internship.Visit(placement_id=world.own["placement_id"], work=work)


def log_hours(actor: Actor, world: World) -> object:
    """Log hours for Bram."""
    return internship.log_hours(actor, world.cast.participant, visit(world, 60), TODAY)


def change_hours(actor: Actor, world: World) -> object:
    """Change the hours that wait."""
    own = world.own
    return internship.change_hours(
        actor, world.cast.participant, own["entry_id"], own["entry_version"], visit(world, 90), TODAY
    )


def decide_hours(actor: Actor, world: World) -> object:
    """Confirm the hours that wait."""
    decision = confirmations.HoursDecision(entry_id=world.own["entry_id"], version=world.own["entry_version"])
    return confirmations.decide_hours(actor, [decision], TODAY)


def take_back_decisions(actor: Actor, world: World) -> object:
    """Let the hours wait again on which Dirk decided with his account."""
    return confirmations.take_back_decisions(actor, world.own["by_dirk"])


def record_marks(actor: Actor, world: World) -> object:
    """Mark Bram absent."""
    change = attendance.MarkChange(participant=world.cast.participant, seen=Mark.PRESENT, mark=Mark.ABSENT)
    return attendance.record_marks(actor, world.cast.cohort, 1, [change], TODAY)


def undo_marks(actor: Actor, world: World) -> object:
    """Take back the mark that a form gave."""
    return attendance.undo_marks(actor, world.cast.cohort, 1, world.own["form_key"], TODAY)


def assess_attempt(actor: Actor, world: World) -> object:
    """Pass Bram's first attempt."""
    assessment = assignments.Assessment(attempt=1, outcome=AttemptOutcome.PASSED, assessed_on=TODAY)
    return assignments.assess_attempt(actor, world.cast.participant, "A1", assessment, TODAY)


def revoke_diploma(actor: Actor, world: World) -> object:
    """Revoke Bram's diploma."""
    return diploma.revoke_diploma(actor, world.cast.cohort, world.cast.participant, TODAY, actor.email, "Reden")


LESSONS = [["cohort_code", "lesson_no", "date", "start", "end"], ["C-1", "8", "2026-09-08", "18:30", "21:30"]]


def import_files(actor: Actor, _world: World) -> object:
    """Bring in a lesson of C-1."""
    sheet = Sheet(name="lessons", file="lessons.csv", rows=list(enumerate(LESSONS, start=1)))
    return importing.import_files(actor, Tables(sheets=(sheet,)), TODAY)


def import_path(actor: Actor, _world: World) -> object:
    """The same, from a folder."""
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "lessons.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(LESSONS)
        return importing.import_path(actor, Path(folder))


def add_demo_accounts(actor: Actor, _world: World) -> object:
    """Whoever gets as far as storing them finds that the cast has their addresses."""
    with suppress(IntegrityError):
        return demo.add_demo_accounts(actor)
