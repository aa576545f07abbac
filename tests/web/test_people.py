"""One participant in words: the best way out of a week that is too full, the reasons on a board, the expected date."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from hto_track.rules.attention import Attention
from hto_track.rules.calendar import Region
from hto_track.rules.facts import Checkpoint, EnrolmentStatus, Facts
from hto_track.rules.requirement import RequirementState
from hto_track.rules.standing import judge
from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.views import (
    AssignmentPlan,
    CheckpointPlan,
    CohortPlan,
    CohortSummary,
    DiplomaInForce,
    Member,
    MemberStanding,
    ParticipantStanding,
    WarningInForce,
)
from hto_track.web.pictures.people import expected
from hto_track.web.pictures.reasons import reasons, snoozed_note
from hto_track.web.pictures.ways_out import BestWay, best_way
from tests.rules.cases import END, assignment, day, facts_of, log, with_enrolment

BRAM = Member(
    id=1, code="C1-01", name="Bram de Wit", given_name="Bram", email="bram@example.org", phone=None, employer=None
)
PLAN = CohortPlan(
    lessons=(),
    assignments=tuple(
        AssignmentPlan(code=code, title=title, opens_on=day(1), due_on=day(28), mandatory=True, estimate=60)
        for code, title in (("A1", "Lesontwerp"), ("A2", "Observatie"))
    ),
    checkpoints=(CheckpointPlan(code="VOG", title="Verklaring omtrent het gedrag", due_week=1),),
    outcomes={},
)
NO_INTERNSHIP = {"internship_min": 0}


@pytest.fixture(autouse=True)
def dutch(sqlite_app: Flask) -> Iterator[None]:
    """Everything is said in Dutch."""
    with sqlite_app.test_request_context(), force_locale("nl"):
        yield


def _standing(facts: Facts, on: date, **known: Any) -> MemberStanding:
    given = {"warnings": (), "attention": Attention.FINE, "diploma": None} | known
    return MemberStanding(member=BRAM, facts=facts, standing=judge(facts, on), **given)


def _alone(facts: Facts, on: date) -> ParticipantStanding:
    cohort = CohortSummary(
        id=1,
        code="C-1",
        name="C-1",
        programme_id=1,
        programme_title="HTO",
        college=None,
        region=Region.ZUID,
        start_on=day(1),
        end_on=END,
        location=None,
        leader_email=None,
        min_participants=1,
        max_participants=2,
    )
    return ParticipantStanding(cohort=cohort, plan=PLAN, on=on, member=_standing(facts, on), placements=())


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _warning(code: WarningCode, level: Level, snoozed_until: date | None = None, **figures: Any) -> WarningInForce:
    return WarningInForce(
        id=1,
        code=code,
        level=level,
        opened_on=day(1),
        escalated_on=None,
        figures=figures,
        snoozed_until=snoozed_until,
        snooze_note=None,
    )


def _best(facts: Facts, on: date) -> BestWay | None:
    return best_way(_alone(facts, on), yours=True)


def test_the_best_way_out_is_to_begin_earlier_on_what_is_open_already() -> None:
    """A1: 28 hours over 4 weeks; A2: 20 in week 25, so 27. Without a job nothing is released, A1 leaves with its 7."""
    work = (assignment("A1", opens=1, due=28, hours=28), assignment("A2", opens=15, due=21, hours=20))
    best = _best(facts_of(programme=NO_INTERNSHIP, assignments=work, enrolment={"job_weekly": 0}), day(0))
    assert best is not None
    assert _plain(best.heading) == "Week 25 wordt te vol: 15 uur boven je ruimte."
    assert _plain(best.text) == "Doe 7 uur van ‘Lesontwerp’ eerder. Week 25 gaat van 27 naar 20 uur."
    assert (best.href, _plain(best.link)) == ("/vooruit", "Zo kom je uit week 25")


def test_where_nothing_can_move_one_can_ask() -> None:
    full = facts_of(programme=NO_INTERNSHIP, study_log=(log(1, 20),), enrolment={"job_weekly": 0})
    best = best_way(_alone(full, day(5)), yours=False)
    assert best is not None
    assert "boven de ruimte" in best.heading
    assert best.text == "Vraag de projectleider of een datum kan schuiven, of dat er meer ruimte kan komen."
    assert best.href.endswith("/vooruit") and "/deelnemers/" in best.href


def test_no_way_out_where_every_week_fits() -> None:
    assert _best(facts_of(programme=NO_INTERNSHIP, assignments=(assignment(hours=28),)), day(1)) is None


def test_no_way_out_after_a_withdrawal() -> None:
    full_week = facts_of(study_log=(log(2, 20),))
    assert _best(full_week, day(5)) is not None
    gone = with_enrolment(full_week, status=EnrolmentStatus.WITHDRAWN, status_on=day(3))
    assert _best(gone, day(5)) is None


def test_warnings_are_the_reasons_and_red_comes_first() -> None:
    silent = _warning(WarningCode.SILENT, Level.AMBER, days=25, since="2026-06-01")
    no_school = _warning(WarningCode.NO_PLACEMENT, Level.RED, days=90, remaining=80.0)
    person = _standing(facts_of(), day(30), warnings=(silent, no_school))
    assert [_plain(reason) for reason in reasons(person, PLAN, day(30))] == [
        "Al 90 dagen geen stageschool",
        "Niets vastgelegd sinds 1 juni",
    ]


def test_a_snoozed_warning_is_no_reason_until_its_date() -> None:
    snoozed = _warning(WarningCode.NO_PLACEMENT, Level.RED, snoozed_until=day(31), days=90, remaining=80.0)
    person = _standing(facts_of(programme=NO_INTERNSHIP), day(30), warnings=(snoozed,))
    assert reasons(person, PLAN, day(30)) == ()
    assert snoozed_note(person, day(30)) == "1 waarschuwing uitgesteld tot 1 jul"
    assert reasons(person, PLAN, day(31)) != ()
    assert snoozed_note(person, day(31)) == ""


def test_without_warnings_the_diploma_gives_the_reasons() -> None:
    work = (assignment("A1", opens=1, due=7), assignment("A2", opens=1, due=9))
    facts = facts_of(programme=NO_INTERNSHIP, assignments=work, checkpoints=(Checkpoint(code="VOG", due_week=1),))
    assert reasons(_standing(facts, day(9)), PLAN, day(9)) == (
        "A1 nog niet ingeleverd, was voor 7 jun",
        "Verklaring omtrent het gedrag nog niet vastgelegd",
    )
    assert reasons(_standing(facts, day(10)), PLAN, day(10))[0] == "A1 en A2 nog niet ingeleverd"


def _expected_at(expected_on: date | None, attention: Attention = Attention.FINE) -> tuple[str, str, str]:
    person = _standing(facts_of(), day(30), attention=attention)
    said = expected(replace(person, standing=replace(person.standing, expected_on=expected_on)), day(30))
    return _plain(said.text), said.note, said.state


@pytest.mark.parametrize(
    ("late", "note"),
    [
        (-1, "op tijd"),
        (0, "op tijd"),
        (1, "1 week later"),
        (7, "1 week later"),
        (8, "2 weken later"),
        (364, "52 weken later"),
    ],
)
def test_the_expected_date_is_said_in_weeks(late: int, note: str) -> None:
    assert _expected_at(END + timedelta(days=late))[1] == note


def test_an_expected_date_of_a_year_late_is_more_than_a_year() -> None:
    assert _expected_at(END + timedelta(days=365))[0] == "meer dan een jaar later"


def test_red_is_for_who_needs_attention_now() -> None:
    late = END + timedelta(days=30)
    assert _expected_at(late, Attention.NOW)[2] == "late"
    assert _expected_at(late, Attention.SOON)[2] == "mid"
    assert _expected_at(END + timedelta(days=7), Attention.NOW)[2] == ""


def test_why_there_is_no_expected_date_is_said() -> None:
    assert expected(_standing(facts_of(), day(2)), day(2)).note == "vanaf 22 jun"
    assert expected(_standing(facts_of(), day(30)), day(30)).note == "nog geen tempo bekend"
    out_of_reach = _standing(facts_of(), END + timedelta(days=1))
    assert out_of_reach.standing.requirements.state is RequirementState.OUT_OF_REACH
    assert expected(out_of_reach, END + timedelta(days=1)).note == "zo niet haalbaar"


def test_an_awarded_diploma_says_so() -> None:
    diploma = DiplomaInForce(register_number="2026-1", awarded_on=date(2026, 9, 20))
    said = expected(_standing(facts_of(), END, diploma=diploma), END)
    assert (said.text, _plain(said.note)) == ("Toegekend", "20 sep 2026")
