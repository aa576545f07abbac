"""Who hears of a warning when it opens or escalates: the participant, or for unconfirmed hours their supervisors.

What it no longer says when it eases or closes, and nobody began to send, is taken back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import OutboxMail
from hto_track.rules.facts import EntryState
from hto_track.rules.warnings import Change, WarningCode
from hto_track.services import warning_mail_texts
from hto_track.services.mail_texts import WaitingHours
from hto_track.services.outbox import Mail, queue_mails, take_back
from hto_track.services.supervisor_links import mail_to_supervisor
from hto_track.services.views import CohortSummary, Member, WarningInForce
from hto_track.services.warning_texts import Titles

ESCALATED = f"warning_{Change.ESCALATED.value}"
OF_WARNINGS = (f"warning_{Change.OPENED.value}", ESCALATED)
UNCONFIRMED_ESCALATED = f"unconfirmed_{Change.ESCALATED.value}"
OF_UNCONFIRMED = (f"unconfirmed_{Change.OPENED.value}", UNCONFIRMED_ESCALATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A warning to which something happened; the figures are those it rests on now, none where its code does not hold."""

    member: Member
    change: Change
    warning: WarningInForce

    @property
    def key(self) -> str:
        """What the mails about it are known by."""
        return f"{self.member.code}:{self.warning.code.value}"


def queue_news(session: Session, cohort: CohortSummary, news: Sequence[Told], titles: Titles, on: date) -> None:
    """Queue the mails of an evaluation of a cohort on ``on``, in its transaction."""
    if not news:
        return
    unconfirmed = [told for told in news if told.warning.code is WarningCode.UNCONFIRMED]
    others = [told for told in news if told.warning.code is not WarningCode.UNCONFIRMED]
    let_in = who_is_let_in(session, {told.member.id for told in news})
    mails = [_to_participant(cohort, told, titles, on, is_let_in=told.member.id in let_in) for told in others]
    mails += _to_supervisors(session, unconfirmed, on)
    queue_mails(session, mails)


def take_back_old_news(session: Session, news: Sequence[Told]) -> None:
    """Take back the waiting mails about warnings that closed, and of those that eased what says they are more urgent."""
    for change, kinds, of_hours in (
        (Change.CLOSED, OF_WARNINGS, OF_UNCONFIRMED),
        (Change.EASED, (ESCALATED,), (UNCONFIRMED_ESCALATED,)),
    ):
        past = [told for told in news if told.change is change]
        keys = [told.key for told in past if told.warning.code is not WarningCode.UNCONFIRMED]
        people = [told.member.id for told in past if told.warning.code is WarningCode.UNCONFIRMED]
        if keys:
            take_back(session, kinds, OutboxMail.subject_key.in_(keys))
        if people:
            take_back(session, of_hours, OutboxMail.participant_id.in_(people))


def who_is_let_in(session: Session, participant_ids: Iterable[int]) -> set[int]:
    """Which of these participants have an account to read with."""
    ids = set(participant_ids)
    if not ids:
        return set()
    query = select(Grant.participant_id).where(Grant.role == Role.PARTICIPANT, Grant.participant_id.in_(ids))
    return {found for found in session.scalars(query) if found is not None}


def _to_participant(cohort: CohortSummary, told: Told, titles: Titles, on: date, *, is_let_in: bool) -> Mail:
    words = warning_mail_texts.warning_news if is_let_in else warning_mail_texts.warning_news_without_account
    text = words(cohort, told.member, told.warning, told.change, titles)
    return Mail(
        kind=f"warning_{told.change.value}",
        subject_key=told.key,
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
