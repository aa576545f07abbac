"""Letting go in time: announced first, carried out two weeks later, kept when somebody says so."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.jobs.running import run_job
from hto_track.jobs.table import BY_NAME
from hto_track.models.accounts import FormAnswer, Grant, Role, User
from hto_track.models.assignments import StudyLogRow
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading, RetentionNotice, Seen
from hto_track.models.sign_in import AttemptCount, SignInLink, SignInSession
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.retention import DataKind
from hto_track.services import audit, integrity
from hto_track.services.forgetting import NOTES, clear
from hto_track.services.jobs import Run
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.retention import find_notice, hold_notice, release_notice, retention_overview
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import writing
from hto_track.services.warnings import evaluate_cohort
from tests.cast import Cast
from tests.known import COHORT, NAME, PERSON, SECRET, make_known, rows_of, said_anywhere
from tests.trail import trail

RETENTION = BY_NAME["retention"]
FIRST = date(2028, 1, 3)
"""A Monday, two years after the last day of the finished example cohort."""
SECOND, THIRD = FIRST + timedelta(days=7), FIRST + timedelta(days=14)
MANY_YEARS = date(2036, 1, 7)


@pytest.fixture
def person(example_app: Flask) -> Iterator[int]:
    """The known person of the example cohort, which ended in December 2025."""
    yield make_known()


def run(on: date) -> Run:
    """The job on one Monday."""
    done = run_job(RETENTION, on)
    db.session.rollback()
    assert done.error is None
    return done


def notices() -> dict[tuple[DataKind, str], RetentionNotice]:
    db.session.rollback()
    return {(row.kind, row.subject): row for row in db.session.scalars(select(RetentionNotice))}


def notes(person: int) -> set[str | None]:
    db.session.rollback()
    return set(db.session.scalars(select(InternshipEntry.note).where(InternshipEntry.participant_id == person)))


def make_old(model: type, **moments: datetime) -> None:
    with writing() as session:
        session.execute(update(model).values(**moments))


def test_the_job_runs_on_mondays_before_anybody_is_up() -> None:
    assert (RETENTION.timetable.weekday, f"{RETENTION.timetable.at:%H:%M}") == (0, "05:30")


def test_what_is_due_is_announced_and_nothing_goes_yet(person: int) -> None:
    done = run(FIRST)
    notice = notices()[DataKind.LOGS, PERSON]
    assert (notice.announced_on, notice.due_on, notice.carried_out_on) == (FIRST, THIRD, None)
    assert notes(person) == {SECRET}
    assert done.summary["announced"] == len(notices())
    assert done.summary["kept_no_longer"] == 0


def test_a_week_later_it_is_neither_announced_again_nor_gone(person: int) -> None:
    run(FIRST)
    count = len(notices())
    assert run(SECOND).summary["announced"] == 0
    assert len(notices()) == count
    assert notes(person) == {SECRET}


def test_two_weeks_later_it_goes_and_no_figure_with_it(person: int) -> None:
    run(FIRST)
    before = [(member.facts, member.standing) for member in cohort_standings(CONSOLE, COHORT, FIRST).members]
    run(THIRD)
    assert notes(person) == {None}
    assert notices()[DataKind.LOGS, PERSON].carried_out_on == THIRD
    assert [(member.facts, member.standing) for member in cohort_standings(CONSOLE, COHORT, FIRST).members] == before
    assert integrity.faults() == []


def test_the_trail_lets_go_of_notes_and_keeps_the_rest(person: int) -> None:
    with writing() as session:
        audit.record(
            session, CONSOLE, "record_mark", audit.of_participant(PERSON, "lessons", 1), after={"mark": "late"}
        )
    run(FIRST)
    run(THIRD)
    db.session.rollback()
    assert [entry.after for entry in trail("log_hours")] == [None]
    assert [entry.after for entry in trail("record_mark")] == [{"mark": "late"}]


def test_work_that_was_handed_in_goes_with_the_notes_and_its_files_with_it(person: int) -> None:
    assert (rows_of("hand_ins"), rows_of("file_contents")) == (2, 1)
    run(FIRST)
    assert rows_of("hand_ins") == 2
    run(THIRD)
    db.session.rollback()
    assert (rows_of("hand_ins"), rows_of("file_contents")) == (0, 0)


def test_work_alone_is_announced_too(person: int) -> None:
    with writing() as session:
        clear(session, [person], NOTES)
    run(FIRST)
    assert (DataKind.LOGS, PERSON) in notices()


def test_supervision_stays_longer_than_notes(person: int) -> None:
    run(FIRST)
    run(THIRD)
    query = select(Placement.supervisor_name).where(Placement.participant_id == person)
    assert db.session.scalars(query).one() is not None
    run(date(2033, 1, 3))
    run(date(2033, 1, 17))
    assert db.session.scalars(query).one() is None


def test_after_ten_years_nothing_tells_who_it_was_but_the_register(person: int) -> None:
    run(MANY_YEARS)
    run(MANY_YEARS + timedelta(days=14))
    assert said_anywhere(NAME) == {"diplomas.holder_name"}
    row = db.session.scalars(select(Participant).where(Participant.code == PERSON)).one()
    assert row.erased_on == MANY_YEARS + timedelta(days=14)
    assert notices()[DataKind.RESULTS, PERSON].carried_out_on == row.erased_on
    assert integrity.faults() == []


def test_an_application_goes_a_year_after_the_cohort_began(cast: Cast) -> None:
    with writing() as session:
        session.execute(
            update(Participant).where(Participant.code == cast.neighbour).values(status=EnrolmentStatus.APPLIED)
        )
    run(date(2027, 3, 8))
    assert list(notices()) == []
    run(date(2027, 3, 15))
    run(date(2027, 3, 29))
    erased = db.session.scalars(select(Participant.code).where(Participant.erased_on.is_not(None))).all()
    assert erased == [cast.neighbour]


def test_what_is_kept_by_hand_stays_until_it_is_released(person: int, example_app: Flask) -> None:
    run(FIRST)
    notice_id = notices()[DataKind.LOGS, PERSON].id
    hold_notice(CONSOLE, notice_id, "Een bezwaar loopt nog.", FIRST)
    run(THIRD)
    assert notes(person) == {SECRET}
    assert [notice.id for notice in retention_overview(CONSOLE, THIRD).held] == [notice_id]
    release_notice(CONSOLE, notice_id)
    run(THIRD + timedelta(days=7))
    assert notes(person) == {None}
    assert [entry.subject for entry in (*trail("hold_retention"), *trail("release_retention"))] == [
        f"participant/{PERSON}"
    ] * 2


def test_a_person_of_whom_something_is_kept_by_hand_is_not_erased_until_it_is_released(person: int) -> None:
    run(FIRST)
    notice_id = notices()[DataKind.LOGS, PERSON].id
    hold_notice(CONSOLE, notice_id, "Een bezwaar loopt nog.", FIRST)
    run(MANY_YEARS)
    run(MANY_YEARS + timedelta(days=14))
    assert SECRET in notes(person)
    assert notices()[DataKind.LOGS, PERSON].held_reason == "Een bezwaar loopt nog."
    assert notices()[DataKind.RESULTS, PERSON].carried_out_on is None
    release_notice(CONSOLE, notice_id)
    run(MANY_YEARS + timedelta(days=21))
    assert notices()[DataKind.RESULTS, PERSON].carried_out_on == MANY_YEARS + timedelta(days=21)


def test_an_announcement_of_what_is_no_longer_due_is_taken_back(person: int) -> None:
    run(FIRST)
    with writing() as session:
        session.execute(update(Participant).where(Participant.code == PERSON).values(end_on=date(2027, 6, 1)))
    run(THIRD)
    assert notes(person) == {SECRET}
    assert (DataKind.LOGS, PERSON) not in notices()


def test_what_was_written_since_is_announced_anew(person: int) -> None:
    run(FIRST)
    run(THIRD)
    with writing() as session:
        session.execute(update(StudyLogRow).where(StudyLogRow.participant_id == person).values(note="nog iets"))
    again = THIRD + timedelta(days=7)
    run(again)
    notice = notices()[DataKind.LOGS, PERSON]
    assert (notice.announced_on, notice.carried_out_on) == (again, None)


def test_old_mails_lose_their_text_and_newer_ones_keep_it(cast: Cast) -> None:
    with writing() as session:
        mails = [
            Mail(kind=kind, subject_key="x", period="x", recipient="a@example.org", subject="Hoi", body="Hoi")
            for kind in ("old", "new", "waiting")
        ]
        queue_mails(session, mails)
        for kind, state, at in (
            ("old", "sent", datetime(2025, 1, 5, tzinfo=UTC)),
            ("new", "sent", datetime(2025, 7, 5, tzinfo=UTC)),
            ("waiting", "waiting", datetime(2025, 1, 5, tzinfo=UTC)),
        ):
            session.execute(update(OutboxMail).where(OutboxMail.kind == kind).values(state=state, queued_at=at))
    run(date(2026, 6, 29))
    overview = retention_overview(CONSOLE, date(2026, 6, 29))
    assert overview.counts == {DataKind.MAILS: 1}
    run(date(2026, 7, 13))  # the new one is a year old by now, and was not announced
    db.session.rollback()
    bodies = dict(db.session.execute(select(OutboxMail.kind, OutboxMail.body)).tuples().all())
    assert {kind: bodies[kind] for kind in ("old", "new", "waiting")} == {"old": "", "new": "Hoi", "waiting": "Hoi"}


def test_looks_go_after_two_years(cast: Cast) -> None:
    with writing() as session:
        for year in (2023, 2026):
            session.add(
                Reading(
                    reader="user/1",
                    seen=Seen.TRAJECT,
                    subject_key="participant/1",
                    participant_id=cast.participant_id,
                    hour=datetime(year, 1, 1, tzinfo=UTC),
                )
            )
    run(date(2026, 6, 15))
    run(date(2026, 6, 29))
    db.session.rollback()
    assert [row.hour.year for row in db.session.scalars(select(Reading))] == [2026]


def test_what_signing_in_left_behind_goes_at_once(person: int) -> None:
    long_ago, lately = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 10, tzinfo=UTC)
    make_old(SignInLink, ends_at=long_ago)
    make_old(FormAnswer, answered_at=lately)
    make_old(SignInSession, idle_until=long_ago)
    with writing() as session:
        session.add(AttemptCount(key_hash="a", counted_from=long_ago, tries=1))
        session.add(AttemptCount(key_hash="b", counted_from=lately, tries=1))
    run(date(2026, 6, 15))
    for model in (SignInLink, SignInSession):
        assert db.session.scalars(select(model)).all() == []
    assert db.session.scalars(select(AttemptCount.key_hash)).all() == ["b"]
    assert len(db.session.scalars(select(FormAnswer)).all()) == 1


def test_administrators_are_told_once_what_will_go_and_when(cast: Cast) -> None:
    evaluate_cohort(CONSOLE, cast.cohort, date(2026, 6, 14))
    with writing() as session:
        session.execute(update(Participant).values(phone="06"))
        session.add(
            Placement(
                participant_id=session.scalars(select(Participant.id).where(Participant.code == cast.neighbour)).one(),
                school="De Sluis",
                school_type="mbo",
                supervisor_name="Dirk Mulder",
                start_on=date(2026, 4, 1),
                end_on=date(2026, 12, 18),
            )
        )
    run(date(2033, 12, 19))
    told = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "retention_announced")).all()
    assert [mail.recipient for mail in told] == ["gijs@example.org"]
    assert told[0].subject == "Op 2 jan 2034 gaan oude gegevens weg"
    assert "- wie 2 deelnemers begeleidde" in told[0].body
    assert "http://hto.test/beheer/bewaartermijnen" in told[0].body
    assert "Bram" not in told[0].body
    run(date(2033, 12, 26))
    assert len(db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "retention_announced")).all()) == 1


def test_the_same_monday_twice_does_the_same_as_once(person: int) -> None:
    first = run(FIRST)
    assert run(FIRST).summary == first.summary


def test_a_shorter_period_of_the_installation_counts(person: int, example_app: Flask) -> None:
    settings = example_app.extensions["hto_settings"]
    from hto_track.rules.retention import Period, Periods

    example_app.extensions["hto_settings"] = dataclasses.replace(settings, keep=Periods(logs=Period(1, "m")))
    run(date(2026, 3, 2))
    assert (DataKind.LOGS, PERSON) in notices()


def test_a_reason_is_asked_to_keep_something(person: int) -> None:
    run(FIRST)
    notice_id = notices()[DataKind.LOGS, PERSON].id
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(Refused) as refused:
            hold_notice(CONSOLE, notice_id, reason, FIRST)
        assert [refusal.field for refusal in refused.value.refusals] == ["reason"]
    assert notices()[DataKind.LOGS, PERSON].held_on is None


def test_what_was_carried_out_can_no_longer_be_kept(person: int) -> None:
    run(FIRST)
    notice_id = notices()[DataKind.LOGS, PERSON].id
    run(THIRD)
    for act in (find_notice, release_notice):
        with pytest.raises(NotFound):
            act(CONSOLE, notice_id)
    with pytest.raises(NotFound):
        hold_notice(CONSOLE, notice_id, "te laat", THIRD)


@pytest.mark.parametrize("who", ["anja", "bram", "chaima", "hanna", "ilse", "karel"])
def test_only_an_administrator_manages_retention(cast: Cast, who: str) -> None:
    actor: Actor = getattr(cast, who)
    with pytest.raises(Forbidden):
        retention_overview(actor, FIRST)
    with pytest.raises(Forbidden):
        hold_notice(actor, 1, "nee", FIRST)
    with pytest.raises(Forbidden):
        release_notice(actor, 1)


def test_an_erased_administrator_is_not_told(cast: Cast) -> None:
    with writing() as session:
        session.execute(
            update(User).where(User.email == "gijs@example.org").values(erased_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
        assert session.scalars(select(Grant).where(Grant.role == Role.ADMINISTRATOR)).all()
    run(date(2033, 12, 19))
    assert notices()
    assert db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "retention_announced")).all() == []
