"""Somebody of a finished example cohort of whom there is something in every place that can tell who they are.

``said_anywhere`` looks through the whole database for a word, table by table and column by column.
"""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select, update

from hto_track.extensions import db
from hto_track.models.accounts import FormAnswer, Grant, QuietHours, Role, User
from hto_track.models.agenda import CalendarEvent, CalendarSubscription
from hto_track.models.assignments import Attempt, Extension, FileContent, HandIn, HandInKind, StudyLogRow
from hto_track.models.base import Base
from hto_track.models.diploma import CheckpointRecord, PlannedFinalAssessment
from hto_track.models.exemptions import Exemption
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import JobRequest, JobRun
from hto_track.models.lessons import Attendance, MakeUp
from hto_track.models.load import (
    LoadExpectation,
    LoadRequest,
    LoadVerdict,
    PlannedInternshipDay,
    PlannedMove,
    RequestKind,
    RequestState,
    Verdict,
)
from hto_track.models.participants import Participant, Pause
from hto_track.models.privacy import EmployerShare, Reading, Seen
from hto_track.models.sign_in import CollegeIdentity, LinkPurpose, Passkey, PasskeyChallenge, SignInLink, SignInMethod
from hto_track.models.warnings import AnswerKind, Warning, WarningAnswer
from hto_track.rules.facts import EntryState
from hto_track.services import audit, sessions
from hto_track.services.diploma import award_diploma
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import writing
from hto_track.services.warnings import evaluate_cohort

PERSON, COHORT = "ZH04-01", "ZH-04"
GIVEN_NAME, FAMILY_NAME = "Zébulon", "Quackernaat"
NAME = f"{GIVEN_NAME} {FAMILY_NAME}"
EMAIL, PHONE = "Zebulon.Quackernaat@Example.org", "06-98765432"
SECRET = "het verhaal van Zébulon"
TELL_TALES = (GIVEN_NAME, FAMILY_NAME, EMAIL, EMAIL.lower(), PHONE, "Quackernaat BV")
LONG_AGO = datetime(2025, 6, 1, 9, tzinfo=UTC)
LATER = datetime(2027, 6, 1, 9, tzinfo=UTC)
EVALUATED = (date(2025, 6, 15), date(2025, 9, 28), date(2025, 11, 30))


def make_known() -> int:
    """Give the person a name that occurs nowhere else, an account, and words of theirs wherever there is room; their id."""
    for on in EVALUATED:
        evaluate_cohort(CONSOLE, COHORT, on)
    with writing() as session:
        row = session.scalars(select(Participant).where(Participant.code == PERSON)).one()
        row.given_name, row.name_prefix, row.family_name = GIVEN_NAME, None, FAMILY_NAME
        row.email, row.phone, row.employer = EMAIL, PHONE, "Quackernaat BV"
        row.sector = row.fund = row.prior_education = row.source_channel = SECRET
        person_id = row.id
        _write_everywhere(session, person_id)
        user = User(email=EMAIL.lower(), name=NAME, password_hash="$argon2id$x", invited_at=LONG_AGO)
        session.add(user)
        session.flush()
        session.add(Grant(user_id=user.id, role=Role.PARTICIPANT, participant_id=person_id, granted_at=LONG_AGO))
        _give_account(session, user)
        session.add(EmployerShare(participant_id=person_id, email="baas@quackernaat.example.org", shared_at=LONG_AGO))
        session.add(
            Reading(
                reader="console",
                seen=Seen.TRAJECT,
                subject_key=f"participant/{person_id}",
                participant_id=person_id,
                hour=LONG_AGO,
            )
        )
        fault = f"ValueError: {NAME} is no number"
        session.add(JobRun(name="job", slot="1", started_at=LONG_AGO, error=fault))
        session.add(JobRequest(name="job", slot="1", asked_at=LONG_AGO, asked_by="user/1", error=fault))
        _queue(session, person_id, user.id)
        audit.record(
            session,
            CONSOLE,
            "log_hours",
            audit.of_participant(PERSON, "hours", 1),
            after={"note": SECRET, "minutes": 60},
        )
        audit.record(session, CONSOLE, "invite", audit.of_user(user.id), after={"email": EMAIL.lower()})
        audit.record(session, CONSOLE, "write_down", audit.of_cohort(COHORT), after={"note": f"bel {NAME}"})
    award_diploma(CONSOLE, COHORT, PERSON, date(2026, 1, 30), "docent@hogeschool.example.org", "proef")
    return person_id


def _write_everywhere(session: Any, person_id: int) -> None:
    for column in (
        InternshipEntry.note,
        InternshipEntry.reason,
        StudyLogRow.note,
        Attempt.feedback,
        CheckpointRecord.note,
        CheckpointRecord.recorded_by,
        Warning.snooze_note,
        Exemption.reason,
        Exemption.decided_by,
    ):
        session.execute(update(column.class_).where(column.class_.participant_id == person_id).values({column: SECRET}))
    session.add(Pause(participant_id=person_id, start_on=date(2025, 8, 1), end_on=date(2025, 8, 2), reason=SECRET))
    assignment = session.scalars(select(Base.metadata.tables["assignments"].c.id).limit(1)).one()
    session.add(Extension(participant_id=person_id, assignment_id=assignment, due_on=date(2025, 8, 2), reason=SECRET))
    _hand_in(session, person_id)
    _load(session, person_id, assignment)
    lesson = session.scalars(select(Attendance.lesson_id).where(Attendance.participant_id == person_id)).first()
    session.add(MakeUp(participant_id=person_id, lesson_id=lesson, made_up_on=date(2025, 8, 2)))
    appointment = {"planned_on": date(2026, 7, 1), "starts_at": time(18, 30), "ends_at": time(19, 15)}
    session.add(PlannedFinalAssessment(participant_id=person_id, location=SECRET, assessors=SECRET, **appointment))
    entry = session.scalars(
        select(InternshipEntry).where(InternshipEntry.participant_id == person_id).order_by(InternshipEntry.id.desc())
    ).first()
    entry.state, entry.decided_on = EntryState.SUBMITTED, None
    session.execute(
        update(Placement).where(Placement.participant_id == person_id).values(supervisor_name="Fred Quackernaat")
    )


def _load(session: Any, person_id: int, assignment_id: int) -> None:
    warning = session.scalars(select(Warning.id).where(Warning.participant_id == person_id)).first()
    monday, later = date(2025, 6, 2), date(2025, 6, 9)
    weekly = {"job_weekly_minutes": 2400, "release_weekly_minutes": 0, "study_weekly_minutes": 600}
    of_person = {"participant_id": person_id}
    session.add_all(
        [
            LoadExpectation(
                stored_on=monday, travel_minutes=30, weeks={monday.isoformat(): 600}, **of_person, **weekly
            ),
            LoadVerdict(given_on=later, verdict=Verdict.HEAVIER, advice=SECRET, may_be_shown=True, **of_person),
            PlannedMove(
                assignment_id=assignment_id,
                from_monday=later,
                to_monday=monday,
                minutes=60,
                planned_at=LONG_AGO,
                **of_person,
            ),
            PlannedInternshipDay(planned_on=later, minutes=480, planned_at=LONG_AGO, **of_person),
            LoadRequest(
                kind=RequestKind.RELEASE,
                state=RequestState.REFUSED,
                monday=later,
                minutes=240,
                note=SECRET,
                answer=SECRET,
                asked_at=LONG_AGO,
                decided_at=LONG_AGO,
                decided_by="console",
                **of_person,
            ),
            WarningAnswer(warning_id=warning, kind=AnswerKind.CALL_ME, note=SECRET, answered_at=LONG_AGO, **of_person),
        ]
    )


def _hand_in(session: Any, person_id: int) -> None:
    attempt = session.scalars(select(Attempt.id).where(Attempt.participant_id == person_id, Attempt.number > 0)).first()
    content = SECRET.encode("latin-1")
    session.add(FileContent(sha256="0" * 64, size=len(content), media_type="text/plain", content=content))
    session.flush()
    of_attempt = {"attempt_id": attempt, "handed_in_at": LONG_AGO}
    session.add(HandIn(kind=HandInKind.FILE, file_name=f"{SECRET}.txt", content_sha256="0" * 64, **of_attempt))
    session.add(HandIn(kind=HandInKind.LINK, link=f"https://example.org/{FAMILY_NAME}", **of_attempt))


def _give_account(session: Any, user: User) -> None:
    sessions.begin(session, user, SignInMethod.LINK, f"de telefoon van {GIVEN_NAME}")
    link = SignInLink(
        token_hash="t", code_tries=0, user_id=user.id, purpose=LinkPurpose.INVITATION, made_at=LONG_AGO, ends_at=LATER
    )
    key = Passkey(
        user_id=user.id,
        credential_id=b"1",
        public_key=b"2",
        sign_count=0,
        name=f"sleutel van {GIVEN_NAME}",
        made_at=LONG_AGO,
    )
    session.add_all(
        [
            link,
            key,
            PasskeyChallenge(challenge_hash="c", user_id=user.id, ends_at=LATER),
            CollegeIdentity(user_id=user.id, issuer="https://college.example.org", subject=EMAIL, linked_at=LONG_AGO),
            QuietHours(user_id=user.id, from_at=time(22), until_at=time(7)),
            FormAnswer(user_id=user.id, key="k", answer={"content": "x", "answer": {"entry": 1}}, answered_at=LONG_AGO),
        ]
    )
    calendar = CalendarSubscription(user_id=user.id, nonce="n", made_at=LONG_AGO)
    session.add(calendar)
    session.flush()
    session.add(
        CalendarEvent(
            subscription_id=calendar.id,
            uid="due-1-1",
            content={"kind": "due", "on": "2025-08-02", "is_own": True, "participant": PERSON, "title": NAME},
            sequence=0,
            told_at=LONG_AGO,
        )
    )


def _queue(session: Any, person_id: int, user_id: int) -> None:
    def mail(kind: str, recipient: str, body: str, **more: Any) -> Mail:
        return Mail(kind=kind, subject_key=kind, period="p", recipient=recipient, subject=body, body=body, **more)

    queue_mails(
        session,
        [
            mail("to_them", EMAIL, f"Hoi {GIVEN_NAME}", secrets={"link": "geheim"}),
            mail("about_them", "docent@example.org", f"Uren van {GIVEN_NAME}", participant_id=person_id),
            mail("leader_digest", "leider@example.org", f"- {NAME}: vol\n- Anna Bos: vol"),
        ],
    )


def said_anywhere(word: str) -> set[str]:
    """The columns, as ``table.column``, in which some row has ``word`` in it, in whatever case."""
    db.session.rollback()
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            found |= {f"{table.name}.{name}" for name, value in row.items() if word.casefold() in _text(value)}
    return found


def _text(value: Any) -> str:
    match value:
        case bytes():
            return value.decode("latin-1").casefold()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=str).casefold()
        case _:
            return str(value).casefold()


def rows_of(table: str) -> int:
    """How many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0
