"""A due date of somebody's own (RULES.md section 2): given with a reason, changed and withdrawn; they get a mail of each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.models.assignments import Assignment, Extension
from hto_track.rules.assignments import AssignmentStanding, AssignmentState, first_due_on, judge_assignments
from hto_track.rules.span import Span, span_of
from hto_track.services import assignment_mails, audit, facts, form_answers
from hto_track.services.criteria import plain_text
from hto_track.services.facts import CohortFacts
from hto_track.services.form_answers import SentForm
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import AssignmentPlan, CohortSummary, Member

LONGEST_REASON = 500
USUALLY = timedelta(weeks=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionView:
    """Someone's due date for an assignment. ``usual_due_on`` is the one without an extension; ``extended_to`` None for none.

    ``offered_due_on`` is what a form begins with: two weeks more. ``refusals`` say why none can be given now.
    """

    cohort: CohortSummary
    member: Member
    assignment: AssignmentPlan
    standing: AssignmentStanding
    usual_due_on: date
    extended_to: date | None
    reason: str | None
    offered_due_on: date
    last_day: date
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class KnownExtension:
    """Someone's due date as it is stored; ``row`` is None where they have no extension."""

    view: ExtensionView
    assignment_id: int
    row: Extension | None


def extension_of(actor: Actor, participant_code: str, assignment_code: str, on: date) -> ExtensionView:
    """Someone's due date for an assignment. NotFound, Forbidden."""
    return _known(reading(), actor, participant_code, assignment_code, on).view


def extend_due_date(
    actor: Actor,
    participant_code: str,
    assignment_code: str,
    due_on: date,
    reason: str,
    seen: date | None,
    on: date,
    form: SentForm | None = None,
) -> ExtensionView:
    """Give someone an extension, or change the one they have. ``seen`` is the extension that was shown, if any.

    Refused without a reason; for a date that is past, not after the usual due date, or after their last day; when the first
    attempt was handed in or it is not asked any more; and when somebody else changed it meanwhile. NotFound, Forbidden.
    """
    with writing() as session:
        known = _known(session, actor, participant_code, assignment_code, on)
        if form_answers.answered(session, actor, form) is not None:
            return known.view
        said = plain_text(reason).strip()
        refusals = [
            *known.view.refusals,
            *_changed(known.view, seen),
            *_reason_faults(said),
            *due_date_faults(known.view, due_on, on),
        ]
        if refusals:
            raise Refused(refusals)
        if store_extension(session, actor, known, due_on, said):
            _tell(session, known.view, due_on)
        form_answers.remember(session, actor, form, {"extended": due_on.isoformat()})
        return replace(known.view, extended_to=due_on, reason=said)


def withdraw_extension(
    actor: Actor, participant_code: str, assignment_code: str, seen: date | None, on: date
) -> ExtensionView:
    """Take an extension back: the usual due date holds again. One that is gone already stays so.

    Refused when somebody else changed it meanwhile. NotFound, Forbidden.
    """
    with writing() as session:
        known = _known(session, actor, participant_code, assignment_code, on)
        if known.row is None:
            return known.view
        refusals = list(_changed(known.view, seen))
        if refusals:
            raise Refused(refusals)
        remove_extension(session, actor, known)
        _tell(session, known.view, known.view.usual_due_on)
        return replace(known.view, extended_to=None, reason=None)


def store_extension(session: Session, actor: Actor, known: KnownExtension, due_on: date, reason: str) -> bool:
    """Store an extension that is sound, inside ``writing()``; whether it is another date than before."""
    row, before = known.row, _written(known.row)
    if row is None:
        row = Extension(participant_id=known.view.member.id, assignment_id=known.assignment_id)
        session.add(row)
    is_new = row.due_on != due_on
    row.due_on, row.reason = due_on, reason
    audit.record(session, actor, "extend_due_date", _subject(known.view), before=before, after=_written(row))
    return is_new


def remove_extension(session: Session, actor: Actor, known: KnownExtension) -> None:
    """Remove the extension that there is, inside ``writing()``."""
    audit.record(session, actor, "withdraw_extension", _subject(known.view), before=_written(known.row))
    session.delete(known.row)
    session.flush()


def _subject(view: ExtensionView) -> str:
    return audit.of_participant(view.member.code, "assignments", view.assignment.code)


def _known(session: Session, actor: Actor, participant_code: str, assignment_code: str, on: date) -> KnownExtension:
    ground = facts.ground_of_participant(session, participant_code)
    found = facts.facts_of_participant(session, ground, participant_code)
    if not found.members:
        raise NotFound(f"There is no participant {participant_code}")
    subject = subject_of(ground.cohort, participant_id=found.members[0].member.id)
    require(actor, Action.EXTEND_DUE_DATE, subject)
    return known_extension(session, found, assignment_code, on)


def known_extension(session: Session, found: CohortFacts, assignment_code: str, on: date) -> KnownExtension:
    """The due date of the one participant of ``found``, for use cases that asked the policy; NotFound for what is not there."""
    ground, person = found.ground, found.members[0]
    codes = [plan.code for plan in found.plan.assignments]
    if assignment_code not in codes:
        raise NotFound(f"There is no assignment {assignment_code} in cohort {ground.cohort.code}")
    at, span = codes.index(assignment_code), span_of(person.facts, on)
    standing = judge_assignments(person.facts, span).standings[at]
    assignment_id, row = session.execute(
        select(Assignment.id, Extension)
        .outerjoin(
            Extension, (Extension.assignment_id == Assignment.id) & (Extension.participant_id == person.member.id)
        )
        .where(Assignment.cohort_id == ground.cohort.id, Assignment.code == assignment_code)
    ).one()
    usual = first_due_on(replace(standing.assignment, extended_to=None), span)
    view = ExtensionView(
        cohort=ground.cohort,
        member=person.member,
        assignment=found.plan.assignments[at],
        standing=standing,
        usual_due_on=usual,
        extended_to=row.due_on if row else None,
        reason=row.reason if row else None,
        offered_due_on=min(max(usual, on) + USUALLY, span.last),
        last_day=span.last,
        refusals=tuple(_not_now(standing, span)),
    )
    return KnownExtension(view, assignment_id, row)


def _not_now(standing: AssignmentStanding, span: Span) -> Iterator[Refusal]:
    """Why no extension can be given, whatever the date."""
    if not span.goes_on:
        yield Refusal(message=_l("The training has ended: nothing is due any more."))
    elif standing.state in (AssignmentState.PASSED, AssignmentState.EXEMPT):
        yield Refusal(message=_l("This assignment is done: nothing is due any more."))
    elif standing.state is AssignmentState.SUBMITTED:
        yield Refusal(message=_l("The work was handed in and waits for assessment."))
    elif standing.state is AssignmentState.FAILED:
        yield Refusal(message=_l("No attempts are left."))
    elif standing.attempts_used:
        yield Refusal(message=_l("This is a resit: its date is part of the assessment. A teacher changes it there."))


def _reason_faults(reason: str) -> Iterator[Refusal]:
    if not reason:
        yield Refusal(message=_l("Say in a few words why there is an extension."), field="reason")
    elif len(reason) > LONGEST_REASON:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_REASON), field="reason")


def due_date_faults(view: ExtensionView, due_on: date, on: date) -> Iterator[Refusal]:
    """What is wrong with a date for an extension: past, no later than without one, or after the last day."""
    if due_on < on:
        yield Refusal(message=_l("This date has passed. Choose today or later."), field="due_on")
    elif due_on <= view.usual_due_on:
        message = _l(
            "Without an extension it is due on %(day)s. Choose a later date.", day=formats.day_year(view.usual_due_on)
        )
        yield Refusal(message=message, field="due_on")
    elif due_on > view.last_day:
        message = _l(
            "The last day of %(name)s is %(day)s. Choose that day or an earlier one.",
            name=view.member.given_name,
            day=formats.day_year(view.last_day),
        )
        yield Refusal(message=message, field="due_on")


def longer_date_faults(view: ExtensionView, due_on: date, on: date) -> Iterator[Refusal]:
    """The same of a date that somebody asks for: it is later than the extension that they have, too."""
    if view.extended_to is not None and due_on <= view.extended_to:
        message = _l("There is an extension until %(day)s already.", day=formats.day_year(view.extended_to))
        yield Refusal(message=message, field="due_on")
    else:
        yield from due_date_faults(view, due_on, on)


def _changed(view: ExtensionView, seen: date | None) -> Iterator[Refusal]:
    if view.extended_to == seen:
        return
    if view.extended_to is None:
        yield Refusal(
            message=_l("Somebody withdrew the extension meanwhile. Look at it and save again."), field="due_on"
        )
    else:
        message = _l(
            "Somebody gave an extension until %(day)s meanwhile. Look at it and save again.",
            day=formats.day_year(view.extended_to),
        )
        yield Refusal(message=message, field="due_on")


def _written(row: Extension | None) -> dict[str, str | None] | None:
    return None if row is None else {"due_on": row.due_on.isoformat(), "reason": row.reason}


def _tell(session: Session, view: ExtensionView, due_on: date) -> None:
    text = assignment_mails.due_date_changed(view.member, view.assignment, due_on)
    mail = Mail(
        kind="due_date_changed",
        subject_key=_subject(view),
        period=clock.now().isoformat(),  # given, withdrawn and given again is three mails, the last one true
        recipient=view.member.email,
        subject=text.subject,
        body=text.body,
        participant_id=view.member.id,
    )
    queue_mails(session, [mail])
