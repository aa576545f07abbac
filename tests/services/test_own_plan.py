"""A participant's own plan: tried, kept as it was seen, answered with, given back; and the internship days they lay out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.load import PlannedInternshipDay, PlannedMove
from hto_track.models.participants import Participant
from hto_track.models.warnings import AnswerKind, Warning, WarningAnswer
from hto_track.rules.warnings import Level, WarningCode
from hto_track.rules.ways_out import WayKind
from hto_track.services.form_answers import SentForm
from hto_track.services.internship_days import DaysWish, keep_days, propose_days
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.standings import participant_standing
from hto_track.services.transaction import writing
from hto_track.services.ways_out import (
    PlanKept,
    Step,
    WeeksAhead,
    drop_plan,
    keep_plan,
    own_weeks_ahead,
    undo_plan,
    weeks_ahead_of,
)
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FULL = date(2026, 6, 29)
"""The Monday of the week in which A2 is done besides A1."""
EARLIER = Step(kind=WayKind.BEGIN_EARLIER, monday=FULL, code="A1")
RELEASE = Step(kind=WayKind.RELEASE, monday=FULL)


@pytest.fixture(autouse=True)
def full_week(cast: Cast) -> None:
    """A1 takes 3 hours in the week of ``FULL``, A2 10, the internship 4: 17, where the room is 12 hours."""
    with writing() as session:
        session.add(
            Assignment(
                cohort_id=cast.cohort_id,
                code="A2",
                title="Een les geven",
                opens_on=FULL,
                due_on=date(2026, 7, 5),
                estimated_minutes=10 * 60,
                mandatory=True,
            )
        )


def ahead(cast: Cast, *steps: Step) -> WeeksAhead:
    return own_weeks_ahead(cast.bram, cast.participant, steps, TODAY)


def keep(cast: Cast, *steps: Step, seen: str | None = None, key: str = "a form", by: Actor | None = None) -> PlanKept:
    shown = ahead(cast, *steps).seen if seen is None else seen
    form = SentForm(key=key, content=str(steps))
    return keep_plan(by or cast.bram, cast.participant, steps, shown, TODAY, form)


def moves() -> list[tuple[date, date, int]]:
    db.session.rollback()
    rows = db.session.scalars(select(PlannedMove).order_by(PlannedMove.to_monday))
    return [(row.from_monday, row.to_monday, row.minutes) for row in rows]


def days() -> dict[date, int]:
    db.session.rollback()
    rows = db.session.scalars(select(PlannedInternshipDay).order_by(PlannedInternshipDay.planned_on))
    return {row.planned_on: row.minutes for row in rows}


def answers() -> list[AnswerKind]:
    db.session.rollback()
    return list(db.session.scalars(select(WarningAnswer.kind)))


def test_what_is_tried_is_shown_and_stores_nothing(cast: Cast) -> None:
    before, tried = ahead(cast), ahead(cast, EARLIER)
    assert [each.monday for each in before.full] == [FULL]
    was, becomes = before.shown.week(FULL), tried.shown.week(FULL)
    assert was is not None and becomes is not None and becomes.week.study < was.week.study
    assert tried.by_rules == before.by_rules
    assert moves() == [] and tried.can_keep and not before.can_keep


def test_a_plan_is_kept_and_changes_no_figure_of_the_rules(cast: Cast) -> None:
    before = participant_standing(cast.bram, cast.participant, TODAY)
    tried = ahead(cast, EARLIER)
    keep(cast, EARLIER)
    stored = moves()
    assert stored and {out for out, _into, _minutes in stored} == {FULL}
    after = participant_standing(cast.bram, cast.participant, TODAY)
    assert after.member.standing == before.member.standing
    assert [move.minutes for move in sorted(after.own_plan.work)] == [minutes for _out, _into, minutes in stored]
    kept = ahead(cast)
    assert kept.with_plan.weeks == tried.shown.weeks
    (entry,) = trail("keep_plan")
    assert (entry.subject, entry.before) == ("participant/C1-01/plan", {"work": [], "days": []})


def test_one_form_sent_twice_keeps_one_plan(cast: Cast) -> None:
    seen = ahead(cast, EARLIER).seen
    once = keep(cast, EARLIER, seen=seen)
    stored = moves()
    assert keep(cast, EARLIER, seen=seen) == once
    assert moves() == stored


def test_the_second_of_two_tabs_is_asked(cast: Cast) -> None:
    seen = ahead(cast, EARLIER).seen
    keep(cast, EARLIER, seen=seen)
    stored = moves()
    with pytest.raises(Refused, match="changed meanwhile"):
        keep(cast, EARLIER, seen=seen, key="another form")
    assert moves() == stored


def test_weeks_that_changed_meanwhile_are_looked_at_again(cast: Cast) -> None:
    seen = ahead(cast, EARLIER).seen
    with writing() as session:
        session.scalars(select(Assignment).where(Assignment.code == "A1")).one().estimated_minutes = 60 * 60
    with pytest.raises(Refused, match="changed meanwhile"):
        keep(cast, EARLIER, seen=seen)
    assert moves() == []


def test_what_others_decide_is_not_kept(cast: Cast) -> None:
    assert not ahead(cast, RELEASE).can_keep
    with pytest.raises(Refused, match="Try something"):
        keep(cast, RELEASE)


def test_a_plan_is_let_go_of_and_given_back(cast: Cast) -> None:
    keep(cast, EARLIER)
    stored = moves()
    drop_plan(cast.bram, cast.participant, ahead(cast).version, TODAY, SentForm(key="gone", content=""))
    assert moves() == []
    undo_plan(cast.bram, cast.participant, "gone", TODAY)
    assert moves() == stored
    undo_plan(cast.bram, cast.participant, "a form", TODAY)
    assert moves() == []
    assert [entry.action for entry in trail()] == ["keep_plan", "keep_plan", "undo_plan", "undo_plan"]


def test_a_plan_that_was_changed_since_is_not_given_back(cast: Cast) -> None:
    keep(cast, EARLIER)
    with writing() as session:
        session.scalars(select(PlannedMove)).first().minutes += 30  # type: ignore[union-attr]
    stored = moves()
    with pytest.raises(Refused, match="changed since"):
        undo_plan(cast.bram, cast.participant, "a form", TODAY)
    assert moves() == stored


def test_work_that_is_handed_in_no_longer_counts(cast: Cast) -> None:
    keep(cast, EARLIER)
    assert ahead(cast).kept.work
    with writing() as session:
        session.add(
            Attempt(participant_id=cast.participant_id, assignment_id=cast.assignment_id, number=1, submitted_on=TODAY)
        )
    assert not ahead(cast).kept.work
    assert moves()


def warn(cast: Cast) -> None:
    with writing() as session:
        session.add(
            Warning(
                participant_id=cast.participant_id,
                code=WarningCode.OVERLOAD,
                level=Level.AMBER,
                opened_on=TODAY,
                misses=0,
                red_misses=0,
            )
        )


def test_a_plan_that_ends_the_overload_answers_its_warning_and_undoing_takes_that_back(cast: Cast) -> None:
    """20 hours are more than one and a half times a room of 11.5, and 17 are not."""
    with writing() as session:
        session.scalars(select(Assignment).where(Assignment.code == "A2")).one().estimated_minutes = 13 * 60
        person = session.get_one(Participant, cast.participant_id)
        person.study_weekly_minutes = 11 * 60 + 30
    warn(cast)
    keep(cast, EARLIER)
    assert answers() == [AnswerKind.PLANNED]
    undo_plan(cast.bram, cast.participant, "a form", TODAY)
    assert answers() == []


def test_a_plan_answers_no_warning_that_it_does_not_end(cast: Cast) -> None:
    warn(cast)
    keep(cast, EARLIER)
    assert answers() == []


def test_only_whose_plan_it_is_keeps_it(cast: Cast) -> None:
    seen = ahead(cast, EARLIER).seen
    for other, error in ((cast.anja, Forbidden), (cast.chaima, Forbidden), (cast.otto, NotFound)):
        with pytest.raises(error):
            keep(cast, EARLIER, seen=seen, by=other)
    keep(cast, EARLIER)
    assert weeks_ahead_of(cast.anja, cast.participant, TODAY).kept.work
    assert not weeks_ahead_of(cast.anja, cast.participant, TODAY).may_plan


WISH = DaysWish(weekdays=frozenset({0, 3}), most=480, visit=240)


def test_internship_days_are_proposed_and_kept_as_they_were_seen(cast: Cast) -> None:
    proposed = propose_days(cast.bram, cast.participant, WISH, TODAY)
    assert proposed.remaining == 80 * 60 == sum(proposed.spread.days.values())
    assert {on.weekday() for on in proposed.spread.days} <= {0, 3}
    keep_days(cast.bram, cast.participant, WISH, proposed.seen, TODAY, SentForm(key="days", content=""))
    assert days() == proposed.spread.days
    assert ahead(cast).kept.days == proposed.spread.days
    undo_plan(cast.bram, cast.participant, "days", TODAY)
    assert days() == {}


def test_other_days_take_the_place_of_those_to_come_and_days_past_stay(cast: Cast) -> None:
    with writing() as session:
        for on in (date(2026, 6, 1), date(2026, 6, 15)):
            session.add(
                PlannedInternshipDay(participant_id=cast.participant_id, planned_on=on, minutes=60, planned_at=NOON)
            )
    fridays = replace(WISH, weekdays=frozenset({4}))
    proposed = propose_days(cast.bram, cast.participant, fridays, TODAY)
    keep_days(cast.bram, cast.participant, fridays, proposed.seen, TODAY)
    assert days() == {date(2026, 6, 1): 60} | proposed.spread.days


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (replace(WISH, weekdays=frozenset()), "dag"),
        (replace(WISH, most=0), "meest"),
        (replace(WISH, most=601), "meest"),
        (replace(WISH, most=120), "bezoek"),
        (replace(WISH, visit=0), "bezoek"),
    ],
)
def test_a_wish_that_cannot_be_is_said_at_its_field(cast: Cast, wish: DaysWish, field: str) -> None:
    proposed = propose_days(cast.bram, cast.participant, wish, TODAY)
    assert [refusal.field for refusal in proposed.refusals] == [field]
    with pytest.raises(Refused):
        keep_days(cast.bram, cast.participant, wish, proposed.seen, TODAY)
    assert days() == {}


def test_days_of_hours_that_changed_meanwhile_are_looked_at_again(cast: Cast) -> None:
    seen = propose_days(cast.bram, cast.participant, WISH, TODAY).seen
    keep(cast, EARLIER)
    with pytest.raises(Refused, match="changed meanwhile"):
        keep_days(cast.bram, cast.participant, WISH, seen, TODAY)


def test_the_weeks_ahead_cost_the_same_queries_whatever_is_planned(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def queries() -> int:
        db.session.rollback()
        with count_queries() as counted:
            ahead(cast, EARLIER, RELEASE)
        return len(counted)

    before = queries()
    keep(cast, EARLIER)
    proposed = propose_days(cast.bram, cast.participant, WISH, TODAY)
    keep_days(cast.bram, cast.participant, WISH, proposed.seen, TODAY)
    assert queries() == before
    assert before <= 20
