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
from hto_track.services.supervisor_links import mail_to_supervisor
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
    """One mail a placement, with all hours that wait there; none where nobody is named."""
    if not news:
        return
    waiting = _waiting(session, [told.member.id for told in news], on)
    for told in news:
        for placement, entries in waiting[told.member.id].values():
            hours = WaitingHours(placement.supervisor_name, tuple(entries))
            kind = f"unconfirmed_{told.change.value}"
            yield mail_to_supervisor(kind, placement, told.member, hours, on.isoformat())


def _waiting(
    session: Session, participant_ids: list[int], on: date
) -> defaultdict[int, dict[int, tuple[Placement, list[tuple[date, int]]]]]:
    """By participant, each placement with the date and minutes of what waited there on ``on`` (as ``state_seen``)."""
    query = (
        select(InternshipEntry.worked_on, InternshipEntry.minutes, Placement)
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
    found: defaultdict[int, dict[int, tuple[Placement, list[tuple[date, int]]]]] = defaultdict(dict)
    for worked_on, minutes, placement in session.execute(query):
        _placement, entries = found[placement.participant_id].setdefault(placement.id, (placement, []))
        entries.append((worked_on, minutes))
    return found
