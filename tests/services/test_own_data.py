"""What people may take along is all that is held on them, and nothing of anybody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import ForeignKeyConstraint, select

from hto_track import clock
from hto_track.models.accounts import User
from hto_track.models.base import Base
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading, Seen
from hto_track.rules.facts import Mark
from hto_track.services import audit, own_data, sign_in_links
from hto_track.services.accounts import actor_by_email
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.own_data import OwnData, Section
from hto_track.services.own_data_sections import LEFT_OUT, SECTIONS, Whose
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.known import EMAIL, SECRET, make_known

CountQueries = Callable[[], AbstractContextManager[list[str]]]
SOMEBODY = Whose(ids=(1,), codes=("C1-01",), cohort_ids=(1,), names=("B",), addresses=("b@example.org",), user_id=1)
NOT_OF_PEOPLE = {
    "audit_contents": "given with its entry",
    "audit_head": "how long the trail is",
    "attempt_counts": "kept by a digest, so that nobody can tell whose it is",
}


def part(data: OwnData, name: str) -> Section:
    return next(section for section in data.sections if section.name == name)


def whole(data: OwnData) -> str:
    return str([section.rows for section in data.sections])


def reach(table: str) -> set[str]:
    """The tables that a table refers to, and those that they refer to."""
    found: set[str] = set()
    waiting = [table]
    while waiting:
        for constraint in Base.metadata.tables[waiting.pop()].constraints:
            if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name not in found:
                found.add(constraint.referred_table.name)
                waiting.append(constraint.referred_table.name)
    return found


def test_every_table_about_people_is_given_or_left_out_for_a_reason() -> None:
    about_people = {
        table
        for table in Base.metadata.tables
        if reach(table) & {"participants", "users"} or table in ("participants", "users")
    }
    assert about_people - SECTIONS.keys() - LEFT_OUT.keys() == set()
    assert SECTIONS.keys() <= Base.metadata.tables.keys()


@pytest.mark.parametrize("name", SECTIONS)
def test_every_column_that_is_no_key_is_given_or_left_out_for_a_reason(app: Flask, name: str) -> None:
    tables = [name, *(["audit_contents"] if name == "audit_entries" else [])]
    given = {column.name for column in SECTIONS[name](SOMEBODY).selected_columns}
    for table in tables:
        for mapper in Base.registry.mappers:
            if mapper.local_table.name != table:  # type: ignore[attr-defined]
                continue
            for attribute in mapper.column_attrs:
                column = attribute.columns[0]
                is_key = column.primary_key or column.foreign_keys
                assert is_key or attribute.key in given or f"{table}.{column.name}" in LEFT_OUT, (
                    f"{table}.{column.name}"
                )


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    places = {table.name for table in Base.metadata.sorted_tables} | {
        f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns
    }
    assert LEFT_OUT.keys() <= places
    assert all(LEFT_OUT.values())


def test_a_person_gets_what_is_written_about_them(example_app: Flask) -> None:
    make_known()
    actor = actor_by_email(EMAIL)
    assert actor is not None
    data = own_data.own_data(actor)
    empty = {section.name for section in data.sections if not section.rows}
    assert empty == {"retention_notices"}
    assert {row["note"] for row in part(data, "study_log").rows} == {SECRET}
    assert part(data, "participants").rows[0]["email"] == EMAIL
    assert part(data, "passkeys").rows[0]["name"] == "sleutel van Zébulon"
    assert {row["kind"] for row in part(data, "outbox").rows} >= {"to_them", "about_them", "leader_digest"}
    assert any(row["after"] == {"note": SECRET, "minutes": 60} for row in part(data, "audit_entries").rows)


def test_no_secret_is_given(example_app: Flask) -> None:
    make_known()
    actor = actor_by_email(EMAIL)
    assert actor is not None
    text = whole(own_data.own_data(actor))
    assert "argon2id" not in text
    assert "geheim" not in text


def test_a_mail_that_names_somebody_among_others_is_given_without_its_text(example_app: Flask) -> None:
    make_known()
    actor = actor_by_email(EMAIL)
    assert actor is not None
    data = own_data.own_data(actor)
    digest = next(row for row in part(data, "outbox").rows if row["kind"] == "leader_digest")
    assert (digest["body"], digest["subject"]) == (None, None)
    assert "Anna Bos" not in whole(data)


def test_nothing_of_a_namesake_is_given(cast: Cast) -> None:
    with writing() as session:
        session.add(User(email="wit@example.net", name=cast.bram.name))
    sign_in_links.ask_for_link("wit@example.net", "192.0.2.0/24")
    assert "wit@example.net" not in whole(own_data.own_data(cast.bram))


def test_nothing_of_a_neighbour_is_given(cast: Cast) -> None:
    with writing() as session:
        noor = session.scalars(select(Participant).where(Participant.code == cast.neighbour)).one()
        session.add(Attendance(participant_id=noor.id, lesson_id=cast.lesson_id, mark=Mark.PRESENT))
        queue_mails(
            session,
            [
                Mail(
                    kind="x",
                    subject_key="x",
                    period="x",
                    recipient=noor.email,
                    subject="Hoi",
                    body="Hoi Noor",
                    participant_id=noor.id,
                )
            ],
        )
        audit.record(session, CONSOLE, "log_hours", audit.of_participant(cast.neighbour), after={"note": "van Noor"})
        audit.record(session, cast.bram, "help", audit.of_participant(cast.neighbour), after={"note": "voor Noor"})
    data = own_data.own_data(cast.bram)
    assert part(data, "attendance").rows == ()
    assert part(data, "outbox").rows == ()
    assert "Noor" not in whole(data)
    assert [row["action"] for row in part(data, "audit_entries").rows] == ["help"]


def test_who_looked_at_the_cohort_is_given_by_name(cast: Cast) -> None:
    with writing() as session:
        session.add(
            Reading(
                reader=cast.anja.ref,
                seen=Seen.COHORT,
                subject_key=f"cohort/{cast.cohort_id}",
                cohort_id=cast.cohort_id,
                hour=clock.now(),
            )
        )
    data = own_data.own_data(cast.bram)
    assert [row["reader"] for row in part(data, "readings").rows] == [cast.anja.ref]
    assert data.people[cast.anja.ref] == "Anja Bos"


@pytest.mark.parametrize("who", ["anja", "chaima", "dirk", "els", "femke", "gijs", "hanna", "ilse", "karel", "otto"])
def test_only_a_participant_takes_their_own_data(cast: Cast, who: str) -> None:
    actor: Actor = getattr(cast, who)
    with pytest.raises(Forbidden):
        own_data.own_data(actor)


def test_the_number_of_queries_does_not_grow_with_what_is_held(cast: Cast, count_queries: CountQueries) -> None:
    def asked() -> int:
        with count_queries() as queries:
            own_data.own_data(cast.bram)
        return len(queries)

    before = asked()
    with writing() as session:
        for number in range(20):
            audit.record(session, cast.bram, "x", audit.of_participant(cast.participant, number))
        for lesson in session.scalars(select(Lesson.id).where(Lesson.cohort_id == cast.cohort_id)):
            session.add(Attendance(participant_id=cast.participant_id, lesson_id=lesson, mark=Mark.PRESENT))
    assert asked() == before <= len(SECTIONS) + 3
