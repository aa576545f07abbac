"""The link of a supervising teacher without an account: whose hours it opens, until when, and what is done by it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import FormAnswer, Role
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import AuditEntry, OutboxMail
from hto_track.models.participants import Participant
from hto_track.rules.facts import Activity, EntryState
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services.attempts import PER_ACCOUNT
from hto_track.services.confirmations import (
    HoursDecided,
    HoursDecision,
    decide_hours,
    hours_to_decide,
    take_back_decisions,
    undo_decisions,
)
from hto_track.services.entry_views import EntryView
from hto_track.services.form_answers import SentForm
from hto_track.services.internship import Visit, log_hours, withdraw_hours
from hto_track.services.policy import Action, Actor, may_anywhere
from hto_track.services.references import ref_by_link
from hto_track.services.refusals import Forbidden, NotFound, Refused, TooOften
from hto_track.services.standings import cohort_standings, participant_standing
from hto_track.services.supervisor_links import LASTS, LinkTooOld, renew_link, supervisor_link, visit_by_link
from hto_track.services.transaction import writing
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY

Counting = Callable[[], AbstractContextManager[list[str]]]
HOME = "192.0.2.0/24"
DIRK = "dirk@example.org"


def log(cast: Cast, on: date = TODAY, minutes: int = 150) -> EntryView:
    """Bram logs a visit."""
    visit = Visit(placement_id=cast.placement_id, work=WorkedTime(on=on, minutes_given=minutes))
    return log_hours(cast.bram, cast.participant, visit, TODAY)


def link(cast: Cast, email: str = DIRK, made_on: date = TODAY) -> str:
    """The token of Bram's placement."""
    return supervisor_link(cast.placement_id, email, made_on).removeprefix("http://hto.test/bevestigen/")


def dirk(cast: Cast) -> Actor:
    """Dirk as he comes by the link."""
    return visit_by_link(link(cast), TODAY).actor


def right(*entries: EntryView) -> list[HoursDecision]:
    return [HoursDecision(entry_id=entry.id, version=entry.version) for entry in entries]


def wrong(entry: EntryView, reason: str = "Niet geweest") -> list[HoursDecision]:
    return [HoursDecision(entry_id=entry.id, version=entry.version, reject_reason=reason)]


def states() -> list[EntryState]:
    db.session.rollback()
    return list(db.session.scalars(select(InternshipEntry.state).order_by(InternshipEntry.id)))


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def add_placement(cast: Cast, participant_id: int, email: str = DIRK) -> int:
    """A second placement under this supervisor, with an hour that waits."""
    with writing() as session:
        first = session.get_one(Placement, cast.placement_id)
        second = Placement(
            participant_id=participant_id,
            school="Mbo Noord",
            school_type=first.school_type,
            supervisor_name="Dirk Mulder",
            supervisor_email=email,
            start_on=first.start_on,
            end_on=first.end_on,
        )
        session.add(second)
        session.flush()
        session.add(
            InternshipEntry(
                participant_id=participant_id,
                placement_id=second.id,
                worked_on=TODAY,
                break_minutes=0,
                minutes=60,
                activity=Activity.OBSERVE,
                state=EntryState.SUBMITTED,
                submitted_on=TODAY,
            )
        )
        return second.id


class TestTheLink:
    """Who comes with it."""

    def test_it_is_the_supervisor_of_that_placement_and_no_account(self, cast: Cast) -> None:
        visit = visit_by_link(link(cast), TODAY)
        assert (visit.actor.email, visit.actor.name, visit.actor.user_id) == (DIRK, "Dirk Mulder", None)
        assert [(grant.role, grant.placement_id) for grant in visit.actor.grants] == [
            (Role.SUPERVISOR, cast.placement_id)
        ]
        assert visit.actor.ref == ref_by_link(cast.placement_id, DIRK)
        assert (visit.member.name, visit.school, visit.leader_email) == (
            "Bram de Wit",
            "Vakcollege Zuid",
            "anja@example.org",
        )

    def test_it_works_as_often_as_needed_and_changes_nothing(self, cast: Cast, count_queries: Counting) -> None:
        token = link(cast)
        for _ in range(3):
            with count_queries() as queries:
                visit_by_link(token, TODAY)
            assert [query.split()[0] for query in queries] == ["SELECT"]

    def test_it_works_for_sixty_days_and_then_says_since_when_not(self, app: Flask, cast: Cast) -> None:
        token = link(cast, made_on=TODAY - LASTS)
        assert visit_by_link(token, TODAY).until == TODAY
        with app.test_request_context(), pytest.raises(LinkTooOld, match="sinds 15 jun 2026"):
            visit_by_link(token, TODAY + timedelta(days=1))

    def test_it_names_nobody_and_holds_no_address(self, cast: Cast) -> None:
        token = link(cast)
        said = URLSafeSerializer("a key of the tests alone", salt="confirm hours").loads(token)
        assert "dirk" not in str(said).lower() and "@" not in str(said)

    @pytest.mark.parametrize(
        "change", [lambda t: t[:-1], lambda t: t + "A", lambda t: "x", lambda t: "", lambda t: "é."]
    )
    def test_one_that_was_changed_is_refused(self, cast: Cast, change: Callable[[str], str]) -> None:
        for use in (lambda token: visit_by_link(token, TODAY), lambda token: renew_link(token, HOME)):
            with pytest.raises(Refused) as refused:
                use(change(link(cast)))
            assert not isinstance(refused.value, LinkTooOld)

    @pytest.mark.parametrize("salt", ["session", "sign in", "cookie-session"])
    def test_one_signed_for_something_else_is_refused(self, cast: Cast, salt: str) -> None:
        content = URLSafeSerializer("a key of the tests alone", salt="confirm hours").loads(link(cast))
        with pytest.raises(Refused):
            visit_by_link(str(URLSafeSerializer("a key of the tests alone", salt=salt).dumps(content)), TODAY)

    @pytest.mark.parametrize("content", [[], [1], "x", {}, [1, "x", "y"], ["a", "2026-06-14", 5], None])
    def test_one_of_ours_that_says_something_else_is_refused(self, cast: Cast, content: object) -> None:
        with pytest.raises(Refused):
            visit_by_link(
                str(URLSafeSerializer("a key of the tests alone", salt="confirm hours").dumps(content)), TODAY
            )

    @pytest.mark.parametrize("email", ["ria@example.org", None])
    def test_it_is_dead_when_the_placement_names_another_address(self, cast: Cast, email: str | None) -> None:
        token = link(cast)
        with writing() as session:
            session.get_one(Placement, cast.placement_id).supervisor_email = email
        for use in (lambda: visit_by_link(token, TODAY), lambda: renew_link(token, HOME)):
            with pytest.raises(Refused):
                use()

    def test_it_lives_when_the_address_is_only_written_otherwise(self, cast: Cast) -> None:
        token = link(cast)
        with writing() as session:
            session.get_one(Placement, cast.placement_id).supervisor_email = "Dirk@Example.org"
        entry = log(cast)
        decide_hours(visit_by_link(token, TODAY).actor, right(entry), TODAY)
        assert states() == [EntryState.CONFIRMED]


class TestDeciding:
    """By the same services and the same policy."""

    def test_only_what_waits_at_that_placement_is_shown(self, cast: Cast) -> None:
        entry = log(cast)
        add_placement(cast, cast.participant_id)
        add_placement(cast, cast.participant_id + 1)
        (waiting,) = hours_to_decide(dirk(cast), TODAY)
        assert [line.id for line in waiting.entries] == [entry.id]
        assert len(hours_to_decide(cast.dirk, TODAY)) == 2, "with his account he sees them all"

    def test_it_is_confirmed_and_written_down_as_the_supervisor_of_that_placement(self, cast: Cast) -> None:
        entry = log(cast)
        decided = decide_hours(dirk(cast), right(entry), TODAY)
        assert [view.state for view in decided.decided] == [EntryState.CONFIRMED]
        assert decided.decided[0].decided_by == DIRK
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.actor, last.action) == (ref_by_link(cast.placement_id, DIRK), "decide_hours")

    def test_hours_of_another_placement_are_not_there_even_under_the_same_supervisor(self, cast: Cast) -> None:
        log(cast)
        second = add_placement(cast, cast.participant_id)
        other = db.session.scalars(select(InternshipEntry).where(InternshipEntry.placement_id == second)).one()
        for decisions in ([HoursDecision(entry_id=other.id, version="x")], [HoursDecision(entry_id=4711, version="x")]):
            with pytest.raises(NotFound):
                decide_hours(dirk(cast), decisions, TODAY)
        assert states() == [EntryState.SUBMITTED] * 2

    def test_nothing_else_opens(self, cast: Cast) -> None:
        actor = dirk(cast)
        assert [action for action in Action if may_anywhere(actor, action)] == [Action.DECIDE_HOURS]
        with pytest.raises((NotFound, Forbidden)):
            participant_standing(actor, cast.participant, TODAY)
        with pytest.raises((NotFound, Forbidden)):
            cohort_standings(actor, cast.cohort, TODAY)

    def test_sent_twice_it_decides_once_and_answers_the_same(self, cast: Cast) -> None:
        entries = log(cast), log(cast, TODAY - timedelta(days=1))
        decisions = [*right(entries[0]), *wrong(entries[1])]
        first = decide_hours(dirk(cast), decisions, TODAY)
        written = db.session.scalars(select(AuditEntry.id)).all()
        assert decide_hours(dirk(cast), decisions, TODAY) == first
        assert db.session.scalars(select(AuditEntry.id)).all() == written
        assert db.session.scalars(select(FormAnswer).where(FormAnswer.user_id.is_(None))).all() == []

    def test_sent_four_times_at_once_it_decides_once(self, app: Flask, cast: Cast) -> None:
        entry, actor = log(cast), dirk(cast)
        results = at_once(app, *[lambda: decide_hours(actor, right(entry), TODAY)] * 4)
        assert all(isinstance(result, HoursDecided) and result == results[0] for result in results)
        decided = select(AuditEntry.id).where(AuditEntry.action == "decide_hours")
        assert len(db.session.scalars(decided).all()) == 1

    def test_another_decision_on_what_was_decided_is_handed_back(self, cast: Cast) -> None:
        entry = log(cast)
        decide_hours(dirk(cast), right(entry), TODAY)
        again = decide_hours(dirk(cast), wrong(entry), TODAY)
        assert (again.decided, [view.id for view in again.changed]) == ((), [entry.id])
        other = decide_hours(cast.chaima, right(entry), TODAY)
        assert (other.decided, [view.id for view in other.changed]) == ((), [entry.id]), "the same, but not by the same"
        assert states() == [EntryState.CONFIRMED]

    def test_what_bram_changed_meanwhile_is_not_confirmed(self, cast: Cast) -> None:
        entry = log(cast)
        withdraw_hours(cast.bram, cast.participant, entry.id, "Verkeerde dag", TODAY)
        decided = decide_hours(dirk(cast), right(entry), TODAY)
        assert (decided.decided, decided.decisions) == ((), ())
        assert states() == [EntryState.WITHDRAWN]

    def test_a_supervisor_whose_account_takes_part_under_another_address_confirms_nothing(self, cast: Cast) -> None:
        entry = log(cast)
        with writing() as session:
            session.get_one(Placement, cast.placement_id).supervisor_email = cast.bram.email
            session.get_one(Participant, cast.participant_id).email = "b.dewit@example.net"
        actor = visit_by_link(link(cast, cast.bram.email), TODAY).actor
        assert hours_to_decide(actor, TODAY) == ()
        with pytest.raises(Refused):
            decide_hours(actor, right(entry), TODAY)
        assert states() == [EntryState.SUBMITTED]

    def test_a_supervisor_who_is_the_participant_confirms_nothing(self, cast: Cast) -> None:
        with writing() as session:
            session.get_one(Placement, cast.placement_id).supervisor_email = "bram@example.org"
        entry = log(cast)
        actor = visit_by_link(link(cast, "bram@example.org"), TODAY).actor
        assert hours_to_decide(actor, TODAY) == ()
        with pytest.raises(Refused):
            decide_hours(actor, right(entry), TODAY)


class TestUndoing:
    """Exactly what was decided."""

    def test_it_lets_the_hours_wait_again(self, cast: Cast) -> None:
        decided = decide_hours(dirk(cast), right(log(cast)), TODAY)
        undone = take_back_decisions(dirk(cast), decided.decisions)
        assert [view.state for view in undone.decided] == [EntryState.SUBMITTED]
        assert states() == [EntryState.SUBMITTED]

    def test_a_later_decision_of_the_same_person_stays(self, cast: Cast) -> None:
        entry = log(cast)
        first = decide_hours(dirk(cast), right(entry), TODAY)
        take_back_decisions(dirk(cast), first.decisions)
        decide_hours(dirk(cast), right(entry), TODAY)
        assert [view.id for view in take_back_decisions(dirk(cast), first.decisions).changed] == [entry.id]
        assert states() == [EntryState.CONFIRMED]

    def test_a_later_form_of_the_same_account_stays_too(self, cast: Cast) -> None:
        entry = log(cast)
        decide_hours(cast.dirk, right(entry), TODAY, SentForm(key="a", content="a"))
        undo_decisions(cast.dirk, "a")
        decide_hours(cast.dirk, wrong(entry), TODAY, SentForm(key="b", content="b"))
        assert undo_decisions(cast.dirk, "a").decided == ()
        assert states() == [EntryState.REJECTED]
        assert len(undo_decisions(cast.dirk, "b").decided) == 1

    def test_what_somebody_else_decided_is_not_theirs_to_undo(self, cast: Cast) -> None:
        decided = decide_hours(cast.chaima, right(log(cast)), TODAY)
        for actor in (dirk(cast), cast.dirk, cast.otto):
            with pytest.raises(NotFound):
                take_back_decisions(actor, decided.decisions)
        assert states() == [EntryState.CONFIRMED]

    @pytest.mark.parametrize("decisions", [(), (1,), (4711, 4712)])
    def test_what_is_no_decision_of_theirs_is_not_there(self, cast: Cast, decisions: tuple[int, ...]) -> None:
        decide_hours(dirk(cast), right(log(cast)), TODAY)
        with pytest.raises(NotFound):
            take_back_decisions(dirk(cast), decisions)

    def test_it_costs_the_same_queries_however_many_were_decided(self, cast: Cast, count_queries: Counting) -> None:
        counts = []
        for number in (1, 2, 6):
            entries = [log(cast, TODAY - timedelta(days=days), minutes=60 + number) for days in range(number)]
            decided = decide_hours(dirk(cast), right(*entries), TODAY)
            with count_queries() as queries:
                take_back_decisions(dirk(cast), decided.decisions)
            counts.append(len([query for query in queries if query.startswith("SELECT") and "audit" not in query]))
            for entry in entries:
                withdraw_hours(cast.bram, cast.participant, entry.id, None, TODAY)
        assert counts[0] == counts[1] == counts[2]


class TestMails:
    """Which bring the link."""

    def test_the_mail_of_a_day_has_a_link_of_its_placement_that_the_outbox_does_not_show(self, cast: Cast) -> None:
        log(cast)
        log(cast, TODAY - timedelta(days=1))
        [mail] = mails()
        assert (mail.recipient, mail.kind, mail.participant_id) == (DIRK, "hours_to_confirm", cast.participant_id)
        token = (mail.secrets or {})["link"].removeprefix("http://hto.test/bevestigen/")
        assert token not in mail.body
        assert visit_by_link(token, TODAY).member.code == cast.participant
        assert "[[link]]" in mail.body
        assert "De link werkt tot en met 13 aug 2026" in mail.body

    def test_hours_at_two_placements_are_two_mails_and_each_opens_its_own(self, cast: Cast) -> None:
        log(cast)
        second = add_placement(cast, cast.participant_id)
        visit = Visit(placement_id=second, work=WorkedTime(on=TODAY - timedelta(days=1), minutes_given=60))
        log_hours(cast.bram, cast.participant, visit, TODAY)
        opened = [
            visit_by_link((mail.secrets or {})["link"].rpartition("/")[2], TODAY).actor.grants[0].placement_id
            for mail in mails()
        ]
        assert opened == [cast.placement_id, second]

    def test_a_new_link_for_an_old_one_goes_to_the_same_address_with_all_that_waits(self, cast: Cast) -> None:
        log(cast)
        log(cast, TODAY - timedelta(days=1))
        old = link(cast, made_on=TODAY - LASTS - timedelta(days=1))
        with pytest.raises(LinkTooOld):
            visit_by_link(old, TODAY)
        renew_link(old, HOME)
        _daily, renewed = mails()
        assert renewed.recipient == DIRK
        assert "in 2 keer" in renewed.body
        token = (renewed.secrets or {})["link"].rpartition("/")[2]
        assert visit_by_link(token, TODAY).until == TODAY + LASTS

    def test_where_nothing_waits_no_mail_goes(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            renew_link(link(cast), HOME)
        assert mails() == []

    def test_new_links_are_limited(self, cast: Cast) -> None:
        log(cast)
        for _ in range(PER_ACCOUNT.most):
            renew_link(link(cast), HOME)
        with pytest.raises(TooOften):
            renew_link(link(cast), HOME)
        assert len(mails()) == 1 + PER_ACCOUNT.most
