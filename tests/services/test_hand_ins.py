"""Handing in: files and links, versions and attempts; what is kept once, and what is gone when nobody names it any more."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.assignments import Attempt, FileContent, HandIn, HandInKind
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading, Seen
from hto_track.rules.facts import AttemptOutcome, EnrolmentStatus
from hto_track.services import own_data
from hto_track.services.assignments import Assessment, assess_attempt, exempt_from_assignment, record_submission
from hto_track.services.erasure import Goes, erase_participant, plan_erasure
from hto_track.services.form_answers import SentForm
from hto_track.services.hand_in_views import hand_ins_by_attempt
from hto_track.services.hand_ins import (
    MOST_VERSIONS,
    UNDONE_WITHIN,
    hand_in_file,
    hand_in_link,
    handed_in_file,
    undo_hand_in,
)
from hto_track.services.policy import CONSOLE, Actor, ActorGrant, Role
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast, account
from tests.conftest import TODAY
from tests.files import EXE, pdf
from tests.known import said_anywhere
from tests.trail import trail

PASSED, FAILED = AttemptOutcome.PASSED, AttemptOutcome.FAILED
LINK = "https://docs.example.org/les"


def hand_in(cast: Cast, content: bytes | None = None, name: str = "les.pdf", key: str = "") -> int:
    """Bram hands in a file for A1."""
    form = SentForm(key=key, content="") if key else None
    return hand_in_file(cast.bram, cast.participant, "A1", name, pdf() if content is None else content, TODAY, form).id


def assess(cast: Cast, number: int, outcome: AttemptOutcome) -> None:
    """Chaima assesses an attempt of Bram at A1."""
    assessment = Assessment(attempt=number, outcome=outcome, assessed_on=TODAY)
    assess_attempt(cast.chaima, cast.participant, "A1", assessment, TODAY)


def attempts() -> list[tuple[int, date, AttemptOutcome | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(Attempt).order_by(Attempt.number))
    return [(row.number, row.submitted_on, row.outcome) for row in rows]


def handed_in() -> list[tuple[int, HandInKind, str | None]]:
    """Attempt, kind, and name or link of everything handed in, in order."""
    db.session.rollback()
    rows = db.session.execute(select(Attempt.number, HandIn).join(HandIn).order_by(HandIn.id))
    return [(number, row.kind, row.file_name or row.link) for number, row in rows]


def files_kept() -> int:
    return db.session.scalar(select(func.count()).select_from(FileContent)) or 0


def noor(cast: Cast) -> Actor:
    """Noor, signed in."""
    with writing() as session:
        row = session.scalars(select(Participant).where(Participant.code == cast.neighbour)).one()
        return account(session, "Noor Visser", Role.PARTICIPANT, participant_id=row.id)


def test_a_file_makes_the_next_attempt_and_can_be_read_back(cast: Cast) -> None:
    number = hand_in(cast)
    assert attempts() == [(1, TODAY, None)]
    file = handed_in_file(cast.bram, number)
    assert (file.name, file.media_type, file.content) == ("les.pdf", "application/pdf", pdf())
    (entry,) = trail("hand_in_work")
    assert (entry.subject, entry.actor) == ("participant/C1-01/assignments/A1", cast.bram.ref)
    assert entry.after == {"attempt": 1, "submitted_on": "2026-06-14", "kind": "file"}


def test_a_later_version_is_added_to_the_attempt_that_waits_and_the_earlier_is_kept(cast: Cast) -> None:
    first = hand_in(cast, pdf("eerste"))
    later = hand_in_link(cast.bram, cast.participant, "A1", LINK, TODAY + timedelta(days=3))
    assert (later.attempt, later.is_later) == (1, True)
    assert attempts() == [(1, TODAY, None)]
    assert handed_in() == [(1, HandInKind.FILE, "les.pdf"), (1, HandInKind.LINK, LINK)]
    assert handed_in_file(cast.bram, first).content == pdf("eerste")


def test_a_file_goes_with_the_submission_that_a_teacher_noted(cast: Cast) -> None:
    record_submission(cast.chaima, cast.participant, "A1", date(2026, 6, 5), TODAY)
    hand_in(cast)
    assert attempts() == [(1, date(2026, 6, 5), None)]


def test_a_resit_is_the_next_attempt_and_there_is_none_after_the_last(cast: Cast) -> None:
    hand_in(cast)
    assess(cast, 1, FAILED)
    hand_in(cast, name="les 2.pdf")
    assert attempts() == [(1, TODAY, FAILED), (2, TODAY, None)]
    assert handed_in() == [(1, HandInKind.FILE, "les.pdf"), (2, HandInKind.FILE, "les 2.pdf")]
    assess(cast, 2, FAILED)
    refused_and_untouched(cast, "All 2 attempts")


def refused_and_untouched(cast: Cast, says: str, content: bytes | None = None, name: str = "les.pdf") -> None:
    """Handing in is refused with these words, and nothing is stored or lost."""
    before = attempts(), handed_in(), files_kept()
    with pytest.raises(Refused) as refused:
        hand_in(cast, content, name)
    assert says in str(refused.value)
    assert (attempts(), handed_in(), files_kept()) == before


def test_nothing_is_handed_in_for_what_is_passed(cast: Cast) -> None:
    hand_in(cast)
    assess(cast, 1, PASSED)
    refused_and_untouched(cast, "passed this assignment")


def test_nothing_is_handed_in_for_what_is_not_asked(cast: Cast) -> None:
    exempt_from_assignment(cast.chaima, cast.participant, "A1", "Eerder gedaan", TODAY)
    refused_and_untouched(cast, "exempt")


def test_who_stopped_hands_in_nothing_more(cast: Cast) -> None:
    with writing() as session:
        stopped = {"status": EnrolmentStatus.WITHDRAWN, "status_on": date(2026, 6, 1)}
        session.execute(update(Participant).where(Participant.code == cast.participant).values(**stopped))
    refused_and_untouched(cast, "ended on 1 June")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("les.pdf", b"", "0 bytes"), ("les.pdf", EXE, "something else"), ("../les.pdf", pdf(), "/ or \\")],
)
def test_what_cannot_be_taken_leaves_the_earlier_as_it_is(cast: Cast, name: str, content: bytes, says: str) -> None:
    first = hand_in(cast)
    refused_and_untouched(cast, says, content, name)
    assert handed_in_file(cast.bram, first).content == pdf()


def test_nobody_fills_the_disk_by_handing_in_again_and_again(cast: Cast) -> None:
    for number in range(MOST_VERSIONS):
        hand_in(cast, name=f"versie {number}.pdf")
    refused_and_untouched(cast, "10 versions")


def test_a_form_that_is_sent_twice_hands_in_once_and_with_another_file_it_is_refused(cast: Cast) -> None:
    first = hand_in(cast, key="k")
    assert hand_in(cast, key="k") == first
    with pytest.raises(Refused, match="already saved"):
        hand_in(cast, pdf("iets anders"), key="k")
    assert len(handed_in()) == 1


def test_the_same_file_of_two_people_is_kept_once_and_goes_with_the_last(cast: Cast) -> None:
    hand_in(cast, key="k")
    hand_in_file(noor(cast), cast.neighbour, "A1", "van noor.pdf", pdf(), TODAY)
    assert files_kept() == 1
    undo_hand_in(cast.bram, "A1", "k")
    assert (files_kept(), handed_in()) == (1, [(1, HandInKind.FILE, "van noor.pdf")])


def test_undoing_takes_the_attempt_and_the_file_along(cast: Cast) -> None:
    hand_in(cast, key="k")
    undo_hand_in(cast.bram, "A1", "k")
    assert (attempts(), handed_in(), files_kept()) == ([], [], 0)
    assert [entry.action for entry in trail()][-2:] == ["hand_in_work", "undo_hand_in"]
    with pytest.raises(Refused):
        undo_hand_in(cast.bram, "A1", "k")


def test_undoing_a_later_version_leaves_the_earlier_and_the_attempt(cast: Cast) -> None:
    hand_in(cast, pdf("eerste"), key="k")
    hand_in(cast, pdf("tweede"), key="l")
    with pytest.raises(Refused, match="something later"):
        undo_hand_in(cast.bram, "A1", "k")
    undo_hand_in(cast.bram, "A1", "l")
    assert (len(attempts()), len(handed_in()), files_kept()) == (1, 1, 1)


def test_undoing_leaves_the_attempt_that_a_teacher_noted(cast: Cast) -> None:
    record_submission(cast.chaima, cast.participant, "A1", TODAY, TODAY)
    hand_in(cast, key="k")
    undo_hand_in(cast.bram, "A1", "k")
    assert (attempts(), handed_in()) == ([(1, TODAY, None)], [])


def test_what_was_assessed_cannot_be_undone(cast: Cast) -> None:
    hand_in(cast, key="k")
    assess(cast, 1, FAILED)
    with pytest.raises(Refused, match="assessed meanwhile"):
        undo_hand_in(cast.bram, "A1", "k")
    assert len(handed_in()) == 1


def test_undoing_is_for_minutes_after(cast: Cast) -> None:
    hand_in(cast, key="k")
    with writing() as session:
        session.execute(update(HandIn).values(handed_in_at=clock.now() - UNDONE_WITHIN - timedelta(minutes=1)))
    with pytest.raises(Refused, match="a while ago"):
        undo_hand_in(cast.bram, "A1", "k")


@pytest.mark.parametrize("who", ["anja", "hanna", "gijs", "ilse"])
def test_work_is_not_for_everybody_who_knows_the_participant(cast: Cast, who: str) -> None:
    number = hand_in(cast)
    with pytest.raises(Forbidden):
        handed_in_file(getattr(cast, who), number)


def test_work_is_not_there_for_a_neighbour_nor_a_link_as_a_file(cast: Cast) -> None:
    number = hand_in(cast)
    link = hand_in_link(cast.bram, cast.participant, "A1", LINK, TODAY)
    other = Actor(
        email="noor@example.org",
        name="Noor",
        user_id=None,
        grants=(ActorGrant(role=Role.PARTICIPANT, participant_id=0),),
    )
    for actor, which in ((other, number), (cast.bram, link.id), (cast.bram, 987654)):
        with pytest.raises(NotFound):
            handed_in_file(actor, which)


def test_only_who_takes_part_hands_in(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        hand_in_link(cast.chaima, cast.participant, "A1", LINK, TODAY)
    with pytest.raises(NotFound):
        hand_in_link(cast.bram, cast.neighbour, "A1", LINK, TODAY)
    with pytest.raises(NotFound):
        hand_in_link(cast.bram, cast.participant, "Z9", LINK, TODAY)


def test_a_teacher_who_reads_work_is_noted(cast: Cast) -> None:
    number = hand_in(cast)
    handed_in_file(cast.bram, number)
    handed_in_file(cast.chaima, number)
    rows = db.session.execute(select(Reading.reader, Reading.seen, Reading.participant_id)).all()
    assert [tuple(row) for row in rows] == [(cast.chaima.ref, Seen.ASSIGNMENTS, cast.participant_id)]


def test_erasing_a_person_erases_what_they_handed_in(cast: Cast) -> None:
    hand_in(cast, pdf("Het geheim van Bram"), name="Het geheim van Bram.pdf")
    hand_in_link(cast.bram, cast.participant, "A1", "https://example.org/geheim-van-bram", TODAY)
    hand_in_file(noor(cast), cast.neighbour, "A1", "noor.pdf", pdf("van Noor"), TODAY)
    with writing() as session:
        stopped = {"status": EnrolmentStatus.WITHDRAWN, "status_on": TODAY}
        session.execute(update(Participant).where(Participant.code == cast.participant).values(**stopped))
    assert plan_erasure(CONSOLE, cast.participant, TODAY).goes[Goes.WORK] == 2
    erase_participant(CONSOLE, cast.participant, TODAY)
    assert handed_in() == [(1, HandInKind.FILE, "noor.pdf")]
    assert [row.content for row in db.session.scalars(select(FileContent))] == [pdf("van Noor")]
    assert said_anywhere("geheim") == set()


def test_own_data_say_what_was_handed_in_and_where_the_file_is(cast: Cast) -> None:
    number = hand_in(cast)
    hand_in_link(cast.bram, cast.participant, "A1", LINK, TODAY)
    hand_in_file(noor(cast), cast.neighbour, "A1", "noor.pdf", pdf("van Noor"), TODAY)
    data = own_data.own_data(cast.bram)
    rows = next(section for section in data.sections if section.name == "hand_ins").rows
    assert [(row["assignment"], row["file_name"], row["link"], row["address"]) for row in rows] == [
        ("A1", "les.pdf", None, f"/werk/{number}"),
        ("A1", None, LINK, None),
    ]
    assert rows[0]["size"] == len(pdf())


SCAN = """
import sys
content = sys.stdin.buffer.read()
sys.exit(1 if b"EICAR" in content else 2 if b"weet niet" in content else 0 if content.startswith(b"%PDF") else 3)
"""


@pytest.fixture
def scanned(app: Flask, tmp_path: Path) -> Path:
    """A real command that looks through each file."""
    script = tmp_path / "scan.py"
    script.write_text(SCAN)
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], scan_command=(sys.executable, str(script)))
    return script


def with_words(words: bytes) -> bytes:
    return pdf() + b"\n% " + words


def test_a_clean_file_is_kept_and_an_infected_one_is_not(cast: Cast, scanned: Path) -> None:
    hand_in(cast)
    refused_and_untouched(cast, "A virus was found", with_words(b"EICAR"))


def test_a_file_that_could_not_be_scanned_is_not_kept(cast: Cast, scanned: Path) -> None:
    refused_and_untouched(cast, "could not be checked", with_words(b"weet niet"))
    scanned.unlink()
    refused_and_untouched(cast, "could not be checked")


def test_a_scan_that_is_not_there_keeps_nothing(cast: Cast, app: Flask) -> None:
    nowhere = ("/nowhere/to/be/found",)
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], scan_command=nowhere)
    refused_and_untouched(cast, "could not be checked")


def test_a_scan_that_takes_too_long_keeps_nothing(
    cast: Cast, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "slow.py"
    script.write_text("import signal\nsignal.pause()\n")
    monkeypatch.setattr("hto_track.services.file_scan.LONGEST_SCAN", 0.3)
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], scan_command=(sys.executable, str(script)))
    refused_and_untouched(cast, "could not be checked")


def test_a_scan_gets_no_secret_along(cast: Cast, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTO_SECRET_KEY", "geheim")
    script = tmp_path / "nosy.py"
    script.write_text("import os, sys\nsys.exit(1 if 'HTO_SECRET_KEY' in os.environ else 0)\n")
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], scan_command=(sys.executable, str(script)))
    hand_in(cast)
    assert len(handed_in()) == 1


def test_who_may_not_hand_in_has_nothing_scanned(cast: Cast, app: Flask, tmp_path: Path) -> None:
    script, ran = tmp_path / "scan.py", tmp_path / "ran"
    script.write_text(f"open({str(ran)!r}, 'w')")
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], scan_command=(sys.executable, str(script)))
    with pytest.raises(Forbidden):
        hand_in_file(cast.chaima, cast.participant, "A1", "les.pdf", pdf(), TODAY)
    assert not ran.exists()


def test_a_list_of_work_does_not_read_the_files(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    for number in range(3):
        hand_in(cast, pdf(str(number)))
    attempt = db.session.scalars(select(Attempt.id)).one()
    with count_queries() as queries:
        (found,) = hand_ins_by_attempt(db.session(), [attempt]).values()
    assert len(found) == 3
    assert len(queries) == 1 and "file_contents.content" not in queries[0]
