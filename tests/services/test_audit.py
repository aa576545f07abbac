"""The audit trail proves itself: whatever is changed, taken out or added behind its back is named."""

# ruff: noqa: S608 the tables and columns that statements are made of are words of these tests

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import Connection, text

from hto_track.extensions import db
from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.services import audit
from hto_track.services.audit import Change
from hto_track.services.audit_chain import UNSEALED, chain_faults, end_of_trail, fault_of_end, seal_anew
from hto_track.services.integrity import faults
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, Refused
from hto_track.services.transaction import reading, writing
from tests.cast import Cast
from tests.trail import trail

ENTRY_COLUMNS = ("recorded_at", "actor", "action", "subject", "content_seal", "previous_hash", "hash")
CONTENT_COLUMNS = ("salt", "before", "after")


@pytest.fixture
def three(cast: Cast) -> Cast:
    """Three entries, about two participants and a cohort."""
    with writing() as session:
        for number, subject in enumerate((of("C1-01"), of("C1-02"), audit.of_cohort("C-1")), start=1):
            audit.record(session, cast.anja, "try", subject, before={"word": "één"}, after={"word": number})
    return cast


def of(code: str) -> str:
    return audit.of_participant(code)


def found() -> list[str]:
    db.session.rollback()
    return list(chain_faults(reading()))


@contextmanager
def behind_its_back() -> Iterator[Connection]:
    """What only somebody with the database itself in their hands can do; undone at the end."""
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection  # outside a transaction, where alone this works
            driver.execute("PRAGMA foreign_keys=OFF")
            for trigger in ("audit_entries_no_update", "audit_entries_no_delete", "audit_contents_no_update"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
        connection.commit()


def doing(*statements: str) -> list[str]:
    """The faults after ``statements``, done behind its back."""
    with behind_its_back() as connection:
        for statement in statements:
            connection.execute(text(statement))
    return found()


def test_every_byte_of_every_row_is_watched(three: Cast) -> None:
    places = [("audit_entries", "id", column) for column in ENTRY_COLUMNS]
    places += [("audit_contents", "entry_id", column) for column in CONTENT_COLUMNS]
    tried = 0
    with behind_its_back() as connection:
        session = db.Session(bind=connection)
        for table, key, column in places:
            for number in (1, 2, 3):
                value: str = connection.execute(
                    text(f"SELECT {column} FROM {table} WHERE {key} = :number"), {"number": number}
                ).scalar_one()
                for changed in _one_byte_changed(value, connection.dialect.name):
                    _put(connection, table, key, column, number, changed)
                    assert list(chain_faults(session)) == [f"Audit entry {number} is not what was written"], changed
                    tried += 1
                _put(connection, table, key, column, number, value.encode())
        assert list(chain_faults(session)) == []
    assert tried > 800


def _one_byte_changed(value: str, dialect: str) -> Iterator[bytes]:
    """``value`` with each of its bytes changed in turn; on SQLite into one, too, that is no text any more."""
    data = value.encode()
    for at, byte in enumerate(data):
        if byte < 0x80:
            yield data[:at] + bytes([byte ^ 1]) + data[at + 1 :]
        if dialect == "sqlite":
            yield data[:at] + bytes([byte ^ 0x80]) + data[at + 1 :]


def _put(connection: Connection, table: str, key: str, column: str, number: int, value: bytes) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    cast_back = "CAST(:value AS TEXT)" if is_sqlite else "convert_from(:value, 'UTF8')"
    connection.execute(
        text(f"UPDATE {table} SET {column} = {cast_back} WHERE {key} = :number"), {"value": value, "number": number}
    )


@pytest.mark.parametrize("column", ["actor", "subject", "hash", "previous_hash"])
def test_check_names_the_row_that_was_changed_and_no_other(three: Cast, column: str) -> None:
    assert doing(f"UPDATE audit_entries SET {column} = 'x' WHERE id = 2") == ["Audit entry 2 is not what was written"]
    assert faults() == ["Audit entry 2 is not what was written"]


def test_a_number_that_was_changed_is_named(three: Cast) -> None:
    assert "Audit entry 2 is missing" in doing(
        "UPDATE audit_entries SET id = 9 WHERE id = 2", "UPDATE audit_contents SET entry_id = 9 WHERE entry_id = 2"
    )


def test_a_content_that_belongs_to_no_entry_is_named(three: Cast) -> None:
    moved = doing("UPDATE audit_contents SET entry_id = 9 WHERE entry_id = 2")
    assert "Audit entry 2 has lost its content, and no erasure says so" in moved


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_entry_that_was_taken_out_is_named_the_last_one_too(three: Cast, number: int) -> None:
    gone = doing(
        f"DELETE FROM audit_contents WHERE entry_id = {number}", f"DELETE FROM audit_entries WHERE id = {number}"
    )
    assert gone == [f"Audit entry {number} is missing"]


def test_a_tail_that_was_cut_off_is_named_whole(three: Cast) -> None:
    gone = doing("DELETE FROM audit_contents WHERE entry_id > 1", "DELETE FROM audit_entries WHERE id > 1")
    assert gone == ["Audit entries 2 to 3 are missing"]


def test_a_tail_that_was_cut_off_is_still_named_after_the_next_write(three: Cast) -> None:
    doing("DELETE FROM audit_contents WHERE entry_id = 3", "DELETE FROM audit_entries WHERE id = 3")
    with writing() as session:
        audit.record(session, three.anja, "try", of("C1-01"))
    assert found() == ["Audit entry 3 is missing"]


def test_a_head_that_was_made_to_fit_a_cut_tail_lacks_the_seal_and_gets_none_from_the_next_write(three: Cast) -> None:
    assert UNSEALED in doing(
        "DELETE FROM audit_contents WHERE entry_id = 3",
        "DELETE FROM audit_entries WHERE id = 3",
        "UPDATE audit_head SET entries = 2, hash = (SELECT hash FROM audit_entries WHERE id = 2)",
    )
    with writing() as session:
        audit.record(session, three.anja, "try", of("C1-01"))
    assert found() == [UNSEALED]


@pytest.mark.parametrize("change", ["entries = entries + 1", "entries = 0", "hash = 'x'", "seal = 'x'"])
def test_a_head_that_was_changed_is_named(three: Cast, change: str) -> None:
    assert UNSEALED in doing(f"UPDATE audit_head SET {change}")


def test_a_head_that_was_taken_away_is_named_and_writing_goes_on(three: Cast) -> None:
    assert doing("DELETE FROM audit_head") == [UNSEALED]
    with writing() as session:
        audit.record(session, three.anja, "try", of("C1-01"))
    assert found() == [UNSEALED]


def test_a_chain_that_was_written_anew_does_not_fit_its_head(three: Cast) -> None:
    with writing() as session:
        old = audit.head_of(session)
        sealed = {"entries": old.entries, "hash": old.hash, "seal": old.seal}
    doing("DELETE FROM audit_contents", "DELETE FROM audit_entries", "DELETE FROM audit_head")
    with writing() as session:
        for subject in (of("C1-01"), of("C1-02"), audit.of_cohort("C-1")):
            audit.record(session, three.otto, "try", subject)
    assert found() == []  # a chain by itself: whole
    with behind_its_back() as connection:
        connection.execute(text("UPDATE audit_head SET entries = :entries, hash = :hash, seal = :seal"), sealed)
    assert found() == ["The audit trail does not end where its head says, at entry 3"]


def another_key() -> None:
    settings: Any = current_app.extensions["hto_settings"]
    current_app.extensions["hto_settings"] = replace(settings, secret_key="another key of the tests")


def test_another_secret_key_does_not_take_the_head_for_its_own(three: Cast) -> None:
    another_key()
    assert found() == [UNSEALED]


def test_after_a_change_of_key_the_trail_is_sealed_anew_and_says_so(three: Cast) -> None:
    another_key()
    seal_anew(CONSOLE)
    assert found() == []
    assert (trail()[-1].action, trail()[-1].subject) == ("seal_audit_trail", "installation")


def test_a_trail_with_another_fault_is_not_sealed_anew(three: Cast) -> None:
    doing("UPDATE audit_entries SET actor = 'x' WHERE id = 2")
    another_key()
    with pytest.raises(Refused):
        seal_anew(CONSOLE)
    assert found() == ["Audit entry 2 is not what was written", UNSEALED]


@pytest.mark.parametrize("name", ["anja", "bram", "chaima", "dirk", "els", "femke", "hanna", "ilse", "karel", "otto"])
def test_nobody_but_an_administrator_seals_the_trail(three: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        seal_anew(getattr(three, name))


def test_an_end_that_was_kept_elsewhere_is_still_in_the_trail_later(three: Cast) -> None:
    kept = str(end_of_trail())
    assert kept.startswith("3:")
    with writing() as session:
        audit.record(session, three.anja, "try", of("C1-01"))
    assert fault_of_end(kept) is None
    assert fault_of_end(f"0:{audit.FIRST_HASH}") is None


def test_an_older_database_put_back_whole_is_found_out_by_an_end_kept_elsewhere(three: Cast) -> None:
    head = audit.head_of(reading())
    older = {"entries": head.entries, "hash": head.hash, "seal": head.seal}
    with writing() as session:
        audit.record(session, three.anja, "try", of("C1-01"))
    kept = str(end_of_trail())
    with behind_its_back() as connection:
        connection.execute(text("DELETE FROM audit_contents WHERE entry_id = 4"))
        connection.execute(text("DELETE FROM audit_entries WHERE id = 4"))
        connection.execute(text("UPDATE audit_head SET entries = :entries, hash = :hash, seal = :seal"), older)
    assert found() == []  # by itself it is whole
    assert fault_of_end(kept) == f"The audit trail does not hold what was kept of it: {kept}"


@pytest.mark.parametrize("kept", ["", "x", "3", "3:", "-1:0", "99999999999:0", "٣:0", f"1:{audit.FIRST_HASH}"])
def test_an_end_that_is_none_is_not_in_the_trail(three: Cast, kept: str) -> None:
    assert fault_of_end(kept) == f"The audit trail does not hold what was kept of it: {kept}"


def test_an_erasure_takes_the_contents_about_one_person_and_the_trail_stays_whole(three: Cast) -> None:
    with writing() as session:
        audit.erase_contents(session, three.gijs, of("C1-01"), audit.about(of("C1-01")))
    left = {entry.id: entry for entry in trail()}
    assert left[1].after is None
    assert left[2].after == {"word": 2}
    assert left[4].after == {"contents_erased": [1]}
    assert found() == []


def test_what_accounts_for_an_erasure_is_not_erased_itself(three: Cast) -> None:
    for _again in range(2):
        with writing() as session:
            audit.erase_contents(session, three.gijs, of("C1-01"), audit.about(of("C1-01")))
    assert [entry.after for entry in trail()[3:]] == [{"contents_erased": [1]}, {"contents_erased": []}]
    assert found() == []


def test_a_content_that_went_without_an_erasure_is_named(three: Cast) -> None:
    lost = "Audit entry 2 has lost its content, and no erasure says so"
    assert doing("DELETE FROM audit_contents WHERE entry_id = 2") == [lost]


def test_an_erasure_accounts_for_what_went_before_it_alone(three: Cast) -> None:
    with writing() as session:
        audit.record(session, CONSOLE, audit.ERASURE, of("C1-01"), after={"contents_erased": [5]})
        audit.record(session, three.anja, "try", of("C1-01"))
    lost = "Audit entry 5 has lost its content, and no erasure says so"
    assert doing("DELETE FROM audit_contents WHERE entry_id = 5") == [lost]


def test_the_database_refuses_to_change_or_delete_what_was_written(three: Cast) -> None:
    for statement in (
        "UPDATE audit_entries SET actor = 'x' WHERE id = 1",
        "DELETE FROM audit_entries WHERE id = 3",
        "UPDATE audit_contents SET salt = 'x' WHERE entry_id = 1",
    ):
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(statement))
    assert found() == []


def test_many_changes_cost_as_many_queries_as_one(cast: Cast, count_queries: Any) -> None:
    with writing() as session:
        audit.record(session, cast.anja, "try", of("P0"))
    counts = []
    for many in (1, 200):
        with writing() as session, count_queries() as queries:
            audit.record_all(
                session, cast.anja, [Change(action="try", subject=of(f"P{number}")) for number in range(many)]
            )
        counts.append(len(queries))
    assert counts[0] == counts[1] == 4
    assert found() == []


def test_a_write_that_fails_leaves_no_entry(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), writing() as session:
        audit.record(session, cast.anja, "try", of("C1-01"))
        _ = 1 / 0
    assert trail() == []
    assert found() == []


def test_what_is_about_someone_is_theirs_alone(cast: Cast) -> None:
    subjects = (
        of("C1"),
        of("C1-01"),
        audit.of_participant("C1", "hours", 7),
        audit.of_participant("C1", "assignments", "A/1"),
        of("C1/hours"),
        of("C1%2Fhours"),
        audit.of_cohort("C1"),
        audit.of_cohort("C1", "lessons", 3),
    )
    with writing() as session:
        for subject in subjects:
            audit.record(session, CONSOLE, "try", subject)
    rows = reading().scalars(db.select(AuditEntry).where(audit.about(of("C1"))).order_by(AuditEntry.id))
    assert [audit.parts_of(row.subject) for row in rows] == [
        ("participant", "C1"),
        ("participant", "C1", "hours", "7"),
        ("participant", "C1", "assignments", "A/1"),
    ]


def test_a_subject_says_what_kind_it_is(cast: Cast) -> None:
    with pytest.raises(ValueError, match="bram@example"), writing() as session:
        audit.record(session, CONSOLE, "try", "bram@example.org")
    with pytest.raises(ValueError, match="C1-01"):
        audit.about("C1-01")


def test_contents_are_kept_byte_for_byte(three: Cast) -> None:
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT before FROM audit_contents WHERE entry_id = 1")).scalar_one()
    assert kept == '{"word": "één"}'
    assert db.session.get(AuditContent, 1).before == {"word": "één"}  # type: ignore[union-attr]


def test_an_empty_trail_is_whole(app: Flask) -> None:
    assert found() == []
