"""Erasing a person: nothing tells who it was, the register stays whole, and no figure changes."""

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, Text, select, update

from hto_track.documents.sheets import OutTable, Sheet, Tables
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.assignments import StudyLogRow
from hto_track.models.base import Base
from hto_track.models.diploma import Diploma
from hto_track.models.internship import Placement
from hto_track.models.ledger import AuditContent, AuditEntry, MailState, OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading, RetentionNotice
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.retention import DataKind
from hto_track.services import forgetting, integrity
from hto_track.services.accounts import actor_by_email
from hto_track.services.diploma import award_diploma
from hto_track.services.erasure import Goes, Stays, erase_participant, plan_erasure
from hto_track.services.exporting import export_cohort
from hto_track.services.figures import programme_figures
from hto_track.services.importing import FaultyFiles, import_files
from hto_track.services.invitations import invite_user
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import writing
from hto_track.services.warnings import cohort_warnings_open, evaluate_cohort
from tests.cast import Cast
from tests.conftest import TODAY
from tests.known import COHORT, EMAIL, EVALUATED, NAME, PERSON, SECRET, TELL_TALES, make_known, rows_of, said_anywhere

WITHOUT_NAMES = {
    "participants": {
        "given_name", "name_prefix", "family_name", "email", "phone", "employer", "fund", "sector",
        "prior_education", "source_channel",
    },
    "placements": {"supervisor_name", "supervisor_email"},
    "pauses": {"reason"},
    "extensions": {"reason"},
    "internship_hours": {"note"},
    "study_log": {"note"},
    "attempts": {"assessor"},
    "final_assessments": {"assessor"},
    "checkpoint_records": {"recorded_by", "note"},
    "exemptions": {"decided_by", "reason"},
}  # fmt: skip
"""The columns of an export that erasing may change, by table."""


@pytest.fixture
def person(example_app: Flask) -> Iterator[int]:
    """The known person of the example cohort, erased by nobody yet."""
    yield make_known()


def figures() -> Any:
    """All that is said of the cohort on several dates, without the names."""
    said = []
    for on in (*EVALUATED, TODAY):
        standings = cohort_standings(CONSOLE, COHORT, on)
        for member in standings.members:
            warnings = [dataclasses.replace(each, snooze_note=None, answer=None) for each in member.warnings]
            said.append((member.member.code, member.facts, member.standing, warnings, member.attention, member.diploma))
        said.append(programme_figures(CONSOLE, on))
        said += [
            (each.participant, each.warning.code, each.warning.level, each.warning.figures)
            for each in cohort_warnings_open(CONSOLE, COHORT, on)
        ]
    return said


def exported() -> dict[str, OutTable]:
    return {table.name: table for table in export_cohort(CONSOLE, COHORT)}


def row(code: str = PERSON) -> Participant:
    db.session.rollback()
    return db.session.scalars(select(Participant).where(Participant.code == code)).one()


def test_nothing_tells_who_it_was_but_the_register_of_diplomas(person: int) -> None:
    assert all(said_anywhere(word) for word in TELL_TALES)
    erase_participant(CONSOLE, PERSON, TODAY)
    register = {"diplomas.holder_name", "diplomas.document"}
    assert {word: places for word in (*TELL_TALES, SECRET) if (places := said_anywhere(word) - register)} == {}
    assert "diplomas.holder_name" in said_anywhere(NAME)


def test_no_figure_of_the_cohort_changes(person: int) -> None:
    before = figures()
    erase_participant(CONSOLE, PERSON, TODAY)
    assert figures() == before


def test_everything_is_whole_afterwards(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    assert integrity.faults() == []


def test_an_export_of_the_cohort_differs_in_names_and_words_alone(person: int) -> None:
    before = exported()
    erase_participant(CONSOLE, PERSON, TODAY)
    after = exported()
    assert after.keys() == before.keys()
    changed = set()
    for name, table in before.items():
        pairs = zip(table.rows, after[name].rows, strict=True)
        changed |= {
            (name, column)
            for old, new in pairs
            for column, was, now in zip(table.columns, old, new, strict=True)
            if was != now
        }
    assert changed <= {(name, column) for name, columns in WITHOUT_NAMES.items() for column in columns}
    assert ("participants", "family_name") in changed


def test_the_register_keeps_the_name_and_the_document(person: int) -> None:
    query = select(Diploma.holder_name, Diploma.document_sha256, Diploma.ground).where(Diploma.participant_id == person)
    before = db.session.execute(query).one()
    erase_participant(CONSOLE, PERSON, TODAY)
    db.session.rollback()
    assert db.session.execute(query).one() == before
    assert before.holder_name == NAME


def test_the_person_goes_by_their_code(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    assert (row().name, row().erased_on) == (f"Gewist {PERSON}", TODAY)
    assert row().email.endswith(".invalid")


def test_the_account_lets_nobody_in(person: int) -> None:
    assert actor_by_email(EMAIL) is not None
    erase_participant(CONSOLE, PERSON, TODAY)
    assert actor_by_email(EMAIL) is None
    tables = ("sign_in_sessions", "sign_in_links", "passkeys", "passkey_challenges", "college_identities", "grants")
    assert {table: rows_of(table) for table in (*tables, "form_answers")} == dict.fromkeys((*tables, "form_answers"), 0)
    user = db.session.scalars(select(User)).one()
    assert user.erased_at is not None
    assert actor_by_email(user.email) is None


def test_an_account_with_another_role_stays_without_this_enrolment(person: int) -> None:
    with writing() as session:
        user_id = session.scalars(select(User.id)).one()
        session.add(
            Grant(
                user_id=user_id,
                role=Role.EXAMINATION_BOARD,
                granted_at=db.session.scalars(select(Grant.granted_at)).one(),
            )
        )
    assert plan_erasure(CONSOLE, PERSON, TODAY).account_stays
    erase_participant(CONSOLE, PERSON, TODAY)
    found = actor_by_email(EMAIL)
    assert found is not None
    assert [grant.role for grant in found.grants] == [Role.EXAMINATION_BOARD]


def test_another_enrolment_of_the_same_person_stays_as_it_is(person: int) -> None:
    with writing() as session:
        session.execute(update(Participant).where(Participant.code == "ZH05-01").values(email=EMAIL.lower()))
    assert plan_erasure(CONSOLE, PERSON, TODAY).elsewhere == ("ZH05-01",)
    erase_participant(CONSOLE, PERSON, TODAY)
    assert row("ZH05-01").email == EMAIL.lower()
    assert row("ZH05-01").erased_on is None


def test_mails_lose_their_words_and_none_that_waited_goes_out(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    db.session.rollback()
    mails = {mail.kind: mail for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.period == "p"))}
    for kind in ("to_them", "about_them"):
        mail = mails[kind]
        assert (mail.recipient, mail.body, mail.secrets, mail.state) == ("", "", None, MailState.DEAD)
    assert mails["leader_digest"].body == f"- {PERSON}: vol\n- Anna Bos: vol"
    assert mails["leader_digest"].state is MailState.WAITING


def test_nothing_is_queued_for_an_erased_person(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    before = set(db.session.scalars(select(OutboxMail.id)))
    with writing() as session:
        queue_mails(
            session,
            [Mail(kind="digest", subject_key="x", period="x", recipient=row().email, subject="Hoi", body="Hoi")],
        )
    evaluate_cohort(CONSOLE, COHORT, TODAY + timedelta(days=40))
    db.session.rollback()
    assert (
        db.session.scalars(
            select(OutboxMail.id).where(OutboxMail.participant_id == person, OutboxMail.body != "")
        ).all()
        == []
    )
    new = db.session.scalars(select(OutboxMail.period).where(OutboxMail.id.not_in(before))).all()
    assert set(new) <= {(TODAY + timedelta(days=40)).isoformat()}


def test_the_trail_says_that_there_were_changes_and_not_what_they_were(person: int) -> None:
    entries = rows_of("audit_entries")
    gone = plan_erasure(CONSOLE, PERSON, TODAY).goes[Goes.TRAIL]
    contents = rows_of("audit_contents")
    erase_participant(CONSOLE, PERSON, TODAY)
    db.session.rollback()
    assert rows_of("audit_entries") == entries + 1
    assert rows_of("audit_contents") == contents - gone + 1
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.action, last.subject) == ("erase_person", f"participant/{PERSON}")
    left = select(AuditContent.entry_id).join(AuditEntry, AuditEntry.id == AuditContent.entry_id)
    assert db.session.scalars(left.where(AuditEntry.action == "log_hours")).all() == []


def test_who_looked_is_still_known(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    db.session.rollback()
    assert len(db.session.scalars(select(Reading).where(Reading.participant_id == person)).all()) == 1


def test_the_plan_counts_what_goes_and_what_stays(person: int) -> None:
    plan = plan_erasure(CONSOLE, PERSON, TODAY)
    assert plan.refusals == ()
    assert plan.goes[Goes.MAILS] >= 2
    assert (plan.goes[Goes.ACCOUNT], plan.goes[Goes.SESSIONS], plan.goes[Goes.PASSKEYS], plan.goes[Goes.SHARES]) == (
        1,
        1,
        1,
        1,
    )
    assert (plan.stays[Stays.DIPLOMAS], plan.stays[Stays.READINGS]) == (1, 1)
    assert plan.waiting > 0
    assert row().erased_on is None


def test_nobody_is_erased_twice(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    with pytest.raises(Refused, match="erased already|al gewist"):
        erase_participant(CONSOLE, PERSON, TODAY)
    assert plan_erasure(CONSOLE, PERSON, TODAY).goes == {}


@pytest.mark.parametrize(
    ("status", "status_on", "may"),
    [
        (EnrolmentStatus.ACTIVE, None, False),
        (EnrolmentStatus.PAUSED, date(2026, 6, 1), False),
        (EnrolmentStatus.APPLIED, None, True),
        (EnrolmentStatus.WITHDRAWN, TODAY, True),
        (EnrolmentStatus.WITHDRAWN, TODAY + timedelta(days=1), False),
        (EnrolmentStatus.COMPLETED, TODAY, True),
    ],
)
def test_who_still_takes_part_is_not_erased(
    cast: Cast, status: EnrolmentStatus, status_on: date | None, may: bool
) -> None:
    with writing() as session:
        session.execute(
            update(Participant).where(Participant.code == cast.participant).values(status=status, status_on=status_on)
        )
    plan = plan_erasure(cast.gijs, cast.participant, TODAY)
    assert (plan.refusals == ()) is may
    if not may:
        with pytest.raises(Refused):
            erase_participant(cast.gijs, cast.participant, TODAY)
        assert row(cast.participant).name == "Bram de Wit"


def test_what_an_administrator_keeps_is_not_erased(person: int) -> None:
    with writing() as session:
        session.add(
            RetentionNotice(
                kind=DataKind.LOGS,
                subject=PERSON,
                announced_on=TODAY,
                due_on=TODAY,
                held_on=TODAY,
                held_reason="bezwaar",
            )
        )
    with pytest.raises(Refused, match="bezwaar"):
        erase_participant(CONSOLE, PERSON, TODAY)


def test_only_an_administrator_erases(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        erase_participant(cast.anja, cast.participant, TODAY)
    with pytest.raises(NotFound):
        erase_participant(cast.anja, cast.other_participant, TODAY)
    with pytest.raises(NotFound):
        plan_erasure(cast.gijs, "nobody", TODAY)


def brought_in(table: OutTable, **changed: str) -> Tables:
    """A table of the export, the row of the person with other values."""
    rows = [(1, list(table.columns))]
    for number, cells in enumerate(table.rows, start=2):
        said = dict(zip(table.columns, map(_cell, cells), strict=True))
        if said["participant_code"] == PERSON:
            rows.append((number, list((said | changed).values())))
    return Tables(sheets=(Sheet(name=table.name, file=f"{table.name}.csv", rows=rows),))


def _cell(value: Any) -> str:
    return (
        ""
        if value is None
        else {True: "yes", False: "no"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )


def test_an_import_brings_nothing_of_an_erased_person_back(person: int) -> None:
    before = exported()
    erase_participant(CONSOLE, PERSON, TODAY)
    with pytest.raises(FaultyFiles) as faulty:
        import_files(CONSOLE, brought_in(before["participants"]), TODAY)
    assert [fault.column for fault in faulty.value.faults] == ["participant_code"]
    assert row().name == f"Gewist {PERSON}"


def test_an_export_of_an_erased_person_can_be_read_in_again(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    assert import_files(CONSOLE, brought_in(exported()["participants"]), TODAY).total.updated == 0


def test_every_text_about_a_participant_is_known_to_erasing() -> None:
    """A new column of text must say what erasing does with it."""
    known = {*forgetting.NOTES, *forgetting.SUPERVISION, *forgetting.JUDGED_BY, *forgetting.STAYS}
    of_others = {
        "participants",
        "diplomas",
        "readings",
        "outbox",
        "grants",
        "employer_shares",
    }  # gone whole, or the register
    texts = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name == "participants" for key in table.foreign_keys) and table.name not in of_others
        for column in table.columns
        if type(column.type) in (String, Text)
    }
    assert texts | {"warnings.snooze_note"} == {f"{column.class_.__tablename__}.{column.key}" for column in known}


def test_supervision_is_gone_and_hours_go_on_waiting(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    placement = db.session.scalars(select(Placement).where(Placement.participant_id == person)).one()
    assert (placement.supervisor_name, placement.supervisor_email) == (None, None)
    assert plan_erasure(CONSOLE, PERSON, TODAY).waiting > 0
    assert db.session.scalars(select(StudyLogRow.note).where(StudyLogRow.participant_id == person)).first() is None


def test_an_erased_person_is_neither_invited_nor_awarded_a_diploma(person: int) -> None:
    erase_participant(CONSOLE, PERSON, TODAY)
    address = row().email
    for role, cohort in ((Role.PARTICIPANT, COHORT), (Role.EXAMINATION_BOARD, None)):
        with pytest.raises(Refused) as refused:
            invite_user(CONSOLE, address, role, cohort)
        assert [refusal.field for refusal in refused.value.refusals] == ["email"]
    with writing() as session:
        session.execute(update(Diploma).values(revoked_on=TODAY, revoked_by="x", revoked_reason="x"))
    with pytest.raises(Refused, match="gewist|erased"):
        award_diploma(CONSOLE, COHORT, PERSON, TODAY, "docent@hogeschool.example.org", "proef")
