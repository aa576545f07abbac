"""Letting people into a cohort: inviting and reminding them, adding a colleague, taking a role back."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from hto_track.rules.span import ENDED
from hto_track.services import facts, form_answers, invitation_texts
from hto_track.services.access_lists import AccessList, Person, Presence, access_list
from hto_track.services.form_answers import SentForm
from hto_track.services.inviting import (
    account_at,
    can_be_address,
    invite,
    sound_address,
    sound_name,
    take_role,
    welcome_to,
)
from hto_track.services.mail_texts import MailText
from hto_track.services.policy import Action, Actor, may, require, require_anywhere
from hto_track.services.refusals import Forbidden, NotFound, refuse
from hto_track.services.role_scopes import Scope, leads, supervises, takes_part, works_at_college_of
from hto_track.services.sign_in_links import INVITATION_LASTS
from hto_track.services.standings import cohorts_in_reach, subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary

CODES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMail:
    """A mail of one kind, as the first of ``people`` would get it: who has the same role gets the same."""

    presence: Presence
    role: Role
    text: MailText
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPlan:
    """What inviting would do: whom it mails what, for the first time or again."""

    cohort: CohortSummary
    mails: tuple[PlannedMail, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone who would be mailed."""
        return tuple(person for mail in self.mails for person in mail.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """How many were mailed for the first time, and how many again."""

    first_time: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A role of a cohort that is, or is about to be, taken back."""

    cohort: CohortSummary
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninvited:
    """A cohort with so many people who were never invited."""

    code: str
    name: str
    people: int


def plan_invitations(actor: Actor, cohort_code: str, keys: Collection[str]) -> InvitationPlan:
    """Who the people named by ``keys`` are, and what they would be mailed; who has come in meanwhile is left out.

    Refused without keys; NotFound for a key of nobody in this cohort.
    """
    session = reading()
    access = access_list(session, actor, cohort_code)
    return _plan(session, actor, access, _chosen(access, keys))


def plan_first_invitations(actor: Actor, cohort_code: str) -> InvitationPlan:
    """What everyone of a cohort who should come in and was not invited yet would be mailed."""
    session = reading()
    access = access_list(session, actor, cohort_code)
    return _plan(session, actor, access, access.not_invited)


def invite_people(actor: Actor, cohort_code: str, keys: Collection[str], form: SentForm | None = None) -> Invited:
    """Mail a link to the people of a cohort that ``keys`` name, with an account and a role for who had none.

    Who has come in is left alone. Refused without keys; NotFound for a key of nobody in this cohort.
    """
    with writing() as session:
        access = access_list(session, actor, cohort_code)
        people = _chosen(access, keys)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return Invited(**earlier)
        for person in people:
            _let_in(session, actor, access.cohort, person)
        again = sum(person.presence is Presence.INVITED for person in people)
        form_answers.remember(session, actor, form, {"first_time": len(people) - again, "again": again})
        return Invited(first_time=len(people) - again, again=again)


def add_colleague(
    actor: Actor, cohort_code: str, email: str, name: str, role: Role, form: SentForm | None = None
) -> str:
    """Invite somebody by address to lead a cohort too, or as a teacher of the college of its programme: the address.

    A new account is known by ``name``. Forbidden for a role that is not of ``roles_to_give``; Refused for what is no address.
    """
    with writing() as session:
        cohort = facts.cohort_ground(session, cohort_code).cohort
        require(actor, Action.INVITE_TO_COHORT, subject_of(cohort))
        if role not in roles_to_give(actor, cohort):
            raise Forbidden(role)
        address, said = sound_address(email), sound_name(name)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return str(earlier["address"])
        scope = leads(cohort) if role is Role.PROJECT_LEADER else works_at_college_of(cohort, role)
        invite(session, actor, account_at(session, address, said or None), scope)
        form_answers.remember(session, actor, form, {"address": address})
        return address


def roles_to_give(actor: Actor, cohort: CohortSummary) -> tuple[Role, ...]:
    """What ``add_colleague`` gives: that of a teacher, who sees every cohort of the college, by who invites for the college.

    Else who leads one cohort would come to see them all by inviting themself.
    """
    if may(actor, Action.INVITE_COLLEAGUE, subject_of(cohort)):
        return (Role.PROJECT_LEADER, Role.COLLEGE)
    return (Role.PROJECT_LEADER,)


def plan_withdrawal(actor: Actor, cohort_code: str, grant_id: int) -> Withdrawal:
    """Whose role of a cohort ``grant_id`` is; NotFound for none of this cohort, Refused as ``withdraw_access``."""
    access = access_list(reading(), actor, cohort_code)
    return Withdrawal(cohort=access.cohort, person=_may_lose(actor, access, grant_id))


def withdraw_access(actor: Actor, cohort_code: str, grant_id: int) -> Withdrawal:
    """Take back a role of a cohort: it is gone at the person's next click.

    Refused for the last leader, for a college's people (the college decides about its own), and for a supervisor (a placement
    makes one): there an administrator goes further. NotFound for a grant of no one in this cohort.
    """
    with writing() as session:
        access = access_list(session, actor, cohort_code)
        person = _may_lose(actor, access, grant_id)
        take_role(session, actor, session.get_one(Grant, grant_id))
        return Withdrawal(cohort=access.cohort, person=person)


def may_withdraw(actor: Actor, access: AccessList, person: Person) -> bool:
    """Whether ``withdraw_access`` would do it."""
    if person.grant_id is None or person.role is Role.SUPERVISOR:
        return False
    if may(actor, Action.MANAGE_ACCOUNTS, subject_of(access.cohort)):
        return True
    match person.role:
        case Role.PARTICIPANT:
            return True
        case Role.PROJECT_LEADER:
            return len(access.leaders) > 1
        case Role.COLLEGE:
            return may(actor, Action.INVITE_COLLEAGUE, subject_of(access.cohort))
        case _:
            return False


def move_access(actor: Actor, cohort_code: str, key: str, form: SentForm | None = None) -> str:
    """Let a participant in at the address that the cohort has for them, and no longer at the one they had: the address.

    The account at the old address keeps what else it may see. Refused when the addresses do not differ, or the new one is none.
    """
    with writing() as session:
        access = access_list(session, actor, cohort_code)
        others = [person for person in access.people if person.key == key and person.role is Role.PARTICIPANT]
        if not others:
            raise NotFound
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return str(earlier["address"])
        away = [person for person in others if person.has_other_address]
        if not away:
            raise refuse(_l("%(name)s signs in with this address already.", name=others[0].name))
        address = sound_address(away[0].address)
        for person in away:
            take_role(session, actor, session.get_one(Grant, person.grant_id))
        _let_in(session, actor, access.cohort, replace(away[0], user_id=None))
        form_answers.remember(session, actor, form, {"address": address})
        return address


def invite_participants(actor: Actor, codes: Iterable[str]) -> Invited:
    """Invite participants by code, of any cohorts, who have no account yet; NotFound, Forbidden.

    Who has one, or no address that mail could go to, is left alone.
    """
    require_anywhere(actor, Action.INVITE_TO_COHORT)
    with writing() as session:
        rows = _without_access(session, codes)
        grounds = facts.cohort_grounds(session, {row.cohort_id for row in rows})
        for row in rows:
            cohort = grounds[row.cohort_id].cohort
            require(actor, Action.INVITE_TO_COHORT, subject_of(cohort))
            scope = takes_part(row, cohort)
            invite(session, actor, account_at(session, row.email.strip().lower(), row.name), scope)
        return Invited(first_time=len(rows))


def uninvited_among(actor: Actor, codes: Iterable[str]) -> tuple[Uninvited, ...]:
    """How many of these participants have no account yet, by cohort, where the actor may invite; nowhere for who may not."""
    session = reading()
    reach = cohorts_in_reach(session, actor, Action.INVITE_TO_COHORT)
    counted: defaultdict[int, int] = defaultdict(int)
    for row in _without_access(session, codes):
        counted[row.cohort_id] += 1
    names = {row.id: row.name for row in session.execute(select(Cohort.id, Cohort.name).where(Cohort.id.in_(counted)))}
    return tuple(
        Uninvited(code=code, name=names[cohort_id] or code, people=counted[cohort_id])
        for cohort_id, code in reach.items()
        if cohort_id in counted
    )


def _chosen(access: AccessList, keys: Collection[str]) -> tuple[Person, ...]:
    if not keys:
        raise refuse(_l("First tick whom you want to invite."))
    known = {person.key for person in access.people}
    if not set(keys) <= known:
        raise NotFound
    return tuple(person for person in access.people if person.key in keys and person.can_be_invited)


def _let_in(session: Session, actor: Actor, cohort: CohortSummary, person: Person) -> None:
    user = session.get(User, person.user_id) if person.user_id is not None else None
    invite(session, actor, user or account_at(session, person.address, person.name), _scope(session, cohort, person))


def _scope(session: Session, cohort: CohortSummary, person: Person) -> Scope:
    match person.role:
        case Role.PARTICIPANT:
            return takes_part(session.get_one(Participant, person.participant_id), cohort)
        case Role.PROJECT_LEADER:
            return leads(cohort)
        case Role.SUPERVISOR:
            return supervises(person.name, cohort)
        case _:
            return works_at_college_of(cohort, person.role)


def _plan(session: Session, actor: Actor, access: AccessList, people: Iterable[Person]) -> InvitationPlan:
    kinds: defaultdict[tuple[Presence, Role], list[Person]] = defaultdict(list)
    for person in people:
        kinds[person.presence, person.role].append(person)
    return InvitationPlan(
        cohort=access.cohort,
        mails=tuple(
            PlannedMail(
                presence=presence, role=role, text=_preview(session, actor, access.cohort, same[0]), people=tuple(same)
            )
            for (presence, role), same in kinds.items()
        ),
    )


def _preview(session: Session, actor: Actor, cohort: CohortSummary, person: Person) -> MailText:
    text = invitation_texts.reminder if person.presence is Presence.INVITED else invitation_texts.invitation
    scope = _scope(session, cohort, person)
    return text(welcome_to(actor, scope, person.name), INVITATION_LASTS)


def _may_lose(actor: Actor, access: AccessList, grant_id: int) -> Person:
    person = next((person for person in access.people if person.grant_id == grant_id), None)
    if person is None:
        raise NotFound
    if not may_withdraw(actor, access, person):
        raise refuse(_REASONS.get(person.role, _OF_COLLEGE))
    return person


_OF_COLLEGE = _l("The college decides about its own people: ask its administration.")
_REASONS = {
    Role.PROJECT_LEADER: _l("A cohort keeps at least one project leader. Add another one first."),
    Role.SUPERVISOR: _l("A placement makes somebody a supervisor: change the placement."),
}


def _without_access(session: Session, codes: Iterable[str]) -> list[Participant]:
    """Those of ``codes`` whom nobody has a role for and mail can go to, in order of code."""
    ordered = sorted(set(codes))
    rows: list[Participant] = []
    for start in range(0, len(ordered), CODES_AT_ONCE):
        rows += session.scalars(
            select(Participant)
            .where(
                Participant.code.in_(ordered[start : start + CODES_AT_ONCE]),
                Participant.erased_on.is_(None),
                Participant.status.not_in(ENDED),
                ~exists().where(Grant.participant_id == Participant.id, Grant.role == Role.PARTICIPANT),
            )
            .order_by(Participant.code)
        )
    return [row for row in rows if can_be_address(row.email.strip().lower())]
