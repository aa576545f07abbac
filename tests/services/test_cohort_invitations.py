"""Who has access to a cohort, inviting them, and taking access back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import AuditEntry, OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.sign_in import SignInLink, SignInMethod
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services import sessions
from hto_track.services.access_lists import AccessList, Person, Presence, cohort_access, count_not_in
from hto_track.services.accounts import actor_by_email
from hto_track.services.cohort_invitations import (
    Invited,
    add_colleague,
    invite_participants,
    invite_people,
    move_access,
    plan_first_invitations,
    plan_invitations,
    plan_withdrawal,
    uninvited_among,
    withdraw_access,
)
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.sign_in_links import link_owner
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import writing
from tests.cast import COLLEGE, Cast
from tests.conftest import TODAY

NOOR = "noor@example.org"


def access(cast: Cast, actor: Actor | None = None) -> AccessList:
    db.session.rollback()
    return cohort_access(actor or cast.anja, cast.cohort)


def person(cast: Cast, name: str) -> Person:
    """The one on the list whose name begins so, or the address that stands there for it."""
    [found] = [each for each in access(cast).people if each.name.lower().startswith(name.lower())]
    return found


def comes_in(actor_or_address: Actor | str) -> None:
    address = actor_or_address if isinstance(actor_or_address, str) else actor_or_address.email
    with writing() as session:
        user = session.scalars(select(User).where(User.email == address)).one()
        sessions.begin(session, user, SignInMethod.DEMO, "a test")


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "invitation").order_by(OutboxMail.id)))


def give(actor: Actor, role: Role, **scope: Any) -> None:
    """A further role for somebody of the cast."""
    assert actor.user_id is not None
    with writing() as session:
        session.add(Grant(user_id=actor.user_id, role=role, granted_at=clock.now(), **scope))


def set_email(code: str, email: str) -> None:
    with writing() as session:
        session.scalars(select(Participant).where(Participant.code == code)).one().email = email


def test_everyone_of_the_cohort_is_on_the_list_and_nobody_of_another(cast: Cast) -> None:
    found = {(each.name, each.role, each.presence) for each in access(cast).people}
    assert found == {
        ("Anja Bos", Role.PROJECT_LEADER, Presence.IN),  # who looks is in
        ("Bram de Wit", Role.PARTICIPANT, Presence.NOT_INVITED),
        ("Noor Visser", Role.PARTICIPANT, Presence.NOT_INVITED),
        ("chaima@example.org", Role.COLLEGE, Presence.NOT_INVITED),
        ("hanna@example.org", Role.COLLEGE_ADMINISTRATION, Presence.NOT_INVITED),
        ("Dirk Mulder", Role.SUPERVISOR, Presence.NOT_INVITED),
    }


def test_the_list_costs_as_many_queries_for_two_participants_as_for_forty(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    access(cast)
    with count_queries() as few:
        access(cast)
    with writing() as session:
        bram = session.get_one(Participant, cast.participant_id)
        names = [column.name for column in Participant.__table__.columns if column.name not in ("id", "code")]
        columns = {name: getattr(bram, name) for name in names}
        session.add_all(Participant(**columns, code=f"C1-{number}") for number in range(10, 48))
    access(cast)
    with count_queries() as many:
        assert len(access(cast).people) > 40
    assert len(many) == len(few)


def test_somebody_is_not_invited_then_invited_then_in(cast: Cast) -> None:
    assert invite_people(cast.anja, cast.cohort, [person(cast, "Noor").key]) == Invited(first_time=1)
    invited = person(cast, "Noor")
    assert (invited.presence, invited.invited_at is not None) == (Presence.INVITED, True)
    comes_in(NOOR)
    came = person(cast, "Noor")
    assert (came.presence, came.first_signed_in_at is not None) == (Presence.IN, True)


def test_an_invitation_gives_an_account_and_the_role_and_a_mail_that_says_who_invites_for_what(cast: Cast) -> None:
    invite_people(cast.anja, cast.cohort, [person(cast, "Noor").key])
    noor = actor_by_email(NOOR)
    assert noor is not None
    assert [(grant.role, grant.participant_id) for grant in noor.grants] == [
        (Role.PARTICIPANT, person(cast, "Noor").participant_id)
    ]
    [mail] = mails()
    assert (mail.recipient, "Groep C-1" in mail.subject) == (NOOR, True)
    assert "Hoi Noor," in mail.body
    assert "Anja Bos nodigt je uit voor HTO Track, voor Groep C-1." in mail.body
    assert "geen wachtwoord" in mail.body
    assert "/sign-in/" not in mail.body
    assert mail.secrets is not None and "/sign-in/" in mail.secrets["link"]


def test_a_reminder_says_so_and_its_link_replaces_the_one_before(cast: Cast) -> None:
    key = person(cast, "Noor").key
    invite_people(cast.anja, cast.cohort, [key])
    assert invite_people(cast.anja, cast.cohort, [key]) == Invited(again=1)
    first, second = mails()
    assert (first.subject.startswith("Herinnering"), second.subject.startswith("Herinnering")) == (False, True)
    old, new = (mail.secrets["link"].rpartition("/")[2] for mail in (first, second) if mail.secrets)
    assert link_owner(new).email == NOOR
    with pytest.raises(Refused):
        link_owner(old)


def test_the_same_form_sent_twice_mails_once(cast: Cast) -> None:
    keys, form = [person(cast, "Noor").key], SentForm(key="k", content="c")
    assert invite_people(cast.anja, cast.cohort, keys, form) == Invited(first_time=1)
    assert invite_people(cast.anja, cast.cohort, keys, form) == Invited(first_time=1)
    assert len(mails()) == 1
    colleague = SentForm(key="k2", content="c")
    for _ in range(2):
        add_colleague(cast.anja, cast.cohort, "ingrid@example.org", "Ingrid", Role.PROJECT_LEADER, colleague)
    assert len(mails()) == 2


def test_who_has_come_in_is_mailed_no_more(cast: Cast) -> None:
    invite_people(cast.anja, cast.cohort, [person(cast, "Noor").key])
    comes_in(NOOR)
    assert invite_people(cast.anja, cast.cohort, [person(cast, "Noor").key]) == Invited()
    assert len(mails()) == 1


def test_the_plan_shows_each_kind_of_mail_and_changes_nothing(cast: Cast) -> None:
    invite_people(cast.anja, cast.cohort, [person(cast, "Noor").key])
    plan = plan_invitations(cast.anja, cast.cohort, [person(cast, name).key for name in ("Noor", "Bram", "Dirk")])
    assert [(mail.presence, mail.role, mail.people[0].name) for mail in plan.mails] == [
        (Presence.NOT_INVITED, Role.PARTICIPANT, "Bram de Wit"),
        (Presence.INVITED, Role.PARTICIPANT, "Noor Visser"),
        (Presence.NOT_INVITED, Role.SUPERVISOR, "Dirk Mulder"),
    ]
    assert "Hoi Bram," in plan.mails[0].text.body
    assert len(mails()) == 1


def test_with_nobody_named_nobody_is_planned_or_mailed(cast: Cast) -> None:
    for action in (plan_invitations, invite_people):
        with pytest.raises(Refused, match="First tick"):
            action(cast.anja, cast.cohort, [])
    assert mails() == []


def test_the_first_invitations_are_for_everyone_not_invited_who_should_come_in(cast: Cast) -> None:
    """Not for supervisors, who can do without an account, nor for who left."""
    with writing() as session:
        session.scalars(
            select(Participant).where(Participant.code == cast.neighbour)
        ).one().status = EnrolmentStatus.WITHDRAWN
    names = {each.name for each in plan_first_invitations(cast.anja, cast.cohort).people}
    assert names == {"Bram de Wit", "chaima@example.org", "hanna@example.org"}


def test_nobody_of_another_cohort_is_invited_by_a_key_of_theirs(cast: Cast) -> None:
    theirs = next(each.key for each in cohort_access(cast.otto, cast.other_cohort).people if each.name == "Piet Smit")
    for key in (theirs, "participant-999999", "nonsense"):
        for action in (plan_invitations, invite_people):
            with pytest.raises(NotFound):
                action(cast.anja, cast.cohort, [key])
    with pytest.raises(NotFound):
        move_access(cast.anja, cast.cohort, theirs)
    assert mails() == []


@pytest.mark.parametrize("who", ["bram", "chaima", "dirk", "els", "femke", "hanna", "ilse", "karel", "otto"])
def test_only_who_leads_the_cohort_or_administers_sees_and_invites(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    standings = cohort_standings(CONSOLE, cast.cohort, TODAY)
    for action in (
        lambda: cohort_access(actor, cast.cohort),
        lambda: plan_invitations(actor, cast.cohort, []),
        lambda: plan_first_invitations(actor, cast.cohort),
        lambda: invite_people(actor, cast.cohort, []),
        lambda: add_colleague(actor, cast.cohort, "x@example.org", "", Role.PROJECT_LEADER),
        lambda: plan_withdrawal(actor, cast.cohort, 1),
        lambda: withdraw_access(actor, cast.cohort, 1),
        lambda: move_access(actor, cast.cohort, "participant-1"),
    ):
        with pytest.raises((Forbidden, NotFound)):
            action()
    assert count_not_in(actor, standings) == 0
    assert uninvited_among(actor, [cast.participant, cast.neighbour]) == ()


def test_who_leads_one_cohort_does_not_come_to_see_those_of_the_whole_college(cast: Cast) -> None:
    for email in (cast.anja.email, "x@example.org"):
        with pytest.raises(Forbidden):
            add_colleague(cast.anja, cast.cohort, email, "", Role.COLLEGE)
    anja = actor_by_email(cast.anja.email)
    assert anja is not None and anja.grants == cast.anja.grants
    with pytest.raises(NotFound):
        cohort_standings(anja, cast.other_cohort, TODAY)
    assert actor_by_email("x@example.org") is None


def test_a_leader_adds_a_leader_and_who_invites_for_the_college_a_teacher(cast: Cast) -> None:
    both = replace(cast.anja, grants=(*cast.anja.grants, *cast.hanna.grants))
    add_colleague(cast.anja, cast.cohort, " Ingrid@Example.org", "Ingrid Vos", Role.PROJECT_LEADER)
    add_colleague(both, cast.cohort, "joris@example.org", "", Role.COLLEGE)
    ingrid, joris = actor_by_email("ingrid@example.org"), actor_by_email("joris@example.org")
    assert ingrid is not None and joris is not None
    assert (ingrid.name, ingrid.grants[0].cohort_id) == ("Ingrid Vos", cast.cohort_id)
    assert [grant.college for grant in joris.grants] == [COLLEGE]
    for role in set(Role) - {Role.PROJECT_LEADER, Role.COLLEGE}:
        with pytest.raises(Forbidden):
            add_colleague(both, cast.cohort, "x@example.org", "", role)
    assert actor_by_email("x@example.org") is None


@pytest.mark.parametrize("email", ["", "geen adres", "a@example.org\nBcc: b@example.org", f"{'x' * 300}@example.org"])
def test_a_colleague_without_a_sound_address_is_refused(cast: Cast, email: str) -> None:
    with pytest.raises(Refused) as refused:
        add_colleague(cast.anja, cast.cohort, email, "", Role.PROJECT_LEADER)
    assert refused.value.refusals[0].field == "email"
    assert mails() == []


def test_access_withdrawn_is_gone_at_the_next_click_and_set_down(cast: Cast) -> None:
    token = _session_of(cast.bram)
    grant_id = person(cast, "Bram").grant_id
    assert grant_id is not None
    assert plan_withdrawal(cast.anja, cast.cohort, grant_id).person.name == "Bram de Wit"
    withdraw_access(cast.anja, cast.cohort, grant_id)
    db.session.rollback()
    found = sessions.signed_in(token)
    assert found is not None and found.actor.grants == ()
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.actor, last.action, last.subject) == (
        f"user/{cast.anja.user_id}",
        "withdraw_role",
        f"user/{cast.bram.user_id}",
    )


def test_an_invitation_works_no_more_once_the_only_role_is_withdrawn(cast: Cast) -> None:
    invite_people(cast.anja, cast.cohort, [person(cast, "Noor").key])
    [mail] = mails()
    assert mail.secrets is not None
    token = mail.secrets["link"].rpartition("/")[2]
    grant_id = person(cast, "Noor").grant_id
    assert grant_id is not None
    withdraw_access(cast.anja, cast.cohort, grant_id)
    with pytest.raises(Refused):
        link_owner(token)


def test_the_last_leader_stays_unless_an_administrator_takes_them_away(cast: Cast) -> None:
    own = person(cast, "Anja").grant_id
    assert own is not None
    with pytest.raises(Refused):
        withdraw_access(cast.anja, cast.cohort, own)
    add_colleague(cast.anja, cast.cohort, "ingrid@example.org", "Ingrid", Role.PROJECT_LEADER)
    other = person(cast, "Ingrid").grant_id
    assert other is not None
    withdraw_access(cast.anja, cast.cohort, other)
    withdraw_access(cast.gijs, cast.cohort, own)
    assert not access(cast, cast.gijs).leaders


def test_a_leader_takes_back_nobody_of_the_college(cast: Cast) -> None:
    teacher, office, supervisor = (person(cast, name).grant_id for name in ("Chaima", "Hanna", "Dirk"))
    assert teacher is not None and office is not None and supervisor is not None
    for grant_id in (teacher, office, supervisor):
        with pytest.raises(Refused):
            withdraw_access(cast.anja, cast.cohort, grant_id)
    withdraw_access(cast.gijs, cast.cohort, teacher)


def test_no_grant_of_another_cohort_is_withdrawn_here(cast: Cast) -> None:
    elsewhere = db.session.scalars(select(Grant.id).where(Grant.cohort_id == cast.other_cohort_id)).one()
    administrator = db.session.scalars(select(Grant.id).where(Grant.role == Role.ADMINISTRATOR)).one()
    before = db.session.scalar(select(func.count()).select_from(Grant))
    for grant_id in (elsewhere, administrator, 999_999):
        for action in (plan_withdrawal, withdraw_access):
            with pytest.raises(NotFound):
                action(cast.anja, cast.cohort, grant_id)
    assert db.session.scalar(select(func.count()).select_from(Grant)) == before


def test_an_account_at_another_address_is_told_and_moves_to_the_one_the_cohort_has(cast: Cast) -> None:
    set_email(cast.participant, "Bram.Nieuw@example.org")
    bram = person(cast, "Bram")
    assert (bram.has_other_address, bram.can_be_invited, bram.address) == (True, False, "bram.nieuw@example.org")
    form = SentForm(key="k", content="c")
    for _ in range(2):
        assert move_access(cast.anja, cast.cohort, bram.key, form) == "bram.nieuw@example.org"
    old, new = actor_by_email("bram@example.org"), actor_by_email("bram.nieuw@example.org")
    assert old is not None and new is not None
    assert (old.grants, [grant.participant_id for grant in new.grants]) == ((), [cast.participant_id])
    assert [mail.recipient for mail in mails()] == ["bram.nieuw@example.org"]
    with pytest.raises(Refused):
        move_access(cast.anja, cast.cohort, person(cast, "Bram").key)


def test_what_else_the_old_account_may_see_it_still_sees(cast: Cast) -> None:
    give(cast.bram, Role.PROJECT_LEADER, cohort_id=cast.other_cohort_id)
    set_email(cast.participant, "bram.nieuw@example.org")
    move_access(cast.anja, cast.cohort, person(cast, "Bram de Wit").key)
    old = actor_by_email("bram@example.org")
    assert old is not None
    assert [grant.role for grant in old.grants] == [Role.PROJECT_LEADER]


def test_the_board_counts_who_has_not_come_in(cast: Cast) -> None:
    def count(actor: Actor) -> int:
        db.session.rollback()
        return count_not_in(actor, cohort_standings(CONSOLE, cast.cohort, TODAY))

    assert count(cast.anja) == 2
    comes_in(cast.bram)
    assert (count(cast.anja), count(cast.gijs), count(cast.chaima)) == (1, 1, 0)
    with writing() as session:
        noor = session.scalars(select(Participant).where(Participant.code == cast.neighbour)).one()
        noor.status = EnrolmentStatus.WITHDRAWN
    assert count(cast.anja) == 0


def test_participants_are_invited_by_code_in_one_go_once(cast: Cast) -> None:
    codes = [cast.participant, cast.neighbour, cast.other_participant]
    assert [(each.code, each.people) for each in uninvited_among(cast.anja, codes)] == [(cast.cohort, 1)]
    assert invite_participants(CONSOLE, codes) == Invited(first_time=2)
    assert invite_participants(CONSOLE, codes) == Invited()
    assert {mail.recipient for mail in mails()} == {NOOR, "piet@example.org"}
    assert "De beheerder nodigt je uit" in mails()[0].body
    assert uninvited_among(cast.anja, codes) == ()


def test_a_leader_invites_no_participants_of_another_cohort_by_code(cast: Cast) -> None:
    with pytest.raises(NotFound):
        invite_participants(cast.anja, [cast.neighbour, cast.other_participant])
    assert mails() == []


def test_links_that_were_used_keep_when_they_were(cast: Cast) -> None:
    """Ending the invitations of somebody touches only those that still work."""
    key = person(cast, "Noor").key
    invite_people(cast.anja, cast.cohort, [key])
    with writing() as session:
        link = session.scalars(select(SignInLink)).one()
        ends_at, link.used_at = link.ends_at, clock.now()
    invite_people(cast.anja, cast.cohort, [key])
    first = db.session.scalars(select(SignInLink).order_by(SignInLink.id).limit(1)).one()
    assert first.ends_at == ends_at


def _session_of(actor: Actor) -> str:
    with writing() as session:
        return sessions.begin(session, session.get_one(User, actor.user_id), SignInMethod.DEMO, "a test")
