"""The link with which a supervising teacher confirms the hours of one placement without an account.

It is signed and stored nowhere: it works as often as it is needed, for 60 days, as long as the placement names the same
e-mail address. The policy decides what its holder may do, as it does for a supervisor with an account.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.config import Settings
from hto_track.models.accounts import Role
from hto_track.models.cohorts import Cohort
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules.facts import EntryState
from hto_track.services import mail_texts, values
from hto_track.services.attempts import PER_ACCOUNT, PER_NETWORK, count, require_room
from hto_track.services.mail_texts import WaitingHours
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import Action, Actor, ActorGrant, Subject, require
from hto_track.services.references import address_digest
from hto_track.services.refusals import Refusal, Refused, refuse
from hto_track.services.transaction import noting, reading
from hto_track.services.views import Member

LINK_PATH = "/bevestigen/"
LASTS = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorVisit:
    """Who came by a link, to decide on whose hours, and until when (a date) the link works."""

    actor: Actor
    member: Member
    programme: str
    school: str
    leader_email: str | None
    until: date


class LinkTooOld(Refused):
    """A link of ours that is older than links may be; a new one can be mailed to the same address."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a genuine link says: of which placement it is, when it was made, and for whom."""

    placement_id: int
    made_on: date
    address_digest: str

    @property
    def until(self) -> date:
        return self.made_on + LASTS


def mail_to_supervisor(kind: str, placement: Placement, member: Member, hours: WaitingHours, period: str) -> Mail:
    """The mail that asks a placement's supervisor to confirm ``hours``, with a link of its own; the placement names one."""
    assert placement.supervisor_email
    made_on = clock.today()
    text = mail_texts.hours_to_confirm(member, hours, made_on + LASTS)
    return Mail(
        kind=kind,
        subject_key=f"placement/{placement.id}",
        period=period,
        recipient=placement.supervisor_email,
        subject=text.subject,
        body=text.body,
        secrets={"link": supervisor_link(placement.id, placement.supervisor_email, made_on)},
        participant_id=member.id,
    )


def supervisor_link(placement_id: int, email: str, made_on: date) -> str:
    """The address of a link for the supervisor with ``email``. The address itself does not say who that is."""
    token = _serializer().dumps([placement_id, made_on.isoformat(), _digest(email)])
    return f"{_settings().base_url}{LINK_PATH}{token}"


def visit_by_link(token: str, on: date) -> SupervisorVisit:
    """Who comes with this link on ``on``. It changes nothing.

    Refused for one that was changed or that is of a supervisor the placement no longer names; LinkTooOld.
    """
    claim, found = _genuine(reading(), token)
    if on > claim.until:
        raise LinkTooOld(
            [
                Refusal(
                    message=_l(
                        "This link no longer works since %(date)s.",
                        date=formats.day_year(claim.until + timedelta(days=1)),
                    )
                )
            ]
        )
    placement, participant, cohort, programme = found
    email = placement.supervisor_email.lower()
    grant = ActorGrant(role=Role.SUPERVISOR, placement_id=placement.id)
    digest = address_digest(placement.id, email)
    actor = Actor(email=email, name=placement.supervisor_name or email, grants=(grant,), link_digest=digest)
    subject = Subject(
        cohort_id=cohort.id,
        participant_id=participant.id,
        college=programme.college,
        programme_id=programme.id,
        placement_id=placement.id,
        supervisors=frozenset({email}),
    )
    require(actor, Action.DECIDE_HOURS, subject)
    return SupervisorVisit(
        actor=actor,
        member=values.member(participant),
        programme=programme.title,
        school=placement.school,
        leader_email=cohort.leader_email,
        until=claim.until,
    )


def renew_link(token: str, network: str) -> None:
    """Mail a new link to the address that this one was for, with the hours that wait there.

    Refused as ``visit_by_link``, but for its age; and when no hours wait. TooOften.
    """
    _claim, (placement, participant, *_rest) = _genuine(reading(), token)
    entries = reading().execute(
        select(InternshipEntry.worked_on, InternshipEntry.minutes)
        .where(
            InternshipEntry.placement_id == placement.id,
            InternshipEntry.state == EntryState.SUBMITTED,
            InternshipEntry.worked_on <= clock.today(),
        )
        .order_by(InternshipEntry.worked_on, InternshipEntry.id)
    )
    hours = WaitingHours(placement.supervisor_name, tuple((on, minutes) for on, minutes in entries))
    if not hours.entries:
        raise refuse(_l("No hours wait for you now. When hours are logged, you get a mail with a new link."))
    tries = ((PER_ACCOUNT, placement.supervisor_email.lower()), (PER_NETWORK, network))
    require_room(tries)
    mail = mail_to_supervisor("supervisor_link", placement, values.member(participant), hours, clock.now().isoformat())
    with noting() as session:
        count(session, tries)
        queue_mails(session, [mail])


def _genuine(session: Session, token: str) -> tuple[_Claim, Row[tuple[Placement, Participant, Cohort, Programme]]]:
    """What a link says, and the placement that still names the supervisor it was made for."""
    try:
        placement_id, made_on, address_digest = _serializer().loads(token)
        claim = _Claim(int(placement_id), date.fromisoformat(made_on), str(address_digest))
    except (BadSignature, ValueError, TypeError):
        message = _l("This link does not work. Copy it whole from the mail, or look for a later mail.")
        raise refuse(message) from None
    found = session.execute(
        select(Placement, Participant, Cohort, Programme)
        .join(Participant, Participant.id == Placement.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Placement.id == claim.placement_id, Placement.supervisor_email.is_not(None))
    ).one_or_none()
    if found is None or not hmac.compare_digest(_digest(found.Placement.supervisor_email), claim.address_digest):
        raise refuse(
            _l("This link does not work any more: the hours of this internship are no longer yours to confirm.")
        )
    return claim, found


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(_settings().secret_key, salt="confirm hours")


def _digest(email: str) -> str:
    """Of an address, keyed: who reads the link cannot try which address it is for."""
    return hmac.new(_settings().secret_key.encode(), email.strip().lower().encode(), hashlib.sha256).hexdigest()[:16]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings
