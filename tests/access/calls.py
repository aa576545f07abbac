"""Services that take more than a line to call, each as the table of services uses it: on Bram, on C-1."""

import csv
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from hto_track.documents.pasted_table import pasted_table
from hto_track.documents.sheets import Sheet, Tables
from hto_track.models.accounts import Role
from hto_track.rules.facts import AttemptOutcome, Mark
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services import (
    access_lists,
    assignments,
    attendance,
    audit_trail,
    bulk_marks,
    bulk_results,
    cohort_invitations,
    colleagues,
    confirmations,
    demo,
    diploma,
    importing,
    internship,
    invitations,
    make_ups,
    new_participants,
    standings,
)
from hto_track.services.jobs import Slot
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.role_scopes import ScopeAsked
from hto_track.services.views import CohortStandings, ParticipantStanding
from tests.access.world import World
from tests.cast import COLLEGE
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


def record_make_up(actor: Actor, world: World) -> object:
    """Note that Bram made up a lesson by a task."""
    asked = make_ups.MakeUpAsked(seen=Mark.PRESENT, on=TODAY)
    return make_ups.record_make_up(actor, world.cast.cohort, 1, world.cast.participant, asked, TODAY)


def undo_marks(actor: Actor, world: World) -> object:
    """Take back the mark that a form gave."""
    return attendance.undo_marks(actor, world.cast.cohort, 1, world.own["form_key"], TODAY)


def preview_marks(actor: Actor, world: World) -> object:
    """Look what a table would do to the attendance of C-1."""
    return bulk_marks.preview_marks(actor, world.cast.cohort, pasted_table("code,1\nC1-01,absent"), None, TODAY)


def store_marks(actor: Actor, world: World) -> object:
    """Store that table."""
    table, seen = pasted_table("code,1\nC1-01,absent"), {("C1-01", 1): Mark.PRESENT}
    return bulk_marks.store_marks(actor, world.cast.cohort, table, None, seen, TODAY)


def preview_results(actor: Actor, world: World) -> object:
    """Look what a table would do to the results of C-1."""
    return bulk_results.preview_results(actor, world.cast.cohort, pasted_table("code,A1\nC1-02,v"), None, TODAY)


def store_results(actor: Actor, world: World) -> object:
    """Store that table."""
    table, seen = pasted_table("code,A1\nC1-02,v"), {("C1-02", "A1"): ""}
    return bulk_results.store_results(actor, world.cast.cohort, table, None, seen, TODAY)


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


def add_participant(actor: Actor, _world: World) -> object:
    """Add somebody to C-1."""
    new = new_participants.NewParticipant(
        participant_code="C1-77", given_name="Kim", family_name="Boer", email="kim.boer@example.org"
    )
    return new_participants.add_participant(actor, "C-1", new, TODAY)


def import_path(actor: Actor, _world: World) -> object:
    """The same, from a folder."""
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "lessons.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(LESSONS)
        return importing.import_path(actor, Path(folder))


def add_demo_accounts(actor: Actor, _world: World) -> None:
    """Whoever gets as far as storing them finds that the cast has their addresses."""
    with suppress(IntegrityError):
        demo.add_demo_accounts(actor)


def c_1() -> CohortStandings:
    """Where everyone of C-1 stands."""
    return standings.cohort_standings(CONSOLE, "C-1", TODAY)


def c1_01() -> ParticipantStanding:
    """Where the participant C1-01 stands."""
    return standings.participant_standing(CONSOLE, "C1-01", TODAY)


def invite_people(actor: Actor, world: World) -> object:
    """Invite the participant of C-1 who has no account."""
    people = access_lists.cohort_access(CONSOLE, "C-1").people
    keys = [person.key for person in people if person.details == (world.newcomer,)]
    return cohort_invitations.invite_people(actor, "C-1", keys)


def add_colleague(actor: Actor, _world: World) -> object:
    """Let somebody lead C-1 too."""
    return cohort_invitations.add_colleague(actor, "C-1", "joost@example.org", "Joost Bos", Role.PROJECT_LEADER)


def may_withdraw(actor: Actor, _world: World) -> object:
    """Whether the first of a list could be withdrawn."""
    access = access_lists.cohort_access(CONSOLE, "C-1")
    return cohort_invitations.may_withdraw(actor, access, access.people[0])


def roles_to_give(actor: Actor, _world: World) -> object:
    """Which roles could be given there."""
    return cohort_invitations.roles_to_give(actor, access_lists.cohort_access(CONSOLE, "C-1").cohort)


def move_access(actor: Actor, world: World) -> object:
    """Let Bram in at the address that the cohort has for him."""
    people = access_lists.cohort_access(CONSOLE, "C-1").people
    key = next(person.key for person in people if person.grant_id == world.own["grant_id"])
    return cohort_invitations.move_access(actor, "C-1", key)


def invite_colleague(actor: Actor, _world: World) -> object:
    """Invite a teacher of the college."""
    return colleagues.invite_colleague(actor, COLLEGE, "tom@example.org", "Tom Smit", Role.COLLEGE)


def invite_user(actor: Actor, _world: World) -> object:
    """Invite an administrator."""
    return invitations.invite_user(actor, "tom@example.org", Role.ADMINISTRATOR)


def invite_by_mail(actor: Actor, _world: World) -> object:
    """The same on a page."""
    asked = ScopeAsked()
    return invitations.invite_by_mail(actor, "tom@example.org", "Tom Smit", Role.ADMINISTRATOR, asked)


def search_trail(actor: Actor, _world: World) -> object:
    """Look at the whole trail."""
    return audit_trail.search_trail(actor, audit_trail.TrailSearch())
