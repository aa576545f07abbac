"""Logging internship hours and deciding on them: what is stored, what is refused, and two people at one entry."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Pause
from hto_track.rules.facts import Activity, EntryState
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services.confirmations import HoursDecision, decide_hours, hours_to_decide, undo_decisions
from hto_track.services.entry_views import EntryView
from hto_track.services.form_answers import SentForm
from hto_track.services.internship import LoggedBefore, Visit, change_hours, hours_of, log_hours, withdraw_hours
from hto_track.services.policy import Actor, ActorGrant
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

DAY = date(2026, 6, 10)


def visit(cast: Cast, on: date = DAY, minutes: int = 150, **times: object) -> Visit:
    """A visit of Bram to his school."""
    work = WorkedTime(on=on, minutes_given=0 if times else minutes, **times)  # type: ignore[arg-type]
    return Visit(placement_id=cast.placement_id, work=work, activity=Activity.ASSIST, note="Klas 3")


def log(cast: Cast, on: date = DAY, minutes: int = 150, *, again: bool = False, **times: object) -> EntryView:
    """Bram logs a visit."""
    return log_hours(cast.bram, cast.participant, visit(cast, on, minutes, **times), TODAY, again=again)


def refused_fields(cast: Cast, on: date = DAY, minutes: int = 150, **times: object) -> list[str | None]:
    """The fields that a visit is refused for."""
    before = len(stored())
    with pytest.raises(Refused) as refused:
        log(cast, on, minutes, **times)
    assert len(stored()) == before
    return [refusal.field for refusal in refused.value.refusals]


def stored() -> list[InternshipEntry]:
    """Every entry."""
    db.session.rollback()
    return list(db.session.scalars(select(InternshipEntry).order_by(InternshipEntry.id)))


def confirm(cast: Cast, *entries: EntryView, actor: Actor | None = None) -> None:
    """Dirk, or ``actor``, confirms entries as they are given."""
    decisions = [HoursDecision(entry_id=entry.id, version=entry.version) for entry in entries]
    decide_hours(actor or cast.dirk, decisions, TODAY)


class TestLogging:
    """What a participant does."""

    def test_hours_are_submitted_and_written_down_without_the_note(self, cast: Cast) -> None:
        entry = log(cast)
        row = stored()[0]
        assert (row.minutes, row.worked_on, row.state, row.submitted_on) == (150, DAY, EntryState.SUBMITTED, TODAY)
        assert (row.note, row.activity, row.starts_at) == ("Klas 3", Activity.ASSIST, None)
        assert entry.work == WorkedTime(on=DAY, minutes_given=150)
        [written] = trail()
        assert written.subject == f"participant/C1-01/hours/{row.id}"
        assert written.after == {"state": "submitted", "placement": 1, "worked_on": "2026-06-10", "minutes": 150}

    def test_times_count_less_the_break(self, cast: Cast) -> None:
        entry = log(cast, starts_at=time(9), ends_at=time(15, 30), break_minutes=30)
        assert entry.work.minutes == stored()[0].minutes == 360

    def test_today_counts_and_tomorrow_is_refused(self, cast: Cast) -> None:
        log(cast, TODAY)
        assert refused_fields(cast, TODAY + timedelta(days=1)) == ["worked_on"]

    def test_ten_hours_a_day_are_kept_and_a_minute_more_is_refused(self, cast: Cast) -> None:
        log(cast, minutes=150)
        assert refused_fields(cast, minutes=451) == ["hours"]
        log(cast, minutes=450)
        assert refused_fields(cast, minutes=1) == ["hours"]

    def test_hours_that_were_withdrawn_or_rejected_leave_room(self, cast: Cast) -> None:
        one, two = log(cast, minutes=300), log(cast, minutes=299)
        withdraw_hours(cast.bram, cast.participant, one.id, None, TODAY)
        decide_hours(
            cast.dirk, [HoursDecision(entry_id=two.id, version=two.version, reject_reason="Niet geweest")], TODAY
        )
        log(cast, minutes=600)

    @pytest.mark.parametrize(
        ("times", "field"),
        [
            ({"starts_at": time(9), "ends_at": time(9)}, "ends_at"),
            ({"starts_at": time(10), "ends_at": time(9)}, "ends_at"),
            ({"starts_at": time(9), "ends_at": time(10), "break_minutes": 60}, "break_minutes"),
            ({"starts_at": time(6), "ends_at": time(16, 1)}, "ends_at"),
        ],
    )
    def test_times_that_leave_nothing_or_too_much_are_refused(
        self, cast: Cast, times: dict[str, object], field: str
    ) -> None:
        assert refused_fields(cast, **times) == [field]

    def test_overlapping_times_are_refused_and_adjoining_ones_kept(self, cast: Cast) -> None:
        log(cast, starts_at=time(9), ends_at=time(12))
        assert refused_fields(cast, starts_at=time(11, 59), ends_at=time(13)) == ["starts_at"]
        log(cast, starts_at=time(12), ends_at=time(13))

    def test_before_and_after_the_placement_is_refused(self, cast: Cast) -> None:
        log(cast, date(2026, 4, 1))
        assert refused_fields(cast, date(2026, 3, 31)) == ["worked_on"]
        with writing() as session:
            session.scalars(select(Placement)).one().end_on = date(2026, 6, 9)
        assert refused_fields(cast, date(2026, 6, 10)) == ["worked_on"]

    def test_a_day_in_a_pause_is_refused(self, cast: Cast) -> None:
        with writing() as session:
            session.add(Pause(participant_id=cast.participant_id, start_on=DAY, end_on=DAY))
        assert refused_fields(cast) == ["worked_on"]

    @pytest.mark.parametrize("minutes", [0, -5])
    def test_no_hours_are_refused(self, cast: Cast, minutes: int) -> None:
        assert refused_fields(cast, minutes=minutes) == ["hours"]

    def test_a_school_of_someone_else_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            log_hours(
                cast.bram, cast.participant, Visit(placement_id=999, work=WorkedTime(on=DAY, minutes_given=60)), TODAY
            )
        assert refused.value.refusals[0].field == "placement"

    def test_the_same_hours_again_are_asked_about_and_then_stored(self, cast: Cast) -> None:
        first = log(cast)
        with pytest.raises(LoggedBefore) as asked:
            log(cast)
        assert asked.value.entry == first
        assert len(stored()) == 1
        log(cast, again=True)
        assert len(stored()) == 2

    def test_other_hours_of_the_same_day_are_not_asked_about(self, cast: Cast) -> None:
        log(cast)
        log(cast, minutes=149)
        log(cast, DAY - timedelta(days=1))

    def test_a_form_sent_twice_is_stored_once(self, cast: Cast) -> None:
        form = SentForm(key="k", content="c")
        first = log_hours(cast.bram, cast.participant, visit(cast), TODAY, form=form)
        assert log_hours(cast.bram, cast.participant, visit(cast), TODAY, form=form) == first
        assert len(stored()) == 1

    def test_the_supervisor_gets_one_mail_a_day_in_the_same_transaction(self, cast: Cast) -> None:
        log(cast)
        log(cast, minutes=60)
        mail = db.session.scalars(select(OutboxMail)).one()
        assert (mail.recipient, mail.period) == ("dirk@example.org", TODAY.isoformat())
        assert "Bram" in mail.subject
        assert mail.secrets is not None and "/bevestigen/" in mail.secrets["link"] and "/bevestigen" not in mail.body

    def test_without_a_supervisor_nobody_is_mailed(self, cast: Cast) -> None:
        with writing() as session:
            session.scalars(select(Placement)).one().supervisor_email = None
        log(cast)
        assert db.session.scalars(select(OutboxMail)).all() == []


class TestChanging:
    """What a participant does with an entry that is there."""

    def test_an_entry_that_waits_is_changed(self, cast: Cast) -> None:
        entry = log(cast)
        changed = change_hours(cast.bram, cast.participant, entry.id, entry.version, visit(cast, minutes=180), TODAY)
        assert (stored()[0].minutes, changed.state) == (180, EntryState.SUBMITTED)
        assert changed.version != entry.version

    def test_its_own_hours_do_not_stand_in_the_way(self, cast: Cast) -> None:
        entry = log(cast, minutes=600)
        change_hours(cast.bram, cast.participant, entry.id, entry.version, visit(cast, minutes=599), TODAY)

    def test_an_entry_that_changed_meanwhile_is_refused(self, cast: Cast) -> None:
        entry = log(cast)
        change_hours(cast.bram, cast.participant, entry.id, entry.version, visit(cast, minutes=180), TODAY)
        with pytest.raises(Refused, match="3"):
            change_hours(cast.bram, cast.participant, entry.id, entry.version, visit(cast, minutes=60), TODAY)
        assert stored()[0].minutes == 180

    def test_a_confirmed_entry_is_changed_by_nobody_and_withdrawn_only_with_a_reason(self, cast: Cast) -> None:
        entry = log(cast)
        confirm(cast, entry)
        confirmed = hours_of(cast.bram, cast.participant, TODAY).entries[0]
        with pytest.raises(Refused):
            change_hours(cast.bram, cast.participant, entry.id, confirmed.version, visit(cast, minutes=60), TODAY)
        with pytest.raises(Refused):
            withdraw_hours(cast.bram, cast.participant, entry.id, "  ", TODAY)
        assert stored()[0].state is EntryState.CONFIRMED
        withdraw_hours(cast.bram, cast.participant, entry.id, "Verkeerde dag", TODAY)
        assert (stored()[0].state, stored()[0].reason) == (EntryState.WITHDRAWN, "Verkeerde dag")

    def test_a_draft_is_submitted_by_changing_it(self, cast: Cast) -> None:
        entry = log(cast)
        with writing() as session:
            row = session.get_one(InternshipEntry, entry.id)
            row.state, row.submitted_on = EntryState.DRAFT, DAY
        draft = hours_of(cast.bram, cast.participant, TODAY).entries[0]
        change_hours(cast.bram, cast.participant, entry.id, draft.version, visit(cast), TODAY)
        assert (stored()[0].state, stored()[0].submitted_on) == (EntryState.SUBMITTED, TODAY)

    def test_an_entry_of_someone_else_is_not_there(self, cast: Cast) -> None:
        entry = log(cast)
        noor = Actor(
            email="noor@example.org",
            name="Noor",
            grants=(ActorGrant(role=Role.PARTICIPANT, participant_id=cast.participant_id + 1),),
        )
        with pytest.raises(NotFound):
            withdraw_hours(noor, cast.neighbour, entry.id, "x", TODAY)
        with pytest.raises(NotFound):
            withdraw_hours(noor, cast.participant, entry.id, "x", TODAY)


class TestDeciding:
    """What a supervising teacher or the college does."""

    def test_the_supervisor_sees_what_waits_and_confirms_it(self, cast: Cast) -> None:
        log(cast, minutes=120)
        log(cast, DAY - timedelta(days=7))
        (waiting,) = hours_to_decide(cast.dirk, TODAY)
        assert waiting.member.name == "Bram de Wit"
        assert [entry.work.minutes for entry in waiting.entries] == [150, 120]
        confirm(cast, *waiting.entries)
        assert {(row.state, row.decided_on, row.decided_by) for row in stored()} == {
            (EntryState.CONFIRMED, TODAY, "dirk@example.org")
        }
        assert hours_to_decide(cast.dirk, TODAY) == ()

    def test_the_college_decides_too_and_a_teacher_of_elsewhere_sees_nothing(self, cast: Cast) -> None:
        entry = log(cast)
        assert len(hours_to_decide(cast.chaima, TODAY)) == 1
        elsewhere = Actor(email="ander@example.org", name="Ander", grants=(ActorGrant(role=Role.SUPERVISOR),))
        assert hours_to_decide(elsewhere, TODAY) == ()
        with pytest.raises(NotFound):
            confirm(cast, entry, actor=elsewhere)
        confirm(cast, entry, actor=cast.chaima)
        assert stored()[0].decided_by == "chaima@example.org"

    def test_a_rejection_asks_a_reason(self, cast: Cast) -> None:
        entry = log(cast)
        with pytest.raises(Refused) as refused:
            decide_hours(cast.dirk, [HoursDecision(entry_id=entry.id, version=entry.version, reject_reason=" ")], TODAY)
        assert refused.value.refusals[0].field == f"reason-{entry.id}"
        decide_hours(
            cast.dirk, [HoursDecision(entry_id=entry.id, version=entry.version, reject_reason="Niet geweest")], TODAY
        )
        assert (stored()[0].state, stored()[0].reason) == (EntryState.REJECTED, "Niet geweest")

    def test_hours_that_were_changed_since_they_were_seen_are_not_confirmed(self, cast: Cast) -> None:
        entry, other = log(cast), log(cast, minutes=60)
        change_hours(cast.bram, cast.participant, entry.id, entry.version, visit(cast, minutes=400), TODAY)
        decided = decide_hours(
            cast.dirk, [HoursDecision(entry_id=seen.id, version=seen.version) for seen in (entry, other)], TODAY
        )
        assert [view.id for view in decided.decided] == [other.id]
        assert [view.work.minutes for view in decided.changed] == [400]
        assert [row.state for row in stored()] == [EntryState.SUBMITTED, EntryState.CONFIRMED]

    def test_the_second_decision_on_an_entry_changes_nothing(self, cast: Cast) -> None:
        entry = log(cast)
        confirm(cast, entry)
        reject = HoursDecision(entry_id=entry.id, version=entry.version, reject_reason="Toch niet")
        assert decide_hours(cast.chaima, [reject], TODAY).decided == ()
        assert stored()[0].state is EntryState.CONFIRMED

    def test_what_was_decided_is_not_decided_again_even_by_who_sees_it_as_it_stands(self, cast: Cast) -> None:
        confirm(cast, log(cast))
        (stands,) = hours_of(cast.bram, cast.participant, TODAY).entries
        reject = HoursDecision(entry_id=stands.id, version=stands.version, reject_reason="Toch niet")
        assert decide_hours(cast.chaima, [reject], TODAY).changed == (stands,)

    def test_hours_of_a_day_to_come_are_not_confirmed(self, cast: Cast) -> None:
        entry = log(cast)
        with writing() as session:
            session.get_one(InternshipEntry, entry.id).worked_on = TODAY + timedelta(days=1)
        (moved,) = hours_of(cast.bram, cast.participant, TODAY).entries
        assert hours_to_decide(cast.dirk, TODAY) == ()
        with pytest.raises(Refused):
            confirm(cast, moved)
        confirm_tomorrow = HoursDecision(entry_id=moved.id, version=moved.version)
        assert decide_hours(cast.dirk, [confirm_tomorrow], TODAY + timedelta(days=1)).decided

    def test_undo_leaves_what_someone_else_decided_since(self, cast: Cast) -> None:
        entry = log(cast)
        decision = HoursDecision(entry_id=entry.id, version=entry.version)
        decide_hours(cast.dirk, [decision], TODAY, SentForm(key="k", content="c"))
        with writing() as session:
            session.get_one(InternshipEntry, entry.id).decided_by = "chaima@example.org"
        assert undo_decisions(cast.dirk, "k").decided == ()
        assert stored()[0].state is EntryState.CONFIRMED

    def test_nobody_confirms_their_own_hours_whatever_other_role_they_have(self, cast: Cast) -> None:
        entry = log(cast)
        both = Actor(
            email="bram@example.org",
            name="Bram",
            user_id=cast.bram.user_id,
            grants=(*cast.bram.grants, *cast.chaima.grants),
        )
        assert hours_to_decide(both, TODAY) == ()
        with pytest.raises(Refused):
            confirm(cast, entry, actor=both)
        assert stored()[0].state is EntryState.SUBMITTED

    def test_undo_lets_hours_wait_again(self, cast: Cast) -> None:
        entry = log(cast)
        decision = HoursDecision(entry_id=entry.id, version=entry.version)
        decide_hours(cast.dirk, [decision], TODAY, SentForm(key="k", content="c"))
        undo_decisions(cast.dirk, "k")
        row = stored()[0]
        assert (row.state, row.decided_on, row.decided_by) == (EntryState.SUBMITTED, None, None)

    def test_undo_leaves_what_was_withdrawn_since(self, cast: Cast) -> None:
        entry = log(cast)
        decision = HoursDecision(entry_id=entry.id, version=entry.version)
        decide_hours(cast.dirk, [decision], TODAY, SentForm(key="k", content="c"))
        withdraw_hours(cast.bram, cast.participant, entry.id, "Verkeerd", TODAY)
        assert [view.state for view in undo_decisions(cast.dirk, "k").changed] == [EntryState.WITHDRAWN]

    def test_a_form_sent_twice_decides_once(self, cast: Cast) -> None:
        entry = log(cast)
        decision, form = HoursDecision(entry_id=entry.id, version=entry.version), SentForm(key="k", content="c")
        first = decide_hours(cast.dirk, [decision], TODAY, form)
        assert decide_hours(cast.dirk, [decision], TODAY, form) == first

    def test_what_waits_costs_one_query_however_many_there_are(self, cast: Cast, count_queries) -> None:
        for days in range(8):
            log(cast, DAY - timedelta(days=days))
        hours_to_decide(cast.dirk, TODAY)  # that he looks is noted once an hour
        with count_queries() as queries:
            hours_to_decide(cast.dirk, TODAY)
        assert len(queries) == 1
