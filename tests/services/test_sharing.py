"""Sharing one's load with an employer: off by default, on and off at once, one's own alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.ledger import AuditEntry, OutboxMail
from hto_track.models.privacy import EmployerShare, Reading, Seen
from hto_track.services.accounts import actor_by_email
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused, TooOften
from hto_track.services.shared_load import SharedPerson, SharedWeek, shared_load
from hto_track.services.sharing import MOST_EMPLOYERS, PER_PARTICIPANT, share_again, share_with_employer, stop_sharing
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY

ELS = "els@example.org"


def shares() -> list[EmployerShare]:
    """Every share that is stored."""
    db.session.rollback()
    return list(db.session.scalars(select(EmployerShare).order_by(EmployerShare.id)))


def mails() -> list[OutboxMail]:
    """Every mail, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def noor(cast: Cast) -> Actor:
    """Noor, who takes part beside Bram, with an account of her own."""
    with writing() as session:
        user = User(email="noor@example.org", name="Noor Visser")
        session.add(user)
        session.flush()
        session.add(
            Grant(
                user_id=user.id,
                role=Role.PARTICIPANT,
                participant_id=cast.participant_id + 1,
                granted_at=session.scalars(select(Grant.granted_at)).first(),
            )
        )
    found = actor_by_email("noor@example.org")
    assert found is not None
    return found


class TestTurningOn:
    """What the participant does."""

    def test_nothing_is_shared_until_somebody_turns_it_on(self, cast: Cast) -> None:
        assert shared_load(cast.els, TODAY) == ()

    def test_the_employer_sees_it_at_once_and_gets_a_link(self, cast: Cast) -> None:
        share_with_employer(cast.bram, "  ELS@example.org ")
        assert [person.name for person in shared_load(cast.els, TODAY)] == ["Bram de Wit"]
        (mail,) = mails()
        assert (mail.recipient, mail.kind, mail.participant_id) == (ELS, "shared_load", cast.participant_id)
        assert mail.subject == "Bram de Wit deelt de belasting van de opleiding met je"
        assert "[[link]]" in mail.body and mail.secrets is not None
        assert mail.secrets["link"].startswith("http://hto.test/sign-in/")

    def test_an_address_without_an_account_gets_one_with_no_other_role(self, cast: Cast) -> None:
        share_with_employer(cast.bram, "nieuw@bedrijf.example.org")
        found = actor_by_email("nieuw@bedrijf.example.org")
        assert found is not None
        assert [grant.role for grant in found.grants] == [Role.EMPLOYER]
        assert len(shared_load(found, TODAY)) == 1

    def test_a_supervisor_may_be_an_employer_too(self, cast: Cast) -> None:
        share_with_employer(cast.bram, cast.dirk.email)
        found = actor_by_email(cast.dirk.email)
        assert found is not None
        assert [grant.role for grant in found.grants] == [Role.SUPERVISOR, Role.EMPLOYER]

    def test_the_trail_says_what_was_done_by_code(self, cast: Cast) -> None:
        made = share_with_employer(cast.bram, ELS)
        stop_sharing(cast.bram, made.id)
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.action for entry in entries] == ["share_with_employer", "stop_sharing"]
        assert all(cast.participant in entry.subject and "els" not in entry.subject for entry in entries)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "els",
            "els@",
            "bram@example.org",
            "BRAM@example.org",
            "els@example.org\nBcc: all@example.org",
            "a@b@c",
            "erased-user-7@erased.invalid",
        ],
    )
    def test_what_is_no_address_or_ones_own_is_refused_at_its_field(self, cast: Cast, address: str) -> None:
        with pytest.raises(Refused) as refused:
            share_with_employer(cast.bram, address)
        assert [refusal.field for refusal in refused.value.refusals] == ["email"]
        assert shares() == [] and mails() == []

    def test_an_address_of_two_hundred_characters_is_kept_and_a_longer_one_refused(self, cast: Cast) -> None:
        share_with_employer(cast.bram, f"{'e' * 188}@example.org")
        with pytest.raises(Refused):
            share_with_employer(cast.bram, f"{'e' * 189}@example.org")

    def test_the_same_address_again_changes_nothing_and_mails_nobody(self, cast: Cast) -> None:
        first, second = share_with_employer(cast.bram, ELS), share_with_employer(cast.bram, ELS)
        assert first == second
        assert (len(shares()), len(mails())) == (1, 1)

    def test_a_form_sent_twice_is_carried_out_once_even_after_it_was_turned_off(self, cast: Cast) -> None:
        form = SentForm(key="k1", content="c1")
        made = share_with_employer(cast.bram, ELS, form)
        stop_sharing(cast.bram, made.id)
        assert share_with_employer(cast.bram, ELS, form).ended_at is not None
        assert shared_load(cast.els, TODAY) == ()

    def test_so_many_employers_and_one_more_is_refused(self, cast: Cast) -> None:
        made = [share_with_employer(cast.bram, f"e{number}@example.org") for number in range(MOST_EMPLOYERS)]
        with pytest.raises(Refused):
            share_with_employer(cast.bram, ELS)
        stop_sharing(cast.bram, made[0].id)
        share_with_employer(cast.bram, ELS)
        with pytest.raises(Refused):
            share_again(cast.bram, made[0].id)

    def test_strangers_are_mailed_so_often_a_day_and_no_more(self, cast: Cast) -> None:
        for _time in range(PER_PARTICIPANT.most):
            share_with_employer(cast.bram, ELS)
        with pytest.raises(TooOften):
            share_with_employer(cast.bram, "ander@example.org")
        assert len(mails()) == 1


class TestTurningOff:
    """Effect at once."""

    def test_the_employer_sees_nothing_from_that_moment(self, cast: Cast) -> None:
        made = share_with_employer(cast.bram, ELS)
        stop_sharing(cast.bram, made.id)
        assert shared_load(cast.els, TODAY) == ()

    def test_stopping_twice_keeps_the_first_moment(self, cast: Cast) -> None:
        made = share_with_employer(cast.bram, ELS)
        assert stop_sharing(cast.bram, made.id) == stop_sharing(cast.bram, made.id)
        assert len(db.session.scalars(select(AuditEntry)).all()) == 2

    def test_sharing_again_mails_nobody_and_keeps_what_was(self, cast: Cast) -> None:
        made = share_with_employer(cast.bram, ELS)
        stop_sharing(cast.bram, made.id)
        again = share_again(cast.bram, made.id)
        assert share_again(cast.bram, made.id) == again
        assert [row.ended_at is None for row in shares()] == [False, True]
        assert len(mails()) == 1
        assert len(shared_load(cast.els, TODAY)) == 1

    def test_of_two_employers_one_is_turned_off(self, cast: Cast) -> None:
        made = share_with_employer(cast.bram, "ander@example.org")
        share_with_employer(cast.bram, ELS)
        stop_sharing(cast.bram, made.id)
        other = actor_by_email("ander@example.org")
        assert other is not None
        assert (len(shared_load(cast.els, TODAY)), len(shared_load(other, TODAY))) == (1, 0)


class TestOfAnother:
    """Nobody turns on or off what is not theirs."""

    def test_what_another_shares_is_not_there(self, cast: Cast) -> None:
        made, other = share_with_employer(cast.bram, ELS), noor(cast)
        for change in (stop_sharing, share_again):
            with pytest.raises(NotFound):
                change(other, made.id)
            with pytest.raises(NotFound):
                change(cast.bram, made.id + 999)
        assert [row.ended_at for row in shares()] == [None]

    def test_who_takes_no_part_shares_nothing(self, cast: Cast) -> None:
        for actor in (cast.anja, cast.chaima, cast.els, cast.gijs, cast.karel):
            with pytest.raises(Forbidden):
                share_with_employer(actor, ELS)
        for actor in (cast.anja, cast.bram, cast.dirk, cast.gijs, cast.ilse, cast.karel):
            with pytest.raises(Forbidden):
                shared_load(actor, TODAY)


class TestWhatAnEmployerSees:
    """The load of the weeks to come, and no field more."""

    def test_there_is_no_other_field(self) -> None:
        assert [field.name for field in fields(SharedPerson)] == ["name", "room", "weeks"]
        assert [field.name for field in fields(SharedWeek)] == ["monday", "study"]

    def test_the_eight_full_weeks_after_this_one(self, cast: Cast) -> None:
        share_with_employer(cast.bram, ELS)
        (person,) = shared_load(cast.els, TODAY)
        assert person.room == 12 * 60
        assert [str(week.monday) for week in person.weeks[:2]] == ["2026-06-15", "2026-06-22"]
        assert len(person.weeks) == 8
        assert person.weeks[0].study > 0

    def test_the_participant_sees_that_it_was_looked_at(self, cast: Cast) -> None:
        share_with_employer(cast.bram, ELS)
        shared_load(cast.els, TODAY)
        looks = db.session.execute(select(Reading.reader, Reading.seen, Reading.participant_id)).all()
        assert looks == [(cast.els.ref, Seen.SHARED_LOAD, cast.participant_id)]

    def test_one_more_who_shares_costs_no_query_more(
        self, cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
    ) -> None:
        share_with_employer(cast.bram, ELS)
        with count_queries() as of_one:
            shared_load(cast.els, TODAY)
        share_with_employer(noor(cast), ELS)
        with count_queries() as of_two:
            assert [person.name for person in shared_load(cast.els, TODAY)] == ["Bram de Wit", "Noor Visser"]
        assert len(of_two) <= len(of_one) <= 18
