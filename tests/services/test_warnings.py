"""Warnings as they are stored: opened, escalated, eased, closed, read back, put aside (RULES.md section 6)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.participants import Participant
from hto_track.models.warnings import WarningEvent
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.evaluation import EvaluationCounts, judge_cohort, still_fresh, store_evaluation
from hto_track.services.facts import cohort_ground
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import reading, writing
from hto_track.services.warnings import (
    cohort_warnings_open,
    evaluate_cohort,
    warnings_open,
)
from tests.cast import Cast
from tests.services.warning_cases import (
    AMBER_FROM,
    RED_FROM,
    confirm_hours,
    let_all_be_sent,
    let_hours_wait,
    let_only_hours_warn,
    mails,
    story,
    warnings_stored,
)
from tests.trail import trail

Counting = Callable[[], AbstractContextManager[list[str]]]
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def only_bram_and_his_hours(cast: Cast) -> None:
    let_only_hours_warn(cast)


def open_codes(on: date) -> list[tuple[str, str, Level]]:
    return [
        (found.participant, found.warning.code.value, found.warning.level)
        for found in cohort_warnings_open(CONSOLE, "C-1", on)
    ]


def test_a_warning_opens_on_the_first_evaluation_in_which_its_code_holds(cast: Cast) -> None:
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM - A_DAY) == EvaluationCounts()
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM) == EvaluationCounts(opened=1)
    assert open_codes(AMBER_FROM) == [("C1-01", "unconfirmed", Level.AMBER)]
    [found] = cohort_warnings_open(CONSOLE, "C-1", AMBER_FROM)
    assert found.warning.figures == {"days": 14, "entries": 1, "hours": 3.0}
    assert found.warning.opened_on == AMBER_FROM
    assert found.warning.escalated_on is None


def test_a_second_evaluation_on_the_same_date_changes_nothing(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    before = story(), len(mails())
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM) == EvaluationCounts()
    assert (story(), len(mails())) == before
    assert warnings_stored() == 1


def test_a_second_evaluation_on_the_same_date_is_not_counted_towards_closing(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    confirm_hours()
    for _again in range(3):
        assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM) == EvaluationCounts()
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM + A_DAY) == EvaluationCounts()
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM + 2 * A_DAY) == EvaluationCounts(closed=1)


def test_an_evaluation_of_an_earlier_date_changes_nothing(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM - 5 * A_DAY)
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM - 6 * A_DAY) == EvaluationCounts()
    evaluate_cohort(cast.anja, "C-1", RED_FROM)
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM) == EvaluationCounts()
    assert open_codes(AMBER_FROM) == []


def test_amber_to_red_is_an_event_of_the_same_warning(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    assert evaluate_cohort(cast.anja, "C-1", RED_FROM) == EvaluationCounts(escalated=1)
    assert warnings_stored() == 1
    assert story() == [("opened", AMBER_FROM, "amber"), ("escalated", RED_FROM, "red")]


def test_an_earlier_date_never_sees_a_later_escalation(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    evaluate_cohort(cast.anja, "C-1", RED_FROM)
    [before] = cohort_warnings_open(CONSOLE, "C-1", RED_FROM - A_DAY)
    [after] = cohort_warnings_open(CONSOLE, "C-1", RED_FROM)
    assert (before.warning.level, before.warning.escalated_on, before.warning.figures["days"]) == (
        Level.AMBER,
        None,
        14,
    )
    assert (after.warning.level, after.warning.escalated_on, after.warning.figures["days"]) == (Level.RED, RED_FROM, 28)


def test_a_warning_closes_after_two_evaluations_without_its_code(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    confirm_hours()
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM + A_DAY) == EvaluationCounts()
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM + 2 * A_DAY) == EvaluationCounts(closed=1)
    assert open_codes(AMBER_FROM + A_DAY) == [("C1-01", "unconfirmed", Level.AMBER)]
    assert open_codes(AMBER_FROM + 2 * A_DAY) == []


def test_a_code_that_holds_again_in_between_starts_the_count_anew(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    confirm_hours()
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM + A_DAY)
    let_hours_wait(cast)
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM + 2 * A_DAY)
    confirm_hours()
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM + 3 * A_DAY) == EvaluationCounts()
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM + 4 * A_DAY) == EvaluationCounts(closed=1)


def test_red_eases_after_two_evaluations_without_red_and_keeps_its_escalation(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    evaluate_cohort(cast.anja, "C-1", RED_FROM)
    confirm_hours()
    let_hours_wait(cast, RED_FROM - 14 * A_DAY)
    assert evaluate_cohort(cast.anja, "C-1", RED_FROM + A_DAY) == EvaluationCounts()
    assert evaluate_cohort(cast.anja, "C-1", RED_FROM + 2 * A_DAY) == EvaluationCounts(eased=1)
    [found] = cohort_warnings_open(CONSOLE, "C-1", RED_FROM + 2 * A_DAY)
    assert (found.warning.level, found.warning.escalated_on) == (Level.AMBER, RED_FROM)


def test_a_warning_that_eases_without_its_code_keeps_the_figures_it_rested_on(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", RED_FROM)
    confirm_hours()
    let_hours_wait(cast, RED_FROM - 14 * A_DAY)
    evaluate_cohort(cast.anja, "C-1", RED_FROM + A_DAY)
    confirm_hours()
    assert evaluate_cohort(cast.anja, "C-1", RED_FROM + 2 * A_DAY) == EvaluationCounts(eased=1)
    [found] = cohort_warnings_open(CONSOLE, "C-1", RED_FROM + 2 * A_DAY)
    assert found.warning.figures["days"] == 28


def test_a_closed_warning_that_comes_back_is_a_new_one(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    confirm_hours()
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM + A_DAY)
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM + 2 * A_DAY)
    let_hours_wait(cast)
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM + 3 * A_DAY) == EvaluationCounts(opened=1)
    assert warnings_stored() == 2


def test_somebody_who_joins_later_is_evaluated_on_their_own(cast: Cast) -> None:
    """One evaluation a date is counted for each participant, not for the cohort."""
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    with writing() as session:
        noor = session.scalars(select(Participant).where(Participant.code == cast.neighbour)).one()
        noor.evaluated_on = None
        noor.status = EnrolmentStatus.ACTIVE
        noor.status_on = None
    assert evaluate_cohort(cast.anja, "C-1", AMBER_FROM).opened > 0
    assert {found.participant for found in cohort_warnings_open(CONSOLE, "C-1", AMBER_FROM)} == {"C1-01", "C1-02"}
    assert len(story()) == 1


def test_an_evaluation_is_in_the_audit_trail_with_who_asked_for_it(cast: Cast) -> None:
    evaluate_cohort(cast.anja, "C-1", AMBER_FROM)
    [entry] = trail("evaluate_warnings")
    assert (entry.actor, entry.subject) == (cast.anja.ref, "cohort/C-1")
    assert entry.after == {"on": "2026-04-20", "opened": 1, "escalated": 0, "eased": 0, "closed": 0}
    [opened] = trail("warning_opened")
    [warning] = cohort_warnings_open(cast.anja, "C-1", AMBER_FROM)
    assert opened.subject == f"participant/{warning.participant}/warnings/{warning.warning.id}"
    assert opened.after == {"warning": warning.warning.code, "level": "amber", "on": "2026-04-20"}


def test_what_was_written_while_it_was_judged_is_judged_again(cast: Cast) -> None:
    """Judging happens before the lock; hours confirmed in between must not open a warning."""
    session = reading()
    judged = judge_cohort(session, cohort_ground(session, "C-1"), AMBER_FROM)
    confirm_hours()
    with writing() as session:
        assert store_evaluation(session, still_fresh(session, judged)) == EvaluationCounts()


def test_what_was_judged_is_not_judged_again_when_nothing_was_written(cast: Cast) -> None:
    session = reading()
    judged = judge_cohort(session, cohort_ground(session, "C-1"), AMBER_FROM)
    with writing() as session:
        assert still_fresh(session, judged) is judged


def test_only_a_leader_or_an_administrator_evaluates(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        evaluate_cohort(cast.chaima, "C-1", AMBER_FROM)
    with pytest.raises(NotFound):
        evaluate_cohort(cast.otto, "C-1", AMBER_FROM)
    with pytest.raises(NotFound):
        evaluate_cohort(cast.gijs, "C-9", AMBER_FROM)


def test_a_leader_sees_the_open_warnings_of_their_own_cohorts(cast: Cast) -> None:
    evaluate_cohort(CONSOLE, "C-1", AMBER_FROM)
    assert [found.participant for found in warnings_open(cast.anja, AMBER_FROM)] == ["C1-01"]
    assert warnings_open(cast.otto, AMBER_FROM) == ()
    with pytest.raises(NotFound):
        cohort_warnings_open(cast.otto, "C-1", AMBER_FROM)
    with pytest.raises(Forbidden):
        warnings_open(cast.bram, AMBER_FROM)


def queries_of_an_evaluation(counting: Counting, on: date) -> int:
    with counting() as queries:
        evaluate_cohort(CONSOLE, "C-1", on)
    return len(queries)


def test_an_evaluation_costs_the_same_queries_whatever_the_size_of_the_cohort(
    cast: Cast, count_queries: Counting
) -> None:
    for_one = queries_of_an_evaluation(count_queries, AMBER_FROM)
    with writing() as session:
        bram = session.get_one(Participant, cast.participant_id)
        columns = {
            column.key: getattr(bram, column.key)
            for column in Participant.__table__.columns
            if column.key not in ("id", "code", "email", "evaluated_on")
        }
        for number in range(10, 30):
            session.add(
                Participant(**columns | {"code": f"C1-{number}", "email": f"p{number}@example.org", "status": "active"})
            )
    for_twenty = queries_of_an_evaluation(count_queries, AMBER_FROM + A_DAY)
    assert len(reading().scalars(select(WarningEvent)).all()) > 20
    assert for_twenty <= for_one


class TestMails:
    def test_unconfirmed_hours_are_mailed_to_the_supervisor_and_not_to_the_participant(self, cast: Cast) -> None:
        evaluate_cohort(CONSOLE, "C-1", AMBER_FROM)
        [mail] = mails()
        assert (mail.recipient, mail.kind, mail.period) == ("dirk@example.org", "unconfirmed_opened", "2026-04-20")
        assert "3" in mail.subject and "Bram" in mail.subject
        assert mail.secrets is not None
        assert mail.secrets["link"].startswith("http://hto.test/")

    def test_an_escalation_is_mailed_too_and_easing_and_closing_are_not(self, cast: Cast) -> None:
        evaluate_cohort(CONSOLE, "C-1", AMBER_FROM)
        evaluate_cohort(CONSOLE, "C-1", RED_FROM)
        let_all_be_sent()
        confirm_hours()
        evaluate_cohort(CONSOLE, "C-1", RED_FROM + A_DAY)
        evaluate_cohort(CONSOLE, "C-1", RED_FROM + 2 * A_DAY)
        assert [mail.kind for mail in mails()] == ["unconfirmed_opened", "unconfirmed_escalated"]

    def test_a_mail_that_still_waits_is_taken_back_when_its_warning_closes(self, cast: Cast) -> None:
        evaluate_cohort(CONSOLE, "C-1", AMBER_FROM)
        assert [mail.kind for mail in mails()] == ["unconfirmed_opened"]
        confirm_hours()
        evaluate_cohort(CONSOLE, "C-1", AMBER_FROM + A_DAY)
        assert len(mails()) == 1, "it is open still"
        evaluate_cohort(CONSOLE, "C-1", AMBER_FROM + 2 * A_DAY)
        assert mails() == []

    def test_that_it_is_more_urgent_is_taken_back_when_it_is_so_no_more(self, cast: Cast) -> None:
        evaluate_cohort(CONSOLE, "C-1", AMBER_FROM)
        evaluate_cohort(CONSOLE, "C-1", RED_FROM)
        confirm_hours()
        let_hours_wait(cast, RED_FROM - 14 * A_DAY)
        evaluate_cohort(CONSOLE, "C-1", RED_FROM + A_DAY)
        assert evaluate_cohort(CONSOLE, "C-1", RED_FROM + 2 * A_DAY) == EvaluationCounts(eased=1)
        assert [mail.kind for mail in mails()] == ["unconfirmed_opened"]

    def test_the_mail_about_a_warning_that_closed_is_taken_back_and_those_about_others_stay(self, cast: Cast) -> None:
        with writing() as session:
            for person in session.scalars(select(Participant)):
                person.status, person.status_on = EnrolmentStatus.ACTIVE, None
        confirm_hours()
        evaluate_cohort(CONSOLE, "C-1", date(2026, 6, 14))
        kept = {mail.subject_key for mail in mails()} - {"C1-01:silent"}
        assert len(kept) == len(mails()) - 1 > 0
        let_hours_wait(cast, date(2026, 6, 13))
        evaluate_cohort(CONSOLE, "C-1", date(2026, 6, 15))
        evaluate_cohort(CONSOLE, "C-1", date(2026, 6, 16))
        assert {mail.subject_key for mail in mails()} == kept

    def test_a_mail_to_who_has_an_account_leads_to_the_page_that_says_why(self, cast: Cast) -> None:
        with writing() as session:
            for person in session.scalars(select(Participant)):
                person.status, person.status_on = EnrolmentStatus.ACTIVE, None
        evaluate_cohort(CONSOLE, "C-1", date(2026, 6, 14))
        warnings = {
            f"{found.participant}:{found.warning.code.value}": found.warning.id
            for found in cohort_warnings_open(CONSOLE, "C-1", date(2026, 6, 14))
        }
        for mail in mails():
            if mail.recipient == "bram@example.org":
                number = warnings[mail.subject_key]
                assert f"http://hto.test/deelnemers/C1-01/waarschuwingen/{number}\n" in mail.body
            if mail.recipient == "noor@example.org":
                assert "http://" not in mail.body, "she has no account"
                assert "mailto:anja@example.org" in mail.body

    def test_any_other_warning_is_mailed_to_the_participant(self, cast: Cast) -> None:
        with writing() as session:
            bram = session.get_one(Participant, cast.participant_id)
            bram.status, bram.status_on = EnrolmentStatus.ACTIVE, None
        confirm_hours()
        evaluate_cohort(CONSOLE, "C-1", date(2026, 6, 14))
        codes = {found.warning.code for found in cohort_warnings_open(CONSOLE, "C-1", date(2026, 6, 14))}
        assert codes and WarningCode.UNCONFIRMED not in codes
        assert {mail.recipient for mail in mails()} == {"bram@example.org"}
        assert len(mails()) == len(codes)

    def test_hours_at_two_schools_are_mailed_to_each_supervisor(self, cast: Cast) -> None:
        with writing() as session:
            placement = session.get_one(Placement, cast.placement_id)
            second = Placement(
                participant_id=cast.participant_id,
                school="Mbo Noord",
                school_type=placement.school_type,
                supervisor_name="Ria Bakker",
                supervisor_email="ria@example.org",
                start_on=placement.start_on,
                end_on=placement.end_on,
            )
            session.add(second)
            session.flush()
            entry = session.scalars(select(InternshipEntry)).one()
            session.add(
                InternshipEntry(
                    participant_id=entry.participant_id,
                    placement_id=second.id,
                    worked_on=entry.worked_on + A_DAY,
                    break_minutes=0,
                    minutes=60,
                    activity=entry.activity,
                    state=entry.state,
                    submitted_on=entry.submitted_on + A_DAY,
                )
            )
        evaluate_cohort(CONSOLE, "C-1", AMBER_FROM)
        assert {mail.recipient for mail in mails()} == {"dirk@example.org", "ria@example.org"}
