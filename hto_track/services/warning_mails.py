"""Who hears of a warning when it opens or escalates: the participant, or for unconfirmed hours their supervisors."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hto_track.models.internship import InternshipEntry, Placement
from hto_track.rules.facts import EntryState
from hto_track.rules.warnings import Change, WarningCode
from hto_track.services import mail_texts
from hto_track.services.mail_texts import WaitingHours
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.views import Member, WarningInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A warning that has news: it opened or escalated."""

    member: Member
    change: Change
    warning: WarningInForce


def queue_news(session: Session, news: Sequence[Told], on: date) -> None:
    """Queue the mails of an evaluation on ``on``, in its transaction."""
    unconfirmed = [told for told in news if told.warning.code is WarningCode.UNCONFIRMED]
    mails = [_to_participant(told, on) for told in news if told.warning.code is not WarningCode.UNCONFIRMED]
    mails += _to_supervisors(session, unconfirmed, on)
    queue_mails(session, mails)


def _to_participant(told: Told, on: date) -> Mail:
    text = mail_texts.warning_news(told.member, told.warning, told.change)
    return Mail(
        kind=f"warning_{told.change.value}",
        subject_key=f"{told.member.code}:{told.warning.code.value}",
        period=on.isoformat(),
        recipient=told.member.email,
        subject=text.subject,
        body=text.body,
        participant_id=told.member.id,
    )


def _to_supervisors(session: Session, news: Sequence[Told], on: date) -> Iterable[Mail]:
    """One mail per supervisor, with all hours of that participant that wait for them; none where nobody is named."""
    if not news:
        return
    waiting = _waiting(session, [told.member.id for told in news], on)
    for told in news:
        for email, (placement_id, hours) in waiting[told.member.id].items():
            text = mail_texts.hours_to_confirm(told.member, hours)
            yield Mail(
                kind=f"unconfirmed_{told.change.value}",
                subject_key=f"{told.member.code}:placement:{placement_id}",
                period=on.isoformat(),
                recipient=email,
                subject=text.subject,
                body=text.body,
                participant_id=told.member.id,
            )


def _waiting(
    session: Session, participant_ids: list[int], on: date
) -> defaultdict[int, dict[str, tuple[int, WaitingHours]]]:
    """By participant and supervisor: their first placement, and the hours that waited on ``on`` (as ``state_seen``)."""
    query = (
        select(
            InternshipEntry.participant_id,
            Placement.id,
            Placement.supervisor_email,
            Placement.supervisor_name,
            InternshipEntry.worked_on,
            InternshipEntry.minutes,
        )
        .join(Placement, Placement.id == InternshipEntry.placement_id)
        .where(
            InternshipEntry.participant_id.in_(participant_ids),
            InternshipEntry.worked_on <= on,
            InternshipEntry.submitted_on <= on,
            or_(
                InternshipEntry.state == EntryState.SUBMITTED,
                and_(
                    InternshipEntry.state.in_((EntryState.CONFIRMED, EntryState.REJECTED)),
                    InternshipEntry.decided_on > on,
                ),
            ),
            Placement.supervisor_email.is_not(None),
        )
        .order_by(Placement.id, InternshipEntry.worked_on, InternshipEntry.id)
    )
    found: defaultdict[int, dict[str, tuple[int, WaitingHours]]] = defaultdict(dict)
    for participant_id, placement_id, email, name, worked_on, minutes in session.execute(query):
        first_placement, hours = found[participant_id].get(email, (placement_id, WaitingHours(name, ())))
        entries = (*hours.entries, (worked_on, minutes))
        found[participant_id][email] = (first_placement, WaitingHours(hours.supervisor_name, entries))
    return found
