"""One thing of every kind that an address or a form names: of a participant, and of the cohort they are in."""

import hashlib
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import FormAnswer, Grant
from hto_track.models.assignments import Assignment, Attempt, FileContent, HandIn, HandInKind
from hto_track.models.cohorts import Cohort
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.load import LoadRequest, RequestKind, RequestState
from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare, RetentionNotice
from hto_track.models.programmes import Programme
from hto_track.models.sign_in import Passkey, SignInSession
from hto_track.models.warnings import AnswerKind, Warning, WarningAnswer, WarningEvent, WarningEventKind
from hto_track.rules.facts import Activity, EntryState, Mark
from hto_track.rules.retention import DataKind
from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.appointments import version_of
from hto_track.services.calendar_feed import subscribe
from hto_track.services.confirmations import HoursDecision, decide_hours
from hto_track.services.diploma import award_diploma
from hto_track.services.entry_views import entry_version
from hto_track.services.lesson_rows import stood
from hto_track.services.planned import Planned, as_answer
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.programme_settings import in_plain
from hto_track.services.programme_settings import version_of as version_of_settings
from hto_track.services.supervisor_links import supervisor_link, visit_by_link
from hto_track.services.transaction import reading, writing
from hto_track.services.values import programme_settings
from tests import cast as parts
from tests.conftest import TODAY
from tests.sign_in import begin_session

Values = dict[str, Any]
INTERVIEW: Values = {
    "planned_on": "2026-06-30",
    "starts_at": "18:30",
    "ends_at": "19:15",
    "location": "B2.04",
    "assessors": "Chaima Aziz",
}
"""An appointment, as a form that cancelled it writes it down."""

DAY = date(2026, 6, 8)
"""When hours were worked and work was handed in."""


def things_of(cohort: str, participant: str, assignment: str, lesson: int, actor: Actor) -> Values:
    """What of one participant has an id or a code: hours that wait and hours decided, a warning, a mail, a diploma."""
    by = "console@example.org"
    number = award_diploma(CONSOLE, cohort, participant, TODAY - timedelta(days=1), by, "Besluit").register_number
    begin_session(actor.user_id)
    calendar = subscribe(actor)
    with writing() as session:
        person = session.scalars(select(Participant).where(Participant.code == participant)).one()
        placement_id = session.scalars(select(Placement.id).where(Placement.participant_id == person.id)).one()
        task = session.scalars(select(Assignment).where(Assignment.code == assignment)).one()
        waiting = parts.stored(session, _entry(person.id, placement_id))
        warning = _open_warning(session, person.id)
        mail = parts.stored(session, _mail(person))
        held = session.scalars(
            select(Lesson).where(Lesson.cohort_id == person.cohort_id, Lesson.number == lesson)
        ).one()
        session.add(Attendance(lesson_id=held.id, participant_id=person.id, mark=Mark.PRESENT))
        attempt = Attempt(participant_id=person.id, assignment_id=task.id, number=1, submitted_on=DAY)
        handed_in = _hand_in(session, parts.stored(session, attempt), participant)
        return {
            "cohort_code": cohort,
            "participant_code": participant,
            "participant_id": person.id,
            "college": _college_of(session, person),
            "assignment_code": assignment,
            "lesson_number": lesson,
            "placement_id": placement_id,
            "hand_in_id": handed_in.id,
            "entry_id": waiting.id,
            "entry_version": entry_version(waiting),
            "warning_id": warning.id,
            "request_id": parts.stored(session, _request(person.id, task.id)).id,
            "answer_id": parts.stored(session, _answer(warning)).id,
            "mail_id": mail.id,
            "interview_seen": version_of(parts.stored(session, _interview(person.id))),
            "user_id": actor.user_id,
            "session_id": _session_of(session, actor),
            "register_number": number,
            "grant_id": grant_of(session, actor),
            "share_id": session.scalars(
                select(EmployerShare.id).where(EmployerShare.participant_id == person.id)
            ).one(),
            "notice_id": parts.stored(session, _notice(participant)).id,
            "share_mail_id": session.scalars(
                select(OutboxMail.id).where(OutboxMail.participant_id == person.id, OutboxMail.kind == "shared_load")
            ).one(),
            "passkey_id": parts.stored(session, _passkey(actor)).id,
            "subscription_id": calendar.id,
            "calendar_token": calendar.address.rsplit("/", 1)[1].removesuffix(".ics"),
            "form_key": f"a-form-of-{cohort}",
        }


def _interview(participant_id: int) -> PlannedFinalAssessment:
    return PlannedFinalAssessment(
        participant_id=participant_id,
        planned_on=date.fromisoformat(INTERVIEW["planned_on"]),
        starts_at=time.fromisoformat(INTERVIEW["starts_at"]),
        ends_at=time.fromisoformat(INTERVIEW["ends_at"]),
        location=INTERVIEW["location"],
        assessors=f"Chaima Aziz and {participant_id}",
    )


def _entry(participant_id: int, placement_id: int) -> InternshipEntry:
    return InternshipEntry(
        participant_id=participant_id,
        placement_id=placement_id,
        worked_on=DAY,
        break_minutes=0,
        minutes=180,
        activity=Activity.OBSERVE,
        state=EntryState.SUBMITTED,
        submitted_on=DAY,
    )


def _hand_in(session: Session, attempt: Attempt, participant: str) -> HandIn:
    content = f"Het werk van {participant}".encode()
    digest = hashlib.sha256(content).hexdigest()
    parts.stored(session, FileContent(sha256=digest, size=len(content), media_type="text/plain", content=content))
    row = HandIn(
        attempt_id=attempt.id,
        handed_in_at=clock.now(),
        kind=HandInKind.FILE,
        file_name="werk.txt",
        content_sha256=digest,
    )
    return parts.stored(session, row)


def _request(participant_id: int, assignment_id: int) -> LoadRequest:
    """An extension that is asked for."""
    return LoadRequest(
        participant_id=participant_id,
        kind=RequestKind.EXTENSION,
        state=RequestState.ASKED,
        assignment_id=assignment_id,
        asked_due_on=date(2026, 7, 17),
        asked_at=clock.now(),
    )


def _open_warning(session: Session, participant_id: int) -> Warning:
    since = date(2026, 6, 1)
    warning = parts.stored(
        session,
        Warning(
            participant_id=participant_id,
            code=WarningCode.OVERLOAD,
            level=Level.AMBER,
            opened_on=since,
            misses=0,
            red_misses=0,
        ),
    )
    opened = WarningEvent(
        warning_id=warning.id,
        kind=WarningEventKind.OPENED,
        on=since,
        level=Level.AMBER,
        figures={"week": "2026-W25", "study": 16.0, "capacity": 12.0, "with_job": 52.0, "weeks_above": 1},
    )
    session.add(opened)
    return warning


def _answer(warning: Warning) -> WarningAnswer:
    """That the participant has seen it."""
    return WarningAnswer(
        participant_id=warning.participant_id,
        warning_id=warning.id,
        kind=AnswerKind.SEEN,
        answered_at=clock.now(),
    )


def _mail(person: Participant) -> OutboxMail:
    """A mail that was given up, so that it can be tried again."""
    return OutboxMail(
        kind="participant_digest",
        subject_key=person.code,
        period="2026-06-08",
        participant_id=person.id,
        recipient=person.email,
        subject=f"Week 24 van {person.given_name}",
        body=f"Dag {person.given_name}",
        message_id=f"<{person.code}@hto.test>",
        state=MailState.DEAD,
        attempts=9,
        next_attempt_at=clock.now(),
        queued_at=clock.now(),
    )


def settings_of(programme_code: str) -> Values:
    """When warnings begin in a programme, and what tells that from any other settings."""
    row = reading().scalars(select(Programme).where(Programme.code == programme_code)).one()
    settings = programme_settings(row)
    return {"settings": in_plain(settings), "settings_seen": version_of_settings(programme_code, settings)}


def _college_of(session: Session, person: Participant) -> str | None:
    query = select(Programme.college).join(Cohort, Cohort.programme_id == Programme.id)
    return session.scalars(query.where(Cohort.id == person.cohort_id)).one()


def grant_of(session: Session, actor: Actor) -> int:
    return session.scalars(select(Grant.id).where(Grant.user_id == actor.user_id)).one()


def _notice(participant: str) -> RetentionNotice:
    """That what was written about someone will go."""
    return RetentionNotice(kind=DataKind.LOGS, subject=participant, announced_on=DAY, due_on=DAY + timedelta(days=14))


def _passkey(actor: Actor) -> Passkey:
    return Passkey(
        user_id=actor.user_id,
        credential_id=actor.email.encode(),
        public_key=b"a key",
        sign_count=0,
        name=f"Telefoon van {actor.name}",
        made_at=clock.now(),
    )


def _session_of(session: Session, actor: Actor) -> int:
    """The latest session of somebody: another one than the tests use."""
    query = select(SignInSession.id).where(SignInSession.user_id == actor.user_id)
    return session.scalars(query.order_by(SignInSession.id.desc()).limit(1)).one()


ROOM = {"job": 36 * 60, "release": 0, "study": None, "travel": 30}
"""How the room of everybody stands."""


def answer_forms(actor: Actor, things: Values, decisions: tuple[int, ...]) -> None:
    """Let someone have sent a form with the key of these things: it marked a lesson, moved it, and decided on hours."""
    change = [things["participant_code"], None, Mark.PRESENT, None, None]
    marked = {"changes": [change], "attended": 1, "expected": 1, "conflicts": []}
    lesson = reading().scalars(_lesson(things)).one()
    answer = {
        "planned": _a_day_earlier(things),
        "moved_dates": _a_day_shorter(things),
        **marked,
        "lesson": lesson.id,
        "bulk_marks": [[things["lesson_number"], marked]],
        "bulk_results": [],
        "done_to_attempt": _an_assessment(things),
        "cancelled_interview": {"participant": things["participant_code"], **INTERVIEW},
        "recorded_interview": _an_outcome(things),
        "decided": [things["decided_id"]],
        "decisions": decisions,
        "kept_plan": _a_plan(things),
        "answered_request": {"id": things["request_id"], "cohort": things["cohort_code"], "was": None},
        "hand_in": things["hand_in_id"],
        "participant": things["participant_code"],
        "programme": things["programme_code"],
        "settings_before": things["settings"],
        "after": things["settings_seen"],
        "assignment": things["assignment_code"],
        "attempt": 1,
        "room_before": ROOM,
        "room_after": ROOM,
        "expectation": False,
        "is_later": False,
        "adopted_for": things["programme_code"],
        "code": things["template_code"],
        "number": things["draft_number"],
        "seen": things["draft_seen"],
        "discarded": f"{things['template_code']}/{things['draft_number']}",
        "kept": {"content": {}, "note": None, "programme": None, "title": "", "college": None},
        "made": False,
    }
    with writing() as session:
        session.add(
            FormAnswer(
                user_id=actor.user_id,
                key=things["form_key"],
                answer={"content": "", "answer": answer},
                answered_at=clock.now(),
            )
        )


def _a_day_earlier(things: Values) -> dict[str, Any]:
    """That the lesson was moved to where it stands, as ``services/planned.py`` says it."""
    now = stood(reading().scalars(_lesson(things)).one())
    before = replace(now, slot=replace(now.slot, on=now.slot.on + timedelta(days=1)))
    planned = Planned(number=things["lesson_number"], before=before, after=now)
    return dict(as_answer(planned, things["cohort_code"])["planned"])


def _a_day_shorter(things: Values) -> dict[str, Any]:
    """That the assignment was let to be due where it stands, as ``services/due_dates.py`` says it."""
    code, query = things["assignment_code"], select(Assignment).join(Cohort)
    row = reading().scalars(query.where(Cohort.code == things["cohort_code"], Assignment.code == code)).one()
    opens_on, now, was = (day.isoformat() for day in (row.opens_on, row.due_on, row.due_on + timedelta(days=1)))
    dates = {"before": {"opens_on": opens_on, "due_on": was}, "after": {"opens_on": opens_on, "due_on": now}}
    return {"cohort": things["cohort_code"], "code": code, "title": row.title, **dates}


def _lesson(things: Values) -> Select[tuple[Lesson]]:
    return (
        select(Lesson)
        .join(Cohort)
        .where(Cohort.code == things["cohort_code"], Lesson.number == things["lesson_number"])
    )


def _a_plan(things: Values) -> dict[str, Any]:
    """That a plan was kept which is not there any more."""
    nothing: dict[str, Any] = {"work": [], "days": {}}
    kept = {"work": [], "days": {"2026-06-29": 240}}
    at = clock.now().isoformat()
    return {"participant": things["participant_code"], "before": nothing, "after": kept, "answered_at": at}


def _an_assessment(things: Values) -> dict[str, Any]:
    """That the attempt was assessed, and changed since."""
    of = {"participant": things["participant_code"], "assignment": things["assignment_code"]}
    return {**of, "attempt": 1, "version": "of before", "created": False}


def _an_outcome(things: Values) -> dict[str, Any]:
    """That an interview was recorded that is not there any more."""
    result = {"passed": True, "resit_allowed": True}
    return {"participant": things["participant_code"], "held_on": "2026-06-01", "was": None, **result}


def let_come_by_link(things: Values, supervisor: Actor) -> None:
    """The link of a supervisor, and the numbers of what was decided by it."""
    link = supervisor_link(things["placement_id"], supervisor.email, TODAY)
    things["visit_token"] = link.rsplit("/", 1)[1]
    visit = visit_by_link(things["visit_token"], TODAY)
    things["decisions"] = "-".join(map(str, let_decide(visit.actor, things)))


def let_decide(actor: Actor, things: Values) -> tuple[int, ...]:
    """Let someone confirm hours of their own to decide: the numbers of that decision."""
    with writing() as session:
        person = session.scalars(select(Participant).where(Participant.code == things["participant_code"])).one()
        entry = parts.stored(session, _entry(person.id, things["placement_id"]))
        things["decided_id"], version = entry.id, entry_version(entry)
    decision = HoursDecision(entry_id=things["decided_id"], version=version)
    return decide_hours(actor, [decision], TODAY).decisions
