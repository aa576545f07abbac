"""Telling a participant of their closing interview: what stands ten minutes later, in one mail, whatever was done meanwhile."""

from datetime import timedelta
from enum import StrEnum

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.participants import Participant
from hto_track.services.letters import LANGUAGE, Button, MailText, address_of, greeting, letter
from hto_track.services.outbox import Mail, queue_mails, take_back_waiting

WAITS = timedelta(minutes=10)
"""As long as a mail waits: what is undone or changed within it was never told."""
DIPLOMA_PAGE = "/diploma"


class Told(StrEnum):
    """What a mail tells: the kind it has in the outbox."""

    PLANNED = "interview_planned"
    MOVED = "interview_moved"
    CANCELLED = "interview_cancelled"


INSTEAD: dict[tuple[str, Told], Told | None] = {
    (Told.PLANNED, Told.PLANNED): Told.PLANNED,
    (Told.PLANNED, Told.MOVED): Told.PLANNED,
    (Told.PLANNED, Told.CANCELLED): None,
    (Told.MOVED, Told.PLANNED): Told.MOVED,
    (Told.MOVED, Told.MOVED): Told.MOVED,
    (Told.MOVED, Told.CANCELLED): Told.CANCELLED,
    (Told.CANCELLED, Told.PLANNED): Told.MOVED,
    (Told.CANCELLED, Told.MOVED): Told.MOVED,
    (Told.CANCELLED, Told.CANCELLED): Told.CANCELLED,
}
"""What is told when something happens while a mail about something before still waits; None is nothing."""


def tell(session: Session, row: Participant, what: Told, planned: PlannedFinalAssessment) -> None:
    """Queue the mail about what happened to somebody's appointment, in place of one that still waits."""
    waited = take_back_waiting(session, tuple(Told), row.code)
    said = INSTEAD[waited, what] if waited else what
    if said is not None:
        _queue(session, row, said, planned)


def take_back(session: Session, row: Participant, what: Told, planned: PlannedFinalAssessment) -> None:
    """What happened was undone: its mail goes unsent, and where it went already, what stands now is told."""
    if take_back_waiting(session, (what,), row.code) is None:
        _queue(session, row, Told.PLANNED if what is Told.CANCELLED else Told.MOVED, planned)


def _queue(session: Session, row: Participant, what: Told, planned: PlannedFinalAssessment) -> None:
    now, text = clock.now(), _text(row, what, planned)
    mail = Mail(
        kind=what,
        subject_key=row.code,
        period=now.isoformat(),
        recipient=row.email,
        subject=text.subject,
        body=text.body,
        participant_id=row.id,
        not_before=now + WAITS,
    )
    queue_mails(session, [mail])


def _text(row: Participant, what: Told, planned: PlannedFinalAssessment) -> MailText:
    with force_locale(LANGUAGE):
        day = formats.day(planned.planned_on)
        when = _("%(day)s, %(time)s", day=day, time=formats.clock_from_to(planned.starts_at, planned.ends_at))
        match what:
            case Told.PLANNED:
                subject, said = (
                    _("Your closing interview is on %(day)s", day=day),
                    _("Your closing interview is planned."),
                )
            case Told.MOVED:
                subject, said = (
                    _("Your closing interview is now on %(day)s", day=day),
                    _("Your closing interview was moved."),
                )
            case Told.CANCELLED:
                subject = _("Your closing interview on %(day)s is cancelled", day=day)
                said = _("This interview is cancelled. You hear when there is another one.")
        question, lines = _("Do you want to see what is left to do?"), [when]
        if what is not Told.CANCELLED:
            lines += [_("Where: %(place)s", place=planned.location)] if planned.location else []
            lines += [_("With: %(who)s", who=planned.assessors)] if planned.assessors else []
            question = _("Can you be there? You also see it on your page.")
        body = letter(
            greeting(row.given_name),
            said,
            "\n".join(lines),
            question=question,
            button=Button(label=_("To my diploma"), address=address_of(DIPLOMA_PAGE)),
        )
        return MailText(subject=subject, body=body)
