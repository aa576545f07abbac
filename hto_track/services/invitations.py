"""Inviting someone: an account, a role in a scope, and a link to sign in with."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.participants import Participant
from hto_track.services import audit, facts, mail_texts
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.refusals import refuse
from hto_track.services.sign_in_links import INVITATION_LASTS, invitation_link
from hto_track.services.transaction import writing
from hto_track.services.views import CohortSummary

COHORT_ROLES = frozenset({Role.PROJECT_LEADER, Role.COLLEGE, Role.PARTICIPANT})
"""The roles whose scope is found through a cohort."""
LONGEST_ADDRESS = 200
"""An account that nobody knows by name goes by its address, and names are no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What was sent, and to whom."""

    email: str
    link: str


def invite_user(actor: Actor, email: str, role: Role, cohort_code: str | None) -> Invitation:
    """Give ``email`` an account with ``role`` in its scope, and mail the link; inviting twice only renews the link.

    A leader gets the cohort, a college the college of the cohort's programme, a participant their own enrolment in it; the
    other roles have no cohort. Refused for an address that is none, a missing cohort, or a scope that is not there.
    """
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    address = email.strip().lower()
    is_one = address.count("@") == 1 and all(address.split("@")) and address.isprintable() and " " not in address
    if not is_one or len(address) > LONGEST_ADDRESS:
        raise refuse(_l("%(email)s is not an e-mail address.", email=email), field="email")
    with writing() as session:
        cohort = facts.cohort_ground(session, cohort_code).cohort if cohort_code else None
        name, wanted = _scope(session, address, role, cohort)
        user = session.scalars(select(User).where(User.email == address)).one_or_none()
        if user is None:
            user = User(email=address, name=name)
            session.add(user)
            session.flush()
        if not _has(session, user.id, wanted):
            wanted.user_id = user.id
            session.add(wanted)
        user.invited_at = clock.now()
        link = invitation_link(session, user)
        text = mail_texts.invitation(user.name, INVITATION_LASTS)
        queue_mails(
            session,
            [
                Mail(
                    kind="invitation",
                    subject_key=f"user/{user.id}",
                    period=user.invited_at.isoformat(),
                    recipient=address,
                    subject=text.subject,
                    body=text.body,
                    secrets={"link": link},
                )
            ],
        )
        audit.record(
            session, actor, "invite_user", f"user/{user.id}", after={"role": role.value, "cohort": cohort_code}
        )
        return Invitation(email=address, link=link)


def _scope(session: Session, address: str, role: Role, cohort: CohortSummary | None) -> tuple[str, Grant]:
    """The name that the scope knows the person by (else their address), and the grant."""
    if role not in COHORT_ROLES:
        return address, Grant(granted_at=clock.now(), role=role)
    if cohort is None:
        raise refuse(_l("This role needs a cohort: say which one."), field="cohort")
    if role is Role.PROJECT_LEADER:
        return address, Grant(granted_at=clock.now(), role=role, cohort_id=cohort.id)
    if role is Role.COLLEGE:
        if cohort.college is None:
            raise refuse(_l("The programme of %(code)s has no college.", code=cohort.code), field="cohort")
        return address, Grant(granted_at=clock.now(), role=role, college=cohort.college)
    participant = session.scalars(
        select(Participant)
        .where(Participant.cohort_id == cohort.id, func.lower(Participant.email) == address)
        .order_by(Participant.code)
        .limit(1)
    ).one_or_none()
    if participant is None:
        raise refuse(
            _l("Nobody in %(code)s has the address %(email)s.", code=cohort.code, email=address), field="email"
        )
    return participant.name, Grant(granted_at=clock.now(), role=role, participant_id=participant.id)


def _has(session: Session, user_id: int, wanted: Grant) -> bool:
    held = session.scalars(select(Grant).where(Grant.user_id == user_id, Grant.role == wanted.role))
    return any(
        (grant.cohort_id, grant.participant_id, grant.college)
        == (wanted.cohort_id, wanted.participant_id, wanted.college)
        for grant in held
    )
