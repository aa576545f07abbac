"""RULES.md section 6: which codes hold on a date, just below, at and just above each threshold."""

from typing import Any

import pytest

from hto_track.rules.facts import Attempt, EnrolmentStatus, Facts, Mark, Thresholds
from hto_track.rules.standing import judge
from hto_track.rules.warnings import Alarm, Level, WarningCode, alarms
from tests.rules.cases import (
    HOUR,
    assignment,
    attempt,
    day,
    entry,
    facts_of,
    lesson,
    lessons,
    log,
    pause,
    placement,
    school_holiday,
    with_enrolment,
)

AMBER, RED = Level.AMBER, Level.RED
BARE: dict[str, Any] = {"internship_min": 0, "prep_per_lesson": 0}
CODES = WarningCode


def _alarm(code: WarningCode, facts: Facts, on: int) -> Alarm | None:
    return next((alarm for alarm in alarms(facts, judge(facts, day(on))) if alarm.code is code), None)


def _level(code: WarningCode, facts: Facts, on: int) -> Level | None:
    alarm = _alarm(code, facts, on)
    return None if alarm is None else alarm.level


def _with_a_week_of(minutes: int, job: int = 0, **enrolment: Any) -> Facts:
    """On day 7 the second week is a lesson of so many minutes, and nothing else is planned; the room is 10 hours."""
    return facts_of(
        programme=BARE,
        lessons=(lesson(day(10), minutes=minutes),),
        enrolment={"study_weekly": 10 * HOUR, "job_weekly": job} | enrolment,
    )


@pytest.mark.parametrize(
    ("minutes", "level"),
    [
        (900, None),  # 1.5 × 10 hours
        (901, AMBER),
        (1200, AMBER),  # 2 × 10 hours
        (1201, RED),
    ],
)
def test_overload_is_a_week_above_one_and_a_half_and_above_twice_the_room(minutes: int, level: Level | None) -> None:
    assert _level(CODES.OVERLOAD, _with_a_week_of(minutes), 7) is level


@pytest.mark.parametrize(
    ("minutes", "job", "level"),
    [
        (901, 60 * HOUR - 901, AMBER),  # 60 hours with the job
        (901, 60 * HOUR - 900, RED),
        (900, 70 * HOUR, None),  # not amber: the job alone is no overload
    ],
)
def test_an_amber_overload_is_red_above_sixty_hours_with_the_job(minutes: int, job: int, level: Level | None) -> None:
    assert _level(CODES.OVERLOAD, _with_a_week_of(minutes, job), 7) is level


def test_the_sixty_hours_are_of_the_week_that_is_amber() -> None:
    facts = facts_of(
        programme=BARE,
        lessons=(lesson(day(10), minutes=901), lesson(day(17), minutes=960)),
        enrolment={"study_weekly": 10 * HOUR, "job_weekly": 60 * HOUR - 960},
    )
    assert _level(CODES.OVERLOAD, facts, 7) is AMBER
    assert _level(CODES.OVERLOAD, with_enrolment(facts, job_weekly=60 * HOUR - 959), 7) is RED


@pytest.mark.parametrize(("on", "level"), [(7, AMBER), (0, AMBER), (-14, AMBER), (-21, None), (8, None), (14, None)])
def test_only_the_four_weeks_after_this_one_count_for_overload(on: int, level: Level | None) -> None:
    # The heavy week begins on day 8. The Sundays 7, 0, -7 and -14 lie one to four weeks before its end, -21 five.
    assert _level(CODES.OVERLOAD, _with_a_week_of(1000), on) is level


@pytest.mark.parametrize(
    ("minutes", "level"),
    [
        (4 * 720, None),  # a mean of 1.2 × 10 hours over four weeks
        (4 * 720 + 1, AMBER),
        (4 * 900, AMBER),  # 1.5 × 10 hours
        (4 * 900 + 1, RED),
    ],
)
def test_sustained_load_is_the_mean_of_the_next_four(minutes: int, level: Level | None) -> None:
    assert _level(CODES.SUSTAINED_LOAD, _with_a_week_of(minutes), 7) is level


@pytest.mark.parametrize(
    ("mean", "job", "level"),
    [
        (721, 55 * HOUR - 721, AMBER),
        (721, 55 * HOUR - 720, RED),
        (720, 60 * HOUR, None),
    ],
)
def test_an_amber_sustained_load_is_red_above_55_hours_with_the_job(mean: int, job: int, level: Level | None) -> None:
    assert _level(CODES.SUSTAINED_LOAD, _with_a_week_of(4 * mean, job), 7) is level


def test_with_no_week_ahead_the_load_says_nothing() -> None:
    facts = facts_of(assignments=(assignment(hours=500, due=112),), enrolment={"study_weekly": HOUR})
    # The last week begins on day 106.
    assert _level(CODES.OVERLOAD, facts, 105) is RED
    assert {alarm.code for alarm in alarms(facts, judge(facts, day(106)))}.isdisjoint(
        {CODES.OVERLOAD, CODES.SUSTAINED_LOAD}
    )


def test_the_figures_of_a_load_are_hours() -> None:
    facts = _with_a_week_of(4 * 900 + 60, job=30 * HOUR)
    overload, sustained = _alarm(CODES.OVERLOAD, facts, 7), _alarm(CODES.SUSTAINED_LOAD, facts, 7)
    assert overload is not None and sustained is not None
    assert overload.figures == {"week": "2026-W24", "study": 61.0, "with_job": 91.0, "capacity": 10.0}
    assert sustained.figures == {"mean": 15.25, "with_job": 45.25, "capacity": 10.0}


@pytest.mark.parametrize(
    ("remaining", "level"),
    [(64 * HOUR, None), (64 * HOUR + 1, AMBER), (4 * 24 * HOUR * 2, AMBER), (4 * 24 * HOUR * 2 + 1, RED)],
)
def test_internship_pace_follows_the_requirement(remaining: int, level: Level | None) -> None:
    # On day 56 40 school days, 8 weeks, are left: 8 hours a week are 64, 24 a week are 192.
    facts = facts_of(programme={"internship_min": remaining})
    assert _level(CODES.INTERNSHIP_PACE, facts, 56) is level


def test_the_pace_says_how_much_later_would_be_calm() -> None:
    # 80 hours on day 77: 25 school days left, 16 hours a week; at 8 a week it takes 50 days, 25 more: 5 weeks.
    alarm = _alarm(CODES.INTERNSHIP_PACE, facts_of(), 77)
    assert alarm is not None
    assert alarm.figures == {
        "pace_needed": 16.0,
        "remaining": 80.0,
        "school_days_left": 25,
        "last_day": "2026-09-20",
        "weeks_later": 5,
    }


@pytest.mark.parametrize(("minutes", "weeks"), [(80 * HOUR, 5), (80 * HOUR + 1, 6)])
def test_a_week_later_is_a_whole_week(minutes: int, weeks: int) -> None:
    # A minute more takes 51 days at 8 hours a week: 26 more, so six weeks.
    alarm = _alarm(CODES.INTERNSHIP_PACE, facts_of(programme={"internship_min": minutes}), 77)
    assert alarm is not None and alarm.figures["weeks_later"] == weeks


@pytest.mark.parametrize(("on", "level"), [(42, None), (43, AMBER), (84, AMBER), (85, RED)])
def test_no_placement_counts_from_the_first_day(on: int, level: Level | None) -> None:
    # After day 1, up to day 43, lie 42 dates; 84 up to day 85.
    assert _level(CODES.NO_PLACEMENT, facts_of(), on) is level


@pytest.mark.parametrize(("on", "level"), [(20, None), (61, None), (62, AMBER), (103, AMBER), (104, RED)])
def test_no_placement_counts_from_the_end_of_the_last_one(on: int, level: Level | None) -> None:
    facts = facts_of(placements=(placement(10, 20), placement(1, 15)))
    assert _level(CODES.NO_PLACEMENT, facts, on) is level


@pytest.mark.parametrize("placed", [placement(1, 50), placement(90, 100)])
def test_a_placement_that_ends_on_the_date_or_later_is_a_placement(placed: Any) -> None:
    assert _level(CODES.NO_PLACEMENT, facts_of(placements=(placed,)), 50) is None


def test_a_placement_that_ended_yesterday_is_none() -> None:
    facts = facts_of(placements=(placement(-60, -1),))
    assert _level(CODES.NO_PLACEMENT, facts, 43) is AMBER


def test_without_hours_left_no_placement_is_missed() -> None:
    facts = facts_of(internship=(entry(1, 79), entry(2, 1, "submitted")))
    assert _level(CODES.NO_PLACEMENT, facts, 90) is None


def test_holidays_and_pauses_do_not_count_as_days_without_a_placement() -> None:
    facts = facts_of(holidays=(school_holiday(10, 19),), enrolment={"pauses": (pause(20, 24),)})
    # 15 dates more are needed: day 43 + 15.
    assert [_level(CODES.NO_PLACEMENT, facts, on) for on in (57, 58)] == [None, AMBER]


@pytest.mark.parametrize(
    ("marks", "level"),
    [
        ("aappppppp", None),  # projected (7 + 2) / 11 = 0.82
        ("aaapppppp", AMBER),  # (6 + 2) / 11 = 0.73
    ],
)
def test_attendance_follows_the_requirement(marks: str, level: Level | None) -> None:
    assert _level(CODES.ATTENDANCE, facts_of(lessons=lessons(marks, upcoming=2)), 9) is level


def test_attendance_out_of_reach_is_red_with_its_figures() -> None:
    # 5 missed of 10 held and 10 to come, none to make up: attainable 15/20.
    facts = facts_of(lessons=lessons("pppppaaaaa", upcoming=10), programme={"make_up_limit": 0})
    alarm = _alarm(CODES.ATTENDANCE, facts, 10)
    assert alarm is not None and alarm.level is RED
    assert alarm.figures == {
        "rate": 0.5,
        "projected": round((5 + 10 / 6) / 20, 4),
        "attainable": 0.75,
        "minimum": 0.8,
        "missed": 5,
        "held": 10,
        "repairable": 0,
    }


@pytest.mark.parametrize(("on", "level"), [(28, None), (29, None), (34, None), (35, AMBER), (60, AMBER)])
def test_overdue_is_amber_from_the_seventh_day(on: int, level: Level | None) -> None:
    # Due on day 28; on day 35 it is 7 days overdue.
    assert _level(CODES.OVERDUE, facts_of(assignments=(assignment(),)), on) is level


@pytest.mark.parametrize(("count", "level"), [(1, None), (2, None), (3, RED), (4, RED)])
def test_three_overdue_are_red_at_once(count: int, level: Level | None) -> None:
    given = tuple(assignment(f"A{number}") for number in range(count))
    assert _level(CODES.OVERDUE, facts_of(assignments=given), 29) is level


def test_one_failed_is_red() -> None:
    failed = (attempt(1, 2, 3, "failed"), attempt(2, 4, 5, "failed"))
    facts = facts_of(assignments=(assignment("A1", attempts=failed), assignment("A2", due=20)))
    alarm = _alarm(CODES.OVERDUE, facts, 23)
    assert alarm is not None and alarm.level is RED
    assert alarm.figures == {"overdue": ["A2"], "failed": ["A1"], "days": 3}


def test_the_longest_overdue_counts() -> None:
    facts = facts_of(assignments=(assignment("A1", due=27), assignment("A2", due=20), assignment("A3", due=26)))
    assert [_level(CODES.OVERDUE, facts, on) for on in (26, 27)] == [None, AMBER]
    alarm = _alarm(CODES.OVERDUE, facts, 27)
    assert alarm is not None and alarm.figures["days"] == 7


def test_a_failed_one_alone_is_no_days_overdue() -> None:
    failed = (attempt(1, 2, 3, "failed"), attempt(2, 4, 5, "failed"))
    alarm = _alarm(CODES.OVERDUE, facts_of(assignments=(assignment("A1", attempts=failed),)), 23)
    assert alarm is not None and alarm.figures == {"overdue": [], "failed": ["A1"], "days": 0}


def test_only_mandatory_assignments_can_be_overdue() -> None:
    assert _level(CODES.OVERDUE, facts_of(assignments=(assignment(mandatory=False),)), 60) is None


def test_a_resit_that_is_late_is_overdue_from_its_own_date() -> None:
    facts = facts_of(assignments=(assignment(attempts=(attempt(1, 20, 25, "failed"),)),))
    assert [_level(CODES.OVERDUE, facts, on) for on in (59, 60)] == [None, AMBER]  # due on day 53


@pytest.mark.parametrize(("on", "level"), [(20, None), (21, AMBER), (34, AMBER), (35, RED)])
def test_who_never_gave_a_sign_is_quiet_from_the_first_day_on(on: int, level: Level | None) -> None:
    # Days 1 to 21 are 21 dates.
    assert _level(CODES.SILENT, facts_of(), on) is level


def _signs() -> list[Any]:
    return [
        pytest.param({"lessons": (lesson(day(10), Mark.PRESENT),)}, id="present"),
        pytest.param({"lessons": (lesson(day(10), Mark.LATE),)}, id="late"),
        pytest.param({"lessons": (lesson(day(10), Mark.MADE_UP),)}, id="made up"),
        pytest.param({"internship": (entry(10, 1, "submitted"),)}, id="submitted hours"),
        pytest.param({"internship": (entry(10, 1),)}, id="confirmed hours"),
        pytest.param({"internship": (entry(10, 1, "rejected"),)}, id="rejected hours"),
        pytest.param({"study_log": (log(10, 1),)}, id="study log"),
        pytest.param({"assignments": (assignment(attempts=(attempt(1, 10),)),)}, id="handed in"),
        pytest.param({"assignments": (assignment(mandatory=False, attempts=(attempt(1, 10),)),)}, id="by choice"),
    ]


@pytest.mark.parametrize("sign", _signs())
@pytest.mark.parametrize(("on", "level"), [(30, None), (31, AMBER), (44, AMBER), (45, RED)])
def test_days_are_quiet_after_the_last_sign(sign: dict[str, Any], on: int, level: Level | None) -> None:
    # After day 10, up to day 31, lie 21 dates.
    assert _level(CODES.SILENT, facts_of(**sign), on) is level


@pytest.mark.parametrize(
    "no_sign",
    [
        {"lessons": (lesson(day(10), Mark.ABSENT), lesson(day(11), Mark.EXCUSED), lesson(day(12)))},
        {"internship": (entry(10, 1, "draft"), entry(11, 1, "withdrawn"))},
        {"assignments": (assignment(attempts=(Attempt(number=0, submitted_on=day(10)),)),)},
        {"study_log": (log(22, 1),)},
    ],
)
def test_what_is_no_sign_leaves_the_days_quiet(no_sign: dict[str, Any]) -> None:
    assert _level(CODES.SILENT, facts_of(**no_sign), 21) is AMBER


def test_holidays_and_pauses_are_not_quiet() -> None:
    facts = facts_of(holidays=(school_holiday(10, 19),), enrolment={"pauses": (pause(20, 24),)})
    assert [_level(CODES.SILENT, facts, on) for on in (35, 36)] == [None, AMBER]


def test_the_latest_sign_counts_and_the_date_itself_is_one() -> None:
    facts = facts_of(study_log=(log(2, 1), log(30, 1), log(10, 1)))
    assert [_level(CODES.SILENT, facts, on) for on in (29, 30, 50, 51)] == [None, None, None, AMBER]
    assert _level(CODES.SILENT, facts_of(study_log=(log(40, 1),)), 40) is None


def test_silence_says_since_when() -> None:
    heard, never = _alarm(CODES.SILENT, facts_of(study_log=(log(10, 1),)), 40), _alarm(CODES.SILENT, facts_of(), 25)
    assert heard is not None and heard.figures == {"days": 30, "since": day(10).isoformat()}
    assert never is not None and never.figures == {"days": 25, "since": day(1).isoformat()}


@pytest.mark.parametrize(("on", "level"), [(23, None), (24, AMBER), (37, AMBER), (38, RED)])
def test_hours_wait_from_the_day_they_were_handed_in(on: int, level: Level | None) -> None:
    facts = facts_of(internship=(entry(5, 2, "submitted", submitted=10), entry(6, 3, "submitted", submitted=15)))
    assert _level(CODES.UNCONFIRMED, facts, on) is level


def test_hours_that_are_decided_on_wait_no_longer() -> None:
    facts = facts_of(internship=(entry(10, 2, decided=30), entry(10, 2, "rejected", decided=31)))
    assert [_level(CODES.UNCONFIRMED, facts, on) for on in (29, 30, 31)] == [AMBER, AMBER, None]


def test_waiting_says_how_long_and_how_much() -> None:
    facts = facts_of(internship=(entry(10, 2.5, "submitted"), entry(20, 1, "submitted")))
    alarm = _alarm(CODES.UNCONFIRMED, facts, 30)
    assert alarm is not None and alarm.figures == {"days": 20, "entries": 2, "hours": 3.5}


# On day 112, with everything wrong that can be.
ALL_WRONG: dict[str, Any] = {
    "lessons": lessons("aaaaa"),
    "assignments": (assignment(),),
    "internship": (entry(2, 1, "submitted"),),
}


@pytest.mark.parametrize(
    ("enrolment", "on", "only_unconfirmed"),
    [
        ({}, 112, False),
        ({}, 113, True),  # after the last day
        ({"pauses": (pause(110, 112),)}, 112, None),
        ({"status": EnrolmentStatus.APPLIED}, 112, None),
        ({"status": EnrolmentStatus.WITHDRAWN, "status_on": day(112)}, 112, None),
        ({"status": EnrolmentStatus.WITHDRAWN, "status_on": day(113)}, 112, False),
        ({"status": EnrolmentStatus.COMPLETED, "status_on": day(112)}, 112, True),
        ({"status": EnrolmentStatus.COMPLETED, "status_on": day(100)}, 140, True),
        ({"status": EnrolmentStatus.PAUSED, "status_on": day(60)}, 112, None),
    ],
)
def test_codes_hold_in_active_and_waiting_hours_until_they_are_decided(
    enrolment: dict[str, Any], on: int, only_unconfirmed: bool | None
) -> None:
    facts = facts_of(enrolment=enrolment, **ALL_WRONG)
    found = {alarm.code for alarm in alarms(facts, judge(facts, day(on)))}
    if only_unconfirmed is None:
        assert found == set()
    elif only_unconfirmed:
        assert found == {CODES.UNCONFIRMED}
    else:
        assert found == {
            CODES.INTERNSHIP_PACE,
            CODES.NO_PLACEMENT,
            CODES.ATTENDANCE,
            CODES.OVERDUE,
            CODES.SILENT,
            CODES.UNCONFIRMED,
        }


def test_alarms_come_in_the_order_of_the_codes() -> None:
    facts = facts_of(enrolment={"study_weekly": HOUR}, **ALL_WRONG)
    found = [alarm.code for alarm in alarms(facts, judge(facts, day(90)))]
    assert found == list(WarningCode)


@pytest.mark.parametrize(
    ("limits", "code", "facts", "on"),
    [
        (Thresholds(silent_amber=5), CODES.SILENT, {}, 5),
        (Thresholds(no_placement_amber=5), CODES.NO_PLACEMENT, {}, 6),
        (Thresholds(overdue_amber_days=1), CODES.OVERDUE, {"assignments": (assignment(),)}, 29),
        (Thresholds(unconfirmed_amber=2), CODES.UNCONFIRMED, {"internship": (entry(2, 1, "submitted"),)}, 4),
    ],
)
def test_the_thresholds_are_the_programmes(
    limits: Thresholds, code: WarningCode, facts: dict[str, Any], on: int
) -> None:
    assert _level(code, facts_of(**facts), on) is None
    assert _level(code, facts_of(programme={"thresholds": limits}, **facts), on) is AMBER
