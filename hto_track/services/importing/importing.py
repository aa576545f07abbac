"""The use case: may this be done, is all of it sound, store, audit; one transaction for all files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.documents.sheets import Tables
from hto_track.documents.tables import read_tables
from hto_track.services import inviting, policy
from hto_track.services.importing.checks import check
from hto_track.services.importing.drafts import lay_over
from hto_track.services.importing.erased import check_erased
from hto_track.services.importing.faults import Fault, FaultyFiles
from hto_track.services.importing.files import FORMATS
from hto_track.services.importing.known import Draft, Known, StoredRow, load_stored
from hto_track.services.importing.made_up import check_served
from hto_track.services.importing.parsing import ParsedFile, parse
from hto_track.services.importing.scope import check_scope
from hto_track.services.importing.storing import Counts, store
from hto_track.services.policy import Action, Actor
from hto_track.services.transaction import writing

Progress = Callable[[int, int], None]
"""Told how much of the work is done, and how much there is: rows read, and rows stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import did, by file (``lessons.csv``, also for the sheet ``lessons``) in the order of storing.

    ``new_participants`` are the codes of who came in with it; ``new_addresses`` of those whose address it changed.
    """

    files: dict[str, Counts]
    new_participants: tuple[str, ...] = ()
    new_addresses: tuple[str, ...] = ()

    @property
    def total(self) -> Counts:
        """The sums over all files."""
        return Counts(
            created=sum(counts.created for counts in self.files.values()),
            updated=sum(counts.updated for counts in self.files.values()),
            unchanged=sum(counts.unchanged for counts in self.files.values()),
        )


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def import_path(actor: Actor, path: Path) -> ImportResult:
    """``import_files`` of the folder or workbook at ``path``, today."""
    return import_files(actor, read_tables(path), clock.today())


def import_files(actor: Actor, source: Tables, on: date, progress: Progress = _silent) -> ImportResult:
    """Import all of ``source``, as of ``on`` (entries of internship hours may not lie after it).

    FaultyFiles with all that is wrong in all files: then nothing was stored. Forbidden for who may import nothing. A
    project leader imports into the cohorts they lead; what all cohorts share, only an administrator changes. An account at an
    address that is no longer the participant's sees them no more.
    """
    policy.require_anywhere(actor, Action.IMPORT_FILES)
    tick = _ticker(sum(len(sheet.rows) for sheet in source.sheets), progress)
    parsed, faults = parse(source, tick)
    with writing() as session:
        known, more = judge(session, actor, parsed, on)
        faults += more
        if faults:
            raise FaultyFiles(_in_order(faults))
        counts = store(session, actor, known, tick)
        participants = known.drafts.get("participants", [])
        moved = [(draft, draft.stored) for draft in participants if draft.stored and _is_moved(draft, draft.stored)]
        inviting.end_access_at(session, actor, {stored.id: stored.values["email"] for _, stored in moved})
    progress(1, 1)
    return ImportResult(
        files={FORMATS[name].file: counts[name] for name in counts},
        new_participants=tuple(draft.values["participant_code"] for draft in participants if draft.stored is None),
        new_addresses=tuple(draft.values["participant_code"] for draft, _ in moved),
    )


def judge(session: Session, actor: Actor, parsed: dict[str, ParsedFile], on: date) -> tuple[Known, list[Fault]]:
    """What would be known with these rows stored, and all that is wrong with them: the same for a file and for a form."""
    known = lay_over(load_stored(session, parsed), parsed)
    faults = check(parsed, known, on)
    faults += check_scope(session, actor, parsed, known)
    faults += check_erased(session, parsed, known)
    faults += check_served(session, parsed, known)
    return known, faults


def _is_moved(draft: Draft, stored: StoredRow) -> bool:
    """Whether mail to a participant goes elsewhere from now on: addresses are the same in whatever case."""
    return str(draft.values["email"]).lower() != str(stored.values["email"]).strip().lower()


def _ticker(rows: int, progress: Progress) -> Callable[[int], None]:
    """Every row counts twice: when it is read and when it is stored."""
    done = 0

    def tick(more: int) -> None:
        nonlocal done
        done += more
        progress(done, 2 * rows)

    return tick


def _in_order(faults: list[Fault]) -> list[Fault]:
    """By file and row; within a row in the order of finding."""
    return sorted(faults, key=lambda fault: (fault.file, fault.row or 0))
