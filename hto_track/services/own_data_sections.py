"""What is held on a participant, table by table: the queries of services/own_data.py.

One section for each table that says something of people. A section takes every column of its tables that is not a key, so
that a new column is in it from its first day; what is left out stands in ``LEFT_OUT`` with the reason, and a test holds every
table and column to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    false,
    func,
    inspect,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from hto_track.models.accounts import Grant, QuietHours, User
from hto_track.models.agenda import CalendarSubscription
from hto_track.models.assignments import Assignment, Attempt, Extension, FileContent, HandIn, StudyLogRow
from hto_track.models.base import Base
from hto_track.models.cohorts import Cohort
from hto_track.models.diploma import CheckpointRecord, Diploma, FinalAssessment, PlannedFinalAssessment
from hto_track.models.exemptions import Exemption, Route, RouteModule
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import AuditContent, AuditEntry, OutboxMail
from hto_track.models.lessons import Attendance, Lesson, MakeUp
from hto_track.models.load import LoadExpectation, LoadRequest, LoadVerdict, PlannedInternshipDay, PlannedMove
from hto_track.models.participants import Participant, Pause
from hto_track.models.privacy import EmployerShare, Reading, RetentionNotice
from hto_track.models.programmes import Checkpoint, Programme
from hto_track.models.sign_in import CollegeIdentity, Passkey, SignInLink, SignInSession
from hto_track.models.warnings import Warning, WarningAnswer, WarningEvent
from hto_track.services import audit

LEFT_OUT: dict[str, str] = {
    "users.password_hash": "a secret that only proves a password",
    "sign_in_sessions.token_hash": "a secret that only proves a session",
    "sign_in_links.token_hash": "a secret that only proves a link",
    "sign_in_links.request_hash": "a secret that only proves a browser",
    "sign_in_links.code_hash": "a secret that only proves a code",
    "passkeys.credential_id": "says nothing but which key it is; its name is given",
    "passkeys.public_key": "says nothing but how to know the key again",
    "passkeys.sign_count": "says nothing but how to know a copied key",
    "passkey_challenges": "a question to a passkey, gone within minutes",
    "form_answers": "that a form came in, for thirty days; what it did is in the other parts",
    "outbox.secrets": "links and codes, gone once the mail is sent",
    "outbox.message_id": "made from the kind, the subject and the date, which are given",
    "outbox.lease": "which process is sending it",
    "outbox.leased_until": "which process is sending it",
    "diplomas.document": "the document itself: it can be taken from the page of the diploma",
    "readings.subject_key": "says the same as the participant or the cohort, in other words",
    "calendar_subscriptions.nonce": "a secret that only proves an address",
    "calendar_events": "what a calendar was told last: the same lessons, dates and hours that are in the other parts",
    "audit_entries.content_seal": "a digest that proves the trail",
    "audit_entries.previous_hash": "a digest that proves the trail",
    "audit_entries.hash": "a digest that proves the trail",
    "file_contents": "the files themselves: each can be taken from its page, whose address is given",
    "audit_contents.salt": "a secret that keeps the digest from telling anything",
}
"""A table, or a column of one, that is about people and not given, and why."""
NAME_MANY = ("leader_digest",)
"""The kinds of mail that are about several people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose data: the participants they are, where those take part, the account, and its addresses in lower case."""

    ids: tuple[int, ...]
    codes: tuple[str, ...]
    cohort_ids: tuple[int, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    user_id: int | None


Query = Callable[[Whose], Select[Any]]
Columns = Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]]


def given(model: type[Base]) -> tuple[ColumnElement[Any], ...]:
    """The columns of a table that are given: all but keys and what is left out."""
    table = model.__table__
    assert isinstance(table, Table)
    return tuple(
        column.label(_name(model, column.key))
        for column in table.columns
        if not column.primary_key and not column.foreign_keys and f"{table.name}.{column.name}" not in LEFT_OUT
    )


def _name(model: type[Base], column: str) -> str:
    """The name that the model gives a column: ``at`` for ``recorded_at``."""
    for attribute in inspect(model).column_attrs:
        if attribute.columns[0].key == column:
            return attribute.key
    return column


def _of(model: Any, *more: ColumnElement[Any], joins: Sequence[tuple[Any, Any]] = (), order: Any = None) -> Query:
    """The rows of a table that are of these participants; ``more`` says what its keys point to."""

    def query(whose: Whose) -> Select[Any]:
        chosen = select(*more, *given(model)).select_from(model)
        for target, on in joins:
            chosen = chosen.outerjoin(target, on)
        return chosen.where(model.participant_id.in_(whose.ids)).order_by(
            *([] if order is None else [order]), *inspect(model).primary_key
        )

    return query


def _of_account(model: Any, *more: ColumnElement[Any]) -> Query:
    def query(whose: Whose) -> Select[Any]:
        return select(*more, *given(model)).select_from(model).where(model.user_id == whose.user_id).order_by(model.id)

    return query


def _hand_ins(whose: Whose) -> Select[Any]:
    """What they handed in; of a file the address at which it can be taken, and its size in bytes."""
    address = case((HandIn.content_sha256.is_not(None), literal("/werk/") + cast(HandIn.id, String)), else_=None)
    return (
        select(
            *_ASSIGNMENT,
            Attempt.number.label("number"),
            *given(HandIn),
            FileContent.size.label("size"),
            address.label("address"),
        )
        .select_from(HandIn)
        .join(Attempt, Attempt.id == HandIn.attempt_id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .outerjoin(FileContent, FileContent.sha256 == HandIn.content_sha256)
        .where(Attempt.participant_id.in_(whose.ids))
        .order_by(HandIn.handed_in_at, HandIn.id)
    )


def _participants(whose: Whose) -> Select[Any]:
    return (
        select(Cohort.code.label("cohort_code"), Programme.title.label("programme"), *given(Participant))
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Participant.id.in_(whose.ids))
        .order_by(Cohort.start_on, Participant.id)
    )


def _account(whose: Whose) -> Select[Any]:
    return select(*given(User)).where(User.id == whose.user_id)


def _grants(whose: Whose) -> Select[Any]:
    scopes = (
        (Cohort, Grant.cohort_id, Cohort.code.label("cohort_code")),
        (Participant, Grant.participant_id, Participant.code.label("participant_code")),
        (Route, Grant.route_id, Route.code.label("route_code")),
        (Programme, Grant.programme_id, Programme.code.label("programme_code")),
    )
    query = select(*(column for _, _, column in scopes), *given(Grant)).select_from(Grant)
    for target, key, _ in scopes:
        query = query.outerjoin(target, target.id == key)
    return query.where(Grant.user_id == whose.user_id).order_by(Grant.id)


def _calendars(whose: Whose) -> Select[Any]:
    return (
        select(Cohort.code.label("cohort_code"), *given(CalendarSubscription))
        .select_from(CalendarSubscription)
        .outerjoin(Cohort, Cohort.id == CalendarSubscription.cohort_id)
        .where(CalendarSubscription.user_id == whose.user_id)
        .order_by(CalendarSubscription.id)
    )


def _warning_events(whose: Whose) -> Select[Any]:
    return (
        select(Warning.code.label("warning"), *given(WarningEvent))
        .join(Warning, Warning.id == WarningEvent.warning_id)
        .where(Warning.participant_id.in_(whose.ids))
        .order_by(WarningEvent.on, WarningEvent.id)
    )


def _quiet_hours(whose: Whose) -> Select[Any]:
    return select(*given(QuietHours)).where(QuietHours.user_id == whose.user_id)


def _readings(whose: Whose) -> Select[Any]:
    return (
        select(Participant.code.label("participant_code"), Cohort.code.label("cohort_code"), *given(Reading))
        .select_from(Reading)
        .outerjoin(Participant, Participant.id == Reading.participant_id)
        .outerjoin(Cohort, Cohort.id == Reading.cohort_id)
        .where(or_(Reading.participant_id.in_(whose.ids), Reading.cohort_id.in_(whose.cohort_ids)))
        .order_by(Reading.hour, Reading.id)
    )


def _mails(whose: Whose) -> Select[Any]:
    """The mails to them and about them; and, without its text, what went to somebody else and names them among others.

    Only a digest does: any other mail that says their name is to somebody who is called the same.
    """
    theirs = or_(OutboxMail.participant_id.in_(whose.ids), func.lower(OutboxMail.recipient).in_(whose.addresses))
    said = or_(false(), *(OutboxMail.body.contains(name, autoescape=True) for name in whose.names))
    named = and_(said, OutboxMail.kind.in_(NAME_MANY))
    columns = {column.name: column for column in given(OutboxMail)}
    columns["body"] = _only_when(theirs, OutboxMail.body).label("body")
    columns["subject"] = _only_when(theirs, OutboxMail.subject).label("subject")
    return select(*columns.values()).where(or_(theirs, named)).order_by(OutboxMail.queued_at, OutboxMail.id)


def _only_when(condition: ColumnElement[bool], column: Any) -> ColumnElement[Any]:
    return case((condition, column), else_=None)


def _notices(whose: Whose) -> Select[Any]:
    return (
        select(*given(RetentionNotice))
        .where(RetentionNotice.subject.in_(whose.codes))
        .order_by(RetentionNotice.announced_on, RetentionNotice.id)
    )


def _trail(whose: Whose) -> Select[Any]:
    """The audit entries about them and about their account; of what they did to something else, only that they did."""
    ref = "" if whose.user_id is None else audit.of_user(whose.user_id)
    about = or_(audit.about(*map(audit.of_participant, whose.codes)), AuditEntry.subject == ref)
    columns = {column.name: column for column in (*given(AuditEntry), *given(AuditContent))}
    columns["before"] = _only_when(about, AuditContent.before).label("before")
    columns["after"] = _only_when(about, AuditContent.after).label("after")
    return (
        select(*columns.values())
        .select_from(AuditEntry)
        .outerjoin(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .where(or_(about, AuditEntry.actor == ref))
        .order_by(AuditEntry.id)
    )


_ASSIGNMENT = (Assignment.code.label("assignment"), Assignment.title.label("assignment_title"))
_LESSON = (Lesson.held_on.label("lesson_on"), Lesson.number.label("lesson_number"), Lesson.title.label("lesson_title"))
_MADE_UP_AT = aliased(Lesson)
SECTIONS: dict[str, Query] = {
    "participants": _participants,
    "pauses": _of(Pause, order=Pause.start_on),
    "placements": _of(Placement, order=Placement.start_on),
    "attendance": _of(Attendance, *_LESSON, joins=((Lesson, Lesson.id == Attendance.lesson_id),), order=Lesson.held_on),
    "make_ups": _of(
        MakeUp,
        *_LESSON,
        _MADE_UP_AT.number.label("made_up_at"),
        joins=((Lesson, Lesson.id == MakeUp.lesson_id), (_MADE_UP_AT, _MADE_UP_AT.id == MakeUp.at_lesson_id)),
        order=MakeUp.made_up_on,
    ),
    "attempts": _of(
        Attempt,
        *_ASSIGNMENT,
        joins=((Assignment, Assignment.id == Attempt.assignment_id),),
        order=Attempt.submitted_on,
    ),
    "hand_ins": _hand_ins,
    "extensions": _of(
        Extension, *_ASSIGNMENT, joins=((Assignment, Assignment.id == Extension.assignment_id),), order=Extension.due_on
    ),
    "internship_entries": _of(
        InternshipEntry,
        Placement.school.label("school"),
        joins=((Placement, Placement.id == InternshipEntry.placement_id),),
        order=InternshipEntry.worked_on,
    ),
    "study_log": _of(
        StudyLogRow,
        *_ASSIGNMENT,
        joins=((Assignment, Assignment.id == StudyLogRow.assignment_id),),
        order=StudyLogRow.logged_on,
    ),
    "checkpoint_records": _of(
        CheckpointRecord,
        Checkpoint.code.label("checkpoint"),
        Checkpoint.title.label("checkpoint_title"),
        joins=((Checkpoint, Checkpoint.id == CheckpointRecord.checkpoint_id),),
        order=CheckpointRecord.recorded_on,
    ),
    "planned_final_assessments": _of(PlannedFinalAssessment),
    "final_assessments": _of(FinalAssessment, order=FinalAssessment.held_on),
    "diplomas": _of(Diploma, order=Diploma.awarded_on),
    "exemptions": _of(
        Exemption,
        Route.title.label("route"),
        RouteModule.code.label("module"),
        RouteModule.title.label("module_title"),
        joins=((RouteModule, RouteModule.id == Exemption.module_id), (Route, Route.id == RouteModule.route_id)),
    ),
    "warnings": _of(Warning, order=Warning.opened_on),
    "warning_events": _warning_events,
    "outbox": _mails,
    "employer_shares": _of(EmployerShare, order=EmployerShare.shared_at),
    "readings": _readings,
    "retention_notices": _notices,
    "users": _account,
    "grants": _grants,
    "sign_in_sessions": _of_account(SignInSession),
    "sign_in_links": _of_account(SignInLink),
    "passkeys": _of_account(Passkey),
    "college_identities": _of_account(CollegeIdentity),
    "calendar_subscriptions": _calendars,
    "load_expectations": _of(LoadExpectation),
    "load_verdicts": _of(LoadVerdict),
    "planned_moves": _of(
        PlannedMove,
        *_ASSIGNMENT,
        joins=((Assignment, Assignment.id == PlannedMove.assignment_id),),
        order=PlannedMove.from_monday,
    ),
    "planned_internship_days": _of(PlannedInternshipDay, order=PlannedInternshipDay.planned_on),
    "load_requests": _of(
        LoadRequest,
        *_ASSIGNMENT,
        joins=((Assignment, Assignment.id == LoadRequest.assignment_id),),
        order=LoadRequest.asked_at,
    ),
    "warning_answers": _of(
        WarningAnswer,
        Warning.code.label("warning"),
        joins=((Warning, Warning.id == WarningAnswer.warning_id),),
        order=WarningAnswer.answered_at,
    ),
    "quiet_hours": _quiet_hours,
    "audit_entries": _trail,
}
"""By the table, in the order in which they are read."""
